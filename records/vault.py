"""Documents by their SHA-256: `vault/<first two hex>/<sha256>.<ext>`, durable before an event names
them.

Nothing here is ever changed, nor removed but by a lawful disposal (`records.erasure`), whose events
name what is gone.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

from records.errors import Damaged
from records.lines import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.disk import Disk

ABANDONED = 3600
"""Seconds after which a temporary belongs to nobody."""


class Vault:
    """The vault of one home."""

    def __init__(self, home: Path, disk: Disk) -> None:
        self._home = home
        self._folder = home / "vault"
        self._disk = disk

    def put(self, data: bytes, extension: str) -> str:
        """Keep *data*; returns its SHA-256. The same bytes twice are kept once.

        A file that stands under this hash with other bytes is damage: it is written anew, which is
        the one lawful repair, the identical bytes.
        """
        digest = sha256(data)
        path = self._path(digest, extension)
        if path.is_file() and sha256(path.read_bytes()) == digest:
            # Who put it there may have been killed before its name was on the disk.
            self._disk.sync(path)
            self._disk.sync_folder(path.parent)
            return digest
        self._disk.make_folder(path.parent)
        self._disk.make_folder(self._folder / ".nuevos")
        temporary = self._folder / ".nuevos" / f"{digest}.{secrets.token_hex(4)}"
        self._disk.put(path, data, temporary=temporary)
        return digest

    def find(self, digest: str) -> Path | None:
        """The file that bears this hash as its name, whatever its extension."""
        folder = self._folder / digest[:2]
        # A pattern of its own for each hash would push those of use out of the cache of `re`.
        try:
            with os.scandir(folder) as entries:
                names = sorted(e.name for e in entries if e.name.startswith(f"{digest}."))
        except (FileNotFoundError, PermissionError):
            return None
        return folder / names[0] if names else None

    def read(self, digest: str) -> bytes:
        """The bytes of a document, checked against its hash.

        Raises:
            Damaged: it is not there or not what it was.
        """
        path = self.find(digest)
        if path is None:
            raise _lost(digest)
        data = path.read_bytes()
        if sha256(data) != digest:
            raise Damaged(
                "documento_danado",
                f"El documento {path} ya no es el que se guardó.",
                consejo="Tráigalo de un respaldo.",
            )
        return data

    def place(self, digest: str) -> Path:
        """The file of a document, unread.

        Raises:
            Damaged: it is not there.
        """
        path = self.find(digest)
        if path is None:
            raise _lost(digest)
        return path

    def remove(self, digest: str) -> int:
        """Erase a document, under whatever extension it was kept, and what a cut left of a write of
        it; gives how many files. Only a disposal may."""
        gone = 0
        while (path := self.find(digest)) is not None:
            self._disk.remove(path)
            gone += 1
        for path in (self._folder / ".nuevos").glob(f"{digest}.*"):
            self._disk.remove(path)
            gone += 1
        return gone

    def relative(self, digest: str) -> str | None:
        """The path of a document from the home, as `ver` prints it."""
        path = self.find(digest)
        return None if path is None else path.relative_to(self._home).as_posix()

    def under(self, prefix: str) -> dict[str, Path]:
        """Hash → file of the documents whose hash begins with *prefix*, of two characters at least;
        as `find` gives them, with one look at the folder."""
        try:
            with os.scandir(self._folder / prefix[:2]) as entries:
                names = sorted((e.name for e in entries if e.name.startswith(prefix)), reverse=True)
        except (FileNotFoundError, PermissionError):
            return {}
        return {name.partition(".")[0]: self._folder / prefix[:2] / name for name in names}

    def files(self) -> Iterator[Path]:
        """Every file kept, sorted; temporaries left out."""
        yield from sorted(self._folder.glob("[0-9a-f][0-9a-f]/*"))

    def clean(self) -> None:
        """Remove temporaries that a crash left. Young ones may be another process's, at work."""
        for path in (self._folder / ".nuevos").glob("*"):
            try:
                if time.time() - path.stat().st_mtime > ABANDONED:
                    self._disk.remove(path)
            except FileNotFoundError:
                continue  # it was at work, and is done

    def _path(self, digest: str, extension: str) -> Path:
        return self._folder / digest[:2] / f"{digest}.{extension}"


def _lost(digest: str) -> Damaged:
    return Damaged(
        "documento_perdido",
        f"Falta en la bóveda el documento {digest}.",
        consejo="Tráigalo de un respaldo.",
    )
