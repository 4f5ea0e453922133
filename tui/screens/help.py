"""The help: the manual's chapter of where one is, and all keys of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from records.errors import MachineCannot
from tui import actions, manual, texts
from tui.actions import Context
from tui.screens.board import Board
from tui.views import Column, Row
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from textual.app import ComposeResult


class HelpScreen(Board):
    """One of two: a chapter to read, or a list of keys with a line that says all of the chosen."""

    BINDINGS: ClassVar = [
        *actions.bindings(actions.HELP),
        Binding("down,j", "lines(1)", show=False),
        Binding("up,k", "lines(-1)", show=False),
        Binding("pagedown,space", "pages(1)", show=False),
        Binding("pageup", "pages(-1)", show=False),
        Binding("home,g", "pages(-999)", show=False),
        Binding("end,G", "pages(999)", show=False),
    ]

    def __init__(self, room: str, here: Context, *, keys: bool = False) -> None:
        """*here*: of which place the keys are shown. *keys*: begin with them."""
        super().__init__()
        self._chapter = manual.chapter_of(room)
        self._here = here
        self._keys = keys

    def compose(self) -> ComposeResult:
        yield Static("", id="cabeza", markup=False)
        yield SheetPane(id="manual")
        with Vertical(id="teclas-todas"):
            yield VirtualList(
                [Column("Teclas", 22), Column("Acción", 26), Column("", 0, 110)], id="ayuda"
            )
            yield Static("", id="detalle-ayuda", markup=False)
        yield Notice(id="aviso")

    def on_mount(self) -> None:
        self._rows = {str(i): row for i, row in enumerate(actions.rows(self._here))}
        self.query_one(VirtualList).set_ids(list(self._rows))
        self._show_chapter()
        self._show()

    def context(self) -> Context:
        """In the help, only its own keys and the way out."""
        return replace(super().context(), screen=actions.HELP)

    def _show(self) -> None:
        self.query_one("#manual").display = not self._keys
        self.query_one("#teclas-todas").display = self._keys
        self.set_focus(self.query_one(VirtualList) if self._keys else None)
        title = texts.HELP_TITLE if self._keys else self._title
        self.query_one("#cabeza", Static).update(title)
        self.query_one(Notice).hint(texts.KEYS_HINT if self._keys else texts.MANUAL_HINT)

    def _show_chapter(self) -> None:
        try:
            chapter = manual.read(self._chapter)
        except MachineCannot as error:
            self._title, self._keys = texts.MANUAL, True
            self.tell(str(error), bad=True)
            return
        self._title = texts.chapter(chapter.place, chapter.of)
        self.query_one(SheetPane).show(chapter.sheet)

    @on(VirtualList.RowsWanted)
    def _wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        event.list.put_rows([Row(i, self._rows[i]) for i in event.ids])

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        keys, title, text = self._rows[event.id]
        self.query_one("#detalle-ayuda", Static).update(f"{keys}: {title}. {text}")

    def action_lines(self, step: int) -> None:
        """A line up or down in the chapter."""
        self.query_one(SheetPane).scroll_relative(y=step, animate=False, immediate=True)

    def action_pages(self, step: int) -> None:
        """Pages up or down in the chapter."""
        self.query_one(SheetPane).page(step)

    def go(self, room: str) -> None:
        """The help does not stay behind."""
        self.app.pop_screen()
        super().go(room)

    def do_ayuda(self) -> None:
        """F1: the manual; once more, the way out."""
        self._turn(keys=False)

    def do_teclas(self) -> None:
        """?: the keys; once more, the way out."""
        self._turn(keys=True)

    def _turn(self, *, keys: bool) -> None:
        if self._keys == keys:
            self.app.pop_screen()
        else:
            self._keys = keys
            self._show()

    def do_ayuda_otra(self) -> None:
        """Tab: the other one of both."""
        self._keys = not self._keys
        self._show()

    def do_ayuda_siguiente(self) -> None:
        """→: the next chapter."""
        self._step(1)

    def do_ayuda_anterior(self) -> None:
        """←: the chapter before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        self._chapter, self._keys = manual.beside(self._chapter, step), False
        self._show_chapter()
        self._show()

    def do_atras(self) -> None:
        """Esc."""
        self.app.pop_screen()
