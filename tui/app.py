"""The application: which screen, which theme, what happens to an error. Composition only."""

from __future__ import annotations

import importlib
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding

from records.errors import Misuse, VentanillaError
from tui import graphics, terminal, texts, themes
from tui import messages as m
from tui.actions import rooms
from tui.palette import Orders, Palette
from tui.screens.board import Board
from tui.tasks import Tasks, check
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from pathlib import Path

    from tui.screens.board import Room


class VentanillaApp(Guarded, App[int], inherit_bindings=False):
    """The terminal interface of one home, for one person."""

    TITLE = texts.TITLE
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS: ClassVar = {lambda: Orders}
    # Textual declares these three as instance attributes, so they cannot be `ClassVar`s.
    CSS_PATH = [  # noqa: RUF012
        "styles/base.tcss",
        "styles/por_radicar.tcss",
        "styles/dialogos.tcss",
        "styles/consulta.tcss",
    ]
    BINDINGS: ClassVar = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "how_to_leave", show=False, system=True),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-chica"), (80, "-angosta"), (120, "-ancha")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-baja"), (24, "-normal"), (34, "-alta")]  # noqa: RUF012

    def __init__(
        self,
        tasks: Tasks,
        *,
        watch: bool = True,
        theme: str | None = None,
        room: str = rooms.PLACES[0].id,
    ) -> None:
        self.rooms: dict[str, Room] = {}
        """Those that were entered."""
        self._before: dict[str, str] = {}
        """Room → from which one it was entered last."""
        # With NO_COLOR, Textual would turn a terminal's own colours into black on black: it strips
        # them instead when told that they are the terminal's.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.tasks = tasks
        self._first = room
        for place in rooms.PLACES:
            self.add_mode(place.id, partial(self._open_room, place))
        self._watches = watch
        self.animation_level = "none"
        themes.register(self)
        self.looks: terminal.Looks | None = None
        self.theme = theme or themes.choose(self.console, self.no_color)

    def on_mount(self) -> None:
        self.go(self._first)
        if self._watches:
            self.tasks.watch(self)
        if self.looks is not None:
            self.set_class(self.looks.ascii, "-ascii")
            if self.looks.warning:
                self.call_after_refresh(self.report, Misuse("terminal", self.looks.warning))

    # -- rooms --------------------------------------------------------------------------------

    def _open_room(self, place: rooms.Place) -> Room:
        module, name = place.screen.split(":")
        room: Room = getattr(importlib.import_module(module), name)()
        self.rooms[place.id] = room
        return room

    def go(self, room: str) -> None:
        """Turn to another room; the one that is left stays as it is."""
        if room != self.current_mode:
            self._before[room] = self.current_mode
            self.switch_mode(room)

    def back(self) -> None:
        """To the room from which this one was entered; from the first one, nowhere."""
        before = self._before.get(self.current_mode, "")
        if before in self.rooms:
            self.switch_mode(before)

    # -- errors -------------------------------------------------------------------------------

    def report(self, error: Exception) -> None:
        """What should not happen: a line in the log, a sentence on screen, and on it goes."""
        sentence = str(error)
        if not isinstance(error, VentanillaError):
            sentence = texts.unexpected(self.tasks.report(error))
        self._say(sentence, bad=True)

    @on(m.Told)
    def _told(self, answer: m.Told) -> None:
        """Of the watcher: said where one is; each room looks again at what changed."""
        self._say(answer.sentence, bad=answer.bad)
        if answer.changed:
            for room in self.rooms.values():
                room.look_again()

    def _say(self, sentence: str, *, bad: bool = False) -> None:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Board) and screen.is_mounted:
                screen.tell(sentence, bad=bad)
                return

    # -- leaving ------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Ctrl+Q, wherever one is."""
        self._put_away(list(self.rooms.items()))

    def _put_away(self, left: list[tuple[str, Room]]) -> None:
        """Room by room, each goes on when it has put away what it has in hand."""
        if not left:
            self.exit(0)
            return
        (name, room), *others = left
        room.put_away(partial(self.go, name), partial(self._put_away, others))

    def action_how_to_leave(self) -> None:
        """Ctrl+C ends nothing here: it is the key to copy."""
        self._say(texts.QUIT_HINT)

    def action_command_palette(self) -> None:
        """Ctrl+P."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())


def run(home: Path, persona: str | None) -> int:
    """Open the office and show it until the person leaves; returns the exit code."""
    try:
        screen = check(home, persona).settings.interfaz
        looks = terminal.here(screen)
    except VentanillaError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    tasks = Tasks(home, persona)
    tasks.prepare()
    tasks.viewing.graphics = graphics.choose(screen.imagen)
    try:
        app = VentanillaApp(tasks, theme=looks.theme)
        app.looks = looks
        code = app.run(mouse=looks.mouse)
    finally:
        if not tasks.close():
            print(texts.STILL_BUSY, file=sys.stderr)
    return code or 0
