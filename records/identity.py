"""Who wrote a record, withheld: what is shown of one whose sender asked to be protected. Pure.

Who denounces or asks may fear for it (Ley 1712 de 2014, arts. 4 and 18; Ley 1581 de 2012, art. 4).
Unlike what is classified, such a record stays public: number, subject, kind, term, área, state.
Withheld is what tells of a person: every field and every word of a ficha but those named here, and
each document but the public version. Who may know it is `reserve.may_see_identity`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from records.journal import PREVIOUS, Draft
from records.reserve import IdentityKept
from records.state import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from records.answer import Answer
    from records.dispatch import Addressee, Dispatch
    from records.events import Event
    from records.state import Document, State

WITHHELD = "Identidad protegida"
"""What stands in the place of a name."""
SHOWN = frozenset((*PUBLIC, "asunto", "fecha"))
"""Fields that say nothing of who wrote. A new field is withheld until it is named here: anexos,
priority, the sender's own reference and the name of a file tell of a person as well."""
_PLAIN_MOTIVES = ("anulacion.solicitada", "anulacion.negada", "radicado.anulado")
"""Why a number was annulled is public, whatever it was (Acuerdo 060 de 2001, art. 5)."""
_TELLING = ("lectura", "guia", "operador")
"""Data that lead to a person: what reading noted of a document, where a carrier tells of a
parcel."""


def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Of registration fields those that say nothing of who wrote."""
    return {name: value for name, value in fields.items() if name in SHOWN}


def public(state: State) -> State:
    """A record as it stands in papers, files and lists, whoever asks."""
    return masked(state) if state.acceso.identidad_protegida else state


def masked(state: State) -> State:
    """A record without who wrote it; a letter of the office's own without whom it is for.

    Its documents stay, so that it still knows whether it has an image: `documents` says which of
    them may be shown.
    """
    own = state.carta.presentada is not None
    return replace(
        state,
        campos={**shown(state.campos), "destinatario" if own else "remitente": WITHHELD},
        rectificaciones=[stripped(event) for event in state.rectificaciones],
        carta=_letter(state.carta),
        envio=_sending(state.envio),
    )


def documents(state: State) -> list[Document]:
    """What of a record's documents shows nobody: its public version."""
    return [d for d in state.documentos if d.sha256 == state.acceso.version]


def stripped(event: Event) -> Event:
    """An event without what it tells of a person."""
    data = {name: value for name, value in event.data.items() if name not in _TELLING}
    said = event.ficha or {}
    ficha = shown(said)
    for name in ("antes", "despues"):
        if isinstance(said.get(name), dict):
            ficha[name] = shown(said[name])
    if event.type in _PLAIN_MOTIVES and "motivo" in said:
        ficha["motivo"] = said["motivo"]
    return replace(event, data=data, ficha=ficha)


def kept_with(state: State, other: State, actor: str) -> list[Draft]:
    """What keeps the writer of *state* where that of *other*, to which it was just tied, is kept;
    it follows the event that tied it."""
    if not other.acceso.identidad_protegida or state.acceso.identidad_protegida:
        return []
    fact = IdentityKept(radicado=state.radicado)
    why = {"motivo": f"Trata de {other.radicado}"}
    return [Draft(fact, state.subject, actor, PREVIOUS, why)]


def _letter(letter: Answer) -> Answer:
    """A letter that names none of its addressees, as many as they are."""
    made = letter.presentada
    if made is None:
        return letter
    whom = [{"nombre": WITHHELD} for _ in made.destinatarios]
    return replace(letter, datos={**shown(letter.datos), "destinatarios": whom})


def _sending(sending: Dispatch) -> Dispatch:
    """Sendings without address, receiver, proof, or the number by which a carrier tells both."""
    return replace(sending, destinatarios=[_addressee(one) for one in sending.destinatarios])


def _addressee(one: Addressee) -> Addressee:
    tries = [
        replace(
            tried,
            a={},
            guia=None,
            operador=None,
            prueba=None,
            resultados=[replace(o, recibe=None, prueba=None) for o in tried.resultados],
        )
        for tried in one.intentos
    ]
    told = one.notificado
    return replace(
        one, intentos=tries, notificado=None if told is None else replace(told, prueba=None)
    )
