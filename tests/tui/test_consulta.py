"""The room «Consulta»: what is typed is looked for, what is found is read, kept and written."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import pytest

from tests.tui.conftest import House
from tests.tui.test_words import ENGLISH, NEVER
from tui import consulta_words
from tui.dialogs.sheet import SheetDialog
from tui.messages import consulta as m
from tui.screens.consulta import ConsultaScreen
from tui.screens.por_radicar import PorRadicar
from tui.texts import consulta as words
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Driver

    Drive = Callable[..., Any]

ANA = {"remitente": "Ana Gil", "asunto": "Un hueco", "tipo": "peticion", "dependencia": "140"}
EVIL = {**ANA, "remitente": "[bold]Luis[/] Peña", "asunto": "=1+1 [@click=app.bell]x[/]"}


def room_of(d: Driver) -> ConsultaScreen:
    found = d.app.screen_stack[0]
    assert isinstance(found, ConsultaScreen)
    return found


async def typed(d: Driver, *keys: str) -> None:
    """Keys of the line, and what is found by them."""
    await d.press(*keys)
    room = room_of(d)
    await d.until(lambda: room.line.text == room.line.field.value.lstrip(), "se preguntó")
    await d.settle()


async def test_from_the_counter_one_asks_reads_and_is_back_where_one_was(
    house: House, drive: Drive
) -> None:
    ana = house.office.radicar_sin_imagen(ANA).radicado
    luis = house.office.radicar_sin_imagen(EVIL).radicado
    explained = house.office.ver(ana).termino
    assert explained is not None
    async with drive() as d:
        await d.press("f3")
        assert ana in d.shown() and luis in d.shown()
        assert "2 radicados" in d.shown()
        assert "[bold]Luis[/]" in d.shown()  # as it was written, and no markup
        await typed(d, *"remi")
        assert "▸ remitente:" in d.shown()
        await typed(d, "tab", *"gi")
        assert room_of(d).query_text == "remitente:gi*"
        assert luis not in d.shown() and "1 radicado" in d.shown()
        await d.press("enter", "enter")
        assert isinstance(d.app.screen, SheetDialog)
        shown = " ".join(d.shown().split())
        assert f"{ana} · asignado" in shown
        assert explained["explicacion"].splitlines()[0][:50] in shown
        await d.press(*["pagedown"] * 3)
        assert "se radicó (Persona de demostración)" in " ".join(d.shown().split())
        assert not ENGLISH.findall(d.shown()) and not NEVER.findall(d.shown())
        await d.press("o")
        assert d.notice == words.NO_DOCUMENT
        await d.press("escape", "escape")
        assert isinstance(d.app.screen, PorRadicar)


async def test_an_older_answer_is_thrown_away_and_what_cannot_be_is_told(
    house: House, drive: Drive
) -> None:
    house.office.radicar_sin_imagen(ANA)
    async with drive(room="consulta") as d:
        room = room_of(d)
        room._found(m.IdsFound(room._ticket - 1, array("q", [7, 8, 9]), done=True))
        assert len(room.list.ids) == 1
        await typed(d, *"desde:ayer")
        assert "no es una fecha" in d.notice
        await typed(d, "ctrl+u", *"nadie")
        assert words.NONE in d.shown()
        assert d.notice.startswith("«ayer»") or d.notice
        await d.press("enter", "enter", "o", "e")
        assert d.notice == words.NOTHING_FOUND


async def test_the_record_beside_the_list_comes_back_after_nothing_was_found(
    house: House, drive: Drive
) -> None:
    number = house.office.radicar_sin_imagen(ANA).radicado
    async with drive((140, 40), room="consulta") as d:
        pane = room_of(d).query_one(SheetPane)
        await d.until(lambda: pane.shown is not None, "al lado")
        await typed(d, *"zz")
        assert pane.shown is None
        await typed(d, "ctrl+u", *"hueco")
        await d.until(lambda: pane.shown is not None, "otra vez")
        assert pane.shown.id == number


async def test_order_a_value_of_the_row_and_a_table_of_what_is_seen(
    house: House, drive: Drive
) -> None:
    for one in (ANA, EVIL, {**ANA, "dependencia": "120", "remitente": "Zoe Ruiz"}):
        house.office.radicar_sin_imagen(one)
    async with drive(room="consulta") as d:
        room = room_of(d)
        await d.press("enter", "s", "s")
        assert words.order("vence") in d.shown() and words.DUE_COLUMN in d.shown()
        await d.press("s", "end")
        assert words.order("remitente") in d.shown()
        await d.press("comma", *"zoe", "enter")
        await d.until(lambda: "zoe" in room.line.text.lower(), "filtro")
        await d.settle()
        assert "1 radicado" in d.shown()
        room.line.put("área:140")
        await d.settle()
        room.list.focus()
        await d.press("e")
    (path,) = (house.home / "salida" / "consultas").iterdir()
    text = path.read_text(encoding="utf-8-sig")
    assert "Consulta;área:140" in text and "Radicados;2" in text
    assert ";'=1+1 " in text and "Zoe" not in text


async def test_a_query_is_kept_under_a_digit_with_its_count_for_that_person(
    house: House, drive: Drive
) -> None:
    house.office.radicar_sin_imagen(ANA)
    async with drive(room="consulta") as d:
        await typed(d, *"estado:asignado ")
        await d.press("enter", "w", *"3 Por hacer", "enter")
        assert "3 Por hacer 1" in d.shown()
        house.office.radicar_sin_imagen(ANA)
        await d.press("f5")
        assert "3 Por hacer 2" in d.shown()
        await d.press("5")
        assert d.notice == words.no_view(5)
        room_of(d).line.put("nada")
        await d.settle()
        await d.press("3")
        assert "2 radicados" in d.shown()
        assert house.office.vistas()[0].consulta == "estado:asignado"
        await d.press("x", "enter")
        assert d.notice == words.dropped(3) and not house.office.vistas()


async def test_what_is_reserved_is_opened_by_who_asks_for_it_and_not_by_passing(
    house: House, drive: Drive
) -> None:
    number = house.office.radicar_sin_imagen(ANA).radicado
    house.office.clasificar(
        number, "reservada", fundamento="19a", motivo="Es una prueba", norma="Ley 1712"
    )
    async with drive((140, 40), room="consulta") as d:
        pane = room_of(d).query_one(SheetPane)
        await d.until(lambda: pane.shown is not None, "hoja al lado")
        assert words.OPEN_TO_READ[:20] in d.shown()
        assert not _consulted(house, number)
        await d.press("enter", "enter")
        assert isinstance(d.app.screen, SheetDialog) and "reservado" in d.shown()
        assert _consulted(house, number)


def _consulted(house: House, number: str) -> int:
    office = house.office
    office.index.catch_up()
    events = office.index.events(office.subject(number))
    return sum(e.type == "acceso.consultado" for e in events)


@pytest.mark.parametrize(
    ("query", "piece", "both"),
    [
        ("", "área:120", "área:120"),
        ("hueco", "área:120", "hueco área:120"),
        ("ana o luis", "área:120", "(ana o luis) área:120"),
        ("área:120 x", "área:120", "área:120 x"),
    ],
)
def test_a_query_is_narrowed(query: str, piece: str, both: str) -> None:
    assert consulta_words.narrowed(query, piece) == both


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("mun", "mun*"),
        ("muñoz ", "muñoz"),
        ("remitente:gi", "remitente:gi*"),
        ("área:120", "área:120"),
        ("ana o", "ana o"),
        ("(ana o lu", "(ana o lu*"),
        ('"acta fin', '"acta fin*'),
        ("", ""),
    ],
)
def test_a_word_that_one_is_typing_is_only_begun(typed: str, asked: str) -> None:
    assert consulta_words.begun(typed) == asked


def test_all_that_happens_to_a_record_has_words() -> None:
    from records.events import TYPES

    of_records = ("documento", "radicado", "tramite", "acceso", "envio", "registro", "respuesta")
    named = [t for t in TYPES if t.partition(".")[0] in of_records]
    assert not [t for t in named if t not in words.EVENTS]
