"""Records that fit a query, as rows: what a search gives. The language itself is `grammar`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from records.completing import Completion, complete
from records.errors import Refused
from records.grammar import PENDING, Asked, Condition, ask
from records.reserve import ALL_SEEING, READERS, RESERVED

if TYPE_CHECKING:
    from collections.abc import Collection

    from records.index import Index
    from records.reserve import Sight

__all__ = [
    "PENDING", "Completion", "Condition", "QueryCut", "Results", "Row", "complete", "counted",
    "parse", "search", "seen_by",
]  # fmt: skip
_CURSOR = re.compile("-?[0-9]{1,18}")
"""An id of `registro`; what was imported has negative ones, so that it is older than our own."""
ROW = (
    "radicado, fecha, clase, asunto, remitente, dependencia, responsable, estado, vence,"
    " imagen_pendiente, sello_pendiente, origen"
)


class Row(msgspec.Struct, frozen=True):
    """A record in a list of results."""

    radicado: str
    fecha: str
    clase: str
    asunto: str
    remitente: str
    dependencia: str | None
    responsable: str | None
    estado: str
    vence: str | None
    imagen_pendiente: bool
    sello_pendiente: bool
    origen: str | None = None
    """From which system it was imported, unverified; None: the number is ours."""


class Results(msgspec.Struct, frozen=True):
    """A page of results; `siguiente` is the cursor of the next one."""

    total: int
    radicados: list[Row]
    siguiente: str | None


class QueryCut(Exception):
    """Somebody cut the query short (`Office.cortar`): there is no answer, and no harm."""


def parse(text: str, yo: Collection[str] = ()) -> Condition:
    """The condition of a query; the empty query is everything. *yo*: whose part they take who look
    (`reserve.Sight.personas`).

    Raises:
        Refused: what follows `desde:` or `hasta:` is no date.
    """
    return ask(text, yo).whole()


def seen_by(sight: Sight, column: str = "id") -> Condition:
    """The records that are open to who looks, by the id in *column*: `reserve.may_see` in SQL."""
    if ALL_SEEING in sight.roles:
        return Condition("1")
    hidden = "(g.reserva_hasta IS NULL OR g.reserva_hasta >= ?) AND g.nivel IS NOT NULL"
    values: list[Any] = [sight.hoy]
    if sight.roles & READERS:
        hidden += " AND g.nivel = ?"
        values.append(RESERVED)
    if sight.personas:
        led, work = sight.dirige, sight.dirige | sight.trabaja
        hidden += (
            " AND NOT EXISTS (SELECT 1 FROM permiso p WHERE p.id = g.id"
            " AND (p.hasta IS NULL OR p.hasta >= ?) AND (p.persona IN (SELECT value FROM"
            " json_each(?)) OR p.dependencia IN (SELECT value FROM json_each(CASE g.nivel WHEN ?"
            " THEN ? ELSE ? END))))"
        )
        lists = [msgspec.json.encode(sorted(s)).decode() for s in (sight.personas, led, work)]
        values += [sight.hoy, lists[0], RESERVED, *lists[1:]]
    return Condition(f"{column} NOT IN (SELECT g.id FROM registro g WHERE {hidden})", values)


def search(
    index: Index, text: str, sight: Sight, *, limit: int = 50, cursor: str | None = None
) -> Results:
    """Records that fit *text* and are open to who looks, newest number first; what is not is
    neither shown nor counted.

    Raises:
        Refused: the cursor is none of ours, or a date is no date.
    """
    asked = ask(text, sight.personas)
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise Refused("cursor", f"«{cursor}» no es un cursor de búsqueda.")
    # Where nothing is withheld from anybody the search is none the slower for it.
    seen = seen_by(sight) if index.withholds() else Condition("1")
    total = index.query(*counted(asked, seen))[0][0]
    tables, where, values = source(asked, seen)
    key = "id" if asked.match is None else "t.lugar"
    if cursor is not None:
        where += f" AND {key} < ?"
        values.append(int(cursor))
    rows = index.query(
        f"SELECT id, {ROW} FROM {tables} WHERE {where} ORDER BY {key} DESC LIMIT ?",
        [*values, limit + 1],
    )
    page = [
        msgspec.convert(dict(zip(Row.__struct_fields__, row[1:], strict=True)), Row, strict=False)
        for row in rows[:limit]
    ]
    return Results(total, page, str(rows[limit - 1][0]) if len(rows) > limit else None)


def source(asked: Asked, seen: Condition) -> tuple[str, str, list[Any]]:
    """(tables, condition, the values of both) of the records asked for. Text that must be there leads: it
    gives its records in the order of their ids, one by one, where a list of them would be made
    whole first."""
    where = f"({asked.where.sql}) AND {seen.sql}"
    values = [*asked.where.values, *seen.values]
    if asked.match is None:
        return "registro", where, values
    # In brackets, so that columns of both do not get mixed up; SQLite joins them all the same.
    text = "(SELECT rowid AS lugar FROM texto WHERE texto MATCH ?)"
    return f"{text} t CROSS JOIN registro ON id=t.lugar", where, [asked.match, *values]


def counted(asked: Asked, seen: Condition, limit: int | None = None) -> tuple[str, list[Any]]:
    """The SELECT that counts them, to *limit* and no further, and its values."""
    tables, where, values = source(asked, seen)
    if asked.match is not None and (asked.where.sql, seen.sql) == ("1", "1"):
        tables, where, values = "texto", "texto MATCH ?", [asked.match]
    if limit is None:
        return f"SELECT count(*) FROM {tables} WHERE {where}", values
    inner = f"SELECT 1 FROM {tables} WHERE {where} LIMIT ?"
    return f"SELECT count(*) FROM ({inner})", [*values, limit]
