"""Expedientes as the index keeps them, and what may be asked of them there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import msgspec

from records import transfers
from records.expedientes import Phase, fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from records.events import Event

SCHEMA = """
CREATE TABLE expediente(numero TEXT PRIMARY KEY, punto TEXT, serie TEXT, trd TEXT,
  dependencia TEXT, nombre TEXT, soporte TEXT, estado TEXT, abierto TEXT, cerrado TEXT, hecho TEXT,
  fase TEXT, documentos INT, folios INT, prestado TEXT, responsable TEXT) STRICT, WITHOUT ROWID;
CREATE INDEX expediente_abierto ON expediente(abierto);
CREATE TABLE miembro(expediente TEXT, orden INT, radicado TEXT, tipo TEXT, fecha TEXT, folios INT,
  PRIMARY KEY(expediente, orden)) STRICT, WITHOUT ROWID;
CREATE INDEX miembro_radicado ON miembro(radicado);
CREATE TABLE transferencia(numero TEXT PRIMARY KEY, punto TEXT, tipo TEXT, estado TEXT, fecha TEXT,
  paquete TEXT, destino TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE transferido(transferencia TEXT, expediente TEXT,
  PRIMARY KEY(transferencia, expediente)) STRICT, WITHOUT ROWID;
CREATE INDEX transferido_expediente ON transferido(expediente);
CREATE TABLE retenido(expediente TEXT, retencion TEXT, desde TEXT, hasta TEXT, motivo TEXT,
  PRIMARY KEY(expediente, retencion)) STRICT, WITHOUT ROWID;
"""
COMPARED = {
    "expediente": "SELECT * FROM expediente ORDER BY numero",
    "miembro": "SELECT * FROM miembro ORDER BY expediente, orden",
    "transferencia": "SELECT * FROM transferencia ORDER BY numero",
    "transferido": "SELECT * FROM transferido ORDER BY transferencia, expediente",
    "retenido": "SELECT * FROM retenido ORDER BY expediente, retencion",
}
_COLUMNS = (
    "numero, punto, serie, trd, dependencia, nombre, soporte, estado, abierto, cerrado, hecho,"
    " fase, documentos, folios, prestado, responsable"
)


class Listed(msgspec.Struct, frozen=True):
    """An expediente as the index knows it; `cerrado` and `hecho` are days, `prestado` until when
    its paper is lent."""

    numero: str
    punto: str
    serie: str
    trd: str
    dependencia: str
    nombre: str
    soporte: str
    estado: str
    abierto: str
    cerrado: str | None
    hecho: str | None
    fase: Phase
    documentos: int
    folios: int
    prestado: str | None
    responsable: str | None


class HoldOf(msgspec.Struct, frozen=True):
    """A hold upon an expediente, as the index knows it."""

    expediente: str
    desde: str
    hasta: str | None
    motivo: str


class TransferRow(msgspec.Struct, frozen=True):
    """A transfer, as the index knows it."""

    transferencia: str
    tipo: str
    estado: str
    fecha: str
    paquete: str
    destino: str


class Within(msgspec.Struct, frozen=True):
    """Something that lies in an expediente: when it came or was made, its leaves, its document."""

    expediente: str
    radicado: str | None
    fecha: str | None
    folios: int | None
    documento: str | None


def put(db: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Keep the expediente that *events* tell, instead of what is known of it."""
    state = fold(events)
    if state is None:
        return
    made, closed = state.abierto, state.cerrado
    row = (
        state.numero, state.punto, made.serie, made.trd, made.dependencia, state.nombre,
        made.soporte, state.estado, state.fecha, closed and closed.fecha, state.hecho, state.fase,
        len(state.miembros), sum(m.folios or 0 for m in state.miembros),
        state.prestamo and state.prestamo.hasta, made.responsable,
    )  # fmt: skip
    marks = ",".join("?" * len(row))
    db.execute(f"INSERT OR REPLACE INTO expediente VALUES({marks})", row)
    db.execute("DELETE FROM miembro WHERE expediente=?", (state.numero,))
    db.executemany(
        "INSERT INTO miembro VALUES(?,?,?,?,?,?)",
        [(state.numero, m.orden, m.radicado, m.tipo, m.fecha, m.folios) for m in state.miembros],
    )
    db.execute("DELETE FROM retenido WHERE expediente=?", (state.numero,))
    db.executemany(
        "INSERT INTO retenido VALUES(?,?,?,?,?)",
        [(state.numero, h.retencion, h.desde, h.hasta, h.motivo) for h in state.retenciones],
    )


def put_transfer(db: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Keep the transfer that *events* tell, instead of what is known of it."""
    listed = list(events)
    state = transfers.fold(listed)
    if state is None:
        return
    made = state.hecha
    row = (state.numero, listed[0].punto, made.tipo, state.estado, state.fecha, made.paquete,
           state.destino)  # fmt: skip
    db.execute("INSERT OR REPLACE INTO transferencia VALUES(?,?,?,?,?,?,?)", row)
    db.executemany(
        "INSERT OR IGNORE INTO transferido VALUES(?,?)",
        [(state.numero, name) for name in made.expedientes],
    )


class ExpedienteLookups(ABC):
    """Questions about expedientes."""

    @abstractmethod
    def query(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT over the index as it is."""

    def expedientes(self, where: str = "1", values: Iterable[Any] = ()) -> list[Listed]:
        """Expedientes that fit a condition over the table `expediente`, by number."""
        sql = f"SELECT {_COLUMNS} FROM expediente WHERE {where} ORDER BY numero"
        return [Listed(*row) for row in self.query(sql, values)]

    def expediente_numbers(self, where: str, values: Iterable[Any], order: str) -> list[str]:
        """The numbers of expedientes that fit a condition over that table, in an order: a long list
        is its numbers, what a row says is read when it is shown."""
        sql = f"SELECT numero FROM expediente WHERE {where} ORDER BY {order}"
        return [row[0] for row in self.query(sql, values)]

    def expediente_counts(self) -> list[tuple[str, str, int]]:
        """(serie, state, how many) of all expedientes."""
        sql = "SELECT serie, estado, count(*) FROM expediente GROUP BY 1, 2 ORDER BY 1, 2"
        return [(a, b, n) for a, b, n in self.query(sql)]

    def expediente_of(self, radicado: str) -> list[str]:
        """The expedientes in which a record lies: one, or more where two puntos filed it."""
        sql = "SELECT expediente FROM miembro WHERE radicado=? ORDER BY expediente"
        return [row[0] for row in self.query(sql, (radicado,))]

    def within(self, expedientes: Iterable[str] | None = None) -> list[Within]:
        """What lies in expedientes (in all, where None), by number and order."""
        sql = (
            "SELECT m.expediente, m.radicado, coalesce(m.fecha, substr(r.recibido, 1, 10),"
            " substr(r.fecha, 1, 10)), m.folios, coalesce(r.registro, r.original)"
            " FROM miembro m LEFT JOIN registro r ON r.radicado = m.radicado"
        )
        if expedientes is None:
            rows = self.query(f"{sql} ORDER BY m.expediente, m.orden")
        else:
            one = f"{sql} WHERE m.expediente=? ORDER BY m.orden"
            rows = [row for name in expedientes for row in self.query(one, (name,))]
        return [Within(*row) for row in rows]

    def transfers(self, where: str = "1", values: Iterable[Any] = ()) -> list[TransferRow]:
        """Transfers that fit a condition over the table `transferencia`, by number."""
        sql = (
            f"SELECT numero, tipo, estado, fecha, paquete, destino FROM transferencia WHERE {where}"
        )
        return [TransferRow(*row) for row in self.query(f"{sql} ORDER BY numero", values)]

    def on_the_way(self, expediente: str) -> str | None:
        """The transfer in which an expediente waits for its acceptance."""
        sql = (
            "SELECT numero FROM transferencia JOIN transferido ON transferencia = numero"
            " WHERE expediente=? AND estado='preparada'"
        )
        rows = self.query(sql, (expediente,))
        return str(rows[0][0]) if rows else None

    def holds(self) -> list[HoldOf]:
        """All holds that nobody has lifted."""
        sql = "SELECT expediente, desde, hasta, motivo FROM retenido ORDER BY expediente, desde"
        return [HoldOf(*row) for row in self.query(sql)]

    def filed_as(self, dependencia: str | None, tipo: str | None) -> list[tuple[str, str, int]]:
        """(serie, tipo documental, how often) of records of this área and kind, the most frequent
        first: what a next one is likely to be."""
        sql = (
            "SELECT e.serie, coalesce(m.tipo, ''), count(*) FROM miembro m"
            " JOIN expediente e ON e.numero = m.expediente"
            " JOIN registro r ON r.radicado = m.radicado"
            " WHERE r.dependencia IS ? AND r.tipo IS ?"
            " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20"
        )
        return [(a, b, n) for a, b, n in self.query(sql, (dependencia, tipo))]
