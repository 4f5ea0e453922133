"""Which alerts are whose to see on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import letters

if TYPE_CHECKING:
    from records.alerts import Alert, Summary
    from records.office import Office


def alerts_of(office: Office) -> list[Alert]:
    """All that presses, for who handles all; else what is theirs."""
    return office.alertas(persona=_whose(office))


def counts_of(office: Office) -> Summary:
    """How many those are of each sort."""
    return office.cuentas_alertas(persona=_whose(office))


def _whose(office: Office) -> str | None:
    person = office.authority.personas.get(office.persona or "")
    return None if person is None or letters.is_clerk(person) else person.id
