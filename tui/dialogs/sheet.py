"""A record, or another sheet, over all of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from tui.dialogs.base import Dialog
from tui.texts import consulta as words
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.views import Sheet


class SheetDialog(Dialog[str]):
    """Read it; `o` answers with «documento», Esc with nothing."""

    hint_text = words.SHEET_HINT
    BINDINGS: ClassVar = [
        Binding("o", "document", show=False),
        Binding("f7", "document", show=False),
        Binding("down,j", "lines(1)", show=False),
        Binding("up,k", "lines(-1)", show=False),
        Binding("pagedown,space", "pages(1)", show=False),
        Binding("pageup", "pages(-1)", show=False),
        Binding("enter", "leave", show=False),
    ]

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet

    def parts(self) -> list[Widget]:
        """The sheet."""
        return [SheetPane(id="hoja-entera")]

    def on_mount(self) -> None:
        self.query_one(SheetPane).show(self._sheet)

    def action_document(self) -> None:
        """Its document is wanted."""
        self.dismiss("documento")

    def action_lines(self, step: int) -> None:
        """A line up or down."""
        self.query_one(SheetPane).scroll_relative(y=step, animate=False, immediate=True)

    def action_pages(self, step: int) -> None:
        """A page up or down."""
        self.query_one(SheetPane).page(step)
