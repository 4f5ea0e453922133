"""Search among the records: type, look, Enter shows one; Esc goes back to the letter, as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from tui import actions, texts
from tui import messages as m
from tui.actions import Context
from tui.dialogs.base import Dialog
from tui.screens.board import Board
from tui.views import Column, Found
from tui.widgets.field import TextField
from tui.widgets.list import VirtualList
from tui.widgets.notice import Notice

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

_WIDTHS = ((18, 0), (12, 70), (0, 0), (0, 0), (12, 60))
_PAUSE = 0.25


class RecordDialog(Dialog[None]):
    """The fields of a record."""

    hint_text = "Esc vuelve"

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.title_text = found.row.id
        self._found = found

    def parts(self) -> list[Widget]:
        """Label and value, a line each."""
        lines = [(f"{label:<14}", "dim") for label, _ in self._found.fields]
        values = [(f"{value}\n", "") for _, value in self._found.fields]
        pieces = [piece for pair in zip(lines, values, strict=True) for piece in pair]
        return [VerticalScroll(Static(Content.assemble(*pieces)), id="ficha")]


class SearchScreen(Board):
    """A line to type in, and what was found."""

    BINDINGS: ClassVar = [
        *actions.bindings(actions.SEARCH),
        Binding("down", "to_list", show=False),
    ]

    def compose(self) -> ComposeResult:
        yield Static(texts.SEARCH_TITLE, id="cabeza", markup=False)
        yield TextField(placeholder=texts.SEARCH_PLACEHOLDER, id="buscado")
        columns = [
            Column(title, width, room)
            for title, (width, room) in zip(texts.SEARCH_COLUMNS, _WIDTHS, strict=True)
        ]
        yield VirtualList(columns, id="hallados")
        yield Notice(id="aviso")

    def on_mount(self) -> None:
        self._found: dict[str, Found] = {}
        self._asked = ""
        self._following: str | None = None
        self._timer: Timer | None = None
        self.query_one(Notice).hint(texts.SEARCH_HINT)
        self.query_one(TextField).focus()
        self._search()

    def context(self) -> Context:
        """Where it is."""
        place = actions.LIST if isinstance(self.focused, VirtualList) else actions.FORM
        return replace(super().context(), screen=actions.SEARCH, place=place)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._search)

    def _search(self) -> None:
        self._asked = self.query_one(TextField).value.strip()
        self.tasks.search(self, self._asked)

    @on(m.SearchDone)
    def _done(self, answer: m.SearchDone) -> None:
        if answer.text != self._asked:
            return
        rows = self.query_one(VirtualList)
        self._following = answer.following
        if answer.more:
            self._found |= {f.row.id: f for f in answer.found}
            rows.add_ids([f.row.id for f in answer.found])
        else:
            self._found = {f.row.id: f for f in answer.found}
            rows.set_ids(list(self._found))
        self.query_one(Notice).hint(
            f"{texts.found(len(self._found), answer.total)} · {texts.SEARCH_HINT}"
        )

    @on(m.Told)
    def _told(self, answer: m.Told) -> None:
        self.tell(answer.sentence, bad=answer.bad)

    @on(VirtualList.RowsWanted)
    def _wanted(self, event: VirtualList.RowsWanted) -> None:
        event.stop()
        event.list.put_rows([self._found[i].row for i in event.ids])

    @on(VirtualList.EndNear)
    def _more(self, event: VirtualList.EndNear) -> None:
        event.stop()
        if self._following is not None:
            cursor, self._following = self._following, None
            self.tasks.search(self, self._asked, cursor)

    @on(Input.Submitted)
    @on(VirtualList.Chosen)
    def _chosen(self, event: Input.Submitted | VirtualList.Chosen) -> None:
        event.stop()
        rows = self.query_one(VirtualList)
        if isinstance(event, Input.Submitted) and event.value.strip() != self._asked:
            self._search()
        elif rows.cursor is not None:
            self.tasks.record(self, self._found[rows.cursor])

    @on(m.RecordRead)
    def _read(self, answer: m.RecordRead) -> None:
        if self.app.screen is self:
            self.app.push_screen(RecordDialog(answer.record))

    def action_to_list(self) -> None:
        """From the line down into what was found."""
        self.query_one(VirtualList).focus()

    def do_atras(self) -> None:
        """Esc: from the list to the line, from the line back."""
        if isinstance(self.focused, VirtualList):
            self.query_one(TextField).focus()
        else:
            self.app.pop_screen()
