"""The room «Archivo»: transfers and disposals, step by step, and what confirms each."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from records.office import Office
from tests.tui.archivo_home import PHRASE, Built, Clock, entered, number, room_of, say
from tests.tui.conftest import ROOT
from tui.dialogs.archivo_trial import TrialDialog
from tui.dialogs.form import FormDialog
from tui.texts import archivo as words

if TYPE_CHECKING:
    from pathlib import Path


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


async def test_another_entity_takes_it_and_its_word_comes_back(
    archive_own: Built, tmp_path: Path
) -> None:
    name = number(archive_own, "Tutela")
    door = archive_own.door("rosa")
    sent = door.transferir([name], tmp_path / "usb")
    root = door.office.keys.root_public()
    other = Built(tmp_path / "agn")
    Office.found(other.home, ROOT / "config.toml", demo=True)
    async with entered(other, "demo") as d:
        assert words.ADOPT in " ".join(d.shown().split())
        await d.press("5", "a")
        await say(d, sent.paquete, "enter", "enter")
        await say(d, sent.transferencia, "enter")
        await d.until(lambda: isinstance(d.app.screen, FormDialog), "otra vez")
        assert "Es de otra entidad" in d.shown() and str(tmp_path)[:40] in d.shown()
        await d.press("enter")
        await say(d, root, "enter")
        await say(d, sent.transferencia, "enter")
        assert "Entregue a quien lo envió" in d.notice
        await d.press("2")
        assert "Tutela de Berta Lugo" in d.shown()
    async with entered(archive_own) as d:
        await d.press("5", "w", "enter")
        await say(d, other.door().office.keys.root_public(), "enter")
        await say(d, sent.transferencia, "enter")
        assert "aceptada por quien la recibió" in d.notice
    assert archive_own.door().ver(name).fase == "historico"


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
    kept = archive_own.home / "catalog.json"  # what was typed is kept there; of dots nothing is
    assert not kept.exists() or not {PHRASE, "otra clave"} & set(kept.read_text().split('"'))
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
