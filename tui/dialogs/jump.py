"""Jump mode: while letters stand beside the fields, one key leads to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def jump_letters(names: Sequence[str]) -> dict[str, str]:
    """A letter for each name, in their order."""
    return dict(zip(names, _LETTERS, strict=False))


class JumpOverlay(Guarded, ModalScreen[str]):
    """Covers nothing; takes one key."""

    def __init__(self, targets: dict[str, str]) -> None:
        super().__init__()
        self._targets = targets

    def on_key(self, event: events.Key) -> None:
        """The field's letter; any other key goes back."""
        event.stop()
        event.prevent_default()
        self.dismiss(self._targets.get((event.character or "").lower()))
