"""What was imported, in the index: found and shown beside our own records, counted apart.

It stands in the table `registro` with its `origen`, and no vigencia, n, term or paper: what waits,
expires or is closed each day is asked of those columns and never meets it. Its ids are negative, so
that in a list by age it is older than every number of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import identity, reserve
from records.record_index import sort_key

if TYPE_CHECKING:
    import sqlite3

    from records.state import State

OLDEST = -(10**12)
"""The id of the first one; each later one is one more."""


def put(db: sqlite3.Connection, punto: str, state: State) -> None:
    """Take in, or anew, a record that was imported."""
    kept, state = state.acceso.identidad_protegida, identity.public(state)
    told, fields, public = state.importado, state.campos, state.publicos
    assert told is not None
    names = ("remitente", "entidad", "destinatario")
    sender = next((str(fields[n]) for n in names if fields.get(n)), "")
    said, subject = state.acceso.clasificado, str(fields.get("asunto") or "")
    last = {d.rol: d.sha256 for d in state.documentos}
    newest = db.execute("SELECT max(id) FROM registro WHERE id<0").fetchone()[0]
    db.execute(
        "INSERT INTO registro(id,subject,radicado,punto,clase,fecha,recibido,asunto,remitente,"
        "dependencia,responsable,tipo,canal,estado,imagen_pendiente,sello_pendiente,original,registro,"
        "nivel,reserva_hasta,prioritario,protegida,origen,por_remitente,por_asunto)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,0,?,?,?,?,0,?,?,?,?)"
        " ON CONFLICT(subject) DO UPDATE SET asunto=excluded.asunto, remitente=excluded.remitente,"
        " estado=excluded.estado, nivel=excluded.nivel, reserva_hasta=excluded.reserva_hasta,"
        " protegida=excluded.protegida, por_remitente=excluded.por_remitente,"
        " por_asunto=excluded.por_asunto",
        (OLDEST if newest is None else newest + 1, state.subject, told.radicado, punto, told.clase,
         told.hour, state.recibido, subject, sender, public["dependencia"],
         public["responsable"], public["tipo"], public["canal"], state.estado,
         last.get("original"), last.get("registro"), said.nivel if said else None,
         said.hasta if said else None, int(kept), told.origen, sort_key(sender),
         sort_key(subject)),
    )  # fmt: skip
    row = db.execute("SELECT id FROM registro WHERE subject=?", (state.subject,)).fetchone()
    db.execute("DELETE FROM permiso WHERE id=?", row)
    if said is not None:
        db.executemany(
            "INSERT INTO permiso VALUES(?,?,?,?)",
            [(row[0], g.persona, g.dependencia, g.hasta) for g in reserve.grants(state)],
        )
    values = [v for _, v in sorted(fields.items()) if isinstance(v, str)]
    elsewhere = told.expediente or "" if state.eliminado is None else ""
    db.execute("DELETE FROM texto WHERE rowid=?", row)
    db.execute(
        "INSERT INTO texto(rowid, radicado, remitente, asunto, campos, cuerpo)"
        " VALUES(?,?,?,?,?,'')",
        (row[0], told.radicado, sender, subject, " ".join([*values, elsewhere])),
    )
