"""A page of the letter, as large as the terminal is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from tui import actions, texts
from tui import messages as m
from tui.actions import Context
from tui.actions.page import PAGE
from tui.screens.board import Board
from tui.widgets.keybar import KeyBar
from tui.widgets.notice import Notice
from tui.widgets.picture import Picture

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.views import Box


class PageScreen(Board):
    """The scan alone; Esc goes back to the letter, as it was."""

    BINDINGS: ClassVar = [*actions.bindings(PAGE)]

    def __init__(self, letter: str, title: str, page: int, box: Box | None, pages: int) -> None:
        super().__init__()
        self._letter, self._head = letter, title
        self._at, self._box, self._pages = page, box, pages

    def compose(self) -> ComposeResult:
        yield Static(self._head, id="cabeza", markup=False)
        yield Picture(zoom="hoja", id="pagina")
        yield Notice(id="aviso")
        yield KeyBar(id="teclas")

    def on_mount(self) -> None:
        self.picture.look_at(self._letter, self._at, self._box, pages=self._pages)
        self._show_place()

    @property
    def picture(self) -> Picture:
        """The page."""
        return self.query_one(Picture)

    def context(self) -> Context:
        """Nothing is typed here."""
        return Context(screen=PAGE)

    def _show_place(self) -> None:
        page, pages = self.picture.at
        self.query_one(Notice).hint(f"{texts.page_at(page, pages)} · {texts.PAGE_HINT}")
        self.show_keys()

    @on(Picture.Wanted)
    def _wanted(self, event: Picture.Wanted) -> None:
        event.stop()
        self.tasks.picture(self, event.ask)

    @on(m.PictureDrawn)
    def _drawn(self, answer: m.PictureDrawn) -> None:
        if answer.drawn is not None:
            self.picture.show(answer.drawn)
        else:
            self.picture.fail(answer.ask, answer.sentence)

    def do_acercar(self) -> None:
        """z: the whole page, its width, the field."""
        self.picture.turn_zoom(-1)

    def do_pagina_siguiente(self) -> None:
        """AvPág."""
        self._turn(1)

    def do_pagina_anterior(self) -> None:
        """RePág."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        if not self.picture.page(self.picture.at[0] + by):
            self.tell(texts.NO_MORE_PAGES, bad=True)
        self._show_place()

    def do_mover_arriba(self) -> None:
        """↑."""
        self.picture.move(down=-1)

    def do_mover_abajo(self) -> None:
        """↓."""
        self.picture.move(down=1)

    def do_mover_izquierda(self) -> None:
        """←."""
        self.picture.move(right=-1)

    def do_mover_derecha(self) -> None:
        """→."""
        self.picture.move(right=1)

    def do_atras(self) -> None:
        """Esc."""
        self.dismiss(None)

    def go(self, room: str) -> None:
        """The page does not stay behind."""
        self.dismiss(None)
        super().go(room)
