"""What the index keeps of acknowledgments: those that are due, and no others.

Each has a row while it is unsent, so that a list of them costs what it shows, however many records
there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from records.identity import WITHHELD
from records.query import Condition, seen_by

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from records.acuses import Due
    from records.index import Index
    from records.reserve import Sight


class DueRow(msgspec.Struct, frozen=True):
    """An acknowledgment that is due, as the index knows it; `visible` is whether its record is open
    to who looks, and its writer to all."""

    subject: str
    radicado: str
    de: str
    destinatario: int
    intento: int
    medio: str
    correo: str
    telefono: str
    desde: str
    visible: bool


def put(db: sqlite3.Connection, record: int, due: Iterable[Due], *, kept: bool) -> None:
    """Write what is due of a record (its id in `registro`); of one whose writer is *kept*, that
    there is an address and not which."""
    db.execute("DELETE FROM acuse WHERE id=?", (record,))
    db.executemany(
        "INSERT INTO acuse VALUES(?,?,?,?,?,?,?,?)",
        [
            (record, d.de, d.destinatario, d.intento, d.medio, *_where(d, kept), d.desde)
            for d in due
        ],
    )


def _where(one: Due, kept: bool) -> tuple[str, ...]:
    known = (one.correo, one.telefono)
    return tuple(WITHHELD if kept and place else place for place in known)


def due(index: Index, sight: Sight) -> list[DueRow]:
    """All that is due, what waits longest first."""
    seen = seen_by(sight, "r.id") if index.withholds() else Condition("1")
    rows = index.query(
        "SELECT r.subject, r.radicado, a.de, a.destinatario, a.intento, a.medio, a.correo,"
        f" a.telefono, a.desde, {seen.sql} AND NOT r.protegida"
        " FROM acuse a JOIN registro r ON r.id=a.id"
        " ORDER BY a.desde, a.id, a.destinatario, a.intento",
        seen.values,
    )
    return [replace(DueRow(*row), visible=bool(row[-1])) for row in rows]


def count(index: Index) -> int:
    """How many are due."""
    return int(index.query("SELECT count(*) FROM acuse")[0][0])
