"""The documents of an expediente as its índice lists them: which, in what order, on which pages.

Of a record: its signed PDF/A (or the original, where there is none), then what came to it later,
the acta that annulled it. What people took with them and its public version are no part of it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from records import identity, lines, rounds
from retention.hoja import Row
from retention.indice import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from records.expedientes import Expediente, Member
    from records.office import Office
    from records.state import Document, State
    from retention.indice import Origin

LATER = ("acuse", "acta", "anexo", "migracion")
UNTYPED = "Sin tipo documental"
FORMATS = {"pdf": "PDF", "tif": "TIFF", "tiff": "TIFF", "jpg": "JPEG", "jpeg": "JPEG"}


class Content(msgspec.Struct, frozen=True):
    """A document of an expediente, with where its bytes lie."""

    item: Item
    radicado: str
    rol: str
    path: Any
    """`pathlib.Path` of the vault's file."""


def contents(office: Office, state: Expediente) -> list[Content]:
    """The documents of an expediente, in the order in which they were filed.

    Raises:
        Damaged: one of them is not in the vault.
    """
    out: list[Content] = []
    page = 0
    for member in state.miembros:
        if member.radicado is None:
            continue
        record = office.estado(office.subject(member.radicado, imported=True))
        for n, document in enumerate(listed(record)):
            path = office.vault.place(document.sha256)
            pages = document.paginas or pages_of(path)
            first = page + 1 if pages else None
            page += pages
            item = Item(
                id=member.radicado if n == 0 else f"{member.radicado}/{document.rol}-{n}",
                nombre=_title(office, record, document, n),
                tipologia=member.tipo or UNTYPED,
                creado=_instant(record.recibido or record.fecha or member.incorporado),
                incorporado=member.incorporado,
                huella=document.sha256,
                orden=len(out) + 1,
                pagina_inicio=first,
                pagina_fin=page if pages else None,
                formato=format_of(document, path),
                tamano=path.stat().st_size,
                origen=origin_of(record),
            )
            out.append(Content(item, member.radicado, document.rol, path))
    return out


def _instant(when: str) -> str:
    """A time as the index says it; of what was imported, the day alone may be known."""
    return f"{when}T00:00:00.000-05:00" if lines.is_day(when) else when


def listed(record: State) -> Iterator[Document]:
    """The documents of a record that its file is made of."""
    roles = [d.rol for d in record.documentos]
    first = "registro" if "registro" in roles else "original"
    main = [d for d in record.documentos if d.rol == first][-1:]
    yield from main
    yield from (d for d in record.documentos if d.rol in LATER)


def _title(office: Office, record: State, document: Document, n: int) -> str:
    """What a document is about, or the word that stands for what is withheld."""
    radicado = record.radicado
    about = office.withheld(record)
    if about is None:
        about = str(identity.public(record).campos.get("asunto") or "")
    name = f"{radicado} {about}".strip()
    return name if n == 0 else f"{name} ({document.rol})"


def origin_of(record: State) -> Origin:
    """Whether it came on paper and was scanned."""
    number = record.numero
    own = number is not None and number.aprobacion is not None
    channel = record.publicos.get("canal")
    return "Digitalizado" if not own and channel in rounds.PAPER else "Electrónico"


def format_of(document: Document, path: Path) -> str:
    """The format by its name; of a registro, the profile that it was checked for."""
    ending = path.suffix.lstrip(".").lower()
    if document.rol == "registro":
        return "PDF/A-2b"
    return FORMATS.get(ending, ending.upper() or "BIN")


def pages_of(path: Path) -> int:
    """Pages of a document that nobody counted; 0 where it has none that can be told."""
    import pikepdf
    from PIL import Image, UnidentifiedImageError

    try:
        if path.suffix.lower() == ".pdf":
            with pikepdf.open(path) as pdf:
                return len(pdf.pages)
        with Image.open(path) as image:
            return int(getattr(image, "n_frames", 1))
    except (pikepdf.PdfError, UnidentifiedImageError, OSError, ValueError):
        return 0


def waiting(office: Office, radicados: Iterable[str]) -> tuple[list[str], list[str]]:
    """(records whose document is not there yet, petitions that wait for their answer)."""
    pending, unanswered = [], []
    for radicado in radicados:
        record = office.estado(office.subject(radicado, imported=True))
        if record.imagen_pendiente or record.sello_pendiente:
            pending.append(radicado)
        if record.anulado is None and record.tramite.waits() and record.due is not None:
            unanswered.append(radicado)
    return pending, unanswered


def newest_day(office: Office, member: Member) -> str:
    """The day of something that lies in an expediente: of a record when it came, else when it got
    its number; of a paper its own, or the one on which it was put there."""
    if member.radicado is None:
        return member.fecha or member.incorporado[:10]
    record = office.estado(office.subject(member.radicado, imported=True))
    return (record.recibido or record.fecha or member.incorporado)[:10]


def control_rows(office: Office, state: Expediente) -> list[Row]:
    """The rows of an expediente's hoja de control: all that lies in it, its folios in one run."""
    out: list[Row] = []
    last = 0
    for member in state.miembros:
        leaves = member.folios or 0
        first, last = last + 1, last + leaves
        when = newest_day(office, member)
        text = member.tipo or UNTYPED
        if member.radicado is not None:
            text = f"{text} · {member.radicado}"
        out.append(
            Row(
                text,
                date.fromisoformat(when),
                first if leaves else None,
                last if leaves else None,
                member.descripcion,
            )
        )
    return out
