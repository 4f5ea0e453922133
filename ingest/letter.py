"""A letter taken apart: its lines, and where addressee, salutation and leave-taking stand."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.wording import ADDRESSEE, CLOSING, GREETING

if TYPE_CHECKING:
    from ingest.lectura import Pagina, Palabra


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its words, joined, and the same without accents or capitals."""

    page: int
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

    def find(self, start: int, end: int) -> list[Palabra]:
        """The words under the characters *start* to *end* of the text."""
        found, at = [], 0
        for word in self.words:
            if at < end and at + len(word.texto) > start:
                found.append(word)
            at += len(word.texto) + 1
        return found


def plain(text: str) -> str:
    """*text* without accents (ñ kept as n) and in lower case, of the same length."""
    out = []
    for c in text:
        base = unicodedata.normalize("NFD", c)[0].lower()
        out.append(base if len(base) == 1 else c)
    return "".join(out)


def lines_of(paginas: list[Pagina]) -> list[Line]:
    """All lines of the document in reading order."""
    out: list[Line] = []
    for number, page in enumerate(paginas, 1):
        rows: dict[int, list[Palabra]] = {}
        for word in page.palabras:
            rows.setdefault(word.linea, []).append(word)
        for words in rows.values():
            text = " ".join(w.texto for w in words)
            out.append(Line(number, tuple(words), text, plain(text)))
    return out


@dataclass(frozen=True, slots=True)
class Letter:
    """The lines of a letter and where its parts begin; -1 where a part was not found."""

    lines: list[Line]
    addressee: int
    greeting: int
    closing: int

    def head(self) -> list[Line]:
        """What stands above the salutation, at most 25 lines."""
        ends = [i for i in (self.greeting, 25) if i >= 0]
        return self.lines[: min([*ends, len(self.lines)])]

    def foot(self) -> list[Line]:
        """What stands below the leave-taking."""
        return self.lines[self.closing + 1 :] if self.closing >= 0 else []


def dissect(lines: list[Line]) -> Letter:
    addressee = next((i for i, x in enumerate(lines[:25]) if ADDRESSEE.match(x.plain)), -1)
    after = max(addressee, 0)
    greeting = next(
        (i for i, x in enumerate(lines[:35]) if i > after and GREETING.match(x.plain)), -1
    )
    closings = [i for i, x in enumerate(lines) if i > max(greeting, 3) and CLOSING.search(x.plain)]
    return Letter(lines, addressee, greeting, closings[-1] if closings else -1)
