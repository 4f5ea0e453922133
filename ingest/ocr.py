"""Pixels become words: one pass of the recogniser over each page, a second only where in doubt.

Runs in the workers of `ingest.pool`, which see only pixels that the limited child left, never a
document. What is done to the pixels first is `ingest.prepare`'s, and was measured; the picture
that is kept is never touched. It reads no handwriting and guesses no missing letters.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from ingest.coverage import in_part, in_the_dark, uncovered
from ingest.engine import AUTO, BLOCK, open_engine
from ingest.facts import Job, PageFacts, PageReading
from ingest.ink import free_rectangle, ink, is_bare, is_blank, is_dark, letter_height
from ingest.lectura import Caja, Pagina, Palabra
from ingest.negative import positive
from ingest.noise import DASHES, without_noise
from ingest.points import full_stops
from ingest.prepare import SCAN_DPI, Prepared, even_light, flattened, levelled, prepare
from ingest.signs import mend
from ingest.symbols import dash, look_again
from ingest.words import WordLine

if TYPE_CHECKING:
    import numpy.typing as npt

    from ingest.engine import Engine, Pixels

SURE = 70
"""Mean confidence below which a page may be lying on its side: upright pages give 86 to 95,
turned ones 43 to 46."""
GHOST = 30
"""Mean confidence below which a few letters are the other side of the paper; a page by hand, too,
is unsure, but has more of them."""

SURER, READ = 10, 50
"""By how much a page must be read more surely turned than as it was fed, and how surely: upright
print gains 40 and more. A letter by hand gains a few by chance, and must not lie upside down."""
ROUGHLY = 84
"""Mean confidence below which a page is read once more, smoothed: of a form it then lost 17 % of
the words in place of 54, of a table 15 in place of 53."""
ENOUGH = 100
"""Letters surely read from which on a page on a dark desk is no negative."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One pass over a page: its words in points, and their text."""

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

    @property
    def doubled(self) -> int:
        """How many words lie over one of the line before: lines that touch were read twice."""
        lines: dict[int, list[Caja]] = {}
        for word in self.words:
            lines.setdefault(word.linea, []).append(word.caja)
        boxes = [np.array(line).T[:, :, None] for line in lines.values()]
        return sum(
            int(_over(line, above.transpose(0, 2, 1)).any(axis=1).sum())
            for above, line in pairwise(boxes)
        )

    @property
    def disorder(self) -> int:
        """How often the page was taken apart where it should not have been."""
        return self.jumps + self.doubled

    def spelt(self, words: list[Palabra]) -> Reading:
        """This reading with the same *words* spelt in another way, letter for letter."""
        text, at = self.text, 0
        for old, new in zip(self.words, words, strict=True):
            at = text.index(old.texto, at)
            text = text[:at] + new.texto + text[at + len(old.texto) :]
            at += len(new.texto)
        return replace(self, words=words, text=text)


def _over(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which boxes share over half of the lower one's height and of the narrower one's width."""
    across = np.minimum(one[2], other[2]) - np.maximum(one[0], other[0])
    down = np.minimum(one[3], other[3]) - np.maximum(one[1], other[1])
    width = np.minimum(one[2] - one[0], other[2] - other[0])
    height = np.minimum(one[3] - one[1], other[3] - other[1])
    return np.asarray((across > 0.5 * width) & (down > 0.5 * height))


NOTHING = Reading([], "", 0)


def read_pixels(page: Prepared, engine: Engine, psm: int = AUTO) -> Reading:
    """One pass over prepared pixels, the signs looked at again, the noise left out."""
    rows = engine.read(page.pixels, page.dpi, psm)
    look_again([row.words for row in rows], page.pixels, page.dpi, engine)
    kept = [_clean(row, page) for row in rows]
    return _reading([row for row in kept if row.words], page)


def _clean(row: WordLine, page: Prepared) -> WordLine:
    words = without_noise(row.words)
    for place, word in enumerate(words):
        if word.text in DASHES:
            words[place] = replace(word, text=dash(words, place, page.pixels, page.narrow))
    return WordLine(row.paragraph, words)


def _reading(rows: list[WordLine], page: Prepared) -> Reading:
    boxes = iter(page.boxes([word.box for row in rows for word in row.words]))
    words: list[Palabra] = []
    pieces: list[str] = []
    for number, row in enumerate(rows):
        if number:
            pieces.append("\n" if row.paragraph == rows[number - 1].paragraph else "\n\n")
        line = mend([Palabra(w.text, w.confidence, next(boxes), number) for w in row.words])
        words += line
        pieces.append(" ".join(w.texto for w in line))
    return Reading(words, "".join(pieces), mean_confidence(words))


def mean_confidence(words: list[Palabra]) -> int:
    """Mean of the words' confidences, each weighing as many as it has letters."""
    letters = sum(len(w.texto) for w in words)
    return round(sum(w.confianza * len(w.texto) for w in words) / letters) if letters else 0


def read_page(job: Job, engine: Engine) -> PageReading:
    """Read the page of *job*: blank test, preparation, one pass; a second only where in doubt."""
    facts = job.facts
    pixels = stored_pixels(Path(job.folder) / facts.pixeles)
    marks = ink(pixels)
    turn, reading = 0, NOTHING
    if not is_blank(marks):
        turn, reading = _read_shown(pixels, marks, facts, engine)
    letters = sum(c.isalnum() for c in reading.text)
    # What shines through from the other side is read as a few letters, unsure of all of them.
    nothing = letters < 12 if reading.confidence < SURE else letters == 0
    nothing = nothing or (reading.confidence < GHOST and letters < 60)
    if nothing:
        turn, reading = 0, NOTHING
    width, height = facts.ancho, facts.alto
    if turn % 180:
        width, height = height, width
    page = Pagina(
        ancho=width,
        alto=height,
        texto=reading.text,
        confianza=reading.confidence,
        rotacion=(facts.giro + turn) % 360,
        blanca=nothing and is_bare(marks),
        palabras=reading.words,
    )
    hole = free_rectangle(upright(marks, turn), width, height) if job.primera else None
    return PageReading(page, hole)


def _read_shown(
    pixels: Pixels, marks: Pixels, facts: PageFacts, engine: Engine
) -> tuple[int, Reading]:
    """The page read with its white print made dark; one that is mostly dark and says little, the
    other way round too."""
    shown = positive(pixels, facts.ancho, facts.alto)
    marks = marks if shown is pixels else ink(shown)
    first = Sheet(shown, marks, facts, engine).read()
    said = sum(len(w.texto) for w in first[1].words)
    if not is_dark(marks) or (said >= ENOUGH and first[1].confidence >= SURE):
        return first
    turned = np.bitwise_not(shown)
    second = Sheet(turned, ink(turned), facts, engine).read()
    return max(first, second, key=lambda found: found[1].worth)


class Sheet:
    """One page's pixels and the ways of reading them, each tried only where the last one failed."""

    def __init__(self, pixels: Pixels, marks: Pixels, facts: PageFacts, engine: Engine) -> None:
        self._pixels = pixels
        self._marks = marks
        self._facts = facts
        self._engine = engine

    def read(self) -> tuple[int, Reading]:
        """The best reading found, and the degrees clockwise that set the page upright for it."""
        told = self._lying()
        if told:
            reading = self._pass(told)
            if reading.confidence >= SURE and not reading.sideways:
                return told, self._whole(told, reading)
        if self._facts.foto:
            return self._photo()
        best = (0, self._pass(0))
        if best[1].confidence < SURE or best[1].sideways:
            best = self._turned(best)
        return best[0], self._whole(*best)

    def _whole(self, turn: int, reading: Reading) -> Reading:
        """*reading*, or a better one where it left out part of the page or lost its order."""
        width, height = self._size(turn)
        reading, outside = self._lit(turn, self._smooth(turn, reading))
        lost = in_part(outside, reading.words, self._facts.fax)
        if lost:
            reading = self._level(turn, reading)
        if self._facts.fax and (lost or reading.disorder):
            # Lines that touch are torn into columns, or read twice: as one block they come whole
            # and in order.
            reading = _in_order(reading, self._pass(turn, BLOCK))
        if self._facts.fax:
            reading = reading.spelt(
                full_stops(reading.words, upright(self._pixels, turn), width, height)
            )
        return reading

    def _smooth(self, turn: int, reading: Reading) -> Reading:
        """*reading*, or a surer one with the edges of the letters smoothed, where it was unsure.

        Copies of copies and scans that were made larger are rough there and not on their paper.
        """
        if self._facts.bilevel or not reading.words or reading.confidence >= ROUGHLY:
            return reading
        smooth = np.asarray(cv2.medianBlur(self._pixels, 3), dtype=np.uint8)
        again = read_pixels(self._prepared(turn, smooth), self._engine)
        if again.confidence < reading.confidence + 2 or again.worth < 0.95 * reading.worth:
            return reading
        self._pixels = smooth  # what is done next is done to these
        return again

    def _lit(self, turn: int, reading: Reading) -> tuple[Reading, int]:
        """*reading*, or a better one with the light made even, where it was unsure or in part; and
        how many letters it leaves out.

        Shadow on a page, the fold of a book, paper of a darker tone: where letters are no darker
        than the paper elsewhere, Tesseract's one threshold leaves them out.
        """
        outside = self._outside(turn, reading)
        sure = reading.confidence >= SURE and not in_the_dark(outside, reading.words)
        if self._facts.bilevel or sure:
            return reading, outside
        lit = even_light(self._pixels)
        again = read_pixels(self._prepared(turn, lit), self._engine)
        if again.confidence < reading.confidence - SURER or again.worth <= reading.worth:
            return reading, outside
        self._pixels = lit  # what is done next is done to these
        return again, self._outside(turn, again)

    def _level(self, turn: int, reading: Reading) -> Reading:
        """*reading*, or a better one with the lines made level: ten degrees leave no word."""
        level = levelled(self._prepared(turn))
        again = read_pixels(level, self._engine) if level is not None else NOTHING
        return max(reading, again, key=lambda r: r.worth)

    def _outside(self, turn: int, reading: Reading) -> int:
        return uncovered(upright(self._marks, turn), reading.words, *self._size(turn))

    def _photo(self) -> tuple[int, Reading]:
        """A photographed sheet: made flat where its edges show, else read as it is."""
        flat = flattened(self._pixels, self._facts.ancho, self._facts.alto)
        if flat is not None:
            reading = read_pixels(flat, self._engine)
            if reading.confidence >= SURE and not reading.sideways:
                return 0, reading
        best = (0, self._pass(0))
        if best[1].confidence < SURE or best[1].sideways:
            best = self._turned(best)
        reading, outside = self._lit(best[0], self._smooth(*best))
        if in_part(outside, reading.words):
            reading = self._level(best[0], reading)
        best = (best[0], reading)
        if best[1].words:
            # A bent page splits into false columns, surely read but in disorder or in part; as one
            # block from top to bottom more of it is read. Measured: photo CER 8.0 to 1.8 %.
            best = (best[0], _in_order(best[1], self._pass(best[0], BLOCK)))
        return best

    def _lying(self) -> int | None:
        """The turn that a page whose lines run up and down needs; None for all others."""
        if not lines_stand(self._marks):
            return None
        told = self._rotation()
        return told if told in (90, 270) else None

    def _rotation(self) -> int | None:
        """The turn that Tesseract tells, of letters as wide as they came: it mistakes others."""
        plain = prepare(self._pixels, self._facts, *self._size(0))
        return self._engine.rotation(plain.pixels, SCAN_DPI)

    def _turned(self, best: tuple[int, Reading]) -> tuple[int, Reading]:
        told = self._rotation()
        turns = [told] if told else []
        if best[1].sideways:
            turns += [turn for turn in (90, 270) if turn != told]
        for turn in turns:
            reading = self._pass(turn)
            if best[1].sideways and not reading.sideways and reading.confidence >= SURE:
                return turn, reading
            if reading.confidence >= max(best[1].confidence + SURER, READ) and not reading.sideways:
                best = (turn, reading)
        return best

    def _pass(self, turn: int, psm: int = AUTO) -> Reading:
        return read_pixels(self._prepared(turn), self._engine, psm)

    def _size(self, turn: int) -> tuple[float, float]:
        size = self._facts.ancho, self._facts.alto
        return size if turn % 180 == 0 else (size[1], size[0])

    def _prepared(self, turn: int, pixels: Pixels | None = None) -> Prepared:
        """The page's pixels, or *pixels* in their place, turned and made ready to be read."""
        pixels = upright(self._pixels if pixels is None else pixels, turn)
        letter = 0.0
        if not self._facts.fax:
            marks = upright(self._marks, turn)
            letter = letter_height(marks) * pixels.shape[0] / marks.shape[0]
        return prepare(pixels, self._facts, *self._size(turn), letter)


def _in_order(first: Reading, block: Reading) -> Reading:
    """The reading as one block where it has more, or the first goes up and down the page."""
    more = block.worth > first.worth
    ordered = first.disorder > block.disorder and block.confidence > first.confidence - 5
    return block if more or ordered else first


def lines_stand(marks: Pixels) -> bool:
    """Whether lines of print run up and down: the sums of the columns of ink then rise and fall.

    Costs a millisecond and saves the reading of a page that lies on its side.
    """
    step = max(1, max(marks.shape) // 800)
    size = marks.shape[1] // step, marks.shape[0] // step
    small = cv2.resize(marks, size, interpolation=cv2.INTER_AREA) if step > 1 else marks
    inner = small[40:-40, 40:-40].astype(np.float32)
    if min(inner.shape) < 100:
        return False
    across = float(np.abs(np.diff(inner.mean(axis=1))).mean())
    down = float(np.abs(np.diff(inner.mean(axis=0))).mean())
    return down > 1.5 * across


def upright(pixels: Pixels, turn: int) -> Pixels:
    """*pixels* turned clockwise by *turn* degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -turn // 90)) if turn else pixels


def stored_pixels(path: Path) -> Pixels:
    """The grey pixels of a PGM or PBM that the limited child left, whose length was checked."""
    data = path.read_bytes()
    kind, wide, high, _ = data[:64].split(maxsplit=3)
    width, height = int(wide), int(high)
    row = width if kind == b"P5" else (width + 7) // 8
    rows = np.frombuffer(data, np.uint8, offset=len(data) - row * height).reshape(height, row)
    if kind == b"P5":
        return rows
    black = np.unpackbits(rows, axis=1, count=width)
    return black - np.uint8(1)  # 0 for black, and one less than nothing is 255


_engine: Engine | None = None


def start_engine(kind: str, models: str, signs: str | None) -> None:
    """A worker's engine, loaded once for all its pages."""
    global _engine
    _engine = open_engine(kind, Path(models), Path(signs) if signs else None)


def read_job(job: Job) -> PageReading:
    """`read_page` with the worker's engine."""
    assert _engine is not None
    return read_page(job, _engine)
