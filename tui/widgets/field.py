"""A text field of one line that keeps its text composed (NFC) and free of controls, typed or
pasted.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from textual.widgets import Input

from tui.sanitize import line
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from textual import events


class TextField(Guarded, Input):
    """An `Input` without frame. Typing adds to a value that was read."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def place_cursor(self) -> None:
        """Typing adds at the end; where nobody types, the start of the value shows."""
        if self.has_focus:
            self.cursor_position = len(self.value)
        else:
            self.scroll_to(x=0, animate=False, immediate=True, force=True)

    def on_focus(self) -> None:
        # In this widget's own turn: the keys that come next find the cursor at its place.
        self.cursor_position = len(self.value)

    def on_blur(self) -> None:
        self.scroll_to(x=0, animate=False, immediate=True, force=True)

    def action_delete_left_all(self) -> None:
        """Ctrl+U clears the field, wherever the cursor is."""
        self.delete(0, len(self.value))

    def replace(self, text: str, start: int, end: int) -> None:
        """Put *text* in the place of a range; an accent that arrives after its letter joins it."""
        # A lone accent is no letter yet: `line` would keep it, and NFC of the whole joins it below.
        super().replace(line(text), start, end)
        composed = unicodedata.normalize("NFC", self.value)
        if composed != self.value:
            place = self.cursor_position - (len(self.value) - len(composed))
            self.value = composed
            self.cursor_position = max(0, place)

    def _on_paste(self, event: events.Paste) -> None:
        """A pasted text of several lines becomes one line: nothing of it is lost."""
        event.text = line(event.text.strip())
        if not event.text:
            event.prevent_default()
            event.stop()
