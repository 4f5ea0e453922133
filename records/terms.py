"""When an answer is due, and why: the table `terms.toml`, and the one way of counting.

CPACA arts. 14 and 30 (Ley 1755 de 2015) and the special norms of the table; counted by the Ley 4 de
1913: terms end at the midnight of their last day (art. 59), hours at their last minute (art. 60),
rest days are left out of terms in days, and months go by the calendar but end on a worked day
(art. 62). The law in force on the day of reception decides. Extensions and suspensions are not
here.

The strict reading, `vence`, counts from the day after the actual reception, whatever the hour. The
other one, `vence_legal`, takes what arrives on a rest day or after closing as filed on the next
worked day; it is told beside the first where it gives another day, and decides nothing.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from records import norms
from records.calendar import ONE_DAY, Unreckoned, long_day, short_day
from records.lines import BOGOTA

if TYPE_CHECKING:
    from records.calendar import Calendar

Unit = Literal["día hábil", "día calendario", "mes", "hora"]
_PLURAL = {
    "día hábil": "días hábiles",
    "día calendario": "días calendario",
    "mes": "meses",
    "hora": "horas",
}
_END_OF_DAY = time(23, 59, 59)


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row: how long for which kinds, by which norm, from which day to which."""

    tipos: tuple[str, ...]
    que: str
    valor: Annotated[int, msgspec.Meta(ge=1)]
    unidad: Unit
    inicio: Literal["día siguiente", "hora de llegada"] = "día siguiente"
    norma: str
    """A citation of `norms.toml`."""
    apartado: str = ""
    desde: date
    hasta: date | None = None

    def __post_init__(self) -> None:
        if (self.unidad == "hora") != (self.inicio == "hora de llegada"):
            raise ValueError(f"{self.tipos}: solo las horas corren desde la hora de llegada")

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.desde <= on and (self.hasta is None or on <= self.hasta)

    @property
    def cita(self) -> str:
        """Its citation: `Ley 1437 de 2011 (CPACA), art. 14, num. 1 (Ley 1755 de 2015)`."""
        return _cite(self.norma, self.apartado)

    @property
    def cuanto(self) -> str:
        """How long, in words: `15 días hábiles`."""
        return f"{self.valor} {_PLURAL[self.unidad] if self.valor != 1 else self.unidad}"


class Undated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Kinds that no row can date: an order fixes the term, or there is none."""

    tipos: tuple[str, ...]
    por_fijar: bool
    motivo: str
    norma: str = ""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `terms.toml`."""

    terminos: tuple[Rule, ...]
    sin_fecha: tuple[Undated, ...]


class Skipped(msgspec.Struct, frozen=True):
    """A day that does not count, and why."""

    fecha: str
    motivo: str


class Term(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When an answer is due, and why. Moments are ISO 8601 with −05:00, days plain dates."""

    tipo: str
    vence: str | None
    """The last second of the last day, or the last minute of the last hour; None: no date."""
    vence_legal: str | None = None
    """The same by the other reading, only where it falls on another day."""
    dias: int | None
    """How many of `unidad`."""
    unidad: Unit | None
    norma: str | None
    saltados: list[Skipped]
    desde: str
    """The reception, as it was counted."""
    primer_dia: str | None
    """The first day that counts; None for hours and for what has no date."""
    explicacion: str


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


def term(tipo: str, recibido: date, calendar: Calendar) -> Term:
    """When the answer to what was received at *recibido* is due.

    *recibido* is a moment (any offset; Colombian civil time where it has none) or a plain date,
    which counts as within hours.

    Raises:
        Unreckoned: there is no such kind, no rule for it on that day, or the calendar does not
            reach so far.
    """
    received = _local(recibido)
    day = received.date() if isinstance(received, datetime) else received
    rule = rule_for(tipo, day)
    if isinstance(rule, Undated):
        return _undated(tipo, rule, received)
    return reckon(tipo, rule, received, calendar)


def reckon(tipo: str, rule: Rule, received: date, calendar: Calendar) -> Term:
    """*rule* applied to a reception in Colombian civil time, whatever the day of its validity.

    Raises:
        Unreckoned: the calendar does not reach so far, or hours are to be counted from a date.
    """
    count = _count(rule, received, calendar)
    other = _other_reading(rule, received, calendar, count)
    return Term(
        tipo=tipo,
        vence=_written(count.ends),
        vence_legal=_written(other.ends) if other else None,
        dias=rule.valor,
        unidad=rule.unidad,
        norma=rule.cita,
        saltados=[Skipped(d.isoformat(), why) for d, why in count.skipped],
        desde=_written(received),
        primer_dia=count.first.isoformat() if count.first else None,
        explicacion=_explained(rule, received, count, other),
    )


# -- counting -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Count:
    start: date
    """The day that it is counted from; itself not counted."""
    first: date | None
    ends: datetime
    skipped: list[tuple[date, str]]


def _count(rule: Rule, received: date, calendar: Calendar) -> _Count:
    if rule.unidad == "hora":
        return _hours(rule.valor, received)
    start = received.date() if isinstance(received, datetime) else received
    calendar.why_not(start)  # a year without a calendar is refused before anything is added to it
    match rule.unidad:
        case "día hábil":
            return _working_days(rule.valor, start, calendar)
        case "mes":
            return _months(rule.valor, start, calendar)
        case "día calendario":
            last = start + timedelta(days=rule.valor)
            return _Count(start, start + ONE_DAY, _midnight(last), [])


def _working_days(days: int, start: date, calendar: Calendar) -> _Count:
    day, first, skipped = start, None, []
    while days:
        day += ONE_DAY
        if (why := calendar.why_not(day)) is not None:
            skipped.append((day, why))
            continue
        first = first or day
        days -= 1
    return _Count(start, first, _midnight(day), skipped)


def _months(months: int, start: date, calendar: Calendar) -> _Count:
    """By the calendar: the same day of a later month, or its last (Código Civil, art. 67)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    skipped = []
    while (why := calendar.why_not(day)) is not None:
        skipped.append((day, why))
        day += ONE_DAY
    return _Count(start, start + ONE_DAY, _midnight(day), skipped)


def _hours(hours: int, received: date) -> _Count:
    """Without a stop, from the moment of reception."""
    if not isinstance(received, datetime):
        raise Unreckoned(
            "falta_hora",
            "Este término corre por horas.",
            consejo="Diga también la hora de llegada.",
        )
    return _Count(received.date(), None, received + timedelta(hours=hours), [])


def _other_reading(rule: Rule, received: date, calendar: Calendar, strict: _Count) -> _Count | None:
    """The count from the day on which it counts as filed, where that gives another day."""
    if rule.unidad == "hora":
        return None
    other = _count(rule, calendar.filed(received), calendar)
    return other if other.ends != strict.ends else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, _END_OF_DAY, BOGOTA)


def _local(received: date) -> date:
    """A reception in Colombian civil time."""
    if not isinstance(received, datetime):
        return received
    try:
        return received.astimezone(BOGOTA) if received.tzinfo else received.replace(tzinfo=BOGOTA)
    except OverflowError as error:
        raise Unreckoned("fuera_de_calendario", f"{received} no puede ser una fecha.") from error


def _written(moment: date) -> str:
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else str(moment)


# -- words ----------------------------------------------------------------------------------------


def _cite(norma: str, apartado: str = "") -> str:
    row = norms.find(norma)
    text = f" ({row.modificada_por})" if row is not None and row.modificada_por else ""
    return f"{norma}{f', {apartado}' if apartado else ''}{text}"


def _explained(rule: Rule, received: date, count: _Count, other: _Count | None) -> str:
    lines = [
        f"Regla: {rule.cuanto} para {rule.que}.",
        f"Norma: {rule.cita}.",
        f"Recibido: {_when(received)}.",
        _from(rule, count),
    ]
    if count.skipped:
        days = "; ".join(f"{short_day(day)} ({why})" for day, why in count.skipped)
        lines.append(f"No se cuentan (Ley 4 de 1913, art. 62): {days}.")
    if rule.unidad == "hora":
        lines.append(f"Vence: {_when(count.ends)} (Ley 4 de 1913, art. 60).")
    else:
        lines.append(f"Vence: {long_day(count.ends)}, a medianoche (Ley 4 de 1913, art. 59).")
    if other is not None:
        lines.append(
            f"Si lo que llega fuera de horario o en día no hábil se tuviera por recibido el "
            f"siguiente día hábil ({long_day(other.start)}), vencería el {long_day(other.ends)}. "
            "Cuente con la primera fecha."
        )
    return "\n".join(lines)


def _from(rule: Rule, count: _Count) -> str:
    if count.first is None:
        return "Las horas corren sin parar desde ese momento."
    if rule.unidad == "mes":
        return f"Se cuenta por el calendario, desde el día siguiente: {long_day(count.first)}."
    return f"Se cuenta desde el día siguiente; el día 1 es el {long_day(count.first)}."


def _undated(tipo: str, row: Undated, received: date) -> Term:
    cita = _cite(row.norma) if row.norma else None
    head = "Término por fijar: no hay una fecha por regla." if row.por_fijar else "Sin término."
    lines = [head, row.motivo, f"Norma: {cita}." if cita else "", f"Recibido: {_when(received)}."]
    return Term(
        tipo=tipo,
        vence=None,
        dias=None,
        unidad=None,
        norma=cita,
        saltados=[],
        desde=_written(received),
        primer_dia=None,
        explicacion="\n".join(line for line in lines if line),
    )


def _when(received: date) -> str:
    hour = f", {received:%H:%M}" if isinstance(received, datetime) else ""
    return f"{long_day(received)}{hour}"
