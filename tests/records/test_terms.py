"""Terms: vectors counted by hand from the norms, properties, and what each new number says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import norms, term_rows, terms, verify
from records.calendar import Calendar, Unreckoned
from records.counting import Unit
from records.fields import KINDS
from records.office import Office
from records.term_rows import Rule
from records.terms import reckon, term

OPEN = Calendar(sabado_habil=False, abre=time(8), cierra=time(17), propios={})
SATURDAYS = Calendar(sabado_habil=True, abre=time(8), cierra=time(17), propios={})


def midnight(day: str) -> str:
    return f"{day}T23:59:59-05:00"


def rule(valor: int, unidad: Unit) -> Rule:
    """A rule of no law, to count what the table has no row for yet."""
    return Rule(
        tipos=("prueba",), que="probar", valor=valor, unidad=unidad, norma="Ley 4 de 1913, art. 62",
        desde=date(2000, 1, 1), inicio="hora de llegada" if unidad == "hora" else "día siguiente",
        prorroga="ninguna",
    )  # fmt: skip


VECTORS = [
    # Friday 20 Nov 2026, 16:05. 23-27 Nov = 5; 30 Nov-4 Dec = 10; 7 Dec = 11; 8 Dec is the
    # Inmaculada; 9, 10, 11 = 14; Monday 14 = 15.
    ("peticion", datetime(2026, 11, 20, 16, 5), "2026-12-14", None),
    ("queja", datetime(2026, 11, 20, 16, 5), "2026-12-14", None),
    # Monday 30 Mar 2026, Easter on 5 April. 31 Mar = 1; 1 Apr = 2; Holy Thursday 2, Good Friday 3;
    # 6-10 = 7; 13, 14, 15 = 10.
    ("documentos", datetime(2026, 3, 30, 10, 0), "2026-04-15", None),
    # Thursday 31 Dec 2026. Friday 1 Jan is a rest day; 4-8 = 5; Reyes moves from Wednesday 6 to
    # Monday 11; 12-15 = 9; Monday 18 = 10.
    ("documentos", datetime(2026, 12, 31, 11, 0), "2027-01-18", None),
    # Saturday 21 Nov 2026. 23-27 Nov = 5; 30 Nov-4 Dec = 10; 7, 9, 10, 11 Dec = 14; 14-18 = 19;
    # 21-24 = 23; 25 is Navidad; 28-31 = 27; 1 Jan is Año Nuevo; 4, 5, 6 Jan = 30. Filed on Monday
    # 23 instead: 7 Jan.
    ("consulta", datetime(2026, 11, 21, 9, 0), "2027-01-06", "2027-01-07"),
    # Friday 5 Jun 2026, 20:00. Monday 8 is Corpus Christi (Easter + 64); 9-12 = 4; 15 is Sagrado
    # Corazón (Easter + 71); 16-19 = 8; 22-26 = 13; Monday 29 is San Pedro; 30 = 14; 1 Jul = 15.
    # Filed on the next worked day, Tuesday 9: 2 Jul.
    ("peticion", datetime(2026, 6, 5, 20, 0), "2026-07-01", "2026-07-02"),
    # Thursday 9 Jul 2026. 10 = 1; 13 is Chiquinquirá, from this year; 14-17 = 5; 20 is the
    # Independencia; 21-24 = 9; 27 = 10.
    ("documentos", datetime(2026, 7, 9, 8, 0), "2026-07-27", None),
    # Tuesday 15 Feb 2028. 16, 17, 18 = 3; 21-25 = 8; 28 = 9; 29 Feb = 10.
    ("documentos", datetime(2028, 2, 15, 9, 0), "2028-02-29", None),
    # Tuesday 29 Feb 2028. 1, 2, 3 Mar = 3; 6-10 = 8; 13, 14 = 10.
    ("documentos", datetime(2028, 2, 29, 9, 0), "2028-03-14", None),
    # Tuesday 17 May 2022, last day of the Decreto 491: 20 days. 18-20 = 3; 23-27 = 8; 30 is
    # Ascensión (Easter 17 April + 43); 31 = 9; 1-3 Jun = 12; 6-10 = 17; 13, 14, 15 = 20.
    ("documentos", datetime(2022, 5, 17, 9, 0), "2022-06-15", None),
    # Wednesday 18 May 2022: 10 days again. 19, 20 = 2; 23-27 = 7; 31 = 8; 1, 2 Jun = 10.
    ("documentos", datetime(2022, 5, 18, 9, 0), "2022-06-02", None),
    # Friday 20 Nov 2026. 23-27 = 5.
    ("congreso", datetime(2026, 11, 20, 9, 0), "2026-11-27", None),
    ("defensoria", datetime(2026, 11, 20, 9, 0), "2026-11-27", None),
    # 23-27 Nov = 5; 30 Nov-4 Dec = 10.
    ("autoridades", datetime(2026, 11, 20, 9, 0), "2026-12-04", None),
    ("habeas_consulta", datetime(2026, 11, 20, 9, 0), "2026-12-04", None),
    ("habeas_reclamo", datetime(2026, 11, 20, 9, 0), "2026-12-14", None),
    # A plain date: no hour, so within hours; a Sunday is still a Sunday.
    ("documentos", date(2026, 11, 20), "2026-12-04", None),
    ("documentos", date(2026, 11, 22), "2026-12-04", "2026-12-07"),
    # 3:30 of Saturday at Greenwich is 22:30 of Friday here: day 1 is Monday 23; filed on Monday,
    # day 1 is Tuesday 24 and the fifteenth worked day Tuesday 15 Dec.
    ("peticion", datetime(2026, 11, 21, 3, 30, tzinfo=UTC), "2026-12-14", "2026-12-15"),
    # 2 Jan 2100 is a Saturday: 4-8 = 5; Reyes moves to 11; 12-15 = 9; 18 = 10. Filed on 4: 19.
    ("documentos", date(2100, 1, 2), "2100-01-18", "2100-01-19"),
]  # fmt: skip


@pytest.mark.parametrize(("tipo", "received", "due", "legal"), VECTORS)
def test_counted_by_hand(tipo: str, received: date, due: str, legal: str | None) -> None:
    told = term(tipo, received, OPEN)
    assert told.vence == midnight(due)
    assert told.vence_legal == (midnight(legal) if legal else None)


def test_a_worked_saturday_counts_and_is_no_rest_day() -> None:
    # Saturday 21 Nov 2026. 23-28 = 6 (Saturday with them); 30 Nov = 7; 1, 2, 3 Dec = 10.
    told = term("documentos", datetime(2026, 11, 21, 10, 0), SATURDAYS)
    assert (told.vence, told.vence_legal) == (midnight("2026-12-03"), None)


def test_the_entitys_own_day_does_not_count_and_is_named() -> None:
    # Tuesday 22 Dec 2026. 23 = 1; 24 is off; 25 Navidad; 28-31 = 5.
    own = Calendar(False, time(8), time(17), {date(2026, 12, 24): "Decreto 118 de 2026"})
    told = term("congreso", date(2026, 12, 22), own)
    assert told.vence == midnight("2026-12-31")
    assert [(s.fecha[5:], s.motivo) for s in told.saltados] == [
        ("12-24", "Decreto 118 de 2026"),
        ("12-25", "festivo: Navidad"),
        ("12-26", "sábado"),
        ("12-27", "domingo"),
    ]


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        # A month has the same day in the next one, or its last.
        (date(2028, 1, 31), 1, "2028-02-29"),
        (date(2028, 2, 29), 1, "2028-03-29"),
        (date(2026, 11, 15), 1, "2026-12-15"),
        (date(2026, 11, 30), 2, "2027-02-01"),  # 30 Jan is a Saturday: Monday 1 Feb
        (date(2026, 1, 31), 1, "2026-03-02"),  # 28 Feb is a Saturday: Monday 2 Mar
        (date(2026, 11, 8), 1, "2026-12-09"),  # 8 Dec is the Inmaculada
        (date(2026, 3, 2), 1, "2026-04-06"),  # Holy Thursday, Good Friday, the weekend
        (date(2026, 12, 1), 1, "2027-01-04"),  # Año Nuevo on Friday
    ],
)
def test_months_go_by_the_calendar_and_end_on_a_worked_day(
    start: date, months: int, due: str
) -> None:
    assert reckon("prueba", rule(months, "mes"), start, OPEN).vence == midnight(due)


def test_calendar_days_count_every_day() -> None:
    # 20 Nov + 10 is 30 Nov; + 15 is Saturday 5 Dec, and nothing says that it moves.
    told = reckon("prueba", rule(15, "día calendario"), date(2026, 11, 20), OPEN)
    assert (told.vence, told.saltados) == (midnight("2026-12-05"), [])


def test_hours_run_without_a_stop() -> None:
    # Friday 16:05 and 48 hours: Sunday 16:05.
    told = reckon("prueba", rule(48, "hora"), term_at(datetime(2026, 11, 20, 16, 5)), OPEN)
    assert told.vence == "2026-11-22T16:05:00-05:00"
    assert told.vence_legal is None and told.primer_dia is None
    with pytest.raises(Unreckoned, match="horas"):
        reckon("prueba", rule(48, "hora"), date(2026, 11, 20), OPEN)


def term_at(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone(timedelta(hours=-5)))


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2015, 6, 30), (15, 10, 30, 10)),
        (date(2020, 3, 27), (15, 10, 30, 10)),
        (date(2020, 3, 28), (30, 20, 35, 10)),
        (date(2022, 5, 17), (30, 20, 35, 10)),
        (date(2022, 5, 18), (15, 10, 30, 10)),
        (date(2026, 11, 20), (15, 10, 30, 10)),
    ],
)
def test_the_law_of_the_day_of_reception_decides(day: date, days: tuple[int, ...]) -> None:
    asked = ("peticion", "documentos", "consulta", "autoridades")
    assert tuple(term(kind, day, OPEN).dias for kind in asked) == days


@pytest.mark.parametrize("tipo", ["tutela", "judicial", "organismo_control", "concejo"])
def test_what_an_order_fixes_has_no_date_by_rule(tipo: str) -> None:
    told = term(tipo, datetime(2026, 11, 20, 16, 5), OPEN)
    assert (told.vence, told.vence_legal, told.dias, told.saltados) == (None, None, None, [])
    assert "por fijar" in told.explicacion


@pytest.mark.parametrize("tipo", ["felicitacion", "sin_termino"])
def test_what_asks_for_nothing_has_no_term(tipo: str) -> None:
    told = term(tipo, date(1899, 1, 1), OPEN)
    assert told.vence is None and "Sin término" in told.explicacion


@pytest.mark.parametrize(
    ("tipo", "received", "said"),
    [
        ("carta", date(2026, 11, 20), "habeas_reclamo"),
        ("peticion", date(1899, 1, 1), "2015-06-30"),
        ("congreso", date(1992, 6, 17), "1992-06-18"),
        ("peticion", date(2100, 12, 20), "2101"),
        ("peticion", date.max, "9999"),
        ("peticion", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "no puede ser"),
        ("peticion", datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), "no puede ser"),
    ],
)
def test_what_cannot_be_told_is_refused(tipo: str, received: date, said: str) -> None:
    with pytest.raises(Unreckoned) as refused:
        term(tipo, received, OPEN)
    assert said in str(refused.value)


def test_the_explanation_says_all_that_a_person_needs() -> None:
    told = term("documentos", datetime(2026, 3, 28, 10, 0), OPEN)
    for words in (
        "10 días hábiles",
        "Ley 1437 de 2011 (CPACA), art. 14, num. 1 (Ley 1755 de 2015)",
        "Recibido: sábado 28 mar 2026, 10:00",
        "lunes 30 mar 2026",
        "2 abr (festivo: Jueves Santo)",
        "Vence: martes 14 abr 2026",
        "miércoles 15 abr 2026",
    ):
        assert words in told.explicacion, words
    assert all(s.motivo in told.explicacion for s in told.saltados)


# -- the table ------------------------------------------------------------------------------------


def test_every_kind_of_the_register_has_its_row() -> None:
    assert set(term_rows.kinds()) == set(KINDS)


def test_one_row_a_kind_and_day_and_no_day_is_left_out() -> None:
    for kind in term_rows.kinds():
        rules = sorted(
            (r for r in term_rows.table().terminos if kind in r.tipos), key=lambda r: r.desde
        )
        for one, following in pairwise(rules):
            assert one.hasta is not None and one.hasta + timedelta(1) == following.desde, kind
        assert all(kind not in row.tipos for row in term_rows.table().sin_fecha) or not rules


def test_every_citation_is_a_norm_in_force_with_its_row() -> None:
    for row in term_rows.table().terminos:
        norm = norms.find(row.norma)
        assert norm is not None and norm.holds(row.desde), row.norma
        assert row.hasta is None or norm.holds(row.hasta)
    for undated in term_rows.table().sin_fecha:
        assert not undated.norma or norms.find(undated.norma) is not None


# -- properties -----------------------------------------------------------------------------------

DATES = st.dates(date(2015, 6, 30), date(2099, 6, 30))
DATED = st.sampled_from([k for row in term_rows.table().terminos for k in row.tipos])


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """An entity near a date: with or without Saturdays, with some days of its own."""
    day = draw(DATES)
    offsets = draw(st.sets(st.integers(0, 60), max_size=25))
    own = {day + timedelta(n): "Decreto de prueba" for n in offsets}
    return Calendar(draw(st.booleans()), time(8), time(17), own)


def due(told: terms.Term) -> date:
    assert told.vence is not None
    return date.fromisoformat(told.vence[:10])


@given(DATED, DATES, calendars())
def test_the_worked_days_between_are_the_value(tipo: str, day: date, held: Calendar) -> None:
    told = term(tipo, day, held)
    between = [day + timedelta(n) for n in range(1, (due(told) - day).days + 1)]
    worked = [d for d in between if held.works(d)]
    assert len(worked) == told.dias and worked[-1] == due(told)
    assert told.primer_dia == worked[0].isoformat()
    rest = [(d.isoformat(), held.why_not(d)) for d in between if not held.works(d)]
    assert [(s.fecha, s.motivo) for s in told.saltados] == rest


@given(st.integers(1, 60), st.sampled_from(["día hábil", "mes"]), DATES, calendars())
def test_a_term_never_ends_on_a_rest_day(valor: int, unit: Any, day: date, held: Calendar) -> None:
    told = reckon("prueba", rule(min(valor, 6) if unit == "mes" else valor, unit), day, held)
    assert held.works(due(told)) and due(told) > day


@given(st.sampled_from(["día hábil", "mes"]), DATES, st.integers(0, 40), calendars())
def test_who_comes_later_is_never_due_earlier(
    unit: Any, day: date, more: int, held: Calendar
) -> None:
    same = rule(2 if unit == "mes" else 15, unit)
    first, second = (reckon("prueba", same, d, held) for d in (day, day + timedelta(more)))
    assert due(first) <= due(second)


@given(DATED, st.datetimes(datetime(2015, 6, 30), datetime(2099, 6, 30)), calendars())
def test_the_other_reading_is_later_or_untold(tipo: str, at: datetime, held: Calendar) -> None:
    told = term(tipo, at, held)
    late = not held.works(at.date()) or at.time() > held.cierra
    assert (told.vence_legal is not None) == late
    assert told.vence_legal is None or told.vence_legal > str(told.vence)


# -- what a number says ---------------------------------------------------------------------------


def numbered(office: Office, received: datetime, clase: str = "E", **campos: str) -> Any:
    subject = office.recibir(
        b"%PDF-1.7 x", reclamo=str(received), nombre="x.pdf", carril="correo", recibido=received
    )
    return office.radicar(subject, campos, clase=clase)


def test_a_number_says_when_it_is_due(office: Office) -> None:
    # As above: Monday 30 Mar 2026, ten days over Easter.
    given_ = numbered(office, datetime(2026, 3, 30, 10, 0), tipo="documentos")
    assert given_.vence == midnight("2026-04-15")
    seen = office.ver(given_.radicado)
    assert seen.termino is not None
    told = {"tipo", "vence", "dias", "unidad", "norma", "explicacion", "copias_hasta"}
    assert set(seen.termino) == told and seen.termino["copias_hasta"] == "2026-04-20"
    assert (seen.termino["vence"], seen.termino["dias"]) == (given_.vence, 10)
    assert office.buscar("vence<0d").total == 1
    assert verify.verify(office).ok


def test_a_letter_whose_kind_nobody_said_has_the_default_one(office: Office) -> None:
    # Monday 30 Mar 2026: 31 Mar, 1 Apr = 2; 6-10 = 7; 13-17 = 12; 20, 21, 22 = 15.
    given_ = numbered(office, datetime(2026, 3, 30, 10, 0))
    assert given_.vence == midnight("2026-04-22")
    seen = office.ver(given_.radicado)
    assert seen.termino is not None and seen.termino["tipo"] == "peticion"


def test_the_other_reading_stands_beside_what_was_told(office: Office) -> None:
    # Saturday 28 Mar 2026: 30, 31 Mar, 1 Apr = 3; 6-10 = 8; 13, 14 = 10; filed on Monday: 15.
    given_ = numbered(office, datetime(2026, 3, 28, 10, 0), tipo="documentos")
    termino = office.ver(given_.radicado).termino
    assert termino is not None
    assert (termino["vence"], termino["vence_legal"]) == (
        midnight("2026-04-14"),
        midnight("2026-04-15"),
    )


def test_a_number_without_a_date_gets_given_and_says_why(office: Office) -> None:
    for hour, tipo, why in (
        (8, "tutela", "El juez fija"),
        (9, "felicitacion", "No pide respuesta"),
        (10, "recurso", "por fijar"),
    ):
        given_ = numbered(office, datetime(2026, 3, 30, hour, 0), tipo=tipo)
        termino = office.ver(given_.radicado).termino
        assert given_.vence is None
        assert termino is not None and termino["vence"] is None and why in termino["explicacion"]
    old = numbered(office, datetime(1999, 3, 1, 10, 0))
    termino = office.ver(old.radicado).termino
    assert old.vence is None
    assert termino is not None and "no tiene regla" in termino["explicacion"]
    memo = numbered(office, datetime(2026, 3, 30, 11, 0), clase="I")
    assert memo.vence is None and office.ver(memo.radicado).termino is None


def test_what_was_told_stands_when_the_calendar_changes(office: Office) -> None:
    given_ = numbered(office, datetime(2026, 3, 30, 10, 0), tipo="documentos")
    path = office.home / "config.toml"
    text = path.read_text(encoding="utf-8")
    assert "dias_no_habiles = []" in text
    off = 'dias_no_habiles = [{ fecha = 2026-04-06, motivo = "Decreto 9 de 2026" }]'
    path.write_text(text.replace("dias_no_habiles = []", off), encoding="utf-8")
    again = Office(office.home)
    termino = again.ver(given_.radicado).termino
    again.index.close()
    assert termino is not None and termino["vence"] == midnight("2026-04-15")
    assert "es la que vale: miércoles 15 abr 2026" in termino["explicacion"]
    assert "Decreto 9 de 2026" in termino["explicacion"]
