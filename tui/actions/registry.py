"""What an action is, what its guard looks at, and how its keys are spoken. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LIST, FORM = "lista", "formulario"
"""Where the focus is: on a list, where letters are keys, or where one types."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every guard may look at; a room's own context knows more."""

    screen: str = ""
    place: str = LIST
    person: bool = True
    """Whether Ventanilla knows who is there."""
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person may do."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    screens: tuple[str, ...] = ()
    place: str = ""
    """Only where the focus is here; «» is everywhere."""
    bar: str = ""
    """Its short name in the key bar; «» leaves it out."""
    guard: Callable[[Any], str | None] | None = None
    offered: Callable[[Any], bool] | None = None
    """Whether the person's role has it at all: what it has not is nowhere to be seen. What only
    cannot be done now is the guard's part: it stays, dimmed, with its reason."""
    native: bool = False
    """A widget handles its keys by itself: shown in the help, never bound."""

    def is_offered(self, context: Context) -> bool:
        """Whether the person is to see it."""
        return self.offered is None or self.offered(context)

    def refusal(self, context: Context) -> str | None:
        """Why it cannot be done now; None when it can."""
        return self.guard(context) if self.guard else None


def of(screen: str, *actions: Action) -> tuple[Action, ...]:
    """A room's own actions."""
    return tuple(replace(a, screens=a.screens or (screen,)) for a in actions)


_SPOKEN = {
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "asterisk": "*",
    "space": "Espacio",
    "plus": "+",
    "left": "←",
    "right": "→",
    "question_mark": "?",
    "slash": "/",
    "escape": "Esc",
    "delete": "Supr",
    "enter": "Enter",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "pageup": "RePág",
    "pagedown": "AvPág",
    "home": "Inicio",
    "end": "Fin",
    "shift": "Mayús",
    "ctrl": "Ctrl",
}


def spoken(key: str) -> str:
    """A key as people read it: `ctrl+n` → Ctrl+N."""
    if len(key) == 1:
        return key
    return "+".join(_SPOKEN.get(part, part.upper()) for part in key.split("+"))


@dataclass(frozen=True, slots=True)
class KeyLabel:
    """An entry of the key bar."""

    key: str
    title: str
    enabled: bool
