"""What somebody wrote becomes a letter to be signed: original kept, PDF/A made and checked.

A file goes the way of all that comes in: a limited child reads it, whatever it is; the office's own
files may be hostile too, since they quote and attach what others sent. A template is filled first.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ingest.lectura import Unreadable
from ingest.sniff import extension_of
from records import letterdata, letters, lines
from records.composing import Made
from records.errors import Refused, reason
from records.presenting import Directed
from records.templates import KINDS, Template, Templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.backroom import Backroom

MAX_BYTES = 200_000_000


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter is made of: a file, or a template and what is put into its fields."""

    archivo: Path | None = None
    plantilla: str | None = None
    a: Sequence[str] = ()
    """Radicados that it answers: the first one fills the fields."""
    campos: Mapping[str, str] = {}
    dirigida: Directed
    """Who signs it and whom it is for: its text says so."""
    asunto: str = ""


def made_of(room: Backroom, draft: Draft) -> Made:
    """What `Office.presentar` takes.

    Raises:
        Refused: there is no such file or template, it cannot be read, or a field has no value.
        MachineCannot: it is of an office program that this machine lacks.
    """
    template = _template(room, draft)
    if template is None:
        assert draft.archivo is not None
        return _made_from(room, _read(draft.archivo), draft.archivo.name)
    return _written(room, template, draft)


def _template(room: Backroom, draft: Draft) -> Template | None:
    """The template that is filled; a file that an office program or a person typed is one too."""
    if draft.plantilla is not None:
        return Templates(room.office.home, room.office.disk).find(draft.plantilla)
    path = draft.archivo
    if path is None:
        raise Refused("sin_carta", "Diga qué carta: --archivo, --plantilla o --en-papel.")
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        return None
    _read(path)
    return Template(path.stem, kind, str(path))


def _written(room: Backroom, template: Template, draft: Draft) -> Made:
    from ingest import drafting

    office, at = room.office, lines.now()
    made = drafting.letter(
        office.settings, template, _values(room, draft), at=at, asunto=draft.asunto
    )
    office.avisos += made.avisos
    out = _made_from(room, made.pdf, f"{template.nombre}.pdf")
    own = template.tipo in ("texto", "html")
    return msgspec.structs.replace(out, hueco=letters.stamp_room(office.settings)) if own else out


def _values(room: Backroom, draft: Draft) -> dict[str, str]:
    office, at, to = room.office, lines.now(), draft.dirigida
    if draft.a:
        record = office.ver(draft.a[0], content=True)
        values = letterdata.values_of(record, office.authority, office.settings, at, to.firmante)
    else:
        values = letterdata.of_office(office.settings, at)
    values |= letterdata.of_signer(office.authority, to.dependencia, to.firmante)
    values |= letterdata.addressed(to.para, own=to.propio)
    writer = office.authority.personas.get(office.persona or "")
    if writer is not None:
        values["proyecto"] = writer.nombre
    asunto = {"asunto": draft.asunto} if draft.asunto else {}
    return {**values, **asunto, **draft.campos}


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused("muy_grande", f"{path.name} es demasiado grande para una carta.")
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            "sin_archivo", f"No se puede leer {path} ({reason(error)}).", consejo="Revise la ruta."
        ) from error


def _made_from(room: Backroom, data: bytes, name: str) -> Made:
    suffix = extension_of(data[:4096]) or "bin"
    digest = room.office.vault.put(data, suffix)
    kept = room.office.vault.find(digest)
    assert kept is not None
    try:
        reading, pdf = room.reader.read(kept)
    except Unreadable as error:
        raise Refused(
            "carta_ilegible",
            f"{name} no sirve como carta: {error.mensaje}",
            consejo="Preséntela en PDF, o como imagen.",
        ) from error
    return Made(
        digest,
        room.office.vault.put(pdf, "pdf"),
        suffix,
        len(reading.paginas),
        reading.hueco,
        room.readings.keep_text(reading),
    )
