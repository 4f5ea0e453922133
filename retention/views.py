"""An expediente as people and scripts see it whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records.expedientes import Hold, Loan, Phase
from retention import schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.expedientes import Expediente
    from records.trd import Row, Table


class MemberView(msgspec.Struct, frozen=True):
    """Something that lies in an expediente; `asunto` is what who asks may see of it."""

    orden: int
    radicado: str | None
    asunto: str
    tipo: str | None
    folios: int | None
    incorporado: str
    fecha: str | None


class TimesView(msgspec.Struct, frozen=True):
    """When the times of retention end, by the row of the TRD; days."""

    ag: int
    ac: int
    disposicion: list[str]
    base: str | None
    gestion: str | None
    central: str | None
    evento: str
    """What begins the time, where that is not the closing."""


class ExpedienteView(msgspec.Struct, frozen=True):
    """The whole expediente."""

    expediente: str
    nombre: str
    estado: str
    serie: str
    nombre_serie: str
    version_trd: str
    dependencia: str
    soporte: str
    responsable: str | None
    abierto: str
    cerrado: str | None
    motivo: str
    fase: Phase
    folios: int
    documentos: list[MemberView]
    indice: str | None
    """The SHA-256 of its índice electrónico, fixed by its last closing."""
    archivo_indice: str | None
    """Its file, relative to the home."""
    retencion: TimesView
    retenciones: list[Hold]
    ubicacion: dict[str, str]
    prestamo: Loan | None
    referencias: list[str]
    transferencias: list[str]
    eliminacion: str | None


def view(
    state: Expediente,
    table: Table,
    row: Row,
    subject_of: Callable[[str], str],
    file_of: Callable[[str], str | None],
) -> ExpedienteView:
    """An expediente as it is shown; *subject_of* gives of a radicado what may be seen of what it is
    about, *file_of* the file of a document."""
    made, closed = state.abierto, state.cerrado
    return ExpedienteView(
        expediente=state.numero,
        nombre=state.nombre,
        estado=state.estado,
        serie=made.serie,
        nombre_serie=row.nombre,
        version_trd=table.version,
        dependencia=made.dependencia,
        soporte=made.soporte,
        responsable=made.responsable,
        abierto=state.fecha,
        cerrado=closed.fecha if closed else None,
        motivo=state.motivo,
        fase=state.fase,
        folios=sum(m.folios or 0 for m in state.miembros),
        documentos=[
            MemberView(
                m.orden,
                m.radicado,
                subject_of(m.radicado) if m.radicado else m.descripcion,
                m.tipo,
                m.folios,
                m.incorporado,
                m.fecha,
            )
            for m in state.miembros
        ],
        indice=closed.indice if closed else None,
        archivo_indice=file_of(closed.indice) if closed else None,
        retencion=_times(state, row),
        retenciones=state.retenciones,
        ubicacion=state.ubicacion,
        prestamo=state.prestamo,
        referencias=state.referencias,
        transferencias=state.transferencias,
        eliminacion=state.eliminado.eliminacion if state.eliminado else None,
    )


def _times(state: Expediente, row: Row) -> TimesView:
    closed = state.cerrado.fecha if state.cerrado is not None else None
    began = state.hecho if row.evento else closed
    times = None
    if began is not None and closed is not None:
        times = schedule.clock(date.fromisoformat(began), row)
    return TimesView(
        ag=row.ag,
        ac=row.ac,
        disposicion=list(row.disposicion),
        base=began if times else None,
        gestion=times.gestion.isoformat() if times else None,
        central=times.central.isoformat() if times else None,
        evento=row.evento,
    )
