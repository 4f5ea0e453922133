"""Disposal (eliminación) of expedientes: its facts, the fold of one, the rule of a sample. Pure.

Nothing is erased by itself or by one person: what met its retention is proposed with an inventory,
published, its observations are answered, a committee approves it in an acta, and two persons sign
with keys of their own (Decreto 1080 de 2015, art. 2.8.2.2.5; Acuerdo 001 de 2024, art. 4.5.4). What
is erased leaves a tombstone on its own subject: a fact that names what was there by its hashes.
Rules of a log: `records.disposing`; the erasing: `records.erasure`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from records.fact import Act, Day, Fact, Hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from records.events import Event

SERIES = "ELM"
"""The class of the disposals' own series."""
MOST = 500
"""Expedientes of one proposal: its line has to stay under 64 KiB."""
MOST_HASHES = 350
"""Hashes of each kind that one tombstone names; a record with more has several."""
KEEPERS = ("archivista",)
"""Who gives the first signature."""
HEADS = ("jefe_area", "jefe_correspondencia", "admin")
"""Who gives the second, another person."""
RULE: Literal["sha256-v1"] = "sha256-v1"
"""The rule by which a sample is drawn: `keeps`."""
Count = Annotated[int, msgspec.Meta(ge=1)]
Many = Annotated[int, msgspec.Meta(ge=0)]
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
Step = Literal[
    "propuesta", "publicada", "aprobada", "firmada", "ejecutada", "eliminada", "retirada"
]  # fmt: skip


# -- facts ----------------------------------------------------------------------------------------


class OfDisposal(Fact, frozen=True):
    """What happens to a disposal, which it names."""

    eliminacion: str


class Stratum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of one serie of a proposal."""

    serie: str
    porcentaje: Percent
    conservados: list[str]
    """Its expedientes that are kept, in the order of their rank."""


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A selection (S) as anybody can draw it again."""

    regla: Literal["sha256-v1"]
    tamano: Many
    raiz: Hash
    """Size and root of the log's tree when it was drawn: nobody chose them."""
    semilla: Hash
    grupos: list[Stratum]

    @property
    def conservados(self) -> list[str]:
        """All expedientes that are kept."""
        return [one for stratum in self.grupos for one in stratum.conservados]


class Proposed(OfDisposal, frozen=True):
    """`eliminacion.propuesta`: the inventory of what met its retention; why lies in the ficha."""

    vigencia: int
    n: int
    anterior: int | None
    """The seq of the disposal before in that year; None for the first."""
    expedientes: list[str]
    inventario: Hash
    """Of the signed PDF."""
    certificado: Hash
    muestra: Sample | None = None


class Published(OfDisposal, frozen=True):
    """`eliminacion.publicada`: the inventory stands on the website, from a day to a day."""

    desde: Day
    hasta: Day
    documento: Hash
    """The page as it was published."""


class Observed(OfDisposal, frozen=True):
    """`eliminacion.observada`: somebody objected; who and what lie in the ficha."""

    n: Count


class Resolved(OfDisposal, frozen=True):
    """`eliminacion.resuelta`: the answer to an observation; its reasons lie in the ficha."""

    n: Count
    acoge: bool
    excluye: list[str] = msgspec.field(default_factory=list)
    """Expedientes that it takes out of the disposal."""


class Agreed(OfDisposal, frozen=True):
    """`eliminacion.aprobada`: the committee's acta of a day."""

    acta: str
    fecha: Day
    documento: Hash | None = None


class Signed(OfDisposal, frozen=True):
    """`eliminacion.firmada`: the first person's signature; nothing is erased by it."""

    acto: Act


class Executed(OfDisposal, frozen=True):
    """`eliminacion.ejecutada`: the second person's signature, which orders the erasure."""

    firma: Hash
    """The line hash of the first person's."""
    acto: Act


class Fulfilled(OfDisposal, frozen=True):
    """`eliminacion.cumplida`: all that the tombstones name was erased, and looked for again."""

    documentos: Many
    fichas: Many


class Certified(OfDisposal, frozen=True):
    """`eliminacion.certificada`: the acta de eliminación, signed, after it was looked for again."""

    documento: Hash
    certificado: Hash


class Withdrawn(OfDisposal, frozen=True):
    """`eliminacion.retirada`: it is given up; why lies in the ficha."""


class RecordErased(Fact, frozen=True):
    """`registro.eliminado`, on a record: what was erased of it, by hash."""

    radicado: str
    eliminacion: str
    orden: Hash
    """The line hash of the `eliminacion.ejecutada`."""
    documentos: list[Hash] = msgspec.field(default_factory=list)
    fichas: list[Hash] = msgspec.field(default_factory=list)

    def joined(self, more: RecordErased) -> RecordErased:
        """This tombstone and the next one of the same record."""
        return msgspec.structs.replace(
            more,
            documentos=[*self.documentos, *more.documentos],
            fichas=[*self.fichas, *more.fichas],
        )


TYPES: dict[str, type[Fact]] = {
    "eliminacion.propuesta": Proposed,
    "eliminacion.publicada": Published,
    "eliminacion.observada": Observed,
    "eliminacion.resuelta": Resolved,
    "eliminacion.aprobada": Agreed,
    "eliminacion.firmada": Signed,
    "eliminacion.ejecutada": Executed,
    "eliminacion.cumplida": Fulfilled,
    "eliminacion.certificada": Certified,
    "eliminacion.retirada": Withdrawn,
    "registro.eliminado": RecordErased,
}


def subject_of(numero: str) -> str:
    """The subject of a disposal's events."""
    return f"eliminacion.{numero}"


# -- the sample -----------------------------------------------------------------------------------


def seed(numero: str, raiz: str) -> str:
    """What a sample is drawn by: the proposal's number and the root of the log's tree."""
    return hashlib.sha256(f"{numero}\n{raiz}".encode()).hexdigest()


def keeps(semilla: str, universe: Iterable[str], percent: int) -> list[str]:
    """The expedientes that are kept: the first of a rank that nobody can choose, rounded up."""
    ranked = sorted(
        universe, key=lambda one: (hashlib.sha256(f"{semilla}\n{one}".encode()).hexdigest(), one)
    )
    return ranked[: -(-len(ranked) * percent // 100)]


# -- a disposal -----------------------------------------------------------------------------------


class Observation(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody objected, and the answer to it."""

    n: int
    fecha: str
    actor: str
    quien: str = ""
    texto: str = ""
    acoge: bool | None = None
    """None: nobody has answered it yet."""
    motivo: str = ""
    excluye: list[str] = []
    respondida: str | None = None


class Disposal(msgspec.Struct):
    """What the events of a disposal amount to."""

    hecha: Proposed
    fecha: str
    actor: str
    punto: str
    motivo: str = ""
    publicada: Published | None = None
    observaciones: list[Observation] = []
    aprobada: Agreed | None = None
    firmada: Signed | None = None
    firma: str | None = None
    """The line hash of the first signature."""
    ejecutada: Executed | None = None
    orden: str | None = None
    """The line hash of the second signature: what the tombstones name."""
    ordenada: str | None = None
    """When it was given."""
    cumplida: Fulfilled | None = None
    certificada: Certified | None = None
    retirada: str | None = None
    """Why it was given up."""
    desconocida: bool = False
    """An event of a type from a newer version: read-only here."""

    @property
    def numero(self) -> str:
        """Its number as it is written."""
        return self.hecha.eliminacion

    @property
    def estado(self) -> Step:
        """How far it is."""
        if self.retirada is not None:
            return "retirada"
        if self.ejecutada is not None:
            return "ejecutada" if self.cumplida is None else "eliminada"
        steps: tuple[tuple[object, Step], ...] = (
            (self.firmada, "firmada"), (self.aprobada, "aprobada"), (self.publicada, "publicada"),
        )  # fmt: skip
        return next((name for said, name in steps if said is not None), "propuesta")

    @property
    def excluidos(self) -> list[str]:
        """Expedientes that an observation took out of it."""
        return [one for o in self.observaciones for one in o.excluye]

    @property
    def conservados(self) -> list[str]:
        """Expedientes that the sample keeps."""
        return self.hecha.muestra.conservados if self.hecha.muestra is not None else []

    @property
    def condenados(self) -> list[str]:
        """The expedientes that are erased: those proposed that nothing keeps."""
        kept = {*self.excluidos, *self.conservados}
        return [one for one in self.hecha.expedientes if one not in kept]

    @property
    def sin_responder(self) -> list[int]:
        """The observations that nobody has answered."""
        return [o.n for o in self.observaciones if o.acoge is None]


def fold(events: Iterable[Event]) -> Disposal | None:
    """The disposal that *events*, in the log's order, tell; None where none proposes one."""
    out: Disposal | None = None
    for event in events:
        fact = event.fact
        if isinstance(fact, Proposed):
            out = Disposal(fact, event.at, event.actor, event.punto, _told(event, "motivo"))
        elif out is not None:
            _apply(out, event, fact)
    return out


def _told(event: Event, name: str) -> str:
    return str((event.ficha or {}).get(name, ""))


def _apply(state: Disposal, event: Event, fact: Fact | None) -> None:
    match fact:
        case Published():
            state.publicada = fact
        case Observed():
            who, text = _told(event, "quien"), _told(event, "texto")
            one = Observation(fact.n, event.at, event.actor, who, text)
            state.observaciones = [*state.observaciones, one]
        case Resolved():
            state.observaciones = [
                _answered(o, event, fact) if o.n == fact.n else o for o in state.observaciones
            ]
        case Agreed():
            state.aprobada = fact
        case Signed():
            state.firmada, state.firma = fact, event.hash
        case Executed():
            state.ejecutada, state.orden, state.ordenada = fact, event.hash, event.at
        case Fulfilled():
            state.cumplida = fact
        case Certified():
            state.certificada = fact
        case Withdrawn():
            state.retirada = _told(event, "motivo") or "sin motivo"
        case None:
            state.desconocida = True


def _answered(one: Observation, event: Event, fact: Resolved) -> Observation:
    return msgspec.structs.replace(
        one,
        acoge=fact.acoge,
        motivo=_told(event, "motivo"),
        excluye=fact.excluye,
        respondida=event.at,
    )
