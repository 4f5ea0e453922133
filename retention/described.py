"""What is handed over, described for other archives' systems: EAD 2002 and Dublin Core. Pure.

The levels of ISAD(G) that `finding_aid.description` has in a table: fondo, series, subseries and
expedientes in EAD; each expediente alone in Dublin Core, as OAI packs it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from retention.finding_aid import between, grouped
from retention.xmltext import holdable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retention.package import Lugar, Paquete

EAD = "urn:isbn:1-931666-22-9"
DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")


def ead(paquete: Paquete, places: Sequence[Lugar]) -> bytes:
    """The finding aid of a transfer."""
    root = etree.Element(f"{{{EAD}}}ead", nsmap={None: EAD})
    header = _add(root, "eadheader")
    _add(header, "eadid", paquete.numero)
    name = f"{paquete.entidad}: transferencia {paquete.tipo} {paquete.numero}"
    _add(_add(_add(header, "filedesc"), "titlestmt"), "titleproper", name)
    _add(_add(header, "profiledesc"), "creation", f"Ventanilla, {paquete.fecha}")
    fonds = _add(root, "archdesc", level="fonds")
    _level(fonds, "fondo", name, places, paquete)
    inside = _add(fonds, "dsc", type="combined")
    for series in grouped(places, 1):
        s = series[0].expediente.serie
        serie = _level(_add(inside, "c", level="series"), s.serie, s.nombre_serie, series, paquete)
        for some in grouped(series, 2):
            s = some[0].expediente.serie
            above = serie
            if s.nombre_subserie:
                above = _add(serie, "c", level="subseries")
                _level(above, s.codigo, s.nombre_subserie, some, paquete)
            for place in some:
                _file(_add(above, "c", level="file"), place, paquete)
    return _bytes(root)


def dublin_core(place: Lugar, paquete: Paquete) -> bytes:
    """An expediente by itself."""
    one, s = place.expediente, place.expediente.serie
    told = [
        ("identifier", one.numero),
        ("title", one.nombre),
        ("type", "Expediente"),
        ("creator", f"{paquete.entidad}, dependencia {one.dependencia}"),
        ("date", f"{one.abierto}/{one.cerrado}"),
        ("subject", " ".join(filter(None, (s.codigo, s.nombre_serie, s.nombre_subserie)))),
        ("description", _fate(place)),
        ("format", _volume(place)),
        ("language", "spa"),
        ("rights", _access(place)),
        ("relation", f"Transferencia {paquete.numero}"),
    ]
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    for name, text in told:
        etree.SubElement(root, f"{{{DC}}}{name}").text = holdable(text)[0]
    return _bytes(root)


# -- pieces ---------------------------------------------------------------------------------------


def _level(top: Any, code: str, name: str, places: Sequence[Lugar], paquete: Paquete) -> Any:
    did = _did(top, code, name, *between(places))
    volume = f"{len(places)} expediente{'s' * (len(places) != 1)}"
    _add(_add(did, "physdesc"), "extent", volume)
    _add(_add(did, "origination"), "corpname", paquete.entidad)
    return top


def _file(top: Any, place: Lugar, paquete: Paquete) -> None:
    one = place.expediente
    did = _did(top, one.numero, one.nombre, one.abierto, one.cerrado)
    _add(_add(did, "physdesc"), "extent", _volume(place))
    producer = f"{paquete.entidad}, dependencia {one.dependencia}"
    _add(_add(did, "origination"), "corpname", producer)
    if one.ubicacion:
        _add(did, "physloc", one.ubicacion)
    _add(_add(top, "accessrestrict"), "p", _access(place))
    _add(_add(top, "appraisal"), "p", _fate(place))


def _did(top: Any, code: str, name: str, first: str, last: str) -> Any:
    did = _add(top, "did")
    _add(did, "unitid", code)
    _add(did, "unittitle", name)
    if first or last:
        normal = f"{first}/{last}" if _DAY.fullmatch(first) and _DAY.fullmatch(last) else ""
        _add(did, "unitdate", f"{first} a {last}", **({"normal": normal} if normal else {}))
    return did


def _volume(place: Lugar) -> str:
    files = sum(len(documents) for _, _, documents in place.registros)
    return f"{len(place.registros)} registros, {files} archivos"


def _fate(place: Lugar) -> str:
    one = place.expediente
    kept = f"Gestión {one.ag} años, central {one.ac} años"
    return "; ".join([kept, ", ".join(one.disposicion)])


def _access(place: Lugar) -> str:
    return "; ".join(place.expediente.acceso) or "Pública"


def _add(top: Any, tag: str, text: str = "", **attributes: str) -> Any:
    element = etree.SubElement(top, f"{{{EAD}}}{tag}", attributes)
    if text:
        element.text = holdable(text)[0]
    return element


def _bytes(root: Any) -> bytes:
    etree.indent(root, " ")
    out: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return out + b"\n"
