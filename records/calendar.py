"""Which days the entity works, which it does not, and why. Pure.

The rest days of the whole country come from the library `holidays` (Ley 51 de 1983 and the laws
after it); the entity's own days, its Saturdays and its hours from `[horario]` of config.toml. In
terms of days «feriados» and «vacantes» do not count (Ley 4 de 1913, art. 62): Saturdays are among
them only where the entity does not work them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from records.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from records.settings import Hours

FIRST_YEAR = 1984
"""The first whole year under the Ley 51 de 1983, which moved most rest days to Monday."""
ONE_DAY = timedelta(days=1)
DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
LONG_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_SATURDAY, _SUNDAY = 5, 6
_MOVED = " (observado)"
"""What the library appends to a rest day that was moved to Monday: its calque of «observed»."""


class Unreckoned(Refused):
    """No date can be told: no rule for that kind or that day, or a year without a calendar."""


@cache
def national(year: int) -> Mapping[date, str]:
    """The rest days of the whole country in a year, with their names in Spanish.

    Raises:
        Unreckoned: the year lies before the law's first or after the library's last.
    """
    import holidays

    # Without the language the names would follow the machine's; without the year it fills in
    # silently, and beyond its own years it has none and says nothing.
    found = holidays.country_holidays("CO", years=year, language="es")
    if not FIRST_YEAR <= year <= found.end_year:
        raise Unreckoned(
            "fuera_de_calendario",
            f"No se conocen los días hábiles de {year}.",
            consejo=f"El calendario va de {FIRST_YEAR} a {found.end_year}.",
        )
    names = {d: [n.removesuffix(_MOVED) for n in found.get_list(d)] for d in found}
    return MappingProxyType({day: " y ".join(held) for day, held in names.items()})


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days and hours of one entity, in Colombian civil time."""

    sabado_habil: bool
    abre: time
    cierra: time
    propios: Mapping[date, str]
    """Its own days off, with the act that says so."""
    suspensiones: tuple[tuple[date, date, str], ...] = ()
    """First and last day of each time in which an act of its own stops the terms, and the act."""

    @classmethod
    def of(cls, hours: Hours) -> Self:
        """The calendar that `[horario]` tells."""
        return cls(
            sabado_habil=hours.sabado_habil,
            abre=time.fromisoformat(hours.abre),
            cierra=time.fromisoformat(hours.cierra),
            propios={off.fecha: off.motivo for off in hours.dias_no_habiles},
            suspensiones=tuple((s.desde, s.hasta, s.acto) for s in hours.suspensiones),
        )

    def why_not(self, day: date) -> str | None:
        """Why a day is not worked: «festivo: Navidad», «domingo», «sábado», or the entity's act.

        None: it is worked. A rest day by law comes first, since it holds for everybody.

        Raises:
            Unreckoned: the calendar does not reach so far.
        """
        if (name := national(day.year).get(day)) is not None:
            return f"festivo: {name}"
        if day.weekday() == _SUNDAY or (day.weekday() == _SATURDAY and not self.sabado_habil):
            return DAYS[day.weekday()]
        return self.propios.get(day) or self.suspended(day)

    def suspended(self, day: date) -> str | None:
        """«términos suspendidos», with the act that says so; None: they run on that day."""
        for first, last, act in self.suspensiones:
            if first <= day <= last:
                return f"términos suspendidos: {act}"
        return None

    def works(self, day: date) -> bool:
        """Whether a day is worked."""
        return self.why_not(day) is None

    def next_worked(self, day: date) -> date:
        """The first worked day after *day*."""
        day += ONE_DAY
        while not self.works(day):
            day += ONE_DAY
        return day

    def filed(self, received: date) -> date:
        """The day on which what arrived then counts as filed, where rest and closing time count.

        On a rest day, or after closing: the next worked day. Before opening: that same day. A plain
        date says no hour and counts as within hours. (CPACA, art. 54, last clause as it is printed
        today.)
        """
        day = received.date() if isinstance(received, datetime) else received
        late = isinstance(received, datetime) and received.time() > self.cierra
        return self.next_worked(day) if late or not self.works(day) else day


def long_day(day: date) -> str:
    """A day as people read it: `lunes 14 dic 2026`."""
    return f"{DAYS[day.weekday()]} {short_day(day)} {day.year}"


def written_day(day: date) -> str:
    """A day as it stands on a letter: `14 de diciembre de 2026`."""
    return f"{day.day} de {LONG_MONTHS[day.month - 1]} de {day.year}"


def short_day(day: date) -> str:
    """A day without its year: `14 dic`."""
    return f"{day.day} {MONTHS[day.month - 1]}"
