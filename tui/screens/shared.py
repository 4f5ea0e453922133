"""What several rooms do alike: open a document, keep a query under a digit, let it go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui import terminal_texts, texts
from tui.dialogs.ask import AskDialog
from tui.dialogs.choose import ChooseDialog
from tui.screens.verbs import open_in_viewer
from tui.texts import consulta as words
from tui.views import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui.screens.board import Board
    from tui.views import SavedView

_NAMED = re.compile(r"(?:([1-9])\s+)?(.+)")


def show_document(room: Board, path: str | None, none: str) -> None:
    """Open a file in the system's viewer, or say where it lies; a browser is given it. *none*: what
    to say without one."""
    if path is None:
        room.tell(none, bad=True)
    elif room.app.is_web:
        room.app.deliver_binary(path)
        room.tell(terminal_texts.DELIVERED)
    elif open_in_viewer(path):
        room.tell(texts.OPENED)
    else:
        room.tell(texts.no_viewer(path))


def name_view(room: Board, text: str, save: Callable[[str, int | None], None]) -> None:
    """Ask how a query is called, with its digit before the name where one is wished."""

    def named(name: str | None) -> None:
        if name is not None:
            found = _NAMED.fullmatch(name)
            key = int(found[1]) if found and found[1] else None
            save(found[2] if found else name, key)

    room.app.push_screen(AskDialog(words.SAVE_TITLE, text, words.SAVE_LABEL), named)


def drop_view(
    room: Board, views: Mapping[int, SavedView], none: str, drop: Callable[[int], None]
) -> None:
    """Ask which saved view is let go; *none*: what to say where there is none."""
    if not views:
        room.tell(none, bad=True)
        return

    def chosen(key: str | None) -> None:
        if key is not None:
            drop(int(key))

    choices = [Choice(str(v.key), f"{v.key} {v.name}") for v in views.values()]
    room.app.push_screen(ChooseDialog(words.DROP_TITLE, choices, ""), chosen)
