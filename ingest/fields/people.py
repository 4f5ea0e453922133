"""Who signs: the name below the leave-taking, of a form, or of the one who says «yo»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.fields import zones
from ingest.fields.evidence import made
from ingest.fields.towns import town_of
from ingest.letter import plain
from ingest.wording import COMPANY, IDENTIFIED, NAME_WORD, NOT_NAME, WORDS, label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.lectura import Campo, Palabra
    from ingest.letter import Letter, Line

LABEL = label("nombre")
PARTICLES = frozenset(WORDS["particulas"])
_TITLE = re.compile(
    r"^\W*(?:dra?|sra?|ing|arq|abg|abog|lic|don|dona|pbro|mg|msc|phd|cr|ct|my|senora?)\b\.?\s+"
)
_NEAR = 6
"""Cells between a name and the identity number that belongs to it, at most."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signer's name: its words, the cell it stands in, and how sure the rule is."""

    words: list[Palabra]
    line: Line
    rule: float


def signer(letter: Letter) -> Campo | None:
    """The person who signs; the first where there are several."""
    found = signature(letter)
    if found is not None:
        return made(spelt(found.words), found.rule, found.words, found.line.page)
    return _told(letter)


def signature(letter: Letter) -> Signature | None:
    """The signer as he stands below the leave-taking, in a form, or in a printed e-mail."""
    labelled = _labelled(letter, zones.form_rows(letter), 0.965)
    if labelled is not None and zones.is_form(letter):
        return labelled
    foot = zones.foot(letter)[:16]
    names = [(i, x, n) for i, x in enumerate(foot) if (n := name_in(x))]
    for index, line, words in names:
        if _identified(foot, index):
            return Signature(words, line, 0.98)
    inside = _labelled(letter, foot, 0.95)
    if inside is not None:
        return inside
    if names:
        index, line, words = names[0]
        return Signature(words, line, 0.94 if index <= 4 else 0.8)
    return labelled or _last_lines(letter)


def name_below(letter: Letter) -> str:
    """The signer's name in small letters without accents; empty where nobody signs."""
    found = signature(letter)
    return plain(spelt(found.words)) if found else ""


def _identified(foot: list[Line], index: int) -> bool:
    """Whether an identity number follows in the name's column, and no other name before it."""
    own = foot[index]
    for line in foot[index : index + _NEAR]:
        beside = line is own or (line.left < own.right + 40 and line.right > own.left - 40)
        if beside and (IDENTIFIED.search(line.plain) or IDENTIFIED_INSIDE.search(line.plain)):
            return True
        if line is not own and beside and name_in(line):
            return False
    return False


def _labelled(letter: Letter, lines: list[Line], rule: float) -> Signature | None:
    """`Nombre: Ana Gil`, the value behind its label or in the next cell."""
    for index, line in enumerate(lines):
        match = LABEL.match(line.plain)
        if not match:
            continue
        words = line.find(match.end(), len(line.text))
        holder = line
        if not words and index + 1 < len(lines) and lines[index + 1].row == line.row:
            holder = lines[index + 1]
            words = list(holder.words)
        words = _until_sign(words)
        good = 2 <= len(words) <= 7 and all(name_like(w) or _particle(w) for w in words)
        if good and not COMPANY.search(plain(" ".join(w.texto for w in words))):
            return Signature(words, holder, rule)
    return None


def _until_sign(words: list[Palabra]) -> list[Palabra]:
    """Words up to where a name ends: a comma, a bracket, an e-mail's `<`."""
    out: list[Palabra] = []
    for word in words:
        if word.texto[:1] in "<([,–-" or any(c.isdigit() for c in word.texto):
            break
        out.append(word)
        if word.texto.endswith((",", ";")):
            break
    return out


def _last_lines(letter: Letter) -> Signature | None:
    """A name near the end of a letter that takes no leave, if an identity number is by it."""
    tail = letter.lines[max(letter.body + 2, len(letter.lines) - 10) :]
    for index, line in enumerate(tail):
        words = name_in(line)
        if words and _identified(tail, index):
            return Signature(words, line, 0.9)
    return None


def _told(letter: Letter) -> Campo | None:
    """`Yo, Ana Gil, identificada con…` of a letter that nobody signs below."""
    flow = letter.flow
    pattern = re.compile(r"\b(?:yo|mi nombre es|me llamo|(?:el|la) suscrit[oa])\b,?\s+")
    for match in pattern.finditer(flow.plain):
        words: list[Palabra] = []
        page, after = flow.find(match.end(), match.end() + 70)
        for word in after:
            if not (name_like(word) or (words and _particle(word))):
                break
            words.append(word)
            if word.texto.endswith((",", ".", ";")):
                break
        if len(words) >= 2:
            return made(spelt(words), 0.85, words, page)
    return None


# -- names ------------------------------------------------------------------------------------


def name_in(line: Line) -> list[Palabra]:
    """The words of a cell that is a person's name (two to seven capitalised words), else none.

    Specks of a signature that were read as letters are dropped at both ends.
    """
    words = _core(line)
    if sum(w.confianza for w in words) < 45 * len(words):
        return []  # the strokes of a signature read as letters
    if not 2 <= len(words) <= 7 or len(words) < 0.6 * len(line.words):
        return []
    text = plain(" ".join(w.texto for w in words))
    if NOT_NAME.search(text) or COMPANY.search(text):
        return []
    known = town_of(" ".join(w.texto for w in words))
    if known is not None and known.sure == 1.0:
        return []
    odd = [w.texto for w in words if not NAME_WORD.match(w.texto.strip(",;:"))]
    # One capital in three may be read as a small letter on a fax.
    inner = not odd or (len(odd) == 1 and len(words) >= 3 and odd[0].isalpha())
    solid = sum(len(w.texto) >= 3 for w in words) >= 2
    return words if inner and solid else []


def _core(line: Line) -> list[Palabra]:
    """A cell's words without titles, specks and what follows the name on its line."""
    title = _TITLE.match(line.plain)
    words = line.find(title.end(), len(line.text)) if title else list(line.words)
    number = IDENTIFIED_INSIDE.search(line.plain)
    if number:
        words = [w for w in words if w in line.find(0, max(number.start() - 1, 0))]
    while words and not name_like(words[0]):
        words.pop(0)
    while words and not name_like(words[-1]):
        words.pop()
    return words


IDENTIFIED_INSIDE = re.compile(
    r"[\s,–-]+(?:[c€]\s?\.?\s?[c€e]\b|t\s?\.\s?[ip]\b|cedula|ced\b|nit\b|tel\b|cel\b).*\d"
)


def name_like(word: Palabra) -> bool:
    """Whether a word may begin or end a name."""
    text = word.texto.strip(",;:.\"'*_")
    letters = text.replace("-", "").replace("'", "").replace("’", "")
    return len(text) >= 3 and text[0].isupper() and letters.isalpha()


def _particle(word: Palabra) -> bool:
    return word.texto.lower().strip(",.;") in PARTICLES


def spelt(words: Iterable[Palabra]) -> str:
    """A name from its words: without signs; `l` among capitals is I, a lost capital comes back."""
    out = []
    for word in words:
        text = word.texto.strip('.,;:*_"“”')
        if text.replace("l", "I").isupper() and "l" in text and len(text) >= 3:
            text = text.replace("l", "I")
        if text[:1].islower() and text not in PARTICLES and len(text) >= 3:
            text = text[0].upper() + text[1:]
        out.append(text)
    return " ".join(out)
