"""The índice electrónico of an expediente: the XML that lists its documents in order.

Names and order of the elements are those that public Colombian systems agree on for the guide
G.INF.08 of the AGN and MinTIC (no official schema was found); what each says here, and the schema,
are in docs/format/indice-electronico.md. A document's pages go on from those of the one before it;
one without pages (a recording) has 0 and 0 and takes none. Pure: data in, bytes out. It is signed
and checked in `retention.xades`; which documents an expediente has is not its business.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from lxml import etree

from records.errors import Damaged, Refused
from retention.xmltext import holdable

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = "TipoDocumentoFoliado"
ITEM = "DocumentoIndizado"
DIGEST = "SHA-256"
VERSION = "1"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
SCHEMA = "indice-electronico.xsd"
MAX_BYTES = 16 * 1024**2
"""Some 21,000 documents; to check their signature takes 2 s and 0.6 GB. Larger ones are refused
unread, and not written."""
_ROOM = 64 * 1024
"""What a signature may add."""
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DECLARED = re.compile(rb"""[^>]*?\bencoding\s*=\s*["']([^"']*)""")
"""The encoding of an XML declaration; another than ours would be read otherwise by others."""
_HASH = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?-05:00")

Origin = Literal["Digitalizado", "Electrónico"]
ORIGINS: tuple[Origin, ...] = ("Digitalizado", "Electrónico")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A document of the expediente: one row of its index."""

    id: str
    """By what the system knows it; no other item of the index has it."""
    nombre: str
    tipologia: str
    """Tipo documental, as the TRD names it."""
    creado: str
    """ISO 8601 with −05:00, seconds or finer: made or received."""
    incorporado: str
    """The same: filed to the expediente."""
    huella: str
    """SHA-256 of its bytes, 64 lower-case hex."""
    orden: int
    pagina_inicio: int | None = None
    """None, with `pagina_fin`: it has no pages."""
    pagina_fin: int | None = None
    formato: str
    tamano: int
    """Bytes."""
    origen: Origin


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """Whose index it is: attributes of the root, so that the items stand as others read them."""

    entidad: str
    expediente: str
    """Its number."""
    nombre: str
    serie: str
    """Its code in the TRD: dependencia, serie and subserie joined by points."""
    nombre_serie: str = ""
    nombre_subserie: str = ""
    dependencia: str = ""
    trd: str = ""
    """The version of the TRD under which it was opened."""
    fecha_apertura: str = ""
    """ISO 8601 with −05:00, as all moments here."""
    fecha_cierre: str = ""
    """Empty: it is open."""


_ATTRIBUTES = {
    "entidad": "Entidad",
    "expediente": "Numero_Expediente",
    "nombre": "Nombre_Expediente",
    "serie": "Codigo_Serie",
    "nombre_serie": "Nombre_Serie",
    "nombre_subserie": "Nombre_Subserie",
    "dependencia": "Dependencia",
    "trd": "Version_TRD",
    "fecha_apertura": "Fecha_Apertura",
    "fecha_cierre": "Fecha_Cierre",
}
_REPLACED = "Caracteres_Sustituidos"
_CHILDREN = {
    "id": "Id",
    "nombre": "Nombre_Documento",
    "tipologia": "Tipologia_Documental",
    "creado": "Fecha_Creacion_Documento",
    "incorporado": "Fecha_Incorporacion_Expediente",
    "huella": "Valor_Huella",
    "funcion": "Funcion_Resumen",
    "orden": "Orden_Documento_Expediente",
    "pagina_inicio": "Pagina_Inicio",
    "pagina_fin": "Pagina_Fin",
    "formato": "Formato",
    "tamano": "Tamano",
    "origen": "Origen",
}
"""The thirteen of an item, in their order."""
_NUMBERS = ("orden", "pagina_inicio", "pagina_fin", "tamano")


# -- writing --------------------------------------------------------------------------------------


def build(header: Header, items: Sequence[Item]) -> bytes:
    """The index, unsigned; the same data give the same bytes.

    What XML cannot hold is shown by another sign (`xmltext`), and the root says how many.

    Raises:
        Refused: an item breaks a rule of the index; the message says which.
    """
    problem = _header_flaw(header) or flaw(items)
    if problem:
        raise Refused(
            "indice_invalido",
            f"No se puede hacer el índice de {header.expediente or 'un expediente'}: {problem}.",
            consejo="Nada se escribió. Corrija ese dato y repita.",
        )
    root = etree.Element(ROOT, nsmap={"xsi": _XSI})
    replaced = 0
    root.set("Version_Indice", VERSION)
    for name, attribute in _ATTRIBUTES.items():
        value, count = holdable(getattr(header, name))
        replaced += count
        if value:
            root.set(attribute, value)
    for item in items:
        replaced += _add(root, item)
    if replaced:
        root.set(_REPLACED, str(replaced))
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    if len(data) > MAX_BYTES - _ROOM:
        raise Refused(
            "indice_grande",
            f"El índice de {header.expediente} pasaría de {MAX_BYTES // 1024**2} MB.",
            consejo="Nada se escribió. Divida el expediente en partes.",
        )
    return data


def _add(root: Any, item: Item) -> int:
    """Write an item; how many characters were replaced in it."""
    said: dict[str, Any] = msgspec.structs.asdict(item) | {"funcion": DIGEST}
    node, replaced = etree.SubElement(root, ITEM), 0
    for name, element in _CHILDREN.items():
        value = said[name]
        text, count = holdable(str(0 if value is None else value))
        replaced += count
        etree.SubElement(node, element).text = text
    return replaced


# -- rules ----------------------------------------------------------------------------------------


def flaw(items: Sequence[Item]) -> str:
    """The first rule that the items break, in Spanish; empty where they keep all."""
    last, known = 0, set[str]()
    for n, item in enumerate(items, start=1):
        problem = _item_flaw(item) or _order_flaw(item, n, last)
        if not problem and item.id in known:
            problem = f"su identificador «{item.id}» ya lo tiene otro documento"
        if problem:
            return f"en el documento {n}, {problem}"
        known.add(item.id)
        last = item.pagina_fin or last
    return ""


def _item_flaw(item: Item) -> str:
    for name in ("id", "nombre", "tipologia", "formato"):
        if not getattr(item, name).strip():
            return f"falta {_CHILDREN[name]}"
    for name in ("creado", "incorporado"):
        if not _is_moment(getattr(item, name)):
            return f"{_CHILDREN[name]} no es una fecha y hora de Colombia (−05:00)"
    if not _HASH.fullmatch(item.huella):
        return "su huella no es un SHA-256 (64 cifras hexadecimales en minúscula)"
    if item.tamano < 0:
        return "su tamaño es negativo"
    if item.origen not in ORIGINS:
        return f"su origen no es {' ni '.join(ORIGINS)}"
    return ""


def _order_flaw(item: Item, n: int, last: int) -> str:
    """*n* is the item's place, *last* the last page before it."""
    if item.orden != n:
        return f"su orden es {item.orden}, y en su lugar va {n}"
    first, end = item.pagina_inicio, item.pagina_fin
    if first is None and end is None:
        return ""
    if first is None or end is None:
        return "tiene solo una de sus dos páginas"
    if first != last + 1:
        return f"empieza en la página {first}, y sigue la {last + 1}"
    if end < first:
        return f"termina en la página {end}, antes de donde empieza"
    return ""


def _header_flaw(header: Header) -> str:
    for name in ("entidad", "expediente", "nombre", "serie"):
        if not getattr(header, name).strip():
            return f"falta {_ATTRIBUTES[name]}"
    for name in ("fecha_apertura", "fecha_cierre"):
        value = getattr(header, name)
        if value and not _is_moment(value):
            return f"{_ATTRIBUTES[name]} no es una fecha y hora de Colombia (−05:00)"
    return ""


def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


# -- reading --------------------------------------------------------------------------------------


def rows_of(xml: bytes) -> list[Item]:
    """The items of an index, signed or not: strictly as the schema and `flaw` ask.

    Whether it is signed, and by whom, says `xades.check`.

    Raises:
        Damaged: it is no index, breaks a rule, or holds what an index may not.
    """
    return items_of(parsed(xml))


def header_of(xml: bytes) -> Header:
    """Whose index it is, read as strictly.

    Raises:
        Damaged: as `rows_of`.
    """
    root = parsed(xml)
    said = {name: root.get(attribute, "") for name, attribute in _ATTRIBUTES.items()}
    return Header(**said)


def items_of(root: Any) -> list[Item]:
    """The items below a root that `parsed` gave.

    Raises:
        Damaged: they break a rule.
    """
    items = [_item(node) for node in root.iterchildren(ITEM)]
    problem = flaw(items)
    if problem:
        raise broken(f"{problem}.")
    return items


def _item(node: Any) -> Item:
    texts = dict(zip(_CHILDREN, (child.text or "" for child in node), strict=True))
    texts.pop("funcion")
    said: dict[str, Any] = {k: int(v) if k in _NUMBERS else v for k, v in texts.items()}
    for name in ("pagina_inicio", "pagina_fin"):
        said[name] = said[name] or None
    return Item(**said)


def parsed(xml: bytes) -> Any:
    """The root of an index, safe to read: valid by the schema, and nothing hidden in it.

    No DTD (so no entity), no comment or processing instruction (a text that they part would be
    read shorter than it was signed), no element outside its place, at most one signature, at the
    end.

    Raises:
        Damaged: see above.
    """
    root = _tree(xml)
    for node in root.iter():
        if not isinstance(node.tag, str):
            raise broken("Tiene comentarios o instrucciones, que un índice no lleva.")
        if node.tag == ITEM and node.getparent() is not root:
            raise broken("Tiene un documento fuera de su lugar.")
        # `xsi:schemaLocation` would have the validator open a file of the writer's choice.
        if any(name.startswith("{") for name in node.attrib):
            raise broken("Tiene atributos de otro espacio de nombres.")
    signatures = list(root.iter(SIGNATURE))
    if len(signatures) > 1:
        raise broken(f"Tiene {len(signatures)} firmas, y lleva una sola.")
    if signatures and (signatures[0].getparent() is not root or signatures[0] is not root[-1]):
        raise broken("Su firma no está al final.")
    schema = _schema()
    if not schema.validate(root):
        raise broken(f"No sigue el esquema en la línea {schema.error_log[0].line}.")
    if len(root) and root[-1].tag not in (ITEM, SIGNATURE):
        raise broken("Al final tiene algo que no es su firma.")
    return root


def _tree(xml: bytes) -> Any:
    if len(xml) > MAX_BYTES:
        raise broken(f"Tiene más de {MAX_BYTES // 1024**2} MB.")
    told = _DECLARED.match(xml)
    if told is not None and told[1].lower() != b"utf-8":
        raise broken("No está en UTF-8.")
    # In UTF-8 and outside of a comment only a DTD can say this: it is refused unparsed.
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise broken("Trae una DTD o entidades, que un índice no lleva.")
    parser = etree.XMLParser(
        encoding="UTF-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise broken(f"No es XML bien formado (línea {error.lineno or 1}).") from error
    if root.getroottree().docinfo.doctype:
        raise broken("Trae una DTD o entidades, que un índice no lleva.")
    if root.getroottree().docinfo.xml_version != "1.0":
        raise broken("No es XML 1.0.")
    return root


def broken(why: str) -> Damaged:
    """The refusal of an index that was read."""
    return Damaged(
        "indice_no_verifica",
        f"El índice electrónico no vale: {why[:1].lower()}{why[1:]}",
        consejo="No lo acepte: pida de nuevo el expediente a quien lo entrega.",
    )


def schema_text() -> bytes:
    """Our schema (XSD 1.0) as it is published."""
    return resources.files("retention").joinpath(SCHEMA).read_bytes()


@cache
def _schema() -> Any:
    return etree.XMLSchema(etree.fromstring(schema_text()))
