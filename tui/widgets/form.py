"""The form of a letter: one line a field, how sure its value is, and the doubtful ones first.

A mark is a figure and a sign, never a colour alone: «64% <» is doubtful, «98%» is not, «--» was
not read. `Enter` accepts a field; when nothing is doubtful any more the form says so and Enter
does nothing, since held keys and barcode readers send it by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import Binding
from textual.containers import HorizontalGroup, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui import texts
from tui.choices import chosen, code_of, known, words_of
from tui.views import Field
from tui.widgets.field import TextField
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.events import DescendantBlur, DescendantFocus

    from tui.views import Choice


class FieldRow(HorizontalGroup):
    """Label, value, mark."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__(id=f"fila-{name}")
        self.field_name = name
        self._label = label
        self._mark: str | None = None

    def compose(self) -> ComposeResult:
        yield Static(self._label, classes="etiqueta", markup=False)
        yield TextField(id=f"campo-{self.field_name}")
        yield Static("", classes="marca", markup=False)

    @property
    def input(self) -> TextField:
        """Its text field."""
        return self.query_one(TextField)

    def on_descendant_focus(self) -> None:
        """The label follows the focus."""
        self.add_class("-aqui")

    def on_descendant_blur(self) -> None:
        """As above."""
        self.remove_class("-aqui")

    def show_jump(self, letter: str) -> None:
        """The letter that leads here; «» is none."""
        self.query_one(".etiqueta", Static).update(
            Content.assemble((f" {letter} ", "bold reverse"), f" {self._label}")
            if letter
            else Content(self._label)
        )

    def show(self, field: Field) -> None:
        """Show a field in place."""
        box = self.input
        if box.value != field.value:
            with box.prevent(Input.Changed):
                box.value = field.value
            box.place_cursor()
        self.show_mark(field)

    def show_mark(self, field: Field) -> None:
        """Only the mark: the person is typing."""
        mark = "   --" if field.sure is None else f"{field.sure:4d}%"
        mark = "    ?" if field.unknown else mark
        mark += " <" if field.doubtful else "  "
        if mark != self._mark:
            self._mark = mark
            self.query_one(".marca", Static).update(mark)
            self.set_class(field.doubtful, "-dudoso")


class Form(Guarded, VerticalScroll, can_focus=False):
    """The fields of the letter on screen."""

    BINDINGS: ClassVar = [
        # With priority: over a slow line keys come in bursts; those after Tab are the next
        # field's. Else Textual moves the focus only when Tab has bubbled up to the app.
        Binding("tab", "tab(1)", show=False, priority=True),
        Binding("shift+tab", "tab(-1)", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("enter", "accept", show=False, priority=True),
    ]

    @dataclass
    class Typed(Message):
        """A value changed under a person's hands: the value to keep, and whose it is."""

        letter: str
        name: str
        value: str

    @dataclass
    class Accepted(Message):
        """A person looked at a doubtful value and let it stand."""

        letter: str
        name: str
        value: str

    @dataclass
    class Unknown(Message):
        """A value was left that is not of its field's list."""

        field: Field

    @dataclass
    class Entered(Message):
        """The focus is on a field."""

        field: Field

    @dataclass
    class Left(Message):
        """The focus left the fields, or went to another."""

    def __init__(self, names: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = dict(names)
        self._fields: dict[str, Field] = {}
        self._choices: Mapping[str, Sequence[Choice]] = {}
        self.letter = ""
        """Whose fields these are."""
        self.deaf = False
        """While a number is being given, and a moment after, Enter does not count."""

    def compose(self) -> ComposeResult:
        for name, label in self._names.items():
            yield FieldRow(name, label)

    def set_choices(self, choices: Mapping[str, Sequence[Choice]]) -> None:
        """The closed lists."""
        self._choices = choices

    def choices(self, name: str) -> Sequence[Choice]:
        """The list of a field; empty where it is free."""
        return self._choices.get(name, ())

    def show(self, letter: str, fields: Iterable[Field], *, keep: Iterable[str] = ()) -> list[str]:
        """Show a letter's fields in place; returns the labels of those whose value is another.

        Those of *keep* are being typed and stay as they are.
        """
        self.letter = letter
        kept = set(keep)
        changed = []
        for field in fields:
            before = self._fields.get(field.name)
            if before is not None and field.name in kept:
                continue
            if before is not None and before.value != field.value:
                changed.append(field.label)
            current = self._checked(field)
            self._fields[field.name] = current
            self._row(field.name).show(current)
        return changed

    def show_empty(self) -> None:
        """No letter."""
        self.show("", (Field(name, label) for name, label in self._names.items()))

    def enable(self, enabled: bool) -> None:
        """Nothing can be typed where there is no letter."""
        self.disabled = not enabled

    def _row(self, name: str) -> FieldRow:
        return self.query_one(f"#fila-{name}", FieldRow)

    # -- what stands --------------------------------------------------------------------------

    @property
    def current(self) -> Field | None:
        """The field that has the focus."""
        focused = self.screen.focused
        if isinstance(focused, TextField) and isinstance(focused.parent, FieldRow):
            return self._fields.get(focused.parent.field_name)
        return None

    @property
    def hidden_value(self) -> str:
        """The value of the field in focus where its line is too short for it."""
        field = self.current
        if field is None or cell_len(field.value) < self._row(field.name).input.size.width:
            return ""
        return f"{field.label}: {field.value}"

    @property
    def source(self) -> str:
        """The earlier record that the value in focus is from, and not this letter."""
        field = self.current
        return field.source if field is not None and field.doubtful else ""

    @property
    def reason(self) -> str:
        """Why the value in focus is suggested, while nobody has typed another."""
        field = self.current
        return field.reason if field is not None else ""

    @property
    def doubtful(self) -> list[Field]:
        """What a person still has to look at, in the order of the form."""
        return [f for n in self._names if (f := self._fields.get(n)) and f.doubtful]

    @property
    def unknown(self) -> Field | None:
        """The first field whose value is not of its list."""
        fields = (self._checked(f) for n in self._names if (f := self._fields.get(n)))
        return next((f for f in fields if f.unknown), None)

    def _checked(self, field: Field) -> Field:
        """*field*, known to be of its list or not."""
        choices = self.choices(field.name)
        code = code_of(field.value, choices)
        wrong = bool(choices and code) and not known(code, choices)
        return replace(field, unknown=wrong)

    def go_to_doubt(self, after: str | None = None) -> bool:
        """Focus the next doubtful field (round the form), or report that there is none."""
        names = [f.name for f in self.doubtful]
        if not names:
            return False
        order = list(self._names)
        start = order.index(after) + 1 if after else 0
        later = [n for n in names if order.index(n) >= start]
        self.go_to((later or names)[0])
        return True

    def go_to(self, name: str) -> None:
        """Focus a field."""
        self.screen.set_focus(self._row(name).input)

    def takes(self, name: str) -> bool:
        """Whether a field has nothing sure: it is empty, or doubtful."""
        field = self._fields.get(name)
        return field is not None and (field.doubtful or not field.value)

    def write(self, name: str, value: str) -> None:
        """A value as if a person had typed it."""
        self._row(name).input.value = words_of(value, self.choices(name))

    def show_jumps(self, letters: Mapping[str, str]) -> None:
        """A letter beside each field; none where there are none."""
        for name in self._names:
            self._row(name).show_jump(letters.get(name, ""))

    def put(self, name: str, value: str) -> None:
        """A value that a person chose from a list."""
        box, choices = self._row(name).input, self.choices(name)
        box.value = words_of(chosen(value, box.value, choices), choices)

    def collect(self) -> dict[str, str]:
        """What stands in the lines and was not told yet: a key may be quicker than its message."""
        new = {}
        for name, field in list(self._fields.items()):
            value = self._row(name).input.value
            if value != field.value:
                self._settle(replace(field, value=value, sure=100, unknown=False, reason=""))
                new[name] = code_of(value, self.choices(name))
        return new

    def action_tab(self, by: int) -> None:
        """On through the fields, and out to the queue."""
        if by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def action_step(self, by: int) -> None:
        """The field above or below."""
        field = self.current
        order = list(self._names)
        if field is not None:
            at = order.index(field.name) + by
            if 0 <= at < len(order):
                self.go_to(order[at])

    # -- what a person does -------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        field = self._field_of(event.input)
        if field is None or field.value == event.value:
            return
        self._settle(replace(field, value=event.value, sure=100, unknown=False, reason=""))
        value = code_of(event.value, self.choices(field.name))
        self.post_message(self.Typed(self.letter, field.name, value))

    def action_accept(self) -> None:
        """Enter."""
        field = self.current
        if field is None or self.deaf:
            return
        value = code_of(field.value, self.choices(field.name))
        if (checked := self._checked(field)).unknown:
            self._settle(checked)
            self.post_message(self.Unknown(checked))
            return
        if field.doubtful:
            self._settle(replace(field, sure=100))
            self.post_message(self.Accepted(self.letter, field.name, value))
        self.go_to_doubt(after=field.name)

    def _settle(self, field: Field) -> None:
        self._fields[field.name] = field
        self._row(field.name).show_mark(field)

    def _field_of(self, box: Input) -> Field | None:
        row = box.parent
        return self._fields.get(row.field_name) if isinstance(row, FieldRow) else None

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Tell which field, so that the text shows its place."""
        if (field := self.current) is not None:
            self.post_message(self.Entered(field))

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Words instead of a code or a beginning; what was typed is kept now."""
        box = event.widget
        if isinstance(box, TextField) and (field := self._field_of(box)) is not None:
            choices = self.choices(field.name)
            words = words_of(code_of(field.value, choices), choices)
            if choices and words != field.value:
                shown = replace(field, value=words)
                self._fields[field.name] = shown
                self._row(field.name).show(shown)
            if (checked := self._checked(self._fields[field.name])).unknown:
                self._settle(checked)
                self.post_message(self.Unknown(checked))
        self.post_message(self.Left())


def state_of(doubts: int) -> str:
    """The form's state in words."""
    return texts.doubts_left(doubts) if doubts else texts.READY
