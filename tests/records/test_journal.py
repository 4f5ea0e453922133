"""The log on disk: what a cut, a full disk, a copy and a crook do to it."""

from __future__ import annotations

import errno
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from records import lines, verify
from records.disk import Disk, SyncFailed
from records.errors import Damaged, MachineCannot, Refused
from records.events import Anchor
from records.office import Office
from records.segments import Log, find_seq, read_back, read_raw
from records.tail import Tail
from tests.conftest import receive


def log_file(office: Office) -> Path:
    return next((office.home / "journal").glob("*/VU1.jsonl"))


def ficha_file(office: Office) -> Path:
    return next((office.home / "journal").glob("*/VU1.fichas.jsonl"))


def again(office: Office) -> Office:
    """The same home, opened by a new process."""
    return Office(office.home)


def test_a_torn_tail_is_put_aside_and_told(office: Office) -> None:
    receive(office, 2)
    path = log_file(office)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"b":{"actor":"demo","aft')
    assert not verify.verify(again(office)).ok
    told = again(office).recuperar()
    assert [e.data["motivo"] for e in told.cortes] == ["cola_rota"]
    assert path.read_bytes().startswith(whole)
    assert len(list((office.home / "cuarentena").glob("diario-VU1-*"))) == 1
    assert verify.verify(again(office)).ok


def test_zeroed_sectors_at_the_end_are_a_torn_tail(office: Office) -> None:
    receive(office, 1)
    with log_file(office).open("ab") as file:
        file.write(bytes(512))
    again(office).recuperar()
    assert verify.verify(again(office)).ok


def test_a_whole_last_line_without_its_newline_is_kept(office: Office) -> None:
    (subject,) = receive(office, 1)
    number = office.radicar(subject, {})
    path = log_file(office)
    marks = list((Path(os.environ["VENTANILLA_MARCAS"]) / "marcas").glob("*.json"))
    for mark in marks:
        mark.unlink()  # as when the cut came before the mark
    path.write_bytes(path.read_bytes()[:-1])
    fresh = again(office)
    fresh.recuperar()
    assert fresh.buscar("").radicados[0].radicado == number.radicado
    assert fresh.radicar(receive(fresh, 1, start=9)[0], {}).radicado.endswith("000002")
    assert verify.verify(fresh).ok


def test_a_last_line_that_lost_its_newline_after_it_was_shown_is_kept_too(office: Office) -> None:
    (subject,) = receive(office, 1)
    number = office.radicar(subject, {})
    path = log_file(office)
    path.write_bytes(path.read_bytes()[:-1])
    assert again(office).recuperar().cortes == []
    assert again(office).ver(number.radicado).radicado == number.radicado


def test_a_first_sector_that_never_reached_the_disk_is_a_torn_tail(office: Office) -> None:
    receive(office, 1)
    path = log_file(office)
    whole = path.read_bytes()
    path.write_bytes(whole + bytes(512) + b'rest of a line that was longer"}\n')
    told = again(office).recuperar().cortes
    assert [e.data["motivo"] for e in told] == ["cola_rota"]
    receive(again(office), 1, start=5)
    assert verify.verify(again(office)).ok


def test_zeros_with_whole_lines_behind_them_are_damage(office: Office) -> None:
    receive(office, 3)
    path = log_file(office)
    raws = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*raws[:-2], bytes(len(raws[-2]) - 1) + b"\n", raws[-1]]))
    with pytest.raises(Damaged):
        again(office).recuperar()


def test_a_number_that_a_cut_kept_from_being_shown_is_shown_by_the_next_start(
    office: Office,
) -> None:
    (subject,) = receive(office, 1)
    shown = office.home / "journal" / "VU1.mostrado.json"
    before = shown.read_bytes()
    number = office.radicar(subject, {})
    shown.write_bytes(before)
    assert again(office).recuperar().no_mostrados == [number.radicado]
    assert again(office).recuperar().no_mostrados == []


def test_a_hidden_number_is_told_also_after_others_wrote_behind_it(office: Office) -> None:
    first, second, third = receive(office, 3)
    office.radicar(first, {})
    shown = office.home / "journal" / "VU1.mostrado.json"
    before = shown.read_bytes()
    hidden = office.radicar(second, {})
    shown.write_bytes(before)
    seen = again(office).radicar(third, {})
    assert again(office).recuperar().no_mostrados == [hidden.radicado] != [seen.radicado]
    assert again(office).recuperar().no_mostrados == []


def test_a_hidden_number_is_told_also_where_the_start_had_to_mend(office: Office) -> None:
    (subject,) = receive(office, 1)
    broken = Office(office.home, disk=FailingDisk(0))
    with pytest.raises(SyncFailed):
        broken.radicar(subject, {})
    told = again(office).recuperar()
    assert [e.data["motivo"] for e in told.cortes] == ["sincronizacion"]
    assert [n[-6:] for n in told.no_mostrados] == ["000001"]


def test_without_the_outer_mark_the_index_still_knows_what_was_there(office: Office) -> None:
    for subject in receive(office, 3):
        office.radicar(subject, {})
    office.index.catch_up()
    for mark in (Path(os.environ["VENTANILLA_MARCAS"]) / "marcas").glob("*.json"):
        mark.unlink()
    path = log_file(office)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(Damaged, match="índice"):
        receive(again(office), 1, start=9)
    assert not verify.verify(again(office)).ok


def test_a_file_under_way_in_the_vault_is_not_cleaned_away(office: Office) -> None:
    folder = office.home / "vault" / ".nuevos"
    folder.mkdir(exist_ok=True)
    young, old = folder / "young", folder / "old"
    young.write_bytes(b"x")
    old.write_bytes(b"x")
    os.utime(old, (1, 1))
    office.recuperar()
    assert young.exists() and not old.exists()


def test_a_ficha_whose_event_never_came_is_put_aside(office: Office) -> None:
    receive(office, 2)
    whole = ficha_file(office).read_bytes()
    with ficha_file(office).open("ab") as file:
        file.write(b'{"archivo":"x.pdf","sal":"00000000000000000000000000000000"}\n')
    assert not verify.verify(again(office)).ok
    assert [e.data["motivo"] for e in again(office).recuperar().cortes] == ["fichas_sueltas"]
    assert ficha_file(office).read_bytes() == whole
    receive(again(office), 1, start=5)
    assert verify.verify(again(office)).ok


def test_an_orphan_ficha_of_another_process_does_not_shift_the_next(office: Office) -> None:
    receive(office, 1)
    with ficha_file(office).open("ab") as file:
        file.write(b'{"archivo":"muerto.pdf","sal":"00000000000000000000000000000000"}\n')
    receive(office, 1, start=5)  # this process remembers the tail
    assert verify.verify(again(office)).ok


def test_lines_cut_below_the_mark_stop_all_writing(office: Office) -> None:
    receive(office, 3)
    path = log_file(office)
    raws = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(raws[:-1]))
    report = verify.verify(again(office))
    assert any(f.codigo == "diario_retrocedido" for f in report.hallazgos)
    with pytest.raises(Damaged):
        receive(again(office), 1, start=9)


def test_a_program_that_was_refused_is_refused_again(office: Office) -> None:
    receive(office, 3)
    path = log_file(office)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    office.index.rebuild()
    running = again(office)
    for _ in range(2):
        with pytest.raises(Damaged, match="ya existía"):
            receive(running, 1, start=9)


def test_a_torn_line_that_was_once_whole_is_damage_not_a_cut(office: Office) -> None:
    receive(office, 3)
    path = log_file(office)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(Damaged):
        again(office).recuperar()


def test_a_copied_home_can_be_read_and_verified_but_not_numbered(
    office: Office, tmp_path: Path
) -> None:
    (subject, other) = receive(office, 2)
    office.radicar(subject, {})
    shutil.copytree(office.home, tmp_path / "copia")
    copy = Office(tmp_path / "copia")
    assert copy.buscar("").total == 1
    assert verify.verify(copy).ok
    with pytest.raises(Damaged, match="copia"):
        copy.radicar(other, {})


def test_a_home_that_was_moved_goes_on(office: Office, tmp_path: Path) -> None:
    (subject,) = receive(office, 1)
    office.index.close()
    moved = tmp_path / "otra parte" / "oficina"
    moved.parent.mkdir()
    office.home.rename(moved)
    assert Office(moved).radicar(subject, {}).radicado.endswith("000001")


class FailingDisk(Disk):
    """A disk whose n-th fsync of a journal file fails."""

    def __init__(self, after: int) -> None:
        self.left = after

    def fsync(self, fd: int) -> None:
        name = Path(f"/proc/self/fd/{fd}").readlink().name
        if name == "VU1.jsonl":
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.EIO, "Input/output error")
        super().fsync(fd)


def test_after_a_failed_fsync_nobody_numbers_until_the_tail_is_rewritten(office: Office) -> None:
    receive(office, 1)
    broken = Office(office.home, disk=FailingDisk(0))
    with pytest.raises(SyncFailed):
        receive(broken, 1, start=5)
    assert (office.home / "journal" / "VU1.detenido.json").exists()
    assert not verify.verify(again(office)).ok
    healed = again(office)
    assert "sincronizacion" in [e.data["motivo"] for e in healed.recuperar().cortes]
    receive(healed, 1, start=6)
    assert verify.verify(again(office)).ok


@pytest.mark.parametrize("tail", [b'{"b":{"actor":"dem', b""])
def test_a_sync_that_fails_while_mending_stops_everybody(office: Office, tail: bytes) -> None:
    receive(office, 1)
    path = log_file(office)
    whole = path.read_bytes()
    path.write_bytes(whole + tail if tail else whole[:-1])
    with pytest.raises(SyncFailed):
        Office(office.home, disk=FailingDisk(0)).recuperar()
    assert (office.home / "journal" / "VU1.detenido.json").exists()
    again(office).recuperar()
    assert path.read_bytes().startswith(whole)
    assert verify.verify(again(office)).ok


class FullDisk(Disk):
    """A disk that takes *room* more bytes."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, fd: int, data: bytes) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = os.write(fd, data[: self.room])
        self.room -= taken
        return taken


@pytest.mark.parametrize("room", [0, 10, 40, 150, 300, 500, 900, 1300, 2000])
def test_a_full_disk_loses_nothing_and_heals(office: Office, room: int) -> None:
    (first,) = receive(office, 1)
    full = Office(office.home, disk=FullDisk(room))
    shown = None
    try:
        shown = full.radicar(first, {"remitente": "Ana"}).radicado
    except MachineCannot as error:
        assert error.codigo == "disco_lleno"
    healed = again(office)
    healed.recuperar()
    if shown is None and not healed.buscar("").total:
        shown = healed.radicar(first, {}).radicado
    assert healed.buscar("").radicados[0].radicado.endswith("000001")
    assert verify.verify(again(office)).ok


def test_a_start_reads_back_to_the_last_anchor_only(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.tail.ANCHOR_EVERY", 20)
    subjects = receive(office, 50)
    for subject in subjects[:10]:
        office.radicar(subject, {})
    read = []
    original = Log.read

    def counting(self: Log, since: object = None) -> object:
        for place, line in original(self, since):  # type: ignore[arg-type]
            read.append(line.body.seq)
            yield place, line

    monkeypatch.setattr(Log, "read", counting)
    fresh = again(office)
    with fresh.open_log(fresh.journal) as writer:
        assert len(writer.tail.open) == 40
        assert writer.tail.series[("E", 2026)].n == 10 or writer.tail.series
    assert len(read) <= 20


def test_numbers_begin_at_one_each_year_and_the_log_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(text: str) -> None:
        when = datetime.fromisoformat(text).astimezone(lines.BOGOTA)
        monkeypatch.setattr(lines, "now", lambda: when)

    subjects = receive(office, 3)
    year = lines.now().year
    first = office.radicar(subjects[0], {})
    at(f"{year}-12-31T23:59:59.900-05:00")
    late = office.radicar(subjects[1], {})
    at(f"{year + 1}-01-01T00:00:00.100-05:00")
    new = office.radicar(subjects[2], {})
    assert [n.radicado for n in (first, late, new)] == [
        f"{year}-VU1-E-000001",
        f"{year}-VU1-E-000002",
        f"{year + 1}-VU1-E-000001",
    ]
    assert (office.home / "journal" / str(year + 1) / "VU1.jsonl").exists()
    seqs = [e.seq for e in Log(office.home, "VU1").events()]
    assert seqs == list(range(len(seqs)))
    assert verify.verify(again(office)).ok
    # A fresh process finds the same series through the segment of the new year.
    more = receive(again(office), 1, start=7)
    assert again(office).radicar(more[0], {}).radicado == f"{year + 1}-VU1-E-000002"


def test_a_new_year_whose_first_line_was_torn_heals(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(office, 1)
    year = lines.now().year + 1
    folder = office.home / "journal" / str(year)
    folder.mkdir()
    (folder / "VU1.fichas.jsonl").write_bytes(b'{"archivo":"x","sal":"00"}\n')
    (folder / "VU1.jsonl").write_bytes(b'{"b":{"act')
    again(office).recuperar()
    assert verify.verify(again(office)).ok


def test_a_clock_far_behind_receives_but_does_not_number(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (subject,) = receive(office, 1)
    past = lines.now() - timedelta(minutes=3)
    monkeypatch.setattr(lines, "now", lambda: past)
    receive(office, 1, start=5)
    with pytest.raises(Refused, match="reloj"):
        office.radicar(subject, {})


def test_a_clock_just_behind_takes_the_last_hour(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (subject,) = receive(office, 1)
    last = [e.at for e in Log(office.home, "VU1").events()][-1]
    past = lines.now() - timedelta(seconds=90)
    monkeypatch.setattr(lines, "now", lambda: past)
    assert office.radicar(subject, {}).fecha == last


def test_lines_are_found_from_both_ends(office: Office) -> None:
    receive(office, 30)
    path = log_file(office)
    forward = list(read_raw(path))
    assert list(read_back(path)) == forward[::-1]
    for seq, (offset, raw) in enumerate(forward):
        assert find_seq(path, seq) == (offset, raw)
    assert find_seq(path, len(forward)) is None


def test_the_chain_holds_no_personal_data(office: Office) -> None:
    (subject,) = receive(office, 1)
    office.radicar(
        subject, {"remitente": "Beatriz Castañeda", "cedula": "51.234.567", "asunto": "Petición"}
    )
    text = log_file(office).read_text()
    for secret in ("Beatriz", "51.234", "Petici", "carta 0.pdf"):
        assert secret not in text
    assert "Beatriz Castañeda" in ficha_file(office).read_text()


def test_an_anchor_that_does_not_name_the_last_ficha_is_not_begun_from(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another writer of the format may leave it: what it does not say is not «none»."""
    with monkeypatch.context() as other:
        other.setattr("records.tail.ANCHOR_EVERY", 8)
        other.setattr("records.tail.Tail.anchor", _scant_anchor)
        receive(office, 10)
    fresh = again(office)
    assert fresh.recuperar().cortes == []
    receive(fresh, 1, start=20)
    assert verify.verify(again(office)).ok


def _scant_anchor(tail: Tail) -> Anchor:
    return Anchor(
        series={f"{c}/{v}": end.n for (c, v), end in tail.series.items()},
        frontera=[h.hex() for h in tail.frontier],
    )


def test_a_home_whose_place_mark_was_removed_is_not_numbered(office: Office) -> None:
    (office.home / "journal" / "VU1.lugar.json").unlink()
    with pytest.raises(Damaged):
        receive(again(office), 1)
