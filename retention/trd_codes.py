"""The codes of a TRD: dependencia, serie and subserie out of one cell or several, by the mask that
the file's own codes follow.

`120.05.01`, `120-05-01`, `100-05.01` and `05.01` are masks of use. Which one a file follows is seen
in all its codes together; a code unlike them is dirt. Where a file has none at all, codes are
numbered in the order of the names, and told. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from records.words import plain
from retention.trd_values import CODE_PART, OFFICE_CODE, Dirty, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

MASKS = ("dp.ss.sb", "ss.sb")
"""Whether a code in one cell begins with the dependencia's."""
SHARE = 5
"""One code in so many, at least, has three parts where codes begin with the dependencia."""
_SEPARATOR = re.compile(r"\s*([.\-/_ ])\s*")


class Code(msgspec.Struct, frozen=True):
    """The parts of a row's code; "" for one that it has not."""

    dependencia: str = ""
    serie: str = ""
    subserie: str = ""

    @property
    def joined(self) -> str:
        """As rows are named."""
        return ".".join(part for part in msgspec.structs.astuple(self) if part)


class Cut(msgspec.Struct, frozen=True):
    """A code in one cell, cut where it is parted."""

    partes: tuple[str, ...]
    separadores: str
    conocida: bool = False
    """Whether the dependencia of the sheet stood before these parts and was taken off."""


def cut(value: str, office: str) -> Cut:
    """Cut a code, and take off its dependencia where the sheet (or its column) says it.

    Raises:
        Dirty: a part of it is no code.
    """
    bare = " ".join(value.split()).strip(" .-/_")
    rest = bare[len(office) :] if office and bare.startswith(office) else ""
    known = bool(rest and rest[0] in " .-/_") or (office != "" and bare == office)
    pieces = _SEPARATOR.split(bare[len(office) :].strip(" .-/_") if known else bare)
    parts = tuple(piece for piece in pieces[::2] if piece)
    if any(not CODE_PART.fullmatch(part) for part in parts) or len(parts) != len(pieces[::2]):
        if known and bare == office:
            return Cut((), "", True)
        raise Dirty(f"el código dice {quoted(value)}, que no es un código")
    return Cut(parts, "".join(pieces[1::2]), known)


class Mask(msgspec.Struct, frozen=True):
    """How the codes of a file are written."""

    dependencia: bool
    """Whether they begin with the dependencia's."""
    separadores: dict[bool, str]
    """What parts them; apart for those whose dependencia was known and taken off."""

    def read(self, one: Cut, value: str, office: str) -> Code:
        """The parts of a code.

        Raises:
            Dirty: it is not like the others.
        """
        first = 0 if one.conocida or not self.dependencia else 1
        usual = self.separadores.get(one.conocida, "")
        if len(one.partes) > first + 2 or not usual.startswith(one.separadores):
            raise Dirty(f"el código {quoted(value)} no tiene la forma de los demás")
        parts = (*one.partes, "", "", "")
        if one.conocida or not self.dependencia:
            return Code(office, parts[0], parts[1])
        return Code(*parts[:3])


def mask(cuts: Iterable[Cut], asked: str | None) -> Mask:
    """The mask that most of a file's codes follow; *asked* is a person's word for it."""
    many = list(cuts)
    bare = Counter(len(one.partes) for one in many if not one.conocida)
    office = bare[3] * SHARE >= sum(bare.values()) and bare[3] > 0
    office = office if asked is None else asked == MASKS[0]
    usual: dict[bool, str] = {}
    for known in (True, False):
        most = 2 if office and not known else 1
        seen = Counter(one.separadores for one in many if one.conocida is known)
        usual[known] = max(
            (s for s in seen if len(s) <= most), key=lambda s: (len(s), seen[s]), default=""
        )
    return Mask(office, usual)


def part(value: str, what: str) -> str:
    """A code that has a cell of its own.

    Raises:
        Dirty: it is none.
    """
    bare = "".join(value.split()).strip(".-")
    if bare and not CODE_PART.fullmatch(bare):
        raise Dirty(f"el código de la {what} dice {quoted(value)}, que no es un código")
    return bare


def office(value: str) -> str:
    """The code of a dependencia, which may have points of its own.

    Raises:
        Dirty: it is none.
    """
    bare = "".join(value.split()).strip(".-")
    if bare and not OFFICE_CODE.fullmatch(bare):
        raise Dirty(
            f"el código de la dependencia dice {quoted(value)}, que no es un código; si es su "
            "nombre, use --columna oficina=ENCABEZADO"
        )
    return bare


def numbered(names: Iterable[str]) -> dict[str, str]:
    """Each name in its plain letters → its code: by their order, in two figures or more."""
    order = sorted({plain(name) for name in names})
    wide = max(2, len(str(len(order))))
    return {name: str(n).zfill(wide) for n, name in enumerate(order, start=1)}


def natural(code: Code) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """The order of codes: figures by their value."""
    return tuple(
        tuple(
            (0, int(piece), piece) if piece.isdigit() else (1, 0, piece)
            for piece in re.findall(r"[0-9]+|[^0-9]+", one)
        )
        for one in msgspec.structs.astuple(code)
    )
