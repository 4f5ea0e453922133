"""What the door of the office tells the lobby and the app."""

from __future__ import annotations

from dataclasses import dataclass

from tui.lobby_views import Hall, Person
from tui.messages import Answer


@dataclass
class HallRead(Answer):
    """Who may come in."""

    hall: Hall


@dataclass
class LetIn(Answer):
    """A person showed what they must."""

    person: Person


@dataclass
class NotLetIn(Answer):
    """They did not. *wrong*: the passphrase was not the one."""

    sentence: str
    wrong: bool


@dataclass
class Here(Answer):
    """Who is there, where nobody was asked; None for nobody."""

    person: Person | None


@dataclass
class Became(Answer):
    """The doors work for another person now; what the former one typed is on disk."""

    person: Person
