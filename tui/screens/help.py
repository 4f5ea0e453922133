"""All keys, from the registry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from tui import actions, texts
from tui.actions import Context
from tui.screens.board import Board
from tui.views import Column, Row
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice

if TYPE_CHECKING:
    from textual.app import ComposeResult


class HelpScreen(Board):
    """A list of keys, what they do, and a line that says all of it."""

    BINDINGS: ClassVar = [*actions.bindings(actions.HELP)]

    def compose(self) -> ComposeResult:
        yield Static(texts.HELP_TITLE, id="cabeza", markup=False)
        yield VirtualList(
            [Column("Teclas", 22), Column("Acción", 26), Column("", 0, 110)], id="ayuda"
        )
        yield Static("", id="detalle-ayuda", markup=False)
        yield Notice(id="aviso")

    def on_mount(self) -> None:
        self._rows = {str(i): row for i, row in enumerate(actions.rows(self.context()))}
        self.query_one(VirtualList).set_ids(list(self._rows))
        self.query_one(VirtualList).focus()
        self.query_one(Notice).hint(texts.HELP_CLOSE)

    def context(self) -> Context:
        """In the help, only the way out."""
        return replace(super().context(), screen=actions.HELP)

    @on(VirtualList.RowsWanted)
    def _wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        event.list.put_rows([Row(i, self._rows[i]) for i in event.ids])

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        keys, title, text = self._rows[event.id]
        self.query_one("#detalle-ayuda", Static).update(f"{keys}: {title}. {text}")

    def go(self, room: str) -> None:
        """The help does not stay behind."""
        self.app.pop_screen()
        super().go(room)

    def do_ayuda(self) -> None:
        """F1 once more."""
        self.app.pop_screen()

    def do_atras(self) -> None:
        """Esc."""
        self.app.pop_screen()
