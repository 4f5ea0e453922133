"""The part of the door that knows what a record is, and what its petitioner is to give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import petition
from records.calendar import Calendar
from records.dispatch import Dispatch
from records.guard import Guarded

if TYPE_CHECKING:
    from records.petition import Awaited
    from records.state import State


class Awaiting(Guarded):
    """A record's kind, and what is awaited of who wrote it."""

    def esperado(self, radicado: str) -> Awaited | None:
        """What the petitioner of a record was asked for and has not given (CPACA, arts. 17, 19)."""
        self.index.catch_up()
        return self._awaited(self.estado(self.subject(radicado)))

    def _kind(self, state: State) -> str:
        """The kind of a record; where nobody said one, what the office takes it for."""
        return str(state.publicos.get("tipo") or self.settings.reparto_por_defecto.tipo)

    def _awaited(self, state: State) -> Awaited | None:
        asked = state.tramite.requerido
        sent = Dispatch() if asked is None else self.estado(asked.respuesta).envio
        calendar = Calendar.of(self.settings.horario)
        return petition.awaited(state, sent, self._kind(state), calendar)
