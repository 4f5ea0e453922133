"""The legal life of a petition: extended, completed, explained, transferred, given up. Pure rules.

What must be told to the citizen counts only when it is sent: an extension before the term ends,
once and never beyond its double (CPACA, art. 14 par.); a demand to complete it within ten days,
which stops the term until they do (art. 17); its return to be explained (art. 19); a transfer
within five days (art. 21); the act that takes a month of silence for giving up (art. 17). What the
citizen has to do in a time runs from the day on which they had the letter.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records import lines, norms, terms
from records.calendar import Unreckoned, short_day
from records.counting import after, working_days
from records.dispatch import DELIVERED
from records.errors import Refused
from records.tramite import DEMAND, EXTENSION, SILENCE, TRANSFER, UNCLEAR, end_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.calendar import Calendar
    from records.dispatch import Addressee, Dispatch
    from records.state import State
    from records.tramite import AnswerMoved

PROLONG = "Ley 1437 de 2011 (CPACA), art. 14"
COMPLETE = "Ley 1437 de 2011 (CPACA), art. 17"
GIVE_UP = "Ley 1437 de 2011 (CPACA), art. 18"
EXPLAIN = "Ley 1437 de 2011 (CPACA), art. 19"
PASS_ON = "Ley 1437 de 2011 (CPACA), art. 21"
BY_POST = "Decreto 2150 de 1995, art. 25"
PRESUMED = 10
"""Worked days after which what was sent is taken to be there, where nobody knows when it was."""
SILENCE_ACCEPTS = "documentos"
"""The kind that silence grants: documents and information."""
NO_PETITIONS = frozenset(
    (
        *("tutela", "judicial", "organismo_control", "congreso", "concejo", "defensoria"),
        *("autoridades", "recurso", "felicitacion", "sin_termino"),
    )
)
"""Kinds of which nobody is asked to complete or explain anything: they stop for nobody."""
NAMES = {
    EXTENSION: "de prórroga",
    DEMAND: "de requerimiento",
    UNCLEAR: "para que la aclare",
    TRANSFER: "de traslado",
    SILENCE: "de desistimiento",
}
OTHERS = {
    ("habeas_reclamo", "requerir"): "habeas_requerir",
    ("habeas_reclamo", "completar"): "habeas_completar",
    ("habeas_reclamo", "traslado"): "habeas_traslado",
}
"""Kinds whose own law has another term on the way (Ley 1581 de 2012, art. 15)."""


def latest(state: State, kind: str, calendar: Calendar) -> date:
    """The last day to which a petition's term may be extended."""
    try:
        ends = terms.extension(kind, lines.moment(state.recibido or state.fecha or ""), calendar)
    except Unreckoned as error:
        raise refused("sin_termino", error.mensaje, PROLONG) from error
    assert ends.vence is not None
    return date.fromisoformat(ends.vence[:10])


def limit(name: str, kind: str, since: date, calendar: Calendar) -> date:
    """The last day of a term on the way to the answer of a kind (`terms.limit`)."""
    ends = terms.limit(OTHERS.get((kind, name), name), since, calendar).vence
    assert ends is not None
    return date.fromisoformat(ends[:10])


def decided(steps: Iterable[AnswerMoved]) -> bool:
    """Whether a whole answer was signed, though it may have come back."""
    return any(not a.parcial and a.salida is not None for a in steps)


def accepted(kind: str, vence: str | None, calendar: Calendar) -> date | None:
    """The last day to hand over the copies of what nobody decided in time, and is taken to be
    accepted (CPACA, art. 14 num. 1); None: it is of another kind, or not overdue."""
    if kind != SILENCE_ACCEPTS or vence is None or lines.now() <= lines.moment(vence):
        return None
    return limit("copias", kind, date.fromisoformat(vence[:10]), calendar)


class Receipt(msgspec.Struct, frozen=True):
    """When the petitioner had a letter: as proven, or as the law presumes."""

    dia: date
    probado: bool


def receipt(envio: Dispatch, calendar: Calendar) -> Receipt | None:
    """When the last of those whom a letter is for had it; None: it did not go out to all.

    Proven by a delivery or a notification, or by the hand that gave it. Of what is only known to
    have left it is presumed after ten days (Decreto 2150 de 1995, art. 25).
    """
    told = [_had(one, calendar) for one in envio.principales]
    known = [one for one in told if one is not None]
    if not known or len(known) < len(told):
        return None
    return max(known, key=lambda one: (one.dia, not one.probado))


def _had(one: Addressee, calendar: Calendar) -> Receipt | None:
    proven = [] if one.notificado is None else [one.notificado.fecha]
    for attempt in one.standing:
        done = [o.fecha for o in attempt.resultados if o.estado == DELIVERED]
        proven += done or ([attempt.enviado] if attempt.medio in ("personal", "interno") else [])
    if proven:
        return Receipt(date.fromisoformat(min(proven)[:10]), probado=True)
    if one.enviado is None:
        return None
    left = date.fromisoformat(one.enviado[:10])
    return Receipt(after(left, PRESUMED, calendar), probado=False)


class Awaited(msgspec.Struct, frozen=True):
    """What a petitioner was asked for, and how long they have to give it."""

    efecto: str
    """`requerimiento` (complete it) or `aclaracion` (say what they want)."""
    carta: str | None
    """The radicado of the letter that asked."""
    recibida: date
    """The day on which they had that letter."""
    probada: bool
    """Whether that day is proven; else it is presumed."""
    hasta: date
    """The last day."""
    ampliable_hasta: date | None = None
    """The latest last day, where they ask for longer in time; None: they cannot, or did."""

    @property
    def norma(self) -> str:
        """The article that gives them that time."""
        return EXPLAIN if self.efecto == UNCLEAR else COMPLETE

    def text(self) -> str:
        """As a person reads it."""
        what = "aclararla" if self.efecto == UNCLEAR else "completarla"
        how = (
            f"recibió la carta el {short_day(self.recibida)}"
            if self.probada
            else f"sin prueba de recibo, se presume que la recibió el {short_day(self.recibida)} "
            f"({BY_POST})"
        )
        has = "Tenía" if lines.now().date() > self.hasta else "Tiene"
        return f"{has} hasta el {self.hasta.isoformat()} para {what}: {how}."


def awaited(state: State, envio: Dispatch, kind: str, calendar: Calendar) -> Awaited | None:
    """What the petitioner of a record is to give; *envio* is the sending of the letter that asks.
    None: nothing, or that letter is on its way to nobody."""
    asked = None if state.tramite.cerrado else state.tramite.requerido
    had = None if asked is None else receipt(envio, calendar)
    if asked is None or had is None:
        return None
    name = "corregir" if asked.efecto == UNCLEAR else "completar"
    told = terms.limit(OTHERS.get((kind, name), name), had.dia, calendar)
    longer, given = told.ampliable_hasta, state.tramite.ampliado
    assert told.vence is not None
    return Awaited(
        efecto=str(asked.efecto),
        carta=asked.salida,
        recibida=had.dia,
        probada=had.probado,
        hasta=date.fromisoformat(given or told.vence[:10]),
        ampliable_hasta=date.fromisoformat(longer[:10]) if longer and given is None else None,
    )


def open_(state: State, norm: str) -> None:
    """Refuse what is only for a petition that nobody has ended.

    Raises:
        Refused: it was answered, passed on, given up or filed.
    """
    if state.tramite.cerrado:
        raise refused("cerrado", f"{state.radicado} ya está {state.estado}.", norm)


def check(
    effect: str,
    state: State,
    kind: str,
    calendar: Calendar,
    *,
    hasta: str | None = None,
    espera: Awaited | None = None,
) -> list[str]:
    """Whether a letter may have its effect now; what should be known of it, in Spanish.

    *hasta* is the day that an extension tells, *espera* what the petitioner is to give.

    Raises:
        Refused: the norm does not allow it, or no longer.
    """
    way, number, norm = state.tramite, state.radicado, _norm(effect)
    open_(state, norm)
    _dated_by_law(effect, state, kind, norm)
    if way.requerido is not None and effect not in (TRANSFER, SILENCE):
        raise refused(
            "suspendido",
            f"{number} ya espera al peticionario: no corre término.",
            EXPLAIN if effect == UNCLEAR else COMPLETE,
        )
    said = [a for a in way.respuestas.values() if a.efecto == effect and _stays(a.paso, effect)]
    if said:
        which = said[-1].salida or said[-1].respuesta
        raise refused(
            "ya_dicho",
            f"{number} ya tiene una carta {NAMES[effect]}: {which} ({said[-1].paso}).",
            norm,
            "Si aún no se ha enviado, envíela, o retírela con «carta retirar».",
        )
    match effect:
        case "prorroga":
            _check_extension(state, kind, hasta, calendar, number)
        case "requerimiento":
            _check_demand(state, kind, calendar)
        case "aclaracion":
            _check_unclear(state)
        case "desistimiento":
            silent(state, espera)
        case _:
            return _late_transfer(state, kind, calendar)
    return []


def _dated_by_law(effect: str, state: State, kind: str, norm: str) -> None:
    """What an order dates neither stops nor is extended by the office; nor does anybody complete
    or explain what is no petition."""
    if effect == TRANSFER:
        return
    if state.plazo is not None:
        raise refused(
            "plazo_de_orden",
            f"El plazo de {state.radicado} lo fijó {state.plazo}: ni se suspende ni se prorroga.",
            norm,
            "Pídale más tiempo a quien lo fijó, y anótelo con «fijar-plazo».",
        )
    if effect != EXTENSION and kind in NO_PETITIONS:
        raise refused(
            "no_es_peticion",
            f"{state.radicado} es de tipo «{kind}»: no se requiere ni se devuelve.",
            norm,
            "Si es una petición, rectifique su tipo.",
        )


def lapsed(effect: str | None, state: State, kind: str, sent: str, calendar: Calendar) -> str:
    """Why a letter that left at *sent* has no effect on a petition's term; "" where it has, or
    never was to have one.

    A demand counts within its ten days and while the term runs (CPACA, art. 17), a return while it
    runs (art. 19), the act that ends a silence while there is one.
    """
    number, day = state.radicado, sent[:10]
    over = state.vence is not None and sent[:19] > state.vence[:19]
    if effect == DEMAND:
        last = limit("requerir", kind, lines.moment(state.fecha or ""), calendar)
        if over or day > last.isoformat():
            return f"Salió tarde (se podía requerir hasta el {last}): {number} no se suspende."
    elif effect == UNCLEAR and over:
        return f"Salió después de vencer el término: {number} no se suspende."
    elif effect == EXTENSION and over:
        return f"Salió después de vencer el término: no prorroga {number}."
    elif effect == SILENCE and state.tramite.requerido is None:
        return f"{number} ya se completó: este acto no la termina. Pida su anulación."
    return ""


def _stays(step: str, effect: str) -> bool:
    """Whether a letter stands in the way of another one like it: an act that came back does not."""
    return effect != SILENCE or step != "devuelta"


def _check_demand(state: State, kind: str, calendar: Calendar) -> None:
    filed = lines.moment(state.fecha or "")
    last = limit("requerir", kind, filed, calendar)
    if lines.now().date() > last:
        raise refused(
            "requerimiento_tardio",
            f"{state.radicado} se radicó el {filed.date().isoformat()}: se podía requerir hasta el "
            f"{last.isoformat()}.",
            COMPLETE,
        )


def _check_unclear(state: State) -> None:
    if state.vence is not None and lines.now() > lines.moment(state.vence):
        raise refused(
            "aclaracion_tardia",
            f"{state.radicado} venció el {state.vence[:10]}: ya no se devuelve para que la aclare.",
            EXPLAIN,
        )


def _late_transfer(state: State, kind: str, calendar: Calendar) -> list[str]:
    today = lines.now().date()
    came = lines.moment(state.recibido or state.fecha or "")
    last = limit("traslado", kind, came, calendar)
    if today <= last:
        return []
    return [
        f"{state.radicado} debía trasladarse a más tardar el {last.isoformat()} "
        f"({norms.cite(PASS_ON, today)}): trasládelo hoy, y cuente por qué."
    ]


def silent(state: State, espera: Awaited | None) -> None:
    """Refuse to take for silence what is none yet.

    Raises:
        Refused: nothing was asked for, or the time to give it is not over.
    """
    if espera is not None and espera.efecto == DEMAND and lines.now().date() > espera.hasta:
        return
    said = f"El peticionario de {state.radicado} no ha desistido."
    told = f" {espera.text()}" if espera is not None else ""
    if espera is not None and espera.efecto == UNCLEAR:
        raise refused(
            "sin_desistimiento",
            said + told,
            EXPLAIN,
            "Si no la aclara, se archiva: «archivar R --sin-respuesta no_aclarada».",
        )
    raise refused(
        "sin_desistimiento",
        said + told,
        COMPLETE if state.tramite.requerido is not None else GIVE_UP,
        "Si lo dijo en una carta, nómbrela con --con; por silencio solo se desiste cuando venció "
        "el mes que tenía para completarla.",
    )


def unexplained(state: State, espera: Awaited | None) -> None:
    """Refuse to file as unexplained what may still be explained (CPACA, art. 19).

    Raises:
        Refused: nobody asked what it means, or the ten days are not over.
    """
    if espera is None or espera.efecto != UNCLEAR:
        raise refused(
            "nada_pedido",
            f"A {state.radicado} no le falta una aclaración que se haya pedido.",
            EXPLAIN,
            "Primero se devuelve para que la aclare («aclarar») y se envía esa carta.",
        )
    if lines.now().date() <= espera.hasta:
        raise refused(
            "aun_puede_aclarar", f"{state.radicado} no se archiva aún. {espera.text()}", EXPLAIN
        )


def lengthened(state: State, espera: Awaited | None, asked: date) -> date:
    """The last day of the longer time that a petitioner asked for on a day (CPACA, art. 17).

    Raises:
        Refused: nothing was asked for, they asked too late, a second time, or the norm knows none.
    """
    if espera is None:
        raise refused(
            "nada_pedido",
            f"A {state.radicado} no le falta nada que se haya pedido.",
            COMPLETE,
            "Primero se requiere («requerir») y se envía esa carta.",
        )
    if state.tramite.ampliado is not None:
        raise refused(
            "ya_ampliado", f"El plazo ya se amplió hasta el {state.tramite.ampliado}.", COMPLETE
        )
    if espera.ampliable_hasta is None:
        raise refused("no_se_amplia", f"Ese plazo no se amplía. {espera.text()}", espera.norma)
    if asked > espera.hasta:
        raise refused("ampliacion_tardia", f"Se pidió tarde. {espera.text()}", COMPLETE)
    return espera.ampliable_hasta


def _check_extension(
    state: State, kind: str, hasta: str | None, calendar: Calendar, number: str
) -> None:
    if state.vence is None or hasta is None:
        raise refused("sin_termino", f"{number} no tiene un término que prorrogar.", PROLONG)
    if state.prorrogado is not None:
        raise refused("ya_prorrogado", f"{number} ya se prorrogó una vez.", PROLONG)
    if lines.now() > lines.moment(state.vence):
        raise refused(
            "prorroga_tardia", f"{number} venció el {state.vence[:10]}: ya no se prorroga.", PROLONG
        )
    if hasta <= state.vence[:10]:
        raise refused(
            "no_prorroga",
            f"{number} vence el {state.vence[:10]}: la prórroga es para después de ese día.",
            PROLONG,
        )
    most = latest(state, kind, calendar).isoformat()
    if hasta > most:
        raise refused(
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


def _norm(effect: str) -> str:
    return {
        EXTENSION: PROLONG,
        DEMAND: COMPLETE,
        UNCLEAR: EXPLAIN,
        TRANSFER: PASS_ON,
        SILENCE: COMPLETE,
    }[effect]


def refused(code: str, said: str, norm: str, advice: str = "") -> Refused:
    """A refusal with its norm, as it is cited today."""
    return Refused(code, said, consejo=advice, norma=norms.cite(norm, lines.now().date()))
