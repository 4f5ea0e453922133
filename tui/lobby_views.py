"""What the lobby is given: who may come in, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from records.entrance import By


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the door, already worded and safe to show."""

    id: str
    name: str
    role: str
    roles: tuple[str, ...]
    by: By

    @property
    def proves(self) -> bool:
        """Whether they enter by a passphrase."""
        return self.by == "clave"


@dataclass(frozen=True, slots=True)
class Hall:
    """The office, as it is seen from outside."""

    entity: str
    demo: bool
    people: tuple[Person, ...]
    last: str
    """Who was here last on this machine; «» where that is not known."""
