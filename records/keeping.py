"""What a log must keep of its expedientes: for who verifies. Pure.

An expediente takes and gives documents only while it is open, its closing counts what lies in it,
and nothing of a closed one changes but by a reopening (Acuerdo 002 de 2014, arts. 4, 5, 12). Facts
and folds: `records.expedientes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records import lines
from records.expedientes import (
    Closed,
    Filed,
    GivenBack,
    Gone,
    Held,
    Lent,
    Occurred,
    OfExpediente,
    Opened,
    Passed,
    Received,
    Referred,
    Released,
    Reopened,
    Unfiled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.fact import Fact
    from records.lines import Line


@dataclass(slots=True)
class _Told:
    """An expediente as a log told it so far."""

    made: Opened | Received
    filed: int = 0
    members: dict[int, str | None] = field(default_factory=dict)
    """Orden → radicado of what lies in it."""
    closed: bool = False
    closings: int = 0
    lent: bool = False
    gone: bool = False
    holds: dict[str, str | None] = field(default_factory=dict)
    """Line hash of each hold → its last day."""

    def is_held(self, day: str) -> bool:
        """Whether somebody's hold is in force on a day."""
        return any(hasta is None or day <= hasta for hasta in self.holds.values())


@dataclass(slots=True)
class Expedientes:
    """The expedientes of a log, line by line."""

    known: dict[str, _Told] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    """Radicado → the expediente in which it lies."""

    def take(self, line: Line, fact: Fact | None) -> Iterator[str]:
        """What *fact* breaks, in Spanish."""
        if isinstance(fact, Opened | Received):
            if fact.expediente in self.known:
                yield f"El expediente {fact.expediente} se abre dos veces."
            self.known[fact.expediente] = _Told(fact)
        elif isinstance(fact, OfExpediente):
            held = self.known.get(fact.expediente)
            if held is None:
                yield f"Se habla del expediente {fact.expediente}, que no existe."
            else:
                yield from self._days(line, fact)
                yield from self._follow(held, line, fact)

    def is_free(self, numero: str, day: str) -> bool:
        """Whether an expediente may be disposed of: closed, still there, held by nobody."""
        held = self.known.get(numero)
        return held is not None and held.closed and not held.gone and not held.is_held(day)

    def closings(self, numero: str) -> int:
        """How often an expediente was closed so far."""
        held = self.known.get(numero)
        return held.closings if held is not None else 0

    def is_gone(self, numero: str) -> bool:
        """Whether it was erased."""
        return numero in self.known and self.known[numero].gone

    def serie(self, numero: str) -> str:
        """The row of the TRD under which it was opened; empty where there is no such expediente."""
        held = self.known.get(numero)
        return held.made.serie if held is not None else ""

    def radicados(self, numero: str) -> list[str]:
        """The numbers of the records in it."""
        held = self.known.get(numero)
        return [r for r in held.members.values() if r] if held is not None else []

    @staticmethod
    def _days(line: Line, fact: OfExpediente) -> Iterator[str]:
        named = [getattr(fact, name, None) for name in ("fecha", "hasta")]
        if not all(lines.is_day(day) for day in named if day is not None):
            yield f"El evento {line.body.seq} nombra un día que no existe."
        if isinstance(fact, Closed | Occurred) and fact.fecha > line.body.at[:10]:
            yield f"{fact.expediente}: el evento {line.body.seq} nombra un día por venir."

    def _follow(self, held: _Told, line: Line, fact: OfExpediente) -> Iterator[str]:
        name = fact.expediente
        if held.gone and not isinstance(fact, Gone):  # what has many hashes is told by several
            yield f"Algo se dice de {name} después de eliminado."
        match fact:
            case Filed():
                yield from self._file(held, fact)
            case Unfiled():
                if held.closed or fact.orden not in held.members:
                    yield f"De {name} se retira lo que no está, o estando cerrado."
                self.where.pop(held.members.pop(fact.orden, None) or "", None)
            case Closed():
                if held.closed or fact.documentos != len(held.members):
                    yield f"El cierre de {name} no dice lo que hay en él, o es el segundo."
                held.closed = True
                held.closings += 1
            case Reopened():
                if not held.closed:
                    yield f"{name} se reabre sin estar cerrado."
                held.closed = False
            case Held():
                held.holds[line.hash] = fact.hasta
            case Released():
                if held.holds.pop(fact.retencion, "") == "":
                    yield f"De {name} se levanta una suspensión que no hay."
            case Lent() | GivenBack():
                if held.lent == isinstance(fact, Lent):
                    yield f"{name} se presta dos veces, o vuelve sin haberse prestado."
                held.lent = isinstance(fact, Lent)
            case Referred() if fact.con == name:
                yield f"{name} se refiere a sí mismo."
            case Passed() | Gone():
                yield from self._leave(held, line, fact)

    def _file(self, held: _Told, fact: Filed) -> Iterator[str]:
        name = fact.expediente
        if held.closed or fact.orden != held.filed + 1:
            yield f"En {name} se incorpora estando cerrado, o sin seguir el orden."
        if fact.radicado is not None and fact.radicado in self.where:
            yield f"{fact.radicado} entra en {name} y está en {self.where[fact.radicado]}."
        held.filed, held.members[fact.orden] = fact.orden, fact.radicado
        if fact.radicado is not None:
            self.where[fact.radicado] = name

    @staticmethod
    def _leave(held: _Told, line: Line, fact: Passed | Gone) -> Iterator[str]:
        if not held.closed:
            yield f"{fact.expediente} se transfiere o se elimina sin estar cerrado."
        if held.is_held(line.body.at[:10]):
            yield f"{fact.expediente} se transfiere o se elimina estando suspendida su eliminación."
        held.gone = isinstance(fact, Gone)
