"""The part of the door for what the petitioner does next: completes it, asks for longer, gives up.

What the office writes of it (an extension, a demand, a transfer, the act that ends a silence) is a
letter like others (`presenting`), whose sending has the effect; `petition` holds the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import lines, petition
from records.assigning import Assigning, Moved
from records.calendar import Calendar
from records.correction import check_reason
from records.identity import kept_with
from records.journal import Draft
from records.tramite import Archived, Completed, Lengthened, Renounced

if TYPE_CHECKING:
    from datetime import date

    from records.state import State


_WHY = {
    "complemento": "Completa",
    "ampliacion": "Pide más plazo en",
    "desistimiento": "Desiste de",
}
"""Cause of a filing → what the letter did."""


class Longer(Moved, frozen=True, kw_only=True):
    """What an act made of a record, and until when the petitioner has time."""

    hasta: str


class Petitioning(Assigning):
    """Complete, give longer, give up."""

    def completar(self, radicado: str, con: str) -> Moved:
        """A letter of the petitioner brings what was asked for: the term runs again from the day
        after it came, with what was left of it (CPACA, arts. 17, 19); it is filed with it.

        Raises:
            Refused: nothing was asked for, or *con* is no letter that came since.
        """
        actor = self._actor()
        with self._writing() as writer:
            state = self._open_record(radicado, closed=False)
            other = self._brought(con, petition.COMPLETE)
            given = self._answers_demand(state, other, actor)
            fact = Completed(
                radicado=state.radicado,
                con=other.radicado,
                vence=petition.completed(state, given, Calendar.of(self.settings.horario)),
            )
            filed = self._filed(other, state, "complemento", actor)
            events = writer.append_all([self._on(state, fact, actor), *filed])
        self.index.catch_up()
        return self._moved(events[0])

    def ampliar(self, radicado: str, con: str) -> Longer:
        """A letter of the petitioner asks in time for longer to complete it: as long again (CPACA,
        art. 17); that letter is filed with it.

        Raises:
            Refused: nothing was asked for, it came too late, or it was given once already.
        """
        actor = self._actor()
        with self._writing() as writer:
            state = self._open_record(radicado, closed=False)
            other = self._brought(con, petition.COMPLETE)
            given = self._answers_demand(state, other, actor)
            until = petition.lengthened(state, self._awaited(state), given).isoformat()
            fact = Lengthened(radicado=state.radicado, con=other.radicado, hasta=until)
            filed = self._filed(other, state, "ampliacion", actor)
            events = writer.append_all([self._on(state, fact, actor), *filed])
        self.index.catch_up()
        return Longer(**msgspec.structs.asdict(self._moved(events[0])), hasta=until)

    def _answers_demand(self, state: State, other: State, actor: str) -> date:
        """The day on which a letter came that answers what was asked for."""
        self._must_see(state)
        self._may_act(state, actor)
        petition.open_(state, petition.COMPLETE)
        demand, came = state.tramite.requerido, other.recibido or other.fecha or ""
        if demand is None or other.subject == state.subject:
            raise petition.refused(
                "nada_pedido",
                f"A {state.radicado} no le falta nada que se haya pedido.",
                petition.COMPLETE,
                "Primero se requiere («requerir», «aclarar») y se envía esa carta.",
            )
        if came < (demand.enviada or ""):
            raise petition.refused(
                "anterior", f"{other.radicado} llegó antes de que se pidiera.", petition.COMPLETE
            )
        return lines.moment(came).date()

    def desistir(self, radicado: str, motivo: str, *, con: str | None = None) -> Moved:
        """The petitioner gives it up in words: by a letter of theirs, *con*, which is filed with
        it, or before who notes it here (CPACA, art. 18).

        By silence only an act ends it: a letter with the effect `desistimiento`.

        Raises:
            Refused: it is ended already, or *con* is no letter that came.
        """
        actor, reason = self._actor(), check_reason(motivo)
        with self._writing() as writer:
            state = self._open_record(radicado, closed=False)
            self._must_see(state)
            self._may_act(state, actor)
            self._received(state, petition.GIVE_UP)
            petition.open_(state, petition.GIVE_UP)
            other = None if con is None else self._brought(con, petition.GIVE_UP)
            if other is not None and other.subject == state.subject:
                raise petition.refused(
                    "consigo_mismo", f"{con} es la misma comunicación.", petition.GIVE_UP
                )
            said = None if other is None else other.radicado
            fact = Renounced(radicado=state.radicado, con=said)
            drafts = [self._on(state, fact, actor, {"motivo": reason})]
            if other is not None:
                drafts += self._filed(other, state, "desistimiento", actor)
            events = writer.append_all(drafts)
        if other is None:
            self.avisos.append(
                "Queda la palabra de quien lo anota: deje constancia firmada por el peticionario, "
                "o nombre con --con la carta en que desiste."
            )
        self.index.catch_up()
        return self._moved(events[0])

    def _brought(self, radicado: str, norm: str) -> State:
        """A letter that came, and is not annulled or filed."""
        state = self._open_record(radicado, closed=False)
        self._received(state, norm)
        return state

    def _filed(self, other: State, state: State, cause: str, actor: str) -> list[Draft]:
        """A letter that says something of a petition is filed with it; where who wrote that one is
        kept, they are kept here too."""
        fact = Archived(radicado=other.radicado, causa=cause)
        why = {"motivo": f"{_WHY[cause]} {state.radicado}"}
        return [self._on(other, fact, actor, why), *kept_with(other, state, actor)]
