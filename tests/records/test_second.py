"""Two verifiers that share no code: both accept the golden logs, both refuse each lie in them."""

from __future__ import annotations

import ast
import copy
import hashlib
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from records import checking, checking_logs, events, lines, rounds, segments, verificador, verify
from records import tail as tails
from records.lines import BadLine
from records.office import Office
from records.tail import Broken, Tail
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
from tests.records.lies import Files

FOLDER = ROOT / "docs" / "format" / "completo"
SCRIPT = ROOT / "records" / "verificador.py"
RAIZ = golden.public("raiz")
PUNTOS = ("AUT", "VU1", "VU2")
STRIDE = 8
"""Of the lies and changes of lines, the short suite tells one in so many; the long one all."""
BIT_STRIDE = 397


def laid(files: Files, folder: Path) -> Path:
    """The files in a home of their own, which the main verifier can open."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    shutil.copy(ROOT / "config.toml", folder)
    return folder


def verdicts(files: Files, tmp_path: Path) -> tuple[bool, bool]:
    """Whether the main verifier, and the second, accept the files."""
    home = laid(files, tmp_path / "casa")
    return verify.verify_logs(Office(home)).ok, not verificador.examine(home, RAIZ)["hallazgos"]


def must_refuse(cases: Iterable[tuple[str, Files]], tmp_path: Path) -> int:
    """Both refuse every case, but `FORMS`, which the first alone judges; how many there were."""
    told = {name: verdicts(files, tmp_path) for name, files in cases}
    missed = {
        name: (main, second)
        for name, (main, second) in told.items()
        if main or second is not (name in lies.FORMS)
    }
    assert not missed, missed
    return len(told)


# -- the golden logs ------------------------------------------------------------------------------
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


def verify_only_logs(files: Files, tmp_path: Path) -> bool:
    """The main verifier over a folder that has no certificates."""
    report = verify.verify_logs(Office(laid(files, tmp_path / "ejemplo")))
    return not [f for f in report.hallazgos if f.codigo != "certificado_danado"]


# -- lies -----------------------------------------------------------------------------------------
def all_lies() -> list[tuple[str, Callable[[], Files]]]:
    spelled = [name for name in lies.SPELLINGS if name != "plain"]
    return [
        *lies.LIES.items(),
        *((name, lambda name=name: lies.respelled(name)) for name in spelled),  # type: ignore[misc]
    ]


def test_both_refuse_lies_of_an_insider(tmp_path: Path) -> None:
    chosen = all_lies()[::STRIDE]
    assert must_refuse(((name, told()) for name, told in chosen), tmp_path) == len(chosen) > 20


@pytest.mark.largo
def test_both_refuse_every_lie_of_an_insider(tmp_path: Path) -> None:
    chosen = all_lies()
    assert must_refuse(((name, told()) for name, told in chosen), tmp_path) == len(chosen) > 250


def missing_fields() -> Iterator[tuple[str, Files]]:
    """Each field that a type asks for, left out; each, of another type."""
    for kind, fact in events.TYPES.items():
        punto = next((p for p in PUNTOS if kind in kinds_of(p)), None)
        if punto is None:  # of an example that is no part of `completo`
            continue
        seq = forgery.seq_of(punto, kind)
        pen = forgery.signer_of(forgery.body_of(forgery.rows(punto)[seq][1]))
        for field in msgspec.structs.fields(fact):
            edit = lies.said(**{field.name: ...})
            wrong = lies.said(**{field.name: False})
            signs = lies.whole(_acto=pen) if pen and field.name != "acto" else lies.whole()
            if field.required:
                yield (
                    f"{kind}: no {field.name}",
                    forgery.forge(punto, {seq: lies.both(edit, signs)}),
                )
            yield f"{kind}: odd {field.name}", forgery.forge(punto, {seq: lies.both(wrong, signs)})


def kinds_of(punto: str) -> set[str]:
    return {forgery.body_of(raw)["type"] for _, raw in forgery.rows(punto)}


@pytest.mark.largo
def test_the_first_refuses_a_field_that_is_missing_or_odd(tmp_path: Path) -> None:
    told = {name: verdicts(files, tmp_path) for name, files in missing_fields()}
    assert not [name for name, (main, _) in told.items() if main]
    assert len(told) > 150 and sum(not second for _, second in told.values()) > 90


# -- lines and files ------------------------------------------------------------------------------
def shuffled() -> Iterator[tuple[str, Files]]:
    """Each line deleted, repeated, swapped with its neighbour, put into another's log."""
    good = forgery.files()
    for name in sorted(n for n in good if n.endswith(".jsonl")):
        rows = good[name].splitlines(keepends=True)
        ending = "fichas.jsonl" if "fichas" in name else "jsonl"
        other = f"journal/2026/{'VU2' if 'VU1' in name else 'VU1'}.{ending}"
        theirs = good[other].splitlines(keepends=True)
        for i, row in enumerate(rows):
            if "fichas" in name or i + 1 < len(rows) or "/2026/" in name:
                # The last line of a log may be cut off unseen, but by who holds its head.
                last = name.endswith("VU2.jsonl") and i + 1 == len(rows)
                if not last:
                    yield f"{name} {i} deleted", {**good, name: b"".join(rows[:i] + rows[i + 1 :])}
            yield f"{name} {i} repeated", {**good, name: b"".join([*rows[:i], row, *rows[i:]])}
            if i + 1 < len(rows):
                swapped = [*rows[:i], rows[i + 1], row, *rows[i + 2 :]]
                yield f"{name} {i} swapped", {**good, name: b"".join(swapped)}
            mixed = [*theirs[: i + 1], row, *theirs[i + 1 :]]
            yield f"{name} {i} inserted", {**good, other: b"".join(mixed)}
            yield f"{name} {i} torn", {**good, name: b"".join(rows[: i + 1])[:-2]}


def test_both_refuse_lines_that_were_moved(tmp_path: Path) -> None:
    chosen = list(shuffled())[:: STRIDE * 3]
    assert must_refuse(chosen, tmp_path) > 15


@pytest.mark.largo
def test_both_refuse_every_line_that_was_moved(tmp_path: Path) -> None:
    assert must_refuse(shuffled(), tmp_path) > 550


def moved() -> Iterator[tuple[str, Files]]:
    """Whole files under another year or another punto's name; files that should not be there."""
    good = forgery.files()
    for name in (n for n in good if n.endswith(".jsonl")):
        _, year, file = name.split("/")
        rest = {n: raw for n, raw in good.items() if n != name}
        punto, _, ending = file.partition(".")
        yield f"{name} as VU9", {**rest, f"journal/{year}/VU9.{ending}": good[name]}
        if ending == "jsonl":
            yield f"{name} a year before", {**rest, f"journal/{int(year) - 1}/{file}": good[name]}
            yield f"{name} under both", {**good, f"journal/{year}/VU9.jsonl": good[name]}
            other = "VU2" if punto == "VU1" else "VU1"
            yield f"{name} as {other}", {**good, f"journal/{year}/{other}.jsonl": good[name]}
            yield f"{name} twice", {**good, f"journal/2028/{file}": good[name]}
        yield f"{name} empty", {**good, name: b""} if "fichas" in name else {**rest, name: b"\n"}
        yield f"{name} and a blank line", {**good, name: good[name] + b"\n"}
        yield f"{name} and zeros", {**good, name: good[name] + b"\0" * 512}
        yield f"{name} with returns", {**good, name: good[name].replace(b"\n", b"\r\n")}
        yield f"{name} with a mark", {**good, name: b"\xef\xbb\xbf" + good[name]}
    yield "no AUT", {n: raw for n, raw in good.items() if "/AUT." not in n}
    yield "another root", {**good, "keys/raiz.pub": golden.public("luis").encode()}


def test_both_refuse_files_that_were_moved(tmp_path: Path) -> None:
    told = dict(moved())
    del told["another root"]  # the second is told the root here
    del told["no AUT"]  # of which `verify_logs` alone does not speak
    assert must_refuse(list(told.items())[::5], tmp_path) > 12
    home = laid(dict(moved())["no AUT"], tmp_path / "casa")
    assert verificador.examine(home, RAIZ)["hallazgos"] and not verify.verify(Office(home)).ok
    home = laid(dict(moved())["another root"], tmp_path / "casa")
    assert verificador.main([str(home)]) == 3 and not verify.verify_logs(Office(home)).ok


@pytest.mark.largo
def test_both_refuse_every_file_that_was_moved(tmp_path: Path) -> None:
    told = {name: files for name, files in moved() if name not in ("another root", "no AUT")}
    assert must_refuse(told.items(), tmp_path) > 60


def thefts() -> Iterator[tuple[str, Files]]:
    """A log written anew by a thief's key, by the same root's name: whose word has it?"""
    thief = golden.public("VU2")
    for punto in ("VU1", "AUT"):
        everywhere = dict.fromkeys(range(len(forgery.rows(punto))), "VU2")
        yield f"{punto} signed anew", forgery.forge(punto, keys=everywhere)
        for name, word in (
            ("with the old word", lies.data_of(punto, "log.abierto")["delegacion"]),
            ("with the word for another", lies.delegated("raiz", "VU2", 0, "VU2")),
            ("with a word of their own", lies.delegated("VU2", "VU2", 0, punto)),
            ("with no word", "00" * 64),
        ):
            ident = lines.log_id(golden.ENTITY, bytes.fromhex(thief))
            edits = {seq: lies.whole(log=ident) for seq in everywhere}
            edits[0] = lies.both(edits[0], lies.said(clave=thief, delegacion=word))
            yield f"{punto} {name}", forgery.forge(punto, edits, keys=everywhere)
    for seq in range(0, 40, 7):
        yield f"line {seq} by another", forgery.forge("VU1", keys={seq: "VU2"})


def test_both_refuse_a_thiefs_log(tmp_path: Path) -> None:
    assert must_refuse(thefts(), tmp_path) == 16


def test_lines_cut_below_a_head_that_somebody_holds_are_missed_by_no_verifier(
    tmp_path: Path,
) -> None:
    good = {n: raw for n, raw in golden.build().items() if not n.startswith("vault/")}
    name = "journal/2026/VU2.jsonl"
    rows = good[name].splitlines(keepends=True)
    short = {**good, name: b"".join(rows[:-1])}
    assert verdicts({n: r for n, r in short.items() if "checkpoints" not in n}, tmp_path) == (
        True,
        True,
    )
    assert verdicts(short, tmp_path) == (False, False)
    note = next(n for n in good if n.startswith("checkpoints/VU2/"))
    text = good[note].decode()
    size, root, signature = text.split("\n")[1], text.split("\n")[2], text.split("\n")[4]
    lied = {
        "another size": text.replace(f"\n{size}\n", f"\n{int(size) - 1}\n"),
        "another root": text.replace(root, root[::-1][1:] + "="),
        "another log": text.replace("ventanilla/", "ventanilla/0"),
        "no signature": text.replace(signature + "\n", ""),
        "twice": text + signature + "\n",
        "a blank line": text + "\n",
        "no end": text[:-1],
        "a zero before": text.replace(f"\n{size}\n", f"\n0{size}\n"),
        "another signature": text.replace(signature, signature[:-8] + "AAAAAAA="),
    }
    found = {
        what: verdicts({**good, note: other.encode()}, tmp_path) for what, other in lied.items()
    }
    assert found == dict.fromkeys(lied, (False, False))
    witness = text + "— testigo.example/1 AAAAAAAAAAAA\n"
    assert verdicts({**good, note: witness.encode()}, tmp_path) == (True, True)
    assert verdicts({**good, "checkpoints/VU2/nota.txt": b"x"}, tmp_path) == (False, False)


# -- bits -----------------------------------------------------------------------------------------
def flipped(raw: bytes, stride: int, start: int) -> Iterator[bytes]:
    for bit in range(start % stride, len(raw) * 8, stride):
        bad = bytearray(raw)
        bad[bit // 8] ^= 1 << (bit % 8)
        yield bytes(bad)


def flip_lines(stride: int) -> int:
    """Flip bits of every line of the golden logs; each verifier is asked just before that line."""
    count = 0
    authority = verificador.Log(FOLDER, "AUT", RAIZ, None)
    authority.walk()
    said = verificador.Authority(authority.events)
    for punto in PUNTOS:
        tail, log = Tail(punto), verificador.Log(FOLDER, punto, RAIZ, said)
        fichas = fichas_of(punto)
        for name, raw in forgery.rows(punto):
            year, before = int(name.split("/")[1]), msgspec.structs.replace(tail)
            body = forgery.body_of(raw)
            ficha = [next(fichas)] if "ficha" in body else []
            for bad in flipped(raw, stride, count):
                part = bad.split(b"\n")[0]
                assert not main_takes(msgspec.structs.replace(before), part), (name, raw, bad)
                asked = copy.copy(log)
                asked.keys = list(log.keys)
                with pytest_raises_trouble():
                    asked.line(part, year, iter(ficha))
                    raise AssertionError((name, raw, bad))
                count += 1
            log.line(raw, year, iter(ficha))
            tails.advance(tail, lines.read_line(raw))
        assert tail.seq + 1 == log.seq == len(forgery.rows(punto))
    return count


class pytest_raises_trouble:  # noqa: N801
    """`pytest.raises`, half a million times."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and not issubclass(kind, AssertionError)


def main_takes(tail: Tail, raw: bytes) -> bool:
    try:
        tails.advance(tail, lines.read_line(raw))
    except (BadLine, Broken):
        return False
    return True


def fichas_of(punto: str) -> Iterator[bytes]:
    for name in sorted(n for n in forgery.files() if n.endswith(f"/{punto}.fichas.jsonl")):
        yield from forgery.files()[name].splitlines(keepends=True)


def flip_fichas(stride: int, tmp_path: Path) -> int:
    """Flip bits of every ficha; the main verifier walks them in step, the second line by line."""
    count = 0
    authority = verificador.Log(FOLDER, "AUT", RAIZ, None)
    authority.walk()
    said = verificador.Authority(authority.events)
    for punto in PUNTOS:
        log, fichas = verificador.Log(FOLDER, punto, RAIZ, said), fichas_of(punto)
        for name, raw in forgery.rows(punto):
            year, body = int(name.split("/")[1]), forgery.body_of(raw)
            ficha = [next(fichas)] if "ficha" in body else []
            for bad in flipped(ficha[0], stride, count) if ficha else ():
                asked = copy.copy(log)
                asked.keys = list(log.keys)
                with pytest_raises_trouble():
                    asked.line(raw, year, iter(bad.splitlines(keepends=True)))
                    raise AssertionError((name, bad))
                assert main_finds(bad, body["ficha"], tmp_path), (name, bad)
                count += 1
            log.line(raw, year, iter(ficha))
    return count


def main_finds(ficha: bytes, digest: str, tmp_path: Path) -> bool:
    path = tmp_path / "f.jsonl"
    path.write_bytes(ficha)
    check = checking.Checker(Office(laid({"journal/x": b""}, tmp_path / "c")))
    check.report.hallazgos.clear()
    walk = checking_logs.Fichas(segments.Segment(2026, path, path), {})
    walk.match(check, digest)
    walk.finish(check)
    return bool(check.report.hallazgos)


def test_both_refuse_flipped_bits(tmp_path: Path) -> None:
    assert flip_lines(BIT_STRIDE) > 1_000
    assert flip_fichas(BIT_STRIDE, tmp_path) > 50


@pytest.mark.largo
def test_both_refuse_every_flipped_bit_of_the_lines() -> None:
    assert flip_lines(1) > 500_000


@pytest.mark.largo
def test_both_refuse_every_flipped_bit_of_the_fichas(tmp_path: Path) -> None:
    assert flip_fichas(1, tmp_path) > 25_000


def test_both_refuse_whole_logs_with_a_flipped_byte(tmp_path: Path) -> None:
    cases = []
    for i, (name, raw) in enumerate(sorted(forgery.files().items())):
        if name.endswith(".jsonl"):
            for position in range(i * 31, len(raw), len(raw) // 2):
                bad = bytearray(raw)
                bad[position] ^= 1 << (position % 8)
                cases.append((f"{name} {position}", {**forgery.files(), name: bytes(bad)}))
    assert must_refuse(cases, tmp_path) > 12


# -- chance ---------------------------------------------------------------------------------------
POOL = (None, True, False, 0, 1, -1, 2, 2**53 - 1, "", "x", "AUT", "VU1", "log", "VU1.2", "ab" * 32)
POOL += ("ab" * 16, [], {}, ["a"], {"a": 1}, "2026-11-23T08:00:00.000-05:00", "2027-01-12", "marta")
NEW = ("nuevo", "sha256", "recibido", "imagen", "clave", "certificado", "documento", "aprobacion")


def places(value: object, here: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    if here:
        yield here
    rows = value.items() if isinstance(value, dict) else ()
    rows = enumerate(value) if isinstance(value, list) else rows
    for name, inner in rows:
        yield from places(inner, (*here, name))


def at_random(draw: random.Random, pen: str | None) -> Callable[[forgery.Body], None]:
    """Some value of a body is gone, new or another; most times its act is signed anew."""

    def edit(body: forgery.Body) -> None:
        *path, last = draw.choice(list(places(body)))
        holder: object = body
        for name in path:
            holder = holder[name]  # type: ignore[index]
        assert isinstance(holder, (dict, list))
        what = draw.randrange(10)
        old = holder[last]  # type: ignore[index]
        if what < 2:
            del holder[last]  # type: ignore[arg-type]
        elif what == 2 and isinstance(holder, dict):
            holder[draw.choice(NEW)] = draw.choice(POOL)
        elif what < 6 and isinstance(old, str) and old:
            i = draw.randrange(len(old))
            holder[last] = old[:i] + draw.choice("0aZ-. é") + old[i + 1 :]  # type: ignore[index]
        elif what < 6 and isinstance(old, int):
            holder[last] = old + draw.choice((-1, 1))  # type: ignore[index]
        else:
            holder[last] = draw.choice(POOL)  # type: ignore[index]
        if not isinstance(body.get("subject"), str):
            body["subject"] = "log"
        whole = {"after", "log", "type", "data", "at", "punto", "seq"} <= body.keys()
        if pen and whole and isinstance(body["data"], dict) and draw.random() < 0.7:
            old_act = body["data"].get("acto", {})
            if isinstance(old_act, dict):
                body["_acto"] = pen

    return edit


def agree(seeds: Iterable[int], tmp_path: Path) -> tuple[int, int]:
    """Both give one verdict on logs that are changed at random and signed; (accepted, refused).

    But on forms of fields, which the first alone judges.
    """
    accepted = refused = 0
    for seed in seeds:
        draw = random.Random(seed)
        punto = draw.choice(PUNTOS)
        rows = forgery.rows(punto)
        seq = draw.randrange(len(rows))
        pen = forgery.signer_of(forgery.body_of(rows[seq][1]))
        files = forgery.forge(punto, {seq: at_random(draw, pen)})
        main, second = verdicts(files, tmp_path)
        if main != second:
            assert second and formal(tmp_path / "casa"), (seed, punto, seq)
        accepted, refused = accepted + main, refused + (not main)
    return accepted, refused


def formal(home: Path) -> bool:
    """Whether the first finds what it alone judges: an odd field, subject, `ancla`, certificate."""
    report = verify.verify_logs(Office(home))
    words = (
        "no son válidos",
        "y es de",
        "mal escrit",
        "no va en",
        "no dice lo que hay",
        "que la autoridad publicó",
    )
    return any(word in f.mensaje for f in report.hallazgos for word in words)


def test_both_agree_on_what_chance_changes(tmp_path: Path) -> None:
    accepted, refused = agree(range(15), tmp_path)
    assert accepted and refused > 5


@pytest.mark.largo
def test_both_agree_on_much_that_chance_changes(tmp_path: Path) -> None:
    accepted, refused = agree(range(1000, 3000), tmp_path)
    assert accepted > 50 and refused > 1500


# -- the second verifier as a stranger runs it ----------------------------------------------------
def told(folder: Path, *words: str, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(script), str(folder), *words],
        capture_output=True,
        text=True,
        cwd=folder.parent,
        timeout=60,
        check=False,
    )


def test_it_stands_alone_and_is_old_pythons_too(tmp_path: Path) -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 400  # as its readers are told
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    used = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert {name.split(".")[0] for name in used} <= {*sys.stdlib_module_names, "cryptography"}
    alone = tmp_path / "otra parte" / "verificador.py"
    alone.parent.mkdir()
    alone.write_bytes(SCRIPT.read_bytes())
    copied = shutil.copytree(FOLDER, tmp_path / "copia")
    done = told(copied, script=alone)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Todo verifica" in done.stdout and "firmas de los PDF" in done.stdout


def test_the_root_that_is_given_counts(tmp_path: Path) -> None:
    home = laid(forgery.files(), tmp_path / "casa")
    (home / "keys" / "raiz.pub").write_text(golden.public("luis"))
    (tmp_path / "papel").write_text(RAIZ + "\n")
    assert told(home).returncode == 3
    assert told(home, "--raiz", RAIZ).returncode == 0
    assert told(home, "--raiz", str(tmp_path / "papel")).returncode == 0
    assert told(home, "--raiz", golden.public("luis")).returncode == 3
    for words in (["--raiz"], ["--raiz", "nada"], ["--otra"], ["x"]):
        assert told(home, *words).returncode == 2, words
    assert told(tmp_path / "papel").returncode == 2
    (home / "keys" / "raiz.pub").unlink()
    assert told(home).returncode == 2


def test_it_names_file_line_and_byte(tmp_path: Path) -> None:
    name = "journal/2026/VU1.jsonl"
    raw = forgery.files()[name]
    start = raw.index(b"\n", raw.index(b"\n") + 1) + 1
    bad = raw[: start + 200] + b"!" + raw[start + 201 :]
    home = laid({**forgery.files(), name: bad}, tmp_path / "casa")
    done = told(home, "--json")
    (found,) = msgspec.json.decode(done.stdout)["hallazgos"]
    assert (done.returncode, found["archivo"], found["linea"], found["byte"]) == (3, name, 3, start)
    assert f"{name}, línea 3, byte {start}" in told(home).stdout


def test_documents_are_looked_at_where_there_is_a_vault(tmp_path: Path) -> None:
    home = shutil.copytree(FOLDER, tmp_path / "copia")
    one, two, *_ = sorted(home.glob("vault/*/*"))
    shutil.rmtree(one.parent)
    missing = verificador.examine(home, RAIZ)["hallazgos"]
    assert [one.name[:64] in f["que"] for f in missing] == [True]
    assert missing[0]["linea"] and missing[0]["archivo"].endswith(".jsonl")
    two.write_bytes(two.read_bytes() + b" ")
    assert len(verificador.examine(home, RAIZ)["hallazgos"]) == 2
    shutil.rmtree(home / "vault")
    assert verificador.examine(home, RAIZ)["hallazgos"] == []


def test_an_old_terminal_shows_what_it_can(tmp_path: Path) -> None:
    home = laid({**forgery.files(), "journal/2026/Ω.jsonl": b"x\n"}, tmp_path / "casa")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(home)],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (3, b"")
    assert b"HALLAZGO" in done.stdout


def hostile(home: Path) -> Iterator[str]:
    """Folders that somebody made to break a reader."""
    first, ficha = home / "journal/2026/VU1.jsonl", home / "journal/2026/VU1.fichas.jsonl"
    good, good_ficha = first.read_bytes(), ficha.read_bytes()
    deep = b'{"b":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    tail = b',"k":"' + b"a" * 16 + b'","s":"' + b"b" * 128 + b'"}\n'
    for name, raw in {
        "deep": deep + tail,
        "deeper": b"[" * 5_000_000,
        "huge": b'{"b":"' + b"x" * 30_000_000 + b'"' + tail,
        "digits": b'{"b":' + b"9" * 60_000 + tail,
        "utf-8": b'{"b":"\xff\xfe\xed\xa0\x80"' + tail,
        "surrogate": b'{"b":{"type":"\\ud800"}' + tail,
        "keys": b'{"b":{"v":[],"log":{},"at":7,"type":null,"data":[],"subject":{}}' + tail,
        "zeros": b"\0" * 100_000,
        "lines": b"\n" * 100_000,
        "nothing": b"",
        "short": b'{"b":' + tail[1:20],
    }.items():
        first.write_bytes(raw)
        yield f"line: {name}"
        first.write_bytes(good)
        ficha.write_bytes(raw)
        yield f"ficha: {name}"
        ficha.write_bytes(good_ficha)
    first.unlink()
    first.mkdir()
    yield "a folder for a log"
    first.rmdir()
    first.symlink_to("/dev/zero")
    yield "a device for a log"
    first.unlink()
    first.symlink_to(first)
    yield "a link to itself"
    first.unlink()
    first.write_bytes(good)
    (home / "journal/2026/V\x1b[2J.jsonl").write_bytes(good)
    yield "a name that clears the screen"
    (home / "journal/2026/V\x1b[2J.jsonl").unlink()
    note = home / "checkpoints/VU1/0000000001.note"
    note.parent.mkdir(parents=True)
    for raw in (b"", b"\xff", b"\n\n", b"ventanilla/x\n1\n\n\n" * 1000, deep):
        note.write_bytes(raw)
        yield "a note"
    note.unlink()
    (home / "vault/aa").mkdir(parents=True)
    (home / "vault/aa" / ("a" * 64 + ".pdf")).symlink_to("/dev/zero")
    yield "a device for a document"


def test_hostile_input_is_a_finding_and_never_a_traceback(tmp_path: Path) -> None:
    home = laid(forgery.files(), tmp_path / "casa")
    count = 0
    for name in hostile(home):
        done = told(home) if count % 12 == 0 else None
        found = verificador.examine(home, RAIZ)["hallazgos"]
        assert found, name
        if done is not None:
            assert (done.returncode, done.stderr) == (3, ""), name
            assert "\x1b" not in done.stdout
        count += 1
    assert count > 30
