"""What a dependencia deals with, told by its name: where suggestions begin before letters teach.

A «Secretaría de Hacienda» has the predial in every Colombian town hall. `matters.toml` says which
words the usual kinds of dependencia are written to about; an área is of a kind by the words of its
own name, and may be of several. What the office's letters say soon outweighs it
(`records.learned`). Pure.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from records import learned

if TYPE_CHECKING:
    from collections.abc import Mapping

_GENERIC = frozenset(
    learned.words(
        "secretaría subsecretaría oficina dirección subdirección despacho departamento "
        "unidad grupo división coordinación jefatura área gerencia asesora asesor general "
        "generales municipal departamental distrital central gestión administrativa "
        "administrativo administración desarrollo social atención empresa servicio "
        "servicios público pública públicos entidad municipio gobernación alcaldía "
        "interno interna control "
        "alcalde alcaldesa gobernador gobernadora gerente director directora"
    )
)
"""Words of a name that say nothing, or too much, of what is written to an área about; or that most
letters have, being addressed so."""


class _Matter(msgspec.Struct, frozen=True):
    """A kind of dependencia: by which names it is known, what it is written to about."""

    nombres: list[str]
    palabras: str
    tipos: list[str] = []


class _Table(msgspec.Struct, frozen=True):
    materia: list[_Matter]


@cache
def _matters() -> tuple[tuple[list[frozenset[str]], frozenset[str]], ...]:
    text = resources.files("records").joinpath("matters.toml").read_text(encoding="utf-8")
    table = msgspec.convert(tomllib.loads(text), _Table)
    return tuple(
        (
            [frozenset(learned.words(name)) for name in matter.nombres],
            frozenset(learned.words(matter.palabras))
            | {f"{learned.KIND}{kind}" for kind in matter.tipos},
        )
        for matter in table.materia
    )


def claims(names: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Feature of a letter → the áreas whose name claims it; *names*: the áreas by code."""
    return _claims(tuple(sorted(names.items())))


@lru_cache(maxsize=16)
def _claims(names: tuple[tuple[str, str], ...]) -> Mapping[str, frozenset[str]]:
    out: dict[str, set[str]] = {}
    for code, name in names:
        own = frozenset(learned.words(name))
        theirs = set(own - _GENERIC)
        for known_by, words in _matters():
            if any(n and n <= own for n in known_by):
                theirs |= words
        for feature in theirs:
            out.setdefault(feature, set()).add(code)
    return {feature: frozenset(codes) for feature, codes in out.items()}
