"""What waits for somebody, as the index knows it: records and letters of the office's own, in one
order. First their places in that order, then what is told of those that are shown.

A place is a number that is never used again: `espera.lugar` of a record, less than nothing of a
letter.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import msgspec

from records import letters_index
from records.grammar import ALL
from records.reserve import ENDLESS
from records.tramite import LATER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.grammar import Condition
    from records.index import Index


class Wait(msgspec.Struct, frozen=True):
    """A record that waits for somebody, as the index knows it; `movido` is its newest event's
    hour."""

    bandeja: str
    radicado: str
    asunto: str
    remitente: str
    dependencia: str | None
    persona: str | None
    desde: str
    hasta: str | None
    vence: str | None
    estado: str
    movido: str
    carta: str | None = None
    """The letter of the office's own that waits; `radicado` is then its number, or the one that it
    answers, or nothing."""
    por_fijar: bool = False
    """An order fixes its term, and nobody has said which."""
    prioritario: bool = False
    """It goes before its turn, by a ground of the law."""
    lugar: int = 0
    """Its place among all that waits (`places`)."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which waits are asked for."""

    hoy: str
    bandeja: str | None = None
    dependencia: str | None = None
    personas: Sequence[str] | None = None
    """Waits of these persons, or of the `areas`; None: of all."""
    areas: Sequence[str] = ()
    registro: Condition | None = None
    """What the record must fit, or one that the letter answers or is; None: anything."""
    orden: str = "vence"
    """One of `ORDERS`."""


ORDERS = {
    "vence": "por_fijar DESC, prioritario DESC, vence IS NULL, vence, radicado, desde, lugar",
    "fecha": "desde, lugar",
    "numero": "radicado DESC, desde, lugar",
}
"""Order → by what: what expires first, what waits longest, the newest number."""
_TRAY = f"CASE WHEN ifnull(e.hasta, '') > ? THEN '{LATER}' ELSE e.bandeja END"


def places(index: Index, wanted: Wanted, seen: Condition) -> array[int]:
    """The places of what waits and is open (*seen*, over `r.id`), in an order of `ORDERS`; in the
    usual one first that whose term is still to be fixed, then what has priority by a ground of the
    law, then by what expires first."""
    kept, values = _kept(wanted)
    own, of_own = (kept, values) if wanted.bandeja is None else (
        f"{kept} AND {_TRAY} = ?", [*values, wanted.hoy, wanted.bandeja])  # fmt: skip
    sent, of_sent = (kept, values) if wanted.bandeja is None else (
        f"{kept} AND e.bandeja = ?", [*values, wanted.bandeja])  # fmt: skip
    fits, said = _fits(wanted.registro)
    rows = index.query(
        "SELECT lugar FROM (SELECT e.lugar AS lugar, r.radicado AS radicado, r.vence AS vence,"
        f" e.desde AS desde, {letters_index.unfixed('r')} AS por_fijar, r.prioritario AS"
        f" prioritario FROM espera e JOIN registro r ON r.id=e.id WHERE {seen.sql} AND {own}"
        f" AND {fits.format(who='q.id=r.id')}"
        f" UNION ALL SELECT -e.lugar, {letters_index.NUMBER}, {letters_index.DUE}, e.desde,"
        f" {letters_index.UNFIXED}, {letters_index.FIRST} FROM carta_espera e JOIN carta c"
        f" ON c.subject=e.subject WHERE {letters_index.OPEN.format(seen=seen.sql)} AND {sent}"
        f" AND {fits.format(who=letters_index.ABOUT)})"
        f" ORDER BY {ORDERS[wanted.orden]}",
        [*seen.values, *of_own, *said, *seen.values, *of_sent, *said],
    )
    return array("q", [row[0] for row in rows])


def of_person(index: Index, persona: str) -> list[Wait]:
    """All that waits for a person, whoever looks; what was put off stays in its tray."""
    wanted = Wanted(hoy=ENDLESS, personas=[persona])
    return rows(index, places(index, wanted, ALL), ENDLESS, ALL)


def _kept(wanted: Wanted) -> tuple[str, list[Any]]:
    """The condition over `e` that tells whose waits."""
    where: list[str] = ["1"]
    values: list[Any] = []
    if wanted.dependencia is not None:
        where.append("e.dependencia=?")
        values.append(wanted.dependencia)
    if wanted.personas is not None:
        lists = [",".join("?" * len(x)) or "NULL" for x in (wanted.personas, wanted.areas)]
        where.append(f"(e.persona IN ({lists[0]}) OR e.dependencia IN ({lists[1]}))")
        values += [*wanted.personas, *wanted.areas]
    return " AND ".join(where), values


def _fits(registro: Condition | None) -> tuple[str, list[Any]]:
    if registro is None:
        return "1", []
    # Doubled braces: the condition is a query's, and `who` is put in afterwards.
    told = registro.sql.replace("{", "{{").replace("}", "}}")
    return f"EXISTS (SELECT 1 FROM registro q WHERE {{who}} AND ({told}))", registro.values


def rows(index: Index, lugares: Sequence[int], hoy: str, seen: Condition) -> list[Wait]:
    """What is told of these places, in their order; what waits no more is left out."""
    own, sent = [n for n in lugares if n > 0], [-n for n in lugares if n < 0]
    found: list[tuple[Any, ...]] = []
    if own:
        found += index.query(
            f"SELECT {_TRAY}, r.radicado, r.asunto, r.remitente, e.dependencia, e.persona,"
            " e.desde, e.hasta, r.vence, r.estado, (SELECT max(at) FROM evento v"
            " WHERE v.subject=r.subject AND v.tipo<>'acceso.consultado'), NULL,"
            f" {letters_index.unfixed('r')}, r.prioritario, e.lugar FROM espera e"
            f" JOIN registro r ON r.id=e.id WHERE {seen.sql}"
            " AND e.lugar IN (SELECT value FROM json_each(?))",
            [hoy, *seen.values, _listed(own)],
        )
    if sent:
        found += index.query(
            f"SELECT e.bandeja, {letters_index.NUMBER}, c.asunto, {letters_index.WHOM},"
            f" e.dependencia, e.persona, e.desde, NULL, {letters_index.DUE}, c.estado, c.movido,"
            f" c.subject, {letters_index.UNFIXED}, {letters_index.FIRST}, -e.lugar"
            " FROM carta_espera e JOIN carta c ON c.subject=e.subject"
            f" WHERE {letters_index.OPEN.format(seen=seen.sql)}"
            " AND e.lugar IN (SELECT value FROM json_each(?))",
            [*seen.values, _listed(sent)],
        )
    by_place = {row[-1]: _wait(row) for row in found}
    return [by_place[n] for n in lugares if n in by_place]


def _wait(row: tuple[Any, ...]) -> Wait:
    unfixed, first, place = row[-3:]
    named = dict(zip(Wait.__struct_fields__, row[:-3], strict=False))
    return Wait(**named, por_fijar=bool(unfixed), prioritario=bool(first), lugar=place)


def _listed(numbers: Sequence[int]) -> str:
    return msgspec.json.encode(list(numbers)).decode()
