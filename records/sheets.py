"""Official pages: constancia, day's closing, register, actas. A4, PDF/A-2b, one look for all.

The caller gives plain data, and nothing in it is read as markup:

    sheet = Sheet(Letterhead.of(settings), "Constancia de radicación", at=moment, one_page=True)
    sheet.pairs([("Radicado", "2026-VU1-E-000001"), ("Remitente", name)])
    sheet.table([Column("Radicado", 2), Column("Folios", right=True)], rows)
    sheet.qr(payload, "Compruebe este documento en la ventanilla.")
    data = sheet.pdf()

Each page has letterhead or running head, and a footer with «Página n de m», the office's address
(Acuerdo 060 de 2001, art. 14) and a short mark.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from records import binding, codes, letterhead, typeset
from records.letterhead import SIDE, Letterhead
from records.paper import STAMP_HEIGHT, STAMP_WIDTH
from records.typeset import DARK, GREY, LEADING, MM, Cell, Pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

A4 = (210 * MM, 297 * MM)
MODULE_MM = 0.5
"""Side of a QR's module: from paper a phone reads 0.4 mm and more."""
LEAST_MODULE_MM = 0.4
LEAST_QR_MM = 26.0
_TOP, _BOTTOM = 16 * MM, 27 * MM
_BODY, _SMALL, _TABLE = 9.5, 8.0, 7.5
STAMP_ROOM = (A4[0] - SIDE - STAMP_WIDTH, _TOP, A4[0] - SIDE, _TOP + STAMP_HEIGHT)
"""What a sheet that is to be stamped leaves free on page 1: `paper.stamp`'s *where*."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; *weight* is its share of the width."""

    title: str
    weight: float = 1.0
    right: bool = False
    """Aligned to the right, as numbers are."""
    clip: bool = False
    """One line, cut with «…»; otherwise as many lines as it needs."""
    hand: bool = False
    """Filled in by hand: a line at its left says where."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How much a page is tightened: size of letters, lines of a text, rows of a table."""

    scale: float = 1.0
    lines: int | None = None
    rows: int | None = None


_TIGHTER = (
    *(_Fit(s) for s in (1.0, 0.94, 0.88, 0.82, 0.76)),
    *(_Fit(0.76, n) for n in (20, 12, 8, 6, 4, 3, 2, 1)),
    *(_Fit(0.76, 1, n) for n in (40, 20, 10, 5, 0)),
)
"""What `one_page` tries, in this order, until all is on one page."""


class Sheet:
    """One document: blocks one below the other, then `pdf`."""

    def __init__(
        self,
        head: Letterhead,
        title: str,
        *,
        at: datetime,
        subtitle: str = "",
        mark: str = "",
        landscape: bool = False,
        one_page: bool = False,
        stamped: bool = False,
    ) -> None:
        """*at*, an aware moment, is when it was made: the same input gives the same bytes.

        *mark* stands at the left of each footer. With *one_page* letters become smaller, then long
        texts and tables are cut with «…», until all is on one page. *stamped* leaves `STAMP_ROOM`
        free on an upright page 1.
        """
        self._head, self._title, self._subtitle, self._mark = head, title, subtitle, mark
        self._at = at
        self._size = (A4[1], A4[0]) if landscape else A4
        self._one_page = one_page
        self._room = (STAMP_WIDTH + 6 * MM, STAMP_HEIGHT + 2 * MM) if stamped else None
        self._blocks: list[Callable[[Pages, _Fit], None]] = []
        self._made: bytes | None = None
        self.leaf = letterhead.LEAF
        """What a page is called at its foot; set before `pdf`."""
        self.total = 0
        """How many pages it has, once it was made."""

    # -- blocks -------------------------------------------------------------------------------

    def heading(self, text: str) -> None:
        """A small title, never alone at a page's end."""

        def draw(pages: Pages, fit: _Fit) -> None:
            size = 10.5 * fit.scale
            pages.need(size * 5)
            pages.skip(size * 0.7)
            pages.row([letterhead.whole(pages, text, size, bold=True, lines=fit.lines)])
            pages.skip(size * 0.3)

        self._blocks.append(draw)

    def paragraph(self, text: str, *, small: bool = False) -> None:
        """Running text; `\\n` begins a new line."""

        def draw(pages: Pages, fit: _Fit) -> None:
            size = (_SMALL if small else _BODY) * fit.scale
            shade = GREY if small else DARK
            pages.row([letterhead.whole(pages, text, size, shade=shade, lines=fit.lines)])
            pages.skip(size * 0.6)

        self._blocks.append(draw)

    def pairs(self, rows: Iterable[tuple[str, str]]) -> None:
        """Names at the left, values at the right; an empty value shows as «—»."""
        kept = list(rows)

        def draw(pages: Pages, fit: _Fit) -> None:
            size = _BODY * fit.scale
            split = min(pages.width * 0.3, 48 * MM)
            pages.rule(pages.y)
            for name, value in kept:
                left = Cell(name, pages.left, split - 3 * MM, size * 0.88, shade=GREY)
                right = Cell(
                    typeset.clean(value).strip() or "—",
                    pages.left + split,
                    pages.width - split,
                    size,
                )
                row = [replace(c, lines=fit.lines) for c in (left, right)]
                pages.row(row, pad=2.2 * fit.scale, rule=True)
            pages.skip(size * 1.4)

        self._blocks.append(draw)

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str]],
        *,
        empty: str = "",
        size: float = _TABLE,
    ) -> None:
        """A table whose head is said again on each page; *rows* may be a generator.

        *empty* is what stands below the head where there are no rows; *size*, in points, is that of
        its letters.
        """
        source = list(rows) if self._one_page else rows

        def draw(pages: Pages, fit: _Fit) -> None:
            _table(pages, fit, columns, source, empty or "Sin registros.", size)

        self._blocks.append(draw)

    def qr(self, payload: str, text: str) -> None:
        """A box with a QR at the left and *text* beside it.

        Raises:
            ValueError: *payload* is empty or longer than a QR holds (about 2,300 bytes).
        """
        grid = codes.qr(payload)

        def draw(pages: Pages, fit: _Fit) -> None:
            modules = len(grid)
            module = max(LEAST_MODULE_MM, MODULE_MM * fit.scale, LEAST_QR_MM * fit.scale / modules)
            side, quiet = modules * module * MM, 4 * module * MM
            _beside(
                pages,
                fit,
                text,
                side + 2 * quiet,
                lambda x, y: codes.draw_qr(grid, x + quiet, y + quiet, side),
            )

        self._blocks.append(draw)

    def signature(self, name: str, *below: str) -> None:
        """A line to sign on, with a name and what else is said of it."""

        def draw(pages: Pages, fit: _Fit) -> None:
            size = _BODY * fit.scale
            wide = min(80 * MM, pages.width)
            texts = [t for t in (name, *below) if t]
            pages.need(16 * MM * fit.scale + size * LEADING * (2 * len(texts) + 1))
            pages.skip(16 * MM * fit.scale)
            pages.draw(typeset.line(pages.left, pages.left + wide, pages.y, thick=0.6, shade=DARK))
            pages.skip(size * 0.3)
            for n, text in enumerate(texts):
                cell = Cell(text, pages.left, wide, size if n == 0 else size * 0.88)
                pages.row([replace(cell, bold=n == 0, lines=min(fit.lines or 2, 2))])
            pages.skip(size * 0.8)

        self._blocks.append(draw)

    def space(self, mm: float) -> None:
        """Leave *mm* blank."""
        self._blocks.append(lambda pages, fit: pages.skip(mm * MM * fit.scale))

    # -- the document -------------------------------------------------------------------------

    def pdf(self) -> bytes:
        """The document as checked PDF/A-2b; asked again, the same bytes.

        Raises:
            ValueError: `one_page` was asked for and so many blocks fit on no page.
        """
        if self._made is None:
            pages = self._lay_out()
            self.total = len(pages)
            self._made = binding.bind(
                pages,
                self._size,
                head=self._head,
                title=self._title,
                mark=self._mark,
                at=self._at,
                leaf=self.leaf,
            )
        return self._made

    def _lay_out(self) -> list[bytes]:
        if not self._one_page:
            return self._fill(_TIGHTER[0])
        for fit in _TIGHTER:
            with suppress(typeset.Full):
                return self._fill(fit)
        raise ValueError("these blocks do not fit on one page")

    def _fill(self, fit: _Fit) -> list[bytes]:
        pages = Pages(
            self._size,
            side=SIDE,
            top=_TOP,
            bottom=_BOTTOM,
            begin=self._begin(fit),
            single=self._one_page,
        )
        for block in self._blocks:
            block(pages, fit)
        return pages.end()

    def _begin(self, fit: _Fit) -> Callable[[Pages, bool], None]:
        def begin(pages: Pages, first: bool) -> None:
            if first:
                letterhead.draw(pages, self._head, self._room)
                letterhead.title(pages, fit.scale, self._title, self._subtitle)
            else:
                letterhead.running_head(pages, self._head.entidad, self._title)

        return begin


# -- blocks that need more than a row -------------------------------------------------------------


def _table(
    pages: Pages,
    fit: _Fit,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    empty: str,
    letters: float,
) -> None:
    # Smaller letters stand closer.
    size, gap = letters * fit.scale, 2 * MM * min(1.0, letters / _TABLE) ** 2
    unit = (pages.width - gap * (len(columns) - 1)) / sum(c.weight for c in columns)
    places: list[Cell] = []
    x = pages.left
    for column in columns:
        limit = 1 if column.clip else fit.lines
        wide = column.weight * unit
        cell = Cell("", x, wide, size, lines=limit, edge=gap / 2 if column.hand else None)
        places.append(replace(cell, align="right") if column.right else cell)
        x += wide + gap

    def head(on: Pages) -> None:
        on.rule(on.y, thick=0.8, shade=DARK)
        titles = zip(places, columns, strict=True)
        on.row([replace(p, text=c.title, bold=True, lines=3) for p, c in titles], pad=2.0)
        on.rule(on.y, thick=0.8, shade=DARK)

    def body(texts: Sequence[str]) -> None:
        pairs = zip(places, texts, strict=True)
        pages.row([replace(p, text=t) for p, t in pairs], pad=1.6 * fit.scale, rule=True)

    pages.need(size * 6)
    head(pages)
    pages.header = head
    shown, left_out = _first(rows, fit.rows)
    none = True
    for texts in shown:
        none = False
        body(texts)
    pages.header = None
    if left_out:
        pages.row([letterhead.whole(pages, f"… y {left_out} más", size, shade=GREY)], pad=1.6)
    elif none:
        pages.row([letterhead.whole(pages, empty, size, shade=GREY)], pad=1.6)
    pages.skip(size)


def _first(rows: Iterable[Sequence[str]], limit: int | None) -> tuple[Iterable[Sequence[str]], int]:
    """The first *limit* rows, and how many are left out."""
    if limit is None:
        return rows, 0
    kept = list(rows)
    return kept[:limit], max(0, len(kept) - limit)


def _beside(
    pages: Pages,
    fit: _Fit,
    text: str,
    side: float,
    picture: Callable[[float, float], bytes],
) -> None:
    """A framed square picture with *text* beside it, never divided between pages."""
    size = _SMALL * fit.scale
    x = pages.left + side + 2 * MM
    room = pages.right - x - 3 * MM
    most = max(1, int((pages.top - pages.bottom) * 0.8 / (size * LEADING)))
    rows = typeset.wrap(typeset.clean(text), room, size, limit=min(fit.lines or most, most))
    high = len(rows) * size * LEADING
    box = max(side, high + 6 * MM)
    pages.need(box)
    bottom = pages.y - box
    frame = (
        f"0.4 w {typeset.PALE:g} G {pages.left:.2f} {bottom:.2f} {pages.width:.2f} {box:.2f} re S"
    )
    pages.draw(frame.encode())
    pages.draw(picture(pages.left, pages.y - (box + side) / 2))
    cell = Cell("", x, room, size)
    foot = pages.y - (box - high) / 2 - size
    for n, line in enumerate(rows):
        pages.draw(typeset.show(line, cell, foot - n * size * LEADING))
    pages.y = bottom
    pages.skip(size)
