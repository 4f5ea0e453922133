"""Persons at the door, worded for the lobby. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.letters import role_of, roles_of
from tui.lobby_views import Hall, Person
from tui.sanitize import line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.entrance import Comer


def person(comer: Comer) -> Person:
    """A person as the lobby shows them."""
    one = comer.persona
    return Person(one.id, line(one.nombre), role_of(one), roles_of(one), comer.por)


def hall(entity: str, demo: bool, comers: Iterable[Comer], last: str | None) -> Hall:
    """The office from outside: who was here last comes first."""
    people = sorted(map(person, comers), key=lambda p: p.id != last)
    known = last if last in {p.id for p in people} else None
    return Hall(line(entity), demo, tuple(people), known or "")
