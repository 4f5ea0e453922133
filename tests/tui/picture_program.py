"""A program for a terminal that draws pictures: its pane is moved, hidden, covered by keys."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.screen import ModalScreen
from textual.widgets import Static

import tui  # noqa: F401  (its environment comes before Textual is used)
from tests.tui.test_picture import drawn_page
from tui.graphics import choose
from tui.pictures import draw
from tui.widgets.picture import Picture

if TYPE_CHECKING:
    from textual.app import ComposeResult


KEYS = {"d": "dialog", "m": "move", "h": "hide", "q": "quit"}


class Cover(ModalScreen[None]):
    """A dialog in the middle."""

    CSS = "Cover { align: center middle; } Static { width: 20; height: 3; border: solid white; }"
    BINDINGS: ClassVar = [("c", "dismiss", "")]

    def compose(self) -> ComposeResult:
        yield Static("UN CUADRO")


class Program(App[None]):
    """d: dialog, m: move, h: hide, q: leave."""

    CSS = "Picture { width: 40; height: 10; } #lugar { height: 3; } .-baja #lugar { height: 8; }"
    BINDINGS: ClassVar = [
        ("d", "dialog", ""),
        ("m", "move", ""),
        ("h", "hide", ""),
        ("q", "quit", ""),
    ]

    def compose(self) -> ComposeResult:
        yield Static("ARRIBA", id="lugar")
        yield Picture(zoom="hoja")
        yield Static("ABAJO")

    def on_mount(self) -> None:
        self.query_one(Picture).look_at("VU1.1")

    @on(Picture.Wanted)
    def _wanted(self, event: Picture.Wanted) -> None:
        event.picture.show(draw(drawn_page(), event.ask, FOUND.kind, FOUND.cell, FOUND.look))

    def action_dialog(self) -> None:
        self.push_screen(Cover())

    def action_move(self) -> None:
        self.screen.toggle_class("-baja")

    def action_hide(self) -> None:
        picture = self.query_one(Picture)
        picture.display = not picture.display


if __name__ == "__main__":
    FOUND = choose("auto")
    sys.stderr.write(f"<{FOUND.kind}>")
    Program().run()
