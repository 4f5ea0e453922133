"""What the doors' threads tell the room «Consulta»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.messages import Answer
from tui.views import Row, SavedView, Session, Sheet


@dataclass
class Entered(Answer):
    """Who looks, and the values that fields may have, for the proposals."""

    session: Session
    known: Mapping[str, Mapping[str, str]]


@dataclass
class IdsFound(Answer):
    """What a query found so far; *done*: that is all of it."""

    ticket: int
    ids: Sequence[int]
    done: bool


@dataclass
class QueryRefused(Answer):
    """What was asked cannot be."""

    ticket: int
    sentence: str


@dataclass
class RowsRead(Answer):
    """Rows that were wanted."""

    rows: tuple[Row, ...]


@dataclass
class SheetRead(Answer):
    """A record; *preview*: beside the list, not because somebody opened it."""

    ident: int | str
    sheet: Sheet
    preview: bool


@dataclass
class DocumentAt(Answer):
    """Where a record's document lies; None: there is none."""

    path: str | None


@dataclass
class ViewsRead(Answer):
    """The saved views; *told*: what to say of it."""

    views: tuple[SavedView, ...]
    told: str = ""


@dataclass
class ViewCounted(Answer):
    """How many a saved view has now."""

    key: int
    count: str


@dataclass
class ValuesRead(Answer):
    """By which values of a record one may narrow: a piece of a query, and its words."""

    values: tuple[tuple[str, str], ...]
