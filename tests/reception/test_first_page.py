"""The first page of a long letter, on screen before the rest is read."""

from __future__ import annotations

import threading

import msgspec
import pytest

from ingest.lectura import PARCIAL, Unreadable
from ingest.reception import Recepcion
from records.errors import MachineCannot
from records.office import Office
from tests.conftest import reading
from tests.readers import RecordedReader
from tests.reception.conftest import drop


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
