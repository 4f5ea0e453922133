"""Terms counted again from the law alone, by the slowest way: no part of `records` is used here.

Rest days: Ley 51 de 1983, art. 1 (what stays, what passes to the following Monday), and 9 July
since 2026 (Ley 2578 de 2026). Easter: Meeus, *Astronomical Algorithms*, ch. 8. Days: Ley 4 de 1913,
art. 62, one after the other. Months: Código Civil, art. 67. How long: CPACA, arts. 14, 17, 19, 21,
26, 30; Decreto Legislativo 491 de 2020, art. 5; Ley 2207 de 2022; Ley 5 de 1992, arts. 258, 260;
Ley 24 de 1992, arts. 15, 27; Ley 1581 de 2012, arts. 14, 15.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
EMERGENCY = (date(2020, 3, 28), date(2022, 5, 17))
"""First and last day of the Decreto 491's terms."""


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by Meeus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, day = divmod(h + el - 7 * m + 114, 31)
    return date(year, month, day + 1)


def monday(day: date) -> date:
    """That day, or the Monday after it."""
    while day.isoweekday() != 1:
        day += DAY
    return day


def rest_days(year: int) -> set[date]:
    """The country's rest days of a year, 2019 to 2028."""
    out = {
        date(year, 1, 1), date(year, 5, 1), date(year, 7, 20), date(year, 8, 7),
        date(year, 12, 8), date(year, 12, 25),
        easter(year) - 3 * DAY, easter(year) - 2 * DAY,
    }  # fmt: skip
    for month, day in ((1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)):
        out.add(monday(date(year, month, day)))
    for after in (39, 60, 68):
        out.add(monday(easter(year) + after * DAY))
    if year >= 2026:
        out.add(monday(date(year, 7, 9)))
    return out


@dataclass(frozen=True)
class Entity:
    """The days of one entity."""

    saturdays: bool = False
    own: frozenset[date] = frozenset()
    stopped: tuple[tuple[date, date], ...] = ()
    closes: tuple[int, int] = (17, 0)
    rests: dict[int, set[date]] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        rests = self.rests.setdefault(day.year, rest_days(day.year))
        return not (
            day.isoweekday() == 7
            or (day.isoweekday() == 6 and not self.saturdays)
            or day in rests
            or day in self.own
            or any(first <= day <= last for first, last in self.stopped)
        )

    def days(self, since: date, value: int) -> date:
        """The last of so many worked days after a day."""
        worked: list[date] = []
        day = since
        while len(worked) < value:
            day = day + DAY
            if self.works(day):
                worked.append(day)
        return worked[-1]

    def months(self, since: date, value: int) -> date:
        """The same day of a later month, else its last; then on to a worked day."""
        first = since.replace(day=1)
        for _ in range(value):
            first = (first + 31 * DAY).replace(day=1)
        end = first
        while end.day < since.day and (end + DAY).month == first.month:
            end += DAY
        while not self.works(end):
            end += DAY
        return end

    def filed(self, received: date) -> date:
        """The day on which it counts as filed, where rest days and closing time count."""
        if not isinstance(received, datetime):
            late, day = False, received
        else:
            closing = received.replace(hour=self.closes[0], minute=self.closes[1], second=0)
            late, day = received > closing, received.date()
        if late:
            day += DAY
        while not self.works(day):
            day += DAY
        return day


def length(kind: str, on: date) -> tuple[int, int | None]:
    """How many worked days a kind has on a day, and with its extension; None: it has none."""
    emergency = EMERGENCY[0] <= on <= EMERGENCY[1]
    match kind:
        case "peticion" | "queja" | "reclamo" | "sugerencia" | "denuncia":
            return (30, 60) if emergency else (15, 30)
        case "documentos":
            return (20, 40) if emergency else (10, 20)
        case "consulta":
            return (35, 70) if emergency else (30, 60)
        case "autoridades":
            return 10, None
        case "congreso" | "defensoria":
            return 5, None
        case "habeas_consulta":
            return 10, 15
        case "habeas_reclamo":
            return 15, 23
    raise KeyError(kind)


DAYS_OF = {
    "traslado": 5, "requerir": 10, "corregir": 10, "copias": 3, "insistir": 10,
    "congreso_documentos": 10, "queja_defensoria": 5, "habeas_requerir": 5, "habeas_traslado": 2,
    "habeas_leyenda": 2,
}  # fmt: skip
"""The terms on the way that are told in days."""
MONTHS_OF = {"completar": 1, "habeas_completar": 2}
"""Those told in months."""
