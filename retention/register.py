"""The register of formats, `formats.toml`: which last, which are at risk, and what to make of them.

PRONOM names them; the state is this program's word, to be confirmed by the entity's archivist: the
AGN's own list of formats was not seen.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

Standing = Literal["preservacion", "aceptado", "en_riesgo"]
RANK: dict[Standing, int] = {"en_riesgo": 0, "aceptado": 1, "preservacion": 2}
UNKNOWN = "desconocido"


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A format; the fields are told at the top of `formats.toml`."""

    id: str
    puid: str
    nombre: str
    extension: str
    estado: Standing
    por_que: str
    fuente: str
    migrar_a: str = ""
    firma: list[str] = []

    @property
    def clave(self) -> str:
        """How facts name it: by PRONOM where it has an id there."""
        return self.puid or self.id


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    formatos: list[Form]


@cache
def forms() -> dict[str, Form]:
    """Every format by its id, read once a process.

    Raises:
        msgspec.ValidationError: the table is not what it should be (a defect of the program).
    """
    text = resources.files("retention").joinpath("formats.toml").read_text(encoding="utf-8")
    return {one.id: one for one in msgspec.convert(tomllib.loads(text), _Table).formatos}


@cache
def magic() -> tuple[tuple[bytes, str], ...]:
    """(first bytes, id) of those that are known by them, the longest first."""
    found = [(bytes.fromhex(hexes), one.id) for one in forms().values() for hexes in one.firma]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))
