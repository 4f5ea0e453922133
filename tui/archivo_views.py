"""What the room «Archivo» is given: plain frozen data, already worded and safe to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.views import Id, Part, Row, Sheet


@dataclass(frozen=True, slots=True)
class Fact:
    """What the guards look at of a row."""

    state: str = ""
    """Of an expediente, a transfer or a disposal; of a row that is due, what is."""
    name: str = ""
    area: str = ""
    """The dependencia whose it is."""
    held: bool = False
    why_not: str = ""
    """Why the next step cannot be taken now; «» where it can."""
    place: str = ""
    """Where a package was written."""


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the TRD as a tree: a dependencia, a serie, or a row that holds expedientes."""

    id: str
    above: str
    """The id of what it stands under; «» for none."""
    row: Row
    title: str
    series: tuple[str, ...]
    """The codes of the rows at it and below."""
    leaf: bool
    sheet: Sheet | None = None
    """What the table says of it."""


@dataclass(frozen=True, slots=True)
class Pane:
    """A list as it was read: all its rows, or only their ids where there may be very many."""

    ids: tuple[Id, ...] = ()
    rows: Mapping[Id, Row] = field(default_factory=dict)
    facts: Mapping[Id, Fact] = field(default_factory=dict)
    empty: str = ""
    """What is said where there is nothing."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """What the room knows of the person, besides their roles."""

    areas: frozenset[str]
    """The dependencias in which they work or which they head."""
    out: str
    """Where files for people are written."""
    drafts: Mapping[tuple[str, tuple[str, ...]], Mapping[str, str]]
    """What was typed into a form and not done: (act, about what) → line → text."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What an export would write: as it is told, and what it is done with."""

    title: str
    parts: tuple[Part, ...]
    names: tuple[str, ...]
    """The expedientes that would go; none where it would write nothing."""
    writes: bool
