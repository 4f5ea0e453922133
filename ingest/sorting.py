"""What follows from the codes of a document: a stack is divided, a labelled paper finds its record.

The rules are careful with what nobody can take back. A document is filed by its label alone only
where no other reading of it is likely; else it stays with a person, with a note that says why.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from ingest import stacks
from records.errors import Refused
from records.events import ReceptionRevived
from records.filing import RECEIPT, Letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ingest.backroom import Backroom
    from ingest.drafts import Draft
    from ingest.facts import PageFacts
    from ingest.lectura import Lectura
    from ingest.stacks import Part
    from records.filing import Labelled
    from records.office import Office

OWN_SCANNER = "fisico"
"""The channel of papers that this office scans itself."""


class Filed(msgspec.Struct, frozen=True):
    """Where a document went by its label."""

    subject: str
    radicado: str
    """Or the planilla whose signed sheet it is."""
    acuse: bool
    planilla: bool = False


# -- stacks ---------------------------------------------------------------------------------------


def split_of(room: Backroom, draft: Draft) -> Callable[[list[PageFacts]], list[Part] | None] | None:
    """How the reader asks whether a draft's file is a stack; None where it is to stay whole.

    Whole stay: a letter that was cut out of a stack, what has its number, and what a person took
    back after it had been divided, who so says that it is one letter.
    """
    claim = _claim(room.office, draft.id)
    revived = any(isinstance(e.fact, ReceptionRevived) for e in room.office.index.events(draft.id))
    if "/" in claim or revived or draft.radicado is not None:
        return None
    return partial(stacks.plan, awaited=partial(_awaited, room.office, draft.id, claim))


def _claim(office: Office, ident: str) -> str:
    reception = office.estado(ident).recepcion
    return reception.reclamo if reception is not None else ""


def _awaited(office: Office, ident: str, claim: str, text: str) -> str | None:
    """What `stacks.plan` asks of a label; only what this office scanned itself is parted by it.

    The image of a letter that a cut kept from being followed by the rest of its stack counts as
    awaited: else the stack would be another one now.
    """
    if not _is_own_scan(office, ident):
        return None
    label = _known(office, text)
    if label is None:
        return _sheet_of(office, text)
    of_this_stack = (label.imagen_de or "").startswith(f"{claim}/")
    awaits = (label.imagen_pendiente or of_this_stack) and not label.constancia
    return label.radicado if awaits else ""


def _is_own_scan(office: Office, ident: str) -> bool:
    reception = office.estado(ident).recepcion
    return reception is not None and reception.canal == OWN_SCANNER


def _known(office: Office, text: str | None) -> Labelled | None:
    """The record that a code names; a forged one names none."""
    try:
        return office.rotulo(text or "")
    except Refused:
        return None


def _sheet_of(office: Office, text: str | None) -> str | None:
    """The planilla whose sheet a code names; a forged one names none."""
    try:
        return office.planilla_rotulada(text or "")
    except Refused:
        return None


def divide(room: Backroom, draft: Draft, parts: list[Part], path: Path) -> list[str]:
    """Receive each letter of the stack at *path* on its own; returns their subjects.

    Raises:
        Unreadable: it cannot be cut without loss; nothing was received.
        Refused: it was numbered or discarded meanwhile; nothing was received.
    """
    with room.reader.cut(path, parts) as files:
        letters = _letters(draft, parts, files)
        subjects = room.office.dividir(draft.id, letters, files[0].suffix.lstrip("."))
    for subject in subjects:
        room.receive_draft(subject)
    room.drafts.remove(draft.id)
    return subjects


def _letters(draft: Draft, parts: list[Part], files: list[Path]) -> Iterator[Letter]:
    """One at a time: a stack may be as large as the memory."""
    for number, (part, file) in enumerate(zip(parts, files, strict=True), start=1):
        yield Letter(
            datos=file.read_bytes(),
            paginas=part.cuales,
            nombre=stacks.name_of(draft.archivo, number, len(parts)),
            pila=f"Parte {number} de {len(parts)} de la pila {draft.archivo or draft.id} "
            f"({draft.id}), {part}.",
        )


# -- labels ---------------------------------------------------------------------------------------


def file_by_label(room: Backroom, draft: Draft, reading: Lectura) -> Filed | None:
    """File a document by the label on its first page; None where it stays a draft, perhaps noted.

    To a number that waits for its image it is that image; to another it is an *acuse*: the signed
    acknowledgment, the copy that came back. A planilla's signed sheet goes to its planilla.
    """
    try:
        sheet = room.office.planilla_rotulada(reading.etiqueta or "")
        if sheet is not None:
            return _file_sheet(room, draft, reading, sheet)
        label = room.office.rotulo(reading.etiqueta or "")
    except Refused as reason:
        _note(room, draft, f"Lleva un rótulo nuestro. {reason.mensaje}")
        return None
    if label is None:
        return None
    why = _doubt(room, draft, reading, label)
    if why is None:
        try:
            event = room.office.incorporar(draft.id, label.radicado, lectura=draft.lectura)
            return Filed(label.subject, label.radicado, event.data.get("rol") == RECEIPT)
        except Refused as refused:
            why = refused.mensaje
    how = f"«ventanilla incorporar {draft.id} {label.radicado}»"
    text = f"Lleva el rótulo de {label.radicado}: {why} Si es suyo, únalo con {how}."
    _note(room, draft, text, label.radicado)
    return None


def _file_sheet(room: Backroom, draft: Draft, reading: Lectura, sheet: str) -> Filed | None:
    """File a signed sheet to its planilla; lines without an outcome are for a person to tell."""
    others = [text for text in reading.otras_etiquetas if text != reading.etiqueta]
    if others:
        why = "también trae el rótulo de otros papeles; sepárelos."
    elif not _is_own_scan(room.office, draft.id):
        why = "llegó de fuera."
    else:
        try:
            event = room.office.devolver_planilla(draft.id, sheet)
            return Filed(event.subject, sheet, acuse=True, planilla=True)
        except Refused as refused:
            how = f"«ventanilla descartar {draft.id} --motivo otro --nota …»"
            why = f"Lleva el código de la planilla {sheet}: {refused.mensaje}"
            _note(room, draft, f"{why} Si lo es, no se une ni se radica: {how}.")
            return None
    how = f"«ventanilla incorporar {draft.id} {sheet}»"
    _note(room, draft, f"Lleva el código de la planilla {sheet}: {why} Si lo es, únalo con {how}.")
    return None


def _doubt(room: Backroom, draft: Draft, reading: Lectura, label: Labelled) -> str | None:
    """Why a person has to say what a labelled document is; None where it is clear.

    A paper that this office did not scan itself, or that has more pages than its record, may be a
    new letter with the copy of an old one on top.
    """
    others = [
        other.radicado
        for other in (_known(room.office, text) for text in reading.otras_etiquetas)
        if other is not None
        and other.radicado != label.radicado
        and (other.imagen_pendiente or not label.imagen_pendiente)
    ]
    others += filter(None, (_sheet_of(room.office, text) for text in reading.otras_etiquetas))
    if others:
        return f"también trae el de {', '.join(dict.fromkeys(others))}; sepárelos."
    if label.imagen_pendiente:
        return "es su constancia, y no el papel que espera." if label.constancia else None
    if draft.sha256 in label.documentos:
        return "es el mismo archivo que ese radicado ya tiene."
    if not _is_own_scan(room.office, draft.id):
        return "ya tiene su imagen, y esto llegó de fuera: puede ser una carta nueva."
    record = room.drafts.find(label.subject)
    pages = label.paginas or (record.paginas if record is not None else 0)
    if pages and sum(not page.blanca for page in reading.paginas) > pages:
        return "ya tiene su imagen, y esto tiene más páginas: puede ser una carta nueva."
    return None


def _note(room: Backroom, draft: Draft, text: str, duplicado_de: str | None = None) -> None:
    """Say on a draft why it is one; with a number, that it may belong to it."""

    def warn(now: Draft) -> Draft:
        known = now.duplicado_de or duplicado_de
        return msgspec.structs.replace(now, notas=[*now.notas, text], duplicado_de=known)

    room.drafts.change_if_there(draft.id, warn)
