"""The room «Archivo» as one works: the archivist's stories, by keys, on a real archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tui.archivo_home import Built, entered, number, say
from tui.dialogs.archivo_trial import TrialDialog
from tui.dialogs.choose import ChooseDialog
from tui.dialogs.form import FormDialog
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms

if TYPE_CHECKING:
    pass

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


async def test_what_was_typed_waits_until_it_is_done(archive_own: Built) -> None:
    """Esc, or a terminal that is closed, costs nothing of it; what was done is typed no more."""
    made = number(archive_own, "Tutela")
    async with entered(archive_own) as d:
        await d.press("2", "slash", *"tutela", "enter", "h")
        await say(d, "Demanda ante el Tribunal", "escape")
        assert not isinstance(d.app.screen, FormDialog)
        await d.press("h")
        assert "Demanda ante el Tribunal" in d.shown()
        await d.press("tab")
        await say(d, "Proceso 12")
        await d.pilot.pause(1)
    async with entered(archive_own) as d:
        await d.press("2", "slash", *"tutela", "enter", "h")
        assert "Demanda ante el Tribunal" in d.shown() and "Proceso 12" in d.shown()
        await d.press("f2")
        await d.until(lambda: bool(d.notice), "hecho")
        (held,) = archive_own.door().office.index.holds()
        assert held.expediente == made
        await d.press("h")
        assert "Demanda ante el Tribunal" not in d.shown()
        await d.press("escape")
    assert archive_own.door("rosa").office.a_medias() == []


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
        archive_own.door("irma").retener(sorted(held)[:1], "Otra demanda")
        await d.press("2", "home", "l", "enter", "enter")
        await d.until(lambda: isinstance(d.app.screen, FormDialog), "otra vez")
        assert "tiene 2 suspensiones" in " ".join(d.shown().split())
        await d.press("enter", "ctrl+u")
        await say(d, "sí", "enter")
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
