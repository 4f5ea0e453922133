"""How a stretch of time is counted from a day or a moment: days, months, hours. Pure.

Ley 4 de 1913: terms end at the midnight of their last day (art. 59), hours at their last minute
(art. 60), rest days are left out of terms in days, months go by the calendar and end on a worked
day (art. 62; Código Civil, art. 67). The first day is never counted. A day on which the entity's
terms stand still by an act counts in no term of days; a month may not end on it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from records.calendar import ONE_DAY, Unreckoned
from records.lines import BOGOTA

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.calendar import Calendar

Unit = Literal["día hábil", "día calendario", "mes", "hora"]
_PLURAL = {
    "día hábil": "días hábiles",
    "día calendario": "días calendario",
    "mes": "meses",
    "hora": "horas",
}
_END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Count:
    """A stretch that was counted, in Colombian civil time."""

    start: date
    """The day that it is counted from; itself not counted."""
    first: date | None
    """The first day that counts; None for hours."""
    ends: datetime
    """The last second of the last day, or the last minute of the last hour."""
    skipped: list[tuple[date, str]]
    """The days that do not count, and why."""


def in_words(value: int, unit: Unit) -> str:
    """How long: `15 días hábiles`."""
    return f"{value} {_PLURAL[unit] if value != 1 else unit}"


def count(value: int, unit: Unit, since: date, calendar: Calendar) -> Count:
    """*value* of *unit* from a day or a moment in Colombian civil time.

    Raises:
        Unreckoned: the calendar does not reach so far, or hours are to be counted from a date.
    """
    if unit == "hora":
        return _hours(value, since)
    start = since.date() if isinstance(since, datetime) else since
    calendar.why_not(start)  # a year without a calendar is refused before anything is added to it
    match unit:
        case "día hábil":
            return _days(value, start, calendar.why_not)
        case "día calendario":
            return _days(value, start, calendar.suspended)
        case "mes":
            return _months(value, start, calendar)


def local(moment: date) -> date:
    """A moment (any offset; Colombian time where it has none) or a date, in Colombian civil time.

    Raises:
        Unreckoned: there it lies beyond all calendars.
    """
    if not isinstance(moment, datetime):
        return moment
    try:
        return moment.astimezone(BOGOTA) if moment.tzinfo else moment.replace(tzinfo=BOGOTA)
    except OverflowError as error:
        raise Unreckoned("fuera_de_calendario", f"{moment} no puede ser una fecha.") from error


def _days(days: int, start: date, why_not: Callable[[date], str | None]) -> Count:
    day, first, skipped = start, None, []
    while days:
        day += ONE_DAY
        if (why := why_not(day)) is not None:
            skipped.append((day, why))
            continue
        first = first or day
        days -= 1
    return Count(start, first, _midnight(day), skipped)


def _months(months: int, start: date, calendar: Calendar) -> Count:
    """By the calendar: the same day of a later month, or its last (Código Civil, art. 67)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    skipped = []
    while (why := calendar.why_not(day)) is not None:
        skipped.append((day, why))
        day += ONE_DAY
    return Count(start, start + ONE_DAY, _midnight(day), skipped)


def _hours(hours: int, since: date) -> Count:
    """Without a stop, from the moment on."""
    if not isinstance(since, datetime):
        raise Unreckoned(
            "falta_hora",
            "Este término corre por horas.",
            consejo="Diga también la hora de llegada.",
        )
    return Count(since.date(), None, since + timedelta(hours=hours), [])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, _END_OF_DAY, BOGOTA)


def working_days(since: date, until: date, calendar: Calendar) -> int:
    """How many worked days there are after a day, to another one and with it."""
    days = (since + timedelta(days=n) for n in range(1, (until - since).days + 1))
    return sum(calendar.why_not(day) is None for day in days)


class WorkedDays:
    """The worked days between one day and many others: each day between is looked at once."""

    def __init__(self, day: date, calendar: Calendar) -> None:
        self._day, self._calendar = day, calendar
        self._after, self._before = [0], [0]
        """So many worked days lie within so many days after it, and before it."""

    def to(self, other: date) -> int:
        """`working_days` from the day to *other*; to an earlier one, less than nothing.

        Raises:
            Unreckoned: the calendar does not reach so far.
        """
        far = (other - self._day).days
        if far < 0:
            return -self._within(self._before, -far, -1)
        return self._within(self._after, far, 1)

    def _within(self, known: list[int], far: int, step: int) -> int:
        while len(known) <= far:
            # Of two days the later one counts: back from the day, that is itself.
            day = self._day + timedelta(days=len(known) if step > 0 else 1 - len(known))
            known.append(known[-1] + self._calendar.works(day))
        return known[far]


def after(since: date, days: int, calendar: Calendar) -> date:
    """The last of so many worked days after a day."""
    day = since
    while days > 0:
        day += timedelta(days=1)
        days -= calendar.why_not(day) is None
    return day


def before(until: date, days: int, calendar: Calendar) -> date:
    """The worked day that lies so many worked days before a day."""
    day = until
    while days > 0:
        day -= timedelta(days=1)
        days -= calendar.why_not(day) is None
    return day
