"""From the inbox to a draft: what is taken, when, and what a cut or a bad file leaves."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from ingest import inbox
from ingest.inbox import Tracker
from ingest.reception import Recepcion
from records.disk import Disk, SyncFailed
from records.office import Office
from tests.conftest import page_pdf, reading
from tests.readers import RecordedReader
from tests.reception.conftest import drop


def test_the_folder_says_the_lane_and_its_source(reception: Recepcion) -> None:
    past = time.time() - 86_400
    for folder in ("", "fax", "postal", "desconocida"):
        (reception.inbox / folder).mkdir(exist_ok=True)
        os.utime(drop(reception, f"c-{folder}.pdf", folder=folder), (past, past))
    reception.vigilar_una_vez()
    lanes = {d.archivo: d for d in reception.bandeja()}
    assert lanes["c-fax.pdf"].carril == "fax"
    assert lanes["c-postal.pdf"].carril == "lote_postal"
    assert lanes["c-desconocida.pdf"].carril == "ventanilla"
    # A fax server's file says when it came; a scanner's file only when it was scanned.
    assert lanes["c-fax.pdf"].recibido < lanes["c-.pdf"].recibido
    assert lanes["c-fax.pdf"].recibido[:10] < lanes["c-postal.pdf"].recibido[:10]


def test_what_a_fax_says_of_itself_goes_to_its_record(
    reception: Recepcion, reader: RecordedReader
) -> None:
    said = "606 8842166, 2026-03-16 15:52, 3 páginas"
    reader.read = lambda path, **_: (reading("carta", fax=said), page_pdf())  # type: ignore[method-assign]
    (reception.inbox / "fax").mkdir(exist_ok=True)
    drop(reception, "c.tif", folder="fax")
    (done,) = reception.vigilar_una_vez()
    issued = reception.radicar(done.borrador or "")
    assert reception.office.ver(issued.radicado).campos["fax"] == said
    # Its clock is the sender's word: reception is by the hour of the server's file.
    assert issued.recibido[:10] == issued.fecha[:10] != "2026-03-16"


def test_a_file_that_grows_is_not_taken_before_it_rests() -> None:
    tracker = Tracker(settle=1.0)
    path = Path(__file__)
    assert tracker.look([path], 0.0) == []
    assert tracker.look([path], 0.5) == []
    assert tracker.look([path], 1.0) == [path]


def test_a_file_that_changes_starts_to_rest_anew(tmp_path: Path) -> None:
    tracker = Tracker(settle=1.0)
    path = tmp_path / "c.pdf"
    path.write_bytes(b"a")
    tracker.look([path], 0.0)
    path.write_bytes(b"ab")
    assert tracker.look([path], 1.0) == []
    assert tracker.look([path], 2.0) == [path]


def test_an_empty_file_waits_longer(tmp_path: Path) -> None:
    tracker = Tracker(settle=1.0)
    path = tmp_path / "c.pdf"
    path.touch()
    tracker.look([path], 0.0)
    assert tracker.look([path], 2.0) == []
    assert tracker.look([path], 5.0) == [path]


def test_hidden_and_unfinished_files_are_left_alone(tmp_path: Path) -> None:
    for name in (".oculto", "~$carta.docx", "x.part", "y.tmp", "z.crdownload", "carta.pdf"):
        (tmp_path / name).write_bytes(b"x")
    assert [p.name for p in inbox.listing(tmp_path)] == ["carta.pdf"]


def test_what_nobody_takes_is_told(tmp_path: Path) -> None:
    (tmp_path / ".tomados").mkdir()
    (tmp_path / "fax").mkdir()
    (tmp_path / "enlazada").symlink_to(tmp_path / "fax", target_is_directory=True)
    for name in (".oculto.pdf", "medio.part", "carta.pdf", ".tomados/x.pdf"):
        (tmp_path / name).write_bytes(b"x")
    assert inbox.unattended(tmp_path, time.time()) == []
    told = inbox.unattended(tmp_path, time.time() + 3600)
    assert [p.name for p in told] == [".oculto.pdf", "enlazada", "medio.part"]


def test_a_slow_writer_is_received_whole(reception: Recepcion) -> None:
    path = reception.inbox / "lenta.pdf"

    def write() -> None:
        with path.open("wb") as file:
            for _ in range(12):
                file.write(b"%PDF-" + b"x" * 100)
                file.flush()
                time.sleep(0.04)

    writer = threading.Thread(target=write)
    writer.start()
    (done,) = reception.vigilar_una_vez()
    writer.join()
    original = reception.original(reception.drafts.get(done.borrador or ""))
    assert original is not None and original.stat().st_size == 12 * 105


def test_the_same_letter_twice_at_once_is_no_collision(reception: Recepcion) -> None:
    files = [drop(reception, f"{i}.pdf", b"%PDF-la misma") for i in range(6)]
    done = reception.recibir(files)
    assert sorted(p.estado for p in done) == ["duplicado"] * 5 + ["por_radicar"]


def test_a_claim_that_was_cut_is_taken_up(reception: Recepcion) -> None:
    path = drop(reception, "a.pdf")
    inbox.claim(reception.inbox, path, "ventanilla", reception.office.disk)
    assert reception.bandeja() == []
    reception.vigilar_una_vez()
    assert [d.archivo for d in reception.bandeja()] == ["a.pdf"]
    assert list((reception.inbox / ".tomados").iterdir()) == []


class UnsureDisk(Disk):
    """A disk that does not confirm the first move; meanwhile the scanner goes on scanning."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done = False

    def fsync(self, fd: int) -> None:
        folder = Path(f"/proc/self/fd/{fd}").readlink()
        if not self.done and folder.parent.name == ".tomados":
            self.done = True
            self.path.write_bytes(b"%PDF-otra carta con el mismo nombre")
            raise OSError(errno.EIO, "Input/output error")
        super().fsync(fd)


def test_a_claim_that_the_disk_did_not_confirm_is_not_thrown_away(reception: Recepcion) -> None:
    path = drop(reception, "a.pdf")
    with pytest.raises(SyncFailed):
        inbox.claim(reception.inbox, path, "ventanilla", UnsureDisk(path))
    reception.vigilar_una_vez()
    assert [d.archivo for d in reception.bandeja()] == ["a.pdf", "a.pdf"]


def test_a_claim_cut_after_its_reception_is_not_received_twice(reception: Recepcion) -> None:
    path = drop(reception, "a.pdf")
    held = inbox.claim(reception.inbox, path, "ventanilla", reception.office.disk)
    assert held is not None
    reception.office.recibir(
        held.path.read_bytes(), reclamo=held.id, nombre="a.pdf", carril="ventanilla"
    )
    reception.vigilar_una_vez()
    assert len(reception.bandeja()) == 1


def test_a_link_in_the_inbox_is_not_followed(reception: Recepcion, tmp_path: Path) -> None:
    secret = tmp_path / "secreto.pdf"
    secret.write_bytes(b"%PDF-secreto")
    (reception.inbox / "enlace.pdf").symlink_to(secret)
    (done,) = reception.vigilar_una_vez()
    assert done.estado == "cuarentena"
    assert reception.bandeja() == [] and secret.read_bytes() == b"%PDF-secreto"
    assert inbox.listing(reception.inbox) == []


def test_one_file_that_cannot_be_taken_keeps_nobody_from_work(
    reception: Recepcion, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Recepcion._whole

    def no_right(path: Path) -> bytes:
        if path.name == "ajena.pdf":
            raise PermissionError(13, "Permission denied")
        return whole(path)

    monkeypatch.setattr(Recepcion, "_whole", staticmethod(no_right))
    monkeypatch.setattr(inbox, "MAX_BYTES", 1000)
    drop(reception, "ajena.pdf")
    drop(reception, "enorme.pdf", b"%PDF-" + b"x" * 2000)
    drop(reception, "buena.pdf")
    (reception.inbox / ("l" * 250)).symlink_to("/etc/hostname")
    states = {Path(p.archivo).name[:9]: p.estado for p in reception.vigilar_una_vez()}
    assert states == {
        "ajena.pdf": "cuarentena",
        "enorme.pd": "cuarentena",
        "buena.pdf": "por_radicar",
        "lllllllll": "cuarentena",
    }
    assert reception.radicar_sin_imagen({}).radicado.endswith("000001")
    notes = [p.read_text() for p in reception.quarantine.glob("*.motivo.json")]
    assert any("permiso" in n for n in notes) and any("divídalo" in n for n in notes)


def test_two_watchers_take_each_letter_once(reception: Recepcion, reader: RecordedReader) -> None:
    for i in range(12):
        drop(reception, f"{i}.pdf")
    others = [
        threading.Thread(
            target=Recepcion(Office(reception.office.home), reader=reader).vigilar_una_vez  # type: ignore[arg-type]
        )
        for _ in range(2)
    ]
    for other in others:
        other.start()
    for other in others:
        other.join(60)
    assert sorted(d.archivo for d in reception.bandeja()) == sorted(f"{i}.pdf" for i in range(12))
    assert all(d.estado == "por_radicar" for d in reception.bandeja())
