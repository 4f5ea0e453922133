"""Names of people as words: which are common, and how an engine's reading of them is put right."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from ingest.digits import lettered
from ingest.letter import plain
from ingest.wording import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.lectura import Palabra

PARTICLES = frozenset(WORDS["particulas"])
_SIGNS = ".,;:*_\"“”'`´(-–|"
_SHORTEST = 4
"""Letters of the shorter of two names that were read as one word, at least."""
UNSURE = 0.9
"""What is left of a confidence where a name was put right, or may have lost its accent."""


@cache
def _table() -> dict[str, list[str]]:
    path = resources.files("ingest") / "fields" / "nombres.toml"
    table: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {key: text.split() for key, text in table.items()}


@cache
def _known() -> frozenset[str]:
    return frozenset(_table()["nombres"]) | frozenset(_table()["apellidos"])


@cache
def _accented() -> dict[str, str]:
    """Names that bear accents or ñ, by what is left of them without."""
    return {plain(name): name for name in _table()["con_tilde"]}


def is_particle(word: Palabra) -> bool:
    """`de`, `la`, `y`… within a name."""
    return word.texto.lower().strip(",.;") in PARTICLES


def is_initial(word: Palabra) -> bool:
    """`T.` for a second surname."""
    return len(word.texto) == 2 and word.texto[0].isupper() and word.texto[1] == "."


def name_like(word: Palabra) -> bool:
    """Whether a word may begin or end a name."""
    text = word.texto.strip(_SIGNS)
    letters = text.replace("-", "").replace("'", "").replace("’", "")
    return len(text) >= 3 and text[0].isupper() and letters.isalpha()


def common(words: Sequence[Palabra]) -> bool:
    """Whether half of the words are names that many people bear; a place or a post has few."""
    held = [part for w in words if not is_particle(w) for part in _parts(bare(w))]
    return 2 * sum(plain(part) in _known() for part in held) >= len(held)


def spelt(words: Iterable[Palabra]) -> tuple[str, float]:
    """(a name from its words, `UNSURE` where an engine's reading was put right or may be wrong).

    Without signs; `l` among capitals is I, a lost capital and a lost ñ come back, and two names
    that were read as one word are parted. A lost accent does not: some people write without.
    """
    out: list[str] = []
    sure = 1.0
    for word in words:
        short = is_initial(word) or word.texto in ("Vda.", "VDA.", "vda.")
        text = word.texto if short else bare(word)
        if word.confianza == 100:
            out.append(_capital(text))
            continue
        for part in _parts(text):
            right = _with_enye(_capital(part))
            usual = _accented().get(plain(right), right)
            mended = part != text or right != _capital(part)
            doubtful = mended or "-" in part or _lacks(right, usual)
            sure = UNSURE if doubtful else sure
            out.append(right)
    return " ".join(out), sure


def bare(word: Palabra) -> str:
    """A word of a name without signs around it, `l` among capitals put right."""
    text = word.texto.strip(_SIGNS)
    return text if word.confianza == 100 else lettered(text)


def _capital(text: str) -> str:
    small = text[:1].islower() and text not in PARTICLES and len(text) >= 3
    return text[0].upper() + text[1:] if small else text


def _parts(text: str) -> list[str]:
    """One word, or the two known names of which it consists: `JORGEHERNÁN`."""
    if len(text) < 2 * _SHORTEST or plain(text) in _known() or not text.isalpha():
        return [text]
    for at in range(_SHORTEST, len(text) - _SHORTEST + 1):
        if plain(text[:at]) in _known() and plain(text[at:]) in _known():
            return [text[:at], text[at:]]
    return [text]


def _with_enye(text: str) -> str:
    """A name whose ñ was read as n, with it: nobody is called Munoz."""
    usual = _accented().get(plain(text))
    if usual is None or len(usual) != len(text):
        return text
    out = [
        (b if a.islower() else b.upper()) if b in "ñÑ" and a in "nN" else a
        for a, b in zip(text, usual, strict=True)
    ]
    return "".join(out)


def _lacks(text: str, usual: str) -> bool:
    """Whether a name is written with fewer accents than people write it."""
    return sum(map(_marks, text)) < sum(map(_marks, usual))


def _marks(character: str) -> int:
    return len(unicodedata.normalize("NFD", character)) - 1
