"""Which acknowledgments of reception and of departure are due, and to where. Pure.

Who writes by an electronic channel is told the number and the hour, and who is written to by e-mail
that it left (CPACA, art. 61). An acknowledgment is due from the hour of the number, or of the
sending, until the record's own facts say that it was sent: nothing else takes it away, but that the
number is annulled or the sending came back. What is done about them is for `records.acknowledging`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from records import channels
from records.dispatch import RETURNED
from records.numbering import RECEIVED

if TYPE_CHECKING:
    from records.state import State

ACKNOWLEDGE = "Ley 1437 de 2011 (CPACA), art. 61"
RECEPTION, DEPARTURE = "recibo", "salida"
BY_MAIL = "correo_electronico"
MAX_ADDRESS = 254
"""Octets of an address that a mail server takes (RFC 5321, 4.5.3.1.3)."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Due(msgspec.Struct, frozen=True):
    """An acknowledgment that has not been sent; `destinatario` and `intento` say of which sending
    of a letter (0: of a reception)."""

    de: str
    medio: str
    """By which it can go: e-mail where an address is known, else the channel it came by."""
    correo: str
    telefono: str
    desde: str
    destinatario: int = 0
    intento: int = 0

    @property
    def a(self) -> str:
        """To where; empty: nobody knows."""
        return self.correo or self.telefono

    @property
    def key(self) -> tuple[str, int, int]:
        """Which one it is, of its record."""
        return self.de, self.destinatario, self.intento


class AcknowledgmentView(msgspec.Struct, frozen=True):
    """An acknowledgment as `ver` shows it; `enviado` is None while it is unsent."""

    de: str
    medio: str
    a: str | None
    desde: str | None
    enviado: str | None
    destinatario: int | None = None
    motivo: str | None = None
    """What was done instead, where there was no address."""


def address(text: object) -> str:
    """The first e-mail address of a field that a server can be given; empty: it holds none."""
    for part in re.split(r"[\s,;<>]+", str(text or "")):
        found = part.strip(".")
        if _ADDRESS.fullmatch(found) and len(found) <= MAX_ADDRESS:
            return found
    return ""


def pending(state: State) -> list[Due]:
    """What is due of a record or letter, in the order of its sendings."""
    if state.numero is None or state.anulado is not None:
        return []
    if state.carta.presentada is not None:
        return _departures(state)
    channel = state.publicos.get("canal")
    told = any(one.de == RECEPTION for one in state.tramite.acuses)
    if told or state.numero.clase != RECEIVED or not channels.electronic(channel):
        return []
    mail = address(state.campos.get("correo"))
    phone = str(state.campos.get("telefono") or "")
    return [Due(RECEPTION, BY_MAIL if mail else str(channel), mail, phone, state.fecha or "")]


def _departures(state: State) -> list[Due]:
    """One for each sending by e-mail; what came back has nobody there to be told."""
    left = {
        (n, i): tried
        for n, whom in enumerate(state.envio.destinatarios, 1)
        for i, tried in enumerate(whom.intentos, 1)
        if tried.medio == BY_MAIL
    }
    for sent in state.tramite.acuses:
        if sent.de != DEPARTURE or not left:
            continue
        named = (sent.a.get("destinatario"), sent.a.get("intento"))
        # Where its ficha was withheld, or names none, it is that of the sending that waited most.
        gone = next((k for k in left if k == named), min(left, key=lambda k: left[k].enviado))
        del left[gone]
    return [
        Due(DEPARTURE, BY_MAIL, address(tried.a.get("correo")), "", tried.enviado, n, i)
        for (n, i), tried in left.items()
        if tried.estado != RETURNED
    ]


def views(state: State) -> list[AcknowledgmentView]:
    """What was sent of a record, and then what is due."""
    sent = [
        AcknowledgmentView(
            one.de,
            one.medio,
            next(
                (str(one.a[k]) for k in ("correo", "telefono", "direccion") if one.a.get(k)), None
            ),
            None,
            one.enviado,
            one.a.get("destinatario"),
            one.a.get("motivo"),
        )
        for one in state.tramite.acuses
    ]
    due = [
        AcknowledgmentView(d.de, d.medio, d.a or None, d.desde, None, d.destinatario or None)
        for d in pending(state)
    ]
    return [*sent, *due]
