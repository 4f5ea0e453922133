"""From a draft to its number, its label and its seal."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

import pytest

from ingest import inbox, machine
from ingest.reception import Recepcion
from records import verify
from records.disk import Disk
from records.errors import Refused
from records.office import Office
from tests.readers import RecordedReader
from tests.reception.conftest import drop, ids


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


def test_at_the_counter_a_missing_name_is_missing_and_not_illegible(reception: Recepcion) -> None:
    number = reception.radicar_sin_imagen({})
    assert "remitente" not in reception.office.ver(number.radicado).campos
    reception.recibir([drop(reception, "a.pdf")])
    scanned = reception.radicar(ids(reception)[0], {"remitente": "", "entidad": ""})
    assert reception.office.ver(scanned.radicado).campos["remitente"] == "ilegible"


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


def test_a_label_that_cannot_be_written_does_not_hide_the_number(reception: Recepcion) -> None:
    folder = reception.office.home / "salida"
    folder.rmdir()
    folder.write_text("no es una carpeta")
    issued = reception.radicar_sin_imagen({"remitente": "Ana"})
    assert issued.radicado.endswith("000001") and issued.etiqueta is None


def test_the_doctor_tells_of_a_certificate_that_runs_out(
    reception: Recepcion, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = reception.office.home
    assert not any("vence" in p for p in machine.examine(home))
    monkeypatch.setattr(machine, "SOON", timedelta(days=800))
    told = [p for p in machine.examine(home) if "vence" in p]
    assert len(told) == 3 and any("VU1" in p for p in told)
