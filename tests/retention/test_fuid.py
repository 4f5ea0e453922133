"""The FUID: the same cells in spreadsheet, CSV and page, in the columns of both norms."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import openpyxl
import pytest

from records import lines, norms, pdfa, typeset
from records.errors import Refused
from records.sheets import Sheet
from retention import fuid, fuid_files, fuid_page
from retention.fuid import Firma, Fuid, FuidRow, Registro
from retention.fuid_columns import COLUMNS, NAMES, Norma
from tests.conftest import ROOT, text_of
from tests.records.test_sheets import HEAD

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 22, 10, 3, tzinfo=lines.BOGOTA)
HOSTILE = [
    "=1+1", "+57 601 555", "-3", "@SUM(A1)", "'quoted", "\t=2", '=HYPERLINK("http://x")',
    "12345678901234567890", "3-4", "TRUE", "http://example.org", "<r>a</r>", "a;b\"c\nd", "_x0041_",
    "nul\x00", "Ñandú 🏛️", "mailto:x@y", "{=1}", "  blancos  ",
]  # fmt: skip
BOTH: list[Norma] = ["042-2002", "001-2024"]
ROWS = [
    FuidRow(
        codigo="120.31.02",
        nombre="Contratos / Prestación de servicios",
        unidad="Contrato 012 de 2024",
        inicial=date(2024, 1, 31),
        final=date(2025, 12, 31),
        fisico=True,
        electronico=True,
        caja="3",
        carpeta="007",
        folios=199,
        tipo="PDF/A-2b",
        cantidad=12,
        tamano=1_234_567,
        ubicacion="Servidor de archivo",
        frecuencia="baja",
        notas="Faltan los folios 12 y 13",
    ),
    FuidRow(codigo="120.02", nombre="Actas", fisico=True, tomo="2", otro="Rollo 4", soporte="M"),
    FuidRow(
        codigo="100.01",
        nombre="Acuerdos",
        inicial=date(1886, 8, 5),
        final=date(1900, 2, 28),
        fisico=True,
        folios=0,
    ),
    *(
        FuidRow(codigo=text, nombre=text, unidad=text, electronico=True, tipo=text, notas=text)
        for text in HOSTILE
    ),
]
FUID = Fuid(
    entidad_remitente="Alcaldía Municipal",
    entidad_productora="Alcaldía Municipal",
    unidad_administrativa="=Secretaría General",
    oficina_productora="Contratación",
    objeto="transferencia_primaria",
    registro=Registro(fecha=date(2026, 11, 22), nt=3),
    filas=ROWS,
    hecho=AT,
    elaborado=Firma(
        nombre="Ana Gil", cargo="Técnica", lugar="San Jacinto", fecha=date(2026, 11, 20)
    ),
    entregado=Firma(nombre="@Pedro"),
)


def sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=False).active


def first_row(page: Any) -> int:
    """The first one below the titles."""
    return next(n for n in range(1, 30) if page.cell(n, 1).value == 1)


def seen(cell: object) -> object:
    """A cell as the spreadsheet should hold it."""
    if isinstance(cell, date):
        return cell if cell >= date(1900, 3, 1) else cell.isoformat()
    if not isinstance(cell, str):
        return cell
    shown = cell.replace("\x00", "␀")
    raw = shown.startswith("<r>") and shown.endswith("</r>")
    return (f"{shown} " if raw else shown) or None


@pytest.mark.parametrize("norma", BOTH)
def test_each_cell_of_the_spreadsheet_is_what_it_says(norma: Norma) -> None:
    made = fuid.inventory(FUID, norma)
    page = sheet(fuid_files.xlsx(FUID, norma))
    top = first_row(page)
    assert len(made.columns) == (13 if norma == "042-2002" else 17)
    for n, cells in enumerate([*made.filas, made.totales]):
        for place, (column, cell) in enumerate(zip(made.columns, cells, strict=True), start=1):
            held = page.cell(top + n, place)
            value = held.value.date() if isinstance(held.value, datetime) else held.value
            assert value == seen(cell), (n, column.field)
            if isinstance(cell, int):
                assert held.data_type == "n"
            if isinstance(value, date):
                assert held.is_date and held.number_format == "yyyy-mm-dd"
    numbers = [page.cell(top + n, 1).value for n in range(len(ROWS))]
    assert numbers == list(range(1, len(ROWS) + 1))
    types = {cell.data_type for row in page.iter_rows() for cell in row}
    assert "f" not in types and "e" not in types
    assert not page._hyperlinks


@pytest.mark.parametrize("norma", BOTH)
def test_the_header_the_signatures_and_what_is_printed(norma: Norma) -> None:
    page = sheet(fuid_files.xlsx(FUID, norma))
    top = first_row(page)
    told = {page.cell(n, 1).value: page.cell(n, 3).value for n in range(4, top - 2)}
    assert told["Entidad remitente"] == "Alcaldía Municipal"
    assert told["Unidad administrativa"] == "=Secretaría General"
    assert told["Objeto"] == "Transferencia primaria"
    assert told["Registro de entrada"] == "Año 2026  Mes 11  Día 22  NT 3"
    assert page.cell(2, 1).value == f"Columnas: {NAMES[norma]}"
    assert page.print_title_rows == f"${top - 2}:${top - 1}"
    assert page.oddHeader.right.text.strip().endswith("Hoja &P de &N")
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.fitToHeight == 0
    blocks = [c.value for c in page[page.max_row] if c.value]
    assert [b.split(":")[0] for b in blocks] == ["Elaborado por", "Entregado por", "Recibido por"]
    assert "Nombre: Ana Gil\nCargo: Técnica\nFirma:" in blocks[0]
    assert "Lugar: San Jacinto\nFecha: 2026-11-20" in blocks[0]


def test_the_columns_of_each_norm() -> None:
    titles = {n: [c.whole_title for c in columns] for n, columns in COLUMNS.items()}
    assert titles["042-2002"] == [
        "N.º de orden", "Código", "Nombre de las series, subseries o asuntos",
        "Fechas extremas: inicial", "Fechas extremas: final", "Unidad de conservación: caja",
        "Unidad de conservación: carpeta", "Unidad de conservación: tomo",
        "Unidad de conservación: otro", "N.º de folios", "Soporte", "Frecuencia de consulta",
        "Notas",
    ]  # fmt: skip
    assert titles["001-2024"] == [
        "N.º de orden", "Código", "Nombre de la serie, subserie o asunto",
        "Nombre de la unidad documental", "Fechas extremas: inicial", "Fechas extremas: final",
        "Soporte: físico", "Soporte: electrónico", "Unidad de conservación: caja",
        "Unidad de conservación: carpeta", "Unidad de conservación: tomo, legajo o libro",
        "N.º de folios", "Documentos electrónicos: tipo", "Documentos electrónicos: cantidad",
        "Documentos electrónicos: tamaño (bytes)", "Documentos electrónicos: ubicación", "Notas",
    ]  # fmt: skip
    assert all(norms.find(name) for name in NAMES.values())


def test_what_a_format_has_no_column_for_is_in_its_remarks() -> None:
    old = [dict(zip((c.field for c in COLUMNS["042-2002"]), row, strict=True))
           for row in fuid.inventory(FUID, "042-2002").filas]  # fmt: skip
    new = [dict(zip((c.field for c in COLUMNS["001-2024"]), row, strict=True))
           for row in fuid.inventory(FUID, "001-2024").filas]  # fmt: skip
    assert old[0]["nombre"] == "Contratos / Prestación de servicios · Contrato 012 de 2024"
    assert old[0]["soporte"] == "P/E" and old[0]["frecuencia"] == "baja"
    assert old[0]["notas"] == (
        "Faltan los folios 12 y 13 · 12 documentos electrónicos, PDF/A-2b, 1234567 bytes, "
        "Servidor de archivo"
    )
    assert new[0]["notas"] == "Faltan los folios 12 y 13 · Frecuencia de consulta: baja"
    assert (new[0]["fisico"], new[0]["electronico"], new[1]["electronico"]) == ("X", "X", "")
    assert old[1]["otro"] == "Rollo 4" and old[1]["soporte"] == "M" and old[1]["notas"] == ""
    assert new[1]["notas"] == "Otra unidad: Rollo 4 · Soporte: M"
    assert (new[1]["inicial"], new[1]["final"]) == ("S.F.", "S.F.")


def test_the_totals_tie_to_the_rows_and_say_what_was_not_counted() -> None:
    made = fuid.inventory(FUID, "001-2024")
    last = dict(zip((c.field for c in made.columns), made.totales, strict=True))
    assert (last["folios"], last["cantidad"], last["tamano"]) == (199, 12, 1_234_567)
    assert last["nombre"] == f"Totales: {len(ROWS)} filas"
    assert last["notas"] == "En papel y sin n.º de folios: 1"


@pytest.mark.parametrize("norma", BOTH)
def test_csv_is_read_back_cell_by_cell_and_obeys_nobody(norma: Norma) -> None:
    data = fuid_files.csv(FUID, norma)
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    made = fuid.inventory(FUID, norma)
    assert read[0] == [c.whole_title for c in made.columns]
    assert len(read) == 1 + len(ROWS)
    for got, cells in zip(read[1:], made.filas, strict=True):
        for text, cell in zip(got, cells, strict=True):
            assert not text.startswith(("=", "+", "-", "@", "\t", "\r"))
            plain = "" if cell is None else str(cell).replace("\x00", "␀")
            assert text.removeprefix("'") == plain or text == plain
    assert "apóstrofo" in fuid_files.CSV_TOLD


@pytest.mark.parametrize("norma", BOTH)
def test_the_pages_are_pdfa_and_say_what_the_cells_say(norma: Norma) -> None:
    def page() -> bytes:
        return fuid_page.fill(Sheet(HEAD, fuid.TITLE, at=AT, landscape=True), FUID, norma)

    data = page()
    assert pdfa.findings(data) == [] and data == page()
    text = " ".join(text_of(data).split())
    for said in (
        "Formato único de inventario documental", "Alcaldía Municipal", "=Secretaría General",
        "Transferencia primaria", "NT 3", "2024-01-31", "2025-12-31", "1886-08-05", "S.F.",
        "Elaborado por", "Entregado por", "Recibido por", "Ana Gil", "@Pedro", "Hoja 1 de",
        f"Totales: {len(ROWS)} filas", NAMES[norma],
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize("norma", BOTH)
def test_no_title_and_no_usual_value_is_broken_on_paper(norma: Norma) -> None:
    size = fuid_page.LETTERS[norma]
    columns = [fuid_page.column(c) for c in COLUMNS[norma]]
    gap = 2 * typeset.MM * min(1.0, size / 7.5) ** 2
    unit = (257 * typeset.MM - gap * (len(columns) - 1)) / sum(c.weight for c in columns)
    usual = {"date": "2024-12-03", "tamano": "12.345.678.901", "folios": "123.456"}
    for of, column in zip(COLUMNS[norma], columns, strict=True):
        words = [typeset.width(word, size, bold=True) for word in column.title.split()]
        value = usual.get(of.field) or usual.get(of.kind, "")
        assert max(*words, typeset.width(value, size)) <= column.weight * unit, of.field


def test_the_same_data_give_the_same_files() -> None:
    program = (
        "import sys, hashlib; from tests.retention import test_fuid as t;"
        "print([hashlib.sha256(f(t.FUID, n)).hexdigest() for n in t.BOTH "
        "for f in (t.fuid_files.xlsx, t.fuid_files.csv)])"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "5", "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env=environment | {"TZ": zone},
        ).stdout
        for zone in ("UTC", "Asia/Tokyo")
    ]
    assert runs[0] == runs[1] != b""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"entidad_productora": " "}, "entidad productora"),
        ({"objeto": "otro"}, "no es un objeto"),
        ({"objeto": "eliminacion"}, "solo de las transferencias"),
        ({"registro": Registro(fecha=date(2026, 1, 1), nt=0)}, "NT"),
        ({"filas": [ROWS[0], FuidRow(codigo="", nombre="x", fisico=True)]}, "en la fila 2, falta"),
        ({"filas": [FuidRow(codigo="1", nombre="x")]}, "soporte"),
        ({"filas": [FuidRow(codigo="1", nombre="x", fisico=True, folios=-1)]}, "negativa"),
        (
            {"filas": [FuidRow(codigo="1", nombre="x", fisico=True, inicial=date(2025, 1, 1),
                               final=date(2024, 1, 1))]},
            "antes de cuando empieza",
        ),
        ({"filas": [FuidRow(codigo="1", nombre="x" * 33_000, fisico=True)]}, "caracteres"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_told(change: dict[str, Any], said: str) -> None:
    wrong = msgspec.structs.replace(FUID, **change)
    for write in (fuid_files.xlsx, fuid_files.csv):
        with pytest.raises(Refused, match=said):
            write(wrong, "001-2024")


def test_an_unknown_norm_is_refused() -> None:
    with pytest.raises(Refused, match="006-2014"):
        fuid_files.csv(FUID, "006-2014")  # type: ignore[arg-type]


def test_an_inventory_of_nothing_is_one() -> None:
    empty = msgspec.structs.replace(FUID, filas=[], registro=None)
    assert fuid.inventory(empty, "001-2024").totales[2] == "Totales: 0 filas"
    assert len(fuid_files.csv(empty, "001-2024").splitlines()) == 1
    assert sheet(fuid_files.xlsx(empty, "001-2024")).cell(9, 3).value.startswith("Año ____")


SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def _converted(source: Path, kind: str) -> bytes:
    """What LibreOffice makes of a spreadsheet; skips where its Calc is not installed."""
    command = [
        SOFFICE or "", "--headless", f"-env:UserInstallation=file://{source.parent}/perfil",
        "--convert-to", kind, "--outdir", str(source.parent), str(source),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=180, check=False)
    result = source.with_suffix("." + kind.partition(":")[0])
    if not result.is_file():
        if b"could not be loaded" in done.stderr + done.stdout:
            pytest.skip("LibreOffice sin Calc (paquete libreoffice-calc)")
        pytest.fail(done.stderr.decode(errors="replace"))
    return result.read_bytes()


@pytest.mark.largo
@pytest.mark.skipif(SOFFICE is None, reason="sin LibreOffice")
@pytest.mark.parametrize("norma", BOTH)
def test_libreoffice_reads_the_same_cells(norma: Norma, tmp_path: Path) -> None:
    book = tmp_path / "fuid.xlsx"
    book.write_bytes(fuid_files.xlsx(FUID, norma))
    # Separator, quotes, UTF-8, from row 1; every text as it is held, numbers as they are.
    text = _converted(book, "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false")
    read = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";"))
    made = fuid.inventory(FUID, norma)
    top = next(n for n, row in enumerate(read) if row[0] == "1")
    expected = [*made.filas, made.totales]
    for got, cells in zip(read[top : top + len(expected)], expected, strict=True):
        wanted = ["" if seen(cell) is None else str(seen(cell)) for cell in cells]
        assert got == wanted
    printed = text_of(_converted(book, "pdf"))
    pages = printed.count("Fechas extremas")
    assert f"Hoja 1 de {pages}" in printed and f"Hoja {pages} de {pages}" in printed
