"""Worked days between one day and many: the same as counted one by one, in any order asked."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from records import counting
from records.calendar import Calendar, Unreckoned
from records.settings import Hours

TODAY = date(2026, 4, 1)
"""The Wednesday before Easter: rest days follow at once."""


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.of(Hours())


def test_it_counts_what_is_counted_day_by_day(calendar: Calendar) -> None:
    days = counting.WorkedDays(TODAY, calendar)
    spans = list(range(-400, 401))
    random.Random(8).shuffle(spans)
    for span in spans:
        other = TODAY + timedelta(days=span)
        first, last = sorted((TODAY, other))
        told = counting.working_days(first, last, calendar)
        assert days.to(other) == (told if span >= 0 else -told), other


def test_beyond_the_calendar_it_says_so_every_time(calendar: Calendar) -> None:
    days = counting.WorkedDays(TODAY, calendar)
    for far in (date(1950, 1, 1), date(9999, 12, 31), date(1950, 1, 2)):
        with pytest.raises(Unreckoned):
            days.to(far)
    assert days.to(TODAY + timedelta(days=30)) == 19
