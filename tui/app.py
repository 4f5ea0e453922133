"""The application: which screen, which theme, what happens to an error. Composition only."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding

from records.errors import Misuse, VentanillaError
from tui import graphics, terminal, texts, themes
from tui import messages as m
from tui.actions import rooms
from tui.ending import listen
from tui.entrance import Entrance
from tui.palette import Orders, Palette
from tui.screens.board import Board
from tui.tasks import Tasks, check
from tui.tasks.lobby import start
from tui.texts import lobby as words
from tui.typeahead import TypeAhead
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import RenderableType

    from tui.lobby_views import Person
    from tui.screens.board import Room


WATCH_AFTER = 1.5
"""Seconds until the inbox is looked after."""
LOAD_AFTER = 0.3
"""Seconds until the other rooms' modules are loaded."""


class VentanillaApp(Guarded, TypeAhead, Entrance):
    """The terminal interface of one home."""

    TITLE = texts.TITLE
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS: ClassVar = {lambda: Orders}
    # Textual declares these three as instance attributes, so they cannot be `ClassVar`s.
    CSS_PATH = [  # noqa: RUF012
        *("styles/base.tcss", "styles/por_radicar.tcss", "styles/dialogos.tcss"),
        "styles/lobby.tcss",
        "styles/consulta.tcss",
        "styles/tablero.tcss",
        "styles/procesos.tcss",
        "styles/integridad.tcss",
        "styles/archivo.tcss",
        "styles/area.tcss",
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
        who: Person | None = None,
        lobby: bool = False,
        preset: str | None = None,
        lock_after: float = 0,
        signals: bool = False,
    ) -> None:
        """*lobby*: somebody has to come in first, *preset* before all others; else *who* is in, or
        the person of *tasks*. *lock_after*: as of `Entrance`. *signals*: the process is ours."""
        self.rooms: dict[str, Room] = {}
        """Those that were entered."""
        self._before: dict[str, str] = {}
        """Room → from which one it was entered last."""
        # With NO_COLOR, Textual would turn a terminal's own colours into black on black: it strips
        # them instead when told that they are the terminal's.
        ansi = True if "NO_COLOR" in os.environ else None
        super().__init__(lock_after=lock_after, ansi_color=ansi)
        self.tasks = tasks
        self.who = who
        self._first, self._lobby, self._preset, self._signals = room, lobby, preset, signals
        for place in rooms.PLACES:
            self.open_mode(place.id)
        self._watches = watch
        self.animation_level = "none"
        themes.register(self)
        self.looks: terminal.Looks | None = None
        self.theme = theme or themes.choose(self.console, self.no_color)

    def on_mount(self) -> None:
        if self._lobby:
            self.ask_who(self._preset)
        else:
            self.go(self._first)
            if self.who is None:
                self.tasks.lobby.here(self)
            else:
                self.greet(self.who)
        self.set_timer(LOAD_AFTER, self._load_rooms)
        self.watch_idle()
        if self._signals:
            listen(self)
        if self._watches:
            # Both would slow down what is seen first; the second takes up what the last session
            # left.
            self.call_after_refresh(self.tasks.prepare)
            self.set_timer(WATCH_AFTER, partial(self.tasks.watch, self))
        self.call_after_refresh(self._settle)
        if self.looks is not None:
            self.set_class(self.looks.ascii, "-ascii")
            if self.looks.warning:
                self.call_after_refresh(self.report, Misuse("terminal", self.looks.warning))

    def _settle(self) -> None:
        """What was loaded stays: to look through all of it for garbage, now and then, would hold a
        key up for a tenth of a second. From now on what is new is looked through."""
        gc.freeze()
        gc.enable()

    # -- rooms --------------------------------------------------------------------------------

    def open_mode(self, room: str) -> None:
        """Make a room's mode: its screen is made when it is first entered."""
        self.add_mode(room, partial(self._open_room, rooms.BY_ID[room]))

    def _load_rooms(self) -> None:
        """The other rooms' modules, while nobody waits: a key that leads there finds them."""
        modules = [place.screen.split(":")[0] for place in rooms.PLACES]
        load = partial(_load, modules)
        threading.Thread(target=load, name="ventanilla-salas", daemon=True).start()

    def _open_room(self, place: rooms.Place) -> Room:
        module, name = place.screen.split(":")
        kind: type[Room] = getattr(importlib.import_module(module), name)
        room = self.rooms[place.id] = kind()
        # No room has styles of its own: Textual would read all of them again, and style anew what
        # is on screen, before it shows a screen that it has not counted.
        room._css_update_count = self._css_update_count
        return room

    def go(self, room: str) -> None:
        """Turn to another room; the one that is left stays as it is. Under the lobby nothing of it
        is seen before somebody came in."""
        if self.covered:
            self.turn_behind(room)
        elif room != self.current_mode:
            self._before[room] = self.current_mode
            self.switch_mode(room)

    def visit(self, room: str, query: str) -> None:
        """Turn to another room, and have it show what fits a query."""
        self.go(room)
        there = self.rooms[room]
        there.call_later(there.look_for, query)

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
            if self.covered and self.lobby.is_mounted:
                self.lobby.tell(sentence, bad=True)
                return
        self.say(sentence, bad=True)

    def panic(self, *renderables: RenderableType) -> None:
        """The end after an error that Textual cannot bear: what was typed is kept first."""
        self.keep_rooms()
        super().panic(*renderables)

    def _fatal_error(self) -> None:
        self.keep_rooms()
        super()._fatal_error()

    @on(m.Told)
    def _told(self, answer: m.Told) -> None:
        """Of the watcher: said where one is; each room looks again at what changed."""
        self.say(answer.sentence, bad=answer.bad)
        if answer.changed:
            for room in self.rooms.values():
                room.look_again()

    def say(self, sentence: str, *, bad: bool = False, seconds: float = 8) -> None:
        """Say something where one is; under the lobby, in the room that is there."""
        if self.covered:
            room = self.room_behind
            if room is not None and room.is_mounted:
                room.tell(sentence, bad=bad)
            return
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Board) and screen.is_mounted:
                screen.tell(sentence, bad=bad, seconds=seconds)
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
        room.put_away(partial(self._show_unsaved, name), partial(self._put_away, others))

    def _show_unsaved(self, room: str) -> None:
        self.go(room)
        if self.covered:
            self.lobby.refuse(words.UNSAVED_INSIDE)

    def action_how_to_leave(self) -> None:
        """Ctrl+C ends nothing here: it is the key to copy."""
        self.say(texts.QUIT_HINT)

    def action_command_palette(self) -> None:
        """Ctrl+P."""
        if not self.covered and not isinstance(self.screen, Palette):
            self.push_screen(Palette())


def _load(modules: Iterable[str]) -> None:
    for module in modules:
        importlib.import_module(module)
    gc.freeze()  # as `_settle`


def run(home: Path, persona: str | None, *, secret: str | None = None) -> int:
    """Open the office and show it until the person leaves; returns the exit code.

    *secret*: the passphrase of *persona*, where a file gave it and nobody is to be asked.
    """
    try:
        office = check(home, persona)
        begin = start(office, persona, secret)
        screen = office.settings.interfaz
        looks = terminal.here(screen)
    except VentanillaError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    tasks = Tasks(home, None if begin.lobby else persona)
    tasks.viewing.graphics = graphics.choose(screen.imagen)
    app = VentanillaApp(
        tasks,
        theme=looks.theme,
        room=rooms.home_of(begin.who.roles if begin.who else ()),
        who=begin.who,
        lobby=begin.lobby,
        preset=persona,
        lock_after=screen.bloqueo_minutos * 60,
        signals=True,
    )
    app.looks = looks
    try:
        code = app.run(mouse=looks.mouse)
    finally:
        if not tasks.close():
            print(texts.STILL_BUSY, file=sys.stderr)
    return code or 0
