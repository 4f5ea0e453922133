"""A record's pages in the terminal: what one may see, and nothing of what one may not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.tui.conftest import House
from tui import terminal_texts
from tui.documents import as_letter, number_of
from tui.screens.page import PageScreen
from tui.texts import consulta as words
from tui.widgets.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Driver

    Drive = Callable[..., Any]


def test_a_record_is_known_among_the_letters() -> None:
    assert number_of(as_letter("2026-VU1-E-000001")) == "2026-VU1-E-000001"
    assert number_of("VU1.1") is None


async def seen(d: Driver) -> Picture:
    """The page, once it was drawn or was not."""
    assert isinstance(d.app.screen, PageScreen)
    picture: Picture = d.app.screen.picture
    await d.until(lambda: picture._asked is None and picture.size.width, "hoja")
    await d.settle()
    return picture


async def test_a_numbered_letter_shows_its_page(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    number = (await asyncio.to_thread(house.reception("cruiz").radicar, ident)).radicado
    await asyncio.to_thread(house.reception("cruiz").sellar_pendientes)
    async with drive(room="consulta", pictures=True) as d:
        await d.press("ctrl+x")
        picture = await seen(d)
        assert picture.drawn is not None and picture.at == (1, 1)
        assert number in d.shown()
        await d.press("escape", "ctrl+e", "ctrl+x")
        assert (await seen(d)).drawn is not None


async def test_a_browser_is_given_the_document_in_every_room(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ident, _) = house.receive(None, None)
    await asyncio.to_thread(house.reception("cruiz").radicar, ident)
    await asyncio.to_thread(house.reception("cruiz").sellar_pendientes)
    given: list[str] = []
    async with drive() as d:
        monkeypatch.setattr(type(d.app), "is_web", True)
        monkeypatch.setattr(d.app, "deliver_binary", given.append)
        for room in ("ctrl+r", "ctrl+f", "ctrl+e"):
            await d.press(room, "f7")
            await d.settle()
            assert terminal_texts.DELIVERED in d.shown()
        monkeypatch.undo()
    assert len(given) == 3 and given[0] != given[1] == given[2]


async def test_without_a_document_it_says_so(house: House, drive: Drive) -> None:
    house.office.radicar_sin_imagen({"remitente": "Ana", "asunto": "x"})
    async with drive(room="consulta", pictures=True) as d:
        await d.press("ctrl+x")
        assert (await seen(d)).drawn is None
        assert words.NO_DOCUMENT in " ".join(d.shown().split())
