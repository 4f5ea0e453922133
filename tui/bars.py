"""Bars made of text, for charts in lists. Pure."""

from __future__ import annotations

FULL, HALF = "█", "▌"
ASCII = "#"


def bar(value: float, top: float, width: int, *, ascii: bool = False) -> str:
    """*value* of *top* as a bar of at most *width* cells; what is more than nothing is seen."""
    if value <= 0 or top <= 0 or width <= 0:
        return ""
    halves = max(1, round(2 * width * min(value, top) / top))
    if ascii:
        return ASCII * max(1, round(halves / 2))
    return FULL * (halves // 2) + HALF * (halves % 2)


def figure(number: int) -> str:
    """A number as people write it here: `12.345`."""
    return f"{number:,}".replace(",", ".")
