"""Each page of a PDF that was judged: whose words are believed, and what is left to be read.

A page's own letters, where people see them and they make sense, are taken as they are and never
read by OCR. Another program's reading is taken where it seems as good as ours, and else thrown
away. What a picture on the page says beyond all these words (a scan under a digital heading, a
letterhead, a seal) goes to OCR with the known words painted over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from ingest.facts import PageFacts
from ingest.ink import free_rectangle, ink
from ingest.layer import page_of, read_layer, share
from ingest.lectura import Unreadable
from ingest.pages import complaints, is_fax, marks_of, page_size
from ingest.pictures import drawn, largest_dpi, pixels_of
from ingest.scans import LEAST_SHARE, scan_of, sheet_of
from ingest.sense import garbled, poorly_read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pikepdf
    import pypdfium2 as pdfium
    from PIL import Image

    from ingest.layer import Layer
    from ingest.lectura import Palabra
    from ingest.scans import Scan, Sheet

DRAW_DPI = 300.0
"""At which a page is drawn for OCR: bilevel pictures drawn at 200 lost 0.8 points of CER by it."""
LABEL_DPI = 200.0
"""Resolution told of a page that is not drawn for OCR."""
MARKS_DPI = 150.0
"""At which a page is drawn where it needs no OCR: for its codes and the stamp's place."""
PIXELS = 40_000_000
"""Of a page drawn for OCR: 60 by 60 cm at 300 dpi; larger ones are drawn coarser."""
NOTABLE = 0.02
"""Share of the page from which on its pictures may say something."""
SCAN_SHARE = 0.5
"""Share of the page from which on a picture is taken for a scan of it."""
LETTERS = 16
"""Marks as large as letters, outside all known words, from which on a picture says something."""
FEW, LEFT_OUT = 40, 0.05
"""Marks, and share of all marks, that a reading of a scan may leave out: one that lacks a tenth of
the lines leaves 7 % and more, a whole one of a clean scan 0.3 % (corpora 20260 and 777)."""
LOOK_DPI = 100
LEADERS = "._-·…—"
"""What leads the eye across a table of contents, or is to be written upon."""


@dataclass(slots=True)
class Reading:
    """What a document's pages gave beside their facts."""

    pages: list[PageFacts] = field(default_factory=list)
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
        last = reading.pages[-1] if reading.pages else None
        one = _Page(document[number - 1], page, number, folder, seen)
        facts = one.read(last)
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
        self._coarse: Image.Image | None = None

    def read(self, last: PageFacts | None) -> PageFacts:
        """The page's facts; *last* is the page before."""
        words = self._believed()
        width, height = self.sheet.size[0] * self.unit, self.sheet.size[1] * self.unit
        facts = PageFacts(
            ancho=width, alto=height, dpi_x=LABEL_DPI, dpi_y=LABEL_DPI,
            lectura=page_of(words, width, height) if words else None,
        )  # fmt: skip
        if not words or self._says_more(words):
            facts = self._to_be_read(facts, words)
        if facts.pixeles or (self.scan is not None and not self.layer.letters(seen=True)):
            picture, (dpi_x, dpi_y) = self._picture(), self._dpi()
        else:
            dpi_x = dpi_y = min(MARKS_DPI * self.unit, self._finest())
            picture = drawn(self.page, dpi_x)
        marks, blank = marks_of(picture, dpi_x / self.unit, dpi_y / self.unit, last)
        facts = msgspec.structs.replace(facts, marcas=marks, blanca=blank)
        if self.number != 1 or not words:
            return facts
        hole = free_rectangle(ink(np.asarray(picture.convert("L"))), width, height)
        return msgspec.structs.replace(facts, hueco=hole)

    def _to_be_read(self, facts: PageFacts, words: list[Palabra]) -> PageFacts:
        """Store the page's pixels for OCR, *words* painted over."""
        picture = self._picture()
        dpi_x, dpi_y = (dpi / self.unit for dpi in self._dpi())
        bilevel = picture.mode == "1"
        fax = bilevel and is_fax(dpi_x, dpi_y)
        name = f"p{self.number:04d}.{'pbm' if bilevel else 'pgm'}"
        painted = _painted(picture, words, self.sheet, self.unit)
        painted.save(self._folder / name, format="PPM")
        return msgspec.structs.replace(
            facts, dpi_x=dpi_x, dpi_y=dpi_y, fax=fax, bilevel=bilevel, pixeles=name
        )

    # -- words ----------------------------------------------------------------------------------

    def _believed(self) -> list[Palabra]:
        """The words that need no reading."""
        layer = self.layer
        shown, unseen = layer.letters(seen=True) > 0, layer.letters(seen=False) > 0
        seen = shown and _meaningful(layer.text(seen=True))
        if shown and not seen:
            self.scan = None  # its picture alone would lack these letters
        self.foreign = unseen and not poorly_read(layer.text(seen=False)) and self._covered(seen)
        if unseen and not self.foreign and (self._share() > SCAN_SHARE or not seen):
            # What was only laid under a scan cannot be told from the page's own: then all goes.
            self.text_goes = shown
        return layer.words(self.unit, seen=seen, unseen=self.foreign)

    def _covered(self, seen: bool) -> bool:
        """Whether the unseen words lie on all that the page's pictures say."""
        words = self.layer.words(self.unit, seen=seen, unseen=True)
        outside = self._letters_outside(words)
        return outside < FEW or outside < LEFT_OUT * self._letters_outside([])

    def _says_more(self, words: list[Palabra]) -> bool:
        """Whether the page's pictures bear letters outside *words*, which people see."""
        notable = [i for i in self.layer.images if share(i.box, self.sheet.size) >= NOTABLE / 4]
        if self.foreign or self._share() < NOTABLE:
            return False
        # A letterhead that comes again on every page is read once.
        marks = {image.mark() for image in notable}
        if marks <= self._seen:
            return False
        self._seen |= marks
        return self._letters_outside(words) >= LETTERS

    def _share(self) -> float:
        return sum(share(image.box, self.sheet.size) for image in self.layer.images)

    def _letters_outside(self, words: list[Palabra]) -> int:
        boxes = [image.box for image in self.layer.images] or [(0.0, 0.0, *self.sheet.size)]
        return letters_outside(self._look(), words, boxes, self.sheet, self.unit)

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
        if self._coarse is None:
            self._coarse = self._looked()
        return self._coarse

    def _looked(self) -> Image.Image:
        if self.scan is None:
            return drawn(self.page, min(LOOK_DPI * self.unit, self._finest()))
        across, down = (max(1, round(dpi / self.unit / LOOK_DPI)) for dpi in self._dpi())
        return self._picture().convert("L").reduce((across, down))

    def _dpi(self) -> tuple[float, float]:
        """Resolution of the pixels for OCR, in pixels to 72 units of the page."""
        if self.scan is not None:
            return self.scan.dpi
        dpi = min(DRAW_DPI * self.unit, self._finest())
        return dpi, dpi

    def _finest(self) -> float:
        return largest_dpi(*self.sheet.size, PIXELS)


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

    marks = ink(np.asarray(_painted(look, words, sheet, unit).convert("L")))
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
