"""A form of a few lines: what an act or a letter needs besides a yes. What was typed is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import HorizontalGroup
from textual.widgets import Input, Static, TextArea

from tui import texts
from tui.choices import code_of, words_of
from tui.dialogs.base import Dialog
from tui.dialogs.choose import ChooseDialog
from tui.sanitize import block
from tui.texts import area as words
from tui.widgets.field import TextField
from tui.widgets.guard import Guarded
from tui.widgets.secret import SecretField

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.timer import Timer
    from textual.widget import Widget

    from tui.views import Line


_PAUSE = 0.6
"""Seconds without a key after which what was typed is kept."""


_BESIDE = 21
"""Characters of a label that stands beside its line; where one is longer, all stand above."""
_WORD = "linea-palabra"


@dataclass(frozen=True, slots=True)
class FormAsk:
    """A form: what it is for, its words and lines."""

    title: str
    text: str
    lines: tuple[Line, ...]
    word: str = ""
    """What has to be typed besides, before what cannot be undone."""

    def filled(self, kept: Mapping[str, str]) -> FormAsk:
        """With what was typed into it before."""
        lines = (replace(one, value=kept.get(one.name, one.value)) for one in self.lines)
        return replace(self, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed; *done*: it is to be done, and not only kept."""

    values: Mapping[str, str]
    done: bool
    secrets: Mapping[str, str]
    """What lines of dots held; given once, and only to do it."""


class FormDialog(Dialog[Filled]):
    """Enter goes on to the next line and, at the last one, does it; F2 does it from anywhere."""

    BINDINGS: ClassVar = [
        Binding("f2", "finish", show=False, priority=True),
        Binding("f4", "choices", show=False, priority=True),
        Binding("enter", "enter", show=False, priority=True),
        Binding("tab", "step(1)", show=False, priority=True),
        Binding("shift+tab", "step(-1)", show=False, priority=True),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
    ]

    def __init__(
        self,
        ask: FormAsk,
        complaint: str = "",
        keep: Callable[[Mapping[str, str]], None] = lambda _: None,
    ) -> None:
        """*keep* is told what was typed, a moment after each pause."""
        super().__init__()
        self._keep = keep
        self._timer: Timer | None = None
        self.title_text = ask.title
        self._ask, self._lines, self._complaint = ask, ask.lines, complaint
        lines = ask.lines
        hint = words.FORM_HINT if len(self._ids) > 1 else words.ONE_HINT
        if any(one.long for one in lines):
            hint = words.LONG_HINT
        listed = any(one.choices for one in lines)
        self.hint_text = f"{words.FORM_LIST_HINT}{hint}" if listed else hint

    def parts(self) -> list[Widget]:
        """What it is about, and the lines."""
        out: list[Widget] = []
        if self._ask.text:
            out.append(Static(self._ask.text, classes="forma-sobre", markup=False))
        above = any(len(one.label) > _BESIDE for one in self._lines if not one.long)
        for one in self._lines:
            if one.long or above:
                kind = "forma-arriba" if one.long else "pregunta"
                out += [Static(one.label, classes=kind, markup=False), _field(one)]
            else:
                label = Static(one.label, classes="forma-nombre", markup=False)
                out.append(HorizontalGroup(label, _field(one), classes="forma-renglon"))
        if self._ask.word:
            label = Static(texts.type_it(self._ask.word), classes="pregunta", markup=False)
            out += [label, LineField(id=_WORD)]
        return out

    def on_mount(self) -> None:
        unwritten = (one for one in self._lines if one.long and not one.value)
        first = self._lines[0] if self._lines else None
        if first is not None and first.value:
            first = next(unwritten, first)
        self.set_focus(self._at(_id(first) if first is not None else _WORD))
        if self._complaint:
            self.complain(self._complaint)

    @property
    def _ids(self) -> list[str]:
        return [*map(_id, self._lines), *([_WORD] if self._ask.word else [])]

    def _at(self, ident: str) -> Input | LongField:
        found = self.query_one(f"#{ident}")
        assert isinstance(found, (Input, LongField))
        return found

    def values(self) -> dict[str, str]:
        """What the lines hold, of a closed list the code; of dots nothing."""
        out = {}
        for one in (one for one in self._lines if not one.secret):
            widget = self._at(_id(one))
            typed = widget.value if isinstance(widget, Input) else block(widget.text)
            out[one.name] = code_of(typed, one.choices) if one.choices else typed.strip()
        return out

    @property
    def _here(self) -> int:
        ids, focused = self._ids, self.focused
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
        if self._here + 1 < len(self._ids):
            self.action_step(1)
        else:
            self.action_finish()

    def action_step(self, step: int) -> None:
        """Tab: the focus moves at once, so that keys that come quickly find their line."""
        ids = self._ids
        self.set_focus(self._at(ids[(self._here + step) % len(ids)]))

    def action_finish(self) -> None:
        """F2: it is to be done, with the keys that came before it."""
        (self.focused or self).call_later(self._finish)

    def _finish(self) -> None:
        for one in self._lines:
            if one.needed and not self._text(_id(one)):
                return self._refuse(_id(one), texts.NEEDED)
        word = self._ask.word
        if word and self._text(_WORD).upper() != word.upper():
            return self._refuse(_WORD, texts.not_the_same(word))
        dots = [(one.name, self._at(_id(one))) for one in self._lines if one.secret]
        secrets = {name: field.take() for name, field in dots if isinstance(field, SecretField)}
        self.dismiss(Filled(self.values(), True, secrets))
        return None

    def _text(self, ident: str) -> str:
        field = self._at(ident)
        return (field.value if isinstance(field, Input) else field.text).strip()

    def _refuse(self, ident: str, why: str) -> None:
        self.set_focus(self._at(ident))
        self.complain(why)

    def action_leave(self) -> None:
        """Esc: nothing is done, and nothing that was typed is lost."""
        self.dismiss(Filled(self.values(), False, {}))

    def action_choices(self) -> None:
        """F4: the values of the line one is in."""
        here = self._here
        one = self._lines[here] if here < len(self._lines) else None
        if one is None or not one.choices:
            return
        field = self._at(_id(one))
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


def _field(one: Line) -> Input | LongField:
    if one.secret:
        return SecretField(id=_id(one))
    if one.long:
        return LongField(one.value, id=_id(one))
    return LineField(words_of(one.value, one.choices), placeholder=one.hint, id=_id(one))
