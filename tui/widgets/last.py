"""The last number, large and always visible: what the clerk writes on the paper by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Digits, Static

from tui import texts

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.views import Last


class LastNumber(HorizontalGroup):
    """Three lines: the whole number and its hour, and its consecutive in large figures."""

    def compose(self) -> ComposeResult:
        yield Static(texts.NO_LAST, id="ultimo-texto", markup=False)
        yield Digits("", id="ultimo-cifras")

    def show(self, last: Last) -> None:
        """Show a number that was given."""
        figures = re.findall(r"\d+", last.number)
        self.query_one(Digits).update(figures[-1] if figures else "")
        self.query_one("#ultimo-texto", Static).update(
            Content.assemble(
                (texts.LAST, "dim"),
                "\n",
                (f" {last.number} ", "bold reverse"),
                "\n",
                f"{last.hour} · {texts.leaves(last.leaves)} · ",
                (texts.REPRINT, "dim"),
            )
        )
        self.add_class("-hay")
