"""The rules of a log that need the whole of it: one life for each reception and each record.

Pure: facts in, problems out. `tail` checks what the writer must know to go on; this checks what
only a reader of every line can: that an event follows the newest of its subject, that a number
belongs to its own reception, a seal to its own original, and only a discard is taken back; that
each event has the subject of its type, in a log that may hold it, and tells the tree as it is.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records import (
    checkpoint,
    disposal,
    expedientes,
    imported,
    lines,
    preserving,
    transfers,
)
from records.absences import Away
from records.answer import Approved, InkSigned, Presented, Reviewed, Withdrawn
from records.custody import Rounds
from records.dispatch import OfSending
from records.disposal import OfDisposal, RecordErased
from records.disposing import Disposals
from records.events import (
    Anchor,
    AnnulmentAsked,
    AnnulmentDenied,
    AreaAdded,
    BackedUp,
    CataloguePublished,
    ClockAdjusted,
    ClockRatified,
    DayClosed,
    DocumentIssued,
    DocumentReceived,
    EpochClosed,
    FieldsRectified,
    ForkKept,
    ImageFiled,
    KeyRevoked,
    KeyRotated,
    LogOpened,
    NumberAnnulled,
    NumberAssigned,
    PassphraseChanged,
    PersonAdded,
    PointAdmitted,
    PointKeyed,
    ReceptionDiscarded,
    ReceptionRevived,
    RecordSealed,
    Recovery,
    Restored,
    SeriesOpened,
    SigningGranted,
    StandIn,
    YearClosed,
    YearOpened,
)
from records.expedientes import OfExpediente
from records.imported import MAY_FOLLOW, RecordImported
from records.keeping import Expedientes
from records.letterlife import LetterLives
from records.preserving import FundListed, Preserved, RecordMigrated, VaultReviewed
from records.reserve import Classified, Permitted, PublicVersion
from records.rounds import (
    LinesAnswered,
    RoundMade,
    SheetLost,
    SheetReprinted,
    SheetReturned,
    subject_of,
)
from records.tramite import (
    Completed,
    Informed,
    InformSeen,
    Joined,
    Lengthened,
    Linked,
    OfRecord,
    ReceiptSent,
    Recomputed,
    ReviewAsked,
    ReviewGiven,
    Scheduled,
    TermFixed,
)
from records.transfers import OfTransfer, PackageTaken, Transfers
from records.trd import SUBJECT as TRD
from records.trd import TableAdopted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from records.fact import Fact
    from records.lines import Line


OF_LOG = (Anchor, BackedUp, EpochClosed, ForkKept, KeyRotated, LogOpened, Recovery, Restored)
OF_AUTHORITY = (
    AreaAdded,
    Away,
    CataloguePublished,
    KeyRevoked,
    PassphraseChanged,
    PersonAdded,
    PointAdmitted,
    PointKeyed,
    SigningGranted,
    StandIn,
    TableAdopted,
)
OF_ALL = (
    Anchor,
    ClockAdjusted,
    ClockRatified,
    EpochClosed,
    KeyRotated,
    LogOpened,
    Recovery,
    Restored,
)
"""What the authority's log and those of puntos may hold alike."""
FREQUENT = (DocumentReceived, NumberAssigned, RecordSealed)
"""Of puntos, on subjects of receptions: nearly all lines."""
AUTHORITY = "AUT"


def own_subject(punto: str, fact: Fact) -> str | None:
    """The subject that an event has by its type; None where it is a reception's or a record's."""
    match fact:
        case ClockAdjusted() | ClockRatified():
            return f"reloj.{punto}"
        case YearOpened() | YearClosed():
            return f"vigencia.{punto}.{fact.vigencia}"
        case DayClosed():
            return f"dia.{punto}.{fact.fecha}"
        case SeriesOpened():
            return f"serie.{fact.clase.lower()}"
        case PointAdmitted() | PointKeyed():
            return f"punto.{fact.punto}"
        case PersonAdded() | StandIn() | Away():
            return f"persona.{fact.persona}"
        case KeyRevoked():
            whose = f"persona.{fact.persona}"
            return whose if fact.punto is None else f"punto.{fact.punto}"
        case AreaAdded():
            return f"area.{fact.codigo}"
        case CataloguePublished():
            return f"catalogo.{fact.catalogo}"
        case SigningGranted():
            return "firmas"
        case TableAdopted():
            return TRD
        case PassphraseChanged():
            return f"clave.{fact.llave}"
        case OfExpediente():
            return expedientes.subject_of(fact.expediente)
        case OfDisposal():
            return disposal.subject_of(fact.eliminacion)
        case OfTransfer():
            return transfers.subject_of(fact.transferencia)
        case PackageTaken():
            return transfers.package_subject(fact.paquete)
        case VaultReviewed():
            return preserving.review_subject(punto)
        case FundListed():
            return preserving.fund_subject(fact.fondo)
        case RoundMade() | LinesAnswered() | SheetReturned() | SheetReprinted() | SheetLost():
            return subject_of(fact.planilla)
    return "log" if isinstance(fact, OF_LOG) else None


@dataclass(slots=True)
class Tree:
    """The leaves of a log, and the roots of its sizes as they are asked for."""

    leaves: list[bytes] = field(default_factory=list)
    frontier: tuple[bytes, ...] = ()
    size: int = 0
    """Of *frontier*; it grows behind the log, and anew where a smaller size is asked for."""

    def root(self, size: int) -> str | None:
        """The root of the first *size* lines; None where there are not so many."""
        if not 0 <= size <= len(self.leaves):
            return None
        if size < self.size:
            self.frontier, self.size = (), 0
        for leaf in self.leaves[self.size : size]:
            self.frontier = checkpoint.grow(self.frontier, self.size, leaf)
            self.size += 1
        return checkpoint.root(self.frontier).hex()


@dataclass(slots=True)
class History:
    """What a log said up to a line."""

    heads: dict[str, str] = field(default_factory=dict)
    """Newest event of each subject."""
    originals: dict[str, str] = field(default_factory=dict)
    """Subject → hash of its original."""
    numbers: dict[str, str] = field(default_factory=dict)
    """Radicado → subject."""
    imports: dict[str, str] = field(default_factory=dict)
    """The same of numbers that other systems gave."""
    foreign: set[str] = field(default_factory=set)
    """The subjects of those."""
    lanes: dict[str, str] = field(default_factory=dict)
    """Subject → the lane in which it was received."""
    discarded: set[str] = field(default_factory=set)
    sealed: dict[str, str] = field(default_factory=dict)
    """Subject → hash of its signed PDF."""
    asked: dict[str, str] = field(default_factory=dict)
    """What waits for an answer, by line hash → its subject: a request for annulment, an adjustment
    of the clock."""
    annulled: set[str] = field(default_factory=set)
    fichas: dict[str, str] = field(default_factory=dict)
    """Hash of each ficha → the subject of its event."""
    rounds: Rounds = field(default_factory=Rounds)
    expedientes: Expedientes = field(default_factory=Expedientes)
    transfers: Transfers = field(default_factory=Transfers)
    disposals: Disposals = field(default_factory=Disposals)
    preserved: Preserved = field(default_factory=Preserved)
    tree: Tree = field(default_factory=Tree)
    letters: LetterLives = field(default_factory=LetterLives)

    def take(self, line: Line, fact: Fact | None, leaf: bytes) -> Iterable[str]:
        """Take one more line and its leaf in the tree; gives, in Spanish, what it breaks."""
        body = line.body
        newest = self.heads.get(body.subject)
        follows = body.after == ([] if newest is None else [newest])
        self.heads[body.subject] = line.hash
        frequent = follows and isinstance(fact, FREQUENT) and body.punto != AUTHORITY
        if frequent and body.ficha not in self.fichas:
            if body.ficha is not None:
                self.fichas[body.ficha] = body.subject
            problems: Iterable[str] = self._frequent(body.subject, fact)
        else:
            problems = [*self._after(line, follows), *self._judge(line, fact)]
        if self.disposals.tombs and (late := self.disposals.after(line, fact)):
            problems = [*problems, late]
        self.tree.leaves.append(leaf)
        return problems

    @staticmethod
    def _after(line: Line, follows: bool) -> list[str]:
        body = line.body
        return [] if follows else [f"El evento {body.seq} no sigue a lo último de {body.subject}."]

    def _frequent(self, subject: str, fact: Fact | None) -> Iterable[str]:
        """A letter received, numbered, sealed."""
        match fact:
            case NumberAssigned():
                return self._number(subject, fact)
            case RecordSealed():
                return self._seal(subject, fact)
            case DocumentReceived():
                self.lanes[subject] = fact.carril
                if fact.sha256 is not None:
                    self.originals[subject] = fact.sha256
        return ()

    def _judge(self, line: Line, fact: Fact | None) -> Iterator[str]:
        body = line.body
        yield from self._place(line, fact)
        yield from self._frequent(body.subject, fact)
        foreign = body.subject in self.foreign
        if foreign and fact is not None and not isinstance(fact, MAY_FOLLOW):
            yield f"El evento {body.seq} tramita lo que se importó de otro sistema."
        match fact:
            case RecordImported():
                yield from self._import(line, fact)
            case ReceptionDiscarded():
                self.discarded.add(fact.recepcion)
                self._tie(fact)
                if fact.recepcion != body.subject:
                    yield f"El evento {body.seq} descarta una recepción ajena."
            case ReceptionRevived():
                yield from self._revive(line, fact)
            case ImageFiled():
                yield from self._image(body.subject, fact)
            case AnnulmentAsked() | FieldsRectified() | DocumentIssued():
                yield from self._of_record(line, fact.radicado)
                if isinstance(fact, AnnulmentAsked):
                    self.asked[line.hash] = body.subject
                elif isinstance(fact, DocumentIssued):
                    self.preserved.add(body.subject, fact.documento)
            case RecordMigrated():
                yield from self._of_record(line, fact.radicado)
                own = self.originals.get(body.subject), self.sealed.get(body.subject)
                yield from self.preserved.migrate(line, fact, *own)
            case VaultReviewed() | FundListed():
                yield from self.preserved.take(line, fact)
            case Presented() | Reviewed() | Approved() | InkSigned() | Withdrawn():
                if isinstance(fact, (Approved, InkSigned)):
                    self.asked[line.hash] = body.subject
                yield from self.letters.take(line, fact, self.originals)
            case OfRecord():
                yield from self._of_record(line, fact.radicado)
                yield from self._on_its_way(line, fact)
            case AnnulmentDenied():
                yield from self._of_record(line, fact.radicado)
                yield from self._answer(line, fact.solicitud)
            case NumberAnnulled():
                yield from self._annul(line, fact)
            case ClockAdjusted():
                self.asked[line.hash] = body.subject
            case ClockRatified():
                yield from self._answer(line, fact.ajuste)
            case OfExpediente():
                yield from self.expedientes.take(line, fact)
                yield from self.transfers.take(fact)
                yield from self._dispose(line, fact)
            case OfDisposal() | RecordErased():
                yield from self._dispose(line, fact)
            case OfTransfer():
                yield from self.transfers.take(fact)
            case _:
                yield from self.rounds.take(body.subject, fact, self.numbers, self.originals)
                yield from self._closing(line, fact)

    def _dispose(self, line: Line, fact: Fact) -> Iterator[str]:
        yield from self.disposals.take(
            line,
            fact,
            self.expedientes,
            ChainMap(self.numbers, self.imports),
            self.fichas,
            self.tree.root,
        )

    def _tie(self, fact: ReceptionDiscarded) -> None:
        """What repeats a record, or was scanned badly before it, goes where that record goes."""
        owner = self.numbers.get(fact.de or "") or fact.de
        if owner in self.lanes or fact.de in self.numbers:
            self.disposals.tie(fact.recepcion, owner)

    def _on_its_way(self, line: Line, fact: OfRecord) -> Iterator[str]:
        match fact:
            case OfSending():
                yield from self.letters.dispatch(line, fact)
            case Informed() | ReviewAsked():
                self.asked[line.hash] = line.body.subject
                if fact.en_vez is not None:
                    yield from self._answer(line, fact.en_vez)
            case InformSeen():
                yield from self._answer(line, fact.informe)
            case ReviewGiven():
                yield from self._answer(line, fact.pedido)
            case TermFixed() | Recomputed() | Completed(vence=str()):
                told = (fact.vence, getattr(fact, "vence_legal", None))
                if not all(lines.is_instant(hour) for hour in told if hour is not None):
                    yield f"El evento {line.body.seq} fija un plazo que no es una hora."
            case ReceiptSent():
                if not lines.is_stamp(fact.enviado) or fact.enviado > line.body.at:
                    yield f"El evento {line.body.seq} da un acuse a una hora imposible."
            case Linked() | Joined():
                other = fact.con if isinstance(fact, Linked) else fact.en
                if other == fact.radicado:
                    yield f"El evento {line.body.seq} une {fact.radicado} consigo mismo."
            case Scheduled() | Lengthened() | Classified(hasta=str()) | Permitted(hasta=str()):
                if not lines.is_day(fact.hasta or ""):
                    yield f"El evento {line.body.seq} nombra un día que no existe."
            case PublicVersion():
                if self.originals.get(line.body.subject) != fact.original:
                    yield f"La versión pública de {fact.radicado} es de otro documento."
                self.preserved.add(line.body.subject, fact.sha256)

    def _place(self, line: Line, fact: Fact | None) -> Iterator[str]:
        """An event stands in a log that may hold it, on its subject, with a ficha of its own."""
        body = line.body
        if body.ficha is not None:
            if body.ficha in self.fichas:
                yield f"El evento {body.seq} nombra la ficha de otro."
            self.fichas[body.ficha] = body.subject
        if fact is None:
            return
        if isinstance(fact, FREQUENT) and body.punto != AUTHORITY:
            return
        if (subject := own_subject(body.punto, fact)) not in (None, body.subject):
            yield f"El evento {body.seq} está en {body.subject}, y es de {subject}."
        if not isinstance(fact, OF_ALL) and isinstance(fact, OF_AUTHORITY) != (
            body.punto == AUTHORITY
        ):
            yield f"El evento {body.seq}, {body.type}, no es de este diario."

    def _import(self, line: Line, fact: RecordImported) -> Iterator[str]:
        body = line.body
        known = self.numbers if fact.radicado in self.numbers else self.imports
        yield from imported.offences(fact, body.subject, f"{body.punto}.{body.seq}", known)
        self.imports[fact.radicado] = body.subject
        self.foreign.add(body.subject)
        for rol, digest in fact.named:
            self.preserved.add(body.subject, digest)
            if rol == "original":
                self.originals[body.subject] = digest

    def _of_record(self, line: Line, radicado: str) -> Iterator[str]:
        if line.body.subject not in (self.numbers.get(radicado), self.imports.get(radicado)):
            yield f"El evento {line.body.seq} habla de {radicado}, que no es su registro."

    def _revive(self, line: Line, fact: ReceptionRevived) -> Iterator[str]:
        seq = line.body.seq
        if fact.recepcion != line.body.subject or fact.recepcion not in self.discarded:
            yield f"El evento {seq} revive lo que no estaba descartado."
        elif fact.carril != self.lanes.get(fact.recepcion):
            yield f"El evento {seq} revive {fact.recepcion} en otro carril."
        self.discarded.discard(fact.recepcion)
        self.disposals.tie(fact.recepcion, None)

    def _closing(self, line: Line, fact: Fact | None) -> Iterator[str]:
        """Days are days, and what is said of the tree is so."""
        seq = line.body.seq
        match fact:
            case DayClosed():
                days = [fact.fecha]
            case StandIn() | Away():
                days = [day for day in (fact.desde, fact.hasta) if day is not None]
            case TableAdopted():
                days = [fact.desde]
            case _:
                days = []
        if not all(map(lines.is_day, days)):
            yield f"El evento {seq} nombra un día que no existe."
        if isinstance(fact, (DayClosed, YearClosed, BackedUp)) and fact.raiz != self.tree.root(
            fact.tamano
        ):
            yield f"El evento {seq} habla de un árbol que no es el de este diario."

    def _annul(self, line: Line, fact: NumberAnnulled) -> Iterator[str]:
        yield from self._answer(line, fact.solicitud)
        if self.numbers.get(fact.radicado) != line.body.subject:
            yield f"{fact.acta} anula {fact.radicado}, que no es su registro."
        if fact.radicado in self.annulled:
            yield f"{fact.radicado} está anulado dos veces."
        self.annulled.add(fact.radicado)

    def _answer(self, line: Line, request: str) -> Iterator[str]:
        if self.asked.pop(request, None) != line.body.subject:
            yield f"El evento {line.body.seq} responde a lo que nadie pidió, o ya se respondió."

    def _number(self, subject: str, fact: NumberAssigned) -> list[str]:
        problems = []
        if fact.radicado in self.numbers or fact.radicado in self.imports:
            problems.append(f"{fact.radicado} se repite.")
        if fact.recepcion is not None and fact.recepcion != subject:
            problems.append(f"{fact.radicado} es el número de otra recepción.")
        if fact.aprobacion is not None:
            problems += self.letters.number(subject, fact.radicado)
            if self.asked.pop(fact.aprobacion, None) != subject:
                problems.append(f"{fact.radicado} nombra una firma que nadie dio, o ya usada.")
        if fact.imagen is not None and fact.imagen != self.originals.get(subject):
            problems.append(f"{fact.radicado} nombra un original que no es el suyo.")
        self.numbers[fact.radicado] = subject
        return problems

    def _image(self, subject: str, fact: ImageFiled) -> Iterator[str]:
        if self.numbers.get(fact.radicado) != subject:
            yield f"La imagen de {fact.radicado} se incorporó a otro registro."
        if self.originals.get(fact.recepcion) != fact.sha256:
            yield f"La imagen de {fact.radicado} no es la que se recibió."
        self.disposals.tie(fact.recepcion, subject)
        if fact.rol != "original":
            self.preserved.add(subject, fact.sha256)
            return
        if subject in self.originals:
            yield f"{fact.radicado} ya tenía imagen."
        self.originals[subject] = fact.sha256

    def _seal(self, subject: str, fact: RecordSealed) -> list[str]:
        problems = []
        if self.numbers.get(fact.radicado) != subject:
            problems.append(f"{fact.radicado} está sellado sin ser su número.")
        if self.originals.get(subject) != fact.original:
            problems.append(f"El sello de {fact.radicado} nombra un original que no es el suyo.")
        if subject in self.sealed:
            problems.append(f"{fact.radicado} está sellado dos veces.")
        self.sealed[subject] = fact.sha256
        return problems
