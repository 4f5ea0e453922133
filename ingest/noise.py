"""What was read where nothing is written: specks, strokes of a signature, frames, logos.

A recogniser reads a speck as a full stop and the loops of a signature as a word. The words it is
not sure of, in places where Spanish typography has no such word, are dropped: a text that is
searched and quoted bears what is printed. Measured: half of all wrong characters on clean pages.
A word that may be one is kept, however badly it was read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.words import Word

SHORT_WORDS = frozenset(
    """
    a al con de del e el en es la las le lo los me mi ni no o os para por que se si su sus tu u un
    una y ya cl cra cr kr dg tv av cc ce ti nº nit int of ap apto mz tel cel sa sas ltda dr dra sr
    sra art núm pág
    """.split()  # noqa: SIM905
)
"""What one or two badly read letters may well be."""
DASHES = "-–—"
SIGNS_IN_USE = frozenset("$%&+=#/€º°ª")
"""Signs that may stand alone: amounts, ordinals, formulas."""
LOOKED_AT = frozenset("#@&°ºª")
LIKE_A_WORD = re.compile(r"^[A-ZÁÉÍÓÚÜÑa-záéíóúüñ]?[a-záéíóúüñ]+[.,;:]?$")
LONG = 6


def without_noise(line: list[Word]) -> list[Word]:
    """The words of one line that are writing."""
    letters = sum(w.letters for w in line)
    if not letters or _is_scribble(line, letters):
        return []
    good = any(w.confidence >= 70 and w.letters >= 2 for w in line)
    last = len(line) - 1
    return [w for place, w in enumerate(line) if _is_writing(w, good, 0 < place < last)]


def _is_scribble(line: list[Word], letters: int) -> bool:
    """Whether a whole line is a drawing: unsure throughout, and no word in it looks like one."""
    sure = sum(w.confidence * w.letters for w in line) / letters
    if letters == 1:
        return not (line[0].text.strip(".,-").isdigit() and line[0].text != "0" and sure >= 60)
    if letters == 2 and sure < 60:
        return True
    if sure >= 40 or any(w.confidence >= 70 and w.letters >= 3 for w in line):
        return False
    return not any(len(w.text) >= LONG and LIKE_A_WORD.match(w.text) for w in line)


def _is_writing(word: Word, good: bool, inside: bool) -> bool:
    """*good*: words beside it are surely read; *inside*: it is neither first nor last."""
    text, letters = word.text, word.letters
    if not letters:
        if set(text) & SIGNS_IN_USE:
            return True
        return len(text) == 1 and text in DASHES and inside and word.confidence >= 30
    if letters > 2 or word.confidence >= 50 or set(text) & LOOKED_AT:
        return True
    bare = text.strip(".,;:()").lower().replace(".", "")
    return good and (bare in SHORT_WORDS or (bare.isdigit() and word.confidence >= 10))
