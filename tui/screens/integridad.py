"""The room «Integridad»: whether something was lost or changed, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal
from textual.widgets import Static

from tui import actions, integridad_words
from tui import messages as base
from tui.actions.integridad import INTEGRIDAD, Keeping
from tui.dialogs.sheet import SheetDialog
from tui.messages import integridad as m
from tui.screens.board import Room
from tui.texts import integridad as words
from tui.views import Column
from tui.widgets.head import Head
from tui.widgets.keybar import KeyBar
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.integridad_words import Check
    from tui.tasks.integridad import IntegridadTasks
    from tui.views import Session

LOOK_EVERY = 0.5
"""Seconds between two looks at a verification under way."""
_COLUMNS = [Column(t, w) for t, w in zip(words.COLUMNS, (4, 26, 0), strict=True)]


class IntegridadScreen(Room):
    """The screen."""

    BINDINGS: ClassVar = [*actions.bindings(INTEGRIDAD)]
    AUTO_FOCUS = "#integridad-lista"

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self._standing: tuple[Check, ...] = ()
        self._vault: tuple[Check, ...] = (integridad_words.waiting(),)
        self._shown: dict[str, Check] = {}
        self._surveyed = False
        """Whether the vault was asked about since this room was entered."""

    @property
    def asks(self) -> IntegridadTasks:
        """What this room asks of the doors."""
        return self.tasks.integridad

    @property
    def list(self) -> VirtualList:
        """The lines."""
        return self.query_one("#integridad-lista", VirtualList)

    @property
    def chosen(self) -> Check | None:
        """The line under the cursor."""
        return self._shown.get(str(self.list.cursor))

    def compose(self) -> ComposeResult:
        yield Head()
        with Horizontal(id="integridad-sala"):
            yield VirtualList(_COLUMNS, id="integridad-lista")
            yield SheetPane(id="integridad-lado")
        yield Static("", id="integridad-detalle", markup=False)
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self.asks.enter(self)
        self.query_one(Notice).hint(words.HINT)
        self.set_interval(LOOK_EVERY, self._tick)
        self._show_detail()
        self.show_keys()

    def on_screen_resume(self) -> None:
        """Whoever comes back sees what is true now."""
        self.look_again()

    def look_again(self) -> None:
        """What is remembered, anew; the logs are walked for the vault only once, or on request."""
        if self.is_mounted:
            self.asks.standing(self)
            if not self._surveyed:
                self._surveyed = True
                self.asks.vault(self)

    def context(self) -> Keeping:
        """What the guards look at."""
        session = self.session
        return Keeping(
            person=session is None or bool(session.person_id),
            roles=frozenset(session.roles if session else ()),
            chosen=self.is_mounted and self.chosen is not None,
            verifying=self.asks.running(words.VERIFYING) is not None,
            reviewing=self.asks.running(words.REVIEWING) is not None,
        )

    def _tick(self) -> None:
        if self.app.screen is self and self.asks.running(words.VERIFYING) is not None:
            self._show()

    # -- the doors' answers -------------------------------------------------------------------

    @on(m.Entered)
    def _entered(self, answer: m.Entered) -> None:
        self.session = answer.session
        self.query_one(Head).show(self.session, [f"[{words.TITLE}]"])
        self.show_keys()

    @on(m.StandingRead)
    def _standing_read(self, answer: m.StandingRead) -> None:
        self._standing = answer.checks
        self._show()

    @on(m.VaultRead)
    def _vault_read(self, answer: m.VaultRead) -> None:
        self._vault = answer.checks
        self._show()

    @on(m.Ended)
    def _ended(self, answer: m.Ended) -> None:
        self.tell_anywhere(answer.sentence, bad=answer.bad)
        self._surveyed = False
        self.look_again()

    @on(base.Told)
    def _told(self, answer: base.Told) -> None:
        self.tell(answer.sentence, bad=answer.bad)
        self._show()

    # -- what a person does -------------------------------------------------------------------

    @on(VirtualList.RowsWanted)
    def _rows_wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        found = [self._shown[i] for i in event.ids if i in self._shown]
        self.list.put_rows([integridad_words.row(one) for one in found])

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        self._show_detail()

    @on(VirtualList.Chosen)
    def _opened(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self.do_integridad_ver()

    def do_integridad_verificar(self) -> None:
        """F2."""
        self._verify(complete=False)

    def do_integridad_completa(self) -> None:
        """C."""
        self._verify(complete=True)

    def _verify(self, *, complete: bool) -> None:
        self.asks.verify(self, complete=complete)
        self.tell(words.STARTED)
        self._show()

    def do_integridad_mirar(self) -> None:
        """F5."""
        self._surveyed = False
        self.look_again()

    def do_integridad_boveda(self) -> None:
        """F6 and b."""
        self.asks.review(self)
        self.tell(words.REVIEW_STARTED)
        self.show_keys()

    do_integridad_boveda_letra = do_integridad_boveda

    def do_integridad_ver(self) -> None:
        """F7 and Enter."""
        if (one := self.chosen) is not None:
            self.app.push_screen(SheetDialog(integridad_words.sheet(one)))

    def do_integridad_cancelar(self) -> None:
        """F8 and x."""
        if self.asks.cancel():
            self.tell(words.ASKED_TO_STOP)
        else:
            self.tell(words.NOT_STOPPED, bad=True)
        self._show()

    do_integridad_cancelar_letra = do_integridad_cancelar

    def do_atras(self) -> None:
        """Esc."""
        self.back()

    # -- showing ------------------------------------------------------------------------------

    def _show(self) -> None:
        """The lines as they are; a verification under way stands in the place of the last one."""
        job = self.asks.running(words.VERIFYING)
        if not self._standing:
            return  # the first line comes first
        held = {one.id: one for one in (*self._standing, *self._vault)}
        if job is not None:
            live = integridad_words.at_work(job)
            held = {live.id: live, **{i: one for i, one in held.items() if i != live.id}}
        self._shown = held
        if list(held) == list(self.list.ids):
            self.list.renew([integridad_words.row(one) for one in held.values()])
        else:
            self.list.set_ids(list(held))
        self._show_detail()
        self.show_keys()

    def _show_detail(self) -> None:
        one = self.chosen
        self.query_one("#integridad-detalle", Static).update(
            integridad_words.detail(one) if one else words.LOOKING
        )
        self.query_one(SheetPane).show(integridad_words.sheet(one) if one else None)
