"""Where a page bears ink, and where a stamp covers none.

Both work on a map of half the page's pixels or fewer: one array of a byte a pixel, 255 where there
is ink. They know nothing of words; `ingest.coverage` lays words over the map.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ingest.engine import Pixels
    from ingest.lectura import Caja

BLANK_SHARE = 0.0002
"""Share of ink pixels below which there is nothing to read."""
BARE_SHARE = 0.01
"""The same, away from the edges, of a page on which no words were found: what shines through from
the other side and specks give up to 0.0013, drawings and letters by hand 0.013 and more."""
DARK_SHARE = 0.4
"""Share of ink from which on a page may be a negative, or print on a dark ground."""
STAMP_WIDTH, STAMP_HEIGHT = 190.0, 62.0
EDGE, GAP = 6.0, 4.0
"""Points that a stamp stays away from the page's edge and from any ink."""
MARGIN_BAND = 0.34
"""Share of the page's height, at the top and at the bottom, where a stamp may stand."""
WIDEST = 4000.0
"""Points of a page, 1.4 m, up to which a cell is looked at for each; on larger ones cells are too:
a poster of 18,000 by 36,000 would take gigabytes."""
LETTERS, FEWEST = 40, 20
"""Marks by which the height of letters is told: as many do in a third of the page, and no fewer."""
LARGE = 1600
"""Pixels of a page's shorter side from which on half of them, each way, tell as much."""

cv2.setNumThreads(1)  # pages are read side by side: a second thread here would take another's core


def ink(grey: Pixels) -> Pixels:
    """Where upright *grey* pixels bear ink, as a 0/255 map; lone specks are no ink."""
    if min(grey.shape) > LARGE:
        # A line of one black pixel is still half dark. An even size is a plain mean of four.
        even = grey[: grey.shape[0] & ~1, : grey.shape[1] & ~1]
        grey = _bytes(cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    counts = np.bincount(grey[::2, ::2].ravel(), minlength=256)
    paper = 96 + int(counts[96:].argmax())  # the commonest tone of the lighter ones
    dark = (grey < min(paper - 40, 200)).view(np.uint8)
    # At least four of the 25 pixels around, the pixel itself among them.
    crowd = cv2.boxFilter(dark, -1, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return (crowd * dark >= 4).view(np.uint8) * np.uint8(255)


def is_blank(marks: Pixels) -> bool:
    """Whether a page's map of ink is so bare that there is nothing to read."""
    return cv2.countNonZero(marks) <= BLANK_SHARE * marks.size


def is_dark(marks: Pixels) -> bool:
    """Whether most of a page is ink: then its print may be what is light."""
    return cv2.countNonZero(marks) > DARK_SHARE * marks.size


def is_bare(marks: Pixels) -> bool:
    """Whether a page that gave no words bears nothing: a drawing or a letter by hand is no blank.

    Its edges tell nothing: a scanner's lid leaves dark bands there.
    """
    rows, columns = (side // 20 for side in marks.shape)
    inner = marks[rows : marks.shape[0] - rows, columns : marks.shape[1] - columns]
    return cv2.countNonZero(np.ascontiguousarray(inner)) < BARE_SHARE * inner.size


def letter_height(marks: Pixels) -> float:
    """How many rows of *marks* a usual letter of the page has; 0 where too few say it.

    What a file tells of its resolution may be wrong by any factor; this is measured.
    """
    third = marks.shape[0] // 3
    heights = _letters(marks[third : marks.shape[0] - third])
    if heights.size < LETTERS:
        heights = _letters(marks)
    return float(np.median(heights)) if heights.size >= FEWEST else 0.0


def _letters(marks: Pixels) -> npt.NDArray[np.int32]:
    """Heights of the marks that have the shape of letters."""
    _, _, shapes, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(marks), connectivity=8)
    wide, high = shapes[1:, cv2.CC_STAT_WIDTH], shapes[1:, cv2.CC_STAT_HEIGHT]
    likely = (high >= 4) & (high < 120) & (wide < 3 * high) & (high < 6 * wide)
    return np.asarray(high[likely], dtype=np.int32)


def free_rectangle(
    marks: Pixels,
    width: float,
    height: float,
    stamp: tuple[float, float] = (STAMP_WIDTH, STAMP_HEIGHT),
) -> Caja | None:
    """A place for a stamp on an upright page of *width* by *height* points, over no ink at all.

    *marks* is the page's map of `ink`.
    Top right is preferred, then top left, then the bottom margin right and left; None where all
    are taken.
    """
    coarser = max(width, height) / WIDEST
    if coarser > 1:
        small = stamp[0] / coarser, stamp[1] / coarser
        place = free_rectangle(marks, width / coarser, height / coarser, small)
        return place and (
            place[0] * coarser, place[1] * coarser, place[2] * coarser, place[3] * coarser
        )  # fmt: skip
    wide, high = int(width), int(height)
    need_x, need_y = int(stamp[0] + 2 * GAP) + 1, int(stamp[1] + 2 * GAP) + 1
    if wide < stamp[0] + 2 * EDGE or high < stamp[1] + 2 * EDGE:
        return None
    # A cell a point, dark where any ink lies in it, be it a part of a pixel.
    cells = cv2.resize(marks, (wide, high), interpolation=cv2.INTER_AREA) > 0
    total = cv2.integral(cells.view(np.uint8))
    # The gap may hang over the edge of the page, so the search runs over a page grown by it.
    border = round(GAP)
    total = cv2.copyMakeBorder(total, border, border, border, border, cv2.BORDER_REPLICATE)
    total[:border, :] = 0
    total[:, :border] = 0
    crowd = (
        total[need_y:, need_x:]
        - total[:-need_y, need_x:]
        - total[need_y:, :-need_x]
        + total[:-need_y, :-need_x]
    )
    free = crowd == 0
    free[: int(EDGE)] = False
    free[:, : int(EDGE)] = False
    free[int(height - EDGE - stamp[1]) + 1 :] = False
    free[:, int(width - EDGE - stamp[0]) + 1 :] = False
    found = _nearest_corner(free, height, stamp[1], wide)
    if found is None:
        return None
    x, y = found
    return (float(x), float(y), x + stamp[0], y + stamp[1])


def _nearest_corner(
    free: np.ndarray, height: float, stamp_height: float, wide: int
) -> tuple[int, int] | None:
    """The free place nearest the best corner, within the bands at the top and the bottom."""
    top = slice(0, max(0, int(height * MARGIN_BAND - stamp_height) + 1))
    bottom = slice(math.ceil(height * (1 - MARGIN_BAND)), None)
    middle = max(0, math.ceil(wide / 2 - STAMP_WIDTH / 2))
    right, left = slice(middle, None), slice(0, middle)
    for rows, columns, corner in (
        (top, right, (wide, 0.0)),
        (top, left, (0.0, 0.0)),
        (bottom, right, (wide, height)),
        (bottom, left, (0.0, height)),
    ):
        ys, xs = np.nonzero(free[rows, columns])
        if ys.size:
            ys, xs = ys + rows.start, xs + columns.start
            distance = np.abs(xs - corner[0]) + np.abs(ys - corner[1])
            best = int(distance.argmin())
            return int(xs[best]), int(ys[best])
    return None


def _bytes(pixels: object) -> Pixels:
    """What OpenCV made of bytes are bytes: its types do not say so."""
    return np.asarray(pixels, dtype=np.uint8)
