"""The part of the door that says when an answer is due where no rule can: an order, an act.

A judge, a control body or the Concejo fixes the term of what it asks for, in hours too. What the
law dates may be asked for earlier by an order, never later: that is an extension.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import fields, lines, norms, petition, term_rows
from records.assigning import ANSWER, OPENERS, Assigning, Moved
from records.errors import Refused
from records.tramite import TermFixed

if TYPE_CHECKING:
    from datetime import datetime

    from records.state import State
    from records.tramite import OfRecord


class Fixing(Assigning):
    """Fix a term."""

    def fijar_plazo(self, radicado: str, vence: datetime, fuente: str) -> Moved:
        """Say when the answer is due, and which order or act says so.

        Raises:
            Refused: nothing is named that fixes it, the moment is before the reception, or it is
                later than the law allows.
        """
        actor = self._actor()
        source = fields.clean_text(fuente)
        if not source:
            raise Refused(
                "sin_fuente", "Diga qué orden o acto fija el plazo.", consejo="Use --fuente."
            )
        due = vence.astimezone(lines.BOGOTA).isoformat(timespec="seconds")

        def fact(state: State) -> OfRecord:
            if not self._is(actor, *OPENERS):
                self._may_act(state, actor)
            petition.open_(state, ANSWER)
            self._check_term(state, due)
            return TermFixed(radicado=state.radicado, vence=due)

        moved = self._act([radicado], fact, actor, {"fuente": source})[0]
        if lines.moment(due) < lines.now():
            self.avisos.append(f"{moved.radicado} ya está vencido: el plazo era {due[:16]}.")
        return moved

    def _check_term(self, state: State, due: str) -> None:
        received = state.recibido or state.fecha or ""
        if lines.moment(due) <= lines.moment(received):
            raise Refused(
                "plazo_imposible",
                f"El plazo es anterior a la llegada: {lines.read_hour(received)}.",
            )
        kind = self._kind(state)
        dated = kind not in {k for row in term_rows.table().sin_fecha for k in row.tipos}
        if dated and state.vence is not None and state.plazo is None and due > state.vence:
            raise Refused(
                "mas_que_la_ley",
                f"{state.radicado} ({kind}) vence el {state.vence[:10]} por la ley: una orden lo "
                "puede acortar, no alargar.",
                consejo="Para más tiempo hace falta una prórroga, motivada y antes de vencer.",
                norma=norms.cite(ANSWER, lines.now().date()),
            )
