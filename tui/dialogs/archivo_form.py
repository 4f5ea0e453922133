"""A dialog with a few lines to fill in; one that was refused comes back with what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widgets import Input, Static

from tui import texts
from tui.dialogs.base import Dialog
from tui.texts import archivo_forms as forms
from tui.widgets.field import TextField
from tui.widgets.secret import SecretField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.widget import Widget

SECRET = "clave"
"""The name of a line that shows dots; what it holds is not given back to the dialog."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A line."""

    name: str
    label: str
    value: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class FormAsk:
    """A dialog: its words and lines."""

    title: str
    text: str
    lines: tuple[Ask, ...]
    word: str = ""
    """What has to be typed besides, before what cannot be undone."""


class FormDialog(Dialog[dict[str, str]]):
    """Enter goes to the next line, and from the last one on."""

    hint_text = forms.HINT
    BINDINGS: ClassVar = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self, ask: FormAsk, values: Mapping[str, str] | None = None, complaint: str = ""
    ) -> None:
        super().__init__()
        self.title_text = ask.title
        self._ask, self._values, self._complaint = ask, values or {}, complaint

    def parts(self) -> list[Widget]:
        """What it is for, the lines, and the word."""
        out: list[Widget] = []
        if self._ask.text:
            out.append(Static(self._ask.text, classes="parrafo", markup=False))
        for one in self._ask.lines:
            out.append(Static(one.label, classes="pregunta", markup=False))
            if one.name == SECRET:
                out.append(SecretField(id=f"linea-{one.name}"))
            else:
                value = self._values.get(one.name, one.value)
                out.append(TextField(value, id=f"linea-{one.name}"))
        if self._ask.word:
            label = texts.type_it(self._ask.word)
            out += [Static(label, classes="pregunta", markup=False), TextField(id="linea-palabra")]
        return out

    def on_mount(self) -> None:
        if self._complaint:
            self.complain(self._complaint)

    def _fields(self) -> Sequence[Input]:
        return list(self.query(Input))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        fields = self._fields()
        at = fields.index(event.input)
        if at + 1 < len(fields):
            fields[at + 1].focus()
            return
        for one in self._ask.lines:
            field = self.query_one(f"#linea-{one.name}", Input)
            if one.needed and not field.value.strip():
                field.focus()
                self.complain(texts.NEEDED)
                return
        word = self._ask.word
        if word and self.query_one("#linea-palabra", Input).value.strip().upper() != word.upper():
            self.query_one("#linea-palabra", Input).focus()
            self.complain(texts.not_the_same(word))
            return
        self.dismiss({one.name: self._taken(one.name) for one in self._ask.lines})

    def _taken(self, name: str) -> str:
        field = self.query_one(f"#linea-{name}", Input)
        return field.take() if isinstance(field, SecretField) else field.value.strip()
