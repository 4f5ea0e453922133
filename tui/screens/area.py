"""The room «Área»: what waits for somebody, by what expires first, and what is done about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Static

from tui import actions, area_words, consulta_words
from tui import messages as base
from tui.actions.area import AREA, Tray
from tui.area_views import Wait
from tui.dialogs.sheet import SheetDialog
from tui.messages import area as m
from tui.screens.area_trays import AreaTrays
from tui.screens.shared import show_document
from tui.texts import area as words
from tui.views import Column, Part, Sheet
from tui.widgets.head import Head
from tui.widgets.keybar import KeyBar
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.query import QueryLine
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.events import DescendantBlur, DescendantFocus, ScreenResume


_SHAPES = ((2, 0), (9, 0), (6, 96), (17, 0), (0, 0), (0, 0), (14, 76), (20, 110))
_AGAIN = 60.0
"""Seconds after which what others did is looked for."""


class AreaScreen(AreaTrays):
    """The screen."""

    BINDINGS: ClassVar = [
        *actions.bindings(AREA),
        *(Binding(str(n), f"view({n})", show=False) for n in range(1, 10)),
    ]
    AUTO_FOCUS = "#tramites"

    def __init__(self) -> None:
        super().__init__()
        self._gone: set[int] = set()
        """Of what was found, what waits no more."""
        self._marked = 0
        """How many are marked."""
        self._going: str | None = None
        """The action that waits for rows that were not read."""
        self._opening: int | None = None
        """What is to be opened as soon as its row was read."""

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= 120

    def compose(self) -> ComposeResult:
        yield Head()
        yield QueryLine(words.LINE, words.PLACEHOLDER)
        yield Static("", id="area-vistas", markup=False)
        with Horizontal(id="area-sala"):
            columns = [Column(t, *s) for t, s in zip(words.COLUMNS, _SHAPES, strict=True)]
            yield VirtualList(columns, id="tramites", marks=True)
            yield SheetPane(id="area-ficha")
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self.line.display = False
        self.asks.enter(self)
        self.asks.views(self)
        self._show_hint()
        self.show_keys()
        self.set_interval(_AGAIN, self._look_if_idle)

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Back in the room: what was done elsewhere counts."""
        if self.session is not None:
            self.find()

    def context(self) -> Tray:
        """What the guards look at."""
        session, desk = self.session, self.desk
        there = self.is_mounted
        return Tray(
            place=actions.LIST if isinstance(self.focused, VirtualList) else actions.FORM,
            person=session is None or bool(session.person_id),
            roles=frozenset(session.roles if session else ()),
            here=self.here if there else None,
            reading=there and self._unread(self.list.cursor),
            marked=self._marked,
            verbs=desk.verbs if desk else frozenset(area_words.VERBS),
            key=desk.key if desk else "",
        )

    def look_again(self) -> None:
        """Something arrived: the same question, once more."""
        if self.is_mounted:
            self.asks.enter(self)

    def _look_if_idle(self) -> None:
        if self.session is not None and self.is_current and not self._marked:
            self.find()

    def find(self) -> None:
        """Look for what waits."""
        self._ticket = self.asks.find(self, self._asked(self.query_text))
        self.line.count(words.LOOKING)

    @property
    def here(self) -> Wait | None:
        """What is under the cursor, where it was read already."""
        at = self.list.cursor
        return None if at is None else self._waits.get(at)

    def _unread(self, place: int | None) -> bool:
        """Whether what stands in a line has still to be read."""
        return place is not None and place not in self._waits and place not in self._gone

    # -- the doors' answers -------------------------------------------------------------------

    @on(m.Entered)
    def _entered(self, answer: m.Entered) -> None:
        self.session, self.desk = answer.session, answer.desk
        self.restore_drafts(answer.desk.drafts)
        known = answer.desk.known
        self.line.proposing(partial(consulta_words.proposals, values=known))
        self._show_head()
        self.show_keys()
        self.find()

    @on(m.PlacesFound)
    def _places_found(self, answer: m.PlacesFound) -> None:
        if answer.ticket != self._ticket:
            return
        self._found = len(answer.places)
        at = self.list.cursor
        self._gone.clear()
        if answer.places == self.list.ids:
            self._renew()
        else:
            self._waits = {at: self._waits[at]} if at in self._waits else {}
            self.list.set_ids(answer.places)
        self.line.count(words.count(self._found, narrowed=True))
        if not answer.places:
            self.query_one(SheetPane).show(None)
        self._show_hint()
        self._show_views()
        if self._wide and self.list.cursor == at and at in self._waits:
            self.asks.preview(self, self._waits[at])
        self._count_views()
        self.show_keys()

    def _renew(self) -> None:
        """The same things wait; what is said of those on screen is read again."""
        near = [i for i in self.list.near if i in self._waits]
        self._waits = {i: self._waits[i] for i in near}
        if near:
            self.asks.rows(self, near)

    @on(m.QueryRefused)
    def _refused(self, answer: m.QueryRefused) -> None:
        if answer.ticket == self._ticket:
            self.line.count("")
            self.tell(answer.sentence, bad=True)

    @on(m.WaitsRead)
    def _waits_read(self, answer: m.WaitsRead) -> None:
        new = self.list.cursor not in self._waits
        self._waits.update({one.place: one for one in answer.waits})
        self._gone.update(answer.gone)
        rows = [one.row for one in answer.waits]
        rows += map(area_words.gone, answer.gone)
        self.list.put_rows(rows)
        self.list.renew(rows)
        here = self.here
        if self._wide and new and here is not None:
            self.asks.preview(self, here)
        self.show_keys()
        if self._opening in self._waits:
            self.asks.record(self, self._waits[self._opening])
            self._opening = None
        if self._going is not None:
            going, self._going = self._going, None
            self.action_do(going)

    @on(m.SheetRead)
    def _sheet_read(self, answer: m.SheetRead) -> None:
        if answer.preview:
            if answer.place == self.list.cursor:
                self.query_one(SheetPane).show(answer.sheet)
        elif self.app.screen is self:
            wait = self._waits.get(answer.place)

            def left(wanted: str | None) -> None:
                if wanted == "documento" and wait is not None:
                    self.asks.document(self, wait)

            self.app.push_screen(SheetDialog(answer.sheet), left)

    @on(m.DocumentAt)
    def _document_at(self, answer: m.DocumentAt) -> None:
        show_document(self, answer.path, words.NO_DOCUMENT)

    @on(m.Under)
    def _under(self, answer: m.Under) -> None:
        self.under_way = True
        self.tell(answer.sentence, seconds=600)

    @on(m.Done)
    def _done(self, answer: m.Done) -> None:
        self.under_way = False
        self.forget_draft(answer.form)
        self.list.unmark()
        self.tell(answer.sentence, bad=answer.bad)
        if len(answer.refused) > 1 and self.app.screen is self:
            lines = tuple((name, why) for name, why in answer.refused)
            sheet = Sheet("no", words.REFUSED_TITLE, (Part("", lines),))
            self.app.push_screen(SheetDialog(sheet))
        self.find()

    @on(m.SecretRefused)
    def _secret_refused(self, answer: m.SecretRefused) -> None:
        self.under_way = False
        self.tell(answer.sentence, bad=True)
        self.ask_secret(answer.waits, answer.sentence)

    @on(base.Told)
    def _told(self, answer: base.Told) -> None:
        self.under_way = False
        self.tell(answer.sentence, bad=answer.bad)

    # -- what a person does -------------------------------------------------------------------

    @on(QueryLine.Asked)
    def _asked_line(self, event: QueryLine.Asked) -> None:
        event.stop()
        self.find()

    @on(QueryLine.Left)
    def _to_list(self, event: QueryLine.Left) -> None:
        event.stop()
        self.line.display = bool(self.line.text)
        self.list.focus()

    @on(VirtualList.RowsWanted)
    def _rows_wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        self.asks.rows(self, event.ids)

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        here = self._waits.get(event.id)
        if self._wide and here is not None:
            self.asks.preview(self, here)
        self.show_keys()

    @on(VirtualList.MarksChanged)
    def _marks_changed(self, event: VirtualList.MarksChanged) -> None:
        event.stop()
        self._marked = event.count
        self._show_hint()
        self.show_keys()

    @on(VirtualList.Chosen)
    def _opened(self, event: VirtualList.Chosen) -> None:
        event.stop()
        here = self._waits.get(event.id)
        if here is not None:
            self.asks.record(self, here)
        elif self._unread(event.id):
            self._opening = event.id
            self.asks.rows(self, [event.id])

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The keys and the hint follow the focus."""
        self._show_hint()
        self.show_keys()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """As above."""
        self.call_after_refresh(self.show_keys)

    def chosen_for(self, action: str) -> Sequence[Wait]:
        """What an action is for; nothing where rows of it have still to be read: the action comes
        again when they are there."""
        ids = self.list.chosen
        missing = [i for i in ids if self._unread(i)]
        if missing:
            self._going = action
            self.asks.rows(self, missing)
            return ()
        return [self._waits[i] for i in ids if i in self._waits]

    def do_area_mirar(self) -> None:
        """F5."""
        self.look_again()

    def do_area_ver(self) -> None:
        """F7 and o: its PDF."""
        here = self.here
        if here is not None:
            self.asks.document(self, here)

    do_area_ver_letra = do_area_ver

    def do_area_hoja(self) -> None:
        """Ctrl+X: its pages, all over the terminal."""
        if self.here is not None:
            self.show_pages(self.here.number)

    def do_area_todos(self) -> None:
        """*: all of it."""
        self.list.mark_all()

    def do_atras(self) -> None:
        """Esc: what is under way, proposals, marks, filter, tray; then where one came from."""
        if self.under_way:
            self.cancel()
        elif self.line.offering:
            self.line.close()
        elif self._marked:
            self.list.unmark()
        elif self.line.text or self.line.display:
            self._filter("")
            self.list.focus()
        elif self._tray is not None:
            self._tray = None
            self._show_head()
            self.find()
        else:
            self.back()

    # -- showing ------------------------------------------------------------------------------

    def _show_hint(self) -> None:
        hint = words.marked(self._marked) if self._marked else words.LIST_HINT
        typing = not isinstance(self.focused, VirtualList)
        self.query_one(Notice).hint(words.LINE_HINT if typing else hint)
