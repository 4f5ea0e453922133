"""What the doors' threads tell the room «Integridad»."""

from __future__ import annotations

from dataclasses import dataclass

from tui.integridad_words import Check
from tui.messages import Answer
from tui.views import Session


@dataclass
class Entered(Answer):
    """Who looks."""

    session: Session


@dataclass
class StandingRead(Answer):
    """How the office stands."""

    checks: tuple[Check, ...]


@dataclass
class VaultRead(Answer):
    """What of the vault was read again, and when."""

    checks: tuple[Check, ...]


@dataclass
class Ended(Answer):
    """A verification or a review ended: look again, and say this."""

    sentence: str
    bad: bool = False
