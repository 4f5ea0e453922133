"""A clerk's day at «Por radicar»."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from ingest.lectura import Campo
from records.errors import MachineCannot
from tests.tui.conftest import USUAL, House, focused, reading, value
from tui import texts
from tui.dialogs.ask import AskDialog, CounterDialog, QuitDialog
from tui.dialogs.choose import DiscardDialog
from tui.widgets.field import TextField
from tui.widgets.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    Drive = Callable[..., Any]


async def test_the_letter_under_the_cursor_is_shown_at_once(house: House, drive: Drive) -> None:
    house.receive(None, None)
    async with drive() as d:
        assert value(d, "remitente") == "María Muñoz Peña"
        assert "pido copia" in d.shown()
        assert "Por radicar 2" in d.shown()
        assert "DEMOSTRACIÓN" in d.shown()


async def test_the_focus_goes_to_the_first_doubtful_field(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        assert focused(d) == "campo-remitente"
        assert d.room.query_one(Reading).marked_text == "María Muñoz Peña,"


async def test_enter_visits_the_doubtful_fields_and_then_says_ready(
    house: House, drive: Drive
) -> None:
    house.receive(None)
    async with drive() as d:
        assert "3 por revisar" in d.text("#estado")
        await d.press("enter")
        assert focused(d) == "campo-dependencia"
        await d.press("enter")
        assert focused(d) == "campo-folios"
        await d.press("enter")
        assert d.text("#estado") == texts.READY


async def test_enter_never_numbers(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press(*["enter"] * 40)
        assert d.text("#estado") == texts.READY
        assert house.numbers() == []


async def test_what_was_accepted_stays_accepted(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    async with drive() as d:
        await d.press("enter", "enter", "enter")
    assert house.reception().drafts.get(ident).escritos["remitente"] == "María Muñoz Peña"
    async with drive() as d:
        assert d.text("#estado") == texts.READY


async def test_f2_numbers_and_loads_the_next(house: House, drive: Drive) -> None:
    first, second = house.receive(None, reading("Otra carta", **USUAL))
    async with drive() as d:
        assert d.room.desk.wanted == first
        await d.number()
        assert house.numbers() == [d.room.desk.last.number]
        assert d.room.desk.letter.id == second
        assert "Otra carta" in d.shown()
        assert d.room.desk.last.number in d.text("#ultimo-texto")
        assert focused(d) == "campo-remitente"
        assert d.app.screen is d.room


async def test_page_one_is_on_screen_while_the_rest_is_read(house: House, drive: Drive) -> None:
    early = {name: USUAL[name] for name in ("asunto", "canal")}
    house.reader.first = reading("La primera página", **early)
    house.reader.gate.clear()
    whole = {**USUAL, "asunto": Campo("Otro asunto", 90, 2, None)}
    long = reading("La primera página\fY la segunda", **whole)
    reading_it = threading.Thread(target=house.receive, args=(long,))
    reading_it.start()
    assert house.reader.first_shown.wait(20)
    async with drive() as d:
        assert "La primera página" in d.shown()
        assert texts.READING in d.shown()
        assert value(d, "asunto") == "Copia del contrato 044"
        assert value(d, "folios") == ""
        d.room.form.go_to("asunto")
        await d.press("end", *"-bis")
        house.reader.gate.set()
        reading_it.join(20)
        d.room.look_again()
        await d.settle()
        assert value(d, "asunto") == "Copia del contrato 044-bis"
        assert value(d, "remitente") == "María Muñoz Peña"
        assert "Y la segunda" in d.shown()
        assert texts.FOREIGN not in d.notice
        await d.number()
    assert house.office.buscar("").radicados[0].asunto == "Copia del contrato 044-bis"


async def test_a_page_that_arrives_is_nobodys_change(house: House, drive: Drive) -> None:
    behind = house.reception()
    ident = behind.office.recibir(b"%PDF-x", reclamo="c", nombre="x.pdf", carril="ventanilla")
    behind.ponerse_al_dia()
    async with drive() as d:
        assert texts.NO_TEXT_YET[:20] in d.shown()
        tell = behind.first_pages.shown_in(behind.drafts.get(ident))
        assert tell is not None
        tell(reading("La primera página", asunto=USUAL["asunto"]))
        d.room.look_again()
        await d.settle()
        assert "La primera página" in d.shown()
        assert value(d, "asunto") == "Copia del contrato 044"
        assert texts.FOREIGN not in d.notice


async def test_a_held_f2_numbers_one_letter(house: House, drive: Drive) -> None:
    house.receive(None, None, None)
    async with drive() as d:
        d.now += 5
        for _ in range(30):
            await d.pilot.press("f2")
            d.now += 0.03
        await d.settle()
        await d.press("f2")
        assert len(house.numbers()) == 1
        await d.number()
        assert len(house.numbers()) == 2


async def test_the_seal_follows_the_number_by_itself(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.number()
        await d.settle()
        assert house.office.por_sellar() == []


async def test_what_is_typed_is_numbered_without_waiting(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press(*" ñ@")
        await d.number()
        row = house.office.buscar("").radicados[0]
        assert row.remitente == "María Muñoz Peña ñ@"


async def test_what_was_typed_survives_a_kill(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    async with drive() as d:
        await d.press(*" Gil")
        await d.until(lambda: not d.room.desk.in_hand, "guardado")
        # Another process, now: as after a kill, it has only the disk.
        draft = house.reception().drafts.get(ident)
        assert draft.escritos["remitente"] == "María Muñoz Peña Gil"


async def test_what_could_not_be_kept_is_told_and_tried_again(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ident,) = house.receive(None)
    async with drive() as d:
        door = d.app.tasks._front_door
        full = MachineCannot("disco", "El disco está lleno.")

        def fail(*_: object) -> None:
            raise full

        with monkeypatch.context() as broken:
            broken.setattr(door, "escribir", fail)
            await d.press("x", "tab")
            assert d.notice.startswith(texts.NOT_SAVED)
            await d.press("ctrl+q")
            assert isinstance(d.app.screen, QuitDialog)
            await d.press("escape")
        d.room.look_again()
        await d.settle()
        assert house.reception().drafts.get(ident).escritos["remitente"].endswith("x")


async def test_an_older_letter_left_behind_wants_a_reason(house: House, drive: Drive) -> None:
    first, _second = house.receive(None, None)
    async with drive() as d:
        await d.press("ctrl+n")
        await d.number()
        assert isinstance(d.app.screen, AskDialog)
        assert "--motivo" not in d.shown()
        await d.press("enter")
        assert isinstance(d.app.screen, AskDialog)
        await d.press(*"urge", "enter")
        assert len(house.numbers()) == 1
        assert d.room.desk.letter.id == first


async def test_a_person_at_the_counter_gets_a_number_at_once(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press("f6")
        assert isinstance(d.app.screen, CounterDialog)
        await d.press(*"Ñusta @", "enter")
        row = house.office.buscar("").radicados[0]
        assert row.remitente == "Ñusta @"
        assert row.radicado in d.text("#ultimo-texto")
        assert len(d.room.desk.queue) == 1


async def test_the_label_can_be_made_again(house: House, drive: Drive) -> None:
    async with drive() as d:
        await d.press("f5")
        assert d.notice == texts.NO_NUMBER_YET
        await d.press("f6", "enter", "f5")
        assert d.notice.startswith("El rótulo 2026-VU1-E-")
        assert list((house.home / "salida" / "etiquetas").glob("*.pdf"))


async def test_no_radicar_wants_its_reason(house: House, drive: Drive) -> None:
    house.receive(None, None, None)
    async with drive() as d:
        await d.press("f8")
        assert isinstance(d.app.screen, DiscardDialog)
        await d.press("3")
        assert len(d.room.desk.queue) == 2
        await d.press("f8", "7", "enter")
        assert isinstance(d.app.screen, DiscardDialog)
        assert texts.NEEDED not in d.shown()
        await d.press("x", "backspace", "enter")
        assert texts.NEEDED in d.shown()
        await d.press(*"vacía", "enter")
        assert len(d.room.desk.queue) == 1
        assert house.numbers() == []


async def test_a_duplicate_names_its_number(house: House, drive: Drive) -> None:
    house.receive(None, None)
    async with drive() as d:
        await d.number()
        number = d.room.desk.last.number
        await d.press("f8", "2", *"2020-vu1-e-000009", "enter")
        assert isinstance(d.app.screen, DiscardDialog)
        assert "No hay ningún radicado" in d.shown()
        assert d.app.screen.query_one("#detalle", TextField).value == "2020-VU1-E-000009"
        await d.press("ctrl+u", *number.lower(), "enter")
        assert d.room.desk.queue == {}
        assert "No hay cartas por radicar" in d.shown()
