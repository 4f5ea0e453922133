"""A version of the TRD in the official layout: spreadsheet, CSV, PDF/A.

Head with entity, office and its code; columns Código, Series y tipos, Soporte, Retención (AG, AC),
Disposición final (CT, E, S, M), Procedimiento; conventions and lines to sign on. The spreadsheet
has a sheet for each dependencia, the CSV one row for each row of the table. Each cell has its type:
no text becomes a formula, here or where it is opened. Spreadsheet and CSV are read again to the
same table by `trd_import`. Pure: data in, bytes out.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import msgspec

from records.sheets import Column, Sheet
from records.tracking import as_csv
from records.trd import FATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from records.letterhead import Letterhead
    from records.trd import Row, Table

FORMATS = ("xlsx", "pdf", "csv")
TITLE = "TABLA DE RETENCIÓN DOCUMENTAL"
SIGNERS = ("Elaboró", "Revisó", "Aprobó")
CONVENTIONS = (
    "AG: Archivo de gestión, en años",
    "AC: Archivo central, en años",
    "CT: Conservación total",
    "E: Eliminación",
    "S: Selección",
    "M: Reproducción por medio técnico (microfilmación, digitalización)",
)
_CSV = (
    "Código dependencia", "Oficina productora", "Código serie", "Nombre serie", "Código subserie",
    "Nombre subserie", "Tipos documentales", "Soporte", "AG", "AC", "Disposición final",
    "Procedimiento", "Inicio de la retención", "Muestra (%)",
)  # fmt: skip
_HEAD = ("CÓDIGO", "SERIES, SUBSERIES Y TIPOS DOCUMENTALES", "SOPORTE", "", "RETENCIÓN EN AÑOS", "",
         "DISPOSICIÓN FINAL", "", "", "", "PROCEDIMIENTO")  # fmt: skip
_SUBHEAD = ("", "", "FÍSICO", "ELECTRÓNICO", "AG", "AC", *FATES, "")
_SPANS = ((2, 3), (4, 5), (6, 9))
_WIDTHS = (16, 52, 9, 13, 6, 6, 5, 5, 5, 5, 80)
_MORE = ("INICIO DE LA RETENCIÓN", "MUESTRA (%)")


class Line(msgspec.Struct, frozen=True):
    """A line of the official layout: the head of a serie, a row, or a tipo documental."""

    codigo: str
    texto: str
    row: Row | None = None
    """Its row, where it has a retention."""


class Office(msgspec.Struct, frozen=True):
    """A part of the table: the rows of one office."""

    codigo: str
    nombre: str
    rows: list[Row]


def offices(table: Table) -> list[Office]:
    """The table's parts, in the order of its rows."""
    parts: dict[tuple[str, str], list[Row]] = {}
    for row in table.series:
        parts.setdefault((row.dependencia, row.oficina), []).append(row)
    return [Office(code, name, rows) for (code, name), rows in parts.items()]


def lines(office: Office) -> Iterator[Line]:
    """The lines of a part: a serie with subseries has its own line above them."""
    shown: set[str] = set()
    for row in office.rows:
        if row.subserie and row.nombre_serie and row.serie not in shown:
            above = ".".join(part for part in (row.dependencia, row.serie) if part)
            yield Line(above, row.nombre_serie)
        shown.add(row.serie)
        yield Line(row.codigo, row.nombre, row)
        for kind in row.tipos:
            yield Line("", f"- {kind}")


# -- CSV ------------------------------------------------------------------------------------------


def csv(table: Table) -> bytes:
    """A flat list: one record a row."""
    return as_csv(
        _CSV,
        [
            (
                row.dependencia,
                row.oficina,
                row.serie,
                row.nombre_serie,
                row.subserie,
                row.nombre_subserie,
                "\n".join(row.tipos),
                "/".join(row.soporte),
                str(row.ag),
                str(row.ac),
                "/".join(row.disposicion),
                row.procedimiento,
                row.evento,
                "" if row.muestra is None else str(row.muestra),
            )
            for row in table.series
        ],
    )


# -- spreadsheet ----------------------------------------------------------------------------------


def xlsx(table: Table) -> bytes:
    """A workbook with a sheet for each office, with the official head on it."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    parts = offices(table)
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": f"TRD {table.version}", "company": table.entidad})
        for n, part in enumerate(parts, start=1):
            _Page(book, table, part, f"Hoja {n} de {len(parts)}", n).write()
    return out.getvalue()


class _Page:
    """A sheet of the workbook, written from top to bottom."""

    def __init__(self, book: Any, table: Table, part: Office, number: str, n: int) -> None:
        self._table, self._part, self._number = table, part, number
        self._sheet = book.add_worksheet(f"{n} {part.codigo or 'TRD'}"[:31])
        frame = {"border": 1, "valign": "top"}
        self._bold = book.add_format({"bold": True})
        self._head = book.add_format(
            {**frame, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        self._text = book.add_format({**frame, "text_wrap": True})
        self._strong = book.add_format({**frame, "text_wrap": True, "bold": True})
        self._mark = book.add_format({**frame, "align": "center"})
        self._at = 0
        rows = table.series
        self._more = any(row.evento or row.muestra is not None for row in rows)

    def write(self) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&CPágina &P de &N")
        for n, width in enumerate((*_WIDTHS, *((28, 12) if self._more else ()))):
            sheet.set_column(n, n, width)
        self._top()
        first = self._at
        self._heads()
        sheet.repeat_rows(first, self._at - 1)
        sheet.freeze_panes(self._at, 2)
        for line in lines(self._part):
            self._line(line)
        self._foot()

    def _say(self, *texts: str, bold: bool = False) -> None:
        for n, text in enumerate(texts):
            if text:
                self._sheet.write_string(self._at, n, text, self._bold if bold else None)
        self._at += 1

    def _top(self) -> None:
        table, part = self._table, self._part
        self._say(TITLE, bold=True)
        # In one cell each: whatever an office is called, it is not taken for a label itself.
        self._say(f"Entidad productora: {table.entidad}", bold=True)
        if part.nombre:
            self._say(f"Oficina productora: {part.nombre}", bold=True)
        if part.codigo:
            self._say(f"Código de la oficina productora: {part.codigo}", bold=True)
        self._say(f"Versión {table.version}, {table.acto}, desde {table.desde}")
        self._say(self._number)
        self._at += 1

    def _heads(self) -> None:
        more = _MORE if self._more else ()
        for row, texts in enumerate(((*_HEAD, *more), (*_SUBHEAD, *("" for _ in more)))):
            for n, text in enumerate(texts):
                self._sheet.write_string(self._at + row, n, text, self._head)
        for first, last in _SPANS:
            self._sheet.merge_range(self._at, first, self._at, last, _HEAD[first], self._head)
        for n in (0, 1, 10, *range(11, 11 + len(more))):
            text = (*_HEAD, *more)[n]
            self._sheet.merge_range(self._at, n, self._at + 1, n, text, self._head)
        self._at += 2

    def _line(self, line: Line) -> None:
        sheet, at, row = self._sheet, self._at, line.row
        width = len(_WIDTHS) + (len(_MORE) if self._more else 0)
        for n in range(width):
            sheet.write_blank(at, n, None, self._text)
        if line.codigo:
            sheet.write_string(at, 0, line.codigo, self._strong)
        sheet.write_string(at, 1, line.texto, self._strong if line.codigo else self._text)
        if row is not None:
            marks = ["fisico" in row.soporte, "electronico" in row.soporte]
            for n, marked in enumerate(marks, start=2):
                if marked:
                    sheet.write_string(at, n, "X", self._mark)
            sheet.write_number(at, 4, row.ag, self._mark)
            sheet.write_number(at, 5, row.ac, self._mark)
            for n, fate in enumerate(FATES, start=6):
                if fate in row.disposicion:
                    sheet.write_string(at, n, "X", self._mark)
            if row.procedimiento:
                sheet.write_string(at, 10, row.procedimiento, self._text)
            if row.evento:
                sheet.write_string(at, 11, row.evento, self._text)
            if row.muestra is not None:
                sheet.write_number(at, 12, row.muestra, self._mark)
        self._at += 1

    def _foot(self) -> None:
        self._at += 1
        self._say("CONVENCIONES", bold=True)
        for text in CONVENTIONS:
            self._say(text)
        self._at += 1
        for signer in SIGNERS:
            self._say(f"{signer}:", "______________________________")


# -- PDF ------------------------------------------------------------------------------------------

_COLUMNS = [
    Column("Código", 1.5),
    Column("Series, subseries y tipos documentales", 4.2),
    Column("Soporte", 1.4),
    Column("AG", 0.5, right=True),
    Column("AC", 0.5, right=True),
    *(Column(fate, 0.45) for fate in FATES),
    Column("Procedimiento", 6.2),
]


def pdf(table: Table, head: Letterhead, *, at: datetime, mark: str = "") -> bytes:
    """The table on A4 across, as PDF/A-2b, with its pages numbered."""
    sheet = Sheet(
        head,
        "Tabla de retención documental",
        at=at,
        subtitle=f"Versión {table.version} · {table.acto} · desde {table.desde}",
        mark=mark,
        landscape=True,
    )
    for part in offices(table):
        said = (("Oficina productora", part.nombre), ("código", part.codigo))
        sheet.heading(" · ".join(f"{name}: {text}" for name, text in said if text) or "Series")
        sheet.table(_COLUMNS, (_cells(line) for line in lines(part)))
    sheet.paragraph(" · ".join(CONVENTIONS), small=True)
    for signer in SIGNERS:
        sheet.signature(signer, "Nombre, cargo y fecha")
    return sheet.pdf()


def _cells(line: Line) -> tuple[str, ...]:
    row = line.row
    if row is None:
        return (line.codigo, line.texto, *[""] * (len(_COLUMNS) - 2))
    told = [row.procedimiento]
    if row.evento:
        told.append(f"La retención empieza con: {row.evento}.")
    if row.muestra is not None:
        told.append(f"Muestra: {row.muestra} %.")
    return (
        line.codigo,
        line.texto,
        ", ".join({"fisico": "físico", "electronico": "electrónico"}[s] for s in row.soporte),
        str(row.ag),
        str(row.ac),
        *("X" if fate in row.disposicion else "" for fate in FATES),
        "\n".join(filter(None, told)),
    )
