"""The whole program in a terminal of 80x24: draws, takes Spanish keys, leaves it clean."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import sys
import termios
import time
from typing import TYPE_CHECKING

import pyte
import pytest

from tests.tui.conftest import ROOT, House

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = (
    "import sys; from pathlib import Path; from tui.app import run;"
    " sys.exit(run(Path(sys.argv[1]), *sys.argv[2:] or [None]))"
)


class Terminal:
    """A program in a pseudo-terminal, and the screen that a person would see."""

    program = PROGRAM

    def __init__(self, home: str, persona: str | None = None, **env: str) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **env}
            arguments = [home, persona] if persona else [home]
            os.execve(sys.executable, [sys.executable, "-c", self.program, *arguments], env)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def text(self) -> str:
        """What is on screen."""
        return "\n".join(self.screen.display)

    def send(self, keys: str | bytes) -> None:
        """Keys as a terminal sends them."""
        os.write(self._fd, keys.encode() if isinstance(keys, str) else keys)

    def until(self, true: Callable[[str], bool], seconds: float = 20) -> None:
        """Read what the program draws until the screen says so."""
        limit = time.monotonic() + seconds
        while not true(self.text()):
            assert time.monotonic() < limit, self.text()
            self._take(0.2)

    def settle(self) -> None:
        """Read on until nothing was drawn for half a second: what was loading has its place."""
        limit = time.monotonic() + 20
        drawn = -1
        while drawn != len(self.raw):
            assert time.monotonic() < limit, self.text()
            drawn = len(self.raw)
            self._take(0.5)

    def _take(self, wait: float) -> bool:
        if not select.select([self._fd], [], [], wait)[0]:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self.raw += data
        # pyte does not know the private marks of some modern sequences.
        self._stream.feed(data.replace(b"\x1b[>", b"\x1b[").replace(b"\x1b[<", b"\x1b["))
        return bool(data)

    def end(self) -> int:
        """Wait for the end; its exit code."""
        while self._take(5):
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_spanish_is_typed_and_the_terminal_is_left_clean(house: House) -> None:
    (ident,) = house.receive(None)
    terminal = Terminal(str(house.home))
    terminal.until(lambda s: "Enter acepta" in s)
    terminal.settle()
    terminal.send("\t")  # to «Entidad», which is empty
    typed = "áéñÑü@"
    for letter in typed:
        terminal.send(letter)
    terminal.send("n\u0303")  # a letter whose accent comes after it
    terminal.send("\x1b[200~Nin\u0303o\x1b[201~")  # pasted
    terminal.until(lambda s: "áéñÑü@ñNiño" in s)
    terminal.settle()
    terminal.send("\x11")
    code = terminal.end()
    assert code == 0
    assert house.reception().drafts.get(ident).escritos == {"entidad": "áéñÑü@ñNiño"}
    # The newer keyboard protocol is never asked for: some terminals then lose AltGr, and with it @.
    assert not re.search(rb"\x1b\[>\d+u", terminal.raw)
    assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h")
    assert terminal.raw.rfind(b"\x1b[?25h") > terminal.raw.rfind(b"\x1b[?25l")
    assert b"Traceback" not in terminal.raw


def test_a_scan_dropped_into_the_inbox_is_read_and_numbered_here(house: House) -> None:
    """With the real engine: its processes have to start beside a full-screen program."""
    terminal = Terminal(str(house.home))
    terminal.until(lambda s: "No hay cartas" in s)
    shutil.copy(ROOT / "samples" / "08-solicitud-visita.tif", house.home / "inbox" / "carta.tif")
    terminal.until(lambda s: "carta.tif" in s and "%" in s and "LISTO" not in s, 60)
    terminal.until(lambda s: "Wilmar" in s, 60)
    terminal.send("\x1bOQ")  # F2
    terminal.until(lambda s: "-E-000001" in s, 30)
    terminal.send("\x11")
    assert terminal.end() == 0
    reception = house.reception()
    reception.sellar_pendientes()
    seen = reception.office.ver(reception.office.buscar("").radicados[0].radicado)
    assert seen.campos["remitente"].startswith("Wilmar") and seen.marcas == ["prioritario"]


@pytest.mark.parametrize("term", ["xterm-256color", "linux", "screen"])
def test_no_color_paints_none(house: House, term: str) -> None:
    """Only the terminal's own two colours, turned round where something stands out."""
    house.receive(None)
    terminal = Terminal(str(house.home), NO_COLOR="1", TERM=term)
    terminal.until(lambda s: "Enter acepta" in s)
    cells = [c for row in terminal.screen.buffer.values() for c in row.values()]
    assert {(c.fg, c.bg) for c in cells} == {("default", "default")}
    assert any(c.reverse for c in cells) and any(c.bold for c in cells)
    terminal.send("\x11")
    assert terminal.end() == 0
