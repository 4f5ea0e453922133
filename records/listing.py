"""Long lists of records: their ids in an order, by pieces, and the rows of those on a screen.

A list of a million is its ids: eight bytes each, read once from one snapshot. What a row says is
read when it is shown. The indexes that answer without reading every record are `schema.LISTS`.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from records.errors import Refused
from records.grammar import ALL, PENDING, Asked, Condition
from records.query import ROW, QueryCut, Row, counted, source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from records.index import Index

FIRST, PIECE = 500, 50_000
"""Ids of the first piece, which is there at once, and of each later one."""
STRIDE = 20_000
"""Records that are passed first where few of those in an order may be wanted."""
FEW = 20_000
"""Records that are sorted by themselves; of more, those in an order are passed one by one."""
FREQUENT = 20_000
"""Records that have a text; where more do, each record is asked whether it does."""
OTHERS = "1"
"""The condition of a last stretch: what was in none before."""
_EXPIRES = f"vence IS NOT NULL AND {PENDING.sql}"
_ORDERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "numero": ((OTHERS, "", "id DESC"),),
    "fecha": ((OTHERS, "fecha DESC", "id DESC"),),
    "vence": ((_EXPIRES, "vence", "id"), (OTHERS, "", "id DESC")),
    "remitente": (
        ("por_remitente>''", "por_remitente", "id DESC"),
        ("por_remitente=''", "", "id DESC"),
    ),
    "asunto": (("por_asunto>''", "por_asunto", "id DESC"), ("por_asunto=''", "", "id DESC")),
}
"""Order → its stretches: which records, by what, and then by what."""
ORDERS = tuple(_ORDERS)
_ALL = Asked(ALL)
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
    chosen = way(db, asked, seen, order)
    given: set[int] = set()
    for where, by in (parts := stretches(order)):
        rows, size = chosen.cursor(db, where, by), chosen.first
        while found := _fetch(rows, size):
            size = PIECE
            piece = array("q", chosen.kept(chain.from_iterable(found), given))
            if len(parts) > 1 and parts[-1][0] == OTHERS and where != OTHERS:
                given.update(piece)
            if piece:
                yield piece


@dataclass(slots=True)
class Way:
    """How the ids of a list are had: by a SELECT with a condition of its own, in an order."""

    sql: str
    values: list[Any]
    first: int = FIRST
    wanted: Collection[int] | None = None
    """Of all that are passed, those that are told; None: all."""
    by: str = "id"
    """What stands for the id."""

    def select(self, where: str, by: str) -> str:
        """The statement for a stretch (`stretches`)."""
        order = by.replace("id", self.by, 1) if by.startswith("id") else by
        return f"{self.sql} AND {where} ORDER BY {order}"

    def cursor(self, db: sqlite3.Connection, where: str, by: str) -> sqlite3.Cursor:
        """Its ids, one by one."""
        return _run(db, self.select(where, by), self.values)

    def kept(self, ids: Iterable[int], given: Collection[int]) -> Iterable[int]:
        """Those of *ids* that are told, and were not *given* before."""
        wanted = self.wanted
        if wanted is not None:
            ids = [i for i in ids if i in wanted]
        return [i for i in ids if i not in given] if given else ids


def way(db: sqlite3.Connection, asked: Asked, seen: Condition, order: str) -> Way:
    """Few are found and sorted; of many, all that there are are passed in the order, which an index
    gives without reading a record."""
    if asked == _ALL:
        return Way(f"SELECT id FROM registro WHERE {seen.sql}", seen.values, FIRST)
    tables, condition, values = source(asked, seen)
    key = "id" if asked.match is None else "t.lugar"
    whole = f"SELECT {key} FROM {tables} WHERE {condition}"
    if order.removeprefix("-") == "numero":  # by itself in that order, or nearly
        return Way(whole, values, FIRST, by=key)
    if asked.match is None and asked.where.sql == PENDING.sql:
        # Only where an order is asked for does SQLite take their own index (`registro_pendiente`).
        whole += " ORDER BY id"
    found = list(chain.from_iterable(_all(_run(db, whole, values))))
    if len(found) > FEW:
        return Way("SELECT id FROM registro WHERE 1", [], STRIDE, set(found))
    told = msgspec.json.encode(found).decode()
    return Way("SELECT id FROM registro WHERE id IN (SELECT value FROM json_each(?))", [told])


def _all(rows: sqlite3.Cursor) -> list[tuple[int]]:
    try:
        return rows.fetchall()
    except sqlite3.OperationalError as error:
        raise _told(error) from error


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
