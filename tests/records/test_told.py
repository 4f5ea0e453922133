"""What a letter said of its term: by which reading, and that it stands whatever changes later."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from records import calendar, lines, terms, verify
from records.calendar import Calendar
from records.office import Office
from tests.conftest import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STRICT, LEGAL = "2026-04-14T23:59:59-05:00", "2026-04-15T23:59:59-05:00"
SATURDAY = datetime(2026, 3, 28, 10, 0)
"""Documents: 30, 31 Mar, 1 Apr = 3; 6-10 = 8; 13, 14 = 10. Filed on Monday: 31 Mar = 1; 15 Apr."""


def numbered(office: Office, received: datetime, tipo: str = "documentos") -> str:
    received = received.replace(tzinfo=lines.BOGOTA)
    subject = office.recibir(
        b"%PDF-1.7 x", reclamo=str(received), nombre="x.pdf", carril="correo", recibido=received
    )
    return office.radicar(subject, {"tipo": tipo}).radicado


def edited(office: Office, *changes: tuple[str, str]) -> Office:
    """The same office after its config.toml was edited."""
    path = office.home / "config.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    office.index.close()
    return Office(office.home)


def term_of(office: Office, radicado: str) -> dict[str, Any]:
    found = office.ver(radicado).termino
    assert found is not None
    return found


READING = 'lectura = "estricta"', 'lectura = "legal"'


def receipt(office: Office, radicado: str) -> str:
    """The text of the receipt, in one line."""
    done = office.constancia(radicado)
    return " ".join(text_of((office.home / done.archivo).read_bytes()).split())


def test_the_entity_says_which_reading_people_are_told(office: Office) -> None:
    first = numbered(office, SATURDAY)
    assert "14 abr 2026" in receipt(office, first) and "lectura" not in term_of(office, first)
    office = edited(office, READING)
    radicado = numbered(office, SATURDAY + timedelta(minutes=1))
    assert "15 abr 2026" in receipt(office, radicado)
    told = term_of(office, radicado)
    assert (told["vence"], told["vence_legal"], told["lectura"]) == (STRICT, LEGAL, "legal")
    assert "se le dijo, por la otra lectura, el miércoles 15 abr 2026" in told["explicacion"]
    # Within hours both are one, and the letter before keeps the day that it was told.
    assert "lectura" not in term_of(office, numbered(office, datetime(2026, 3, 30, 10)))
    assert "14 abr 2026" in receipt(office, first)
    office = edited(office, READING[::-1])
    assert "15 abr 2026" in receipt(office, radicado)
    # Another kind, another term, by the reading of that day: 28 Mar + 15 days, 21 Apr.
    office.rectificar(radicado, {"tipo": "queja"}, "no pide documentos")
    moved = term_of(office, radicado)
    assert moved["vence"] == "2026-04-21T23:59:59-05:00" and "lectura" not in moved
    assert verify.verify(office).ok
    office.index.close()


def overdue_by_one_reading(today: date) -> datetime:
    """An hour of reception whose strict term is over and whose other one is not."""
    held = Calendar(False, time(8), time(16, 30), {})
    for back in range(1, 60):
        received = datetime.combine(today - timedelta(back), time(20))
        told = terms.term("documentos", received, held)
        if str(told.vence)[:10] < today.isoformat() <= str(told.vence_legal)[:10]:
            return received
    raise AssertionError(today)


def test_what_is_overdue_goes_by_what_people_were_told(office: Office) -> None:
    received = overdue_by_one_reading(lines.now().date())
    numbered(office, received)
    assert (office.buscar("vence<0d").total, office.buscar("vence<1d").total) == (1, 1)
    office = edited(office, READING)
    legal = numbered(office, received + timedelta(minutes=1))
    assert office.buscar("vence<0d").total == 1
    # What is to come is told by the first date, so that nobody waits for the other.
    assert office.buscar("vence<1d").total == 2
    state = office.estado(office.subject(legal))
    assert state.due == state.vence_legal and str(state.due) > str(state.vence)
    office.index.close()


# -- what was told stands -------------------------------------------------------------------------

NO_DAYS = "dias_no_habiles = []"
OWN = 'dias_no_habiles = [{ fecha = 2026-04-06, motivo = "Decreto 9 de 2026" }]'
CLOSED = """[[horario.suspensiones]]
desde = 2026-04-06
hasta = 2026-04-08
acto = "Resolución 3 de 2026"

[radicado]
"""
TOLD = "Al radicar se dijo otra fecha, y es la que vale: miércoles 15 abr 2026"


CHANGES = [
    ((NO_DAYS, OWN), "6 abr (Decreto 9 de 2026)"),
    (("[radicado]\n", CLOSED), "6 abr (términos suspendidos: Resolución 3 de 2026)"),
    (("sabado_habil = false", "sabado_habil = true"), "Vence: lunes 13 abr 2026"),
]


def test_a_calendar_that_changes_moves_no_told_term_and_is_told(office: Office) -> None:
    radicado = numbered(office, datetime(2026, 3, 30, 10))
    for change, said in CHANGES:
        office = edited(office, change)
        seen = office.ver(radicado)
        assert seen.vence == LEGAL and seen.termino is not None
        assert seen.termino["vence"] == LEGAL and TOLD in seen.termino["explicacion"]
        assert said in seen.termino["explicacion"], seen.termino["explicacion"]
        assert "15 abr 2026" in receipt(office, radicado)
        office = edited(office, change[::-1])
    # What was counted with a day off stays when that is struck.
    office = edited(office, (NO_DAYS, OWN))
    other = numbered(office, datetime(2026, 3, 30, 11))
    office = edited(office, (OWN, NO_DAYS))
    told = term_of(office, other)
    assert told["vence"] == "2026-04-16T23:59:59-05:00"
    assert "es la que vale: jueves 16 abr 2026" in told["explicacion"]
    assert "Vence: miércoles 15 abr 2026" in told["explicacion"]
    assert verify.verify(office).ok
    office.index.close()


def law(day: date) -> Callable[[int], Mapping[date, str]]:
    """The country's rest days as a newer calendar would have them: one more."""
    held = calendar.national

    def national(year: int) -> Mapping[date, str]:
        return {**held(year), **({day: "Día nuevo"} if day.year == year else {})}

    return national


def test_a_new_rest_day_of_the_country_moves_no_told_term(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    radicado = numbered(office, datetime(2026, 3, 30, 10))
    monkeypatch.setattr(calendar, "national", law(date(2026, 4, 8)))
    told = term_of(office, radicado)["explicacion"]
    assert "8 abr (festivo: Día nuevo)" in told and TOLD in told
    assert term_of(office, radicado)["vence"] == LEGAL


def test_a_kind_with_the_same_rule_keeps_the_day_that_was_told(office: Office) -> None:
    radicado = numbered(office, datetime(2026, 3, 30, 10), "peticion")
    told = office.ver(radicado).vence
    office = edited(office, (NO_DAYS, OWN))
    office.rectificar(radicado, {"tipo": "queja"}, "es una queja")
    assert office.ver(radicado).vence == told
    # 30 Mar: 31, 1 Apr = 2; 6 is off; 7-10 = 6; 13-16 = 10.
    office.rectificar(radicado, {"tipo": "documentos"}, "pide copias")
    assert office.ver(radicado).vence == "2026-04-16T23:59:59-05:00"
    office.index.close()


def test_what_an_order_fixed_stays_when_the_kind_is_corrected(office: Office) -> None:
    office = edited(office, READING)
    radicado = numbered(office, SATURDAY)
    order = datetime(2026, 3, 30, 12, tzinfo=lines.BOGOTA)
    office.fijar_plazo(radicado, order, "auto admisorio")
    fixed = term_of(office, radicado)
    assert fixed["vence"] == "2026-03-30T12:00:00-05:00" and "lectura" not in fixed
    office.rectificar(radicado, {"tipo": "tutela"}, "es una tutela")
    fixed = term_of(office, radicado)
    assert fixed["vence"] == "2026-03-30T12:00:00-05:00"
    assert "Lo fijó auto admisorio: lunes 30 mar 2026, 12:00" in fixed["explicacion"]
    office.index.close()
