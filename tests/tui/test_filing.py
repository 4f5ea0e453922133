"""A document that belongs to a record which is there already, joined to it from the queue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ingest.lectura import Unreadable
from tests.tui.conftest import USUAL, House, reading
from tui import texts
from tui.dialogs.file import FileDialog
from tui.widgets.field import TextField

if TYPE_CHECKING:
    from collections.abc import Callable

    Drive = Callable[..., Any]


def written(d: Any) -> str:
    """The number that the dialog would join the document to."""
    text: str = d.app.screen.query_one("#radicado", TextField).value
    return text


async def test_a_document_is_joined_to_the_record_that_is_typed(house: House, drive: Drive) -> None:
    _, second = house.receive(None, reading("El acuse firmado"))
    async with drive() as d:
        await d.number()
        number = d.room.desk.last.number
        assert d.room.desk.wanted == second
        await d.press("escape", "i")
        assert isinstance(d.app.screen, FileDialog)
        await d.press("ctrl+u", *number.lower(), "enter")
        assert d.app.screen is d.room
        assert d.notice == texts.joined(number, image=False)
        assert d.room.desk.queue == {} and "No hay cartas por radicar" in d.shown()
    assert house.numbers() == [number]
    roles = [doc.rol for doc in house.office.ver(number).documentos]
    assert roles == ["original", "registro", "acuse"]


async def test_what_waits_for_its_image_is_offered_first(house: House, drive: Drive) -> None:
    counter = house.reception().radicar_sin_imagen({"remitente": "Ana Gil"}).radicado
    house.receive(None, reading("De la misma remitente", **USUAL))
    async with drive() as d:
        await d.press("escape", "i")
        assert f"{counter} · Ana Gil · {texts.IMAGE_PENDING}" in d.shown()
        await d.press("down", "enter")
        assert d.notice == texts.joined(counter, image=True)
        await d.number()
        number = d.room.desk.last.number
    assert [doc.rol for doc in house.office.ver(counter).documentos][:1] == ["original"]
    assert house.office.ver(counter).marcas == []
    house.receive(reading("Otra de ella", **USUAL), name="otra")
    async with drive() as d:
        await d.press("escape", "i")
        assert f"{number} · María Muñoz Peña" in d.shown()
        assert counter not in d.shown()


async def test_a_number_that_is_not_there_is_asked_again(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press("escape", "i", "enter")
        assert texts.NEEDED in d.shown()
        await d.press(*"2020-vu1-e-000009", "enter")
        assert isinstance(d.app.screen, FileDialog)
        assert "No hay ningún radicado" in d.shown()
        assert written(d) == "2020-VU1-E-000009"
        await d.press("escape")
        assert d.app.screen is d.room and len(d.room.desk.queue) == 1


async def test_what_could_not_be_read_can_be_joined_too(house: House, drive: Drive) -> None:
    number = house.reception().radicar_sin_imagen({"remitente": "Ana Gil"}).radicado
    house.receive(Unreadable("danado"))
    async with drive() as d:
        await d.press("ctrl+l", "i", "down", "enter")
        assert d.notice == texts.joined(number, image=True)
        assert d.room.desk.rows == {}


async def test_who_is_no_clerk_joins_nothing(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive(persona="gpardo") as d:
        await d.press("escape", "i")
        assert d.app.screen is d.room and d.notice == texts.NOT_A_CLERK


async def test_a_letter_that_another_holds_is_not_joined(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    await asyncio.to_thread(lambda: house.reception("cruiz").tomar(ident))
    async with drive() as d:
        await d.press("escape", "i")
        assert d.app.screen is d.room and "pídale soltarla" in d.notice
