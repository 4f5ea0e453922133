"""The part of the door that lets told dates follow a calendar that changed, and says so.

A day added to the calendar, or a suspension, moves no date by itself: what was told stands until
somebody says why it is another, and that is an event of the record (Ley 4 de 1913, art. 62). A date
never comes nearer than was told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import lines, numbering
from records.assigning import Assigning
from records.calendar import Unreckoned, short_day
from records.correction import HEAD, check_reason
from records.journal import Draft
from records.numbering import RECEIVED
from records.tramite import Recomputed

if TYPE_CHECKING:
    from records.state import State


class Recounted(msgspec.Struct, frozen=True):
    """A record whose date is another by today's calendar."""

    radicado: str
    antes: str
    """The end of its term as it was told, by the strict reading."""
    vence: str


class Recounting(Assigning):
    """Reckon anew."""

    def recalcular(self, motivo: str = "", *, solo_lista: bool = False) -> list[Recounted]:
        """Let the dates of open records follow the calendar as it is now, each by an event with
        *motivo*; with *solo_lista* only tell which would.

        Dates that were fixed by an order, extended, or went on after a demand stay. One that would
        come nearer stays too, and is warned of.

        Raises:
            Refused: who asks is neither the head of correspondence nor an administrator, or there
                is no reason.
        """
        if solo_lista:
            return [told for told, _ in self._following()]
        actor = self.authority.require(self.persona, HEAD, "admin").id
        reason = check_reason(motivo)
        with self._writing() as writer:
            moving = self._following()
            drafts = [
                Draft(fact, subject, actor, self._after(subject), {"motivo": reason})
                for told, fact in moving
                if (subject := self.subject(told.radicado))
            ]
            if drafts:
                writer.append_all(drafts)
        self.index.catch_up()
        return [told for told, _ in moving]

    def _following(self) -> list[tuple[Recounted, Recomputed]]:
        self._look_again()
        self.index.catch_up()
        found = [self._follows(self.estado(one)) for one in self.index.running()]
        return [one for one in found if one is not None]

    def _follows(self, state: State) -> tuple[Recounted, Recomputed] | None:
        """The new date of a record, where its rule gives a later one by today's calendar."""
        way = state.tramite
        own = state.plazo or state.prorrogado or way.requerido or way.completadas
        if own or state.vence is None or way.cerrado:
            return None
        try:
            told = numbering.term_of(
                self.settings, RECEIVED, state.publicos.get("tipo"), state.recibido or ""
            )
        except Unreckoned:
            return None
        if told is None or told.vence is None or told.vence == state.vence:
            return None
        if told.vence < state.vence:
            due = lines.moment(told.vence).date()
            self.avisos.append(
                f"{state.radicado}: por el calendario de hoy vencería antes, el {short_day(due)}. "
                "Lo que se dijo no se adelanta; respóndalo para ese día."
            )
            return None
        legal = told.vence_legal if state.vence_legal is not None else None
        fact = Recomputed(radicado=state.radicado, vence=told.vence, vence_legal=legal)
        return Recounted(state.radicado, state.vence, told.vence), fact
