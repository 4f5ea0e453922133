"""What the doors' threads tell the room «Procesos en curso»."""

from __future__ import annotations

from dataclasses import dataclass

from tui.messages import Answer
from tui.procesos_words import Process
from tui.views import Session


@dataclass
class Entered(Answer):
    """Who looks."""

    session: Session


@dataclass
class InboxRead(Answer):
    """What is being read, what could not be, what waits for its seal."""

    processes: tuple[Process, ...]
