"""Letters from an office's templates, whatever program wrote them: what commands and doors call."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ingest import office_documents
from records import letters, templates
from records.errors import Refused
from records.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from records.office import Office
    from records.settings import Settings
    from records.templates import Template

EDITORS = ("admin", "jefe_correspondencia", "jefe_area")
"""Who may put a template into an office."""


class Made(msgspec.Struct, frozen=True):
    """A letter as PDF/A-2b, and what a person should know of it."""

    pdf: bytes
    avisos: list[str]


def letter(
    settings: Settings,
    template: Template,
    values: Mapping[str, str],
    *,
    at: datetime,
    asunto: str = "",
    mark: str = "",
) -> Made:
    """The letter that *template* and *values* make.

    *asunto* and *mark* are as in `letters.compose`; a template of an office program says itself
    where its subject stands, and has no mark.

    Raises:
        Refused: a field has no value, or the template is none that can be filled.
        MachineCannot: it needs LibreOffice, which is not there.
    """
    if template.tipo == "texto" or template.tipo == "html":
        notices = (
            letters.footer_notice(settings, at),
            letters.glyph_notice([template.text(), *values.values()]),
        )
        data = letters.compose(
            settings, template.text(), values, kind=template.tipo, at=at, asunto=asunto, mark=mark
        )
        return Made(data, [notice for notice in notices if notice])
    if asunto:
        values = {**values, "asunto": asunto}
    values = {"destinatario": letters.addressee(values), **values}
    return Made(archived(office_documents.to_pdf(template.data(), template.suffix, values)), [])


def archived(pdf: bytes) -> bytes:
    """A PDF of another program as PDF/A-2b, on the way of every document that comes in.

    Raises:
        Refused: it cannot be read.
    """
    from ingest.lectura import Unreadable
    from ingest.reader import Reader

    with tempfile.TemporaryDirectory(prefix="ventanilla-") as name, Reader(workers=1) as reader:
        path = Path(name) / "carta.pdf"
        path.write_bytes(pdf)
        try:
            return reader.read(path)[1]
        except Unreadable as error:
            raise Refused("conversion", error.mensaje) from error


def look(template: Template) -> office_documents.Said:
    """The fields of a template and its text.

    Raises:
        Refused: it is none that can be filled.
    """
    if template.tipo == "texto" or template.tipo == "html":
        text = template.text()
        return office_documents.Said(letters.check(text, template.tipo), text)
    return office_documents.read(template.data(), template.suffix)


def add(office: Office, path: Path, *, replace: bool = False) -> Template:
    """Take the file *path* as a template of *office*; one that could not be filled is refused.

    Raises:
        Refused: that, or who asks may not, or there is one of that name.
    """
    office.authority.require(office.persona, *EDITORS)
    data = templates.read(path)
    look(templates.Template(path.stem, templates.kind_of(path), str(path)))
    return Templates(office.home, office.disk).put(path.name, data, replace=replace)
