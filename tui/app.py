"""The application: which screen, which theme, what happens to an error. Composition only."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding

from records.errors import Misuse, VentanillaError
from tui import terminal, texts, themes
from tui.palette import Orders, Palette
from tui.screens.board import Board
from tui.screens.por_radicar import PorRadicar
from tui.tasks import Tasks, check
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from pathlib import Path

    from textual.screen import Screen


class VentanillaApp(Guarded, App[int], inherit_bindings=False):
    """The terminal interface of one home, for one person."""

    TITLE = texts.TITLE
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+o"
    COMMANDS: ClassVar = {lambda: Orders}
    # Textual declares these three as instance attributes, so they cannot be `ClassVar`s.
    CSS_PATH = ["styles/base.tcss", "styles/por_radicar.tcss", "styles/dialogos.tcss"]  # noqa: RUF012
    BINDINGS: ClassVar = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "how_to_leave", show=False, system=True),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-chica"), (80, "-angosta"), (120, "-ancha")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-baja"), (24, "-normal"), (34, "-alta")]  # noqa: RUF012

    def __init__(self, tasks: Tasks, *, watch: bool = True, theme: str | None = None) -> None:
        # With NO_COLOR, Textual would turn a terminal's own colours into black on black: it strips
        # them instead when told that they are the terminal's.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.tasks = tasks
        self._watches = watch
        self.animation_level = "none"
        themes.register(self)
        self.looks: terminal.Looks | None = None
        self.theme = theme or themes.choose(self.console, self.no_color)

    def get_default_screen(self) -> Screen[Any]:
        """The first room."""
        return PorRadicar()

    def on_mount(self) -> None:
        if self._watches:
            self.tasks.watch(self.screen)
        if self.looks is not None:
            self.set_class(self.looks.ascii, "-ascii")
            if self.looks.warning:
                self.call_after_refresh(self.report, Misuse("terminal", self.looks.warning))

    # -- errors -------------------------------------------------------------------------------

    def report(self, error: Exception) -> None:
        """What should not happen: a line in the log, a sentence on screen, and on it goes."""
        sentence = str(error)
        if not isinstance(error, VentanillaError):
            sentence = texts.unexpected(self.tasks.report(error))
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Board) and screen.is_mounted:
                screen.tell(sentence, bad=True)
                return

    # -- leaving ------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Ctrl+Q, wherever one is."""
        room = self.screen_stack[0]
        assert isinstance(room, PorRadicar)
        room.after_keys(room.leave)

    def action_how_to_leave(self) -> None:
        """Ctrl+C ends nothing here: it is the key to copy."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Board):
                screen.tell(texts.QUIT_HINT)
                return

    def action_command_palette(self) -> None:
        """Ctrl+O."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())


def run(home: Path, persona: str | None) -> int:
    """Open the office and show it until the person leaves; returns the exit code."""
    try:
        looks = terminal.here(check(home, persona).settings.interfaz)
    except VentanillaError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    tasks = Tasks(home, persona)
    tasks.prepare()
    try:
        app = VentanillaApp(tasks, theme=looks.theme)
        app.looks = looks
        code = app.run(mouse=looks.mouse)
    finally:
        if not tasks.close():
            print(texts.STILL_BUSY, file=sys.stderr)
    return code or 0
