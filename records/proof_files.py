"""Proofs that an operator hands over together: a folder, or a zip, with `<guía>.pdf` in it."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from records.dispatching import MAX_PROOF, PROOFS, Proof
from records.errors import Refused, reason

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILES = 100_000


class ProofFiles:
    """The proofs of a folder or a zip, by waybill."""

    def __init__(self, source: Path) -> None:
        """
        Raises:
            Refused: it is neither, or cannot be read.
        """
        self._source = source
        self._zip: zipfile.ZipFile | None = None
        try:
            if source.is_dir():
                names = [p.name for p in source.iterdir() if p.is_file() and not p.is_symlink()]
            else:
                self._zip = zipfile.ZipFile(source)
                names = self._zip.namelist()
        except (OSError, zipfile.BadZipFile) as error:
            why = reason(error) if isinstance(error, OSError) else "no es una carpeta ni un zip"
            raise Refused(
                "pruebas", f"No se pueden leer las pruebas de {source} ({why})."
            ) from error
        self._named = {_waybill(name): name for name in names[:MAX_FILES]}

    def __call__(self, guia: str) -> Proof | None:
        """The proof of a waybill, if there is one that may be kept."""
        name = self._named.get(guia.upper())
        suffix = (name or "").rpartition(".")[2].lower()
        if name is None or suffix not in PROOFS:
            return None
        try:
            data = self._read(name)
        except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
            raise Refused("pruebas", f"No se puede leer {name} de {self._source}.") from error
        return Proof(data, suffix) if 0 < len(data) <= MAX_PROOF else None

    def _read(self, name: str) -> bytes:
        """At most one byte more than may be kept: a zip can promise little and hold much."""
        if self._zip is None:
            with (self._source / name).open("rb") as file:
                return file.read(MAX_PROOF + 1)
        with self._zip.open(name) as packed:
            return packed.read(MAX_PROOF + 1)


def _waybill(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0].strip().upper()
