"""What a disposal's order is to erase, and the tombstones that say so before anything goes.

They are derived from the journals alone, so that after a cut the same ones are found missing and
said. What another living record also names is not theirs to erase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from records import disposal, expedientes, lines, segments
from records.disposal import MOST_HASHES, Disposal, RecordErased
from records.disposing import hashes_in
from records.events import NAMES as NAMES_OF
from records.events import in_order
from records.expedientes import Gone
from records.journal import PREVIOUS, Draft
from records.preserving import VaultReviewed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from records.fact import Fact
    from records.home import Home
    from records.journal import Writer
    from records.lines import Line

T = TypeVar("T")
REVIEW = NAMES_OF[VaultReviewed]
AT_ONCE = 200
"""Tombstones of one write."""
_HASH = re.compile(rb'"([0-9a-f]{64})"')
NAMED = ("expediente.abierto", "expediente.recibido")
"""Whose ficha holds an expediente's name, which the acta tells everybody: it stays."""


@dataclass(slots=True)
class Grave:
    """What is erased of one record or expediente."""

    subject: str
    radicado: str | None
    """None: it is an expediente."""
    also: set[str] = field(default_factory=set)
    """Receptions without a life of their own: filed to it, repeats of it."""
    documentos: set[str] = field(default_factory=set)
    """In the vault now, or said to be erased."""
    lecturas: set[str] = field(default_factory=set)
    fichas: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    """What its tombstones name already."""
    planillas: set[str] = field(default_factory=set)
    """Sheets that name it beside others."""


def disposal_of(office: Home, numero: str) -> Disposal | None:
    """The disposal that bears a number, as the journals tell it."""
    return disposal.fold(in_order(office.index.events(disposal.subject_of(numero))))


def graves(office: Home, state: Disposal) -> list[Grave]:
    """What the order of a disposal erases: of each expediente its records, then itself."""
    repeats = _repeats(office)
    out: list[Grave] = []
    for numero in state.condenados:
        subject = expedientes.subject_of(numero)
        held = expedientes.fold(in_order(office.index.events(subject)))
        assert held is not None
        for radicado in dict.fromkeys(held.radicados):
            own = office.index.subject_of(radicado)
            if own is not None and own.startswith(f"{office.punto}."):
                out.append(_of_record(office, own, radicado, repeats))
        out.append(_of_expediente(office, subject))
    return out


def _repeats(office: Home) -> dict[str, list[str]]:
    """Radicado or subject → the discarded receptions that say that they repeat it."""
    out: dict[str, list[str]] = {}
    for line in office.index.lines_of_type("recepcion.descartada"):
        of, subject = line.body.data.get("de"), line.body.subject
        if isinstance(of, str) and not office.index.lives(subject):
            out.setdefault(of, []).append(subject)
    return out


def _of_record(office: Home, subject: str, radicado: str, repeats: dict[str, list[str]]) -> Grave:
    out = Grave(subject, radicado)
    waiting = [radicado, subject]
    seen = {radicado}
    while waiting:
        one = waiting.pop()
        more = repeats.get(one, [])
        if one != radicado and one not in seen:
            seen.add(one)
            own = office.index.lines_of(one)
            _take(office, out, own)
            more = [*more, *_filed(own)]
        out.also.update(s for s in more if s != subject)
        waiting += [s for s in more if s not in seen]
    return out


def _filed(own: Iterable[Line]) -> Iterator[str]:
    """The receptions that were filed to a record."""
    for line in own:
        if line.body.type == "imagen.incorporada":
            yield str(line.body.data["recepcion"])


def _of_expediente(office: Home, subject: str) -> Grave:
    out = Grave(subject, None)
    own = office.index.lines_of(subject)
    kept = [line for line in own if line.body.type not in NAMED]
    _take(office, out, kept)
    return out


def _take(office: Home, out: Grave, own: Iterable[Line]) -> None:
    for line in own:
        if line.body.type in ("registro.eliminado", "expediente.eliminado"):
            out.said.update(line.body.data.get("documentos", ()), line.body.data.get("fichas", ()))
            out.said.add(out.subject)
            continue
        if line.body.ficha is not None:
            out.fichas.add(line.body.ficha)
        if line.body.type == "papel.movido" and line.body.data.get("planilla"):
            out.planillas.add(str(line.body.data["planilla"]))
        # The manifest of an import is that of many records: it stays.
        for digest in set(hashes_in(line.body.data)) - {line.body.data.get("lote")}:
            if office.vault.find(digest) is not None:
                out.documentos.add(digest)
            elif any((office.home / "lecturas").glob(f"{digest}.*")):
                out.lecturas.add(digest)


def named_elsewhere(office: Home, wanted: Iterable[str], gone: Iterable[str]) -> set[str]:
    """Of these hashes, those that something alive names whose subject is none of *gone*."""
    asked = {one.encode() for one in wanted}
    erased, alive, judged = set(gone), set[str](), dict[str, bool]()
    if not asked:
        return alive
    for punto in segments.puntos(office.home):
        for segment in segments.segments(office.home, punto):
            for _, raw in segments.read_raw(segment.path):
                found = asked.intersection(_HASH.findall(raw))
                if not found:
                    continue
                body = lines.read_line(raw).body
                subject = body.subject
                if body.type == REVIEW:
                    continue  # it tells which were damaged or missing, and keeps none
                if subject not in judged:
                    judged[subject] = subject not in erased and office.index.lives(subject)
                if judged[subject]:
                    alive.update(one.decode() for one in found)
    return alive


def subjects_of(found: Iterable[Grave]) -> set[str]:
    """All subjects that go with these graves."""
    return {s for grave in found for s in (grave.subject, *grave.also)}


def tombstones(
    state: Disposal, found: Iterable[Grave], shared: set[str]
) -> Iterator[tuple[str, Fact]]:
    """(subject, tombstone) of all that no tombstone names yet."""
    assert state.orden is not None
    for grave in found:
        papers = sorted(grave.documentos - shared - grave.said)
        fichas = sorted(grave.fichas - grave.said)
        parts = _chunks(papers, MOST_HASHES), _chunks(fichas, MOST_HASHES)
        count = max(len(parts[0]), len(parts[1]), grave.subject not in grave.said)
        for n in range(count):
            some = [part[n] if n < len(part) else [] for part in parts]
            name = grave.subject.partition(".")[2]
            yield (
                grave.subject,
                (
                    RecordErased(
                        radicado=grave.radicado,
                        eliminacion=state.numero,
                        orden=state.orden,
                        documentos=some[0],
                        fichas=some[1],
                    )
                    if grave.radicado is not None
                    else Gone(
                        expediente=name,
                        eliminacion=state.numero,
                        orden=state.orden,
                        documentos=some[0],
                        fichas=some[1],
                    )
                ),
            )


def _chunks(rows: list[T], size: int) -> list[list[T]]:
    return [rows[n : n + size] for n in range(0, len(rows), size)]


def bury(
    writer: Writer,
    state: Disposal,
    owed: Iterable[tuple[str, Fact]],
    after: Callable[[str], tuple[str, ...]],
) -> int:
    """Say the tombstones that are owed, those of a subject together; how many."""
    assert state.ejecutada is not None
    actor, newest = state.ejecutada.acto.person, dict[str, str]()
    said = list(owed)
    for some in _chunks(said, AT_ONCE):
        drafts: list[Draft] = []
        for subject, fact in some:
            follows = (newest[subject],) if subject in newest else after(subject)
            if drafts and drafts[-1].subject == subject:
                follows = PREVIOUS
            drafts.append(Draft(fact, subject, actor, follows))
        for event in writer.append_all(drafts):
            newest[event.subject] = event.hash
    return len(said)
