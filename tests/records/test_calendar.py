"""Which days are worked: the law's rest days by an oracle of its own, the entity's, its hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from dateutil.easter import easter

from records import settings
from records.calendar import FIRST_YEAR, Calendar, Unreckoned, national
from records.errors import Refused
from tests.conftest import ROOT

LAST_YEAR = 2100


def calendar(*, sabado: bool = False, propios: dict[date, str] | None = None) -> Calendar:
    """An entity that opens from 8:00 to 17:00."""
    return Calendar(sabado, time(8), time(17), propios or {})


def by_the_law(year: int) -> set[date]:
    """Ley 51 de 1983, art. 1: what stays, what moves to Monday; and 9 July since 2026."""
    stay = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)]
    move = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
    if year >= 2026:
        move.append((7, 9))
    sunday = easter(year)
    fixed = {date(year, m, d) for m, d in stay} | {sunday - timedelta(n) for n in (2, 3)}
    moved = {date(year, m, d) for m, d in move} | {sunday + timedelta(n) for n in (39, 60, 68)}
    return fixed | {day + timedelta(-day.weekday() % 7) for day in moved}


def test_the_rest_days_are_those_of_the_law() -> None:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        assert set(national(year)) == by_the_law(year), year


def test_names_are_spanish_and_say_nothing_of_the_move() -> None:
    assert national(2026)[date(2026, 11, 16)] == "Independencia de Cartagena"
    assert national(2025)[date(2025, 6, 30)] == "Sagrado Corazón y San Pedro y San Pablo"
    names = {name for year in (2025, 2026, 2030) for name in national(year).values()}
    assert not any("(" in name or "Day" in name or ";" in name for name in names)


@pytest.mark.parametrize("language", ["en_US.UTF-8", "uk_UA.UTF-8", "C"])
def test_the_machines_language_changes_no_name(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    national.cache_clear()
    for name in ("LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.setenv(name, language)
    assert national(2026)[date(2026, 7, 20)] == "Día de la Independencia"
    national.cache_clear()


def test_a_day_says_why_it_is_not_worked() -> None:
    own = calendar(propios={date(2026, 12, 24): "Decreto 118 de 2026"})
    assert own.why_not(date(2026, 11, 21)) == "sábado"
    assert own.why_not(date(2026, 11, 22)) == "domingo"
    assert own.why_not(date(2026, 7, 20)) == "festivo: Día de la Independencia"
    assert own.why_not(date(2026, 12, 24)) == "Decreto 118 de 2026"
    assert own.why_not(date(2026, 11, 23)) is None


def test_a_saturday_is_worked_where_the_entity_says_so() -> None:
    open_ = calendar(sabado=True)
    assert open_.works(date(2026, 11, 21))
    assert open_.why_not(date(2026, 11, 22)) == "domingo"
    assert open_.why_not(date(2027, 12, 25)) == "festivo: Navidad"  # a Saturday all the same


@pytest.mark.parametrize("year", [1, 1583, 1899, 1983, 2101, 9999])
def test_years_without_a_calendar_are_refused_and_not_taken_for_worked(year: int) -> None:
    with pytest.raises(Unreckoned, match=str(year)):
        calendar().works(date(year, 12, 25))


@pytest.mark.parametrize(
    ("received", "day"),
    [
        (datetime(2026, 11, 20, 16, 59), 20),  # Friday, open
        (datetime(2026, 11, 20, 17, 0), 20),  # who entered within hours is attended
        (datetime(2026, 11, 20, 17, 1), 23),  # closed: Monday
        (datetime(2026, 11, 20, 6, 30), 20),  # not open yet: that day
        (datetime(2026, 11, 21, 10, 0), 23),  # Saturday
        (date(2026, 11, 20), 20),  # a plain date says no hour
        (date(2026, 11, 22), 23),  # Sunday
    ],
)
def test_the_day_of_filing_where_closing_time_counts(received: date, day: int) -> None:
    assert calendar().filed(received) == date(2026, 11, day)


# -- [horario] of config.toml ---------------------------------------------------------------------


def load(tmp_path: Path, **changes: str) -> settings.Settings:
    """The project's own config.toml with lines of [horario] changed."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    lines = [
        f"{name} = {changes[name]}" if (name := line.partition(" ")[0]) in changes else line
        for line in text.splitlines()
    ]
    path = tmp_path / "config.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return settings.load(path)


def test_the_offices_days_come_from_its_config(tmp_path: Path) -> None:
    read = load(
        tmp_path,
        sabado_habil="true",
        dias_no_habiles='[{ fecha = 2026-12-24, motivo = "Decreto 118 de 2026" }]',
    )
    made = Calendar.of(read.horario)
    assert made.works(date(2026, 11, 21))
    assert made.why_not(date(2026, 12, 24)) == "Decreto 118 de 2026"
    assert (made.abre, made.cierra) == (time(8), time(16, 30))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"abre": '"8:00"'}, "«8:00» no es una hora"),
        ({"cierra": '"25:00"'}, "«25:00» no es una hora"),
        ({"cierra": '"4 pm"'}, "«4 pm» no es una hora"),
        ({"abre": '"17:00"', "cierra": '"08:00"'}, "debe ser antes de cierra"),
        ({"abre": '"08:00"', "cierra": '"08:00"'}, "debe ser antes de cierra"),
        ({"dias_no_habiles": '[{ fecha = 2026-02-30, motivo = "x" }]'}, "no es una fecha"),
        ({"dias_no_habiles": '[{ fecha = "2026-02-30", motivo = "x" }]'}, "no es una fecha"),
        ({"dias_no_habiles": '[{ fecha = "24/12/2026", motivo = "x" }]'}, "no es una fecha"),
        ({"dias_no_habiles": "[{ fecha = 20261224, motivo = 'x' }]"}, "no es una fecha"),
        ({"dias_no_habiles": "[{ fecha = 2026-12-24T08:00:00, motivo = 'x' }]"}, "no es una fecha"),
        ({"dias_no_habiles": '[{ fecha = 2026-12-24, motivo = " " }]'}, "necesita el acto"),
        (
            {"dias_no_habiles": "[{fecha=2026-12-24, motivo='a'}, {fecha=2026-12-24, motivo='b'}]"},
            "2026-12-24 está más de una vez",
        ),
        ({"zona": '"Europe/Madrid"'}, "horario.zona"),
        ({"tipo": '"carta"'}, "«carta» no es un tipo"),
    ],
)
def test_a_wrong_horario_is_refused_and_named(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused) as refused:
        load(tmp_path, **changes)
    assert said in str(refused.value), str(refused.value)
