"""What another system numbered: the fact of a record imported, declared and unverified; pure.

It is no number of ours: it takes no place in a series, gets no seal, and no term runs. Who may see
it is said as of any record, notes are kept with it, its documents may take another format; nothing
else follows (`MAY_FOLLOW`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec

from records import lines
from records.disposal import RecordErased
from records.fact import Clase, Fact, Hash
from records.preserving import RecordMigrated
from records.reserve import OfAccess
from records.tramite import Noted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Origin = Literal["orfeo", "paquete"]
Role = Literal[
    "original", "anexo", "registro", "acuse", "acta", "constancia", "version_publica", "migracion"
]
ORIGINS: dict[str, str] = {"orfeo": "Orfeo", "paquete": "un paquete de transferencia"}
"""From where records come, as people read it."""
UNVERIFIED = "importado_sin_verificar"
"""The mark of such a record."""
STATE = "importado"
NUMBER = re.compile(r"[0-9A-Z][0-9A-Z._-]{0,59}")
"""A number that another system wrote: it becomes a name of files, and holds no names of people."""
HISTORY = "historia"
"""The role of the document that holds what the other system told of a record's way."""
MAY_FOLLOW = (Noted, OfAccess, RecordErased, RecordMigrated)


class RecordImported(Fact, frozen=True, kw_only=True):
    """`registro.importado`: a record as another system told it, its number included."""

    radicado: str
    origen: Origin
    clase: Clase
    """`E`, `S`, `I` as that system said."""
    fecha: str | None = None
    """When it was numbered there, an instant or a day; None: what was told cannot be."""
    recibido: str | None = None
    tipo: str | None = None
    canal: str | None = None
    dependencia: str | None = None
    responsable: str | None = None
    vence: str | None = None
    """The end of its term as that system reckoned it: told, never counted."""
    folios: int | None = None
    expediente: str | None = None
    """The number of its expediente there."""
    anulado: bool = False
    documentos: list[tuple[Role, Hash]] = msgspec.field(default_factory=list)
    """(role, SHA-256) of what came with it."""
    historia: Hash | None = None
    """A JSON document of the vault: the way that it took there, as declared."""
    lote: Hash
    """The manifest of the import, in the vault: from which file it came."""

    @property
    def hour(self) -> str:
        """The instant of its number as lists sort by it; "" where nobody knows."""
        known = self.fecha or ""
        return f"{known}T00:00:00.000-05:00" if lines.is_day(known) else known

    @property
    def named(self) -> list[tuple[str, str]]:
        """(role, SHA-256) of all its documents but the manifest."""
        told = [] if self.historia is None else [(HISTORY, self.historia)]
        return [*((str(rol), digest) for rol, digest in self.documentos), *told]


def mark(origen: str) -> str:
    """What stands beside such a record wherever it is shown."""
    return f"importado de {ORIGINS.get(origen, origen)}, sin verificar"


def is_time(text: str) -> bool:
    """Whether *text* is an instant as the journal writes it, or a day."""
    return lines.is_stamp(text) or lines.is_day(text)


def offences(
    fact: RecordImported, subject: str, own: str, numbers: Mapping[str, str]
) -> Iterator[str]:
    """What an import breaks; *own* is the subject of its own seq, *numbers* radicado → subject of
    those that the log gave or took in."""
    if subject != own:
        yield f"{fact.radicado} se importa en un asunto que no es el suyo."
    if fact.radicado in numbers:
        yield f"{fact.radicado} se repite."
    if not NUMBER.fullmatch(fact.radicado):
        yield f"{fact.radicado[:60]!r} no sirve como número de otro sistema."
    told = (fact.fecha, fact.recibido, fact.vence)
    if not all(is_time(one) for one in told if one is not None):
        yield f"{fact.radicado} se importa con una fecha que no existe."
