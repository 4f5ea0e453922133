"""What the doors' threads tell the room «Área»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.area_views import Desk, Wait
from tui.messages import Answer
from tui.views import SavedView, Session, Sheet


@dataclass
class Entered(Answer):
    """Who works here, and with whom."""

    session: Session
    desk: Desk


@dataclass
class PlacesFound(Answer):
    """What waits, in its order."""

    ticket: int
    places: Sequence[int]


@dataclass
class QueryRefused(Answer):
    """What was asked cannot be."""

    ticket: int
    sentence: str


@dataclass
class WaitsRead(Answer):
    """Rows that were wanted; of *gone* nothing waits any more."""

    waits: tuple[Wait, ...]
    gone: tuple[int, ...]


@dataclass
class SheetRead(Answer):
    """What waits, to read; *preview*: beside the list, not because somebody opened it."""

    place: int
    sheet: Sheet
    preview: bool


@dataclass
class DocumentAt(Answer):
    """Where a document lies; None: there is none."""

    path: str | None


@dataclass
class ViewsRead(Answer):
    """The saved views; *told*: what to say of it."""

    views: tuple[SavedView, ...]
    told: str = ""


@dataclass
class ViewCounted(Answer):
    """How many a view has now."""

    ticket: int
    key: int
    count: str


@dataclass
class Under(Answer):
    """Something that takes a while goes on; it can be cancelled."""

    sentence: str


@dataclass
class Done(Answer):
    """What became of an act: a sentence, and each thing that was refused, with why.

    *form* names what was typed for it and is not needed any more: act, and about what; None where
    nothing was done."""

    sentence: str
    refused: tuple[tuple[str, str], ...] = ()
    form: tuple[str, tuple[str, ...]] | None = None
    bad: bool = False


@dataclass
class SecretRefused(Answer):
    """The passphrase did not open the key: it is asked for again."""

    waits: tuple[Wait, ...]
    sentence: str
