"""Pages and their words become one searchable PDF/A-2b; the scan's bytes are passed through.

A scanned page is one image XObject, turned upright by the matrix that places it, never by
encoding it again; the words lie over it invisible (text mode 3), each at its place and as wide as
its ink. Over a foreign PDF only words are laid that its pages do not bring. Serves ISO 19005-2,
level B. It does not stamp: `ingest.ink` says where a stamp covers nothing.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import msgspec
import pikepdf
from pikepdf import Array, Dictionary, Name

from ingest.overlay import FONT, add_font, codes, text_layer
from records.pdfa import upright, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ingest.facts import DocumentFacts, ImageFacts, PageFacts
    from ingest.lectura import Pagina

WORTH = 0.99
"""Of a stream, the share that Flate around it must leave at most to be worth its place."""
SMALL_JPEG = 350_000
"""Bytes of a JPEG below which the rest of the page would weigh more than 2 % of it."""


def build(facts: DocumentFacts, pages: list[Pagina], folder: Path) -> bytes:
    """The PDF/A-2b bytes of a read document whose streams lie in *folder*.

    Raises:
        records.pdfa.NotPdfA: the checker refused the result.
    """
    if facts.base:
        with pikepdf.open(folder / "base.pdf") as pdf:
            _lay_over(pdf, facts, pages)
            return write(pdf)
    with pikepdf.new() as pdf:
        known = codes(pages)
        font = add_font(pdf, known)
        for number, (page, read) in enumerate(zip(facts.paginas, pages, strict=True), 1):
            assert page.imagen is not None
            stream = (folder / f"p{number:04d}.bin").read_bytes()
            image = image_object(pdf, page.imagen, stream)
            _add_page(pdf, page, read, image, text_layer(read, known), font)
        return write(pdf)


def image_object(pdf: pikepdf.Pdf, facts: ImageFacts, stream: bytes) -> pikepdf.Stream:
    """An image XObject around encoded bytes, which are kept as they are.

    Flate goes around Group 4 and small JPEG that are packed badly: of a clean scan of 30 KB it wins
    back what words and PDF/A cost, of a fax a part; who unpacks it has the scanner's own bytes.
    """
    color: pikepdf.Object = Name("/" + facts.color)
    if facts.color == "Indexed":
        palette = bytes.fromhex(facts.paleta)
        last = len(palette) // 3 - 1
        color = Array([Name.Indexed, Name.DeviceRGB, last, pikepdf.String(palette)])
    parameters = Dictionary({f"/{k}": v for k, v in facts.parametros.items()})
    entries = {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": facts.ancho,
        "/Height": facts.alto,
        "/BitsPerComponent": facts.bits,
        "/ColorSpace": color,
        "/Filter": Name("/" + facts.filtro),
    }
    if facts.parametros:
        entries["/DecodeParms"] = parameters
    packed = _packed(facts.filtro, stream)
    if packed is not None:
        entries["/Filter"] = Array([Name.FlateDecode, entries["/Filter"]])
        if facts.parametros:
            entries["/DecodeParms"] = Array([None, parameters])
    return pdf.make_stream(packed or stream, entries)


def _packed(kind: str, stream: bytes) -> bytes | None:
    """The stream inside Flate where that is worth it: 1 ms for a fax, at most 8 for a JPEG."""
    if kind == "FlateDecode" or (kind == "DCTDecode" and len(stream) > SMALL_JPEG):
        return None
    packed = zlib.compress(stream, 9)
    return packed if len(packed) < WORTH * len(stream) else None


def placement(width: float, height: float, mirrored: bool, turn: int) -> tuple[float, ...]:
    """The matrix that lays the unit square of an image on a page of *width* by *height* points.

    *mirrored* is done first, *turn* is clockwise.
    """
    a, b, c, d, e, f = {
        0: (width, 0.0, 0.0, height, 0.0, 0.0),
        90: (0.0, -height, width, 0.0, 0.0, height),
        180: (-width, 0.0, 0.0, -height, width, height),
        270: (0.0, height, -width, 0.0, width, 0.0),
    }[turn % 360]
    return (-a, -b, c, d, e + a, f + b) if mirrored else (a, b, c, d, e, f)


def _add_page(
    pdf: pikepdf.Pdf,
    facts: PageFacts,
    read: Pagina,
    image: pikepdf.Stream,
    text: bytes,
    font: pikepdf.Object,
) -> None:
    # `rotacion` counts the Orientation tag, which pixels turned before encoding obey already.
    done = 0 if facts.girar_imagen else facts.giro
    matrix = placement(
        read.ancho,
        read.alto,
        facts.espejo and facts.girar_imagen,
        (read.rotacion - done) % 360,
    )
    content = f"q {_numbers(matrix)} cm /Im0 Do Q\n".encode("ascii")
    page = pdf.add_blank_page(page_size=(read.ancho, read.alto))
    page.MediaBox = Array([0, 0, round(read.ancho, 3), round(read.alto, 3)])
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
    if text:
        page.obj.Resources.Font = Dictionary({str(FONT): font})
    page.obj.Contents = pdf.make_stream(content + text)


def _lay_over(pdf: pikepdf.Pdf, facts: DocumentFacts, pages: list[Pagina]) -> None:
    """Add to the pages of a foreign PDF what OCR read, and turn them upright."""
    if len(pdf.pages) != len(pages):
        raise ValueError("the base and its reading differ in pages")
    drawn = set(facts.dibujadas)
    ours = [
        _ours(fact, read, number in drawn)
        for number, (fact, read) in enumerate(zip(facts.paginas, pages, strict=True), 1)
    ]
    if not any(read.palabras or read.rotacion for read in ours):
        return
    known = codes(ours)
    font = add_font(pdf, known)
    for page, read in zip(pdf.pages, ours, strict=True):
        if read.rotacion:
            page.rotate(read.rotacion, relative=True)
        text = text_layer(read, known)
        if not text:
            continue
        name = page.add_resource(font, Name.Font, FONT, replace_existing=True)
        assert name == FONT
        page.contents_add(b"q\n", prepend=True)
        seen = upright(page, size=(read.ancho, read.alto))
        page.contents_add(b"\nQ\n" + seen.content(text))


def _ours(fact: PageFacts, read: Pagina, drawn: bool) -> Pagina:
    """The page with those words alone that its picture does not bring."""
    if fact.lectura is None or drawn:
        return read
    theirs = {(word.texto, word.caja) for word in fact.lectura.palabras}
    return msgspec.structs.replace(
        read, palabras=[w for w in read.palabras if (w.texto, w.caja) not in theirs]
    )


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{v:.4f}".rstrip("0").rstrip(".") for v in values)
