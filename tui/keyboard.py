"""Which keys Ventanilla needs, which of them have arrived, and the report of it. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui import actions
from tui import terminal_texts as texts

if TYPE_CHECKING:
    from pathlib import Path

    from tui.terminal import Terminal

FUNCTIONS = tuple(f"f{n}" for n in range(1, 10))
MOVING = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *("enter", "escape", "tab", "shift+tab", "space", "backspace", "delete"),
)
LETTERS = (*"áéíóúñüÁÑ", *"@/?.:")
_NAMES = {
    "left": "←",
    "right": "→",
    "space": "Espacio",
    "backspace": "Retroceso",
    "delete": "Supr",
    "full_stop": ".",
}


def groups() -> dict[str, tuple[str, ...]]:
    """The checklist: what the registry binds with Ctrl, and what every form needs."""
    bound = {key for action in actions.ACTIONS for key in action.keys}
    control = tuple(sorted({k for k in bound if k.startswith("ctrl+")}))
    return {
        "funciones": FUNCTIONS,
        "movimiento": MOVING,
        "control": control,
        "letras": LETTERS,
        "otros": (texts.CLICK, texts.WHEEL, texts.PASTE),
    }


def name(key: str) -> str:
    """A key as people call it."""
    if len(key) == 1 or key in (texts.CLICK, texts.WHEEL, texts.PASTE):
        return key
    return _NAMES.get(key) or actions.spoken(key)


def used(key: str, character: str | None) -> str:
    """What Ventanilla does with a key: the actions that have it, or that it is typed."""
    titles = dict.fromkeys(a.title for a in actions.ACTIONS if key in a.keys)
    if titles:
        return " · ".join(titles)
    if character and character.isprintable():
        return texts.TYPED
    return texts.TYPED if key in ("backspace", "delete", "left", "right") else texts.NOT_USED


def spelled(data: bytes) -> str:
    """Bytes for people: `1b 4f 51`."""
    return data[:24].hex(" ") + ("…" if len(data) > 24 else "") if data else texts.NO_BYTES


@dataclass(frozen=True, slots=True)
class Press:
    """A key that arrived."""

    key: str
    character: str | None
    data: bytes

    @property
    def sign(self) -> str:
        """What it types; «» where it types nothing that can be shown."""
        shown = self.character or ""
        if len(shown) == 1 and unicodedata.combining(shown):
            return f"◌{shown}"
        return shown if shown.isprintable() else ""

    @property
    def name(self) -> str:
        """As people call it: by what it types, else by its name."""
        return self.sign.strip() or name(self.key)


@dataclass
class Checklist:
    """What has arrived."""

    arrived: dict[str, Press] = field(default_factory=dict)
    order: list[Press] = field(default_factory=list)
    apart: bool = False
    """Whether an accent came after its letter."""
    pasted: str = ""

    def press(self, press: Press) -> None:
        """A key."""
        character = press.character or ""
        before = self.order[-1].character or "" if self.order else ""
        if character and unicodedata.combining(character[0]) and before:
            whole = unicodedata.normalize("NFC", before + character)
            self.apart = True
            self._tick(whole, press)
        self._tick(character if character in LETTERS else press.key, press)
        if press.key not in self.arrived:
            self._tick(press.key, press)
        self.order.append(press)

    def tick(self, what: str) -> None:
        """A click or a turn of the wheel."""
        self._tick(what, Press(what, None, b""))

    def paste(self, text: str) -> None:
        """A text, of which only its kind is kept: it may be anything."""
        self.tick(texts.PASTE)
        if any("\x80" <= c <= "\x9f" or c == "\ufffd" for c in text) or "Ã" in text:
            said = texts.PASTED_BAD
        elif unicodedata.normalize("NFC", text) != text:
            said = texts.PASTED_APART
        else:
            said = texts.PASTED_WHOLE
        self.pasted = said.format(count=len(text))

    def _tick(self, what: str, press: Press) -> None:
        self.arrived.setdefault(what, press)

    @property
    def missing(self) -> list[str]:
        """What has not arrived, in the order of the list."""
        return [key for keys in groups().values() for key in keys if key not in self.arrived]


def environment(found: Terminal, theme: str) -> list[str]:
    """The terminal, a line a fact."""
    said = {**found.facts(), "tema": theme}
    size = f"{found.columns}×{found.rows}"
    said["tamano"] = f"{size} ({texts.SMALL})" if found.small else size
    said["sixel"] = {"si": texts.YES, "no": texts.NO}.get(found.sixel, texts.UNKNOWN)
    said["colores"] = f"{found.colours:,}".replace(",", ".")
    lines = []
    for fact, label in texts.FACTS.items():
        value = said[fact]
        if isinstance(value, bool):
            value = texts.YES if value else texts.NO
        lines.append(f"{label + ':':<22}{value or texts.UNKNOWN}")
    return lines


def report(found: Terminal, theme: str, checks: Checklist | None = None) -> str:
    """All of it, to be read, kept or sent."""
    lines = [texts.REPORT, "", *environment(found, theme)]
    if checks is None:
        return "\n".join(lines) + "\n"
    for group, keys in groups().items():
        here = [name(key) for key in keys if key in checks.arrived]
        if here:
            lines += ["", f"{texts.GROUPS[group]}. {texts.ARRIVED}: {'  '.join(here)}"]
    if checks.pasted:
        lines += ["", checks.pasted]
    if checks.apart:
        lines += ["", texts.TWO_PARTS]
    lines += ["", texts.state(len(checks.missing))]
    if checks.missing:
        lines += [f"{texts.MISSING}:"]
        lines += [f"  {name(k):<14}{texts.INSTEAD.get(k, '')}".rstrip() for k in checks.missing]
    distinct = {(p.key, p.data): p for p in checks.order}
    if distinct:
        lines += ["", f"{texts.BYTES}:"]
        lines += [f"  {p.key:<18}{p.sign:<4}{spelled(p.data)}" for p in distinct.values()]
    return "\n".join(lines) + "\n"


def written(path: Path) -> str:
    """Where the report is."""
    return texts.WRITTEN.format(path=path)
