"""METS documents of an E-ARK package (CSIP and SIP 2.1.0 of the DILCIS Board), as XML. Pure.

One stands at the root of a package and one in each representation; together they name every file
with its size and SHA-256. A document is written as it is told, so the same told gives the same
bytes; identifiers are made of a prefix and a count, for no two of a package may be the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

from lxml import etree

from retention.formats import Format
from retention.xmltext import holdable

METS = "http://www.loc.gov/METS/"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
SIP = "https://DILCIS.eu/XML/METS/SIPExtensionMETS"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
CONTENT = "Expedientes (transferencia documental)"
"""No content information type of the vocabulary is a transfer of expedientes."""
_SPACES = {None: METS, "csip": CSIP, "sip": SIP, "xlink": XLINK, "xsi": XSI}
_SCHEMAS = (
    f"{METS} http://www.loc.gov/standards/mets/mets.xsd "
    f"{CSIP} https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd "
    f"{SIP} https://earksip.dilcis.eu/schema/DILCISExtensionSIPMETS.xsd"
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a package."""

    ruta: str
    """From the folder of the METS document that names it."""
    bytes: int
    sha256: str
    mime: str
    formato: Format | None = None
    de: str = ""
    """Which metadata describe it: `Metadata.de` of them."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """A file of metadata."""

    file: File
    kind: str
    """Of the METS vocabulary: `EAD`, `DC`, `PREMIS`."""
    version: str = ""
    de: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one use: `Documentation`, `Schemas`, `Data`, `Representations/…`."""

    use: str
    files: Sequence[File]


@dataclass(frozen=True, slots=True)
class Told:
    """What a METS document says."""

    objid: str
    label: str
    at: str
    """When the package was made; also of every file in it."""
    prefix: str
    """Of its identifiers: another one for each document of a package."""
    agents: Sequence[tuple[dict[str, str], str, str]]
    """Each by its attributes, its name, and the version where it is a program."""
    descriptive: Sequence[Metadata]
    preservation: Sequence[Metadata]
    groups: Sequence[Group]
    original: bool = False
    """Whether it is of a representation, which is what the office had."""


Node = tuple[str, dict[str, str], "Iterable[Node] | str"]
"""An element: its name, its attributes, what is in it."""


def document(told: Told) -> bytes:
    """A METS document."""
    out, writing = io.BytesIO(), _Writing(told)
    with etree.xmlfile(out, encoding="UTF-8") as xml:
        xml.write_declaration()
        _emit(xml, writing.whole(), {"nsmap": _SPACES})
    return out.getvalue() + b"\n"


def _emit(xml: Any, node: Node, more: dict[str, Any]) -> None:
    """Write an element as soon as it is known: a package may have very many."""
    name, attributes, inner = node
    held = {key: holdable(value)[0] for key, value in attributes.items()}
    with xml.element(_q(METS, name), held, **more):
        if isinstance(inner, str):
            xml.write(holdable(inner)[0])
            return
        for child in inner:
            xml.write("\n")
            _emit(xml, child, {})


class _Writing:
    """Identifiers are given in the order of the document, so each part is asked for once."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.counted = count(1)
        self.dmd: dict[str, list[str]] = {}
        self.adm: dict[str, list[str]] = {}
        self.groups: list[tuple[Group, str]] = []

    def whole(self) -> Node:
        told = self.told
        about = {
            "OBJID": told.objid,
            "LABEL": told.label,
            "TYPE": "Mixed",
            "PROFILE": PROFILE,
            _q(XSI, "schemaLocation"): _SCHEMAS,
            **_content(),
        }
        return ("mets", about, self._parts())

    def _parts(self) -> Iterator[Node]:
        told = self.told
        header = {"CREATEDATE": told.at, "LASTMODDATE": told.at, "RECORDSTATUS": "NEW"}
        header[_q(CSIP, "OAISPACKAGETYPE")] = "SIP"
        yield ("metsHdr", header, [_agent(*agent) for agent in told.agents])
        for one in told.descriptive:
            yield self._section("dmdSec", one, self.dmd)
        if told.preservation:
            inner = (self._section("digiprovMD", one, self.adm) for one in told.preservation)
            yield ("amdSec", {"ID": self._id("amd")}, inner)
        yield ("fileSec", {"ID": self._id("files")}, (self._group(one) for one in told.groups))
        yield ("structMap", {"ID": self._id("map"), "TYPE": "PHYSICAL", "LABEL": "CSIP"},
               [self._main()])  # fmt: skip

    def _section(self, name: str, one: Metadata, known: dict[str, list[str]]) -> Node:
        ident, file = self._id("md"), one.file
        known.setdefault(one.de, []).append(ident)
        kind = {"MDTYPE": one.kind, **({"MDTYPEVERSION": one.version} if one.version else {})}
        link: Node = ("mdRef", {**_link(file.ruta), **kind, **self._what(file)}, [])
        return (name, {"ID": ident, "CREATED": self.told.at, "STATUS": "CURRENT"}, [link])

    def _group(self, group: Group) -> Node:
        ident = self._id("grp")
        self.groups.append((group, ident))
        about = {"ID": ident, "USE": group.use, **_content()}
        return ("fileGrp", about, (self._file(file) for file in group.files))

    def _file(self, file: File) -> Node:
        about = {"ID": self._id("f"), **self._what(file)}
        for name, known in (("DMDID", self.dmd), ("ADMID", self.adm)):
            if file.de and file.de in known:
                about[name] = " ".join(known[file.de])
        if file.formato is not None:
            name, version, pronom = file.formato
            about[_q(SIP, "FILEFORMATNAME")] = name
            if version:
                about[_q(SIP, "FILEFORMATVERSION")] = version
            if pronom:
                about[_q(SIP, "FORMATREGISTRY")] = "PRONOM"
                about[_q(SIP, "FORMATREGISTRYKEY")] = pronom
        return ("file", about, [("FLocat", _link(file.ruta), [])])

    # -- the structural map: what is where in the package -------------------------------------

    def _main(self) -> Node:
        kind = {"TYPE": "ORIGINAL"} if self.told.original else {}
        return self._div(self.told.objid, self._divs(), **kind)

    def _divs(self) -> Iterator[Node]:
        known = {"DMDID": self.dmd, "ADMID": self.adm}
        listed = {n: " ".join(i for some in by.values() for i in some) for n, by in known.items()}
        yield self._div("Metadata", [], **{n: idents for n, idents in listed.items() if idents})
        for group, ident in self.groups:
            files: list[Node] = [("fptr", {"FILEID": ident}, [])]
            if not group.use.startswith("Representations/"):
                yield self._div(group.use, files)
                continue
            # What checks a package by the rules asks for the one, what reads it for the other.
            yield self._div("Representations", files)
            where = {**_link(group.files[0].ruta), _q(XLINK, "title"): ident}
            yield self._div(group.use, [("mptr", where, [])])

    def _div(self, label: str, inner: Iterable[Node], **attributes: str) -> Node:
        return ("div", {"ID": self._id("div"), "LABEL": label, **attributes}, inner)

    def _id(self, kind: str) -> str:
        return f"{self.told.prefix}-{kind}-{next(self.counted)}"

    def _what(self, file: File) -> dict[str, str]:
        return {
            "MIMETYPE": file.mime,
            "SIZE": str(file.bytes),
            "CREATED": self.told.at,
            "CHECKSUM": file.sha256,
            "CHECKSUMTYPE": "SHA-256",
        }


def _agent(attributes: dict[str, str], name: str, version: str) -> Node:
    inner: list[Node] = [("name", {}, name)]
    if version:
        inner.append(("note", {_q(CSIP, "NOTETYPE"): "SOFTWARE VERSION"}, version))
    return ("agent", attributes, inner)


def _content() -> dict[str, str]:
    names = ("CONTENTINFORMATIONTYPE", "OTHERCONTENTINFORMATIONTYPE")
    return dict(zip((_q(CSIP, n) for n in names), ("OTHER", CONTENT), strict=True))


def _link(path: str) -> dict[str, str]:
    href = quote(path, safe="/")
    return {"LOCTYPE": "URL", _q(XLINK, "type"): "simple", _q(XLINK, "href"): href}


def _q(space: str, name: str) -> str:
    return f"{{{space}}}{name}"
