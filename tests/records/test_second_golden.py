"""Two verifiers that share no code: both accept the golden logs, and refuse what is said falsely in
each of them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from records import events, rounds, verificador, verify
from records.office import Office
from records.tail import Broken
from tests.conftest import ROOT
from tests.records import (
    forgery,
    golden,
    golden_archive,
    golden_disposal,
    golden_imported,
    golden_letters,
    golden_petition,
    golden_reserva,
    golden_rounds,
    golden_stack,
    golden_tramite,
    lies,
)
from tests.records.second import FOLDER, PUNTOS, RAIZ, laid, verdicts, verify_only_logs


def test_the_golden_logs_are_written_alike() -> None:
    kept = {p.relative_to(FOLDER).as_posix(): p for p in FOLDER.rglob("*") if p.is_file()}
    built = golden.build()
    assert sorted(kept) == sorted(built)
    assert all(kept[name].read_bytes() == raw for name, raw in built.items())
    for row in kept[golden.MANIFEST].read_text().splitlines():
        digest, name = row.split("  ")
        assert hashlib.sha256(kept[name].read_bytes()).hexdigest() == digest


def test_the_stack_is_written_alike_and_both_accept_it(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "format" / "pila"
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    built = golden_stack.build()
    manifest = built.pop(golden.MANIFEST)
    assert kept == built and (folder / golden.MANIFEST).read_bytes() == manifest
    assert verdicts(built, tmp_path) == (True, True)
    roles = [d.rol for d in Office(tmp_path / "casa").estado("VU1.1").documentos]
    assert roles == ["original", "registro", "acuse"]


def test_the_way_through_the_office_is_written_alike_and_both_accept_it(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "format" / "tramite"
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    built = golden_tramite.build()
    manifest = built.pop(golden.MANIFEST)
    assert kept == built and (folder / golden.MANIFEST).read_bytes() == manifest
    assert verdicts(built, tmp_path) == (True, True)
    office = Office(tmp_path / "casa")
    one, two = (office.estado(f"VU1.{n}") for n in (1, 3))
    assert (one.estado, one.tramite.responsable) == ("en_tramite", "ana")
    assert (two.estado, two.tramite.waits()) == ("archivado", [])
    (away,) = office.ausencias(todas=True)
    assert (away.persona, away.hasta, away.reemplaza) == ("ana", "2026-11-27", "luz")


def test_what_is_reserved_is_written_alike_and_both_accept_it(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "format" / "reserva"
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    built = golden_reserva.build()
    manifest = built.pop(golden.MANIFEST)
    assert kept == built and (folder / golden.MANIFEST).read_bytes() == manifest
    assert verdicts(built, tmp_path) == (True, True)
    state = Office(tmp_path / "casa").estado("VU1.1")
    assert (state.estado, state.acceso.nivel("2026-11-24")) == ("radicado", "publica")
    assert state.acceso.reservado_desde == "2026-11-23" and state.acceso.permisos == {}
    assert [d.rol for d in state.documentos] == ["original", "version_publica"]


def test_both_refuse_access_to_another_record_and_a_version_of_another(tmp_path: Path) -> None:
    for kind, told in (
        ("permitido", {"radicado": "2026-VU1-E-000002"}),
        ("version_publica", {"original": "0" * 64}),
        ("version_publica", {"sha256": "0" * 64}),
    ):
        files = golden_reserva.build(kind, **told)
        home = laid(files, tmp_path / "casa")
        assert verificador.examine(home, RAIZ)["hallazgos"], (kind, told)
        assert not verify.verify(Office(home)).ok, (kind, told)
    files = golden_reserva.build("clasificado", hasta="2031-02-30")  # a form: the first alone
    assert verdicts(files, tmp_path) == (False, True)


def test_both_refuse_an_answer_to_what_nobody_asked(tmp_path: Path) -> None:
    for kind, name in (
        ("vobo_dado", "pedido"), ("enterado", "informe"), ("vobo_pedido", "en_vez"),
        ("informado", "en_vez"),
    ):  # fmt: skip
        files = golden_tramite.build(kind, **{name: "0" * 64})
        assert verdicts(files, tmp_path) == (False, False), kind


def test_both_refuse_a_step_on_another_record(tmp_path: Path) -> None:
    files = golden_tramite.build("archivado", radicado="2026-VU1-E-000001")
    assert verdicts(files, tmp_path) == (False, False)


def test_the_hand_over_is_written_alike_and_both_accept_it(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "format" / "planillas"
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    built = golden_rounds.build()
    manifest = built.pop(golden.MANIFEST)
    assert kept == built and (folder / golden.MANIFEST).read_bytes() == manifest
    assert verdicts(built, tmp_path) == (True, True)
    rows = built["journal/2026/VU1.jsonl"].splitlines()
    assert {forgery.body_of(raw)["type"] for raw in rows} >= set(rounds.TYPES)
    places = [Office(tmp_path / "casa").estado(f"VU1.{n}").papel for n in (1, 3, 5)]
    assert [p.lugar for p in places if p] == ["archivo", "ventanilla", "mensajero"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("planilla.creada", {"n": 2}),
        ("planilla.creada", {"anterior": 3}),
        ("planilla.creada", {"vigencia": 2025}),
        ("planilla.creada", {"planilla": "2026-VU1-PL-000002"}),
        ("planilla.recibida", {"planilla": "2026-VU1-PL-000002"}),
        ("planilla.devuelta", {"sha256": "0" * 64}),
        ("planilla.reimpresa", {"planilla": "2026-VU1-PL-000001"}),
        ("planilla.perdida", {"planilla": "2026-VU1-PL-000009"}),
        ("papel.movido", {"radicado": "2026-VU1-E-000002"}),
        ("papel.movido", {"radicado": "2026-VU1-E-000009"}),
    ],
)
def test_both_refuse_a_lie_about_a_planilla(kind: str, told: Any, tmp_path: Path) -> None:
    assert verdicts(golden_rounds.build(kind, **told), tmp_path) == (False, False)


def test_both_miss_a_planillas_sheet(tmp_path: Path) -> None:
    home = laid(golden_rounds.build("planilla.creada", documento="0" * 64), tmp_path / "casa")
    assert verificador.examine(home, RAIZ)["hallazgos"]
    found = verify.verify(Office(home)).hallazgos
    assert "0" * 64 in " ".join(f"{one.mensaje} {one.archivo}" for one in found)


def test_what_the_office_writes_is_written_alike_and_both_accept_it(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "format" / "cartas"
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    built = golden_letters.build()
    manifest = built.pop(golden.MANIFEST)
    assert kept == built and (folder / golden.MANIFEST).read_bytes() == manifest
    assert verdicts(built, tmp_path) == (True, True)
    office = Office(tmp_path / "casa")
    asked, letter = office.estado("VU1.1"), office.estado("VU1.3")
    steps = [(a.paso, a.salida) for a in asked.tramite.respuestas.values()]
    assert steps == [("enviada", "2026-VU1-S-000001"), ("aprobada", "2026-VU1-S-000002")]
    assert [d.estado for d in letter.envio.destinatarios] == ["entregado", "notificado"]
    assert (letter.estado, asked.estado) == ("enviado", "respondido")
    assert (letter.carta.firmo, letter.carta.presentada and letter.carta.presentada.a) == (
        "luz", ["2026-VU1-E-000001"],
    )  # fmt: skip


LETTER_LIES: list[tuple[str, dict[str, Any]]] = [
    ("radicado.asignado", {"aprobacion": "0" * 64}),
    ("radicado.asignado", {"recepcion": "VU1.1"}),
    ("radicado.asignado", {"aprobacion": None, "recepcion": "VU1.3"}),
    ("radicado.asignado", {"imagen": "0" * 64}),
    ("respuesta.aprobada", {"version": "0" * 64}),
    ("respuesta.aprobada", {"sha256": "0" * 64}),
    ("respuesta.revisada", {"version": "0" * 64}),
    ("respuesta.revisada", {"por": ["nadie"]}),
    ("respuesta.firmada", {"version": "0" * 64}),
    ("respuesta.retirada", {"version": "0" * 64}),
    ("tramite.respuesta", {"radicado": "2026-VU1-E-000009"}),
    ("envio.registrado", {"radicado": "2026-VU1-E-000001"}),
    ("envio.registrado", {"intento": 2}),
    ("envio.devuelto", {"intento": 2}),
    ("envio.entregado", {"intento": 3}),
]


@pytest.mark.parametrize(("kind", "told"), LETTER_LIES)
def test_both_refuse_lies_about_letters(kind: str, told: dict[str, Any], tmp_path: Path) -> None:
    # A lie that the writer itself would not write needs no verifier.
    try:
        files = golden_letters.build(kind, **told)
    except Broken:
        return
    assert verdicts(files, tmp_path) == (False, False)


def test_the_life_of_a_petition_is_written_alike_and_both_accept_it(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "format" / "peticion"
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    built = golden_petition.build()
    manifest = built.pop(golden.MANIFEST)
    assert kept == built and (folder / golden.MANIFEST).read_bytes() == manifest
    assert verdicts(built, tmp_path) == (True, True)
    first, second = (Office(tmp_path / "casa").estado(f"VU1.{n}") for n in (1, 3))
    way = first.tramite
    assert (way.prioritario, way.prioridad, way.ampliado) == (True, ["vida_salud"], "2027-01-25")
    assert (first.vence, first.due) == ("2026-12-16T23:59:59-05:00", "2026-12-17T23:59:59-05:00")
    assert [(v.con, v.como, v.viene) for v in way.vinculos] == [
        ("2026-VU1-E-000002", "alcance", True)
    ]
    assert (second.tramite.acumulado, second.tramite.prioritario) == ("2026-VU1-E-000001", False)
    assert (first.acceso.identidad_protegida, second.acceso.identidad_protegida) == (True, False)


PETITION_LIES: list[tuple[str, dict[str, Any]]] = [
    ("tramite.acuse", {"radicado": "2026-VU1-E-000002"}),
    ("tramite.priorizado", {"radicado": "2026-VU1-E-000002"}),
    ("acceso.identidad", {"radicado": "2026-VU1-E-000009"}),
    ("tramite.vinculado", {"radicado": "2026-VU1-E-000001"}),
    ("tramite.acumulado", {"radicado": "2026-VU1-E-000001"}),
    ("tramite.ampliado", {"radicado": "2026-VU1-E-000003"}),
    ("tramite.recalculado", {"radicado": "2026-VU1-E-000003"}),
]


@pytest.mark.parametrize(("kind", "told"), PETITION_LIES)
def test_both_refuse_what_is_said_of_another_petition(
    kind: str, told: dict[str, Any], tmp_path: Path
) -> None:
    assert verdicts(golden_petition.build(kind, **told), tmp_path) == (False, False)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("tramite.acuse", {"enviado": "2026-11-23T23:00:00.000-05:00"}),
        ("tramite.vinculado", {"con": "2026-VU1-E-000002"}),
        ("tramite.acumulado", {"en": "2026-VU1-E-000002"}),
        ("tramite.ampliado", {"hasta": "2026-02-30"}),
        ("tramite.recalculado", {"vence": "mañana"}),
        ("tramite.recalculado", {"vence_legal": "mañana"}),
    ],
)
def test_the_first_finds_hours_days_and_ties_that_cannot_be(
    kind: str, told: dict[str, Any], tmp_path: Path
) -> None:
    assert verdicts(golden_petition.build(kind, **told), tmp_path)[0] is False
    files = golden_letters.build("tramite.completado", vence="mañana")
    assert verdicts(files, tmp_path / "otra")[0] is False


def test_the_archive_is_written_alike_and_both_accept_it(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "format" / "archivo"
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    built = golden_archive.build()
    manifest = built.pop(golden.MANIFEST)
    assert kept == built and (folder / golden.MANIFEST).read_bytes() == manifest
    assert verdicts(built, tmp_path) == (True, True)
    office = Office(tmp_path / "casa")
    office.index.catch_up()
    found = {e.numero: e for e in office.index.expedientes()}
    assert found[golden_archive.ONE].fase == "central" and found[golden_archive.TWO].estado == (
        "cerrado"
    )
    there = found[golden_archive.THERE]
    assert (there.fase, there.documentos, there.abierto[:4]) == ("historico", 1, "2025")
    assert [t.estado for t in office.index.transfers()] == ["devuelta", "aceptada"]


ARCHIVE_LIES: list[tuple[str, int, dict[str, Any], str]] = [
    # type, which one, what is said instead, and who judges it; "second": by the vault
    ("expediente.abierto", 0, {"n": 2}, "both"),
    ("expediente.abierto", 1, {"anterior": None}, "both"),
    ("expediente.abierto", 1, {"expediente": "2026-VU1-EXP-000001"}, "both"),
    ("expediente.incorporado", 0, {"orden": 2}, "first"),
    ("expediente.incorporado", 2, {"radicado": "2026-VU1-E-000001"}, "first"),
    ("expediente.incorporado", 0, {"expediente": "2026-VU1-EXP-000002"}, "both"),
    ("expediente.retirado", 0, {"orden": 7}, "first"),
    ("expediente.devuelto", 0, {"expediente": "2026-VU1-EXP-000009"}, "both"),
    ("expediente.referido", 0, {"con": "2026-VU1-EXP-000002"}, "first"),
    ("expediente.hecho", 0, {"fecha": "2026-11-24"}, "first"),
    ("expediente.cerrado", 0, {"documentos": 2}, "first"),
    ("expediente.cerrado", 0, {"fecha": "2026-02-30"}, "first"),
    ("expediente.cerrado", 0, {"indice": "0" * 64}, "second"),
    ("expediente.cerrado", 0, {"hoja": "0" * 64}, "second"),
    ("expediente.cerrado", 0, {"certificado": "0" * 64}, "both"),
    ("expediente.reabierto", 0, {"expediente": "2026-VU1-EXP-000002"}, "both"),
    ("expediente.liberado", 0, {"retencion": "0" * 64}, "first"),
    ("transferencia.preparada", 0, {"n": 2}, "both"),
    ("transferencia.preparada", 1, {"expedientes": []}, "first"),
    ("transferencia.aceptada", 0, {"paquete": "0" * 64}, "first"),
    ("transferencia.aceptada", 0, {"acta": "0" * 64}, "second"),
    ("transferencia.devuelta", 0, {"transferencia": "2026-VU1-TRF-000002"}, "both"),
    ("expediente.transferido", 0, {"transferencia": "2026-VU1-TRF-000001"}, "first"),
    ("expediente.transferido", 0, {"fase": "historico"}, "first"),
    ("expediente.recibido", 0, {"trd": "0" * 64}, "second"),
    ("paquete.recibido", 0, {"subject": "paquete.otro"}, "first"),
    ("registro.migrado", 0, {"de": "0" * 64}, "both"),
    ("registro.migrado", 0, {"radicado": "2026-VU1-E-000002"}, "both"),
    ("registro.migrado", 0, {"a": "0" * 64}, "second"),
    ("integridad.revisada", 0, {"certificado": "0" * 64}, "both"),
    ("integridad.revisada", 0, {"faltan_total": 1}, "first"),
    ("fondo.inventariado", 0, {"documento": "0" * 64}, "second"),
]


@pytest.mark.parametrize(("kind", "n", "told", "judge"), ARCHIVE_LIES)
def test_lies_about_the_archive_are_refused(
    kind: str, n: int, told: dict[str, Any], judge: str, tmp_path: Path
) -> None:
    first, second = verdicts(golden_archive.build(kind, n, **told), tmp_path)
    assert first == (judge == "second") and second == (judge == "first")


def test_the_golden_logs_hold_every_type_that_the_page_tells() -> None:
    page = (ROOT / "docs" / "format" / "eventos.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(.+?)\]", page, re.MULTILINE)
    told = {kind for row in rows for kind in re.findall(r"`([a-z_.]+)`", row)}
    held = {forgery.body_of(raw)["type"] for punto in PUNTOS for _, raw in forgery.rows(punto)}
    built = [golden_tramite, golden_letters, golden_reserva, golden_rounds, golden_petition]
    built += [golden_imported, golden_archive, golden_disposal]
    for later in (one.build() for one in built):
        names = [f"journal/{year}/{punto}.jsonl" for year in (2026, 2027) for punto in PUNTOS]
        logs = [later.get(name, b"") for name in names]
        held |= {forgery.body_of(raw)["type"] for log in logs for raw in log.splitlines()}
    assert held - {"futuro.tipo"} == told == set(events.TYPES)


def test_both_accept_the_golden_logs_and_what_is_not_a_lie(tmp_path: Path) -> None:
    assert verdicts(golden.build(), tmp_path) == (True, True)
    found = verificador.examine(tmp_path / "casa", RAIZ)
    assert found["documentos"] == len(list(FOLDER.glob("vault/*/*"))) > 15
    assert found["sellos"] == len(list(FOLDER.glob("checkpoints/*/*"))) > 3
    assert {name: verdicts(told(), tmp_path) for name, told in lies.TRUE.items()} == dict.fromkeys(
        lies.TRUE, (True, True)
    )


def test_both_accept_the_small_example(tmp_path: Path) -> None:
    example = ROOT / "docs" / "format" / "ejemplo"
    files = {p.relative_to(example).as_posix(): p for p in example.rglob("*") if p.is_file()}
    assert verificador.examine(example, RAIZ)["hallazgos"] == []
    assert verify_only_logs({name: path.read_bytes() for name, path in files.items()}, tmp_path)
