"""The part of the door for migrations: a document of a record, in a format that lasts, beside it.

Ley 527 de 1999, art. 12: kept as it came, or in a format that shows it exactly, with where it came
from; Decreto 2609 de 2012, art. 26: what is changed to preserve a document is no alteration of it.
So the old document stays and is still named; who migrated it, and by what, is a fact.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import msgspec
import pikepdf

from records import fields, pdfa, reserve
from records.errors import Refused, reason
from records.home import erased
from records.journal import Draft
from records.lines import sha256
from records.preserving import RecordMigrated
from retention.register import RANK, Form, forms
from retention.room import Room, refused
from retention.sniffing import identify, sniff

if TYPE_CHECKING:
    from pathlib import Path

    from records.state import Document, State

KEPT = "Ley 527 de 1999, art. 12"
MAX_FILE = 512 * 2**20
MAX_TOOL = 200
SHORTEST = 8
"""Digits of a hash by which a document is named."""


class Migrated(msgspec.Struct, frozen=True):
    """A migration that was done."""

    radicado: str
    de: str
    a: str
    rol: str
    formato_de: str
    formato_a: str
    nombre_de: str
    nombre_a: str
    archivo: str | None
    evento: str
    avisos: list[str]


class Migrating(Room):
    """Migrations."""

    def migrar(self, radicado: str, documento: str, archivo: Path, herramienta: str) -> Migrated:
        """Keep *archivo* as what a document of a record, named by its role or the beginning of its
        hash, is in another format.

        Raises:
            Refused: who asks is no archivist or may not see it, the record was erased or has no
                such document, or the file is in no better format.
            Damaged: the document itself is not what it was.
        """
        actor, office = self._keeper(), self.office
        tool = fields.clean_text(herramienta)[:MAX_TOOL]
        if not tool:
            raise refused(
                "sin_herramienta", "Diga con qué programa se hizo, y su versión.", KEPT,
                "Así: --herramienta \"LibreOffice 25.2\".",
            )  # fmt: skip
        number = radicado.strip().upper()
        chosen = _chosen(self._record(number), number, documento)
        data = _read(archivo)
        old, new = self._formats_of(chosen, data, archivo)
        notes = _doubts(new, data)
        digest = office.vault.put(data, new.extension)

        def plan(_: object) -> list[Draft]:
            state = self._record(number)
            if any(d.sha256 == digest for d in state.documentos):
                raise refused("ya_migrado", f"{number} ya tiene ese mismo documento.", KEPT)
            fact = RecordMigrated(
                radicado=number,
                de=chosen.sha256,
                a=digest,
                rol=chosen.rol,
                formato_de=old.clave,
                formato_a=new.clave,
                herramienta=tool,
            )
            return [Draft(fact, state.subject, actor)]

        (event,) = office.asentar(plan)
        return Migrated(
            number, chosen.sha256, digest, chosen.rol, old.clave, new.clave, old.nombre, new.nombre,
            office.vault.relative(digest), event.hash, notes,
        )  # fmt: skip

    def _record(self, number: str) -> State:
        """A record that who acts may see, and of which something may be said."""
        office = self.office
        state = office.estado(office.subject(number, imported=True))
        if state.desconocida:
            raise Refused(
                "mas_nuevo",
                f"{number} tiene hechos de una versión más nueva de este programa.",
                consejo="Aquí se consulta; para seguir, actualice el programa.",
            )
        if state.eliminado is not None:
            raise erased(state)
        if not (reserve.may_see(state, office.sight) and office.knows(state)):
            raise refused("reservado", f"Quien actúa no está entre quienes ven {number}.", KEPT)
        return state

    def _formats_of(self, chosen: Document, data: bytes, archivo: Path) -> tuple[Form, Form]:
        """The formats of a document and of what it was migrated to.

        Raises:
            Refused: the second is no better than the first.
        """
        if sha256(data) == chosen.sha256:
            raise refused("mismo_documento", f"{archivo.name} es el mismo documento.", KEPT)
        self.office.vault.read(chosen.sha256)
        path = self.office.vault.place(chosen.sha256)
        old = forms()[sniff(path)]
        new = forms()[identify(data[: 1 << 16], data, archivo.suffix.lstrip(".").lower())]
        if new.estado != "preservacion" and RANK[new.estado] <= RANK[old.estado]:
            target = forms()[old.migrar_a].nombre if old.migrar_a else "PDF/A-2b"
            raise refused(
                "formato_destino",
                f"{archivo.name} es {new.nombre}, que no es mejor que {old.nombre} para conservar.",
                KEPT,
                f"Migre a {target}. «ventanilla formatos» dice cuáles sirven y por qué.",
            )
        return old, new


def _chosen(state: State, number: str, named: str) -> Document:
    """The document of a record that a person names: the newest of a role, or by its hash."""
    word = named.strip().lower()
    found = [d for d in state.documentos if d.rol == word][-1:] or [
        d for d in state.documentos if len(word) >= SHORTEST and d.sha256.startswith(word)
    ]
    if len({d.sha256 for d in found}) != 1:
        held = "; ".join(f"{d.rol} {d.sha256[:12]}" for d in state.documentos) or "ninguno"
        raise refused(
            "sin_documento",
            f"{number} no tiene un documento «{named}», o son varios.",
            KEPT,
            f"Los que tiene: {held}.",
        )
    return found[0]


def _read(path: Path) -> bytes:
    """The bytes of a file that a person gives.

    Raises:
        Refused: it is not there, empty or too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error
    if not data or len(data) > MAX_FILE:
        raise Refused(
            "sin_archivo", f"{path} está vacío, o pasa de {MAX_FILE // 2**20} MiB; nada se guardó."
        )
    return data


def _doubts(new: Form, data: bytes) -> list[str]:
    """What a PDF/A promises and does not keep, as far as it can be checked here.

    Raises:
        Refused: it is a PDF that cannot be opened, or without pages.
    """
    if not new.id.startswith("pdf"):
        return []
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PdfError:
        pages = 0
    if not pages:
        raise refused("pdf_danado", "El PDF está dañado: no se puede abrir.", KEPT)
    found = pdfa.findings(data) if new.id == "pdfa-2b" else []
    return [f"Dice ser PDF/A-2b, y aquí no se pudo comprobar: {one}." for one in found[:1]]
