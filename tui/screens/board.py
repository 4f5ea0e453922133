"""What every screen of ours has: the registry's keys, a key bar, a line that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from tui import actions
from tui.documents import as_letter
from tui.widgets.guard import Guarded
from tui.widgets.keybar import KeyBar
from tui.widgets.notice import Notice
from tui.widgets.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.actions import Context
    from tui.tasks import Tasks


GO = "ir_"
"""With which the ids of the actions begin that lead to a room."""


class Board(Guarded, Screen[None]):
    """A screen whose actions come from the registry: `do_<id>` does what the action says."""

    @property
    def tasks(self) -> Tasks:
        """The doors."""
        app: Any = self.app
        tasks: Tasks = app.tasks
        return tasks

    def context(self) -> Context:
        """What the guards look at."""
        app: Any = self.app
        who = app.who
        return actions.Context(person=who is not None, roles=frozenset(who.roles if who else ()))

    def action_do(self, ident: str) -> None:
        """Do an action of the registry, or say why not."""
        action = actions.BY_ID[ident]
        context = self.context()
        if action.place and action.place != context.place:
            return
        refusal = action.refusal(context)
        if refusal is not None:
            self.tell(refusal, bad=True)
            return
        if ident.startswith(GO):
            self.go(ident.removeprefix(GO))
        else:
            getattr(self, f"do_{ident}")()

    def on_screen_suspend(self) -> None:
        """Something is over all of it: pixels would stay on top."""
        for picture in self.query(Picture):
            picture.cover()

    def tell(self, sentence: str, *, bad: bool = False, seconds: float = 8) -> None:
        """Say something in the line that answers."""
        self.query_one(Notice).tell(sentence, bad=bad, seconds=seconds)

    def tell_anywhere(self, sentence: str, *, bad: bool = False) -> None:
        """Say something that took long, where the person is by now."""
        app: Any = self.app
        app.say(sentence, bad=bad)

    def show_keys(self) -> None:
        """Bring the key bar up to date."""
        self.query_one(KeyBar).show(actions.bar(self.context()))

    def go(self, room: str) -> None:
        """To another room; this one stays as it is."""
        app: Any = self.app
        app.go(room)

    def visit(self, room: str, query: str) -> None:
        """To another room, which shows what fits a query."""
        app: Any = self.app
        app.visit(room, query)

    def back(self) -> None:
        """To the room from which this one was entered."""
        app: Any = self.app
        app.back()

    def do_ayuda(self) -> None:
        """F1: the manual's chapter of this room."""
        self._help(keys=False)

    def do_teclas(self) -> None:
        """?: all keys of this place."""
        self._help(keys=True)

    def _help(self, *, keys: bool) -> None:
        from tui.screens.help import HelpScreen

        here = self.context()
        self.app.push_screen(HelpScreen(here.screen, here, keys=keys))

    def do_ordenes(self) -> None:
        """The palette."""
        self.app.action_command_palette()

    def do_persona(self) -> None:
        """Ctrl+Y."""
        app: Any = self.app
        app.action_change_person()

    def do_salir(self) -> None:
        """Ctrl+Q."""
        app: Any = self.app
        app.action_leave()


class Room(Board):
    """A screen that stays while the app does, with others beside it."""

    def show_pages(self, number: str) -> None:
        """A record's pages, all over the terminal."""
        from tui.screens.page import PageScreen

        self.app.push_screen(PageScreen(as_letter(number), number, 1, None, 0))

    def look_again(self) -> None:
        """Something arrived, or another process did something."""

    def look_for(self, query: str) -> None:
        """Another room leads here with a query; a room without one is only entered."""

    def keep(self) -> None:
        """Put on disk what was typed, now; nothing that is seen changes."""

    def put_away(self, show: Callable[[], None], then: Callable[[], None]) -> None:
        """The app is about to be left, or another person to take it over. A screen with something
        in hand puts it away and goes on with *then*, now or later; *show* is called where it has to
        ask, and brings it to the front unless the lobby is there."""
        then()
