"""The files of a log, read only: `journal/<vigencia>/<punto>.jsonl` and its fichas (format v1).

Segments of one log through the years. Bytes in, lines and events out; signatures and rules are
checked by `tail` and `verify`. Reading never changes anything, and never reads a torn tail.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from records import lines
from records.errors import Damaged
from records.events import Event
from records.lines import BadLine, Line

if TYPE_CHECKING:
    from collections.abc import Iterator


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


@lru_cache(256)
def segment_of(home: Path, punto: str, vigencia: int) -> Segment:
    """The segment of a year, whether it exists or not."""
    folder = home / "journal" / f"{vigencia:04d}"
    return Segment(vigencia, folder / f"{punto}.jsonl", folder / f"{punto}.fichas.jsonl")


def puntos(home: Path) -> list[str]:
    """The puntos that have a log in *home*."""
    found = (home / "journal").glob("[0-9][0-9][0-9][0-9]/*.jsonl")
    return sorted({p.stem for p in found if not p.name.endswith(".fichas.jsonl")})


class Log:
    """The log of *punto* in *home*, to be read. Cheap to make; reads nothing until asked."""

    def __init__(self, home: Path, punto: str) -> None:
        self.home = home
        self.punto = punto

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
                return seq_of(raw)
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
                    raise damaged(self, f"la ficha del evento {line.body.seq} no es la suya")
            yield event_of(line, ficha)

    def hash_at(self, seq: int) -> str | None:
        """The hash of line *seq*, found by bisection on the segments; None where there is none."""
        for segment in reversed(self.segments()):
            found = find_seq(segment.path, seq)
            if found is not None:
                return lines.sha256(found[1])
        return None


def damaged(log: Log, why: str) -> Damaged:
    """What is said of a log that does not verify."""
    return Damaged(
        "diario_danado",
        f"El diario de {log.punto} no verifica: {why}.",
        consejo="No se escribe nada. Ejecute «ventanilla verificar» y sánelo desde una copia "
        "idéntica.",
    )


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


def size_of(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def read_raw(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes without newline) of each whole line from *start*; a torn tail is left out."""
    with path.open("rb", buffering=1 << 17) as file:
        file.seek(start)
        offset = start
        for raw in file:
            # No line holds a NUL: a sector that never reached the disk reads as zeros.
            if not raw.endswith(b"\n") or b"\0" in raw:
                return
            yield offset, raw[:-1]
            offset += len(raw)


def read_back(path: Path) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes without newline) of each whole line, last first; no torn tail, no zeros."""
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
                if b"\0" not in buffer[cut:]:
                    yield position + cut, buffer[cut:-1]
                buffer = buffer[:cut]
        if ended and b"\0" not in buffer:
            yield 0, buffer[:-1]


def find_seq(path: Path, seq: int) -> tuple[int, bytes] | None:
    """(offset, bytes) of the line with *seq* in a segment, by bisection over bytes."""
    with path.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            file.seek(max(0, middle - 1))
            if middle:
                file.readline()  # to the first line that starts at or after the middle
            offset = file.tell()
            raw = file.readline()
            if offset >= high or not raw.endswith(b"\n"):
                high = middle
                continue
            found = seq_of(raw)
            if found == seq:
                return offset, raw[:-1]
            if found < seq:
                low = offset + len(raw)
            else:
                high = middle
        file.seek(low)
        raw = file.readline()
        if raw.endswith(b"\n") and seq_of(raw) == seq:
            return low, raw[:-1]
    return None


def seq_of(raw: bytes) -> int:
    """The seq of a stored line."""
    try:
        return lines.read_line(raw.rstrip(b"\n")).body.seq
    except BadLine as error:
        raise Damaged("diario_danado", f"El diario tiene una línea ilegible: {error}.") from error
