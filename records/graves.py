"""What tombstones of all logs say is gone, and what something alive keeps: for who verifies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from records import lines, segments
from records.disposing import hashes_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from records.disposing import Disposals
    from records.history import History
    from records.tail import Tail


class Naming(Protocol):
    """A document and the subject of the event that names it."""

    sha256: str
    sujeto: str


@dataclass(slots=True)
class Graves:
    """Documents that were erased, and subjects that keep none."""

    documentos: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    """Subjects of erased records and expedientes, and of what came to them."""
    dead: set[str] = field(default_factory=set)
    """These, and receptions that have no number and wait for none."""

    def take(self, disposals: Disposals, receptions: Iterable[str]) -> None:
        """Take in the tombstones of a log, and its *receptions* without a life of their own."""
        for subject, tomb in disposals.tombs.items():
            self.documentos |= tomb.documentos
            self.erased.add(subject)
        self.erased |= {one for one in disposals.tied if disposals.is_erased(one)}
        self.dead |= {*self.erased, *receptions}

    def alive(self, named: Iterable[Naming]) -> set[str]:
        """The documents that something alive names, of those that were erased."""
        return {
            one.sha256
            for one in named
            if one.sha256 in self.documentos and one.sujeto not in self.dead
        }


def dead_receptions(tail: Tail, history: History) -> set[str]:
    """Receptions that have no number and wait for none."""
    numbered = set(history.numbers.values())
    return {
        one
        for one in history.lanes
        if one not in numbered and tail.reception_seq(one) is None
    }  # fmt: skip


def foreign(home: Path, punto: str, disposals: Disposals) -> Iterator[str]:
    """The subjects whose tombstones name a document of another; a log without any is not read."""
    own: dict[str, set[str]] = {subject: set() for subject in disposals.tombs}
    for segment in segments.segments(home, punto) if own else ():
        for _, raw in segments.read_raw(segment.path):
            body = lines.read_line(raw).body
            known = own.get(disposals.owner(body.subject))
            if known is not None and not body.type.endswith(".eliminado"):
                known.update(hashes_in(body.data))
    for subject, tomb in disposals.tombs.items():
        if tomb.documentos - own[subject]:
            yield subject
