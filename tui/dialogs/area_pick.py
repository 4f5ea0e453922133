"""A list of which one is chosen for an act: not before anybody could have seen it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from tui.dialogs.choose import ChooseDialog
from tui.texts import area as words
from tui.widgets.list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.views import Choice

SEEN = 0.25
"""Seconds a list is there before Enter counts. A line that stalls brings several keys at once: what
was typed before the list could take it is gone, and Enter would choose somebody else."""


class PickDialog(ChooseDialog):
    """As `ChooseDialog`, for what is done at once."""

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__(title, choices, "")
        self._since = 0.0

    def on_mount(self) -> None:
        self._since = time.monotonic()

    @on(Input.Submitted)
    @on(VirtualList.Chosen)
    def _unseen(self, event: Input.Submitted | VirtualList.Chosen) -> None:
        if time.monotonic() - self._since < SEEN:
            event.stop()
            event.prevent_default()
            self.complain(words.UNSEEN)
