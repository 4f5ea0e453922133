"""What a letter says it is about: the line of «Asunto» or «Referencia» and those it runs on to.

A letter without such a line has no suggested subject: absent is better than invented.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.digits import lettered
from ingest.fields.evidence import made
from ingest.letter import subject_label
from ingest.wording import ADDRESSEE, CITE, GREETING, LABELLED, PROPER_SUBJECT

if TYPE_CHECKING:
    from ingest.lectura import Campo, Palabra
    from ingest.letter import Letter, Line

_DASHES = frozenset("-—–−")
EN_DASH = 0.47
"""A lone dash wider than this share of its line's height is a dash and no hyphen.

Measured on seven faces: hyphens 0.28 to 0.40, dashes 0.57 to 0.67 of the words' median height.
"""
LONGEST = 6


def subject(letter: Letter) -> Campo | None:
    """The subject as printed, words that were cut at a line's end made whole."""
    if letter.subject < 0:
        return None
    label = letter.lines[letter.subject]
    start = subject_label(label)
    words = label.find(start, len(label.text)) if start < len(label.text) else []
    lines = _lines(letter, bool(words))
    if words:
        lines = [(label, words), *lines]
    if not lines:
        return None
    value = _join(lines)
    every = [w for _, part in lines for w in part]
    page = lines[0][0].page
    rule = 0.985 if PROPER_SUBJECT.match(label.plain) else 0.975
    return made(value, rule, [w for w in every if w.texto not in _DASHES], page) if value else None


def _lines(letter: Letter, begun: bool) -> list[tuple[Line, list[Palabra]]]:
    """The lines of the subject below (or beside) its label."""
    index = letter.subject
    label = letter.lines[index]
    out: list[tuple[Line, list[Palabra]]] = []
    beside = letter.beside(index)
    if not begun and beside is not None:
        out.append((beside, list(beside.words)))
        index += 1
    leading, right = _body(letter, label.page)
    block = _block(letter, index, leading, right)
    last = out[-1][0] if out else label
    whole = _whole(letter, index, block)
    for below in block[: LONGEST - 1]:
        if not out and not begun:
            out.append((below, list(below.words)))  # the label stands alone above its text
        elif whole or _continues(last, below, label, right):
            out.append((below, list(below.words)))
        else:
            break
        last = below
    return out


def _block(letter: Letter, index: int, leading: float, edge: float) -> list[Line]:
    """The lines that follow without a gap, up to what is certainly no subject.

    A label ends it, unless the line above had no room for that word.
    """
    out: list[Line] = []
    last = letter.lines[index]
    for below in letter.lines[index + 1 :]:
        if below.row == last.row:
            break  # another column
        step = 1.6 if not out and subject_label(last) >= len(last.text.rstrip()) else 1.35
        if below.page != last.page or not 0 < below.top - last.top < step * leading:
            break
        other = LABELLED.match(below.plain) or _OTHER_LABEL.match(below.text)
        label = other and subject_label(below) < 0 and len(below.words) > 2
        wrapped = label and edge - last.right < below.words[0].caja[2] - below.words[0].caja[0]
        if _no_subject(below) and not wrapped:
            break
        out.append(below)
        last = below
    return out


_OTHER_LABEL = re.compile(
    r"^\W*[A-ZÁÉÍÓÚÑ][\wáéíóúñÁÉÍÓÚÑ]{3,}(?: [\wáéíóúñÁÉÍÓÚÑ]+){0,2}\s?:\s+\S"
)
"""`Proceso penal: 2700…`: another row of a reference, which is no part of the subject."""


def _no_subject(line: Line) -> bool:
    return bool(
        CITE.search(line.plain)
        or GREETING.match(line.plain)
        or LABELLED.match(line.plain)
        or _OTHER_LABEL.match(line.text)
        or subject_label(line) >= 0
        or ADDRESSEE.match(line.plain)
    )


def _whole(letter: Letter, index: int, block: list[Line]) -> bool:
    """Whether the lines up to the salutation are one block: then all of it is the subject."""
    if not block or letter.greeting < 0 or len(block) >= LONGEST:
        return False
    return index + len(block) + 1 == letter.greeting


def _body(letter: Letter, page: int) -> tuple[float, float]:
    """The page's usual distance from row to row, and its right margin."""
    lines = [x for x in letter.lines if x.page == page]
    steps = sorted(
        b.top - a.top for a, b in pairwise(lines) if b.row > a.row and 0 < b.top - a.top < 40
    )
    edges = sorted(x.right for x in lines)
    leading = steps[len(steps) // 3] if steps else 14.0
    return leading, edges[int(len(edges) * 0.9)]


def _continues(line: Line, below: Line, label: Line, right: float) -> bool:
    """Whether *below* carries the subject on: its first word had no room above, or it hangs."""
    if below.text[:1].islower() or (line.text.endswith("-") and line.text[-2:-1].isalpha()):
        return True
    if below.left > label.left + 3 * label.height:
        return True  # hangs under the subject's text, not under its label
    if line.text.isupper() and below.text.isupper() and line is not label:
        return True
    first = below.words[0].caja
    return right - line.right < first[2] - first[0] + 0.5 * line.height


def _join(lines: list[tuple[Line, list[Palabra]]]) -> str:
    text = ""
    for line, words in lines:
        part = printed(words, line)
        if text.endswith("-") and text[-2:-1].isalpha() and part[:1].islower():
            text = text[:-1] + part
        else:
            text = f"{text} {part}".strip()
    text = text.strip(" .:;,*")
    text = text[:-2] if text.endswith(".-") else text
    for opening, closing in _QUOTES:
        both = opening != closing
        odd = text.count(opening) != text.count(closing) if both else text.count(opening) % 2
        if odd:
            text = text.strip(opening + closing)
        elif text.startswith(opening) and text.endswith(closing):
            text = text[1:-1]
    return text.strip(" .:;,*")


_QUOTES = (("«", "»"), ("“", "”"), ('"', '"'))
"""Quotation marks that go where they stand alone or hold the whole subject."""


def printed(words: list[Palabra], line: Line) -> str:
    """Words as they were printed: a dash by its width, a lone «y» as high as its neighbours."""
    out = [_spelt(w, line) for w in words]
    for i, word in enumerate(words[1:-1], 1):
        if out[i] in ("y", "Y") and word.confianza < 100:
            before, after = out[i - 1], out[i + 1]
            out[i] = "Y" if before.isupper() and after.isupper() else "y"
    return " ".join(out)


def _spelt(word: Palabra, line: Line) -> str:
    """A word as it was printed: a lone dash by its width, which engines do not tell apart."""
    if word.confianza == 100 or not set(word.texto) <= _DASHES:
        return word.texto if word.confianza == 100 else lettered(word.texto)
    wide = word.caja[2] - word.caja[0]
    return "–" if wide > EN_DASH * line.height else "-"
