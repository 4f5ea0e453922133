"""What the doors' threads tell the room «Tablero»."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.messages import Answer
from tui.tablero_words import AlertLine, Bar
from tui.views import Session


@dataclass
class Entered(Answer):
    """Who looks."""

    session: Session


@dataclass
class FiguresRead(Answer):
    """The figures, worded; and when they were counted."""

    bars: tuple[Bar, ...]
    hour: str


@dataclass
class AlertsRead(Answer):
    """What presses, the worst first, as far as a list goes; and how many of each level in all."""

    alerts: tuple[AlertLine, ...]
    counts: Mapping[str, int]
