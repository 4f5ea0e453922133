"""What the office does and owes, in figures: made of counts over the index, none of them stored.

Each figure names the query that finds just the records that it counts, and is counted by that very
query: what one reads and what one then finds cannot differ. What is not open to who looks is not
counted. The SQL keeps to `schema.LISTS`: a million records are counted without reading each.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from records.grammar import ask
from records.tramite import UNASSIGNED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from records.grammar import Condition
    from records.index import Index

MONTHS = 12
"""So many months are told, this one among them."""
STEPS = ((0, 0), (1, 3), (4, 7), (8, 15))
"""What is near to expire: days from and to."""


class Figure(msgspec.Struct, frozen=True):
    """A count: of what (a code, a month, a name), how many, and the query that finds them."""

    clave: str
    total: int
    consulta: str


class Timely(msgspec.Struct, frozen=True):
    """Of the answers sent in a month to what has a term: how many in time, how many late."""

    mes: str
    a_tiempo: int
    tarde: int
    consulta: str
    """The query that finds the late ones."""


class OwnArea(msgspec.Struct, frozen=True):
    """What an área owes, for who heads it."""

    codigo: str
    cuentas: tuple[Figure, ...]


class Board(msgspec.Struct, frozen=True):
    """All figures of an office, for who looks."""

    dia: str
    hoy: tuple[Figure, ...]
    vencidos: tuple[Figure, ...]
    """By área, the worst first; `""` is what no área has."""
    por_vencer: tuple[Figure, ...]
    """By `STEPS`, as `0-0`, `1-3`…"""
    a_tiempo: tuple[Timely, ...]
    """By month, the newest first; months without an answer are left out."""
    canales: tuple[Figure, ...]
    """Of this month, the most used first; `""` is what has none: what the office writes."""
    meses: tuple[Figure, ...]
    """The newest first."""
    propias: tuple[OwnArea, ...] = ()


class Counter:
    """Counts what fits a query and is open to who looks."""

    def __init__(self, index: Index, seen: Condition) -> None:
        self._index, self._seen = index, seen

    def count(self, query: str) -> int:
        """How many records."""
        where, values = self._where(query)
        sql = f"SELECT count(*) FROM registro WHERE {where}"
        return int(self._index.query(sql, values)[0][0])

    def figure(self, name: str, query: str) -> Figure:
        """A count and what it counts."""
        return Figure(name, self.count(query), query)

    def by(self, column: str, query: str) -> dict[str, int]:
        """How many records for each value of a column, the most first."""
        where, values = self._where(query)
        rows = self._index.query(
            f"SELECT ifnull({column}, ''), count(*) FROM registro WHERE {where}"
            " GROUP BY 1 ORDER BY 2 DESC, 1",
            values,
        )
        return {str(value): int(n) for value, n in rows}

    def _where(self, query: str) -> tuple[str, list[object]]:
        asked = ask(query).whole()
        return f"({asked.sql}) AND {self._seen.sql}", [*asked.values, *self._seen.values]


def board(counter: Counter, today: date, received: Figure, own: Iterable[str]) -> Board:
    """All figures on a day; *received* is that of the receptions, *own* the áreas of who looks."""
    day = today.isoformat()
    months = list(_months(today, MONTHS))
    return Board(
        dia=day,
        hoy=(
            received,
            counter.figure("radicados", f"desde:{day}"),
            counter.figure("respondidos", f"respondido:{day}"),
            counter.figure("imagen_pendiente", "estado:imagen_pendiente"),
            counter.figure("sello_pendiente", "estado:sello_pendiente"),
        ),
        vencidos=tuple(_overdue(counter)),
        por_vencer=tuple(counter.figure(f"{a}-{b}", near(a, b)) for a, b in STEPS),
        a_tiempo=tuple(t for m in months if (t := _timely(counter, m)).a_tiempo + t.tarde),
        canales=tuple(_channels(counter, f"desde:{day[:7]}-01")),
        meses=tuple(counter.figure(m, _within(m)) for m in months),
        propias=tuple(_own(counter, area) for area in own),
    )


def near(first: int, last: int) -> str:
    """The query of what is not finished and expires from *first* to *last* days from today."""
    if first == last == 0:
        return "vence:hoy"
    return f"estado:pendiente vence>{first - 1}d vence<{last + 1}d"


def _overdue(counter: Counter) -> Iterable[Figure]:
    found = counter.by(f"nullif(dependencia, '{UNASSIGNED}')", "estado:vencido")
    for area, total in found.items():
        where = f"área:{_quoted(area)}" if area else "sin:dependencia"
        yield Figure(area, total, f"estado:vencido {where}")


def _channels(counter: Counter, since: str) -> Iterable[Figure]:
    for channel, total in counter.by("canal", since).items():
        where = f"canal:{_quoted(channel)}" if channel else "sin:canal"
        yield Figure(channel, total, f"{since} {where}")


def _timely(counter: Counter, month: str) -> Timely:
    answered = counter.count(f"respondido:{month} no sin:vence")
    query = f"respondido:{month} respondido:tarde"
    late = counter.count(query) if answered else 0
    return Timely(month, answered - late, late, query)


def _own(counter: Counter, area: str) -> OwnArea:
    def one(name: str, query: str) -> Figure:
        return counter.figure(name, f"{query} área:{_quoted(area)}")

    return OwnArea(
        area,
        (
            one("vencidos", "estado:vencido"),
            *(one(f"{a}-{b}", near(a, b)) for a, b in STEPS),
            one("sin_responsable", "estado:pendiente sin:responsable"),
            one("pendientes", "estado:pendiente"),
        ),
    )


def _months(today: date, many: int) -> Iterable[str]:
    first = today.replace(day=1)
    for _ in range(many):
        yield first.isoformat()[:7]
        first = (first - timedelta(days=1)).replace(day=1)


def _within(month: str) -> str:
    """The query of the numbers of a month."""
    year, number = int(month[:4]), int(month[5:])
    return f"desde:{month}-01 hasta:{month}-{monthrange(year, number)[1]}"


def _quoted(value: str) -> str:
    """A value as the language takes it whole."""
    return value if value.replace("_", "").isalnum() else f'"{value}"'
