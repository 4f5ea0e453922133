"""Transfers of expedientes from archive to archive: their facts, and the fold of one. Pure.

What is sent is a package that proves itself; the source keeps all until the other side has hashed
it again and accepted (Ley 594 de 2000, art. 22; Decreto 1515 de 2013, art. 12). What may be said of
one is in `retention.transfer`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from records.expedientes import Passed
from records.fact import Fact, Hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from records.events import Event

SERIES = "TRF"
"""The class of the transfers' own series."""
Kind = Literal["primaria", "secundaria"]
KINDS: tuple[Kind, ...] = ("primaria", "secundaria")
PHASE: dict[Kind, Literal["central", "historico"]] = {
    "primaria": "central",
    "secundaria": "historico",
}
"""Where what a transfer brought lies from its acceptance on."""


class OfTransfer(Fact, frozen=True):
    """What happens to a transfer, which it names."""

    transferencia: str


class Prepared(OfTransfer, frozen=True):
    """`transferencia.preparada`: its package was written and read back; where to, and why before
    its time, lie in the ficha."""

    vigencia: int
    n: int
    anterior: int | None
    """The seq of the transfer before in that year; None for the first."""
    tipo: Kind
    expedientes: list[str]
    paquete: Hash
    """SHA-256 of the package's `tagmanifest-sha256.txt`, or of the root `METS.xml` of one after
    E-ARK, which fixes all of it."""


class Accepted(OfTransfer, frozen=True):
    """`transferencia.aceptada`: the receiving side hashed the package again and took it."""

    paquete: Hash
    acta: Hash
    certificado: Hash
    """With which the acta is signed."""
    recibo: Hash | None = None
    """Of another home's signed word that it took it; None: this home is also the receiving one."""


class SentBack(OfTransfer, frozen=True):
    """`transferencia.devuelta`: the receiving side did not take it; its reasons in the ficha."""


class PackageTaken(Fact, frozen=True):
    """`paquete.recibido`: a package of another home was hashed again and taken into this one."""

    paquete: Hash
    transferencia: str
    """Its number there."""
    log: str
    """The log that the number is of."""
    entidad: str
    expedientes: list[str]


TYPES: dict[str, type[Fact]] = {
    "transferencia.preparada": Prepared,
    "transferencia.aceptada": Accepted,
    "transferencia.devuelta": SentBack,
    "paquete.recibido": PackageTaken,
}


class Transfer(msgspec.Struct):
    """What the events of a transfer amount to."""

    hecha: Prepared
    fecha: str
    actor: str
    destino: str = ""
    motivo: str = ""
    aceptada: Accepted | None = None
    recibida: str | None = None
    """When it was accepted or sent back."""
    devuelta: str | None = None
    """The reasons for which it was sent back."""
    desconocida: bool = False

    @property
    def numero(self) -> str:
        """Its number as it is written."""
        return self.hecha.transferencia

    @property
    def estado(self) -> str:
        """`preparada`, `aceptada` or `devuelta`."""
        if self.aceptada is not None:
            return "aceptada"
        return "preparada" if self.devuelta is None else "devuelta"


def subject_of(numero: str) -> str:
    """The subject of a transfer's events."""
    return f"transferencia.{numero}"


def package_subject(paquete: str) -> str:
    """The subject of a package that came from elsewhere."""
    return f"paquete.{paquete[:16]}"


def fold(events: Iterable[Event]) -> Transfer | None:
    """The transfer that *events*, in the log's order, tell; None where none prepares one."""
    out: Transfer | None = None
    for event in events:
        fact, told = event.fact, event.ficha or {}
        if isinstance(fact, Prepared):
            where, why = str(told.get("destino", "")), str(told.get("motivo", ""))
            out = Transfer(fact, event.at, event.actor, where, why)
        elif out is None:
            continue
        elif isinstance(fact, Accepted):
            out.aceptada, out.recibida = fact, event.at
        elif isinstance(fact, SentBack):
            out.devuelta, out.recibida = str(told.get("motivo", "")), event.at
        elif fact is None:
            out.desconocida = True
    return out


# -- what a log must keep -------------------------------------------------------------------------


@dataclass(slots=True)
class Transfers:
    """The transfers of a log, line by line: what passes was in one that was accepted."""

    known: dict[str, Prepared] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    passed: set[tuple[str, str]] = field(default_factory=set)

    def take(self, fact: Fact | None) -> Iterator[str]:
        """What *fact* breaks, in Spanish."""
        match fact:
            case Prepared():
                if not fact.expedientes or len(set(fact.expedientes)) < len(fact.expedientes):
                    yield f"{fact.transferencia} está vacía o repite un expediente."
                self.known[fact.transferencia] = fact
            case Accepted() | SentBack():
                name, made = fact.transferencia, self.known.get(fact.transferencia)
                if made is None or name in self.ended:
                    yield f"Se recibe {name}, que no existe o ya se había recibido."
                elif isinstance(fact, Accepted) and fact.paquete != made.paquete:
                    yield f"Se acepta de {name} otro paquete que el suyo."
                self.ended.add(name)
                if isinstance(fact, Accepted):
                    self.accepted.add(name)
            case Passed():
                yield from self._pass(fact)

    def _pass(self, fact: Passed) -> Iterator[str]:
        made = self.known.get(fact.transferencia)
        own = (fact.transferencia, fact.expediente)
        if made is None or fact.transferencia not in self.accepted:
            yield f"{fact.expediente} pasa por {fact.transferencia}, que nadie aceptó."
        elif fact.expediente not in made.expedientes or own in self.passed:
            yield f"{fact.expediente} no iba en {fact.transferencia}, o pasa dos veces."
        elif PHASE[made.tipo] != fact.fase:
            yield f"{fact.expediente} pasa a otro archivo que el de {fact.transferencia}."
        self.passed.add(own)
