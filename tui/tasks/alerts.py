"""Which alerts are whose to see on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import letters

if TYPE_CHECKING:
    from records.alerts import Alert
    from records.office import Office


def alerts_of(office: Office) -> list[Alert]:
    """All that presses, for who handles all; else what is theirs."""
    person = office.authority.personas.get(office.persona or "")
    mine = None if person is None or letters.is_clerk(person) else person.id
    return office.alertas(persona=mine)
