"""Which documents of the vault an event names, and which certificate signed them. Pure.

What is verified, read again on a schedule, or found missing is what is named here: a new type that
keeps a document has its case here and nowhere else.
"""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, NamedTuple

from records.answer import Approved, Presented
from records.dispatch import Notified, OfAttempt, Sent
from records.disposal import Agreed, Certified, Proposed, Published
from records.events import (
    CataloguePublished,
    DayClosed,
    DocumentIssued,
    DocumentReceived,
    ImageFiled,
    NumberAssigned,
    RecordSealed,
    YearClosed,
)
from records.expedientes import Closed, Received
from records.imported import RecordImported
from records.preserving import FundListed, RecordMigrated, VaultReviewed
from records.reserve import PublicVersion
from records.rounds import RoundMade, SheetReturned
from records.tramite import Assigned
from records.transfers import Accepted
from records.trd import TableAdopted

if TYPE_CHECKING:
    from collections.abc import Iterator


class Paper(NamedTuple):
    """A document that an event names."""

    sha256: str
    certificado: str | None = None
    """Of the certificate that signed it, for what is a signed PDF."""
    nombre: str = ""
    """What a finding calls it; empty: by the event's subject."""


_NAMELESS = frozenset({NumberAssigned, Assigned, NoneType})
"""The most frequent of what names no document, told apart at once."""


def papers(fact: object) -> Iterator[Paper]:
    """The documents that *fact* names, in the order of its fields."""
    if type(fact) in _NAMELESS:
        return
    match fact:
        case RecordSealed():
            yield Paper(fact.sha256, fact.certificado, fact.radicado)
        case DocumentIssued() | DayClosed() | YearClosed() | Certified():
            yield Paper(fact.documento, fact.certificado)
        case VaultReviewed():
            yield Paper(fact.informe, fact.certificado)
        case Proposed():
            yield Paper(fact.inventario, fact.certificado)
        case Accepted():
            yield Paper(fact.acta, fact.certificado)
            if fact.recibo is not None:
                yield Paper(fact.recibo)
        case Closed():
            yield Paper(fact.indice)
            if fact.hoja is not None:
                yield Paper(fact.hoja)
        case RecordImported():
            yield from (Paper(digest) for _, digest in fact.named)
            yield Paper(fact.lote)
        case CataloguePublished(catalogo="ca"):
            return  # a certificate of the key folder, not a document
        case _:
            one = _unsigned(fact)
            if one is not None:
                yield Paper(one)


def _unsigned(fact: object) -> str | None:
    """The one document of what names one at most, and no certificate."""
    match fact:
        case DocumentReceived() | Presented():
            return fact.sha256
        case (
            ImageFiled()
            | PublicVersion()
            | SheetReturned()
            | Approved()
            | CataloguePublished()
            | TableAdopted()
        ):
            return fact.sha256
        case RoundMade() | FundListed() | Published() | Agreed():
            return fact.documento
        case Received():
            return fact.trd
        case RecordMigrated():
            return fact.a
        case Sent() | OfAttempt() | Notified():
            return fact.prueba
    return None


def reading(fact: object) -> str | None:
    """The reading (OCR's text) that *fact* names, by the hash of its file in `lecturas/`."""
    match fact:
        case RecordSealed() | ImageFiled() | Presented():
            return fact.lectura
    return None
