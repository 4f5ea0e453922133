"""The disk as a power cut would leave it, at every moment of receiving, numbering and sealing.

`tests.recorded` writes down each operation and builds the disks; here the office is started on each
of them, beside an index that is absent, old or damaged, since SQLite writes when it likes.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest import inbox
from ingest.reception import Recepcion
from records import verify
from records.errors import Damaged
from records.lines import sha256
from records.office import Office
from tests.conftest import ROOT
from tests.readers import RecordedReader
from tests.recorded import Image, Op, Recorder, choices, pending, torn
from tests.records.test_index import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS = {"a.pdf": b"%PDF-uno", "b.pdf": b"%PDF-dos", "c.pdf": b"%PDF-tres"}


@dataclass
class Day:
    """A day at the counter: what the disk was told, and what people saw after how much of it."""

    root: Path
    recorder: Recorder
    before: dict[str, bytes]
    first_inos: dict[str, int]
    shown: list[tuple[int, str]] = field(default_factory=list)
    typed: list[tuple[int, str, str]] = field(default_factory=list)
    """When a draft's subject was known to be kept, of which draft, as what."""
    indexes: list[tuple[int, dict[str, bytes]]] = field(default_factory=list)

    def reception(self) -> Recepcion:
        office = Office(self.root / "oficina", disk=self.recorder)
        return Recepcion(office, reader=RecordedReader())  # type: ignore[arg-type]

    @property
    def count(self) -> int:
        return len(self.recorder.ops)

    def show(self, radicado: str) -> None:
        self.shown.append((self.count, radicado))
        self.keep_index()

    def keep_index(self) -> None:
        """Remember the index's files as they are now: a cut may leave any of them."""
        files = (self.root / "oficina").glob("index.sqlite*")
        self.indexes.append((self.count, {p.name: p.read_bytes() for p in files}))

    def at(self, ops: list[Op], reached: set[int], chance: random.Random) -> Image:
        """A disk after *ops*, of whose pending ones only some reached it, perhaps torn."""
        image = Image(self.before, self.first_inos)
        open_ops = set(pending(ops))
        for i, op in enumerate(ops):
            if i not in open_ops:
                image.apply(op)
            elif i in reached:
                image.apply(op, torn(op, chance))
        return image

    def index_of(self, count: int, chance: random.Random) -> dict[Path, bytes]:
        """What may lie there of the index: nothing, an earlier state, a damaged one."""
        earlier = [files for at, files in self.indexes if at <= count]
        if not earlier or chance.random() < 0.3:
            return {}
        files = {Path(name): data for name, data in chance.choice(earlier).items()}
        return damaged(files, chance) if chance.random() < 0.5 else files


def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Recorder]) -> Day:
    """An office with letters in its inbox, on a disk that writes down what it is told."""
    root = tmp_path / "disco"
    monkeypatch.setenv("VENTANILLA_MARCAS", str(root / "marcas"))
    Office.found(root / "oficina", ROOT / "config.toml", demo=True)[0].index.close()
    (root / "oficina" / "index.sqlite").unlink(missing_ok=True)
    for name, data in LETTERS.items():
        (root / "oficina" / "inbox" / name).write_bytes(data)
    recorder = kind(root)
    before = {
        str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()
    }
    first_inos = {name: recorder.known(root / name) for name in before}
    return Day(root, recorder, before, first_inos)


def morning(day: Day) -> None:
    """A few letters: taken, read, typed, numbered, sealed, discarded; persons at the counter."""
    reception = day.reception()
    ids = []
    for path in inbox.listing(reception.inbox):
        taken = reception.take_file(path)
        assert taken is not None
        ids.append(taken[0])
        reception.leer(taken[0])
    day.keep_index()
    for ident in ids:
        reception.escribir(ident, "asunto", f"Petición de {ident} " * 20)
        day.typed.append((day.count, ident, f"Petición de {ident} " * 20))
    day.show(reception.radicar(ids[0], sellar=False).radicado)
    day.show(reception.radicar_sin_imagen({"remitente": "Ana Güiza"}).radicado)
    reception.sellar(ids[0])
    reception.descartar(ids[1], "otro", nota="Era un catálogo " * 30)
    day.show(reception.radicar_sin_imagen({"remitente": "Beto"}).radicado)


class Forgetful(Recorder):
    """A disk whose fsync does nothing: what the promises rest on."""

    def fsync(self, fd: int) -> None:
        """Nothing is made durable."""


def cut_everywhere(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    samples: int,
    step: int,
    kind: type[Recorder] = Recorder,
    times: int = 1,
) -> int:
    """Build disks for prefixes of the morning's operations; start the office on each.

    *times* each choice is made, as what is torn and what the index holds is thrown.
    """
    day = begin(tmp_path, monkeypatch, kind)
    morning(day)
    chance, tried = random.Random(7), 0
    for count in range(0, day.count + 1, step):
        done = day.recorder.ops[:count]
        for reached in [r for _ in range(times) for r in choices(done, chance, samples)]:
            image = day.at(done, reached, chance)
            with laid(image, tmp_path, monkeypatch, day.index_of(count, chance)) as home:
                check(home, day, count, f"after {count} operations, of the pending {reached}")
            tried += 1
    return tried


def laid(
    image: Image,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    index: dict[Path, bytes],
) -> _Laid:
    place = tmp_path / "tras_el_corte"
    image.lay(place)
    for name, data in index.items():
        (place / "oficina" / name).write_bytes(data)
    monkeypatch.setenv("VENTANILLA_MARCAS", str(place / "marcas"))
    return _Laid(place)


@dataclass
class _Laid:
    """A disk laid into a folder, until it has been looked at."""

    place: Path

    def __enter__(self) -> Path:
        return self.place / "oficina"

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.place)


def numbers_of(office: Office) -> list[str]:
    """Every number, as the journal itself has them."""
    return [e.data["radicado"] for e in office.journal.events() if e.type == "radicado.asignado"]


def check(home: Path, day: Day, count: int, where: str) -> None:
    """The office starts, lost nothing that was shown or typed, and goes on."""
    office = Office(home)
    reception = Recepcion(office, reader=RecordedReader())  # type: ignore[arg-type]
    reception.ponerse_al_dia()
    numbers = numbers_of(office)
    assert {r for at, r in day.shown if at <= count} <= set(numbers), where
    assert sorted(int(n[-6:]) for n in numbers) == list(range(1, len(numbers) + 1)), where
    check_index(office, numbers, where)
    check_drafts(reception, {i: v for at, i, v in day.typed if at <= count}, where)
    check_letters(reception, where)
    report = verify.verify(office, complete=True)
    assert report.ok, (where, report.hallazgos)
    assert int(reception.radicar_sin_imagen({}).radicado[-6:]) == len(numbers) + 1, where
    office.index.close()


def check_index(office: Office, numbers: list[str], where: str) -> None:
    """`verificar` is never wrongly green; `recuperar` mends; search and view are right."""
    report = verify.verify(office)
    if not report.ok:
        assert {f.codigo for f in report.hallazgos} == {"indice"}, (where, report.hallazgos)
        assert office.index.mend()
    found = [r.radicado for r in office.buscar("", limite=100).radicados]
    assert found == numbers[::-1], where
    for radicado in numbers:
        assert office.ver(radicado).radicado == radicado, where


def check_drafts(reception: Recepcion, typed: dict[str, str], where: str) -> None:
    """Each open reception has its draft, with what was typed; no other has one."""
    office = reception.office
    drafts = {d.id: d for d in reception.drafts.all()}
    waiting = {r.subject for r in office.index.receptions("estado='por_radicar'")}
    assert waiting <= set(drafts) <= waiting | set(office.por_sellar()), where
    for ident in waiting & set(typed):
        assert drafts[ident].escritos["asunto"] == typed[ident], where
    for draft in drafts.values():
        assert not draft.sha256 or reception.original(draft) is not None, where


def check_letters(reception: Recepcion, where: str) -> None:
    """Each letter is received once, now or before, and every number gets its seal."""
    for path in inbox.listing(reception.inbox):
        assert reception.take_file(path) is not None, where
    reception.leer_pendientes()
    reception.sellar_pendientes()
    assert reception.office.por_sellar() == [], where
    received = [r.sha256 for r in reception.office.index.receptions("sha256 IS NOT NULL")]
    assert sorted(received) == sorted(map(sha256, LETTERS.values())), where


def test_a_power_cut_loses_nothing_that_was_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cut_everywhere(tmp_path, monkeypatch, samples=2, step=17) > 20


def test_without_fsync_the_same_cuts_do_lose_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises((AssertionError, Damaged)):
        cut_everywhere(tmp_path, monkeypatch, samples=2, step=7, kind=Forgetful)


@pytest.mark.largo
def test_a_power_cut_at_each_operation_and_in_every_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cut_everywhere(tmp_path, monkeypatch, samples=64, step=1, times=2) > 1000


# -- a kill first, then a start, then the cut -----------------------------------------------------


def restarted(day: Day, killed: int, place: Path) -> Day:
    """The office goes on after a kill: nothing more is on the disk, but all in the memory."""
    ops = day.recorder.ops[:killed]
    recorder = type(day.recorder)(place, ops=list(ops), next_ino=10_000)
    image = Image(day.before, day.first_inos)
    for op in ops:
        image.apply(op)
    recorder.inos = dict(image.names)
    later = Day(place, recorder, day.before, day.first_inos)
    later.shown = [(at, r) for at, r in day.shown if at <= killed]
    later.typed = [(at, i, v) for at, i, v in day.typed if at <= killed]
    return later


def kills_and_cuts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, samples: int
) -> Iterator[int]:
    """Kill before a sync, look and start again, cut at once or when something was shown."""
    day = begin(tmp_path, monkeypatch, Recorder)
    morning(day)
    chance = random.Random(11)
    for killed in before_syncs(day.recorder.ops, step):
        whole = day.at(day.recorder.ops[:killed], set(range(killed)), NeverTorn())
        with laid(whole, tmp_path, monkeypatch, {}) as home:
            later = restarted(day, killed, home.parent)
            Office(home).buscar("")  # the index takes in what perhaps is not on the disk
            later.keep_index()
            seen = later.indexes[0][1]
            reception = later.reception()
            for radicado in reception.ponerse_al_dia():
                later.show(radicado)
            later.show(reception.radicar_sin_imagen({"remitente": "Zoila"}).radicado)
            reception.office.index.close()
        for count in sorted({killed, *(at for at, _ in later.shown if at > killed)}):
            done = later.recorder.ops[:count]
            for reached in choices(done, chance, samples):
                image = later.at(done, reached, chance)
                index = {Path(name): data for name, data in seen.items()}
                with laid(image, tmp_path, monkeypatch, index) as home:
                    where = f"kill after {killed}, cut after {count}, of the pending {reached}"
                    check(home, later, count, where)
                yield 1


def before_syncs(ops: list[Op], step: int) -> list[int]:
    """After how many operations a sync comes next: all of the log's, some of the others."""
    syncs = [i for i, op in enumerate(ops) if op.kind in ("sync", "syncfolder")]
    log = [i for i in syncs if ops[i].path.endswith("VU1.jsonl")]
    return log + [i for i in syncs if i not in log][::step]


class NeverTorn(random.Random):
    """Every write reaches the disk whole."""

    def random(self) -> float:
        return 0.0


def test_a_kill_and_then_a_power_cut_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sum(kills_and_cuts(tmp_path, monkeypatch, step=10, samples=1)) > 20


@pytest.mark.largo
def test_a_kill_at_each_operation_and_then_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sum(kills_and_cuts(tmp_path, monkeypatch, step=1, samples=4)) > 300
