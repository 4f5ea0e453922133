"""What a file's format is called in PRONOM, by its kind and its first bytes.

For PREMIS and the inventories. Only formats that offices send and that this program writes; of any
other the MIME type is told and no PRONOM id: none is better than a wrong one. Pure.
"""

from __future__ import annotations

import re
from typing import NamedTuple

HEAD = 1 << 16
"""How many bytes of a file are looked at."""
PDFA = "application/pdf"
MADE = ("registro", "documento", "constancia")
"""Roles of documents that the program itself made and checked as PDF/A-2b."""


class Format(NamedTuple):
    """A format: its name, its version, its id in PRONOM (either may be empty)."""

    nombre: str
    version: str = ""
    pronom: str = ""


_PDF = {
    "1.0": "fmt/14",
    "1.1": "fmt/15",
    "1.2": "fmt/16",
    "1.3": "fmt/17",
    "1.4": "fmt/18",
    "1.5": "fmt/19",
    "1.6": "fmt/20",
    "1.7": "fmt/276",
    "2.0": "fmt/1129",
}
_JFIF = {b"\x01\x00": ("1.00", "fmt/42"), b"\x01\x01": ("1.01", "fmt/43"),
         b"\x01\x02": ("1.02", "fmt/44")}  # fmt: skip
_OTHERS = {
    "image/tiff": Format("Tagged Image File Format", "", "fmt/353"),
    "text/xml": Format("Extensible Markup Language", "1.0", "fmt/101"),
    "application/xml": Format("Extensible Markup Language", "1.0", "fmt/101"),
    "text/plain": Format("Plain Text File", "", "x-fmt/111"),
    "text/csv": Format("Comma Separated Values", "", "x-fmt/18"),
    "application/json": Format("JSON Data Interchange Format", "", "fmt/817"),
    "message/rfc822": Format("Internet Message Format", "", "fmt/278"),
    "application/zip": Format("ZIP Format", "", "x-fmt/263"),
}
EXTENSIONS = {
    "application/pdf": "pdf",
    "image/tiff": "tif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "text/xml": "xml",
    "application/xml": "xml",
    "text/plain": "txt",
    "text/csv": "csv",
    "application/json": "json",
    "message/rfc822": "eml",
    "application/zip": "zip",
}


def identify(mime: str, head: bytes, rol: str = "") -> Format:
    """The format of a file by its MIME type, its first bytes and what it is to its record."""
    if mime == PDFA:
        if rol in MADE:
            return Format("Acrobat PDF/A - Portable Document Format", "2b", "fmt/477")
        version = re.search(rb"%PDF-([0-9]\.[0-9])", head[:1024])
        said = version[1].decode() if version else ""
        return Format("Acrobat PDF - Portable Document Format", said, _PDF.get(said, ""))
    if mime == "image/jpeg":
        if head[6:11] == b"JFIF\0":
            return Format("JPEG File Interchange Format", *_JFIF.get(head[11:13], ("", "")))
        return Format("Raw JPEG Stream", "", "fmt/41")
    if mime == "image/png":
        if b"iTXt" in head:
            return Format("Portable Network Graphics", "1.2", "fmt/13")
        if any(chunk in head for chunk in (b"iCCP", b"sRGB", b"sPLT")):
            return Format("Portable Network Graphics", "1.1", "fmt/12")
        return Format("Portable Network Graphics", "1.0", "fmt/11")
    return _OTHERS.get(mime, Format(mime or "desconocido"))
