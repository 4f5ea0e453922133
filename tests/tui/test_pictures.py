"""Pictures of the room, compared to approved ones. Renew: `pytest --snapshot-update`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.tui.conftest import USUAL, House, reading
from tui import themes
from tui.app import VentanillaApp
from tui.graphics import Graphics
from tui.screens.por_radicar import PorRadicar
from tui.tasks import Tasks
from tui.views import Last
from tui.widgets.last import LastNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

HOUR = "22 nov 10:42"


@pytest.fixture
def picture(
    house: House, snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., bool]]:
    """Compare the room of the house; every hour on it is the same one."""
    monkeypatch.setattr("tui.letters.hour", lambda stamp: HOUR if stamp else "")
    opened: list[Tasks] = []

    def compare(size: tuple[int, int], *keys: str, theme: str = themes.OWN) -> bool:
        tasks = Tasks(house.home, None, reader=house.reader)  # type: ignore[arg-type]
        opened.append(tasks)
        tasks.viewing.graphics = Graphics("no")
        app = VentanillaApp(tasks, watch=False, theme=theme)

        async def rest(pilot: Pilot[Any]) -> None:
            room = app.screen_stack[0]
            assert isinstance(room, PorRadicar)
            await quiet(pilot)
            if room.desk.queue:
                room.query_one(LastNumber).show(Last("2026-VU1-E-000123", HOUR, 2, "VU1.1"))
            for key in keys:
                await pilot.press(key)
            await quiet(pilot)

        async def quiet(pilot: Pilot[Any]) -> None:
            for _ in range(3):
                await pilot.pause()
                while tasks.busy:
                    await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=rest)

    yield compare
    for tasks in opened:
        tasks.close()


@pytest.fixture
def letters(house: House) -> None:
    """Three letters, one of them twice."""
    text = "Señor alcalde:\nYo, María Muñoz Peña, pido copia\ndel contrato 044 de 2025."
    house.receive(reading(f"{text}\fSegunda página", **USUAL), None, reading("Otra", **USUAL))


@pytest.mark.usefixtures("letters")
def test_the_room_at_80x24(picture: Callable[..., bool]) -> None:
    assert picture((80, 24))


@pytest.mark.usefixtures("letters")
def test_the_room_at_120x40_ready(picture: Callable[..., bool]) -> None:
    assert picture((120, 40), "enter", "enter", "enter")


@pytest.mark.usefixtures("letters")
def test_sixteen_colours(picture: Callable[..., bool]) -> None:
    assert picture((80, 24), theme=themes.SIXTEEN)


@pytest.mark.usefixtures("letters")
def test_no_radicar(picture: Callable[..., bool]) -> None:
    assert picture((80, 24), "f8", "2")
