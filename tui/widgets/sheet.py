"""A record, an expediente or a report to read: titled parts of labels and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.views import Sheet

_LABEL = 14


class SheetPane(Guarded, VerticalScroll, can_focus=False):
    """Shows a `Sheet`; the arrows of the list beside it stay the list's."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: Sheet | None = None

    def compose(self) -> ComposeResult:
        yield Static("", classes="hoja-texto", markup=False)

    @property
    def shown(self) -> Sheet | None:
        """What is on screen."""
        return self._shown

    def show(self, sheet: Sheet | None) -> None:
        """Show another; the top of it."""
        same = sheet is not None and self._shown is not None and sheet.id == self._shown.id
        self._shown = sheet
        self.query_one(Static).update(content_of(sheet) if sheet else "")
        if not same:
            self.scroll_home(animate=False, immediate=True)

    def page(self, step: int) -> None:
        """A page up or down."""
        by = step * max(1, self.size.height - 1)
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, immediate=True)


def content_of(sheet: Sheet) -> Content:
    """A sheet as styled text; nothing of it is markup."""
    pieces: list[tuple[str, str]] = [(f"{sheet.title}\n", "bold reverse")]
    for part in sheet.parts:
        if part.title:
            pieces.append((f"\n{part.title}\n", "bold underline"))
        for label, value in part.lines:
            if label:
                pieces.append((f"{label:<{_LABEL}} ", "dim"))
            pieces.append((f"{value}\n", part.style))
    return Content.assemble(*pieces)
