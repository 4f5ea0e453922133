"""The passphrase with which a person signs letters: asked for each time, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input, Static

from tui import texts
from tui.dialogs.base import Dialog
from tui.texts import area as words
from tui.widgets.secret import SecretField

if TYPE_CHECKING:
    from textual.widget import Widget


class SignDialog(Dialog[str]):
    """What will be signed, and the passphrase: that is the yes."""

    title_text = words.SIGN_TITLE
    hint_text = words.SIGN_HINT

    def __init__(self, text: str, complaint: str = "") -> None:
        super().__init__()
        self._text, self._complaint = text, complaint

    def parts(self) -> list[Widget]:
        """What becomes of it, and the line."""
        return [
            Static(self._text, classes="parrafo", markup=False),
            Static(words.SIGN_LABEL, classes="pregunta", markup=False),
            SecretField(id="clave"),
        ]

    def on_mount(self) -> None:
        self.query_one(SecretField).focus()
        if self._complaint:
            self.complain(self._complaint)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        typed = self.query_one(SecretField).take()
        if typed:
            self.dismiss(typed)
        else:
            self.complain(texts.NEEDED)
