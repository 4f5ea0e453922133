"""Terms against an oracle made from the law alone (`oracle_terms`), 2019 to 2028, and `plazo`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from records import term_rows, terms
from records.calendar import Calendar, Unreckoned, national
from records.fields import KINDS
from tests.program import here
from tests.records.oracle_terms import DAYS_OF, MONTHS_OF, Entity, easter, length, rest_days
from tests.town import founded

YEARS = range(2019, 2029)
NINE = time(9)


def at(day: date, hour: time = NINE) -> datetime:
    return datetime.combine(day, hour)


def receptions() -> list[date]:
    """The days and hours on which counting errs: of every year, and the eves of other laws."""
    out: list[date] = []
    for year in YEARS:
        holy = easter(year)
        out += [
            at(date(year, 12, 31), time(16, 59)), at(date(year, 1, 6)), date(year, 7, 9),
            at(holy - timedelta(4), time(17, 0)), at(holy - timedelta(4), time(17, 1)),
            at(holy - timedelta(3)), at(holy - timedelta(1)), holy,
        ]  # fmt: skip
    for year in (2020, 2024, 2028):
        out += [at(date(year, 2, 29)), at(date(year, 1, 31)), at(date(year, 8, 31))]
    for eve in (date(2020, 3, 27), date(2022, 5, 17)):
        out += [at(eve, hour) for hour in (time(0, 0), NINE, time(23, 59, 59))]
        out += [at(eve + timedelta(1), time(0, 0)), at(eve + timedelta(1), time(20))]
    friday = date(2026, 11, 20)
    out += [at(friday, time(22)), at(friday + timedelta(1)), at(friday + timedelta(2)), friday]
    return out


RECEPTIONS = receptions()
OWN = {date(year, 12, day): "Decreto de prueba" for year in YEARS for day in (24, 31)}
STOPPED = tuple(
    (date(year, month, 20), date(year, month + 1, 8), "Resolución de prueba")
    for year in YEARS
    for month in (3, 11)
)
CALENDARS = [
    Calendar(False, time(8), time(17), {}),
    Calendar(True, time(8), time(12), {}),
    Calendar(False, time(8), time(17), OWN),
    Calendar(True, time(8), time(16, 30), OWN, STOPPED),
]


def entity(held: Calendar) -> Entity:
    """The same entity, for the oracle."""
    stopped = tuple((first, last) for first, last, _ in held.suspensiones)
    closes = (held.cierra.hour, held.cierra.minute)
    return Entity(held.sabado_habil, frozenset(held.propios), stopped, closes)


ENTITIES = [(held, entity(held)) for held in CALENDARS]


def day_of(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def ends(told: str | None) -> str | None:
    """The day that a term names, which is always over at its midnight."""
    assert told is None or told[10:] == "T23:59:59-05:00"
    return told and told[:10]


def both(value: int, received: date, there: Entity) -> tuple[str, str | None]:
    """What the oracle says by each reading."""
    strict = there.days(day_of(received), value).isoformat()
    legal = there.days(there.filed(received), value).isoformat()
    return strict, legal if legal != strict else None


def test_easter_is_that_of_the_almanacs() -> None:
    told = ["04-21", "04-12", "04-04", "04-17", "04-09", "03-31", "04-20", "04-05", "03-28",
            "04-16"]  # fmt: skip
    assert [easter(year).isoformat()[5:] for year in YEARS] == told


def test_the_rest_days_of_each_year_are_those_of_the_law() -> None:
    for year in YEARS:
        assert set(national(year)) == rest_days(year), year
    # Of the eighteen of the law, San Pedro and Sagrado Corazón fell together in 2019 and 2025;
    # nineteen since 2026.
    assert [len(rest_days(year)) for year in YEARS] == [17, 18, 18, 18, 18, 18, 17, 19, 19, 19]
    assert date(2025, 7, 14) not in rest_days(2025) and date(2026, 7, 13) in rest_days(2026)


SIDES = [*DAYS_OF, *MONTHS_OF]
DATED = list(dict.fromkeys(kind for row in term_rows.table().terminos for kind in row.tipos))


def compare(kind: str, received: date, held: Calendar, there: Entity) -> None:
    """A term and how far it may be put off, by both readings."""
    value, longest = length(kind, day_of(received))
    told = terms.term(kind, received, held)
    said = ends(told.vence), ends(told.vence_legal)
    assert said == both(value, received, there), (received, told.explicacion)
    assert told.dias == value
    if longest is None:
        with pytest.raises(Unreckoned, match="no tiene prórroga"):
            terms.extension(kind, received, held)
        return
    more = terms.extension(kind, received, held)
    said = ends(more.vence), ends(more.vence_legal)
    assert said == both(longest, received, there), (received, more.explicacion)


def compare_side(name: str, since: date, held: Calendar, there: Entity) -> None:
    """A term on the way, by both readings where it is counted from a reception."""
    told, day = terms.limit(name, since, held), day_of(since)
    if name in MONTHS_OF:
        end = there.months(day, MONTHS_OF[name])
        more = there.months(end, 1).isoformat() if name == "completar" else None
        assert ends(told.vence) == end.isoformat(), (since, told.explicacion)
        assert ends(told.ampliable_hasta) == more
        return
    strict, legal = both(DAYS_OF[name], since, there)
    received = term_rows.side(name, day).desde_que == "la recepción"
    assert ends(told.vence) == strict, (since, told.explicacion)
    assert ends(told.vence_legal) == (legal if received else None)


@pytest.mark.parametrize("kind", DATED)
def test_every_term_is_the_oracles(kind: str) -> None:
    """Each of twelve kinds, received on a hundred days, in one of four entities by turns."""
    for n, received in enumerate(RECEPTIONS, DATED.index(kind)):
        compare(kind, received, *ENTITIES[n % 4])


@pytest.mark.parametrize("name", SIDES)
def test_every_term_on_the_way_is_the_oracles(name: str) -> None:
    for n, since in enumerate(RECEPTIONS[::2], SIDES.index(name)):
        compare_side(name, since, *ENTITIES[n % 4])


@pytest.mark.largo
def test_every_term_in_every_entity_is_the_oracles() -> None:
    for held, there in ENTITIES:
        for received in RECEPTIONS:
            for kind in DATED:
                compare(kind, received, held, there)
            for name in SIDES:
                compare_side(name, received, held, there)


def test_the_oracle_leaves_out_no_kind_and_no_term() -> None:
    undated = {kind for row in term_rows.table().sin_fecha for kind in row.tipos}
    assert set(DATED) | undated == set(KINDS)
    assert set(term_rows.limits()) == set(SIDES)


def test_one_row_a_name_and_day() -> None:
    for name in term_rows.limits():
        rows = sorted(
            (r for r in term_rows.table().plazos if r.nombre == name), key=lambda r: r.desde
        )
        assert all(a.hasta is not None and a.hasta < b.desde for a, b in pairwise(rows)), name


# -- what people read -----------------------------------------------------------------------------

SUSPENDED = """
[[horario.suspensiones]]
desde = 2026-12-15
hasta = 2027-01-08
acto = "Resolución 7 de 2026"

[[horario.suspensiones]]
desde = 2027-03-22
hasta = 2027-03-24
acto = "Resolución 1 de 2027"

[radicado]
"""


def test_plazo_says_what_the_oracle_says_and_the_act_that_stops_terms(tmp_path: Path) -> None:
    town = founded(tmp_path / "oficina")
    config = town.casa / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[radicado]", SUSPENDED, 1), "utf-8")
    stops = ((date(2026, 12, 15), date(2027, 1, 8)), (date(2027, 3, 22), date(2027, 3, 24)))
    for place, there in (
        (("--casa", str(town.casa)), Entity(stopped=stops, closes=(16, 30))),
        ((), Entity()),
    ):
        for n, received in enumerate(RECEPTIONS[:: 9 if place else 7]):
            kind = DATED[n % len(DATED)]
            asked = ("--tipo", kind, "--desde", received.isoformat(), "--json", *place)
            value, longest = length(kind, day_of(received))
            for words, days in (((), value), (("--prorroga",), longest)):
                if days is None:
                    continue
                done = here("plazo", *asked, *words)
                assert done.code == 0, done.err
                told = (ends(done.json["vence"]), ends(done.json.get("vence_legal")))
                assert told == both(days, received, there), (asked, words)
    # Friday 11 Dec 2026. 14 = 1; 15 Dec to 8 Jan they stand still; 11 is Reyes; 12-15 = 5.
    asked = ("plazo", "--tipo", "congreso", "--desde", "2026-12-11", "--casa", str(town.casa))
    told = here(*asked, "--json").json
    assert told["vence"] == "2027-01-15T23:59:59-05:00"
    why = {row["fecha"]: row["motivo"] for row in told["saltados"]}
    assert why["2026-12-15"] == why["2027-01-08"] == "términos suspendidos: Resolución 7 de 2026"
    assert (why["2026-12-25"], why["2026-12-19"]) == ("festivo: Navidad", "sábado")
    assert "15 dic (términos suspendidos: Resolución 7 de 2026)" in here(*asked).out


@pytest.mark.parametrize(
    ("first", "last", "act", "said"),
    [
        ("2026-12-20", "2026-12-19", "Resolución 1", "termina antes (2026-12-19)"),
        ("2026-12-20", "2026-12-21", " ", "necesita el acto"),
        ("2027-01-08", "2027-01-20", "Resolución 8", "se cruzan"),
        ("2026-02-30", "2027-01-20", "Resolución 8", "no es una fecha"),
    ],
)
def test_a_wrong_suspension_is_refused_and_named(
    tmp_path: Path, first: str, last: str, act: str, said: str
) -> None:
    from records import settings
    from records.errors import Refused
    from tests.conftest import ROOT

    one = f'[[horario.suspensiones]]\ndesde = {first}\nhasta = {last}\nacto = "{act}"\n'
    path = tmp_path / "config.toml"
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("[radicado]", one + SUSPENDED, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        settings.load(path)
    assert said in str(refused.value), str(refused.value)


def test_a_wish_that_cannot_be_granted_says_why(tmp_path: Path) -> None:
    for words, code, said in (
        (("--limite", "nada"), 1, "congreso_documentos"),
        (("--limite", "traslado", "--prorroga"), 2, "--tipo"),
        (("--tipo", "tutela", "--prorroga"), 1, "no tiene prórroga por regla"),
        (("--tipo", "autoridades", "--prorroga"), 1, "art. 30"),
        (("--limite", "traslado", "--tipo", "queja"), 2, "--tipo"),
        ((), 2, "--tipo"),
    ):
        done = here("plazo", *words, "--desde", "2026-11-20")
        assert done.code == code and said in done.err, done.err


def test_the_words_say_whose_term_it_is_and_what_follows() -> None:
    # Wednesday 28 Jan 2026 + 1 month: Saturday 28 Feb, so Monday 2 Mar; one more: Thursday 2 Apr
    # is Holy Thursday, so Monday 6.
    told = terms.limit("completar", date(2026, 1, 28), CALENDARS[0])
    for words in (
        "1 mes de la persona para completar la petición",
        "Ley 1437 de 2011 (CPACA), art. 17 (Ley 1755 de 2015)",
        "Vence: lunes 2 mar 2026",
        "hasta el lunes 6 abr 2026",
        "acto motivado",
    ):
        assert words in told.explicacion, told.explicacion
    more = terms.extension("habeas_reclamo", datetime(2026, 11, 20, 9), CALENDARS[0])
    for words in (
        "hasta 8 días hábiles más; 23 días hábiles en total",
        "art. 15, num. 3",
        "Antes de que venza el término (lunes 14 dic 2026)",
    ):
        assert words in more.explicacion, more.explicacion


def test_hours_are_counted_by_the_hour() -> None:
    from records.counting import count
    from records.lines import BOGOTA

    for received in (r for r in RECEPTIONS if isinstance(r, datetime)):
        moment, end = received.replace(tzinfo=BOGOTA), received
        for _ in range(48):
            end += timedelta(hours=1)
        assert count(48, "hora", moment, CALENDARS[3]).ends == end.replace(tzinfo=BOGOTA)


def test_calendar_days_stand_still_only_by_an_act() -> None:
    from records.counting import count

    held = CALENDARS[3]
    # 10 Nov 2026 + 15: 11-19 = 9; 20 Nov to 8 Dec they stand still; 9-14 Dec = 15.
    assert count(15, "día calendario", date(2026, 11, 10), held).ends.date() == date(2026, 12, 14)
