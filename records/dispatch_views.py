"""The sending of letters as people and scripts see it, and what of a record they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from records import lines
from records.dispatch import DELIVERED, RETURNED
from records.sending_rules import whom_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.dispatch import Addressee, Attempt
    from records.state import State
    from records.tramite import AnswerMoved


class AttemptView(msgspec.Struct, frozen=True):
    """One sending: by which means, to where, when, and what came of it."""

    intento: int
    medio: str
    estado: str
    enviado: str
    guia: str | None
    operador: str | None
    a: dict[str, str]
    entregado: str | None
    recibe: str | None
    devuelto: str | None
    causa: str | None
    pruebas: list[str]
    """SHA-256 of what proves it."""


class SendingView(msgspec.Struct, frozen=True):
    """An addressee of a letter, and how it goes with them; the words are those of the sending that
    counts, else of the last one."""

    n: int
    nombre: str
    copia: bool
    medio: str
    estado: str
    guia: str | None
    enviado: str | None
    entregado: str | None
    devuelto: str | None
    causa: str | None
    notificado: dict[str, Any] | None
    intentos: list[AttemptView]


class AnswerView(msgspec.Struct, frozen=True):
    """A letter that answers a record, and whether it went out in time."""

    carta: str
    salida: str | None
    estado: str
    parcial: bool
    efecto: str | None
    """What its sending did to the term; None: nothing."""
    enviada: str | None
    en_tiempo: bool | None
    """None: it is not answered, or nothing is due."""
    tarde_dias: int
    """Calendar days after the term's last one; 0 in time."""
    primer_envio: str | None
    """The first sending of all, where that is not the one that counts."""
    destinatarios: list[SendingView]
    """None is shown to who may not see the letter."""


def sendings(state: State) -> list[SendingView]:
    """The addressees of a letter that has its number."""
    return [_sending(state, n, one) for n, one in enumerate(state.envio.destinatarios, 1)]


def answers(state: State, letters: Iterable[tuple[AnswerMoved, State, bool]]) -> list[AnswerView]:
    """The letters that answer a record, as they stand: the last step told of each, its state, and
    whether its content is open to who asks."""
    return [_answer(state.due, moved, letter, open_) for moved, letter, open_ in letters]


def in_time(vence: str | None, sent: str | None) -> tuple[bool | None, int]:
    """Whether what was sent at an hour was in time, and by how many calendar days it was late."""
    if vence is None or sent is None:
        return None, 0
    if sent <= vence:
        return True, 0
    return False, (lines.moment(sent).date() - lines.moment(vence).date()).days


def _answer(vence: str | None, moved: AnswerMoved, letter: State, open_: bool) -> AnswerView:
    good, late = in_time(vence, moved.enviada)
    first = letter.envio.primera
    return AnswerView(
        carta=letter.subject,
        salida=moved.salida,
        estado="anulada" if letter.anulado is not None else moved.paso,
        parcial=moved.parcial,
        efecto=moved.efecto,
        enviada=moved.enviada,
        en_tiempo=good,
        tarde_dias=late,
        primer_envio=first if first != moved.enviada else None,
        destinatarios=sendings(letter) if open_ else [],
    )


def _sending(state: State, n: int, one: Addressee) -> SendingView:
    known = whom_of(state, n)
    tries = one.standing or one.intentos
    counts = tries[-1] if tries else None
    last = counts.resultado if counts is not None else None
    told = last.fecha if last is not None else None
    return SendingView(
        n=n,
        nombre=str(known.get("nombre") or known.get("entidad") or ""),
        copia=one.copia,
        medio=counts.medio if counts is not None else one.medio,
        estado=one.estado,
        guia=counts.guia if counts is not None else None,
        enviado=counts.enviado if counts is not None else None,
        entregado=told if last is not None and last.estado == DELIVERED else None,
        devuelto=told if last is not None and last.estado == RETURNED else None,
        causa=last.causa if last is not None else None,
        notificado=_notice(one),
        intentos=[_attempt(i, tried) for i, tried in enumerate(one.intentos, 1)],
    )


def _notice(one: Addressee) -> dict[str, Any] | None:
    told = one.notificado
    return None if told is None else {"forma": told.forma, "fecha": told.fecha,
                                      "prueba": told.prueba}  # fmt: skip


def _attempt(i: int, tried: Attempt) -> AttemptView:
    told = {o.estado: o for o in tried.resultados}
    taken, back = told.get(DELIVERED), told.get(RETURNED)
    proofs = [tried.prueba, *(o.prueba for o in tried.resultados)]
    return AttemptView(
        i, tried.medio, tried.estado, tried.enviado, tried.guia, tried.operador, tried.a,
        taken.fecha if taken else None, taken.recibe if taken else None,
        back.fecha if back else None, back.causa if back else None,
        [p for p in proofs if p is not None],
    )  # fmt: skip
