"""The `bodega` of Orfeo: the folder with the images and annexes that its tables name.

A path in a table is a stranger's word: it is followed one step at a time below the folder, never
through a link and never upwards. What a file is, its first bytes say.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ingest import sniff
from ingest.inbox import MAX_BYTES
from records.errors import reason

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ZIPPED = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"),
           (b"opendocument.text", "odt"), (b"opendocument.spreadsheet", "ods"))  # fmt: skip
_OTHERS = ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"), (b"{\\rtf", "rtf"), (b"GIF8", "gif"))


_WHY = {
    errno.ENOENT: "No está en la bodega.",
    errno.ENOTDIR: "Un tramo de la ruta es un archivo o un enlace: no se sigue.",
    errno.ELOOP: "Es un enlace: no se sigue.",
}
_KEPT = 256
"""Folders whose names are kept in memory."""


class Missing(Exception):
    """A file that cannot be had; the message says why, as a person reads it."""


class Bodega:
    """The files below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: dict[str, dict[str, str]] = {}

    def read(self, path: str) -> tuple[bytes, str]:
        """The bytes of a file as the tables name it, and the ending that fits them.

        Raises:
            Missing: it is not there, is no plain file, lies elsewhere or is too big.
        """
        parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
        if parts and parts[0].lower() == "bodega":
            del parts[0]
        if not parts:
            raise Missing("La ruta está vacía.")
        if any(part == ".." or "\0" in part or "�" in part for part in parts):
            raise Missing("La ruta sale de la bodega, o no es una ruta: no se sigue.")
        data = self._open(parts)
        if not data:
            raise Missing("El archivo está vacío.")
        return data, extension(data)

    def _open(self, parts: list[str]) -> bytes:
        held = os.open(self.folder, _FOLDER & ~os.O_NOFOLLOW)
        try:
            for depth, part in enumerate(parts):
                last = depth == len(parts) - 1
                name = self._spelt("/".join(parts[:depth]), part, held)
                inner = os.open(name, _FILE if last else _FOLDER, dir_fd=held)
                os.close(held)
                held = inner
            return _whole(held)
        except OSError as error:
            said = _WHY.get(error.errno or 0) or f"No se puede leer ({reason(error)})."
            raise Missing(said) from error
        finally:
            os.close(held)

    def _spelt(self, folder: str, name: str, held: int) -> str:
        """The name as the folder has it: Orfeo and Windows did not care for capitals."""
        names = self._names.get(folder)
        if names is None:
            if len(self._names) >= _KEPT:
                self._names.clear()
            names = self._names[folder] = {one.lower(): one for one in sorted(os.listdir(held))}
        return name if name in names.values() else names.get(name.lower(), name)


def _whole(held: int) -> bytes:
    found = os.fstat(held)
    if not stat.S_ISREG(found.st_mode):
        raise Missing("No es un archivo.")
    if found.st_size > MAX_BYTES:
        raise Missing(f"Pesa más de {MAX_BYTES // 1024**2} MB.")
    with os.fdopen(os.dup(held), "rb") as file:
        return file.read(MAX_BYTES)


def extension(data: bytes) -> str:
    """The ending for what a file is, by its bytes; `bin` where they do not say."""
    known = sniff.extension_of(data)
    if known != "bin":
        return known
    if data.startswith(b"PK\x03\x04"):
        head = data[:4096] + data[-4096:]
        return next((ending for mark, ending in _ZIPPED if mark in head), "zip")
    return next((ending for mark, ending in _OTHERS if data.startswith(mark)), "bin")
