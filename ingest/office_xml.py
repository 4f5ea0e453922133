"""A .docx or .odt taken apart and judged: what the limited child looks at before it fills one.

Both are zip files of XML. Judged is all that a converter could be led astray by: size, names, what
is fetched from elsewhere, macros, embedded objects, fields that bring other files in. What is only
an author's habit (the path of the template that a .docx was made from) is dropped.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from lxml import etree

from records.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

Element = Any
"""An element of lxml, which brings no types."""

MOST_FILES = 2000
MOST_BYTES = 100 << 20
"""Of all parts together, unpacked."""
MOST_XML = 25 << 20
"""Of one part that is XML."""
MIMETYPE = b"application/vnd.oasis.opendocument.text"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_C = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_BROUGHT = re.compile(
    r"^\s*(?:INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DDE|DDEAUTO|EMBED|DATABASE|RD|"
    r"MACROBUTTON|HTMLCONTROL)\b",
    re.I | re.M,
)
"""Fields of a word processor that bring in files, or run something."""
_ODF_REFUSED = (
    "object", "object-ole", "plugin", "applet", "floating-frame", "section-source", "dde-source",
    "dde-connection", "dde-connection-decl", "script", "event-listener", "database-display",
    "connection-resource",
)  # fmt: skip
_RELATION_REFUSED = {
    "oleObject", "package", "aFChunk", "control", "activeXControl", "activeXControlBinary",
    "vbaProject", "frame", "subDocument", "wordVbaData", "attachedToolbars", "mailMergeSource",
    "mailMergeHeaderSource", "recipientData", "externalLinkPath",
}  # fmt: skip


def _refused(what: str) -> Refused:
    return Refused(
        "documento_invalido",
        f"El documento {what}.",
        consejo="Corríjalo y guárdelo de nuevo como .docx u .odt, o adjunte el PDF ya hecho.",
    )


# -- the zip --------------------------------------------------------------------------------------


def unpack(data: bytes) -> dict[str, bytes]:
    """The parts of a document, by their names.

    Raises:
        Refused: it is no zip, is locked, or its parts are too many, too large or oddly named.
    """
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise _refused("tiene contraseña, o es de un formato antiguo (.doc)")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise _refused("está dañado o no es lo que dice su nombre") from error
    except RuntimeError as error:  # how the library says that a part is locked
        raise _refused("tiene contraseña") from error


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [e for e in archive.infolist() if not e.is_dir()]
    names = [e.filename for e in entries]
    if len(entries) > MOST_FILES or sum(e.file_size for e in entries) > MOST_BYTES:
        raise _refused("es demasiado grande al abrirlo")
    if len({n.casefold() for n in names}) != len(names):
        raise _refused("trae partes repetidas")
    out, left = {}, MOST_BYTES
    for entry in entries:
        steps = entry.filename.split("/")
        odd = "\\" in entry.filename or ":" in steps[0] or {"", ".", ".."} & set(steps)
        if odd or entry.external_attr >> 28 == 0xA:
            raise _refused("trae partes con nombres que no pueden ser")
        with archive.open(entry) as part:
            # What the entry says of its size is a stranger's word.
            out[entry.filename] = part.read(left + 1)
        left -= len(out[entry.filename])
        if left < 0:
            raise _refused("es demasiado grande al abrirlo")
    return out


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The document again; an .odt's type goes first and unpacked, as its standard asks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(parts.items(), key=lambda part: part[0] != "mimetype"):
            entry = zipfile.ZipInfo(name)
            stored = name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


def parse(data: bytes) -> Element:
    """A part as XML.

    Raises:
        Refused: it is none, is too large, or declares a document type, which none of these does.
    """
    if len(data) > MOST_XML:
        raise _refused("tiene demasiado texto")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refused("está dañado") from error
    if root.getroottree().docinfo.doctype:
        raise _refused("declara un tipo de documento propio")
    return root


def written(root: Element) -> bytes:
    """A part again as bytes."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


# -- judging --------------------------------------------------------------------------------------


def judged(data: bytes, suffix: str) -> dict[str, bytes]:
    """The parts of a document that may be converted.

    Raises:
        Refused: it may not, and why.
    """
    parts = unpack(data)
    return _judged_word(parts) if suffix == ".docx" else _judged_odf(parts)


def _judged_word(parts: dict[str, bytes]) -> dict[str, bytes]:
    if "[Content_Types].xml" not in parts or "word/document.xml" not in parts:
        raise _refused("no es un .docx")
    types = parse(parts["[Content_Types].xml"])
    said = {e.get("PartName"): e.get("ContentType", "") for e in types.iter(f"{_C}Override")}
    if said.get("/word/document.xml") != _MAIN or any("macro" in t.lower() for t in said.values()):
        raise _refused("trae macros o no es un .docx corriente")
    for name in list(parts):
        lower = name.lower()
        if "vbaproject" in lower or "vbadata" in lower:
            raise _refused("trae macros")
        if "/embeddings/" in lower or "/activex/" in lower:
            raise _refused("trae objetos incrustados")
        if lower.endswith(".rels"):
            parts[name] = _relations(parts[name])
        elif lower.endswith(".xml"):
            root = parse(parts[name])
            _word_fields(root)
            if lower == "word/settings.xml":
                for made_from in root.findall(f"{WORD}attachedTemplate"):
                    root.remove(made_from)
                parts[name] = written(root)
    return parts


def _relations(data: bytes) -> bytes:
    root = parse(data)
    for relation in list(root.iter(f"{_R}Relationship")):
        kind = (relation.get("Type") or "").rpartition("/")[2]
        if kind == "attachedTemplate":
            root.remove(relation)
        elif kind in _RELATION_REFUSED:
            raise _refused("trae objetos incrustados, partes de otros archivos o macros")
        elif (relation.get("TargetMode") or "").lower() == "external" and kind != "hyperlink":
            raise _refused("muestra cosas que están en otros archivos o en internet")
    return written(root)


def _word_fields(root: Element) -> None:
    """That no field of Word's brings in another file; what it says may be split as any text."""
    said = [f"\n{e.get(f'{WORD}instr') or ''}" for e in root.iter(f"{WORD}fldSimple")]
    for element in root.iter(f"{WORD}fldChar", f"{WORD}instrText"):
        begins = element.tag != f"{WORD}instrText"
        said.append("\n" if begins else " ".join((element.text or "").split("\n")))
    if _BROUGHT.search("".join(said)):
        raise _refused("tiene campos que traen otros archivos")


def _judged_odf(parts: dict[str, bytes]) -> dict[str, bytes]:
    if parts.get("mimetype", b"").strip() != MIMETYPE or "content.xml" not in parts:
        raise _refused("no es un .odt")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise _refused("tiene contraseña")
    for name, data in list(parts.items()):
        top = name.split("/")[0]
        if top in ("Basic", "Scripts") or top.startswith(("Object ", "ObjectReplacements")):
            raise _refused("trae macros u objetos incrustados")
        if name.endswith(".xml"):
            root = parse(data)
            _judge_odf_part(root, parts)
            parts[name] = written(root)
    return parts


def _judge_odf_part(root: Element, parts: Mapping[str, bytes]) -> None:
    for element in root.iter(etree.Element):
        kind = etree.QName(element).localname
        if kind in _ODF_REFUSED:
            raise _refused("trae objetos, macros o partes de otros archivos")
        href = element.get(_HREF)
        if href and kind not in ("a", "template"):
            inside = href.removeprefix("./").split("#")[0]
            if inside and inside not in parts:
                raise _refused("muestra cosas que están en otros archivos o en internet")
        if kind == "template" and href:
            del element.attrib[_HREF]
