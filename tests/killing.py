"""Receives a stack and dies on the way: python -m tests.killing HOME FILE N."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ingest.reader import Reader
from ingest.reception import Recepcion
from records.disk import Disk
from records.office import Office


class Killing(Disk):
    """A disk on which the process dies before the *n*-th lasting act after its second PDF."""

    def __init__(self, n: int) -> None:
        self.left, self.documents = n, 0

    def _count(self) -> None:
        self.left -= self.documents > 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self, fd: int, data: bytes) -> int:
        """As the disk's."""
        self._count()
        return super().write(fd, data)

    def rename(self, source: Path, target: Path) -> None:
        """As the disk's."""
        self.documents += "vault" in target.parts and target.suffix == ".pdf"
        self._count()
        super().rename(source, target)


if __name__ == "__main__":
    home, file, n = sys.argv[1:]
    with Reader(workers=1) as reader:
        Recepcion(Office(Path(home), disk=Killing(int(n))), reader=reader).recibir([Path(file)])
