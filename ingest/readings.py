"""`lecturas/`: what reading gave, by hash: `<sha256>.json` the text and boxes, `<sha256>.pdf` the
PDF/A.

Both can be made again from the original; the PDF/A goes once its record is sealed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ingest.lectura import Lectura
from records.errors import Damaged
from records.lines import sha256

if TYPE_CHECKING:
    from pathlib import Path

    from records.disk import Disk

READING_DAMAGED = "lectura_danada"


class Readings:
    """The readings of one home."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk

    def keep(self, reading: Lectura, pdf: bytes) -> tuple[str, str]:
        """Keep a reading and its PDF/A; returns their hashes."""
        name = sha256(pdf)
        self._disk.make_folder(self._folder)
        self._disk.replace(self._folder / f"{name}.pdf", pdf)
        return self.keep_text(reading), name

    def keep_text(self, reading: Lectura) -> str:
        """Keep a reading alone; returns its hash."""
        text = msgspec.json.encode(reading)
        name = sha256(text)
        self._disk.make_folder(self._folder)
        self._disk.replace(self._folder / f"{name}.json", text)
        return name

    def load(self, digest: str) -> Lectura:
        """A reading by its hash.

        Raises:
            Damaged: it is gone or not what it was; it can be made again from the original.
        """
        data = self._read(digest, "json")
        try:
            return msgspec.json.decode(data, type=Lectura)
        except msgspec.MsgspecError as error:
            raise _damaged(digest) from error

    def pdf(self, digest: str) -> bytes:
        """A PDF/A by its hash, checked.

        Raises:
            Damaged: it is gone or not what it was.
        """
        return self._read(digest, "pdf")

    def place(self, digest: str) -> Path | None:
        """The file of a PDF/A, unread; None where it is gone."""
        path = self._folder / f"{digest}.pdf"
        return path if path.is_file() else None

    def drop_pdf(self, digest: str) -> None:
        """The record is sealed: its unsigned PDF/A is not needed any more."""
        self._disk.remove(self._folder / f"{digest}.pdf")

    def drop_text(self, digest: str) -> None:
        """The reading of a part: the whole was read."""
        self._disk.remove(self._folder / f"{digest}.json")

    def _read(self, digest: str, extension: str) -> bytes:
        path = self._folder / f"{digest}.{extension}"
        if not path.is_file():
            raise _damaged(digest)
        data = path.read_bytes()
        if sha256(data) != digest:
            raise _damaged(digest)
        return data


def _damaged(digest: str) -> Damaged:
    return Damaged(
        READING_DAMAGED,
        f"La lectura {digest[:12]}… falta o fue alterada.",
        consejo="Vuelva a leer el documento con «ventanilla reintentar».",
    )
