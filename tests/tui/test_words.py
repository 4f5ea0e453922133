"""What is on screen is Spanish, and nothing of a document is more than text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ingest.lectura import Campo, Unreadable
from tests.tui.conftest import House, reading
from tui import texts

if TYPE_CHECKING:
    from collections.abc import Callable

ENGLISH = re.compile(
    r"\b(quit|search|command|press|help|keys?|show|copy|theme|screenshot|maximize|select|found"
    r"|match(es)?|must|valid|the|and|not|close|open|cancel|save|error|draft|hash|loading)\b",
    re.I,
)
NEVER = re.compile(r"borrador|cuarentena|\bpunto\b|\bhash\b|epoch|traceback", re.I)


async def test_no_english_on_any_screen(house: House, drive: Callable[..., Any]) -> None:
    house.receive(None, Unreadable("danado"))
    keys = ["f1", "f3", "f4", "f6", "f8", "ctrl+p", "ctrl+l", "ctrl+c", "f7", "f9"]
    async with drive() as d:
        seen = d.shown()
        for key in keys:
            await d.press(key)
            seen += d.shown()
            await d.press("escape")
        await d.press("ctrl+p", *"zzzz")
        seen += d.shown()
    assert not ENGLISH.findall(seen)
    assert not NEVER.findall(seen)


def test_no_english_and_no_word_of_ours_in_the_texts() -> None:
    own = [v for name, v in vars(texts).items() if not name.startswith("_")]
    said = [v for v in own if isinstance(v, str)]
    said += [w for v in own if isinstance(v, dict) for w in v.values()]
    said = [s for s in said if "/" not in s]
    assert not [s for s in said if ENGLISH.search(s) or NEVER.search(s)]


async def test_hostile_text_renders_no_escapes(house: House, drive: Callable[..., Any]) -> None:
    evil = "\x1b]0;dueño\x07\x1b[2J[bold red]hola[/]\u202eoña\x9b31m\x1bP+q\x1b\\ fin"
    house.receive(
        reading(
            f"{evil}\n{evil}\f[link='x']dos[/link]",
            remitente=Campo(evil, 40, 1, (0.0, 0.0, 40.0, 10.0)),
            asunto=Campo("[@click=app.bell]asunto[/]", 90, 1, None),
        ),
        name="c\x1b[31marta[b]",
    )
    async with drive() as d:
        shown = d.shown()
        assert shown.replace("\n", "").isprintable()
        assert "[bold red]hola[/]" in shown
        strips = d.app.screen._compositor.render_strips()
        assert not any("\x1b" in s.text or "\u202e" in s.text for line in strips for s in line)
        assert not any(s.style and s.style.meta.get("@click") for line in strips for s in line)
