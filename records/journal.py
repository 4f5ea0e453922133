"""The signed, append-only log of one punto: append, read, recover (format v1).

Files: `journal/<vigencia>/<punto>.jsonl` and beside it `<punto>.fichas.jsonl`, the segments of one
log through the years. Only `writing()` changes them; reading never does. What is appended, and
whether a rule allows it, is for `Office` to say; this module keeps order, hashes, signatures and
durability.

The order of an append, each step after the one before is durable: lock → the tail as it is on disk
→ rules → fichas → lines in one write → mark outside the home → unlock. The mark is written under
the lock so that it can't go backwards when two processes write; a number is shown only after all of
it.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from filelock import FileLock

from records import lines
from records import tail as tails
from records.disk import PRIVATE, Disk, SyncFailed
from records.errors import Damaged, Refused
from records.events import NAMES, Anchor, Event, Fact, LogOpened, Recovery
from records.lines import BadLine, Line
from records.marks import Marks
from records.tail import Broken, Tail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

CLOCK_SLACK = timedelta(minutes=2)
"""A clock this far behind the last event takes the last event's hour; further back stops numbers."""
LOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """One year's file of a log, and its fichas."""

    vigencia: int
    path: Path
    fichas: Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: segment, byte offset of the line, and its length without newline."""

    vigencia: int
    offset: int
    length: int


def segments(home: Path, punto: str) -> list[Segment]:
    """The segments of a punto's log in *home*, oldest first."""
    found = []
    for path in (home / "journal").glob(f"[0-9][0-9][0-9][0-9]/{punto}.jsonl"):
        found.append(segment_of(home, punto, int(path.parent.name)))
    return sorted(found, key=lambda s: s.vigencia)


def segment_of(home: Path, punto: str, vigencia: int) -> Segment:
    """The segment of a year, whether it exists or not."""
    folder = home / "journal" / f"{vigencia:04d}"
    return Segment(vigencia, folder / f"{punto}.jsonl", folder / f"{punto}.fichas.jsonl")


def puntos(home: Path) -> list[str]:
    """The puntos that have a log in *home*."""
    found = (home / "journal").glob("[0-9][0-9][0-9][0-9]/*.jsonl")
    return sorted({p.stem for p in found if not p.name.endswith(".fichas.jsonl")})


class Journal:
    """The log of *punto* in *home*. Cheap to make; reads nothing until asked."""

    def __init__(self, home: Path, punto: str, disk: Disk | None = None) -> None:
        self.home = home
        self.punto = punto
        self.disk = disk or Disk()
        self.marks = Marks(home, punto, self.disk)
        self._cached: _Known | None = None

    # -- reading ------------------------------------------------------------------------------

    @property
    def stop_marker(self) -> Path:
        """While this file exists nobody appends."""
        return self.home / "journal" / f"{self.punto}.detenido.json"

    def segments(self) -> list[Segment]:
        """Its segments, oldest first."""
        return segments(self.home, self.punto)

    def read(self, since: Place | None = None) -> Iterator[tuple[Place, Line]]:
        """Each whole line after *since* (from the first where it is None), in order.

        Signatures are not checked here: `verify` and `tail.advance` do. A tail without its newline
        is not read.

        Raises:
            Damaged: bytes that are not a line of the format.
        """
        for segment in self.segments():
            if since is not None and segment.vigencia < since.vigencia:
                continue
            start = 0
            if since is not None and segment.vigencia == since.vigencia:
                start = since.offset + since.length + 1
            for offset, raw in read_raw(segment.path, start):
                try:
                    line = lines.read_line(raw)
                except BadLine as error:
                    raise Damaged(
                        "diario_danado",
                        f"{segment.path} está dañado en el byte {offset}: {error}.",
                        consejo="No se escribe nada hasta sanarlo desde una copia idéntica.",
                    ) from error
                yield Place(segment.vigencia, offset, len(raw)), line

    def last_seq(self) -> int:
        """The seq of the last whole line on disk; −1 for an empty log."""
        for segment in reversed(self.segments()):
            for _, raw in read_back(segment.path):
                return _seq_of(raw)
        return -1

    def line_at(self, place: Place) -> bytes:
        """The stored bytes of a line."""
        path = segment_of(self.home, self.punto, place.vigencia).path
        with path.open("rb") as file:
            file.seek(place.offset)
            return file.read(place.length)

    def events(self) -> Iterator[Event]:
        """Every event with its ficha, in order. For logs that are short or read whole.

        Raises:
            Damaged: a line or a ficha is not what it should be.
        """
        fichas: dict[int, Iterator[tuple[int, bytes]]] = {}
        for place, line in self.read():
            ficha: bytes | None = None
            if line.body.ficha is not None:
                if place.vigencia not in fichas:
                    path = segment_of(self.home, self.punto, place.vigencia).fichas
                    fichas[place.vigencia] = read_raw(path) if path.exists() else iter(())
                _, ficha = next(fichas[place.vigencia], (0, b""))
                if lines.sha256(ficha) != line.body.ficha:
                    raise _damaged(self, f"la ficha del evento {line.body.seq} no es la suya")
            yield event_of(line, ficha)

    # -- writing ------------------------------------------------------------------------------

    @contextmanager
    def writing(self, key: Ed25519PrivateKey) -> Iterator[Writer]:
        """Hold the lock and write. What was appended is durable and marked when the block ends.

        Raises:
            Damaged: the log does not verify, was cut below its mark, or the home is a copy.
            Refused: another process holds the lock for too long.
        """
        self.disk.make_folder(self.home / "journal")
        lock = FileLock(self.home / "journal" / f".{self.punto}.lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except TimeoutError as error:
            raise Refused(
                "ocupado",
                "Otro proceso está escribiendo en el diario desde hace un minuto.",
                consejo="Espere a que termine y repita; nada se ha cambiado.",
            ) from error
        try:
            known = self._refresh(key)
            writer = Writer(self, known, key)
            yield writer
        finally:
            lock.release()

    def _refresh(self, key: Ed25519PrivateKey) -> _Known:
        """The tail as the disk has it now; recovers what a crash left. Needs the lock."""
        self.marks.check_place()
        stopped = self.stop_marker.exists()
        if stopped:
            self._rewrite_tail()
        known = self._cached
        if known is None or not known.is_current():
            known = _load(self, known)
            self._cached = known
            self.marks.check(known.tail, self._hash_at)
            found = _repair(self, known)
            if stopped:
                found.append(Recovery(motivo="sincronizacion", bytes=0))
            for fact in found:
                Writer(self, known, key).append(fact, subject=tails.LOG, actor="sistema")
        return known

    def _hash_at(self, seq: int) -> str | None:
        """The hash of line *seq*, found by bisection on the segments; None where there is none."""
        for segment in reversed(self.segments()):
            found = find_seq(segment.path, seq)
            if found is not None:
                return lines.sha256(found[1])
        return None

    def forget(self) -> None:
        """Drop what is remembered of the tail: after a failed write the disk alone counts."""
        self._cached = None

    def stop(self, error: SyncFailed) -> None:
        """Leave the stop marker: fsync failed, what the kernel shows may not be on the disk."""
        self.forget()
        note = {"punto": self.punto, "hora": lines.stamp(lines.now()), "motivo": error.mensaje}
        self.stop_marker.write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")

    def _rewrite_tail(self) -> None:
        """Read the last segment back, write it anew, sync it: only then is the marker removed."""
        for segment in self.segments()[-1:]:
            for path in (segment.fichas, segment.path):
                if path.exists():
                    self.disk.replace(path, path.read_bytes())
        self.forget()
        self.disk.remove(self.stop_marker)


@dataclass(slots=True)
class _Known:
    """What one process remembers of the end of the log, and how to see that it still holds."""

    tail: Tail
    segment: Segment | None = None
    size: int = 0
    fichas_size: int = 0
    inode: int = 0
    last_ficha: str | None = None

    def is_current(self) -> bool:
        if self.segment is None:
            return False
        try:
            log = self.segment.path.stat()
        except FileNotFoundError:
            return False
        return (
            log.st_size == self.size
            and log.st_ino == self.inode
            and _size(self.segment.fichas) == self.fichas_size
        )


@dataclass(slots=True)
class Writer:
    """Appends while the lock is held. Made by `Journal.writing`."""

    journal: Journal
    _known: _Known
    _key: Ed25519PrivateKey
    events: list[Event] = field(default_factory=list)

    @property
    def tail(self) -> Tail:
        """Numbers, open receptions and head, as they are on disk."""
        return self._known.tail

    def at(self) -> str:
        """The hour the next event takes: the clock's, or the last event's where it is just behind."""
        clock = lines.stamp(lines.now())
        return clock if self.clock_is_behind() else max(clock, self.tail.at)

    def clock_is_behind(self) -> bool:
        """Whether the clock stands further behind the last event than a small correction."""
        return bool(self.tail.at) and lines.now() < lines.moment(self.tail.at) - CLOCK_SLACK

    def append(
        self,
        fact: Fact,
        *,
        subject: str | Callable[[int], str],
        actor: str,
        after: tuple[str, ...] = (),
        ficha: dict[str, Any] | None = None,
        at: str | None = None,
    ) -> Event:
        """Append one event. *subject* may be a function of the event's seq (a new reception)."""
        return self.append_all([Draft(fact, subject, actor, after, ficha)], at=at)[0]

    def append_all(self, drafts: list[Draft], *, at: str | None = None) -> list[Event]:
        """Append several events in one write; all have the same hour.

        Raises:
            Broken: an event does not follow the rules of the log (nothing was written).
            MachineCannot: the disk refused; the log is as it was or has a torn tail.
        """
        hour = at or self.at()
        if self.tail.seq >= 0 and self.tail.anchor_due(hour[:10]):
            drafts = [Draft(self.tail.anchor(), tails.LOG, "sistema"), *drafts]
        future = _copy(self.tail)
        made: list[tuple[Line, bytes | None]] = []
        for draft in drafts:
            made.append(self._make(future, draft, hour))
        self._store(future, made)
        out = [event_of(line, ficha) for line, ficha in made]
        self.events.extend(out)
        return [e for e in out if e.type != "ancla"] or out

    def _make(self, future: Tail, draft: Draft, hour: str) -> tuple[Line, bytes | None]:
        seq = future.seq + 1
        subject = draft.subject if isinstance(draft.subject, str) else draft.subject(seq)
        after = draft.after or ((future.log_head,) if subject == tails.LOG and seq else ())
        body: dict[str, Any] = {
            "v": lines.VERSION,
            "log": future.log or _new_log_id(draft.fact),
            "punto": future.punto,
            "epoch": future.epoch,
            "seq": seq,
            "prev": future.prev,
            "at": hour,
            "actor": draft.actor,
            "type": NAMES[type(draft.fact)] if draft.kind is None else draft.kind,
            "subject": subject,
            "after": list(after),
            "data": msgspec.to_builtins(draft.fact),
        }
        stored: bytes | None = None
        if draft.ficha is not None:
            stored = lines.canonical({**lines.clean(draft.ficha), "sal": secrets.token_hex(16)})
            body["ficha"] = lines.sha256(stored)
        line = lines.seal_line(body, self._key)
        tails.advance(future, line)
        return line, stored

    def _store(self, future: Tail, made: list[tuple[Line, bytes | None]]) -> None:
        journal, known = self.journal, self._known
        segment = self._segment(made[0][0].body.at)
        fichas = b"".join(f + b"\n" for _, f in made if f is not None)
        text = b"".join(line.raw + b"\n" for line, _ in made)
        journal.disk.make_folder(segment.path.parent)
        new = known.segment is None or known.segment.vigencia != segment.vigencia
        try:
            if fichas or new:
                journal.disk.append(segment.fichas, fichas, mode=PRIVATE)
            journal.disk.append(segment.path, text)
        except SyncFailed as error:
            journal.stop(error)
            raise
        except BaseException:
            journal.forget()
            raise
        stat = segment.path.stat()
        known.tail, known.segment, known.inode = future, segment, stat.st_ino
        known.size, known.fichas_size = stat.st_size, _size(segment.fichas)
        last = [line.body.ficha for line, f in made if f is not None]
        known.last_ficha = last[-1] if last else known.last_ficha
        journal.marks.write(future)

    def _segment(self, at: str) -> Segment:
        """The year's segment; never an earlier one than exists, whatever the clock says."""
        year = int(at[:4])
        if self._known.segment is not None:
            year = max(year, self._known.segment.vigencia)
        return segment_of(self.journal.home, self.journal.punto, year)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be: the writer gives it its seq, hour, hash and signature."""

    fact: Fact
    subject: str | Callable[[int], str]
    actor: str
    after: tuple[str, ...] = ()
    ficha: dict[str, Any] | None = None
    kind: str | None = None


def event_of(line: Line, ficha: bytes | None) -> Event:
    """The event of a line and the stored bytes of its ficha."""
    b = line.body
    return Event(
        b.punto,
        b.epoch,
        b.seq,
        line.hash,
        b.at,
        b.actor,
        b.type,
        b.subject,
        b.after,
        b.data,
        None if ficha is None else lines.parse(ficha),
    )


def _new_log_id(fact: Fact) -> str:
    if not isinstance(fact, LogOpened):
        raise Broken("el diario no ha sido abierto")
    return lines.log_id(fact.entidad, bytes.fromhex(fact.clave))


def _copy(tail: Tail) -> Tail:
    new = msgspec.structs.replace(tail)
    new.series, new.open = dict(tail.series), dict(tail.open)
    return new


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


# -- reading raw bytes ----------------------------------------------------------------------------


def read_raw(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes without newline) of each whole line from *start*; a torn tail is left out."""
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        for raw in file:
            if not raw.endswith(b"\n"):
                return
            yield offset, raw[:-1]
            offset += len(raw)


def read_back(path: Path) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes without newline) of each whole line, last first; a torn tail is left out."""
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        buffer = b""  # from `position` on; once a newline was seen, ends with one
        ended = False
        while position > 0:
            step = min(1 << 16, position)
            position -= step
            file.seek(position)
            buffer = file.read(step) + buffer
            if not ended:
                buffer = buffer[: buffer.rfind(b"\n") + 1] or buffer
                ended = buffer.endswith(b"\n")
            while ended and (cut := buffer.rfind(b"\n", 0, len(buffer) - 1) + 1):
                yield position + cut, buffer[cut:-1]
                buffer = buffer[:cut]
        if ended:
            yield 0, buffer[:-1]


def find_seq(path: Path, seq: int) -> tuple[int, bytes] | None:
    """(offset, bytes) of the line with *seq* in a segment, by bisection over bytes."""
    with path.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()
            offset = file.tell()
            raw = file.readline()
            if offset >= high or not raw.endswith(b"\n"):
                high = middle
                continue
            found = _seq_of(raw)
            if found == seq:
                return offset, raw[:-1]
            if found < seq:
                low = offset + len(raw)
            else:
                high = middle
        file.seek(low)
        raw = file.readline()
        if raw.endswith(b"\n") and _seq_of(raw) == seq:
            return low, raw[:-1]
    return None


def _seq_of(raw: bytes) -> int:
    try:
        return lines.read_line(raw.rstrip(b"\n")).body.seq
    except BadLine as error:
        raise Damaged("diario_danado", f"El diario tiene una línea ilegible: {error}.") from error


# -- the tail of the disk -------------------------------------------------------------------------


def _load(journal: Journal, known: _Known | None) -> _Known:
    """The tail on disk: onwards from *known* where it still holds, else from the last `ancla`."""
    if known is not None and known.segment is not None and known.size <= _size(known.segment.path):
        stat = known.segment.path.stat()
        if stat.st_ino == known.inode:
            place = Place(known.segment.vigencia, known.size - 1, 0)
            return _follow(journal, known.tail, place, known.last_ficha)
    anchor = _last_anchor(journal)
    if anchor is None:
        return _follow(journal, Tail(journal.punto), None, None)
    place, line, public, opened = anchor
    try:
        tail = tails.begin(line, public, opened.entidad, opened.raiz)
    except (Broken, msgspec.ValidationError) as error:
        raise _damaged(journal, str(error)) from error
    return _follow(journal, tail, place, None)


def _last_anchor(journal: Journal) -> tuple[Place, Line, str, LogOpened] | None:
    """The last `ancla` that carries its receptions, with the key that signed it."""
    found = journal.segments()
    if not found:
        return None
    public, opened = _keys(journal, found[0])
    for segment in reversed(found):
        for offset, raw in read_back(segment.path):
            if b'"type":"ancla"' not in raw:
                continue
            try:
                line = lines.read_line(raw)
                if line.body.type != "ancla":
                    continue
                fact = msgspec.convert(line.body.data, Anchor)
            except (BadLine, msgspec.ValidationError) as error:
                raise _damaged(journal, f"{segment.path}, byte {offset}: {error}") from error
            if fact.abiertas is None or line.k not in public:
                return None
            return Place(segment.vigencia, offset, len(raw)), line, public[line.k], opened
    return None


def _keys(journal: Journal, first: Segment) -> tuple[dict[str, str], LogOpened]:
    """The log's first key by its `k`, and how the log was opened.

    A log whose key was rotated is read from its first line: rotations are rare and must be seen.
    """
    for _, raw in read_raw(first.path):
        try:
            opened = msgspec.convert(lines.read_line(raw).body.data, LogOpened)
        except (BadLine, msgspec.ValidationError) as error:
            raise _damaged(journal, f"primera línea: {error}") from error
        return {lines.key_id(bytes.fromhex(opened.clave)): opened.clave}, opened
    raise _damaged(journal, "el diario está vacío")


def _follow(journal: Journal, tail: Tail, place: Place | None, last_ficha: str | None) -> _Known:
    """Take every line after *place* into *tail*, checking each."""
    tail = _copy(tail)
    for place, line in journal.read(place):  # noqa: B020 - the last place is wanted
        try:
            tails.advance(tail, line)
        except Broken as error:
            raise _damaged(journal, str(error)) from error
        last_ficha = line.body.ficha or last_ficha
    if place is None:
        return _Known(tail)
    segment = segment_of(journal.home, journal.punto, place.vigencia)
    return _Known(
        tail,
        segment,
        place.offset + place.length + 1,
        _size(segment.fichas),
        segment.path.stat().st_ino,
        last_ficha,
    )


def _damaged(journal: Journal, why: str) -> Damaged:
    return Damaged(
        "diario_danado",
        f"El diario de {journal.punto} no verifica: {why}.",
        consejo="No se escribe nada. Ejecute «ventanilla verificar» y sánelo desde una copia idéntica.",
    )


def _repair(journal: Journal, known: _Known) -> list[Recovery]:
    """Put aside what a crash left after the last line and the last ficha; tell what it was."""
    if known.segment is None:
        return []
    found = _drop_orphan_fichas(journal, known)
    data = known.segment.path.read_bytes()[known.size :] if _has_tail(known) else b""
    if not data or _keep_whole_line(journal, known, data):
        return found
    journal.marks.check_torn(known.tail.seq + 1)
    _set_aside(journal, known, "diario", data)
    journal.disk.cut(known.segment.path, known.size)
    return [*found, Recovery(motivo="cola_rota", bytes=len(data), sha256=lines.sha256(data))]


def _set_aside(journal: Journal, known: _Known, what: str, data: bytes) -> None:
    name = f"{what}-{journal.punto}-{known.tail.seq + 1}-{lines.sha256(data)[:8]}.bin"
    journal.disk.make_folder(journal.home / "cuarentena")
    journal.disk.replace(journal.home / "cuarentena" / name, data, mode=PRIVATE)


def _has_tail(known: _Known) -> bool:
    return known.segment is not None and _size(known.segment.path) > known.size


def _keep_whole_line(journal: Journal, known: _Known, data: bytes) -> bool:
    """A complete, validly signed line that only lacks its newline is kept (a number may be in it)."""
    try:
        line = lines.read_line(data)
        future = _copy(known.tail)
        tails.advance(future, line)
    except (BadLine, Broken):
        return False
    if known.segment is None:
        return False
    journal.disk.append(known.segment.path, b"\n")
    known.tail = future
    known.size += len(data) + 1
    known.last_ficha = line.body.ficha or known.last_ficha
    return True


def _drop_orphan_fichas(journal: Journal, known: _Known) -> list[Recovery]:
    """Fichas behind the last one an event names belong to no event: a crash came between."""
    segment = known.segment
    if segment is None or not segment.fichas.exists():
        return []
    wanted = known.last_ficha or _last_ficha(journal, segment)
    waiting = _tail_line(segment, known.size)
    end = 0
    for offset, raw in read_back(segment.fichas):
        digest = lines.sha256(raw)
        if digest == wanted or (waiting is not None and digest == waiting):
            end = offset + len(raw) + 1
            break
    else:
        if wanted is not None:
            raise _damaged(journal, f"falta en {segment.fichas.name} la ficha del último evento")
    if end >= _size(segment.fichas):
        return []
    data = segment.fichas.read_bytes()[end:]
    _set_aside(journal, known, "fichas", data)
    journal.disk.cut(segment.fichas, end)
    known.fichas_size = end
    return [Recovery(motivo="fichas_sueltas", bytes=len(data), sha256=lines.sha256(data))]


def _tail_line(segment: Segment, size: int) -> str | None:
    """The ficha that a whole last line without its newline names, if there is one."""
    with segment.path.open("rb") as file:
        file.seek(size)
        data = file.read()
    try:
        return lines.read_line(data).body.ficha
    except BadLine:
        return None


def _last_ficha(journal: Journal, segment: Segment) -> str | None:
    """The hash of the last ficha that an event of this segment names."""
    for _, raw in read_back(segment.path):
        try:
            ficha = lines.read_line(raw).body.ficha
        except BadLine as error:
            raise _damaged(journal, str(error)) from error
        if ficha is not None:
            return ficha
    return None
