"""Rows of text downwards on pages: what `sheets` builds its documents of.

Everything that flows is a row of cells side by side; a row that does not fit goes on the next page,
one that is taller than a page is divided between lines. Lengths are points, y grows upwards. Text
is shown by glyph number, so nothing in it can be an operator or markup.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from records import glyphs, pdfa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MM = 72 / 25.4
LEADING = 1.3
"""From line to line, in sizes of the letter."""
_RISE = 0.95
"""From the top of a line to its foot, in sizes."""
_WHOLE = 0.3
"""A row that takes less than this part of a page is not divided."""
DARK, GREY, PALE = 0.0, 0.33, 0.72
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in its column: *x* and *width* say where, the rest how."""

    text: str
    x: float
    width: float
    size: float
    bold: bool = False
    shade: float = DARK
    align: Literal["left", "right", "center"] = "left"
    lines: int | None = None
    """At most so many lines; what is left over is cut with «…»."""
    edge: float | None = None
    """A thin upright line so far to its left, as high as its row."""


def clean(text: str) -> str:
    """*text* in the characters of our font; line breaks stay."""
    return glyphs.printable(text, glyphs.font())


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide *text* is."""
    return pdfa.face(bold).width(text, size)


def cut(text: str, room: float, size: float, bold: bool = False) -> str:
    """*text* on one line of *room*, with «…» where it was longer."""
    if width(text, size, bold) <= room:
        return text
    kept = text[: _fitting(text, room - width(ELLIPSIS, size, bold), size, bold)]
    return kept.rstrip() + ELLIPSIS


def wrap(
    text: str, room: float, size: float, bold: bool = False, limit: int | None = None
) -> list[str]:
    """The lines of clean *text*; a word that is too wide is broken. At least one line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if width(paragraph, size, bold) <= room:
            lines.append(paragraph.rstrip(" "))
        else:
            lines += _wrap_words(paragraph, room, size, bold)
    if limit is None or len(lines) <= limit:
        return lines
    rest = " ".join(lines[limit - 1 :])
    return [*lines[: limit - 1], cut(rest, room, size, bold)]


def _wrap_words(text: str, room: float, size: float, bold: bool) -> list[str]:
    lines: list[str] = []
    current, used = "", 0.0
    space = width(" ", size, bold)
    for word in text.split(" "):
        wide = _word_width(word, size, bold)
        if current and used + space + wide <= room:
            current, used = f"{current} {word}", used + space + wide
            continue
        if current:
            lines.append(current.rstrip(" "))
        while wide > room and len(word) > 1:
            fit = _fitting(word, room, size, bold)
            lines.append(word[:fit])
            word = word[fit:]
            wide = width(word, size, bold)
        current, used = word, wide
    return [*lines, current.rstrip(" ")]


@lru_cache(maxsize=4096)
def _word_width(word: str, size: float, bold: bool) -> float:
    return width(word, size, bold)


def _fitting(word: str, room: float, size: float, bold: bool) -> int:
    """How many characters of *word* fit, at least one."""
    used, count = 0.0, 0
    for char in word:
        used += width(char, size, bold)
        if used > room:
            break
        count += 1
    return max(1, count)


class Full(Exception):
    """The one page that there may be is full."""


class Pages:
    """Pages that fill from the top. `begin` draws what each page starts with and moves `y`.

    Raises:
        Full: on the way to a second page, where there may be one only (*single*).
    """

    def __init__(
        self,
        size: tuple[float, float],
        *,
        side: float,
        top: float,
        bottom: float,
        begin: Callable[[Pages, bool], None],
        single: bool = False,
    ) -> None:
        self.size = size
        self.left, self.right = side, size[0] - side
        self.top, self.bottom = size[1] - top, bottom
        self.header: Callable[[Pages], None] | None = None
        """What a table says again on each page."""
        self.packed: list[bytes] = []
        """The content of the pages that are full, compressed."""
        self._begin, self._single = begin, single
        self._ops: list[bytes] = []
        self.y = self.top
        begin(self, True)

    @property
    def width(self) -> float:
        """From margin to margin."""
        return self.right - self.left

    def turn(self) -> None:
        """End this page and begin the next."""
        if self._single:
            raise Full
        self._pack()
        self.y = self.top
        self._begin(self, False)
        if self.header is not None:
            self.header(self)

    def end(self) -> list[bytes]:
        """All pages, the last one too."""
        self._pack()
        return self.packed

    def _pack(self) -> None:
        self.packed.append(zlib.compress(b"\n".join(self._ops)))
        self._ops = []

    def need(self, height: float) -> None:
        """Turn the page unless *height* is left on it."""
        if self.y - height < self.bottom:
            self.turn()

    def skip(self, height: float) -> None:
        """Leave *height* blank; at a page's end, nothing."""
        self.y = max(self.bottom, self.y - height)

    # -- drawing ------------------------------------------------------------------------------

    def draw(self, content: bytes) -> None:
        """Add operators as they are."""
        self._ops.append(content)

    def rule(self, y: float, *, thick: float = 0.4, shade: float = PALE) -> None:
        """A line from margin to margin."""
        self._ops.append(line(self.left, self.right, y, thick=thick, shade=shade))

    def row(self, cells: Sequence[Cell], *, pad: float = 0.0, rule: bool = False) -> None:
        """Cells side by side, from `y` downwards, over as many pages as they need."""
        columns = [
            wrap(clean(c.text), c.width, c.size, c.bold, c.lines) if c.text else [] for c in cells
        ]
        size = max(c.size for c in cells)
        step = size * LEADING
        total = max(1, *map(len, columns))
        if total * step + 2 * pad <= (self.top - self.bottom) * _WHOLE:
            self.need(total * step + 2 * pad)
        start = 0
        while start < total:
            room = int((self.y - self.bottom - 2 * pad + 0.01) / step)
            if room < 1:
                self.turn()
                room = max(1, int((self.y - self.bottom - 2 * pad) / step))
            stop = min(total, start + room)
            foot = self.y - pad - size * _RISE
            for cell, lines in zip(cells, columns, strict=True):
                for n, text in enumerate(lines[start:stop]):
                    self._ops.append(show(text, cell, foot - n * step))
            top, self.y = self.y, self.y - (stop - start) * step - 2 * pad
            edges = [c.x - c.edge for c in cells if c.edge is not None]
            self._ops += [upright(x, top, self.y, thick=0.4, shade=PALE) for x in edges]
            start = stop
        if rule:
            self.rule(self.y)


def show(text: str, cell: Cell, y: float) -> bytes:
    """One line of a cell as operators, its foot at *y*."""
    if not text:
        return b""
    face = pdfa.face(cell.bold)
    x = cell.x
    if cell.align != "left":
        free = cell.width - face.width(text, cell.size)
        x += free if cell.align == "right" else free / 2
    font = "VtB" if cell.bold else "Vt"
    head = f"BT /{font} {cell.size:.2f} Tf {cell.shade:g} g 1 0 0 1 {x:.2f} {y:.2f} Tm "
    return head.encode() + face.encode(text) + b" Tj ET"


def line(x0: float, x1: float, y: float, *, thick: float, shade: float) -> bytes:
    """A horizontal line as operators."""
    return f"{thick:g} w {shade:g} G {x0:.2f} {y:.2f} m {x1:.2f} {y:.2f} l S".encode()


def upright(x: float, y0: float, y1: float, *, thick: float, shade: float) -> bytes:
    """A vertical line as operators."""
    return f"{thick:g} w {shade:g} G {x:.2f} {y0:.2f} m {x:.2f} {y1:.2f} l S".encode()
