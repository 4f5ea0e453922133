"""What is read, what cannot be, and what happens to a letter meanwhile."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from ingest import inbox
from ingest.reception import Recepcion
from records import verify
from records.errors import MachineCannot, Refused
from records.office import Office
from tests.conftest import page_pdf, reading
from tests.readers import RecordedReader
from tests.reception.conftest import drop


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


def test_folios_are_counted_and_left_for_a_person_to_confirm(
    reception: Recepcion, reader: RecordedReader
) -> None:
    """A letter that says «Anexos: dieciséis (16) folios» is not of sixteen leaves."""
    made = reading("Anexos: dieciséis (16) folios", folios="16")
    reader.read = lambda path, **_: (made, page_pdf())  # type: ignore[method-assign]
    reception.recibir([drop(reception, "a.pdf")])
    folios = reception.bandeja()[0].campos["folios"]
    assert folios.valor == "1" and folios.confianza < 80


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
