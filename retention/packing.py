"""A transfer's package filled from the office: what the archive knows, as `retention.package` asks.

All of a record goes: its documents of every role, its events with their fichas, and the proof that
each line is in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import identity, slices
from records.expedientes import subject_of
from retention.content import contents
from retention.package import Documento, Evento, Expediente, Paquete, Registro, Serie

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from records import expedientes
    from records.expedientes import Member
    from records.office import Office
    from records.slices import Address, Piece
    from records.transfers import Kind
    from retention.content import Content
    from retention.room import Room

MIME = {
    "pdf": "application/pdf",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "xml": "application/xml",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "eml": "message/rfc822",
}
UNKNOWN = "application/octet-stream"


def packed(
    room: Room,
    states: Sequence[expedientes.Expediente],
    *,
    numero: str,
    tipo: Kind,
    fecha: str,
    fuid: dict[str, bytes],
    acta: bytes,
) -> Paquete:
    """The package of closed expedientes.

    Raises:
        Damaged: a document or a line is not there as it was.
    """
    office = room.office
    asked = {subject for s in states for subject in _subjects(office, s)}
    where = {subject: _addresses(office, subject) for subject in asked}
    cut = slices.slices_of(office, [a for found in where.values() for a in found])
    told = {
        subject: [_event(cut[punto].lineas[seq]) for punto, seq in found]
        for subject, found in where.items()
    }
    trust = slices.trust_of(office, cut)
    for state in states:
        digest = state.abierto.trd
        trust[f"trd-{digest[:16]}.json"] = office.vault.read(digest)
    return Paquete(
        numero=numero,
        tipo=tipo,
        entidad=office.settings.entidad.nombre,
        punto=office.punto,
        fecha=fecha,
        expedientes=[_expediente(room, state, told) for state in states],
        fuid=fuid,
        acta=acta,
        confianza=trust,
    )


def _subjects(office: Office, state: expedientes.Expediente) -> list[str]:
    return [subject_of(state.numero), *(office.subject(r, imported=True) for r in state.radicados)]


def _addresses(office: Office, subject: str) -> list[Address]:
    return [(e.punto, e.seq) for e in office.index.events(subject)]


def _event(piece: Piece) -> Evento:
    return Evento(linea=piece.linea, ficha=piece.ficha, prueba=piece.prueba)


def _expediente(
    room: Room, state: expedientes.Expediente, told: Mapping[str, list[Evento]]
) -> Expediente:
    office, made, closed = room.office, state.abierto, state.cerrado
    assert closed is not None
    row = room.row_of(made.serie, made.trd)
    inside: dict[str, list[Content]] = {}
    for one in contents(office, state):
        inside.setdefault(one.radicado, []).append(one)
    levels = {
        office.estado(office.subject(r, imported=True)).acceso.nivel(closed.fecha)
        for r in state.radicados
    }
    return Expediente(
        numero=state.numero,
        nombre=state.nombre,
        serie=Serie(
            codigo=row.codigo,
            serie=row.serie,
            nombre_serie=row.nombre_serie,
            subserie=row.subserie,
            nombre_subserie=row.nombre_subserie,
        ),
        dependencia=made.dependencia,
        abierto=state.fecha,
        cerrado=closed.fecha,
        ag=row.ag,
        ac=row.ac,
        disposicion=list(row.disposicion),
        acceso=sorted(f"Contiene información pública {level}" for level in levels - {"publica"}),
        ubicacion=", ".join(f"{k} {v}" for k, v in state.ubicacion.items()),
        indice=office.vault.read(closed.indice),
        hoja=office.vault.read(closed.hoja) if closed.hoja else b"",
        registros=[
            _registro(office, n, member, inside.get(member.radicado or "", []), told)
            for n, member in enumerate(state.miembros, start=1)
        ],
        eventos=told[subject_of(state.numero)],
    )


def _registro(
    office: Office,
    orden: int,
    member: Member,
    pages: Sequence[Content],
    told: Mapping[str, list[Evento]],
) -> Registro:
    if member.radicado is None:
        return Registro(
            radicado="",
            asunto=member.descripcion,
            fecha=member.fecha or member.incorporado[:10],
            tipo=member.tipo or "",
            orden=orden,
        )
    subject = office.subject(member.radicado, imported=True)
    record = office.estado(subject)
    starts = [c.item.pagina_inicio for c in pages if c.item.pagina_inicio is not None]
    ends = [c.item.pagina_fin for c in pages if c.item.pagina_fin is not None]
    documents = []
    for document in record.documentos:
        path = office.vault.place(document.sha256)
        documents.append(
            Documento(
                rol=document.rol,
                nombre=f"{member.radicado.rpartition('-')[2]}{path.suffix}",
                sha256=document.sha256,
                bytes=path.stat().st_size,
                mime=MIME.get(path.suffix.lstrip(".").lower(), UNKNOWN),
                paginas=document.paginas,
                origen=path,
            )
        )
    return Registro(
        radicado=member.radicado,
        asunto=office.withheld(record) or str(identity.public(record).campos.get("asunto") or ""),
        fecha=record.recibido or record.fecha or member.incorporado,
        tipo=member.tipo or "",
        campos={**record.publicos, **record.campos},
        documentos=documents,
        eventos=told[subject],
        orden=orden,
        pagina_inicio=min(starts, default=None),
        pagina_fin=max(ends, default=None),
    )
