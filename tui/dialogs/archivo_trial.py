"""What an export would write, before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from tui.dialogs.base import Dialog
from tui.texts import archivo_forms as forms
from tui.views import Sheet
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.archivo_views import Trial


class TrialDialog(Dialog[bool]):
    """Enter writes it, where there is something to write; Esc does not."""

    BINDINGS: ClassVar = [
        Binding("enter", "write", show=False),
        Binding("down,j", "lines(1)", show=False),
        Binding("up,k", "lines(-1)", show=False),
        Binding("pagedown,space", "pages(1)", show=False),
        Binding("pageup", "pages(-1)", show=False),
    ]

    def __init__(self, title: str, trial: Trial) -> None:
        super().__init__()
        self.title_text = title
        self.hint_text = forms.TRIAL_HINT if trial.writes else forms.TRIAL_NONE
        self._trial = trial

    def parts(self) -> list[Widget]:
        """The sheet."""
        return [SheetPane(id="ensayo")]

    def on_mount(self) -> None:
        self.query_one(SheetPane).show(Sheet("ensayo", self._trial.title, self._trial.parts))

    def action_write(self) -> None:
        """Enter."""
        if self._trial.writes:
            self.dismiss(True)

    def action_lines(self, step: int) -> None:
        """A line up or down."""
        self.query_one(SheetPane).scroll_relative(y=step, animate=False, immediate=True)

    def action_pages(self, step: int) -> None:
        """A page up or down."""
        self.query_one(SheetPane).page(step)
