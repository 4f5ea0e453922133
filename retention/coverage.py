"""What of the vault was re-read when: a working copy in `catalog.json`, which may be lost.

The vault is taken in 4,096 parts, by the first three hex digits of a hash: so what is remembered
stays small however many documents there are, and a run that is cut loses one part of its work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tinydb.table import Document

from records.catalog import Store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from records.disk import Disk

DIGITS = 3
"""Hex digits of a hash that name its part."""
_PARTS, _ROUND = "integridad", "integridad_vuelta"


class Part(msgspec.Struct, frozen=True):
    """A part of the vault as it was last read."""

    parte: str
    revisada: str
    """When the run that read it began: what an event named later was not read."""
    documentos: int
    bytes: int
    danados: dict[str, str] = {}
    """Hash → what is wrong with it."""
    faltan: list[str] = []

    @property
    def sound(self) -> bool:
        """Whether nothing was wrong."""
        return not self.danados and not self.faltan


class Coverage:
    """What is remembered of a home."""

    def __init__(self, home: Path, disk: Disk) -> None:
        self._store = Store(home / "catalog.json", disk)

    def parts(self) -> dict[str, Part]:
        """The parts that were read, by name."""
        with self._store.reading() as db:
            return {row["parte"]: msgspec.convert(dict(row), Part) for row in db.table(_PARTS)}

    def ended(self) -> str:
        """When the last complete round ended, "" where none is remembered."""
        with self._store.reading() as db:
            row = db.table(_ROUND).get(doc_id=1)
        return str(row["fin"]) if isinstance(row, dict | Document) else ""

    def keep(self, parts: Iterable[Part]) -> None:
        """Remember parts, each instead of what was known of it.

        Raises:
            MachineCannot: nothing can be written there.
        """
        rows = [Document(msgspec.to_builtins(p), doc_id=int(p.parte, 16) + 1) for p in parts]
        if not rows:
            return
        with self._store.locked() as db:
            table = db.table(_PARTS)
            known = {row.doc_id for row in table}
            table.remove(doc_ids=[row.doc_id for row in rows if row.doc_id in known])
            table.insert_multiple(rows)

    def end(self, fin: str) -> None:
        """Remember that a round is complete.

        Raises:
            MachineCannot: nothing can be written there.
        """
        with self._store.locked() as db:
            table = db.table(_ROUND)
            table.upsert(Document({"fin": fin}, doc_id=1))
