"""The room «Área»: what waits is seen by what expires first, and dealt with in few keys."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from records.letter_views import AddresseeView, LetterView
from records.looking import Tray
from records.office import Office
from records.people import Authority
from records.tramite import TRAYS
from tests.tui.conftest import Driver, House
from tests.tui.test_words import ENGLISH, NEVER
from tui import area_words, themes
from tui.app import VentanillaApp
from tui.dialogs import area_pick
from tui.dialogs.form import FormDialog
from tui.dialogs.sheet import SheetDialog
from tui.graphics import Graphics
from tui.screens.area import AreaScreen
from tui.tasks import Tasks
from tui.texts import area as words
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    Drive = Callable[..., Any]

ANA = {"remitente": "Ana Gil", "asunto": "Un hueco", "tipo": "peticion", "dependencia": "140"}
EVIL = {
    **ANA,
    "remitente": "[bold red]Luis[/]\u202e Peña",
    "asunto": "\x1b]0;dueño\x07\x1b[2J[@click=app.bell]x[/]",
}


@pytest.fixture(autouse=True)
def _seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests are quicker than eyes."""
    monkeypatch.setattr(area_pick, "SEEN", 0.0)


def room_of(d: Driver) -> AreaScreen:
    found = d.app.screen_stack[0]
    assert isinstance(found, AreaScreen)
    return found


def number(house: House, **fields: str) -> str:
    """A letter at the counter, with its number."""
    return str(house.office.radicar_sin_imagen({**ANA, **fields}).radicado)


def way(house: House, radicado: str) -> Any:
    """Where a record stands."""
    office = house.office
    office.index.catch_up()
    return office.estado(office.subject(radicado)).tramite


async def test_a_head_assigns_with_three_keys(house: House, drive: Drive) -> None:
    first, second = number(house), number(house, tipo="tutela")
    async with drive(room="area", persona="mquintero") as d:
        shown = d.shown()
        assert "[Área] · Lo mío" in shown and "2 en espera" in shown
        assert shown.index(second) < shown.index(first)  # nobody fixed the term of the tutela
        assert "?? por fijar" in shown and "15 d" in shown and "Ana Gil" in shown
        assert not ENGLISH.findall(shown) and not NEVER.findall(shown)
        await d.press("down", "a", "enter")
        assert d.notice.startswith(f"{first}: asignado a Claudia Ruiz Páramo (140).")
        assert room_of(d).list.cursor == room_of(d).list.ids[1]  # the cursor stays where work is
    assert way(house, first).responsable == "cruiz"


async def test_a_key_that_comes_before_its_row_was_read_waits_for_it(
    house: House, drive: Drive
) -> None:
    first = number(house)
    async with drive(room="area", persona="mquintero") as d:
        room = room_of(d)
        room._waits.clear()  # as after an act: another line stands there, and is being read
        await d.press("n")
        await d.until(lambda: isinstance(d.app.screen, FormDialog), "la forma")
        assert first in d.shown()
        await d.press("escape", "f")
        assert d.notice == "No tiene ninguna carta que espere su firma."
        room._waits.clear()
        await d.press("enter")
        await d.until(lambda: isinstance(d.app.screen, SheetDialog), "la ficha")


async def test_filter_views_orders_trays_and_whose(house: House, drive: Drive) -> None:
    ours = number(house)
    other = number(house, dependencia="150", remitente="Zoe Ruiz")
    async with drive(room="area", persona="mquintero") as d:
        room = room_of(d)
        assert ours in d.shown() and other not in d.shown()
        await d.press("m", *"nadie así")
        assert "Nada coincide" in d.shown()
        await d.press("enter", "ctrl+u")
        assert "Nada coincide" not in d.shown()
        await d.press(*"toda", "enter")
        assert words.WHOLE in d.shown() and other in d.shown() and "2 en espera" in d.shown()
        await d.press("slash", *"zoe")
        await d.until(lambda: room.line.text == "zoe", "filtro")
        await d.settle()
        assert ours not in d.shown() and other in d.shown()
        await d.press("enter", "w", *"5 De Zoe", "enter")
        assert "5 De Zoe 1" in " ".join(d.shown().split())
        await d.press("escape")
        assert ours in d.shown()
        await d.press("5")
        assert ours not in d.shown() and "1 en espera" in d.shown()
        await d.press("5", "s", "s")
        assert d.shown().index(other) < d.shown().index(ours)  # by number, the newest first
        await d.press("b", *"devueltos", "enter")
        assert words.NONE_FILTERED in d.shown()
        await d.press("escape", "m", *"salcedo", "enter")
        assert other in d.shown() and ours not in d.shown()
        await d.press("1")
        assert words.NONE_FILTERED in d.shown()
        await d.press("9")
        assert d.notice == words.no_view(9)
    (view,) = Office(house.home, persona="mquintero").vistas("area")
    assert (view.tecla, view.consulta) == (5, "zoe*")


async def test_what_the_role_has_not_is_nowhere_and_what_cannot_be_now_says_why(
    house: House, drive: Drive
) -> None:
    house.office.asignar([number(house)], "140", "mquintero")
    office = house.office
    async with drive(room="area", persona="gpardo") as d:  # who controls only looks
        assert "1 en espera" in d.shown()
        assert "Asignar" not in d.shown() and "Nota" in d.shown()
        await d.press("a")
        assert d.notice == words.NOT_OFFERED
    async with drive(room="area", persona="asalcedo") as d:
        assert words.NONE in d.shown()
        await d.press("m", *"toda", "enter", "d")
        assert d.notice.endswith("está en 140: usted no lo tiene.")
    office.informar([number(house, dependencia="150")], persona="earango")
    async with drive(room="area", persona="earango") as d:
        await d.press("z")
        assert d.notice == "Está aquí para que lo conozca; lo tramita otra dependencia."
        await d.press("c")
        assert words.NONE in d.shown()


async def test_the_record_is_read_with_why_it_expires_then(house: House, drive: Drive) -> None:
    ours = number(house)
    explained = house.office.ver(ours).termino
    assert explained is not None
    async with drive((140, 40), room="area", persona="mquintero") as d:
        pane = room_of(d).query_one(SheetPane)
        await d.until(lambda: pane.shown is not None, "hoja al lado")
        assert ours in pane.shown.title
        await d.press("enter")
        assert isinstance(d.app.screen, SheetDialog)
        assert explained["explicacion"].splitlines()[0][:50] in " ".join(d.shown().split())
        await d.press("escape", "o")
        assert d.notice == words.NO_DOCUMENT


async def test_hostile_text_is_only_text(house: House, drive: Drive) -> None:
    house.office.radicar_sin_imagen(EVIL)
    async with drive((140, 40), room="area", persona="mquintero") as d:
        pane = room_of(d).query_one(SheetPane)
        await d.until(lambda: pane.shown is not None, "hoja al lado")
        await d.press("n", *"[b]x[/]", "enter", "f5")
        for keys in ((), ("enter",), ("escape", "r"), ("escape", "a")):
            await d.press(*keys)
            shown = d.shown()
            assert shown.replace("\n", "").isprintable()
            strips = d.app.screen._compositor.render_strips()
            assert not any("\x1b" in s.text or "\u202e" in s.text for x in strips for s in x)
            assert not any(s.style and s.style.meta.get("@click") for x in strips for s in x)
        await d.press("escape")
        assert "[bold red]Luis[/]" in d.shown()


def test_what_a_tray_says_is_made_safe() -> None:
    evil = "\x1b]0;dueño\x07\x1b[2J[red]hola[/]\u202e\nx"
    tray = Tray(
        bandeja="asignados", radicado=evil, asunto=evil, remitente=evil, dependencia="140",
        persona=evil, desde="", hasta=None, vence=None, estado="", movido="", quieto=False,
    )  # fmt: skip
    shown = area_words.wait(tray, None, Authority(), None)  # type: ignore[arg-type]
    assert all(cell.isprintable() and "dueño" not in cell for cell in shown.row.cells)
    assert "[red]hola[/] x" in shown.row.cells and shown.name.isprintable()
    letter = LetterView(
        "VU1.1", "por_aprobar", evil, "S", evil, [evil], False, evil, evil, evil, None, "", False,
        [evil], [], True, [AddresseeView(evil, nombre=evil, direccion=evil)], None,
    )  # fmt: skip
    sheet = area_words.letter_sheet(letter, Authority(), None)
    assert all(value.isprintable() for part in sheet.parts for _, value in part.lines)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("31/12", date(2026, 12, 31)),
        ("1/2", date(2027, 2, 1)),
        ("+3", date(2026, 11, 26)),
        ("mañana", None),
        ("31/2", None),
    ],
)
def test_days_as_people_write_them(text: str, day: date | None) -> None:
    assert area_words.day_of(text, date(2026, 11, 23)) == day


def test_every_tray_has_words_and_rules() -> None:
    assert set(words.TRAYS) == set(TRAYS) == set(words.TRAY_HELP)
    assert set(area_words.VERBS) <= set(words._DONE) | {"responder", "requerir", "prorrogar",
                                                        "trasladar"}  # fmt: skip


def test_no_english_and_no_word_of_ours_in_the_texts() -> None:
    own = [v for name, v in vars(words).items() if not name.startswith("_")]
    said = [v for v in own if isinstance(v, str)]
    said += [w for v in own if isinstance(v, dict) for w in v.values() if isinstance(w, str)]
    assert not [s for s in said if ENGLISH.search(s) or NEVER.search(s)]


# -- seen -----------------------------------------------------------------------------------------


@pytest.fixture
def full(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A tray with something of each sort, whose hours and days are always the same ones."""
    people = ("Ana Gil", "Junta de Acción Comunal El Prado", "Luis Peña", "Zoe Ruiz", "Ana Gil")
    about = ("Un hueco en la vía", "Alumbrado del parque", "Copia del contrato 044", "Poda",
             "Acción de tutela 2026-118")  # fmt: skip
    kinds = ("peticion", "queja", "documentos", "consulta", "tutela")
    given = [
        number(house, remitente=who, asunto=what, tipo=kind)
        for who, what, kind in zip(people, about, kinds, strict=True)
    ]
    house.office.asignar([given[0]], "140", "cruiz")
    house.office.pedir_vobo(given[1], "mquintero")
    _steady(monkeypatch)
    return house


def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terms that are near and past, by the number."""
    left = {"1": ("verde", "12 d"), "2": ("rojo", "1 d"), "3": ("vencido", "hace 3 d"),
            "4": ("amarillo", "4 d"), "5": ("por_fijar", "por fijar")}  # fmt: skip
    monkeypatch.setattr(area_words, "_level", lambda tray, _watch: left[tray.radicado[-1]])
    monkeypatch.setattr(area_words, "_short_day", lambda stamp: "30 nov" if stamp else "")
    monkeypatch.setattr("tui.record_words.hour", lambda stamp: "22 nov 10:42" if stamp else "")
    monkeypatch.setattr("tui.record_words.day", lambda stamp: "30 nov 2026" if stamp else "")
    monkeypatch.setattr(
        "tui.record_words._term", lambda _view: [("", "Regla: 15 días hábiles para resolverla.")]
    )


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        ((80, 24), ()),
        ((140, 40), ()),
        ((80, 24), ("space", "space", "a")),
        ((140, 40), ("r",)),
        ((80, 24), ("t",)),
    ],
)
def test_the_room_is_seen(
    full: House, snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    tasks = Tasks(full.home, "mquintero", reader=full.reader)  # type: ignore[arg-type]
    tasks.viewing.graphics = Graphics("no")
    app = VentanillaApp(tasks, watch=False, theme=themes.OWN, room="area")

    async def rest(pilot: Pilot[Any]) -> None:
        driver = Driver(app, pilot)
        await driver.settle()
        await driver.until(lambda: room_of(driver).here is not None, "filas")
        await driver.press(*keys)
        await pilot.pause(0.2)  # what stands beside the list is asked for once the cursor rests
        await driver.settle()

    assert snap_compare(app, terminal_size=size, run_before=rest)
    assert tasks.close()
