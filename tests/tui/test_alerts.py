"""What presses is told on opening the office, with who should do what; a record says its term."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from records import lines
from tests.tui.conftest import House
from tui import texts
from tui.dialogs.alerts import AlertsDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    Drive = Callable[..., Any]

LETTER = {"remitente": "Ana Gil", "asunto": "Un hueco", "tipo": "peticion", "dependencia": "140"}


async def test_opening_the_office_tells_what_presses_and_a_key_says_whose_turn_it_is(
    house: House, drive: Drive
) -> None:
    long_ago = lines.now() - timedelta(days=60)
    late = house.office.radicar_sin_imagen(LETTER, recibido=long_ago).radicado
    judge = house.reception().radicar_sin_imagen({**LETTER, "tipo": "tutela"}).radicado
    async with drive() as d:
        assert d.notice.endswith(texts.pressing(1, 0, 1, 0))
        await d.press("ctrl+d")
        assert isinstance(d.app.screen, AlertsDialog)
        shown = d.shown()
        assert late in shown and judge in shown
        assert shown.index(judge) < shown.index(late)
        assert "Marcela Quintero Vela: " in shown
        await d.press("escape")
        assert d.app.screen is d.room


async def test_where_nothing_presses_nothing_is_said(house: House, drive: Drive) -> None:
    async with drive() as d:
        assert "Alertas" not in d.notice
        await d.press("ctrl+d")
        assert texts.NO_ALERTS in d.shown()
