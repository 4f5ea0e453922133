"""What the terminal can draw: asked once, before the application takes the screen.

Three questions go out in one breath: kitty's graphics query, the size of a cell (XTWINOPS 16) and
the primary device attributes (DA1, ECMA-48 and VT220), which every terminal answers and which so
ends the waiting; sixels are its attribute 4. Where pictures are known to fail nothing is asked.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import struct
import termios
import time
import tty
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import tui

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.pictures import Look

Kind = Literal["kitty", "sixel", "celdas", "no"]

QUESTION = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c"
USUAL_CELL = (8, 16)
TERMINAL = "/dev/tty"
_DA1 = re.compile(rb"\x1b\[\?([\d;]*)c")
_KITTY = re.compile(rb"\x1b_Gi=31;OK\x1b\\")
_CELL = re.compile(rb"\x1b\[6;(\d{1,3});(\d{1,3})t")
_SERIAL = re.compile(r"/dev/(tty(S|USB|AMA|ACM|mxc)|cu\.)")


@dataclass(frozen=True, slots=True)
class Graphics:
    """How pages are drawn here."""

    kind: Kind
    cell: tuple[int, int] = USUAL_CELL
    """Pixels of a cell, wide and high."""
    look: Look = "mitades"
    """How cells are made, where pictures are not drawn."""


def choose(
    wanted: str = "auto",
    env: Mapping[str, str] | None = None,
    *,
    timeout: float = 1.0,
    path: str = TERMINAL,
) -> Graphics:
    """What to draw with: by *wanted* (`[interfaz] imagen`), else what the terminal says.

    *timeout*: seconds for its answer; one that knows DA1 takes some milliseconds.
    """
    env = os.environ if env is None else env
    look = look_of(env)
    if wanted == "no":
        return Graphics("no", look=look)
    if wanted == "celdas" or (wanted == "auto" and hopeless(env)):
        return Graphics("celdas", look=look)
    if path == TERMINAL and not os.isatty(0):
        return Graphics("celdas", look=look)  # a browser's tab: nobody is there to answer
    kind, cell = probe(timeout, path)
    if wanted == "kitty":
        kind = "kitty"
    elif wanted == "sixel":
        kind = "sixel"
    return Graphics(kind, cell, look)


def look_of(env: Mapping[str, str]) -> Look:
    """Quarters where the terminal draws blocks itself, as those of 24-bit colour do; halves
    elsewhere, and signs alone where there are no greys: fonts of old consoles lack the quarters."""
    term = env.get("TERM", "")
    if env.get("NO_COLOR") is not None or term in ("", "dumb", "linux", "vt100", "vt220", "ansi"):
        return "tramas"
    if env.get("COLORTERM", "") in ("truecolor", "24bit"):
        return "cuartos"
    return "mitades" if term.rpartition("-")[2] in ("256color", "kitty") else "tramas"


def hopeless(env: Mapping[str, str]) -> bool:
    """Where pictures fail though the terminal behind it may know them, or cost too much."""
    term = env.get("TERM", "")
    return (
        env.get("NO_COLOR") is not None
        or "TMUX" in env
        or "STY" in env
        or term in ("", "dumb", "linux")
        or term.startswith(("screen", "tmux", "vt"))
        or env.get("TEXTUAL_DRIVER", tui.DRIVER) != tui.DRIVER  # a browser's tab
        or _serial()
    )


def _serial() -> bool:
    """Whether somebody sits at a serial line."""
    try:
        return bool(_SERIAL.match(os.ttyname(0)))
    except OSError:
        return False


def probe(timeout: float = 1.0, path: str = TERMINAL) -> tuple[Kind, tuple[int, int]]:
    """(`kitty`, `sixel` or `celdas`; pixels of a cell), as the terminal at *path* says."""
    try:
        terminal = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return "celdas", USUAL_CELL
    try:
        said = _ask(terminal, timeout)
        return _kind(said), _cell(said, terminal)
    except (OSError, termios.error):
        return "celdas", USUAL_CELL
    finally:
        os.close(terminal)


def _ask(terminal: int, timeout: float) -> bytes:
    """What the terminal answers, up to its DA1; its manners are then as before."""
    before = termios.tcgetattr(terminal)
    said = b""
    try:
        tty.setcbreak(terminal, termios.TCSANOW)
        os.write(terminal, QUESTION)
        until = time.monotonic() + timeout
        while not _DA1.search(said) and (left := until - time.monotonic()) > 0:
            if select.select([terminal], [], [], left)[0]:
                said += os.read(terminal, 1024)
    finally:
        # What answers too late must not be taken for keys.
        how = termios.TCSANOW if _DA1.search(said) else termios.TCSAFLUSH
        with contextlib.suppress(termios.error):  # it is gone: there is nothing to restore
            termios.tcsetattr(terminal, how, before)
    return said


def _kind(said: bytes) -> Kind:
    if _KITTY.search(said):
        return "kitty"
    attributes = _DA1.search(said)
    return "sixel" if attributes and b"4" in attributes[1].split(b";") else "celdas"


def _cell(said: bytes, terminal: int) -> tuple[int, int]:
    """Pixels of a cell: as told, else from the window's size, else what is usual."""
    found = _CELL.search(said)
    wide, high = (int(found[2]), int(found[1])) if found else (0, 0)
    if not (wide and high):
        size = fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8))
        rows, columns, across, down = struct.unpack("HHHH", size)
        wide, high = (across // columns, down // rows) if rows and columns else (0, 0)
    return (wide, high) if 3 <= wide <= 80 and 6 <= high <= 160 else USUAL_CELL
