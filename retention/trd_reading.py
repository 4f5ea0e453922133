"""A spreadsheet that somebody hands over (CSV or XLSX) as plain rows of text, with the row numbers
that a person sees in it.

CSV: UTF-8, UTF-16 with its mark or Windows-1252; `;`, `,` or tab; both found out (RFC 4180 for the
quotes, strictly). XLSX: the values that were saved, read by openpyxl without loading the whole; no
formula is computed, no macro runs, no link is followed. The file is a stranger's: its size is held
before anything is unpacked, and what is no spreadsheet is refused. It does not know what a TRD is.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from records.errors import Refused, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_FILE = 32 * 2**20
MAX_UNPACKED = 256 * 2**20
MAX_PART = 32 * 2**20
"""Of what openpyxl holds whole: texts, styles, the list of sheets. Sheets are read row by row."""
MAX_PARTS = 2000
MAX_ROWS = 50_000
"""Rows with something in them, in all sheets; the largest tables have some thousands."""
MAX_COLUMNS = 256
MAX_CELLS = 20_000_000
"""Cells to go through, empty ones too: a row may say that it has 16,384."""
SEPARATORS = (";", ",", "\t")
SAVE_AS = "Ábralo en la hoja de cálculo y guárdelo como .xlsx, o como CSV en UTF-8."


class SheetRow(msgspec.Struct, frozen=True):
    """A row with something in it."""

    fila: int
    """As the sheet numbers it; in a CSV, the record's."""
    celdas: tuple[str, ...]
    decimales: frozenset[int] = frozenset()
    """Columns that hold a number with decimals: as text it may have lost a zero (120.10)."""
    faltas: tuple[str, ...] = ()
    """What could not be read of it."""


class Page(msgspec.Struct, frozen=True):
    """A sheet; that of a CSV has no name."""

    nombre: str
    filas: list[SheetRow]


class Book(msgspec.Struct, frozen=True):
    """What was read, and what a person should know of it."""

    hojas: list[Page]
    avisos: list[str] = []


def read(path: Path) -> Book:
    """The sheets of a file.

    Raises:
        Refused: it is not there, too large, or neither CSV nor XLSX.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error
    return read_bytes(data)


def read_bytes(data: bytes) -> Book:
    """The sheets of a file's bytes; what it is, its first bytes say, not its name."""
    if len(data) > MAX_FILE:
        _too_large(f"El archivo pasa de {MAX_FILE // 2**20} MiB.")
    if not data.strip():
        raise Refused("archivo_vacio", "El archivo está vacío.", consejo=SAVE_AS)
    if data.startswith(b"PK"):
        return _Xlsx(data).book()
    for magic, what in (
        (b"\xd0\xcf\x11\xe0", "Es un .xls antiguo, o tiene contraseña."),
        (b"%PDF", "Es un PDF, no una hoja de cálculo."),
    ):
        if data.startswith(magic):
            raise Refused("formato", what, consejo=SAVE_AS)
    return Book([Page("", _csv(_text(data)))])


def _too_large(why: str) -> NoReturn:
    raise Refused(
        "muy_grande", why, consejo="Copie solo las filas de la tabla a un archivo nuevo y repita."
    )


# -- CSV ------------------------------------------------------------------------------------------


def _text(data: bytes) -> str:
    """The text of a CSV, by the mark at its start or by what its bytes can be."""
    codecs = ("utf-8-sig", "cp1252")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs = ("utf-16", "utf-16")
    elif b"\0" in data:
        raise Refused("formato", "No es una hoja de cálculo ni un CSV.", consejo=SAVE_AS)
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Refused("codificacion", "El texto no está en UTF-8 ni en Windows-1252.", consejo=SAVE_AS)


def _csv(text: str) -> list[SheetRow]:
    """The rows, by the separator that parts most of them into most columns of one number."""
    return list(_rows(text, max(SEPARATORS, key=lambda one: _parted(text, one))))


def _parted(text: str, separator: str) -> float:
    """How well a separator fits: the columns that it makes, by the share of rows that have them.

    By a wrong one a cell of several lines falls into many rows of one or two columns.
    """
    widths: Counter[int] = Counter()
    with suppress(csv.Error):  # what was read before it tells enough; `_rows` says where it is
        for record, _ in zip(_records(text, separator), range(200), strict=False):
            if any(record):
                widths[len(record)] += 1
    return max(((width - 1) * many / widths.total() for width, many in widths.items()), default=0)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _rows(text: str, separator: str) -> Iterator[SheetRow]:
    fila = kept = 0
    try:
        for fila, record in enumerate(_records(text, separator), start=1):
            if len(record) > MAX_COLUMNS and any(map(str.strip, record[MAX_COLUMNS:])):
                _too_large(f"La fila {fila} pasa de {MAX_COLUMNS} columnas.")
            if any(cell.strip() for cell in record):
                kept += 1
                if kept > MAX_ROWS:
                    _too_large(f"Tiene más de {MAX_ROWS} filas.")
                yield SheetRow(fila, tuple(map(_bare, record[:MAX_COLUMNS])))
    except csv.Error as error:
        raise Refused(
            "csv_mal_escrito",
            f"El CSV está mal escrito cerca de la fila {fila + 1}: unas comillas sin cerrar o "
            "fuera de lugar, o una celda demasiado larga.",
            consejo=SAVE_AS,
        ) from error


def _bare(cell: str) -> str:
    """A cell without the apostrophe by which a CSV keeps text from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


# -- XLSX -----------------------------------------------------------------------------------------


class _Xlsx:
    """A workbook: looked at as a zip first, then read by openpyxl."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._avisos: list[str] = []
        self._rows = self._cells = 0

    def book(self) -> Book:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles that it does not keep
            try:
                formulas = self._look()
                return Book(self._pages(formulas), self._avisos)
            except (Refused, MemoryError):
                raise
            # What a made-up workbook makes openpyxl, the zip and the XML readers raise has no
            # common base: KeyError, BadZipFile, ParseError, zlib.error, TypeError…
            except Exception as error:
                raise Refused(
                    "formato", "El archivo .xlsx está dañado o no es lo que dice.", consejo=SAVE_AS
                ) from error

    def _look(self) -> bool:
        """Refuse bombs and what is no workbook; returns whether any sheet has formulas."""
        formulas = False
        with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
                raise Refused(
                    "formato", "Es un .zip u otro documento, no un .xlsx.", consejo=SAVE_AS
                )
            if len(parts) > MAX_PARTS or len(names) < len(parts):
                _too_large("El archivo .xlsx tiene demasiadas partes, o repetidas.")
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                _too_large(f"Descomprimido pasa de {MAX_UNPACKED // 2**20} MiB.")
            for part in parts:
                sheet = part.filename.startswith("xl/worksheets/")
                if part.file_size > MAX_PART and not sheet:
                    _too_large(f"La parte {part.filename[:80]} del archivo es demasiado grande.")
                if part.filename.endswith((".xml", ".rels")):
                    formulas |= _scan(archive, part) and sheet
            if any(name.endswith("vbaProject.bin") for name in names):
                self._avisos.append("El archivo trae macros: no se ejecutan.")
        return formulas

    def _pages(self, formulas: bool) -> list[Page]:
        from openpyxl import load_workbook

        def opened(values: bool) -> Any:
            return load_workbook(
                io.BytesIO(self._data), read_only=True, data_only=values, keep_links=False
            )

        book, pages = opened(True), []
        plain = opened(False) if formulas else None
        for n, sheet in enumerate(book.worksheets):
            if sheet.sheet_state != "visible":
                self._avisos.append(f"La hoja «{sheet.title}» está oculta y no se leyó.")
                continue
            sheet.reset_dimensions()
            other = None
            if plain is not None:
                other = plain.worksheets[n]
                other.reset_dimensions()
            pages.append(Page(str(sheet.title), list(self._sheet(sheet, other))))
        return pages

    def _sheet(self, sheet: Any, formulas: Any) -> Iterator[SheetRow]:
        others = formulas.iter_rows() if formulas is not None else None
        for fila, cells in enumerate(sheet.iter_rows(), start=1):
            written = next(others, ()) if others is not None else ()
            self._cells += len(cells) + 1
            if self._cells > MAX_CELLS:
                _too_large("La hoja tiene demasiadas celdas vacías.")
            row = _row(fila, cells, written)
            if row is None:
                continue
            self._rows += 1
            if self._rows > MAX_ROWS:
                _too_large(f"Tiene más de {MAX_ROWS} filas.")
            if len(row.celdas) > MAX_COLUMNS:
                _too_large(f"La fila {fila} pasa de {MAX_COLUMNS} columnas.")
            yield row


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Refuse a part that declares entities; returns whether it holds a formula."""
    formula, before = False, b""
    with archive.open(part) as stream:
        while chunk := stream.read(2**20):
            piece = before + chunk
            if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece or b"\0" in piece:
                raise Refused("formato", "El .xlsx trae XML que no debe traer.", consejo=SAVE_AS)
            formula = formula or re.search(rb"<(?:\w+:)?f[\s/>]", piece) is not None
            before = chunk[-16:]
    return formula


def _row(fila: int, cells: Any, written: Any) -> SheetRow | None:
    texts, decimals, faults = [], set(), []
    for n, cell in enumerate(cells):
        value = cell.value
        formula = n < len(written) and written[n].data_type == "f"
        if value is None and formula:
            faults.append(f"la columna {n + 1} tiene una fórmula sin su resultado guardado")
        elif getattr(cell, "data_type", "n") == "e":
            faults.append(f"la columna {n + 1} tiene un error de fórmula ({value})")
            value = None
        if isinstance(value, float) and not value.is_integer():
            decimals.add(n)
        texts.append(_cell_text(value, cell))
    while texts and not texts[-1].strip():
        texts.pop()
    if not texts and not faults:
        return None
    return SheetRow(fila, tuple(texts), frozenset(decimals), tuple(faults))


def _cell_text(value: Any, cell: Any) -> str:
    """A cell as its sheet shows it, as far as that is not a matter of style."""
    match value:
        case None:
            return ""
        case bool():
            return "VERDADERO" if value else "FALSO"
        case int() | float():
            if isinstance(value, float) and not value.is_integer():
                return repr(value)
            zeros = str(cell.number_format)
            wide = len(zeros) if zeros.strip("0") == "" else 0  # «000» shows 5 as 005
            return str(int(value)).zfill(wide)
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value).replace("_x000D_", "")
