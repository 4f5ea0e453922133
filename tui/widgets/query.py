"""The line in which a query is written, and what may come next below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import HorizontalGroup, VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from tui.widgets.field import TextField
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from tui.views import Proposal

_PAUSE = 0.12
"""Seconds without a key after which what was typed is looked for."""


class QueryLine(Guarded, VerticalGroup):
    """Tab or → takes the proposal, ↑ and ↓ choose another, Enter goes to what was found."""

    BINDINGS: ClassVar = [
        Binding("tab", "take", show=False, priority=True),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    @dataclass
    class Asked(Message):
        """Look for *text*."""

        text: str

    @dataclass
    class Left(Message):
        """To the list."""

    def __init__(self, label: str, placeholder: str, *, id: str = "consulta") -> None:
        super().__init__(id=id)
        self._label, self._placeholder = label, placeholder
        self._propose: Callable[[str, int], Sequence[Proposal]] = lambda _text, _at: ()
        self._offered: Sequence[Proposal] = ()
        self._at = 0
        self._told = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        with HorizontalGroup(id="consulta-linea"):
            yield Static(self._label, id="consulta-nombre", markup=False)
            yield _Field(placeholder=self._placeholder, id="consulta-texto")
            yield Static("", id="consulta-cuenta", markup=False)
        yield Static("", id="propuestas", markup=False)

    @property
    def field(self) -> TextField:
        """Where one types."""
        return self.query_one(TextField)

    @property
    def text(self) -> str:
        """What is looked for; a space after its last word says that it is whole."""
        return self._told

    @property
    def offering(self) -> bool:
        """Whether proposals are shown."""
        return bool(self._offered)

    def proposing(self, propose: Callable[[str, int], Sequence[Proposal]]) -> None:
        """Who knows what may come next."""
        self._propose = propose

    def put(self, text: str) -> None:
        """A query that was not typed; it is asked at once."""
        with self.field.prevent(Input.Changed):
            self.field.value = text
        self.field.cursor_position = len(text)
        self.close()
        self.ask()

    def count(self, sentence: str) -> None:
        """How many were found."""
        self.query_one("#consulta-cuenta", Static).update(sentence)

    def close(self) -> None:
        """No proposals until something is typed."""
        self._offer(())

    # -- typing -------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self.ask)
        self._offer(self._propose(self.field.value, self.field.cursor_position))

    def ask(self) -> None:
        """Look for what stands there."""
        if self._timer is not None:
            self._timer.stop()
        text = self.field.value.lstrip()
        if text != self._told:
            self._told = text
            self.post_message(self.Asked(text))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave()

    def _leave(self) -> None:
        self.close()
        self.ask()
        self.post_message(self.Left())

    # -- proposals ----------------------------------------------------------------------------

    def _offer(self, proposals: Sequence[Proposal]) -> None:
        self._offered, self._at = proposals, 0
        self._draw()

    def _draw(self) -> None:
        box = self.query_one("#propuestas", Static)
        box.display = bool(self._offered)
        width = max((len(p.text) for p in self._offered), default=0)
        pieces = [
            (f"{'▸' if n == self._at else ' '} {p.text:<{width}}  {p.what}\n",
             "bold reverse" if n == self._at else "")
            for n, p in enumerate(self._offered)
        ]  # fmt: skip
        text = Content.assemble(*pieces)
        box.update(text.rstrip("\n"))

    def on_mount(self) -> None:
        self._draw()

    def action_move(self, step: int) -> None:
        """Another proposal; where there is none, ↓ goes to the list."""
        if self._offered:
            self._at = (self._at + step) % len(self._offered)
            self._draw()
        elif step > 0:
            self._leave()

    def action_take(self) -> None:
        """Tab: the chosen proposal; where there is none, to the list. The field first takes in the
        keys that came before."""
        self.field.call_later(self._take_or_leave)

    def _take_or_leave(self) -> None:
        if not self.take():
            self._leave()

    def take(self) -> bool:
        """Write the chosen proposal; whether there was one."""
        value = self.field.value
        now = self._propose(value, self.field.cursor_position)
        if tuple(now) != tuple(self._offered):  # a key came before what it changed was seen
            self._offered, self._at = now, 0
        if not self._offered:
            return False
        one = self._offered[self._at]
        ends = "" if one.text.endswith(":") or value[one.end : one.end + 1] == " " else " "
        self.field.value = value[: one.start] + one.text + ends + value[one.end :]
        self.field.cursor_position = one.start + len(one.text) + len(ends)
        return True


class _Field(TextField):
    """Of the query line: → at its end takes the proposal."""

    def action_cursor_right(self, select: bool = False) -> None:
        """At the end, the proposal; else as in every field."""
        line = self.screen.query_one(QueryLine)
        if select or self.cursor_position < len(self.value) or not line.take():
            super().action_cursor_right(select)
