"""A letter taken apart: rows, cells and sentences, and where its parts begin.

Engines cut a page into lines and blocks in many ways; here a page becomes rows again by where its
words stand (after its skew is measured), and a row becomes cells where a wide gap parts columns.
Rules of place read cells; rules of wording read the sentences of `Flow`, in the engine's order.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.digits import lettered, mended
from ingest.wording import (
    ADDRESSEE,
    BARE_SUBJECT,
    CLOSING,
    COMPANY,
    GREETING,
    IDENTIFIED,
    NOT_NAME,
    PROPER_SUBJECT,
    STAMP_LINE,
    STAMPED,
    SUBJECT,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ingest.lectura import Pagina, Palabra

COLUMN_GAP = 2.4
"""From this many heights of a word on, a gap parts columns and not words."""
SAME_ROW = 0.45
"""Middles of two lines that are one row differ by less than this share of their height."""
SIGN, SINGLE = 75, 50
"""Below these confidences a sign, and a single letter, at the end of a cell is a speck."""
HEAD = 40
"""Cells in which addressee and salutation are looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand together: a printed line, or the cell of one that has columns.

    `text` is as read, with letters among figures put right; `plain` is the same, as long, without
    accents or capitals.
    """

    page: int
    row: int
    words: tuple[Palabra, ...]
    text: str
    plain: str

    @property
    def height(self) -> float:
        """Median height of the words, in points."""
        heights = sorted(w.caja[3] - w.caja[1] for w in self.words)
        return heights[len(heights) // 2]

    @property
    def top(self) -> float:
        """Where the line begins, from the top of the page."""
        return sorted(w.caja[1] for w in self.words)[len(self.words) // 2]

    @property
    def left(self) -> float:
        """Its left end."""
        return self.words[0].caja[0]

    @property
    def right(self) -> float:
        """Its right end."""
        return self.words[-1].caja[2]

    def find(self, start: int, end: int) -> list[Palabra]:
        """The words under the characters *start* to *end* of the text."""
        found, at = [], 0
        for word in self.words:
            if at < end and at + len(word.texto) > start:
                found.append(word)
            at += len(word.texto) + 1
        return found


@dataclass(frozen=True, slots=True)
class Flow:
    """The document as sentences: all words in reading order, words cut at a line's end joined."""

    text: str
    plain: str
    starts: list[int]
    words: list[tuple[int, Palabra]]
    """(page, word), parallel to *starts*."""

    def find(self, start: int, end: int) -> tuple[int, list[Palabra]]:
        """(page, words) under the characters *start* to *end*, those of its first page."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = bisect_right(self.starts, max(end - 1, start))
        found = self.words[first:last]
        page = found[0][0] if found else 1
        return page, [w for p, w in found if p == page]

    def place_of(self, word: Palabra) -> int:
        """The character at which *word* begins; 0 where it is none of ours."""
        return next((s for s, (_, w) in zip(self.starts, self.words, strict=True) if w is word), 0)


def plain(text: str) -> str:
    """*text* without accents (ñ kept as n) and in lower case, of the same length."""
    return "".join(map(_plain, text))


@cache
def _plain(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


def line_of(page: int, row: int, words: Iterable[Palabra]) -> Line:
    """A line from its words."""
    held = tuple(words)
    text = mended(" ".join(_word(w) for w in held))
    return Line(page, row, held, text, plain(text))


def _word(word: Palabra) -> str:
    """A word with figures among its letters put right; one that was printed as text is right."""
    return word.texto if word.confianza == 100 else lettered(word.texto)


# -- rows and cells ---------------------------------------------------------------------------


def _fragments(page: Pagina) -> list[list[Palabra]]:
    """The page's lines as the engine cut them."""
    rows: dict[int, list[Palabra]] = {}
    for word in page.palabras:
        rows.setdefault(word.linea, []).append(word)
    return list(rows.values())


def _slope(fragments: list[list[Palabra]]) -> float:
    """How far a line of this page falls on its way right: the median of its long lines."""
    slopes = []
    for words in fragments:
        wide = words[-1].caja[0] - words[0].caja[0]
        if len(words) >= 5 and wide > 150:
            slopes.append((words[-1].caja[3] - words[0].caja[3]) / wide)
    return sorted(slopes)[len(slopes) // 2] if len(slopes) >= 3 else 0.0


def _middle(words: Sequence[Palabra], slope: float) -> float:
    middles = sorted((w.caja[1] + w.caja[3]) / 2 - slope * w.caja[0] for w in words)
    return middles[len(middles) // 2]


def _tall(words: Sequence[Palabra]) -> float:
    heights = sorted(w.caja[3] - w.caja[1] for w in words)
    return max(heights[len(heights) // 2], 4.0)


def _apart(one: Sequence[Palabra], other: Sequence[Palabra]) -> bool:
    """Whether two fragments stand beside each other, without a common stretch."""
    left = max(min(w.caja[0] for w in one), min(w.caja[0] for w in other))
    right = min(max(w.caja[2] for w in one), max(w.caja[2] for w in other))
    return left > right - 3


def _rows(page: Pagina) -> list[list[Palabra]]:
    """The page's rows from top to bottom, each from left to right."""
    fragments = _fragments(page)
    slope = _slope(fragments)
    placed = sorted(((_middle(f, slope), f) for f in fragments), key=lambda x: x[0])
    rows: list[tuple[float, list[list[Palabra]]]] = []
    for middle, words in placed:
        for at, parts in rows[-3:]:
            near = abs(at - middle) < SAME_ROW * min(_tall(words), *(_tall(p) for p in parts))
            if near and all(_apart(words, p) for p in parts):
                parts.append(words)
                break
        else:
            rows.append((middle, [words]))
    return [
        [w for part in sorted(parts, key=lambda p: p[0].caja[0]) for w in part]
        for _, parts in rows
    ]  # fmt: skip


def _cells(words: list[Palabra]) -> list[list[Palabra]]:
    """A row cut where a gap is too wide to part words; specks at a cell's ends are dropped."""
    wide = COLUMN_GAP * max(_tall(words), 6.0)
    gaps = sorted(b.caja[0] - a.caja[2] for a, b in pairwise(words))
    if len(gaps) >= 4:  # a line that is spread to both margins has wide gaps everywhere
        wide = max(wide, 2.5 * gaps[len(gaps) // 2])
    cells = [[words[0]]]
    for before, word in pairwise(words):
        if word.caja[0] - before.caja[2] > wide:
            cells.append([])
        cells[-1].append(word)
    for cell in cells:
        while cell and _speck(cell[0]):
            cell.pop(0)
        while cell and _speck(cell[-1]):
            cell.pop()
    return [cell for cell in cells if cell]


def _speck(word: Palabra) -> bool:
    """Whether a word is dirt or ink that an engine took for a sign, by its own word unsurely."""
    known = sum(c.isalnum() or c == "€" for c in word.texto)  # «€.€.» is a C.C.
    return word.confianza < (SIGN if known == 0 else SINGLE if known == 1 else 0)


def lines_of(paginas: list[Pagina]) -> list[Line]:
    """All cells of the document, row by row."""
    out: list[Line] = []
    row = 0
    for number, page in enumerate(paginas, 1):
        for words in _rows(page):
            row += 1
            out.extend(line_of(number, row, cell) for cell in _cells(words))
    return _unstamped(out)


def _unstamped(lines: list[Line]) -> list[Line]:
    """The cells without the stamp of who received the paper, which has its own date and number."""
    stamped: set[int] = set()
    for index, line in enumerate(lines):
        if not STAMPED.match(line.plain) or len(line.words) > 4:
            continue
        stamped.add(index)
        last = line
        for at in range(index + 1, min(index + 12, len(lines))):
            below = lines[at]
            beside = below.left < line.right + 60 and below.right > line.left - 60
            if below.row > last.row + 2 or below.page != line.page:
                break
            if beside and below.row > last.row and STAMP_LINE.match(below.plain):
                stamped.add(at)
                last = below
    return [x for i, x in enumerate(lines) if i not in stamped]


def flow_of(paginas: list[Pagina]) -> Flow:
    """The whole document as one run of sentences."""
    parts: list[str] = []
    starts: list[int] = []
    words: list[tuple[int, Palabra]] = []
    at, open_end = 0, False
    for number, page in enumerate(paginas, 1):
        for fragment in _fragments(page):
            for index, word in enumerate(fragment):
                text = mended(_word(word))
                if open_end and text[:1].islower():
                    parts[-1] = parts[-1][:-2]
                    at -= 2
                starts.append(at)
                words.append((number, word))
                parts.append(f"{text} ")
                at += len(text) + 1
                open_end = index == len(fragment) - 1 and text.endswith("-") and text[:-1].isalpha()
    text = "".join(parts)
    return Flow(text, plain(text), starts, words)


# -- the parts of a letter --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Letter:
    """The cells of a letter and where its parts begin; -1 where a part was not found."""

    lines: list[Line]
    flow: Flow
    addressee: int
    subject: int
    greeting: int
    body: int
    """Where the text begins: after the salutation, or the first paragraph."""
    closing: int
    end: int
    """Where what belongs to this letter ends: another letter may be enclosed."""

    def head(self) -> list[Line]:
        """What stands above the text."""
        return self.lines[: max(self.body, 0)]

    def foot(self) -> list[Line]:
        """What stands below the leave-taking."""
        return self.lines[self.closing + 1 : self.end] if self.closing >= 0 else []

    def beside(self, index: int) -> Line | None:
        """The cell to the right of a cell, in its row."""
        after = self.lines[index + 1 : index + 2]
        return after[0] if after and after[0].row == self.lines[index].row else None

    def under(self, index: int) -> Line | None:
        """The next cell below a cell that shares a stretch of the page with it."""
        own = self.lines[index]
        for line in self.lines[index + 1 : index + 6]:
            below = line.page == own.page and line.row > own.row
            if below and line.left < own.right and line.right > own.left:
                return line
        return None


def subject_label(line: Line) -> int:
    """Where the subject begins in a line that bears its label; -1 where it bears none."""
    match = SUBJECT.match(line.plain)
    if match is None and line.text.lstrip(" .*-_«\"'")[:1].isupper():
        match = BARE_SUBJECT.match(line.plain)
    return match.end() if match else -1


def dissect(paginas: list[Pagina]) -> Letter:
    """A document taken apart."""
    lines = lines_of(paginas)
    labels = [i for i, x in enumerate(lines[: HEAD + 20]) if subject_label(x) >= 0]
    subject = next((i for i in labels if PROPER_SUBJECT.match(lines[i].plain)), -1)
    subject = subject if subject >= 0 or not labels else labels[0]
    addressee = _addressee(lines, labels[0] if labels else HEAD)
    first = max(addressee, labels[0] if labels else 0, 0)
    greeting = _first(lines, lambda x: bool(GREETING.match(x.plain)), first + 1, HEAD + 20)
    if greeting >= 0 and _says_goodbye(lines, first, greeting):
        greeting = -1
    body = greeting if greeting >= 0 else _paragraph(lines, max(addressee, subject, 0))
    closing = _closing(lines, max(body, 2))
    end = _end(lines, closing)
    return Letter(lines, flow_of(paginas), addressee, subject, greeting, body, closing, end)


_SALUTED = re.compile(r"\bbuen(?:os|as) (?:dias|tardes|noches)\b|\bsaludos?\b")
"""«Doctora comisaria, buenas tardes:»."""


_FORM = re.compile(r"^\W*(?:senor(?:a|es)?|doctor(?:a|es)?)\W*$")


def _addressee(lines: list[Line], labelled: int) -> int:
    """The line that says to whom: no salutation, no post in a letterhead, no signer's title."""
    full = _full(lines)
    for index, line in enumerate(lines[:HEAD]):
        match = ADDRESSEE.match(line.plain)
        if match is None or line.plain[match.start("resto") :].startswith(("-", "–", "—")):
            continue
        rest, ended = match["resto"].strip(" :,."), line.text.rstrip().endswith((":", ","))
        saluted = ended and bool(rest) and (index > labelled or bool(_SALUTED.search(rest)))
        signing = index >= 6 and (len(lines) - index <= 4 or sum(i < index for i in full) > 2)
        if saluted or signing:
            continue
        head = index < 4 and bool(COMPANY.search(match["resto"]))
        if head and any(_FORM.match(x.plain) for x in lines[index + 1 : min(labelled, HEAD)]):
            continue  # «Honorable Concejo Municipal» is a letterhead too
        return index
    return -1


def _full(lines: list[Line]) -> list[int]:
    """The lines of running text, by their width."""
    wide = sorted(x.right - x.left for x in lines)[int(len(lines) * 0.9)] if lines else 0.0
    return [i for i, x in enumerate(lines) if x.right - x.left > 0.75 * wide and len(x.words) >= 6]


def _says_goodbye(lines: list[Line], first: int, index: int) -> bool:
    """Whether «Cordial saludo,» stands below the text and not above it."""
    full = _full(lines)
    above, below = any(first < i < index for i in full), any(i > index for i in full)
    return above and not below and bool(CLOSING.search(lines[index].plain))


def _end(lines: list[Line], closing: int) -> int:
    """Where an enclosed letter begins below the signature: its own «Señores» on a later page."""
    if closing < 0:
        return len(lines)
    page = lines[closing].page
    for index in range(closing + 6, len(lines)):
        match = ADDRESSEE.match(lines[index].plain)
        if match and lines[index].page > page and len(lines[index].words) <= 2:
            return index
    return len(lines)


def _first(lines: list[Line], fits: Callable[[Line], bool], start: int, end: int) -> int:
    return next((i for i, x in enumerate(lines[:end]) if i >= start and fits(x)), -1)


def _paragraph(lines: list[Line], start: int) -> int:
    """Where running text begins below *start*: the first line that is nearly as wide as the page's.

    A subject may be as wide; its own line is known by its label.
    """
    wide = sorted(x.right - x.left for x in lines)[int(len(lines) * 0.9)] if lines else 0.0
    margin = min((x.left for x in lines if x.right - x.left > 0.5 * wide), default=0.0)
    for index in range(start + 1, min(len(lines), HEAD + 20)):
        line = lines[index]
        full = line.right - line.left > 0.75 * wide and line.left < margin + 40
        if full and len(line.words) >= 6 and subject_label(line) < 0:
            return index
    return min(len(lines), 25)


def _closing(lines: list[Line], start: int) -> int:
    """The leave-taking: the first that has somebody's identity close below it, else the last.

    Enclosed letters have leave-takings of their own; sentences may end in the same words.
    """
    found = [i for i, x in enumerate(lines) if i > start and CLOSING.search(x.plain)]
    for index in found:
        if any(IDENTIFIED.search(x.plain) for x in lines[index + 1 : index + 9]):
            return index
    if found:
        return found[-1]
    spoken = [i for i in range(start + 1, len(lines) - 1) if _takes_leave(lines, i)]
    for index in spoken:
        if any(IDENTIFIED.search(x.plain) for x in lines[index + 2 : index + 5]):
            return index
    if spoken:
        return spoken[-1]
    signed = [i for i, x in enumerate(lines) if i > start and IDENTIFIED.match(x.plain)]
    return max(signed[-1] - 4, start) if signed else -1


def _takes_leave(lines: list[Line], index: int) -> bool:
    """Whether a short line with a comma stands above what may be a name: «Su amiga de siempre,»."""
    line, below = lines[index], lines[index + 1]
    posted = lines[index + 2].plain if index + 2 < len(lines) else ""
    known = IDENTIFIED.search(posted) or NOT_NAME.search(posted)
    longest = 14 if known and len(posted.split()) <= 8 else 6
    if len(line.words) > longest or not line.text.endswith((",", ":")) or ":" in line.text[:-1]:
        return False
    capitals = [w for w in below.words if w.texto[:1].isupper()]
    named = 2 <= len(below.words) <= 7 and len(capitals) * 3 >= len(below.words) * 2
    return named and below.page >= line.page and not any(c.isdigit() for c in below.text)
