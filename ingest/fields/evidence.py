"""How a suggestion is made: a value, the words it was read from, and how sure it is.

`confianza` is a probability in percent: that of the rule, times that of each word being read right.
Both were measured (`reliability.toml`); `python -m bench.campos` draws the table again.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from ingest.lectura import Campo
from ingest.signs import MENDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.lectura import Caja, Palabra

DOUBT = 0.86
"""What is left of a confidence where a check that can be made speaks against the value."""


Table = list[tuple[int, float]]


class _Measured(msgspec.Struct, frozen=True):
    """`reliability.toml`: how often words are right by confidence, how far they fail together."""

    enteras: Table
    mezcladas: Table
    remendadas: float
    juntas: float


WHOLE = re.compile(r"[^\W\d_]{3,}[.,:;]?|\d[\d.,-]*\d[.,]?")
"""A word of letters alone, or a figure: what engines read best, and judge best."""


@cache
def _measured() -> _Measured:
    path = resources.files("ingest") / "fields" / "reliability.toml"
    return msgspec.toml.decode(path.read_bytes(), type=_Measured)


def word_right(word: Palabra) -> float:
    """How likely a word is read right in each letter, by the engine's confidence in it."""
    measured = _measured()
    if word.confianza == MENDED:
        return measured.remendadas
    table = measured.enteras if WHOLE.fullmatch(word.texto) else measured.mezcladas
    if word.confianza <= table[0][0]:
        return table[0][1]
    for (low, p), (high, q) in pairwise(table):
        if word.confianza <= high:
            return p + (q - p) * (word.confianza - low) / (high - low)
    return table[-1][1]


def legible(words: Iterable[Palabra]) -> float:
    """How likely all of *words* are read right; those of one value are right or wrong together."""
    sure = 1.0
    for word in words:
        sure *= word_right(word)
    return float(sure ** _measured().juntas)


def made(
    value: str,
    rule: float,
    words: Sequence[Palabra],
    page: int,
    *,
    read: Sequence[Palabra] | None = None,
) -> Campo:
    """A suggestion by a rule that is right with probability *rule* where its words are.

    *read* are the words whose every letter matters; none of them where the value is one of a list,
    which a misread word does not lead to.
    """
    sure = rule * legible(words if read is None else read)
    return Campo(value, max(1, min(99, round(100 * sure))), page, union(words))


def again(field: Campo, factor: float) -> Campo:
    """The same suggestion, less (or more) sure."""
    sure = max(1, min(99, round(field.confianza * factor)))
    return Campo(field.valor, sure, field.pagina, field.caja)


def union(words: Sequence[Palabra]) -> Caja | None:
    """The box around *words*; None around nothing."""
    if not words:
        return None
    boxes = [w.caja for w in words]
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
