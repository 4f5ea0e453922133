"""Old collections: their inventory comes out of the spreadsheet that an office has, whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from records import verificador, verify
from records.errors import Refused
from records.journal import Draft
from records.office import Office
from records.preserving import FundListed, fund_subject
from retention import backlog, fuid, trd_reading
from retention.preservation import Preservation
from tests.program import here

TODAY = date(2026, 3, 2)
HEAD = (
    "N° de orden;Código;Nombre de la serie, subserie o asuntos;Fechas extremas;;"
    "Unidad de conservación;;;N.º de folios;Soporte;Frecuencia de consulta;Notas;Estante\r\n"
    ";;;Inicial;Final;Caja;Carpeta;Tomo;;;;;\r\n"
)
ROWS = (
    "1;;Nóminas del ferrocarril;1951;1953-06;1;1;;210;Papel;Baja;Hongos;A-3\r\n"
    "2;100;Escrituras;02/03/1960;s.f.;1;2;II;1.204;;;;\r\n"
    "3;;Fotografías;;;;;;;CD;alta;;\r\n"
)
INVENTORY = f"FONDO ACUMULADO\r\nAlcaldía de Peñas;\r\n{HEAD}{ROWS}"


def read(text: str, **named: str) -> backlog.Found:
    return backlog.read_fund(trd_reading.read_bytes(text.encode("cp1252")), named, TODAY)


def test_the_head_is_known_in_one_row_or_two_and_cells_mean_what_they_say() -> None:
    found = read(INVENTORY)
    assert found.rechazadas == []
    one, two, three = found.filas
    assert (one.fila, one.asunto, one.inicial, one.final) == (
        5, "Nóminas del ferrocarril", "1951", "1953-06",
    )  # fmt: skip
    assert (one.caja, one.carpeta, one.estante, one.folios) == ("1", "1", "A-3", 210)
    assert (two.codigo, two.inicial, two.final, two.tomo) == ("100", "1960-03-02", "", "II")
    assert (two.folios, three.soporte, three.frecuencia) == (1204, "CD", "alta")
    assert any("1 filas no dicen dónde están" in text for text in found.avisos)
    plain = read("Serie/Asunto,Caja,Desde,Hasta,Observaciones,Color\r\nActas,3,1950,1951,,rojo\r\n")
    assert (plain.filas[0].asunto, plain.filas[0].caja) == ("Actas", "3")
    assert any("Color" in text for text in plain.avisos)
    named = read("Qué es;Dónde\r\nActas;3\r\n", asunto="Qué es", caja="dónde")
    assert named.filas[0].caja == "3"
    for head, code in (("a;b", "sin_encabezado"), ("Caja;Serie;Asunto", "columnas_repetidas")):
        with pytest.raises(Refused) as told:
            read(f"{head}\r\n1;2;3\r\n")
        assert told.value.codigo == code


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("Actas;1950;1940;1", "termina en 1940"),
        ("Actas;50;1951;1", "«50»"),
        ("Actas;31/02/1950;;1", "no existe"),
        ("Actas;2031;;1", "no puede ser"),
        ("Actas;;;muchos", "los folios dicen «muchos»"),
        (";1950;;1", "falta el asunto"),
        ("Actas;;;1;piedra", "el soporte dice «piedra»"),
    ],
)
def test_a_dirty_row_is_told_with_its_number_and_its_reason(cells: str, why: str) -> None:
    found = read(f"Asunto;Desde;Hasta;Folios;Soporte\r\nBien;1950;1950-02;;\r\n{cells}\r\n")
    (bad,) = found.rechazadas
    assert bad.fila == 3 and why in bad.motivo and len(found.filas) == 1


def test_the_rows_make_a_fuid() -> None:
    rows = backlog.fuid_rows(read(INVENTORY).filas)
    one = rows[0]
    assert (one.inicial, one.final) == (date(1951, 1, 1), date(1953, 6, 30))
    assert "solo se sabe 1951" in one.notas and one.ubicacion == "A-3" and one.fisico
    made = fuid.Fuid(
        entidad_productora="Alcaldía",
        objeto="fondo_acumulado",
        filas=rows,
        hecho=verify.lines.now(),
    )
    assert len(fuid.inventory(made, "001-2024").filas) == 3


def both_accept(office: Office) -> tuple[bool, bool]:
    office.index.catch_up()
    found = verificador.examine(office.home, office.keys.root_public())
    return verify.verify(office).ok, not found["hallazgos"]


def test_a_collection_is_taken_whole_or_not_at_all_and_shown(
    office: Office, tmp_path: Path
) -> None:
    file, at = tmp_path / "fondo.csv", ("--json", "--casa", office.home)
    file.write_bytes((INVENTORY + "4;;;1950;;1;9;;;;;;\r\n").encode("cp1252"))
    before = office.index.of_type("fondo.inventariado")
    told = here("fondo", "importar", file, *at)
    assert told.code == 1 and told.json["error"]["codigo"] == "fondo_sucio"
    assert [(r["fila"], r["motivo"]) for r in told.json["rechazadas"]] == [
        (8, "falta el asunto o la serie")
    ]
    assert office.index.of_type("fondo.inventariado") == before == []
    done = here("fondo", "importar", file, "--aceptar-limpias", "--nombre", "Ferrocarril", *at)
    assert done.code == 0, done.err
    year = done.json["fondo"].split("-")[1]
    assert done.json["fondo"] == f"FA-{year}-VU1-1" and done.json["filas"] == 3
    again = here("fondo", "importar", file, "--aceptar-limpias", "--nombre", "Ferrocarril", *at)
    assert again.json["error"]["codigo"] == "ya_inventariado"
    file.write_bytes(INVENTORY.encode())
    second = Preservation(office).importar_fondo(file)
    assert second.fondo == f"FA-{year}-VU1-2" and second.nombre == "fondo"
    (one, two) = here("fondo", "lista", *at).json["fondos"]
    assert (one["nombre"], one["filas"], two["fondo"]) == ("Ferrocarril", 3, second.fondo)
    seen = here("fondo", "ver", done.json["fondo"].lower(), *at)
    assert seen.json["filas"][0]["asunto"] == "Nóminas del ferrocarril"
    assert "Nóminas" in here("fondo", "ver", second.fondo, "--casa", office.home).out
    assert here("fondo", "ver", "FA-1", *at).json["error"]["codigo"] == "no_existe"
    with pytest.raises(Refused) as refused:
        Preservation(Office(office.home, persona="cruiz")).importar_fondo(file)
    assert refused.value.codigo == "sin_permiso"
    assert both_accept(office) == (True, True)

    fact = FundListed(fondo=second.fondo, filas=3, documento=str(second.documento))
    office.asentar(lambda _: [Draft(fact, fund_subject(fact.fondo), "demo")])
    assert both_accept(office) == (False, False)  # the same number twice
