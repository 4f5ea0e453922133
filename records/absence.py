"""Looking for what a disposal erased: that its words, bytes and hashes are in the home no more.

While it is still there its own words can be noted and looked for afterwards; later only its hashes
are left to ask by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from records import burying, erasure, lines, segments
from records.burying import disposal_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from records.home import Home

SHORTEST = 12
"""Characters of a text that is looked for: shorter ones stand in other letters too."""
_NOT_SEARCHED = ("vault", "keys")
"""The vault is asked by its hashes: what is compressed there shows no words."""


class Absence(msgspec.Struct, frozen=True):
    """What was looked for, and where nothing of it was found."""

    documentos: int
    fichas: int
    lecturas: int
    palabras: int
    """Words of its own that were looked for in all other files; 0: they were not known any more."""
    archivos: int
    """Files that were read through."""
    restos: list[str]
    """What is still there, in words; empty where all is gone."""


@dataclass(frozen=True, slots=True)
class Words:
    """What only the records of a disposal say: salts of fichas, and their subjects."""

    sales: frozenset[bytes]
    textos: frozenset[bytes]


def words_of(office: Home, numero: str) -> Words:
    """The words by which what is about to be erased can be found again."""
    office.index.catch_up()
    state = disposal_of(office, numero)
    assert state is not None
    salts, texts = set[bytes](), set[bytes]()
    for subject in burying.subjects_of(burying.graves(office, state)):
        for event in office.index.events(subject):
            ficha = event.ficha or {}
            if event.type not in burying.NAMED and "sal" in ficha:
                salts.add(str(ficha["sal"]).encode())
            about = str(ficha.get("asunto") or "")
            if len(about) >= SHORTEST:
                texts.add(about.encode())
    return Words(frozenset(salts), frozenset(texts))


def look(office: Home, numero: str, words: Words | None = None) -> Absence:
    """Look for all that the tombstones of a disposal name, and for its *words*, where known."""
    office.index.catch_up()
    remains = erasure.remains_of(office, numero)
    left = list(erasure.left_of(office, remains))
    shared = _still_said(office, words.textos) if words is not None else set[bytes]()
    needles = set[bytes]() if words is None else (words.sales | words.textos) - shared
    count = 0
    for path in _files(office.home):
        data = path.read_bytes()
        count += 1
        if any(one in data for one in needles) or lines.sha256(data) in remains.documentos:
            left.append(path.relative_to(office.home).as_posix())
    return Absence(
        len(remains.documentos),
        len(remains.fichas),
        len(remains.lecturas),
        len(needles),
        count,
        sorted(set(left)),
    )


def _still_said(office: Home, texts: frozenset[bytes]) -> set[bytes]:
    """Of these texts, those that a ficha of something alive says too."""
    found = set[bytes]()
    for punto in segments.puntos(office.home):
        for segment in segments.segments(office.home, punto):
            data = segment.fichas.read_bytes() if segment.fichas.exists() else b""
            found.update(one for one in texts if one in data)
    return found


def _files(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        relative = path.relative_to(home)
        if relative.parts[0] not in _NOT_SEARCHED and path.is_file() and not path.is_symlink():
            yield path
