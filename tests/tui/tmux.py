"""The program in a real terminal that outlives it: a tmux server of the test's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tui.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

TMUX = shutil.which("tmux")
PATIENCE = 30.0
"""Seconds until something that does not come counts as missing: a machine may be busy reading."""


@dataclass
class Tmux:
    """The server; its sessions end with it."""

    socket: Path
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str) -> str:
        """A tmux command, on this server alone."""
        assert TMUX is not None
        command = [TMUX, "-S", str(self.socket), "-f", "/dev/null", *words]
        # Nobody's shell and nobody's outer tmux decide what the program is told.
        env = {k: v for k, v in os.environ.items() if k not in ("TMUX", "TMUX_PANE", "DISPLAY")}
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=30, env={**env, **self.env}
        )
        return done.stdout

    def open(self, name: str, *arguments: str, width: int = 80, height: int = 24) -> Session:
        """The program in a terminal of its own."""
        given = [f"{k}={v}" for k, v in {"LANG": "C.UTF-8", **self.env}.items()]
        command = ["env", *given, sys.executable, "-m", "cli.main", *arguments]
        size = ["-x", str(width), "-y", str(height)]
        self.run("-u", "new-session", "-d", "-s", name, *size, "-c", str(ROOT), *command)
        return Session(self, name)

    def close(self) -> None:
        """End it, and what runs in it."""
        subprocess.run(
            [str(TMUX), "-S", str(self.socket), "kill-server"], check=False, capture_output=True
        )


@dataclass
class Session:
    """A terminal, and the hands before it; each key that is pressed is counted."""

    tmux: Tmux
    name: str
    keys: int = 0
    """Keys pressed since the last `story`."""

    @property
    def pid(self) -> int:
        """Of the program itself."""
        return int(self.tmux.run("list-panes", "-t", f"={self.name}:", "-F", "#{pane_pid}"))

    def shown(self) -> str:
        """What is on screen."""
        return self.tmux.run("capture-pane", "-p", "-t", f"={self.name}:")

    def words(self) -> str:
        """What is on screen, without the frames and folds that cut sentences."""
        return " ".join(re.sub(r"[│┃┌┐└┘─]", " ", self.shown()).split())

    def until(self, what: str | Callable[[str], object], seconds: float = PATIENCE) -> str:
        """Wait until the screen says *what*, and give it."""
        true = (lambda s: what in s) if isinstance(what, str) else what
        limit = time.monotonic() + seconds
        while not true(self.words()):
            assert time.monotonic() < limit, f"no se ve {what!r}\n{self.shown()}"
            time.sleep(0.1)
        return self.words()

    def press(self, *keys: str) -> None:
        """Keys by tmux's names for them, one after the other."""
        for key in keys:
            self.keys += 1
            self.tmux.run("send-keys", "-t", f"={self.name}:", key)
            if key == "Escape":
                time.sleep(0.2)  # with the next byte it would be another key

    def type(self, text: str) -> None:
        """A text, as fast as a terminal sends it."""
        self.tmux.run("send-keys", "-t", f"={self.name}:", "-l", "--", text)

    def story(self, name: str, most: int | None = None) -> int:
        """How many keys a story took, text not counted; it may take no more than *most*."""
        keys, self.keys = self.keys, 0
        print(f"{name}: {keys} teclas")
        assert most is None or keys <= most, f"{name}: {keys} teclas, y bastan {most}"
        return keys

    def gone(self) -> bool:
        """Whether its program ended."""
        try:
            return f"{self.name}\n" not in self.tmux.run("list-sessions", "-F", "#{session_name}")
        except subprocess.CalledProcessError:  # no session is left, and so no server
            return True

    def leave(self) -> None:
        """Ctrl+Q; nothing is asked where everything is kept."""
        self.press("C-q")
        limit = time.monotonic() + PATIENCE
        while not self.gone():
            assert time.monotonic() < limit, self.shown()
            time.sleep(0.1)
