"""The part of the door for what the office writes: reviewed, signed, and only then numbered.

Nobody numbers a letter before a person whom the table of signers names has signed it with a key of
their own, or the ventanilla has seen that signature on paper (Acuerdo 060 de 2001, arts. 4 and 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import fields, letters_index, lines, numbering, reserve, signers
from records.acts import EMPTY
from records.answer import INTERNAL, KINDS, Approved, InkSigned, Presented, Reviewed, Withdrawn
from records.assigning import Moved
from records.clock import Clock
from records.composing import Letter, whole
from records.correction import check_reason
from records.errors import Refused
from records.events import SigningGranted
from records.journal import PREVIOUS, Draft
from records.presenting import LetterMoved, Presenting, step_of
from records.reserve import IdentityKept

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.events import Event
    from records.fact import Fact
    from records.journal import Writer
    from records.state import State
    from records.tail import Tail


class Answering(Presenting, Clock):
    """Review, sign, number, withdraw."""

    # -- reviewing ----------------------------------------------------------------------------

    def revisar_carta(self, carta: str, *, reparos: str | None = None) -> LetterMoved:
        """Agree with a letter, or say what is wrong: it goes back to who presented it."""
        actor = self._actor()
        said = None if reparos is None else {"reparos": check_reason(reparos)}
        subject = self.carta_de(carta)
        with self._writing() as writer:
            letter = self._unsigned(subject).carta
            mine = self.authority.acts_for(actor)
            made = letter.presentada
            assert made is not None
            asked = [one for one in letter.pending(self._stand_ins()) if one in mine]
            if not asked and made.firmante not in mine:
                raise Refused(
                    "sin_pedido",
                    "Nadie le ha pedido revisar esta carta.",
                    consejo="La revisan quienes se nombraron al presentarla, y quien la firma.",
                )
            if not asked and said is None:
                raise Refused("por_firmar", "Usted la firma: apruébela con «aprobar».")
            por = [] if asked in ([], [actor]) else asked
            fact = Reviewed(version=letter.version, conforme=said is None, por=por)
            event = self._append(writer, fact, subject, actor, said)
        return self._letter_moved(event)

    def dar_vobo(self, radicado: str, *, conforme: bool, nota: str | None = None) -> Moved:
        """Answer a request for one's Vo.Bo.: of a letter that answers the record, or of it."""
        mine = self.authority.acts_for(self._actor())
        self.index.catch_up()
        for subject in letters_index.unsigned(self.index, radicado.strip().upper()):
            if mine & set(self.estado(subject).carta.pending(self._stand_ins())):
                done = self.revisar_carta(subject, reparos=None if conforme else nota or "")
                state = self.estado(self.subject(radicado))
                way = state.tramite
                return Moved(done.radicados[0], done.evento, state.estado, state.vence,
                             way.dependencia, way.responsable)  # fmt: skip
        return super().dar_vobo(radicado, conforme=conforme, nota=nota)

    def retirar_carta(self, carta: str, motivo: str) -> LetterMoved:
        """Take a letter back before it is signed; what it answered waits again."""
        actor, reason = self._actor(), check_reason(motivo)
        state = self._own_letter(carta, actor)
        with self._writing() as writer:
            letter = self._unsigned(state.subject).carta
            assert letter.presentada is not None
            answered = [self.estado(self.subject(r)) for r in letter.presentada.a]
            fact = Withdrawn(version=letter.version)
            why = {"motivo": reason}
            draft = Draft(fact, state.subject, actor, self._after(state.subject), why)
            told = self._tell(answered, state.subject, "retirada", actor, letter.presentada)
            event = writer.append_all([draft, *told])[0]
        return self._letter_moved(event)

    # -- signing and numbering ----------------------------------------------------------------

    def aprobar(self, carta: str, *, clave: str | None) -> LetterMoved:
        """Sign a letter with one's own key; it gets its number at once, and then its seal.

        Raises:
            Refused: the person may not sign it (art. 4), somebody's review is missing, or it is
                another person's to sign.
        """
        actor = self._actor()
        subject = self.carta_de(carta)
        state = self._unsigned(subject)
        made = state.carta.presentada
        assert made is not None
        if made.documento is None:
            raise Refused("en_papel", "Esta carta se firma en papel.", consejo="Use «carta papel».")
        power = self._power(actor, made.firmante, made.clase, made.tipo, made.dependencia)
        if power.persona != made.firmante:
            raise Refused(
                "otro_firmante",
                f"La carta se presentó para la firma de {self._name(made.firmante)}.",
                consejo="Quien la presentó puede presentarla de nuevo con --firmante.",
            )
        self._check_ready(state)
        pen = self._pen(clave)

        def fact(_tail: Tail) -> Approved:
            return Approved(
                version=state.carta.version,
                sha256=str(made.documento),
                cargo=power.cargo,
                acto=EMPTY,
            )

        event = self._sign_and_append(
            pen, subject, fact, also=lambda writer: self._numbering(writer, subject, made, actor)
        )
        return self._letter_moved(event)

    def numerar_en_papel(self, letter: Letter) -> LetterMoved:
        """A letter that comes signed on paper: presented, seen and numbered in one write.

        Raises:
            Refused: as `presentar`; or who asks is not of the ventanilla.
        """
        actor = self._clerk()
        letter = self._with_joined(letter, None)
        answered = [self._answerable(r, actor, papel=True) for r in letter.a]
        if whole(letter):
            self._only_one(letter.a, "; si es esa la que se firmó en papel: «carta papel {}»")
        made, ficha = self._presentation(letter, answered, actor)
        power = self._power(made.firmante, made.firmante, made.clase, made.tipo, made.dependencia)

        def seen(tail: Tail) -> Fact:
            return InkSigned(version=tail.prev, firmante=made.firmante, cargo=power.cargo)

        with self._writing() as writer:
            subject = f"{self.punto}.{writer.next_seq()}"
            drafts = [
                Draft(made, subject, actor, (), ficha),
                Draft(seen, subject, actor, PREVIOUS),
                *self._numbering(writer, subject, made, actor),
            ]
            events = writer.append_all(drafts)
        return self._letter_moved(events[0])

    def firmar_en_papel(self, carta: str) -> LetterMoved:
        """The ventanilla saw the signature of who may sign (art. 4): the paper gets its number."""
        actor = self._clerk()
        subject = self.carta_de(carta)
        with self._writing() as writer:
            state = self._unsigned(subject)
            made = state.carta.presentada
            assert made is not None
            self._check_ready(state)
            power = self._power(
                made.firmante, made.firmante, made.clase, made.tipo, made.dependencia
            )
            fact = InkSigned(version=state.carta.version, firmante=made.firmante, cargo=power.cargo)
            draft = Draft(fact, subject, actor, self._after(subject))
            events = writer.append_all([draft, *self._numbering(writer, subject, made, actor)])
        return self._letter_moved(events[0])

    def _check_ready(self, state: State) -> None:
        letter = state.carta
        if letter.reparos:
            raise Refused(
                "con_reparos",
                "La carta tiene reparos y espera a quien la presentó.",
                consejo="Debe presentarla corregida: «responder … --carta ID».",
            )
        pending = letter.pending(self._stand_ins())
        if pending:
            names = ", ".join(map(self._name, pending))
            raise Refused("falta_revision", f"Falta la revisión de {names}.")

    def _numbering(self, writer: Writer, subject: str, made: Presented, actor: str) -> list[Draft]:
        """What follows a signature in the same write: the number, and a word to what it answers."""
        self.check_clock(writer)
        at = writer.at()
        given: list[str] = []
        inside = made.clase == INTERNAL  # the system hands it over at once

        def number(tail: Tail) -> Fact:
            fact = numbering.outgoing(self.settings, tail, at, made)
            given[:] = [fact.radicado]
            return fact

        def told(state: State) -> Callable[[Tail], Fact]:
            return lambda _: step_of(
                state, subject, "enviada" if inside else "aprobada", made, given[0],
                at if inside else None,
            )  # fmt: skip

        answered = [self.estado(self.subject(r)) for r in made.a]
        first = Draft(number, subject, actor, PREVIOUS)
        kept = self._as_secret(answered, subject, given, actor)
        kept += self._as_nameless(answered, subject, given, actor)
        return [first, *kept, *(self._on(s, told(s), actor) for s in answered)]

    def _as_secret(
        self, answered: list[State], subject: str, given: list[str], actor: str
    ) -> list[Draft]:
        """What answers a classified record is as much so: it says the same things."""
        today = lines.now().date().isoformat()
        levels = [(reserve.strength(s.acceso.clasificado, today), s) for s in answered]
        strongest, state = max(levels, key=lambda one: one[0], default=((0, ""), None))
        if strongest[0] == 0 or state is None or state.numero is None:
            return []
        said = state.acceso.clasificado
        assert said is not None

        def fact(_tail: Tail) -> Fact:
            return msgspec.structs.replace(said, radicado=given[0])

        ficha = {"motivo": f"Responde a {state.numero.radicado}", "acto": state.acceso.acto}
        return [Draft(fact, subject, actor, PREVIOUS, ficha)]

    def _as_nameless(
        self, answered: list[State], subject: str, given: list[str], actor: str
    ) -> list[Draft]:
        """What goes to somebody whose identity is kept names them: whom it is for is kept too."""
        kept = next((s for s in answered if s.acceso.identidad_protegida), None)
        if kept is None:
            return []

        def fact(_tail: Tail) -> Fact:
            return IdentityKept(radicado=given[0])

        return [Draft(fact, subject, actor, PREVIOUS, {"motivo": f"Responde a {kept.radicado}"})]

    def _followed(self, state: State, actor: str) -> list[Draft]:
        """What a letter answered waits again when its number is annulled."""
        made = state.carta.presentada
        if made is None:
            return []
        answered = [self.estado(self.subject(r)) for r in made.a]
        return self._tell(answered, state.subject, "retirada", actor, made)

    # -- the table of signers -----------------------------------------------------------------

    def autorizar_firma(
        self, cargo: str, tipo: str, ambito: str, *, desde: str, hasta: str | None, acto: str
    ) -> Event:
        """Say which post signs which letters, from a day to a day, by an act (art. 4).

        Raises:
            Refused: who asks is no administrator, or the row is none.
        """
        actor = self.authority.require(self.persona, "admin").id
        post, by = fields.clean_text(cargo), fields.clean_text(acto)
        if not post or not by:
            raise Refused("firma", "Hace falta el cargo y el acto que lo autoriza.")
        if tipo not in (signers.ANY, *KINDS):
            raise Refused(
                "tipo_desconocido",
                f"No hay un tipo de carta «{tipo}».",
                consejo=f"Los tipos son: *, {', '.join(KINDS)}.",
            )
        if not lines.is_day(desde) or (hasta is not None and not lines.is_day(hasta)):
            raise Refused("fecha", "Las fechas se escriben así: 2026-12-31.")
        if hasta is not None and hasta < desde:
            raise Refused("fecha", "La autorización termina antes de empezar.")
        fact = msgspec.convert(
            {"cargo": post, "tipo": tipo, "ambito": ambito, "desde": desde, "acto": by,
             **({"hasta": hasta} if hasta else {})},
            SigningGranted,
        )  # fmt: skip
        return self._say(Draft(fact, "firmas", actor))
