"""The room «Archivo» as one works: the archivist's stories, by keys, on a real archive."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.tui.archivo_home import PHRASE, Built, Clock, entered, number, room_of, say
from tui.dialogs.archivo_form import FormDialog
from tui.dialogs.archivo_trial import TrialDialog
from tui.dialogs.choose import ChooseDialog
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms

if TYPE_CHECKING:
    from pathlib import Path

# -- expedientes ----------------------------------------------------------------------------------


async def test_an_expediente_is_opened_filled_closed_and_reopened(archive_own: Built) -> None:
    async with entered(archive_own) as d:
        await d.press("3", "space", "space", "n")
        await d.until(lambda: isinstance(d.app.screen, ChooseDialog), "series")
        await say(d, "tutela", "enter")
        await d.press("enter", "ctrl+u")
        await say(d, "Caso nuevo", "enter")
        made = number(archive_own, "Caso nuevo")
        assert made in d.notice and len(archive_own.door().ver(made).documentos) == 2
        assert "Suelta 1" in d.shown() and "Suelta 2" not in d.shown()
        await d.press("a")
        await d.until(lambda: isinstance(d.app.screen, ChooseDialog), "abiertos")
        await say(d, "caso", "enter")
        await d.until(lambda: forms.KIND_TITLE in d.shown(), "tipos")
        await d.press("enter")
        assert len(archive_own.door().ver(made).documentos) == 3
        assert words.EMPTY["sin"] in d.shown()
        await d.press("2", "slash", *"nuevo", "enter", "x")
        await say(d, "#2", "enter")
        await say(d, "Era de otro", "enter")
        assert len(archive_own.door().ver(made).documentos) == 2
        await d.press("c", "enter")
        await say(d, "2025-01-01", "enter")
        await d.until(lambda: isinstance(d.app.screen, FormDialog), "otra vez")
        assert "2025-01-01" in d.shown()  # refused: it came back with what was typed
        await say(d, "Respondida", "enter", "ctrl+u", "enter")
        assert archive_own.door().ver(made).estado == "cerrado"
        await d.press("r")
        await say(d, "Faltaba un folio", "enter")
        assert archive_own.door().ver(made).estado == "abierto"


async def test_several_are_held_and_freed(archive_own: Built) -> None:
    async with entered(archive_own, "irma") as d:
        await d.press("2", "space", "space", "h")
        await say(d, "Demanda", "enter")
        await say(d, "Proceso 12", "enter", "enter")
        held = {h.expediente for h in archive_own.door().office.index.holds()}
        assert len(held) == 2
        assert d.shown().count(words.HELD) >= 2
        await d.press("4")
        assert d.shown().count(words.WHAT["retenido"]) >= 2
        await d.press("2", "home", "l", "enter")
        await d.settle()
        assert len(archive_own.door().office.index.holds()) == 1


# -- exports --------------------------------------------------------------------------------------


async def test_an_export_is_tried_first_and_says_what_and_how_much(archive_own: Built) -> None:
    async with entered(archive_own, "irma") as d:
        await d.press("2", "e", "enter", "enter")
        await d.until(lambda: isinstance(d.app.screen, TrialDialog), "ensayo")
        folder = archive_own.home / "salida" / "fuid"
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
        assert (archive_own.home / "salida" / "trd" / "trd.xlsx").is_file()


async def test_a_transfer_is_tried_written_and_accepted(archive_own: Built, tmp_path: Path) -> None:
    keeper = archive_own.door("rosa")
    tutela, other = number(archive_own, "Tutela"), number(archive_own, "Petición de Ana")
    async with entered(archive_own) as d:
        await d.press("2", "asterisk", "t")
        assert d.notice == words.NOT_CLOSED  # one of those that are marked is open
        await d.press("asterisk", "home", "down", "down", "space", "space", "t", "enter", "ctrl+u")
        await say(d, str(tmp_path / "usb"), "enter", "enter")
        await d.until(lambda: isinstance(d.app.screen, TrialDialog), "ensayo")
        shown = " ".join(d.shown().split())
        assert "secundaria, de 1 expediente" in shown and "No van 1" in shown
        assert not (tmp_path / "usb").exists() and not keeper.transferencias()
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
    assert archive_own.door().ver(tutela).fase == "historico"
    assert archive_own.door().ver(other).fase == "gestion"


async def test_a_package_under_way_is_stopped_and_leaves_nothing(
    archive_own: Built, tmp_path: Path
) -> None:
    async with entered(archive_own) as d:
        room = room_of(d)
        asks, names = room.asks, (number(archive_own, "Tutela"),)
        values = {"destino": str(tmp_path / "usb"), "motivo": "", "perfil": "bagit"}
        ticket = asks.transfer(room, names, values)
        asks.stop()
        room.begin(ticket)
        await d.settle()
        assert "Se detuvo" in d.notice and room.running is None
        assert not list((tmp_path / "usb").iterdir())
        assert not archive_own.door().transferencias()


async def test_a_package_is_sent_back_by_its_number_though_it_is_lost(archive_own: Built) -> None:
    name = number(archive_own, "Tutela")
    door = archive_own.door("rosa")
    sent = door.transferir([name], archive_own.folder / "usb")
    shutil.rmtree(sent.paquete)
    async with entered(archive_own) as d:
        await d.press("5", "b")
        await say(d, "Se perdió el disco", "enter")
        await say(d, sent.transferencia, "enter")
        assert "Los expedientes siguen donde estaban" in d.notice
        await d.press("b")
        assert d.notice == words.SETTLED
        await d.press("enter")
        assert "Se perdió el disco" in d.shown() and "por Rosa" in d.shown()
    assert archive_own.door().transferencia(sent.transferencia).estado == "devuelta"


async def test_what_has_no_date_gets_it_from_what_happened(archive_own: Built) -> None:
    name = number(archive_own, "Contrato")
    async with entered(archive_own) as d:
        await d.press("4", "i")
        assert d.notice == words.HAS_DATE
        await d.press("end", "i")
        await say(d, "2026-04-01", "enter")
        await say(d, "Acta de liquidación", "enter")
        assert "corre desde ese día" in d.notice and words.WHAT["sin_fecha"] not in d.shown()
    assert archive_own.door().ver(name).retencion.base == "2026-04-01"


# -- disposals ------------------------------------------------------------------------------------


async def test_a_disposal_takes_all_its_steps_and_two_persons(
    archive_own: Built, archive_clock: Clock
) -> None:
    gone = number(archive_own, "Petición de Ana")
    async with entered(archive_own) as d:
        await d.press("4", "p", "enter", "enter")
        (one,) = archive_own.door().eliminaciones()
        name = one.numero
        await d.press("6", "p")
        await say(d, name, "enter")
        assert archive_own.door().eliminacion(name).estado == "publicada"
        await d.press("p")
        assert "el comité decide después" in d.notice
        await d.press("o")
        await say(d, "Veeduría", "enter")
        await say(d, "¿Por qué ese?", "enter")
        await d.press("r")
        await say(d, "1", "enter")
        await say(d, "no", "enter")
        await say(d, "Ya cumplió su tiempo", "enter", "enter")
        assert not archive_own.door().eliminacion(name).sin_responder
        archive_clock.to("2027-07-01")
        await d.press("f5", "p")
        await say(d, "Acta 4", "enter", "enter", "enter")
        await d.press("p")
        await say(d, "otra clave", "enter")
        await say(d, name, "enter")
        await d.until(lambda: "clave" in d.shown().lower(), "clave errada")
        await say(d, PHRASE, "enter")
        await say(d, name, "enter")
        assert archive_own.door().eliminacion(name).estado == "firmada"
        await d.press("p")
        assert d.notice == words.YOU_SIGNED
        assert PHRASE not in d.shown()
    async with entered(archive_own, "hugo") as d:
        await d.press("6", "p")
        assert "No hay vuelta atrás" in " ".join(d.shown().split()) or "vuelta" in d.shown()
        await say(d, PHRASE, "enter")
        await say(d, name, "enter")
        await d.until(lambda: not d.app.tasks.busy, "eliminada")
        assert archive_own.door().eliminacion(name).estado == "eliminada"
        assert "se eliminaron" in d.notice
        await d.press("enter")
        assert "[x] 7" in d.shown()
    assert archive_own.door().ver(gone).estado == "eliminado"
