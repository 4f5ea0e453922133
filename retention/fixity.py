"""The part of the door that reads the vault again: is every document still what it was?

Ley 527 de 1999, arts. 9 and 12: what is kept is complete and unaltered, and can be read later.
Disks lose bytes in silence; only a reader who compares tells. Each document that a line names is
read from the medium and compared with its hash, the longest unread first; a run may be cut and the
next one goes on. When all were read, a round is complete and a signed report says so. Nothing is
repaired here.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from records import kept, lines, people, shelf
from records.errors import CannotSign, MachineCannot, VentanillaError, reason
from records.journal import Draft
from records.preserving import NAMED, VaultReviewed, review_subject
from retention.coverage import DIGITS, Coverage, Part
from retention.fixity_report import page
from retention.room import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from records.events import Event
    from records.office import Office

SAVE_EVERY = 5.0
"""Seconds of work that a cut may lose, and the part that was being read."""
LOST = "falta"


class Found(msgspec.Struct, frozen=True):
    """A document that is not what it was, or is not there."""

    sha256: str
    que: str
    """What is wrong, in Spanish."""
    archivo: str | None
    """Its file, relative to the home; None: there is none."""
    radicados: list[str]
    expedientes: list[str]
    asuntos: list[str]
    """What else names it: subjects of the journal that are no record's."""


class Review(msgspec.Struct, frozen=True):
    """What a run read and found."""

    completa: bool
    """Whether with it every document was read once since the round before."""
    leidos: int
    bytes: int
    pendientes: int
    """Documents that the round has not read yet."""
    desde: str
    hasta: str
    danados: list[Found]
    faltan: list[Found]
    evento: str | None = None
    informe: str | None = None
    """The file of the signed report, where the round is complete."""
    avisos: list[str] = []

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.danados and not self.faltan


class Round(msgspec.Struct, frozen=True):
    """The last complete round, as the journal tells it."""

    desde: str
    hasta: str
    documentos: int
    danados: int
    faltan: int
    informe: str


class Standing(msgspec.Struct, frozen=True):
    """How the vault stands, by what is remembered; nothing is read for it."""

    documentos: int
    revisados: int
    nunca: int
    """Documents that no run read since they came."""
    vencidos: int
    """Documents of parts that were read longer ago than they should."""
    danados: list[Found]
    faltan: list[Found]
    mas_antigua: str | None
    """When what was longest unread was read; None: nothing was."""
    dias: int
    por_dia: int
    """Documents to read a day, so that all are read in so many days."""
    ultima: Round | None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.danados and not self.faltan


class _Survey:
    """The documents that the logs name, by part, and how many of each part are new since then."""

    def __init__(self, office: Office, held: dict[str, Part]) -> None:
        gone = erased(office)
        self.parts: dict[str, set[bytes]] = {}
        self.new: Counter[str] = Counter()
        for one in kept.documents(office):
            name = one.sha256[:DIGITS]
            known, digest = self.parts.setdefault(name, set()), bytes.fromhex(one.sha256)
            if digest not in known and one.sha256 not in gone:
                known.add(digest)
                self.new[name] += name not in held or held[name].revisada < one.at

    @property
    def total(self) -> int:
        return sum(map(len, self.parts.values()))


def erased(office: Office) -> frozenset[str]:
    """Hashes of documents that were lawfully disposed of, and are not missed."""
    gone = (
        event.data.get("documentos", []) for event in office.index.of_type("registro.eliminado")
    )
    return frozenset(digest for told in gone for digest in told)


class Fixity(Room):
    """Reading the vault again."""

    def revisar(self, *, minutos: float | None = None, parte: bool = False) -> Review:
        """Read what this round has not read yet, for so many minutes at most; with *parte* only a
        day's share. What was wrong is read first, then what was longest unread.

        Raises:
            Refused: who acts is nobody.
            Damaged: a line of a log cannot be read.
        """
        office = self.office
        if office.persona is not None:
            office.authority.require(office.persona)
        run = _Run(office, minutos, self._share if parte else None)
        run.read()
        return self._outcome(run)

    def informe_integridad(self) -> Standing:
        """How the vault stands by what is remembered."""
        office, dias = self.office, self.office.settings.archivo.integridad_dias
        held = Coverage(office.home, office.disk).parts()
        survey = _Survey(office, held)
        known = [held[name] for name in survey.parts if name in held]
        late = _before(dias)
        last = self._last_round()
        fact = last.fact if last is not None else None
        never = survey.new.total()
        damaged, lost = self._findings_of(known)
        return Standing(
            documentos=survey.total,
            revisados=survey.total - never,
            nunca=never,
            vencidos=sum(len(survey.parts[p.parte]) for p in known if p.revisada < late),
            danados=damaged,
            faltan=lost,
            mas_antigua=min((p.revisada for p in known), default=None),
            dias=dias,
            por_dia=self._share(survey.total),
            ultima=Round(fact.desde, fact.hasta, fact.documentos, fact.danados_total,
                         fact.faltan_total, fact.informe)
            if isinstance(fact, VaultReviewed) else None,
        )  # fmt: skip

    def _share(self, total: int) -> int:
        return math.ceil(total / self.office.settings.archivo.integridad_dias)

    def _last_round(self) -> Event | None:
        office = self.office
        office.index.catch_up()
        return office.index.last_of_type(office.punto, "integridad.revisada")

    # -- what came of it ----------------------------------------------------------------------

    def _outcome(self, run: _Run) -> Review:
        known = run.of_round()
        damaged, lost = self._findings_of(known)
        now = lines.stamp(lines.now())
        done = Review(
            completa=not run.pending,
            leidos=run.count,
            bytes=run.bytes,
            pendientes=sum(len(run.survey.parts[name]) for name in run.pending),
            desde=min([now, *(p.revisada for p in known)]),
            hasta=now,
            danados=damaged,
            faltan=lost,
            avisos=run.warnings,
        )
        return self._finish(run, done, known) if done.completa else done

    def _finish(self, run: _Run, done: Review, known: list[Part]) -> Review:
        """A round is complete: its report, signed, and the fact of it."""
        office = self.office
        try:
            at = lines.now()
            sheet = office.hoja(
                "Revisión de la integridad", at=at, subtitle=f"{done.hasta[:10]} · {office.punto}",
                mark=f"Integridad {office.punto} {done.hasta[:10]}",
            )  # fmt: skip
            total = sum(p.documentos for p in known)
            size = sum(p.bytes for p in known)
            signed, certificate = office.firmar(
                page(sheet, done, total, size, at.date()), "Revisión de la integridad"
            )
            fact = VaultReviewed(
                desde=done.desde,
                hasta=done.hasta,
                documentos=total,
                bytes=size,
                danados=[one.sha256 for one in done.danados[:NAMED]],
                danados_total=len(done.danados),
                faltan=[one.sha256 for one in done.faltan[:NAMED]],
                faltan_total=len(done.faltan),
                informe=signed,
                certificado=certificate,
            )
            actor, subject = office.persona or people.SYSTEM, review_subject(office.punto)
            (event,) = office.asentar(lambda _: [Draft(fact, subject, actor)])
            path = office.home / "salida" / "integridad" / f"{done.hasta[:19].replace(':', '')}.pdf"
            office.disk.make_folder(path.parent)
            office.disk.publish(path, office.vault.read(signed))
        except VentanillaError as error:
            run.warnings.append(f"La revisión terminó y no quedó asentada: {error.mensaje}")
            if not isinstance(error, CannotSign):  # else the next run says it, with the token there
                run.end(done.hasta)
            return msgspec.structs.replace(done, avisos=run.warnings)
        run.end(done.hasta)
        return msgspec.structs.replace(
            done, evento=event.hash, informe=str(path), avisos=run.warnings
        )

    def _findings_of(self, parts: list[Part]) -> tuple[list[Found], list[Found]]:
        """What is wrong in parts, by hash, with who names it."""
        what = {digest: why for part in parts for digest, why in part.danados.items()}
        what |= {digest: LOST for part in parts for digest in part.faltan}
        if not what:
            return [], []
        office = self.office
        office.index.catch_up()
        named: dict[str, dict[str, None]] = {}
        for one in kept.documents(office):
            if one.sha256 in what:
                named.setdefault(one.sha256, {})[one.subject] = None
        found = [
            self._named_of(digest, what[digest], list(named[digest])) for digest in sorted(named)
        ]
        return [f for f in found if f.que != LOST], [f for f in found if f.que == LOST]

    def _named_of(self, digest: str, why: str, subjects: list[str]) -> Found:
        index = self.office.index
        numbers = {subject: index.radicado_of(subject) for subject in subjects}
        records = [number for number in numbers.values() if number is not None]
        inside = [name for number in records for name in index.expediente_of(number)]
        return Found(
            sha256=digest,
            que=why,
            archivo=self.office.vault.relative(digest),
            radicados=records,
            expedientes=list(dict.fromkeys(inside)),
            asuntos=[subject for subject, number in numbers.items() if number is None],
        )


class _Run:
    """One run: what it is to read, and what it read."""

    def __init__(
        self, office: Office, minutes: float | None, share: Callable[[int], int] | None
    ) -> None:
        self._office = office
        self._coverage = Coverage(office.home, office.disk)
        self._until = math.inf if minutes is None else time.monotonic() + 60 * minutes
        self._at = lines.stamp(lines.now())
        self.held = self._coverage.parts()
        self.survey = _Survey(office, self.held)
        self._share = math.inf if share is None else share(self.survey.total)
        self._late = _before(office.settings.archivo.integridad_dias)
        since = self._since()
        self.pending = {
            name
            for name, documents in self.survey.parts.items()
            if documents and not (name in self.held and self.held[name].revisada > since)
        }
        """Parts that this round has not read."""
        self._done: dict[str, Part] = {}
        self._unsaved: list[Part] = []
        self.count = self.bytes = 0
        self.warnings: list[str] = []

    def _since(self) -> str:
        """When the round before ended."""
        index = self._office.index
        index.catch_up()
        last = index.last_of_type(self._office.punto, "integridad.revisada")
        fact = last.fact if last is not None else None
        told = fact.hasta if isinstance(fact, VaultReviewed) else ""
        return max(told, self._coverage.ended())

    def of_round(self) -> list[Part]:
        """The parts that this round has read."""
        names = [n for n, documents in self.survey.parts.items() if documents]
        return [self.held[name] for name in sorted(names) if name not in self.pending]

    def read(self) -> None:
        """Read until all is read, the time is up, or the share is."""
        saved = time.monotonic()
        for name in self._queue():
            old = self.held.get(name)
            late = old is not None and (old.revisada < self._late or not old.sound)
            if self._done and (time.monotonic() > self._until or (
                self.count >= self._share and not late
            )):  # fmt: skip
                break
            part = self._known_part(name)
            if part is None:
                break
            self.held[name] = self._done[name] = part
            self._unsaved.append(part)
            self.pending.discard(name)
            self.count += part.documentos
            self.bytes += part.bytes
            if time.monotonic() - saved > SAVE_EVERY:
                self._save()
                saved = time.monotonic()
        self._save()

    def _queue(self) -> Iterator[str]:
        """What was wrong, then what this round has not read, the longest unread first."""
        wrong = [n for n, part in self.held.items() if not part.sound and n in self.survey.parts]
        yield from sorted(wrong)
        rest = self.pending.difference(wrong)
        yield from sorted(rest, key=lambda n: (self.held[n].revisada if n in self.held else "", n))

    def _known_part(self, name: str) -> Part | None:
        """A part; None where the time was up within it and another one was read before."""
        files = self._office.vault.under(name)
        damaged: dict[str, str] = {}
        lost: list[str] = []
        size = 0
        documents = sorted(digest.hex() for digest in self.survey.parts[name])
        for digest in documents:
            if self._done and time.monotonic() > self._until:
                return None
            path = files.get(digest)
            if path is None:
                lost.append(digest)
                continue
            why, length = _compared(path, digest)
            size += length
            if why:
                damaged[digest] = why
        return Part(name, self._at, len(documents), size, damaged, lost)

    def _save(self) -> None:
        self._try(lambda: self._coverage.keep(self._unsaved))
        self._unsaved = []

    def end(self, fin: str) -> None:
        """Remember that the round is complete."""
        self._try(lambda: self._coverage.end(fin))

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except (MachineCannot, OSError) as error:
            why = reason(error) if isinstance(error, OSError) else error.mensaje
            told = f"No se pudo anotar qué se revisó ({why}): la próxima vez se lee otra vez."
            if told not in self.warnings:
                self.warnings.append(told)


def _compared(path: Path, digest: str) -> tuple[str, int]:
    """What is wrong with a file, "" for nothing; and its bytes."""
    try:
        held = shelf.hash_of(path, medium=True)
        return ("" if held == digest else "no es el que se guardó"), path.stat().st_size
    except OSError as error:
        return f"no se puede leer: {reason(error)}", 0


def _before(days: int) -> str:
    """The moment so many days ago."""
    return lines.stamp(lines.now() - timedelta(days=days))
