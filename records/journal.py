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
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from filelock import FileLock

from records import lines
from records import tail as tails
from records.disk import PRIVATE, Disk, SyncFailed
from records.errors import Refused
from records.events import NAMES, Event, LogOpened, Recovery, Restored
from records.fact import Fact
from records.lines import BadLine
from records.marks import Marks
from records.recovery import Known, copy_of, finish_last_line, load, repair
from records.segments import Log, Segment, event_of, segment_of, size_of
from records.tail import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from records.lines import Line
    from records.tail import Tail

CLOCK_SLACK = timedelta(minutes=2)
"""A clock this far behind the last event takes its hour; further back stops numbers."""
LOCK_SECONDS = 60
KeySource = Ed25519PrivateKey | Callable[[str], Ed25519PrivateKey]
RESTORED = "restauracion"
PREVIOUS = ("anterior",)
"""An `after` that stands for the event just before in the same write."""


class Journal(Log):
    """The log of *punto* in *home*, to be written."""

    def __init__(self, home: Path, punto: str, disk: Disk | None = None) -> None:
        super().__init__(home, punto)
        self.disk = disk or Disk()
        self.marks = Marks(home, punto, self.disk)
        self._cached: Known | None = None

    @property
    def stop_marker(self) -> Path:
        """While this file exists nobody appends."""
        return self.home / "journal" / f"{self.punto}.detenido.json"

    # -- writing ------------------------------------------------------------------------------

    @contextmanager
    def writing(self, key: KeySource) -> Iterator[Writer]:
        """Hold the lock and write. What was appended is durable and marked when the block ends.

        *key* may be asked for the private key by the public one (hex) that the log names.

        Raises:
            Damaged: the log does not verify, was cut below its mark, or the home is a copy.
            Refused: another process holds the lock for too long.
        """
        with self.locked():
            yield self._refresh(key)

    @contextmanager
    def succeeding(self) -> Iterator[Succession]:
        """Hold the lock to open a new epoch where the marks forbid to go on with this one.

        A torn tail is put aside first; nothing else is changed until `Succession.begin`.

        Raises:
            Damaged: the log itself does not verify.
        """
        with self.locked():
            self.forget()
            known = load(self, None)
            finish_last_line(self, known)
            self.marks.last(known.tail.log)
            yield Succession(self, known, repair(self, known))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, and nothing more.

        Raises:
            Refused: another process holds it for too long.
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
            yield
        finally:
            lock.release()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock and change nothing; a folder that cannot be locked is not held."""
        lock = FileLock(self.home / "journal" / f".{self.punto}.lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except (OSError, TimeoutError):
            yield
            return
        try:
            yield
        finally:
            lock.release()

    def _refresh(self, source: KeySource) -> Writer:
        """A writer at the tail as the disk has it; recovers what a crash left. Needs the lock."""
        self.marks.check_place()
        stopped = self.stop_marker.exists()
        if stopped:
            self._rewrite_tail()
        known, found = self._cached, []
        newest = self.segments()[-1:]
        if known is None or not known.is_current(newest[0] if newest else None):
            self.forget()  # until every check below has held
            known = load(self, known)
            found = self._mend(known)
            if stopped:
                found.append(Recovery(motivo="sincronizacion", bytes=0))
        writer = Writer(self, known, source(known.tail.clave) if callable(source) else source)
        for fact in found if not known.tail.sucesora else ():
            writer.append(fact, subject=tails.LOG, actor="sistema")
        self._cached = known
        return writer

    def _mend(self, known: Known) -> list[Recovery]:
        """Mend the end of the log; a sync that fails meanwhile stops everybody, as any other."""
        try:
            self._settle(known)
            finish_last_line(self, known)
            self.marks.check(known.tail, self.hash_at)
            return repair(self, known)
        except SyncFailed as error:
            self.stop(error)
            raise

    def _settle(self, known: Known) -> None:
        """Sync lines that no mark vouches for: who wrote them was perhaps killed before its sync.

        They are about to be shown and built upon, and a power cut could still take them.
        """
        mark = self.marks.last(known.tail.log)
        if known.segment is None or (mark is not None and mark.seq >= known.tail.seq):
            return
        for path in (known.segment.fichas, known.segment.path):
            if path.exists():
                self.disk.sync(path)
        self.disk.sync_folder(known.segment.path.parent)
        self.disk.sync_folder(self.home / "journal")

    def forget(self) -> None:
        """Drop what is remembered of the tail: after a failed write the disk alone counts."""
        self._cached = None

    def stop(self, error: SyncFailed) -> None:
        """Leave the stop marker: fsync failed, what the kernel shows may not be on the disk."""
        self.forget()
        note = {"punto": self.punto, "hora": lines.stamp(lines.now()), "motivo": error.mensaje}
        self.disk.publish(self.stop_marker, json.dumps(note, ensure_ascii=False).encode())

    def _rewrite_tail(self) -> None:
        """Read the last segment back, write it anew, sync it: only then is the marker removed."""
        for segment in self.segments()[-1:]:
            for path in (segment.fichas, segment.path):
                if path.exists():
                    self.disk.replace(path, path.read_bytes())
        self.forget()
        self.disk.remove(self.stop_marker)


@dataclass(slots=True)
class Writer:
    """Appends while the lock is held. Made by `Journal.writing`."""

    journal: Journal
    _known: Known
    key: Ed25519PrivateKey

    @property
    def tail(self) -> Tail:
        """Numbers, open receptions and head, as they are on disk."""
        return self._known.tail

    def at(self) -> str:
        """The next event's hour: the clock's, or the last event's where that is just ahead."""
        clock = lines.stamp(lines.now())
        return clock if self.clock_is_behind() else max(clock, self.tail.at)

    def clock_is_behind(self) -> bool:
        """Whether the clock stands further behind the last event than a small correction."""
        return bool(self.tail.at) and lines.now() < lines.moment(self.tail.at) - CLOCK_SLACK

    def next_seq(self) -> int:
        """The seq that the next event will have: an `ancla` may come before it."""
        return self.tail.seq + 1 + self.tail.anchor_due(self.at()[:10])

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
        new_epoch = drafts[0].kind == RESTORED  # nothing of the new key's may come before it
        if self.tail.seq >= 0 and self.tail.anchor_due(hour[:10]) and not new_epoch:
            drafts = [Draft(self.tail.anchor(), tails.LOG, "sistema"), *drafts]
        future = copy_of(self.tail)
        made: list[tuple[Line, bytes | None]] = []
        try:
            for draft in drafts:
                made.append(self._make(future, draft, hour))
        except BadLine as error:
            raise Refused(
                "dato_invalido",
                f"Un dato no se puede guardar en el diario: {error}.",
                consejo="Corríjalo; nada se ha cambiado.",
            ) from error
        self._store(future, made)
        out = [event_of(line, ficha) for line, ficha in made]
        return [e for e in out if e.type != "ancla"] or out

    def _make(self, future: Tail, draft: Draft, hour: str) -> tuple[Line, bytes | None]:
        seq = future.seq + 1
        fact = draft.fact(future) if callable(draft.fact) else draft.fact
        subject = draft.subject if isinstance(draft.subject, str) else draft.subject(seq)
        after = draft.after
        if after == PREVIOUS:
            after = (future.prev,)
        elif subject == tails.LOG and seq:
            after = (future.log_head,)
        body: dict[str, Any] = {
            "v": lines.VERSION,
            "log": future.log or _new_log_id(fact),
            "punto": future.punto,
            "epoch": draft.epoch or future.epoch,
            "seq": seq,
            "prev": future.prev,
            "at": hour,
            "actor": draft.actor,
            "type": NAMES[type(fact)] if draft.kind is None else draft.kind,
            "subject": subject,
            "after": list(after),
            "data": msgspec.to_builtins(fact),
        }
        stored: bytes | None = None
        if draft.ficha is not None:
            stored = lines.canonical(lines.salted(draft.ficha))
            body["ficha"] = lines.sha256(stored)
        line = lines.seal_line(body, self.key)
        tails.advance(future, line)
        return line, stored

    def _store(self, future: Tail, made: list[tuple[Line, bytes | None]]) -> None:
        journal, known = self.journal, self._known
        before = known.tail.seq
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
        known.size, known.fichas_size = stat.st_size, size_of(segment.fichas)
        journal.marks.write(future, journal.marks.unshown(before))

    def _segment(self, at: str) -> Segment:
        """The year's segment; never an earlier one than exists, whatever the clock says."""
        year = int(at[:4])
        if self._known.segment is not None:
            year = max(year, self._known.segment.vigencia)
        return segment_of(self.journal.home, self.journal.punto, year)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be: the writer gives it its seq, hour, hash and signature."""

    fact: Fact | Callable[[Tail], Fact]
    """The fact, or what gives it from the log's end just before it."""
    subject: str | Callable[[int], str]
    actor: str
    after: tuple[str, ...] = ()
    ficha: dict[str, Any] | None = None
    kind: str | None = None
    epoch: int = 0
    """The epoch that it begins; 0: it is one of the epoch that runs."""


@dataclass(slots=True)
class Succession:
    """A log whose next epoch may be opened, while the lock is held. Made by `succeeding`."""

    journal: Journal
    _known: Known
    _found: list[Recovery]

    @property
    def tail(self) -> Tail:
        """The end of the epoch that ends here."""
        return self._known.tail

    def begin(
        self,
        key: Ed25519PrivateKey,
        epoch: int,
        fact: Restored,
        actor: str,
        ficha: dict[str, Any],
    ) -> Event:
        """Append `restauracion`, signed by the *key* of the new *epoch*, and what was put aside."""
        writer = Writer(self.journal, self._known, key)
        draft = Draft(fact, tails.LOG, actor, (), ficha, RESTORED, epoch)
        event = writer.append_all([draft])[0]
        for found in self._found:
            writer.append(found, subject=tails.LOG, actor="sistema")
        return event


def _new_log_id(fact: Fact) -> str:
    if not isinstance(fact, LogOpened):
        raise Broken("el diario no ha sido abierto")
    return lines.log_id(fact.entidad, bytes.fromhex(fact.clave))
