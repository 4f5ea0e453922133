"""Who is away, from a day to a day, and who takes their work meanwhile: fact, fold and rules; pure.

Holidays, leave, permits, commissions and illness. Whoever replaces an absent person sees and does
what waits for them, under their own name; roles, the head's post and signature go to nobody but by
an act (`encargo`). Why somebody is away may be a matter of health (Ley 1581 de 2012, art. 5): it
lies in the ficha, with the act, and is shown to few (`records.leaving`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from records.errors import Refused
from records.fact import Day, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

MOTIVES = ("vacaciones", "licencia", "permiso", "comision", "incapacidad")
_LONGEST = timedelta(days=3 * 366)
"""As long as a commission may take; a longer absence is a slip."""
_BEFORE, _AHEAD = timedelta(days=366), timedelta(days=2 * 366)
"""How long ago, and how far ahead, one may begin."""


class Away(Fact, frozen=True, kw_only=True):
    """`ausencia` (AUT): a person is away from a day to a day, both included.

    One that begins on the same day as an earlier one of the same person takes its place.
    """

    persona: str
    desde: Day
    hasta: Day | None = None
    """None: it is taken back."""
    reemplaza: str | None = None
    """Who takes the work meanwhile."""


TYPES: dict[str, type[Fact]] = {"ausencia": Away}


class Absence(msgspec.Struct, frozen=True):
    """A time in which a person is away."""

    persona: str
    desde: str
    hasta: str
    reemplaza: str | None
    motivo: str | None
    """One of `MOTIVES`; None where its ficha is gone or it is not shown."""
    acto: str | None

    def holds(self, day: str) -> bool:
        """Whether they are away on a day (ISO)."""
        return self.desde <= day <= self.hasta

    def meets(self, first: str, last: str) -> bool:
        """Whether it shares a day with others."""
        return self.desde <= last and first <= self.hasta


Absences = dict[tuple[str, str], Absence]
"""(person, first day) → the absence as it was last told."""


def take(known: Absences, fact: Away, ficha: dict[str, object]) -> None:
    """Take one more fact."""
    known.pop((fact.persona, fact.desde), None)
    if fact.hasta is not None:
        motive, act = ficha.get("motivo"), ficha.get("acto")
        known[fact.persona, fact.desde] = Absence(
            fact.persona, fact.desde, fact.hasta, fact.reemplaza,
            str(motive) if motive else None, str(act) if act else None,
        )  # fmt: skip


def span(desde: str, hasta: str, today: date) -> tuple[str, str]:
    """The days of an absence, as they are kept.

    Raises:
        Refused: they are no days, run backwards, or lie where no absence does.
    """
    try:
        first, last = date.fromisoformat(desde), date.fromisoformat(hasta)
    except ValueError as error:
        raise Refused("fecha", "Las fechas se escriben así: 2026-12-31.") from error
    why = None
    if last < first:
        why = "termina antes de empezar"
    elif last - first > _LONGEST:
        why = "dura más de tres años"
    elif first < today - _BEFORE:
        why = "empezó hace más de un año"
    elif first > today + _AHEAD:
        why = "empieza dentro de más de dos años"
    if why:
        raise Refused(
            "ausencia_fechas",
            f"Una ausencia del {first} al {last} {why}.",
            consejo="Revise las fechas: --desde es el primer día y --hasta el último, ambos fuera.",
        )
    return first.isoformat(), last.isoformat()


def check(known: Iterable[Absence], fact: Away, names: dict[str, str]) -> None:
    """Whether an absence goes with the others; *names*: persons as people call them.

    Raises:
        Refused: it meets another of the same person, or the replacement is away as well.
    """
    if fact.hasta is None:
        return
    if fact.reemplaza == fact.persona:
        raise Refused("reemplazo", "Nadie se reemplaza a sí mismo.")
    for other in known:
        if not other.meets(fact.desde, fact.hasta):
            continue
        period = f"del {other.desde} al {other.hasta}"
        if other.persona == fact.persona and other.desde != fact.desde:
            raise Refused(
                "ausencia_cruzada",
                f"{names[fact.persona]} ya tiene una ausencia {period}.",
                consejo="Corríjala con el mismo --desde y --cambia, o quítela con --anular.",
            )
        if other.persona == fact.reemplaza:
            raise Refused(
                "reemplazo_ausente",
                f"{names[other.persona]} no puede reemplazar: está ausente {period}.",
                consejo="Elija a otra persona; nadie vería el trabajo esos días.",
            )
        if other.reemplaza == fact.persona:
            raise Refused(
                "reemplaza_a_otro",
                f"{names[fact.persona]} reemplaza a {names[other.persona]} {period}.",
                consejo=f"Diga antes quién reemplaza a {names[other.persona]}: «persona ausencia "
                f"{other.persona} --desde {other.desde} --cambia …».",
            )
