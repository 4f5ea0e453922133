"""The end of a log as the disk has it, and the mending of what a crash left there.

*Torn* is what lies after the last newline and no mark knows: it is moved to quarantine and told by
a `recuperacion` event. A complete, validly signed last line that only lacks its newline is kept: a
number may be in it. Everything else is damage, and is not touched. Needs the journal's lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from records import lines
from records import tail as tails
from records.disk import PRIVATE
from records.disposal import RecordErased
from records.events import NAMES, Anchor, LogOpened, Recovery
from records.expedientes import Gone
from records.imported import RecordImported
from records.lines import BadLine, Line
from records.rounds import PaperMoved
from records.segments import Place, Segment, damaged, read_back, read_raw, size_of
from records.tail import Broken, Tail

if TYPE_CHECKING:
    from collections.abc import Collection

    from records.journal import Journal

LARGEST_WRITE = 3
"""Lines of the largest write: an `ancla`, a reception, its number. Torn in its first sector, the
others may lie whole behind zeros; more of them than that were never one write. The movements of a
planilla's papers, tombstones and what is imported do not count: they are many, hold no number of
ours, and are said again."""
_OF_MANY = {NAMES[kind] for kind in (PaperMoved, RecordErased, Gone, RecordImported)}
"""Types of which one write may hold many lines."""


@dataclass(slots=True)
class Known:
    """What one process remembers of the end of the log, and how to see that it still holds."""

    tail: Tail
    segment: Segment | None = None
    size: int = 0
    fichas_size: int = 0
    inode: int = 0

    def is_current(self, newest: Segment | None) -> bool:
        """Whether the log still ends there; *newest* is its last file on the disk: in a new year
        another process begins the next one, and the one before stays as it was."""
        if self.segment is None or self.segment != newest:
            return False
        try:
            log = self.segment.path.stat()
        except FileNotFoundError:
            return False
        return (
            log.st_size == self.size
            and log.st_ino == self.inode
            and size_of(self.segment.fichas) == self.fichas_size
        )


def copy_of(tail: Tail) -> Tail:
    """A tail that can go on without changing *tail*."""
    new = msgspec.structs.replace(tail)
    new.series, new.open, new.actas = dict(tail.series), dict(tail.open), dict(tail.actas)
    new.planillas, new.archivo = dict(tail.planillas), dict(tail.archivo)
    return new


def load(journal: Journal, known: Known | None) -> Known:
    """The tail on disk: onwards from *known* where it still holds, else from the last `ancla`."""
    if (
        known is not None
        and known.segment is not None
        and known.size <= size_of(known.segment.path)
    ):
        stat = known.segment.path.stat()
        if stat.st_ino == known.inode:
            place = Place(known.segment.vigencia, known.size - 1, 0)
            return _follow(journal, known.tail, place)
    anchor = _last_anchor(journal)
    if anchor is None:
        return _follow(journal, Tail(journal.punto), None)
    place, line, public, opened = anchor
    try:
        tail = tails.begin(line, public, opened.entidad, opened.raiz)
    except (Broken, msgspec.ValidationError) as error:
        raise damaged(journal, str(error)) from error
    return _follow(journal, tail, place)


def _last_anchor(journal: Journal) -> tuple[Place, Line, str, LogOpened] | None:
    """The last `ancla` that one may begin from, with the first key where it signed it."""
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
                raise damaged(journal, f"{segment.path}, byte {offset}: {error}") from error
            if not tails.can_begin(fact) or (fact.clave is None and line.k not in public):
                return None
            key = public.get(line.k, "")
            return Place(segment.vigencia, offset, len(raw)), line, key, opened
    return None


def _keys(journal: Journal, first: Segment) -> tuple[dict[str, str], LogOpened]:
    """The log's first key by its `k`, and how the log was opened."""
    for _, raw in read_raw(first.path):
        try:
            opened = msgspec.convert(lines.read_line(raw).body.data, LogOpened)
        except (BadLine, msgspec.ValidationError) as error:
            raise damaged(journal, f"primera línea: {error}") from error
        return {lines.key_id(bytes.fromhex(opened.clave)): opened.clave}, opened
    raise damaged(journal, "el diario está vacío")


def _follow(journal: Journal, tail: Tail, place: Place | None) -> Known:
    """Take every line after *place* into *tail*, checking each."""
    tail = copy_of(tail)
    for here, line in journal.read(place):
        try:
            tails.advance(tail, line)
        except Broken as error:
            raise damaged(journal, str(error)) from error
        place = here
    found = journal.segments()
    if not found:
        return Known(tail)
    segment, end = found[-1], 0  # 0: a new year in which no line became whole yet
    if place is not None and place.vigencia == segment.vigencia:
        end = place.offset + place.length + 1
    return Known(tail, segment, end, size_of(segment.fichas), segment.path.stat().st_ino)


def repair(journal: Journal, known: Known) -> list[Recovery]:
    """Put aside what a crash left after the last line and the last ficha; tell what it was."""
    if known.segment is None:
        return []
    found = _drop_orphan_fichas(journal, known) + _drop_fichas_of_no_segment(journal, known)
    data = _after(known)
    if not data:
        return found
    journal.marks.check_torn(known.tail.seq + 1)
    if sum(_counts(raw) for raw in data.split(b"\n")) >= LARGEST_WRITE:
        raise damaged(journal, f"hay bytes dañados tras la línea {known.tail.seq} y líneas después")
    _set_aside(journal, known, "diario", data)
    journal.disk.cut(known.segment.path, known.size)
    return [*found, Recovery(motivo="cola_rota", bytes=len(data), sha256=lines.sha256(data))]


def _set_aside(journal: Journal, known: Known, what: str, data: bytes) -> None:
    name = f"{what}-{journal.punto}-{known.tail.seq + 1}-{lines.sha256(data)[:8]}.bin"
    journal.disk.make_folder(journal.home / "cuarentena")
    journal.disk.replace(journal.home / "cuarentena" / name, data, mode=PRIVATE)


def _after(known: Known) -> bytes:
    """What lies after the last whole line."""
    if known.segment is None or size_of(known.segment.path) <= known.size:
        return b""
    with known.segment.path.open("rb") as file:
        file.seek(known.size)
        return file.read()


def _counts(raw: bytes) -> bool:
    """Whether a line behind a torn one tells of more than that one write."""
    try:
        return lines.read_line(raw).body.type not in _OF_MANY
    except BadLine:
        return False


def finish_last_line(journal: Journal, known: Known) -> None:
    """Keep a whole, signed last line that lacks only its newline: a number may be in it."""
    data = _after(known)
    if known.segment is None or not data:
        return
    future = copy_of(known.tail)
    try:
        tails.advance(future, lines.read_line(data))
    except (BadLine, Broken):
        return
    journal.disk.append(known.segment.path, b"\n")
    known.tail = future
    known.size += len(data) + 1


def _drop_orphan_fichas(journal: Journal, known: Known) -> list[Recovery]:
    """Fichas behind the last one an event names belong to no event: a crash came between."""
    segment = known.segment
    if segment is None or not segment.fichas.exists():
        return []
    end = _end_of(segment, {known.tail.ficha} - {""})
    if end is None and not _ended_before(journal, segment, known.tail.ficha):
        raise damaged(journal, f"falta en {segment.fichas.name} la ficha del último evento")
    end = end or 0
    if end >= size_of(segment.fichas):
        return []
    data = segment.fichas.read_bytes()[end:]
    _set_aside(journal, known, "fichas", data)
    journal.disk.cut(segment.fichas, end)
    known.fichas_size = end
    return [Recovery(motivo="fichas_sueltas", bytes=len(data), sha256=lines.sha256(data))]


def _drop_fichas_of_no_segment(journal: Journal, known: Known) -> list[Recovery]:
    """Fichas of a new year whose first line never came."""
    assert known.segment is not None
    told = []
    for path in (journal.home / "journal").glob(
        f"[0-9][0-9][0-9][0-9]/{journal.punto}.fichas.jsonl"
    ):
        if int(path.parent.name) > known.segment.vigencia and size_of(path):
            data = path.read_bytes()
            _set_aside(journal, known, "fichas", data)
            journal.disk.cut(path, 0)
            told.append(
                Recovery(motivo="fichas_sueltas", bytes=len(data), sha256=lines.sha256(data))
            )
    return told


def _end_of(segment: Segment, wanted: Collection[str]) -> int | None:
    """Where the last of the *wanted* fichas ends in a segment; None where none is there."""
    for offset, raw in read_back(segment.fichas):
        if lines.sha256(raw) in wanted:
            return offset + len(raw) + 1
    return None


def _ended_before(journal: Journal, segment: Segment, ficha: str) -> bool:
    """Whether the log's last ficha lies in an earlier year: then no event here names one."""
    if not ficha:
        return True
    for earlier in reversed(journal.segments()):
        if earlier.vigencia < segment.vigencia and earlier.fichas.exists():
            found = _end_of(earlier, {ficha})
            if found is not None:
                return True
    return False
