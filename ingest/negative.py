"""White print on a dark ground, turned into dark print on white before it is read.

Headings of forms and tables stand so, and whole pages of a microfilm or of a file that tells its
tones the wrong way round. The recogniser's own search for such print takes a fifth of its time on
every page; here it is looked for once, coarsely. The picture that is kept is never touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ingest.engine import Pixels

LOOK_DPI, LONGEST = 100, 1600
"""Pixels to the inch at which dark ground is looked for, and at most so many a side."""
DARK = 120
"""Tone of a ground on which print is white."""
STROKE = 7
"""Pixels, of those looked at, up to which a light stroke lies within dark ground."""
BAND = (30, 11)
"""Width and height that dark ground has at least: a heading of a table."""
SOLID = 0.6
"""Share of dark pixels from which on it is ground: of a line of heavy letters under a half are."""
RIM = 0.9
"""The same of its outermost pixels: those of a line of letters lie half between them."""
NEGATIVE = 0.6
"""Share of the page from which on all of it is negative."""
FEWEST = 3
"""Light marks of the size of letters that white print has."""


def positive(page: Pixels, width: float, height: float) -> Pixels:
    """The grey *page* of *width* by *height* points with its white print made dark.

    The page itself where there is none.
    """
    fine = max(page.shape) / max(width, height) * 72
    step = max(int(fine / LOOK_DPI), -(-max(page.shape) // LONGEST), 1)
    dark = np.asarray((page[::step, ::step] < DARK) * np.uint8(255))
    if cv2.countNonZero(dark) < BAND[0] * BAND[1]:
        return page
    ground = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))
    ground = cv2.morphologyEx(ground, cv2.MORPH_OPEN, np.ones((BAND[1], BAND[0]), np.uint8))
    # Outlines and short labels: the statistics of all components take five times as long.
    outlines, _ = cv2.findContours(ground, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    _, labels = cv2.connectedComponents(ground, connectivity=8, ltype=cv2.CV_16U)
    made = page
    for outline in outlines:
        x, y, wide, high = cv2.boundingRect(outline)
        part = slice(y, y + high), slice(x, x + wide)
        mask = labels[part] == labels[outline[0, 0, 1], outline[0, 0, 0]]
        if not _bears_white_print(mask, dark[part] > 0):
            continue
        if np.count_nonzero(mask) > NEGATIVE * dark.size:
            return _turned(page, np.ones(page.shape, dtype=bool))
        made = page.copy() if made is page else made
        region = made[step * y : step * (y + high), step * x : step * (x + wide)]
        size = region.shape[1], region.shape[0]
        whole = cv2.resize(mask.view(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        region[:] = _turned(region, whole)
    return made


def _bears_white_print(mask: npt.NDArray[np.bool_], dark: npt.NDArray[np.bool_]) -> bool:
    inside = int(mask.sum())
    if (dark & mask).sum() < SOLID * inside:
        return False
    framed = np.pad(mask.view(np.uint8), 1)
    rim = mask & (cv2.erode(framed, np.ones((3, 3), np.uint8))[1:-1, 1:-1] == 0)
    if (dark & rim).sum() < RIM * rim.sum():
        return False
    light = np.asarray(mask & ~dark, dtype=np.uint8)
    _, _, marks, _ = cv2.connectedComponentsWithStats(light, connectivity=8)
    wide, high = marks[1:, cv2.CC_STAT_WIDTH], marks[1:, cv2.CC_STAT_HEIGHT]
    letters = (high >= 4) & (high <= 40) & (wide >= 1) & (wide < 6 * high)
    return int(letters.sum()) >= FEWEST


def _turned(region: Pixels, mask: npt.NDArray[np.bool_]) -> Pixels:
    """*region* with the tones under *mask* turned round, from its ground to its lightest."""
    tones = region[mask]
    low, high = float(np.median(tones)), float(np.percentile(tones, 99.5))
    away = (high - region.astype(np.float32)) * (255 / max(high - low, 1.0))
    return np.where(mask, away.clip(0, 255), region).astype(np.uint8)
