"""A form of a few lines: what an act or a letter needs besides a yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import HorizontalGroup
from textual.widgets import Input, Static, TextArea

from tui.choices import code_of, words_of
from tui.dialogs.base import Dialog
from tui.dialogs.choose import ChooseDialog
from tui.sanitize import block
from tui.texts import area as words
from tui.widgets.field import TextField
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.timer import Timer
    from textual.widget import Widget

    from tui.area_views import Line


_PAUSE = 0.6
"""Seconds without a key after which what was typed is kept."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed; *done*: it is to be done, and not only kept."""

    values: Mapping[str, str]
    done: bool


class FormDialog(Dialog[Filled]):
    """Enter goes on to the next line and, at the last one, does it; F2 does it from anywhere."""

    BINDINGS: ClassVar = [
        Binding("f2", "finish", show=False, priority=True),
        Binding("f4", "choices", show=False, priority=True),
        Binding("enter", "enter", show=False, priority=True),
        Binding("tab", "step(1)", show=False, priority=True),
        Binding("shift+tab", "step(-1)", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        about: str,
        lines: Sequence[Line],
        complaint: str = "",
        keep: Callable[[Mapping[str, str]], None] = lambda _: None,
    ) -> None:
        """*keep* is told what was typed, a moment after each pause."""
        super().__init__()
        self._keep = keep
        self._timer: Timer | None = None
        self.title_text = title
        self._about, self._lines, self._complaint = about, lines, complaint
        hint = words.FORM_HINT if len(lines) > 1 else words.ONE_HINT
        if any(one.long for one in lines):
            hint = words.LONG_HINT
        listed = any(one.choices for one in lines)
        self.hint_text = f"{words.FORM_LIST_HINT}{hint}" if listed else hint

    def parts(self) -> list[Widget]:
        """What it is about, and the lines."""
        out: list[Widget] = [Static(self._about, classes="area-sobre", markup=False)]
        for one in self._lines:
            if one.long:
                label = Static(one.label, classes="area-parrafo", markup=False)
                out += [label, LongField(one.value, id=_id(one))]
                continue
            label = Static(one.label, classes="area-nombre", markup=False)
            field = LineField(words_of(one.value, one.choices), placeholder=one.hint, id=_id(one))
            out.append(HorizontalGroup(label, field, classes="area-renglon"))
        return out

    def on_mount(self) -> None:
        unwritten = (one for one in self._lines if one.long and not one.value)
        first = self._lines[0]
        self.set_focus(self._widget(first if not first.value else next(unwritten, first)))
        if self._complaint:
            self.complain(self._complaint)

    def _widget(self, one: Line) -> TextField | LongField:
        kind: type[TextField] | type[LongField] = LongField if one.long else TextField
        return self.query_one(f"#{_id(one)}", kind)

    def values(self) -> dict[str, str]:
        """What the lines hold, of a closed list the code."""
        out = {}
        for one in self._lines:
            widget = self._widget(one)
            typed = widget.value if isinstance(widget, TextField) else block(widget.text)
            out[one.name] = code_of(typed, one.choices) if one.choices else typed.strip()
        return out

    @property
    def _here(self) -> int:
        ids = [_id(one) for one in self._lines]
        focused = self.focused
        return ids.index(focused.id) if focused is not None and focused.id in ids else 0

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self, event: Input.Changed | TextArea.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self.keep_now)

    def keep_now(self) -> None:
        """Have it kept without waiting for a pause."""
        self._keep(self.values())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter within paragraphs is theirs."""
        return not (action == "enter" and isinstance(self.focused, LongField))

    def action_enter(self) -> None:
        """Enter: to the next line; at the last one it is to be done."""
        if self._here + 1 < len(self._lines):
            self.action_step(1)
        else:
            self.action_finish()

    def action_step(self, step: int) -> None:
        """Tab: the focus moves at once, so that keys that come quickly find their line."""
        self.set_focus(self._widget(self._lines[(self._here + step) % len(self._lines)]))

    def action_finish(self) -> None:
        """F2: it is to be done, with the keys that came before it."""
        (self.focused or self).call_later(self._finish)

    def _finish(self) -> None:
        self.dismiss(Filled(self.values(), done=True))

    def action_leave(self) -> None:
        """Esc: nothing is done, and nothing that was typed is lost."""
        self.dismiss(Filled(self.values(), done=False))

    def action_choices(self) -> None:
        """F4: the values of the line one is in."""
        one = self._lines[self._here]
        if not one.choices:
            return
        field = self._widget(one)
        assert isinstance(field, TextField)

        def chosen(code: str | None) -> None:
            if code is not None:
                field.value = words_of(code, one.choices)
            field.focus()

        now = code_of(field.value, one.choices)
        self.app.push_screen(ChooseDialog(one.label, one.choices, now), chosen)


async def _by_itself(widget: Widget, event: events.Key) -> None:
    """Editing keys act on the line they came to: Textual runs them for whatever has the focus by
    then, which is another line where keys come quickly."""
    for binding in widget._bindings.key_to_bindings.get(event.key, ()):
        event.stop()
        event.prevent_default()
        await widget.run_action(binding.action)


class LineField(TextField):
    """A line."""

    async def _on_key(self, event: events.Key) -> None:
        await _by_itself(self, event)


class LongField(Guarded, TextArea):
    """Some paragraphs. Tab leaves it."""

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(
            text, id=id, tab_behavior="focus", soft_wrap=True, show_line_numbers=False, compact=True
        )
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        await _by_itself(self, event)

    async def _on_paste(self, event: events.Paste) -> None:
        """What is pasted is text and nothing else; `TextArea` takes it then."""
        event.text = block(event.text)


def _id(one: Line) -> str:
    return f"linea-{one.name}"
