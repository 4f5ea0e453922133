"""Which addressee a sending is for, to which address, at which hour; what cannot be. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from records import causes, lines, norms
from records.answer import MEANS
from records.dispatch import RETURNED, UNSENT
from records.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from records.dispatch import Addressee
    from records.state import State

NOTICE = "Ley 1437 de 2011 (CPACA), art. 69"
NEEDED = {
    "certificado": "direccion",
    "mensajero": "direccion",
    "correo_electronico": "correo",
    "fax": "telefono",
}
"""What must be known of an addressee for each means."""
ADDRESS = ("direccion", "municipio", "correo", "telefono")


def waybill(text: str | None) -> str | None:
    """A carrier's number as it is kept: capitals, without blanks.

    Raises:
        Refused: it is none.
    """
    code = re.sub(r"[\s'’]", "", text or "").upper()
    if not code:
        return None
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9./_-]{0,39}", code):
        raise Refused("guia", f"«{text}» no es un número de guía.")
    return code


def numbered(state: State) -> list[tuple[int, Addressee]]:
    """The addressees of a letter with their places."""
    return list(enumerate(state.envio.destinatarios, 1))


def addressee(state: State, n: int) -> Addressee:
    """An addressee by their place.

    Raises:
        Refused: there is none.
    """
    whom = state.envio.destinatarios
    if not 1 <= n <= len(whom):
        raise Refused(
            "sin_destinatario",
            f"{state.radicado} no tiene un destinatario {n}.",
            consejo=f"Los tiene del 1 al {len(whom)}; «ver» los muestra.",
        )
    return whom[n - 1]


def chosen(state: State, medio: str, n: int | None) -> list[int]:
    """Whom a sending by a means is for: as said; else those to be reached so; else the only one
    who waits."""
    if n is not None:
        if addressee(state, n).notificado is not None:
            raise Refused("ya_notificado", f"El destinatario {n} ya está notificado.")
        return [n]
    open_ = [k for k, d in numbered(state) if d.estado == UNSENT]
    open_ = open_ or [k for k, d in numbered(state) if d.estado == RETURNED]
    so = [k for k in open_ if state.envio.destinatarios[k - 1].medio == medio]
    if not open_:
        raise Refused(
            "ya_enviado",
            f"{state.radicado} ya se envió a todos sus destinatarios.",
            consejo="Para otro envío al mismo, diga a cuál con --destinatario N.",
        )
    if not so and len(open_) > 1:
        raise which(state, open_)
    return so or open_


def which(state: State, numbers: list[int]) -> Refused:
    """That it must be said which addressee is meant."""
    said = "; ".join(
        f"{n}: {who_of(state, n)} ({state.envio.destinatarios[n - 1].medio})" for n in numbers
    )
    return Refused(
        "cual_destinatario",
        f"{state.radicado} tiene varios destinatarios, o ninguno que espere así."
        + (f" Esperan: {said}." if said else ""),
        consejo="Diga cuál con --destinatario N, o con su guía.",
    )


def attempt(state: State, n: int | None, guia: str | None) -> tuple[int, int]:
    """Which attempt is meant: by its waybill, or the last one to the addressee that is named or
    alone has one."""
    code = waybill(guia)
    if code is not None:
        for k, one in numbered(state):
            for i, tried in enumerate(one.intentos, 1):
                if tried.guia == code and n in (None, k):
                    return k, i
        raise Refused("guia_desconocida", f"{state.radicado} no se envió con la guía {code}.")
    sent = [k for k, d in numbered(state) if d.intentos]
    if n is None and len(sent) > 1:
        sent = [k for k in sent if state.envio.destinatarios[k - 1].estado == "enviado"] or sent
    if n is None and len(sent) > 1:
        raise which(state, sent)
    if n is not None:
        addressee(state, n)
    if not sent or (n is not None and n not in sent):
        raise Refused("no_enviado", f"De {state.radicado} no se ha dicho que saliera.")
    at = n or sent[0]
    return at, len(state.envio.destinatarios[at - 1].intentos)


def happened(at: str, state: State, n: int, attempt: int, moment: datetime | None) -> str:
    """The hour of an outcome.

    Raises:
        Refused: it is still to come, or before the sending.
    """
    when = at if moment is None else lines.stamp(moment)
    left = state.envio.destinatarios[n - 1].intentos[attempt - 1].enviado
    if when > at or when[:16] < left[:16]:
        raise Refused(
            "fecha_imposible",
            f"{lines.read_hour(when)} no puede ser: se envió el {lines.read_hour(left)}, y lo que "
            "viene aún no ha pasado.",
        )
    return max(when, left)  # people tell minutes


def address(state: State, n: int, corrected: Mapping[str, str]) -> dict[str, str]:
    """To where it goes, as the ficha keeps it."""
    known = whom_of(state, n)
    return {k: v for k in ADDRESS if (v := corrected.get(k) or str(known.get(k) or ""))}


def doubts(state: State, n: int, medio: str, used: Mapping[str, str]) -> Iterator[str]:
    """What the correspondence unit should know of a sending: the means needs what is not known, or
    a return said that nobody is there. It may know better: the sending is what it says."""
    needs = NEEDED.get(medio)
    if needs is None:
        return
    if not used.get(needs):
        yield (
            f"De {who_of(state, n)} no se sabe lo que hace falta para {MEANS[medio]}: {needs}. "
            f"Dígalo con --{needs} la próxima vez: así se prueba a dónde fue."
        )
        return
    for tried in addressee(state, n).intentos:
        last = tried.resultado
        if last is None or last.causa not in causes.table() or tried.a.get(needs) != used[needs]:
            continue
        cause = causes.table()[last.causa]
        if not cause.reintentable:
            yield (
                f"De esa dirección ya volvió: {cause.texto.lower()}. Si no se sabe otra, publique "
                f"un aviso: enviar --medio aviso ({norms.cite(NOTICE, lines.now().date())})."
            )


def whom_of(state: State, n: int) -> dict[str, Any]:
    """What the letter says of its addressee *n*; nothing where its ficha is withheld."""
    said = state.carta.datos.get("destinatarios") or []
    return dict(said[n - 1]) if n <= len(said) else {}


def who_of(state: State, n: int) -> str:
    """The name of an addressee, as it may stand in a message to people."""
    known = {} if state.acceso.identidad_protegida else whom_of(state, n)
    return str(known.get("nombre") or known.get("entidad") or f"destinatario {n}")
