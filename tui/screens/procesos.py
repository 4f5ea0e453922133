"""The room «Procesos en curso»: what runs behind, how far it is, what failed and what next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal
from textual.widgets import Static

from records.words import plain
from tui import actions, procesos_words
from tui import messages as base
from tui.actions import rooms
from tui.actions.procesos import PROCESOS, Running
from tui.dialogs.sheet import SheetDialog
from tui.messages import procesos as m
from tui.screens.board import Room
from tui.texts import procesos as words
from tui.views import Column, Row
from tui.widgets.filter import FilterLine
from tui.widgets.head import Head
from tui.widgets.keybar import KeyBar
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import DescendantBlur, DescendantFocus

    from tui.procesos_words import Process
    from tui.tasks.procesos import ProcesosTasks
    from tui.views import Session

LOOK_EVERY = 1.0
"""Seconds between two looks, while somebody watches."""
_COLUMNS = [Column(t, w) for t, w in zip(words.COLUMNS, (10, 0, 16, 9), strict=True)]


class ProcesosScreen(Room):
    """The screen."""

    BINDINGS: ClassVar = [*actions.bindings(PROCESOS)]
    AUTO_FOCUS = "#procesos-lista"

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self._inbox: tuple[Process, ...] = ()
        self._shown: dict[str, Process] = {}
        self._asked = False
        """Whether the doors were asked and did not answer yet."""

    @property
    def asks(self) -> ProcesosTasks:
        """What this room asks of the doors."""
        return self.tasks.procesos

    @property
    def list(self) -> VirtualList:
        """The lines."""
        return self.query_one("#procesos-lista", VirtualList)

    @property
    def filter(self) -> FilterLine:
        """What narrows them."""
        return self.query_one(FilterLine)

    @property
    def chosen(self) -> Process | None:
        """The process under the cursor."""
        return self._shown.get(str(self.list.cursor))

    def compose(self) -> ComposeResult:
        yield Head()
        yield FilterLine()
        with Horizontal(id="procesos-sala"):
            yield VirtualList(_COLUMNS, id="procesos-lista")
            yield SheetPane(id="procesos-lado")
        yield Static("", id="procesos-detalle", markup=False)
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self.asks.enter(self)
        self.query_one(Notice).hint(words.HINT)
        self.set_interval(LOOK_EVERY, self._tick)

    def on_screen_resume(self) -> None:
        """Whoever comes back sees what is true now."""
        self.look_again()

    def _tick(self) -> None:
        if self.app.screen is self:
            self.look_again()

    def look_again(self) -> None:
        """How all stands now; the doors are asked no more often than they answer."""
        if not self.is_mounted:
            return
        if not self._asked:
            self._asked = True
            self.asks.inbox(self)
        self._show()

    def context(self) -> Running:
        """What the guards look at."""
        session = self.session
        one = self.chosen if self.is_mounted else None
        return Running(
            place=actions.LIST if isinstance(self.focused, VirtualList) else actions.FORM,
            person=session is None or bool(session.person_id),
            roles=frozenset(session.roles if session else ()),
            chosen=one is not None,
            reading=one is not None and not one.job,
            may_cancel=one is not None and one.may_cancel,
            may_repeat=one is not None and one.may_repeat,
        )

    # -- the doors' answers -------------------------------------------------------------------

    @on(m.Entered)
    def _entered(self, answer: m.Entered) -> None:
        self.session = answer.session
        self._show()

    @on(m.InboxRead)
    def _inbox_read(self, answer: m.InboxRead) -> None:
        self._asked = False
        self._inbox = answer.processes
        self._show()

    @on(base.Told)
    def _told(self, answer: base.Told) -> None:
        self._asked = False
        self.tell(answer.sentence, bad=answer.bad)

    # -- what a person does -------------------------------------------------------------------

    @on(VirtualList.RowsWanted)
    def _rows_wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        self.list.put_rows(self._rows(event.ids))

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        self._show_detail()

    @on(VirtualList.Chosen)
    def _opened(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self.do_procesos_ver()

    @on(FilterLine.Changed)
    def _filtered(self, event: FilterLine.Changed) -> None:
        event.stop()
        self._show()

    @on(FilterLine.Left)
    def _left(self, event: FilterLine.Left) -> None:
        event.stop()
        self.list.focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The keys follow the focus."""
        self.show_keys()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """As above."""
        self.call_after_refresh(self.show_keys)

    def do_procesos_filtrar(self) -> None:
        """F3 and /."""
        self.filter.open()

    def do_procesos_mirar(self) -> None:
        """F5."""
        self.look_again()

    def do_procesos_ver(self) -> None:
        """F7 and Enter: where it is, or all that is known of it."""
        one = self.chosen
        if one is None:
            return
        roles = self.session.roles if self.session and self.session.person_id else None
        if one.room and (roles is None or rooms.BY_ID[one.room].admits(roles)):
            self.visit(one.room, one.query)
        else:
            self.app.push_screen(SheetDialog(procesos_words.sheet(one, _now())))

    def do_procesos_cancelar(self) -> None:
        """F8 and x."""
        one = self.chosen
        if one is not None and self.asks.cancel(one.job):
            self.tell(words.CANCELLING)
        else:
            self.tell(words.NOT_CANCELLED, bad=True)  # it ended a moment ago
        self._show()

    do_procesos_cancelar_letra = do_procesos_cancelar

    def do_procesos_repetir(self) -> None:
        """F9 and r."""
        one = self.chosen
        if one is not None and self.asks.repeat(one.job):
            self.tell(words.REPEATED)
        self._show()

    do_procesos_repetir_letra = do_procesos_repetir

    def do_procesos_limpiar(self) -> None:
        """L: what ended well."""
        self.asks.clear()
        self.tell(words.CLEARED)
        self._show()

    def do_atras(self) -> None:
        """Esc: the filter, then where one came from."""
        if self.filter.text:
            self.filter.put("")
            self._show()
        else:
            self.back()

    # -- showing ------------------------------------------------------------------------------

    def _show(self) -> None:
        """The lines as they are; nothing moves under the cursor but what ended or began."""
        every = [*map(procesos_words.of_job, self.asks.jobs()), *self._inbox]
        wanted = plain(self.filter.field.value.strip()).split()
        found = [
            p
            for p in procesos_words.in_order(every)
            if all(w in plain(f"{words.STATES[p.state]} {p.name} {p.told}") for w in wanted)
        ]
        self._shown = {p.id: p for p in found}
        if list(self._shown) == list(self.list.ids):
            self.list.renew(self._rows(tuple(self._shown)))
        else:
            self.list.set_ids(list(self._shown))
        self.filter.count(words.NONE_FITS if wanted and not found else "")
        told = [f"[{words.TITLE}]", words.running(sum(p.active for p in every))]
        if bad := sum(p.bad for p in every):
            told.append(words.failed(bad))
        self.query_one(Head).show(self.session, told)
        self._show_detail()
        self.show_keys()

    def _rows(self, ids: tuple[str, ...]) -> tuple[Row, ...]:
        looks, now = getattr(self.app, "looks", None), _now()
        bare = looks is not None and looks.ascii
        found = [self._shown[i] for i in ids if i in self._shown]
        return tuple(procesos_words.row(one, now, ascii=bare) for one in found)

    def _show_detail(self) -> None:
        one = self.chosen
        detail = words.NOTHING if one is None and not self.filter.text else ""
        self.query_one("#procesos-detalle", Static).update(
            procesos_words.detail(one) if one else detail
        )
        self.query_one(SheetPane).show(procesos_words.sheet(one, _now()) if one else None)


def _now() -> datetime:
    return datetime.now().astimezone()
