"""How long an inventory of what is to be erased stands published: `periods.toml`, read and checked.

The norm in force on the day of publication decides; each day has at most one row. Pure.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Annotated

import msgspec

from records.calendar import Unreckoned
from records.counting import Unit, count, in_words

if TYPE_CHECKING:
    from records.calendar import Calendar


class Period(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row: how long, by which norm, from which day to which."""

    norma: str
    """A citation of `norms.toml`."""
    valor: Annotated[int, msgspec.Meta(ge=1)]
    unidad: Unit
    desde: date
    hasta: date | None = None

    @property
    def cuanto(self) -> str:
        """How long, in words: `60 días hábiles`."""
        return in_words(self.valor, self.unidad)

    def last_day(self, since: date, calendar: Calendar) -> date:
        """The last day of what is published on *since*; that day itself is not counted."""
        return count(self.valor, self.unidad, since, calendar).ends.date()

    def at_least(self, since: date) -> date:
        """The earliest last day that any calendar can give."""
        return since + timedelta(days=self.valor)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    publicacion: tuple[Period, ...]


@cache
def table() -> tuple[Period, ...]:
    """`periods.toml`, read once a process.

    Raises:
        msgspec.ValidationError: the table is not what it should be (a defect of the program).
    """
    text = resources.files("records").joinpath("periods.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table).publicacion


def period(on: date) -> Period:
    """The row that is in force on a day.

    Raises:
        Unreckoned: there is none.
    """
    for row in table():
        if row.desde <= on and (row.hasta is None or on <= row.hasta):
            return row
    raise Unreckoned(
        "sin_regla",
        f"La tabla de plazos no dice cuánto se publica un inventario el {on.isoformat()}.",
        consejo=f"La primera fila rige desde el {table()[0].desde.isoformat()}.",
    )
