"""Keys that come in one packet do what they would have done one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from tests.tui.conftest import Driver, House, focused, value
from tui import typeahead
from tui.dialogs.ask import CounterDialog
from tui.screens.help import HelpScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    Drive = Callable[..., Any]


async def burst(d: Driver, *keys: str | events.Paste) -> None:
    """All at once, as a line that was slow brings them."""
    for key in keys:
        d.app._driver.send_message(
            events.Key(key, key if len(key) == 1 else None) if isinstance(key, str) else key
        )
    await d.pilot.pause()
    await d.settle()


async def test_a_word_typed_behind_the_key_that_opens_its_line(house: House, drive: Drive) -> None:
    house.office.radicar_sin_imagen({"remitente": "Ana Gil", "asunto": "Un hueco"})
    house.office.radicar_sin_imagen({"remitente": "Luis Peña", "asunto": "Ruido"})
    async with drive(room="consulta") as d:
        await burst(d, "enter", "slash", *"hueco", "enter")
        await d.settle()
        assert d.app.screen.query_one("#hallados").has_focus
        assert "Consulta hueco" in d.shown() and "1 radicado" in d.shown()


async def test_a_dialog_gets_what_was_typed_for_it(house: House, drive: Drive) -> None:
    async with drive() as d:
        await burst(d, "f6", events.Paste("Ana Gil"), "tab", "3", "enter")
        assert not isinstance(d.app.screen, CounterDialog)
        await d.until(house.numbers, "número")
    (number,) = house.numbers()
    assert house.office.ver(number).campos["remitente"] == "Ana Gil"


async def test_another_room_gets_what_was_typed_for_it(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await burst(d, "ctrl+f", *"zz", "ctrl+r", "end", "a")
        assert focused(d) == "campo-remitente" and value(d, "remitente").endswith("a")
        assert "zz" not in value(d, "remitente")
        await burst(d, "escape", "question_mark", "down", "escape", "end", "f1")
        assert isinstance(d.app.screen, HelpScreen)


async def test_a_handler_that_hangs_does_not_take_the_keyboard(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeahead, "PATIENCE", 0.05)
    house.receive(None)
    async with drive() as d:

        async def never(_: object) -> None:
            await typeahead.asyncio.sleep(0.6)

        monkeypatch.setattr(type(d.app.screen), "on_key", never, raising=False)
        await burst(d, "end", "x", "y")
        assert value(d, "remitente").endswith("xy")
