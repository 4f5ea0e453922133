"""The screen of `prueba-teclado`: what arrives from this terminal, ticked off a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui import keyboard, themes
from tui import terminal_texts as texts
from tui.driver import Arrived, ListeningDriver
from tui.keyboard import Checklist, Press
from tui.sanitize import line

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.driver import Driver

    from tui.terminal import Terminal


class KeyboardScreen(Screen[None], inherit_bindings=False):
    """Every key is only shown; Esc twice leaves."""

    def __init__(self, found: Terminal, checks: Checklist) -> None:
        super().__init__()
        self.found, self.checks = found, checks
        self.data = b""
        self._escape = False

    def compose(self) -> ComposeResult:
        for name in ("cabeza", "entorno", "tecla", "lista", "antes", "pie"):
            yield Static("", id=name, markup=False)

    def on_mount(self) -> None:
        self._put("cabeza", texts.TITLE)
        self._put("tecla", texts.NOTHING_YET)
        self._put("pie", texts.HINT)
        self._show()

    def on_key(self, event: events.Key) -> None:
        """One key."""
        event.stop()
        event.prevent_default()
        press = Press(event.key, event.character, self.data)
        self.checks.press(press)
        escape, self._escape = self._escape, event.key == "escape"
        if escape and self._escape:
            self.app.exit()
            return
        self._put("pie", texts.ONCE_MORE if self._escape else texts.HINT)
        use = keyboard.used(press.key, press.character)
        said = f"{press.name}\n"
        said += f"Textual: {press.key} · bytes: {keyboard.spelled(press.data)}\n{use}"
        self._put("tecla", said)
        self._show()

    def on_paste(self, event: events.Paste) -> None:
        """A text that was pasted: its kind, never its words."""
        event.stop()
        self.checks.paste(event.text)
        self._put("tecla", self.checks.pasted)
        self._show()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click."""
        self._mouse(texts.CLICK, event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        self._mouse(texts.WHEEL, event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel."""
        self._mouse(texts.WHEEL, event)

    def on_resize(self, event: events.Resize) -> None:
        """Another size."""
        self._show()

    def _mouse(self, what: str, event: events.MouseEvent) -> None:
        self.checks.tick(what)
        self._put("tecla", f"{what}: {event.screen_x}, {event.screen_y}")
        self._show()

    # -- showing ------------------------------------------------------------------------------

    def _put(self, name: str, text: str | Content) -> None:
        self.query_one(f"#{name}", Static).update(text)

    def _show(self) -> None:
        facts = [part for part in self._facts() if part]
        self._put("entorno", " · ".join(facts))
        self._put("lista", Content("\n").join(self._groups()))
        last = self.checks.order[-8:-1]
        self._put("antes", "   ".join(press.name for press in reversed(last)))
        missing = texts.state(len(self.checks.missing))
        self._put("cabeza", f"{texts.TITLE} · {missing}")

    def _facts(self) -> list[str]:
        found = self.found
        utf8 = found.facts()["utf8"]
        return [
            f"{self.app.size.width}×{self.app.size.height}",
            f"TERM={line(found.term)}",
            line(found.program),
            f"{found.colours:,} colores".replace(",", "."),
            f"UTF-8: {texts.YES if utf8 else texts.NO}",
            found.multiplexer,
            "SSH" if found.ssh else "",
            texts.FACTS["serie"] if found.serial else "",
            f"sixel: {found.sixel or texts.UNKNOWN}",
        ]

    def _groups(self) -> list[Content]:
        rows = []
        for group, keys in keyboard.groups().items():
            parts: list[tuple[str, str]] = [(f"{texts.GROUPS[group]}: ", "bold")]
            for key in keys:
                here = key in self.checks.arrived
                sign = f"+{keyboard.name(key)} " if here else f" {keyboard.name(key)} "
                parts.append((sign, "bold reverse" if here else ""))
                parts.append((" ", ""))
            rows.append(Content.assemble(*parts))
        return rows


class KeyboardTest(App[None], inherit_bindings=False):
    """The program of that screen."""

    TITLE = texts.TITLE
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    KeyboardScreen { layout: vertical; background: $background; color: $foreground; }
    #cabeza { height: 1; background: $panel; text-style: bold; }
    #entorno { height: 2; color: $secondary; }
    #tecla { height: 3; border-left: solid $primary; padding: 0 1; }
    #lista { height: auto; margin: 1 0; }
    #antes { height: 1fr; color: $secondary; }
    #pie { height: 1; background: $panel; }
    """

    def __init__(
        self,
        found: Terminal,
        *,
        theme: str = themes.OWN,
        driver_class: type[Driver] | None = ListeningDriver,
    ) -> None:
        super().__init__(driver_class=driver_class, ansi_color=True if found.colours == 0 else None)
        self.found, self.checks = found, Checklist()
        self.animation_level = "none"
        themes.register(self)
        self.theme = theme

    def get_default_screen(self) -> Screen[Any]:
        """Its only one."""
        return KeyboardScreen(self.found, self.checks)

    def on_arrived(self, event: Arrived) -> None:
        """The bytes of what comes next."""
        screen = self.screen
        assert isinstance(screen, KeyboardScreen)
        screen.data = event.data


def run(found: Terminal, theme: str) -> Checklist:
    """Show it until the person leaves; returns what arrived."""
    app = KeyboardTest(found, theme=theme)
    app.run(mouse=True)
    return app.checks
