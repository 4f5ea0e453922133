"""The line that narrows a list while one types; it is there only while it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import HorizontalGroup
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from tui import texts
from tui.widgets.field import TextField
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from textual.app import ComposeResult

_PAUSE = 0.15
"""Seconds without a key after which what was typed is looked for."""


class FilterLine(Guarded, HorizontalGroup):
    """`/` opens it, Enter goes to the list with the filter kept, Esc takes the filter away."""

    BINDINGS: ClassVar = [
        Binding("escape", "clear", show=False),
        Binding("down", "accept", show=False),
    ]

    @dataclass
    class Changed(Message):
        """Narrow the list by *text*; «» is all of it."""

        text: str

    @dataclass
    class Left(Message):
        """Back to the list."""

    def __init__(self, *, id: str = "filtro") -> None:
        super().__init__(id=id)
        self._told = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(texts.FILTER, id="filtro-nombre", markup=False)
        yield TextField(placeholder=texts.SEARCH_PLACEHOLDER, id="filtro-texto")
        yield Static("", id="filtro-cuenta", markup=False)

    def on_mount(self) -> None:
        self.display = False

    @property
    def field(self) -> TextField:
        """Where one types."""
        return self.query_one(TextField)

    @property
    def text(self) -> str:
        """The filter in force."""
        return self._told

    def open(self, text: str | None = None) -> None:
        """Begin to type; with *text* as it stands already."""
        self.display = True
        if text is not None:
            self.put(text)
        self.field.focus()
        self.field.place_cursor()

    def put(self, text: str) -> None:
        """A filter that was not typed: a saved view, say."""
        self._told = text
        self.display = bool(text)
        with self.field.prevent(Input.Changed):
            self.field.value = text

    def count(self, sentence: str) -> None:
        """How many rows are left."""
        self.query_one("#filtro-cuenta", Static).update(sentence)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._tell)

    def _tell(self) -> None:
        text = self.field.value.strip()
        if text != self._told:
            self._told = text
            self.post_message(self.Changed(text))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        """Enter or ↓: to the list, narrowed as it is."""
        self._tell()
        self.display = bool(self._told)
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Esc: the whole list again."""
        self.put("")
        self.post_message(self.Changed(""))
        self.post_message(self.Left())
