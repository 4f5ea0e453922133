"""When an answer is due, and why: the table `terms.toml` read, chosen from and explained.

CPACA arts. 14 to 30 (Ley 1755 de 2015) and the special norms of the table; `records.counting`
counts, by the Ley 4 de 1913. The law in force on the day of reception decides. How far an answer
may be put off (`extended`) and the terms on the way to it (`limit`) are told here too; what an
office did about them is not.

The strict reading, `vence`, counts from the day after the actual reception, whatever the hour. The
other one, `vence_legal`, takes what arrives on a rest day or after closing as filed on the next
worked day; it is told beside the first where it gives another day, and decides only where the
entity says so (`[terminos]` of config.toml).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from records.calendar import Unreckoned, long_day, short_day
from records.counting import Count, Unit, count, in_words, local
from records.term_rows import Rule, Side, Undated, cite, rule_for, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.calendar import Calendar


class Skipped(msgspec.Struct, frozen=True):
    """A day that does not count, and why."""

    fecha: str
    motivo: str


class _Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A date and why. Moments are ISO 8601 with −05:00, days plain dates."""

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
    """The moment or day that it was counted from."""
    primer_dia: str | None
    """The first day that counts; None for hours and for what has no date."""
    explicacion: str


class Term(_Told, frozen=True, kw_only=True, omit_defaults=True):
    """When an answer is due, and why; or the latest day to which it may be put off."""

    tipo: str


class Limit(_Told, frozen=True, kw_only=True, omit_defaults=True):
    """When a term on the way to the answer is over, and why."""

    nombre: str
    ampliable_hasta: str | None = None
    """The latest end where its extension is asked for in time; None: it has none."""


def term(tipo: str, recibido: date, calendar: Calendar) -> Term:
    """When the answer to what was received at *recibido* is due.

    *recibido* is a moment (any offset; Colombian civil time where it has none) or a plain date,
    which counts as within hours.

    Raises:
        Unreckoned: there is no such kind, no rule for it on that day, or the calendar does not
            reach so far.
    """
    received = local(recibido)
    rule = rule_for(tipo, _day(received))
    if isinstance(rule, Undated):
        return _undated(tipo, rule, received)
    return reckon(tipo, rule, received, calendar)


def reckon(tipo: str, rule: Rule, received: date, calendar: Calendar) -> Term:
    """*rule* applied to a reception in Colombian civil time, whatever the day of its validity.

    Raises:
        Unreckoned: the calendar does not reach so far, or hours are to be counted from a date.
    """
    counts = _Counts.of(rule.valor, rule, received, calendar)
    words = [f"Regla: {rule.cuanto} para {rule.que}.", f"Norma: {rule.cita}."]
    facts = _facts(rule.valor, rule, rule.cita, received, counts)
    return Term(tipo=tipo, **facts, explicacion=_explained(words, rule, received, counts))


def extended(rule: Rule, received: date, calendar: Calendar) -> Term:
    """The latest lawful day to which the answer may be put off, counted from the reception.

    «Hasta el doble» is the whole term, not what is added to it: the strict reading of «no podrá
    exceder del doble del inicialmente previsto» (CPACA, art. 14, par.).

    Raises:
        Unreckoned: its norm knows no extension, or the calendar does not reach so far.
    """
    received = local(received)
    tipo = rule.tipos[0]
    if rule.prorroga == "ninguna":
        raise Unreckoned(
            "sin_prorroga",
            f"El término de {rule.cuanto} para {rule.que} no tiene prórroga: {rule.cita}.",
            consejo="Conteste dentro del término.",
        )
    whole, cita = rule.prorrogado, cite(rule.norma, rule.prorroga_apartado)
    first = count(rule.valor, rule.unidad, received, calendar)
    counts = _Counts.of(whole, rule, received, calendar)
    more = "hasta el doble" if rule.prorroga == "doble" else f"hasta {rule.prorroga} más"
    words = [
        f"Prórroga: {more}; {in_words(whole, rule.unidad)} en total para {rule.que}.",
        f"Norma: {cita}.",
    ]
    after = [
        f"Antes de que venza el término ({long_day(first.ends)}) se informa a la persona, con los "
        "motivos y la nueva fecha."
    ]
    text = _explained(words, rule, received, counts, after)
    return Term(tipo=tipo, **_facts(whole, rule, cita, received, counts), explicacion=text)


def extension(tipo: str, recibido: date, calendar: Calendar) -> Term:
    """As `extended`, by the kind and the rule in force on the day of reception.

    Raises:
        Unreckoned: as `term`, or that kind has no extension.
    """
    received = local(recibido)
    rule = rule_for(tipo, _day(received))
    if isinstance(rule, Undated):
        raise Unreckoned(
            "sin_prorroga",
            f"Lo que es «{tipo}» no tiene prórroga por regla. {rule.motivo}",
            consejo="Pídala a quien fijó el término." if rule.por_fijar else "",
        )
    return msgspec.structs.replace(extended(rule, received, calendar), tipo=tipo)


def limit(name: str, since: date, calendar: Calendar) -> Limit:
    """When a term on the way to the answer (a row of `plazos`) is over that began at *since*.

    *since* is what its row says: the reception, the delivery of what was asked for, and so on.

    Raises:
        Unreckoned: there is no such term, none on that day, or the calendar does not reach so far.
    """
    since = local(since)
    row = side(name, _day(since))
    counts = _Counts.of(row.valor, row, since, calendar)
    longer = _longer(row, counts.strict.ends, calendar)
    words = [f"Plazo: {row.cuanto} de {row.de} para {row.que}.", f"Norma: {row.cita}."]
    after = [row.si_pasa]
    if longer is not None:
        after.insert(0, f"Si antes se pide más tiempo, hasta el {long_day(longer)} a lo sumo.")
    return Limit(
        nombre=name,
        ampliable_hasta=_written(longer) if longer else None,
        **_facts(row.valor, row, row.cita, since, counts),
        explicacion=_explained(words, row, since, counts, after),
    )


def _longer(row: Side, first: datetime, calendar: Calendar) -> datetime | None:
    """The end of another stretch as long, counted from the end of the first."""
    if row.ampliable == "no":
        return None
    return count(row.valor, row.unidad, first.date(), calendar).ends


# -- both readings --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counts:
    strict: Count
    other: Count | None
    """From the day on which it counts as filed, where that gives another day."""

    @classmethod
    def of(cls, value: int, row: Rule | Side, since: date, calendar: Calendar) -> _Counts:
        strict = count(value, row.unidad, since, calendar)
        received = isinstance(row, Rule) or row.desde_que == "la recepción"
        if row.unidad == "hora" or not received:
            return cls(strict, None)
        other = count(value, row.unidad, calendar.filed(since), calendar)
        return cls(strict, other if other.ends != strict.ends else None)


def _facts(value: int, row: Rule | Side, cita: str, since: date, counts: _Counts) -> dict[str, Any]:
    strict, other = counts.strict, counts.other
    return {
        "vence": _written(strict.ends),
        "vence_legal": _written(other.ends) if other else None,
        "dias": value,
        "unidad": row.unidad,
        "norma": cita,
        "saltados": [Skipped(d.isoformat(), why) for d, why in strict.skipped],
        "desde": _written(since),
        "primer_dia": strict.first.isoformat() if strict.first else None,
    }


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _written(moment: date) -> str:
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else str(moment)


# -- words ----------------------------------------------------------------------------------------


_SINCE = {
    "la recepción": "Recibido",
    "el requerimiento": "Requerimiento entregado",
    "la devolución": "Devuelto",
    "el vencimiento": "Vencido",
    "la notificación": "Notificado",
}


def _explained(
    head: list[str],
    row: Rule | Side,
    since: date,
    counts: _Counts,
    after: Sequence[str] = (),
) -> str:
    strict, other = counts.strict, counts.other
    began = _SINCE[row.desde_que] if isinstance(row, Side) else "Recibido"
    lines = [*head, f"{began}: {_when(since)}.", _from(row, strict)]
    if strict.skipped:
        days = "; ".join(f"{short_day(day)} ({why})" for day, why in strict.skipped)
        lines.append(f"No se cuentan (Ley 4 de 1913, art. 62): {days}.")
    if row.unidad == "hora":
        lines.append(f"Vence: {_when(strict.ends)} (Ley 4 de 1913, art. 60).")
    else:
        lines.append(f"Vence: {long_day(strict.ends)}, a medianoche (Ley 4 de 1913, art. 59).")
    if other is not None:
        lines.append(
            f"Si lo que llega fuera de horario o en día no hábil se tuviera por recibido el "
            f"siguiente día hábil ({long_day(other.start)}), vencería el {long_day(other.ends)}. "
            "Cuente con la primera fecha."
        )
    return "\n".join([*lines, *after])


def _from(row: Rule | Side, counted: Count) -> str:
    if counted.first is None:
        return "Las horas corren sin parar desde ese momento."
    if row.unidad == "mes":
        return f"Se cuenta por el calendario, desde el día siguiente: {long_day(counted.first)}."
    return f"Se cuenta desde el día siguiente; el día 1 es el {long_day(counted.first)}."


def _undated(tipo: str, row: Undated, received: date) -> Term:
    cita = cite(row.norma) if row.norma else None
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
