"""Rows of a dump laid out by year, so that all that is told of one radicado is found together.

A dump tells table after table; a city's is larger than the memory of its PC. Rows of records go to
a file a year beside the home's own, catalogues stay in memory. The files are private and go when
the import ends; what a cut left, the next import removes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from ingest.orfeo_tables import TABLES, Row

_OTHERS = "0000"


class Spool:
    """The rows of one import."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._encoder, self._decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Row)
        self.catalogues: dict[str, list[dict[str, str | None]]] = {}

    def add(self, row: Row) -> None:
        """Keep a row."""
        column = TABLES[row.tabla].radicado
        if column is None:
            self.catalogues.setdefault(row.tabla, []).append(row.valores)
            return
        year = (row.valores.get(column) or "").strip()[:4]
        bucket = year if year.isascii() and year.isdigit() and "1980" < year < "2100" else _OTHERS
        file = self._files.get(bucket)
        if file is None:
            file = self._files[bucket] = (self._folder / bucket).open("wb", buffering=1 << 16)
        file.write(self._encoder.encode(row) + b"\n")

    def groups(self) -> Iterator[tuple[str, dict[str, list[Row]]]]:
        """(radicado, table → its rows), the earliest number first by year, then by date."""
        for file in self._files.values():
            file.close()
        for bucket in sorted(self._files):
            yield from self._bucket(bucket)
            (self._folder / bucket).unlink()

    def _bucket(self, bucket: str) -> Iterator[tuple[str, dict[str, list[Row]]]]:
        held: dict[str, list[bytes]] = {}
        dates: dict[str, str] = {}
        with (self._folder / bucket).open("rb") as file:
            for raw in file:
                row = self._decoder.decode(raw)
                key = (row.valores.get(TABLES[row.tabla].radicado or "") or "").strip()
                held.setdefault(key, []).append(raw)
                if date := row.valores.get("radi_fech_radi"):
                    dates.setdefault(key, date)
        for key in sorted(held, key=lambda k: (dates.get(k, ""), k)):
            group: dict[str, list[Row]] = {}
            for raw in held.pop(key):
                row = self._decoder.decode(raw)
                group.setdefault(row.tabla, []).append(row)
            yield key, group

    def close(self) -> None:
        """Remove everything."""
        for file in self._files.values():
            file.close()
        shutil.rmtree(self._folder, ignore_errors=True)
