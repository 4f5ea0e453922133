"""The sender's identity document and NIT: which kind, which number, and whether it can be.

A cédula has five to eight figures, or ten that begin with 1 (NUIP, since 2003); a NIT has a check
digit (`ingest.digits.check_digit`). What cannot be is kept, less sure: the clerk sees the paper.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from ingest.digits import dotted, nit_holds
from ingest.fields import people, zones
from ingest.fields.evidence import DOUBT, made
from ingest.wording import FIRST_PERSON, IDENTIFIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingest.lectura import Campo, Palabra
    from ingest.letter import Letter, Line

_BETWEEN = (
    r"[\s.:;,#*%$(]*(?:es (?:la |el )?)?"
    r"(?:(?:n[°º2]|no|nro|num|numero|n)\b\s?\.?|n[°º])?[\s.:;#°º*%$-]*(?:4\s(?=\d))?"
)
_FIGURES = r"\d{1,3}(?:\s?[.,;:'´]{1,2}\s?\d{3}|\s\d{3}){1,3}(?!\s?\d)|\d{5,15}(?!\d)"
_LETTERS = r"[a-z]{1,3}\s?-?\d{5,9}\b|\d{2}[a-z]{2}\d{5}\b"
NIT = re.compile(
    r"\bn\s?\.?\s?[il1]\s?\.?\s?[tf7]\b\.?" + _BETWEEN +
    r"(\d{1,3}(?:[.,\s]{0,2}\d{3}){2,3}(?:\s?[-—–.]\s?\d\b)?)(?!\d)"
)  # fmt: skip
_LOST = {"3": "8", "6": "8", "0": "9", "4": "9", "5": "8", "g": "9"}
"""What the first figure of a company's NIT (8 or 9) is misread as."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of identity document, a row of `documents.toml`."""

    codigo: str
    nombre: str
    formas: tuple[str, ...]
    cifras: tuple[int, int]
    puntos: bool
    letras: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document as read; `start` and `end` of its number in the text it was found in."""

    kind: Kind
    number: str
    start: int
    end: int
    sure: float


@cache
def kinds() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """The kinds of documents, each with the pattern of its name and number."""
    path = resources.files("ingest") / "fields" / "documents.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["documentos"]
    out = []
    for kind in msgspec.convert(rows, tuple[Kind, ...]):
        number = f"{_FIGURES}|{_LETTERS}" if kind.letras else _FIGURES
        out.append(
            (kind, re.compile(rf"(?<!\w)(?<!\w\.)(?:{'|'.join(kind.formas)}){_BETWEEN}({number})"))
        )
    return tuple(out)


def documents(text: str) -> list[Document]:
    """The identity documents in a plain text, in order; a number of the wrong length is none."""
    found: list[Document] = []
    for kind, pattern in kinds():
        for match in pattern.finditer(text):
            bare = re.sub(r"[^\da-z]", "", match.group(1))
            low, high = kind.cifras
            taken = any(d.start < match.end(1) and match.start(1) < d.end for d in found)
            if taken or not low <= sum(c.isdigit() for c in bare) <= high:
                continue
            sure, bare = _possible(kind, bare)
            number = dotted(bare) if kind.puntos else bare.upper()
            start, end = match.span(1)
            found.append(Document(kind, number, start, end, sure))
    return sorted(found, key=lambda d: d.start)


def _possible(kind: Kind, bare: str) -> tuple[float, str]:
    """(1, or less for a number that its kind cannot have; the number, a lost first 1 put back)."""
    if kind.codigo not in ("CC", "TI"):
        return 1.0, bare
    if len(bare) == 9 and bare.startswith("0"):
        return 0.8, f"1{bare}"  # ten figures begin with 1.0, and no cédula with 0
    if kind.codigo == "CC" and len(bare) in (9, 5):
        return 0.7, bare
    if len(bare) == 10 and not bare.startswith("1"):
        return 0.7, bare
    return 1.0, bare


@dataclass(frozen=True, slots=True)
class _Found:
    document: Document
    rule: float
    words: list[Palabra]
    label: list[Palabra]
    page: int


def number(letter: Letter) -> Campo | None:
    """The number of the sender's document: beside the signer, or where he names himself."""
    found = _own(letter)
    if found is None:
        return None
    return made(found.document.number, found.rule * found.document.sure, found.words, found.page)


def kind(letter: Letter) -> Campo | None:
    """Of which kind that number is; `NIT` where the sender has no other."""
    found = _own(letter)
    if found is None:
        held = nit(letter)
        return held and type(held)("NIT", held.confianza, held.pagina, held.caja)
    words = [*found.label, *found.words]
    return made(found.document.kind.codigo, found.rule, words, found.page, read=[])


def _own(letter: Letter) -> _Found | None:
    told = _told(letter)
    for rule, lines in ((0.985, _beside_signer(letter)), (0.97, _labelled_rows(letter)),
                        (0.97, zones.foot(letter))):  # fmt: skip
        found = next(_in_lines(lines, rule), None)
        if found is not None:
            if rule < 0.98 and len({f.document.number for f in _in_lines(lines, rule)}) > 1:
                found = replace(found, rule=0.88)  # which of several is the sender's is not said
            if told is not None and told.document.number == found.document.number:
                return (
                    told
                    if told.rule > rule
                    else _Found(found.document, 0.995, found.words, found.label, found.page)
                )
            return found
    return told or _bare(letter) or _ticked(letter) or _standing(letter)


def _labelled_rows(letter: Letter) -> list[Line]:
    """Cells of a form; of a letter without a leave-taking those that begin with the document."""
    rows = zones.form_rows(letter)
    return rows if zones.is_form(letter) else [x for x in rows if _LABELLED.match(x.plain)]


_LABELLED = re.compile(
    r"^\W*(?:documento|identificacion|identificad[oa]|numero de)\b|" + IDENTIFIED.pattern
)
_TICKED = re.compile(
    r"(?<!\w)(c\.?c|c\.?e|t\.?i|p\.?p\.?t|p\.?e\.?p|p\.?a|r\.?c)\b\.?[\s_(\[:]*x\b[\s_)\]]*.*?(\d[\d.]{4,13}\d)"
)
"""`CC _X_ CE __ TI __ No. 1.112.477.093`: the kind whose box is ticked."""


def _ticked(letter: Letter) -> _Found | None:
    for line in zones.form_rows(letter):
        match = _TICKED.search(re.sub(r"_", " ", line.plain))
        if match is None:
            continue
        code = match.group(1).replace(".", "").upper()
        of = next(k for k, _ in kinds() if k.codigo == code)
        sure, bare = _possible(of, re.sub(r"\D", "", match.group(2)))
        start, end = match.span(2)
        written = Document(of, dotted(bare) if of.puntos else bare, start, end, sure)
        return _Found(written, 0.94, line.find(start, end), line.find(*match.span(1)), line.page)
    return None


def _standing(letter: Letter) -> _Found | None:
    """A line of the text that is nothing but a document: the sender's, if it is the only one."""
    every = {d.number for d in documents(letter.flow.plain)}
    lines = [x for x in letter.lines[max(letter.body, 0) :] if len(x.words) <= 7]
    rule = 0.94 if len(every) == 1 else 0.8
    return next(_in_lines([x for x in lines if IDENTIFIED.match(x.plain)], rule), None)


def _bare(letter: Letter) -> _Found | None:
    """A number alone below the signer, or beside him in a table that has its heading."""
    listed = people.roster(letter)
    cells = [(x, 0.88) for x in _beside_signer(letter)[1:3] if people.NUMBERED.match(x.plain)]
    if listed is not None and listed[1] is not None:
        cells.insert(0, (listed[1], 0.95))
    for line, rule in cells:
        match = re.search(r"\d[\d.]{4,13}", line.plain)
        if match:
            ciudadania = kinds()[-1][0]
            sure, bare = _possible(ciudadania, re.sub(r"\D", "", match.group()))
            document = Document(ciudadania, dotted(bare), *match.span(), sure)
            return _Found(document, rule, line.find(*match.span()), [], line.page)
    return None


def _in_lines(lines: Iterable[Line], rule: float) -> Iterator[_Found]:
    for line in lines:
        for document in documents(line.plain):
            words = line.find(document.start, document.end)
            label = [
                w for w in line.find(max(0, document.start - 12), document.start) if w not in words
            ]
            yield _Found(document, rule, words, label, line.page)


def _beside_signer(letter: Letter) -> list[Line]:
    """The signer's own line and those below it in his column."""
    signed = people.signature(letter)
    if signed is None:
        return []
    line = signed.line
    start = letter.lines.index(line)
    after = [x for x in letter.lines[start : start + 14] if x.page == line.page]
    return [
        x for x in after if x is line or (x.left < line.right + 40 and x.right > line.left - 40)
    ][:7]


_OF_ONESELF = re.compile(
    r"^\W*(?:soy|actuo)\b|\bmi (?:numero de )?(?:cedula|documento|identificacion)\b"
)
_IS = re.compile(r"\b[Ss]oy [A-ZÁÉÍÓÚÑ]")


def _told(letter: Letter) -> _Found | None:
    """`Yo, …, identificada con la cédula…`: a document in a sentence of the first person."""
    flow = letter.flow
    name = people.name_below(letter)
    for document in documents(flow.plain):
        before = flow.plain[max(0, document.start - 220) : document.start]
        sentence = re.split(r"(?<=[a-z]{4})\.\s", before)[-1]
        written = flow.text[document.start - len(sentence) : document.start]
        own = FIRST_PERSON.search(sentence) or _OF_ONESELF.search(sentence) or _IS.search(written)
        if own or (name and name in re.sub(r"[^a-z ]", "", sentence)):
            page, words = flow.find(document.start, document.end)
            return _Found(document, 0.96, words, [], page)
    return None


# -- NIT --------------------------------------------------------------------------------------


def nit(letter: Letter) -> Campo | None:
    """The NIT of the sender: of the letterhead, else below the signature."""
    head = [] if zones.is_form(letter) else zones.letterhead(letter)
    for rule, lines in ((0.98, head), (0.97, zones.foot(letter)), (0.95, zones.form_rows(letter))):
        for line in lines:
            match = NIT.search(line.plain)
            if match:
                value, sure = _nit(match.group(1))
                return made(value, rule * sure, line.find(*match.span(1)), line.page)
    return _nit_told(letter)


def _nit_told(letter: Letter) -> Campo | None:
    """`obrando como representante legal de …, NIT 900.123.456-7`, in the first person."""
    flow = letter.flow
    for match in NIT.finditer(flow.plain):
        before = flow.plain[max(0, match.start() - 260) : match.start()]
        sentence = re.split(r"(?<=[a-z]{4})\.\s", before)[-1]
        if FIRST_PERSON.search(sentence) and "representa" in sentence:
            page, words = flow.find(*match.span(1))
            value, sure = _nit(match.group(1))
            return made(value, 0.9 * sure, words, page)
    return None


def _nit(written: str) -> tuple[str, float]:
    """(the NIT as it is written, how sure its check digit leaves it)."""
    parts = re.split(r"\s?[-—–]\s?|(?<=\d{3})\s?\.\s?(?=\d$)", written)
    check = parts[1] if len(parts) > 1 else ""
    value = dotted(parts[0]) + (f"-{check}" if check else "")
    holds = nit_holds(value)
    if holds is not False:
        return value, 1.0 if holds else 0.93
    first = value[:1]
    bare = re.sub(r"\D", "", parts[0])
    other = f"{_LOST.get(first, first)}{value[1:]}"
    if len(bare) == 9 and first not in "89" and nit_holds(other):
        return other, 0.9
    return value, DOUBT
