"""What the room «Área» asks of the doors to show what waits.

Lists and counts are read in the looking lane; a newer one cuts the older. Rows and sheets go by
the clerk's lane. What is done about them lies in `area_verbs` and `area_letters`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from records import keys, possible
from records.errors import VentanillaError
from records.query import QueryCut
from records.reserve import RESERVED
from records.templates import Templates
from records.tramite import GIVEN_BACK
from tui import area_words, consulta_words, record_words
from tui import messages as base
from tui.area_views import Desk
from tui.documents import document_of
from tui.messages import area as m
from tui.tasks.core import Core, said
from tui.tasks.who import session
from tui.texts import consulta as shared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.message_pump import MessagePump

    from records.looking import Tray
    from records.office import Office
    from tui.area_views import Asked, Wait
    from tui.views import Sheet

ROOM = "area"
"""Under which name its views are kept."""


class AreaTasks:
    """Trays, rows, sheets, saved views."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._looking: Office | None = None
        self._ticket = 0

    def enter(self, to: MessagePump) -> None:
        """Who works here, and with whom."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            return m.Entered(session(office), _desk(office))

        self._core.ask(self._core.clerk, to, work)

    def keep(
        self, to: MessagePump, act: str, about: tuple[str, ...], typed: Mapping[str, str]
    ) -> None:
        """Put on disk what was typed into a form; nothing typed drops it."""
        values = dict(typed)

        def work() -> None:
            office = self._core.office(self._core.clerk)
            if office.persona:
                office.guardar_a_medias(act, list(about), values)

        self._core.ask(self._core.clerk, to, work)

    # -- lists --------------------------------------------------------------------------------

    def find(self, to: MessagePump, asked: Asked) -> int:
        """Begin to look; the older question is cut. Returns the ticket of the answer."""
        self._ticket += 1
        ticket = self._ticket
        if self._looking is not None:
            self._looking.cortar()

        def refused(error: VentanillaError) -> base.Answer:
            return m.QueryRefused(ticket, said(error))

        def work() -> base.Answer | None:
            if ticket != self._ticket:
                return None
            try:
                return m.PlacesFound(ticket, self._places(asked))
            except QueryCut:
                return None

        self._core.ask(self._core.looking, to, work, refused)
        return ticket

    def _places(self, asked: Asked) -> Sequence[int]:
        office = self._looking = self._core.office(self._core.looking)
        return office.esperas(
            bandeja=asked.tray,
            dependencia=asked.whose.area,
            persona=asked.whose.person,
            texto=asked.text,
            orden=asked.order,
        )

    def count_view(self, to: MessagePump, key: int, asked: Asked) -> None:
        """How many a view has now; where a newer question cuts it, nothing is said."""
        ticket = self._ticket

        def work() -> base.Answer | None:
            if ticket != self._ticket:
                return None
            try:
                found = len(self._places(asked))
            except QueryCut:
                return None
            return m.ViewCounted(ticket, key, f"{found:,}".replace(",", "."))

        self._core.ask(self._core.looking, to, work)

    def rows(self, to: MessagePump, places: Sequence[int]) -> None:
        """What is to be shown of these places."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            watch, authority = office.vigia(), office.authority
            who = possible.hand(authority, office.persona) if office.persona else None
            found = tuple(
                area_words.wait(one, watch, authority, who, other=_other_letter(office, one))
                for one in office.renglones_espera(places)
            )
            there = {one.place for one in found}
            return m.WaitsRead(found, tuple(p for p in places if p not in there))

        self._core.ask(self._core.clerk, to, work)

    # -- one of them --------------------------------------------------------------------------

    def preview(self, to: MessagePump, wait: Wait) -> None:
        """What waits, beside the list; one whose reading is noted is not opened by passing."""

        def work() -> base.Answer | None:
            office = self._core.office(self._core.clerk)
            if any(_noted(office, number) for number in _about(office, wait)):
                return m.SheetRead(wait.place, record_words.closed_sheet(wait.name), preview=True)
            return m.SheetRead(wait.place, _sheet(office, wait), preview=True)

        self._core.ask(self._core.clerk, to, work)

    def record(self, to: MessagePump, wait: Wait) -> None:
        """What somebody opens."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            return m.SheetRead(wait.place, _sheet(office, wait), preview=False)

        self._core.ask(self._core.clerk, to, work)

    def document(self, to: MessagePump, wait: Wait) -> None:
        """Where its PDF lies: of a letter, what is to be signed."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            if wait.letter is not None:
                digest = office.carta(wait.letter).documento
                found = office.vault.find(digest) if digest else None
                return m.DocumentAt(str(found) if found else None)
            path = document_of(office, wait.number)
            return m.DocumentAt(str(office.home / path) if path else None)

        self._core.ask(self._core.clerk, to, work)

    # -- saved views --------------------------------------------------------------------------

    def views(self, to: MessagePump) -> None:
        """Those of the person."""
        self._core.ask(self._core.clerk, to, partial(self._views, ""))

    def _views(self, told: str) -> base.Answer:
        found = self._core.office(self._core.clerk).vistas(ROOM)
        return m.ViewsRead(tuple(map(consulta_words.saved, found)), told)

    def save_view(
        self, to: MessagePump, name: str, query: str, order: str, key: int | None
    ) -> None:
        """Keep a filter."""

        def work() -> base.Answer:
            office = self._core.office(self._core.clerk)
            view = office.guardar_vista(name, query, tecla=key, orden=order, sala=ROOM)
            return self._views(shared.saved(view.tecla, view.nombre))

        self._core.ask(self._core.clerk, to, work)

    def drop_view(self, to: MessagePump, key: int) -> None:
        """Keep it no more."""

        def work() -> base.Answer:
            self._core.office(self._core.clerk).borrar_vista(key, sala=ROOM)
            return self._views(shared.dropped(key))

        self._core.ask(self._core.clerk, to, work)


def _desk(office: Office) -> Desk:
    authority, persona = office.authority, office.persona
    who = possible.hand(authority, persona) if persona else None
    own = [] if who is None else [*sorted(who.dirige), *([who.dependencia] * bool(who.dependencia))]
    return Desk(
        people=area_words.people(authority),
        areas=area_words.departments(authority),
        own=tuple(dict.fromkeys(o for o in own if o)),
        whole=who is None or who.unidad or who.reparte or who.mira,
        verbs=frozenset(v for v in area_words.VERBS if who and possible.offered(v, who)),
        key=_key(office),
        templates=tuple(t.nombre for t in Templates(office.home, office.disk).all()),
        drafts={(d.acto, tuple(d.sobre)): d.escrito for d in office.a_medias()},
        known=consulta_words.known(authority),
    )


def _other_letter(office: Office, tray: Tray) -> bool:
    """Whether a letter that is to be corrected is no answer: those are written by other forms."""
    if tray.carta is None or tray.bandeja != GIVEN_BACK:
        return False
    made = office.estado(tray.carta).carta.presentada
    return made is None or made.tipo != "respuesta" or not made.a


def _key(office: Office) -> str:
    """How the person signs."""
    person = office.authority.personas.get(office.persona or "")
    if person is None or person.clave is None:
        return ""
    is_open = office.keys.is_open(keys.person_key(person.id, person.clave))
    return "abierta" if is_open else "clave"


def _about(office: Office, wait: Wait) -> list[str]:
    """The records that something that waits speaks of."""
    if wait.letter is None:
        return [wait.number]
    made = office.estado(wait.letter).carta.presentada
    return list(made.a) if made is not None else []


def _noted(office: Office, number: str) -> bool:
    """Whether it is noted who reads it."""
    access = office.estado(office.subject(number, imported=True)).acceso
    return access.nivel(office.sight.hoy) == RESERVED or access.identidad_protegida


def _sheet(office: Office, wait: Wait) -> Sheet:
    about = None
    if wait.number:
        about = record_words.sheet(office.ver(wait.number), office.authority)
    if wait.letter is None:
        assert about is not None
        return about
    return area_words.letter_sheet(office.carta(wait.letter), office.authority, about)
