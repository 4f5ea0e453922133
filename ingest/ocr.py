"""Pixels become words: Tesseract behind a small port, in long-lived workers, one a core.

The workers see only pixels that the limited child left, never a document. What is done to the
pixels first follows the class of the page (fax, fine grey scan, photo) and was measured; the
picture that is kept is never touched. It reads no handwriting and guesses no missing letters.
"""

from __future__ import annotations

import os
import statistics
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from ingest.facts import PageFacts
from ingest.lectura import Caja, Pagina, Palabra, Unreadable
from ingest.signs import mend
from records.errors import MachineCannot

if TYPE_CHECKING:
    from concurrent.futures import Future

    from PIL import Image

LANGUAGE = "spa"
TIMEOUT = 180
"""Seconds for one call of Tesseract; a dense sheet of 120 Mpx needs a minute."""
SURE = 70
"""Mean confidence below which a page may be lying on its side: upright pages give 86 to 95,
turned ones 43 to 46."""
FAX_DPI = 240
SCAN_DPI = 200
ROUGH = 0.7
"""Grain of the paper, in grey levels, from which on a median filter helps."""
BLANK_SHARE = 0.0002
"""Share of ink pixels below which there is nothing to read."""


class Engine(Protocol):
    """What the pipeline asks of a recogniser; a path names an uncompressed PGM."""

    def version(self) -> str:
        """Name and version, for the record."""

    def read(self, path: Path, dpi: int, psm: int) -> str:
        """The page's TSV in Tesseract's twelve columns."""

    def rotation(self, path: Path, dpi: int) -> int | None:
        """Degrees clockwise that would set the page upright; None when it cannot tell."""


class PytesseractEngine:
    """The system's Tesseract, one process a call: `invert` off saves a fifth of its time."""

    config = "--oem 1 -c invert_threshold=0 -c tessedit_do_invert=0"

    def version(self) -> str:
        """Name, version and language."""
        import pytesseract

        return f"Tesseract {pytesseract.get_tesseract_version()} {LANGUAGE}"

    def read(self, path: Path, dpi: int, psm: int) -> str:
        """The TSV of one page, in one call."""
        import pytesseract

        try:
            return str(
                pytesseract.image_to_data(
                    str(path),
                    lang=LANGUAGE,
                    config=f"--psm {psm} --dpi {dpi} {self.config}",
                    timeout=TIMEOUT,
                )
            )
        except RuntimeError as error:
            if "timeout" not in str(error).lower():
                raise
            raise TimeoutError(str(error)) from error

    def rotation(self, path: Path, dpi: int) -> int | None:
        """From the `osd` model; None where the page bears too few letters to tell."""
        import pytesseract

        try:
            found = pytesseract.image_to_osd(
                str(path), config=f"--dpi {dpi}", timeout=TIMEOUT, output_type="dict"
            )
        except pytesseract.TesseractError:
            return None  # «Too few characters»: nothing to go by
        return int(found["rotate"]) % 360


def check_machine() -> str:
    """The engine's name and version.

    Raises:
        MachineCannot: Tesseract or its Spanish model is missing.
    """
    import pytesseract

    try:
        languages = pytesseract.get_languages()
    except pytesseract.TesseractNotFoundError as error:
        raise MachineCannot(
            "tesseract",
            "Falta Tesseract, el programa que lee los documentos.",
            consejo="Instálelo con: sudo apt-get install tesseract-ocr tesseract-ocr-spa",
        ) from error
    if LANGUAGE not in languages:
        raise MachineCannot(
            "tesseract",
            "Falta el idioma español de Tesseract.",
            consejo="Instálelo con: sudo apt-get install tesseract-ocr-spa tesseract-ocr-osd",
        )
    return PytesseractEngine().version()


@dataclass(frozen=True, slots=True)
class Reading:
    """One pass over prepared pixels: words in points of those pixels' page, and their text."""

    words: list[Palabra]
    text: str
    confidence: int

    @property
    def sideways(self) -> bool:
        """Whether the words stand taller than wide: then a page on its side was read anyway."""
        ratios = [
            (w.caja[3] - w.caja[1]) / max(w.caja[2] - w.caja[0], 0.1)
            for w in self.words
            if len(w.texto) >= 4
        ]
        return len(ratios) >= 3 and statistics.median(ratios) > 1.2

    @property
    def worth(self) -> int:
        """Letters read, each by the confidence of its page: less is a part left out."""
        return self.confidence * sum(len(w.texto) for w in self.words)

    @property
    def jumps(self) -> int:
        """How often the reading order goes back up the page by more than a line."""
        tops: dict[int, float] = {}
        for word in self.words:
            tops.setdefault(word.linea, word.caja[1])
        order = list(tops.values())
        return sum(below < above - 8 for above, below in pairwise(order))


def parse(tsv: str, scale_x: float, scale_y: float) -> Reading:
    """Tesseract's TSV as words (boxes times the scales) and text with blank lines."""
    rows: dict[tuple[str, ...], list[Palabra]] = {}
    for row in tsv.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = (int(v) for v in cells[6:10])
        box: Caja = (
            round(left * scale_x, 2),
            round(top * scale_y, 2),
            round((left + width) * scale_x, 2),
            round((top + height) * scale_y, 2),
        )
        line = rows.setdefault(tuple(cells[2:5]), [])
        line.append(Palabra(cells[11].strip(), round(float(cells[10])), box, len(rows) - 1))
    words: list[Palabra] = []
    pieces: list[str] = []
    last: tuple[str, ...] = ()
    for place, line in rows.items():
        if last:
            pieces.append("\n" if place[:2] == last[:2] else "\n\n")
        last = place
        mended = mend(line)
        words += mended
        pieces.append(" ".join(w.texto for w in mended))
    return Reading(words, "".join(pieces), mean_confidence(words))


def mean_confidence(words: list[Palabra]) -> int:
    """Mean of the words' confidences, each weighing as many as it has letters."""
    letters = sum(len(w.texto) for w in words)
    return round(sum(w.confianza * len(w.texto) for w in words) / letters) if letters else 0


class Job(msgspec.Struct, frozen=True):
    """One page for a worker."""

    folder: str
    facts: PageFacts
    primera: bool


class PageReading(msgspec.Struct, frozen=True):
    """What a worker gives back."""

    pagina: Pagina
    hueco: Caja | None = None


def read_page(job: Job, engine: Engine | None = None) -> PageReading:
    """Read the page of *job*: blank test, preparation, one pass; a second only where in doubt."""
    from PIL import Image

    from ingest.searchable import free_rectangle, ink

    engine = engine or PytesseractEngine()
    facts, folder = job.facts, Path(job.folder)
    Image.MAX_IMAGE_PIXELS = None  # the budget was checked before the pixels were written
    with Image.open(folder / facts.pixeles, formats=("PPM",)) as opened:
        pixels = opened.convert("L")
    marks = ink(pixels)
    turn, reading = 0, Reading([], "", 0)
    if marks.histogram()[255] > BLANK_SHARE * marks.width * marks.height:
        turn, reading = _best_reading(pixels, facts, folder / facts.pixeles, engine)
    letters = sum(c.isalnum() for c in reading.text)
    blank = letters == 0 or (reading.confidence < SURE and letters < 12)
    if blank:
        turn, reading = 0, Reading([], "", 0)
    width, height = facts.ancho, facts.alto
    if turn % 180:
        width, height = height, width
    page = Pagina(
        ancho=width,
        alto=height,
        texto=reading.text,
        confianza=reading.confidence,
        rotacion=(facts.giro + turn) % 360,
        blanca=blank,
        palabras=reading.words,
    )
    hole = free_rectangle(_turned(marks, turn), width, height) if job.primera else None
    return PageReading(page, hole)


def _best_reading(
    pixels: Image.Image, facts: PageFacts, path: Path, engine: Engine
) -> tuple[int, Reading]:
    """The reading with the best confidence, and the turn it needed."""
    prepared = path.with_suffix(".ocr.pgm")
    try:
        first = _pass(pixels, facts, 0, prepared, engine)
        best = (0, first)
        if first.confidence < SURE or first.sideways:
            best = _turn_and_read(pixels, facts, prepared, engine, best)
        if facts.foto and first.words:
            # A bent page splits into false columns, surely read but in disorder or in part; as one
            # block from top to bottom more of it is read. Measured: photo CER 8.0 to 1.8 %.
            again = _pass(pixels, facts, best[0], prepared, engine, psm=6)
            if again.worth > best[1].worth or (
                best[1].jumps and again.confidence > best[1].confidence - 5
            ):
                best = (best[0], again)
        return best
    finally:
        prepared.unlink(missing_ok=True)


def _turn_and_read(
    pixels: Image.Image, facts: PageFacts, prepared: Path, engine: Engine, best: tuple[int, Reading]
) -> tuple[int, Reading]:
    told = engine.rotation(prepared, SCAN_DPI)
    turns = [told] if told else ([90, 270] if best[1].sideways else [])
    for turn in turns:
        reading = _pass(pixels, facts, turn, prepared, engine)
        if best[1].sideways and not reading.sideways and reading.confidence >= SURE:
            return turn, reading
        if reading.confidence > best[1].confidence and not reading.sideways:
            best = (turn, reading)
    return best


def _pass(
    pixels: Image.Image,
    facts: PageFacts,
    turn: int,
    prepared: Path,
    engine: Engine,
    psm: int = 3,
) -> Reading:
    dpi_x, dpi_y = (facts.dpi_y, facts.dpi_x) if turn % 180 else (facts.dpi_x, facts.dpi_y)
    page = prepare(_turned(pixels, turn), facts, dpi_x, dpi_y)
    page.save(prepared, format="PPM")
    width, height = (facts.alto, facts.ancho) if turn % 180 else (facts.ancho, facts.alto)
    dpi = max(70, round(page.width / width * 72))
    tsv = engine.read(prepared, dpi, psm)
    return parse(tsv, width / page.width, height / page.height)


def _turned(pixels: Image.Image, degrees: int) -> Image.Image:
    from ingest.pages import turned

    return turned(pixels, False, degrees)


def prepare(page: Image.Image, facts: PageFacts, dpi_x: float, dpi_y: float) -> Image.Image:
    """Grey pixels as the recogniser reads them best."""
    from PIL import Image, ImageFilter

    if facts.fax or (facts.bilevel and abs(dpi_x - dpi_y) > 0.05 * dpi_x):
        size = (round(page.width * FAX_DPI / dpi_x), round(page.height * FAX_DPI / dpi_y))
        clean = without_dirty_columns(page)
        return clean.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.9))
    if facts.bilevel:
        return page
    if grain(page) > ROUGH:
        page = page.filter(ImageFilter.MedianFilter(3))
    if min(dpi_x, dpi_y) >= 220 and not facts.foto:
        size = (round(page.width * SCAN_DPI / dpi_x), round(page.height * SCAN_DPI / dpi_y))
        page = page.resize(size, Image.Resampling.BOX)
    return page


def without_dirty_columns(page: Image.Image) -> Image.Image:
    """Remove the line that a speck on a fax's glass draws down the whole page.

    A column with ink over 60 % of its height takes the tone of the lighter of the nearest clean
    columns on its two sides, row by row, so that letters crossing it keep their strokes.
    """
    import numpy as np
    from PIL import Image

    pixels = np.asarray(page).copy()
    dirty = (pixels < 128).mean(axis=0) > 0.6
    clean = np.flatnonzero(~dirty)
    if not dirty.any() or not clean.size:
        return page
    for column in np.flatnonzero(dirty):
        place = int(np.searchsorted(clean, column))
        left = clean[max(place - 1, 0)]
        right = clean[min(place, clean.size - 1)]
        pixels[:, column] = np.maximum(pixels[:, left], pixels[:, right])
    return Image.fromarray(pixels)


def grain(page: Image.Image) -> float:
    """How rough the paper is, in grey levels: the mean distance of its pixels from their median.

    A clean scan gives under 0.2, a noisy one 0.9 to 2.4 (corpus, `noisy` and `rotated`); only the
    latter gain from a 3×3 median, the former lose by it. A strip tells enough.
    """
    import numpy as np
    from PIL import ImageFilter

    middle, across = page.height // 2, page.width // 8
    strip = page.crop((across, max(0, middle - 128), page.width - across, middle + 128))
    raw = np.asarray(strip, dtype=np.int16)
    median = np.asarray(strip.filter(ImageFilter.MedianFilter(3)), dtype=np.int16)
    paper = median >= np.percentile(median, 60)
    return float(np.abs(raw - median)[paper].mean())


def _start_worker() -> None:
    """A worker's first act: one thread a Tesseract, and a bound on what one page may take."""
    import resource

    from ingest.worker import die_with_parent

    die_with_parent()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class OcrPool:
    """Reading workers for many documents at once; pages come back in the order they are asked."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self._mending = threading.Lock()
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        from ingest.worker import context, without_main

        pool = ProcessPoolExecutor(self.workers, mp_context=context(), initializer=_start_worker)
        with without_main():
            for _ in range(self.workers):
                pool.submit(os.getpid)
        return pool

    def submit(self, folder: Path, facts: PageFacts, *, first: bool) -> Future[PageReading]:
        """Ask for one page; the future gives its reading."""
        job = Job(str(folder), facts, first)
        try:
            return self._pool.submit(read_page, job)
        except BrokenProcessPool:
            self._mend()
            return self._pool.submit(read_page, job)

    def _mend(self) -> None:
        """New workers after one died; of several threads that notice, the first makes them."""
        with self._mending:
            try:
                self._pool.submit(os.getpid)
            except BrokenProcessPool:
                self._pool = self._start()

    def result(self, future: Future[PageReading]) -> PageReading:
        """Wait for a page.

        Raises:
            Unreadable: the page took too long, or more memory than a page may.
        """
        try:
            return future.result()
        except TimeoutError as error:
            raise Unreadable("tiempo", str(error)) from error
        except MemoryError as error:
            raise Unreadable("limite", "memoria") from error
        except BrokenProcessPool as error:
            self._mend()
            raise Unreadable("limite", "un proceso de lectura murió") from error

    def close(self) -> None:
        """Let the workers go."""
        self._pool.shutdown(cancel_futures=True)
