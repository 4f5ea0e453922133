"""Whether the text that a PDF brings can be believed, by cheap signs; no dictionary.

Two questions with two scales. What people see as letters (`garbled`) is doubted only where it is
plainly no text: a font whose codes are no letters, or other letters than those drawn. What another
program read off a scan (`poorly_read`) is doubted as soon as reading anew is likely to do better.
Texts in other scripts than Latin are not judged. Measured on the corpora (seeds 20260 and 777) with
letters spoilt in five ways and read in four, see docs/pdf.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_SPANISH = (
    "de la el en los las del que se por con para una un al su sus no es lo como más este esta "
    "sobre entre le ha son sin ya"
)
_OTHERS = (
    "the of and to in is for on that by with as at be this are from or an it was "
    "der die das und ist von den mit im nicht ein eine zu auf für le les des et du est une dans "
    "qui pour os as do da dos das em um uma não il di che per sono"
)
SPANISH = frozenset(_SPANISH.split())
COMMON = SPANISH | frozenset(_OTHERS.split())
EDGES = ".,;:()[]«»\"“”'‘’¿?¡!-–—…/*•·<>\u2010\u2011"
SIGNS = re.compile(r"[^\w'’.,:;/@&ºª°%+\-–—_()#$€=\"«»“”…*]")
JOINTS = re.compile(r"[-–—/.,:'’@_&+()\"«»“”=#$%ºª°]+")
VOWELS = "aeiouyáéíóúüàèìòùâêîôûäëïöãõ"
ODD_RUN = re.compile(rf"[^{VOWELS}]{{5,}}|[aeiouáéíóúü]{{5,}}|(.)\1\1")
ACCENTS = frozenset("áéíóúñü")

LONGEST = 25
"""Letters of a word: «electroencefalografista» has 23."""
WELL_BUILT = 0.975
"""Share of letters in well-built words below which a reading is done anew: layers that scanners of
offices made with «COTINCIL», «T}IE» and «l99g» in them have 0.95 to 0.97, good ones 0.98 up."""
LATIN = 0x24F
"""The last code of the Latin letters."""
FEW = 60
"""Letters below which nothing is said of a text."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a text shows: how many letters were judged, and what share of them is in words."""

    letters: int
    plausible: float
    """Share of letters in words that are built as words of European languages are."""
    common: float
    """Share of the commonest words of those languages, of two letters or more."""
    spanish: float
    small: int
    """Letters in lower case."""
    accents: float
    """Share of them that bears an accent of Spanish."""


def signs_of(text: str) -> Signs:
    """Measure *text*."""
    tokens = text.split()
    marks = [(len(token), mark) for token in tokens if (mark := _mark(token)) is not None]
    judged = sum(length for length, _ in marks)
    bare = [w for token in tokens if len(w := token.strip(EDGES).lower()) > 1 and w.isalpha()]
    small = [c for c in text if c.islower()]
    return Signs(
        letters=judged,
        plausible=sum(n for n, good in marks if good) / judged if judged else 1.0,
        common=sum(w in COMMON for w in bare) / len(bare) if bare else 0.0,
        spanish=sum(w in SPANISH for w in bare) / len(bare) if bare else 0.0,
        small=len(small),
        accents=sum(c in ACCENTS for c in small) / len(small) if small else 0.0,
    )


def garbled(text: str) -> bool:
    """Whether what is drawn as text is none: codes in the place of letters."""
    letters = [c for c in text if c.isalpha()]
    if sum(ord(c) > LATIN for c in letters) > 0.2 * len(letters):
        return False
    signs = signs_of(text)
    if signs.letters < FEW:
        return False
    # A letterhead or a table has few common words, but words all the same.
    least = 0.85 if signs.letters >= 4 * FEW else 0.7
    return signs.plausible < 0.5 or (signs.plausible < least and signs.common < 0.04)


def poorly_read(text: str) -> bool:
    """Whether another program's reading of a scan is worth less than a new one."""
    signs = signs_of(text)
    if signs.letters < FEW:
        return True
    # Spanish read with another language's model has its letters right and hardly an accent.
    least = 0.018 if signs.small > 300 else 0.006
    without_accents = signs.spanish > 0.15 and signs.small > 150 and signs.accents < least
    return signs.plausible < WELL_BUILT or signs.common < 0.25 or without_accents


def _mark(token: str) -> bool | None:
    """Whether a token is built like a word; None where it tells nothing."""
    core = token.strip(EDGES)
    if not core or any(ord(c) > LATIN for c in core):
        return None  # another script, or a formula
    if SIGNS.search(core):
        return False
    parts = [part for part in JOINTS.split(core) if part]
    if not all(map(_word_like, parts)):
        return False
    # Initials and short words in capitals may be anything.
    telling = any(part.isalpha() and len(part) > 1 + 4 * part.isupper() for part in parts)
    return True if telling else None


def _word_like(part: str) -> bool:
    if any(c.isdigit() for c in part):
        turns = sum(a.isdigit() != b.isdigit() for a, b in pairwise(part))
        return turns < 3 or len(part) > 9  # «23B», «A4»; codes are long
    if len(part) == 1 or (part.isupper() and len(part) <= 5):
        return True
    low = part.lower()
    if not (part.isupper() or part[1:].islower() or part[:-1].isupper()):
        return False
    if len(part) > LONGEST or ODD_RUN.search(low):
        return False
    return len(low) < 3 or any(c in VOWELS for c in low)
