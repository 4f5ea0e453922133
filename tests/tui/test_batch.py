"""Batches of similar letters, taking back what was typed, and jumping to a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.tui.conftest import House, focused, value
from tui import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    Drive = Callable[..., Any]


async def test_what_was_typed_is_taken_back_until_the_number(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    async with drive() as d:
        await d.press(*" otra")
        assert value(d, "remitente") == "María Muñoz Peña otra"
        await d.press("tab", "tab", "ctrl+u", *"Nada")
        await d.press("ctrl+z")
        assert value(d, "asunto") == "Copia del contrato 044" and focused(d) == "campo-asunto"
        await d.press("ctrl+z")
        assert value(d, "remitente") == "María Muñoz Peña"
        await d.press("ctrl+z")
        assert d.notice == texts.NOTHING_TO_UNDO
    written = house.reception().drafts.get(ident).escritos
    assert (written["remitente"], written["asunto"]) == (
        "María Muñoz Peña",
        "Copia del contrato 044",
    )


async def test_a_letter_closed_without_number_comes_back_and_a_number_does_not(
    house: House, drive: Drive
) -> None:
    first, second, _ = house.receive(None, None, None)
    async with drive() as d:
        await d.press("f8", "1")
        await d.until(lambda: d.room.desk.letter and d.room.desk.letter.id == second)
        await d.press("escape", "u")
        await d.until(lambda: d.room.desk.letter.id == first)
        assert next(iter(d.room.desk.queue)) == first
        # Its reading went with the closing: it is made again without opening the room anew.
        await d.until(lambda: d.notice == texts.read_again("carta-1.pdf"), "se lee otra vez")
        await d.until(lambda: "María Muñoz Peña" in d.shown(), "lo leído")
        await d.press(*" y otra")
        await d.number()
        await d.press("ctrl+z")
        assert d.notice == texts.NOTHING_TO_UNDO
    assert len(house.numbers()) == 1


async def test_a_batch_repeats_what_was_given_and_nothing_that_was_read(
    house: House, drive: Drive
) -> None:
    house.receive(None, None, None)
    async with drive() as d:
        d.room.form.go_to("dependencia")
        await d.press("ctrl+u", *"120", "enter")
        d.room.form.go_to("prioridad")
        await d.press(*"periodista")
        await d.number()
        assert value(d, "prioridad") == ""
        await d.press("escape", "full_stop")
        assert value(d, "dependencia").startswith("120 ") and "eriodista" in value(d, "prioridad")
        assert value(d, "remitente") == "María Muñoz Peña" and "Dependencia" in d.notice
        await d.press("l")
        assert texts.BATCH in d.shown()
        await d.number()
        assert value(d, "dependencia").startswith("120 ")
        await d.press("escape", "l")
        assert texts.BATCH not in d.text("#cabeza")
    areas = [r.dependencia for r in house.office.buscar("").radicados]
    assert areas == ["120", "120"]


async def test_a_letter_leads_to_a_field(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press("ctrl+o")
        assert " c  Asunto" in d.shown()
        await d.press("c")
        assert focused(d) == "campo-asunto" and " c  Asunto" not in d.shown()
        await d.press("ctrl+o", "escape")
        assert focused(d) == "campo-asunto"
