"""What becomes of a letter of the office's own once it has a number: sent, received. Pure.

Each addressee has attempts of their own, and each attempt what came of it. An answer counts from
the hour at which all whom it is for had been written to and nothing had come back; what returns is
not answered until it goes out again (Ley 1437 de 2011, arts. 66 to 72; Ley 527 de 1999, art. 23).
What a person may do is for `records.dispatching`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from records import lines
from records.answer import INTERNAL
from records.fact import Fact, Hash
from records.tramite import RETURNS, TO_SEND, OfRecord, Step, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.answer import Presented

Place = Annotated[int, msgspec.Meta(ge=1)]
"""An addressee by their place in the letter, or an attempt by its place among theirs: from 1."""
UNSENT, SENT, DELIVERED, RETURNED = "por_enviar", "enviado", "entregado", "devuelto"
CLOSED, NOTIFIED = "cerrado", "notificado"
FORMS = {
    "personal": "notificación personal",
    "aviso": "notificación por aviso",
    "electronica": "notificación electrónica",
    "estrados": "notificación en estrados",
    "conducta_concluyente": "notificación por conducta concluyente",
}
"""How an act is notified (CPACA, arts. 66 to 72)."""


class OfSending(OfRecord, frozen=True, kw_only=True):
    """Stands on the letter that it names, and tells of one addressee."""

    destinatario: Place


class Sent(OfSending, frozen=True, kw_only=True):
    """`envio.registrado`: it left the entity for an addressee; to where lies in the ficha."""

    intento: Place
    medio: str
    enviado: str
    """When it left the entity's hands or systems; never later than the event's `at`."""
    guia: str | None = None
    operador: str | None = None
    prueba: Hash | None = None
    """A document that proves it: the operator's receipt, the message as it went out."""


class OfAttempt(OfSending, frozen=True, kw_only=True):
    """Tells what came of an attempt; `fecha` is an instant, or a day where no more is known."""

    intento: Place
    fecha: str
    prueba: Hash | None = None


class Delivered(OfAttempt, frozen=True, kw_only=True):
    """`envio.entregado`: the addressee has it, or their system said so; who took it is in the
    ficha."""


class CameBack(OfAttempt, frozen=True, kw_only=True):
    """`envio.devuelto`: it came back, by a cause of `records.causes`."""

    causa: str


class GivenUp(OfSending, frozen=True, kw_only=True):
    """`envio.cerrado`: no further attempt is possible; why lies in the ficha."""


class Notified(OfSending, frozen=True, kw_only=True):
    """`envio.notificado`: the act was notified to the addressee."""

    forma: str
    fecha: str
    prueba: Hash | None = None


TYPES: dict[str, type[Fact]] = {
    "envio.registrado": Sent,
    "envio.entregado": Delivered,
    "envio.devuelto": CameBack,
    "envio.cerrado": GivenUp,
    "envio.notificado": Notified,
}


class Outcome(msgspec.Struct, frozen=True):
    """What came of an attempt, and when that was told."""

    estado: str
    fecha: str
    dicho: str
    causa: str | None = None
    recibe: str | None = None
    prueba: str | None = None


class Attempt(msgspec.Struct, frozen=True):
    """One sending to one addressee."""

    medio: str
    enviado: str
    guia: str | None
    operador: str | None
    prueba: str | None
    a: dict[str, str]
    """To where: direccion, municipio, correo, telefono as used."""
    resultados: list[Outcome] = []

    @property
    def resultado(self) -> Outcome | None:
        """The last thing that was told of it."""
        return self.resultados[-1] if self.resultados else None

    @property
    def estado(self) -> str:
        """enviado, entregado or devuelto."""
        return self.resultado.estado if self.resultado is not None else SENT


class Addressee(msgspec.Struct, frozen=True):
    """One of those to whom a letter goes."""

    medio: str
    """By which it is to be sent."""
    copia: bool = False
    intentos: list[Attempt] = []
    cerrado: str | None = None
    notificado: Notified | None = None

    @property
    def standing(self) -> list[Attempt]:
        """The attempts of which nothing came back."""
        return [a for a in self.intentos if a.estado != RETURNED]

    @property
    def estado(self) -> str:
        """por_enviar, enviado, entregado, devuelto, cerrado or notificado."""
        if self.notificado is not None:
            return NOTIFIED
        if self.standing:
            return DELIVERED if any(a.estado == DELIVERED for a in self.standing) else SENT
        if self.cerrado is not None:
            return CLOSED
        return RETURNED if self.intentos else UNSENT

    @property
    def enviado(self) -> str | None:
        """The hour that counts: of the first sending that stands, else of the notification."""
        if self.standing:
            return min(a.enviado for a in self.standing)
        return self.notificado.fecha if self.notificado is not None else None

    @property
    def vuelto(self) -> str:
        """When its last return was told."""
        return max(o.dicho for a in self.intentos for o in a.resultados if o.estado == RETURNED)


class Dispatch(msgspec.Struct):
    """Where the sending of a letter stands."""

    destinatarios: list[Addressee] = []
    desde: str = ""
    """Since when it may be sent."""

    @classmethod
    def of(cls, letter: Presented, at: str) -> Dispatch:
        """That of a letter which got its number at *at*; internal ones the system hands over."""
        if letter.clase == INTERNAL:
            return cls()
        return cls([Addressee(one.medio, one.copia) for one in letter.destinatarios], at)

    def apply(self, fact: OfSending, at: str, ficha: dict[str, Any] | None) -> None:
        """Take one more fact, told at *at*; one of an addressee or attempt that is not there is
        passed over (a verifier tells of it)."""
        n, said = fact.destinatario - 1, ficha or {}
        if n >= len(self.destinatarios):
            return
        one = self.destinatarios[n]
        match fact:
            case Sent():
                to = {k: str(v) for k, v in said.items() if k != "sal"}
                new = Attempt(
                    fact.medio, fact.enviado, fact.guia, fact.operador, fact.prueba, to
                )  # fmt: skip
                one = _with(one, intentos=[*one.intentos, new], cerrado=None)
            case OfAttempt() if fact.intento <= len(one.intentos):
                tries = list(one.intentos)
                held = tries[fact.intento - 1]
                told = _outcome(fact, at, said)
                tries[fact.intento - 1] = _with(held, resultados=[*held.resultados, told])
                one = _with(one, intentos=tries)
            case GivenUp():
                one = _with(one, cerrado=at)
            case Notified():
                one = _with(one, notificado=fact)
        self.destinatarios = [*self.destinatarios[:n], one, *self.destinatarios[n + 1 :]]

    def problems(self, fact: OfSending, at: str) -> Iterator[str]:
        """What a fact told at *at* breaks, in Spanish."""
        if fact.destinatario > len(self.destinatarios):
            yield f"{fact.radicado} no tiene un destinatario {fact.destinatario}."
            return
        known = len(self.destinatarios[fact.destinatario - 1].intentos)
        match fact:
            case Sent():
                if fact.intento != known + 1:
                    yield f"{fact.radicado}: el intento debía ser el {known + 1}."
                if not lines.is_stamp(fact.enviado) or fact.enviado > at:
                    yield f"{fact.radicado}: hora de envío imposible."
            case OfAttempt() | Notified():
                if isinstance(fact, OfAttempt) and fact.intento > known:
                    yield f"{fact.radicado} no tiene un intento {fact.intento}."
                if not is_when(fact.fecha) or fact.fecha > at:
                    yield f"{fact.radicado}: fecha imposible."

    @property
    def principales(self) -> list[Addressee]:
        """Those whom it is for, copies aside."""
        return [d for d in self.destinatarios if not d.copia] or self.destinatarios

    @property
    def paso(self) -> Step:
        """What the records that it answers are told of it."""
        if self.respondida is not None:
            return "enviada"
        return "devuelta" if any(d.estado == RETURNED for d in self.principales) else "aprobada"

    @property
    def respondida(self) -> str | None:
        """The hour from which what it answers counts as answered: the latest at which one of those
        whom it is for was written to; None: somebody was not, or it came back."""
        hours = [d.enviado for d in self.principales]
        known = [hour for hour in hours if hour is not None]
        return max(known) if known and len(known) == len(hours) else None

    @property
    def primera(self) -> str | None:
        """The hour of the first attempt of all."""
        hours = [a.enviado for d in self.destinatarios for a in d.intentos]
        return min(hours) if hours else None

    @property
    def estado(self) -> str:
        """Of the letter: radicado, enviado or devuelto."""
        states = [d.estado for d in self.destinatarios]
        return RETURNED if RETURNED in states else "radicado" if UNSENT in states else SENT

    def waits(self, dependencia: str, persona: str) -> list[Waiting]:
        """Who is awaited: the correspondence unit to send it; the área *dependencia* and the
        person who wrote it to say what to do with what came back."""
        out = []
        if any(d.estado == UNSENT for d in self.destinatarios):
            out.append(Waiting(TO_SEND, None, None, self.desde))
        back = [d.vuelto for d in self.destinatarios if d.estado == RETURNED]
        if back:
            out.append(Waiting(RETURNS, dependencia, persona, min(back)))
        return out


def is_when(text: str) -> bool:
    """Whether *text* is an instant or a day."""
    return lines.is_stamp(text) or lines.is_day(text)


def _outcome(fact: OfAttempt, at: str, said: dict[str, Any]) -> Outcome:
    if isinstance(fact, CameBack):
        return Outcome(RETURNED, fact.fecha, at, fact.causa, None, fact.prueba)
    return Outcome(DELIVERED, fact.fecha, at, None, said.get("recibe"), fact.prueba)


_with = msgspec.structs.replace
