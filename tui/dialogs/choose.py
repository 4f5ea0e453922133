"""Dialogs with a list: the value of a closed field, and why a letter is not numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widgets import Input, Static

from tui import texts
from tui.choices import matching
from tui.dialogs.base import Dialog
from tui.views import Choice, Column, Row
from tui.widgets.field import TextField
from tui.widgets.list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget


class ChooseDialog(Dialog[str]):
    """Type to narrow, Enter to choose."""

    hint_text = texts.CHOOSE_HELP
    BINDINGS: ClassVar = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], current: str) -> None:
        super().__init__()
        self.title_text = title
        self._choices = {c.code: c for c in choices}
        self._current = current

    def parts(self) -> list[Widget]:
        """The narrowing text and the list."""
        return [TextField(id="filtro"), VirtualList([Column("")], id="opciones")]

    def on_mount(self) -> None:
        self._narrow("")
        self._list.select(self._current)

    @property
    def _list(self) -> VirtualList:
        return self.query_one(VirtualList)

    def _narrow(self, text: str) -> None:
        fit = [c.code for c in matching(text, list(self._choices.values()))]
        self._list.set_ids(fit)
        if fit:
            self.query_one("#dialogo-pie", Static).update(self.hint_text)
        else:
            self.complain(texts.CHOOSE_NONE)

    def action_move(self, step: int) -> None:
        """The cursor moves while the text keeps the focus."""
        self._list.action_move(step)

    @on(VirtualList.RowsWanted)
    def _rows(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        event.list.put_rows([Row(i, (self._choices[i].words,)) for i in event.ids])

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow(event.value)

    @on(Input.Submitted)
    @on(VirtualList.Chosen)
    def _chosen(self, event: Input.Submitted | VirtualList.Chosen) -> None:
        event.stop()
        if self._list.cursor is not None:
            self.dismiss(self._list.cursor)


_LINES = {
    "duplicado": texts.DISCARD_OF,
    "ilegible": texts.DISCARD_RESCAN,
    "otro": texts.DISCARD_NOTE,
}
"""What some reasons need besides."""


@dataclass(frozen=True, slots=True)
class Discard:
    """Why a letter gets no number."""

    reason: str
    of: str | None
    note: str | None


class DiscardDialog(Dialog[Discard]):
    """The reasons, and what some of them need besides."""

    title_text = texts.DISCARD_TITLE
    _touched = False
    hint_text = texts.DISCARD_HELP
    BINDINGS: ClassVar = [
        Binding(str(n + 1), f"pick({n})", show=False) for n in range(len(texts.DISCARDS))
    ]

    def __init__(
        self, duplicate_of: str, reason: str = "", typed: str = "", complaint: str = ""
    ) -> None:
        super().__init__()
        self._duplicate_of = duplicate_of
        self._reason, self._written, self._complaint = reason, typed, complaint

    def parts(self) -> list[Widget]:
        """The list, and the line that «duplicado», «ilegible» and «otro» need."""
        line = TextField(id="detalle")
        line.display = False
        label = Static("", id="detalle-titulo", classes="pregunta", markup=False)
        label.display = False
        return [VirtualList([Column("")], id="motivos"), label, line]

    def on_mount(self) -> None:
        reasons = self.query_one(VirtualList)
        reasons.set_ids(list(texts.DISCARDS))
        if self._duplicate_of:
            reasons.select("duplicado")
        reasons.focus()
        if self._reason:
            reasons.select(self._reason)
            self._want_line(self._reason, self._written)
            self.complain(self._complaint)

    @on(VirtualList.RowsWanted)
    def _rows(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        order = list(texts.DISCARDS)
        event.list.put_rows(
            [Row(i, (f"{order.index(i) + 1}  {texts.DISCARDS[i]}",)) for i in event.ids]
        )

    def action_pick(self, index: int) -> None:
        """By its figure."""
        reasons = self.query_one(VirtualList)
        reasons.select(list(texts.DISCARDS)[index])
        reasons.action_choose()

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        self._ask(None)

    def _ask(self, label: str | None) -> None:
        """Show the line that a reason needs, or hide it."""
        for widget in (self.query_one("#detalle-titulo", Static), self.query_one("#detalle")):
            widget.display = label is not None
        self.query_one("#detalle-titulo", Static).update(label or "")
        foot = texts.DISCARD_LINE_HELP if label else texts.DISCARD_HELP
        self.query_one("#dialogo-pie", Static).update(foot)

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if event.id not in _LINES:
            self.dismiss(Discard(event.id, None, None))
            return
        self._want_line(event.id, self._duplicate_of if event.id == "duplicado" else "")

    def _want_line(self, reason: str, text: str) -> None:
        """Ask for what a reason needs."""
        self._ask(_LINES[reason])
        line = self.query_one("#detalle", TextField)
        with line.prevent(Input.Changed):
            line.value = text
        line.focus()
        self._touched = False

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._touched = True

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        value = event.value.strip()
        reason = self.query_one(VirtualList).cursor or "otro"
        if not value:
            # Nobody is blamed for an Enter that still belongs to the choice.
            if self._touched:
                self.complain(texts.NEEDED)
        elif reason == "otro":
            self.dismiss(Discard(reason, None, value))
        else:
            self.dismiss(Discard(reason, value.upper(), None))
