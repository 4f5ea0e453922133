"""A dialog: a small modal box that answers with a value, or with None when it was left by Esc."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

T = TypeVar("T")


class Dialog(Guarded, ModalScreen[T]):
    """Title, parts, hint."""

    BINDINGS: ClassVar = [Binding("escape", "leave", show=False)]
    title_text = ""
    hint_text = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="caja"):
            yield Static(self.title_text, id="dialogo-titulo", markup=False)
            yield from self.parts()
            yield Static(self.hint_text, id="dialogo-pie", markup=False)

    def parts(self) -> list[Widget]:
        """What stands between title and hint."""
        return []

    def action_leave(self) -> None:
        """Esc: nothing happens."""
        self.dismiss(None)

    def complain(self, sentence: str) -> None:
        """Say why it does not go on."""
        self.query_one("#dialogo-pie", Static).update(f"! {sentence}")
