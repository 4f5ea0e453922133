"""Whether a PDF page is a scan: nothing but images, laid flat at one resolution.

A scanner's or a fax server's page is one image (or a pile of strips), laid over the sheet by a
matrix. The page's content is gone through as a viewer would; what is more than that (masks,
clipping, drawing beside the image, a slanting matrix) makes it no scan. Text is left out of
account: it lies in a layer of its own (`ingest.layer`). Lengths are points of the upright page,
without `UserUnit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Dictionary, Matrix, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pypdfium2 as pdfium

DEEPEST = 4
"""Form XObjects inside one another that are looked into."""
MOST_PARTS = 400
"""Strips of one page; more are no scan."""
STRAIGHT = 0.001
"""Slope up to which a matrix counts as straight: three pixels over a sheet of 300 dpi."""
LEAST_SHARE = 0.3
"""Share of the page that its image must cover to be taken for its scan."""
CANVAS = 60_000_000
"""Pixels of a page that is laid out anew from its parts."""

LAID = {
    (1, 0, 0, 1): (False, 0),
    (0, -1, 1, 0): (False, 90),
    (-1, 0, 0, -1): (False, 180),
    (0, 1, -1, 0): (False, 270),
    (-1, 0, 0, 1): (True, 0),
    (0, 1, 1, 0): (True, 90),
    (1, 0, 0, -1): (True, 180),
    (0, -1, -1, 0): (True, 270),
}
"""Where an image's columns and its height run on the upright page → mirrored, turned clockwise."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's visible rectangle in its own space, and `/Rotate`."""

    box: Box
    turn: int

    @property
    def matrix(self) -> Matrix:
        """From the page's own space to the upright page, y up from its bottom left corner."""
        x0, y0, x1, y1 = self.box
        wide, high = x1 - x0, y1 - y0
        return (
            Matrix(1, 0, 0, 1, -x0, -y0)
            @ {
                0: Matrix(1, 0, 0, 1, 0, 0),
                90: Matrix(0, -1, 1, 0, 0, wide),
                180: Matrix(-1, 0, 0, -1, wide, high),
                270: Matrix(0, 1, -1, 0, high, 0),
            }[self.turn % 360]
        )

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        wide, high = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return (high, wide) if self.turn % 180 else (wide, high)


def sheet_of(page: pdfium.PdfPage) -> Sheet:
    """What pdfium shows of a page: the part of its media box that its crop box leaves."""
    return Sheet(page.get_bbox(), page.get_rotation())


@dataclass(frozen=True, slots=True)
class Part:
    """An image of a page and where it lies on the upright page (y up)."""

    image: pikepdf.Stream
    box: Box
    mirrored: bool
    turn: int

    @property
    def dpi(self) -> tuple[float, float]:
        """Pixels to the inch across and down the upright page."""
        across, down = int(self.image.Width), int(self.image.Height)
        if self.turn % 180:
            across, down = down, across
        x0, y0, x1, y1 = self.box
        return across * 72 / (x1 - x0), down * 72 / (y1 - y0)


@dataclass(frozen=True, slots=True)
class Scan:
    """A page that is nothing but images, all laid the same way at one resolution."""

    parts: list[Part]
    size: tuple[float, float]

    @property
    def dpi(self) -> tuple[float, float]:
        """Pixels to the inch across and down the upright page."""
        return self.parts[0].dpi

    @property
    def keys(self) -> set[tuple[int, int]]:
        """The objects of its images."""
        return {part.image.objgen for part in self.parts}


def scan_of(page: pikepdf.Page, sheet: Sheet) -> Scan | None:
    """The page as a scan; None where something else is drawn on it, or not as plainly.

    Text is left out of account: it lies in a layer of its own (`ingest.layer`).
    """
    try:
        parts = list(_Walker(sheet).parts(page.obj, page.resources, sheet.matrix, 0))
    except (_NotPlain, pikepdf.PikepdfError, *ODD_OBJECTS):
        return None
    if not 0 < len(parts) <= MOST_PARTS:
        return None
    first = parts[0]
    alike = all(
        (p.mirrored, p.turn) == (first.mirrored, first.turn)
        and max(abs(p.dpi[0] / first.dpi[0] - 1), abs(p.dpi[1] / first.dpi[1] - 1)) < 0.01
        for p in parts
    )
    width, height = sheet.size
    laid = sum(_area(_common(p.box, (0, 0, width, height))) for p in parts)
    pixels = width * first.dpi[0] / 72 * height * first.dpi[1] / 72
    # Parts that lie over one another are more than a sheet cut in strips.
    if not alike or not LEAST_SHARE < laid / (width * height) < 1.05 or pixels > CANVAS:
        return None
    if len(parts) > 1 and any(f in PACKED for p in parts for f in filters(p.image)):
        return None
    return Scan(parts, sheet.size)


def filters(image: pikepdf.Stream) -> list[pikepdf.Object]:
    found = image.get(Name.Filter)
    if found is None:
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]


class _NotPlain(Exception):
    """The page is more than images laid flat."""


_TEXT = "BT ET Tc Tw Tz TL Tf Tr Ts Td TD Tm T* Tj TJ ' \""
_MARKS_AND_STATE = "MP DP BMC BDC EMC BX EX w J j M d ri i CS SC SCN G RG K"
NOTHING = frozenset(f"{_TEXT} {_MARKS_AND_STATE}".split())
"""Operators that by themselves leave no ink but text."""
ODD_OBJECTS = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
"""What qpdf's objects raise where a document has one type in the place of another."""
FILLS = frozenset(("g", "rg", "k", "cs", "sc", "scn"))
PACKED = (Name.JBIG2Decode, Name.JPXDecode)
"""Filters that are left to pdfium."""


class _Walker:
    """Goes through a page's content as a viewer does, and stops where it is not plain."""

    def __init__(self, sheet: Sheet) -> None:
        self._whole = (0.0, 0.0, *sheet.size)
        self._path: list[tuple[float, float]] = []
        self._found = 0

    def parts(
        self, content: pikepdf.Object, resources: pikepdf.Object, base: Matrix, depth: int
    ) -> Iterator[Part]:
        """The images of one content stream, in the order in which they are painted."""
        matrix, tone = base, 0.0
        stack: list[tuple[Matrix, float]] = []
        for instruction in pikepdf.parse_content_stream(content):
            operands, name = instruction.operands, str(instruction.operator)
            if name == "q":
                stack.append((matrix, tone))
            elif name == "Q":
                matrix, tone = stack.pop() if stack else (base, 0.0)
            elif name == "cm":
                matrix = Matrix(*(float(v) for v in operands)) @ matrix
            elif name in FILLS:
                tone = _tone(name, list(operands))
            elif name == "gs":
                _check_state(resources.ExtGState[str(operands[0])])
            elif name == "Do":
                for part in self._drawn(resources.XObject[str(operands[0])], matrix, tone, depth):
                    self._found += 1
                    yield part
            elif name not in NOTHING:
                self._trace(name, [float(v) for v in operands], matrix, tone)

    def _trace(self, name: str, values: list[float], matrix: Matrix, tone: float) -> None:
        """A path: what clips nothing away, or lays white under the images, is let pass."""
        if name in ("m", "l"):
            self._path.append(matrix.transform((values[0], values[1])))
        elif name == "re":
            x0, y0, x1, y1 = _placed(values, matrix)
            self._path += [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        elif name in ("W", "W*"):
            self._check_clip(_frame(self._path))
        elif name == "n" or (name in ("f", "f*", "F") and tone >= 0.99 and not self._found):
            self._path.clear()
        elif name != "h":
            raise _NotPlain(name)

    def _check_clip(self, frame: Box) -> None:
        if _area(_common(frame, self._whole)) < 0.99 * _area(self._whole):
            raise _NotPlain("W")

    def _drawn(
        self, item: pikepdf.Object, matrix: Matrix, tone: float, depth: int
    ) -> Iterator[Part]:
        if item.get(Name.Subtype) == Name.Image:
            yield _part(item, matrix, tone)
            return
        if item.get(Name.Subtype) != Name.Form or depth >= DEEPEST or Name.Group in item:
            raise _NotPlain("Do")
        inner = Matrix(*(float(v) for v in item.get(Name.Matrix, [1, 0, 0, 1, 0, 0]))) @ matrix
        x0, y0, x1, y1 = (float(v) for v in item.BBox)
        self._check_clip(_placed([x0, y0, x1 - x0, y1 - y0], inner))
        yield from self.parts(item, item.get(Name.Resources, Dictionary()), inner, depth + 1)


def _check_state(state: pikepdf.Object) -> None:
    """Refuse what makes ink transparent or masks it."""
    if float(state.get(Name.ca, 1)) < 1 or state.get(Name.SMask, Name("/None")) != Name("/None"):
        raise _NotPlain("gs")
    if state.get(Name.BM, Name.Normal) not in (Name.Normal, Name.Compatible):
        raise _NotPlain("gs")


def _tone(operator: str, operands: list[pikepdf.Object]) -> float:
    """How light the colour set is: 0 black, 1 white; between them where that cannot be told."""
    values = [float(v) for v in operands if not isinstance(v, Name | pikepdf.Dictionary)]
    if operator == "k":
        return 1 - max(values)
    if not values or min(values) != max(values) or len(values) not in (1, 3):
        return 0.5
    return values[0]


def _part(image: pikepdf.Object, matrix: Matrix, tone: float) -> Part:
    if not isinstance(image, pikepdf.Stream):
        raise _NotPlain("Do")
    # Painted in the colour in force where its bits say so: plain only where that colour is black.
    if bool(image.get(Name.ImageMask, False)) and tone > 0.1:
        raise _NotPlain("ImageMask")
    if Name.SMask in image or Name.Mask in image or int(image.get(Name.SMaskInData, 0)):
        raise _NotPlain("SMask")
    space = image.get(Name.ColorSpace)
    if space in (Name.DeviceCMYK, Name("/CMYK")) or _components(space) > 3:
        raise _NotPlain("DeviceCMYK")  # often stored the other way round
    a, b, c, d, _, _ = matrix.shorthand
    signs = (*_direction(a, b), *_direction(c, d))
    if signs not in LAID:
        raise _NotPlain("cm")
    return Part(image, _placed([0, 0, 1, 1], matrix), *LAID[signs])


def _components(space: pikepdf.Object | None) -> int:
    """Of a colour space that is an ICC profile; 9 for those of inks, 1 for others."""
    if not isinstance(space, pikepdf.Array) or not len(space):
        return 1
    if space[0] in (Name.Separation, Name.DeviceN):
        return 9
    return int(space[1].get(Name.N, 9)) if space[0] == Name.ICCBased else 1


def _frame(points: list[tuple[float, float]]) -> Box:
    """The rectangle that a path is.

    Raises:
        _NotPlain: it is none.
    """
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    if len(points) not in (4, 5):
        raise _NotPlain("W")
    box = min(xs), min(ys), max(xs), max(ys)
    for x, y in points:
        if min(x - box[0], box[2] - x) > 0.5 or min(y - box[1], box[3] - y) > 0.5:
            raise _NotPlain("W")
    return box


def _direction(x: float, y: float) -> tuple[int, int]:
    """The axis along which (x, y) runs; (0, 0) where along none."""
    if abs(y) <= STRAIGHT * abs(x):
        return (1 if x > 0 else -1, 0)
    if abs(x) <= STRAIGHT * abs(y):
        return (0, 1 if y > 0 else -1)
    return (0, 0)


def _placed(rectangle: list[float], matrix: Matrix) -> Box:
    """The rectangle (x, y, width, height) around what *matrix* makes of one."""
    x, y, wide, high = rectangle
    corners = [
        matrix.transform(point)
        for point in ((x, y), (x + wide, y), (x, y + high), (x + wide, y + high))
    ]
    xs, ys = [p[0] for p in corners], [p[1] for p in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _common(one: Box, other: Box) -> Box:
    return (
        max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    )  # fmt: skip


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
