"""Who signs: the name below the leave-taking, of a form, or of the one who says «yo»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.fields import zones
from ingest.fields.evidence import made
from ingest.fields.names import bare, common, is_initial, is_particle, name_like, spelt
from ingest.fields.towns import town_of
from ingest.letter import plain
from ingest.wording import COMPANY, IDENTIFIED, NAME_WORD, NOT_NAME, any_of, label

if TYPE_CHECKING:
    from ingest.lectura import Campo, Palabra
    from ingest.letter import Letter, Line

LABEL = label("nombre")
_TITLE = re.compile(rf"^\W*(?:{any_of('titulos')}\b\.?\s+)+")
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
    found, told = signature(letter), _told(letter)
    if found is None:
        return told
    name, sure = spelt(found.words)
    short = any(is_initial(w) for w in found.words)
    if short and told is not None and set(plain(name).split()[:2]) <= {*plain(told.valor).split()}:
        return told  # who signs «Manuel Hoyos T.» said his whole name in the text
    return made(name, found.rule * sure, found.words, found.line.page)


def signature(letter: Letter) -> Signature | None:
    """The signer as he stands below the leave-taking, in a form, or in a printed e-mail."""
    labelled = _labelled(letter, zones.form_rows(letter), 0.965)
    if labelled is not None and zones.is_form(letter):
        return labelled
    foot = zones.foot(letter)[:16]
    names = [(i, x, n) for i, x in enumerate(foot) if (n := name_in(x))]
    for index, line, words in names:
        if _identified(foot, index):
            return Signature(words, line, 0.985 if common(words) else 0.96)
    if not names:
        small = next(((x, n) for i, x in enumerate(foot[:5]) if (n := _small_name(foot, i))), None)
        if small is not None:
            return Signature(small[1], small[0], 0.95)
    inside = _labelled(letter, foot, 0.95)
    if inside is not None:
        return inside
    if names:
        index, line, words = names[0]
        known = 0.95 if index <= 4 and common(words) else 0.85
        return Signature(words, line, known)
    return labelled or _last_lines(letter)


def name_below(letter: Letter) -> str:
    """The signer's name in small letters without accents; empty where nobody signs."""
    found = signature(letter)
    return plain(spelt(found.words)[0]) if found else ""


def _small_name(foot: list[Line], index: int) -> list[Palabra]:
    """A name written in small letters: known words above an identity number."""
    line = foot[index]
    words = [w for w in line.words if w.texto.strip(",.;").isalpha()]
    good = 2 <= len(words) <= 6 and len(words) == len(line.words) and common(words)
    return words if good and not NOT_NAME.search(line.plain) and _identified(foot, index) else []


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
        good = 2 <= len(words) <= 7 and all(name_like(w) or is_particle(w) for w in words)
        if good and not COMPANY.search(plain(" ".join(w.texto for w in words))):
            return Signature(words, holder, rule)
    return None


def _until_sign(words: list[Palabra]) -> list[Palabra]:
    """Words up to where a name ends: a comma, a bracket, an e-mail's `<`."""
    out: list[Palabra] = []
    for word in words:
        sign = word.texto[:1] in "<([,–-" and not (word.texto[1:].isalpha() and out)
        if sign or any(c.isdigit() for c in word.texto):
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
    pattern = re.compile(r"\b(?:yo|mi nombre es|me llamo|(?:el|la) suscrit[oa])\b[,:]?\s+")
    for match in pattern.finditer(flow.plain):
        words: list[Palabra] = []
        page, after = flow.find(match.end(), match.end() + 70)
        for word in after:
            if not (name_like(word) or (words and is_particle(word))):
                break
            words.append(word)
            if word.texto.endswith((",", ".", ";")):
                break
        if len(words) >= 2:
            name, sure = spelt(words)
            return made(name, 0.85 * sure, words, page)
    return None


# -- names ------------------------------------------------------------------------------------


def name_in(line: Line) -> list[Palabra]:
    """The words of a cell that is a person's name (two to seven capitalised words), else none.

    Specks of a signature that were read as letters are dropped at both ends.
    """
    words = _core(line)
    if sum(w.confianza for w in words) < 45 * len(words):
        return []  # the strokes of a signature read as letters
    number = IDENTIFIED_INSIDE.search(line.plain)
    beside = len(line.find(0, number.start())) if number else len(line.words)
    if not 2 <= len(words) <= 7 or len(words) < 0.6 * beside:
        return []
    text = plain(" ".join(w.texto for w in words))
    if NOT_NAME.search(text) or COMPANY.search(text):
        return []
    known = town_of(" ".join(w.texto for w in words))
    if known is not None and known.sure == 1.0:
        return []
    odd = [w.texto for w in words if not NAME_WORD.match(bare(w))]
    # One capital in three may be read as a small letter on a fax.
    inner = not odd or (len(odd) == 1 and len(words) >= 3 and odd[0].isalpha())
    solid = sum(len(w.texto) >= 3 for w in words) >= 2
    return words if inner and solid else []


def _core(line: Line) -> list[Palabra]:
    """A cell's words without titles, specks and what follows the name on its line."""
    title = _TITLE.match(line.plain)
    words = line.find(title.end(), len(line.text)) if title else list(line.words)
    capitals = [w for w in words if len(w.texto) > 2 and w.texto.replace("l", "I").isupper()]
    if 2 <= len(capitals) < len(words) and words[-len(capitals) :] == capitals:
        words = capitals  # «Intendente Jefe ANA GIL»: what stands before is her rank
    number = IDENTIFIED_INSIDE.search(line.plain)
    if number:
        words = [w for w in words if w in line.find(0, max(number.start() - 1, 0))]
    while words and not name_like(words[0]):
        words.pop(0)
    while words and not (name_like(words[-1]) or (len(words) > 2 and is_initial(words[-1]))):
        words.pop()
    return words


IDENTIFIED_INSIDE = re.compile(
    r"[\s,–-]+(?:[c€]\s?\.?\s?[c€e]\b|t\s?\.\s?[ip]\b|cedula|ced\b|nit\b|tel\b|cel\b).*\d"
)
