"""The room «Tablero»: figures that lead to their records, and what presses with who should act."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Static

from ingest.lectura import Unreadable
from records import lines
from tests.tui.conftest import House
from tests.tui.test_words import ENGLISH, NEVER
from tui import tablero_words, texts
from tui.bars import bar, figure
from tui.screens.consulta import ConsultaScreen
from tui.screens.por_radicar import PorRadicar
from tui.screens.tablero import TableroScreen
from tui.texts import tablero as words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Driver

    Drive = Callable[..., Any]

LETTER = {"remitente": "Ana Gil", "asunto": "Un hueco", "tipo": "peticion", "dependencia": "140"}
EVIL = "\x1b]0;x\x07\x1b[31m[red]hueco[/]\u202eoña"


def room_of(d: Driver) -> TableroScreen:
    found = d.app.screen_stack[0]
    assert isinstance(found, TableroScreen)
    return found


def line_of(d: Driver, text: str) -> str:
    return next(row for row in d.shown().split("\n") if text in row)


async def to_line(d: Driver, name: str) -> None:
    """The cursor goes to a figure, by its name."""
    room = room_of(d)
    ident = next(b.id for b in room._bars.values() if name in f"{b.group} {b.name}")
    room.list.action_edge(0)
    for _ in range(list(room.list.ids).index(ident)):
        room.list.action_move(1)
    detail = room.query_one("#tablero-detalle", Static)
    await d.until(lambda: str(detail.visual) == room._bars[ident].told, "la cifra elegida")


@pytest.fixture
def late(house: House) -> str:
    """A petition that is long overdue."""
    long_ago = lines.now() - timedelta(days=60)
    return house.office.radicar_sin_imagen(LETTER, recibido=long_ago).radicado


async def test_a_bar_leads_to_its_records_and_esc_comes_back_to_it(
    house: House, drive: Drive, late: str
) -> None:
    other = house.office.radicar_sin_imagen({**LETTER, "dependencia": "120"}).radicado
    async with drive() as d:
        await d.press("ctrl+d")
        shown = d.shown()
        assert "Se radicaron" in shown and "█" in line_of(d, "Se radicaron")
        assert " 2 " in line_of(d, "Se radicaron")
        assert not ENGLISH.findall(shown) and not NEVER.findall(shown)
        await to_line(d, "Vencidos 140")
        assert "Enter los muestra en Consulta: estado:vencido área:140" in " ".join(
            d.shown().split()
        )
        await d.press("enter")
        assert isinstance(d.app.screen, ConsultaScreen)
        assert late in d.shown() and other not in d.shown() and "1 radicado" in d.shown()
        await d.press("escape", "escape")
        assert room_of(d).list.cursor.startswith(words.OVERDUE)
        await d.press("escape")
        assert isinstance(d.app.screen, PorRadicar)


async def test_all_that_presses_is_there_the_worst_first_with_whose_turn_it_is(
    house: House, drive: Drive, late: str
) -> None:
    judge = house.reception().radicar_sin_imagen({**LETTER, "tipo": "tutela"}).radicado
    async with drive() as d:
        assert d.notice.endswith(texts.pressing(1, 0, 1, 0))
        await d.press("ctrl+d")
        assert "por fijar" in d.shown() and "[Tablero]" in d.shown()
        await d.press("a")
        shown = d.shown()
        assert shown.index(judge) < shown.index(late)
        assert "POR FIJAR" in shown and "VENCIDO" in shown and "venció el" in shown
        assert "Marcela Quintero Vela: " in shown and "fijar-plazo" in shown
        await d.press("down", "enter")
        assert isinstance(d.app.screen, ConsultaScreen) and late in d.shown()
        await d.press("escape", "escape", "escape")
        assert "[Tablero]" in d.shown()
        await to_line(d, "Alertas vencido")
        await d.press("enter")
        assert late in d.shown() and judge not in d.shown()


async def test_where_nothing_presses_it_says_so(house: House, drive: Drive) -> None:
    async with drive() as d:
        assert "Alertas" not in d.notice
        await d.press("ctrl+d")
        assert words.NO_ALERTS.rstrip(".").lower() in d.shown().lower()
        assert "ninguno" in line_of(d, words.OVERDUE)
        await to_line(d, "Se radicaron")
        await d.press("enter")
        assert d.notice == words.NOTHING_HERE


async def test_what_waits_leads_to_the_counter_for_who_enters_there(
    house: House, drive: Drive
) -> None:
    house.receive(None, Unreadable("danado"))
    async with drive() as d:
        await d.press("ctrl+d")
        assert " 1 " in line_of(d, "Esperan su número") and " 1 " in line_of(d, "No se pudieron")
        await to_line(d, "No se pudieron")
        await d.press("enter")
        assert isinstance(d.app.screen, PorRadicar) and d.app.screen.desk.shows_unreadable
    async with drive(room="tablero", persona="mquintero") as d:
        await d.until(lambda: room_of(d)._bars, "cifras")
        await to_line(d, "Esperan su número")
        await d.press("enter")
        assert d.notice == words.not_yours("Recepción")


async def test_who_heads_an_area_sees_it_first_and_only_their_alerts(
    house: House, drive: Drive, late: str
) -> None:
    mine = house.office.authority.areas["140"].jefe
    house.office.radicar_sin_imagen(
        {**LETTER, "dependencia": "120"}, recibido=lines.now() - timedelta(days=60)
    )
    async with drive(room="tablero", persona=mine) as d:
        await d.until(lambda: room_of(d)._bars, "cifras")
        await d.settle()
        rows = d.shown().split("\n")
        assert "Su área 140" in rows[2] and "vencidos" in rows[2] and " 1 " in rows[2]
        await d.press("a")
        assert list(room_of(d).list.ids) == [late]


async def test_lines_are_filtered_and_hostile_text_is_only_text(house: House, drive: Drive) -> None:
    house.office.radicar_sin_imagen(
        {**LETTER, "asunto": EVIL}, recibido=lines.now() - timedelta(days=60)
    )
    async with drive((140, 40), room="tablero") as d:
        await d.until(lambda: room_of(d)._alerts, "alertas")
        await d.settle()
        assert "[red]hueco[/]" in d.shown()
        await d.press("a", "slash", *"hueco", "enter")
        await d.until(lambda: room_of(d).filter.text == "hueco", "filtro")
        shown = d.shown()
        assert shown.replace("\n", "").isprintable() and "[red]hueco[/]" in shown
        strips = d.app.screen._compositor.render_strips()
        assert not any("\x1b" in s.text or "\u202e" in s.text for line in strips for s in line)
        assert len(room_of(d).list.ids) == 1
        await d.press("slash", "ctrl+u", *"zzz", "enter")
        await d.until(lambda: not room_of(d).list.ids, "nada coincide")
        assert words.NONE_FITS in d.shown()
        await d.press("escape")
        assert len(room_of(d).list.ids) == 1
        await d.press("escape")
        assert "[Tablero]" in d.shown()


async def test_an_ascii_terminal_has_ascii_bars(house: House, drive: Drive, late: str) -> None:
    assert bar(5, 10, 10) == "█████" and bar(5.5, 10, 10) == "█████▌"
    assert bar(5, 10, 10, ascii=True) == "#####" and bar(1, 10_000, 10) == "▌"
    assert bar(0, 10, 10) == bar(1, 0, 10) == bar(1, 1, 0) == ""
    assert figure(1_234_567) == "1.234.567"
    async with drive(room="tablero") as d:
        await d.until(lambda: room_of(d)._bars, "cifras")
        one = next(iter(room_of(d)._bars.values()))
        drawn = next(tablero_words.rows([one], 10, ascii=True)).cells[-1]
        assert drawn.isascii()


async def test_where_thousands_press_the_worst_are_listed_and_all_are_counted(
    house: House, drive: Drive, late: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tablero_words, "LISTED", 1)
    old = {"recibido": lines.now() - timedelta(days=90)}
    worst = house.office.radicar_sin_imagen(LETTER, **old).radicado
    async with drive(room="tablero") as d:
        await d.until(lambda: room_of(d)._alerts, "alertas")
        await d.settle()
        assert "Alertas 2" in d.shown() and " 2 " in line_of(d, "vencido ")
        await d.press("a")
        assert list(room_of(d).list.ids) == [worst] and late != worst
        assert d.notice == words.first_of("1", "2")
