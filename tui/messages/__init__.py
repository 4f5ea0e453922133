"""What the doors' threads tell the screens."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from tui.pictures import Ask, Drawn
from tui.views import Choice, Last, Letter, Session, Waiting


class Answer(Message, bubble=False):
    """Base of all: goes to the one who asked."""


@dataclass
class Opened(Answer):
    """The office is open."""

    session: Session


@dataclass
class Pressing(Answer):
    """What is due, in a sentence."""

    sentence: str


@dataclass
class QueueRead(Answer):
    """The queue as it stands; told only when it changed or was asked for."""

    waiting: tuple[Waiting, ...]
    unreadable: tuple[Waiting, ...]


@dataclass
class LetterRead(Answer):
    """A letter to show. *lead*: the focus goes to its first doubtful field."""

    letter: Letter
    lead: bool = False


@dataclass
class Kept(Answer):
    """What was typed is on disk."""

    ident: str
    values: dict[str, str]
    rev: int


@dataclass
class NotKept(Answer):
    """What was typed is not on disk. *gone*: the letter was resolved by somebody else."""

    ident: str
    values: dict[str, str]
    sentence: str
    gone: bool


@dataclass
class NumberGiven(Answer):
    """A number. *following*: the letter that comes next; «» for none, None when nothing moves."""

    last: Last
    ident: str | None
    following: str | None


@dataclass
class NumberRefused(Answer):
    """No number: nothing changed."""

    ident: str | None
    code: str
    sentence: str


@dataclass
class Resolved(Answer):
    """A letter left the list without a number."""

    ident: str
    following: str | None
    sentence: str
    closed: bool = False
    """It was closed, and can be brought back."""


@dataclass
class Revived(Answer):
    """A letter that had been closed without a number waits again."""

    ident: str


@dataclass
class MayBelong(Answer):
    """To which records a letter may belong. *typed* and *sentence*: what was refused, and why."""

    ident: str
    candidates: tuple[Choice, ...]
    typed: str = ""
    sentence: str = ""


@dataclass
class NotResolved(Answer):
    """A letter stays: why, and what was asked."""

    ident: str
    reason: str
    of: str | None
    note: str | None
    sentence: str


@dataclass
class Told(Answer):
    """A sentence for the clerk; *bad* when something was refused or failed."""

    sentence: str
    bad: bool = False
    changed: bool = False
    """Whether the queue should be read again."""
    file: str = ""
    """What was made for the person: a browser takes it."""


@dataclass
class OriginalAt(Answer):
    """Where a letter's original lies."""

    path: str | None


@dataclass
class PictureDrawn(Answer):
    """The page that a pane asked for, or why it cannot be shown."""

    ask: Ask
    drawn: Drawn | None
    sentence: str = ""
