"""Expedientes: their facts, and the fold of what befell one. Pure.

An expediente holds all documents of one matter, from the first one on, under a row of the TRD as it
was on that day (Acuerdo 002 de 2014, arts. 4, 5). It takes and gives back documents only while it
is open; closing fixes its índice electrónico and begins its time of retention. What may be said of
one is in `retention`; what a log must keep of them in `records.keeping`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from records.fact import Day, Fact, Hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.events import Event

SERIES = "EXP"
"""The class of the expedientes' own series."""
Count = Annotated[int, msgspec.Meta(ge=1)]
Leaves = Annotated[int, msgspec.Meta(ge=0)]
Medium = Literal["electronico", "fisico", "hibrido"]
MEDIUMS: tuple[Medium, ...] = ("electronico", "fisico", "hibrido")
Phase = Literal["gestion", "central", "historico"]
PLACE = ("caja", "carpeta", "tomo", "estante", "otro")
"""Words for where the paper of an expediente lies."""


# -- facts ----------------------------------------------------------------------------------------


class OfExpediente(Fact, frozen=True):
    """What happens to an expediente, which it names."""

    expediente: str


class Opened(OfExpediente, frozen=True):
    """`expediente.abierto`: under a row of a version of the TRD; its name lies in the ficha."""

    vigencia: int
    n: int
    anterior: int | None
    """The seq of the expediente before in that year; None for the first."""
    serie: str
    trd: Hash
    """The version of the TRD that holds for it all its life."""
    dependencia: str
    soporte: Medium = "electronico"
    responsable: str | None = None


class Received(OfExpediente, frozen=True):
    """`expediente.recibido`: it came closed in a package of another home; what lay in it follows,
    and then its closing as it was there. Its name lies in the ficha."""

    serie: str
    trd: Hash
    """The version of the TRD that holds for it: it came in the package."""
    dependencia: str
    soporte: Medium
    abierto: str
    """The instant of its opening there."""
    transferencia: str
    paquete: Hash
    fase: Phase


class Filed(OfExpediente, frozen=True):
    """`expediente.incorporado`: a record, or a paper that has no number, described in the ficha."""

    orden: Count
    """Counts all that was ever put into it."""
    radicado: str | None = None
    tipo: str | None = None
    """The tipo documental of the TRD."""
    folios: Leaves | None = None
    fecha: Day | None = None
    """Of a paper without a number."""


class Unfiled(OfExpediente, frozen=True):
    """`expediente.retirado`: it was put there by error; why lies in the ficha."""

    orden: Count


class Placed(OfExpediente, frozen=True):
    """`expediente.ubicado`: where its paper lies now; what is not said has no such place."""

    caja: str | None = None
    carpeta: str | None = None
    tomo: str | None = None
    estante: str | None = None
    otro: str | None = None


class Lent(OfExpediente, frozen=True):
    """`expediente.prestado`: its paper is with somebody until a day."""

    hasta: Day
    persona: str | None = None
    """Who is none of the entity's stands by name in the ficha."""


class GivenBack(OfExpediente, frozen=True):
    """`expediente.devuelto`: its paper is back in its place."""


class Referred(OfExpediente, frozen=True):
    """`expediente.referido`: it has to do with another expediente, or with a record elsewhere."""

    con: str


class Occurred(OfExpediente, frozen=True):
    """`expediente.hecho`: the event that its serie names took place; retention runs from it."""

    fecha: Day


class Closed(OfExpediente, frozen=True):
    """`expediente.cerrado`: nothing more goes in or out; its índice is fixed."""

    fecha: Day
    """Of its closing: retention runs from it."""
    documentos: Leaves
    folios: Leaves
    indice: Hash
    certificado: Hash | None = None
    """With which the índice is signed; None: it was closed in another home, and signed there."""
    hoja: Hash | None = None
    """Its hoja de control."""
    abiertas: list[str] = msgspec.field(default_factory=list)
    """Petitions within that waited for an answer (the first hundred); why lies in the ficha."""


class Reopened(OfExpediente, frozen=True):
    """`expediente.reabierto`: with a reason, in the ficha; its retention no longer runs."""


class Held(OfExpediente, frozen=True):
    """`expediente.retenido`: nothing of it is disposed of; ground and motive lie in the ficha."""

    hasta: Day | None = None
    """The last day; None: until somebody lifts it."""


class Released(OfExpediente, frozen=True):
    """`expediente.liberado`: a hold is lifted."""

    retencion: Hash
    """The line hash of the `expediente.retenido`."""


class Passed(OfExpediente, frozen=True):
    """`expediente.transferido`: an archive has accepted it in a transfer."""

    transferencia: str
    fase: Phase


class Gone(OfExpediente, frozen=True):
    """`expediente.eliminado`: it was disposed of by an act; what is left is this and its hashes."""

    eliminacion: str
    orden: Hash
    """The line hash of the `eliminacion.ejecutada` that two persons signed."""
    documentos: list[Hash] = msgspec.field(default_factory=list)
    """Its índices and hojas de control, which told what its documents were about."""
    fichas: list[Hash] = msgspec.field(default_factory=list)
    """Those of its own events that were erased: all but its name's."""


TYPES: dict[str, type[Fact]] = {
    "expediente.abierto": Opened,
    "expediente.recibido": Received,
    "expediente.incorporado": Filed,
    "expediente.retirado": Unfiled,
    "expediente.ubicado": Placed,
    "expediente.prestado": Lent,
    "expediente.devuelto": GivenBack,
    "expediente.referido": Referred,
    "expediente.hecho": Occurred,
    "expediente.cerrado": Closed,
    "expediente.reabierto": Reopened,
    "expediente.retenido": Held,
    "expediente.liberado": Released,
    "expediente.transferido": Passed,
    "expediente.eliminado": Gone,
}


# -- an expediente --------------------------------------------------------------------------------


class Member(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that lies in an expediente."""

    orden: int
    incorporado: str
    actor: str
    radicado: str | None = None
    tipo: str | None = None
    folios: int | None = None
    fecha: str | None = None
    descripcion: str = ""


class Hold(msgspec.Struct, frozen=True, omit_defaults=True):
    """A hold that nobody has lifted; it may have ended by its day."""

    retencion: str
    desde: str
    actor: str
    hasta: str | None = None
    motivo: str = ""
    fundamento: str = ""

    def holds(self, day: str) -> bool:
        """Whether it holds on a day (`AAAA-MM-DD`)."""
        return self.desde[:10] <= day and (self.hasta is None or day <= self.hasta)


class Loan(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who has the paper of an expediente, and until when."""

    desde: str
    hasta: str
    a: str
    motivo: str = ""


class Expediente(msgspec.Struct):
    """What the events of an expediente amount to."""

    abierto: Opened
    fecha: str
    actor: str
    punto: str
    nombre: str = ""
    miembros: list[Member] = []
    """In the order in which they were filed."""
    incorporados: int = 0
    """How many were ever filed, those too that were taken out."""
    ubicacion: dict[str, str] = {}
    prestamo: Loan | None = None
    referencias: list[str] = []
    hecho: str | None = None
    """The day of the event from which retention runs, where the serie names one."""
    recibido: Received | None = None
    """How it came, where it was opened in another home."""
    cerrado: Closed | None = None
    cerrado_en: str = ""
    """When its closing was said: its `fecha` may be of an earlier act."""
    motivo: str = ""
    """Why it was closed, or reopened."""
    cierres: list[Closed] = []
    """All closings, the newest last: an earlier índice is kept."""
    reabierto: str | None = None
    retenciones: list[Hold] = []
    fase: Phase = "gestion"
    transferencias: list[str] = []
    eliminado: Gone | None = None
    desconocida: bool = False
    """An event of a type from a newer version: read-only here."""

    @property
    def numero(self) -> str:
        """Its number as it is written."""
        return self.abierto.expediente

    @property
    def estado(self) -> str:
        """`abierto`, `cerrado` or `eliminado`."""
        if self.eliminado is not None:
            return "eliminado"
        return "abierto" if self.cerrado is None else "cerrado"

    @property
    def radicados(self) -> list[str]:
        """The numbers of the records in it."""
        return [m.radicado for m in self.miembros if m.radicado is not None]

    def held(self, day: str) -> list[Hold]:
        """The holds that are in force on a day."""
        return [hold for hold in self.retenciones if hold.holds(day)]


def subject_of(numero: str) -> str:
    """The subject of an expediente's events."""
    return f"expediente.{numero}"


def fold(events: Iterable[Event]) -> Expediente | None:
    """The expediente that *events*, in the log's order, tell; None where none opens one."""
    out: Expediente | None = None
    for event in events:
        fact = event.fact
        if isinstance(fact, Opened):
            out = Expediente(fact, event.at, event.actor, event.punto, _told(event, "nombre"))
        elif isinstance(fact, Received):
            out = _received(event, fact)
        elif out is not None:
            _apply(out, event, fact)
    return out


def _told(event: Event, name: str) -> str:
    return str((event.ficha or {}).get(name, ""))


def _received(event: Event, fact: Received) -> Expediente:
    """One that came from another home, before what lay in it is told."""
    made = Opened(
        expediente=fact.expediente,
        vigencia=int(fact.abierto[:4]),
        n=0,
        anterior=None,
        serie=fact.serie,
        trd=fact.trd,
        dependencia=fact.dependencia,
        soporte=fact.soporte,
    )
    name = _told(event, "nombre")
    out = Expediente(made, fact.abierto, event.actor, event.punto, name, fase=fact.fase)
    out.recibido = fact
    return out


def _apply(state: Expediente, event: Event, fact: Fact | None) -> None:
    match fact:
        case Filed():
            state.incorporados = fact.orden
            state.miembros = [*state.miembros, _member(event, fact)]
        case Unfiled():
            state.miembros = [m for m in state.miembros if m.orden != fact.orden]
        case Closed():
            state.cerrado, state.motivo = fact, _told(event, "motivo")
            state.cierres, state.cerrado_en = [*state.cierres, fact], event.at
        case Reopened():
            state.cerrado, state.reabierto = None, event.at
            state.motivo = _told(event, "motivo")
        case Occurred():
            state.hecho = fact.fecha
        case Held() | Released():
            _hold(state, event, fact)
        case Passed():
            state.fase = fact.fase
            state.transferencias = [*state.transferencias, fact.transferencia]
        case Gone():
            state.eliminado = fact
        case Placed() | Lent() | GivenBack() | Referred():
            _paper(state, event, fact)
        case None:
            state.desconocida = True


def _member(event: Event, fact: Filed) -> Member:
    return Member(
        orden=fact.orden,
        incorporado=event.at,
        actor=event.actor,
        radicado=fact.radicado,
        tipo=fact.tipo,
        folios=fact.folios,
        fecha=fact.fecha,
        descripcion=_told(event, "descripcion"),
    )


def _hold(state: Expediente, event: Event, fact: Held | Released) -> None:
    if isinstance(fact, Released):
        left = [h for h in state.retenciones if h.retencion != fact.retencion]
        state.retenciones = left
        return
    hold = Hold(
        event.hash,
        event.at,
        event.actor,
        fact.hasta,
        _told(event, "motivo"),
        _told(event, "fundamento"),
    )
    state.retenciones = [*state.retenciones, hold]


def _paper(state: Expediente, event: Event, fact: Placed | Lent | GivenBack | Referred) -> None:
    match fact:
        case Placed():
            said: dict[str, Any] = {name: getattr(fact, name) for name in PLACE}
            state.ubicacion = {name: value for name, value in said.items() if value}
        case Lent():
            to = fact.persona or _told(event, "a")
            state.prestamo = Loan(event.at, fact.hasta, to, _told(event, "motivo"))
        case GivenBack():
            state.prestamo = None
        case Referred():
            state.referencias = [*state.referencias, fact.con]
