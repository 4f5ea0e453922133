"""The part of the door that corrects: annul a number, rectify fields (Acuerdo 060 de 2001, art. 5).

A number that was annulled stays spent and shows why: somebody asks with a reason, the head of the
correspondence unit, or who stands in for him by an act, signs with a key of their own, and an acta
with a series of its own is made. Other fields are rectified, and both values stay. Nothing here,
and no role, changes a number, its date or its year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from records import fields, identity, lines, norms, numbering
from records.acts import EMPTY
from records.errors import Refused
from records.events import (
    AnnulmentAsked,
    AnnulmentDenied,
    FieldsRectified,
    NumberAnnulled,
)
from records.guard import Guarded
from records.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from records.events import Event
    from records.journal import Draft
    from records.numbering import Due
    from records.tail import Tail

HEAD = "jefe_correspondencia"
MIN_REASON = 7
"""Characters of a reason: «error» alone tells an auditor nothing."""


class Annulment(msgspec.Struct, frozen=True):
    """What came of an annulment: the acta, or only the request that waits for its signature."""

    evento: str
    acta: str | None
    solicitud: str


def check_reason(motivo: str) -> str:
    """A reason as it is kept.

    Raises:
        Refused: there is none, or too short a one.
    """
    reason = fields.clean_text(motivo)
    if len(reason) < MIN_REASON:
        raise Refused(
            "sin_motivo",
            "Hace falta el motivo, con sus palabras.",
            consejo=f"Escríbalo con --motivo, en {MIN_REASON} caracteres o más.",
        )
    return reason


class Corrections(Guarded):
    """Annulment and correction of what was numbered."""

    def solicitar_anulacion(self, radicado: str, motivo: str) -> Annulment:
        """Ask that a number be annulled; the head of the correspondence unit decides."""
        actor = self._clerk()
        event = self._ask(radicado, check_reason(motivo), actor)
        return Annulment(event.hash, None, event.hash)

    def anular(self, radicado: str, motivo: str | None, *, clave: str | None) -> Annulment:
        """Annul a number with the signature of the head of the correspondence unit.

        *motivo* may be left out where a request with its reason waits for the signature.

        Raises:
            Refused: the person is not that head nor stands in for him, there is no reason, or the
                number is annulled already.
        """
        reason = None if motivo is None else check_reason(motivo)
        self._record_to_correct(radicado)
        pen = self._pen(clave, HEAD)
        if reason is None and self._record_to_correct(radicado).anulacion_pedida is None:
            check_reason("")
        if self._record_to_correct(radicado).anulacion_pedida is None:
            self._ask(radicado, reason or "", pen.person)
        state = self._record_to_correct(radicado)
        request = state.anulacion_pedida
        if request is None:
            raise Refused("cambio_entretanto", "Otra persona resolvió la solicitud. Revísela.")
        asked = next(e for e in self.index.events(state.subject) if e.hash == request)
        number = state.numero
        assert number is not None

        def fact(tail: Tail) -> NumberAnnulled:
            year = lines.now().year
            acta, n, before = numbering.next_acta(self.settings, tail, year)
            return NumberAnnulled(
                radicado=number.radicado,
                acta=acta,
                vigencia=year,
                n=n,
                anterior=before,
                solicitud=request,
                acto=EMPTY,
            )

        said = reason or str((asked.ficha or {}).get("motivo", ""))
        event = self._sign_and_append(
            pen,
            state.subject,
            fact,
            {"motivo": said},
            also=lambda _: self._followed(state, pen.person),
        )
        done = event.fact
        assert isinstance(done, NumberAnnulled)
        return Annulment(event.hash, done.acta, request)

    def _followed(self, state: State, actor: str) -> list[Draft]:
        """What else is said where a number is annulled, in the same write."""
        del state, actor
        return []

    def negar_anulacion(self, radicado: str, motivo: str) -> Event:
        """Say no to a request for annulment, and why."""
        self._look_again()
        actor = self.authority.require(self.persona, HEAD).id
        reason = check_reason(motivo)
        with self._writing() as writer:
            state = self._record_to_correct(radicado)
            if state.anulacion_pedida is None:
                raise Refused("sin_solicitud", f"Nadie ha pedido anular {radicado}.")
            fact = AnnulmentDenied(radicado=radicado, solicitud=state.anulacion_pedida)
            return self._append(writer, fact, state.subject, actor, {"motivo": reason})

    def rectificar(self, radicado: str, campos: Mapping[str, Any], motivo: str) -> Event:
        """Correct fields of a numbered record; the old values stay beside the new ones.

        Raises:
            Refused: nothing would change, a field does not exist, it is not one to correct (number,
                date and year never are), or it tells of a sender who is kept from who asks: that
                nothing would change tells what it says.
        """
        actor = self._clerk()
        reason = check_reason(motivo)
        values = fields.check(campos, self.authority)
        if len(values) < len(campos):
            raise Refused("campo_vacio", "Un campo no se borra: se corrige con otro valor.")
        with self._writing() as writer:
            state = self._record_to_correct(radicado)
            self._must_see(state)
            if len(identity.shown(values)) < len(values):
                self._must_know(state)
            held = {**state.campos, **state.publicos}
            new = {k: v for k, v in values.items() if held.get(k) != v}
            if not new:
                raise Refused("sin_cambio", f"{radicado} ya dice eso.", consejo="Véalo con «ver».")
            public, private = fields.split(new)
            moved = self._moved_term(state, public)
            fact = FieldsRectified(
                radicado=radicado,
                antes={k: state.publicos[k] for k in public if state.publicos.get(k) is not None},
                despues=public,
                vence=moved.vence if moved else None,
                vence_legal=moved.legal if moved else None,
            )
            ficha = {
                "motivo": reason,
                "antes": {k: held[k] for k in private if k in held},
                "despues": private,
            }
            return self._append(writer, fact, state.subject, actor, ficha)

    def _moved_term(self, state: State, public: Mapping[str, Any]) -> Due | None:
        """The end of the term where another kind has another one ("": none, to be fixed yet).

        None where it does not move; what an order fixed stays, and a kind with the same rule moves
        nothing, whatever the calendar says today.
        """
        number = state.numero
        assert number is not None
        if "tipo" not in public or state.plazo is not None:
            return None
        received, held = state.recibido or state.fecha or "", state.publicos.get("tipo")
        if state.vence and numbering.same_term(self.settings, held, public["tipo"], received):
            return None
        due = numbering.due(self.settings, number.clase, public["tipo"], received)
        if (due.vence, due.legal) == (state.vence, state.vence_legal):
            return None
        told = state.prorrogado is not None or bool(state.tramite.pausas)
        if told and due.vence is not None and due.vence < (state.vence or ""):
            self.avisos.append(
                f"{state.radicado} conserva su fecha, {str(state.vence)[:10]}: se le dijo a la "
                "persona en una carta, y no se adelanta."
            )
            return None
        self.avisos.append(
            f"El término de {state.radicado} pasa de {(state.vence or 'sin fecha')[:10]} a "
            f"{(due.vence or 'sin fecha')[:10]}."
        )
        return due._replace(vence=due.vence or "")

    def _ask(self, radicado: str, reason: str, actor: str) -> Event:
        with self._writing() as writer:
            state = self._record_to_correct(radicado)
            if state.anulacion_pedida is not None:
                raise Refused(
                    "ya_pedida",
                    f"Ya se pidió anular {radicado}.",
                    consejo="La firma del jefe de correspondencia la resuelve: «anular».",
                )
            fact = AnnulmentAsked(radicado=radicado)
            return self._append(writer, fact, state.subject, actor, {"motivo": reason})

    def _record_to_correct(self, radicado: str) -> State:
        """The record that bears *radicado*.

        Raises:
            Refused: there is none, or it was annulled.
        """
        self.index.catch_up()
        state = self._writable(self.subject(radicado))
        if state.anulado is not None:
            raise Refused(
                "ya_anulado",
                f"{radicado} ya está anulado por el acta {state.anulado.acta}.",
                consejo="El número queda gastado y muestra por qué: «ventanilla ver».",
                norma=norms.cite(numbering.ORDER, lines.now().date()),
            )
        return state
