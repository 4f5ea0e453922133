"""PDFs as scanners, fax servers and office programs make them, for the tests of reading."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ingest.encode import encode_g4
from records import pdfa

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LETTER = (612.0, 792.0)


def blank(size: tuple[float, float] = LETTER) -> tuple[pikepdf.Pdf, pikepdf.Dictionary]:
    """A document of one empty page, which knows a font `F1`."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=size)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=pdfa.embed_font(pdf)), XObject=Dictionary())
    return pdf, page.obj


def picture(pdf: pikepdf.Pdf, image: Image.Image, **more: object) -> pikepdf.Stream:
    """An image XObject: Group 4 for bilevel ones, JPEG for others."""
    common = {"Type": Name.XObject, "Subtype": Name.Image, **more}
    if image.mode == "1":
        facts, data = encode_g4(image)
        parms = Dictionary({f"/{k}": v for k, v in facts.parametros.items()})
        kind = {} if "ImageMask" in more else {"ColorSpace": Name.DeviceGray}
        return pdf.make_stream(
            data, Width=image.width, Height=image.height, BitsPerComponent=1,
            Filter=Name.CCITTFaxDecode, DecodeParms=parms, **kind, **common,
        )  # fmt: skip
    file = io.BytesIO()
    image.save(file, format="JPEG", quality=85)
    return pdf.make_stream(
        file.getvalue(), Width=image.width, Height=image.height, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if image.mode == "L" else Name.DeviceRGB,
        Filter=Name.DCTDecode, **common,
    )  # fmt: skip


def laid(pdf: pikepdf.Pdf, page: pikepdf.Dictionary, image: Image.Image, *where: float) -> bytes:
    """Add *image* to the page's resources; the operators that draw it at x, y, width, height."""
    name = f"/I{len(page.Resources.XObject.keys())}"
    page.Resources.XObject[name] = picture(pdf, image)
    x, y, wide, high = where
    return f"q {wide} 0 0 {high} {x} {y} cm {name} Do Q\n".encode()


def written(lines: Iterable[str], x: float, y: float, size: int = 11, mode: int = 0) -> bytes:
    """The operators that write *lines* downwards; *mode* 3 is unseen."""
    show = pdfa.face().encode
    rows = b"\n".join(show(line) + b" Tj T*" for line in lines)
    head = f"BT /F1 {size} Tf {mode} Tr {size * 1.3} TL {x} {y} Td "
    return head.encode() + rows + b" ET\n"


def scan_pdf(image: Image.Image, dpi: tuple[float, float], text: bytes = b"") -> pikepdf.Pdf:
    """A scanner's PDF of one page, with *text* operators over it."""
    size = image.width * 72 / dpi[0], image.height * 72 / dpi[1]
    pdf, page = blank(size)
    page.Contents = pdf.make_stream(laid(pdf, page, image, 0, 0, *size) + text)
    return pdf


def saved(pdf: pikepdf.Pdf, folder: Path, name: str = "entrada.pdf", **options: object) -> Path:
    """The path of *pdf*, written."""
    path = folder / name
    pdf.save(path, **options)  # type: ignore[arg-type]
    return path


def box(*values: float) -> Array:
    """A rectangle of PDF."""
    return Array(list(values))
