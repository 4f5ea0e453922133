"""What the room «Archivo» asks of the door `Archivo`: lists and sheets.

Lists are read in the looking lane, sheets in the clerk's. What changes something is in
`tui.tasks.archivo_acts` and `archivo_works`.
"""

from __future__ import annotations

from array import array
from functools import partial
from typing import TYPE_CHECKING

from records.errors import Refused, VentanillaError
from records.query import QueryCut
from records.reserve import RESERVED
from tui import archivo_sheets, archivo_words, consulta_words, record_words
from tui.archivo_views import Fact, Keeper, Pane
from tui.messages import archivo as m
from tui.sanitize import line
from tui.tasks.archivo_acts import BATCH
from tui.tasks.archivo_works import ArchivoWorks
from tui.tasks.core import said
from tui.tasks.who import session
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms
from tui.texts.archivo import DISPOSAL, DUE, FILES, LOOSE, TRANSFERS
from tui.views import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from textual.message_pump import MessagePump

    from records.office import Office
    from retention.archive import Archivo
    from tui.messages import Answer
    from tui.views import Id, Sheet

LOOSE_QUERY = "sin:expediente no estado:anulado no estado:eliminado"
"""Records that nobody has filed, in the language of the search."""
MOST_OFFERED = 200


class ArchivoTasks(ArchivoWorks):
    """Lists, sheets, and what an archivist does."""

    _looking: Office | None = None

    def enter(self, to: MessagePump) -> None:
        """Who looks."""

        def work() -> Answer:
            office = self._core.office(self._core.clerk)
            authority, person = office.authority, office.persona
            own = authority.personas.get(person or "")
            areas = {a.codigo for a in authority.areas.values() if a.jefe and a.jefe == person}
            if own is not None and own.dependencia:
                areas.add(own.dependencia)
            kept = {(d.acto, tuple(d.sobre)): d.escrito for d in office.a_medias()}
            out = str(office.home / "salida")
            return m.Entered(session(office), Keeper(frozenset(areas), out, kept))

        self._core.ask(self._core.clerk, to, work)

    # -- lists --------------------------------------------------------------------------------

    def tree(self, to: MessagePump) -> None:
        """The TRD that holds today, with how many expedientes each serie has."""

        def work() -> Answer:
            door = self.door(self._core.looking)
            table = door.trd()
            title = line(f"Versión {table.version}, {table.acto}, desde el {table.desde}")
            nodes = archivo_words.tree(table, door.cuentas(), door.office.authority)
            return m.TreeRead(nodes, title)

        def refused(error: VentanillaError) -> Answer:
            return m.TreeRead((), "", f"{said(error)} {words.ADOPT}")

        self._core.ask(self._core.looking, to, work, refused)

    def numbers(self, to: MessagePump, text: str, series: Sequence[str], order: str) -> int:
        """The expedientes that fit; their rows are asked for when they are shown."""

        def work(door: Archivo) -> Pane:
            found = door.numeros(text, series=series, orden=order)
            empty = words.NOTHING_FITS if text or series else words.EMPTY[FILES]
            return Pane(tuple(found), empty=empty)

        return self._list(to, FILES, work)

    def due(self, to: MessagePump, day: date | None) -> int:
        """What is due on a day, and by which rule."""

        def work(door: Archivo) -> Pane:
            found = door.pendientes(day)
            names = [d.expediente for d in (*found.transferir, *found.eliminar)]
            rules: dict[str, tuple[str, str]] = {}
            for at in range(0, len(names), BATCH):
                for one in door.renglones(names[at : at + BATCH]):
                    row = door.row_of(one.serie, one.trd)
                    rules[one.numero] = (f"{row.ag}+{row.ac}", row.evento)
            return archivo_words.due(found, rules, _on_its_way(door))

        return self._list(to, DUE, work)

    def transfers(self, to: MessagePump) -> int:
        """All transfers."""
        return self._list(to, TRANSFERS, lambda d: archivo_words.transfers(d.transferencias()))

    def disposals(self, to: MessagePump) -> int:
        """All disposals."""

        def work(door: Archivo) -> Pane:
            from retention.room import today

            office = door.office
            person = office.persona or ""
            roles = office.authority.roles_of(person) if person else frozenset()
            found = door.eliminaciones()
            return archivo_words.disposals(found, roles, person, today().isoformat())

        return self._list(to, DISPOSAL, work)

    def _list(self, to: MessagePump, part: str, work: Callable[[Archivo], Pane]) -> int:
        ticket = self.next_ticket()

        def run() -> Answer:
            return m.PaneRead(part, ticket, work(self.door(self._core.looking)))

        def refused(error: VentanillaError) -> Answer:
            return m.PaneRead(part, ticket, Pane(empty=said(error)))

        self._core.ask(self._core.looking, to, run, refused)
        return ticket

    def loose(self, to: MessagePump, text: str) -> int:
        """Records that lie in no expediente, of those that fit a query; an older one is cut."""
        ticket = self._newest = self.next_ticket()
        if self._looking is not None:
            self._looking.cortar()
        begun = consulta_words.begun(text)
        asked = f"{LOOSE_QUERY} ({begun})" if begun else LOOSE_QUERY

        def refused(error: VentanillaError) -> Answer:
            return m.PaneRead(LOOSE, ticket, Pane(empty=said(error)))

        self._core.ask(self._core.looking, to, partial(self._loose, to, ticket, asked), refused)
        return ticket

    def _loose(self, to: MessagePump, ticket: int, asked: str) -> Answer | None:
        office = self._looking = self._core.office(self._core.looking)
        whole = array("q")
        try:
            if ticket != self._newest:
                return None
            for piece in office.listar(asked, orden="numero"):
                if ticket != self._newest:
                    return None
                if not whole:
                    to.post_message(m.LooseFound(ticket, piece, done=False))
                whole.extend(piece)
        except QueryCut:
            return None
        return m.LooseFound(ticket, whole, done=True)

    def rows(self, to: MessagePump, part: str, ids: Sequence[Id]) -> None:
        """Rows of the two long lists."""

        def of_records() -> Answer:
            found = self._core.office(self._core.clerk).renglones(ids)
            facts: dict[Id, Fact] = {
                one.id: Fact(one.estado, line(one.radicado), one.dependencia or "") for one in found
            }
            return m.RowsRead(part, consulta_words.rows(ids, found, due=False), facts)

        def of_files() -> Answer:
            from retention.room import today

            door = self.door(self._core.clerk)
            day = today().isoformat()
            held = {h.expediente for h in door.office.index.holds() if (h.hasta or day) >= day}
            rows, facts = archivo_words.files(ids, door.renglones(ids), held)
            return m.RowsRead(part, rows, dict(facts))

        self._core.ask(self._core.clerk, to, of_records if part == LOOSE else of_files)

    # -- sheets -------------------------------------------------------------------------------

    def sheet(self, to: MessagePump, part: str, ident: Id, *, preview: bool) -> None:
        """What a row stands for."""

        def work() -> Answer | None:
            door = self.door(self._core.clerk)
            authority = door.office.authority
            if part == TRANSFERS:
                shown = archivo_sheets.transfer(door.transferencia(ident), authority)
            elif part == DISPOSAL:
                state = door.eliminacion(ident)
                seen = door.eliminacion_vista(ident)
                shown = archivo_sheets.disposal(state, seen, authority)
            elif part != LOOSE:
                shown = archivo_sheets.expediente(door.ver(ident), authority)
            else:
                found = door.office.renglones([ident])
                if not found:
                    return None
                shown = _record(door.office, found[0].radicado, preview=preview)
            return m.SheetRead(part, ident, shown, preview)

        self._core.ask(self._core.clerk, to, work)

    def calendar(self, to: MessagePump) -> None:
        """What comes due in each of the next ten years."""

        def work() -> Answer:
            from retention.room import today

            first = today().year
            turns = self.door(self._core.looking).calendario(first, first + 9)
            shown = archivo_sheets.calendar(turns)
            return m.SheetRead(DUE, "", shown, preview=False)

        self._core.ask(self._core.looking, to, work)

    # -- what may be chosen -------------------------------------------------------------------

    def series(self, to: MessagePump, radicado: str = "") -> int:
        """The rows of the TRD; those that are likely for a record first."""
        ticket = self.next_ticket()

        def work() -> Answer:
            door = self.door(self._core.clerk)
            found = door.sugerir(radicado) if radicado else []
            near = {g.serie: f" · {g.razon}" for g in found}
            rows = {r.codigo: r for r in door.trd().series}
            order = [*near, *(code for code in sorted(rows) if code not in near)]
            choices = tuple(
                Choice(code, line(f"{code} {rows[code].nombre}{near.get(code, '')}"))
                for code in order
            )
            return m.ChoicesRead(ticket, choices, order[0] if near else "")

        self._core.ask(self._core.clerk, to, work, partial(_not_done, ticket))
        return ticket

    def kinds(self, to: MessagePump, name: str) -> int:
        """The tipos documentales of an expediente's serie; first, that none is said."""
        ticket = self.next_ticket()

        def work() -> Answer:
            door = self.door(self._core.clerk)
            made = door.expediente(name).abierto
            kinds = door.row_of(made.serie, made.trd).tipos
            choices = (Choice("", forms.ANY_KIND), *(Choice(kind, line(kind)) for kind in kinds))
            return m.ChoicesRead(ticket, choices)

        self._core.ask(self._core.clerk, to, work, partial(_not_done, ticket))
        return ticket

    def open_files(self, to: MessagePump, radicado: str) -> int:
        """The open expedientes into which a record may go; those of likely series first."""
        ticket = self.next_ticket()

        def work() -> Answer:
            door = self.door(self._core.clerk)
            near = [g.serie for g in door.sugerir(radicado)]
            found = door.numeros("estado:abierto", series=near) if near else []
            known = set(found)
            found += [n for n in door.numeros("estado:abierto") if n not in known]
            rows = {e.numero: e for e in door.renglones(found[:MOST_OFFERED])}
            if not rows:
                raise Refused("sin_abiertos", words.NO_OPEN_FILE)
            choices = tuple(
                Choice(n, line(f"{n} · {rows[n].serie} · {rows[n].nombre}"))
                for n in found[:MOST_OFFERED]
                if n in rows
            )
            return m.ChoicesRead(ticket, choices, choices[0].code)

        self._core.ask(self._core.clerk, to, work, partial(_not_done, ticket))
        return ticket


def _on_its_way(door: Archivo) -> dict[str, str]:
    """Number → the transfer or the disposal in which it is and that is not over."""
    out: dict[str, str] = {}
    for row in door.transferencias():
        if row.estado == "preparada":
            made = door.transferencia(row.transferencia).hecha
            out.update(dict.fromkeys(made.expedientes, row.transferencia))
    for one in door.eliminaciones():
        if one.estado not in ("retirada", "eliminada"):
            out.update(dict.fromkeys(one.condenados, one.numero))
    return out


def _record(office: Office, number: str, *, preview: bool) -> Sheet:
    """A record; one whose reading is noted is not opened by passing over it."""
    if preview:
        access = office.estado(office.subject(number, imported=True)).acceso
        if access.nivel(office.sight.hoy) == RESERVED or access.identidad_protegida:
            return record_words.closed_sheet(number)
    return record_words.sheet(office.ver(number), office.authority)


def _not_done(ticket: int, error: VentanillaError) -> Answer:
    return m.NotDone(ticket, said(error))
