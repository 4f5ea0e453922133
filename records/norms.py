"""The norms that today's rules serve, as a table with validity: `norms.toml`, read and checked.

Acuerdo 060 de 2001 (AGN) and the Acuerdo 001 de 2024 that took it up, CPACA and the other norms of
terms, Ley 594 de 2000, Ley 527 de 1999, Decreto 2364 de 2012. Each row is a rule in words of our
own with how sure we are of it; which function keeps it and which test proves it stands in
docs/norms.md. It holds no text of a norm, decides nothing, and gives no legal advice. How long each
term is stands in `terms.toml`.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

Confidence = Literal["verificada", "secundaria", "por_confirmar"]
_YEAR = re.compile(r"\bde (\d{4})\b")


class Norm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One article's rule, from when to when it holds, and how sure we are of it."""

    norma: str
    articulo: str
    regla: str
    confianza: Confidence
    desde: date | None = None
    """Its first day; None: only the year is known (see `begins`)."""
    hasta: date | None = None
    """Its last day; None: it is in force."""
    modificada_por: str | None = None
    """The law that gave it the text which `regla` tells."""
    recogida_en: str | None = None
    """Where the rule went when the norm was repealed."""

    @property
    def cita(self) -> str:
        """How it is cited: `Acuerdo 060 de 2001 (AGN), art. 5`; an annex by its own name."""
        art = "" if self.articulo.startswith("anexo") else "art. "
        return f"{self.norma}, {art}{self.articulo}"

    @property
    def begins(self) -> date:
        """Its first day; where only years are known, the January after the last of them."""
        if self.desde is not None:
            return self.desde
        years = _YEAR.findall(f"{self.norma} · {self.modificada_por or ''}")
        return date(int(max(years)) + 1, 1, 1)

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.begins <= on and (self.hasta is None or on <= self.hasta)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    normas: tuple[Norm, ...]


@cache
def table() -> tuple[Norm, ...]:
    """Every row of `norms.toml`, read once a process.

    Raises:
        msgspec.ValidationError: the table is not what it should be (a defect of the program).
    """
    text = resources.files("records").joinpath("norms.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table).normas


def vigentes(on: date) -> tuple[Norm, ...]:
    """The rows in force on a day, in the table's order."""
    return tuple(norm for norm in table() if norm.holds(on))


def cite(cita: str, on: date) -> str:
    """A citation for people: with where the rule stands on a day, if its norm was repealed."""
    norm = find(cita)
    if norm is None or norm.holds(on) or norm.recogida_en is None:
        return cita
    return f"{cita}; hoy {norm.recogida_en}"


def find(cita: str) -> Norm | None:
    """The row that is cited so, or None."""
    return next((norm for norm in table() if norm.cita == cita), None)
