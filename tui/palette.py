"""The palette «Órdenes»: every action of the screen by its Spanish name, with its key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Provider

from tui import actions, texts
from tui.choices import fold
from tui.screens.board import Board

if TYPE_CHECKING:
    from textual.command import Hits

_NOT_LISTED = ("ordenes", "atras")


class Orders(Provider):
    """The actions of the screen under the palette. Accents and case do not count."""

    def _actions(self) -> list[tuple[str, actions.Action, Board]]:
        screen = self.screen
        if not isinstance(screen, Board):
            return []
        # An action that also has a letter, for lists, is listed once.
        once = {a.title: a for a in reversed(actions.offered(screen.context()))}
        return [
            (f"{a.title} ({actions.spoken(a.keys[0])})", a, screen)
            for a in reversed(once.values())
            if not a.native and a.id not in _NOT_LISTED
        ]

    async def discover(self) -> Hits:
        """All of them."""
        for title, action, screen in self._actions():
            yield DiscoveryHit(title, partial(screen.action_do, action.id), help=action.help)

    async def search(self, query: str) -> Hits:
        """Those that hold every word."""
        wanted = fold(query).split()
        for title, action, screen in self._actions():
            if all(word in fold(f"{title} {action.help}") for word in wanted):
                score = 1.0 if fold(title).startswith(fold(query)) else 0.5
                yield Hit(score, title, partial(screen.action_do, action.id), help=action.help)


class Palette(CommandPalette):
    """Textual's palette, in Spanish."""

    def __init__(self) -> None:
        super().__init__(
            providers=[Orders], placeholder=texts.PALETTE_PLACEHOLDER, id="--command-palette"
        )

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual would say it in English: an empty list says it as well."""

    def on_mount(self) -> None:
        self.query_one(CommandList).border_title = None
