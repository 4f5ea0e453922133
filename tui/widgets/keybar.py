"""The line of function keys: always the same places; what cannot be done now is dimmed, never
gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from tui.actions import KeyLabel


class KeyBar(Static):
    """Shows what the registry says."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._shown: tuple[KeyLabel, ...] = ()

    def show(self, keys: tuple[KeyLabel, ...]) -> None:
        """Show *keys*; nothing is drawn again when they are the same."""
        if keys == self._shown:
            return
        self._shown = keys
        parts: list[tuple[str, str]] = []
        for key in keys:
            parts.append((key.key, "bold reverse" if key.enabled else "dim"))
            parts.append((f"{key.title} ", "" if key.enabled else "dim"))
        self.update(Content.assemble(*parts))
