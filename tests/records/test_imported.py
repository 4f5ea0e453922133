"""Records that another system numbered: taken in once, shown as unverified, and never treated as
the office's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from records import lines, verificador, verify
from records.errors import Refused
from records.imported import UNVERIFIED
from records.importing import Imported, Paper, Told
from records.lines import sha256
from records.office import Office
from tests.records import golden_imported
from tests.records.golden_imported import NUMBER
from tests.records.second import RAIZ, laid, verdicts

MANIFEST = {"origen": "orfeo", "archivo": "orfeo.sql"}
LETTER = Imported(
    radicado=NUMBER,
    clase="E",
    fecha="2015-03-02T10:11:12.000-05:00",
    tipo="Derecho de petición",
    dependencia="900",
    vence="2015-03-24",
    campos={"remitente": "Peña, José", "cedula": "79123456", "asunto": "Agua para la vereda"},
    documentos=[Paper("original", b"%PDF-1.4 de la bodega", "pdf")],
    historia={"eventos": [{"verbo": "Radicacion", "nota": "la trajo Peña"}]},
)


def taken(office: Office, *records: Imported) -> Told:
    return office.importar(records or (LETTER,), MANIFEST, origen="orfeo")


def test_what_was_imported_is_found_and_shown_as_unverified(office: Office) -> None:
    ours = office.radicar_sin_imagen({"remitente": "Ana", "asunto": "Agua del barrio"})
    told = taken(office)
    assert (told.radicados, told.repetidos, told.rechazados, told.documentos) == (1, 0, [], 1)
    view = office.ver(NUMBER)
    assert (view.estado, view.marcas, view.termino, view.vence) == (
        "importado", [UNVERIFIED], None, None,
    )  # fmt: skip
    assert view.importacion is not None
    assert view.importacion["nota"] == "importado de Orfeo, sin verificar"
    assert view.campos["remitente"] == "Peña, José" and view.fecha.startswith("2015-03-02")
    assert [d.rol for d in view.documentos] == ["original", "historia"]
    history = office.home / str(view.importacion["historia"])
    assert "la trajo Peña" in history.read_text(encoding="utf-8")
    for query in ("agua", "estado:importado", "origen:orfeo", NUMBER, "área:900", "peña"):
        assert NUMBER in [r.radicado for r in office.buscar(query).radicados], query
    found = office.buscar("agua").radicados
    assert [(r.radicado, r.origen) for r in found] == [(ours.radicado, None), (NUMBER, "orfeo")]
    pages = office.buscar("agua", limite=1)
    assert office.buscar("agua", limite=1, desde=pages.siguiente).radicados[0].radicado == NUMBER
    assert verify.verify(office, complete=True).hallazgos == []
    assert verificador.examine(office.home, office.keys.root_public())["hallazgos"] == []


def test_names_lie_in_the_ficha_alone(office: Office) -> None:
    taken(office)
    log = (office.home / "journal" / lines.stamp(lines.now())[:4] / "VU1.jsonl").read_text()
    assert "registro.importado" in log
    assert not [word for word in ("Peña", "79123456", "vereda") if word in log]


def test_a_second_run_doubles_nothing_and_goes_on_where_the_first_stopped(office: Office) -> None:
    more = [Imported(radicado=f"2016900{n:07d}2", clase="E") for n in range(450)]
    assert taken(office, *more[:300]).radicados == 300
    told = taken(office, *more)
    assert (told.radicados, told.repetidos) == (150, 300)
    assert office.buscar("origen:orfeo").total == 450 == len(office.importados("orfeo"))


def test_a_number_that_is_there_is_told_and_not_doubled(office: Office) -> None:
    ours = office.radicar_sin_imagen({"remitente": "Ana"}).radicado
    year = int(ours[:4])
    made = [
        LETTER,
        LETTER,
        Imported(radicado=ours, clase="E"),
        Imported(radicado=f"{year}-VU1-E-000077", clase="E"),
        Imported(radicado=f"{year + 1}-VU1R1-S-000001", clase="E"),
        Imported(radicado=f"{year - 9}-VU1-E-000077", clase="E"),
        Imported(radicado="../../etc", clase="E"),
        Imported(radicado="", clase="E"),
        Imported(radicado="20159000000099", clase="recibida"),
        Imported(radicado="20159000000098", clase="E", fecha="2015-02-30"),
    ]
    told = taken(office, *made)
    assert told.radicados == 2 == office.buscar("origen:orfeo").total
    assert [one.codigo for one in told.rechazados] == [
        "dos_veces", "ya_existe", "nuestro", "nuestro", "numero", "numero", "clase", "fecha",
    ]  # fmt: skip
    again = office.importar([LETTER], MANIFEST, origen="paquete")
    assert [one.codigo for one in again.rechazados] == ["ya_existe"]


def test_it_is_noted_and_classified_and_nothing_else(office: Office) -> None:
    taken(office)
    assert office.anotar(NUMBER, "el papel está en la caja 12").estado == "importado"
    assert office.clasificar(
        NUMBER, "clasificada", fundamento="18a", motivo="datos de terceros"
    ).nivel == "clasificada"  # fmt: skip
    assert office.buscar("caja").total == 0 and office.ver(NUMBER).marcas[0] == UNVERIFIED
    seen = Office(office.home, persona="nadie")
    assert seen.ver(NUMBER).campos == {} and UNVERIFIED in seen.ver(NUMBER).marcas
    area = next(iter(office.authority.areas))
    acts: list[Callable[[], Any]] = [
        lambda: office.asignar([NUMBER], area),
        lambda: office.devolver(NUMBER, "no es de esta dependencia"),
        lambda: office.archivar(NUMBER, motivo="porque sí fue así"),
        lambda: office.solicitar_anulacion(NUMBER, "se repitió el número dos veces"),
        lambda: office.rectificar(NUMBER, {"asunto": "otro"}, "estaba mal escrito"),
        lambda: office.constancia(NUMBER),
        lambda: office.etiqueta(NUMBER),
        lambda: office.pedir_vobo(NUMBER, "demo"),
        lambda: office.informar([NUMBER], persona="demo"),
        lambda: office.agendar(NUMBER, date(2099, 1, 1)),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.codigo == "importado"
    assert verify.verify(office).hallazgos == []


def test_it_is_in_no_list_of_what_is_ours(office: Office) -> None:
    ours = office.radicar_sin_imagen({"remitente": "Ana", "tipo": "peticion"}).radicado
    today = lines.now().date()
    taken(office, LETTER, Imported(radicado="20269000000012", clase="E", fecha=str(today)))
    counts = office.index.counts()
    assert (counts.radicados, counts.importados) == (1, 2)
    assert NUMBER not in [a.radicado for a in office.alertas()]
    assert {t.radicado for t in office.bandejas()} == {ours}
    assert office.buscar("estado:pendiente").total == 1
    assert office.buscar("vence<9999d").total == 1
    numbered = office.index.numbered("0001-01-01", "9999-12-31")
    assert [office.index.radicado_of(subject) for subject in numbered] == [ours]
    assert office.index.unsealed() == [] and office.index.without_image("VU1") == [ours]


def test_who_is_no_archivist_does_not_import(office: Office) -> None:
    office.agregar_persona(
        "luz", nombre="Luz", cargo="Auxiliar", roles=["ventanilla"], passphrase=None
    )
    with pytest.raises(Refused):
        taken(Office(office.home, persona="luz"))
    office.agregar_persona(
        "arturo", nombre="Arturo", cargo="Archivista", roles=["archivista"], passphrase=None
    )
    assert taken(Office(office.home, persona="arturo")).radicados == 1


def test_a_rehearsal_writes_nothing(office: Office) -> None:
    before = office.journal.last_seq(), list(office.vault.files())
    told = office.importar([LETTER, LETTER], MANIFEST, origen="orfeo", ensayo=True)
    assert (told.radicados, len(told.rechazados)) == (1, 1)
    assert (office.journal.last_seq(), list(office.vault.files())) == before


def test_a_lost_document_of_it_is_found_missing(office: Office) -> None:
    taken(office)
    path = office.vault.find(sha256(LETTER.documentos[0].datos))
    assert path is not None
    path.unlink()
    assert [f.codigo for f in verify.verify(office).hallazgos] == ["documento_perdido"]
    assert verificador.examine(office.home, office.keys.root_public())["hallazgos"]


# -- lies -----------------------------------------------------------------------------------------
def test_both_accept_what_was_imported(tmp_path: Path) -> None:
    assert verdicts(golden_imported.build(), tmp_path) == (True, True)
    state = Office(tmp_path / "casa").estado("VU1.3")
    assert (state.estado, state.radicado, state.acceso.nivel("2026-11-24")) == (
        "importado", NUMBER, "clasificada",
    )  # fmt: skip


LIES: list[tuple[str, dict[str, Any]]] = [
    ("importado", {"subject": "VU1.1"}),
    ("importado", {"subject": "VU1.9"}),
    ("importado", {"subject": "otro"}),
    ("importado", {"radicado": "2026-VU1-E-000001"}),
    ("segundo", {"radicado": NUMBER}),
    ("segundo", {"subject": "VU1.3"}),
    ("nota", {"radicado": "20159000000021"}),
    ("nota", {"radicado": "2026-VU1-E-000001"}),
    ("clasificado", {"radicado": "20159000000021"}),
    *(
        ("otro", {"tipo": kind, **more})
        for kind, more in (
            ("tramite.conocido", {"dependencia": "900"}),
            ("anulacion.solicitada", {}),
            ("tramite.archivado", {"causa": "x"}),
            ("documento.expedido", {"rol": "constancia", "documento": "0" * 64,
                                    "certificado": "0" * 64}),
            ("radicado.rectificado", {"despues": {"tipo": "queja"}}),
            ("papel.movido", {"lugar": "archivo"}),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("step", "told"), LIES)
def test_both_refuse_lies_about_it(step: str, told: dict[str, Any], tmp_path: Path) -> None:
    assert verdicts(golden_imported.build(step, **told), tmp_path) == (False, False)


@pytest.mark.parametrize("name", ["lote", "historia", "documentos"])
def test_both_miss_a_document_of_it(name: str, tmp_path: Path) -> None:
    lost = "0" * 64
    value = [["original", lost]] if name == "documentos" else lost
    home = laid(golden_imported.build("importado", **{name: value}), tmp_path / "casa")
    assert verificador.examine(home, RAIZ)["hallazgos"]
    assert lost in " ".join(f.mensaje for f in verify.verify(Office(home)).hallazgos)


@pytest.mark.parametrize(
    "told", [{"fecha": "2015-02-30"}, {"radicado": "../../x"}, {"vence": "mañana"}]
)
def test_the_first_finds_what_cannot_be(told: dict[str, Any], tmp_path: Path) -> None:
    assert verdicts(golden_imported.build("segundo", **told), tmp_path)[0] is False
