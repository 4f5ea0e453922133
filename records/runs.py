"""Running text in several faces: broken into lines, and set over pages without lonely lines.

Beside `typeset.Pages.row`, which sets cells of one face. There is no slanted font of ours: italics
are the upright one, slanted by the text matrix. Lengths are points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records import pdfa, typeset
from records.markup import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from records.typeset import Cell, Pages

LEADING = 1.36
"""From line to line of a letter, in sizes of its font."""
_RISE = 1.0
_SLANT = 0.2
_WORDS = re.compile(r"\n| +|[^ \n]+")
_LOOSEST = 0.9
"""By how much of its size a blank may grow where lines are justified; then the line stays short."""


@dataclass(slots=True)
class Line:
    """A line: stretches of text in one face each, blanks between words at the end of a stretch."""

    runs: list[Run] = field(default_factory=list)
    width: float = 0.0
    final: bool = False
    """Whether it ends a paragraph, or was broken by hand: such a line is never justified."""

    @property
    def blanks(self) -> int:
        """How many blanks it could be stretched by."""
        return sum(run.text.count(" ") for run in self.runs)

    def add(self, run: Run, width: float) -> None:
        """Say more on it."""
        last = self.runs[-1] if self.runs else None
        if last is not None and (last.bold, last.italic) == (run.bold, run.italic):
            self.runs[-1] = Run(last.text + run.text, run.bold, run.italic)
        else:
            self.runs.append(run)
        self.width += width


def wrap(runs: Iterable[Run], room: float, size: float) -> list[Line]:
    """The lines of *runs*, cleaned; a word that is too wide is broken. None for no text."""
    lines = [Line()]
    word: list[Run] = []
    blank: Run | None = None

    def settle() -> None:
        """Put the word that is whole now on this line, or on the next."""
        nonlocal blank
        wide = sum(_width(part, size) for part in word)
        gap = _width(blank, size) if blank is not None and lines[-1].runs else 0.0
        if word and lines[-1].runs and lines[-1].width + gap + wide > room:
            lines.append(Line())
        elif word and blank is not None and lines[-1].runs:
            lines[-1].add(blank, gap)
        for part in _pieces(word, room, size) if wide > room else word:
            if lines[-1].runs and lines[-1].width + _width(part, size) > room:
                lines.append(Line())
            lines[-1].add(part, _width(part, size))
        word.clear()
        blank = None

    for run in runs:
        for text in _WORDS.findall(typeset.clean(run.text)):
            if text[0] not in " \n":
                word.append(Run(text, run.bold, run.italic))
                continue
            settle()
            if text == "\n":
                lines[-1].final = True
                lines.append(Line())
            else:
                # A blank belongs to the word before it, and so to that word's stretch.
                last = lines[-1].runs[-1] if lines[-1].runs else run
                blank = Run(" ", last.bold, last.italic)
    settle()
    lines[-1].final = True
    return lines if any(line.runs for line in lines) else []


def _pieces(word: Sequence[Run], room: float, size: float) -> list[Run]:
    """A word that no line holds, in parts that one does."""
    out: list[Run] = []
    for part in word:
        text = ""
        for char in part.text:
            if text and typeset.width(text + char, size, part.bold) > room:
                out.append(Run(text, part.bold, part.italic))
                text = ""
            text += char
        out.append(Run(text, part.bold, part.italic))
    return out


def _width(run: Run, size: float) -> float:
    return typeset.width(run.text, size, run.bold)


@dataclass(frozen=True, slots=True)
class Place:
    """Where lines stand: their left end, the room to their right, the font's size."""

    x: float
    width: float
    size: float
    justified: bool = False

    @property
    def step(self) -> float:
        """From line to line."""
        return self.size * LEADING


def flow(
    pages: Pages,
    lines: Sequence[Line],
    place: Place,
    keep: float = 0.0,
    marker: Cell | None = None,
) -> None:
    """Set *lines* from `y` downwards over as many pages as they need.

    Neither the first nor the last line of several is left alone; where *keep* is asked for, so much
    room follows the last line on its page, and where that takes another page two lines go with it.
    *marker* stands beside the first line.
    """
    left = list(lines)
    fresh = False
    while left:
        room = int((pages.y - pages.bottom + 0.01) / place.step)
        count = min(room, len(left))
        whole = count == len(left)
        if whole and pages.y - count * place.step - keep < pages.bottom - 0.01:
            count, whole = count - 2, False
        elif len(left) - count == 1:
            count -= 1
        if not whole and count < 2:
            count = 0 if not fresh else max(1, min(room, len(left)))
        if marker is not None and count:
            pages.draw(typeset.show(marker.text, marker, pages.y - place.size * _RISE))
            marker = None
        for line in left[:count]:
            pages.draw(_shown(line, place, pages.y - place.size * _RISE))
            pages.y -= place.step
        left = left[count:]
        fresh = bool(left)
        if left:
            pages.turn()


def _shown(line: Line, place: Place, y: float) -> bytes:
    """A line as operators, its foot at *y*."""
    extra = 0.0
    if place.justified and not line.final and line.blanks:
        extra = (place.width - line.width) / line.blanks
        if extra > _LOOSEST * place.size:
            extra = 0.0
    out, x = [], place.x
    for run in line.runs:
        face = pdfa.face(run.bold)
        font = "VtB" if run.bold else "Vt"
        slant = _SLANT if run.italic else 0
        shown = face.encode(run.text)
        if extra:
            gap = f" {-extra * 1000 / place.size:.1f} ".encode()
            parts = re.findall(r"[^ ]* |[^ ]+", run.text)
            shown = b"[" + b"".join(
                face.encode(p) + (gap if p.endswith(" ") else b"") for p in parts
            ) + b"]"  # fmt: skip
        end = b" TJ ET" if extra else b" Tj ET"
        head = f"BT /{font} {place.size:.2f} Tf 0 g 1 0 {slant:g} 1 {x:.2f} {y:.2f} Tm "
        out.append(head.encode() + shown + end)
        x += _width(run, place.size) + extra * run.text.count(" ")
    return b"\n".join(out)
