"""A watcher that works all day takes no more at its end than at its beginning."""

from __future__ import annotations

import shutil

import pytest

from bench.memoria import GOAL_MB, large, measure, small
from ingest.engine import in_process

FLAT = 1.05
"""Memory of the last third over that of the first."""

motors = pytest.mark.parametrize(
    "motor",
    [
        pytest.param(
            "tesserocr", marks=pytest.mark.skipif(not in_process(), reason="sin la rueda")
        ),
        "pytesseract",
    ],
)
tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="no hay Tesseract en esta máquina"
)


@pytest.mark.largo
@tesseract
@motors
def test_three_hundred_letters_leave_nothing_behind(motor: str) -> None:
    took = measure(small(), 300, motor)
    assert took["own_last_over_first"] <= FLAT
    assert took["watcher_mb_more"] < 3
    assert took["files_last_over_first"] <= FLAT
    assert took["zombies"] == 0
    assert took["left"] == 0
    assert took["peak_pss_mb"] < GOAL_MB


@pytest.mark.largo
@tesseract
@motors
def test_large_pages_fit_the_memory_of_an_old_machine(motor: str) -> None:
    took = measure(large([]), 30, motor)
    assert took["peak_pss_mb"] < GOAL_MB
    assert took["left"] == 0
