"""What the room «Consulta» asks of the doors.

Lists are read in the looking lane, one after the other: a newer query cuts the older one. Rows and
sheets go by the clerk's lane, which is idle while somebody looks: a screen of rows does not wait
for a million ids.
"""

from __future__ import annotations

from array import array
from functools import partial
from typing import TYPE_CHECKING

from records.errors import VentanillaError
from records.query import QueryCut
from records.reserve import RESERVED
from tui import consulta_words, record_words
from tui import messages as base
from tui.documents import document_of
from tui.messages import consulta as m
from tui.tasks.core import Core, said
from tui.tasks.who import session
from tui.texts import consulta as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.message_pump import MessagePump

    from records.office import Office

MOST_COUNTED = 10_000
"""A saved view is counted no further."""


class ConsultaTasks:
    """Queries, rows, sheets, saved views."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._looking: Office | None = None
        self._ticket = 0

    def enter(self, to: MessagePump) -> None:
        """Who looks, and the lists of values."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            return m.Entered(session(office), consulta_words.known(office.authority))

        self._core.ask(self._core.clerk, to, work)

    # -- lists --------------------------------------------------------------------------------

    def find(self, to: MessagePump, text: str, order: str) -> int:
        """Begin to look; the older query is cut. Returns the ticket by which answers are known."""
        self._ticket += 1
        ticket = self._ticket
        if self._looking is not None:
            self._looking.cortar()

        def refused(error: VentanillaError) -> base.Answer:
            return m.QueryRefused(ticket, said(error))

        work = partial(self._find, to, ticket, text, order)
        self._core.ask(self._core.looking, to, work, refused)
        return ticket

    def _find(self, to: MessagePump, ticket: int, text: str, order: str) -> base.Answer | None:
        office = self._looking = self._core.office(self._core.looking)
        whole = array("q")
        try:
            if ticket != self._ticket:
                return None
            for piece in office.listar(text, orden=order):
                if ticket != self._ticket:
                    return None
                if not whole:
                    to.post_message(m.IdsFound(ticket, piece, done=False))
                whole.extend(piece)
        except QueryCut:
            return None
        return m.IdsFound(ticket, whole, done=True)

    def rows(self, to: MessagePump, ids: Sequence[int], *, due: bool) -> None:
        """What is to be shown of these records."""

        def work() -> base.Answer:
            found = self._core.office(self._core.clerk).renglones(ids)
            return m.RowsRead(consulta_words.rows(ids, found, due=due))

        self._core.ask(self._core.clerk, to, work)

    # -- one record ---------------------------------------------------------------------------

    def preview(self, to: MessagePump, ident: int) -> None:
        """A record beside the list; one whose reading is noted is not opened by passing over it."""

        def work() -> base.Answer | None:
            office = self._core.office(self._core.clerk)
            number = _number(office, ident)
            if number is None:
                return None
            access = office.estado(office.subject(number, imported=True)).acceso
            if access.nivel(office.sight.hoy) == RESERVED or access.identidad_protegida:
                return m.SheetRead(ident, record_words.closed_sheet(number), preview=True)
            shown = record_words.sheet(office.ver(number), office.authority)
            return m.SheetRead(ident, shown, preview=True)

        self._core.ask(self._core.clerk, to, work)

    def record(self, to: MessagePump, ident: int | str) -> None:
        """A record that somebody opens, by its place in the index or by its number."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            number = ident if isinstance(ident, str) else _number(office, ident)
            if number is None:
                return base.Told(words.GONE.capitalize(), bad=True)
            shown = record_words.sheet(office.ver(number), office.authority)
            return m.SheetRead(ident, shown, preview=False)

        self._core.ask(self._core.clerk, to, work)

    def document(self, to: MessagePump, ident: int | str) -> None:
        """Where a record's PDF lies; of what is withheld, its public version, or why not."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            number = ident if isinstance(ident, str) else _number(office, ident)
            path = None if number is None else document_of(office, number)
            return m.DocumentAt(str(office.home / path) if path else None)

        self._core.ask(self._core.clerk, to, work)

    def values(self, to: MessagePump, ident: int) -> None:
        """By which values of a record one may narrow."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            found = office.renglones([ident])
            return m.ValuesRead(
                consulta_words.narrowing(found[0], office.authority) if found else ()
            )

        self._core.ask(self._core.clerk, to, work)

    # -- saved views --------------------------------------------------------------------------

    def views(self, to: MessagePump) -> None:
        """Those of the person."""
        self._core.ask(self._core.clerk, to, partial(self._views, ""))

    def _views(self, told: str) -> base.Answer:
        found = self._core.office(self._core.clerk).vistas()
        return m.ViewsRead(tuple(map(consulta_words.saved, found)), told)

    def save_view(
        self, to: MessagePump, name: str, query: str, order: str, key: int | None
    ) -> None:
        """Keep a query."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            view = office.guardar_vista(name, query, tecla=key, orden=order)
            return self._views(words.saved(view.tecla, view.nombre))

        self._core.ask(self._core.clerk, to, work)

    def drop_view(self, to: MessagePump, key: int) -> None:
        """Keep it no more."""

        def work() -> base.Answer:
            self._core.office(self._core.clerk).borrar_vista(key)
            return self._views(words.dropped(key))

        self._core.ask(self._core.clerk, to, work)

    def count_view(self, to: MessagePump, key: int, query: str) -> None:
        """How many a saved view has now; where a newer query cuts it, nothing is said."""

        def work() -> base.Answer | None:
            office = self._looking = self._core.office(self._core.looking)
            try:
                found = office.contar(query, limite=MOST_COUNTED)
            except QueryCut:
                return None
            more = "+" if found == MOST_COUNTED else ""
            return m.ViewCounted(key, f"{found:,}{more}".replace(",", "."))

        self._core.ask(self._core.looking, to, work)

    # -- files --------------------------------------------------------------------------------

    def export(self, to: MessagePump, query: str, order: str) -> None:
        """Write the list as a table."""

        def work() -> base.Answer:
            done = self._core.office(self._core.behind).exportar_consulta(
                query, orden=order, avance=self._core.advance
            )
            if done is None:
                return base.Told(words.CUT)
            return base.Told(words.exported(done.filas, done.archivo))

        self._core.ask(self._core.behind, to, work, named=words.EXPORT_TITLE)


def _number(office: Office, ident: int) -> str | None:
    found = office.renglones([ident])
    return found[0].radicado if found else None
