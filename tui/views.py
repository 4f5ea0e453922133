"""What the widgets are given: plain frozen data, already worded and safe to show.

`letters` makes them from what the doors return; widgets and screens never see a draft or a reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Box = tuple[float, float, float, float]
DOUBTFUL = 80
"""Below this confidence, in percent, a person looks at a field before it counts as read."""


Id = Any
"""Of a row: a letter's name, or a number that the index gives; the list never looks into it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: cells as text, and a tone («», «tenue», «aviso», «mal»)."""

    id: Id
    cells: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. Width 0 takes what is left; it is hidden where the list is narrower
    than *room*.
    """

    title: str
    width: int = 0
    room: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page: where it stands in the page's text and on the paper."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read."""

    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a closed list and its words."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line to fill in of a dialog; *choices*: its values, offered by F4."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    long: bool = False
    """It may have several paragraphs."""
    needed: bool = False
    """Nothing is done without it."""
    secret: bool = False
    """It shows dots, and what it holds is kept nowhere."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: its text, how sure (None: nothing was read), and where it stands."""

    name: str
    label: str
    value: str = ""
    sure: int | None = None
    wanted: bool = False
    """Looked for in every letter: when it was not read, a person is led to it."""
    page: int | None = None
    box: Box | None = None
    unknown: bool = False
    """It has a closed list, and this value is not of it."""
    source: str = ""
    """The radicado of an earlier record that says it; «» where this letter does."""
    reason: str = ""
    """Why it is suggested, where it stands nowhere in this letter."""

    @property
    def doubtful(self) -> bool:
        """Whether a person must look at it."""
        if self.unknown:
            return True
        return self.wanted if self.sure is None else self.sure < DOUBTFUL


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter of the queue."""

    id: str
    order: int
    rev: int
    status: str
    holder: str
    """The name of another person who has it, or «»."""
    row: Row

    @property
    def ready(self) -> bool:
        """Whether it can be looked at and numbered now."""
        return self.status == "por_radicar" and not self.holder


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with its form and its text."""

    id: str
    order: int
    rev: int
    title: str
    status: str
    fields: tuple[Field, ...]
    pages: tuple[Page, ...]
    notes: tuple[str, ...] = ()
    duplicate_of: str = ""
    holder: str = ""
    mine: bool = False
    reason: str = ""
    locked: bool = False
    """It asks for a password."""
    others: tuple[str, ...] = ()
    """Open records of the same sender, the newest first."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last number that was given."""

    number: str
    hour: str
    leaves: int
    subject: str


@dataclass(frozen=True, slots=True)
class Session:
    """Where and who."""

    entity: str
    short: str
    person: str
    role: str
    roles: tuple[str, ...]
    person_id: str
    clerk: bool
    """Whether the person may type and number."""
    demo: bool
    inbox: str
    choices: dict[str, tuple[Choice, ...]]


@dataclass(frozen=True, slots=True)
class SavedView:
    """A query that a person keeps under a digit."""

    key: int
    name: str
    query: str
    order: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be put in the place of `text[start:end]` of a query."""

    text: str
    what: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part of a sheet: (label, value) a line; an empty label is a line of text."""

    title: str
    lines: tuple[tuple[str, str], ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something to read beside or over a list."""

    id: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A task that runs behind, or ended: how it stands and since when."""

    id: int
    name: str
    state: str
    since: datetime
    """When it began; while it waits, when it was asked for."""
    until: datetime | None = None
    done: int = 0
    total: int | None = None
    """Of how many; None: nobody knows."""
    what: str = ""
    """At what it is now."""
    why: str = ""
    """What went wrong, and what to do."""
    may_cancel: bool = False
    may_repeat: bool = False
