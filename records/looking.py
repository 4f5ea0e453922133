"""The part of the door that looks over many records: lists, trays and counts, for screens that show
a page of them.

A list is ids, and the rows of a page are asked for when it is shown; both tell only what is open to
who looks. Each thread may ask for its own (`Home.index` has a connection for each), and another may
cut it short.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from records import lines, listing, waits_index
from records.awaiting import Awaiting
from records.errors import Refused
from records.grammar import ALL, ask
from records.listing import Running
from records.query import seen_by
from records.tramite import TO_SEND, TRAYS
from records.waits_index import Wait, Wanted

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence

    from records.grammar import Asked, Condition
    from records.listing import Listed


class Tray(Wait, frozen=True, kw_only=True):
    """A record in a tray: who is awaited, since when."""

    quieto: bool
    """Nobody has done anything about it for too long."""
    ausente_hasta: str | None = None
    """The last day on which who is awaited is away; None: they are not."""
    reemplaza: str | None = None
    """Who does their work meanwhile."""


class Looking(Awaiting):
    """List, count, show a page; cut it short."""

    @cached_property
    def _running(self) -> Running:
        return Running()

    # -- records ------------------------------------------------------------------------------

    def listar(self, texto: str, *, orden: str = "numero") -> Iterator[array[int]]:
        """Ids of the records that fit a query, of those open to who looks: the first 500 at once,
        then the rest in big pieces, all as the index was when the first was asked for.

        *orden*: `numero` (newest first), `fecha` (newest first), `vence` (what expires first of
        what is not finished; the rest last), `remitente`, `asunto`; `-` before it turns it round.

        Raises:
            Refused: there is no such order, or a date of the query is none.
            QueryCut: `cortar` was called meanwhile.
        """
        listing.stretches(orden)
        sight = self.sight
        asked = ask(texto, sight.personas)
        self.index.catch_up()
        return self._pieces(asked, self._seen(), orden)

    def _pieces(self, asked: Asked, seen: Condition, orden: str) -> Iterator[array[int]]:
        with self.index.snapshot() as db, self._running.on(db):
            yield from listing.pieces(db, asked, seen, orden)

    def renglones(self, ids: Sequence[int]) -> list[Listed]:
        """What a list says of these records, in their order; one that is gone, or not open to who
        looks, is left out."""
        return listing.rows(self.index, ids, self._seen())

    def contar(self, texto: str, *, limite: int | None = None) -> int:
        """How many records fit a query, of those open to who looks; with *limite* no more are
        counted than that many.

        Raises:
            Refused: a date of the query is none.
            QueryCut: `cortar` was called meanwhile.
        """
        asked = ask(texto, self.sight.personas)
        self.index.catch_up()
        with self._running.on(self.index.connection):
            return listing.count(self.index, asked, self._seen(), limite)

    def cortar(self) -> None:
        """Cut short what other threads are listing or counting by this door; they get `QueryCut`.
        A write is never cut."""
        self._running.cut()

    def _seen(self, column: str = "id") -> Condition:
        """What is open to who looks; where nothing is withheld, a list is none the slower."""
        return seen_by(self.sight, column) if self.index.withholds() else ALL

    # -- trays --------------------------------------------------------------------------------

    def bandejas(
        self,
        *,
        bandeja: str | None = None,
        dependencia: str | None = None,
        persona: str | None = None,
    ) -> list[Tray]:
        """What waits, by what expires first: of an área, of a person (with the áreas they head),
        or of all; only what is open to who looks."""
        places = self.esperas(bandeja=bandeja, dependencia=dependencia, persona=persona)
        return self.renglones_espera(places)

    def esperas(
        self,
        *,
        bandeja: str | None = None,
        dependencia: str | None = None,
        persona: str | None = None,
        texto: str = "",
        orden: str = "vence",
    ) -> array[int]:
        """The places of what `bandejas` tells, in its order or another (`waits_index.ORDERS`), of
        records that fit a query; a letter fits where its own record does, or one that it answers.

        Raises:
            Refused: there is no such tray, área, person or order, or a date of the query is none.
            QueryCut: `cortar` was called meanwhile.
        """
        if bandeja is not None and bandeja not in TRAYS:
            raise Refused(
                "bandeja_desconocida",
                f"No hay una bandeja «{bandeja}».",
                consejo=f"Las bandejas son: {', '.join(TRAYS)}.",
            )
        if orden not in waits_index.ORDERS:
            raise Refused(
                "orden_desconocido",
                f"Lo que espera no se ordena por «{orden}».",
                consejo=f"Los órdenes son: {', '.join(waits_index.ORDERS)}.",
            )
        self.index.catch_up()
        self._look_again()
        area = None if dependencia is None else self.authority.area(dependencia).codigo
        if persona is not None:
            self.authority.require(persona)
        mine = None if persona is None else sorted(self.authority.works_for(persona))
        heads = () if persona is None else self.authority.acts_for(persona)
        asked = ask(texto, self.sight.personas)
        with self._running.on(self.index.connection):
            narrowed = listing.narrowing(self.index, asked)
            wanted = Wanted(
                hoy=lines.now().date().isoformat(),
                bandeja=bandeja,
                dependencia=area,
                personas=mine,
                areas=[a.codigo for a in self.authority.areas.values() if a.jefe in heads],
                registro=None if narrowed.sql == ALL.sql else narrowed,
                orden=orden,
            )
            return waits_index.places(self.index, wanted, self._seen("r.id"))

    def renglones_espera(self, lugares: Sequence[int]) -> list[Tray]:
        """What trays tell of these places, in their order; what waits no more, or is not open to
        who looks, is left out. `Tray.lugar` says which is which."""
        today = lines.now().date()
        still = (today - timedelta(days=self.settings.tramite.quieto_dias)).isoformat()
        late = self._sent_by()
        found = waits_index.rows(self.index, lugares, today.isoformat(), self._seen("r.id"))
        return [self._tray(wait, still, late) for wait in found]

    def _tray(self, wait: Wait, still: str, late: str) -> Tray:
        away = self.authority.away(wait.persona)
        overdue = wait.bandeja == TO_SEND and wait.desde < late
        return Tray(
            **msgspec.structs.asdict(wait),
            quieto=overdue or wait.movido < still,
            ausente_hasta=away.hasta if away else None,
            reemplaza=self.authority.replaced_by(away) if away else None,
        )

    def _sent_by(self) -> str:
        """The hour by which what waits to be sent should have had its number to be in time."""
        hours = self.settings.tramite.sin_enviar_horas
        return lines.stamp(lines.now() - timedelta(hours=hours))
