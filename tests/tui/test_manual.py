"""The manual that F1 opens: there for each room, true to the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from records.errors import MachineCannot
from tests.tui.conftest import House
from tui import actions, manual, texts
from tui.actions import rooms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Drive = Callable[..., Any]


def spoken(chapter: str) -> set[str]:
    """Every key of a room, of the page, of everywhere; of all rooms for the chapter for all."""
    screens = {chapter, "hoja", "*", actions.LOBBY} if chapter in rooms.BY_ID else None
    found = {
        actions.spoken(key)
        for action in actions.ACTIONS
        if screens is None or screens & set(action.screens)
        for key in action.keys
    }
    return found | {"j", "k", "g", "G"}


@pytest.mark.parametrize("name", manual.CHAPTERS)
def test_a_chapter_names_only_keys_that_are_there(name: str) -> None:
    text = (manual.FOLDER / f"{name}.md").read_text("utf-8")
    keys = set(manual.keys_in(text)) - {"<"}
    assert keys and keys <= spoken(name), keys - spoken(name)


def test_every_file_is_a_chapter_and_every_room_is_told() -> None:
    files = {path.stem for path in manual.FOLDER.glob("*.md")} - {"README", "teclas"}
    assert files == set(manual.CHAPTERS)
    index = (manual.FOLDER / "README.md").read_text("utf-8")
    assert all(f"({name}.md)" in index for name in [*manual.CHAPTERS, "teclas"])
    told = "".join((manual.FOLDER / f"{n}.md").read_text("utf-8") for n in manual.CHAPTERS)
    for place in rooms.PLACES:
        assert f"`{actions.spoken(place.key)}`" in told, place.title


def test_markdown_becomes_a_sheet() -> None:
    sheet = manual.parse(
        "x",
        "# Título\n\nUno\ndos.\n\n## Parte\n\n| a | b |\n|---|---|\n| `F2` | **ya** |\n\n- y\n  z",
    )
    assert sheet.title == "Título"
    assert sheet.parts[0].lines == (("", "Uno dos."),)
    assert sheet.parts[1].title == "Parte"
    assert sheet.parts[1].lines == (("F2", "ya"), ("", ""), ("", "· y z"))


async def test_f1_opens_the_chapter_of_the_room(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive() as d:
        await d.press("f1")
        assert "Recepción: de la carta al número" in d.shown()
        await d.press("right")
        assert "Área: lo que espera a alguien" in d.shown()
        await d.press("left", "end")
        assert "Ctrl+Z devuelve" in d.shown()
        await d.press("tab")
        assert texts.HELP_TITLE in d.shown() and "Radicar y seguir" in d.shown()
        await d.press("f1", "f1")
        assert d.app.screen is d.room


async def test_the_keys_shown_are_those_of_the_place(house: House, drive: Drive) -> None:
    house.receive(None)
    async with drive(room="consulta") as d:
        await d.press("enter", "question_mark")
        assert "Escribir la consulta" in d.shown()
        assert "Radicar y seguir" not in d.shown()
        await d.press("question_mark")
        assert d.app.screen is d.app.rooms["consulta"]


async def test_without_its_files_the_keys_are_shown(
    house: House, drive: Drive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    with pytest.raises(MachineCannot):
        manual.read("recepcion")
    async with drive() as d:
        await d.press("f1")
        assert "docs/manual" in d.shown() and texts.HELP_TITLE in d.shown()
