"""What the room «Área» is given: plain frozen data, already worded and safe to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.views import Row


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose waits are shown: a person's, an área's, or all."""

    title: str
    person: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which waits, and in which order."""

    whose: Whose
    tray: str | None
    text: str
    order: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits for somebody: a record, or a letter of the office's own."""

    place: int
    number: str
    """The radicado; of a letter, the one that it answers, or «»."""
    letter: str | None
    tray: str
    area: str | None
    person: str | None
    due: str | None
    refusals: Mapping[str, str]
    """Verb → why it cannot be done now."""
    row: Row

    @property
    def name(self) -> str:
        """By what people call it."""
        return self.number or self.letter or ""

    @property
    def signed_as(self) -> str:
        """By what the door finds the letter that waits here."""
        return self.letter or self.number


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person to whom something may go; *away*: until when they are not there, or «»."""

    id: str
    name: str
    area: str | None
    away: str


@dataclass(frozen=True, slots=True)
class Department:
    """An área, with the name of who heads it, or «»."""

    code: str
    name: str
    head: str
    head_name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works here, on what, and what they may do."""

    people: tuple[Somebody, ...]
    areas: tuple[Department, ...]
    own: tuple[str, ...]
    """Áreas of which the person is, or which they head."""
    whole: bool
    """Whether all that waits is what they begin with: who hands it out, or only looks."""
    verbs: frozenset[str]
    """What their role has."""
    key: str
    """How they sign: «clave», «abierta» (no passphrase), or «» where they have no key."""
    templates: tuple[str, ...]
    drafts: Mapping[tuple[str, tuple[str, ...]], Mapping[str, str]]
    """What was typed into a form and not done: (act, about what) → line → text."""
    known: Mapping[str, Mapping[str, str]]
    """The values that fields of the search language may have."""


@dataclass(frozen=True, slots=True)
class LetterWanted:
    """A letter to be made and presented."""

    records: tuple[str, ...]
    form: tuple[str, tuple[str, ...]]
    """In which form it was written: act, and about what."""
    kind: str
    effect: str | None = None
    template: str = ""
    file: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    """Fields of the template."""
    reason: str = ""
    until: str | None = None
    entity: str = ""
    address: str = ""
    mail: str = ""
    signer: str | None = None
    reviewers: tuple[str, ...] = ()
    partial: bool = False
    corrects: str | None = None
    """The letter in whose place it comes."""
