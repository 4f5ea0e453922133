"""Executes a disposal and dies on the way: python killing.py HOME NUMBER N MOMENT PASSPHRASE."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from records import lines
from records.disk import Disk
from records.office import Office
from retention.archive import Archivo


class Killing(Disk):
    """A disk on which the process dies before the *n*-th lasting act."""

    def __init__(self, n: int) -> None:
        self.left = n

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self, fd: int, data: bytes) -> int:
        """As the disk's."""
        self._count()
        return super().write(fd, data)

    def rename(self, source: Path, target: Path) -> None:
        """As the disk's."""
        self._count()
        super().rename(source, target)

    def unlink(self, path: Path) -> None:
        """As the disk's."""
        self._count()
        super().unlink(path)


if __name__ == "__main__":
    home, number, n, moment, phrase = sys.argv[1:]
    lines.now = lambda: datetime.fromisoformat(moment)
    office = Office(Path(home), persona="hugo", disk=Killing(int(n)))
    Archivo(office).ejecutar(number, phrase)
