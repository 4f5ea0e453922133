"""Where and who, as every room's head tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import letters
from tui.sanitize import line
from tui.views import Session

if TYPE_CHECKING:
    from records.office import Office


def session(office: Office) -> Session:
    """The office, the person, their roles."""
    authority, persona = office.authority, office.persona
    person = authority.personas.get(persona or "")
    return Session(
        entity=line(office.settings.entidad.nombre),
        short=line(office.settings.entidad.codigo),
        person=line(person.nombre) if person else "",
        role=letters.role_of(person),
        roles=letters.roles_of(person),
        person_id=persona or "",
        clerk=letters.is_clerk(person),
        demo=authority.demo,
        inbox=str(office.home / "inbox"),
        choices=letters.closed_lists(authority),
    )
