"""Preservation: what was re-read and how it was found, what took another format, and what lies in
old collections. Facts, and what a log must keep of them; pure.

Ley 527 de 1999, art. 12: a document is kept as it came, or in a format that shows it exactly; so a
migration adds a document and takes none away. Ley 594 de 2000, art. 26: what was gathered before
any TRD is inventoried too. What may be said is in `retention.preservation`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from records import lines
from records.fact import Fact, Hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.lines import Line

NAMED = 100
"""So many hashes does a fact name of what is damaged or missing; the report names all."""
MIGRATION = "migracion"
"""The role of a document that another one was migrated to."""


class VaultReviewed(Fact, frozen=True, kw_only=True):
    """`integridad.revisada`: every document that the logs name was read again and compared with its
    hash, in one run or in several."""

    desde: str
    """When the first of these runs began; `hasta`: when the last one ended."""
    hasta: str
    documentos: int
    bytes: int
    danados: list[Hash] = msgspec.field(default_factory=list)
    """Those that are not what they were (the first hundred)."""
    danados_total: int = 0
    faltan: list[Hash] = msgspec.field(default_factory=list)
    faltan_total: int = 0
    informe: Hash
    """The report, as a signed PDF."""
    certificado: Hash


class RecordMigrated(Fact, frozen=True, kw_only=True):
    """`registro.migrado`: a document of a record is there in another format too."""

    radicado: str
    de: Hash
    a: Hash
    rol: str
    """That of the document that was migrated."""
    formato_de: str
    """Ids of PRONOM, or of the register where PRONOM has none."""
    formato_a: str
    herramienta: str
    """By what it was made: program and version."""


class FundListed(Fact, frozen=True, kw_only=True):
    """`fondo.inventariado`: an old collection was inventoried; its rows are a JSON document."""

    fondo: str
    filas: int
    documento: Hash


TYPES: dict[str, type[Fact]] = {
    "integridad.revisada": VaultReviewed,
    "registro.migrado": RecordMigrated,
    "fondo.inventariado": FundListed,
}


def review_subject(punto: str) -> str:
    """The subject of a punto's reviews."""
    return f"integridad.{punto}"


def fund_subject(fondo: str) -> str:
    """The subject of an old collection."""
    return f"fondo.{fondo}"


@dataclass(slots=True)
class Preserved:
    """What a log said of preservation, line by line."""

    documents: dict[str, list[str]] = field(default_factory=dict)
    """Subject → its documents beside original and seal."""
    funds: set[str] = field(default_factory=set)

    def add(self, subject: str, digest: str) -> None:
        """A record has one more document."""
        self.documents.setdefault(subject, []).append(digest)

    def migrate(self, line: Line, fact: RecordMigrated, *known: str | None) -> Iterator[str]:
        """What a migration breaks; *known* are the record's original and its seal."""
        subject = line.body.subject
        if fact.de not in known and fact.de not in self.documents.get(subject, ()):
            yield f"Se migra un documento que no es de {fact.radicado}."
        if fact.a == fact.de:
            yield f"Un documento de {fact.radicado} se migra a sí mismo."
        self.add(subject, fact.a)

    def take(self, line: Line, fact: VaultReviewed | FundListed) -> Iterator[str]:
        """What *fact* breaks, in Spanish."""
        if isinstance(fact, FundListed):
            if fact.fondo in self.funds or fact.filas < 1:
                yield f"El fondo {fact.fondo} se inventaría dos veces, o vacío."
            self.funds.add(fact.fondo)
            return
        told = (fact.desde, fact.hasta, line.body.at)
        if not all(map(lines.is_stamp, told)) or list(told) != sorted(told):
            yield f"El evento {line.body.seq} revisa la bóveda en horas imposibles."
        for named, total in ((fact.danados, fact.danados_total), (fact.faltan, fact.faltan_total)):
            if len(set(named)) != min(total, NAMED) or len(named) > NAMED:
                yield f"El evento {line.body.seq} no nombra lo que dice haber encontrado."
        if min(fact.documentos, fact.bytes) < 0 or (
            fact.danados_total + fact.faltan_total > fact.documentos
        ):
            yield f"El evento {line.body.seq} encontró más de lo que revisó."
