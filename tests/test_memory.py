"""A watcher that works all day takes no more at its end than at its beginning."""

from __future__ import annotations

import shutil

import pytest

from bench.memoria import GOAL_MB, large, measure, small


@pytest.mark.largo
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="no hay Tesseract en esta máquina")
def test_two_hundred_letters_leave_nothing_behind() -> None:
    took = measure(small(), 200)
    assert took["pss_last_over_first"] <= 1.05
    assert took["files_last_over_first"] <= 1.05
    assert took["zombies"] == 0
    assert took["left"] == 0
    assert took["peak_pss_mb"] < GOAL_MB


@pytest.mark.largo
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="no hay Tesseract en esta máquina")
def test_large_pages_fit_the_memory_of_an_old_machine() -> None:
    assert measure(large([]), 10)["peak_pss_mb"] < GOAL_MB
