"""The words of a page that brings its own text: a digital PDF, or one that another program read.

Runs inside the limited child, over pdfium. Confidence is 100 for a digital page and
`FOREIGN_CONFIDENCE` for another program's invisible reading, which nobody here has checked.
"""

from __future__ import annotations

import ctypes
import unicodedata
from typing import TYPE_CHECKING

from ingest.lectura import Pagina, Palabra

if TYPE_CHECKING:
    import pypdfium2 as pdfium

FOREIGN_CONFIDENCE = 60
INVISIBLE = 3
SCAN_SHARE = 0.5
"""From this share of the page on, a picture is taken for a scan of it."""
STAMP_CHARACTERS = 200
"""Text of a scanning program over a scan («Escaneado con…») is shorter than this."""


def read_layer(
    page: pdfium.PdfPage, width: float, height: float, picture: float
) -> tuple[Pagina, bool] | None:
    """The page as its own text tells it, and whether that text is another program's OCR.

    *width* and *height* are of the upright page in points, *picture* the share that its largest
    image covers. None where the text is missing, too little over a scan, or without meaning.
    """
    textpage = page.get_textpage()
    try:
        characters = _characters(page, textpage)
        scan = picture > SCAN_SHARE
        if not _meaningful(characters, scan):
            return None
        foreign = scan and _mostly_invisible(page)
        words = _words(characters, width, height, FOREIGN_CONFIDENCE if foreign else 100)
    finally:
        textpage.close()
    if not words:
        return None
    return page_of(words, width, height), foreign


def page_of(words: list[Palabra], width: float, height: float) -> Pagina:
    """A page from words in reading order."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.linea, []).append(word.texto)
    text = "\n".join(" ".join(line) for line in lines.values())
    confidence = min((w.confianza for w in words), default=0)
    return Pagina(width, height, text, confidence, 0, False, words)


Character = tuple[str, float, float, float, float]
"""A character and its box in the page's own space: left, bottom, right, top."""


def _characters(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> list[Character]:
    """All characters, their boxes turned and moved to the upright page (y still up)."""
    import pypdfium2.raw as raw

    x0, y0, x1, y1 = page.get_cropbox()
    turn = page.get_rotation()
    wide, high = x1 - x0, y1 - y0
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    out: list[Character] = []
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage.raw, index)
        raw.FPDFText_GetCharBox(textpage.raw, index, left, right, bottom, top)
        box = (left.value - x0, bottom.value - y0, right.value - x0, top.value - y0)
        glyph = "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
        out.append((glyph, *_upright(box, turn, wide, high)))
    return out


def _upright(
    box: tuple[float, float, float, float], turn: int, wide: float, high: float
) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    if turn == 90:
        return y0, wide - x1, y1, wide - x0
    if turn == 180:
        return wide - x1, high - y1, wide - x0, high - y0
    if turn == 270:
        return high - y1, x0, high - y0, x1
    return box


def _meaningful(characters: list[Character], scan: bool) -> bool:
    """Whether the text can be believed: fonts without a map give control or private codes."""
    printed = [c[0] for c in characters if not c[0].isspace()]
    if not printed or (scan and len(printed) < STAMP_CHARACTERS):
        return False
    bad = sum(unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") or c == "\ufffd" for c in printed)
    letters = sum(c.isalnum() for c in printed)
    return bad <= 0.1 * len(printed) and letters >= 0.4 * len(printed)


def _mostly_invisible(page: pdfium.PdfPage) -> bool:
    import pypdfium2.raw as raw

    texts = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=4))
    hidden = sum(raw.FPDFTextObj_GetTextRenderMode(t.raw) == INVISIBLE for t in texts)
    return bool(hidden * 2 > len(texts))


def _words(
    characters: list[Character], width: float, height: float, confidence: int
) -> list[Palabra]:
    """Characters joined into words at blanks and line ends; boxes from the top left corner."""
    words: list[Palabra] = []
    line = 0
    run: list[Character] = []

    def close() -> None:
        text = unicodedata.normalize("NFC", "".join(c[0] for c in run))
        if text:
            box = (
                max(0.0, min(c[1] for c in run)),
                max(0.0, height - max(c[4] for c in run)),
                min(width, max(c[3] for c in run)),
                min(height, height - min(c[2] for c in run)),
            )
            rounded = tuple(round(v, 2) for v in box)
            words.append(Palabra(text, confidence, rounded, line))  # type: ignore[arg-type]
        run.clear()

    for character in characters:
        glyph = character[0]
        if glyph in "\r\n":
            close()
            line += bool(words) and words[-1].linea == line
        elif glyph.isspace() or unicodedata.category(glyph) in ("Cc", "Cn", "Cs"):
            close()
        else:
            run.append(character)
    close()
    return words
