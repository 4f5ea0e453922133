"""What a log must keep of its disposals: for who verifies. Pure.

No step is skipped, nothing that is held or open is touched, two persons sign, and a tombstone names
only what was its own record's. Facts and fold: `records.disposal`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from records import disposal, lines, periods
from records.calendar import Unreckoned
from records.disposal import (
    Agreed,
    Certified,
    Executed,
    Fulfilled,
    Observed,
    OfDisposal,
    Proposed,
    Published,
    RecordErased,
    Resolved,
    Signed,
    Withdrawn,
)
from records.expedientes import Gone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from records.fact import Fact
    from records.keeping import Expedientes
    from records.lines import Line

_BEFORE: dict[type[Fact], tuple[str, ...]] = {
    Published: ("propuesta",),
    Observed: ("publicada",),
    Resolved: ("publicada",),
    Agreed: ("publicada",),
    Signed: ("aprobada",),
    Executed: ("firmada",),
    Fulfilled: ("ejecutada",),
    Certified: ("eliminada",),
    Withdrawn: ("propuesta", "publicada", "aprobada", "firmada"),
}
"""At which step each may be said."""
_NEXT: dict[type[Fact], str] = {
    Published: "publicada",
    Agreed: "aprobada",
    Signed: "firmada",
    Executed: "ejecutada",
    Fulfilled: "eliminada",
    Certified: "certificada",
    Withdrawn: "retirada",
}
_FREE = (Published, Agreed, Signed, Executed)
"""What is refused while one of the expedientes is held or open."""
_OVER = ("eliminada", "certificada", "retirada")


def hashes_in(data: object) -> Iterator[str]:
    """Every hash that an event's data hold."""
    if isinstance(data, str):
        if lines.is_hash(data):
            yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from hashes_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from hashes_in(value)


@dataclass(slots=True)
class _Told:
    """A disposal as a log told it so far."""

    made: Proposed
    kept: set[str]
    """Expedientes that the sample keeps, or an observation took out."""
    closings: dict[str, int]
    """Expediente → how often it had been closed when it was proposed."""
    step: str = "propuesta"
    until: str = ""
    """The last day of its publication."""
    observed: int = 0
    waiting: set[int] = field(default_factory=set)
    """Observations without an answer."""
    signer: str = ""
    signature: str = ""
    order: str = ""

    @property
    def doomed(self) -> list[str]:
        return [one for one in self.made.expedientes if one not in self.kept]


@dataclass(slots=True)
class Tomb:
    """What tombstones say was erased of a subject, and the last line that says so."""

    eliminacion: str
    seq: int
    documentos: set[str] = field(default_factory=set)
    fichas: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Disposals:
    """The disposals of a log, line by line, and the tombstones that they left."""

    known: dict[str, _Told] = field(default_factory=dict)
    tombs: dict[str, Tomb] = field(default_factory=dict)
    """Subject of a record or an expediente → what was erased of it."""
    tied: dict[str, str] = field(default_factory=dict)
    """A reception that was filed to a record, or repeats it → the record's subject."""

    @property
    def fichas(self) -> set[str]:
        """The hashes of all fichas that were erased."""
        return {one for tomb in self.tombs.values() for one in tomb.fichas}

    def is_erased(self, subject: str) -> bool:
        """Whether a subject is that of something erased, or of what came to it."""
        return self.owner(subject) in self.tombs

    def owner(self, subject: str) -> str:
        """The record to which a reception belongs; the subject itself where it is tied to none."""
        seen = {subject}
        while (subject := self.tied.get(subject, subject)) not in seen:
            seen.add(subject)
        return subject

    def tie(self, reception: str, subject: str | None) -> None:
        """A reception has no life but that of a record; None: it has one of its own again."""
        if subject is None:
            self.tied.pop(reception, None)
        elif subject != reception:
            self.tied[reception] = subject

    def take(
        self,
        line: Line,
        fact: Fact | None,
        expedientes: Expedientes,
        numbers: Mapping[str, str],
        fichas: Mapping[str, str],
        root: Callable[[int], str | None],
    ) -> Iterator[str]:
        """What *fact* breaks, in Spanish.

        *numbers*: radicado → subject; *fichas*: hash → the subject of its event; *root* gives the
        root of the log's first lines.
        """
        match fact:
            case Proposed():
                yield from self._propose(line, fact, expedientes, root)
            case OfDisposal():
                held = self.known.get(fact.eliminacion)
                if held is None:
                    yield f"Se habla de la eliminación {fact.eliminacion}, que no existe."
                else:
                    yield from self._step(held, line, fact, expedientes)
            case RecordErased():
                own = numbers.get(fact.radicado) == line.body.subject
                of = expedientes.where.get(fact.radicado, "")
                yield from self._bury(line, fact, of, fichas, own=own)
            case Gone():
                own = all(
                    numbers[r] in self.tombs
                    for r in expedientes.radicados(fact.expediente)
                    if r in numbers
                )
                yield from self._bury(line, fact, fact.expediente, fichas, own=own)

    def after(self, line: Line, fact: Fact | None) -> str | None:
        """What is wrong with a line about what is erased already; None: nothing."""
        if isinstance(fact, RecordErased | Gone) or not self.is_erased(line.body.subject):
            return None
        return f"Algo se dice de {line.body.subject} después de eliminado."

    def _propose(
        self,
        line: Line,
        fact: Proposed,
        expedientes: Expedientes,
        root: Callable[[int], str | None],
    ) -> Iterator[str]:
        name, day = fact.eliminacion, line.body.at[:10]
        if name in self.known:
            yield f"La eliminación {name} se propone dos veces."
        if not fact.expedientes or len(set(fact.expedientes)) < len(fact.expedientes):
            yield f"{name} está vacía o repite un expediente."
        open_ones = {
            one for t in self.known.values() if t.step not in _OVER for one in t.doomed
        }  # fmt: skip
        if open_ones & set(fact.expedientes):
            yield f"{name} propone lo que ya está en otra eliminación."
        if not all(expedientes.is_free(one, day) for one in fact.expedientes):
            yield f"{name} propone lo que está abierto, suspendido, o no existe."
        kept = set(fact.muestra.conservados) if fact.muestra else set()
        closings = {one: expedientes.closings(one) for one in fact.expedientes}
        self.known[name] = _Told(fact, kept, closings)
        if fact.muestra is not None and not self._is_drawn(fact, expedientes, root):
            yield f"La muestra de {name} no es la que da su regla."

    @staticmethod
    def _is_drawn(
        fact: Proposed, expedientes: Expedientes, root: Callable[[int], str | None]
    ) -> bool:
        """Whether the sample is the one that its rule draws."""
        sample = fact.muestra
        assert sample is not None
        if sample.raiz != root(sample.tamano):
            return False
        if sample.semilla != disposal.seed(fact.eliminacion, sample.raiz):
            return False
        series = [stratum.serie for stratum in sample.grupos]
        return len(set(series)) == len(series) and all(
            stratum.conservados
            == disposal.keeps(
                sample.semilla,
                [one for one in fact.expedientes if expedientes.serie(one) == stratum.serie],
                stratum.porcentaje,
            )
            for stratum in sample.grupos
        )

    def _step(
        self, held: _Told, line: Line, fact: OfDisposal, expedientes: Expedientes
    ) -> Iterator[str]:
        name, day = fact.eliminacion, line.body.at[:10]
        if held.step not in _BEFORE[type(fact)]:
            yield f"{name}: {line.body.type} no sigue a «{held.step}»."
        held.step = _NEXT.get(type(fact), held.step)
        free = all(expedientes.is_free(one, day) for one in held.doomed)
        if isinstance(fact, _FREE) and not (free and held.doomed):
            yield f"{name} sigue adelante con algo abierto o suspendido, o sin nada que eliminar."
        again = any(expedientes.closings(one) != held.closings[one] for one in held.doomed)
        if isinstance(fact, _FREE) and again:
            yield f"{name} sigue adelante con algo que se reabrió después de proponerse."
        match fact:
            case Published():
                yield from self._publish(held, line, fact)
            case Observed():
                if fact.n != held.observed + 1:
                    yield f"La observación {fact.n} de {name} no es la siguiente."
                held.observed = fact.n
                held.waiting.add(fact.n)
            case Resolved():
                foreign = set(fact.excluye) - set(held.made.expedientes)
                if fact.n not in held.waiting or foreign or (fact.excluye and not fact.acoge):
                    yield f"{name} responde a lo que nadie observó, o excluye lo que no tiene."
                held.waiting.discard(fact.n)
                held.kept |= set(fact.excluye)
            case Agreed():
                late = lines.is_day(fact.fecha) and held.until < fact.fecha <= day
                if held.waiting or not late:
                    yield f"{name} se aprueba antes de tiempo, o con observaciones sin respuesta."
            case Signed():
                held.signer, held.signature = fact.acto.person, line.hash
            case Executed():
                two = fact.acto.person != held.signer and fact.firma == held.signature
                if not two or line.body.ficha is None:
                    yield f"{name} no la firman dos personas, o no deja ficha."
                held.order = line.hash
            case Fulfilled():
                yield from self._fulfil(name, held, fact, expedientes)

    @staticmethod
    def _publish(held: _Told, line: Line, fact: Published) -> Iterator[str]:
        name = fact.eliminacion
        held.until = fact.hasta
        if not (lines.is_day(fact.desde) and lines.is_day(fact.hasta)):
            yield f"El evento {line.body.seq} nombra un día que no existe."
            return
        since = date.fromisoformat(fact.desde)
        try:
            least = periods.period(since).at_least(since).isoformat()
        except Unreckoned:
            least = "9999"
        if fact.desde != line.body.at[:10] or fact.hasta < least:
            yield f"{name} no se publica desde el día en que se dice, o por menos de lo debido."

    def _fulfil(
        self, name: str, held: _Told, fact: Fulfilled, expedientes: Expedientes
    ) -> Iterator[str]:
        mine = [tomb for tomb in self.tombs.values() if tomb.eliminacion == name]
        said = (sum(len(t.documentos) for t in mine), sum(len(t.fichas) for t in mine))
        gone = all(expedientes.is_gone(one) for one in held.doomed)
        if not gone or said != (fact.documentos, fact.fichas):
            yield f"{name} se da por cumplida sin que lo esté, o cuenta otra cosa."

    def _bury(
        self,
        line: Line,
        fact: RecordErased | Gone,
        expediente: str,
        fichas: Mapping[str, str],
        *,
        own: bool,
    ) -> Iterator[str]:
        subject, held = line.body.subject, self.known.get(fact.eliminacion)
        ordered = held is not None and held.step == "ejecutada" and held.order == fact.orden
        if held is None or not ordered or expediente not in held.doomed:
            yield f"El evento {line.body.seq} elimina lo que nadie ordenó eliminar."
        theirs = {self.owner(fichas.get(h, "")) for h in fact.fichas}
        if not own or theirs - {subject}:
            yield f"El evento {line.body.seq} elimina lo que no es de {subject}."
        tomb = self.tombs.setdefault(subject, Tomb(fact.eliminacion, line.body.seq))
        tomb.seq = line.body.seq
        tomb.documentos |= set(fact.documentos)
        tomb.fichas |= set(fact.fichas)
