"""What the index knows of terms that run: the open records, and the letters that answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from records.petition import Awaited
from records.query import PENDING
from records.schema import JOINED
from records.tramite import (
    ASSIGNED,
    GIVEN_BACK,
    RETURNS,
    SHARED,
    TO_ASSIGN,
    TO_DECIDE,
    TO_SEND,
    UNASSIGNED,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.index import Index
    from records.query import Condition

OWN = (TO_ASSIGN, TO_DECIDE, GIVEN_BACK, ASSIGNED)
"""The trays in which a record waits to be answered."""
PIECE = 500
"""Open records that are read at a time."""


class LetterWait(msgspec.Struct, frozen=True):
    """A letter that answers a record and waits for somebody; `salida` is its number, if any."""

    bandeja: str
    dependencia: str | None
    persona: str | None
    salida: str | None


class OpenRecord(msgspec.Struct, frozen=True):
    """A numbered record that is not finished; hours are stamps."""

    radicado: str
    asunto: str
    tipo: str | None
    recibido: str
    dependencia: str | None
    responsable: str | None
    vence: str | None
    estado: str
    nivel: str | None = None
    """Its level today, where its content is withheld."""
    bandeja: str | None = None
    """The tray in which it waits to be answered; None: an answer stands in its place."""
    conjuntas: tuple[str, ...] = ()
    desde: str | None = None
    """Since when it waits there."""
    prioritario: bool = False
    acumulado: str | None = None
    """The radicado with which it is decided."""
    carta: LetterWait | None = None
    """The letter that is to move now: in its place, or because it came back."""
    por_enviar: tuple[str, ...] = ()
    """Numbers of other letters about it that wait to be sent."""
    espera: Awaited | None = None
    """What its petitioner is to give, while no term runs."""


def open_records(index: Index, seen: Condition, today: str) -> Iterator[OpenRecord]:
    """Records that nobody has finished, of those that fit *seen* (`query.seen_by`, over `r.id`).

    *today* (`YYYY-MM-DD`) decides whether a reserve still holds. The office's own letters are no
    such records. They come by pieces: tens of thousands are open where few are looked at closely.
    """
    # `+r.id`: sorted after they are found by the index of the open ones (`registro_abierto`), not
    # found by reading every record in that order.
    ids = [
        row[0]
        for row in index.query(
            f"SELECT r.id FROM registro r WHERE r.{PENDING.sql} AND {seen.sql} ORDER BY +r.id",
            seen.values,
        )
    ]
    letters = _letters(index)
    for start in range(0, len(ids), PIECE):
        for row in _rows(index, ids[start : start + PIECE], today):
            yield _open_record(row, letters.get(row[0], []))


def _rows(index: Index, ids: list[int], today: str) -> list[tuple[Any, ...]]:
    own = ",".join("?" * len(OWN))
    return index.query(
        "SELECT r.radicado, r.asunto, r.tipo, ifnull(r.recibido, r.fecha),"
        f" nullif(r.dependencia, '{UNASSIGNED}'), r.responsable, r.vence, r.estado,"
        " CASE WHEN r.reserva_hasta IS NULL OR r.reserva_hasta >= ? THEN r.nivel END, e.bandeja,"
        " (SELECT json_group_array(x.dependencia) FROM espera x WHERE x.id=r.id AND x.bandeja=?),"
        " e.desde, r.prioritario, (SELECT v.con FROM vinculo v JOIN registro h"
        f" ON h.radicado=v.con WHERE v.id=r.id AND v.como=? AND h.{PENDING.sql})"
        " FROM json_each(?) j CROSS JOIN registro r ON r.id=j.value"
        f" LEFT JOIN espera e ON e.id=r.id AND e.bandeja IN ({own}) WHERE r.{PENDING.sql}"
        " AND NOT EXISTS (SELECT 1 FROM carta c WHERE c.subject=r.subject) ORDER BY j.key",
        [today, SHARED, JOINED, msgspec.json.encode(ids).decode(), *OWN],
    )


def _open_record(row: tuple[Any, ...], waits: list[LetterWait]) -> OpenRecord:
    *known, shared, since, first, joined = row
    tray = known[-1]
    letter = next((w for w in waits if tray is None or w.bandeja == RETURNS), None)
    unsent = [w.salida for w in waits if w.bandeja == TO_SEND and w is not letter and w.salida]
    return replace(
        OpenRecord(*known),
        conjuntas=tuple(msgspec.json.decode(shared)),
        desde=since,
        prioritario=bool(first),
        acumulado=joined,
        carta=letter,
        por_enviar=tuple(unsent),
    )


def _letters(index: Index) -> dict[str, list[LetterWait]]:
    """Radicado → the letters that answer it and wait for somebody, the longest wait first."""
    rows = index.query(
        "SELECT a.radicado, e.bandeja, e.dependencia, e.persona, c.radicado FROM carta_espera e"
        " JOIN carta c ON c.subject=e.subject JOIN carta_a a ON a.subject=e.subject"
        " ORDER BY e.desde, e.subject"
    )
    out: dict[str, list[LetterWait]] = {}
    for radicado, *wait in rows:
        out.setdefault(radicado, []).append(LetterWait(*wait))
    return out
