"""Coming in, changing the person, the lock, and what a lost session leaves."""

from __future__ import annotations

import os
import signal
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from records.entrance import admit, comers, last_here
from records.errors import Refused
from records.office import Office
from tests.tui.conftest import ROOT, Driver, House, focused, value
from tests.tui.test_pty import Terminal
from tui import actions, texts, themes
from tui.app import VentanillaApp
from tui.dialogs.ask import AskDialog
from tui.graphics import Graphics
from tui.screens.lobby import pause
from tui.screens.por_radicar import PorRadicar
from tui.tasks import Tasks
from tui.tasks.lobby import start
from tui.texts import lobby as words
from tui.widgets.secret import SecretField

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    Drive = Callable[..., Any]

ENTITY, OWN, HEAD = "una frase larga y vieja", "la frase de Claudia Ruiz", "la frase de Nubia"


@pytest.fixture
def real(house: House, tmp_path: Path) -> House:
    """An office that is no demonstration: Claudia and Nubia have keys, Diego has none."""
    home = tmp_path / "real"
    Office.found(home, ROOT / "config.toml", passphrase=ENTITY)
    office = Office(home, persona="svillamil")
    office.dar_llave("cruiz", frase=OWN)
    office.dar_llave("ntorres", frase=HEAD)
    return House(home, house.reader)


@asynccontextmanager
async def lobby(house: House, persona: str | None = None, **options: Any) -> AsyncIterator[Driver]:
    """The app as it begins for somebody who has still to come in."""
    tasks = Tasks(house.home, None, reader=house.reader)  # type: ignore[arg-type]
    tasks.viewing.graphics = Graphics("no")
    app = VentanillaApp(tasks, watch=False, theme=themes.OWN, lobby=True, preset=persona, **options)
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver
    finally:
        assert tasks.close()
    log = house.home / "salida" / "errores.log"
    assert not log.exists(), log.read_text()


async def say(d: Driver, text: str, *then: str) -> None:
    """Write a text in one go, as one who pastes it."""
    await d.settle()
    if text:
        d.app.post_message(events.Paste(text))
        await d.settle()
    await d.press(*then)


async def come_in(d: Driver, phrase: str) -> None:
    """Write a passphrase, and wait for the room."""
    await say(d, phrase, "enter")
    await d.until(lambda: not d.app.covered and isinstance(d.app.screen, PorRadicar), "entrar")
    await d.until(lambda: d.room.desk.session, "oficina abierta")
    await d.settle()


# -- records' rules -------------------------------------------------------------------------------


def test_by_what_each_comes_in(real: House) -> None:
    office = Office(real.home)
    ways = {c.persona.id: c.por for c in comers(office)}
    assert ways["cruiz"] == ways["svillamil"] == "clave"
    assert ways["dgarzon"] == "sin_llave"
    assert admit(office, "cruiz", OWN).persona.id == "cruiz"
    assert admit(office, "dgarzon", None).por == "sin_llave"
    for ident, phrase, code in (
        ("cruiz", "la frase de otra persona", "clave_errada"),
        ("cruiz", None, "sin_clave"),
        ("nadie", OWN, "persona_desconocida"),
    ):
        with pytest.raises(Refused) as caught:
            admit(office, ident, phrase)
        assert caught.value.codigo == code
    Office(real.home, persona="svillamil").revocar_persona("cruiz")
    with pytest.raises(Refused, match="revocada"):
        admit(Office(real.home), "cruiz", OWN)


def test_who_needs_no_lobby(real: House, house: House) -> None:
    office = Office(real.home)
    assert start(office, None, None).lobby
    assert start(office, "cruiz", None).lobby
    assert start(office, "dgarzon", None).lobby  # is told first that nothing shows who it is
    begun = start(office, "cruiz", OWN)
    assert not begun.lobby and begun.who is not None and begun.who.id == "cruiz"
    with pytest.raises(Refused):
        start(office, "cruiz", "la frase de otra persona")
    with pytest.raises(Refused):
        start(office, None, OWN)
    for persona in (None, "cruiz"):
        begun = start(Office(house.home), persona, None)
        assert not begun.lobby and begun.who is not None and begun.who.id == (persona or "demo")


def test_pauses_grow_after_the_third_and_end_somewhere() -> None:
    assert [pause(n) for n in range(1, 7)] == [0, 0, 2, 4, 8, 16]
    assert pause(50) == 60


# -- coming in ------------------------------------------------------------------------------------


async def test_a_person_comes_in_by_name_and_passphrase(real: House) -> None:
    async with lobby(real) as d:
        assert words.WHO in d.shown() and "Claudia Ruiz Páramo" in d.shown()
        assert "Ctrl+R" not in d.shown()
        clock = 100.0
        d.app.lobby._clock = lambda: clock
        await d.press("ctrl+p", "ctrl+y", "f1", "tab", *"paramo", "enter")
        assert isinstance(d.app.focused, SecretField)
        await d.press(*"mal", "enter")
        assert "La clave no es" in d.notice and "mal" not in d.shown()
        for _ in range(2):
            await say(d, "otra mala", "enter")
        assert "Espere 2 s" in d.notice
        await say(d, OWN, "enter")
        assert "Espere 2 s" in d.notice and d.app.covered
        clock += 2
        assert OWN not in d.shown()
        await come_in(d, "")  # what was typed is still there
        assert d.room.desk.session.person == "Claudia Ruiz Páramo"
        assert not d.app.lobby.query_one(SecretField).value
    assert last_here(Office(real.home)) == "cruiz"
    async with lobby(real) as d:
        assert d.app.lobby._list.cursor == "cruiz"


async def test_who_has_no_key_is_told_and_who_lost_it_stays_out(real: House) -> None:
    Office(real.home, persona="svillamil").revocar_persona("ntorres")
    async with lobby(real, "dgarzon") as d:
        assert "No tiene llave de firma" in d.shown()
        await d.press("f2", *"nub", "enter")
        assert d.notice == words.REVOKED and d.app.covered
        await d.press("escape", *"diego", "enter")
        await come_in(d, "")
        assert d.notice == words.NO_KEY_ENTERED
        assert d.room.desk.session.person_id == "dgarzon"


@pytest.mark.parametrize(("size", "persona"), [((80, 24), None), ((140, 40), "cruiz")])
def test_the_lobby_is_seen(
    real: House, snap_compare: Callable[..., bool], size: tuple[int, int], persona: str | None
) -> None:
    tasks = Tasks(real.home, None, reader=real.reader)  # type: ignore[arg-type]
    app = VentanillaApp(tasks, watch=False, theme=themes.OWN, lobby=True, preset=persona)

    async def rest(pilot: Pilot[Any]) -> None:
        await Driver(app, pilot).settle()

    assert snap_compare(app, terminal_size=size, run_before=rest)
    assert tasks.close()


# -- another person -------------------------------------------------------------------------------


async def test_the_person_changes_and_nothing_of_the_former_stays(real: House) -> None:
    (ident,) = real.receive(None)
    async with lobby(real, "cruiz") as d:
        await come_in(d, OWN)
        former = d.room
        await d.press("ctrl+u")
        await say(d, "Ana")
        await d.pilot.press("ctrl+y")
        await d.until(lambda: d.app.covered)
        await d.settle()
        assert "Ana" not in d.shown() and words.KEPT in d.shown()
        assert real.reception().drafts.get(ident).escritos == {"remitente": "Ana"}
        d.app._clipboard = "de Claudia"
        await d.press("down", *"nub", "enter")
        begun = time.monotonic()
        await come_in(d, HEAD)
        assert time.monotonic() - begun < 3
        assert d.room is not former and not former.is_attached
        assert d.room.desk.session.person_id == "ntorres" and d.app.clipboard == ""
        assert value(d, "remitente") == "Ana"
        await d.number()
    (number,) = real.numbers()
    assert Office(real.home).ver(number).radicado == number
    events = list(Office(real.home).journal.events())
    assert [e.actor for e in events if e.type == "radicado.asignado"] == ["ntorres"]


@pytest.mark.largo
async def test_nobody_takes_over_what_could_not_be_kept(
    real: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real.receive(None)
    async with lobby(real, "cruiz") as d:
        await come_in(d, OWN)
        monkeypatch.setattr("ingest.reception.Recepcion.escribir", _full_disk)
        await d.press("x", "ctrl+y", *"nub", "enter")
        await say(d, HEAD, "enter")
        await d.until(lambda: "no se ha podido guardar" in d.notice)
        monkeypatch.undo()
        await d.press(*"clau", "enter")
        await say(d, OWN, "enter")
        await d.until(lambda: not d.app.covered)
        await d.press("s")  # the question that was left there: nobody is let in by it
        assert d.app.who.id == "cruiz" and value(d, "remitente").endswith("x")
        d.room.look_again()
        await d.settle()


def _full_disk(*_: object) -> None:
    raise Refused("disco", "El disco está lleno.")


# -- the lock -------------------------------------------------------------------------------------


async def test_the_idle_lock_keeps_the_form_and_covers_all_of_it(real: House) -> None:
    real.receive(None)
    async with lobby(real, "cruiz", lock_after=900) as d:
        await come_in(d, OWN)
        await d.press("tab")
        await say(d, "Persona", "left", "left")
        room = d.room
        room.ask_order("x", "Antes llegó Pedro.")  # a dialog, open
        await say(d, "porq")
        assert isinstance(d.app.screen, AskDialog)
        later = d.app._clock() + 901
        d.app._clock = lambda: later
        await d.press("z")  # it comes too late: the lock takes it
        assert d.app.covered
        seen = d.shown()
        for word in ("Persona", "María", "Pedro", "Por radicar", "carta"):
            assert word not in seen
        assert words.LOCKED not in seen and "Entra Claudia" in seen
        room.ask_order("x", "Otra pregunta.")  # of an answer that comes now
        d.app.say("Llegó carta-9.pdf.")
        await d.settle()
        assert "pregunta" not in d.shown() and "carta-9" not in d.shown()
        await say(d, OWN, "enter")
        await d.until(lambda: not d.app.covered)
        assert "Otra pregunta." in d.shown()
        await d.press("escape")
        assert d.app.focused.value == "porq"
        await d.press("escape")
        assert focused(d) == "campo-entidad" and value(d, "entidad") == "Persona"
        await d.press("j")  # where the cursor was left
        assert value(d, "entidad") == "Persojna"


async def test_a_demonstration_opens_with_enter(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press("a", "ctrl+y")
        assert d.app.covered and texts.DEMO in d.shown()
        await d.press("enter")
        await d.until(lambda: not d.app.covered)
        assert focused(d) == "campo-remitente"
        await d.press("ctrl+y", *"clau", "enter")
        await d.until(lambda: not d.app.covered and isinstance(d.app.screen, PorRadicar))
        await d.until(lambda: d.room.desk.session)
        await d.settle()
        assert d.room.desk.session.person_id == "cruiz"


# -- what a role may not do -----------------------------------------------------------------------


async def test_rooms_of_others_are_not_offered(house: House, drive: Drive) -> None:
    async with drive(persona="lcardenas") as d:
        await d.press("escape", "f1")
        assert "Recepción" not in [row[1] for row in d.app.screen._rows.values()]
        await d.press("escape", "ctrl+p", *"recep")
        assert "Recepción (" not in d.shown()
        await d.press("escape", "ctrl+r")
        assert d.notice == texts.not_your_room("Recepción")
        bar = actions.bar(d.room.context())
        assert any(not key.enabled for key in bar)  # what only cannot be done now stays, dimmed


# -- a lost session -------------------------------------------------------------------------------


@pytest.mark.largo
@pytest.mark.parametrize("how", ["kill", "hang up", "terminate"])
def test_a_lost_session_loses_nothing_typed(house: House, how: str) -> None:
    (ident,) = house.receive(None)
    terminal = Terminal(str(house.home))
    terminal.until(lambda s: "Enter acepta" in s)
    terminal.settle()
    terminal.send("\t")
    terminal.send("Personeria")
    terminal.until(lambda s: "Personeria" in s)
    terminal.settle()  # half a second
    terminal.send("XYZ")
    if how == "kill":
        os.kill(terminal.pid, signal.SIGKILL)
        os.waitpid(terminal.pid, 0)
    else:
        terminal.until(lambda s: "PersoneriaXYZ" in s)
        if how == "hang up":
            os.close(terminal._fd)
            os.waitpid(terminal.pid, 0)
        else:
            os.kill(terminal.pid, signal.SIGTERM)
            assert terminal.end() == 128 + signal.SIGTERM
            assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h")
    kept = house.reception().drafts.get(ident).escritos["entidad"]
    assert kept == "PersoneriaXYZ" or (how == "kill" and kept.startswith("Personeria"))
    again = Terminal(str(house.home))
    again.until(lambda s: kept in s)
    again.send("\x11")
    assert again.end() == 0
