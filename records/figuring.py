"""The part of the door that gives the figures of an office: today's work, what is overdue, how much
came by what and when, how much was answered in time.

Nothing of it is kept: it is counted when it is asked for (`records.figures`), of what is open to
who asks. What came in is told by the journal's own lines, which hold no content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import figures, lines
from records.figures import Counter, Figure
from records.looking import Looking
from records.people import DEMO_PERSON

if TYPE_CHECKING:
    from records.figures import Board

_RECEIVED = "documento.recibido"


class Figuring(Looking):
    """Count."""

    def tablero(self) -> Board:
        """The figures of today; first those of the áreas that who looks heads.

        Raises:
            QueryCut: `cortar` was called meanwhile.
        """
        self.index.catch_up()
        sight, today = self.sight, lines.now().date()
        everybody = self.authority.demo and self.persona == DEMO_PERSON
        own = () if everybody else sorted(sight.dirige)
        with self._running.on(self.index.connection):
            received = Figure("recibidos", self._received_on(today.isoformat()), "")
            return figures.board(Counter(self.index, self._seen()), today, received, own)

    def _received_on(self, day: str) -> int:
        """How many receptions the logs tell since a day began. A log's hours never fall back by
        more than a clock that was mended, so its first line of that day is found by halves."""
        found = 0
        for punto, last in self.index.query("SELECT punto, seq FROM posicion"):
            sql = "SELECT count(*) FROM evento WHERE punto=? AND seq>=? AND tipo=? AND at>=?"
            first = self._first_since(str(punto), int(last), day)
            found += int(self.index.query(sql, (punto, first, _RECEIVED, day))[0][0])
        return found

    def _first_since(self, punto: str, last: int, day: str) -> int:
        low, high = 0, last + 1
        while low < high:
            middle = (low + high) // 2
            rows = self.index.query(
                "SELECT at FROM evento WHERE punto=? AND seq=?", (punto, middle)
            )
            if rows and rows[0][0] < day:
                low = middle + 1
            else:
                high = middle
        return low
