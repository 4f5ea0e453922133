"""What is due, and when: the clock of retention, and the holds that beat it."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import Refused
from records.trd import Row
from retention import schedule
from retention.archive import Archivo
from tests.retention.conftest import Clock
from tests.retention.test_expedientes import holds, no

Letter = Callable[..., str]
TABLE: list[tuple[str, int, int, list[str], str, str, str | None]] = [
    # closed, AG, AC, disposition, phase, day → what is due
    ("2020-05-10", 2, 8, ["E"], "gestion", "2022-05-09", None),
    ("2020-05-10", 2, 8, ["E"], "gestion", "2022-05-10", "transferir primaria"),
    ("2020-05-10", 2, 8, ["E"], "central", "2022-05-10", None),
    ("2020-05-10", 2, 8, ["E"], "central", "2030-05-09", None),
    ("2020-05-10", 2, 8, ["E"], "central", "2030-05-10", "eliminar"),
    ("2020-05-10", 2, 8, ["E"], "gestion", "2030-05-10", "eliminar"),
    ("2020-05-10", 2, 8, ["CT"], "central", "2030-05-10", "transferir secundaria"),
    ("2020-05-10", 2, 8, ["CT", "M"], "historico", "2030-05-10", None),
    ("2020-05-10", 2, 8, ["CT", "E"], "central", "2099-01-01", "transferir secundaria"),
    ("2020-05-10", 2, 8, ["S"], "central", "2030-05-10", "eliminar"),
    ("2020-05-10", 2, 8, ["M"], "central", "2030-05-10", "transferir secundaria"),
    ("2020-05-10", 0, 0, ["E"], "gestion", "2020-05-10", "eliminar"),
    ("2020-05-10", 3, 0, ["E"], "gestion", "2023-05-10", "eliminar"),
    ("2020-05-10", 0, 5, ["E"], "gestion", "2020-05-10", "transferir primaria"),
    ("2020-02-29", 1, 3, ["E"], "central", "2021-02-28", None),
    ("2020-02-29", 1, 3, ["E"], "gestion", "2021-02-27", None),
    ("2020-02-29", 1, 3, ["E"], "gestion", "2021-02-28", "transferir primaria"),
    ("2020-02-29", 1, 3, ["E"], "central", "2024-02-28", None),
    ("2020-02-29", 1, 3, ["E"], "central", "2024-02-29", "eliminar"),
    ("2019-12-31", 1, 1, ["E"], "gestion", "2020-12-31", "transferir primaria"),
]


def row(ag: int, ac: int, fate: list[str]) -> Row:
    return Row(
        codigo="1.1", serie="1", nombre_serie="Una", ag=ag, ac=ac,
        disposicion=fate,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=lambda c: f"{c[0]} {c[1]}+{c[2]} {c[4]} {c[5]}")
def test_what_is_due_of_a_closed_expediente(
    case: tuple[str, int, int, list[str], str, str, str | None],
) -> None:
    closed, ag, ac, fate, phase, day, wanted = case
    table = row(ag, ac, fate)
    times = schedule.clock(date.fromisoformat(closed), table)
    due = schedule.due(times, table, phase, date.fromisoformat(day))  # type: ignore[arg-type]
    said = None if due is None else f"{due.duty} {due.kind or ''}".strip()
    assert said == wanted


@given(
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.integers(0, 100),
    st.integers(0, 100),
    st.dates(date(1900, 1, 1), date(2450, 1, 1)),
)
def test_nothing_is_due_before_its_years_are_over(day: date, ag: int, ac: int, on: date) -> None:
    table = row(ag, ac, ["E"])
    times = schedule.clock(day, table)
    last = calendar.monthrange(day.year + ag + ac, day.month)[1]
    assert times.central == date(day.year + ag + ac, day.month, min(day.day, last))
    assert times.base <= times.gestion <= times.central
    due = schedule.due(times, table, "central", on)
    assert (due is not None) == (on >= times.central)


def test_retention_runs_from_the_closing_and_never_from_the_number(
    archive: Archivo, letter: Letter, clock: Clock
) -> None:
    name = archive.abrir("140.02.01", "Petición", con=[letter()]).expediente
    clock.to("2026-09-15")
    archive.cerrar(name, "respondida")
    assert archive.pendientes(date(2027, 9, 14)).transferir == []
    (due,) = archive.pendientes(date(2027, 9, 15)).transferir
    assert (due.expediente, due.base, due.cumple) == (name, "2026-09-15", "2027-09-15")
    (gone,) = archive.pendientes(date(2029, 9, 15)).eliminar
    assert gone.disposicion == ["E"] and archive.pendientes(date(2029, 9, 15)).transferir == []
    archive.reabrir(name, "llegó otro documento")
    assert archive.pendientes(date(2040, 1, 1)).eliminar == []
    clock.to("2026-10-01")
    archive.cerrar(name, "respondida")
    assert archive.pendientes(date(2027, 9, 30)).transferir == []


def test_a_serie_that_counts_from_an_event_waits_for_it(
    archive: Archivo, letter: Letter, clock: Clock
) -> None:
    name = archive.abrir("120.03", "Contrato 7", con=[letter()]).expediente
    clock.to("2026-04-01")
    archive.cerrar(name, "terminado")
    found = archive.pendientes(date(2090, 1, 1))
    assert found.eliminar == [] and found.sin_fecha[0].falta == "liquidación del contrato"
    archive.anotar_hecho(name, date(2026, 3, 20), "acta de liquidación")
    (due,) = archive.pendientes(date(2028, 3, 20)).transferir
    assert due.base == "2026-03-20"
    other = archive.abrir("140.02.01", "Petición").expediente
    no("cuenta_del_cierre", "art. 24", lambda: archive.anotar_hecho(other, date(2026, 1, 1), ""))


def test_a_hold_beats_the_table_and_hides_nothing(
    archive: Archivo, letter: Letter, clock: Clock
) -> None:
    name = archive.abrir("140.02.01", "Petición", con=[letter()]).expediente
    archive.cerrar(name, "respondida")
    no("sin_motivo", "", lambda: archive.retener([name], " "))
    archive.retener([name], "proceso 2026-00012", hasta=date(2030, 12, 31))
    archive.retener([name], "auditoría de la Contraloría")
    day = date(2030, 3, 2)
    found = archive.pendientes(day)
    assert found.eliminar == [] and found.transferir == []
    (held,) = found.retenidos
    assert (held.debido, held.cumple, held.hasta) == ("eliminar", "2029-03-02", None)
    assert "proceso 2026-00012" in held.motivo and "auditoría" in held.motivo
    with pytest.raises(Refused, match="proceso 2026"):
        archive.must_be_free(archive.expediente(name))
    told = no("varias_retenciones", "art. 24", lambda: archive.liberar(name, "terminó"))
    assert "proceso 2026-00012" in told.mensaje
    archive.liberar(name, "terminó todo", todas=True)
    assert [d.expediente for d in archive.pendientes(day).eliminar] == [name]
    no("sin_retencion", "", lambda: archive.liberar(name))
    archive.retener([name], "otra vez", hasta=date(2026, 12, 31))
    assert archive.pendientes(date(2027, 1, 1)).retenidos == []
    holds(archive.office)


def test_the_calendar_tells_what_each_year_brings(
    archive: Archivo, letter: Letter, clock: Clock
) -> None:
    for serie, count in (("140.02.01", 2), ("140.01.01", 1)):
        for n in range(count):
            name = archive.abrir(serie, f"Asunto {n}", con=[letter()]).expediente
            archive.cerrar(name, "terminado")
    rows = [
        (t.vigencia, t.serie, t.transferencias_primarias, t.transferencias_secundarias,
         t.eliminaciones)
        for t in archive.calendario(2026, 2040)
    ]  # fmt: skip
    assert rows == [
        (2027, "140.02.01", 2, 0, 0),
        (2028, "140.01.01", 1, 0, 0),
        (2029, "140.02.01", 0, 0, 2),
        (2036, "140.01.01", 0, 1, 0),
    ]
    no("vigencias", "art. 24", lambda: archive.calendario(2040, 2026))
