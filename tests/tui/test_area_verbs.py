"""The room «Área»: what is done about what waits, and what is told of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from records.office import Office
from tests.tui.conftest import ROOT, House
from tests.tui.test_area import ANA, number, room_of, way
from tui.dialogs import area_pick
from tui.dialogs.area_sign import SignDialog
from tui.dialogs.ask import ConfirmDialog
from tui.dialogs.form import FormDialog, LongField
from tui.dialogs.sheet import SheetDialog
from tui.tasks import area_letters, area_verbs
from tui.texts import area as words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Drive = Callable[..., Any]

HEAD = "la frase de Nubia"


@pytest.fixture(autouse=True)
def _seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests are quicker than eyes."""
    monkeypatch.setattr(area_pick, "SEEN", 0.0)


@pytest.fixture
def real(house: House, tmp_path: Path) -> House:
    """An office that is no demonstration: Nubia has a key of her own."""
    home = tmp_path / "real"
    Office.found(home, ROOT / "config.toml", passphrase="una frase larga y vieja")
    Office(home, persona="svillamil").dar_llave("ntorres", frase=HEAD)
    return House(home, house.reader)


async def test_what_is_marked_is_dealt_with_at_once_and_each_tells_its_own_outcome(
    house: House, drive: Drive
) -> None:
    ours = [number(house) for _ in range(3)]
    house.office.asignar([ours[1]], "140", "gpardo")
    async with drive(room="area", persona="mquintero") as d:
        await d.press("space", "space", "space")
        assert words.marked(3)[:20] in d.notice
        await d.press("q")
        assert d.notice == words.ONE_AT_A_TIME
        await d.press("a", *"gloria", "enter")
        assert d.notice.startswith("2 asignados a Gloria Pardo Useche (140); 1 no: ")
        assert f"{ours[1]} ya está así" in d.notice
        assert not room_of(d).list.marked
    assert {way(house, n).responsable for n in ours} == {"gpardo"}
    async with drive(room="area", persona="mquintero") as d:
        await d.press("asterisk", "n", *"Visto", "enter")
        assert d.notice == "3 con su nota."


async def test_answers_are_presented_signed_with_the_heads_key_and_numbered(
    real: House, drive: Drive
) -> None:
    office = Office(real.home, persona="cruiz")
    fields = {**ANA, "dependencia": "170", "direccion": "Calle 1"}
    ours = [office.radicar_sin_imagen(fields).radicado for _ in range(3)]
    async with drive(room="area", persona="ntorres", house_=real) as d:
        for _ in ours[:2]:
            await d.press("r", *"Se hará el lunes", "f2")
            await d.until(lambda: "Presentada como VU1." in d.notice, "presentada")
            assert "espera a Nubia Torres Acosta" in d.notice and "Por firmar" in d.shown()
            await d.press("down")
        assert len(room_of(d).list.ids) == 3
        await d.press("home", "r")
        assert d.notice == "Es una carta que espera firma."
        await d.press("f", *"otra frase mala", "enter")
        assert isinstance(d.app.screen, SignDialog)
        assert "La clave no es" in " ".join(d.shown().split()) and "otra frase" not in d.shown()
        d.app.post_message(events.Paste(HEAD))
        await d.settle()
        assert HEAD not in d.shown()
        await d.press("enter")
        await d.until(lambda: "firmada con el número" in d.notice, "firmada")
        await d.press("asterisk", "f")
        d.app.post_message(events.Paste(HEAD))
        await d.settle()
        await d.press("enter")
        await d.until(lambda: isinstance(d.app.screen, SheetDialog), "lo que no se firmó")
        assert "Ya está firmada: la envía la ventanilla." in " ".join(d.shown().split())
        await d.press("escape")
        assert "firmada con el número" in d.notice and "2 no: " in d.notice
    office.index.catch_up()
    answers = [a for n in ours for a in office.ver(n).respuestas]
    assert [a.estado for a in answers] == ["aprobada"] * 2 and all(a.salida for a in answers)


async def test_a_note_is_three_keys_and_its_text_and_what_was_typed_is_not_lost(
    house: House, drive: Drive
) -> None:
    ours = number(house)
    async with drive(room="area", persona="mquintero") as d:
        await d.press("n", *"Llamar", "escape")
        assert not isinstance(d.app.screen, FormDialog)
        await d.press("n")
        assert "Llamar" in d.shown()
        await d.press("enter", "n")
        assert "Llamar" not in d.shown()
        await d.press("enter")
        assert words.needed(words.NOTE_LABEL) in d.shown()
    house.office.index.catch_up()
    assert any(h.ficha.get("nota") == "Llamar" for h in house.office.ver(ours).historia)


async def test_a_session_that_was_lost_in_mid_form_loses_nothing(
    house: House, drive: Drive
) -> None:
    first, second = number(house), number(house)
    async with drive(room="area", persona="mquintero") as d:
        await d.press("r", *"Se hará el lunes", "escape", "down", "n", *"Otra cosa")
        d.app.keep_rooms()  # as the program does when it is ended
    async with drive(room="area", persona="asalcedo") as d:
        assert not room_of(d)._drafts
    async with drive(room="area", persona="mquintero") as d:
        await d.press("r")
        assert "Se hará el lunes" in d.shown()
        await d.press("escape", "down", "n")
        assert "Otra cosa" in d.shown()
        await d.press("enter")
        assert d.notice == f"{second}: con su nota."
    (left,) = Office(house.home, persona="mquintero").a_medias()
    assert (left.acto, left.sobre) == ("responder", [first])


async def test_a_letter_that_is_being_made_can_be_left(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = number(house)
    made, wait = area_letters._made, threading.Event()
    monkeypatch.setattr(area_letters, "_made", lambda *a: wait.wait(10) and made(*a))
    async with drive(room="area", persona="mquintero") as d:
        await d.press("r", *"Se hará")
        await d.pilot.press("f2")
        await d.until(lambda: d.notice == words.WRITING, "se prepara")
        await d.pilot.press("escape")
        wait.set()
        await d.until(lambda: d.notice == words.ACT_CANCELLED, "se dejó")
        await d.press("r")
        assert "Se hará" in d.shown()
    assert not way(house, ours).respuestas


async def test_what_moves_a_date_is_a_letter_and_a_refusal_keeps_what_was_typed(
    house: House, drive: Drive
) -> None:
    ours = [number(house) for _ in range(3)]
    async with drive(room="area", persona="mquintero") as d:
        await d.press("p", *"+200", "enter", *"Falta un concepto", "enter")
        await d.until(lambda: "a lo sumo" in d.notice, "más del doble")
        await d.press("p", "ctrl+u", *"+30", "f2")
        assert "Falta un concepto" not in d.shown()
        await d.until(lambda: "Presentada como" in d.notice, "prórroga")
        assert words.TRAYS["por_firmar"] in d.shown()
        await d.press("end", "q", "enter", *"La escritura", "f2")
        await d.until(lambda: "Presentada como" in d.notice, "requerimiento")
        await d.press("t", *"Gobernación", "enter", *"Es vía departamental", "f2", *"no", "enter")
        assert isinstance(d.app.screen, ConfirmDialog)
        chosen = room_of(d)._waits[room_of(d).list.cursor].number
        await d.press("ctrl+u", *chosen, "enter")
        await d.until(lambda: "Presentada como" in d.notice, "traslado")
    effects = {one.efecto for n in ours for one in way(house, n).respuestas.values()}
    assert effects == {"prorroga", "requerimiento", "traslado"}


async def test_keys_that_come_quickly_find_their_line(house: House, drive: Drive) -> None:
    number(house)
    async with drive(room="area", persona="mquintero") as d:
        await d.press("t")
        quick = (*"Nada", "ctrl+u", *"Gobernaciónx", "backspace", "enter", *"Es suya", "tab")
        for key in (*quick, *"Calle", "f2"):
            driver = d.app._driver
            assert driver is not None
            driver.send_message(events.Key(key, key if len(key) == 1 else None))
        await d.until(lambda: isinstance(d.app.screen, ConfirmDialog), "confirmar")
        (kept,) = room_of(d)._drafts.values()
        assert [*kept.values()][:3] == ["Gobernación", "Es suya", "Calle"]


async def test_what_is_pasted_into_a_form_is_text_and_nothing_else(
    house: House, drive: Drive
) -> None:
    number(house)
    async with drive(room="area", persona="mquintero") as d:
        await d.press("r", "a", "enter", "b", "left", "delete")
        d.app.post_message(events.Paste("\x1b]0;x\x07c\x1b[2J\r\nd\u202e"))
        await d.settle()
        assert d.app.screen.query_one(LongField).text == "a\nc\nd"


async def test_nobody_is_chosen_of_a_list_that_nobody_saw(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = number(house)
    monkeypatch.setattr(area_pick, "SEEN", 60.0)
    async with drive(room="area", persona="mquintero") as d:
        await d.press("a", "enter")
        assert words.UNSEEN in d.shown()
        monkeypatch.setattr(area_pick, "SEEN", 0.0)
        await d.press("enter")
    assert way(house, ours).responsable == "cruiz"


async def test_the_other_verbs(house: House, drive: Drive) -> None:
    ours = [number(house) for _ in range(4)]
    order = number(house, tipo="tutela")
    for one in ours[:2]:
        house.office.pedir_vobo(one, "asalcedo")
    async with drive(room="area", persona="asalcedo") as d:
        await d.press("v", "enter")
        assert "con su visto bueno" in d.notice
        await d.press("v", "down", "enter", *"Falta la norma", "enter")
        assert "con reparos" in d.notice and words.NONE in d.shown()
    async with drive(room="area", persona="mquintero") as d:
        await d.press("l", *"+2 10:00", "enter", *"Auto 12", "enter")
        assert "vence el" in d.notice and "por fijar" not in d.shown()
        await d.press("home", "down", "h", *"nunca", "enter")
        assert words.NO_DAY in d.shown()
        await d.press("ctrl+u", *"+3", "enter")
        assert "fuera de la vista" in d.notice and words.TRAYS["agendados"] in d.shown()
        await d.press("end", "d", *"Es de Gobierno", "enter")
        assert "devuelto" in d.notice
        await d.press("home", "z", "enter")
        assert "espera respuesta" in d.notice
    assert way(house, order).dependencia == "140"
    assert [way(house, n).devuelto for n in ours].count(True) == 1


async def test_many_are_told_as_they_are_done_and_what_was_not_begun_can_be_left(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area_verbs, "_MANY", 1)
    ours = [number(house) for _ in range(3)]
    noted, wait = Office.anotar, threading.Event()
    monkeypatch.setattr(Office, "anotar", lambda *a: noted(*a) if wait.wait(10) else None)
    async with drive(room="area", persona="mquintero") as d:
        await d.press("asterisk", "n", *"Visto")
        await d.pilot.press("enter")
        await d.until(lambda: d.notice == words.doing(0, 3), "en marcha")
        await d.pilot.press("escape")
        wait.set()
        await d.until(lambda: isinstance(d.app.screen, SheetDialog), "lo que no se hizo")
        assert f"{ours[2]}" in d.shown() and words.LEFT_UNDONE in d.shown()
        await d.press("escape")
        assert f"{ours[0]}: con su nota; 2 no: " in d.notice
