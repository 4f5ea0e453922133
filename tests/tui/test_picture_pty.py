"""Pictures in a terminal that draws them: what is written is whole, in its place, and goes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from typing import TYPE_CHECKING

import pyte
import pytest

from tests.tui.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIXEL = re.compile(rb"\x1b7\x1b\[(\d+);(\d+)H\x1bP0;1;0q[!-~]*\x1b\\\x1b8")
KITTY = re.compile(rb"\x1b7\x1b\[(\d+);(\d+)H(?:\x1b_G[ -~]*?\x1b\\)+\x1b8")
KITTY_GONE = re.compile(rb"\x1b_Ga=d,d=I,i=\d+,q=2\x1b\\")
ANSWERS = {
    "sixel": b"\x1b[6;16;8t\x1b[?62;4c",
    "kitty": b"\x1b_Gi=31;OK\x1b\\\x1b[6;16;8t\x1b[?62c",
}


class Terminal:
    """A terminal of 80x24 that says it draws pictures, and keeps what is written to it."""

    def __init__(self, kind: str) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._fed = 0
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            gone = ("NO_COLOR", "TMUX", "STY", "TEXTUAL_DRIVER")
            env = {k: v for k, v in os.environ.items() if k not in gone}
            env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
            os.execve(sys.executable, [sys.executable, "-m", "tests.tui.picture_program"], env)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 640, 384))
        self.until(lambda: b"\x1b[c" in self.raw)
        os.write(self._fd, ANSWERS[kind])

    def until(self, true: Callable[[], object]) -> None:
        """Read on until something holds."""
        limit = time.monotonic() + 20
        while not true():
            assert time.monotonic() < limit, self.raw[-600:]
            if select.select([self._fd], [], [], 0.2)[0]:
                try:
                    self.raw += os.read(self._fd, 1 << 16)
                except OSError:
                    return

    def press(self, key: str, true: Callable[[bytes], object]) -> bytes:
        """A key, and what is written until that says so."""
        start = len(self.raw)
        os.write(self._fd, key.encode())
        self.until(lambda: true(self.raw[start:]))
        return self.raw[start:]

    def cells(self) -> list[str]:
        """The text on screen; pictures are taken out before: they must be no text."""
        text = KITTY_GONE.sub(b"", KITTY.sub(b"", SIXEL.sub(b"", self.raw)))
        text = re.sub(rb"\x1b_G[ -~]*?\x1b\\", b"", text)  # the question
        self._stream.feed(text[self._fed :])
        self._fed = len(text)
        return list(self.screen.display)


@pytest.fixture
def start() -> Iterator[Callable[[str], Terminal]]:
    """Terminals that are closed in the end."""
    opened: list[Terminal] = []

    def make(kind: str) -> Terminal:
        opened.append(Terminal(kind))
        return opened[-1]

    yield make
    for one in opened:
        os.close(one._fd)
        os.waitpid(one.pid, 0)


@pytest.mark.parametrize("kind", ["sixel", "kitty"])
def test_a_picture_is_whole_in_place_and_goes_again(
    kind: str, start: Callable[[str], Terminal]
) -> None:
    form = SIXEL if kind == "sixel" else KITTY
    terminal = start(kind)
    terminal.until(lambda: form.search(terminal.raw))
    assert f"<{kind}>".encode() in terminal.raw
    assert [m.groups() for m in form.finditer(terminal.raw)][-1] == (b"4", b"1")
    # A dialog covers it: cells beneath, and no pixels are written as long as it is there.
    told = terminal.press("d", lambda raw: b"CUADRO" in raw)
    told += terminal.press("x", lambda raw: quiet(terminal))
    assert not form.search(told[told.index(b"CUADRO") :])
    if kind == "kitty":
        assert KITTY_GONE.search(told)
    assert any("▀" in line for line in terminal.cells())
    terminal.press("c", form.search)
    # It moves: the picture too.
    told = terminal.press("m", lambda raw: form.search(raw) and quiet(terminal))
    assert len(form.findall(told)) <= 2
    assert [m.groups() for m in form.finditer(told)][-1] == (b"9", b"1")
    # It is hidden: nothing is left, and what stood below takes its place.
    told = terminal.press("h", lambda raw: b"ABAJO" in raw and quiet(terminal))
    assert not form.search(told)
    assert bool(KITTY_GONE.search(told)) == (kind == "kitty")
    lines = terminal.cells()
    assert lines[8].startswith("ABAJO") and not any("▀" in line or "▌" in line for line in lines)
    terminal.press("h", form.search)
    assert not form.search(terminal.press("q", lambda raw: b"\x1b[?1049l" in raw))


def quiet(terminal: Terminal) -> bool:
    """Whether nothing more is written."""
    return not select.select([terminal._fd], [], [], 0.25)[0]
