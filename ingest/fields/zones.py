"""Where in a letter the sender writes of himself, and where others are written of."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.wording import (
    ANSWER,
    COMPANY,
    FOREIGN,
    FORM,
    HINTED,
    NOT_NAME,
    STAMP,
    TOLD,
    WORDS,
    any_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.letter import Letter, Line

BESIDE = re.compile("|".join(WORDS["membrete_ajeno"]))
_LABEL = 12
"""Characters of the match itself that may say so: «mi correo» where the label is a part of it."""
_LISTED = re.compile(
    rf"^\W*(?:{any_of('telefono', 'correo')}(?:\s+de contacto)?|y|o|\W|\d|\S+@\S+)*\W*$"
)
_NEAR = 30
"""Characters between «respuesta» and where it is asked to, at most: others are answered too."""
_BEFORE = 160
"""Characters before a datum within which its sentence says whose it is."""


def letterhead(letter: Letter) -> list[Line]:
    """What stands above the addressee; without one, the first rows above the text."""
    if letter.addressee >= 0:
        end = letter.addressee
    else:
        marks = [i for i in (letter.subject, letter.body) if i >= 0]
        end = min([*marks, 6])
    own = [x for x in letter.lines[:end][:14] if not of_others(x)]
    return own[: _debtor(letter, own)]


def _debtor(letter: Letter, head: list[Line]) -> int:
    """Where in *head* an invoice names who is to pay: the organisation above «debe a»."""
    owed = next((x for x in letter.lines[:20] if OWED.match(x.plain)), None)
    if owed is None:
        return len(head)
    return next((i for i, x in enumerate(head) if COMPANY.search(x.plain)), len(head))


def names_itself(letter: Letter) -> bool:
    """Whether the organisation at the top of a letter without «Señores» can be its sender.

    Then how it can be reached or its number stands there too, or a post stands below the
    signature; else it is the one written to.
    """
    if letter.addressee >= 0:
        return True
    head = letterhead(letter)
    posted = any(NOT_NAME.search(x.plain) and len(x.words) <= 8 for x in foot(letter)[:4])
    return posted or any(_REACHED.search(x.plain) for x in head)


_REACHED = re.compile(
    r"\bnit\b|@|\btel|\bpbx\b|#|\bwww\.|\boficio\b|\brepublica de colombia\b|\bcite\b"
)
OWED = re.compile("|".join(WORDS["deudor"]))


def foot(letter: Letter) -> list[Line]:
    """What stands below the leave-taking, but for stamps, copies and who drafted the letter."""
    return [x for x in letter.foot() if not of_others(x)]


def is_form(letter: Letter) -> bool:
    """Whether this is a form that the office gives out: its head is not the sender's."""
    return any(FORM.search(x.plain) for x in letter.lines[:6])


def form_rows(letter: Letter) -> list[Line]:
    """The cells that may hold a form's labels: all but the running text, where there is a form."""
    if not is_form(letter) and letter.closing >= 0:
        return []
    rows = [x for x in letter.lines if len(x.words) <= 14 and not of_others(x)]
    if is_form(letter):
        return rows
    about = [x.row for x in rows if ABOUT.match(x.plain)]
    return [x for x in rows if not any(0 <= x.row - row <= _BLOCK for row in about)]


ABOUT = re.compile("|".join(WORDS["de_quien_trata"]))
"""`Paciente:`, `Cliente:`: the rows below are of whom a certificate or an invoice is about."""
_BLOCK = 5


def of_others(line: Line) -> bool:
    """A fax header, a stamp, a copy line, who drafted the letter."""
    return bool(STAMP.search(line.plain) or FOREIGN.search(line.plain))


def told(letter: Letter, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Matches of *pattern* in the running text, and how clearly they are the sender's.

    2: the sentence speaks of notifications or of «mi correo»; 1: it may; 0: it says nothing. What
    stands between addressee and text belongs to the addressee and is not looked at.
    """
    flow = letter.flow
    start = _body_start(letter)
    for match in pattern.finditer(flow.plain, start):
        before = flow.plain[max(start, match.start() - _BEFORE) : match.start()]
        sentence = _sentence(before) + flow.plain[match.start() : match.start() + _LABEL]
        third = _THIRD.search(sentence)
        if _CLIENT.search(sentence):
            yield 0, match
            continue
        if third and not _ONESELF.search(sentence, third.start()):
            yield 0, match
            continue
        yield _own(sentence), match


def _own(sentence: str) -> int:
    """How clearly the sentence before a datum says that it is the sender's: 2, 1 or 0."""
    asked = [m.end() for m in ANSWER.finditer(sentence)]
    near = bool(asked) and len(sentence) - _LABEL - asked[-1] <= _NEAR
    if near or TOLD.search(sentence):
        return 2
    return int(bool(asked or HINTED.search(sentence)))


_THIRD = re.compile(
    rf"\b{any_of('otras_personas')}\b.{{3,120}}?\b(?:domicili|resid|viv[eio]|cel|tel|correo)"
)
"""`el señor Juan Gil, domiciliado en…`: of whom the letter speaks."""
_CLIENT = re.compile(
    r"\b(?:mi (?:poderdante|mandante|representad[oa]|prohijad[oa]|cliente)"
    r"|(?:al?|el|la|los) (?:accionad|demandad|querellad|convocad|quejos)[oa]s?)\b"
)
_ONESELF = re.compile(r"\b(?:notific|mis?\b|nos\b|me\b|contact|comunicarse)")


def standing(letter: Letter) -> list[Line]:
    """Lines of the text that hold nothing but how somebody can be reached: the sender."""
    first = max(letter.greeting, letter.body, letter.subject, letter.addressee, 0) + 1
    lines = letter.lines[first : max(letter.closing, first) if letter.closing >= 0 else None]
    right = max((x.right for x in letter.lines), default=0.0)
    wrapped = {
        b.row
        for a, b in pairwise(letter.lines)
        if len(a.words) >= 6
        and right - a.right < 1.2 * (b.words[0].caja[2] - b.words[0].caja[0]) + 8
    }
    return [
        x for x in lines if len(x.words) <= 8 and x.row not in wrapped and _LISTED.match(x.plain)
    ]


def _sentence(before: str) -> str:
    """The sentence that *before* ends in, with those above it that it only goes on to list from.

    `Notificaciones: Calle 8 # 3-10, Neiva. Cel. 310 555 0101. Correo ana@…`: a piece with nothing
    but a label and another datum is a part of the sentence that said whose they are.
    """
    pieces = re.split(r"(?<=[a-z]{3})[.;](?=\s)|(?<=\d)[.;](?=\s)", before)
    sentence = pieces.pop()
    while pieces and _LISTED.match(sentence):
        sentence = f"{pieces.pop()}. {sentence}"
    return sentence


def paragraph_end(letter: Letter, start: int, end: int) -> int:
    """Where between two places of the text a line ends that has room for the word below it."""
    flow = letter.flow
    right = max((x.right for x in letter.lines), default=0.0)
    first = bisect_right(flow.starts, max(start - 1, 0)) - 1
    last = bisect_right(flow.starts, max(end - 1, start))
    for at in range(max(first, 0) + 1, last):
        (_, before), (_, word) = flow.words[at - 1], flow.words[at]
        room = right - before.caja[2] > 1.6 * (word.caja[2] - word.caja[0]) + 12
        if word.linea != before.linea and room:
            return flow.starts[at] - 1
    return end


def _body_start(letter: Letter) -> int:
    index = letter.greeting if letter.greeting >= 0 else letter.body
    if not 0 <= index < len(letter.lines):
        return 0
    return letter.flow.place_of(letter.lines[index].words[0])
