"""Nothing that a person does in any room holds up the event loop."""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from ingest.lectura import Unreadable
from tests.tui.conftest import Driver, House
from tui.actions import rooms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    Drive = Callable[..., Any]

MOST = 0.15
"""Seconds of work between two turns of the loop, at most: the limit is 0.1 on a machine of its own,
and two threads on one core work at two thirds of its pace. Its own work is counted and not the
clock: a machine with others on it stops a test at any place."""
WAITS = 0.5
"""Seconds by the clock: who waits in the loop for a disk, a lock or a child works not at all."""
LETTER = {"remitente": "Ana Gil", "asunto": "Un hueco", "tipo": "queja", "dependencia": "140"}


@asynccontextmanager
async def watched(d: Driver) -> AsyncIterator[None]:
    """Fails where a turn of the loop took too long, and says after which key."""
    gc.collect()
    gc.freeze()
    found: list[str] = []
    keys = [""]
    turn, press = asyncio.Handle._run, d.pilot.press

    def timed(handle: asyncio.Handle) -> None:
        wall, work = time.monotonic(), time.thread_time()
        turn(handle)
        wall, work = time.monotonic() - wall, time.thread_time() - work
        if work > MOST or wall > WAITS:
            found.append(f"{work * 1000:.0f} ms ({wall * 1000:.0f}) tras «{keys[-1]}»: {handle}")

    async def told(*pressed: str) -> None:
        keys.extend(pressed)
        await press(*pressed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", timed)
        patch.setattr(d.pilot, "press", told)
        yield
    gc.unfreeze()
    assert not found, found


@pytest.fixture
def busy(house: House) -> House:
    """Letters, one of them unreadable, and records."""
    house.receive(None, None, Unreadable("danado"))
    for _ in range(3):
        house.office.radicar_sin_imagen(LETTER)
    return house


WALKS = {
    "recepcion": ("down", "enter", *"ab", "ctrl+z", "f4", "escape", "ctrl+x", "z", "escape",
                  "f6", "escape", "f8", "escape", "ctrl+l", "escape", "ctrl+o", "escape", "f2"),
    "area": ("down", "space", "enter", "escape", "m", "escape", "slash", *"hueco", "escape",
             "escape", "a", "escape", "n", *"ab", "escape"),
    "archivo": tuple("123456"),
    "consulta": (*"huec", "ctrl+u", "enter", "down", "enter", "pagedown", "escape", "s", "s", "e"),
    "tablero": ("down", "end", "a", "down", "escape"),
    "procesos": ("down", "slash", *"leer", "escape"),
    "integridad": ("down", "enter", "escape", "f2"),
}  # fmt: skip
ANYWHERE = ("f1", "right", "end", "tab", "end", "escape", "ctrl+p", *"area", "escape")


def test_every_room_is_walked() -> None:
    assert set(WALKS) == set(rooms.BY_ID)


@pytest.mark.parametrize("room", WALKS)
@pytest.mark.usefixtures("busy")
async def test_no_key_holds_up_the_loop(drive: Drive, room: str) -> None:
    start = "consulta" if room == "recepcion" else "recepcion"
    async with drive(size=(140, 40), room=start) as d, watched(d):
        await d.press(rooms.BY_ID[room].key)
        assert d.app.current_mode == room
        await d.press(*WALKS[room], *ANYWHERE)


async def test_the_watchdog_bites(house: House, drive: Drive) -> None:
    async with drive() as d:
        with pytest.raises(AssertionError, match="tras «z»"):
            async with watched(d):
                d.app.call_later(_work)
                await d.press("z")


def _work() -> None:
    until = time.thread_time() + 2 * MOST
    while time.thread_time() < until:
        pass
