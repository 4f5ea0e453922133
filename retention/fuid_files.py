"""The FUID as a spreadsheet and as CSV; the same data give the same bytes.

In the spreadsheet each cell has its type and no text is ever a formula. CSV knows no types: there a
text that a spreadsheet would take for a formula begins with an apostrophe (`CSV_TOLD`).
"""

from __future__ import annotations

import csv as csv_module
import io
from datetime import date, timedelta
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any

from records import lines, typeset
from retention.fuid import TITLE, Cell, Fuid, Inventory, inventory
from retention.fuid_columns import NAMES, Column, Norma
from retention.xmltext import holdable

if TYPE_CHECKING:
    from retention.fuid import Firma

FIRST_DAY = date(1900, 3, 1)
"""Before it programs count days differently, or not at all: an older date is written as text."""
CSV_TOLD = (
    "El CSV está en UTF-8 con marca (BOM), separado por punto y coma, con una fila de títulos y "
    "una por unidad documental. Una celda que empezaba por = + - @ ' o un tabulador lleva delante "
    "un apóstrofo, para que la hoja de cálculo no la tome por fórmula: al leerlo con un programa, "
    "quite ese primer apóstrofo. Los totales, el encabezado y las firmas están en el XLSX y el PDF."
)
"""For the reader of a package: what was done to the cells."""
_RISKY = tuple("=+-@'\t\r＝＋－＠")
_A4, _MARGIN = 9, 0.4
_CHARACTER = 5.25
"""Points of a character of a column's width, as spreadsheets count it."""
_SET = 8.0
"""Our font is as wide at this size as theirs at 9."""
_LINE, _TALLEST = 12.0, 409.0
"""Points of a line, and of the tallest row that there may be."""
_LABEL = 3
"""Columns that a label of the header takes."""


# -- CSV ------------------------------------------------------------------------------------------


def csv(fuid: Fuid, norma: Norma) -> bytes:
    """The rows, with one row of titles.

    Raises:
        Refused: as `fuid.inventory`.
    """
    made = inventory(fuid, norma)
    out = io.StringIO(newline="")
    writer = csv_module.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.whole_title for column in made.columns])
    writer.writerows([[_inert(cell) for cell in cells] for cells in made.filas])
    return out.getvalue().encode("utf-8-sig")


def _inert(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    text, _ = holdable(cell)
    return f"'{text}" if text.startswith(_RISKY) else text


# -- spreadsheet ----------------------------------------------------------------------------------


def xlsx(fuid: Fuid, norma: Norma) -> bytes:
    """A workbook of one page: header, titles, rows, totals, signatures.

    Raises:
        Refused: as `fuid.inventory`.
    """
    import xlsxwriter

    made = inventory(fuid, norma)
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": TITLE,
                "company": _text(fuid.entidad_productora),
                "comments": NAMES[norma],
                "created": fuid.hecho.astimezone(lines.BOGOTA).replace(tzinfo=None),
            }
        )
        _Page(book, made).write()
    return out.getvalue()


class _Page:
    """The one worksheet, from its first row down."""

    def __init__(self, book: Any, made: Inventory) -> None:
        self._made = made
        self._page = book.add_worksheet("FUID")
        self._last = len(made.columns) - 1
        cell = {"border": 1, "valign": "top", "text_wrap": True, "font_size": 9}
        figure = {"num_format": "#,##0", "align": "right", "indent": 1}
        head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "font_size": 9}
        self._formats = {
            "title": book.add_format({"bold": True, "font_size": 13, "align": "center"}),
            "norm": book.add_format({"align": "center", "font_size": 9}),
            "label": book.add_format({"bold": True, "font_size": 9, "valign": "top"}),
            "value": book.add_format({"font_size": 9, "text_wrap": True, "valign": "top"}),
            "block": book.add_format(cell),
            "head": book.add_format(head | {"align": "center", "bg_color": "#E7E6E6"}),
            "text": book.add_format(cell | {"num_format": "@"}),
            "mark": book.add_format(cell | {"align": "center"}),
            "integer": book.add_format(cell | figure),
            "order": book.add_format(cell | {"num_format": "0", "align": "center"}),
            "date": book.add_format(cell | {"num_format": "yyyy-mm-dd", "align": "center"}),
            "sum": book.add_format(cell | figure | {"bold": True}),
            "told": book.add_format(cell | {"bold": True}),
        }
        self._row = 0

    def write(self) -> None:
        """All of it."""
        for place, column in enumerate(self._made.columns):
            self._page.set_column(place, place, column.width)
        self._header()
        first, last = self._titles()
        for cells in self._made.filas:
            self._cells(cells)
        self._totals()
        self._signatures()
        self._printed(first, last)

    def _header(self) -> None:
        wide = self._last
        self._page.merge_range(0, 0, 0, wide, TITLE.upper(), self._formats["title"])
        columns = f"Columnas: {NAMES[self._made.norma]}"
        self._page.merge_range(1, 0, 1, wide, columns, self._formats["norm"])
        self._row = 3
        for label, value in self._made.head:
            self._page.merge_range(
                self._row, 0, self._row, _LABEL - 2, label, self._formats["label"]
            )
            self._page.merge_range(self._row, _LABEL - 1, self._row, wide, "", None)
            self._string(_LABEL - 1, value, "value")
            self._row += 1
        self._row += 1

    def _titles(self) -> tuple[int, int]:
        """Both rows of titles; their places."""
        top, style = self._row, self._formats["head"]
        place = 0
        for group, members in groupby(self._made.columns, key=lambda c: c.group):
            titles = [column.title for column in members]
            if group and len(titles) > 1:
                self._page.merge_range(top, place, top, place + len(titles) - 1, group, style)
            for n, title in enumerate(titles, start=place):
                if group:
                    self._page.write_string(top + 1, n, title, style)
                else:
                    self._page.merge_range(top, n, top + 1, n, title, style)
            place += len(titles)
        self._page.set_row(top + 1, 36)
        self._row = top + 2
        self._page.freeze_panes(self._row, 0)
        return top, top + 1

    def _cells(self, cells: list[Cell]) -> None:
        for place, (column, cell) in enumerate(zip(self._made.columns, cells, strict=True)):
            if isinstance(cell, date):
                self._date(place, cell)
            elif isinstance(cell, int):
                style = self._formats["order" if column.field == "orden" else "integer"]
                self._page.write_number(self._row, place, cell, style)
            else:
                self._string(place, cell or "", _style(column))
        self._page.set_row(self._row, self._height(cells))
        self._row += 1

    def _height(self, cells: list[Cell]) -> float:
        """That of a row, in points: LibreOffice would leave all but the first line unseen."""
        texts = zip(self._made.columns, cells, strict=True)
        lines = [
            len(typeset.wrap(_text(cell), column.width * _CHARACTER, _SET))
            for column, cell in texts
            if isinstance(cell, str)
        ]
        return min(_TALLEST, max(lines, default=1) * _LINE + 3)

    def _totals(self) -> None:
        style = self._formats["sum"]
        for place, cell in enumerate(self._made.totales):
            if isinstance(cell, int):
                self._page.write_number(self._row, place, cell, style)
            else:
                self._string(place, str(cell or ""), "told")
        self._page.set_row(self._row, self._height(self._made.totales))
        self._row += 2

    def _signatures(self) -> None:
        """Three blocks side by side, in one row, which no page divides."""
        ends = self._thirds()
        starts = [0, *(end + 1 for end in ends)]
        blocks = [_signature_text(name, firma) for name, firma in self._made.signers]
        for first, last, text in zip(starts, [*ends, self._last], blocks, strict=True):
            self._page.merge_range(self._row, first, self._row, last, "", self._formats["block"])
            self._string(first, text, "block")
        self._page.set_row(self._row, (blocks[0].count("\n") + 1) * _LINE + 8)
        self._row += 1

    def _thirds(self) -> list[int]:
        """The columns with which the first and the second third of the width end."""
        widths = [column.width for column in self._made.columns]
        reached = list(accumulate(widths))
        return [
            min(range(1, self._last), key=lambda n: abs(reached[n] - reached[-1] * part / 3))
            for part in (1, 2)
        ]

    def _printed(self, first: int, last: int) -> None:
        """A4 across, one page wide, titles on each, and which hoja of how many."""
        page = self._page
        page.set_landscape()
        page.set_paper(_A4)
        page.set_margins(left=_MARGIN, right=_MARGIN, top=0.7, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.repeat_rows(first, last)
        page.print_area(0, 0, self._row - 1, self._last)
        page.set_header("&R&9Hoja &P de &N")
        page.set_footer(f"&L&8{TITLE}")

    # -- cells --------------------------------------------------------------------------------

    def _date(self, place: int, day: date) -> None:
        if day < FIRST_DAY:
            self._string(place, day.isoformat(), "mark")
        else:
            serial = (day - FIRST_DAY) // timedelta(days=1) + 61
            self._page.write_number(self._row, place, serial, self._formats["date"])

    def _string(self, place: int, text: str, style: str) -> None:
        """A text that stays one, whatever it begins with."""
        if text:
            self._page.write_string(self._row, place, _text(text), self._formats[style])
        else:
            self._page.write_blank(self._row, place, None, self._formats[style])


def _text(text: str) -> str:
    """*text* as the workbook can hold it."""
    kept, _ = holdable(text)
    # XlsxWriter writes such a text as raw XML: what a stranger wrote must not be markup.
    return f"{kept} " if kept.startswith("<r>") and kept.endswith("</r>") else kept


def _style(column: Column) -> str:
    return "mark" if column.kind in ("mark", "date") else "text"


def _signature_text(name: str, firma: Firma) -> str:
    fecha = firma.fecha.isoformat() if firma.fecha else ""
    return "\n".join(
        [
            f"{name}:",
            f"Nombre: {firma.nombre}",
            f"Cargo: {firma.cargo}",
            "Firma:",
            "",
            "",
            f"Lugar: {firma.lugar}",
            f"Fecha: {fecha}",
        ]
    )
