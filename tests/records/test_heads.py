"""A home's signed heads: never two that contradict each other, and verification holds each up."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import checkpoint, heads, lines, notes, verify
from records.disk import Disk
from records.errors import Damaged, MachineCannot, Refused
from records.heads import Head, Heads
from records.journal import Journal
from records.office import Office
from tests.conftest import ROOT, receive
from tests.records.test_journal import FullDisk
from tests.records.test_powercut import Image, Recorder, choices, pending, torn


def issue(office: Office, punto: str = "VU1") -> Head:
    key = office.keys.point_ed(punto)
    with Journal(office.home, punto, office.disk).writing(key) as writer:
        return Heads(office.home, punto, office.disk).issue(writer.tail, key)


def note_at(office: Office, size: int) -> Path:
    return office.home / "checkpoints" / "VU1" / f"{size:010d}.note"


def found(office: Office) -> list[tuple[str, str]]:
    report = verify.verify_logs(Office(office.home))
    return [(f.codigo, Path(f.archivo).name) for f in report.hallazgos]


def test_a_head_is_the_root_of_all_lines_signed_by_the_log(office: Office) -> None:
    receive(office, 3)
    head = issue(office)
    raws = [line.raw for _, line in office.journal.read()]
    assert head.said.size == len(raws) == 4
    assert head.said.root == checkpoint.tree(map(checkpoint.leaf, raws))
    assert note_at(office, 4).read_bytes() == head.note
    public = office.keys.point_ed("VU1").public_key().public_bytes_raw()
    assert notes.read(head.note, [public]) == head.said
    assert not found(office)


def test_the_same_head_is_the_same_note_and_a_longer_log_gets_another(office: Office) -> None:
    first = issue(office)
    assert issue(Office(office.home)) == first
    receive(office, 1)
    assert issue(office).said.size == first.said.size + 1
    assert [s.size for s in Heads(office.home, "VU1", office.disk).stored()] == [1, 2]
    assert issue(office, "AUT").said.origin != first.said.origin
    assert not found(office)


def test_a_note_that_a_witness_signed_too_stays_as_it_is(office: Office) -> None:
    head = issue(office)
    line = "— testigo.example/w ".encode() + b"AAAA" * 25 + b"\n"
    note_at(office, 1).write_bytes(head.note + line)
    assert issue(office).note == head.note + line
    assert not found(office)


def test_only_the_logs_key_signs_its_head(office: Office) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key = office.keys.point_ed("VU1")
    with office.journal.writing(key) as writer, pytest.raises(Refused):
        Heads(office.home, "VU1", office.disk).issue(writer.tail, other)
    assert not note_at(office, 1).exists()


def set_back(office: Office, to: Path) -> None:
    """Bring the home back to a copy in place, as a restore does: the same folder, older files."""
    for path in sorted((office.home / "journal").glob("*/*.jsonl")):
        path.write_bytes((to / path.relative_to(office.home)).read_bytes())
    (office.home / "index.sqlite").unlink(missing_ok=True)


def test_a_log_that_was_set_back_signs_nothing_and_is_found(office: Office, tmp_path: Path) -> None:
    receive(office, 1)
    shutil.copytree(office.home, tmp_path / "antes")
    receive(office, 2, start=5)
    held = issue(office)
    set_back(office, tmp_path / "antes")
    shutil.rmtree(tmp_path / "marcas" / "marcas")  # who cuts a log also removes its outer mark
    assert ("diario_retrocedido", "0000000004.note") in found(office)
    with pytest.raises(Damaged, match="contradice un sello"):
        issue(Office(office.home))
    # Not even where the note was removed: the machine remembers what it signed.
    note_at(office, held.said.size).unlink()
    with pytest.raises(Damaged, match="ya selló 4 líneas"):
        issue(Office(office.home))
    # Nor where the log then grew again, with other lines in the place of the lost ones.
    again = Office(office.home)
    for n in (7, 8, 9):
        receive(again, 1, start=n)
        with pytest.raises(Damaged):
            issue(again)
    assert not list((office.home / "checkpoints" / "VU1").iterdir())


def test_two_roots_for_one_size_are_never_signed(office: Office, tmp_path: Path) -> None:
    shutil.copytree(office.home, tmp_path / "antes")
    receive(office, 1)
    first = issue(office)
    set_back(office, tmp_path / "antes")
    shutil.rmtree(tmp_path / "marcas" / "marcas")
    other = Office(office.home)
    receive(other, 1, start=9)
    assert other.journal.last_seq() + 1 == first.said.size
    with pytest.raises(Damaged):
        issue(other)
    shutil.rmtree(tmp_path / "marcas" / "sellos")  # the stored note alone is enough
    with pytest.raises(Damaged):
        issue(other)
    assert note_at(office, 2).read_bytes() == first.note
    assert ("sello_contradictorio", "0000000002.note") in found(other)


def signed(office: Office, size: int, root: bytes, punto: str = "VU1") -> bytes:
    key = office.keys.point_ed(punto)
    return notes.sign(lines.log_id("Alcaldía", bytes(32)), size, root, key)


def test_a_bad_foreign_or_misplaced_note_is_a_finding(office: Office) -> None:
    receive(office, 3)
    head = issue(office)
    log = head.said.origin.rpartition("/")[2]
    aut = notes.sign(log, 3, bytes(32), office.keys.point_ed("AUT"))
    wrong = {
        "0000000001.note": b"\xff\xfe",
        "0000000002.note": signed(office, 2, bytes(32)),  # another log
        "0000000003.note": aut,  # not the log's key
        "0000000009.note": head.note,  # another size than its name
        "0000000005.note": notes.sign(log, 5, bytes(32), office.keys.point_ed("VU1")),
        "notas.txt": b"hola",
    }
    for name, data in wrong.items():
        (office.home / "checkpoints" / "VU1" / name).write_bytes(data)
    (office.home / "checkpoints" / "VU1" / "0000000000.note").mkdir()
    told = {name: code for code, name in found(office)}
    assert set(told) == {*wrong, "0000000000.note"}
    assert told.pop("0000000005.note") == "diario_retrocedido"
    assert set(told.values()) == {"sello_danado"}
    with pytest.raises(Damaged):
        issue(Office(office.home))


def test_no_changed_byte_of_a_stored_head_escapes(office: Office) -> None:
    receive(office, 1)
    good = issue(office).note
    for position in range(0, len(good), 7):
        bad = bytearray(good)
        bad[position] ^= 1
        note_at(office, 2).write_bytes(bytes(bad))
        assert found(office), position
        with pytest.raises(Damaged):
            issue(Office(office.home))
    note_at(office, 2).write_bytes(good)
    assert not found(office)


def test_a_special_file_among_the_notes_is_a_finding(office: Office) -> None:
    issue(office)
    os.mkfifo(note_at(office, 3))
    note_at(office, 2).symlink_to("/dev/zero")
    assert {name for _, name in found(office)} == {"0000000002.note", "0000000003.note"}


def test_an_unreadable_memory_signs_nothing(office: Office, tmp_path: Path) -> None:
    issue(office)
    (memory,) = (tmp_path / "marcas" / "sellos").iterdir()
    memory.write_bytes(b"{}")
    with pytest.raises(Damaged, match="no se entiende"):
        issue(office)


def test_a_copy_of_the_home_signs_nothing_and_its_heads_verify(
    office: Office, tmp_path: Path
) -> None:
    receive(office, 1)
    issue(office)
    shutil.copytree(office.home, tmp_path / "copia")
    copy = Office(tmp_path / "copia")
    assert not found(copy)
    with pytest.raises(Damaged, match="es una copia"):
        issue(copy)


@pytest.mark.parametrize("room", [0, 60, 150, 250, 400])
def test_a_full_disk_leaves_no_half_note(office: Office, room: int) -> None:
    receive(office, 1)
    full = Office(office.home, disk=FullDisk(room))
    try:
        issue(full)
    except MachineCannot as error:
        assert error.codigo == "disco_lleno"
        assert not note_at(office, 2).exists()
    assert not found(office)
    assert issue(Office(office.home)).note == note_at(office, 2).read_bytes()


def _work(home: Path, seed: int, rounds: int) -> None:
    office = Office(home)
    for n in range(rounds):
        receive(office, 1, start=100 * seed + n)
        issue(office)
    office.index.close()


def test_processes_that_write_and_sign_at_once_never_contradict_each_other(office: Office) -> None:
    start = multiprocessing.get_context("fork")
    workers = [start.Process(target=_work, args=(office.home, seed, 6)) for seed in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    stored = Heads(office.home, "VU1", office.disk).stored()
    assert len(stored) >= 6 and not found(office)
    assert heads.remembered(office.journal.read().__next__()[1].body.log) is not None


def test_a_power_cut_never_lets_a_second_head_be_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_while_signing(tmp_path, monkeypatch, samples=2, step=9)


@pytest.mark.largo
def test_a_power_cut_at_each_operation_lets_no_second_head_be_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_while_signing(tmp_path, monkeypatch, samples=16, step=1)


def cut_while_signing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, samples: int, step: int
) -> None:
    """Receive and sign, twice; start the office on every disk that a cut may leave, and sign."""
    root = tmp_path / "disco"
    monkeypatch.setenv("VENTANILLA_MARCAS", str(root / "marcas"))
    Office.found(root / "oficina", ROOT / "config.toml", demo=True)[0].index.close()
    (root / "oficina" / "index.sqlite").unlink(missing_ok=True)
    recorder = Recorder(root)
    before = {
        str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()
    }
    inos = {name: recorder.known(root / name) for name in before}
    office = Office(root / "oficina", disk=recorder)
    shown: list[tuple[int, Head]] = []
    for n in range(2):
        receive(office, 1, start=n)
        head = issue(office)
        shown.append((len(recorder.ops), head))
    chance = random.Random(5)
    for count in range(0, len(recorder.ops) + 1, step):
        done = recorder.ops[:count]
        open_ops = pending(done)
        for reached in choices(done, chance, samples):
            image = Image(before, inos)
            for i, op in enumerate(done):
                if i not in open_ops:
                    image.apply(op)
                elif i in reached:
                    image.apply(op, torn(op, chance))
            place = tmp_path / "tras_el_corte"
            image.lay(place)
            monkeypatch.setenv("VENTANILLA_MARCAS", str(place / "marcas"))
            after = Office(place / "oficina")
            after.recuperar()
            for at, head in shown:
                if at <= count:
                    assert note_at(after, head.said.size).read_bytes() == head.note
            now = issue(after)
            report = verify.verify_logs(Office(after.home))
            assert report.ok, (count, reached, report.hallazgos)
            # Whoever saw a head before the cut holds the beginning of what is signed after it.
            held = [checkpoint.leaf(line.raw) for _, line in after.journal.read()]
            assert checkpoint.tree(held) == now.said.root
            for at, head in shown:
                if at <= count:
                    assert checkpoint.tree(held[: head.said.size]) == head.said.root
            after.index.close()
            shutil.rmtree(place)


def test_the_example_has_a_head_that_fits() -> None:
    log = heads.Log(ROOT / "docs" / "format" / "ejemplo", "VU1")
    stored = heads.Heads(log.home, "VU1", Disk()).stored()
    raws = [line.raw for _, line in log.read()]
    body = lines.read_line(raws[0]).body
    ground = heads.Ground(
        checkpoint.tree(map(checkpoint.leaf, raws)),
        Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"VU1").digest())
        .public_key()
        .public_bytes_raw()
        .hex(),
    )
    assert [s.size for s in stored] == [5]
    assert heads.check_heads(stored, body.log, 5, {5: ground}) == []
    assert [p.codigo for p in heads.check_heads(stored, body.log, 4, {})] == ["diario_retrocedido"]
    false = {5: heads.Ground(bytes(32), ground.clave)}
    assert [p.codigo for p in heads.check_heads(stored, body.log, 5, false)] == [
        "sello_contradictorio"
    ]
