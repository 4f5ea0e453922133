"""From the inbox to the number: what a clerk and a scanner do to it."""

from __future__ import annotations

import errno
import os
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from ingest import inbox, machine
from ingest.inbox import Tracker
from ingest.lectura import PARCIAL, Lectura, Unreadable
from ingest.reception import Recepcion
from records import verify
from records.disk import Disk, SyncFailed
from records.errors import Damaged, MachineCannot, Refused
from records.office import Office
from tests.conftest import page_pdf, reading

if TYPE_CHECKING:
    from collections.abc import Callable


class RecordedReader:
    """Gives what was once read, by the file's own bytes: the engine is tested elsewhere."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.label: str | None = None
        self.fail: Exception | None = None
        self.calls = 0
        self.first: Lectura | None = None
        """What page 1 of a longer letter says, told before the gate."""
        self.first_shown = threading.Event()

    def read(
        self,
        path: Path,
        on_first: Callable[[Lectura], None] | None = None,
        split: object = None,
    ) -> tuple[Lectura, bytes]:
        self.calls += 1
        if on_first is not None and self.first is not None:
            on_first(self.first)
            self.first_shown.set()
        assert self.gate.wait(20)
        if self.fail is not None:
            raise self.fail
        data = path.read_bytes()
        if data.startswith(b"%PDF-mala"):
            raise Unreadable("danado")
        text = data.decode(errors="replace").removeprefix("%PDF-")
        made = reading(text, remitente="José Muñoz", asunto=f"Asunto {text[:20]}")
        if self.label:
            made = Lectura(made.paginas, made.campos, made.hueco, self.label, [], "prueba")
        return made, page_pdf(text[:40])

    def close(self) -> None:
        """Nothing to let go."""


@pytest.fixture
def reader() -> RecordedReader:
    return RecordedReader()


@pytest.fixture
def reception(office: Office, reader: RecordedReader) -> Recepcion:
    config = office.home / "config.toml"
    text = config.read_text().replace("asentamiento_segundos = 2.0", "asentamiento_segundos = 0.1")
    config.write_text(text)
    return Recepcion(Office(office.home), reader=reader)  # type: ignore[arg-type]


def drop(reception: Recepcion, name: str, data: bytes | None = None, folder: str = "") -> Path:
    path = reception.inbox / folder / name
    path.write_bytes(data if data is not None else b"%PDF-" + name.encode())
    return path


def ids(reception: Recepcion) -> list[str]:
    return [d.id for d in reception.bandeja()]


def test_a_letter_goes_from_the_inbox_to_a_signed_number(reception: Recepcion) -> None:
    drop(reception, "carta.pdf")
    (done,) = reception.vigilar_una_vez()
    assert (done.estado, Path(done.archivo).name) == ("por_radicar", "carta.pdf")
    issued = reception.radicar(done.borrador or "")
    assert issued.pdf is not None and Path(issued.pdf).exists()
    assert Path(issued.etiqueta).exists()
    assert inbox.listing(reception.inbox) == []
    assert list((reception.inbox / ".tomados").iterdir()) == []
    assert list((reception.office.home / "lecturas").glob("*.pdf")) == []
    assert reception.bandeja() == []
    assert verify.verify(reception.office, complete=True).ok


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


def test_what_cannot_be_read_waits_apart_with_a_reason(
    reception: Recepcion, reader: RecordedReader
) -> None:
    drop(reception, "mala.pdf", b"%PDF-mala")
    (done,) = reception.vigilar_una_vez()
    assert done.estado == "cuarentena" and "dañado" in (done.motivo or "")
    (draft,) = reception.bandeja(cuarentena=True)
    assert reception.bandeja() == []
    held = sorted(p.name for p in reception.quarantine.iterdir())
    assert held == [f"{draft.id}-mala.pdf", f"{draft.id}-mala.pdf.motivo.json"]
    assert (reception.quarantine / held[0]).read_bytes() == b"%PDF-mala"
    with pytest.raises(Refused, match="no se pudo leer"):
        reception.radicar(draft.id)
    assert reception.reintentar(draft.id).estado == "cuarentena"
    reader.read = lambda path, **_: (reading("ya se lee"), page_pdf())  # type: ignore[method-assign]
    assert reception.reintentar(draft.id).estado == "por_radicar"
    assert list(reception.quarantine.iterdir()) == []
    reception.radicar(draft.id)
    assert verify.verify(reception.office, complete=True).ok


def test_a_missing_engine_loses_nothing(reception: Recepcion, reader: RecordedReader) -> None:
    reader.fail = MachineCannot("tesseract", "Falta Tesseract.")
    drop(reception, "carta.pdf")
    with pytest.raises(MachineCannot):
        reception.vigilar_una_vez()
    assert [d.estado for d in reception.bandeja()] == ["leyendo"]
    reader.fail = None
    reception.vigilar_una_vez()
    assert [d.estado for d in reception.bandeja()] == ["por_radicar"]


def test_letters_are_received_while_nothing_can_be_read(
    reception: Recepcion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_engine(self: Recepcion) -> None:
        raise MachineCannot("tesseract", "Falta Tesseract.")

    for name in ("a.pdf", "b.pdf"):
        drop(reception, name)
    with monkeypatch.context() as broken:
        broken.setattr(Recepcion, "reader", property(no_engine))
        with pytest.raises(MachineCannot):
            reception.vigilar_una_vez()
    assert [d.estado for d in reception.bandeja()] == ["leyendo", "leyendo"]
    assert inbox.listing(reception.inbox) == []
    reception.vigilar_una_vez()
    assert [d.estado for d in reception.bandeja()] == ["por_radicar", "por_radicar"]


def test_the_same_letter_twice_at_once_is_no_collision(reception: Recepcion) -> None:
    files = [drop(reception, f"{i}.pdf", b"%PDF-la misma") for i in range(6)]
    done = reception.recibir(files)
    assert sorted(p.estado for p in done) == ["duplicado"] * 5 + ["por_radicar"]


def test_a_letter_may_be_numbered_while_it_is_being_read(
    reception: Recepcion, reader: RecordedReader
) -> None:
    reader.gate.clear()
    drop(reception, "carta.pdf")
    stop = threading.Event()
    watcher = threading.Thread(
        target=lambda: Recepcion(Office(reception.office.home), reader=reader).vigilar(  # type: ignore[arg-type]
            stop, lambda _: None, until_empty=True
        )
    )
    watcher.start()
    while not reception.bandeja():
        time.sleep(0.02)
    (draft,) = reception.bandeja()
    assert draft.estado == "leyendo"
    issued = reception.radicar(draft.id, {"asunto": "Urgente", "folios": "2"})
    assert issued.pdf is None
    assert reception.office.ver(issued.radicado).marcas == ["sello_pendiente"]
    reader.gate.set()
    watcher.join(30)
    seen = reception.office.ver(issued.radicado)
    assert seen.marcas == [] and seen.campos["asunto"] == "Urgente"
    assert verify.verify(reception.office, complete=True).ok


def test_same_bytes_again_are_marked_and_left_to_a_person(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "carta.pdf", b"%PDF-igual")])
    (reception.inbox / "carta.pdf").unlink()
    (first,) = ids(reception)
    number = reception.radicar(first)
    drop(reception, "otra.pdf", b"%PDF-igual")
    (done,) = reception.vigilar_una_vez()
    assert done.estado == "duplicado"
    (draft,) = reception.bandeja()
    assert draft.duplicado_de == number.radicado
    issued, omitted = reception.radicar_todos()
    assert issued == [] and [o.id for o in omitted] == [draft.id]
    reception.descartar(draft.id, "duplicado", de=number.radicado)
    assert reception.bandeja() == []


def test_all_are_numbered_in_order_and_a_duplicate_does_not_stop_them(
    reception: Recepcion,
) -> None:
    for i, data in enumerate((b"%PDF-a", b"%PDF-a", b"%PDF-b", b"%PDF-c")):
        reception.recibir([drop(reception, f"{i}.pdf", data)])
        (reception.inbox / f"{i}.pdf").unlink()
    order = ids(reception)
    issued, omitted = reception.radicar_todos()
    assert [i.subject for i in issued] == [order[0], order[2], order[3]]
    assert [o.id for o in omitted] == [order[1]]
    assert verify.verify(reception.office).ok


def test_what_another_clerk_holds_is_neither_numbered_nor_in_the_way(
    reception: Recepcion,
) -> None:
    for name in ("a.pdf", "b.pdf"):
        reception.recibir([drop(reception, name)])
        (reception.inbox / name).unlink()
    first, second = ids(reception)
    home = reception.office.home
    Recepcion(Office(home, persona="cruiz")).tomar(first)
    with pytest.raises(Refused, match="cruiz"):
        reception.radicar(first)
    reception.radicar(second)
    Recepcion(Office(home, persona="cruiz")).soltar(first)
    reception.radicar(first)


def test_an_older_letter_left_behind_asks_for_a_reason(reception: Recepcion) -> None:
    for name in ("a.pdf", "b.pdf"):
        reception.recibir([drop(reception, name)])
        (reception.inbox / name).unlink()
    first, second = ids(reception)
    with pytest.raises(Refused) as refused:
        reception.radicar(second)
    assert refused.value.codigo == "orden_de_recepcion"
    reception.radicar(second, motivo="La persona espera en ventanilla")
    reception.radicar(first)


def test_what_was_typed_is_kept_and_wins_over_what_was_read(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (ident,) = ids(reception)
    reception.escribir(ident, "remitente", "Ana Güiza")
    fresh = Recepcion(Office(reception.office.home))
    assert fresh.drafts.get(ident).values()["remitente"] == "Ana Güiza"
    fresh_number = reception.radicar(ident)
    assert reception.office.ver(fresh_number.radicado).campos["remitente"] == "Ana Güiza"


def test_only_a_clerk_writes_into_a_letter(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (ident,) = ids(reception)
    with pytest.raises(Refused, match="papel"):
        Recepcion(Office(reception.office.home, persona="gpardo")).escribir(ident, "asunto", "x")
    Recepcion(Office(reception.office.home, persona="cruiz")).escribir(ident, "asunto", "x")


def test_folios_are_counted_and_left_for_a_person_to_confirm(
    reception: Recepcion, reader: RecordedReader
) -> None:
    """A letter that says «Anexos: dieciséis (16) folios» is not of sixteen leaves."""
    made = reading("Anexos: dieciséis (16) folios", folios="16")
    reader.read = lambda path, **_: (made, page_pdf())  # type: ignore[method-assign]
    reception.recibir([drop(reception, "a.pdf")])
    folios = reception.bandeja()[0].campos["folios"]
    assert folios.valor == "1" and folios.confianza < 80


def test_at_the_counter_a_missing_name_is_missing_and_not_illegible(reception: Recepcion) -> None:
    number = reception.radicar_sin_imagen({})
    assert "remitente" not in reception.office.ver(number.radicado).campos
    reception.recibir([drop(reception, "a.pdf")])
    scanned = reception.radicar(ids(reception)[0], {"remitente": "", "entidad": ""})
    assert reception.office.ver(scanned.radicado).campos["remitente"] == "ilegible"


def test_a_stale_save_is_refused(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (ident,) = ids(reception)
    mine = reception.drafts.get(ident)
    reception.escribir(ident, "asunto", "de otra persona")
    with pytest.raises(Refused, match="Otra persona"):
        reception.drafts.save(mine)
    assert reception.drafts.get(ident).values()["asunto"] == "de otra persona"


def test_drafts_are_made_again_from_journal_and_vault(reception: Recepcion) -> None:
    for name in ("a.pdf", "b.pdf"):
        reception.recibir([drop(reception, name)])
        (reception.inbox / name).unlink()
    before = [(d.id, d.archivo, d.sha256) for d in reception.bandeja()]
    (reception.office.home / "drafts.json").unlink()
    reception.vigilar_una_vez()
    assert [(d.id, d.archivo, d.sha256) for d in reception.bandeja()] == before
    assert all(d.estado == "por_radicar" for d in reception.bandeja())


def test_spoilt_drafts_are_told_and_not_touched(reception: Recepcion) -> None:
    path = reception.office.home / "drafts.json"
    path.write_text('{"_default": {"1":')
    with pytest.raises(Damaged, match="no se entiende"):
        reception.bandeja()
    assert path.read_text() == '{"_default": {"1":'


def test_a_draft_is_small(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf", b"%PDF-" + b"palabra " * 5000)])
    assert (reception.office.home / "drafts.json").stat().st_size < 2048


def test_a_cut_between_number_and_seal_is_finished_with_the_same_number(
    reception: Recepcion,
) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (reception.inbox / "a.pdf").unlink()
    (ident,) = ids(reception)
    number = reception.office.radicar(ident, {"asunto": "x"})  # and here the light goes out
    fresh = Recepcion(Office(reception.office.home), reader=RecordedReader())  # type: ignore[arg-type]
    fresh.ponerse_al_dia()
    assert fresh.bandeja() == [] or all(d.estado == "radicado" for d in fresh.bandeja())
    assert fresh.sellar_pendientes() == 1
    seen = fresh.office.ver(number.radicado)
    assert seen.marcas == [] and [d.rol for d in seen.documentos] == ["original", "registro"]
    assert fresh.office.por_sellar() == []


def test_a_lost_reading_is_made_again_for_the_seal(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (reception.inbox / "a.pdf").unlink()
    (ident,) = ids(reception)
    reception.office.radicar(ident, {})
    for path in (reception.office.home / "lecturas").glob("*.pdf"):
        path.write_bytes(b"otra cosa")
    reception.ponerse_al_dia()
    reception.sellar_pendientes()
    assert reception.office.por_sellar() == []


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


class FailingDrafts(Disk):
    """A disk that keeps no drafts any more."""

    def rename(self, source: Path, target: Path) -> None:
        if target.name == "drafts.json":
            raise OSError(errno.ENOSPC, "No space left on device")
        super().rename(source, target)


def test_a_number_is_shown_though_its_draft_cannot_be_saved(
    reception: Recepcion, reader: RecordedReader
) -> None:
    drop(reception, "a.pdf")
    (done,) = reception.vigilar_una_vez()
    full = Office(reception.office.home, disk=FailingDrafts())
    issued = Recepcion(full, reader=reader).radicar(done.borrador or "")  # type: ignore[arg-type]
    assert issued.radicado.endswith("000001") and issued.pdf is None
    reception.ponerse_al_dia()
    assert reception.bandeja() == []
    reception.sellar_pendientes()
    assert reception.office.por_sellar() == []


def test_a_claim_cut_after_its_reception_is_not_received_twice(reception: Recepcion) -> None:
    path = drop(reception, "a.pdf")
    held = inbox.claim(reception.inbox, path, "ventanilla", reception.office.disk)
    assert held is not None
    reception.office.recibir(
        held.path.read_bytes(), reclamo=held.id, nombre="a.pdf", carril="ventanilla"
    )
    reception.vigilar_una_vez()
    assert len(reception.bandeja()) == 1


def test_the_labelled_paper_becomes_the_image_of_its_number(
    reception: Recepcion, reader: RecordedReader
) -> None:
    number = reception.radicar_sin_imagen({"remitente": "Ana", "folios": "2"})
    assert number.pdf is None and Path(number.etiqueta).exists()
    reader.label = f"VENTANILLA 1 {number.radicado} {number.evento[:16].upper()}"
    drop(reception, "escaneo.pdf")
    (done,) = reception.vigilar_una_vez()
    assert done.estado == "incorporado"
    seen = reception.office.ver(number.radicado)
    assert seen.marcas == [] and seen.campos["remitente"] == "Ana"
    assert reception.bandeja() == []
    drop(reception, "escaneo.pdf")
    (again,) = reception.vigilar_una_vez()
    assert again.estado == "duplicado"
    assert reception.bandeja()[0].duplicado_de == number.radicado
    assert verify.verify(reception.office, complete=True).ok


def test_a_forged_label_files_nothing(reception: Recepcion, reader: RecordedReader) -> None:
    number = reception.radicar_sin_imagen({"remitente": "Ana"})
    reader.label = f"VENTANILLA 1 {number.radicado} {'0' * 16}"
    drop(reception, "escaneo.pdf")
    (done,) = reception.vigilar_una_vez()
    assert done.estado == "por_radicar"
    assert reception.office.ver(number.radicado).marcas == ["imagen_pendiente"]


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


def test_a_letter_discarded_while_it_is_read_does_not_stop_the_watcher(
    reception: Recepcion, reader: RecordedReader
) -> None:
    reader.gate.clear()
    drop(reception, "carta.pdf")
    told: list[str] = []
    watcher = threading.Thread(
        target=lambda: Recepcion(Office(reception.office.home), reader=reader).vigilar(  # type: ignore[arg-type]
            threading.Event(), lambda p: told.append(p.estado), until_empty=True
        )
    )
    watcher.start()
    while not reader.calls:
        time.sleep(0.02)
    reception.descartar(reception.bandeja()[0].id, "prueba")
    drop(reception, "otra.pdf")
    reader.gate.set()
    watcher.join(30)
    assert sorted(told) == ["por_radicar", "resuelto"]


def test_a_label_that_cannot_be_written_does_not_hide_the_number(reception: Recepcion) -> None:
    folder = reception.office.home / "salida"
    folder.rmdir()
    folder.write_text("no es una carpeta")
    issued = reception.radicar_sin_imagen({"remitente": "Ana"})
    assert issued.radicado.endswith("000001") and issued.etiqueta is None


def test_what_another_clerk_holds_is_not_discarded_nor_released(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (ident,) = ids(reception)
    home = reception.office.home
    Recepcion(Office(home, persona="dgarzon")).tomar(ident)
    other = Recepcion(Office(home, persona="cruiz"))
    for verb in (lambda: other.descartar(ident, "prueba"), lambda: other.soltar(ident)):
        with pytest.raises(Refused, match="dgarzon"):
            verb()
    Recepcion(Office(home, persona="ntorres")).soltar(ident)
    other.descartar(ident, "prueba")


def test_a_tray_without_its_file_is_not_an_empty_tray(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (reception.office.home / "drafts.json").unlink()
    assert [d.archivo for d in reception.bandeja()] == ["a.pdf"]


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


def test_the_configured_words_suggest_the_area(reception: Recepcion) -> None:
    drop(reception, "a.pdf", "%PDF-El alumbrado público no sirve".encode())
    drop(reception, "b.pdf", b"%PDF-nada que ver")
    reception.vigilar_una_vez()
    by_name = {d.archivo: d.campos["dependencia"] for d in reception.bandeja()}
    assert by_name["a.pdf"].valor == "140"
    assert by_name["b.pdf"].confianza < 80 <= by_name["a.pdf"].confianza


def test_the_lane_says_the_channel(reception: Recepcion) -> None:
    (reception.inbox / "correo").mkdir(exist_ok=True)
    drop(reception, "a.pdf", folder="correo")
    drop(reception, "b.pdf")
    reception.vigilar_una_vez()
    channels = {d.archivo: d.campos["canal"] for d in reception.bandeja()}
    assert channels["a.pdf"].valor == "correo_electronico"
    assert channels["b.pdf"].valor == "fisico" and channels["b.pdf"].confianza >= 80


def test_the_doctor_tells_of_a_certificate_that_runs_out(
    reception: Recepcion, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = reception.office.home
    assert not any("vence" in p for p in machine.examine(home))
    monkeypatch.setattr(machine, "WARNING", timedelta(days=800))
    told = [p for p in machine.examine(home) if "vence" in p]
    assert len(told) == 3 and any("VU1" in p for p in told)


# -- the first page of a long letter --------------------------------------------------------------


class LongLetter:
    """A letter of several pages that is being read: its first page was told, the rest waits."""

    def __init__(self, reception: Recepcion, reader: RecordedReader) -> None:
        page = reading("Página uno", asunto="De la página 1", remitente="No firma aún", folios="9")
        self.reception = reception
        reader.first = msgspec.structs.replace(page, notas=[PARCIAL])
        reader.gate.clear()
        drop(reception, "larga.pdf")
        self.told: list[str] = []
        self._reader = reader
        self._watcher = threading.Thread(
            target=lambda: Recepcion(Office(reception.office.home), reader=reader).vigilar(  # type: ignore[arg-type]
                threading.Event(), lambda p: self.told.append(p.estado), until_empty=True
            )
        )
        self._watcher.start()
        assert reader.first_shown.wait(20)

    @property
    def ident(self) -> str:
        """Its draft."""
        return self.reception.bandeja()[0].id

    def finish(self) -> None:
        """The other pages are read."""
        self._reader.gate.set()
        self._watcher.join(30)
        assert not self._watcher.is_alive()

    def readings(self) -> int:
        """How many readings lie in the office."""
        return len(list((self.reception.office.home / "lecturas").glob("*.json")))


def test_page_one_is_there_before_the_rest_and_what_was_typed_stays(
    reception: Recepcion, reader: RecordedReader
) -> None:
    letter = LongLetter(reception, reader)
    (early,) = reception.bandeja()
    assert (early.estado, early.paginas, early.confianza) == ("leyendo", 1, 95)
    assert early.values()["asunto"] == "De la página 1" and early.notas == [PARCIAL]
    # Nobody guesses leaves or who signs before the last page is there.
    assert not {"folios", "remitente"} & early.campos.keys()
    seen = reception.lectura(early)
    assert seen is not None and seen.texto == "Página uno"
    reception.escribir(early.id, "asunto", "Lo que escribió una persona")
    letter.finish()
    (whole,) = reception.bandeja()
    assert (whole.estado, whole.notas, whole.primera) == ("por_radicar", [], None)
    assert whole.values()["asunto"] == "Lo que escribió una persona"
    assert whole.values()["remitente"] == "José Muñoz"
    assert letter.readings() == 1
    assert reception.lectura(whole) != seen


def test_who_numbers_on_page_one_has_its_fields_and_waits_for_nothing(
    reception: Recepcion, reader: RecordedReader
) -> None:
    letter = LongLetter(reception, reader)
    issued = reception.radicar(letter.ident, {"remitente": "Ana Gil"})
    fields = reception.office.ver(issued.radicado).campos
    assert (fields["asunto"], fields["remitente"]) == ("De la página 1", "Ana Gil")
    letter.finish()
    assert reception.office.por_sellar() == [] and reception.bandeja() == []
    assert reception.office.ver(issued.radicado).campos == fields
    assert letter.readings() == 1


def test_a_letter_discarded_on_page_one_leaves_no_reading(
    reception: Recepcion, reader: RecordedReader
) -> None:
    letter = LongLetter(reception, reader)
    reception.descartar(letter.ident, "prueba")
    assert letter.readings() == 0
    letter.finish()
    assert letter.told == ["resuelto"]


def test_a_later_page_that_cannot_be_read_puts_it_aside_with_what_page_one_said(
    reception: Recepcion, reader: RecordedReader
) -> None:
    letter = LongLetter(reception, reader)
    reader.fail = Unreadable("danado")
    letter.finish()
    (draft,) = reception.bandeja(cuarentena=True)
    assert draft.values()["asunto"] == "De la página 1"
    assert (draft.notas, draft.primera, letter.readings()) == ([], None, 0)


def test_a_reading_that_ended_after_page_one_is_done_again(
    reception: Recepcion, reader: RecordedReader
) -> None:
    reader.first = msgspec.structs.replace(reading("Página uno"), notas=[PARCIAL])
    reader.fail = MachineCannot("tesseract", "Falta Tesseract.")
    with pytest.raises(MachineCannot):
        reception.recibir([drop(reception, "larga.pdf")])
    (left,) = reception.bandeja()
    assert left.estado == "leyendo" and left.primera is not None
    reader.fail = None
    reader.first = msgspec.structs.replace(reading("Página uno, otra vez"), notas=[PARCIAL])
    reception.leer_pendientes()
    assert [d.estado for d in reception.bandeja()] == ["por_radicar"]
    assert len(list((reception.office.home / "lecturas").glob("*.json"))) == 1
