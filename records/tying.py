"""The part of the door for what ties a record to others, and for what goes before its turn.

A later letter may add to an earlier one, repeat it, be against its answer; petitions of one matter
are decided together (CPACA, art. 36), each with its own term; a ground of the law puts one before
its turn (CPACA, art. 20; Ley 962 de 2005, art. 15).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import fields, petition, priority, senders
from records.assigning import Assigning, Moved
from records.correction import check_reason
from records.home import CLERKS
from records.identity import kept_with
from records.journal import PREVIOUS, Draft
from records.numbering import RECEIVED
from records.query import seen_by
from records.schema import JOINED
from records.ties import TIES
from records.tramite import Assigned, Joined, Linked, Prioritised, Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from records.lookups import OpenOfSender
    from records.state import State
    from records.tramite import OfRecord

TOGETHER = "Ley 1437 de 2011 (CPACA), art. 36"
FIRST = "Ley 1437 de 2011 (CPACA), art. 20"


class Tying(Assigning):
    """Link, join, put first."""

    def abiertos_de(self, campos: Mapping[str, str]) -> list[OpenOfSender]:
        """The open records of the sender of these fields, the newest first: what a new letter of
        theirs may be about. By document, NIT, or name with address."""
        self.index.catch_up()
        seen = seen_by(self.sight, "r.id")
        found = [
            one for key in senders.keys_of(campos) for one in self.index.open_of_sender(key, seen)
        ]
        return list({one.radicado: one for one in found}.values())

    def comprobar_vinculo(self, con: str, como: str) -> None:
        """Whether a letter that is still to be numbered may be tied so to a record.

        Raises:
            Refused: there is no such record or tie, or it may not be seen.
        """
        self._tie(como, self._earlier(con, como))

    def vincular(self, radicado: str, con: str, como: str, nota: str | None = None) -> Moved:
        """Say what a record is to an earlier one, on both; where nobody has it yet, it goes to
        who has that one; where who wrote that one is kept, they are kept here too.

        Raises:
            Refused: no such tie, it is the earlier of the two, it was said before, or neither
                record is one's own.
        """
        actor = self._actor()
        note = fields.clean_text(nota or "")
        with self._writing() as writer:
            earlier = self._earlier(con, como)
            state = self._open_record(radicado, closed=True)
            self._must_see(state)
            tie = self._tie(como, earlier)
            self._may_tie(state, earlier, actor)
            _check_pair(state, earlier)
            if any(v.con == earlier.radicado and v.como == tie for v in state.tramite.vinculos):
                raise petition.refused(
                    "ya_vinculado", f"{state.radicado} ya es {tie} de {con}.", TOGETHER
                )
            said = {"nota": note} if note else None
            late = Linked(radicado=state.radicado, con=earlier.radicado, como=tie)
            early = Linked(
                radicado=earlier.radicado, con=state.radicado, como=tie, viene=True
            )  # fmt: skip
            drafts = [self._on(earlier, early, actor, said), self._on(state, late, actor, said)]
            drafts += kept_with(state, earlier, actor)
            drafts += self._along(state, earlier, actor)
            events = writer.append_all(drafts)
        self.index.catch_up()
        return self._moved(events[1])

    def acumular(self, radicado: str, en: str, motivo: str) -> Moved:
        """Decide a record together with another: who has that one has both, and what answers that
        one answers both. Its own term runs on (CPACA, art. 36).

        Raises:
            Refused: one of them is ended, or is joined to a third already.
        """
        actor, reason = self._actor(), check_reason(motivo)
        with self._writing() as writer:
            state, other = (self._open_record(r, closed=False) for r in (radicado, en))
            for one in (state, other):
                self._must_see(one)
                self._received(one, TOGETHER)
                petition.open_(one, TOGETHER)
            self._may_act(state, actor)
            if state.subject == other.subject:
                raise petition.refused(
                    "consigo_mismo", f"{state.radicado} no se acumula consigo mismo.", TOGETHER
                )
            self._unjoined(state, other)
            fact = Joined(radicado=state.radicado, en=other.radicado)
            drafts = [self._on(state, fact, actor, {"motivo": reason})]
            drafts += self._along(state, other, actor, taken=True)
            events = writer.append_all(drafts)
        self.index.catch_up()
        return self._moved(events[0])

    def priorizar(
        self, radicado: str, causales: Iterable[str], motivo: str, *, quita: bool = False
    ) -> Moved:
        """Put a record before its turn, on grounds of the law; with *quita* back into it.

        Raises:
            Refused: no such ground, or it is so already.
        """
        actor, reason = self._actor(), check_reason(motivo)
        said = [c for c in priority.GROUNDS if c in set(causales)]
        if not quita and (not said or set(causales) - set(said)):
            raise petition.refused(
                "causal_desconocida",
                "Solo una causal de la ley pone una petición antes de su turno.",
                FIRST,
                f"Las causales son: {', '.join(priority.GROUNDS)}.",
            )

        def fact(state: State) -> OfRecord:
            if not self._is(actor, *CLERKS):
                self._may_act(state, actor)
            self._received(state, FIRST)
            petition.open_(state, FIRST)
            if state.prioritario is not quita and (quita or state.prioridad == said):
                raise petition.refused(
                    "sin_cambio", f"{state.radicado} ya está así.", priority.TURN
                )
            return Prioritised(radicado=state.radicado, quita=quita)

        ficha = {"motivo": reason} | ({} if quita else {"causal": ", ".join(said)})
        return self._act([radicado], fact, actor, ficha)[0]

    # -- shared -------------------------------------------------------------------------------

    def _earlier(self, con: str, como: str) -> State:
        """The record to which another one is tied."""
        state = self._open_record(con, closed=True)
        self._must_see(state)
        ours = state.numero is not None and state.numero.clase != RECEIVED
        if ours != (como == "respuesta"):
            raise petition.refused(
                "otra_clase",
                f"{state.radicado} {'es' if ours else 'no es'} una carta de la entidad.",
                TOGETHER,
                "«respuesta» se vincula a una carta que la entidad envió; lo demás, a lo que "
                "recibió.",
            )
        return state

    def _tie(self, como: str, earlier: State) -> Tie:
        if como not in TIES:
            raise petition.refused(
                "vinculo_desconocido",
                f"«{como}» no es un vínculo.",
                TOGETHER,
                f"Los vínculos son: {', '.join(TIES)}.",
            )
        tie: Tie = msgspec.convert(como, Tie)
        if tie == "recurso" and earlier.tramite.respondido is None:
            self.avisos.append(f"{earlier.radicado} no se ha respondido aún.")
        return tie

    def _may_tie(self, state: State, earlier: State, actor: str) -> None:
        """The ventanilla, and who has one of the two, tie them."""
        if not (self._is(actor, *CLERKS) or self._has(earlier, actor)):
            self._may_act(state, actor)

    def _along(self, state: State, other: State, actor: str, *, taken: bool = False) -> list[Draft]:
        """A record that nobody has goes to who has the other one, with *taken* in any case; it
        follows the event that was just said of it."""
        way, there = state.tramite, other.tramite
        ended = way.cerrado or there.cerrado or there.dependencia is None
        if ended or (way.dependencia is not None and not taken):
            return []
        if (way.dependencia, way.responsable) == (there.dependencia, there.responsable):
            return []
        fact = Assigned(
            radicado=state.radicado,
            dependencia=str(there.dependencia),
            responsable=there.responsable,
            conjuntas=list(there.conjuntas),
        )
        return [Draft(fact, state.subject, actor, PREVIOUS)]

    def _unjoined(self, state: State, other: State) -> None:
        """Refuse chains: what is joined takes no other, and joins nothing twice."""
        held = self.index.tied(state.radicado, JOINED)
        to = self._head_of(state) or self._head_of(other)
        if to is None and not held:
            return
        which = state if to == state.tramite.acumulado else other
        said = (
            f"A {state.radicado} se le acumularon otros: {', '.join(held)}."
            if to is None
            else f"{which.radicado} ya se decide con {to}."
        )
        advice = f"Acumúlelo en {to}." if to is not None else "Acumule el otro en este."
        raise petition.refused("ya_acumulado", said, TOGETHER, advice)

    def _head_of(self, state: State) -> str | None:
        """With which record it is decided; with none that was annulled or ended without it."""
        if state.tramite.acumulado is None:
            return None
        head = self.estado(self.subject(state.tramite.acumulado))
        return None if head.anulado is not None or head.tramite.cerrado else head.radicado


def _check_pair(late: State, early: State) -> None:
    """A letter is tied to one that was there before it."""
    if late.subject == early.subject:
        raise petition.refused(
            "consigo_mismo", f"{late.radicado} no se vincula consigo mismo.", TOGETHER
        )
    if _turn(late) < _turn(early):
        raise petition.refused(
            "anterior",
            f"{late.radicado} es anterior a {early.radicado}.",
            TOGETHER,
            f"Al revés: «vincular {early.radicado} --con {late.radicado}».",
        )


def _turn(state: State) -> tuple[str, int]:
    return state.fecha or "", state.numero.n if state.numero is not None else 0
