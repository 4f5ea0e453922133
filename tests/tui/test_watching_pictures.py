"""Pictures of the rooms that watch over the office. Renew: `pytest --snapshot-update`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from records.alerts import Alert
from records.figures import Board, Figure, OwnArea, Timely
from tests.tui.conftest import House
from tui import tablero_words, themes
from tui.app import VentanillaApp
from tui.graphics import Graphics
from tui.messages import tablero as told
from tui.screens.tablero import TableroScreen
from tui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

    Fill = Callable[[Any], None]

SIZES = [(80, 24), (140, 40)]


@pytest.fixture
def picture(house: House, snap_compare: Callable[..., bool]) -> Iterator[Callable[..., bool]]:
    """Compare a room of the house, filled by hand: no hour and no hash of this run is on it."""
    opened: list[Tasks] = []

    def compare(size: tuple[int, int], room: str, fill: Fill, *keys: str) -> bool:
        tasks = Tasks(house.home, None, reader=house.reader)  # type: ignore[arg-type]
        opened.append(tasks)
        tasks.viewing.graphics = Graphics("no")
        app = VentanillaApp(tasks, watch=False, theme=themes.OWN, room=room)

        async def rest(pilot: Pilot[Any]) -> None:
            await quiet(pilot)
            fill(app.screen_stack[0])
            for key in keys:
                await pilot.press(key)
            await quiet(pilot)

        async def quiet(pilot: Pilot[Any]) -> None:
            for _ in range(3):
                await pilot.pause(0.1)
                while tasks.busy:
                    await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=rest)

    yield compare
    for tasks in opened:
        tasks.close()


# -- Tablero --------------------------------------------------------------------------------------


def figures(*pairs: tuple[str, int]) -> tuple[Figure, ...]:
    return tuple(Figure(name, total, f"de:{name}") for name, total in pairs)


BOARD = Board(
    dia="2026-11-23",
    hoy=figures(("recibidos", 42), ("radicados", 38), ("respondidos", 17),
                ("imagen_pendiente", 3), ("sello_pendiente", 0)),
    vencidos=figures(("140", 12), ("120", 5), ("", 2)),
    por_vencer=figures(("0-0", 4), ("1-3", 9), ("4-7", 21), ("8-15", 60)),
    a_tiempo=(Timely("2026-11", 230, 20, "x"), Timely("2026-10", 310, 0, "x")),
    canales=figures(("fisico", 410), ("correo_electronico", 260), ("web", 90), ("", 44)),
    meses=figures(("2026-11", 804), ("2026-10", 1190), ("2026-09", 1042)),
    propias=(OwnArea("140", figures(("vencidos", 12), ("0-0", 1), ("1-3", 2), ("4-7", 6),
                                    ("8-15", 14), ("sin_responsable", 3), ("pendientes", 41))),),
)  # fmt: skip


def alert(level: Any, number: str, **more: Any) -> Alert:
    usual: dict[str, Any] = {
        "vence": "2026-11-20T23:59:59-05:00", "dias_habiles": -1, "dependencia": "140",
        "responsable": None, "que_hacer": "Asígnelo a quien deba tramitarlo; debe responderse hoy.",
        "quien": "mquintero", "quien_nombre": "Marcela Quintero Vela",
        "asunto": "Copia del contrato 044 de 2025", "tipo": "peticion", "conjuntas": (),
        "sin_responsable": True, "norma": "Ley 1755 de 2015, art. 14", "reservado": None,
    }  # fmt: skip
    return Alert(radicado=number, nivel=level, **(usual | more))


ALERTS = (
    alert("por_fijar", "2026-VU1-E-000310", vence=None, dias_habiles=None, asunto="Tutela 0421",
          que_hacer="Anote con «fijar-plazo» cuándo vence, según la orden."),
    alert("vencido", "2026-VU1-E-000123"),
    alert("vencido", "2026-VU1-E-000124", asunto="Un hueco en la calle 8"),
    alert("amarillo", "2026-VU1-E-000201", vence="2026-11-27T23:59:59-05:00", dias_habiles=4,
          que_hacer="Léalo y respóndalo."),
)  # fmt: skip


def show_board(house: House) -> Fill:
    def fill(room: TableroScreen) -> None:
        authority = house.office.authority
        waiting = {"por_radicar": 6, "leyendo": 2, "no_leidos": 1}
        room._figures_read(told.FiguresRead(tablero_words.bars(BOARD, waiting, authority), "07:42"))
        room._alerts_read(told.AlertsRead(tuple(tablero_words.alert(a, authority) for a in ALERTS)))

    return fill


@pytest.mark.parametrize("size", SIZES)
def test_the_board(picture: Callable[..., bool], house: House, size: tuple[int, int]) -> None:
    assert picture(size, "tablero", show_board(house), "down")


@pytest.mark.parametrize("size", SIZES)
def test_its_alerts(picture: Callable[..., bool], house: House, size: tuple[int, int]) -> None:
    assert picture(size, "tablero", show_board(house), "a", "down")
