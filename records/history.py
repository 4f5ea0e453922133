"""The rules of a log that need the whole of it: one life for each reception and each record.

Pure: facts in, problems out. `tail` checks what the writer must know to go on; this checks what
only a reader of every line can: that an event follows the newest of its subject, that a number
belongs to its own reception, a seal to its own original, and only a discard is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records.events import (
    AnnulmentAsked,
    AnnulmentDenied,
    DocumentIssued,
    DocumentReceived,
    FieldsRectified,
    ImageFiled,
    NumberAnnulled,
    NumberAssigned,
    ReceptionDiscarded,
    ReceptionRevived,
    RecordSealed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.events import Fact
    from records.lines import Line


@dataclass(slots=True)
class History:
    """What a log said up to a line."""

    heads: dict[str, str] = field(default_factory=dict)
    """Newest event of each subject."""
    originals: dict[str, str] = field(default_factory=dict)
    """Subject → hash of its original."""
    numbers: dict[str, str] = field(default_factory=dict)
    """Radicado → subject."""
    discarded: set[str] = field(default_factory=set)
    sealed: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    """Requests for annulment, by line hash, that wait for an answer."""
    annulled: set[str] = field(default_factory=set)

    def take(self, line: Line, fact: Fact | None) -> Iterator[str]:
        """Take one more line; yields, in Spanish, what it breaks."""
        body = line.body
        newest = self.heads.get(body.subject)
        if body.after != ([] if newest is None else [newest]):
            yield f"El evento {body.seq} no sigue a lo último de {body.subject}."
        self.heads[body.subject] = line.hash
        match fact:
            case DocumentReceived():
                if fact.sha256 is not None:
                    self.originals[body.subject] = fact.sha256
            case NumberAssigned():
                yield from self._number(body.subject, fact)
            case RecordSealed():
                yield from self._seal(body.subject, fact)
            case ReceptionDiscarded():
                self.discarded.add(fact.recepcion)
                if fact.recepcion != body.subject:
                    yield f"El evento {body.seq} descarta una recepción ajena."
            case ReceptionRevived():
                if fact.recepcion != body.subject or fact.recepcion not in self.discarded:
                    yield f"El evento {body.seq} revive lo que no estaba descartado."
                self.discarded.discard(fact.recepcion)
            case ImageFiled():
                yield from self._image(body.subject, fact)
            case AnnulmentAsked() | FieldsRectified() | DocumentIssued():
                if self.numbers.get(fact.radicado) != body.subject:
                    yield f"El evento {body.seq} habla de {fact.radicado}, que no es su registro."
                if isinstance(fact, AnnulmentAsked):
                    self.asked.add(line.hash)
            case AnnulmentDenied():
                yield from self._answer(body.seq, fact.solicitud)
            case NumberAnnulled():
                yield from self._annul(line, fact)
            case _:
                return

    def _annul(self, line: Line, fact: NumberAnnulled) -> Iterator[str]:
        yield from self._answer(line.body.seq, fact.solicitud)
        if self.numbers.get(fact.radicado) != line.body.subject:
            yield f"{fact.acta} anula {fact.radicado}, que no es su registro."
        if fact.radicado in self.annulled:
            yield f"{fact.radicado} está anulado dos veces."
        self.annulled.add(fact.radicado)

    def _answer(self, seq: int, request: str) -> Iterator[str]:
        if request not in self.asked:
            yield f"El evento {seq} responde a una solicitud que nadie hizo."
        self.asked.discard(request)

    def _number(self, subject: str, fact: NumberAssigned) -> list[str]:
        problems = []
        if fact.radicado in self.numbers:
            problems.append(f"{fact.radicado} se repite.")
        if fact.recepcion is not None and fact.recepcion != subject:
            problems.append(f"{fact.radicado} es el número de otra recepción.")
        if fact.imagen is not None and fact.imagen != self.originals.get(subject):
            problems.append(f"{fact.radicado} nombra un original que no es el suyo.")
        self.numbers[fact.radicado] = subject
        return problems

    def _image(self, subject: str, fact: ImageFiled) -> Iterator[str]:
        if self.numbers.get(fact.radicado) != subject:
            yield f"La imagen de {fact.radicado} se incorporó a otro registro."
        if subject in self.originals:
            yield f"{fact.radicado} ya tenía imagen."
        if self.originals.get(fact.recepcion) != fact.sha256:
            yield f"La imagen de {fact.radicado} no es la que se recibió."
        self.originals[subject] = fact.sha256

    def _seal(self, subject: str, fact: RecordSealed) -> list[str]:
        problems = []
        if self.numbers.get(fact.radicado) != subject:
            problems.append(f"{fact.radicado} está sellado sin ser su número.")
        if self.originals.get(subject) != fact.original:
            problems.append(f"El sello de {fact.radicado} nombra un original que no es el suyo.")
        if subject in self.sealed:
            problems.append(f"{fact.radicado} está sellado dos veces.")
        self.sealed.add(subject)
        return problems
