"""A page's own words and what OCR read beside them become one page.

The lines that OCR read off a picture go where they stand: before the first own line that begins
below them. Doubtful lines are left out: a photograph or a coat of arms gives such.
"""

from __future__ import annotations

import statistics

import msgspec

from ingest.layer import page_of
from ingest.lectura import Pagina, Palabra

SURE = 70
"""Median confidence of a line's words from which on it is believed."""


def merged(own: Pagina, rest: Pagina) -> Pagina:
    """The page *own* with the sure lines of *rest*, which was read with the own words painted over.

    A rest that OCR had to turn is none of this page's text and is left out.
    """
    lines = [line for line in _lines(rest.palabras) if _sure(line)]
    if rest.rotacion or not lines:
        return own
    order = _lines(own.palabras)
    for line in lines:
        middle = _middle(line)
        place = next((i for i, o in enumerate(order) if _below(o, line, middle)), len(order))
        order.insert(place, line)
    words = [
        msgspec.structs.replace(word, linea=number)
        for number, line in enumerate(order)
        for word in line
    ]
    return page_of(words, own.ancho, own.alto)


def _lines(words: list[Palabra]) -> list[list[Palabra]]:
    lines: dict[int, list[Palabra]] = {}
    for word in words:
        lines.setdefault(word.linea, []).append(word)
    return list(lines.values())


def _sure(line: list[Palabra]) -> bool:
    median = statistics.median(w.confianza for w in line)
    return median >= SURE and any(sum(c.isalnum() for c in w.texto) >= 3 for w in line)


def _middle(line: list[Palabra]) -> float:
    return (min(w.caja[1] for w in line) + max(w.caja[3] for w in line)) / 2


def _below(own: list[Palabra], line: list[Palabra], middle: float) -> bool:
    """Whether *own* begins under the middle of *line*."""
    return min(w.caja[1] for w in own) > middle
