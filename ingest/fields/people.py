"""Who signs: the name below the leave-taking, of a form, or of the one who says «yo»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.fields import zones
from ingest.fields.evidence import again, made
from ingest.fields.names import bare, common, is_initial, is_particle, name_like, spelt
from ingest.fields.towns import town_of
from ingest.letter import plain
from ingest.wording import COMPANY, DEPENDENCY, IDENTIFIED, NAME_WORD, NOT_NAME, any_of, label

if TYPE_CHECKING:
    from ingest.lectura import Campo, Palabra
    from ingest.letter import Letter, Line

LABEL = label("nombre")
_TITLE = re.compile(rf"^\W*(?:{any_of('titulos')}\b\.?\s+)+")
_TOLD = 0.85
"""How often a name is right that only the text tells."""
_TOLD_NUMBER = 0.93
"""How often, where the number of his document follows."""
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
    mailed = _labelled(letter, letter.lines[:4], 0.96) if found else None
    if found and mailed and mailed.line is found.line:
        # a printed e-mail, whose name of an account is often shorter than the name that signs
        found = next((Signature(n, x, 0.94) for x in zones.foot(letter)[:6]
                      if (n := name_in(x)) and _covers(n, found.words)), found)  # fmt: skip
    if found is None:
        return told
    if mailed and _shorter(found.words, spelt(mailed.words)[0]):
        found = mailed
    name, sure = spelt(found.words)
    signed = made(name, found.rule * sure, found.words, found.line.page)
    if sum(not is_particle(w) for w in found.words) > _MOST or (told and _longer(told, signed)):
        signed = again(signed, 0.9)  # two who sign side by side; or a name that he told longer
    told = told if told and _shorter(found.words, told.valor) else _introduced(letter)
    if told is None or not _shorter(found.words, told.valor):
        told = _fuller(letter, found.words)
    if told is not None and _shorter(found.words, told.valor):
        # who signs «Manuel Hoyos T.» said his whole name in the text; twice said is surer
        return again(told, max(1.0, 94 / told.confianza) if signed.confianza > 80 else 1.0)
    return signed


def _longer(told: Campo, signed: Campo) -> bool:
    """Whether one name is the other with a second first name."""
    one, other = plain(told.valor).split(), plain(signed.valor).split()
    return len(one) > len(other) and set(other) < set(one) and one[-1] == other[-1]


_MOST = 5
"""Words of a name, at most, but for particles."""


def _fuller(letter: Letter, words: list[Palabra]) -> Campo | None:
    """The name of who signs as the text writes it whole, wherever it does."""
    flow, first = letter.flow, plain(bare(words[0]))
    for at, (page, word) in enumerate(flow.words):
        if word in words or plain(bare(word)) != first:
            continue
        run: list[Palabra] = []
        for beside, other in flow.words[at : at + 7]:
            ended = run and run[-1].texto.endswith((",", ".", ":", ";", ")"))
            named = name_like(other) or is_particle(other)
            ended = ended or bool(len(run) >= len(words) and run[-1].linea != other.linea)
            if ended or beside != page or not named or _AFTER_NAME.match(plain(other.texto)):
                break
            run.append(other)
        while run and is_particle(run[-1]):
            run.pop()
        name, sure = spelt(run)
        if _shorter(words, name) and not NOT_NAME.search(plain(name)):
            return made(name, _TOLD * sure, run, page)
    return None


def _covers(longer: list[Palabra], words: list[Palabra]) -> bool:
    """Whether a name has all words of another, and more."""
    one, other = ({plain(bare(w)) for w in x} for x in (longer, words))
    return other < one


def _shorter(words: list[Palabra], told: str) -> bool:
    """Whether *told* is the whole of a name that was signed without its last surname."""
    held = plain(told).split()
    whole = [plain(bare(w)) for w in words if not is_initial(w)]
    shorter = len(whole) >= 2 and len(held) > len(whole) and set(whole) <= set(held)
    return shorter and (any(map(is_initial, words)) or whole[-1] != held[-1])


_INTRODUCED = re.compile(r",?\s+(?:varon|mujer|mayor de edad|mayor,|identificad[oa])\b")


def _introduced(letter: Letter) -> Campo | None:
    """`ANA GIL RÍOS, mayor de edad…`: the name before how a sentence describes its bearer."""
    for match in _INTRODUCED.finditer(letter.flow.plain):
        page, before = letter.flow.find(max(0, match.start() - 60), match.start())
        words: list[Palabra] = []
        for word in reversed(before):
            ended = words and word.texto.endswith((",", ".", ":", ";"))
            if ended or not (name_like(word) or is_particle(word)):
                break
            words.insert(0, word)
        if len(words) >= 2:
            name, sure = spelt(words)
            return made(name, _TOLD * sure, words, page)
    return None


def signature(letter: Letter) -> Signature | None:
    """The signer as he stands below the leave-taking, in a form, or in a printed e-mail."""
    labelled = _labelled(letter, zones.form_rows(letter), 0.965)
    if labelled is not None and zones.is_form(letter):
        return labelled
    listed = roster(letter)
    if listed is not None:
        return Signature(name_in(listed[0]), listed[0], 0.94)
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
        posted = any(NOT_NAME.search(x.plain) for x in foot[index + 1 : index + 2])
        known = 0.95 if index <= 4 and common(words) else 0.88 if index == 0 or posted else 0.85
        return Signature(words, line, known)
    return labelled or _last_lines(letter) or _memorandum(letter)


def _memorandum(letter: Letter) -> Signature | None:
    """`Para: … De: Ana Gil`, at the head of a memorandum that nobody signs."""
    head = letter.head()
    if not any(x.plain.lstrip().startswith("para") for x in head):
        return None
    rows = [x for x in head if re.match(r"^\W*de\s*:", x.plain)]
    return _labelled(letter, rows, 0.94)


_HEADING = (
    re.compile(r"^\W*(?:apellidos y )?nombres?(?: y apellidos?)?(?: completos?)?\W*$"),
    re.compile(
        r"^\W*(?:(?:numero|no\.?|n°) de )?(?:cedula|c\.?\s?c|documento|identificacion)"
        r"(?: de \w+| no)?\W*$"
    ),
)


def roster(letter: Letter) -> tuple[Line, Line | None] | None:
    """The first who signs a table headed «Nombre | Cédula»: the cell of his name and number."""
    for index, line in enumerate(letter.lines):
        after = [x for x in letter.lines[index + 1 : index + 5] if x.row == line.row]
        if not _HEADING[0].match(line.plain) or not any(_HEADING[1].match(x.plain) for x in after):
            continue
        first = letter.under(index)
        if first is None or not name_in(first):
            return None
        number = next(x for x in after if _HEADING[1].match(x.plain))
        below = letter.under(letter.lines.index(number))
        same = below is not None and below.row == first.row
        return first, below if same else None
    return None


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
        if beside and line is not own and NUMBERED.match(line.plain):
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
    found = [(x, n) for i, x in enumerate(tail) if (n := name_in(x)) and _identified(tail, i)]
    for line, words in found[:1]:
        return Signature(words, line, 0.93 if len(found) == 1 and common(words) else 0.85)
    posted = [
        Signature(n, x, 0.88)
        for x, below in pairwise(tail)
        if (n := name_in(x)) and common(n) and below.row == x.row + 1
        if len(below.words) <= 8 and NOT_NAME.search(below.plain)
    ]
    return posted[0] if len(posted) == 1 else None


def _told(letter: Letter) -> Campo | None:
    """`Yo, Ana Gil, identificada con…` of a letter that nobody signs below."""
    flow = letter.flow
    pattern = re.compile(r"\b(?:yo|soy|mi nombre es|me llamo|(?:el|la) suscrit[oa])\b[,:]?\s+")
    for match in pattern.finditer(flow.plain):
        words: list[Palabra] = []
        page, after = flow.find(match.end(), match.end() + 70)
        for word in after:
            if not (name_like(word) or (words and is_particle(word))):
                break
            if _AFTER_NAME.match(plain(word.texto)):
                break
            words.append(word)
            if word.texto.endswith((",", ".", ";")):
                break
        if len(words) >= 2:
            name, sure = spelt(words)
            after_name = flow.plain[match.end() + len(name) : match.end() + len(name) + 60]
            by_number = bool(re.search(r"\d{1,3}\.?\d{3}\.?\d{3}", after_name))
            return made(name, (_TOLD_NUMBER if by_number else _TOLD) * sure, words, page)
    return None


_AFTER_NAME = re.compile(
    r"^\W*(?:con|identific|mayor|menor|portador|domicili|vecin|natural|varon|mujer|ciudadan|abogad|en\b|actuando|obrando|residen)"
)
"""How the sentence goes on behind a name, in capitals too."""


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
    if NOT_NAME.search(_SEGUNDO.sub("", text)) or COMPANY.search(text):
        return []
    if DEPENDENCY.match(line.plain):
        return []
    known = town_of(" ".join(w.texto for w in words))
    if known is not None and known.sure == 1.0:
        return []
    odd = [w.texto for w in words if not NAME_WORD.match(bare(w))]
    # One capital in three may be read as a small letter on a fax.
    inner = not odd or (len(odd) == 1 and len(words) >= 3 and odd[0].isalpha())
    solid = sum(len(w.texto) >= 3 for w in words) >= 2
    return words if inner and solid else []


_SEGUNDO = re.compile(r"^segund[oa] (?=\w+ \w+)")
"""A first name in the south, and an ordinal in a post."""


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


NUMBERED = re.compile(r"^\W*\d{1,3}(?:\.\d{3}){2,3}(?: (?:de |expedida en )?[a-z .()]{3,30})?\W*$")
"""A number with dots alone on its line: below a name, what else would it be than his cédula?"""
IDENTIFIED_INSIDE = re.compile(
    r"[\s,–-]+(?:[c€]\s?\.?\s?[c€e]\b|t\s?\.\s?[ip]\b|cedula|ced\b|nit\b|tel\b|cel\b).*\d"
)
