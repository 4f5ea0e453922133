"""Whether a page was read whole: print that no word covers.

A recogniser that takes a paragraph between ruled lines for a picture leaves it out and is sure of
the rest; its confidence says nothing. What looks like letters outside all words does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from ingest.engine import Pixels
    from ingest.lectura import Palabra

SHARE, LEAST = 0.04, 40
"""A page is in part unread from this share of its letters on, and no fewer than these. Pages read
whole leave under 0.038 (specks, a signature, a stamp), those that lost a paragraph over 0.05."""


FAX_SHARE, FAX_LEAST = 0.01, 20
"""The same of a fax, where part of a line that touches the next may be left out: of 160 pages of
standard fax 152 leave fewer than 15. Reading the others again made one better and none worse."""

MUCH = 0.08
"""The share from which on a page is read in another light; below, that changed no reading."""


def left_out(
    marks: Pixels, words: list[Palabra], width: float, height: float, fax: bool = False
) -> bool:
    """Whether *words* leave out print of the page of *width* by *height* points.

    *marks* is the upright page's map of `ingest.ink`.
    """
    return in_part(uncovered(marks, words, width, height), words, fax)


def in_part(outside: int, words: list[Palabra], fax: bool = False) -> bool:
    """Whether so many letters *outside* all *words* are print that was left out."""
    share, least = (FAX_SHARE, FAX_LEAST) if fax else (SHARE, LEAST)
    return outside >= max(least, share * sum(len(w.texto) for w in words))


def in_the_dark(outside: int, words: list[Palabra]) -> bool:
    """Whether they are so many that the light of the page may be the reason."""
    return outside >= max(LEAST, MUCH * sum(len(w.texto) for w in words))


def uncovered(marks: Pixels, words: list[Palabra], width: float, height: float) -> int:
    """How many marks of the size and shape of letters lie outside all words."""
    ink = marks.copy()
    rows, columns = ink.shape
    across, down = columns / width, rows / height
    tall = [(w.caja[3] - w.caja[1]) * down for w in words if len(w.texto) > 3]
    usual = float(np.median(tall)) if tall else rows / 80
    margin = 0.35 * usual
    for word in words:
        x0, y0, x1, y1 = word.caja
        top, bottom = max(0, int(y0 * down - margin)), int(y1 * down + margin) + 1
        left, right = max(0, int(x0 * across - margin)), int(x1 * across + margin) + 1
        ink[top:bottom, left:right] = 0
    # As many marks as pixels at most: short labels then do, and take half the time.
    labels = cv2.CV_16U if cv2.countNonZero(ink) < 2**16 else cv2.CV_32S
    _, _, shapes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=labels)
    w, h, area = (shapes[1:, column] for column in (2, 3, 4))
    letter_like = (
        (h > 0.25 * usual)
        & (h < 1.6 * usual)
        & (w > 0.1 * usual)
        & (w < 4 * usual)
        & (area > 0.15 * w * h)
    )
    return int(letter_like.sum())
