"""A letter of somebody who has open letters: one key says what it is to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.lectura import Campo
from tests.tui.conftest import USUAL, House, reading
from tui import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    Drive = Callable[..., Any]

WITH_ID = {**USUAL, "cedula": Campo("52345678", 96, 1, None)}
PERSON = {"remitente": "María Muñoz Peña", "cedula": "52345678", "asunto": "Un hueco"}


async def test_one_key_ties_a_letter_to_the_open_one_of_its_sender(
    house: House, drive: Drive
) -> None:
    first = house.reception().radicar_sin_imagen({**PERSON, "tipo": "peticion"}).radicado
    house.receive(reading(**WITH_ID))
    async with drive() as d:
        assert texts.open_of_sender(1) in d.shown()
        await d.press("escape", "v")
        assert d.notice == texts.will_be_tied("alcance", first)
        assert f"alcance de {first}" in d.shown()
        await d.press("v")
        assert d.notice == texts.will_be_tied("reiteración", first)
        await d.press("v", "v")
        assert d.notice == texts.NOT_TIED
        await d.press("v")
        await d.number()
        number = d.room.desk.last.number
    (tie,) = house.office.ver(number).vinculos
    assert (tie.radicado, tie.como, tie.viene) == (first, "alcance", False)


async def test_who_has_nothing_open_has_nothing_to_tie_to(house: House, drive: Drive) -> None:
    house.receive(reading(**WITH_ID))
    async with drive() as d:
        assert texts.open_of_sender(1) not in d.shown()
        await d.press("escape", "v")
        assert d.notice == texts.NOTHING_OPEN
        await d.number()
        assert house.office.ver(d.room.desk.last.number).vinculos == []


async def test_another_letter_takes_no_tie_from_the_one_before(house: House, drive: Drive) -> None:
    first = house.reception().radicar_sin_imagen({**PERSON, "tipo": "peticion"}).radicado
    house.receive(reading(**WITH_ID), reading("otra", **WITH_ID))
    async with drive() as d:
        await d.press("escape", "v", "ctrl+n", "ctrl+up")
        await d.number()
        number = d.room.desk.last.number
    assert first != number and house.office.ver(number).vinculos == []
