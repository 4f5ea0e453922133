"""Signatures checked beside the reading: the same is found, and nothing unchecked passes.

The log is long enough for processes of their own; small batches make many of them.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import checking_logs, founding, keys, lines, signatures, verify
from records.checking import Checker, Finding
from records.events import DocumentReceived, KeyRotated, ReceptionDiscarded
from records.journal import PREVIOUS, Draft
from records.office import Office
from records.tail import Tail, advance
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LETTERS = 150


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose punto wrote some three hundred lines, a letter and its discard in turn."""
    folder = tmp_path_factory.mktemp("firmas")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VENTANILLA_MARCAS", str(folder / "marcas"))
        office, _ = Office.found(folder / "oficina", ROOT / "config.toml", demo=True)
        key = office.keys.point_ed("VU1")
        with office.journal.writing(key) as writer:
            writer.append_all(letters(writer.next_seq()))
        yield office.home


def letters(seq: int) -> list[Draft]:
    drafts = []
    for first in range(seq, seq + 2 * LETTERS, 2):
        subject = f"VU1.{first}"
        received = DocumentReceived(reclamo=f"c{first}", sha256=lines.sha256(b"%d" % first))
        gone = ReceptionDiscarded(recepcion=subject, motivo="prueba")
        ficha = {"archivo": "carta.pdf"}
        drafts.append(Draft(received, subject, "ana", ficha=ficha))
        drafts.append(Draft(gone, subject, "ana", PREVIOUS))
    return drafts


@pytest.fixture
def beside(written: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home's log as bytes that a test may change; workers are started early."""
    monkeypatch.setattr(signatures, "SMALL", 64)
    monkeypatch.setattr(signatures, "BATCH", 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2})
    path = next(written.glob("journal/*/VU1.jsonl"))
    good = path.read_bytes()
    yield path
    path.write_bytes(good)


def in_turn(office: Office) -> list[Finding]:
    """What is found where each signature is checked in its turn, in this process."""
    check = Checker(office)
    for punto in (founding.AUTHORITY, "VU1"):
        checking_logs.check_log(check, punto, lines.signed_by)
    return check.report.hallazgos


def found(home: Path) -> list[Finding]:
    return verify.verify_logs(Office(home)).hallazgos


def exchange_signature(raws: list[bytes], i: int) -> None:
    raws[i] = raws[i][:-130] + raws[i + 1][-130:-2] + raws[i][-2:]


def change_word(raws: list[bytes], i: int) -> None:
    raws[i] = raws[i].replace(b'"actor":"ana"', b'"actor":"eva"')


def name_another_key(raws: list[bytes], i: int) -> None:
    at = len(raws[i]) - 159 + len(',"k":"')
    raws[i] = raws[i][:at] + b"0" * 16 + raws[i][at + 16 :]


def spoil_form(raws: list[bytes], i: int) -> None:
    raws[i] = raws[i].replace(b'"actor"', b'"Actor"')


CHANGES: list[Callable[[list[bytes], int], None]] = [
    exchange_signature,
    change_word,
    name_another_key,
    spoil_form,
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("places", [(0,), (140,), (298,), (250, 20), (21, 22)])
def test_the_first_offence_is_told_as_in_turn(
    beside: Path, change: Callable[[list[bytes], int], None], places: tuple[int, ...]
) -> None:
    raws = beside.read_bytes().split(b"\n")
    for place in places:
        change(raws, place)
    beside.write_bytes(b"\n".join(raws))
    office = Office(beside.parents[2])
    told = found(office.home)
    assert told == in_turn(office)
    if change is not change_word or min(places) > 0:
        assert [f.linea for f in told if f.codigo == "diario"] == [min(places) + 1]


def test_one_exchanged_signature_is_enough(beside: Path) -> None:
    """Chain and rules cannot see it where it is the last line's."""
    raws = beside.read_bytes().splitlines()
    exchange = raws[-1][:-130] + raws[-2][-130:-2] + raws[-1][-2:]
    beside.write_bytes(b"\n".join([*raws[:-1], exchange, b""]))
    (finding,) = found(beside.parents[2])
    assert finding.mensaje == f"la firma de la línea {len(raws) - 1} no es válida"
    assert (finding.archivo, finding.linea) == (str(beside), len(raws))


def test_workers_are_used_and_gone_afterwards(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids: list[int] = []
    answers: list[bool] = []
    start, answer = signatures.Worker.__init__, signatures.Worker.answer

    def started(self: signatures.Worker) -> None:
        start(self)
        pids.append(self._process.pid)

    def answered(self: signatures.Worker) -> bool:
        answers.append(answer(self))
        return answers[-1]

    monkeypatch.setattr(signatures.Worker, "__init__", started)
    monkeypatch.setattr(signatures.Worker, "answer", answered)
    monkeypatch.setattr(signatures, "BACKLOG", 1000)
    assert found(beside.parents[2]) == []
    assert len(pids) == 2 and answers and all(answers)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("when", ["at once", "later"])
def test_a_worker_that_dies_lets_nothing_pass(
    beside: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The log is read again in turn: the good one passes, the bad one does not."""
    send = signatures.Worker.send

    def dying(self: signatures.Worker, batch: signatures.Batch) -> None:
        if when == "at once" or self._sent > 2:
            self._process.kill()
            self._process.wait()
        send(self, batch)

    monkeypatch.setattr(signatures.Worker, "send", dying)
    home = beside.parents[2]
    assert found(home) == []
    raws = beside.read_bytes().split(b"\n")
    exchange_signature(raws, 200)
    beside.write_bytes(b"\n".join(raws))
    assert [f.linea for f in found(home)] == [201]


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.read(0, 1)",
        "import os; os.write(0, bytes(8000))",
        "import time; time.sleep(9)",
    ],
)
def test_a_worker_that_answers_nothing_or_nonsense_lets_nothing_pass(
    beside: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(signatures, "COMMAND", [sys.executable, "-c", program])
    monkeypatch.setattr(signatures, "PATIENCE", 0.3)
    passed: dict[str, bool] = {}
    check = checking_logs.check_log_beside

    def checked(checker: Checker, punto: str) -> bool:
        passed[punto] = check(checker, punto)
        return passed[punto]

    monkeypatch.setattr(checking_logs, "check_log_beside", checked)
    assert found(beside.parents[2]) == []
    assert passed == {"AUT": True, "VU1": False}
    raws = beside.read_bytes().split(b"\n")
    exchange_signature(raws, 30)
    beside.write_bytes(b"\n".join(raws))
    assert [f.linea for f in found(beside.parents[2])] == [31]


def test_where_no_process_can_be_had_the_reader_checks_all(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "COMMAND", ["/no/hay/tal"])
    assert found(beside.parents[2]) == []
    raws = beside.read_bytes().split(b"\n")
    exchange_signature(raws, 299)
    beside.write_bytes(b"\n".join(raws))
    assert [f.linea for f in found(beside.parents[2])] == [300]


def test_one_core_starts_no_process(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: signatures.Worker) -> None:
        raise AssertionError

    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0})
    monkeypatch.setattr(signatures.Worker, "__init__", never)
    assert found(beside.parents[2]) == []


def test_an_interrupt_leaves_no_process(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workers: list[signatures.Worker] = []
    send = signatures.Worker.send

    def interrupted(self: signatures.Worker, batch: signatures.Batch) -> None:
        workers.append(self)
        if len(workers) > 3:
            signal.raise_signal(signal.SIGINT)
        send(self, batch)

    monkeypatch.setattr(signatures.Worker, "send", interrupted)
    with pytest.raises(KeyboardInterrupt):
        found(beside.parents[2])
    for worker in workers:
        assert worker._process.returncode is not None


def test_a_worker_ends_with_its_reader() -> None:
    """Also where the reader is killed: its end of the socket closes."""
    worker = signatures.Worker()
    worker._socket.close()
    assert worker._process.wait(timeout=20) == 0


def test_a_worker_that_is_asked_nothing_ends_at_once() -> None:
    started = time.monotonic()
    with signatures.Later(3):
        pass
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("length", [62, 66])
def test_a_key_of_another_length_is_refused(beside: Path, length: int) -> None:
    (raw, *_) = beside.read_bytes().split(b"\n")
    with pytest.raises(ValueError), signatures.Later(1) as later:
        later(lines.read_line(raw), "ab" * (length // 2))


def test_each_line_is_checked_with_the_key_in_force_there(tmp_path: Path) -> None:
    """A log whose key was rotated: a batch never mixes keys, and the old key is no more one."""
    root, first, second = (Ed25519PrivateKey.generate() for _ in range(3))
    raws = rotated(root, first, second, signs_last=second)
    assert follows(raws, signatures.Later(1))
    assert not follows(rotated(root, first, second, signs_last=first), signatures.Later(1))
    forged = [*raws[:-1], raws[-1][:-130] + raws[-2][-130:-2] + raws[-1][-2:]]
    assert not follows(forged, signatures.Later(1))


def follows(raws: list[bytes], later: signatures.Later) -> bool:
    from records.tail import Broken

    tail = Tail("VU1")
    with later:
        try:
            for raw in raws:
                advance(tail, lines.read_line(raw), later)
        except Broken:
            return False
        return later.all_hold()


def rotated(
    root: Ed25519PrivateKey,
    first: Ed25519PrivateKey,
    second: Ed25519PrivateKey,
    *,
    signs_last: Ed25519PrivateKey,
) -> list[bytes]:
    """log.abierto, clave.rotada, one more line."""
    old, new = (lines.raw_public(k).hex() for k in (first, second))
    opened = {
        "entidad": "E", "punto": "VU1", "clave": old, "raiz": lines.raw_public(root).hex(),
        "delegacion": keys.delegate(root, old, "E", 0, "VU1"),
    }  # fmt: skip
    out: list[lines.Line] = []

    def add(kind: str, data: dict[str, object], key: Ed25519PrivateKey) -> None:
        prev = out[-1].hash if out else lines.ZERO
        body: dict[str, object] = {
            "v": 1, "log": lines.log_id("E", bytes.fromhex(old)), "punto": "VU1", "epoch": 0,
            "seq": len(out), "prev": prev, "at": "2026-01-02T10:00:00.000-05:00", "actor": "ana",
            "type": kind, "subject": "log", "after": [prev] if out else [], "data": data,
        }  # fmt: skip
        out.append(lines.seal_line(body, key))

    add("log.abierto", dict(opened), first)
    rotation = KeyRotated(
        clave=new,
        delegacion=keys.delegate(root, new, "E", 0, "VU1"),
        prueba=second.sign(out[-1].hash.encode()).hex(),
    )
    data = {"clave": rotation.clave, "delegacion": rotation.delegacion, "prueba": rotation.prueba}
    add("clave.rotada", dict(data), first)
    add("recuperacion", {"motivo": "sincronizacion", "bytes": 0}, signs_last)
    return [line.raw for line in out]
