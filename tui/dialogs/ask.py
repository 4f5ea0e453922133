"""Dialogs that ask for a line of text, or for a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widgets import Input, Static

from tui import texts
from tui.dialogs.base import Dialog
from tui.widgets.field import TextField

if TYPE_CHECKING:
    from textual.widget import Widget


class AskDialog(Dialog[str]):
    """A sentence and a line to fill in; an empty line does not go on."""

    hint_text = texts.ACCEPT_CANCEL

    def __init__(self, title: str, text: str, label: str) -> None:
        super().__init__()
        self.title_text = title
        self._text, self._label = text, label

    def parts(self) -> list[Widget]:
        """Why it asks, and the line."""
        return [
            Static(self._text, classes="parrafo", markup=False),
            Static(self._label, classes="pregunta", markup=False),
            TextField(id="respuesta"),
        ]

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        value = event.value.strip()
        if value:
            self.dismiss(value)
        else:
            self.complain(texts.NEEDED)


class PasswordDialog(Dialog[str]):
    """Asks for a document's password, which is shown as dots."""

    title_text = texts.LOCKED_TITLE
    hint_text = texts.ACCEPT_CANCEL

    def parts(self) -> list[Widget]:
        """What becomes of it, and the line."""
        field = TextField(id="respuesta")
        field.password = True
        return [
            Static(texts.LOCKED_HELP, classes="parrafo", markup=False),
            Static(texts.LOCKED_ASK, classes="pregunta", markup=False),
            field,
        ]

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value:
            self.dismiss(event.value)
        else:
            self.complain(texts.NEEDED)


class QuitDialog(Dialog[bool]):
    """Asked only when something would be lost."""

    BINDINGS: ClassVar = [Binding("s", "yes", show=False)]
    title_text = texts.QUIT_TITLE
    hint_text = texts.QUIT_ASK

    def parts(self) -> list[Widget]:
        """What would be lost."""
        return [Static(texts.QUIT_UNSAVED, classes="parrafo", markup=False)]

    def action_yes(self) -> None:
        """Leave all the same."""
        self.dismiss(True)


class TwiceDialog(Dialog[bool]):
    """A letter that seems to be registered already; only «s» is a yes."""

    BINDINGS: ClassVar = [
        Binding("s", "yes", show=False),
        Binding("n", "leave", show=False),
        Binding("enter", "leave", show=False),
    ]
    title_text = texts.TWICE_TITLE
    hint_text = texts.TWICE_HELP

    def __init__(self, number: str) -> None:
        super().__init__()
        self._number = number

    def parts(self) -> list[Widget]:
        """Which one it seems to repeat."""
        return [Static(texts.seems_twice(self._number), classes="parrafo", markup=False)]

    def action_yes(self) -> None:
        """Number it all the same."""
        self.dismiss(True)


class CounterDialog(Dialog[dict[str, str]]):
    """A person stands at the counter: one Enter, one number."""

    title_text = texts.COUNTER_TITLE
    hint_text = f"{texts.COUNTER_HELP} Esc cancela."

    def parts(self) -> list[Widget]:
        """The two fields that a number may carry already."""
        return [
            Static(texts.FIELD_LABELS["remitente"], classes="pregunta", markup=False),
            TextField(id="remitente"),
            Static(texts.FIELD_LABELS["folios"], classes="pregunta", markup=False),
            TextField("1", id="folios"),
        ]

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        values = {
            i: self.query_one(f"#{i}", TextField).value.strip() for i in ("remitente", "folios")
        }
        if not values["folios"].isascii() or not values["folios"].isdigit():
            self.query_one("#folios", TextField).focus()
            self.complain(texts.NEEDED)
            return
        self.dismiss({k: v for k, v in values.items() if v})


class ConfirmDialog(Dialog[bool]):
    """Before what cannot be undone: the radicado (or another word) is typed, or nothing happens."""

    hint_text = texts.CONFIRM_HELP

    def __init__(self, title: str, text: str, word: str) -> None:
        super().__init__()
        self.title_text = title
        self._text, self._word = text, word

    def parts(self) -> list[Widget]:
        """What will be done, and the line."""
        return [
            Static(self._text, classes="parrafo", markup=False),
            Static(texts.type_it(self._word), classes="pregunta", markup=False),
            TextField(id="respuesta"),
        ]

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip().upper() == self._word.upper():
            self.dismiss(True)
        else:
            self.complain(texts.not_the_same(self._word))
