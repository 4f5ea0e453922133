"""A disposal as people and scripts see it whole, with what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from records.disposal import Disposal, Observation, Sample
    from records.expedientes import Expediente
    from records.trd import Row

Fate = Literal["eliminar", "conservar", "excluido"]


class Proposal(msgspec.Struct, frozen=True):
    """An expediente of a disposal."""

    expediente: str
    nombre: str
    serie: str
    nombre_serie: str
    desde: str
    """Day of its first document: its opening."""
    hasta: str
    """Day of its closing."""
    folios: int
    documentos: int
    soporte: str
    disposicion: list[str]
    destino: Fate


class SignedBy(msgspec.Struct, frozen=True):
    """Who signed, and when by their own word."""

    persona: str
    fecha: str


class DisposalView(msgspec.Struct, frozen=True):
    """The whole disposal; `propuesta` is its number."""

    propuesta: str
    estado: str
    fecha: str
    expedientes: list[Proposal]
    muestra: Sample | None
    publicada: dict[str, str] | None
    observaciones: list[Observation]
    acta: str | None
    aprobada: str | None
    """The day of the acta."""
    firmas: list[SignedBy]
    eliminados: dict[str, int] | None
    retirada: str | None
    inventario: str | None
    certificado: str | None
    """The acta de eliminación, relative to the home."""
    siguiente: str
    """What comes next, and who does it."""


def proposal(state: Disposal, one: Expediente, row: Row) -> Proposal:
    """An expediente of a disposal, as it is listed."""
    name, fate = one.numero, "eliminar"
    if name in state.conservados:
        fate = "conservar"
    if name in state.excluidos:
        fate = "excluido"
    return Proposal(
        name,
        one.nombre,
        row.codigo,
        row.nombre,
        one.fecha[:10],
        one.cerrado.fecha if one.cerrado else "",
        one.cerrado.folios if one.cerrado else 0,
        one.cerrado.documentos if one.cerrado else len(one.miembros),
        one.abierto.soporte,
        list(row.disposicion),
        msgspec.convert(fate, Fate),
    )


def view(
    state: Disposal, rows: list[Proposal], file_of: Callable[[str], str | None]
) -> DisposalView:
    """A disposal as it is shown; *file_of* gives the file of a document."""
    said, done = state.publicada, state.cumplida
    acts = [one.acto for one in (state.firmada, state.ejecutada) if one is not None]
    return DisposalView(
        propuesta=state.numero,
        estado=state.estado,
        fecha=state.fecha,
        expedientes=rows,
        muestra=state.hecha.muestra,
        publicada={"desde": said.desde, "hasta": said.hasta} if said else None,
        observaciones=state.observaciones,
        acta=state.aprobada.acta if state.aprobada else None,
        aprobada=state.aprobada.fecha if state.aprobada else None,
        firmas=[SignedBy(act.person, act.at) for act in acts],
        eliminados={"documentos": done.documentos, "fichas": done.fichas} if done else None,
        retirada=state.retirada,
        inventario=file_of(state.hecha.inventario),
        certificado=file_of(state.certificada.documento) if state.certificada else None,
        siguiente=following(state),
    )


def following(state: Disposal) -> str:
    """What comes next of a disposal."""
    name = state.numero
    match state.estado:
        case "propuesta":
            return f"publicarla en el sitio web: «eliminar publicar {name}»"
        case "publicada":
            assert state.publicada is not None
            open_ones = ", ".join(map(str, state.sin_responder))
            answer = f"responder la observación {open_ones}; " if open_ones else ""
            return (
                f"{answer}después del {state.publicada.hasta}, el acta del comité: «eliminar "
                f"aprobar {name} --acta N»"
            )
        case "aprobada":
            return f"la firma de un archivista: «eliminar ejecutar {name}»"
        case "firmada":
            return f"la firma de otra persona, que jefatura: «eliminar ejecutar {name}»"
        case "ejecutada":
            return "terminar de borrar: «ventanilla recuperar»"
        case "eliminada":
            if state.certificada is None:
                return f"el acta de eliminación: «eliminar prueba {name}»"
            return "publicar el acta de eliminación en el sitio web"
        case _:
            return "nada: se retiró"
