"""The room «Archivo»: the archivist's stories, by keys, on a real archive."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from records import keys
from records.expedientes_index import TransferRow
from records.transfers import Prepared, Transfer
from retention.rehearsing import Kept, Rehearsal
from tests.tui import archivo_home
from tests.tui.archivo_home import LATER, PHRASE, Built, Clock
from tests.tui.conftest import ROOT, Driver
from tests.tui.test_words import ENGLISH, NEVER
from tui import actions, archivo_sheets, archivo_words, themes
from tui.app import VentanillaApp
from tui.dialogs.archivo_form import FormDialog
from tui.dialogs.archivo_trial import TrialDialog
from tui.dialogs.choose import ChooseDialog
from tui.dialogs.sheet import SheetDialog
from tui.graphics import Graphics
from tui.lobby_views import Person
from tui.messages import archivo as m
from tui.screens.archivo import ArchivoScreen
from tui.tasks import Tasks
from tui.texts import archivo as words
from tui.widgets.sheet import SheetPane

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from textual.pilot import Pilot

ROLE = {"demo": "archivista", "rosa": "archivista", "hugo": "jefe_area", "irma": "auditor"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The archive, not to be changed."""
    return archivo_home.build(tmp_path_factory.mktemp("archivo"), ROOT / "config.toml")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(keys, "_ARGON", {"iterations": 1, "lanes": 1, "memory_cost": 64})
    yield Clock(monkeypatch, LATER)


@pytest.fixture
def seen(whole: Built, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Built:
    """The archive as it stands a year later."""
    monkeypatch.setenv("VENTANILLA_MARCAS", str(whole.folder / "marcas"))
    return whole


@pytest.fixture
def own(whole: Built, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    """A copy of it, to be changed."""
    return archivo_home.copy(whole, tmp_path / "archivo", monkeypatch)


def app_of(built: Built, persona: str) -> tuple[VentanillaApp, Tasks]:
    tasks = Tasks(built.home, persona)
    tasks.viewing.graphics = Graphics("no")
    who = Person(persona, persona, ROLE[persona], (ROLE[persona],), "clave")
    app = VentanillaApp(tasks, watch=False, theme=themes.OWN, room="archivo", who=who)
    return app, tasks


@asynccontextmanager
async def entered(
    built: Built, persona: str = "rosa", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Driver]:
    """The app in its room."""
    app, tasks = app_of(built, persona)
    try:
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver
    finally:
        assert tasks.close()
    log = built.home / "salida" / "errores.log"
    assert not log.exists(), log.read_text()


def room_of(d: Driver) -> ArchivoScreen:
    found = d.app.screen_stack[0]
    assert isinstance(found, ArchivoScreen)
    return found


async def say(d: Driver, text: str, *then: str) -> None:
    """Write a text in one go, as one who pastes it."""
    if text:
        d.app.post_message(events.Paste(text))
        await d.settle()
    await d.press(*then)


def number(built: Built, name: str) -> str:
    """The expediente of a name."""
    return next(e.numero for e in built.door().lista() if e.nombre.startswith(name))


# -- looking --------------------------------------------------------------------------------------


async def test_the_tree_folds_counts_and_leads_to_the_expedientes(seen: Built) -> None:
    async with entered(seen) as d:
        shown = d.shown()
        assert "Versión 1, Resolución 30" in shown
        assert "120.03 CONTRATOS" in shown and "Acciones de tutela" not in shown
        await d.press("asterisk")
        line = next(r for r in d.shown().split("\n") if "140.02.01 Peticiones" in r)
        assert line.split()[-5:] == ["0", "1", "E", "1", "2"]  # AG, AC, después, abiertos, cerrados
        await d.press("slash", *"tutela", "enter")
        assert "Acciones de tutela" in d.shown() and "CONTRATOS" not in d.shown()
        await d.press("end", "enter")
        assert room_of(d).part == "expedientes"
        assert "Tutela de Berta Lugo" in d.shown() and "Alumbrado" not in d.shown()
        await d.press("enter")
        assert isinstance(d.app.screen, SheetDialog)
        whole = d.shown()
        assert ("#1" in whole and "Petición" in whole) or "Sin tipo documental" in whole
        assert "firmado; su huella empieza por" in whole
        await d.press("escape", "escape")
        assert room_of(d).part == "trd"
        await d.press("escape", "home", "left")
        assert "120.03 CONTRATOS" not in d.shown()
        await d.press("right")
        assert "120.03 CONTRATOS" in d.shown()


async def test_each_part_has_its_digit_its_columns_and_its_filter(seen: Built) -> None:
    async with entered(seen) as d:
        for digit, part in enumerate(words.PANES, start=1):
            await d.press(str(digit))
            assert room_of(d).part == part
            assert words.COLUMNS[part][0] in d.shown()
            assert not ENGLISH.findall(d.shown()) and not NEVER.findall(d.shown())
        await d.press("tab")
        assert room_of(d).part == "trd"
        await d.press("2", "f3", *"estado:abierto", "enter")
        assert "Alumbrado" in d.shown() and "Contrato 044" not in d.shown()
        await d.press("escape", "slash", *"PETICION ana", "enter")
        assert "Petición de Ana Peña" in d.shown() and "Contrato 044" not in d.shown()
        await d.press("escape", "s", "s")
        assert words.by("cierre") in d.shown()
        await d.press("3", "slash", *"suelta 2", "enter")
        assert "Suelta 2 [b]" in d.shown() and "Suelta 1" not in d.shown()


async def test_what_is_due_says_since_when_and_by_which_rule(seen: Built) -> None:
    async with entered(seen) as d:
        await d.press("4")
        rows = {r[1:20].strip(): r for r in d.shown().split("\n") if "EXP-" in r}
        assert "eliminar" in rows[number(seen, "Petición de Ana")]
        assert "2027-03-02 E 0+1" in rows[number(seen, "Petición de Ana")]
        assert "al histórico" in rows[number(seen, "Tutela")]
        assert "sin fecha" in rows[number(seen, "Contrato")]
        await d.press("d")
        await say(d, "2026-03-05", "enter")
        assert words.on_day("2026-03-05") in d.shown()
        assert "al central" in d.shown() and "eliminar  " not in d.shown()
        await d.press("d", "ctrl+u")
        await say(d, "ayer", "enter")
        assert isinstance(d.app.screen, FormDialog) and words.NOT_A_DAY in d.shown()
        await d.press("escape", "v")
        assert "2027" in d.shown() and "por eliminar" in d.shown()


async def test_what_a_role_has_not_is_not_offered(seen: Built) -> None:
    async with entered(seen, "irma") as d:
        await d.press("2")
        ids = {a.id for a in actions.offered(room_of(d).context())}
        assert "archivo_retener" in ids and "archivo_liberar" in ids
        assert not ids & {"archivo_cerrar", "archivo_abrir", "archivo_transferir", "archivo_paso"}
        assert "Cerrar" not in d.shown()
        await d.press("c")
        assert not isinstance(d.app.screen, FormDialog)
        await d.press("e")
        assert isinstance(d.app.screen, ChooseDialog)
    async with entered(seen, "hugo") as d:
        await d.press("6")
        assert "Paso" in d.shown() and "Responder" not in d.shown()


async def test_what_cannot_be_done_now_says_why(seen: Built) -> None:
    async with entered(seen) as d:
        await d.press("n")
        assert d.notice == words.NO_SERIE
        await d.press("2", "c")
        assert d.notice == words.NOT_OPEN
        await d.press("r", "escape", "l")
        assert d.notice == words.NOT_HELD
        await d.press("end", "t")
        assert d.notice == words.NOT_CLOSED
        await d.press("4", "t")
        assert d.notice == words.NOT_TRANSFER
        await d.press("6", "p")
        assert d.notice == words.NOTHING_CHOSEN
        await d.press("f8")
        assert d.notice == words.NO_EXPORT
        await d.press("f9")
        assert d.notice == words.NOTHING_RUNS
        room_of(d).action_do("archivo_cerrar")
        assert d.notice.startswith("«Cerrar el expediente» se hace en la parte 2")


async def test_hostile_text_renders_no_escapes(seen: Built) -> None:
    async with entered(seen, size=(140, 40)) as d:
        for keys_ in (["asterisk"], ["2", "down"], ["enter"], ["escape", "3"], ["4", "down"]):
            await d.press(*keys_)
            shown = d.shown()
            assert shown.replace("\n", "").isprintable()
            strips = d.app.screen._compositor.render_strips()
            assert not any("\x1b" in s.text or "\u202e" in s.text for row in strips for s in row)
            assert not any(s.style and s.style.meta.get("@click") for row in strips for s in row)
        await d.press("2")
        await d.until(lambda: room_of(d).query_one(SheetPane).shown is not None, "hoja")
        assert "[bold red]rojo[/]" in d.shown()
        await d.press("1")
        assert "[red]de interés[/]" in d.shown()


# -- expedientes ----------------------------------------------------------------------------------


async def test_an_expediente_is_opened_filled_closed_and_reopened(own: Built) -> None:
    async with entered(own) as d:
        await d.press("3", "space", "space", "n")
        await d.until(lambda: isinstance(d.app.screen, ChooseDialog), "series")
        await say(d, "tutela", "enter")
        await d.press("enter", "ctrl+u")
        await say(d, "Caso nuevo", "enter")
        made = number(own, "Caso nuevo")
        assert made in d.notice and len(own.door().ver(made).documentos) == 2
        assert "Suelta 1" in d.shown() and "Suelta 2" not in d.shown()
        await d.press("a")
        await d.until(lambda: isinstance(d.app.screen, ChooseDialog), "abiertos")
        await say(d, "caso", "enter")
        await d.press("enter")
        assert len(own.door().ver(made).documentos) == 3
        assert words.EMPTY["sin"] in d.shown()
        await d.press("2", "slash", *"nuevo", "enter", "x")
        await say(d, "#2", "enter")
        await say(d, "Era de otro", "enter")
        assert len(own.door().ver(made).documentos) == 2
        await d.press("c", "enter")
        await say(d, "2025-01-01", "enter")
        await d.until(lambda: isinstance(d.app.screen, FormDialog), "otra vez")
        assert "2025-01-01" in d.shown()  # refused: it came back with what was typed
        await say(d, "Respondida", "enter", "ctrl+u", "enter")
        assert own.door().ver(made).estado == "cerrado"
        await d.press("r")
        await say(d, "Faltaba un folio", "enter")
        assert own.door().ver(made).estado == "abierto"


async def test_several_are_held_and_freed(own: Built) -> None:
    async with entered(own, "irma") as d:
        await d.press("2", "space", "space", "h")
        await say(d, "Demanda", "enter")
        await say(d, "Proceso 12", "enter", "enter")
        held = {h.expediente for h in own.door().office.index.holds()}
        assert len(held) == 2
        assert d.shown().count(words.HELD) >= 2
        await d.press("4")
        assert d.shown().count(words.WHAT["retenido"]) >= 2
        await d.press("2", "home", "l", "enter")
        await d.settle()
        assert len(own.door().office.index.holds()) == 1


# -- exports --------------------------------------------------------------------------------------


async def test_an_export_is_tried_first_and_says_what_and_how_much(own: Built) -> None:
    async with entered(own, "irma") as d:
        await d.press("2", "e", "enter", "enter")
        await d.until(lambda: isinstance(d.app.screen, TrialDialog), "ensayo")
        folder = own.home / "salida" / "fuid"
        assert "5 filas" in d.shown() and "KB" in d.shown() and not folder.exists()
        await d.press("escape")
        assert not folder.exists()
        await d.press("e", "enter", "enter")
        await d.until(lambda: isinstance(d.app.screen, TrialDialog), "ensayo")
        await d.press("enter")
        assert (folder / "fuid.xlsx").is_file() and "5 filas" in d.notice
        await d.press("1", "e", "enter", "enter")
        await d.until(lambda: isinstance(d.app.screen, TrialDialog), "ensayo")
        await d.press("enter")
        assert (own.home / "salida" / "trd" / "trd.xlsx").is_file()


async def test_a_transfer_is_tried_written_stopped_and_accepted(own: Built, tmp_path: Path) -> None:
    keeper = own.door("rosa")
    tutela, other = number(own, "Tutela"), number(own, "Petición de Ana")
    async with entered(own) as d:
        await d.press("2", "asterisk", "t")
        assert d.notice == words.NOT_CLOSED  # one of those that are marked is open
        await d.press("asterisk", "home", "down", "down", "space", "space", "t", "enter", "ctrl+u")
        await say(d, str(tmp_path / "usb"), "enter", "enter")
        await d.until(lambda: isinstance(d.app.screen, TrialDialog), "ensayo")
        shown = " ".join(d.shown().split())
        assert "secundaria, de 1 expediente" in shown and "No van 1" in shown
        assert not (tmp_path / "usb").exists() and not keeper.transferencias()
        room_of(d).asks.stop()
        await d.press("enter")
        (row,) = keeper.transferencias()
        package = tmp_path / "usb" / row.transferencia
        assert (package / "bagit.txt").is_file() and row.estado == "preparada"
        await d.press("4")
        line = next(r for r in d.shown().split("\n") if tutela in r)
        assert words.WHAT["en_camino"] in line
        await d.press("5", "a", "enter", "enter")
        await say(d, "otra cosa", "enter")
        assert keeper.transferencia(row.transferencia).estado == "preparada"
        await d.press("ctrl+u")
        await say(d, row.transferencia, "enter")
        assert keeper.transferencia(row.transferencia).estado == "aceptada"
        assert "todo verifica" in d.notice
    assert own.door().ver(tutela).fase == "historico"
    assert own.door().ver(other).fase == "gestion"


async def test_a_package_under_way_is_stopped_and_leaves_nothing(
    own: Built, tmp_path: Path
) -> None:
    async with entered(own) as d:
        room = room_of(d)
        asks, names = room.asks, (number(own, "Tutela"),)
        values = {"destino": str(tmp_path / "usb"), "motivo": "", "perfil": "bagit"}
        ticket = asks.transfer(room, names, values)
        asks.stop()
        room.begin(ticket)
        await d.settle()
        assert "Se detuvo" in d.notice and room.running is None
        assert not list((tmp_path / "usb").iterdir())
        assert not own.door().transferencias()


# -- disposals ------------------------------------------------------------------------------------


async def test_a_disposal_takes_all_its_steps_and_two_persons(own: Built, clock: Clock) -> None:
    gone = number(own, "Petición de Ana")
    async with entered(own) as d:
        await d.press("4", "p", "enter", "enter")
        (one,) = own.door().eliminaciones()
        name = one.numero
        await d.press("6", "p")
        await say(d, name, "enter")
        assert own.door().eliminacion(name).estado == "publicada"
        await d.press("p")
        assert "el comité decide después" in d.notice
        await d.press("o")
        await say(d, "Veeduría", "enter")
        await say(d, "¿Por qué ese?", "enter")
        await d.press("r")
        await say(d, "1", "enter")
        await say(d, "no", "enter")
        await say(d, "Ya cumplió su tiempo", "enter", "enter")
        assert not own.door().eliminacion(name).sin_responder
        clock.to("2027-07-01")
        await d.press("f5", "p")
        await say(d, "Acta 4", "enter", "enter", "enter")
        await d.press("p")
        await say(d, "otra clave", "enter")
        await say(d, name, "enter")
        await d.until(lambda: "clave" in d.shown().lower(), "clave errada")
        await say(d, PHRASE, "enter")
        await say(d, name, "enter")
        assert own.door().eliminacion(name).estado == "firmada"
        await d.press("p")
        assert d.notice == words.YOU_SIGNED
        assert PHRASE not in d.shown()
    async with entered(own, "hugo") as d:
        await d.press("6", "p")
        assert "No hay vuelta atrás" in " ".join(d.shown().split()) or "vuelta" in d.shown()
        await say(d, PHRASE, "enter")
        await say(d, name, "enter")
        await d.until(lambda: not d.app.tasks.busy, "eliminada")
        assert own.door().eliminacion(name).estado == "eliminada"
        assert "se eliminaron" in d.notice
        await d.press("enter")
        assert "[x] 7" in d.shown()
    assert own.door().ver(gone).estado == "eliminado"


# -- seen -----------------------------------------------------------------------------------------


@pytest.fixture
def busy(whole: Built, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    """With a disposal that stands published, and one that was withdrawn."""
    built = archivo_home.copy(whole, tmp_path / "archivo", monkeypatch)
    door = built.door("rosa")
    for name in ("Caso", "Petición de Ana"):
        door.proponer([number(built, name)])
    door.retirar_eliminacion("2027-VU1-ELM-000001", "Se propuso por error")
    door.publicar("2027-VU1-ELM-000002")
    door.observar("2027-VU1-ELM-000002", "Veeduría", "¿Por qué ese? [b]")
    return built


SENT = Transfer(
    Prepared(
        transferencia="2027-VU1-TRF-000001", vigencia=2027, n=1, anterior=None, tipo="primaria",
        expedientes=["2026-VU1-EXP-000001", "2026-VU1-EXP-000002"], paquete="ab" * 32,
    ),
    "2027-03-05T09:00:00.000-05:00", "rosa", "/media/usb",
)  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize("part", [*words.PANES, "formulario", "ensayo"])
def test_the_room_is_seen(
    busy: Built,
    snap_compare: Any,
    size: tuple[int, int],
    part: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "index_of", lambda _: "firmado; su huella empieza por 00112233")
    app, tasks = app_of(busy, "rosa")

    async def rest(pilot: Pilot[Any]) -> None:
        d = Driver(app, pilot)
        await d.settle()
        room = room_of(d)
        if part in words.PANES:
            await d.press(str(list(words.PANES).index(part) + 1))
            await d.press(*(["asterisk"] if part == "trd" else []), "down")
        if part == "transferencias":
            row = TransferRow(SENT.numero, "primaria", "preparada", SENT.fecha, "", SENT.destino)
            room._pane_read(m.PaneRead(part, room._tickets[part], archivo_words.transfers([row])))
            await d.settle()
            sheet = archivo_sheets.transfer(SENT)
            room._sheet_read(m.SheetRead(part, SENT.numero, sheet, preview=True))
            room.tell("")
        elif part == "formulario":
            await d.press("2", "end", "c")
        elif part == "ensayo":
            kept = [Kept("2026-VU1-EXP-000004", "Al [b]4[/] no le llega todavía.")]
            found = Rehearsal("primaria", list(SENT.hecha.expedientes), kept, 31, 288_800, 8 << 30)
            trial = archivo_sheets.transfer_trial(found, "/media/usb", "bagit")
            app.push_screen(TrialDialog(words.TRANSFER_TITLE, trial))
        await pilot.pause(0.2)
        await d.settle()

    assert snap_compare(app, terminal_size=size, run_before=rest)
    assert tasks.close()
