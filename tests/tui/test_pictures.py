"""Pictures of the screens, compared to approved ones. Renew: `pytest --snapshot-update`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from ingest.lectura import Unreadable
from records import lines
from tests.tui.conftest import USUAL, Driver, House, reading
from tui import texts, themes
from tui.app import VentanillaApp
from tui.graphics import Graphics
from tui.screens.por_radicar import PorRadicar
from tui.tasks import Tasks
from tui.views import Last
from tui.widgets.last import LastNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

    Picture = Callable[..., bool]

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=lines.BOGOTA)
HOUR = "22 nov 10:42"
RESTED = 0.2
"""Seconds after which what stands beside a list is asked for."""
SMALL, LARGE = (80, 24), (140, 40)
both_sizes = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])


@pytest.fixture
def picture(
    house: House, snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Picture]:
    """Compare a room of the house after some keys; every hour on it is the same one."""
    monkeypatch.setattr("tui.letters.hour", lambda stamp: HOUR if stamp else "")
    told = texts.empty_queue
    monkeypatch.setattr(texts, "empty_queue", lambda _: told("/srv/oficina/inbox"))
    opened: list[Tasks] = []

    def compare(
        size: tuple[int, int], *keys: str, theme: str = themes.OWN, room: str = "recepcion"
    ) -> bool:
        tasks = Tasks(house.home, None, reader=house.reader)  # type: ignore[arg-type]
        opened.append(tasks)
        tasks.viewing.graphics = Graphics("no")
        app = VentanillaApp(tasks, watch=False, theme=theme, room=room)

        async def rest(pilot: Pilot[Any]) -> None:
            d = Driver(app, pilot)
            await d.settle()
            first = app.screen_stack[0]
            if isinstance(first, PorRadicar) and first.desk.queue:
                first.query_one(LastNumber).show(Last("2026-VU1-E-000123", HOUR, 2, "VU1.1"))
            await d.press(*keys)
            await pilot.pause(RESTED)
            await d.settle()

        return snap_compare(app, terminal_size=size, run_before=rest)

    yield compare
    for tasks in opened:
        tasks.close()


@pytest.fixture
def letters(house: House) -> None:
    """Three letters, one of them twice, and one that could not be read."""
    text = "Señor alcalde:\nYo, María Muñoz Peña, pido copia\ndel contrato 044 de 2025."
    house.receive(
        reading(f"{text}\fSegunda página", **USUAL), None, reading("Otra", **USUAL),
        Unreadable("danado"),
    )  # fmt: skip


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is `NOW`, before the office is founded: later its clock would stand behind its log."""
    monkeypatch.setattr(lines, "now", lambda: NOW)


@pytest.fixture
def records(day: None, house: House) -> None:
    """Records whose dates are always the same."""
    for who, subject, kind in (
        ("Ana Gil Ñáñez", "Un hueco en la calle 12 con carrera 5", "peticion"),
        ("Veeduría Ciudadana", "Copia del contrato 044 de 2025", "documentos"),
        ("Luis [bold]Peña[/]", "El alumbrado del parque no sirve", "queja"),
    ):
        house.office.radicar_sin_imagen(
            {"remitente": who, "asunto": subject, "tipo": kind, "dependencia": "140"}
        )


@both_sizes
@pytest.mark.usefixtures("letters")
def test_the_room(picture: Picture, size: tuple[int, int]) -> None:
    assert picture(size)


@both_sizes
@pytest.mark.usefixtures("letters")
def test_the_form_when_all_is_ready(picture: Picture, size: tuple[int, int]) -> None:
    assert picture(size, "enter", "enter", "enter")


@both_sizes
def test_an_empty_queue(picture: Picture, size: tuple[int, int]) -> None:
    assert picture(size)


@both_sizes
@pytest.mark.usefixtures("letters")
def test_what_could_not_be_read(picture: Picture, size: tuple[int, int]) -> None:
    assert picture(size, "ctrl+l")


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize("theme", [themes.SIXTEEN, themes.CONTRAST, themes.LIGHT])
def test_other_themes(picture: Picture, theme: str) -> None:
    assert picture(SMALL, theme=theme)


DIALOGS = {
    "no_radicar": ("f8", "2"),
    "persona_en_ventanilla": ("f6",),
    "unir": ("escape", "i"),
    "elegir": ("tab", "tab", "tab", "f4"),
    "saltar": ("ctrl+o",),
    "ordenes": ("ctrl+p",),
    "hoja": ("ctrl+x",),
    "manual": ("f1",),
    "teclas": ("escape", "question_mark"),
}


@both_sizes
@pytest.mark.parametrize("keys", DIALOGS.values(), ids=DIALOGS)
@pytest.mark.usefixtures("letters")
def test_over_the_room(picture: Picture, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    assert picture(size, *keys)


CONSULTA = {
    "todo": (),
    "propuestas": tuple("est"),
    "lista": (*"alumbrado", "enter"),
    "radicado": ("enter", "enter"),
}


@both_sizes
@pytest.mark.parametrize("keys", CONSULTA.values(), ids=CONSULTA)
@pytest.mark.usefixtures("records")
def test_consulta(picture: Picture, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    assert picture(size, *keys, room="consulta")
