"""The hand-over from outside: a planilla goes out, comes back through the scanner, and is told."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from ingest import marks
from ingest.reader import Reader
from ingest.reception import Recepcion
from records import slips, verify
from records.office import Office
from tests import scans
from tests.conftest import ROOT, receive, text_of
from tests.program import Result, here

AREA = "140"


def numbered(office: Office, n: int, start: int = 0) -> list[str]:
    fields = {"remitente": "Ana", "asunto": "Talud", "dependencia": AREA}
    return [office.radicar(s, fields).radicado for s in receive(office, n, start=start)]


def code_of(office: Office, numero: str) -> str:
    found = office.planilla(numero)
    assert found is not None
    return slips.code_text(numero, found.hecha.codigo)


def all_verifies(office: Office) -> None:
    report = verify.verify(office)
    assert report.ok, report.hallazgos


# -- commands -------------------------------------------------------------------------------------
def test_a_round_by_its_commands(office: Office) -> None:
    one, two, three = numbered(office, 3)
    office.index.close()
    casa = office.home

    def said(*words: str, persona: str = "demo") -> Result:
        return here(*words, "--json", "--casa", casa, "--persona", persona)

    made = said("planilla", "crear", "--dependencia", AREA, "--ronda", "mañana")
    assert made.code == 0, made.err
    name = made.json["planilla"]
    assert made.json["lineas"] == [
        {"n": n, "radicado": r} for n, r in enumerate((one, two, three), start=1)
    ]
    sheet = text_of(Path(made.json["archivo"]).read_bytes())
    assert all(word in sheet for word in (name, one, two, three, "mañana"))
    empty = said("planilla", "crear", "--dependencia", AREA)
    assert empty.code == 1 and empty.json["error"]["codigo"] == "planilla_vacia"
    assert empty.json["error"]["norma"].startswith("Acuerdo 060 de 2001 (AGN), art. 8")
    taken = said(
        "planilla", "recibir", name, "--linea", "2=rechazado:es de Gobierno",
        "--linea", "1=recibido",
        persona="mquintero",
    )  # fmt: skip
    assert taken.code == 0, taken.err
    assert [(row["n"], row["resultado"]) for row in taken.json["lineas"]] == [
        (1, "recibido"),
        (2, "rechazado"),
    ]
    assert taken.json["abiertas"] == 1 and taken.json["estado"] == "sin_devolver"
    again = said("planilla", "recibir", name, "--linea", "1=faltante", persona="mquintero")
    assert again.code == 1 and again.json["error"]["codigo"] == "linea_resuelta"
    for wrong in ("1", "x=recibido", "1=perdido", "1:recibido"):
        assert said("planilla", "recibir", name, "--linea", wrong, "--hoja").code == 2
    twice = ("--linea", "3=recibido", "--linea", "3=faltante")
    assert said("planilla", "recibir", name, *twice, "--hoja").code == 2
    listed = said("planilla", "lista", "--sin-devolver", "--dependencia", AREA).json["planillas"]
    assert [(row["planilla"], row["abiertas"]) for row in listed] == [(name, [3])]
    copy = said("planilla", "imprimir", name)
    assert copy.json["copia"] == 1
    assert "DUPLICADO 1" in text_of(Path(copy.json["archivo"]).read_bytes())
    assert said("planilla", "perdida", name).code == 2
    lost = said("planilla", "perdida", name, "--motivo", "se mojó en la ronda")
    assert lost.json["libres"] == [three]
    seen = said("planilla", "ver", name).json
    assert seen["estado"] == "perdida" and seen["motivo"] == "se mojó en la ronda"
    assert seen["lineas"][1]["causa"] == "es de Gobierno" and seen["ronda"] == "mañana"
    assert said("papel", one, "--a", "archivo").code == 0
    paper = said("ver", one).json["papel"]
    assert paper["lugar"] == "archivo" and len(paper["pasos"]) == 3
    found = said("buscar", "papel:ventanilla").json["radicados"]
    assert [row["radicado"] for row in found] == [three, two]
    assert seen["lineas"][0]["actor"] == "mquintero"
    again = said("planilla", "crear", "--dependencia", AREA, "--radicado", three).json["planilla"]
    signed = "--todas", "--hoja", "--recibe", "Luis Paz"
    told = here("planilla", "recibir", again, *signed, "--casa", casa, "--persona", "demo")
    assert "falta la hoja firmada" in told.out and "recibido · Luis Paz" in told.out
    shown = here("planilla", "ver", again, "--casa", casa)
    assert "1 línea" in shown.out and "1 líneas" not in shown.out and "hoy" in shown.out
    assert "falta la hoja firmada" in shown.out and "recibido · Luis Paz" in shown.out
    human = here("ver", two, "--casa", casa)
    assert f"El papel está en la ventanilla; {AREA} lo rechazó (planilla {name}" in human.out
    for words in (["lista"], ["ver", name]):
        shown = here("planilla", *words, "--casa", casa)
        assert shown.code == 0 and "PERDIDA" in shown.out
    act = ("--nivel", "clasificada", "--fundamento", "18a", "--motivo", "datos de salud")
    assert said("clasificar", two, *act, persona="ntorres").code == 0
    rows = said("planilla", "ver", name, persona="pbenitez").json["lineas"]
    assert rows[1]["causa"] == "«clasificado»"
    assert said("verificar").json["ok"] is True


def test_a_class_of_planillas_is_reserved(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    assert 'I = "' in text
    config.write_text(text.replace('I = "', 'PL = "Planos"\nI = "', 1), encoding="utf-8")
    done = here("iniciar", "--config", config, "--demo", "--casa", tmp_path / "o", "--json")
    assert done.code == 1 and "PL" in json.dumps(done.json["error"])


# -- the scanner ----------------------------------------------------------------------------------
@pytest.fixture
def reception(office: Office) -> Iterator[Recepcion]:
    if shutil.which("tesseract") is None:
        pytest.skip("no hay Tesseract en esta máquina")
    with Reader(workers=1) as reader:
        yield Recepcion(Office(office.home), reader=reader)


def scanned(path: str, dpi: int = 200) -> list[Image.Image]:
    with pypdfium2.PdfDocument(io.BytesIO(Path(path).read_bytes())) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]


def test_the_printed_sheets_code_is_read_at_200_dpi(office: Office) -> None:
    numbered(office, 1)
    made = office.crear_planilla(AREA)
    (page,) = scanned(made.archivo)
    assert marks.look(page, 200, 200).etiqueta == code_of(office, made.planilla)


def test_the_signed_sheet_comes_back_through_the_scanner(reception: Recepcion) -> None:
    office = reception.office
    numbered(office, 12)
    made = office.crear_planilla(AREA)
    office.recibir_planilla(made.planilla, {2: ("faltante", "")}, hoja=True)
    scans.tiff(office.home / "hoja.tif", scans.black(scanned(made.archivo)))
    (done,) = reception.recibir([office.home / "hoja.tif"])
    assert (done.estado, done.motivo) == ("incorporado", f"hoja firmada de {made.planilla}")
    assert reception.bandeja() == []
    (listed,) = office.planillas()
    assert listed.estado == "por_confirmar" and listed.abiertas == [1, *range(3, 13)]
    assert listed.devuelta is not None and office.planillas(sin_devolver=True) == []
    (sheet,) = office.ver_planilla(made.planilla).hojas
    assert sheet is not None and (office.home / sheet).is_file()
    (gone,) = office.cierre().descartados
    assert (gone["motivo"], gone["de"]) == ("planilla", made.planilla)
    office.recibir_planilla(made.planilla, {}, todas=True, hoja=True, recibe="M. Quintero")
    assert office.planillas()[0].estado == "cerrada"
    all_verifies(office)


def sheet_of(
    reception: Recepcion, pages: list[str | tuple[str, str] | None], lane: str | None
) -> str:
    path = scans.text_pdf(reception.office.home.parent / "hoja.pdf", pages)
    done = reception.recibir([path], carril=lane)
    return done[0].estado


def test_what_may_be_no_sheet_is_left_to_a_person(reception: Recepcion) -> None:
    office = reception.office
    numbered(office, 1)
    name = office.crear_planilla(AREA).planilla
    code = code_of(office, name)
    number = reception.radicar_sin_imagen({"remitente": "Eva"})
    label = f"VENTANILLA 1 {number.radicado} {number.evento[:16].upper()}"
    assert sheet_of(reception, [("hoja", code), ("carta", label)], "fax") == "por_radicar"
    assert sheet_of(reception, [("hoja", code[:-4] + "0000")], None) == "por_radicar"
    assert sheet_of(reception, [("hoja por fax", code)], "fax") == "por_radicar"
    both, forged, fax = reception.bandeja()
    assert "sepárelos" in both.notas[-1] and "no corresponde" in forged.notas[-1]
    assert "llegó de fuera" in fax.notas[-1] and name in fax.notas[-1]
    done = here("incorporar", fax.id, name.lower(), "--json", "--casa", office.home)
    assert done.code == 0 and done.json["planilla"] == name and done.json["rol"] == "hoja"
    mine = reception.radicar_sin_imagen({"remitente": "Ana", "dependencia": AREA}).radicado
    gone = office.crear_planilla(AREA, [mine]).planilla
    office.perder_planilla(gone, "se mojó en la ronda")
    assert sheet_of(reception, [("hoja", code_of(office, gone))], None) == "por_radicar"
    told = reception.bandeja()[-1].notas[-1]
    assert "perdida" in told and "descartar" in told and "incorporar" not in told
    all_verifies(office)


def test_a_sheet_among_labelled_papers_is_no_page_of_theirs(reception: Recepcion) -> None:
    office = reception.office
    numbered(office, 1)
    name = office.crear_planilla(AREA).planilla
    number = reception.radicar_sin_imagen({"remitente": "Eva"})
    label = f"VENTANILLA 1 {number.radicado} {number.evento[:16].upper()}"
    pages: list[str | tuple[str, str] | None] = [("carta", label), ("hoja", code_of(office, name))]
    assert sheet_of(reception, pages, None) == "dividido"
    assert reception.bandeja() == []
    assert office.planillas()[0].devuelta is not None
    record = office.ver(number.radicado)
    assert [d.paginas for d in record.documentos if d.rol == "registro"] == [1]
    all_verifies(office)
