"""Numbered records in the index: their row, and what is found, waits and is learnt by them.

A record is put anew each time that something happened to it, and little of it is another then:
what stands as it should is left alone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from records import acuses, acuses_index, identity, learned, reserve, senders
from records.grammar import fold
from records.schema import JOINED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from records.state import State

_KEPT = ("subject", "radicado", "punto", "clase", "vigencia", "n", "fecha", "recibido")
"""What a record is from its number on."""
_MOVING = (
    "asunto", "remitente", "dependencia", "responsable", "tipo", "canal", "estado", "vence",
    "vence_legal", "imagen_pendiente", "sello_pendiente", "original", "registro", "lectura",
    "nivel", "reserva_hasta", "papel", "rechazo", "prioritario", "protegida", "por_remitente",
    "por_asunto", "respondido",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO registro(id, {', '.join((*_KEPT, *_MOVING))})"
    " VALUES((SELECT max(0, ifnull(max(id), 0)) + 1 FROM registro),"
    f" {', '.join('?' * (len(_KEPT) + len(_MOVING)))})"
)
"""What was imported has ids below nothing, also where it was there first."""
_UPDATE = f"UPDATE registro SET {', '.join(f'{name}=?' for name in _MOVING)} WHERE id=?"
_TEXT = "radicado, remitente, asunto, campos, cuerpo"


class _PageText(msgspec.Struct):
    texto: str


class _ReadingText(msgspec.Struct):
    paginas: list[_PageText]


class _Lesson(msgspec.Struct, frozen=True):
    """A letter and the área that it is an example of."""

    area: str
    asunto: str
    cuerpo: str
    tipo: str | None


def sort_key(text: str) -> str:
    """By what a list of texts is sorted: case and accents do not count; its beginning tells."""
    return fold(text[:80])


class RecordRows:
    """Writes records into the index of a home."""

    def __init__(self, home: Path) -> None:
        self._readings = home / "lecturas"
        self.lessons: Counter[tuple[str, str]] = Counter()
        """(feature, área) → letters that are added or taken away; until `put_lessons`."""

    def put(self, db: sqlite3.Connection, punto: str, state: State) -> None:
        """Take in, or anew, a record with a number of ours."""
        # What is kept of who wrote it is not in the index at all: nothing finds or counts it.
        kept, whole = state.acceso.identidad_protegida, state
        state = identity.public(whole)
        number, fields, public = state.numero, state.campos, state.publicos
        assert number is not None
        sealed, paper, said = state.sellado, state.papel, state.acceso.clasificado
        answered = state.tramite.respondido if state.anulado is None else None
        originals = [d.sha256 for d in state.documentos if d.rol == "original"]
        names = ("remitente", "entidad", "destinatario" if state.carta.presentada else "")
        sender = next((str(fields[n]) for n in names if fields.get(n)), "")
        asunto = str(fields.get("asunto") or "")
        reading = sealed.lectura if sealed else None
        gone = state.eliminado is not None
        moving = (
            asunto, sender, public["dependencia"], public["responsable"], public["tipo"],
            public["canal"], state.estado, state.vence, state.vence_legal,
            int(state.imagen_pendiente), int(state.sello_pendiente),
            originals[-1] if originals else None, sealed.sha256 if sealed else None, reading,
            said.nivel if said else None, said.hasta if said else None,
            paper.lugar if paper else None, paper.rechazo if paper else None,
            int(whole.prioritario), int(kept), sort_key(sender), sort_key(asunto),
            answered.enviada if answered else None,
        )  # fmt: skip
        before = db.execute(
            "SELECT id, tipo FROM registro WHERE subject=?", (state.subject,)
        ).fetchone()
        if before is None:
            birth = (state.subject, number.radicado, punto, number.clase, number.vigencia,
                     number.n, state.fecha, state.recibido)  # fmt: skip
            record = db.execute(_INSERT, (*birth, *moving)).lastrowid
            assert record is not None
        else:
            record = before[0]
            db.execute(_UPDATE, (*moving, record))
        fresh = before is None
        keys = {*senders.keys_of(fields), *senders.origins_of(fields)}
        _belonging(db, "conocido", "clave", record, [(k,) for k in sorted(keys)], fresh=fresh)
        waits = state.tramite.waits() if state.anulado is None and not gone else []
        told = [(w.bandeja, w.dependencia, w.persona, w.desde, w.hasta) for w in waits]
        names_ = "bandeja, dependencia, persona, desde, hasta"
        _belonging(db, "espera", names_, record, told, fresh=fresh)
        _belonging(db, "vinculo", "con, como", record, _ties(state), fresh=fresh)
        grants = [] if said is None else reserve.grants(state)
        let_in = [(g.persona, g.dependencia, g.hasta) for g in grants]
        _belonging(db, "permiso", "persona, dependencia, hasta", record, let_in, fresh=fresh)
        due = [] if gone else acuses.pending(whole)
        if due or not fresh:
            acuses_index.put(db, record, due, kept=kept)
        readings = [] if kept or gone else [reading, *(d.lectura for d in state.documentos)]
        values = " ".join(v for k, v in sorted(fields.items()) if isinstance(v, str))
        body = "\n".join(filter(None, map(self._body_text, readings)))
        text = (number.radicado, sender, asunto, values, body)
        if fresh:
            _add_text(db, record, text)
            self._teach(db, record, state, text, None)
        else:
            held = _put_text(db, record, text)
            self._teach(db, record, state, text, None if held is None else (*held, before[1]))

    def _teach(
        self,
        db: sqlite3.Connection,
        record: int,
        state: State,
        text: tuple[str, ...],
        held: tuple[Any, ...] | None,
    ) -> None:
        """Count what a record teaches, and take back what it taught before: *held* is its text and
        kind as they stood."""
        area, tipo = learned.taught_by(state), state.publicos["tipo"]
        new = None if area is None else _Lesson(area, text[2], text[4], tipo)
        old = None
        if held is not None:
            row = db.execute("SELECT dependencia FROM ensena WHERE id=?", (record,)).fetchone()
            old = None if row is None else _Lesson(row[0], held[2], held[4], held[5])
        if new == old:
            return
        for lesson, by in ((old, -1), (new, 1)):
            if lesson is not None:
                self._count(lesson, by)
        if old is not None:
            db.execute("DELETE FROM ensena WHERE id=?", (record,))
        if new is not None:
            db.execute("INSERT INTO ensena VALUES(?,?)", (record, new.area))

    def _count(self, lesson: _Lesson, by: int) -> None:
        told = learned.features(lesson.asunto, lesson.cuerpo, lesson.tipo)
        for feature in (learned.ALL, *told):
            self.lessons[feature, lesson.area] += by

    def put_lessons(self, db: sqlite3.Connection) -> None:
        """Write what was counted since it was last cleared."""
        changed = [(*key, n) for key, n in sorted(self.lessons.items()) if n]
        db.executemany(
            "INSERT INTO aprendido VALUES(?,?,?)"
            " ON CONFLICT(rasgo, dependencia) DO UPDATE SET n = n + excluded.n",
            changed,
        )
        db.executemany(
            "DELETE FROM aprendido WHERE rasgo=? AND dependencia=? AND n<=0",
            [key[:2] for key in changed if key[2] < 0],
        )

    def _body_text(self, reading: str | None) -> str:
        """The text that OCR gave, while its file is there; without it the fields are searched."""
        if reading is None:
            return ""
        try:
            with open(f"{self._readings}/{reading}.json", "rb") as file:  # noqa: PTH123 - quick
                held = msgspec.json.decode(file.read(), type=_ReadingText)
        except (FileNotFoundError, IsADirectoryError):
            return ""
        except msgspec.MsgspecError:
            return ""  # `verificar` compares its hash and tells
        return "\n".join(p.texto for p in held.paginas)


def _belonging(
    db: sqlite3.Connection,
    table: str,
    names: str,
    record: int,
    rows: Iterable[tuple[Any, ...]],
    *,
    fresh: bool,
) -> None:
    """A record's rows in another table; nothing is written where they are there already."""
    rows = list(rows)
    if not fresh:
        held = db.execute(f"SELECT {names} FROM {table} WHERE id=?", (record,)).fetchall()
        if len(held) == len(rows) and Counter(held) == Counter(rows):
            return
        db.execute(f"DELETE FROM {table} WHERE id=?", (record,))
    if rows:
        marks = ",".join("?" * (len(rows[0]) + 1))
        db.executemany(
            f"INSERT INTO {table}(id, {names}) VALUES({marks})", [(record, *row) for row in rows]
        )


def _put_text(db: sqlite3.Connection, record: int, text: tuple[str, ...]) -> tuple[str, ...] | None:
    """Write a record's text where it is another; gives what stood there."""
    row: tuple[str, ...] | None = db.execute(
        f"SELECT {_TEXT} FROM texto WHERE rowid=?", (record,)
    ).fetchone()
    if row != text:
        db.execute("DELETE FROM texto WHERE rowid=?", (record,))
        _add_text(db, record, text)
    return row


def _add_text(db: sqlite3.Connection, record: int, text: tuple[str, ...]) -> None:
    db.execute(f"INSERT INTO texto(rowid, {_TEXT}) VALUES(?,?,?,?,?,?)", (record, *text))


def _ties(state: State) -> list[tuple[str, str]]:
    """(other radicado, how) of what a record said of others."""
    way = state.tramite
    joined = [] if way.acumulado is None else [(way.acumulado, JOINED)]
    return [*((v.con, v.como) for v in way.vinculos), *joined]
