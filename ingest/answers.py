"""A file that somebody wrote becomes a letter to be signed: original kept, PDF/A made and checked.

It goes the way of all that comes in: a limited child reads it, whatever it is. The office's own
files may be hostile too, since they quote and attach what others sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.lectura import Unreadable
from ingest.sniff import extension_of
from records.answering import Made
from records.errors import Refused, reason

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.backroom import Backroom

MAX_BYTES = 200_000_000


def made_of(room: Backroom, path: Path) -> Made:
    """What `Office.presentar` takes, from a file.

    Raises:
        Refused: there is no such file, or it cannot be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused("muy_grande", f"{path.name} es demasiado grande para una carta.")
        data = path.read_bytes()
    except OSError as error:
        raise Refused(
            "sin_archivo", f"No se puede leer {path} ({reason(error)}).", consejo="Revise la ruta."
        ) from error
    return made_from(room, data, path.name)


def made_from(room: Backroom, data: bytes, name: str) -> Made:
    """What `Office.presentar` takes, from the bytes of a file."""
    suffix = extension_of(data[:4096]) or "bin"
    digest = room.office.vault.put(data, suffix)
    kept = room.office.vault.find(digest)
    assert kept is not None
    try:
        reading, pdf = room.reader.read(kept)
    except Unreadable as error:
        raise Refused(
            "carta_ilegible",
            f"{name} no sirve como carta: {error.mensaje}",
            consejo="Preséntela en PDF, o como imagen.",
        ) from error
    document = room.office.vault.put(pdf, "pdf")
    return Made(
        digest,
        document,
        suffix,
        len(reading.paginas),
        reading.hueco,
        room.readings.keep_text(reading),
    )
