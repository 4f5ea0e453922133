"""The rows of `terms.toml`: which terms there are, for what, by which norm, since when. Pure.

The law in force on the day of reception decides; a kind or a name has at most one row for a day.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Literal

import msgspec

from records import norms
from records.calendar import Unreckoned
from records.counting import Unit, in_words

Extension = Literal["doble", "5 días hábiles", "8 días hábiles", "ninguna"]
"""By how much the entity may put its answer off: to twice the term, by worked days, not at all."""


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every row has: how long for what, by which norm, from which day to which."""

    que: str
    valor: Annotated[int, msgspec.Meta(ge=1)]
    unidad: Unit
    norma: str
    """A citation of `norms.toml`."""
    apartado: str = ""
    desde: date
    hasta: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.desde <= on and (self.hasta is None or on <= self.hasta)

    @property
    def cita(self) -> str:
        """Its citation: `Ley 1437 de 2011 (CPACA), art. 14, num. 1 (Ley 1755 de 2015)`."""
        return cite(self.norma, self.apartado)

    @property
    def cuanto(self) -> str:
        """How long, in words: `15 días hábiles`."""
        return in_words(self.valor, self.unidad)


class Rule(_Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `terminos`: how long the answer to some kinds may take."""

    tipos: tuple[str, ...]
    inicio: Literal["día siguiente", "hora de llegada"] = "día siguiente"
    prorroga: Extension
    prorroga_apartado: str = ""
    """Where in its norm the extension stands."""

    def __post_init__(self) -> None:
        if (self.unidad == "hora") != (self.inicio == "hora de llegada"):
            raise ValueError(f"{self.tipos}: solo las horas corren desde la hora de llegada")
        if self.prorroga not in ("doble", "ninguna") and self.unidad != "día hábil":
            raise ValueError(f"{self.tipos}: solo a días hábiles se les suman días hábiles")

    @property
    def prorrogado(self) -> int:
        """The whole term with its longest extension, in `unidad`; `valor` where it has none."""
        match self.prorroga:
            case "doble":
                return 2 * self.valor
            case "ninguna":
                return self.valor
            case _:
                return self.valor + int(self.prorroga.split()[0])


class Side(_Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `plazos`: a term on the way to the answer, of the entity or of the person."""

    nombre: str
    de: Literal["la entidad", "la persona"]
    desde_que: Literal["la recepción", "el requerimiento", "la devolución", "el vencimiento",
                       "la notificación"]  # fmt: skip
    """What it is counted from; the day of that is not counted."""
    ampliable: Literal["por otro igual", "no"] = "no"
    si_pasa: str
    """What follows when it is over."""


class Undated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Kinds that no row can date: an order fixes the term, or there is none."""

    tipos: tuple[str, ...]
    por_fijar: bool
    motivo: str
    norma: str = ""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `terms.toml`."""

    terminos: tuple[Rule, ...]
    plazos: tuple[Side, ...]
    sin_fecha: tuple[Undated, ...]


@cache
def table() -> Table:
    """`terms.toml`, read once a process.

    Raises:
        msgspec.ValidationError: the table is not what it should be (a defect of the program).
    """
    text = resources.files("records").joinpath("terms.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Table)


def kinds() -> tuple[str, ...]:
    """Every kind that the table knows, in its order."""
    dated = [kind for row in table().terminos for kind in row.tipos]
    undated = [kind for row in table().sin_fecha for kind in row.tipos]
    return tuple(dict.fromkeys([*dated, *undated]))


def unfixed() -> tuple[str, ...]:
    """Kinds whose term an order fixes, and no rule."""
    return tuple(k for row in table().sin_fecha if row.por_fijar for k in row.tipos)


def rule_for(tipo: str, on: date) -> Rule | Undated:
    """The row of a kind that is in force on a day.

    Raises:
        Unreckoned: there is no such kind, or no rule for it on that day.
    """
    for undated in table().sin_fecha:
        if tipo in undated.tipos:
            return undated
    rules = [rule for rule in table().terminos if tipo in rule.tipos]
    if not rules:
        raise Unreckoned(
            "tipo_desconocido",
            f"No hay un tipo «{tipo}».",
            consejo=f"Los tipos son: {', '.join(kinds())}.",
        )
    for rule in rules:
        if rule.holds(on):
            return rule
    raise Unreckoned(
        "sin_regla",
        f"La tabla de términos no tiene regla de «{tipo}» para el {on.isoformat()}.",
        consejo=f"La primera rige desde el {min(r.desde for r in rules).isoformat()}.",
    )


def side(name: str, on: date) -> Side:
    """The row of a term on the way that is in force on a day.

    Raises:
        Unreckoned: there is none of that name, or none on that day.
    """
    rows = [row for row in table().plazos if row.nombre == name]
    if not rows:
        raise Unreckoned(
            "plazo_desconocido", f"No hay un plazo «{name}».",
            consejo=f"Los plazos son: {', '.join(limits())}.",
        )  # fmt: skip
    for row in rows:
        if row.holds(on):
            return row
    raise Unreckoned(
        "sin_regla",
        f"La tabla de términos no tiene el plazo «{name}» para el {on.isoformat()}.",
        consejo=f"La primera fila rige desde el {min(r.desde for r in rows).isoformat()}.",
    )


def limits() -> tuple[str, ...]:
    """The name of every term on the way to an answer, in the table's order."""
    return tuple(dict.fromkeys(row.nombre for row in table().plazos))


def cite(norma: str, apartado: str = "") -> str:
    """A citation of `norms.toml` with its part and the law that gave it its text."""
    row = norms.find(norma)
    text = f" ({row.modificada_por})" if row is not None and row.modificada_por else ""
    return f"{norma}{f', {apartado}' if apartado else ''}{text}"
