"""What a page bears for the program and not for people: separator codes, labels of our own.

Runs inside the limited child, over each page's pixels. Separators are our own sheet, a bar code or
QR that says «PATCHT» (as scanners' sheets do), and the patch code T itself: four long bars, wide
and narrow by turns. A small code is no separator: it may be a picture of one in an annex. It does
not say what follows from a mark; `ingest.stacks` does.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from records.codes import SEPARATOR

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

OURS = "VENTANILLA"
"""How the text of each of our codes begins."""
PATCHES = ("PATCHT", "PATCH T")
LEAST_MM = 30.0
"""Least length of a separator's code; half of what our sheet has, and less than any sold one."""
WORK_DPI = 140
"""Pages are looked at with at least so many pixels to the inch, where they have them: 18 ms of a
300 dpi page, a patch code and a stamp's QR at 150 among what is found. All its pixels cost more."""
BAR = 0.08
"""Inches across a narrow bar or a space of a patch code; a wide one has 0.20 (Kodak A-61599)."""
LEAST_BARS = 1.2
"""Inches along the bars; they are 2 and more, but for narrow scanners."""
FAR_DPI = 75
"""From this far away grain is gone, and a sheet's large modules are whole again."""


class Marks(msgspec.Struct, frozen=True):
    """What a page bears."""

    separador: bool = False
    etiqueta: str | None = None
    """Text of the first code that begins like ours and is no separator."""


def look(pixels: Image.Image, dpi_x: float, dpi_y: float, *, first: bool = False) -> Marks:
    """The marks of an upright page; *first* looks at all pixels of a very fine one too."""
    import zxingcpp

    square, dpi = _square(pixels, dpi_x, dpi_y)
    factor = max(1, int(dpi / WORK_DPI))
    small = square.reduce(factor) if factor > 1 else square
    kind = zxingcpp.BarcodeFormat
    formats = zxingcpp.BarcodeFormats([kind.QRCode, kind.Code128, kind.Code39])
    read = partial(zxingcpp.read_barcodes, try_downscale=False, try_invert=False)
    codes = read(small, formats=formats)
    label = _label(codes)
    if label is not None:
        return Marks(False, label)  # a paper of a record, whatever else is printed on it
    if any(_separates(code, dpi / factor) for code in codes):
        return Marks(separador=True)
    further = max(1, round(dpi / factor / FAR_DPI))
    distance = factor * further
    far = small.reduce(further) if further > 1 else small
    codes = read(far, formats=zxingcpp.BarcodeFormats(kind.QRCode))
    if any(_separates(code, dpi / distance) for code in codes) or patch_t(far, dpi / distance):
        return Marks(separador=True)
    if not first or factor <= 2:
        return Marks()  # small codes at half the pixels of a 300 dpi page were found above
    qr = zxingcpp.BarcodeFormats(kind.QRCode)
    return Marks(False, _label(zxingcpp.read_barcodes(pixels.convert("L"), formats=qr)))


def _square(pixels: Image.Image, dpi_x: float, dpi_y: float) -> tuple[Image.Image, float]:
    """Grey pixels with one resolution for both directions (a fax has twice as many across)."""
    from PIL import Image

    grey = pixels if pixels.mode == "L" else pixels.convert("L")
    if abs(dpi_x - dpi_y) <= 0.1 * max(dpi_x, dpi_y):
        return grey, dpi_x
    dpi = max(dpi_x, dpi_y)
    size = round(grey.width * dpi / dpi_x), round(grey.height * dpi / dpi_y)
    return grey.resize(size, Image.Resampling.NEAREST), dpi


def _label(codes: list[Any]) -> str | None:
    return next((c.text for c in codes if c.text.startswith(OURS) and c.text != SEPARATOR), None)


def _separates(code: Any, dpi: float) -> bool:
    if code.text != SEPARATOR and code.text.strip().upper() not in PATCHES:
        return False
    corners = code.position
    across = math.dist(
        (corners.top_left.x, corners.top_left.y), (corners.bottom_right.x, corners.bottom_right.y)
    )
    return across / dpi * 25.4 >= LEAST_MM


def patch_t(grey: Image.Image, dpi: float) -> bool:
    """Whether the page bears a patch code T, its bars along or across.

    Turned about, a T is the patch code 3, which separates as well: both are taken.
    """
    import numpy as np

    dark = np.asarray(grey) < 128
    unit = dpi * BAR
    return _bars(dark, unit) or _bars(dark.T, unit)


def _bars(dark: NDArray[np.bool_], unit: float) -> bool:
    """Whether enough neighbouring columns cross four bars, wide and narrow by turns.

    Bounds are wide: a copier thickens bars, «fit to page» makes all smaller by a twentieth.
    """
    import numpy as np

    step = max(1, round(unit / 2))
    columns = np.pad(dark[:, ::step].T, ((0, 0), (1, 1)))
    height = columns.shape[1]
    # All columns in one row, white at their ends: the runs of all are then found at once.
    edges = np.flatnonzero(np.diff(columns.ravel().view(np.int8))) + 1
    begin, end = edges[::2], edges[1::2]
    if len(begin) < 4:
        return False
    thick = (end - begin) / unit
    apart = np.append((begin[1:] - end[:-1]) / unit, np.inf)
    apart[:-1][begin[1:] // height != begin[:-1] // height] = np.inf
    before = np.insert(apart[:-1], 0, np.inf)
    runs = len(begin) - 3
    bars = np.stack([thick[i : i + runs] for i in range(4)])
    gaps = np.stack([apart[i : i + runs] for i in range(3)])
    whole = (end[3:] - begin[:runs]) / unit
    wide, narrow = (bars > 1.75) & (bars < 3.4), (bars > 0.45) & (bars < 1.75)
    fits = (gaps > 0.45).all(0) & (gaps < 1.7).all(0) & (whole > 8.5) & (whole < 11.5)
    fits &= (before[:runs] > 1.5) & (apart[3:] > 1.5)
    one = wide[0] & narrow[1] & wide[2] & narrow[3]
    other = narrow[0] & wide[1] & narrow[2] & wide[3]
    found = begin[:runs][fits & (one | other)]
    return _in_line(found // height, found % height, unit, step)


def _in_line(column: NDArray[np.int64], row: NDArray[np.int64], unit: float, step: int) -> bool:
    """Whether crossings stand side by side for the length of a bar, perhaps a little askew."""
    import numpy as np

    for place in np.unique(row // (4 * unit)):
        near = np.abs(row - (place + 0.5) * 4 * unit) < 4 * unit
        columns = np.unique(column[near])
        for part in np.split(columns, np.flatnonzero(np.diff(columns) > 2) + 1):
            if (part[-1] - part[0]) * step >= LEAST_BARS / BAR * unit:
                return True
    return False
