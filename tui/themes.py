"""The themes: dark, light and of high contrast, all three our own, and the terminal's sixteen
colours for old consoles and NO_COLOR. Which one is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.theme import Theme

from records.errors import Misuse
from tui import terminal_texts as texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from textual.app import App

OWN, LIGHT, CONTRAST = "ventanilla", "ventanilla-claro", "ventanilla-contraste"
SIXTEEN, SIXTEEN_LIGHT = "ansi-dark", "ansi-light"
VARIABLE = "VENTANILLA_TEMA"

DARK_THEME = Theme(
    name=OWN,
    primary="#7fd4ff",
    secondary="#b9c7d6",
    warning="#ffd75f",
    error="#ff8f87",
    success="#8fe388",
    accent="#ffd75f",
    foreground="#ffffff",
    background="#0b0f14",
    surface="#0b0f14",
    panel="#1b2530",
    dark=True,
    text_alpha=1.0,
    variables={"input-cursor-background": "#ffffff", "input-cursor-foreground": "#0b0f14"},
)
LIGHT_THEME = Theme(
    name=LIGHT,
    primary="#00456b",
    secondary="#141c24",
    warning="#6b3d00",
    error="#9c0f0f",
    success="#0b5513",
    accent="#6b3d00",
    foreground="#0b0f14",
    background="#ffffff",
    surface="#ffffff",
    panel="#e6ebf0",
    dark=False,
    text_alpha=1.0,
    variables={"input-cursor-background": "#0b0f14", "input-cursor-foreground": "#ffffff"},
)
CONTRAST_THEME = Theme(
    name=CONTRAST,
    primary="#00ffff",
    secondary="#ffffff",
    warning="#ffff00",
    error="#ffb3b3",
    success="#80ff80",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#202020",
    dark=True,
    text_alpha=1.0,
    variables={"input-cursor-background": "#ffff00", "input-cursor-foreground": "#000000"},
)
THEMES = (DARK_THEME, LIGHT_THEME, CONTRAST_THEME)
_BY_WORD = {"oscuro": OWN, "claro": LIGHT, "contraste": CONTRAST}
WORDS = ("auto", *_BY_WORD, "16")
"""What `[interfaz] tema` and VENTANILLA_TEMA may say."""


def wanted(env: Mapping[str, str], configured: str = "auto") -> str:
    """One of `WORDS`: the environment's, else the office's.

    Raises:
        Misuse: the environment says another word.
    """
    said = env.get(VARIABLE) or configured
    if said not in WORDS:
        known = ", ".join(WORDS)
        raise Misuse("tema_desconocido", texts.UNKNOWN_THEME.format(said=said[:40], known=known))
    return said


def pick(colours: int, word: str = "auto", background: str = "") -> str:
    """The theme's name: what is wanted, as far as the colours of the terminal reach."""
    if colours <= 16 or word == "16":
        return SIXTEEN_LIGHT if background == "claro" else SIXTEEN
    if word == "auto":
        return LIGHT if background == "claro" else OWN
    return _BY_WORD[word]


def choose(console: Console, no_color: bool, word: str = "auto", background: str = "") -> str:
    """The theme's name for a terminal as Rich sees it."""
    few = no_color or console.color_system in (None, "standard", "windows")
    return pick(16 if few else 256, word, background)


def word_of(theme: str) -> str:
    """The word for a theme's name."""
    return next((word for word, name in _BY_WORD.items() if name == theme), "16")


def register(app: App[Any]) -> None:
    """Make our own known to *app*."""
    for theme in THEMES:
        app.register_theme(theme)


def choices() -> tuple[tuple[str, str], ...]:
    """(word, title) of each that a person may switch to."""
    return tuple((word, texts.THEMES[word]) for word in (*_BY_WORD, "16"))


def switch(app: App[Any], word: str) -> None:
    """Show another one. A terminal of sixteen colours, or without, keeps its own."""
    app.theme = choose(app.console, app.no_color, word, "" if app.current_theme.dark else "claro")
