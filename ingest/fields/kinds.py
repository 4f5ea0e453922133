"""What kind of petition a letter is, and whether a norm bids to attend it first.

Words, senders and grounds are tables (`kinds.toml`, `priority.toml`), each ground with its norm:
CPACA art. 5 num. 6 and art. 20 (Ley 1755 de 2015). A ground is told with the sentence it stands in.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from ingest.fields import zones
from ingest.fields.evidence import made, union
from ingest.fields.identity import NIT
from ingest.fields.subject import subject
from ingest.lectura import Campo
from ingest.letter import plain
from ingest.wording import COMPANY, DEPENDENCY, NO_MATCH, label

if TYPE_CHECKING:
    from ingest.letter import Letter, Line

BODY_CELLS = 14
"""Lines of the text in which a letter without a telling subject says what it wants."""
_SURE, _MENTIONED = 0.93, 0.6
_BELOW = 0.93
"""What the line below a signature is worth beside a letterhead: posts sound like offices."""
_NAMES_ITSELF = re.compile(r"^[^\d,;:]{0,40}$")
"""What may stand before an office's name in its own letterhead; `Resolución 12 de la…` may not."""
TYPE_LABEL = label("tipo")


class Ground(msgspec.Struct, frozen=True):
    """A ground for attending a petition first: a row of `priority.toml`."""

    codigo: str
    nombre: str
    norma: str
    """A citation of `records.norms`; `apartado` says which part of the article."""
    fuertes: tuple[str, ...]
    debiles: tuple[str, ...]
    no: tuple[str, ...] = ()
    apartado: str = ""


def _load(name: str) -> dict[str, Any]:
    path = resources.files("ingest") / "fields" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))


Rows = tuple[tuple[str, float, re.Pattern[str]], ...]


@cache
def _rows(name: str) -> Rows:
    """Rows of `kinds.toml`: kind, how sure, pattern."""
    return tuple((kind, sure, re.compile(words)) for kind, sure, words in _load("kinds.toml")[name])


@cache
def _alternatives(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_load("kinds.toml")[name]))


@cache
def grounds() -> tuple[tuple[Ground, re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    """The grounds with their patterns: what is said for sure, what is mentioned, what is not it."""
    rows = msgspec.convert(_load("priority.toml")["motivos"], tuple[Ground, ...])
    return tuple((r, _one(r.fuertes), _one(r.debiles), _one(r.no)) for r in rows)


def _one(forms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(forms)) if forms else NO_MATCH


# -- kind -------------------------------------------------------------------------------------


def kind(letter: Letter) -> Campo | None:
    """The kind: of a form's box, of the subject, of who writes, of the text."""
    about = subject(letter)
    return (
        _ticked(letter)
        or (_by_subject(about, "asunto_manda") if about else None)
        or _by_sender(letter, about)
        or (_by_subject(about, "de_que_trata", organised=_organised(letter)) if about else None)
        or _by_text(letter)
    )


def _organised(letter: Letter) -> bool:
    """Whether an organisation with a NIT writes, as far as its letterhead says."""
    head = [] if zones.is_form(letter) else zones.letterhead(letter)
    return any(NIT.search(x.plain) for x in head)


def _ticked(letter: Letter) -> Campo | None:
    """`Tipo de solicitud: Queja` of a form."""
    for line in zones.form_rows(letter):
        match = TYPE_LABEL.match(line.plain)
        if match is None:
            continue
        beside = letter.beside(letter.lines.index(line))
        cell, start = (line, match.end()) if line.plain[match.end() :] else (beside or line, 0)
        for code, sure, pattern in _rows("de_que_trata"):
            if pattern.search(cell.plain, start):
                return made(code, sure, cell.find(start, len(cell.text)), cell.page, read=[])
    return None


def _by_subject(about: Campo, rows: str, *, organised: bool = False) -> Campo | None:
    text = plain(about.valor)
    for code, sure, pattern in _rows(rows):
        match = pattern.search(text)
        if match:
            late = len(text[: match.start()].split()) >= _LATE and not _PETITION.match(text)
            sure = min(sure, _MENTIONS) if late and rows == "de_que_trata" else sure
            if code == "peticion" and organised and not _ASKS.search(text):
                sure = min(sure, _MENTIONS)  # a company's «solicitud» may be a trámite
            return Campo(code, round(100 * sure), about.pagina, about.caja)
    return None


_LATE, _MENTIONS = 3, 0.87
"""From which word on a subject may only mention a kind («informe sobre la queja…»); its worth."""
_ASKS = re.compile(r"\bpeti?c\w+|\bpido\b|\bpedimos\b")
_PETITION = re.compile(r"^\W*derecho de peticion\b")


def _senders(letter: Letter) -> list[tuple[float, Line]]:
    """Where an organisation that writes names itself, and what that place is worth."""
    own = not zones.is_form(letter) and zones.names_itself(letter)
    head = zones.letterhead(letter)[:5] if own else []
    placed = [*((1.0, x) for x in head), *((_BELOW, x) for x in zones.foot(letter)[:7])]
    return [(worth, x) for worth, x in placed if "@" not in x.text]


def _by_sender(letter: Letter, about: Campo | None) -> Campo | None:
    told = _by_subject(about, "de_que_trata") if about else None
    for worth, line in _senders(letter):
        for code, sure, pattern in _rows("quien_escribe"):
            told_name = pattern.search(line.plain)
            if told_name and _NAMES_ITSELF.match(line.plain[: told_name.start()]):
                return made(code, sure * worth, line.words, line.page, read=[])
    if told is not None and told.valor not in ("documentos", "peticion", "tramite", "consulta"):
        return None
    for worth, line in _senders(letter):
        asks = about is not None and _alternatives("pide_informacion").search(plain(about.valor))
        named = _alternatives("autoridad").search(line.plain)
        if asks and named and _NAMES_ITSELF.match(line.plain[: named.start()]):
            return made("autoridades", 0.88 * worth, line.words, line.page, read=[])
    return None


def _by_text(letter: Letter) -> Campo | None:
    first = max(letter.greeting, letter.body, 0)
    titles = letter.lines[max(letter.addressee + 2, first - 3, 0) : first]
    titles = [x for x in titles if not (COMPANY.search(x.plain) or DEPENDENCY.match(x.plain))]
    for code, sure, pattern in _rows("titulo"):
        for line in letter.lines[:3]:
            if pattern.search(line.plain):
                return made(code, sure, line.words, line.page, read=[])
    lines = [*titles, *letter.lines[first:][:BODY_CELLS]]
    for rows, share in (("de_que_trata", 0.82), ("en_el_texto", 0.8)):
        for code, sure, pattern in _rows(rows):
            for line in lines:
                if pattern.search(line.plain):
                    return made(code, sure * share, line.words, line.page, read=[])
    return None


# -- priority ---------------------------------------------------------------------------------


def priority(letter: Letter) -> Campo | None:
    """The grounds that the letter gives, in the table's order, with the sentence of the first."""
    sure, weak = _told(letter)
    found = sure or weak
    if not found:
        return None
    codes = ", ".join(dict.fromkeys(f.valor for f in found))
    first, others = found[0], {f.valor for f in weak} - {f.valor for f in sure}
    least = min(f.confianza for f in found)
    # a ground that is only mentioned may be another one that it gives
    return Campo(codes, min(least, 85) if sure and others else least, first.pagina, first.caja)


def _told(letter: Letter) -> tuple[list[Campo], list[Campo]]:
    """(grounds that are said for sure, grounds that are mentioned), each with its sentence."""
    flow = letter.flow
    sure: list[Campo] = []
    weak: list[Campo] = []
    sentences = _sentences(letter)
    for row, strong, mention, never in grounds():
        held: Campo | None = None
        for start, end in sentences:
            text = never.sub(lambda m: " " * len(m.group()), flow.plain[start:end])
            certain = strong.search(text)
            match = certain or (None if held else mention.search(text))
            if match is None:
                continue
            page, words = flow.find(start + match.start(), start + match.end())
            rule = _SURE if certain else _MENTIONED
            field = made(row.codigo, rule, words, page, read=[])
            page, whole = flow.find(start, end)
            held = Campo(field.valor, field.confianza, page, union(whole))
            if certain:
                sure.append(held)
                break
        else:
            if held is not None:
                weak.append(held)
    return sure, weak


def _sentences(letter: Letter) -> list[tuple[int, int]]:
    """Where the sentences of the subject and the text begin and end."""
    flow = letter.flow
    marks = [
        i for i in (letter.subject, letter.greeting, letter.body) if 0 <= i < len(letter.lines)
    ]
    start = flow.place_of(letter.lines[min(marks)].words[0]) if marks else 0
    cuts = [m.end() for m in re.finditer(r"(?<=[a-z0-9)]{2})[.;:?!]\s+", flow.plain[start:])]
    ends = [0, *cuts, len(flow.plain) - start]
    return [(start + a, start + b) for a, b in pairwise(ends) if b > a]
