"""What the doors' threads tell the room «Archivo»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.archivo_views import Fact, Keeper, Node, Pane, Trial
from tui.messages import Answer
from tui.views import Choice, Id, Row, Session, Sheet


@dataclass
class Entered(Answer):
    """Who is there."""

    session: Session
    keeper: Keeper


@dataclass
class TreeRead(Answer):
    """The TRD that holds; none where *empty* says why."""

    nodes: tuple[Node, ...]
    title: str
    empty: str = ""


@dataclass
class PaneRead(Answer):
    """A list."""

    part: str
    ticket: int
    pane: Pane


@dataclass
class LooseFound(Answer):
    """Records that lie in no expediente; *done*: these are all."""

    ticket: int
    ids: Sequence[int]
    done: bool


@dataclass
class RowsRead(Answer):
    """Rows that were wanted, and what is known of them."""

    part: str
    rows: tuple[Row, ...]
    facts: dict[Id, Fact]


@dataclass
class SheetRead(Answer):
    """A sheet; *preview*: beside the list, not because somebody opened it."""

    part: str
    ident: Id
    sheet: Sheet
    preview: bool


@dataclass
class ChoicesRead(Answer):
    """What somebody may choose from, for what they began."""

    ticket: int
    choices: tuple[Choice, ...]
    suggested: str = ""


@dataclass
class Done(Answer):
    """Something was done."""

    ticket: int
    sentence: str
    file: str = ""
    """What was written for the person: a browser takes it."""


@dataclass
class NotDone(Answer):
    """It was not, and nothing changed."""

    ticket: int
    sentence: str


@dataclass
class Tried(Answer):
    """What an export would write."""

    ticket: int
    trial: Trial


@dataclass
class Progress(Answer):
    """How far something is."""

    ticket: int
    what: str
    done: int
    total: int
    stops: bool
    """Whether it can be stopped."""
