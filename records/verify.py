"""Everything that can be checked, without repairing anything: a home, its logs, a record, a file.

What is looked at is told in `checking_logs` and `checking_files`; here, in which order, and how
it is remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import checking_files, checking_logs, founding, lines, segments
from records.checking import Checker, Finding, Named, Report
from records.errors import MachineCannot, Refused, reason
from records.events import DocumentIssued, RecordSealed
from records.marks import state_folder

if TYPE_CHECKING:
    from pathlib import Path

    from records.checking import Avance
    from records.office import Office
    from records.state import State

REMEMBERED = 50
"""So many findings of the last verification are kept to be looked at."""
IN_FLIGHT = (
    "cola_rota", "ficha_suelta", "diario_retrocedido", "indice", "documento_perdido", "ficha",
    "por_borrar",
)  # fmt: skip
"""Findings that a write under way may look like: they are looked at again while nobody writes."""


class LastCheck(msgspec.Struct, frozen=True):
    """When a home was last verified whole on this machine, and how it came out."""

    fecha: str
    ok: bool
    eventos: int
    hallazgos: int
    quien: str | None = None
    """Who asked for it; None: nobody was named."""
    completa: bool = False
    """Whether every file of the vault was looked at, named by an event or not."""
    documentos: int = 0
    primeros: list[Finding] = []
    """The first findings."""


def verify(office: Office, *, complete: bool = False, avance: Avance = lambda *_: True) -> Report:
    """Check a whole home; with *complete*, every file of the vault, named by an event or not.

    Readers take no lock; only what looks like a write under way is checked again under the locks.
    *avance* is told how far it is.

    Raises:
        Stopped: *avance* said no. What was remembered of the last verification stays.
    """
    report = _verify(office, complete, avance)
    if any(f.codigo in IN_FLIGHT for f in report.hallazgos):
        with office.quiet():
            report = _verify(office, complete, avance)
    _note(office, report, complete)
    return report


def last_check(office: Office) -> LastCheck | None:
    """The last time that this machine verified the home; None where it does not remember."""
    try:
        return msgspec.json.decode(_note_path(office).read_bytes(), type=LastCheck)
    except (OSError, msgspec.MsgspecError):
        return None


def _note_path(office: Office) -> Path:
    return state_folder() / "verificado" / f"{lines.sha256(str(office.home).encode())[:16]}.json"


def _note(office: Office, report: Report, complete: bool) -> None:
    """Remember outside the home how it came out; a home is never written by who verifies it."""
    now = lines.stamp(lines.now())
    note = LastCheck(
        now, report.ok, report.eventos, len(report.hallazgos), office.persona, complete,
        report.documentos, report.hallazgos[:REMEMBERED],
    )  # fmt: skip
    path = _note_path(office)
    try:
        office.disk.make_folder(path.parent)
        office.disk.publish(path, msgspec.json.encode(note))
    except (MachineCannot, OSError) as error:
        report.avisos.append(f"No se pudo anotar cuándo se verificó: {error}.")


def _verify(office: Office, complete: bool, avance: Avance) -> Report:
    check = checking_logs.check_logs(office, avance)
    found = segments.puntos(office.home)
    if founding.AUTHORITY not in found or office.punto not in found:
        check.find("diario_ausente", "Falta el diario de la autoridad o el de este punto.")
    checking_files.check_keys(check)
    checking_files.check_documents(check)
    checking_files.check_readings(check)
    checking_files.check_erased(check)
    checking_files.check_tables(check)
    if complete:
        checking_files.check_vault(check)
    if not check.report.hallazgos:
        checking_files.check_index(check)
    check.report.ok = not check.report.hallazgos
    return check.report


def verify_record(office: Office, radicado: str) -> Report:
    """Check one record: its events, its documents, its signature."""
    report = verify_logs(office)
    if report.hallazgos:
        return report
    office.index.catch_up()
    state = office.estado(office.subject(radicado, imported=True))
    check = Checker(office, report)
    check.named = _documents_of(office, state, radicado)
    if state.eliminado is not None:
        check.graves.documentos |= {d.sha256 for d in state.documentos}
        check.graves.dead.add(state.subject)
    checking_files.check_documents(check)
    report.ok = not report.hallazgos
    return report


def _documents_of(office: Office, state: State, where: str) -> list[Named]:
    """The documents of one record, as `check_documents` takes them."""
    signed: dict[str, tuple[str, str]] = {}
    for event in office.index.events(state.subject):
        match event.fact:
            case RecordSealed() as fact:
                signed[fact.sha256] = (fact.certificado, event.at)
            case DocumentIssued() as fact:
                signed[fact.documento] = (fact.certificado, event.at)
            case _:
                continue
    out = []
    for document in state.documentos:
        certificate, at = signed.get(document.sha256, (None, ""))
        out.append(Named(document.sha256, where, 0, certificate, at, where, state.subject))
    return out


def verify_logs(office: Office) -> Report:
    """Check the logs alone: chain, signatures, numbers, fichas, marks."""
    check = checking_logs.check_logs(office)
    checking_files.check_keys(check)
    check.report.ok = not check.report.hallazgos
    return check.report


def verify_file(office: Office, path: Path) -> Report:
    """Check a PDF that someone shows: is it, byte for byte, a record of this office?"""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error
    report = verify_logs(office)
    check = Checker(office, report)
    office.index.catch_up()
    digest = lines.sha256(data)
    subject = office.index.subject_of_document(digest)
    if subject is None:
        check.find("no_es_registro", "El archivo no es un registro de esta oficina.", path)
    elif (state := office.estado(subject)).eliminado is not None:
        gone = state.eliminado
        report.avisos.append(f"Es de {gone.radicado}, que se eliminó por {gone.eliminacion}.")
    else:
        named = _documents_of(office, state, str(path))
        report.documentos = 1
        checking_files.check_signature(check, data, next(n for n in named if n.sha256 == digest))
    report.ok = not report.hallazgos
    return report
