"""The part of the door for what goes out: sent, received, returned, notified, given up.

The correspondence unit says when and how a letter left; from then on what it answers counts as
answered, and no longer once it has come back (Acuerdo 060 de 2001, art. 2; CPACA, arts. 66 to 72).
Each act tells the records that the letter answers in the same write.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import msgspec

from records import analogous, causes, fields, lines, norms, petition
from records import sending_rules as rules
from records.answer import INTERNAL, MEANS, means
from records.answering import Answering
from records.calendar import Calendar
from records.correction import check_reason
from records.dispatch import (
    DELIVERED,
    FORMS,
    RETURNED,
    UNSENT,
    CameBack,
    Delivered,
    Dispatch,
    GivenUp,
    Notified,
    OfSending,
    Sent,
)
from records.errors import Refused
from records.home import CLERKS
from records.journal import PREVIOUS, Draft
from records.sending_rules import ADDRESS, NOTICE
from records.tramite import AnswerMoved

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from records.answer import Presented
    from records.events import Event
    from records.journal import Writer
    from records.state import State
    from records.tramite import Effect

BY_MAIL = "Ley 527 de 1999, art. 23"
NOTIFYING = {
    "personal": "Ley 1437 de 2011 (CPACA), art. 67",
    "estrados": "Ley 1437 de 2011 (CPACA), art. 67",
    "electronica": "Ley 1437 de 2011 (CPACA), art. 67",
    "aviso": NOTICE,
    "conducta_concluyente": "Ley 1437 de 2011 (CPACA), art. 72",
}
PROOFS = ("pdf", "png", "jpg", "jpeg", "tif", "tiff", "eml", "msg", "txt", "html")
MAX_PROOF = 64 * 1024 * 1024


class Proof(msgspec.Struct, frozen=True):
    """A document that proves a sending, as it was given."""

    data: bytes
    extension: str


class Answered(msgspec.Struct, frozen=True):
    """A record that the letter answers, as it stands after an act."""

    radicado: str
    estado: str
    vence: str | None
    enviada: str | None
    parcial: bool
    efecto: str | None
    """What the sending did to its term."""


class Dispatched(msgspec.Struct, frozen=True):
    """What an act made of a letter, and of what it answers."""

    radicado: str
    evento: str
    estado: str
    vence: str | None
    """Of what it answers, the earliest."""
    destinatarios: list[int]
    """Whom it was about, by their places in the letter."""
    responde: list[Answered]


Step = tuple[OfSending, dict[str, Any] | None]
"""A fact to be, and its ficha."""


class Dispatching(Answering):
    """Send, deliver, return, notify, give up."""

    def enviar(
        self,
        radicado: str,
        medio: str,
        *,
        destinatario: int | None = None,
        guia: str | None = None,
        operador: str | None = None,
        enviado: datetime | None = None,
        prueba: Proof | None = None,
        a: Mapping[str, str] | None = None,
    ) -> Dispatched:
        """Say that a letter left by a means: to one addressee, or to all who are to have it so.

        *radicado* may be that of the record it answers, where there is one letter alone. *a*
        corrects the address; *enviado* is when it left the entity (None: now).

        Raises:
            Refused: there is nobody to send it to so, an address is missing or brought it back
                before, or the hour cannot be.
        """
        medio = self._means(medio)
        actor = self._actor() if medio == "interno" else self._clerk()
        code, carrier = rules.waybill(guia), fields.clean_text(operador or "") or None
        proof = self._keep(prueba)
        corrected = {k: v for k in ADDRESS if (v := fields.clean_text((a or {}).get(k) or ""))}
        with self._writing() as writer:
            state = self._outgoing(radicado, unsent=True)
            which = rules.chosen(state, medio, destinatario)
            inside = {state.envio.destinatarios[n - 1].medio for n in which} == {"interno"}
            self._may_tell(state, actor, own=inside)
            if len(which) > 1 and (code or corrected):
                raise Refused(
                    "varios_destinatarios",
                    f"{state.radicado} va a {len(which)} destinatarios por ese medio.",
                    consejo="Una guía o una dirección es de uno: diga cuál con --destinatario N.",
                )
            self._unused(code)
            _published(state, medio)
            left = self._left(writer.at(), state, enviado)
            steps: list[Step] = []
            for n in which:
                one = state.envio.destinatarios[n - 1]
                fact = Sent(
                    radicado=state.radicado, destinatario=n, intento=len(one.intentos) + 1,
                    medio=medio, enviado=left, guia=code, operador=carrier, prueba=proof,
                )  # fmt: skip
                used = rules.address(state, n, corrected)
                self.avisos += rules.doubts(state, n, medio, used)
                steps.append((fact, used))
            if state.imagen_pendiente:
                self.avisos.append(
                    f"De {state.radicado} no hay imagen: escanee la copia para el consecutivo."
                )
            return self._carry(writer, state, steps, actor)

    def entregar(
        self,
        radicado: str,
        *,
        destinatario: int | None = None,
        guia: str | None = None,
        fecha: datetime | None = None,
        recibe: str | None = None,
        prueba: Proof | None = None,
    ) -> Dispatched:
        """Say that an addressee has the letter, or that their mail system acknowledged it."""
        actor, proof = self._clerk(), self._keep(prueba)
        name = fields.clean_text(recibe or "")
        with self._writing() as writer:
            state = self._outgoing(radicado)
            n, attempt = rules.attempt(state, destinatario, guia)
            when = rules.happened(writer.at(), state, n, attempt, fecha)
            if state.envio.destinatarios[n - 1].intentos[attempt - 1].estado == DELIVERED:
                raise Refused("ya_entregado", f"{state.radicado} ya está entregado.")
            fact = Delivered(
                radicado=state.radicado, destinatario=n, intento=attempt, fecha=when, prueba=proof
            )
            return self._carry(writer, state, [(fact, {"recibe": name} if name else None)], actor)

    def devuelto(
        self,
        radicado: str,
        causa: str,
        *,
        destinatario: int | None = None,
        guia: str | None = None,
        fecha: datetime | None = None,
        prueba: Proof | None = None,
    ) -> Dispatched:
        """Say that a sending came back, and why: what it answers is not answered."""
        actor, proof, cause = self._clerk(), self._keep(prueba), causes.require(causa)
        with self._writing() as writer:
            state = self._outgoing(radicado)
            n, attempt = rules.attempt(state, destinatario, guia)
            when = rules.happened(writer.at(), state, n, attempt, fecha)
            if state.envio.destinatarios[n - 1].intentos[attempt - 1].estado == RETURNED:
                raise Refused("ya_devuelto", f"De {state.radicado} ya se dijo que volvió.")
            fact = CameBack(
                radicado=state.radicado, destinatario=n, intento=attempt, causa=cause, fecha=when,
                prueba=proof,
            )  # fmt: skip
            return self._carry(writer, state, [(fact, None)], actor)

    def cerrar_envio(self, radicado: str, motivo: str, *, destinatario: int) -> Dispatched:
        """Say that no further attempt to reach an addressee is possible; it answers nothing."""
        actor, reason = self._clerk(), check_reason(motivo)
        with self._writing() as writer:
            state = self._outgoing(radicado)
            one = rules.addressee(state, destinatario)
            if one.estado not in (UNSENT, RETURNED):
                raise Refused(
                    "no_espera", f"El destinatario {destinatario} está {one.estado}: nada espera."
                )
            fact = GivenUp(radicado=state.radicado, destinatario=destinatario)
            return self._carry(writer, state, [(fact, {"motivo": reason})], actor)

    def notificar(
        self,
        radicado: str,
        forma: str,
        *,
        destinatario: int | None = None,
        fecha: datetime | None = None,
        prueba: Proof | None = None,
    ) -> Dispatched:
        """Say that an act was notified, and in which form (CPACA, arts. 66 to 72)."""
        actor = self._actor()
        if forma not in FORMS:
            raise Refused(
                "forma_desconocida",
                f"«{forma}» no es una forma de notificar.",
                consejo=f"Las formas son: {', '.join(FORMS)}.",
            )
        proof = self._keep(prueba)
        with self._writing() as writer:
            state = self._outgoing(radicado)
            self._may_tell(state, actor, own=True)
            open_ = [n for n, d in rules.numbered(state) if d.notificado is None and not d.copia]
            if destinatario is None and len(open_) > 1:
                raise rules.which(state, open_)
            n = destinatario if destinatario is not None else open_[0] if open_ else None
            if n is None or rules.addressee(state, n).notificado is not None:
                who = "Todos sus destinatarios ya están notificados."
                raise Refused(
                    "ya_notificado",
                    who if n is None else f"El destinatario {n} ya está notificado.",
                    norma=norms.cite(NOTIFYING[forma], lines.now().date()),
                )
            when = self._left(writer.at(), state, fecha)
            fact = Notified(
                radicado=state.radicado, destinatario=n, forma=forma, fecha=when, prueba=proof
            )
            return self._carry(writer, state, [(fact, None)], actor)

    # -- shared -------------------------------------------------------------------------------

    def _carry(self, writer: Writer, state: State, steps: list[Step], actor: str) -> Dispatched:
        """Append what happened to a letter, with a word to what it answers where that changes."""
        at = writer.at()
        head = self._after(state.subject)
        drafts = [
            Draft(fact, state.subject, actor, PREVIOUS if i else head, ficha)
            for i, (fact, ficha) in enumerate(steps)
        ]
        after = copy.copy(state.envio)
        for fact, ficha in steps:
            after.apply(fact, at, ficha)
        drafts += self._answers(state, after, actor)
        events = writer.append_all(drafts, at=at)
        self.index.catch_up()
        return self._dispatched(events[0], [fact.destinatario for fact, _ in steps])

    def _answers(self, state: State, after: Dispatch, actor: str) -> list[Draft]:
        """A word to each record that the letter answers: answered since when, or no longer."""
        made, number = state.carta.presentada, state.numero
        assert made is not None and number is not None
        now = after.paso, after.respondida
        if now == (state.envio.paso, state.envio.respondida):
            return []
        told = []
        for radicado in made.a:
            record = self._writable(self.subject(radicado))
            fact = AnswerMoved(
                radicado=radicado, respuesta=state.subject, salida=number.radicado,
                paso=now[0], parcial=made.parcial, enviada=now[1],
                efecto=self._effect(made, record, now[1]), hasta=made.hasta,
            )  # fmt: skip
            told.append(self._on(record, fact, actor))
        return told

    def _effect(self, made: Presented, record: State, sent: str | None) -> Effect | None:
        """What a letter still does to a record when it leaves; nothing, and a warning, too late."""
        if sent is None:
            return made.efecto
        calendar = Calendar.of(self.settings.horario)
        why = petition.lapsed(made.efecto, record, self._kind(record), sent, calendar)
        if why:
            self.avisos.append(why)
        return None if why else made.efecto

    def _dispatched(self, event: Event, whom: list[int]) -> Dispatched:
        state = self.estado(event.subject)
        made = state.carta.presentada
        assert made is not None
        answered = []
        for radicado in made.a:
            record = self.estado(self.subject(radicado))
            moved = record.tramite.respuestas.get(state.subject)
            left = moved.enviada if moved else None
            effect = moved.efecto if moved else None
            answered.append(
                Answered(radicado, record.estado, record.vence, left, made.parcial, effect)
            )
        due = min((a.vence for a in answered if a.vence), default=None)
        return Dispatched(state.radicado, event.hash, state.estado, due, whom, answered)

    def _outgoing(self, radicado: str, *, unsent: bool = False) -> State:
        """The letter of a radicado, or the one that answers it.

        Raises:
            Refused: it is none, or several; annulled; or one that stays inside.
        """
        self.index.catch_up()
        state = self._writable(self.subject(radicado))
        if state.carta.presentada is None:
            state = self._writable(self._letter_of(state, unsent=unsent))
        made = state.carta.presentada
        if made is None or made.clase == INTERNAL:
            raise Refused(
                "no_se_envia",
                f"{radicado} no es una carta que se envíe.",
                consejo="Las internas las reparte el sistema, en la bandeja de cada dependencia.",
            )
        if state.anulado is not None:
            raise Refused(
                "anulado",
                f"{state.radicado} está anulado: no se envía, ni se dice más de sus envíos.",
                consejo="Lo que respondía espera otra respuesta.",
            )
        return state

    def _letter_of(self, state: State, *, unsent: bool) -> str:
        ready = [s for s, moved in state.tramite.respuestas.items() if moved.salida is not None]
        if unsent and len(ready) > 1:
            ready = [s for s in ready if self.estado(s).letter_waits()]
        if len(ready) == 1:
            return ready[0]
        if not ready:
            raise Refused(
                "sin_salida",
                f"{state.radicado} no tiene una respuesta con número por enviar.",
                consejo="Preséntela con «responder»; al firmarla recibe su número.",
            )
        names = [state.tramite.respuestas[s].salida or "" for s in ready]
        raise Refused(
            "varias_salidas",
            f"{state.radicado} tiene varias respuestas: {', '.join(names)}.",
            consejo="Diga el radicado de la carta.",
        )

    @staticmethod
    def _means(said: str) -> str:
        """A means by its word. The correspondence unit says that something left; of what is handed
        over inside also who wrote it (`_may_tell`)."""
        found = means(said)
        if found is None:
            raise Refused(
                "medio_desconocido",
                f"No hay un medio «{said}».",
                consejo=f"Los medios son: {', '.join(MEANS)}.",
            )
        return found

    def _may_tell(self, state: State, actor: str, *, own: bool) -> None:
        """The correspondence unit, and with *own* who wrote or signed the letter, tell of it."""
        made = state.carta.presentada
        assert made is not None
        mine = {state.carta.presento, state.carta.firmo} & self.authority.acts_for(actor)
        if not (own and (mine or self._heads(made.dependencia, actor))):
            self.authority.require(actor, *CLERKS)

    def _left(self, at: str, state: State, moment: datetime | None) -> str:
        """The hour at which it left the entity.

        Raises:
            Refused: it is still to come, or before the letter had its number.
        """
        when = at if moment is None else lines.stamp(moment)
        first = state.fecha or at
        if when > at or when[:16] < first[:16]:
            raise Refused(
                "fecha_imposible",
                f"{lines.read_hour(when)} no puede ser: {state.radicado} tiene número desde "
                f"{lines.read_hour(first)}, y lo que viene aún no ha pasado.",
                norma=norms.cite(BY_MAIL, lines.now().date()),
            )
        return max(when, first)  # people tell minutes

    def _unused(self, guia: str | None) -> None:
        found = self.index.sendings_by_waybill(guia) if guia is not None else []
        if found:
            other = self.index.radicado_of(found[0].subject)
            raise Refused(
                "guia_repetida",
                f"La guía {guia} ya es de {other}.",
                consejo="Revise el número: cada envío tiene su guía.",
            )

    def _keep(self, proof: Proof | None) -> str | None:
        """Put a proof into the vault; its hash."""
        if proof is None:
            return None
        if proof.extension not in PROOFS or not 0 < len(proof.data) <= MAX_PROOF:
            raise Refused(
                "prueba",
                "Ese archivo no sirve como prueba: está vacío, es muy grande o es de otro tipo.",
                consejo=f"Sirven, hasta 64 MB: {', '.join(PROOFS)}.",
            )
        return self.vault.put(proof.data, proof.extension)


def _published(state: State, medio: str) -> None:
    """Refuse to hand over what is to be published for many (CPACA, art. 22)."""
    made = state.carta.presentada
    if made is None or medio == "aviso" or not analogous.for_everybody(made):
        return
    raise petition.refused(
        "se_publica",
        f"{state.radicado} responde a {len(made.a)} peticiones: se publica.",
        analogous.TOGETHER,
        "Use --medio aviso, con la prueba de la publicación; a quien pida copia se le da.",
    )
