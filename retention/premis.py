"""What happened to the files of an expediente, in PREMIS 3.0 (Library of Congress), as XML.

Objects are its files, with both what they must be and what they are called in PRONOM; events are
those lines of the journal that changed or moved them, in the words of the PREMIS vocabulary; agents
are the program, the punto, and persons by their id alone: names stay in the fichas. It says again
what the journal says and proves nothing by itself.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, NamedTuple

from records import lines
from records.lines import BadLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retention.formats import Format
    from retention.package import Evento, Lugar, Paquete

SPACE = "http://www.loc.gov/premis/v3"
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
PROGRAM = "Ventanilla"
VOCABULARY = {
    "documento.recibido": ("capture",),
    "imagen.incorporada": ("capture",),
    "radicado.asignado": ("accession",),
    "radicado.rectificado": ("metadata modification",),
    "radicado.anulado": ("metadata modification",),
    "registro.sellado": ("normalization", "digital signature generation"),
    "respuesta.presentada": ("creation",),
    "respuesta.aprobada": ("digital signature generation",),
    "documento.expedido": ("creation", "digital signature generation"),
    "acceso.clasificado": ("policy assignment",),
    "acceso.identidad": ("policy assignment",),
    "acceso.version_publica": ("redaction",),
    "envio.registrado": ("dissemination",),
    "expediente.abierto": ("creation",),
    "expediente.incorporado": ("accession",),
    "expediente.retirado": ("deaccession",),
    "expediente.ubicado": ("metadata modification",),
    "expediente.cerrado": ("digital signature generation",),
    "expediente.reabierto": ("metadata modification",),
    "expediente.retenido": ("policy assignment",),
    "expediente.liberado": ("policy assignment",),
    "expediente.transferido": ("transfer",),
    "expediente.eliminado": ("deletion",),
}
"""Type of the journal's event → event types of the PREMIS vocabulary. Others are no matter of
preservation (who has a record, who was told) and stand in the journal alone."""

ET.register_namespace("premis", SPACE)
ET.register_namespace("xsi", SCHEMA)


class _File(NamedTuple):
    ruta: str
    sha256: str
    bytes: int
    formato: Format
    nombre: str


class _Event(NamedTuple):
    ident: str
    type: str
    at: str
    detail: str
    punto: str
    actor: str
    objects: tuple[str, ...]


def document(place: Lugar, paquete: Paquete) -> bytes:
    """The PREMIS document of an expediente."""
    one = place.expediente
    root = ET.Element(_q("premis"), {"version": "3.0"})
    files = [
        _File(d.ruta, d.documento.sha256, d.documento.bytes, d.formato, d.documento.nombre)
        for _, _, documents in place.registros
        for d in documents
    ]
    whole = _add(root, "object", **{f"{{{SCHEMA}}}type": "premis:intellectualEntity"})
    _identifier(whole, "objectIdentifier", "expediente", one.numero)
    _add(whole, "originalName", one.nombre)
    for file in files:
        _object(root, file)
    events = [e for source in _sources(place) for e in _events(source, files, one.numero)]
    events.append(_transfer(paquete, (one.numero,)))
    for event in events:
        _event(root, event, one.numero)
    return _ended(root, events, paquete)


def of_transfer(paquete: Paquete) -> bytes:
    """The PREMIS document of a transfer as a whole: what it hands over, and that it does."""
    root = ET.Element(_q("premis"), {"version": "3.0"})
    top = _add(root, "object", **{f"{{{SCHEMA}}}type": "premis:intellectualEntity"})
    _identifier(top, "objectIdentifier", "transferencia", paquete.numero)
    for one in paquete.expedientes:
        inner = _add(root, "object", **{f"{{{SCHEMA}}}type": "premis:intellectualEntity"})
        _identifier(inner, "objectIdentifier", "expediente", one.numero)
        _add(inner, "originalName", one.nombre)
    event = _transfer(paquete, tuple(one.numero for one in paquete.expedientes))
    _event(root, event, *event.objects)
    return _ended(root, [event], paquete)


def _transfer(paquete: Paquete, objects: tuple[str, ...]) -> _Event:
    day = f"{paquete.fecha}T00:00:00-05:00"
    said = f"Transferencia {paquete.tipo} {paquete.numero}"
    ident = f"transferencia.{paquete.numero}"
    return _Event(ident, "transfer", day, said, paquete.punto, "", objects)


def _ended(root: ET.Element, events: list[_Event], paquete: Paquete) -> bytes:
    """With the agents, as bytes."""
    for name, kind in _agents(events, paquete.punto):
        agent = _add(root, "agent")
        _identifier(agent, "agentIdentifier", "local", name)
        if kind != "person":
            _add(agent, "agentName", PROGRAM if name == PROGRAM else f"{name}, {paquete.entidad}")
        _add(agent, "agentType", kind)
    ET.indent(root, " ")
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _sources(place: Lugar) -> list[list[Evento]]:
    return [place.expediente.eventos, *(r.eventos for r, _, _ in place.registros)]


def _events(source: list[Evento], files: list[_File], numero: str) -> Iterable[_Event]:
    for one in source:
        try:
            body = lines.read_line(one.linea).body
        except BadLine as error:
            raise ValueError(f"not a line of a journal: {error}") from error
        named = tuple(f.ruta for f in files if f'"{f.sha256}"'.encode() in one.linea)
        kinds = VOCABULARY.get(body.type, ())
        for n, kind in enumerate(kinds):
            ident = f"{body.punto}.{body.seq}" + (f".{n + 1}" if len(kinds) > 1 else "")
            yield _Event(
                ident, kind, body.at, body.type, body.punto, body.actor, named or (numero,)
            )


def _agents(events: list[_Event], punto: str) -> list[tuple[str, str]]:
    found = {PROGRAM: "software", punto: "organization"}
    for event in events:
        found.setdefault(event.punto, "organization")
        if event.actor and event.actor != "sistema":
            found[_person(event.actor)] = "person"
    return list(found.items())


def _person(actor: str) -> str:
    return f"persona.{actor}"


# -- elements -------------------------------------------------------------------------------------


def _object(root: ET.Element, file: _File) -> None:
    top = _add(root, "object", **{f"{{{SCHEMA}}}type": "premis:file"})
    _identifier(top, "objectIdentifier", "ruta", file.ruta)
    inner = _add(top, "objectCharacteristics")
    fixity = _add(inner, "fixity")
    _add(fixity, "messageDigestAlgorithm", "SHA-256")
    _add(fixity, "messageDigest", file.sha256)
    _add(inner, "size", str(file.bytes))
    form = _add(inner, "format")
    designation = _add(form, "formatDesignation")
    _add(designation, "formatName", file.formato.nombre)
    if file.formato.version:
        _add(designation, "formatVersion", file.formato.version)
    if file.formato.pronom:
        registry = _add(form, "formatRegistry")
        _add(registry, "formatRegistryName", "PRONOM")
        _add(registry, "formatRegistryKey", file.formato.pronom)
    if file.nombre:
        _add(top, "originalName", file.nombre)


def _event(root: ET.Element, event: _Event, *numeros: str) -> None:
    top = _add(root, "event")
    _identifier(top, "eventIdentifier", "diario", event.ident)
    _add(top, "eventType", event.type)
    _add(top, "eventDateTime", event.at)
    _add(_add(top, "eventDetailInformation"), "eventDetail", event.detail)
    _linked(top, "Agent", "local", PROGRAM, "executing program")
    _linked(top, "Agent", "local", event.punto, "implementer")
    if event.actor and event.actor != "sistema":
        _linked(top, "Agent", "local", _person(event.actor), "authorizer")
    for path in event.objects:
        _linked(top, "Object", "expediente" if path in numeros else "ruta", path, "")


def _linked(top: ET.Element, what: str, kind: str, value: str, role: str) -> None:
    link = _add(top, f"linking{what}Identifier")
    _add(link, f"linking{what}IdentifierType", kind)
    _add(link, f"linking{what}IdentifierValue", value)
    if role:
        _add(link, f"linking{what}Role", role)


def _identifier(top: ET.Element, name: str, kind: str, value: str) -> None:
    ident = _add(top, name)
    _add(ident, f"{name}Type", kind)
    _add(ident, f"{name}Value", value)


def _add(top: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(top, _q(tag), attributes)
    if text:
        element.text = "".join(c if _admitted(c) else "\N{REPLACEMENT CHARACTER}" for c in text)
    return element


def _admitted(c: str) -> bool:
    """Whether XML 1.0 admits a character; what people typed may hold others."""
    return c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "�" or c > "\uffff"


def _q(tag: str) -> str:
    return f"{{{SPACE}}}{tag}"
