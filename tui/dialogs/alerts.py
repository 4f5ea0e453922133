"""What is due, and who should do what: the list that opening the office speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui import texts
from tui.dialogs.base import Dialog

if TYPE_CHECKING:
    from textual.widget import Widget


class AlertsDialog(Dialog[None]):
    """Two lines for each: what is due; whose turn it is."""

    title_text = texts.ALERTS_TITLE
    hint_text = texts.ALERTS_HINT

    def __init__(self, alerts: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._alerts = alerts

    def parts(self) -> list[Widget]:
        """The alerts, the worst first."""
        pieces = [
            piece
            for head, what in self._alerts
            for piece in ((f"{head}\n", "bold"), (f"   {what}\n", ""))
        ]
        shown = Content.assemble(*pieces) if pieces else Content(texts.NO_ALERTS)
        return [VerticalScroll(Static(shown), id="ficha")]
