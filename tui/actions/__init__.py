"""The one registry of what a key does: bindings, key bar, palette, help and the manual's table.

Pure: no widget is known here. A screen gives a `Context`, the registry says whether an action may
be done now and, when not, why. Keys are those that plain terminals, tmux, PuTTY and Spanish
keyboards send: letters only where nothing is typed, F1 to F9, and a few Ctrl+letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from tui import texts
from tui.actions import (
    archivo,
    area,
    common,
    consulta,
    integridad,
    lobby,
    page,
    procesos,
    reception,
    rooms,
    tablero,
)
from tui.actions import help as helping
from tui.actions.common import LOBBY
from tui.actions.help import HELP
from tui.actions.reception import MAIN
from tui.actions.registry import FORM, LIST, Action, Context, KeyLabel, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTIONS: tuple[Action, ...] = (
    *reception.ACTIONS, *page.ACTIONS, *area.ACTIONS, *archivo.ACTIONS, *consulta.ACTIONS,
    *tablero.ACTIONS, *procesos.ACTIONS, *integridad.ACTIONS, *lobby.ACTIONS, *rooms.ACTIONS,
    *helping.ACTIONS, *common.ACTIONS,
)  # fmt: skip
BY_ID = {action.id: action for action in ACTIONS}


def on(screen: str) -> list[Action]:
    """The actions of a screen."""
    return [a for a in ACTIONS if screen in a.screens or ("*" in a.screens and screen != LOBBY)]


def offered(context: Context) -> list[Action]:
    """Those of a screen that the person's role has."""
    return [a for a in on(context.screen) if a.is_offered(context)]


def bindings(screen: str) -> list[Binding]:
    """What a screen binds. Letters and signs never win over a field in which one types."""
    return [
        Binding(
            key,
            f"do('{action.id}')",
            action.title,
            show=False,
            priority=_function(key) > 0 or key[:4] == "ctrl",
            id=f"{screen}.{action.id}.{key}",
        )
        for action in on(screen)
        if not action.native
        for key in action.keys
    ]


def _function(key: str) -> int:
    """Which function key it is; 0 for none."""
    return int(key[1:]) if key[0] == "f" and key[1:].isdigit() else 0


def bar(context: Context) -> tuple[KeyLabel, ...]:
    """The key bar of a context; what cannot be done now stays, dimmed."""
    shown = [a for a in offered(context) if a.bar and a.place in ("", context.place)]
    shown.sort(key=lambda a: _function(a.keys[0]) or 99)
    return tuple(KeyLabel(spoken(a.keys[0]), a.bar, a.refusal(context) is None) for a in shown)


def conflicts(actions: Iterable[Action] = ACTIONS) -> list[str]:
    """Keys that two actions would answer in the same place."""
    actions = list(actions)
    screens = {s for a in actions for s in a.screens} - {"*", LOBBY}
    held: dict[tuple[str, str, str], str] = {}
    found = []
    for action in actions:
        if action.native and "*" in action.screens:
            continue  # what any list does by itself; a screen without a list may use its keys
        named = set(action.screens) - {"*"}
        for screen in sorted(screens | named if "*" in action.screens else named):
            for place in (action.place,) if action.place else (LIST, FORM):
                for key in action.keys:
                    other = held.setdefault((screen, place, key), action.id)
                    if other != action.id:
                        found.append(f"{screen}/{place}: {key} es de «{other}» y de «{action.id}»")
    return found


def rows(context: Context) -> list[tuple[str, str, str]]:
    """(keys, title, help) of what a person is offered on a screen: its own first."""
    return [_row(action) for action in offered(context)]


def _row(action: Action) -> tuple[str, str, str]:
    return " · ".join(spoken(key) for key in action.keys), action.title, action.help


def manual() -> str:
    """All keys as Markdown: a table for each room, and one for what is the same in all."""
    parts = [(place.title, [a for a in ACTIONS if place.id in a.screens]) for place in rooms.PLACES]
    parts.append((texts.PAGE_KEYS, list(page.ACTIONS)))
    parts.append((texts.LOBBY_KEYS, list(lobby.ACTIONS)))
    parts.append((texts.EVERYWHERE_KEYS, [a for a in ACTIONS if "*" in a.screens]))
    out = [f"# {texts.HELP_TITLE}\n\n{texts.KEYS_NOTE}\n"]
    for title, told in parts:
        lines = [f"| {keys} | {name} | {text} |" for keys, name, text in map(_row, told)]
        head = f"## {title}\n\n| Teclas | Acción | Qué hace |\n|---|---|---|"
        out.append("\n".join([head, *lines, ""]))
    return "\n".join(out)


__all__ = [
    "ACTIONS", "BY_ID", "FORM", "HELP", "LIST", "LOBBY", "MAIN", "Action", "Context",
    "KeyLabel", "bar", "bindings", "conflicts", "manual", "offered", "on", "rows", "spoken",
]  # fmt: skip
