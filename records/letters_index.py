"""What the index keeps of the letters that the office writes: whom they wait for, what they answer.

A letter has a row from the day it is presented, with or without a number; `registro` has only what
was numbered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import identity, term_rows
from records.query import PENDING

if TYPE_CHECKING:
    import sqlite3

    from records.index import Index
    from records.query import Condition
    from records.state import State

OPEN = (
    "NOT EXISTS (SELECT 1 FROM registro r WHERE (r.radicado=c.radicado OR r.radicado IN"
    " (SELECT a.radicado FROM carta_a a WHERE a.subject=c.subject)) AND NOT ({seen}))"
)
"""A letter is open to whom it and all that it answers are open to; `seen` is over `r.id`."""
WHOM = (
    "CASE WHEN EXISTS (SELECT 1 FROM registro p WHERE p.protegida=1 AND (p.radicado=c.radicado"
    " OR p.radicado IN (SELECT a.radicado FROM carta_a a WHERE a.subject=c.subject)))"
    f" THEN '{identity.WITHHELD}' ELSE c.destinatario END"
)
"""Whom a letter is for, in a list: not where that is who wrote what it answers, and that is kept
(`records.identity`)."""


class LetterRow(msgspec.Struct, frozen=True):
    """A letter of the office's own as the index knows it; `subject` is its id."""

    subject: str
    clase: str
    tipo: str
    radicado: str | None
    estado: str
    asunto: str
    destinatario: str
    dependencia: str
    firmante: str
    movido: str
    a: list[str]
    """Radicados that it answers."""


def drop(db: sqlite3.Connection, subject: str) -> None:
    """Forget a letter that was erased."""
    for table in ("carta", "carta_a", "carta_espera", "envio"):
        db.execute(f"DELETE FROM {table} WHERE subject=?", (subject,))


def unfixed(alias: str) -> str:
    """Of a record (an alias of `registro`): an order fixes its term, and nobody has said which."""
    kinds = ",".join(f"'{kind}'" for kind in term_rows.unfixed())
    return (
        f"({alias}.vence IS NULL AND ifnull({alias}.tipo, '') IN ({kinds})"
        f" AND {alias}.{PENDING.sql})"
    )


NUMBER = (
    "coalesce(c.radicado, (SELECT min(a.radicado) FROM carta_a a WHERE a.subject=c.subject), '')"
)
DUE = (
    "(SELECT min(g.vence) FROM carta_a a JOIN registro g ON g.radicado=a.radicado"
    " WHERE a.subject=c.subject)"
)
UNFIXED = (
    "EXISTS (SELECT 1 FROM carta_a a JOIN registro g ON g.radicado=a.radicado"
    f" WHERE a.subject=c.subject AND {unfixed('g')})"
)
FIRST = (
    "EXISTS (SELECT 1 FROM carta_a a JOIN registro g ON g.radicado=a.radicado"
    " WHERE a.subject=c.subject AND g.prioritario)"
)
"""Of a letter that waits (`c`): its number, or that of what it answers; and of what it answers,
when it is due, whether its term is still to be fixed, whether it goes first."""
ABOUT = (
    "q.radicado IN (SELECT c.radicado UNION SELECT a.radicado FROM carta_a a"
    " WHERE a.subject=c.subject)"
)
"""A record (`q`) that a letter is, or answers."""


def unsigned(index: Index, name: str) -> list[str]:
    """Letters without a number, by their own id or by a radicado that they answer."""
    rows = index.query(
        "SELECT c.subject FROM carta c WHERE c.estado='por_aprobar' AND (c.subject=? OR"
        " c.subject IN (SELECT subject FROM carta_a WHERE radicado=?)) ORDER BY c.movido",
        [name, name],
    )
    return [str(row[0]) for row in rows]


def answering(index: Index, radicado: str) -> list[str]:
    """Letters with a number that answer a radicado, annulled ones included."""
    rows = index.query(
        "SELECT c.subject FROM carta c JOIN carta_a a ON a.subject=c.subject"
        " WHERE a.radicado=? AND c.radicado IS NOT NULL ORDER BY c.radicado",
        [radicado],
    )
    return [str(row[0]) for row in rows]


def numbered(index: Index, carta: str) -> str | None:
    """The number of a letter, by its own id; None: it has none, or there is no such letter."""
    rows = index.query(
        "SELECT radicado FROM carta WHERE subject=? AND radicado IS NOT NULL", [carta]
    )
    return str(rows[0][0]) if rows else None


def letters(index: Index, where: str, seen: Condition) -> list[LetterRow]:
    """Letters of the office's own that fit *where* (over `c`) and are open, oldest first."""
    columns = LetterRow.__struct_fields__[:-1]
    names = ", ".join(WHOM if n == "destinatario" else f"c.{n}" for n in columns)
    rows = index.query(
        f"SELECT {names}, (SELECT group_concat(radicado, ' ') FROM carta_a a"
        f" WHERE a.subject=c.subject) FROM carta c WHERE {where}"
        f" AND {OPEN.format(seen=seen.sql)} ORDER BY c.movido, c.subject",
        seen.values,
    )
    shown = [dict(zip(LetterRow.__struct_fields__, row, strict=True)) for row in rows]
    return [msgspec.convert({**row, "a": (row["a"] or "").split()}, LetterRow) for row in shown]


def put(db: sqlite3.Connection, state: State, moved: str) -> None:
    """Write what a letter amounts to; *moved* is the hour of its newest event."""
    state = identity.public(state)
    letter, number = state.carta, state.numero
    made = letter.presentada
    assert made is not None
    key = (state.subject,)
    db.execute(
        "INSERT OR REPLACE INTO carta VALUES(?,?,?,?,?,?,?,?,?,?)",
        (state.subject, made.clase, made.tipo, number.radicado if number else None, state.estado,
         str(state.campos.get("asunto") or ""), str(state.campos.get("destinatario") or ""),
         made.dependencia, letter.firmo or made.firmante, moved),
    )  # fmt: skip
    db.execute("DELETE FROM carta_a WHERE subject=?", key)
    db.executemany("INSERT INTO carta_a VALUES(?,?)", [(state.subject, r) for r in sorted(made.a)])
    db.execute("DELETE FROM carta_espera WHERE subject=?", key)
    db.executemany(
        "INSERT INTO carta_espera(subject, bandeja, dependencia, persona, desde) VALUES(?,?,?,?,?)",
        [
            (state.subject, w.bandeja, w.dependencia, w.persona, w.desde)
            for w in state.letter_waits()
        ],
    )
    db.execute("DELETE FROM envio WHERE subject=?", key)
    db.executemany(
        "INSERT INTO envio VALUES(?,?,?,?,?,?,?)",
        [
            (state.subject, n, i, one.medio, one.guia, one.enviado, one.estado)
            for n, whom in enumerate(state.envio.destinatarios, 1)
            for i, one in enumerate(whom.intentos, 1)
        ],
    )
