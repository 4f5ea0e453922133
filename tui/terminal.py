"""What kind of terminal this is, as far as its environment and one question to it tell.

Pure but for `look` and `ask`, which need a real terminal. Nothing here is certain: a terminal may
lie about its name, so what follows from it can be said otherwise in `[interfaz]` and by
VENTANILLA_TEMA.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tui import terminal_texts as texts
from tui import themes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from records.settings import Interface

PATIENCE = 0.4
"""Seconds that a terminal has to say where its cursor is; over SSH that is one way and back."""
MILLIONS = 16_777_216
_SERIAL = re.compile(r"/dev/tty(S|USB|ACM|AMA|mxc)\d+")
_CONSOLE = re.compile(r"/dev/tty\d+")
_SIXEL = ("foot", "mlterm", "WezTerm", "contour", "yaft")
_RGB = re.compile(rb"\x1b\]11;rgb:([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})")
_PLACE = re.compile(rb"\x1b\[(\d+);(\d+)R")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a terminal said; None or «» where it said nothing in time."""

    utf8: bool | None = None
    background: str = ""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal."""

    term: str
    program: str
    """Its name where the environment tells it."""
    columns: int
    rows: int
    colours: int
    """0 (none wanted or none there), 16, 256 or 16,777,216."""
    locale: str
    utf8_locale: bool
    multiplexer: str = ""
    """«tmux» or «screen»."""
    ssh: bool = False
    serial: bool = False
    console: bool = False
    """The text console of Linux."""
    utf8: bool | None = None
    """What the terminal itself showed of «ñ»; None: not asked, or no answer."""
    background: str = ""
    """«claro» or «oscuro», or unknown."""
    sixel: str = ""
    """«si», «no», or unknown."""

    @property
    def small(self) -> bool:
        """Below what the screens are made for."""
        return self.columns < 80 or self.rows < 24

    @property
    def latin(self) -> bool:
        """Whether it surely shows no UTF-8."""
        return self.utf8 is False

    def facts(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "term": self.term,
            "programa": self.program,
            "columnas": self.columns,
            "filas": self.rows,
            "colores": self.colours,
            "idioma": self.locale,
            "utf8": self.utf8_locale if self.utf8 is None else self.utf8,
            "multiplexor": self.multiplexer,
            "ssh": self.ssh,
            "serie": self.serial,
            "consola_linux": self.console,
            "fondo": self.background,
            "sixel": self.sixel,
        }


def colours(env: Mapping[str, str]) -> int:
    """How many colours the environment promises."""
    term = env.get("TERM", "").lower()
    if "NO_COLOR" in env or term in ("", "dumb", "unknown"):
        return 0
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return MILLIONS
    return 256 if "256color" in term or term == "xterm-kitty" else 16


def seen(
    env: Mapping[str, str], size: tuple[int, int], tty: str = "", answer: Answer | None = None
) -> Terminal:
    """The terminal of an environment, of *size* (columns, rows), on the device *tty*."""
    answer = answer or Answer()
    term = env.get("TERM", "")
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    multiplexer = "tmux" if "TMUX" in env or term.startswith("tmux") else ""
    if not multiplexer and ("STY" in env or term.startswith("screen")):
        multiplexer = "screen"
    found = Terminal(
        term=term,
        program=_program(env, term),
        columns=size[0],
        rows=size[1],
        colours=colours(env),
        locale=locale,
        utf8_locale=bool(re.search(r"utf-?8", locale, re.I)),
        multiplexer=multiplexer,
        ssh=any(name in env for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")),
        serial=bool(_SERIAL.fullmatch(tty)),
        console=term == "linux" or bool(_CONSOLE.fullmatch(tty)),
        utf8=answer.utf8,
        background=answer.background or background(env),
    )
    return replace(found, sixel=_sixel(found))


def _program(env: Mapping[str, str], term: str) -> str:
    if "WT_SESSION" in env:
        return "Windows Terminal"
    named = env.get("TERM_PROGRAM") or env.get("LC_TERMINAL") or ""
    if named and named != "tmux":
        return named[:40]
    for variable, name in (
        ("KITTY_WINDOW_ID", "kitty"),
        ("KONSOLE_VERSION", "Konsole"),
        ("VTE_VERSION", "VTE (GNOME Terminal, Xfce…)"),
        ("XTERM_VERSION", "xterm"),
    ):
        if variable in env:
            return name
    return next((name for name in ("foot", "mlterm", "putty") if term.startswith(name)), "")


def _sixel(found: Terminal) -> str:
    if found.multiplexer or found.console or found.serial:
        return "no"
    return "si" if found.program in _SIXEL else ""


def background(env: Mapping[str, str]) -> str:
    """«claro» or «oscuro» by COLORFGBG (rxvt, Konsole), or unknown."""
    last = env.get("COLORFGBG", "").rpartition(";")[2]
    if not last.isdigit() or int(last) > 15:
        return ""
    return "claro" if int(last) in (7, *range(9, 16)) else "oscuro"


# -- asking the terminal ------------------------------------------------------------------------


def look(*, asking: bool = True) -> Terminal:
    """The terminal in which this program runs; asked, where there is one, before Textual has it."""
    env = os.environ
    size = shutil.get_terminal_size()
    try:
        fd_in, fd_out = sys.__stdin__.fileno(), sys.__stdout__.fileno()  # type: ignore[union-attr]
        tty = os.ttyname(fd_out)
    except (OSError, AttributeError, ValueError):
        return seen(env, size)
    if not asking or not os.isatty(fd_in) or env.get("TERM", "") in ("", "dumb", "unknown"):
        return seen(env, size, tty)
    return seen(env, size, tty, ask(fd_in, fd_out, colour=_speaks_osc(env)))


def _speaks_osc(env: Mapping[str, str]) -> bool:
    """Whether a question for the background is surely swallowed where it is not understood."""
    term = env.get("TERM", "")
    return term.startswith(("xterm", "foot", "alacritty", "rxvt")) and "STY" not in env


def ask(fd_in: int, fd_out: int, *, colour: bool, patience: float = PATIENCE) -> Answer:
    """Write «ñ» and ask where the cursor is: in the second column where UTF-8 is understood.

    *colour*: also the background, in the same breath; a terminal answers in order, so the place
    of the cursor says that no colour will come. It is done one line further down and taken back.
    """
    import termios
    import tty

    try:
        before = termios.tcgetattr(fd_in)
    except termios.error:
        return Answer()
    try:
        tty.setcbreak(fd_in, termios.TCSANOW)
        question = b"\x1b]11;?\x1b\\" if colour else b""
        os.write(fd_out, b"\n\r" + "ñ".encode() + question + b"\x1b[6n")
        said = _listen(fd_in, patience)
        os.write(fd_out, b"\r\x1b[K\x1b[A")
    finally:
        termios.tcsetattr(fd_in, termios.TCSANOW, before)
    return understood(said)


def _listen(fd: int, patience: float) -> bytes:
    said = b""
    limit = time.monotonic() + patience
    while not _PLACE.search(said):
        left = limit - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            break
        data = os.read(fd, 256)
        if not data:
            break
        said += data
    return said


def understood(said: bytes) -> Answer:
    """What the bytes of an answer mean."""
    place, rgb = _PLACE.search(said), _RGB.search(said)
    utf8 = None if place is None else int(place[2]) == 2
    if rgb is None:
        return Answer(utf8)
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in rgb.groups())
    light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
    return Answer(utf8, "claro" if light else "oscuro")


# -- what follows for the screens ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Looks:
    """How the screens are shown in a terminal."""

    theme: str
    mouse: bool = True
    ascii: bool = False
    """Frames made of `+-|`."""
    warning: str = ""
    """What a person has to know before the first letter; «» where all is well."""


def looks(found: Terminal, chosen: Interface, env: Mapping[str, str]) -> Looks:
    """How they are shown in *found*, as the office has *chosen* and the environment says.

    Raises:
        Misuse: VENTANILLA_TEMA says no theme.
    """
    return Looks(
        theme=themes.pick(found.colours, themes.wanted(env, chosen.tema), found.background),
        # Every move is some bytes, and a serial line has few.
        mouse=chosen.raton and not found.serial,
        ascii=found.latin or chosen.bordes == "ascii",
        warning=texts.NOT_UTF8 if found.latin else "",
    )


def here(chosen: Interface) -> Looks:
    """How they are shown in the terminal in which this program runs."""
    return looks(look(), chosen, os.environ)
