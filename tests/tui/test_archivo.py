"""The room «Archivo» as one looks: its parts, what is offered there, and what is refused."""

from __future__ import annotations

from tests.tui.archivo_home import Built, entered, number, room_of, say
from tests.tui.test_words import ENGLISH, NEVER
from tui import actions
from tui.actions import rooms
from tui.actions.archivo import Archive
from tui.dialogs.choose import ChooseDialog
from tui.dialogs.form import FormDialog
from tui.dialogs.sheet import SheetDialog
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms
from tui.widgets.sheet import SheetPane


async def test_the_tree_folds_counts_and_leads_to_the_expedientes(archive_seen: Built) -> None:
    async with entered(archive_seen) as d:
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


async def test_each_part_has_its_digit_its_columns_and_its_filter(archive_seen: Built) -> None:
    async with entered(archive_seen) as d:
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


async def test_what_is_due_says_since_when_and_by_which_rule(archive_seen: Built) -> None:
    async with entered(archive_seen) as d:
        await d.press("4")
        rows = {r[1:20].strip(): r for r in d.shown().split("\n") if "EXP-" in r}
        assert "eliminar" in rows[number(archive_seen, "Petición de Ana")]
        assert "2027-03-02 E 0+1" in rows[number(archive_seen, "Petición de Ana")]
        assert "al histórico" in rows[number(archive_seen, "Tutela")]
        assert "sin fecha" in rows[number(archive_seen, "Contrato")]
        await d.press("d")
        await say(d, "2026-03-05", "enter")
        assert words.on_day("2026-03-05") in d.shown()
        assert "al central" in d.shown() and "eliminar  " not in d.shown()
        await d.press("d", "ctrl+u")
        await say(d, "ayer", "enter")
        assert isinstance(d.app.screen, FormDialog) and forms.NOT_A_DAY in d.shown()
        await d.press("escape", "v")
        assert "2027" in d.shown() and "por eliminar" in d.shown()


async def test_what_a_role_has_not_is_not_offered(archive_seen: Built) -> None:
    async with entered(archive_seen, "irma") as d:
        await d.press("2")
        ids = {a.id for a in actions.offered(room_of(d).context())}
        assert "archivo_retener" in ids and "archivo_liberar" in ids
        assert not ids & {"archivo_cerrar", "archivo_abrir", "archivo_transferir", "archivo_paso"}
        assert "Cerrar" not in d.shown()
        await d.press("c")
        assert not isinstance(d.app.screen, FormDialog)
        await d.press("e")
        assert isinstance(d.app.screen, ChooseDialog)
        await d.press("escape", "question_mark", "G")
        assert "Archivo" in d.shown() and "Cerrar el expediente" not in d.shown()
    async with entered(archive_seen, "hugo") as d:
        await d.press("6")
        assert "Paso" in d.shown() and "Responder" not in d.shown()


async def test_what_cannot_be_done_now_says_why(archive_seen: Built) -> None:
    async with entered(archive_seen) as d:
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


async def test_hostile_text_renders_no_escapes(archive_seen: Built) -> None:
    async with entered(archive_seen, size=(140, 40)) as d:
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


def test_it_is_the_archivists_home_and_its_keys_mean_one_thing_in_each_part() -> None:
    assert rooms.home_of(("archivista",)) == "archivo"
    assert rooms.home_of(("ventanilla", "archivista")) == "recepcion"
    listed = {"j", "k", "g", "G", "space", "up", "down", *"123456"}
    for part in words.PANES:
        held: dict[str, str] = {}
        for action in actions.on("archivo"):
            if action.native or action.place not in ("", part):
                continue
            for key in action.keys:
                assert held.setdefault(key, action.id) == action.id
                assert key not in listed
        bar = actions.bar(Archive(place=part, roles=frozenset({"archivista", "admin"})))
        assert sum(len(k.key) + len(k.title) + 1 for k in bar) <= 80
        assert 5 <= len(bar) <= 8
