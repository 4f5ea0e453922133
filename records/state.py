"""What the events of one subject amount to: the pure fold that all else reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from records import answer, imported, priority, rounds
from records.answer import Answer, Approved, InkSigned, Presented, Reviewed, Withdrawn
from records.dispatch import Dispatch, OfSending
from records.disposal import RecordErased
from records.events import (
    AnnulmentAsked,
    AnnulmentDenied,
    DocumentIssued,
    DocumentReceived,
    Event,
    FieldsRectified,
    ImageFiled,
    NumberAnnulled,
    NumberAssigned,
    ReceptionDiscarded,
    ReceptionRevived,
    RecordSealed,
    in_order,
)
from records.imported import RecordImported
from records.preserving import MIGRATION, RecordMigrated
from records.reserve import Access, OfAccess, PublicVersion
from records.rounds import PaperMoved
from records.tramite import (
    UNASSIGNED,
    AnswerMoved,
    Completed,
    OfRecord,
    Recomputed,
    TermFixed,
    Tramite,
    Waiting,
    end_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Document(msgspec.Struct, frozen=True):
    """A document of a record: `original` as it came, `registro` the signed PDF/A, `acuse` what
    came to it later, `constancia` and `acta` what was given, `version_publica` the registro without
    what is withheld,
    `migracion` another one in a format that lasts."""

    rol: str
    sha256: str
    paginas: int | None = None
    lectura: str | None = None
    """The reading of what came later than the image."""
    de: str | None = None
    """Of a `migracion`: the document that it was made of."""


PUBLIC = ("tipo", "canal", "dependencia", "responsable", "folios")
"""Fields that go into an event's data; all others are personal or may be, and go to its ficha."""


class State(msgspec.Struct):
    """What the events of one subject amount to."""

    subject: str
    recepcion: DocumentReceived | None = None
    recibido: str | None = None
    numero: NumberAssigned | None = None
    importado: RecordImported | None = None
    """What another system told of it: a record that has no number of ours."""
    fecha: str | None = None
    campos: dict[str, Any] = {}
    publicos: dict[str, Any] = {}
    """Kind, channel, dependencia, responsable and folios as they stand after corrections."""
    rectificaciones: list[Event] = []
    vence: str | None = None
    """The end of its term by the strict reading: what alerts and trays go by."""
    vence_legal: str | None = None
    """Its end by the other reading, where people were told that one."""
    plazo: str | None = None
    """What fixed that term, where no rule did: an order, an act."""
    prorrogado: str | None = None
    """The last day of an extension that was told in time."""
    recalculado: str | None = None
    """Why its term was reckoned anew after the calendar changed; None: it was not."""
    anulacion_pedida: str | None = None
    """The hash of a request for annulment that nobody has answered yet."""
    anulado: NumberAnnulled | None = None
    descartada: ReceptionDiscarded | None = None
    documentos: list[Document] = []
    sellado: RecordSealed | None = None
    tramite: Tramite = msgspec.field(default_factory=Tramite)
    """Who has it and who is awaited."""
    carta: Answer = msgspec.field(default_factory=Answer)
    """What the office writes itself: its way to signature and number."""
    acceso: Access = msgspec.field(default_factory=Access)
    """Who may see it."""
    envio: Dispatch = msgspec.field(default_factory=Dispatch)
    """To whom it went, and what came of it."""
    movido: rounds.Place | None = None
    """Where its paper was last moved to."""
    eliminado: RecordErased | None = None
    """What was erased of it: then its number, hours and hashes are all that is left."""
    desconocida: bool = False
    """An event of a type from a newer version: the subject is read-only here."""

    @property
    def due(self) -> str | None:
        """The end of its term that counts: as people were told it."""
        return self.vence_legal or self.vence

    @property
    def prioridad(self) -> list[str]:
        """The grounds on which it goes before its turn: as was said since, else as the ventanilla
        confirmed them with the number."""
        if self.tramite.prioritario is not None:
            return self.tramite.prioridad
        return priority.codes(str(self.campos.get("prioridad") or ""))

    @property
    def prioritario(self) -> bool:
        """Whether it goes before its turn."""
        said = self.tramite.prioritario
        return bool(self.prioridad) if said is None else said

    @property
    def estado(self) -> str:
        """The state as the commands name it."""
        if self.eliminado is not None:
            return "eliminado"
        if self.anulado is not None:
            return "anulado"
        if self.importado is not None:
            return imported.STATE
        if self.numero is None and self.carta.presentada is not None:
            return self.carta.estado
        if self.numero is not None:
            sends = self.envio.destinatarios and self.tramite.archivado is None
            return self.envio.estado if sends else self.tramite.estado
        return "descartado" if self.descartada is not None else "por_radicar"

    @property
    def papel(self) -> rounds.Place | None:
        """Where its paper is; None: it has no number, or came without paper."""
        if self.numero is None or self.eliminado is not None:
            return None
        since = self.recibido or self.fecha or ""
        return rounds.place(self.numero.clase, self.publicos.get("canal"), since, self.movido)

    @property
    def radicado(self) -> str:
        """The number of a record that has one: ours, or that of the system it was imported from."""
        told = self.importado or self.numero
        assert told is not None
        return told.radicado

    @property
    def clase(self) -> str:
        """The class of that number."""
        told = self.importado or self.numero
        assert told is not None
        return told.clase

    @property
    def imagen_pendiente(self) -> bool:
        """Numbered at the counter; its paper is still to be scanned."""
        if self.numero is None or self.eliminado is not None:
            return False
        return not any(d.rol == "original" for d in self.documentos)

    def letter_waits(self) -> list[Waiting]:
        """Who is awaited for a letter of the office's own, from its first version until it is sent
        and received."""
        made = self.carta.presentada
        if self.anulado is not None or made is None:
            return []
        if self.numero is None:
            return self.carta.waits()
        return self.envio.waits(made.dependencia, self.carta.presento)

    @property
    def sello_pendiente(self) -> bool:
        """Numbered, with an image, and not sealed yet."""
        there = self.numero is not None and self.eliminado is None
        return there and self.sellado is None and not self.imagen_pendiente


def fold(subject: str, events: Iterable[Event]) -> State:
    """The state of *subject* after *events* (any order)."""
    state = State(subject)
    for event in in_order(events):
        _apply(state, event)
    return state if state.eliminado is None else _buried(state)


def _buried(state: State) -> State:
    """What is left of a record that was erased, also while its fichas are still there."""
    return State(
        state.subject,
        recepcion=state.recepcion,
        recibido=state.recibido,
        numero=state.numero,
        importado=state.importado,
        fecha=state.fecha,
        publicos=state.publicos,
        anulado=state.anulado,
        documentos=state.documentos,
        eliminado=state.eliminado,
        desconocida=state.desconocida,
    )


def _apply(state: State, event: Event) -> None:
    match event.fact:
        case DocumentReceived() as fact:
            state.recepcion = fact
            state.recibido = fact.recibido or event.at
            state.campos = {**state.campos, **visible(event.ficha)}
            if fact.sha256:
                state.documentos = [Document("original", fact.sha256)]
        case NumberAssigned() as fact:
            state.numero = fact
            state.fecha = event.at
            state.recibido = fact.recibido or state.recibido
            state.vence, state.vence_legal = fact.vence, fact.vence_legal
            state.publicos = {name: getattr(fact, name) for name in PUBLIC}
            state.campos = {**state.campos, **visible(event.ficha)}
            if fact.aprobacion is None or fact.clase == answer.INTERNAL:
                state.tramite.begin(fact.dependencia, fact.responsable, event.at)
            if state.carta.presentada is not None:
                state.envio = Dispatch.of(state.carta.presentada, event.at)
        case RecordImported() as fact:
            state.importado = fact
            state.fecha, state.recibido = fact.fecha, fact.recibido
            state.publicos = {name: getattr(fact, name) for name in PUBLIC}
            state.campos = visible(event.ficha)
            state.documentos = [Document(rol, digest) for rol, digest in fact.named]
        case ReceptionDiscarded() as fact:
            state.descartada = fact
        case ReceptionRevived():
            state.descartada = None
        case ImageFiled() as fact:
            state.documentos = [
                *state.documentos,
                Document(fact.rol, fact.sha256, lectura=fact.lectura),
            ]
        case RecordSealed() as fact:
            state.sellado = fact
            state.documentos = [
                *state.documentos,
                Document("registro", fact.sha256, fact.paginas),
            ]
        case AnnulmentAsked():
            state.anulacion_pedida = event.hash
        case AnnulmentDenied():
            state.anulacion_pedida = None
        case NumberAnnulled() as fact:
            state.anulado, state.anulacion_pedida = fact, None
        case FieldsRectified() as fact:
            state.rectificaciones = [*state.rectificaciones, event]
            if fact.vence is not None:
                state.vence, state.vence_legal = fact.vence or None, fact.vence_legal
            state.publicos = {**state.publicos, **fact.despues}
            state.campos = {**state.campos, **(event.ficha or {}).get("despues", {})}
            state.tramite.correct(
                state.publicos.get("dependencia"), state.publicos.get("responsable"), event.at
            )
        case DocumentIssued() as fact:
            state.documentos = [*state.documentos, Document(fact.rol, fact.documento)]
        case RecordMigrated() as fact:
            state.documentos = [*state.documentos, Document(MIGRATION, fact.a, de=fact.de)]
        case Presented() | Reviewed() | Approved() | InkSigned() | Withdrawn() as fact:
            state.carta.apply(event, fact)
            if isinstance(fact, Presented):
                given = fact.sha256
                state.documentos = [] if given is None else [Document("original", given)]
                state.campos = letter_fields(state.carta)
        case PaperMoved() as fact:
            state.movido = rounds.moved(fact, event.at)
        case RecordErased() as fact:
            told = state.eliminado
            state.eliminado = fact if told is None else told.joined(fact)
        case None:
            state.desconocida = True
        case OfAccess() as fact:
            state.acceso.apply(event, fact)
            if isinstance(fact, PublicVersion):
                state.documentos = [*state.documentos, Document("version_publica", fact.sha256)]
        case OfSending() as fact:
            state.envio.apply(fact, event.at, event.ficha)
        case OfRecord() as fact:
            state.acceso.follow(fact)
            state.tramite.apply(event, fact)
            if isinstance(fact, TermFixed):
                state.vence, state.vence_legal = fact.vence, None
                state.plazo = str((event.ficha or {}).get("fuente", ""))
            elif isinstance(fact, Completed) and fact.vence is not None:
                state.vence, state.vence_legal = fact.vence, None
            elif isinstance(fact, Recomputed):
                state.vence, state.vence_legal = fact.vence, fact.vence_legal
                state.recalculado = str((event.ficha or {}).get("motivo", ""))
            elif (
                isinstance(fact, AnswerMoved)
                and state.plazo is None
                and (fact.extends(state.vence))
            ):
                state.vence, state.vence_legal = end_of(fact.hasta or ""), None
                state.prorrogado = fact.hasta
            if state.tramite.tramos:  # a letter that goes out is in nobody's tray
                state.publicos = {
                    **state.publicos,
                    "dependencia": state.tramite.dependencia or UNASSIGNED,
                    "responsable": state.tramite.responsable,
                }


def letter_fields(carta: Answer) -> dict[str, Any]:
    """The registration fields of a letter of the office's own."""
    # Its ficha may have been withheld: then nothing is known of whom it is for.
    whom = carta.datos.get("destinatarios", [])
    names = [str(one.get("nombre") or one.get("entidad") or "") for one in whom]
    return {"asunto": carta.datos.get("asunto", ""), "destinatario": "; ".join(names)}


def visible(ficha: Mapping[str, Any] | None) -> dict[str, Any]:
    """A ficha without its salt."""
    return {k: v for k, v in (ficha or {}).items() if k != "sal"}
