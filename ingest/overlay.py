"""The invisible words over a page's picture: each where its ink is, in reading order.

A line of words is one show operator or few. Its letters have the widths of a common typeface, so
that one horizontal scale fits the words of a line and only the places where they begin are
written: a page of 350 words costs some 2 KB. Text mode 3, a font without strokes. Serves
ISO 32000-1, 9.4 and, for the font, ISO 19005-2, 6.2.11. It does not know how the page is placed.
"""

from __future__ import annotations

import io
import math
import statistics
import zlib
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

from records.pdfa import face, to_unicode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingest.lectura import Pagina, Palabra

FONT = Name("/FVentanilla")
ASCENT, DESCENT = 0.8, 0.2
"""Of the font, in em, above and below the line that letters stand on."""

CAPITAL = 700
"""Height of its capitals in 1/1000 em."""

UNIT = 0.25
"""Grain of the places of lines, in points."""
LOOSE = 1.0
"""Points by which a word's ends may miss those of its ink before the scale is set anew."""
JOINED = 0.5
"""Points by which a word may begin off its place before it is placed anew."""
GRAIN = 50
"""Of such places within a line, in 1/1000 em."""
APART = 0.2
"""Gap between two words, in em, below which readers take them for one."""
LEANING = 2.0
"""Points that the end of a line may leave the slope in force before it gets one of its own."""
STAIR = 1.0
"""Points that a sloping line may fall before it goes down a step."""
SAME_ROW = 0.75
"""Height in em within which what follows is taken for the same line."""
LIKE = 0.08
"""Share by which the letters of a line may differ in size from those before it."""

LATIN = (*range(0x20, 0x7F), *range(0xA1, 0x100))
"""Characters whose code is their own number."""
SPARE = (*range(0x80, 0xA1), *range(0x0E, 0x20), *range(0x01, 0x09), 0x7F)
"""Codes for all other characters of a document."""
UNKNOWN = "\ufffd"


def codes(pages: Iterable[Pagina]) -> dict[str, int]:
    """The one-byte code of each character of *pages*.

    Of characters beyond Latin-1 the 59 commonest have one; any more share that of U+FFFD.
    """
    count: dict[str, int] = {}
    for page in pages:
        for word in page.palabras:
            for letter in word.texto:
                count[letter] = count.get(letter, 0) + 1
    latin = {chr(code): code for code in LATIN}
    others = sorted((c for c in count if c not in latin), key=lambda c: (-count[c], c))
    if len(others) > len(SPARE):
        others = [UNKNOWN, *(c for c in others if c != UNKNOWN)]
    return latin | dict(zip(others, SPARE, strict=False))


def text_layer(read: Pagina, known: dict[str, int]) -> bytes:
    """Content that shows the words of a page, y up from its bottom left corner, in points.

    *known* are the `codes` of its document.
    """
    if not read.palabras:
        return b""
    lines = [line for row in _rows(read.palabras) for line in _upright(row)]
    writer = _Writer(known, read.alto, _slope_of_page(lines, read.ancho))
    for line in lines:
        writer.line(line)
    return b"\n".join([b"q BT 3 Tr", *writer.rows, b"ET Q\n"])


@dataclass(frozen=True, slots=True)
class _Line:
    """Words that stand on one line; lengths in points, y down."""

    words: list[Palabra]
    size: float
    slope: float | None
    """Of its foot; None where its words are too few to tell."""

    @property
    def length(self) -> float:
        return self.words[-1].caja[2] - self.words[0].caja[0]

    def foot(self, slope: float) -> float:
        """Height of the line's foot at x = 0, were its slope *slope*."""
        return statistics.median(w.caja[3] - slope * _middle(w) for w in self.words)


def _middle(word: Palabra) -> float:
    return (word.caja[0] + word.caja[2]) / 2


def _rows(words: Iterable[Palabra]) -> list[list[Palabra]]:
    rows: dict[int, list[Palabra]] = {}
    for word in words:
        rows.setdefault(word.linea, []).append(word)
    return list(rows.values())


def _upright(words: list[Palabra]) -> list[_Line]:
    """A row as one line; one that runs up or down the page as a line a word, at its foot."""
    long = [w.caja for w in words if len(w.texto) >= 3]
    if long and sum(c[3] - c[1] > 1.3 * (c[2] - c[0]) for c in long) * 2 > len(long):
        size = statistics.median(w.caja[2] - w.caja[0] for w in words)
        return [_Line([w], max(size, 1.0), None) for w in words]
    size = statistics.median(w.caja[3] - w.caja[1] for w in words)
    return [_Line(words, max(size, 1.0), _slope(words))]


def _slope(words: list[Palabra]) -> float | None:
    if len(words) < 4:
        return None
    points = [(_middle(w), w.caja[3]) for w in words]
    try:
        slope = statistics.linear_regression(*zip(*points, strict=True)).slope
    except statistics.StatisticsError:
        return None
    return slope if abs(slope) <= 0.1 else None


def _slope_of_page(lines: list[_Line], width: float) -> float:
    """The slope that half of the page's text is under, so that a skewed scan is told once."""
    told = sorted((line.slope, line.length) for line in lines if line.slope is not None)
    half = sum(length for _, length in told) / 2
    for slope, length in told:
        half -= length
        if half <= 0:
            return round(slope, 4) if abs(slope) * width > 1 else 0.0
    return 0.0


@dataclass(frozen=True, slots=True)
class _Span:
    """A word's letters and the ink that they are to cover, in points from the left."""

    code: bytes
    left: float
    right: float
    natural: float
    """Width at a scale of 100 per cent."""

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def bounds(self, over: float) -> tuple[float, float]:
        """Least and greatest scale at which the ends miss the ink little, outwards by *over*."""
        wide = self.right - self.left
        least, most = (max(wide + more, 0.3 * wide) for more in (-2 * LOOSE, 2 * over))
        return min(least, most) * 100 / self.natural, most * 100 / self.natural

    def begin(self, scale: float) -> float:
        # A word that is longer or shorter than its ink misses it at both ends alike.
        return self.middle - self.natural * scale / 200


@dataclass(slots=True)
class _Writer:
    """The rows of a text object, and what is in force at their end."""

    codes: dict[str, int]
    height: float
    page_slope: float
    rows: list[bytes] = field(default_factory=list)
    size: int = 0
    scale: int = 0
    at: tuple[int, int] = (0, 0)
    """Where the line in force begins, in units, y up."""

    @property
    def em(self) -> float:
        """Points of the size in force."""
        return self.size * UNIT

    def line(self, line: _Line) -> None:
        """Show one line."""
        size = max(1, round(line.size / UNIT))
        if abs(size - self.size) > LIKE * self.size:
            self.size = size
            self.rows.append(b"%s %g Tf" % (str(FONT).encode(), size * UNIT))
        slope = self.page_slope
        if line.slope is not None and abs(line.slope - slope) * line.length > LEANING:
            slope = line.slope
        ground = self.height - line.foot(slope) + DESCENT * self.em
        here: float | None = None
        for words, least, most in self._pieces(self._apart(line.words), slope):
            if not least <= self.scale <= most:
                self.scale = max(1, round((least + most) / 2))
                self.rows.append(b"%d Tz" % self.scale)
            y = round((ground - slope * (words[0].middle + words[-1].middle) / 2) / UNIT)
            if here is None and abs(y - self.at[1]) < SAME_ROW * self.size:
                # Else pdfium sorts both lines into one, where a sloping one ends beside the next.
                self._go(self.at[0], max(y, self.at[1]) + 2 * self.size)
                self.rows.append(b"( )Tj")
            if here is None or y != self.at[1]:
                x = round(words[0].begin(self.scale) / UNIT)
                self._go(x, y)
                here = x * UNIT
            here = self._show(words, here)

    def _go(self, x: int, y: int) -> None:
        self.rows.append(b"%g %g Td" % ((x - self.at[0]) * UNIT, (y - self.at[1]) * UNIT))
        self.at = x, y

    def _apart(self, words: list[Palabra]) -> list[_Span]:
        """The words of a line, none so long that it touches the next.

        Where the engine's boxes overlap it is the end of the first that is wrong.
        """
        spans = []
        for word, following in zip(words, [*words[1:], None], strict=True):
            left, _, right, _ = word.caja
            if following is not None and following.caja[0] > left:
                limit = following.caja[0] - APART * self.em
                right = min(right, max(limit, left + 0.3 * (right - left)))
            code = self._encoded(word.texto)
            spans.append(_Span(code, left, max(right, left + 0.1), self._width(code)))
        return spans

    def _pieces(
        self, words: list[_Span], slope: float
    ) -> Iterator[tuple[list[_Span], float, float]]:
        """Parts of a line that one scale fits, with its bounds, and that lie on one height.

        Readers take a word that leans for several, so a line on a slope goes down by stairs.
        """
        gaps = [b.left - a.right if b.left > a.left else LOOSE for a, b in pairwise(words)]
        rooms = [(max(0.0, gap) - APART * self.em) / 2 for gap in gaps]
        start = 0
        bounds = [
            word.bounds(min(LOOSE, before, after))
            for word, before, after in zip(words, [LOOSE, *rooms], [*rooms, LOOSE], strict=True)
        ]
        least, most = bounds[0]
        for end in range(1, len(words)):
            both = max(least, bounds[end][0]), min(most, bounds[end][1])
            drop = slope * (words[end].middle - words[start].middle)
            if both[0] > both[1] or abs(drop) > STAIR:
                yield words[start:end], least, most
                start, both = end, bounds[end]
            least, most = both
        yield words[start:], least, most

    def _show(self, words: list[_Span], here: float) -> float:
        """Words at the scale in force, the cursor being at *here*; where it is then."""
        out: list[bytes] = []
        text = b""
        space = self._width(b" ") * self.scale / 100
        grain = GRAIN * self.em * self.scale / 100_000
        for word in words:
            off = word.begin(self.scale) - here
            steps = round(off / grain) if abs(off) > JOINED else 0
            if text:
                # No rounding takes from the gap that keeps two words two.
                gap = min(APART * self.em, off + space)
                steps = max(steps, math.ceil((gap - space) / grain))
            if steps:
                out += [_literal(text)] if text else []
                out.append(b"%d" % (-steps * GRAIN))
                text = b""
                here += steps * grain
            text += word.code + b" "
            here += word.natural * self.scale / 100 + space
        out.append(_literal(text))
        self.rows.append(b"[%s]TJ" % b"".join(out) if len(out) > 1 else out[0] + b"Tj")
        return here

    def _width(self, code: bytes) -> float:
        """Points that the letters take at a scale of 100 per cent."""
        return sum(map(advances().__getitem__, code)) * self.em / 1000

    def _encoded(self, text: str) -> bytes:
        unknown = self.codes.get(UNKNOWN, 0x20)
        return bytes(self.codes.get(c, unknown) for c in text)


def _literal(text: bytes) -> bytes:
    for sign in (b"\\", b"(", b")"):
        text = text.replace(sign, b"\\" + sign)
    return b"(%s)" % text


@cache
def advances() -> tuple[int, ...]:
    """Width of each code in 1/1000 em: those of our own font, in hundreds."""
    ours = face().advances
    return tuple(max(300, round(ours.get(c, 600), -2)) if c in LATIN else 600 for c in range(256))


def add_font(pdf: pikepdf.Pdf, known: dict[str, int]) -> pikepdf.Object:
    """A font for the `codes` *known*: each draws nothing, its ToUnicode tells the letter."""
    program = _strokeless()
    name = Name("/SinTrazo")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array([0, round(-1000 * DESCENT), 1000, round(1000 * ASCENT)]),
        ItalicAngle=0,
        Ascent=round(1000 * ASCENT),
        Descent=round(-1000 * DESCENT),
        CapHeight=CAPITAL,
        StemV=80,
        FontFile2=pdf.make_stream(
            zlib.compress(program, 9), Length1=len(program), Filter=Name.FlateDecode
        ),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=name,
            FirstChar=0,
            LastChar=255,
            Widths=Array(advances()),
            FontDescriptor=pdf.make_indirect(descriptor),
            ToUnicode=pdf.make_stream(to_unicode({v: k for k, v in known.items()}, size=1)),
        )
    )


@cache
def _strokeless() -> bytes:
    """A TrueType font whose glyphs cover no area, one a width, made the same at every call.

    Each is a line and not empty: pdfium takes texts without a height that stand one under the
    other, in a table, for one text printed twice, and forgets the second.
    """
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    def stroke(width: int) -> object:
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0))
        pen.lineTo((width, CAPITAL))
        pen.closePath()
        return pen.glyph()

    widths = {f"g{w}": w for w in sorted(set(advances()))}
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", *widths])
    every = {".notdef": 500, **widths}
    font.setupGlyf({name: stroke(width) for name, width in every.items()})
    font.setupHorizontalMetrics({name: (width, 0) for name, width in every.items()})
    font.setupHorizontalHeader(ascent=round(1000 * ASCENT), descent=round(-1000 * DESCENT))
    table = CmapSubtable.newSubtable(0)
    table.platformID, table.platEncID, table.language = 1, 0, 0
    table.cmap = {code: f"g{width}" for code, width in enumerate(advances())}
    font.font["cmap"] = newTable("cmap")
    font.font["cmap"].tableVersion, font.font["cmap"].tables = 0, [table]
    font.font["head"].created = font.font["head"].modified = 3_850_000_000
    font.font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
