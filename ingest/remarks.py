"""What a PDF carries beside its pages, told so that nobody looks for it in the archive copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

from ingest.firmas import safe
from ingest.scans import ODD_OBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_NAMES = 6
"""Attachments that are named; of the others it is told how many they are."""
LONGEST_NAME = 60
ACTING = (Name.Launch, Name.SubmitForm, Name.ImportData)
SILENT = (Name.Text, Name.FreeText, Name.Highlight, Name.Underline, Name.StrikeOut, Name.Squiggly)
"""Annotations whose words may stand nowhere on the page."""


@dataclass(slots=True)
class Remarks:
    """Notes for the record, and whether there are signatures to be checked."""

    notes: list[str]
    signed: bool


@dataclass(slots=True)
class _Found:
    script: bool = False
    acts: bool = False
    signed: bool = False
    unsigned: int = 0
    comments: int = 0
    pasted: list[str] = field(default_factory=list)


def remarks_of(pdf: pikepdf.Pdf) -> Remarks:
    """Look through all objects of *pdf*."""
    found = _Found()
    for top in pdf.objects:
        for item in _dictionaries(top, 4):
            _look(item, found)
    form = pdf.Root.get(Name.AcroForm)
    notes = []
    if found.signed:
        notes.append("Firmado electrónicamente: la firma vale sobre el archivo original.")
    elif found.unsigned:
        notes.append("Tiene un lugar para firmar, sin firma.")
    if isinstance(form, Dictionary) and Name.XFA in form:
        notes.append("Formulario XFA: se conserva su vista impresa.")
    notes += _attached(pdf, found)
    if found.comments:
        comments = _count(found.comments, "comentario", "comentarios")
        notes.append(f"Trae {comments} fuera de la página; el original los conserva.")
    if found.script:
        notes.append("Traía JavaScript; la copia de archivo no lo lleva.")
    if found.acts:
        notes.append("Traía acciones que abren programas o envían datos; la copia no las lleva.")
    return Remarks(notes, found.signed)


def _look(item: pikepdf.Object, found: _Found) -> None:
    action, kind = item.get(Name.S), item.get(Name.Subtype)
    found.script = found.script or action == Name.JavaScript or Name.JS in item
    found.acts = found.acts or action in ACTING
    if kind == Name.FileAttachment:
        spec = item.get(Name.FS, Dictionary())
        found.pasted.append(str(spec.get(Name.UF, spec.get(Name.F, ""))))
    found.comments += kind in SILENT and Name.Contents in item and Name.AP not in item
    found.signed = found.signed or (Name.ByteRange in item and Name.Contents in item)
    found.unsigned += item.get(Name.FT) == Name.Sig and Name.V not in item


def _attached(pdf: pikepdf.Pdf, found: _Found) -> list[str]:
    """The attached files by their names, which are strangers' words."""
    names = _attachments(pdf) or [_name(name) for name in found.pasted]
    if not names:
        return []
    named = ", ".join(f"«{name}»" for name in names[:MOST_NAMES])
    more = f" y {len(names) - MOST_NAMES} más" if len(names) > MOST_NAMES else ""
    files = _count(len(names), "archivo adjunto", "archivos adjuntos")
    return [f"Trae {files}: {named}{more}. No están en la copia; el original los conserva."]


def _attachments(pdf: pikepdf.Pdf) -> list[str]:
    """Names of the attached files; those of a broken list are only counted."""
    try:
        return [_name(str(spec.filename or key)) for key, spec in pdf.attachments.items()]
    except (pikepdf.PikepdfError, *ODD_OBJECTS):
        return ["sin nombre"] * len(pdf.attachments)


def _name(key: str) -> str:
    """A file's name, its folders left out, short enough to be read and with its extension."""
    name = safe(key.replace("\\", "/").rsplit("/", 1)[-1]) or "sin nombre"
    if len(name) <= LONGEST_NAME:
        return name
    tail = PurePosixPath(name).suffix[:12]
    return f"{name[: LONGEST_NAME - len(tail) - 1]}…{tail}"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _dictionaries(item: pikepdf.Object, depth: int) -> Iterator[pikepdf.Object]:
    """An object's dictionary and those written inside it, not those it only refers to."""
    if isinstance(item, Dictionary | pikepdf.Stream):
        yield item
        children = [value for _, value in item.items()]
    elif isinstance(item, Array) and len(item) <= 64:
        children = list(item)
    else:
        return
    for child in children if depth else ():
        nested = isinstance(child, Dictionary | Array)
        if nested and not child.is_indirect:
            yield from _dictionaries(child, depth - 1)
