"""The hoja de control: what a clerk puts at the front of the expediente."""

from __future__ import annotations

from datetime import date

import pytest

from records import pdfa
from records.errors import Refused
from records.sheets import Sheet
from retention import hoja
from retention.hoja import Hoja, Row
from tests.conftest import text_of
from tests.records.test_sheets import AT, HEAD

ROWS = [
    Row("Oficio 2026-VU1-E-000001", date(2026, 1, 5), 1, 4),
    Row("Correo electrónico 2026-VU1-E-000002", date(2026, 1, 9), observaciones="Con 2 anexos"),
    Row("Acta de inicio", None, 5, 5),
]


def made(rows: list[Row] = ROWS, **more: str) -> Hoja:
    said = {
        "dependencia": "Secretaría de Planeación",
        "serie": "31 Contratos",
        "subserie": "02 Contratos de prestación de servicios",
        "expediente": "Contrato 012 de 2026 con la señora Íñiguez",
        "numero": "EXP-2026-000012",
        "norma": "Acuerdo 002 de 2014 (AGN), art. 12",
    }
    return Hoja(filas=rows, **(said | more))


def page(what: Hoja) -> bytes:
    return hoja.fill(Sheet(HEAD, hoja.TITLE, at=AT), what)


def test_the_sheet_lists_each_document_with_its_folios() -> None:
    data = page(made(caja="3", carpeta="12", responsable="Ana Gil", cargo="Técnica de archivo"))
    assert pdfa.findings(data) == []
    text = " ".join(text_of(data).split())
    for said in (
        "Hoja de control", "Secretaría de Planeación", "31 Contratos", "EXP-2026-000012",
        "02 Contratos de prestación de servicios", "Contrato 012 de 2026 con la señora Íñiguez",
        "Caja 3 · Carpeta 12", "2026-01-05", "Oficio 2026-VU1-E-000001", "Con 2 anexos", "S.F.",
        "Documentos: 3 · Folios: 5 (1 a 5) · Electrónicos, sin folios: 1.", "Ana Gil",
        "Técnica de archivo", "Acuerdo 002 de 2014 (AGN), art. 12", "Hoja 1 de 1",
    ):  # fmt: skip
        assert said in text, said
    assert data == page(
        made(caja="3", carpeta="12", responsable="Ana Gil", cargo="Técnica de archivo")
    )


def test_what_is_electronic_alone_has_neither_box_nor_folios() -> None:
    text = text_of(page(made([ROWS[1]])))
    assert "Caja" not in text
    assert "Folios: 0 · Electrónicos, sin folios: 1." in " ".join(text.split())


def test_each_page_of_a_long_one_is_a_hoja_with_its_titles() -> None:
    rows = [Row(f"Oficio {n}", date(2026, 1, 5), n, n) for n in range(1, 121)]
    text = text_of(page(made(rows)))
    assert "Hoja 1 de 3" in text and "Hoja 3 de 3" in text
    assert text.count("Tipo documental") == 3
    assert "Folios: 120 (1 a 120)" in " ".join(text.split())


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([(2, 3)], "empieza en el folio 2, y sigue el 1"),
        ([(1, 3), (5, 6)], "empieza en el folio 5, y sigue el 4"),
        ([(1, 3), (3, 6)], "empieza en el folio 3, y sigue el 4"),
        ([(1, 0)], "antes de donde empieza"),
        ([(1, None)], "solo uno"),
    ],
)
def test_folios_that_do_not_run_on_are_told(runs: list[tuple[int, int | None]], said: str) -> None:
    rows = [Row("Oficio", None, first, last) for first, last in runs]
    with pytest.raises(Refused, match=said):
        page(made(rows))
