"""The typed facts of the journal, and the pure fold: events of a subject → its state.

One class a type; its fields are the event's `data` (format v1, docs/format/eventos.md). `data`
holds no personal data: names, subjects, notes and motives lie in the event's *ficha*. A type that
is not known here is verified, stored and passed on, but not folded.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from records import (
    absences,
    answer,
    dispatch,
    disposal,
    expedientes,
    preserving,
    reserve,
    rounds,
    tramite,
    transfers,
    trd,
)
from records.fact import Act, Clase, Day, Fact, Hash, Seal
from records.imported import RecordImported

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class LogOpened(Fact, frozen=True):
    """`log.abierto`: the first line of a log; `delegacion` is the root's word for its key."""

    entidad: str
    punto: str
    clave: Hash
    raiz: Hash
    delegacion: Seal


class KeyRotated(Fact, frozen=True):
    """`clave.rotada`: from the next line on the log is signed by `clave`."""

    clave: Hash
    delegacion: Seal
    prueba: Seal


class Anchor(Fact, frozen=True):
    """`ancla`: where a start may begin to read: numbers, open receptions, the tree's frontier."""

    series: dict[str, int]
    frontera: list[str]
    ultimos: list[tuple[str, int, int]] = msgspec.field(default_factory=list)
    """(clase, vigencia, seq) of the last number of each series."""
    abiertas: dict[str, list[int]] | None = None
    """Lane → seq of each open reception; None when there are too many to carry."""
    hora: str | None = None
    """The latest hour of any event before."""
    ficha: str | None = None
    """The hash of the last ficha that an event before names, "" for none; None: not said."""
    vigencia: int | None = None
    """The latest year that is known to be right (see `vigencia.abierta`)."""
    actas: list[tuple[int, int, int]] | None = None
    """(vigencia, n, seq) of the last acta of each year; None: not said."""
    planillas: list[tuple[int, int, int]] | None = None
    """The same of planillas; None: there was none, or not said by an older program."""
    archivo: list[tuple[Clase, int, int, int]] | None = None
    """(clase, vigencia, n, seq) of the last number of each series of the archive: expedientes,
    transfers, disposals; None: there was none."""
    serie: str | None = None
    """The code under which this epoch numbers, where it is not the punto's own."""
    clave: Hash | None = None
    """The key in force, where it is not the log's first one, and the root's word for it."""
    delegacion: Seal | None = None


class Recovery(Fact, frozen=True):
    """`recuperacion`: what a crash left at the end was put aside; no number was in it."""

    motivo: str
    bytes: int
    sha256: Hash | None = None


class DocumentReceived(Fact, frozen=True):
    """`documento.recibido`: a reception. Without `sha256` the paper came before its image."""

    reclamo: str
    sha256: Hash | None = None
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
    clase: Clase
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
    vence_legal: str | None = None
    """Where the entity tells people the other reading and that gives another day: what it told."""
    saltadas: list[str] = msgspec.field(default_factory=list)
    """Older receptions of the lane that were left behind (the first hundred); the motive lies in
    the ficha."""
    saltadas_total: int = 0
    imagen: Hash | None = None
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
    """`imagen.incorporada`: a reception turned out to be the image of a numbered record, or what
    came to it later."""

    radicado: str
    recepcion: str
    sha256: Hash
    rol: Literal["original", "acuse"] = "original"
    """`acuse`: a further document (a signed acknowledgment), beside the image and the seal."""
    lectura: Hash | None = None
    """The reading of an acuse; that of an image is named by its seal."""


class RecordSealed(Fact, frozen=True):
    """`registro.sellado`: the signed PDF/A of a record, once."""

    radicado: str
    sha256: Hash
    original: Hash
    paginas: int
    bytes: int
    certificado: Hash
    lectura: Hash | None = None
    sello: str = "margen"
    """Where the stamp stands: margen, franja (the page grew), ninguno (the paper bears a label)."""


class SeriesOpened(Fact, frozen=True):
    """`serie.abierta`: a series that goes on from another system's last number, by an act."""

    clase: Clase
    vigencia: int
    desde: int
    acto: str


class PointAdmitted(Fact, frozen=True):
    """`punto.alta` (AUT): a punto may number from here on."""

    punto: str
    clave: Hash
    certificado: Hash


class PersonAdded(Fact, frozen=True):
    """`persona.alta`, `persona.cambiada` (AUT); name and post lie in the ficha."""

    persona: str
    roles: list[str]
    clave: Hash | None = None
    dependencia: str | None = None
    """The área that the person works in; None: not said, or in none alone."""


class AreaAdded(Fact, frozen=True):
    """`area.alta` (AUT): a dependencia, with the person who heads it."""

    codigo: str
    nombre: str
    jefe: str | None = None


class CataloguePublished(Fact, frozen=True):
    """`catalogo.publicado` (AUT): settings that hold for the whole entity, by hash."""

    catalogo: str
    sha256: Hash


class AnnulmentAsked(Fact, frozen=True):
    """`anulacion.solicitada`: somebody asks that a number be annulled; why lies in the ficha."""

    radicado: str


class AnnulmentDenied(Fact, frozen=True):
    """`anulacion.negada`: the head of the correspondence unit says no; why lies in the ficha."""

    radicado: str
    solicitud: Hash


class NumberAnnulled(Fact, frozen=True):
    """`radicado.anulado`: the number stays spent (Acuerdo 060 de 2001, art. 5, parágrafo).

    `acta`, `vigencia`, `n` and `anterior` (the seq of the acta before, None for the first of the
    year) are those of the punto's own series of actas.
    """

    radicado: str
    acta: str
    vigencia: int
    n: int
    anterior: int | None
    solicitud: Hash
    """The line hash of the `anulacion.solicitada` that it approves."""
    acto: Act


class FieldsRectified(Fact, frozen=True):
    """`radicado.rectificado`: fields corrected after the number; both values stay.

    `antes` and `despues` hold the public fields; names and the like, and why, lie in the ficha
    under the same words. Number, date and year are no fields.
    """

    radicado: str
    antes: dict[str, Any] = msgspec.field(default_factory=dict)
    despues: dict[str, Any] = msgspec.field(default_factory=dict)
    vence: str | None = None
    """The term's end where the correction moves it; "" where none can be told now."""
    vence_legal: str | None = None
    """With `vence`: the end by the other reading, as in `NumberAssigned`; absent, it has none."""


class ClockAdjusted(Fact, frozen=True):
    """`ajuste_reloj`: the clock stood wrong and was put right; from here on hours begin anew."""

    antes: str
    """The latest hour of the log so far."""


class ClockRatified(Fact, frozen=True):
    """`ajuste_reloj.ratificado`: the head of the correspondence unit saw it."""

    ajuste: Hash
    acto: Act


class YearOpened(Fact, frozen=True):
    """`vigencia.abierta`: a person says that the new year is right after a long silence."""

    vigencia: int


class DayClosed(Fact, frozen=True):
    """`dia.cerrado`: the day's closing, with the tree's size and root that it speaks of."""

    fecha: Day
    tamano: int
    raiz: Hash
    documento: Hash
    certificado: Hash


class YearClosed(Fact, frozen=True):
    """`vigencia.cerrada`: the acta that closes a year's series and opens the next ones."""

    vigencia: int
    acta: str
    n: int
    anterior: int | None
    acta_vigencia: int
    tamano: int
    raiz: Hash
    documento: Hash
    certificado: Hash
    acto: Act


class DocumentIssued(Fact, frozen=True):
    """`documento.expedido`: a constancia or an acta about a record, kept as it was given."""

    rol: str
    radicado: str
    documento: Hash
    certificado: Hash


class Restored(Fact, frozen=True):
    """`restauracion`: the first line of a new epoch, signed by its new key.

    `serie` is the code under which this epoch numbers: the one in force only where the line before
    is an `epoca.cerrada` that names this key, else one that no epoch before used.
    """

    clave: Hash
    delegacion: Seal
    serie: str
    autoriza: str
    sabido_seq: int | None = None
    """The last line that a mark of this machine knew, where the log held falls short of it."""
    sabido_hash: Hash | None = None


class EpochClosed(Fact, frozen=True):
    """`epoca.cerrada`: nothing more is written in this epoch; the home moves elsewhere.

    `clave` is the key of the next epoch, whose private half moves with the home and is in no
    backup: only it may go on with the series.
    """

    clave: str
    destino: str | None = None


class BackedUp(Fact, frozen=True):
    """`respaldo.hecho`: a backup of the home was written and read back."""

    manifiesto: Hash
    """SHA-256 of its signed manifest."""
    tamano: int
    """Lines of this log in it."""
    raiz: Hash
    archivos: int
    bytes: int


class ForkKept(Fact, frozen=True):
    """`bifurcacion.conservada`: another branch of this log was met; it is kept as proof."""

    desde: int
    """The first seq in which the branches differ."""
    lineas: int
    sha256: Hash


class PointKeyed(Fact, frozen=True):
    """`punto.llave` (AUT): another key or certificate of a punto, from an epoch on."""

    punto: str
    epoch: int
    clave: Hash
    certificado: Hash


class KeyRevoked(Fact, frozen=True):
    """`clave.revocada` (AUT): what a key signed from a size on counts for nothing.

    `tamanos` names, for each log by its id, the last size that is held for good: a line by that key
    whose seq is not below it is a finding. An hour proves nothing, since a thief sets the clock.
    """

    clave: Hash
    tamanos: dict[str, int]
    certificado: Hash | None = None
    punto: str | None = None
    persona: str | None = None


class PassphraseChanged(Fact, frozen=True):
    """`clave.frase` (AUT): the passphrase of a key was changed; the key is the same."""

    llave: str


class StandIn(Fact, frozen=True):
    """`encargo` (AUT): by an act a person stands in for another, from a day to a day."""

    persona: str
    de: str
    desde: Day
    hasta: Day
    acto: str


class SigningGranted(Fact, frozen=True, kw_only=True):
    """`firma.autorizada` (AUT): which post signs which letters, by an act (Acuerdo 060 de 2001,
    art. 4). Said again of the same post, kind and scope it counts instead."""

    cargo: str
    tipo: str
    """A kind of letter, or `*`."""
    ambito: Literal["interna", "externa", "ambas"]
    desde: Day
    hasta: Day | None = None
    acto: str


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
    "registro.importado": RecordImported,
    "serie.abierta": SeriesOpened,
    "punto.alta": PointAdmitted,
    "persona.alta": PersonAdded,
    "persona.cambiada": PersonAdded,
    "area.alta": AreaAdded,
    "catalogo.publicado": CataloguePublished,
    "anulacion.solicitada": AnnulmentAsked,
    "anulacion.negada": AnnulmentDenied,
    "radicado.anulado": NumberAnnulled,
    "radicado.rectificado": FieldsRectified,
    "ajuste_reloj": ClockAdjusted,
    "ajuste_reloj.ratificado": ClockRatified,
    "vigencia.abierta": YearOpened,
    "vigencia.cerrada": YearClosed,
    "dia.cerrado": DayClosed,
    "documento.expedido": DocumentIssued,
    "restauracion": Restored,
    "epoca.cerrada": EpochClosed,
    "respaldo.hecho": BackedUp,
    "bifurcacion.conservada": ForkKept,
    "punto.llave": PointKeyed,
    "clave.revocada": KeyRevoked,
    "clave.frase": PassphraseChanged,
    "encargo": StandIn,
    "firma.autorizada": SigningGranted,
    **absences.TYPES,
    **tramite.TYPES,
    **answer.TYPES,
    **reserve.TYPES,
    **dispatch.TYPES,
    **rounds.TYPES,
    **expedientes.TYPES,
    **disposal.TYPES,
    **transfers.TYPES,
    **preserving.TYPES,
    **trd.TYPES,
}
_OPTIONAL = {
    cls: [field.name for field in msgspec.structs.fields(cls) if not field.required]
    for cls in TYPES.values()
}
"""What may be absent, and then is never `null`: one value has one spelling."""
NAMES: dict[type[Fact], str] = {cls: name for name, cls in reversed(TYPES.items())}


def read_fact(kind: str, data: Mapping[str, Any]) -> Fact | None:
    """The typed fact of an event; None for a type this version does not know.

    Raises:
        msgspec.ValidationError: the data are not what the type asks for.
    """
    cls = TYPES.get(kind)
    if cls is None:
        return None
    if None in data.values() and any(data.get(name, "") is None for name in _OPTIONAL[cls]):
        raise msgspec.ValidationError("un campo nulo en vez de ausente")
    return msgspec.convert(data, cls)


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
