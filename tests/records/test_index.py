"""The index: deleted, damaged or old, it gives what the journals hold; and the search language."""

from __future__ import annotations

import multiprocessing
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import query, verify
from records.errors import MachineCannot, Refused
from records.index import Index
from records.office import Office
from tests.conftest import receive

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.synchronize import Barrier


@pytest.fixture
def filled(office: Office) -> Office:
    letters = [
        {"remitente": "José Muñoz", "asunto": "Petición: arreglo de la vía", "dependencia": "140"},
        {"remitente": "Ángela Güiza", "asunto": "Queja por ruido", "dependencia": "150"},
        {"entidad": "PERSONERÍA", "asunto": "Solicitud de información", "dependencia": "110",
         "tipo": "autoridades"},
    ]  # fmt: skip
    for subject, letter in zip(receive(office, 3), letters, strict=True):
        office.radicar(subject, letter)
    return office


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("", 3),
        ("munoz", 1),
        ("MUÑOZ petición", 1),
        ('"arreglo de la via"', 1),
        ('"via la de"', 0),
        ("área:140", 1),
        ("estado:pendiente", 3),
        ("estado:archivado", 0),
        ("ruido o vía", 2),
        ("no ruido", 2),
        ("no (ruido o vía)", 1),
        ("radicado:2026", 3),
        ("clase:E y tipo:autoridades", 1),
        ("desde:2020-01-01 hasta:2020-12-31", 0),
        ("desde:2020-01-01", 3),
        ("vence<5d", 0),
        ("remitente:munoz", 1),
        ("remitente:ruido", 0),
        ("estado:imagen_pendiente", 0),
        ('(((" o no', 3),
    ],
)
def test_a_clerk_finds(filled: Office, text: str, hits: int) -> None:
    if text == "radicado:2026":
        text = f"radicado:{filled.buscar('').radicados[0].radicado[:4]}"
    assert filled.buscar(text).total == hits


@given(st.text(max_size=40))
def test_nothing_typed_breaks_the_search(text: str) -> None:
    try:
        query.parse(text)
    except Refused as reason:
        assert "fecha" in reason.mensaje


def test_results_come_in_pages(filled: Office) -> None:
    first = filled.buscar("", limite=2)
    assert (first.total, len(first.radicados)) == (3, 2)
    rest = filled.buscar("", limite=2, desde=first.siguiente)
    assert rest.radicados[0].radicado.endswith("000001")
    assert rest.siguiente is None


def index_file(office: Office) -> Path:
    office.index.close()
    return office.home / "index.sqlite"


@pytest.mark.parametrize("harm", ["gone", "noise", "empty", "half"])
def test_a_lost_or_damaged_index_is_built_anew(filled: Office, harm: str) -> None:
    path = index_file(filled)
    data = path.read_bytes()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    match harm:
        case "gone":
            path.unlink()
        case "noise":
            path.write_bytes(b"\xa5" * len(data))
        case "empty":
            path.write_bytes(b"")
        case "half":
            path.write_bytes(data[: len(data) // 2])
    assert Office(filled.home).buscar("munoz").total == 1


def test_an_older_index_catches_up(filled: Office) -> None:
    path = index_file(filled)
    old = path.read_bytes()
    (subject,) = receive(filled, 1, start=9)
    filled.radicar(subject, {"asunto": "nuevo"})
    filled.index.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    path.write_bytes(old)
    assert Office(filled.home).buscar("nuevo").total == 1


def test_an_index_that_is_built_anew_lists_numbers_in_their_own_order(office: Office) -> None:
    first, second = receive(office, 2)
    for subject in (second, first):
        office.radicar(subject, {}, motivo="prueba")
    for _ in range(2):
        found = [r.radicado[-1] for r in office.buscar("").radicados]
        assert found == ["2", "1"]
        office.index.rebuild()


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_index_is_told_or_built_anew(filled: Office, seed: int) -> None:
    truth = sorted((r.radicado, r.asunto, r.remitente) for r in filled.buscar("").radicados)
    words = filled.buscar("güiza").total
    open_files = {p: p.read_bytes() for p in filled.home.glob("index.sqlite*")}
    filled.index.close()
    closed = {filled.home / "index.sqlite": (filled.home / "index.sqlite").read_bytes()}
    for round_ in range(6):
        chance = random.Random(seed * 100 + round_)
        for path in filled.home.glob("index.sqlite*"):
            path.unlink()
        for path, data in damaged(chance.choice([open_files, closed]), chance).items():
            path.write_bytes(data)
        office = Office(filled.home)
        report = verify.verify(office)
        if not report.ok:
            assert {f.codigo for f in report.hallazgos} == {"indice"}
            assert office.index.mend()
            assert verify.verify(office).ok
        found = sorted((r.radicado, r.asunto, r.remitente) for r in office.buscar("").radicados)
        assert found == truth and office.buscar("güiza").total == words
        for radicado, asunto, _ in truth:
            assert office.ver(radicado).campos["asunto"] == asunto
        office.index.close()


def damaged(files: dict[Path, bytes], chance: random.Random) -> dict[Path, bytes]:
    """The index's files after some harm: bytes, sectors, an end, a whole file."""
    out = dict(files)
    path = chance.choice(list(out))
    data = bytearray(out.pop(path))
    match chance.choice(["bytes", "sectors", "end", "gone"]):
        case "bytes":
            for _ in range(chance.choice([1, 3, 20])):
                data[chance.randrange(len(data))] = chance.randrange(256)
        case "sectors":
            for _ in range(chance.choice([1, 4])):
                start = chance.randrange(len(data) // 512) * 512
                data[start : start + 512] = chance.choice([bytes(512), chance.randbytes(512)])
        case "end":
            del data[chance.randrange(len(data)) :]
        case "gone":
            return out
    return {**out, path: bytes(data)}


def test_an_index_that_knows_more_than_the_journal_is_not_believed(filled: Office) -> None:
    """As when the journal was brought from an older backup: never the next number from here."""
    import sqlite3

    path = index_file(filled)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE posicion SET hash='0' WHERE punto='VU1'")
        db.execute("UPDATE registro SET n=900")
    db.close()
    fresh = Office(filled.home)
    (subject,) = receive(fresh, 1, start=9)
    assert fresh.radicar(subject, {}).radicado.endswith("000004")


def _make_index(path: Path, start: Barrier, said: SimpleQueue[str]) -> None:
    start.wait()
    try:
        Index(path.parent, path).query("SELECT count(*) FROM registro")
        said.put("")
    except MachineCannot as error:
        said.put(str(error))


def test_processes_that_make_an_index_at_once_wait_for_each_other(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    for n in range(12):
        start, said = fork.Barrier(6), fork.SimpleQueue()
        path = tmp_path / f"{n}.sqlite"
        workers = [fork.Process(target=_make_index, args=(path, start, said)) for _ in range(6)]
        for worker in workers:
            worker.start()
        assert [said.get() for _ in workers] == [""] * 6
        for worker in workers:
            worker.join()
