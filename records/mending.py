"""Compare a damaged log with a verified copy of it: mend, nothing to do, or a fork. Reads only.

The other copy's lines are taken as verified. Ours count where they are whole lines of the format
with a signature of the log; everything else in our files is damage, and must lie within what the
other copy covers, so that nothing that may have been a number is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records import lines, segments
from records.errors import Damaged
from records.lines import BadLine
from records.recovery import copy_of
from records.segments import Log, segment_of, size_of
from records.shelf import read_chunks
from records.tail import Broken, Tail, advance, check_delegation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from records.journal import Journal
    from records.lines import Line


TOMBS = ("registro.eliminado", "expediente.eliminado")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it has to be: the other's bytes, then ours that it has not yet."""

    path: Path
    other: Path
    size: int
    own: tuple[bytes, ...]

    def chunks(self) -> Iterator[bytes]:
        """Its bytes."""
        if self.size:
            yield from read_chunks(self.other.resolve(), 0, self.size)
        for raw in self.own:
            yield raw + b"\n"


@dataclass(frozen=True, slots=True)
class Mended:
    """The files of a log that have to be replaced; none where it is whole."""

    punto: str
    files: list[File]


@dataclass(frozen=True, slots=True)
class Branch:
    """Another branch of a log: the other's lines from `desde` on."""

    punto: str
    desde: int
    lineas: int

    def bytes(self, other: Path) -> tuple[bytes, bytes]:
        """The branch's lines and their fichas."""
        text: list[bytes] = []
        wanted: list[str] = []
        for _, line in Log(other, self.punto).read():
            if line.body.seq >= self.desde:
                text.append(line.raw + b"\n")
                wanted += [line.body.ficha] if line.body.ficha else []
        held = _fichas(other, self.punto, set(wanted))
        return b"".join(text), b"".join(held[h] + b"\n" for h in wanted if h in held)


@dataclass(slots=True)
class _Other:
    """What the other copy says of a log."""

    tail: Tail
    hashes: list[str] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """Bytes of the log up to and with each line."""
    sizes: dict[int, int] = field(default_factory=dict)
    """Vigencia → bytes of its whole lines."""
    erased: set[str] = field(default_factory=set)
    """Fichas that tombstones name: they are not brought back."""
    keys: dict[str, str] = field(default_factory=dict)
    """`k` → each key that signed, in hex."""

    def behind(self, seq: int) -> int:
        """Bytes of the lines after *seq*."""
        return self.ends[-1] - (self.ends[seq] if seq >= 0 else 0)


def plan(journal: Journal, other: Path) -> Mended | Branch:
    """What has to be done to a log, seen beside *other*, a folder like a home that verifies.

    Raises:
        Damaged: it cannot be healed from there: damage, or the outer mark, lies beyond its end.
    """
    punto = journal.punto
    if punto not in segments.puntos(other):
        return Mended(punto, [])  # the other knows nothing of it
    theirs = _read_other(other, punto)
    end = theirs.tail.seq
    last, behind, whole = -1, 0, False
    own: list[tuple[int, Line]] = []
    for vigencia, stored in _stored(journal):
        line = _line(stored, punto)
        if line is not None:
            _learn_key(line, theirs)
        if line is not None and _is_good(line, theirs):
            if line.body.seq <= end and theirs.hashes[line.body.seq] != line.hash:
                return Branch(punto, line.body.seq, end + 1 - line.body.seq)
            if line.body.seq > theirs.tail.seq:
                own.append((vigencia, _next(line, theirs)))
            last, behind, whole = max(last, line.body.seq), 0, False
        else:
            behind += len(stored)
            whole = whole or stored.endswith(b"\n")
    if whole and behind > (theirs.behind(last) if last < end else 0):
        raise _too_short(punto, theirs.tail.seq)
    mark = journal.marks.last(theirs.tail.log)
    if mark is not None and _hash_at(theirs, own, mark.seq) != mark.hash:
        raise _too_short(punto, theirs.tail.seq)
    for _, line in own:
        theirs.erased.update(_erased_by(line))
    return Mended(punto, _files(journal, other, theirs, own))


def _read_other(other: Path, punto: str) -> _Other:
    out = _Other(Tail(punto))
    done = 0
    for place, line in Log(other, punto).read():
        advance(out.tail, line)
        done += place.length + 1
        out.hashes.append(line.hash)
        out.ends.append(done)
        out.sizes[place.vigencia] = place.offset + place.length + 1
        out.keys[lines.key_id(bytes.fromhex(out.tail.clave))] = out.tail.clave
        out.erased.update(_erased_by(line))
    return out


def _erased_by(line: Line) -> list[str]:
    """The fichas that a line says are erased."""
    return list(line.body.data.get("fichas", ())) if line.body.type in TOMBS else []


def _stored(journal: Journal) -> Iterator[tuple[int, bytes]]:
    """Each stretch of our files up to a newline, whatever it is."""
    for segment in journal.segments():
        with segment.path.open("rb") as file:
            for stored in file:
                yield segment.vigencia, stored


def _line(stored: bytes, punto: str) -> Line | None:
    if not stored.endswith(b"\n"):
        return None
    try:
        line = lines.read_line(stored[:-1])
    except BadLine:
        return None
    return line if line.body.punto == punto else None


def _learn_key(line: Line, theirs: _Other) -> None:
    """Take in a key that the root delegates in our own lines: a rotation, a new epoch.

    The other may know nothing of it; its lines are no damage all the same.
    """
    key, word = line.body.data.get("clave"), line.body.data.get("delegacion")
    tail = theirs.tail
    if isinstance(key, str) and isinstance(word, str):
        try:
            check_delegation(word, key, tail.entidad, line.body.epoch, tail.punto, tail.raiz)
            theirs.keys[lines.key_id(bytes.fromhex(key))] = key
        except (Broken, ValueError):
            return  # not the root's word: it stays damage


def _is_good(line: Line, theirs: _Other) -> bool:
    """Whether it is a line that the log's key signed; what the other has is good without asking."""
    seq = line.body.seq
    if seq < len(theirs.hashes) and theirs.hashes[seq] == line.hash:
        return True
    public = theirs.keys.get(line.k) or theirs.tail.clave
    return lines.signed_by(line, public)


def _next(line: Line, theirs: _Other) -> Line:
    """Take a line of ours behind the other's end; it must follow without a gap."""
    future = copy_of(theirs.tail)
    try:
        advance(future, line)
    except Broken as error:
        raise _too_short(line.body.punto, theirs.tail.seq) from error
    theirs.tail = future
    return line


def _hash_at(theirs: _Other, own: list[tuple[int, Line]], seq: int) -> str | None:
    if seq < len(theirs.hashes):
        return theirs.hashes[seq]
    behind = seq - len(theirs.hashes)
    return own[behind][1].hash if behind < len(own) else None


def _files(journal: Journal, other: Path, known: _Other, own: list[tuple[int, Line]]) -> list[File]:
    """Each file that is not yet what it has to be."""
    punto, sizes, out = journal.punto, known.sizes, []
    wanted = {line.body.ficha for _, line in own if line.body.ficha}
    held = _fichas(journal.home, punto, wanted) | dict.fromkeys(wanted & known.erased, b"")
    for vigencia in sorted({*sizes, *(v for v, _ in own)}):
        mine, theirs = (segment_of(h, punto, vigencia) for h in (journal.home, other))
        here = [line for v, line in own if v == vigencia]
        fichas = [line.body.ficha for line in here if line.body.ficha]
        if any(h not in held for h in fichas):
            raise _too_short(punto, here[0].body.seq - 1)
        out += [
            _without(known.erased, mine.fichas, theirs.fichas, tuple(held[h] for h in fichas)),
            File(mine.path, theirs.path, sizes.get(vigencia, 0), tuple(line.raw for line in here)),
        ]
    return [file for file in out if not _begins_with(file)]


def _without(erased: set[str], mine: Path, theirs: Path, own: tuple[bytes, ...]) -> File:
    """The fichas as they have to be: the other's, an empty line for each that was erased, ours."""
    if not erased or not theirs.exists():
        return File(mine, theirs, size_of(theirs), own)
    rows = theirs.read_bytes().removesuffix(b"\n").split(b"\n")
    kept = [b"" if lines.sha256(row) in erased else row for row in rows]
    return File(mine, theirs, 0, (*kept, *own))


def _begins_with(file: File) -> bool:
    """Whether our file begins with what it has to be: what a cut left behind is not healed here."""
    if not file.path.exists():
        return False
    with file.path.open("rb") as held:
        return all(held.read(len(chunk)) == chunk for chunk in file.chunks())


def _fichas(home: Path, punto: str, wanted: set[str]) -> dict[str, bytes]:
    """The stored bytes of the fichas with these hashes, as far as they are there."""
    found: dict[str, bytes] = {}
    for segment in segments.segments(home, punto) if wanted else ():
        if not segment.fichas.exists():
            continue
        with segment.fichas.open("rb") as file:
            for stored in file:
                raw = stored.rstrip(b"\n")
                digest = lines.sha256(raw)
                if digest in wanted:
                    found[digest] = raw
    return found


def _too_short(punto: str, seq: int) -> Damaged:
    return Damaged(
        "copia_corta",
        f"La otra copia del diario de {punto} no alcanza: llega hasta la línea {seq}, y lo dañado "
        "o lo que este equipo ya conocía está después.",
        consejo="No se tocó nada. Use un respaldo más nuevo; sin él, «respaldo restaurar» y "
        "«restauracion» siguen con una serie nueva.",
    )
