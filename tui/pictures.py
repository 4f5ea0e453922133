"""Pages and pieces of them as cells of a terminal, or as its own picture protocols. Pure.

A page arrives as grey pixels that the limited child drew (`Recepcion.imagen`); here it is cut,
brought to the size of a pane, its paper made white and its ink black, and written as cells that
halve a cell (▀), quarter it (▚), or need no colour at all. Pixels of the terminal's own:
`tui.protocols`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.protocols import kitty, kitty_gone, sixel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL.Image import Image

    from tui.views import Box

Zoom = Literal["hoja", "ancho", "recorte"]
"""The whole page, its whole width, or what lies around a field."""
Look = Literal["mitades", "cuartos", "tramas"]
"""Two shades above each other in a cell, two shades in its quarters, or signs without colour."""

LEVELS = 16
"""Shades of grey that are told apart: a terminal is sent the fewer bytes."""
PAPER_SHARE, INK_SHARE = 0.60, 0.03
"""Share of a cut's pixels darker than what is taken for white, and than what is taken for black."""
DARKEN = 1.5
"""Exponent by which greys are darkened: thin strokes that an average made faint stay seen."""
LEAST_CONTRAST = 48
"""Below it a cut is blank paper, whose grain is not to be blown up into letters."""
GRID = (20, 8)
"""Fields of a cut by which its light is judged; the lightest of nine neighbours is paper."""
UNEVEN, BLOCK = 24, 0.6
"""Greys by which paper must differ for its light to be uneven; below this share of the lightest it
is a black block, and nothing is evened."""
LINE = 12.0
"""Points from line to line where a field does not tell how high its letters are."""
AROUND = 2.0
"""Lines that are shown above and below a field's, where there is room."""
LEGIBLE = 10.0
"""Rows of pixels that a line must have to be read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as grey pixels: rows from the top, a byte each, 0 black; its size in points."""

    page: int
    pages: int
    points: tuple[float, float]
    size: tuple[int, int]
    grey: bytes

    @property
    def weight(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.grey)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a pane wants to show: a letter's page, what of it, and in how many cells."""

    letter: str
    page: int
    columns: int
    rows: int
    zoom: Zoom = "recorte"
    box: Box | None = None
    """Where the field stands, in points."""
    top: float = 0.0
    left: float = 0.0
    """How far a person moved on from there, in panes."""


class Cell(NamedTuple):
    """A sign and its two greys, 0 to 255; None where the terminal's own colours serve."""

    sign: str
    ink: int | None = None
    paper: int | None = None


Cells = tuple[tuple[Cell, ...], ...]
"""Rows of cells."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer to an `Ask`: cells always; where the terminal draws pictures, their bytes too."""

    ask: Ask
    pages: int
    cells: Cells
    pixels: bytes = b""
    """Sixels, or kitty's commands; empty where cells are all there is."""
    gone: bytes = b""
    """What takes the pixels off again, where cells that are written over them do not."""


Area = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels of a sheet; parts of it may lie outside."""


# -- what is shown ----------------------------------------------------------------------------


def area_of(
    sheet: Sheet,
    zoom: Zoom,
    box: Box | None,
    pane: tuple[int, int],
    *,
    top: float = 0.0,
    left: float = 0.0,
) -> Area:
    """What of *sheet* is seen in a *pane* of so many square pixels, wide and high.

    *top* and *left* are how far a person moved on, in panes; a field without a box is sought
    nowhere: then the width of the page is shown.
    """
    if zoom == "hoja":
        return _whole(sheet, pane)
    if zoom == "recorte" and box is not None:
        area = _around(sheet, box, pane)
    else:
        area = _across(sheet, box, pane)
    return _moved(sheet, area, top, left)


def _whole(sheet: Sheet, pane: tuple[int, int]) -> Area:
    """The page in the middle of the pane."""
    width, height = sheet.size
    scale = max(width / pane[0], height / pane[1])
    more = pane[0] * scale - width
    return -more / 2, 0.0, width + more / 2, pane[1] * scale


def _across(sheet: Sheet, box: Box | None, pane: tuple[int, int]) -> Area:
    """The page's whole width, from its top or with the field a third below the pane's top."""
    width, height = sheet.size
    tall = width * pane[1] / pane[0]
    start = box[1] / sheet.points[1] * height - tall / 3 if box is not None else 0.0
    start = max(0.0, min(start, height - tall))
    return 0.0, start, float(width), start + tall


def _around(sheet: Sheet, box: Box, pane: tuple[int, int]) -> Area:
    """The line of a field as large as it goes: its neighbours only where it stays legible."""
    across, down = (sheet.size[i] / sheet.points[i] for i in (0, 1))
    x0, y0, x1, y1 = box[0] * across, box[1] * down, box[2] * across, box[3] * down
    line = min(max((y1 - y0) * 1.25, 6 * down), 2 * LINE * down)
    lines = max(1.0, round((y1 - y0) / (LINE * 1.5 * down)))
    # Pixels of the sheet to one of the pane: so that all of the field is seen, with its neighbours,
    # but no line of letters gets too low to be read.
    whole = (x1 - x0 + line) / pane[0]
    near = line * (lines + 2 * AROUND) / pane[1]
    scale = min(max(whole, near), line / LEGIBLE)
    wide, tall = pane[0] * scale, pane[1] * scale
    middle = (x0 + x1) / 2
    start = middle - wide / 2 if wide >= x1 - x0 else x0 - line / 2
    if wide < sheet.size[0]:
        start = max(0.0, min(start, sheet.size[0] - wide))
    above = (y0 + y1) / 2 - tall / 2
    return start, above, start + wide, above + tall


def _moved(sheet: Sheet, area: Area, top: float, left: float) -> Area:
    """*area* moved on by panes, kept over the page."""
    x0, y0, x1, y1 = area
    wide, tall = x1 - x0, y1 - y0
    if left:
        x0 = max(0.0, min(x0 + left * wide, sheet.size[0] - wide))
    if top:
        y0 = max(0.0, min(y0 + top * tall, sheet.size[1] - tall))
    return x0, y0, x0 + wide, y0 + tall


def cut(sheet: Sheet, area: Area, size: tuple[int, int], frame: Box | None = None) -> Image:
    """*area* of *sheet* at *size* pixels: averages of areas, then paper white and ink black.

    *frame* in points gets a line around it.
    """
    from PIL import Image, ImageFilter

    page = Image.frombuffer("L", sheet.size, sheet.grey, "raw", "L", 0, 1)
    x0, y0, x1, y1 = area
    scale = (x1 - x0) / size[0], (y1 - y0) / size[1]
    inside = (max(0.0, x0), max(0.0, y0), min(float(sheet.size[0]), x1), min(sheet.size[1], y1))
    made = Image.new("L", size, 255)
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        return made
    at = round((inside[0] - x0) / scale[0]), round((inside[1] - y0) / scale[1])
    wide = max(1, min(size[0] - at[0], round((inside[2] - inside[0]) / scale[0])))
    high = max(1, min(size[1] - at[1], round((inside[3] - inside[1]) / scale[1])))
    how = Image.Resampling.BOX if max(scale) > 1 else Image.Resampling.BICUBIC
    piece = page.resize((wide, high), how, box=inside)
    piece = _evened(piece)
    if max(scale) > 1:
        piece = piece.filter(ImageFilter.UnsharpMask(radius=1, percent=80, threshold=0))
    made.paste(piece.point(_stretch(piece.histogram())), at)
    if frame is not None:
        _framed(made, sheet, area, frame)
    return made


def _evened(piece: Image) -> Image:
    """The light of a photo or of an open lid taken out: ink is what is darker than its paper."""
    from PIL import ImageChops, ImageFilter
    from PIL.Image import Resampling

    if piece.width < 2 * GRID[0] or piece.height < 2 * GRID[1]:
        return piece
    paper = piece.resize(GRID, Resampling.BOX).filter(ImageFilter.MaxFilter(3))
    dark, light = paper.getextrema()
    if not isinstance(dark, int) or not isinstance(light, int):
        return piece
    if light - dark < UNEVEN or dark < BLOCK * light:
        return piece
    soft = paper.filter(ImageFilter.GaussianBlur(1)).resize(piece.size, Resampling.BICUBIC)
    return ImageChops.invert(ImageChops.subtract(soft, piece))


def _framed(made: Image, sheet: Sheet, area: Area, box: Box) -> None:
    """A line around *box*, a pixel or two outside of it."""
    from PIL import ImageDraw

    across, down = (sheet.size[i] / sheet.points[i] for i in (0, 1))
    wide, high = made.width / (area[2] - area[0]), made.height / (area[3] - area[1])
    x0, x1 = ((x * across - area[0]) * wide for x in (box[0], box[2]))
    y0, y1 = ((y * down - area[1]) * high for y in (box[1], box[3]))
    more = max(1, round(made.width / 150))
    ImageDraw.Draw(made).rectangle(
        (int(x0) - more, int(y0) - more, int(x1) + more, int(y1) + more), outline=0, width=more
    )


def _stretch(histogram: Sequence[int]) -> list[int]:
    """The curve that makes a cut's paper white and its ink black."""
    total = sum(histogram)
    white = _level(histogram, total * PAPER_SHARE)
    black = _level(histogram, total * INK_SHARE)
    if white - black < LEAST_CONTRAST:
        black = white - LEAST_CONTRAST
    # A little below the paper counts as paper: shine-through and the grain of a scan.
    white -= (white - black) // 8
    span = max(1, white - black)
    shares = (max(0.0, min(1.0, (value - black) / span)) for value in range(256))
    return [round(255 * share**DARKEN) for share in shares]


def _level(histogram: Sequence[int], wanted: float) -> int:
    """The grey below which *wanted* pixels lie."""
    seen = 0
    for value, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return value
    return 255


# -- as cells -----------------------------------------------------------------------------------

QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By which quarters are inked: 1 top left, 2 top right, 4 bottom left, 8 bottom right."""
SHADES = " ░▒▓█"


def grain(look: Look) -> tuple[int, int]:
    """Pixels of a cell, across and down."""
    return (1, 2) if look == "mitades" else (2, 2)


def cells(image: Image, columns: int, rows: int, look: Look) -> Cells:
    """*image* as cells of that look."""
    how = {"mitades": halfblocks, "cuartos": quarterblocks, "tramas": shades}[look]
    return how(image, columns, rows)


def _pixels(image: Image, columns: int, rows: int, look: Look) -> list[bytes]:
    """Rows of greys in the grain of *look*."""
    from PIL.Image import Resampling

    across, down = grain(look)
    size = columns * across, rows * down
    grey = image.convert("L")
    if grey.size != size:
        grey = grey.resize(size, Resampling.BOX)
    data = grey.tobytes()
    return [data[start : start + size[0]] for start in range(0, len(data), size[0])]


def halfblocks(image: Image, columns: int, rows: int) -> Cells:
    """Two pixels a cell, the upper one as the ink of ▀."""
    lines = _pixels(image, columns, rows, "mitades")
    return tuple(
        tuple(_half(a, b) for a, b in zip(lines[2 * y], lines[2 * y + 1], strict=True))
        for y in range(rows)
    )


@lru_cache(65536)
def _half(above: int, below: int) -> Cell:
    above, below = rounded(above), rounded(below)
    return Cell(" ", below, below) if above == below else Cell("▀", above, below)


def quarterblocks(image: Image, columns: int, rows: int) -> Cells:
    """Four pixels a cell, in the two greys that come nearest to them."""
    lines = _pixels(image, columns, rows, "cuartos")
    return tuple(
        tuple(
            _quarters(upper[x], upper[x + 1], lower[x], lower[x + 1])
            for x in range(0, 2 * columns, 2)
        )
        for upper, lower in zip(lines[::2], lines[1::2], strict=True)
    )


@lru_cache(65536)
def _quarters(*greys: int) -> Cell:
    ranked = sorted(greys)
    if ranked[3] - ranked[0] < 256 // LEVELS:
        flat = rounded(sum(greys) // 4)
        return Cell(" ", flat, flat)
    # The widest gap between two of the four is where ink ends and paper begins.
    place = max(range(1, 4), key=lambda n: (ranked[n] - ranked[n - 1], -abs(n - 2)))
    edge = ranked[place]
    sign = QUARTERS[sum(1 << n for n, grey in enumerate(greys) if grey < edge)]
    return Cell(
        sign,
        rounded(sum(ranked[:place]) // place),
        rounded(sum(ranked[place:]) // (4 - place)),
    )


def shades(image: Image, columns: int, rows: int) -> Cells:
    """Four pixels a cell without any colour: halves where ink has an edge, else how dense it is.

    Only signs that old consoles have too: their fonts lack the quarters.
    """
    lines = _pixels(image, columns, rows, "tramas")
    return tuple(
        tuple(
            _shade(upper[x], upper[x + 1], lower[x], lower[x + 1]) for x in range(0, 2 * columns, 2)
        )
        for upper, lower in zip(lines[::2], lines[1::2], strict=True)
    )


_PLAIN = {
    **{sign: (n / 4,) * 4 for n, sign in enumerate(SHADES)},
    "▀": (1.0, 1.0, 0.0, 0.0),
    "▄": (0.0, 0.0, 1.0, 1.0),
    "▌": (1.0, 0.0, 1.0, 0.0),
    "▐": (0.0, 1.0, 0.0, 1.0),
}
"""How much ink each sign lays in its four quarters."""


@lru_cache(65536)
def _shade(*greys: int) -> Cell:
    """The sign whose ink comes nearest."""
    ink = [1 - rounded(grey) / 255 for grey in greys]
    return Cell(
        min(
            _PLAIN,
            key=lambda sign: sum((a - b) ** 2 for a, b in zip(_PLAIN[sign], ink, strict=True)),
        )
    )


def rounded(grey: int) -> int:
    """The nearest of the shades that are told apart."""
    step = 255 / (LEVELS - 1)
    return round(round(grey / step) * step)


# -- an answer -----------------------------------------------------------------------------------

IDENT = 8613
"""Name of the one picture that is on screen at a time; any number will do."""


def draw(sheet: Sheet, ask: Ask, kind: str, cell: tuple[int, int], look: Look) -> Drawn:
    """The answer to *ask*. *kind*: `kitty`, `sixel` or `celdas`; *cell*: pixels of a cell."""
    wide, high = cell if kind != "celdas" else (1, 2)
    shape = ask.columns * wide, ask.rows * high
    area = area_of(sheet, ask.zoom, ask.box, shape, top=ask.top, left=ask.left)
    frame = ask.box if ask.zoom != "recorte" else None
    across, down = grain(look)
    small = cut(sheet, area, (ask.columns * across, ask.rows * down), frame)
    made = cells(small, ask.columns, ask.rows, look)
    if kind == "kitty":
        image = cut(sheet, area, (ask.columns * cell[0], ask.rows * cell[1]), frame)
        pixels = kitty(image, ask.columns, ask.rows, IDENT)
        return Drawn(ask, sheet.pages, made, pixels, kitty_gone(IDENT))
    if kind == "sixel":
        high = ask.rows * cell[1] // 6 * 6  # a band that reached into the next row would scroll
        image = cut(sheet, area, (ask.columns * cell[0], max(6, high)), frame)
        return Drawn(ask, sheet.pages, made, sixel(image))
    return Drawn(ask, sheet.pages, made)


def text_of(rows: Iterable[Iterable[Cell]]) -> str:
    """The signs alone, for golden files."""
    return "\n".join("".join(cell.sign for cell in row).rstrip() for row in rows)
