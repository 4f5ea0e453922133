"""What the screen «Por radicar» knows between two messages. Plain data, no widget.

Typed values go from `typed` (under the clerk's hands) to `flying` (asked to be kept) to the disk;
one that could not be kept waits in `unsaved` and is tried again. Only what lies there can be
lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records import ties

if TYPE_CHECKING:
    from tui.views import Last, Letter, Session, Waiting

TIES = ("alcance", "reiteracion", "recurso")
"""What a letter may be to an earlier one of the same sender, the commonest first."""
CALM = 0.4
"""Seconds without F2 that must pass after a number: a held key repeats every 30 ms."""


REPEATED = ("tipo", "dependencia", "responsable", "canal", "prioridad", "anexos")
"""What letters of one batch have in common."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a letter as it was before a person changed it; «» for the name: the letter was
    closed without a number."""

    ident: str
    name: str = ""
    before: str = ""


@dataclass(slots=True)
class Desk:
    """The clerk's desk."""

    session: Session | None = None
    queue: dict[str, Waiting] = field(default_factory=dict)
    unreadable: dict[str, Waiting] = field(default_factory=dict)
    shows_unreadable: bool = False
    other: str | None = None
    """The letter that was on screen when the list was the other one."""
    twice: set[str] = field(default_factory=set)
    """Letters that seem repeated and are to be numbered all the same."""
    wanted: str | None = None
    """The letter that is, or is about to be, on screen."""
    letter: Letter | None = None
    last: Last | None = None
    tie: tuple[str, str] | None = None
    """What the letter will be to an open one of its sender: how, and to which."""
    numbering: bool = False
    pressed: float = float("-inf")
    """When F2 was pressed last, or a number came."""
    typed: dict[str, str] = field(default_factory=dict)
    flying: dict[str, dict[str, str]] = field(default_factory=dict)
    unsaved: dict[str, dict[str, str]] = field(default_factory=dict)

    entered: Change | None = None
    """The field in focus as it was when the focus came."""
    changes: list[Change] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    """What a person gave to the letter on screen by hand, of what a batch has in common."""
    repeat: dict[str, str] = field(default_factory=dict)
    """The same, of the letter numbered last."""
    batch: bool = False

    @property
    def rows(self) -> dict[str, Waiting]:
        """The list on screen."""
        return self.unreadable if self.shows_unreadable else self.queue

    @property
    def reading(self) -> int:
        """Letters that are being read."""
        return sum(1 for w in self.queue.values() if w.status == "leyendo")

    @property
    def in_hand(self) -> set[str]:
        """Fields of the letter that are newer here than on disk."""
        ident = self.wanted or ""
        return {*self.typed, *self.flying.get(ident, {}), *self.unsaved.get(ident, {})}

    @property
    def at_risk(self) -> bool:
        """Whether anything typed is not known to be on disk."""
        return bool(self.typed or self.flying or self.unsaved)

    def take_typed(self) -> dict[str, str]:
        """What is to be kept now: with what could not be kept before."""
        ident = self.wanted or ""
        values = {**self.unsaved.pop(ident, {}), **self.typed}
        self.typed = {}
        self.take_off(ident, values)
        return values

    def take_off(self, ident: str, values: dict[str, str]) -> None:
        """*values* are on their way to the disk."""
        if values:
            self.flying[ident] = {**self.flying.get(ident, {}), **values}

    def kept(self, ident: str, values: dict[str, str]) -> None:
        """*values* are on disk."""
        left = {n: v for n, v in self.flying.pop(ident, {}).items() if values.get(n) != v}
        self.take_off(ident, left)

    def not_kept(self, ident: str, values: dict[str, str]) -> None:
        """*values* are not on disk."""
        self.kept(ident, values)
        self.unsaved[ident] = {**values, **self.unsaved.get(ident, {})}

    def turn_to(self, ident: str | None) -> None:
        """Another letter. What was typed was taken before."""
        if ident != self.wanted:
            self.given, self.entered = {}, None
        self.wanted = ident
        self.typed = {}
        self.tie = None

    def changed(self, name: str, value: str) -> None:
        """A person gave a value: how it was before can be brought back."""
        if name in REPEATED:
            self.given[name] = value
        here = self.entered
        if here is None or here.ident != self.wanted or here.name != name:
            return
        last = self.changes[-1] if self.changes else None
        if last is None or (last.ident, last.name) != (here.ident, name):
            self.changes.append(here)

    def undo(self) -> Change | None:
        """What is to be brought back: of the letter on screen, or a letter that was closed."""
        while self.changes:
            last = self.changes.pop()
            if not last.name or last.ident == self.wanted:
                return last
        return None

    @property
    def may_undo(self) -> bool:
        """Whether something can be brought back."""
        return any(not c.name or c.ident == self.wanted for c in self.changes)

    def numbered(self, ident: str) -> None:
        """A number is final; what was given to its letter may be given to the next."""
        self.changes = [c for c in self.changes if c.ident != ident]
        if self.given:
            self.repeat = dict(self.given)

    @property
    def tied_to(self) -> tuple[str, str] | None:
        """The tie in words."""
        return None if self.tie is None else (ties.TIES[self.tie[0]], self.tie[1])

    def next_tie(self) -> None:
        """Turn to the next thing that the letter may be to an open one of its sender; after the
        last of them, to none."""
        others = self.letter.others if self.letter is not None else ()
        ways = [None, *((how, other) for other in others for how in TIES)]
        at = ways.index(self.tie) if self.tie in ways else 0
        self.tie = ways[(at + 1) % len(ways)]

    def may_number(self, now: float) -> bool:
        """Whether this F2 counts. Each that does not makes the calm begin again."""
        calm = now - self.pressed >= CALM
        self.pressed = now
        return calm and not self.numbering
