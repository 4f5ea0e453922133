"""Where in a letter the sender writes of himself, and where others are written of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.wording import FOREIGN, FORM, HINTED, STAMP, TOLD, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.letter import Letter, Line

BESIDE = re.compile("|".join(WORDS["membrete_ajeno"]))
_BEFORE = 160
"""Characters before a datum within which its sentence says whose it is."""


def letterhead(letter: Letter) -> list[Line]:
    """What stands above the addressee; without one, the first rows above the text."""
    if letter.addressee >= 0:
        end = letter.addressee
    else:
        marks = [i for i in (letter.subject, letter.body) if i >= 0]
        end = min([*marks, 6])
    return [x for x in letter.lines[:end][:14] if not of_others(x)]


def foot(letter: Letter) -> list[Line]:
    """What stands below the leave-taking, but for stamps, copies and who drafted the letter."""
    return [x for x in letter.foot() if not of_others(x)]


def is_form(letter: Letter) -> bool:
    """Whether this is a form that the office gives out: its head is not the sender's."""
    return any(FORM.search(x.plain) for x in letter.lines[:6])


def form_rows(letter: Letter) -> list[Line]:
    """The cells that may hold a form's labels: all but the running text, where there is a form."""
    if is_form(letter) or letter.closing < 0:
        return [x for x in letter.lines if len(x.words) <= 14 and not of_others(x)]
    return []


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
        sentence = re.split(r"(?<=[a-z]{3})[.;](?=\s)", before)[-1]
        yield 2 if TOLD.search(sentence) else int(bool(HINTED.search(sentence))), match


def _body_start(letter: Letter) -> int:
    index = letter.greeting if letter.greeting >= 0 else letter.body
    if not 0 <= index < len(letter.lines):
        return 0
    return letter.flow.place_of(letter.lines[index].words[0])
