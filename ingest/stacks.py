"""Where a stack that was scanned in one go is parted into letters. Pure: marks in, pages out.

A separator sheet belongs to no letter, nor does the blank back that a duplex scanner gives it. A
label on any page but the first parts nothing, because people enclose copies of letters that were
stamped before; but for papers that were labelled at the counter and then scanned together: there
every label is of a number that still waits for its image.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ingest.facts import PageFacts

Awaited = Callable[[str], str | None]
"""The number of a label that waits for its image; "" for another number's label of this office;
None for what is no label of this office."""


class Part(msgspec.Struct, frozen=True, order=True):
    """A letter of a stack: its first and last page, from 1."""

    primera: int
    ultima: int

    @property
    def cuales(self) -> str:
        """Its pages, `4-6`, or the one that it is."""
        return f"{self.primera}" + (f"-{self.ultima}" if self.ultima > self.primera else "")

    def __str__(self) -> str:
        return f"página{'s' if self.ultima > self.primera else ''} {self.cuales}"


class Stack(Exception):
    """A document that turned out to be a stack of several; nothing of it was read."""

    def __init__(self, parts: list[Part]) -> None:
        super().__init__(f"{len(parts)} documentos")
        self.partes = parts


def plan(pages: Sequence[PageFacts], awaited: Awaited) -> list[Part] | None:
    """The letters of a file; none where it holds but separator sheets, None where it is no stack.

    A single letter with a separator sheet before or behind it is a stack of one.
    """
    parts = _between_sheets(pages)
    by_label = [one for part in parts for one in _labelled(pages, part, awaited)]
    whole = [Part(1, len(pages))]
    return None if by_label == whole else by_label


def sheets_note(pages: Sequence[PageFacts]) -> list[str]:
    """A remark on the separator sheets among *pages*, where there are some."""
    found = [str(n) for n, page in enumerate(pages, start=1) if page.marcas.separador]
    return [f"Hojas separadoras: páginas {', '.join(found)}."] if found else []


def other_labels(pages: Sequence[PageFacts]) -> list[str]:
    """The texts of labels on all pages but the first, each once."""
    texts = [page.marcas.etiqueta for page in pages[1:]]
    return list(dict.fromkeys(text for text in texts if text is not None))


def _between_sheets(pages: Sequence[PageFacts]) -> list[Part]:
    parts: list[Part] = []
    begun: int | None = None
    for number, page in enumerate(pages, start=1):
        if page.marcas.separador or (page.blanca and begun is None):
            if begun is not None:
                parts.append(Part(begun, number - 1))
            begun = None
        elif begun is None:
            begun = number
    return parts if begun is None else [*parts, Part(begun, len(pages))]


def _labelled(pages: Sequence[PageFacts], part: Part, awaited: Awaited) -> list[Part]:
    """*part* parted at its labels, where each of them is of a number that waits for its image."""
    found: dict[int, str] = {}
    for number in range(part.primera, part.ultima + 1):
        text = pages[number - 1].marcas.etiqueta
        label = awaited(text) if text is not None else None
        if label is not None:
            found[number] = label
    if part.primera not in found or "" in found.values():
        return [part]
    starts: list[int] = []
    for number, label in found.items():
        if not starts or label != found[starts[-1]]:
            starts.append(number)
    ends = [*(n - 1 for n in starts[1:]), part.ultima]
    return [Part(*pair) for pair in zip(starts, ends, strict=True)]


def name_of(name: str, number: int, total: int) -> str:
    """What the *number*-th part of the file *name* is called."""
    path = PurePath(name or "pila")
    return f"{path.stem}-{number}de{total}{path.suffix}"


def part_name(number: int, kind: str) -> str:
    """What the *number*-th part is called in the folder of the child that cuts it out."""
    return f"parte-{number:04d}.{kind}"
