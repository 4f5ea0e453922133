"""On which ground information is classified or reserved: `grounds.toml`, read and checked.

Each row is a letter of Ley 1712 de 2014, art. 18 (clasificada: the harm is to a person) or art. 19
(reservada: the harm is to the public), in words of our own, with its validity.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

LAW = "Ley 1712 de 2014"


class Ground(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ground, from when to when it holds (both days included)."""

    codigo: str
    articulo: str
    literal: str
    nivel: Literal["clasificada", "reservada"]
    texto: str
    desde: date
    hasta: date | None = None

    @property
    def norma(self) -> str:
        """The article, as `norms` cites it."""
        return f"{LAW}, art. {self.articulo}"

    @property
    def cita(self) -> str:
        """The letter: `Ley 1712 de 2014, art. 19 d`."""
        return f"{self.norma} {self.literal}"

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.desde <= on and (self.hasta is None or on <= self.hasta)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fundamentos: tuple[Ground, ...]


@cache
def table() -> tuple[Ground, ...]:
    """Every ground, read once a process.

    Raises:
        msgspec.ValidationError: the table is not what it should be (a defect of the program).
    """
    text = resources.files("records").joinpath("grounds.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table).fundamentos


def find(codigo: str | None) -> Ground | None:
    """The ground of a code, or None."""
    return next((ground for ground in table() if ground.codigo == codigo), None)
