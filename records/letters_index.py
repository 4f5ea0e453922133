"""What the index keeps of the letters that the office writes: whom they wait for, what they answer.

A letter has a row from the day it is presented, with or without a number; `registro` has only what
was numbered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from records.events import State

WAITS = (
    "SELECT e.bandeja, coalesce(c.radicado, (SELECT min(a.radicado) FROM carta_a a"
    " WHERE a.subject=c.subject), ''), c.asunto, c.destinatario, e.dependencia, e.persona,"
    " e.desde, NULL, (SELECT min(g.vence) FROM carta_a a JOIN registro g ON g.radicado=a.radicado"
    " WHERE a.subject=c.subject), c.estado, c.movido, c.subject"
    " FROM carta_espera e JOIN carta c ON c.subject=e.subject"
)
"""The columns of `index.Wait`, for letters; the term is that of what they answer."""


def put(db: sqlite3.Connection, state: State, moved: str) -> None:
    """Write what a letter amounts to; *moved* is the hour of its newest event."""
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
        "INSERT INTO carta_espera VALUES(?,?,?,?,?)",
        [
            (state.subject, w.bandeja, w.dependencia, w.persona, w.desde)
            for w in state.letter_waits()
        ],
    )
