"""The SQLite index (WAL, FTS5): a projection of the journals that may be deleted at any time.

Every process catches it up from its stored position; nothing here is the truth and it is never
asked for the next number. A position that does not fit the journal, or a damaged file, means: build
anew.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from records import (
    expedientes,
    expedientes_index,
    imported_index,
    letters_index,
    lines,
    rounds,
    segments,
    transfers,
)
from records.disk import Disk
from records.errors import Damaged, MachineCannot
from records.events import Event, in_order
from records.lines import BadLine
from records.lookups import Lookups
from records.marks import Marks
from records.query import QueryCut
from records.record_index import RecordRows
from records.schema import COMPARED, LISTS, SCHEMA, SCHEMA_VERSION
from records.segments import Log, Place
from records.state import State, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from records.lines import Line

T = TypeVar("T")
BATCH = 20_000
"""Lines of a journal that are taken in together: a record is written once for all that happened to
it in them, so that few make an index slow to build, and many take memory."""
BUILDING = ("cache_size=-65536", "wal_autocheckpoint=8000")
BUILT = ("cache_size=-2000", "wal_autocheckpoint=1000")
"""What SQLite is told while an index is built, and then: 64 MB, as what is sorted lies anywhere."""
OVERTAKEN = 5
"""How often a batch is read again because others wrote while it was read."""
PATIENCE = 60
"""Seconds that another process may keep the index busy."""


class Stale(Exception):
    """The index does not fit the journals and must be built anew."""


class _Overtaken(Stale):
    """A year began while an older segment was read: its last lines came after they were looked
    for."""


@dataclass(slots=True)
class _Batch:
    """Lines that are taken in together."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    """Of the table `evento`."""
    events: dict[tuple[str, int], Event] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    """Subjects, in the order in which they are written."""
    filed: list[tuple[str, str]] = field(default_factory=list)
    """(radicado, reception) of images that were filed."""
    last: tuple[Place, Line] | None = None

    def goes_on(self, place: Place) -> bool:
        """Whether *place* begins a segment, or is the first that is read."""
        return self.last is None or self.last[0].vigencia < place.vigencia


class Index(Lookups):
    """The index of one home. One connection; make one per thread."""

    def __init__(self, home: Path, path: Path | None = None) -> None:
        self.home = home
        self.path = path or home / "index.sqlite"
        self._db: sqlite3.Connection | None = None
        self._private = False
        self._node = 0
        """The inode of the file that is open: another process may have made a new one."""
        self.records = RecordRows(home)
        self._listing = False
        """Whether this connection has seen the indexes of lists."""

    # -- keeping up ---------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Take in what the journals have gained; build anew where the index does not fit."""
        try:
            self._catch_up()
        except Stale:
            self.rebuild()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error) or "column" in str(error):
                self.rebuild()
            elif "locked" in str(error) or self._private:
                raise _machine_error(error) from error
            else:
                self._go_private()  # a full or read-only disk: reading goes on all the same
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            self.rebuild()

    def rebuild(self) -> None:
        """Throw the index away and build it from the journals."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        try:
            self._catch_up()
        except sqlite3.OperationalError as error:
            raise _machine_error(error) from error

    def _go_private(self) -> None:
        """Build an index in memory, for this process alone."""
        self.close()
        self._private = True
        self._catch_up()

    def close(self) -> None:
        """Close the connection."""
        if self._db is not None:
            self._db.close()
            self._db = None
            self._listing = False

    def _catch_up(self) -> None:
        if self._db is not None and not self._private and self._node != _node_of(self.path):
            self.close()
        db = self._open()
        for row in db.execute("SELECT punto, vigencia, nodo FROM fichero"):
            if _node_of(segments.segment_of(self.home, *row[:2]).fichas) != row[2]:
                raise Stale  # written anew, since a disposal erased some: offsets are others now
        missing = () if self._listing else _missing_lists(db)
        with _building(db) if missing else nullcontext():
            for punto in segments.puntos(self.home):
                while self._take_more(db, punto) == BATCH:
                    pass
            for name in missing:
                with _transaction(db):
                    db.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {LISTS[name]}")
        self._listing = True

    def _take_more(self, db: sqlite3.Connection, punto: str) -> int:
        """Take in a batch; how many lines it had."""
        for _ in range(OVERTAKEN):
            with suppress(_Overtaken), _transaction(db):
                return self._take_batch(db, punto)
        raise Stale

    def _open(self) -> sqlite3.Connection:
        if self._db is not None:
            return self._db
        # A home on a read-only medium is searched by an index of this process's own.
        writable = os.access(self.path.parent, os.W_OK) and not self._private
        place = self.path if writable else ":memory:"
        db = sqlite3.connect(place, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        _write_ahead(db)
        db.execute("PRAGMA synchronous=NORMAL")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            if version:
                db.close()
                raise Stale
            with _transaction(db):
                if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in SCHEMA.split(";\n"):
                        if statement.strip():
                            db.execute(statement)
                    db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        self._db, self._node = db, _node_of(self.path)
        return db

    def _take_batch(self, db: sqlite3.Connection, punto: str) -> int:
        since, seq, ficha_end = self._position(db, punto)
        start = None if since is None else since.vigencia
        with closing(_FichaReader(self.home, punto, start, ficha_end)) as fichas:
            batch = self._read_batch(punto, since, seq, fichas)
            if batch.last is None:
                return 0
            place, line = batch.last
            position = (punto, place.vigencia, place.offset, place.length, line.body.seq,
                        line.hash, fichas.end(place.vigencia))  # fmt: skip
            nodes = [(punto, year, node) for year, node in fichas.nodes()]
        db.executemany("INSERT INTO evento VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", batch.rows)
        self.records.lessons.clear()
        for subject in batch.touched:
            if subject != "log":
                self._project(db, subject, batch.events)
        self.records.put_lessons(db)
        mark = "UPDATE recepcion SET estado='incorporado', incorporado=? WHERE subject=?"
        db.executemany(mark, batch.filed)
        db.execute("INSERT OR REPLACE INTO posicion VALUES(?,?,?,?,?,?,?)", position)
        db.executemany("INSERT OR REPLACE INTO fichero VALUES(?,?,?)", nodes)
        return len(batch.rows)

    def _read_batch(
        self, punto: str, since: Place | None, seq: int, fichas: _FichaReader
    ) -> _Batch:
        batch = _Batch()
        for place, line in Log(self.home, punto).read(since):
            body = line.body
            if body.seq != seq + 1:
                raise _Overtaken if batch.goes_on(place) else Stale
            seq = body.seq
            start, raw = fichas.next(place.vigencia, body.ficha) if body.ficha else (0, b"")
            batch.events[punto, seq] = segments.event_of(line, raw or None)
            batch.rows.append(
                (punto, seq, line.hash, body.subject, body.type, body.at, body.actor,
                 place.vigencia, place.offset, place.length, start, len(raw))
            )  # fmt: skip
            if body.type == "radicado.asignado":
                # Records are listed in the order of their numbers.
                batch.touched.pop(body.subject, None)
            batch.touched[body.subject] = None
            if body.type == "imagen.incorporada":
                batch.filed.append((body.data["radicado"], body.data["recepcion"]))
            batch.last = (place, line)
            if len(batch.rows) == BATCH:
                break
        return batch

    def _position(self, db: sqlite3.Connection, punto: str) -> tuple[Place | None, int, int]:
        row = db.execute(
            "SELECT vigencia, inicio, largo, seq, hash, ficha_fin FROM posicion WHERE punto=?",
            (punto,),
        ).fetchone()
        if row is None:
            return None, -1, 0
        vigencia, start, length, seq, digest, ficha_end = row
        place = Place(vigencia, start, length)
        path = segments.segment_of(self.home, punto, vigencia).path
        if segments.size_of(path) < start + length:
            if self._has_what_was_shown(punto):
                raise Stale  # a cut took a line that nobody was shown, or it is the index's damage
            raise Damaged(
                "diario_retrocedido",
                f"El índice conoce la línea {seq} de {punto} y el diario ya no la tiene.",
                consejo="Alguien restauró o recortó la carpeta. No se numera hasta traer de un "
                "respaldo las líneas que faltan.",
            )
        try:
            stored = Log(self.home, punto).line_at(place)
        except OSError as error:
            raise Stale from error
        if lines.sha256(stored) != digest:
            raise Stale
        return place, seq, ficha_end

    def _has_what_was_shown(self, punto: str) -> bool:
        """Whether the outer mark vouches for the end of a log as it is."""
        log = Log(self.home, punto)
        line = next((line for _, line in log.read()), None)
        mark = Marks(self.home, punto, Disk()).last(line.body.log) if line else None
        return mark is not None and log.hash_at(mark.seq) == mark.hash

    # -- the projection -----------------------------------------------------------------------

    def _project(
        self, db: sqlite3.Connection, subject: str, cache: dict[tuple[str, int], Event]
    ) -> None:
        events = list(self._events(db, subject, cache))
        state = fold(subject, events)
        first = events[0]
        if state.recepcion is not None:
            self._put_reception(db, subject, first, state)
        if state.numero is not None:
            self.records.put(db, first.punto, state)
        if state.importado is not None:
            imported_index.put(db, first.punto, state)
        if state.carta.presentada is not None:
            letters_index.put(db, state, events[-1].at)
        elif state.eliminado is not None:
            letters_index.drop(db, subject)
        if subject.startswith(expedientes.subject_of("")):
            expedientes_index.put(db, in_order(events))
        if subject.startswith(transfers.subject_of("")):
            expedientes_index.put_transfer(db, in_order(events))
        if subject.startswith(rounds.subject_of("")) and (made := rounds.fold(events)) is not None:
            db.execute(
                "INSERT OR REPLACE INTO planilla VALUES(?,?,?,?,?)",
                (made.numero, first.punto, made.hecha.dependencia, made.fecha, made.estado),
            )

    def _put_reception(
        self, db: sqlite3.Connection, subject: str, first: Event, state: State
    ) -> None:
        reception = state.recepcion
        assert reception is not None
        db.execute(
            "INSERT OR REPLACE INTO recepcion VALUES(?,?,?,?,?,?,?,?,NULL)",
            (subject, first.punto, first.seq, reception.reclamo, reception.sha256,
             reception.carril, state.recibido, state.estado),
        )  # fmt: skip

    # -- asking -------------------------------------------------------------------------------

    def query(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT over the index as it is."""
        return self._again(lambda: self._open().execute(sql, tuple(values)).fetchall())

    def events(self, subject: str) -> list[Event]:
        """The events of a subject, read from the journals and checked against their hashes.

        Raises:
            Damaged: a line or a ficha is no longer the one that was taken in.
        """
        try:
            return self._again(lambda: list(self._events(self._open(), subject, {})))
        except Stale as error:
            raise Damaged(
                "diario_danado",
                f"Una línea del diario sobre {subject} no es la que se había guardado.",
                consejo="Ejecute «ventanilla verificar».",
            ) from error

    def lines_of(self, subject: str) -> list[Line]:
        """The lines about a subject, as stored: with the hash of each ficha, also of one that is
        not there any more.

        Raises:
            Damaged: a line is no longer the one that was taken in.
        """
        return self._lines("subject=?", (subject,))

    def lines_of_type(self, *kinds: str) -> list[Line]:
        """The lines of these types, by punto and order.

        Raises:
            Damaged: a line is no longer the one that was taken in.
        """
        return self._lines(f"tipo IN ({','.join('?' * len(kinds))})", kinds)

    def _lines(self, where: str, values: Iterable[str]) -> list[Line]:
        rows = self.query(
            "SELECT punto, hash, vigencia, inicio, largo, subject FROM evento"
            f" WHERE {where} ORDER BY punto, seq",
            values,
        )
        out = []
        for punto, digest, vigencia, start, length, subject in rows:
            raw = Log(self.home, punto).line_at(Place(vigencia, start, length))
            if lines.sha256(raw) != digest:
                raise Damaged(
                    "diario_danado",
                    f"Una línea del diario sobre {subject} no es la que se había guardado.",
                    consejo="Ejecute «ventanilla verificar».",
                )
            out.append(lines.read_line(raw))
        return out

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection that goes on seeing the index as it is now, whatever this one writes."""
        if self._private:
            yield self._open()  # of this process alone: nobody else writes it
            return
        place = f"{self.path.absolute().as_uri()}?mode=ro"
        db = sqlite3.connect(
            place, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("BEGIN")
            db.execute("SELECT 1 FROM posicion LIMIT 1")  # here it begins to hold still
            yield db
        finally:
            db.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread, to be interrupted by another one."""
        return self._open()

    def _again(self, ask: Callable[[], list[T]]) -> list[T]:
        """Ask; where the index turns out to be damaged it is built anew and asked once more."""
        try:
            return ask()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise QueryCut("interrupted") from error
            if "locked" in str(error) or self._private:
                raise _machine_error(error) from error
            self._go_private()
        except (sqlite3.DatabaseError, UnicodeDecodeError, BadLine, Stale, FileNotFoundError):
            self.rebuild()
        return ask()

    def _events(
        self, db: sqlite3.Connection, subject: str, cache: dict[tuple[str, int], Event]
    ) -> Iterator[Event]:
        rows = db.execute(
            "SELECT punto, seq, hash, vigencia, inicio, largo, ficha_inicio, ficha_largo"
            " FROM evento WHERE subject=? ORDER BY punto, seq",
            (subject,),
        ).fetchall()
        for punto, seq, digest, vigencia, start, length, ficha_start, ficha_length in rows:
            held = cache.get((punto, seq))
            if held is None:
                raw = Log(self.home, punto).line_at(Place(vigencia, start, length))
                if lines.sha256(raw) != digest:
                    raise Stale
                line = lines.read_line(raw)
                held = segments.event_of(
                    line, self._ficha(punto, vigencia, ficha_start, ficha_length, line.body.ficha)
                )
            yield held

    def _ficha(
        self, punto: str, vigencia: int, start: int, length: int, digest: str | None
    ) -> bytes | None:
        if not length:
            return None
        with segments.segment_of(self.home, punto, vigencia).fichas.open("rb") as file:
            file.seek(start)
            raw = file.read(length)
        if lines.sha256(raw) != digest:
            raise Damaged(
                "ficha_danada",
                f"La ficha de un evento de {punto} no es la que se guardó.",
                consejo="Ejecute «ventanilla verificar».",
            )
        return raw

    def differences(self) -> list[str]:
        """Tables in which this index is not what the journals give; empty when it is."""
        with tempfile.TemporaryDirectory(prefix="ventanilla-") as folder:
            fresh = Index(self.home, Path(folder) / "index.sqlite")
            try:
                fresh.rebuild()
                db = self._open()
                inner = db.execute("PRAGMA integrity_check").fetchall()
                db.execute("INSERT INTO texto(texto) VALUES('integrity-check')")
                found = [t for t, sql in COMPARED.items() if _rows(db, sql) != fresh.query(sql)]
                return found if inner == [("ok",)] else [*found, "integrity_check"]
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if "locked" in str(error):
                    raise _machine_error(error) from error
                return [str(error)]
            finally:
                fresh.close()

    def mend(self) -> bool:
        """Build the index anew where it is not what the journals give; says whether it was."""
        self.catch_up()
        if not self.differences():
            return False
        self.rebuild()
        return True


class _FichaReader:
    """Walks the fichas of a log in step with its events. To be closed."""

    def __init__(self, home: Path, punto: str, vigencia: int | None, offset: int) -> None:
        self._home, self._punto = home, punto
        self._at: dict[int, int] = {} if vigencia is None else {vigencia: offset}
        self._files: dict[int, BinaryIO] = {}

    def next(self, vigencia: int, digest: str) -> tuple[int, bytes]:
        """Where the next ficha starts, and its bytes; none where it is not the event's."""
        start = self._at.get(vigencia, 0)
        try:
            raw = self._file(vigencia, start).readline()
        except FileNotFoundError:
            raw = b""
        self._at[vigencia] = start + len(raw)
        held = raw.rstrip(b"\n")
        return (start, held) if lines.sha256(held) == digest else (start, b"")

    def _file(self, vigencia: int, start: int) -> BinaryIO:
        file = self._files.get(vigencia)
        if file is None:
            path = segments.segment_of(self._home, self._punto, vigencia).fichas
            file = self._files[vigencia] = path.open("rb")
            file.seek(start)
        return file

    def end(self, vigencia: int) -> int:
        return self._at.get(vigencia, 0)

    def nodes(self) -> Iterator[tuple[int, int]]:
        """(vigencia, inode) of each file that was read."""
        for vigencia, file in self._files.items():
            yield vigencia, os.fstat(file.fileno()).st_ino

    def close(self) -> None:
        """Close what is open."""
        for file in self._files.values():
            file.close()


def _node_of(path: Path) -> int:
    """The inode of a file; 0 where there is none."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def _rows(db: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    return db.execute(sql).fetchall()


def _write_ahead(db: sqlite3.Connection) -> None:
    """Turn to WAL. Where several processes make an index at once SQLite says «locked» here without
    waiting, whatever the connection's timeout."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _missing_lists(db: sqlite3.Connection) -> list[str]:
    """Indexes that are made once all that the journals had is there."""
    held = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='index'")}
    return [name for name in LISTS if name not in held]


@contextmanager
def _building(db: sqlite3.Connection) -> Iterator[None]:
    """While this lasts *db* takes memory to be quick."""
    for pragma in BUILDING:
        db.execute(f"PRAGMA {pragma}")
    try:
        yield
    finally:
        for pragma in (*BUILT, "shrink_memory"):
            db.execute(f"PRAGMA {pragma}")


def _machine_error(error: Exception) -> MachineCannot:
    return MachineCannot(
        "indice",
        f"El índice de búsqueda no se puede usar ({error}).",
        consejo="El diario está a salvo. Revise espacio y permisos; index.sqlite puede borrarse "
        "cuando nada esté en marcha.",
    )


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
