"""What the room «Tablero» asks of the doors.

Figures are counted in the lane that looks: a newer query of Consulta may cut them, and then they
are counted again after it. Alerts are judged one by one, which takes seconds where thousands press:
they go behind.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from records import lines
from records.query import QueryCut
from tui import tablero_words
from tui.messages import tablero as m
from tui.tasks.alerts import alerts_of
from tui.tasks.who import session
from tui.texts import tablero as words

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from ingest.reception import Recepcion
    from tui import messages as base
    from tui.tasks.core import Core


class TableroTasks:
    """Figures, alerts."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def enter(self, to: MessagePump) -> None:
        """Who looks."""

        def work() -> base.Answer:
            return m.Entered(session(self._core.office(self._core.clerk)))

        self._core.ask(self._core.clerk, to, work)

    def figures(self, to: MessagePump) -> None:
        """Count."""

        def work() -> base.Answer | None:
            reception = self._core.reception(self._core.looking)
            try:
                board = reception.office.tablero()
            except QueryCut:
                self.figures(to)
                return None
            bars = tablero_words.bars(board, _waiting(reception), reception.office.authority)
            return m.FiguresRead(bars, f"{lines.now():%H:%M}")

        self._core.ask(self._core.looking, to, work)

    def alerts(self, to: MessagePump) -> None:
        """What is due, and who should do what."""

        def work() -> base.Answer:
            office = self._core.office(self._core.behind)
            found = alerts_of(office)
            return m.AlertsRead(
                tuple(tablero_words.alerts(found, office.authority)),
                Counter(a.nivel for a in found),
            )

        self._core.ask(self._core.behind, to, work, named=words.WATCHING, quiet=True)


def _waiting(reception: Recepcion) -> dict[str, int]:
    """What has no number yet."""
    queue = reception.bandeja()
    reading = sum(d.estado == "leyendo" for d in queue)
    return {
        "por_radicar": len(queue),
        "leyendo": reading,
        "no_leidos": len(reception.bandeja(cuarentena=True)),
    }
