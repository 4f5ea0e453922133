"""The typed facts of the journal, and the pure fold: events of a subject → its state.

One class a type; its fields are the event's `data` (format v1, docs/format/eventos.md). `data`
holds no personal data: names, subjects, notes and motives lie in the event's *ficha*. A type that
is not known here is verified, stored and passed on, but not folded.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the typed `data` of an event; fields that newer programs add are kept, not read."""


class LogOpened(Fact, frozen=True):
    """`log.abierto`: the first line of a log; `delegacion` is the root's word for its key."""

    entidad: str
    punto: str
    clave: str
    raiz: str
    delegacion: str


class KeyRotated(Fact, frozen=True):
    """`clave.rotada`: from the next line on the log is signed by `clave`."""

    clave: str
    delegacion: str
    prueba: str


class Anchor(Fact, frozen=True):
    """`ancla`: where a start may begin to read: numbers, open receptions, the tree's frontier."""

    series: dict[str, int]
    frontera: list[str]
    ultimos: list[tuple[str, int, int]] = []
    """(clase, vigencia, seq) of the last number of each series."""
    abiertas: dict[str, list[int]] | None = None
    """Lane → seq of each open reception; None when there are too many to carry."""
    hora: str | None = None
    """The latest hour of any event before."""
    ficha: str | None = None
    """The hash of the last ficha that an event before names, "" for none; None: not said."""


class Recovery(Fact, frozen=True):
    """`recuperacion`: what a crash left at the end was put aside; no number was in it."""

    motivo: str
    bytes: int
    sha256: str | None = None


class DocumentReceived(Fact, frozen=True):
    """`documento.recibido`: a reception. Without `sha256` the paper came before its image."""

    reclamo: str
    sha256: str | None = None
    bytes: int | None = None
    formato: str | None = None
    carril: str = "ventanilla"
    canal: str = "fisico"
    recibido: str | None = None
    """When it reached the entity; never later than the event's `at`."""
    fuente: str = "mostrador"
    """Who or what says so: mostrador, lote_postal, servidor_fax, servidor_correo, contingencia…"""
    declarado_por: str | None = None


class NumberAssigned(Fact, frozen=True):
    """`radicado.asignado`: the number (Acuerdo 060 de 2001, arts. 2 and 5)."""

    radicado: str
    clase: str
    vigencia: int
    n: int
    anterior: int | None
    recepcion: str | None = None
    aprobacion: str | None = None
    recibido: str | None = None
    fuente: str | None = None
    carril: str | None = None
    canal: str | None = None
    tipo: str | None = None
    dependencia: str | None = None
    responsable: str | None = None
    folios: int | None = None
    anexos: int | None = None
    vence: str | None = None
    saltadas: list[str] = []
    """Older receptions of the lane that were left behind (the first hundred); the motive lies in
    the ficha."""
    saltadas_total: int = 0
    imagen: str | None = None
    """SHA-256 of the original; None: *imagen pendiente*."""
    lote: str | None = None


class ReceptionDiscarded(Fact, frozen=True):
    """`recepcion.descartada`: a reception that gets no number, and why."""

    recepcion: str
    motivo: str
    de: str | None = None


class ReceptionRevived(Fact, frozen=True):
    """`recepcion.revivida`: a discard is taken back; the reception is open again in its lane."""

    recepcion: str
    carril: str


class ImageFiled(Fact, frozen=True):
    """`imagen.incorporada`: a reception turned out to be the image of a numbered record."""

    radicado: str
    recepcion: str
    sha256: str


class RecordSealed(Fact, frozen=True):
    """`registro.sellado`: the signed PDF/A of a record, once."""

    radicado: str
    sha256: str
    original: str
    paginas: int
    bytes: int
    certificado: str
    lectura: str | None = None
    sello: str = "margen"
    """Where the stamp stands: margen, franja (the page grew), ninguno (the paper bears a label)."""


class SeriesOpened(Fact, frozen=True):
    """`serie.abierta`: a series that goes on from another system's last number, by an act."""

    clase: str
    vigencia: int
    desde: int
    acto: str


class PointAdmitted(Fact, frozen=True):
    """`punto.alta` (AUT): a punto may number from here on."""

    punto: str
    clave: str
    certificado: str


class PersonAdded(Fact, frozen=True):
    """`persona.alta`, `persona.cambiada` (AUT); name and post lie in the ficha."""

    persona: str
    roles: list[str]
    clave: str | None = None


class AreaAdded(Fact, frozen=True):
    """`area.alta` (AUT): a dependencia, with the person who heads it."""

    codigo: str
    nombre: str
    jefe: str | None = None


class CataloguePublished(Fact, frozen=True):
    """`catalogo.publicado` (AUT): settings that hold for the whole entity, by hash."""

    catalogo: str
    sha256: str


TYPES: dict[str, type[Fact]] = {
    "log.abierto": LogOpened,
    "clave.rotada": KeyRotated,
    "ancla": Anchor,
    "recuperacion": Recovery,
    "documento.recibido": DocumentReceived,
    "radicado.asignado": NumberAssigned,
    "recepcion.descartada": ReceptionDiscarded,
    "recepcion.revivida": ReceptionRevived,
    "imagen.incorporada": ImageFiled,
    "registro.sellado": RecordSealed,
    "serie.abierta": SeriesOpened,
    "punto.alta": PointAdmitted,
    "persona.alta": PersonAdded,
    "persona.cambiada": PersonAdded,
    "area.alta": AreaAdded,
    "catalogo.publicado": CataloguePublished,
}
NAMES: dict[type[Fact], str] = {cls: name for name, cls in reversed(TYPES.items())}


def read_fact(kind: str, data: Mapping[str, Any]) -> Fact | None:
    """The typed fact of an event; None for a type this version does not know.

    Raises:
        msgspec.ValidationError: the data are not what the type asks for.
    """
    cls = TYPES.get(kind)
    return None if cls is None else msgspec.convert(dict(data), cls)


class Event(msgspec.Struct, frozen=True):
    """An event as it is folded and shown: its place, its fact, its ficha (None: withheld)."""

    punto: str
    epoch: int
    seq: int
    hash: str
    at: str
    actor: str
    type: str
    subject: str
    after: list[str]
    data: dict[str, Any]
    ficha: dict[str, Any] | None = None

    @property
    def fact(self) -> Fact | None:
        """The typed fact, or None for an unknown type."""
        return read_fact(self.type, self.data)


def in_order(events: Iterable[Event]) -> list[Event]:
    """Topological order of `after`; ties by (at, punto, epoch, seq)."""
    pending = {e.hash: e for e in events}
    waits = {h: {a for a in e.after if a in pending} for h, e in pending.items()}
    unlocks: dict[str, list[str]] = {}
    for h, needs in waits.items():
        for need in needs:
            unlocks.setdefault(need, []).append(h)
    ready = [_rank(e) for h, e in pending.items() if not waits[h]]
    heapq.heapify(ready)
    out: list[Event] = []
    while ready:
        event = pending[heapq.heappop(ready)[-1]]
        out.append(event)
        for h in unlocks.get(event.hash, ()):
            waits[h].discard(event.hash)
            if not waits[h]:
                heapq.heappush(ready, _rank(pending[h]))
    return out


def _rank(event: Event) -> tuple[str, str, int, int, str]:
    return (event.at, event.punto, event.epoch, event.seq, event.hash)


class Document(msgspec.Struct, frozen=True):
    """A document of a record: `original` as it came, `registro` the signed PDF/A."""

    rol: str
    sha256: str
    paginas: int | None = None


class State(msgspec.Struct):
    """What the events of one subject amount to."""

    subject: str
    recepcion: DocumentReceived | None = None
    recibido: str | None = None
    numero: NumberAssigned | None = None
    fecha: str | None = None
    campos: dict[str, Any] = {}
    descartada: ReceptionDiscarded | None = None
    documentos: list[Document] = []
    sellado: RecordSealed | None = None
    desconocida: bool = False
    """An event of a type from a newer version: the subject is read-only here."""

    @property
    def estado(self) -> str:
        """The state as the commands name it."""
        if self.numero is not None:
            return "radicado"
        return "descartado" if self.descartada is not None else "por_radicar"

    @property
    def imagen_pendiente(self) -> bool:
        """Numbered at the counter; its paper is still to be scanned."""
        return self.numero is not None and not any(d.rol == "original" for d in self.documentos)

    @property
    def sello_pendiente(self) -> bool:
        """Numbered, with an image, and not sealed yet."""
        return self.numero is not None and self.sellado is None and not self.imagen_pendiente


def fold(subject: str, events: Iterable[Event]) -> State:
    """The state of *subject* after *events* (any order)."""
    state = State(subject)
    for event in in_order(events):
        _apply(state, event)
    return state


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
            state.campos = {**state.campos, **visible(event.ficha)}
        case ReceptionDiscarded() as fact:
            state.descartada = fact
        case ReceptionRevived():
            state.descartada = None
        case ImageFiled() as fact:
            state.documentos = [*state.documentos, Document("original", fact.sha256)]
        case RecordSealed() as fact:
            state.sellado = fact
            state.documentos = [
                *state.documentos,
                Document("registro", fact.sha256, fact.paginas),
            ]
        case None:
            state.desconocida = True


def visible(ficha: Mapping[str, Any] | None) -> dict[str, Any]:
    """A ficha without its salt."""
    return {k: v for k, v in (ficha or {}).items() if k != "sal"}
