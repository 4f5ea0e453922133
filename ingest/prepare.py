"""Pixels as the recogniser reads them best, and the way back from them to the page.

What is done follows what is measured on the page: the pixels of a fax machine, the grain of the
paper, the edge of a photographed sheet. The picture that is kept is never touched. Figures are
mean character error rates of `bench/ocr.py` on pages of several seeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ingest.engine import Pixels
    from ingest.facts import PageFacts
    from ingest.lectura import Caja
    from ingest.words import Box

FAX_DPI = 185
SCAN_DPI = 190
NARROW, FAX_NARROW = 0.9, 0.94
"""Widths that scans and faxes are brought to, their height kept: the network that reads a line
takes as long as the line is wide, and was taught narrow letters too. A twelfth of the time. CER of
90 scans 0.22 %, 0.21 as they come, 0.27 at 0.85; of 60 faxes 0.54, as they come 0.53."""
ROUGH = 0.7
"""Grain of the paper, in grey levels, from which on a median filter helps."""
LETTER, SMALL = 13.0, 12.0
"""Rows of a usual letter below which no page is made coarser, and below which a median would take
strokes for grain: 11 points at 300 dpi have 22 to 28. Files tell wrong resolutions, and print may
be small: a page of 16 rows, made 10, went from a confidence of 90 to 70."""
USUAL, LIKELY = 12.0, (3.5, 11.0)
"""Dots to the inch of a page by the rows of its usual letter, and the points that such a letter may
have by what the file says: else the file is wrong. A table saved at 96 dpi of 3,300 columns lost 36
% of its words as the file said, 4 % as its letters do."""
LOW_DPI, MOST_PIXELS = 140, 40_000_000
"""Coarser pages are made finer, to no more pixels than these: clean grey scans of 75 dpi went from
32 to 0.2 %, of 100 from 2.6 to 0.1; finer than `SCAN_DPI` is no better."""
LONGEST = 32_000
"""Pixels that a side may have: Tesseract takes no more than 32,767."""
SKEWED = 0.35
"""Degrees from which on a page is turned level."""
MOST_SKEWED = 12
"""Degrees up to which it is: sheets are laid on the glass by hand."""
PAPER = 245
"""Tone that the paper of a photograph is brought to."""

cv2.setNumThreads(1)  # pages are read side by side: a second thread here would take another's core


@dataclass(frozen=True, slots=True)
class Prepared:
    """Pixels to read, how many of them an inch has from top to bottom, the matrix to points of the
    page, and how wide a letter is beside what it was."""

    pixels: Pixels
    dpi: int
    to_page: npt.NDArray[np.float64]
    narrow: float = 1.0

    def boxes(self, boxes: list[Box]) -> list[Caja]:
        """Boxes in these pixels as boxes in points of the upright page."""
        if not boxes:
            return []
        left, top, right, bottom = np.array(boxes, dtype=np.float64).T
        corners = np.stack([left, top, right, top, right, bottom, left, bottom], axis=1)
        at = corners.reshape(-1, 4, 2) @ self.to_page[:, :2].T + self.to_page[:, 2]
        at = at[..., :2] / at[..., 2:]
        both = np.concatenate([at.min(axis=1), at.max(axis=1)], axis=1).round(2)
        return [(x0, y0, x1, y1) for x0, y0, x1, y1 in both.tolist()]


def prepare(
    page: Pixels, facts: PageFacts, width: float, height: float, letter: float = 0.0
) -> Prepared:
    """The upright grey *page* of *width* by *height* points, made ready to be read.

    *letter*: rows of a usual letter, 0 where that is not known.
    """
    rows, columns = page.shape
    dpi_x, dpi_y = columns / width * 72, rows / height * 72
    wrong = false_by(letter, dpi_y)
    dpi_x, dpi_y = dpi_x * wrong, dpi_y * wrong
    if facts.fax or (facts.bilevel and abs(dpi_x - dpi_y) > 0.05 * dpi_x):
        return _plain(_fax(page, dpi_x, dpi_y), width, height, wrong, FAX_NARROW)
    # First finer, then the median: at 75 dpi it takes letters for grain and wipes them out.
    pixels = _finer(page, dpi_x, dpi_y)
    letter *= pixels.shape[0] / rows
    if not facts.bilevel and not 0 < letter < SMALL and grain(pixels) > ROUGH:
        pixels = _grey(cv2.medianBlur(pixels, 3))
    if facts.foto or wrong != 1 or pixels.shape != page.shape:
        return _plain(pixels, width, height, wrong)  # coarser lost a tenth of the words of tables
    down = 1.0 if facts.bilevel else _coarser(dpi_x, dpi_y, letter)
    narrow = NARROW if letter * down >= SMALL else 1.0
    across = narrow * down * dpi_y / dpi_x if down < 1 else narrow
    if across < 1:
        # Up to half, two neighbours each way tell all; the mean of an area takes five times it.
        how = cv2.INTER_LINEAR if 0.5 <= down < 1 else cv2.INTER_AREA
        pixels = _resize(pixels, across, down, how)
    return _plain(pixels, width, height, narrow=narrow)


def _coarser(dpi_x: float, dpi_y: float, letter: float) -> float:
    """What to make a grey scan smaller by, from top to bottom, before it is read."""
    dpi = max(SCAN_DPI, LETTER / letter * dpi_y if letter else 0.0)
    fine = min(dpi_x, dpi_y)
    return dpi / dpi_y if fine >= 220 and dpi < 0.95 * fine else 1.0


def false_by(letter: float, dpi: float) -> float:
    """What the resolution *dpi* must be multiplied by where a letter has so many rows."""
    points = letter / dpi * 72
    if not letter or LIKELY[0] <= points <= LIKELY[1]:
        return 1.0
    return min(max(USUAL * letter / dpi, 0.2), 5.0)


def flattened(page: Pixels, width: float, height: float) -> Prepared | None:
    """A photographed sheet as if it lay on a scanner: its edges straight, its light even.

    None where no sheet stands out from what lies around it. Both steps are needed: photo CER 11 %
    as it comes, 28 % with the sheet straightened alone, 0.6 % with both.
    """
    corners = sheet(page)
    if corners is None:
        return None
    top, right, bottom, left = (
        float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4)
    )
    across, down = round(max(top, bottom)), round(max(left, right))
    target = np.array([(0, 0), (across, 0), (across, down), (0, down)], dtype=np.float32)
    straight = cv2.getPerspectiveTransform(corners, target)
    pixels = cv2.warpPerspective(
        page, straight, (across, down), flags=cv2.INTER_LINEAR, borderValue=255
    )
    rows, columns = page.shape
    scale = np.diag([width / columns, height / rows, 1.0])
    # A sheet that fills the frame is no larger than the page that the frame was taken for.
    dpi = round(columns / width * 72)
    return Prepared(even_light(_grey(pixels)), max(70, dpi), scale @ np.linalg.inv(straight))


def sheet(page: Pixels) -> npt.NDArray[np.float32] | None:
    """The corners of a light sheet on a darker ground, clockwise from the top left."""
    scale = 700 / max(page.shape)
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Letters must not cut the sheet in two: closing fills them.
    small = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    small = cv2.GaussianBlur(small, (5, 5), 0)
    _, light = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    area = cv2.contourArea(hull)
    whole = float(light.size)
    if not 0.3 * whole < area < 0.985 * whole or cv2.contourArea(outline) < 0.9 * area:
        return None
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        found = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True)
        if len(found) == 4 and cv2.contourArea(found) > 0.93 * area:
            return _clockwise(found.reshape(4, 2).astype(np.float32) / scale)
    return None


def _clockwise(points: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    total, slope = points.sum(axis=1), np.diff(points, axis=1).ravel()
    order = [total.argmin(), slope.argmin(), total.argmax(), slope.argmax()]
    return np.ascontiguousarray(points[order], dtype=np.float32)


def even_light(page: Pixels) -> Pixels:
    """The page divided by the light that falls on its paper."""
    rows, columns = page.shape
    coarse = (max(1, columns // 8), max(1, rows // 8))
    small = cv2.resize(page, coarse, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), 6)
    light = cv2.resize(paper, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return _grey(cv2.divide(page, light, scale=PAPER))


def _plain(
    pixels: Pixels, width: float, height: float, wrong: float = 1.0, narrow: float = 1.0
) -> Prepared:
    rows, columns = pixels.shape
    dpi = max(70, round(rows / height * 72 * wrong))
    return Prepared(pixels, dpi, np.diag([width / columns, height / rows, 1.0]), narrow)


def levelled(page: Prepared) -> Prepared | None:
    """The page with its lines level; None where they are.

    Costs letters on a grainy page, so it is for pages whose layout was not understood: from two
    degrees on whole paragraphs between ruled lines are lost, CER 48 % against 1 % so.
    """
    angle = skew(page.pixels)
    if abs(angle) < SKEWED:
        return None
    rows, columns = page.pixels.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
    pixels = cv2.warpAffine(
        page.pixels,
        turn,
        (columns, rows),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    to_page = page.to_page @ np.linalg.inv(np.vstack([turn, [0, 0, 1]]))
    return Prepared(_grey(pixels), page.dpi, to_page, page.narrow)


def skew(pixels: Pixels) -> float:
    """Degrees anticlockwise that would level the lines of print.

    Level lines make the sums of the rows rise and fall most steeply.
    """
    scale = 640 / max(pixels.shape)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(
        small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15
    )
    rows, columns = dark.shape

    def steepness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
        level = cv2.warpAffine(dark, turn, (columns, rows), flags=cv2.INTER_LINEAR)
        sums = cv2.reduce(level, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F)
        return float(np.square(np.diff(sums, axis=0)).sum())

    coarse = max((a / 2 for a in range(-2 * MOST_SKEWED, 2 * MOST_SKEWED + 1)), key=steepness)
    fine = [coarse + step / 10 for step in range(-4, 5)]
    return max(fine, key=steepness)


def _grey(pixels: npt.NDArray[Any]) -> Pixels:
    """What OpenCV made of grey pixels are grey pixels: its types do not say so."""
    return np.asarray(pixels, dtype=np.uint8)


def _resize(page: Pixels, across: float, down: float, how: int) -> Pixels:
    size = (max(1, round(page.shape[1] * across)), max(1, round(page.shape[0] * down)))
    return _grey(cv2.resize(page, size, interpolation=how))


def _finer(page: Pixels, dpi_x: float, dpi_y: float) -> Pixels:
    """A page too coarse for the recogniser at `SCAN_DPI`; all others as they are."""
    across, down = SCAN_DPI / dpi_x, SCAN_DPI / dpi_y
    wide, high = page.shape[1] * across, page.shape[0] * down
    too_large = wide * high > MOST_PIXELS or max(wide, high) > LONGEST
    if min(dpi_x, dpi_y) >= LOW_DPI or too_large:
        return page
    return _resize(page, across, down, cv2.INTER_CUBIC)


def _fax(page: Pixels, dpi_x: float, dpi_y: float) -> Pixels:
    """Pixels that are nearly square, edges soft: standard fax CER 16 % as it comes, 0.7 % so.

    At 240 dpi 0.9 %, and a seventh more time.
    """
    clean = without_dirty_columns(page)
    across, down = FAX_NARROW * FAX_DPI / dpi_x, FAX_DPI / dpi_y
    grown = _resize(clean, across, down, cv2.INTER_CUBIC)
    return _grey(cv2.GaussianBlur(grown, (0, 0), sigmaX=1.1 * FAX_NARROW, sigmaY=1.1))


def without_dirty_columns(page: Pixels) -> Pixels:
    """Remove the line that a speck on a fax's glass draws down the whole page.

    A column with ink over 60 % of its height takes the tone of the lighter of the nearest clean
    columns on its two sides, row by row, so that letters crossing it keep their strokes.
    """
    dirty = (page < 128).mean(axis=0) > 0.6
    clean = np.flatnonzero(~dirty)
    if not dirty.any() or not clean.size:
        return page
    pixels = page.copy()
    for column in np.flatnonzero(dirty):
        place = int(np.searchsorted(clean, column))
        left = clean[max(place - 1, 0)]
        right = clean[min(place, clean.size - 1)]
        pixels[:, column] = np.maximum(pixels[:, left], pixels[:, right])
    return pixels


def grain(page: Pixels) -> float:
    """How rough the paper is, in grey levels: the mean distance of its pixels from their median.

    A clean scan gives under 0.2, a noisy one 0.9 to 2.4; only the latter gain from a 3×3 median,
    the former lose by it. A strip tells enough.
    """
    rows, columns = page.shape
    middle, aside = rows // 2, columns // 8
    strip = page[max(0, middle - 128) : middle + 128, aside : columns - aside]
    if not strip.size:
        return 0.0
    strip = np.ascontiguousarray(strip)
    median = cv2.medianBlur(strip, 3)
    paper = median >= np.percentile(median[::2, ::2], 60)
    return float(cv2.absdiff(strip, median)[paper].mean())
