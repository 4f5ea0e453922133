"""The dialog that asks to which record a document belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widgets import Input, Static

from tui import texts
from tui.dialogs.base import Dialog
from tui.views import Choice, Column, Row
from tui.widgets.field import TextField
from tui.widgets.list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget


class FileDialog(Dialog[str]):
    """A number to type, or one of those that the office knows for this document."""

    title_text = texts.JOIN_TITLE
    hint_text = texts.JOIN_HELP
    BINDINGS: ClassVar = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, candidates: Sequence[Choice], typed: str = "", complaint: str = "") -> None:
        super().__init__()
        self._candidates = {c.code: c for c in candidates}
        self._written, self._complaint = typed, complaint
        self._offered = False

    def parts(self) -> list[Widget]:
        """What becomes of it, the line, and the records that may be meant."""
        known = VirtualList([Column("")], id="opciones")
        known.display = bool(self._candidates)
        return [
            Static(texts.JOIN_TEXT, classes="parrafo", markup=False),
            Static(texts.JOIN_ASK, classes="pregunta", markup=False),
            TextField(self._written, id="radicado"),
            known,
        ]

    def on_mount(self) -> None:
        self.query_one(VirtualList).set_ids(list(self._candidates))
        self._line.focus()
        if self._complaint:
            self.complain(self._complaint)

    @property
    def _line(self) -> TextField:
        return self.query_one("#radicado", TextField)

    @on(VirtualList.RowsWanted)
    def _rows(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        event.list.put_rows([Row(i, (self._candidates[i].words,)) for i in event.ids])

    def action_move(self, step: int) -> None:
        """Take a record of the list into the line; the first arrow takes the first of them."""
        known = self.query_one(VirtualList)
        if self._offered:
            known.action_move(step)
        self._offered = True
        if known.cursor is not None:
            self._line.value = known.cursor

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        self._answer(event.value)

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self._answer(event.id)

    def _answer(self, number: str) -> None:
        if number.strip():
            self.dismiss(number.strip().upper())
        else:
            self.complain(texts.NEEDED)
