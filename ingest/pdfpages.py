"""Each page of a PDF that was judged: whose words are believed, and what is left to be read.

A page's own letters, where people see them and they make sense, are taken as they are and never
read by OCR. Another program's reading is taken where it seems as good as ours, and else thrown
away. What a picture on the page says beyond all these words (a scan under a digital heading, a
letterhead, a seal) goes to OCR with the known words painted over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.facts import PageFacts
from ingest.layer import page_of, read_layer, share
from ingest.lectura import Unreadable
from ingest.pages import complaints, is_fax, page_size, read_label
from ingest.pictures import LEAST_SHARE, drawn, largest_dpi, pixels_of, scan_of, sheet_of
from ingest.searchable import free_rectangle, ink
from ingest.sense import garbled, poorly_read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pikepdf
    import pypdfium2 as pdfium
    from PIL import Image

    from ingest.layer import Layer
    from ingest.lectura import Palabra
    from ingest.pictures import Scan, Sheet

LEAST_DPI, MOST_DPI = 200.0, 300.0
"""Between these a page is drawn for OCR, by the finest of its images."""
PIXELS = 40_000_000
"""Of a page drawn for OCR: 60 by 60 cm at 300 dpi; larger ones are drawn coarser."""
NOTABLE = 0.02
"""Share of the page from which on its pictures may say something."""
SCAN_SHARE = 0.5
"""Share of the page from which on a picture is taken for a scan of it."""
LETTERS = 16
"""Marks as large as letters, outside all known words, from which on a picture says something."""
LOOK_DPI = 100
LEADERS = "._-·…—"
"""What leads the eye across a table of contents, or is to be written upon."""


@dataclass(slots=True)
class Reading:
    """What a document's pages gave beside their facts."""

    pages: list[PageFacts] = field(default_factory=list)
    label: str | None = None
    foreign: bool = False
    """Another program's reading was kept somewhere."""
    anew: dict[int, bool] = field(default_factory=dict)
    """Pages (from 1) whose text layer goes; True where only what nobody sees of it."""
    decoded: set[tuple[int, int]] = field(default_factory=set)
    """Image objects that were decoded whole."""


def read_pages(
    document: pdfium.PdfDocument,
    pdf: pikepdf.Pdf,
    folder: Path,
    emit: Callable[[PageFacts], None],
) -> Reading:
    """Facts of every page of *document*, which *pdf* has open too; pixels go to *folder*.

    Raises:
        Unreadable: a page without a size, or an image that was cut short.
    """
    reading = Reading()
    seen: set[tuple[int, ...]] = set()
    for number, page in enumerate(pdf.pages, 1):
        one = _Page(document[number - 1], page, number, folder, seen)
        facts, first = one.read()
        if first is not None:
            reading.label = read_label(first)
        reading.foreign = reading.foreign or one.foreign
        if one.text_goes is not None:
            reading.anew[number] = one.text_goes
        if one.scan is not None:
            reading.decoded |= one.scan.keys
        one.page.close()
        reading.pages.append(facts)
        emit(facts)
    return reading


class _Page:
    """One page while it is looked at."""

    def __init__(
        self,
        page: pdfium.PdfPage,
        source: pikepdf.Page,
        number: int,
        folder: Path,
        seen: set[tuple[int, ...]],
    ) -> None:
        self.page, self.number, self._folder, self._seen = page, number, folder, seen
        self.sheet: Sheet = sheet_of(page)
        width, height = self.sheet.size
        if not (width > 0 and height > 0):
            raise Unreadable("danado", f"página {number} sin tamaño")
        self.unit = unit_of(source, width, height)
        self.layer: Layer = read_layer(page, self.sheet)
        self.scan: Scan | None = None
        self.foreign = False
        self.text_goes: bool | None = None
        if self._share() >= LEAST_SHARE:
            self.scan = scan_of(source, self.sheet)
        self._pixels: Image.Image | None = None

    def read(self) -> tuple[PageFacts, Image.Image | None]:
        """The page's facts, and its picture if it is the first."""
        words = self._believed()
        rest = not words or self._says_more(words)
        hole = picture = name = None
        if rest:
            picture = self._picture()
            name = self._store(_painted(picture, words, self.sheet, self.unit))
        width, height = self.sheet.size[0] * self.unit, self.sheet.size[1] * self.unit
        if self.number == 1 and words:
            picture = drawn(self.page, min(LEAST_DPI * self.unit, self._finest()))
            hole = free_rectangle(ink(picture), width, height)
        elif self.number == 1:
            picture = self._picture()
        dpi_x, dpi_y = self._dpi()
        bilevel = rest and self._picture().mode == "1"
        facts = PageFacts(
            ancho=width,
            alto=height,
            dpi_x=dpi_x / self.unit,
            dpi_y=dpi_y / self.unit,
            fax=bilevel and is_fax(dpi_x / self.unit, dpi_y / self.unit),
            bilevel=bilevel,
            pixeles=name or "",
            lectura=page_of(words, width, height) if words else None,
            hueco=hole,
        )
        return facts, picture if self.number == 1 else None

    # -- words ----------------------------------------------------------------------------------

    def _believed(self) -> list[Palabra]:
        """The words that need no reading."""
        layer = self.layer
        shown = layer.letters(seen=True) > 0
        seen = shown and _meaningful(layer.text(seen=True))
        if shown and not seen:
            self.scan = None  # its picture alone would lack these letters
        unseen = layer.letters(seen=False)
        keep = unseen > 0 and not poorly_read(layer.text(seen=False))
        if unseen and not keep and (self._share() > SCAN_SHARE or not seen):
            # What is only laid under a scan cannot be told from its own text: then all goes.
            self.text_goes = shown
        self.foreign = keep
        return layer.words(self.unit, seen=seen, unseen=keep)

    def _share(self) -> float:
        return sum(share(image.box, self.sheet.size) for image in self.layer.images)

    def _says_more(self, words: list[Palabra]) -> bool:
        """Whether the page's pictures bear letters outside *words*."""
        notable = [i for i in self.layer.images if share(i.box, self.sheet.size) >= NOTABLE / 4]
        if self._share() < NOTABLE or not notable:
            return False
        if self.scan is None:
            # A letterhead that comes again on every page is read once.
            marks = {image.mark() for image in notable}
            if marks <= self._seen:
                return False
            self._seen |= marks
        look = self._look()
        boxes = [i.box for i in notable]
        return letters_outside(look, words, boxes, self.sheet, self.unit) >= LETTERS

    # -- pixels ---------------------------------------------------------------------------------

    def _picture(self) -> Image.Image:
        """The page's pixels for OCR: its scan's own, else drawn."""
        if self._pixels is None and self.scan is not None:
            grumbled = complaints(self._folder)
            self._pixels = pixels_of(self.scan, self.page)
            if "Fax4Decode" in complaints(self._folder)[len(grumbled) :]:
                raise Unreadable("danado", "datos G4 dañados en el PDF")
            if self._pixels is None:
                self.scan = None
        if self._pixels is None:
            self._pixels = drawn(self.page, self._dpi()[0])
        return self._pixels

    def _look(self) -> Image.Image:
        """The page in grey, coarse: to see where it bears ink."""
        if self.scan is None:
            return drawn(self.page, min(LOOK_DPI * self.unit, self._finest()))
        picture = self._picture().convert("L")
        width, height = self.sheet.size
        scale = LOOK_DPI * self.unit / 72
        size = max(1, round(width * scale)), max(1, round(height * scale))
        return picture.resize(size, 4)  # box: each pixel is the mean of those it stands for

    def _dpi(self) -> tuple[float, float]:
        """Resolution of the pixels for OCR, in pixels to 72 units of the page."""
        if self.scan is not None:
            return self.scan.dpi
        finest = max((i.dpi for i in self.layer.images), default=0.0) / self.unit
        dpi = min(min(MOST_DPI, max(LEAST_DPI, finest)) * self.unit, self._finest())
        return dpi, dpi

    def _finest(self) -> float:
        return largest_dpi(*self.sheet.size, PIXELS)

    def _store(self, pixels: Image.Image) -> str:
        name = f"p{self.number:04d}.{'pbm' if pixels.mode == '1' else 'pgm'}"
        pixels.save(self._folder / name, format="PPM")
        return name


def unit_of(page: pikepdf.Page, width: float, height: float) -> float:
    """Upright points to one unit of a page: `/UserUnit`, kept within what a page may be."""
    wide, _ = page_size(round(width * 100), round(height * 100), 7200, 7200)
    return wide / width * float(page.obj.get("/UserUnit", 1))


def _meaningful(text: str) -> bool:
    """Whether seen text can be believed: fonts without a map give control or private codes."""
    import unicodedata

    printed = [c for c in text if not c.isspace() and c not in LEADERS]
    bad = sum(unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") or c == "\ufffd" for c in printed)
    letters = sum(c.isalnum() for c in printed)
    return bad <= 0.1 * len(printed) and letters >= 0.4 * len(printed) and not garbled(text)


def _painted(picture: Image.Image, words: list[Palabra], sheet: Sheet, unit: float) -> Image.Image:
    """The picture with the words that are known painted over."""
    if not words:
        return picture
    from PIL import ImageDraw

    made = picture.copy()
    draw = ImageDraw.Draw(made)
    across = picture.width / (sheet.size[0] * unit)
    down = picture.height / (sheet.size[1] * unit)
    for word in words:
        x0, y0, x1, y1 = _wider(word)
        draw.rectangle((x0 * across, y0 * down, x1 * across, y1 * down), fill=255)
    return made


def _wider(word: Palabra) -> tuple[float, float, float, float]:
    """A word's box with the room that its accents, its tails and its soft edges may take."""
    x0, y0, x1, y1 = word.caja
    more = 0.15 * min(x1 - x0, y1 - y0) + 0.5
    return x0 - more, y0 - more, x1 + more, y1 + more


def letters_outside(
    look: Image.Image,
    words: list[Palabra],
    boxes: list[tuple[float, float, float, float]],
    sheet: Sheet,
    unit: float,
) -> int:
    """Marks of the size of letters within *boxes* (y up) and outside all *words*."""
    import cv2
    import numpy as np

    marks = np.asarray(ink(_painted(look, words, sheet, unit)))
    across, down = marks.shape[1] / sheet.size[0], marks.shape[0] / sheet.size[1]
    inside = np.zeros_like(marks)
    for x0, y0, x1, y1 in boxes:
        left, right = max(0, round(x0 * across)), max(0, round(x1 * across))
        top = max(0, round((sheet.size[1] - y1) * down))
        inside[top : max(0, round((sheet.size[1] - y0) * down)), left:right] = 255
    _, _, found, _ = cv2.connectedComponentsWithStats(marks & inside, connectivity=8)
    wide = found[1:, cv2.CC_STAT_WIDTH] / across * unit
    high = found[1:, cv2.CC_STAT_HEIGHT] / down * unit
    return int(((high >= 3.5) & (high <= 36) & (wide >= 1) & (wide <= 60)).sum())
