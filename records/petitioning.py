"""The part of the door for what the petitioner does next: completes it, or gives it up.

What the office writes of it (an extension, a demand, a transfer) is a letter like others
(`presenting`), whose sending has the effect; `petition` holds the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import lines, norms, petition
from records.assigning import Assigning, Moved
from records.calendar import Calendar
from records.correction import check_reason
from records.errors import Refused
from records.journal import Draft
from records.numbering import RECEIVED
from records.tramite import Archived, Completed, Renounced

if TYPE_CHECKING:
    from records.state import State
    from records.tramite import OfRecord


class Petitioning(Assigning):
    """Complete, give up."""

    def completar(self, radicado: str, con: str) -> Moved:
        """A letter of the petitioner brings what was asked for: the term runs again from the day
        after it came, with what was left of it (CPACA, art. 17); that letter is filed with it.

        Raises:
            Refused: nothing was asked for, or *con* is no letter that came since.
        """
        actor = self._actor()
        with self._writing() as writer:
            state, other = self._open_record(radicado, closed=False), self._brought(con)
            self._must_see(state)
            self._may_act(state, actor)
            demand, came = state.tramite.requerido, other.recibido or other.fecha or ""
            if demand is None or other.subject == state.subject:
                raise Refused(
                    "nada_pedido",
                    f"A {state.radicado} no le falta nada que se haya pedido.",
                    consejo="Primero se requiere («requerir») y se envía esa carta.",
                    norma=norms.cite(petition.COMPLETE, lines.now().date()),
                )
            if came < (demand.enviada or ""):
                raise Refused("anterior", f"{other.radicado} llegó antes de que se pidiera.")
            given = lines.moment(came).date()
            fact = Completed(
                radicado=state.radicado,
                con=other.radicado,
                vence=petition.completed(state, given, Calendar.of(self.settings.horario)),
            )
            filed = Archived(radicado=other.radicado, causa="complemento")
            why = {"motivo": f"Completa {state.radicado}"}
            events = writer.append_all(
                [self._on(state, fact, actor), self._on(other, filed, actor, why)]
            )
        self.index.catch_up()
        return self._moved(events[0])

    def desistir(self, radicado: str, motivo: str, *, con: str | None = None) -> Moved:
        """The petitioner gives it up: by a letter of theirs (*con*, CPACA, art. 18), or by their
        silence after a month in which they were to complete it (art. 17).

        Raises:
            Refused: neither is so.
        """
        actor, reason = self._actor(), check_reason(motivo)
        letter = None if con is None else self._brought(con).radicado

        def fact(state: State) -> OfRecord:
            self._may_act(state, actor)
            if state.tramite.cerrado:
                raise Refused("cerrado", f"{state.radicado} ya está {state.estado}.")
            if letter is None:
                self._check_silence(state)
            return Renounced(radicado=state.radicado, tacito=letter is None, con=letter)

        moved = self._act([radicado], fact, actor, {"motivo": reason})[0]
        if letter is None:
            self.avisos.append(
                f"El desistimiento de {moved.radicado} se decreta por un acto motivado, que se "
                f"notifica ({norms.cite(petition.COMPLETE, lines.now().date())})."
            )
        return moved

    def _check_silence(self, state: State) -> None:
        demand = state.tramite.requerido
        last = (
            None
            if demand is None
            else petition.month_to_complete(demand, Calendar.of(self.settings.horario))
        )
        if last is None or lines.now().date() <= last:
            until = f" Tiene hasta el {last.isoformat()} para completarla." if last else ""
            raise Refused(
                "sin_desistimiento",
                f"El peticionario de {state.radicado} no ha desistido.{until}",
                consejo="Si lo dijo en una carta, nómbrela con --con; por silencio solo se desiste "
                "un mes después del requerimiento.",
                norma=norms.cite(
                    petition.COMPLETE if last else petition.GIVE_UP, lines.now().date()
                ),
            )

    def _brought(self, radicado: str) -> State:
        """A letter that came, and is not annulled or filed."""
        state = self._open_record(radicado, closed=False)
        assert state.numero is not None
        if state.numero.clase != RECEIVED:
            raise Refused("no_recibida", f"{radicado} no es una comunicación recibida.")
        return state

    def _on(
        self, state: State, fact: OfRecord, actor: str, ficha: dict[str, str] | None = None
    ) -> Draft:
        return Draft(fact, state.subject, actor, self._after(state.subject), ficha)
