"""Series, mask, next number, order of reception (Acuerdo 060 de 2001, arts. 2 and 5).

Pure rules over a journal's tail. What they keep: no reserve, no gap, no repeat, no change; each
year begins at 1; numbers follow the order of reception within a lane, and leaving an older letter
behind asks for a reason. It does not annul: that is a fact with a signature of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

from records import fields, lines, norms, rounds, terms
from records.calendar import Calendar, Unreckoned
from records.errors import Refused
from records.events import NumberAssigned
from records.tail import ACTA, SeriesEnd
from records.term_rows import rule_for
from records.tramite import UNASSIGNED

if TYPE_CHECKING:
    from collections.abc import Collection

    from records.answer import Presented
    from records.settings import Settings
    from records.state import State
    from records.tail import Tail
    from records.terms import Term

MAX_NAMED = 100
"""Letters left behind that an event names; beyond it counts them, for a line has its limit."""
ORDER = "Acuerdo 060 de 2001 (AGN), art. 5"
RECEIVED = "E"
"""The class of what arrives: the one whose letters have a term for their answer."""


class Due(NamedTuple):
    """The end of a term as a letter says it."""

    vence: str | None
    """By the strict reading; None: no date can be told."""
    legal: str | None
    """By the other one, where the entity tells people that (`[terminos]`) and it is another day."""


def next_number(tail: Tail, clase: str, vigencia: int) -> tuple[int, int | None]:
    """The next n of a series, and the seq of its last number (None for the first)."""
    end = tail.series.get((clase, vigencia), SeriesEnd(0, None))
    return end.n + 1, end.seq


def radicado(settings: Settings, vigencia: int, punto: str, clase: str, n: int) -> str:
    """A number as it is written, by the office's mask."""
    return settings.radicado.mascara.format(vigencia=vigencia, punto=punto, clase=clase, n=n)


def next_acta(settings: Settings, tail: Tail, vigencia: int) -> tuple[str, int, int | None]:
    """(number as written, n, seq of the acta before) of a year's next acta."""
    end = tail.actas.get(vigencia, SeriesEnd(0, None))
    n = end.n + 1
    return radicado(settings, vigencia, tail.serie, ACTA, n), n, end.seq


def next_round(settings: Settings, tail: Tail, vigencia: int) -> tuple[str, int, int | None]:
    """(number as written, n, seq of the planilla before) of a year's next planilla."""
    end = tail.planillas.get(vigencia, SeriesEnd(0, None))
    n = end.n + 1
    return radicado(settings, vigencia, tail.serie, rounds.SERIES, n), n, end.seq


def next_of_archive(
    settings: Settings, tail: Tail, clase: str, vigencia: int, **named: str
) -> tuple[str, int, int | None]:
    """(number as written, n, seq of the one before) of the next one of a series of the archive;
    *named* are further words that the mask of expedientes may use."""
    end = tail.archivo.get((clase, vigencia), SeriesEnd(0, None))
    n, mask = end.n + 1, settings.radicado.mascara
    if named and settings.archivo.mascara:
        mask = settings.archivo.mascara
    text = mask.format(vigencia=vigencia, punto=tail.serie, clase=clase, n=n, **named)
    return text, n, end.seq


def left_behind(tail: Tail, reception: int, never_block: Collection[str]) -> list[str]:
    """Older open receptions of the same lane that numbering *reception* now would leave behind.

    Those being read, quarantined or taken by another clerk (*never_block*) do not count.
    """
    lane = tail.open[reception]
    return [
        subject
        for seq, other in sorted(tail.open.items())
        if other == lane
        and seq < reception
        and (subject := f"{tail.punto}.{seq}") not in never_block
    ]


def require_reason(skipped: list[str], reason: str | None) -> None:
    """Leaving older letters behind needs a reason.

    Raises:
        Refused: there is none.
    """
    if skipped and not (reason or "").strip():
        raise Refused(
            "orden_de_recepcion",
            f"Hay {len(skipped)} documento(s) de este carril recibidos antes y sin radicar "
            f"(el primero: {skipped[0]}).",
            consejo="Radique primero el más antiguo, o diga por qué no con --motivo.",
            norma=norms.cite(ORDER, lines.now().date()),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a clerk asks of a number: the checked field values and how it is given."""

    values: dict[str, Any]
    clase: str
    skipped: tuple[str, ...] = ()
    reason: str | None = None
    lote: str | None = None


def assignment(
    settings: Settings, tail: Tail, at: str, state: State, wanted: Wanted
) -> tuple[NumberAssigned, dict[str, Any]]:
    """The number that a reception gets now, and its ficha.

    A scan without remitente and entidad is recorded as «ilegible»: a missing name keeps no letter
    from its number. At the counter, before any scan, the name is simply not there yet.
    """
    vigencia = int(at[:4])
    n, previous = next_number(tail, wanted.clase, vigencia)
    public, private = fields.split(wanted.values)
    if not private.get("remitente") and not private.get("entidad") and state.documentos:
        private["remitente"] = "ilegible"
    if wanted.skipped:
        private["motivo_orden"] = fields.clean_text(wanted.reason or "")
    reception = state.recepcion
    assert reception is not None
    originals = [d.sha256 for d in state.documentos if d.rol == "original"]
    told = due(settings, wanted.clase, public.get("tipo"), state.recibido or at)
    fact = NumberAssigned(
        radicado=radicado(settings, vigencia, tail.serie, wanted.clase, n),
        clase=wanted.clase,
        vigencia=vigencia,
        n=n,
        anterior=previous,
        recepcion=state.subject,
        recibido=state.recibido,
        fuente=reception.fuente,
        carril=reception.carril,
        canal=public.get("canal", reception.canal),
        tipo=public.get("tipo"),
        dependencia=public.get("dependencia", UNASSIGNED),
        responsable=public.get("responsable"),
        folios=public.get("folios", 1),
        anexos=fields.count_annexes(private.get("anexos")),
        vence=told.vence,
        vence_legal=told.legal,
        saltadas=list(wanted.skipped[:MAX_NAMED]),
        saltadas_total=len(wanted.skipped),
        imagen=originals[-1] if originals else None,
        lote=wanted.lote,
    )
    return fact, private


def outgoing(settings: Settings, tail: Tail, at: str, made: Presented) -> NumberAssigned:
    """The number that a signed letter gets: sent or internal (Acuerdo 060 de 2001, arts. 7, 11).

    The line before it is the one that signed it. An internal letter is at once in the área that it
    is for.
    """
    vigencia = int(at[:4])
    n, previous = next_number(tail, made.clase, vigencia)
    return NumberAssigned(
        radicado=radicado(settings, vigencia, tail.serie, made.clase, n),
        clase=made.clase,
        vigencia=vigencia,
        n=n,
        anterior=previous,
        aprobacion=tail.prev,
        tipo=made.tipo,
        dependencia=made.dependencias[0] if made.dependencias else made.dependencia,
        folios=made.folios,
        anexos=made.anexos,
        imagen=made.sha256,
    )


def term_of(settings: Settings, clase: str, tipo: str | None, recibido: str) -> Term | None:
    """The term of a letter by its own facts and the office's calendar; None: its class has none.

    A letter whose kind nobody said has that of the settings.

    Raises:
        Unreckoned: no rule or no calendar reaches that kind and that day.
    """
    if clase != RECEIVED:
        return None
    kind = tipo or settings.reparto_por_defecto.tipo
    return terms.term(kind, lines.moment(recibido), Calendar.of(settings.horario))


def due(settings: Settings, clase: str, tipo: str | None, recibido: str) -> Due:
    """When it is due; a date that cannot be told keeps no letter from its number."""
    try:
        term = term_of(settings, clase, tipo, recibido)
    except Unreckoned:
        return Due(None, None)
    if term is None:
        return Due(None, None)
    return Due(term.vence, term.vence_legal if settings.terminos.lectura == "legal" else None)


def same_term(settings: Settings, one: str | None, other: str | None, recibido: str) -> bool:
    """Whether two kinds (None: nobody said it) had the same rule on the day of a reception."""
    day = lines.moment(recibido).date()
    kinds = [kind or settings.reparto_por_defecto.tipo for kind in (one, other)]
    try:
        first, second = (rule_for(kind, day) for kind in kinds)
    except Unreckoned:
        return False
    return first is second


def check_class(settings: Settings, clase: str) -> None:
    """Refuse a class the office has not adopted."""
    if clase not in settings.radicado.clases:
        raise Refused(
            "clase_desconocida",
            f"No hay una clase «{clase}».",
            consejo=f"Las clases son: {', '.join(settings.radicado.clases)}.",
        )


def could_be_ours(settings: Settings, punto: str, text: str, year: int) -> bool:
    """Whether *text* is a number that this punto may still give: of this year or a later one, by
    the office's mask, under its code or that of a restored epoch."""
    parts = []
    forms = {"vigencia": "(?P<y>[0-9]+)", "punto": f"{punto}(?:R[0-9]+)?", "clase": "[A-Z]{1,4}"}
    for literal, name, _, _ in Formatter().parse(settings.radicado.mascara):
        said = forms.get(name or "", "[0-9]+")
        parts.append(re.escape(literal) + ("" if name is None else said))
        if name == "vigencia":
            forms["vigencia"] = "[0-9]+"
    found = re.fullmatch("".join(parts), text)
    return found is not None and int(found.groupdict().get("y") or year) >= year
