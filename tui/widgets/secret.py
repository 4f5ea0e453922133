"""A line for a passphrase: dots, taken as it was typed, and never copied from."""

from __future__ import annotations

from textual.widgets import Input

from tui.widgets.guard import Guarded


class SecretField(Guarded, Input):
    """An `Input` of dots. What it holds is taken once and forgotten."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, password=True, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def take(self) -> str:
        """What was typed; nothing of it stays here."""
        typed, self.value = self.value, ""
        return typed

    def action_copy(self) -> None:
        """A passphrase is not copied."""

    def action_cut(self) -> None:
        """As above."""

    def action_delete_left_all(self) -> None:
        """Ctrl+U clears the line, wherever the cursor is."""
        self.value = ""
