"""The legal life of a petition: extended, completed, transferred, given up. Pure rules.

What must be told to the citizen counts only when it is sent: an extension before the term ends,
once and never beyond its double (CPACA, art. 14 par.); a demand to complete it within ten days,
which stops the term until they do (art. 17); a transfer within five (art. 21).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from records import lines, norms, terms
from records.calendar import Unreckoned
from records.errors import Refused
from records.tramite import DEMAND, EXTENSION, TRANSFER, end_of

if TYPE_CHECKING:
    from records.calendar import Calendar
    from records.state import State
    from records.tramite import AnswerMoved

PROLONG = "Ley 1437 de 2011 (CPACA), art. 14"
COMPLETE = "Ley 1437 de 2011 (CPACA), art. 17"
GIVE_UP = "Ley 1437 de 2011 (CPACA), art. 18"
PASS_ON = "Ley 1437 de 2011 (CPACA), art. 21"


def working_days(since: date, until: date, calendar: Calendar) -> int:
    """How many worked days there are after a day, to another one and with it."""
    days = (since + timedelta(days=n) for n in range(1, (until - since).days + 1))
    return sum(calendar.why_not(day) is None for day in days)


def after(since: date, days: int, calendar: Calendar) -> date:
    """The last of so many worked days after a day."""
    day = since
    while days > 0:
        day += timedelta(days=1)
        days -= calendar.why_not(day) is None
    return day


def latest(state: State, kind: str, calendar: Calendar) -> date:
    """The last day to which a petition's term may be extended."""
    try:
        ends = terms.extension(kind, lines.moment(state.recibido or state.fecha or ""), calendar)
    except Unreckoned as error:
        raise _refused("sin_termino", error.mensaje, PROLONG) from error
    assert ends.vence is not None
    return date.fromisoformat(ends.vence[:10])


def limit(name: str, since: datetime, calendar: Calendar) -> date:
    """The last day of a term on the way to the answer (`terms.limit`)."""
    ends = terms.limit(name, since, calendar).vence
    assert ends is not None
    return date.fromisoformat(ends[:10])


def check(effect: str, state: State, kind: str, hasta: str | None, calendar: Calendar) -> list[str]:
    """Whether a letter may have its effect now; what should be known of it, in Spanish.

    Raises:
        Refused: the norm does not allow it, or no longer.
    """
    today = lines.now()
    number = state.numero.radicado if state.numero is not None else ""
    way = state.tramite
    if way.requerido is not None and effect != TRANSFER:
        raise _refused(
            "suspendido", f"{number} espera al peticionario: no corre término.", COMPLETE
        )
    if any(a.efecto == effect for a in way.respuestas.values()):
        raise _refused("ya_dicho", f"{number} ya tiene una carta de {effect}.", _norm(effect))
    if effect == EXTENSION:
        _check_extension(state, kind, hasta, calendar, number)
        return []
    filed = lines.moment(state.fecha or "")
    if effect == DEMAND:
        last = limit("requerir", filed, calendar)
        if today.date() > last:
            raise _refused(
                "requerimiento_tardio",
                f"{number} se radicó el {filed.date().isoformat()}: se podía requerir hasta el "
                f"{last.isoformat()}.",
                COMPLETE,
            )
        return []
    last = limit("traslado", lines.moment(state.recibido or state.fecha or ""), calendar)
    if today.date() > last:
        return [
            f"{number} debía trasladarse a más tardar el {last.isoformat()} "
            f"({norms.cite(PASS_ON, today.date())}): trasládelo hoy, y cuente por qué."
        ]
    return []


def _check_extension(
    state: State, kind: str, hasta: str | None, calendar: Calendar, number: str
) -> None:
    if state.vence is None or hasta is None:
        raise _refused("sin_termino", f"{number} no tiene un término que prorrogar.", PROLONG)
    if state.prorrogado is not None:
        raise _refused("ya_prorrogado", f"{number} ya se prorrogó una vez.", PROLONG)
    if lines.now() > lines.moment(state.vence):
        raise _refused(
            "prorroga_tardia", f"{number} venció el {state.vence[:10]}: ya no se prorroga.", PROLONG
        )
    if hasta <= state.vence[:10]:
        raise _refused("no_prorroga", f"{number} vence el {state.vence[:10]}, después.", PROLONG)
    most = latest(state, kind, calendar).isoformat()
    if hasta > most:
        raise _refused(
            "mas_del_doble", f"La prórroga de {number} llega a lo sumo al {most}.", PROLONG
        )


def completed(state: State, given: date, calendar: Calendar) -> str | None:
    """The new end of a term that runs again the day after *given*: what was left of it."""
    demand = state.tramite.requerido
    if demand is None or state.vence is None:
        return None
    stopped = date.fromisoformat((demand.enviada or "")[:10])
    left = max(1, working_days(stopped, date.fromisoformat(state.vence[:10]), calendar))
    return max(end_of(after(max(given, stopped), left, calendar).isoformat()), state.vence)


def month_to_complete(demand: AnswerMoved, calendar: Calendar) -> date:
    """The last day that a petitioner has to complete what they were asked for: a month."""
    return limit("completar", lines.moment(demand.enviada or ""), calendar)


def _norm(effect: str) -> str:
    return {EXTENSION: PROLONG, DEMAND: COMPLETE, TRANSFER: PASS_ON}[effect]


def _refused(code: str, said: str, norm: str) -> Refused:
    return Refused(code, said, norma=norms.cite(norm, lines.now().date()))
