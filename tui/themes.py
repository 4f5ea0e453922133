"""Two themes: our own of high contrast, and the terminal's sixteen colours for old consoles and
NO_COLOR.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from rich.console import Console

OWN, SIXTEEN = "ventanilla", "ansi-dark"

HIGH_CONTRAST = Theme(
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


def choose(console: Console, no_color: bool) -> str:
    """The theme's name for a terminal."""
    if no_color or console.color_system in (None, "standard", "windows"):
        return SIXTEEN
    return OWN
