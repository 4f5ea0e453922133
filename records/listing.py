"""Long lists of records: their ids in an order, by pieces, and the rows of those on a screen.

A list of a million is its ids: eight bytes each, read once from one snapshot. What a row says is
read when it is shown. The indexes that answer without reading every record are `schema.LISTS`.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from records.errors import Refused
from records.grammar import PENDING, Condition, folded
from records.query import ROW, QueryCut, Row, counted, source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from records.grammar import Asked
    from records.index import Index

FIRST, PIECE = 500, 50_000
"""Ids of the first piece, which is there at once, and of each later one."""
FREQUENT = 20_000
"""Records that have a text; where more do, each record is asked whether it does."""
_EXPIRES = f"vence IS NOT NULL AND {PENDING.sql}"
_ORDERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "numero": (("1", "", "id DESC"),),
    "fecha": (("1", "fecha DESC", "id DESC"),),
    "vence": ((_EXPIRES, "vence", "id"), (f"NOT ({_EXPIRES})", "", "id DESC")),
    "remitente": (
        ("remitente<>''", folded("remitente"), "id DESC"),
        ("remitente=''", "", "id DESC"),
    ),
    "asunto": (("asunto<>''", folded("asunto"), "id DESC"), ("asunto=''", "", "id DESC")),
}
"""Order → its stretches: which records, by what, and then by what."""
ORDERS = tuple(_ORDERS)
_MORE = ("tipo", "canal", "prioritario", "vence_legal")


class Listed(Row, frozen=True, kw_only=True):
    """A record in a long list; `id` is its place in the index."""

    id: int
    tipo: str | None
    canal: str | None
    prioritario: bool
    vence_legal: str | None


class Running:
    """The connections on which something is asked now, to be interrupted by another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: list[sqlite3.Connection] = []

    @contextmanager
    def on(self, db: sqlite3.Connection) -> Iterator[None]:
        """While this lasts `cut` reaches *db*; a write on it later is never cut."""
        with self._lock:
            self._held.append(db)
        try:
            yield
        finally:
            with self._lock:
                self._held.remove(db)

    def cut(self) -> None:
        """Interrupt them all."""
        with self._lock:
            for db in self._held:
                db.interrupt()


def stretches(order: str) -> list[tuple[str, str]]:
    """(condition, ORDER BY) of each stretch of an order. A leading `-` turns it round; what has
    nothing to be ordered by is last either way.

    Raises:
        Refused: there is no such order.
    """
    name, back = order.removeprefix("-"), order.startswith("-")
    if name not in _ORDERS:
        raise Refused(
            "orden_desconocido",
            f"No hay un orden «{order}».",
            consejo=f"Los órdenes son: {', '.join(ORDERS)}; con «-» delante, al revés.",
        )
    out = []
    for where, key, then in _ORDERS[name]:
        words = [part for part in (key, then) if part]
        out.append((where, ", ".join(map(_turned, words) if back else words)))
    return out


def _turned(part: str) -> str:
    return part.removesuffix(" DESC") if part.endswith(" DESC") else f"{part} DESC"


def count(index: Index, asked: Asked, seen: Condition, limit: int | None = None) -> int:
    """How many records fit; no further than to *limit*."""
    return int(index.query(*counted(asked, seen, limit))[0][0])


def pieces(
    db: sqlite3.Connection, asked: Asked, seen: Condition, order: str
) -> Iterator[array[int]]:
    """The ids that fit, in an order, by pieces; *db* must not move on meanwhile.

    Raises:
        QueryCut: somebody interrupted *db*.
    """
    size = FIRST
    for where, by in stretches(order):
        rows = _cursor(db, asked, seen, where, by)
        while piece := array("q", chain.from_iterable(_fetch(rows, size))):
            size = PIECE
            yield piece


def _cursor(
    db: sqlite3.Connection, asked: Asked, seen: Condition, where: str, by: str
) -> sqlite3.Cursor:
    if asked.match is not None and by.startswith("id"):  # the text gives them in that order
        tables, condition, values = source(asked, seen)
        sql = f"SELECT t.lugar FROM {tables} WHERE {condition} AND {where}"
        return _run(db, f"{sql} ORDER BY {by.replace('id', 't.lugar', 1)}", values)
    frequent = asked.match is not None and _is_frequent(_run(db, *_sample(asked)).fetchone()[0])
    whole = by_record(asked) if frequent else asked.whole()
    sql = f"SELECT id FROM registro WHERE ({whole.sql}) AND {seen.sql} AND {where} ORDER BY {by}"
    return _run(db, sql, [*whole.values, *seen.values])


def narrowing(index: Index, asked: Asked) -> Condition:
    """A query as one condition, for few records that are known otherwise."""
    if asked.match is None:
        return asked.where
    return by_record(asked) if _is_frequent(index.query(*_sample(asked))[0][0]) else asked.whole()


def _sample(asked: Asked) -> tuple[str, list[Any]]:
    sql = "SELECT count(*) FROM (SELECT 1 FROM texto WHERE texto MATCH ? LIMIT ?)"
    return sql, [asked.match, FREQUENT]


def _is_frequent(seen: int) -> bool:
    return seen == FREQUENT


def by_record(asked: Asked) -> Condition:
    """A query of a frequent text, where records come in another order than the text's: each is
    asked in its turn, and the first ones are there before all are known."""
    sql = (
        f"({asked.where.sql}) AND EXISTS (SELECT 1 FROM texto t WHERE t.rowid=id"
        " AND t.texto MATCH ?)"
    )
    return Condition(sql, [*asked.where.values, asked.match])


def _run(db: sqlite3.Connection, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
    try:
        return db.execute(sql, values)
    except sqlite3.OperationalError as error:
        raise _told(error) from error


def _fetch(rows: sqlite3.Cursor, size: int) -> list[tuple[int]]:
    try:
        return rows.fetchmany(size)
    except sqlite3.OperationalError as error:
        raise _told(error) from error


def _told(error: sqlite3.OperationalError) -> Exception:
    return QueryCut("interrupted") if "interrupted" in str(error) else error


def rows(index: Index, ids: Sequence[int], seen: Condition) -> list[Listed]:
    """What a list says of these records, in their order; those that are gone, or not open to who
    looks, are left out."""
    columns = f"id, {ROW}, {', '.join(_MORE)}"
    names = ("id", *Row.__struct_fields__, *_MORE)
    found = index.query(
        f"SELECT {columns} FROM registro WHERE id IN (SELECT value FROM json_each(?))"
        f" AND {seen.sql}",
        [msgspec.json.encode(list(ids)).decode(), *seen.values],
    )
    by_id = {
        row[0]: msgspec.convert(dict(zip(names, row, strict=True)), Listed, strict=False)
        for row in found
    }
    return [by_id[i] for i in ids if i in by_id]
