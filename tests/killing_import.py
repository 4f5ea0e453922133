"""Imports from Orfeo and dies on the way: python -m tests.killing_import HOME DUMP BODEGA N."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ingest.orfeo import Orfeo
from records.disk import Disk
from records.office import Office


class Killing(Disk):
    """A disk on which the process dies before the *n*-th write or rename."""

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


if __name__ == "__main__":
    home, dump, bodega, n = sys.argv[1:]
    office = Office(Path(home), disk=Killing(int(n)))
    Orfeo(office).importar(Path(dump), bodega=Path(bodega))
