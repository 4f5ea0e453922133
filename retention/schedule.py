"""The clock of retention: what is due of an expediente on a day. Pure.

The years of the archivo de gestión run from the closing of the expediente, or from the event that
its serie names, never from the radicación of what lies in it; those of the archivo central follow
them, and then comes the disposition of its row of the TRD. Years go by the civil calendar: they end
on the same day of the same month; what began on 29 February ends on 28 February where the year has
none (Código Civil, art. 67; Ley 4 de 1913, art. 59).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

    from records.expedientes import Phase
    from records.trd import Fate, Row

Duty = Literal["transferir", "eliminar"]
Kind = Literal["primaria", "secundaria"]


@dataclass(frozen=True, slots=True)
class Clock:
    """The days of an expediente whose retention runs."""

    base: date
    """Its closing, or the event that its serie names."""
    gestion: date
    """The day on which the years of the archivo de gestión are over."""
    central: date
    """The day on which those of the archivo central are over too."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, and since when."""

    duty: Duty
    since: date
    kind: Kind | None = None
    """Of a transfer."""


def after_years(day: date, years: int) -> date:
    """The same day *years* later.

    Raises:
        OverflowError: no calendar reaches so far.
    """
    year = day.year + years
    if year > date.max.year:
        raise OverflowError(f"{day} y {years} años")
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def clock(base: date, row: Row) -> Clock:
    """When the times of a row end that began on *base*. The second is counted from the same day as
    the first, so that a 29 February is not shortened twice."""
    return Clock(base, after_years(base, row.ag), after_years(base, row.ag + row.ac))


def is_kept(fate: Collection[Fate]) -> bool:
    """Whether a disposition keeps the whole: conservación total, or a copy of what is kept."""
    return "CT" in fate or not {"E", "S"} & set(fate)


def due(times: Clock, row: Row, phase: Phase, day: date) -> Due | None:
    """What is due on *day* of a closed expediente that nobody holds; None: nothing yet, or it is
    where it stays."""
    if day >= times.central:
        if not is_kept(row.disposicion):
            return Due("eliminar", times.central)
        done = phase == "historico"
        return None if done else Due("transferir", times.central, "secundaria")
    if day >= times.gestion and phase == "gestion":
        return Due("transferir", times.gestion, "primaria")
    return None


def steps(base: date, row: Row, phase: Phase) -> list[tuple[int, str]]:
    """(year, what) that is still to come of an expediente: its `primaria` transfer while it is in
    gestión, then its `secundaria` one or `eliminar`."""
    times = clock(base, row)
    out = []
    if phase == "gestion" and times.gestion < times.central:
        out.append((times.gestion.year, "primaria"))
    if not is_kept(row.disposicion):
        out.append((times.central.year, "eliminar"))
    elif phase != "historico":
        out.append((times.central.year, "secundaria"))
    return out
