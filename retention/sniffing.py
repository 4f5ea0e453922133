"""Which format of the register a file is, by its bytes; of plain text its name decides the rest.

Nothing is decoded or unpacked: a stranger's file is only searched. So a PDF/A is one by its own
word (its XMP metadata); whether it keeps it, `records.pdfa` checks of what this program writes.
"""

from __future__ import annotations

import mmap
import re
from typing import TYPE_CHECKING

from retention.register import UNKNOWN, forms, magic

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 1 << 16
_PART = re.compile(rb"pdfaid:part\s*(?:>|=\s*[\"'])\s*([1-4])")
_LEVEL = re.compile(rb"pdfaid:conformance\s*(?:>|=\s*[\"'])\s*([A-Za-z])")
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:[0-9]+\s+[0-9]+\s+R|<<)")
_VERSION = re.compile(rb"%PDF-([0-9]\.[0-9])")
_MAIL = re.compile(
    r"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:From|Received|Return-Path|Message-ID):", re.I
)
_JFIF = {b"\x01\x00": "jfif-1.00", b"\x01\x01": "jfif-1.01", b"\x01\x02": "jfif-1.02"}
_OOXML = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
_ODF = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_HEIF = (b"heic", b"heix", b"heif", b"mif1", b"hevc")
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 27}


def sniff(path: Path) -> str:
    """The id of a file's format.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            return UNKNOWN
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            return identify(head, whole, path.suffix.lstrip(".").lower())


def identify(head: bytes, whole: bytes | mmap.mmap, extension: str = "") -> str:
    """The id of a format by the first bytes of a file and all of them."""
    if b"%PDF-" in head[:1024]:
        return _pdf(head, whole)
    known = next((name for first, name in magic() if head.startswith(first)), None)
    match known:
        case "zip":
            return _zipped(head, whole)
        case "jpeg" if head[6:11] == b"JFIF\0":
            return _JFIF.get(head[11:13], known)
        case str():
            return known
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(head)
    return _boxed(head, len(whole)) or _text(head, extension)


def _pdf(head: bytes, whole: bytes | mmap.mmap) -> str:
    if _ENCRYPTED.search(whole):
        return "pdf-cifrado"
    parts, levels = _PART.findall(whole), _LEVEL.findall(whole)
    if parts:  # the last one: a file that was added to says it again
        level = levels[-1].decode().lower() if levels else ""
        said = f"pdfa-{parts[-1].decode()}{level}"
        if said in forms():
            return said
    version = _VERSION.search(head[:1024])
    said = f"pdf-{version[1].decode()}" if version else "pdf"
    return said if said in forms() else "pdf"


def _png(head: bytes) -> str:
    if b"iTXt" in head:
        return "png-1.2"
    return "png-1.1" if any(c in head for c in (b"iCCP", b"sRGB", b"sPLT")) else "png-1.0"


def _zipped(head: bytes, whole: bytes | mmap.mmap) -> str:
    if head[30:38] == b"mimetype":
        said = re.match(rb"application/vnd\.oasis\.opendocument\.([a-z]+)", head[38:100])
        return _ODF.get(said[1], "zip") if said else "zip"
    ends = head + bytes(whole[-HEAD:])
    if b"[Content_Types].xml" in ends:
        return next((name for part, name in _OOXML if part in ends), "zip")
    return "zip"


def _boxed(head: bytes, size: int) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "heif" if head[8:12] in _HEIF else "mp4"
    if head[:2] == b"BM" and int.from_bytes(head[2:6], "little") == size:
        return "bmp"
    return None


def _text(head: bytes, extension: str) -> str:
    if _CONTROL & set(head):
        return UNKNOWN
    try:
        text = head.decode("utf-8-sig") if len(head) < HEAD else head.decode("utf-8-sig", "ignore")
    except UnicodeDecodeError:
        text = head.decode("cp1252", "replace")
    bare = text.lstrip().replace("\r\n", "\n")
    lower = bare[:200].lower()
    if lower.startswith("<?xml"):
        return "xml"
    if lower.startswith(("<!doctype html", "<html")):
        return "html"
    if extension == "json" and bare[:1] in ("{", "["):
        return "json"
    if extension == "eml" or _MAIL.match(bare):
        return "eml"
    return "csv" if extension == "csv" else "texto"
