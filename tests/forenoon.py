"""A clock for tests that name days: a run over midnight, in Bogotá, is still one day to them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from records import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGUN = time.monotonic()
_TEN = datetime.now(tz=UTC).astimezone(lines.BOGOTA).replace(hour=10, minute=0)
TODAY = _TEN.date()


def _now() -> datetime:
    return _TEN + timedelta(seconds=time.monotonic() - _BEGUN)


@pytest.fixture(autouse=True)
def forenoon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It was ten in the morning when the tests were collected, and time goes on from there."""
    monkeypatch.setattr(lines, "now", _now)
    yield
