"""The words that a page brings: those that people see, and those that another program laid unseen.

Runs inside the limited child, over pdfium. Seen text is a digital page's own; unseen text is
another program's reading of a scan: in text mode 3, or painted before the scan that hides it.
Whether either can be believed is `ingest.sense`'s to say. Boxes are of the upright page.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikepdf import Matrix

from ingest.lectura import Pagina, Palabra

if TYPE_CHECKING:
    import pypdfium2 as pdfium

    from ingest.scans import Box, Sheet

OWN_CONFIDENCE = 100
FOREIGN_CONFIDENCE = 60
"""Of another program's reading, which nobody here has checked."""
INVISIBLE = 3
DEEPEST = 5
COVERS = 0.3
"""Share of the page from which on an image hides the text painted before it."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image of a page: its place on the upright page (y up), and when it is painted."""

    box: Box
    dpi: float
    """The finer of its two resolutions on the page."""
    order: int
    opaque: bool
    item: pdfium.PdfImage

    def mark(self) -> tuple[int, ...]:
        """The same for the same image at the same place of another page."""
        return (hash(bytes(self.item.get_data())), *(round(v) for v in self.box))


@dataclass(frozen=True, slots=True)
class Character:
    """One character, its box on the upright page (y up), and whether people see it."""

    glyph: str
    box: Box
    seen: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """All that a page says without being read."""

    characters: list[Character]
    images: list[Image]
    size: tuple[float, float]

    def letters(self, *, seen: bool) -> int:
        """How many characters the seen text has, or the unseen one."""
        return sum(c.seen == seen and not c.glyph.isspace() for c in self.characters)

    def text(self, *, seen: bool) -> str:
        """The seen text, or the unseen one."""
        return "".join(c.glyph for c in self.characters if c.seen == seen or c.glyph.isspace())

    def words(self, unit: float, *, seen: bool, unseen: bool) -> list[Palabra]:
        """The words of the page in reading order, boxes in points times *unit*."""
        kept = [c for c in self.characters if (seen if c.seen else unseen) or c.glyph.isspace()]
        return _words(kept, self.size, unit)


def read_layer(page: pdfium.PdfPage, sheet: Sheet) -> Layer:
    """Text and images of *page*, whose visible rectangle is *sheet*."""
    images, order = _objects(page, sheet)
    textpage = page.get_textpage()
    try:
        characters = _characters(textpage, sheet, images, order)
    finally:
        textpage.close()
    return Layer(characters, images, sheet.size)


def page_of(words: list[Palabra], width: float, height: float) -> Pagina:
    """A page from words in reading order."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.linea, []).append(word.texto)
    text = "\n".join(" ".join(line) for line in lines.values())
    letters = sum(len(w.texto) for w in words)
    confidence = round(sum(w.confianza * len(w.texto) for w in words) / letters) if letters else 0
    return Pagina(width, height, text, confidence, 0, False, words)


def _objects(page: pdfium.PdfPage, sheet: Sheet) -> tuple[list[Image], dict[int, int]]:
    """The images, and when each text object is painted, by its address."""
    import pypdfium2.raw as raw

    images: list[Image] = []
    order: dict[int, int] = {}
    wanted = [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT]
    for number, item in enumerate(page.get_objects(filter=wanted, max_depth=DEEPEST)):
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            order[_address(item.raw)] = number
            continue
        matrix = _matrix(item.get_matrix())
        container = item.container
        while container is not None:
            matrix = matrix @ _matrix(container.get_matrix())
            container = container.container
        image = _image(item, matrix @ sheet.matrix, number)
        if image is not None:
            images.append(image)
    return images, order


def _image(item: pdfium.PdfImage, matrix: Matrix, number: int) -> Image | None:
    import pypdfium2.raw as raw

    across, down = item.get_px_size()
    corners = [matrix.transform(p) for p in ((0, 0), (1, 0), (0, 1), (1, 1))]
    xs, ys = [p[0] for p in corners], [p[1] for p in corners]
    a, b, c, d, _, _ = matrix.shorthand
    wide, high = math.hypot(a, b), math.hypot(c, d)
    if wide < 1 or high < 1 or not across or not down:
        return None
    return Image(
        box=(min(xs), min(ys), max(xs), max(ys)),
        dpi=max(across * 72 / wide, down * 72 / high),
        order=number,
        opaque=not raw.FPDFPageObj_HasTransparency(item.raw),
        item=item,
    )


def _characters(
    textpage: pdfium.PdfTextPage, sheet: Sheet, images: list[Image], order: dict[int, int]
) -> list[Character]:
    """All characters that lie on the page; blanks and line ends too."""
    import pypdfium2.raw as raw

    (width, height), turn = sheet.size, sheet.matrix
    veils = [i for i in images if i.opaque and share(i.box, sheet.size) > COVERS]
    unseen: dict[int, bool] = {}
    out: list[Character] = []
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage.raw, index)
        glyph = "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
        box = _box(textpage, index, turn)
        middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if glyph.isspace():
            out.append(Character(glyph, box, True))
        elif 0 <= middle[0] <= width and 0 <= middle[1] <= height:
            item = raw.FPDFText_GetTextObject(textpage.raw, index)
            address = _address(item)
            if address not in unseen:
                mode = raw.FPDFTextObj_GetTextRenderMode(item) if item else 0
                unseen[address] = mode == INVISIBLE or _veiled(
                    middle, order.get(address, len(order)), veils
                )
            if unseen[address]:
                # Its glyphs may be empty, and their own boxes flat.
                box = _box(textpage, index, turn, loose=True)
            if raw.FPDFText_IsHyphen(textpage.raw, index) == 1:
                # pdfium joins the two halves of a word that a line's end divides.
                out.append(Character("-", box, not unseen[address]))
                glyph = "\n"
            out.append(Character(glyph, box, not unseen[address]))
    return out


def _box(textpage: pdfium.PdfTextPage, index: int, turn: Matrix, *, loose: bool = False) -> Box:
    """A character's box on the upright page; *loose*: with all the room that its font gives it."""
    import pypdfium2.raw as raw

    if loose:
        rectangle = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(textpage.raw, index, rectangle)
        found = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
    else:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(textpage.raw, index, left, right, bottom, top)
        found = left.value, bottom.value, right.value, top.value
    x0, y0 = turn.transform(found[:2])
    x1, y1 = turn.transform(found[2:])
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _veiled(place: tuple[float, float], painted: int, veils: list[Image]) -> bool:
    """Whether an image painted later lies over *place*."""
    x, y = place
    return any(
        painted < v.order and v.box[0] <= x <= v.box[2] and v.box[1] <= y <= v.box[3] for v in veils
    )


def share(box: Box, size: tuple[float, float]) -> float:
    """The share of a page of *size* that *box* covers."""
    wide = min(box[2], size[0]) - max(box[0], 0)
    high = min(box[3], size[1]) - max(box[1], 0)
    return max(0.0, wide) * max(0.0, high) / (size[0] * size[1])


def _words(characters: list[Character], size: tuple[float, float], unit: float) -> list[Palabra]:
    """Characters joined into words at blanks and line ends; boxes from the top left corner."""
    width, height = size
    words: list[Palabra] = []
    line = 0
    run: list[Character] = []

    def close() -> None:
        text = unicodedata.normalize("NFC", "".join(c.glyph for c in run))
        if text:
            x0, x1 = min(c.box[0] for c in run), max(c.box[2] for c in run)
            y0, y1 = min(c.box[1] for c in run), max(c.box[3] for c in run)
            box = max(0.0, x0), max(0.0, height - y1), min(width, x1), min(height, height - y0)
            at = (box[0] * unit, box[1] * unit, box[2] * unit, box[3] * unit)
            rounded = (round(at[0], 2), round(at[1], 2), round(at[2], 2), round(at[3], 2))
            sure = OWN_CONFIDENCE if all(c.seen for c in run) else FOREIGN_CONFIDENCE
            words.append(Palabra(text, sure, rounded, line))
        run.clear()

    for character in characters:
        glyph = character.glyph
        if glyph in "\r\n":
            close()
            line += bool(words) and words[-1].linea == line
        elif glyph.isspace() or unicodedata.category(glyph) in ("Cc", "Cn", "Cs"):
            close()
        else:
            run.append(character)
    close()
    return words


def _matrix(found: pdfium.PdfMatrix) -> Matrix:
    return Matrix(*found.get())


def _address(pointer: object) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0  # type: ignore[arg-type]
