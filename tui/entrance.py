"""Who has the screen: the lobby at the start, the lock, and the turn of persons.

Under the lobby the rooms stay exactly as they are, dialogs too; they go on in the background. The
lobby is a mode of its own, so that no screen of theirs can come to lie over it.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import App
from textual.binding import Binding

from tui.actions import LOBBY, rooms
from tui.messages import lobby as m
from tui.screens.lobby import Lobby
from tui.texts import lobby as words

if TYPE_CHECKING:
    from tui.lobby_views import Person
    from tui.screens.board import Room
    from tui.tasks import Tasks


def _awake() -> float:
    """Seconds that went by, those too in which the machine slept."""
    try:
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    except (AttributeError, OSError):
        return time.monotonic()


class Entrance(App[int], inherit_bindings=False):
    """The part of the app that knows who is there."""

    BINDINGS: ClassVar = [Binding("ctrl+y", "change_person", show=False, priority=True)]
    tasks: Tasks
    rooms: dict[str, Room]

    def __init__(self, *, lock_after: float = 0, **options: Any) -> None:
        """*lock_after*: seconds without a key until the screen is covered; 0 is never."""
        super().__init__(**options)
        self.who: Person | None = None
        """Who has the rooms."""
        self.lobby = Lobby()
        self._lock_after, self._clock = lock_after, _awake
        self._touched = self._clock()
        self._behind: str | None = None
        """The room under the lobby."""
        self._turning = 0
        """Which turn from one person to another is under way; 0 for none."""
        self.add_mode(LOBBY, lambda: self.lobby)

    # -- covered ------------------------------------------------------------------------------

    @property
    def covered(self) -> bool:
        """Whether the lobby is what is seen."""
        return self.current_mode == LOBBY

    def ask_who(self, persona: str | None) -> None:
        """The lobby, before anybody came in."""
        self.switch_mode(LOBBY)
        self.lobby.begin(words.WHO, first=persona or "", asks=bool(persona))

    def cover(self, title: str, *, asks: bool) -> None:
        """Cover the screen; *asks*: the passphrase of who has it, and not the list first."""
        if self.covered or self.who is None:
            return
        self.keep_rooms()
        self._behind = self.current_mode
        self.capture_mouse(None)
        self.switch_mode(LOBBY)
        self.lobby.begin(title, first=self.who.id, asks=asks, told=words.KEPT)

    def keep_rooms(self) -> None:
        """Put on disk what was typed, wherever it was."""
        for room in self.rooms.values():
            if room.is_mounted:
                room.keep()

    def on_exit_app(self) -> None:
        """However the end comes (a browser's tab was closed, say)."""
        self.keep_rooms()

    def action_change_person(self) -> None:
        """Ctrl+Y, wherever one is."""
        if self.who is None and not self.covered:
            self.say(words.NOBODY_TO_LOCK, bad=True)
        self.cover(words.CHANGE, asks=False)

    def push_screen(self, *args: Any, **options: Any) -> Any:
        """What a room asks while it is covered waits in the room."""
        if self.covered and self._behind is not None and options.get("mode") is None:
            options["mode"] = self._behind
        return super().push_screen(*args, **options)

    def say(self, sentence: str, *, bad: bool = False, seconds: float = 8) -> None:
        """Say something where one is. The app's part."""

    @property
    def room_behind(self) -> Room | None:
        """The room under the lobby."""
        return self.rooms.get(self._behind or "")

    def turn_behind(self, room: str) -> None:
        """Under the lobby: which room is seen when it goes."""
        if self._behind is not None:
            self._behind = room

    # -- idle ---------------------------------------------------------------------------------

    def watch_idle(self) -> None:
        """Look from now on whether anybody is there."""
        self._touched = self._clock()
        if self._lock_after:
            self.set_interval(1, self.look_at_clock)

    def look_at_clock(self) -> bool:
        """Cover the screen if nobody touched it for long; whether that was so."""
        idle = self._lock_after and self._clock() - self._touched >= self._lock_after
        if not idle or self.covered or self.who is None:
            return False
        self.cover(words.LOCKED, asks=True)
        return True

    async def on_event(self, event: events.Event) -> None:
        """Keys and mouse tell that somebody is there. One that comes too late does nothing: a
        machine that slept was not looked at in time."""
        if isinstance(event, (events.InputEvent, events.Paste)) and not event.is_forwarded:
            if self.look_at_clock():
                return
            self._touched = self._clock()
        await super().on_event(event)

    # -- coming in ----------------------------------------------------------------------------

    @on(m.Here)
    def _here(self, answer: m.Here) -> None:
        self.who = answer.person

    def let_in(self, person: Person) -> None:
        """Somebody showed who they are: back to their rooms, or to new ones."""
        if self.who is not None and self.who.id == person.id and self._behind is not None:
            self._turning = 0
            self.who, room, self._behind = person, self._behind, None
            self._enter(room)
            return
        self._turning += 1
        self._part(self._turning, person, list(self.rooms.values()))

    def _enter(self, room: str) -> None:
        self.lobby.forget()
        self._touched = self._clock()
        self.switch_mode(room)

    def _part(self, turn: int, person: Person, left: list[Room]) -> None:
        """Room by room the former person's work is put away; then the doors are made anew."""
        if turn != self._turning:
            self.say(words.NOT_SWITCHED, bad=True)
            return
        if not left:
            self.lobby.tell(words.TURNING)
            self.tasks.lobby.become(self, person)
            return
        room, *others = left
        room.put_away(self._stay, partial(self._part, turn, person, others))

    def _stay(self) -> None:
        """A room has something that could not be kept: nobody else may come in."""
        self._turning = 0
        if self.who is not None:
            self.lobby.refuse(words.former_unsaved(self.who.name))

    @on(m.Became)
    def _became(self, answer: m.Became) -> None:
        """Nothing of the former person's view stays, and nothing that they copied."""
        self.who, self._behind, self._turning = answer.person, None, 0
        for name in list(self.rooms):
            del self.rooms[name]
            self.remove_mode(name)
            self.open_mode(name)
        self._clipboard = ""
        self._enter(rooms.home_of(answer.person.roles))
        self.greet(answer.person)

    def greet(self, person: Person) -> None:
        """Who came in without showing who they are is told what that means."""
        if person.by == "demostracion":
            self.call_after_refresh(self.say, words.DEMO_ENTERED, seconds=2)
        elif person.by == "sin_llave":
            self.call_after_refresh(self.say, words.NO_KEY_ENTERED)

    def open_mode(self, room: str) -> None:
        """Make a room's mode. The app's part."""
