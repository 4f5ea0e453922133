"""What tombstones of all logs say is gone, and what something alive keeps. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.disposing import Disposals


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
