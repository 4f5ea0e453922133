"""Stacks as scanners make them: sheets and letters, as TIFF, as PDF of pictures and of text."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
from PIL import Image

from records import codes, lines, pdfa, separator
from tests.ingest.conftest import draw

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WHEN = lines.moment("2026-11-22T10:00:00.000-05:00")


@cache
def sheet_pdf() -> bytes:
    """One separator sheet as the program prints it."""
    return separator.sheet(None, copies=1, at=WHEN)


def rasterised(pdf: bytes, dpi: float) -> Image.Image:
    """Page 1 as a scanner sees it, grey."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("L")
        return picture


@cache
def sheet(dpi: int = 150) -> Image.Image:
    """A scanned separator sheet."""
    return rasterised(sheet_pdf(), dpi)


def blank(dpi: int = 150) -> Image.Image:
    """The back of one."""
    return Image.new("L", sheet(dpi).size, 250)


def letter(subject: str, dpi: int = 150, label: str | None = None) -> Image.Image:
    """A short letter, perhaps with one of our labels at its foot; few words: OCR is slow."""
    page = draw(f"Señores Alcaldía\n\nAsunto: {subject}", sheet(dpi).size, letter=dpi // 5)
    if label is not None:
        cells = codes.qr(label)
        mark = Image.fromarray((~cells).astype("uint8") * 255).resize((dpi, dpi))
        page.paste(mark, (page.width // 2, page.height // 2))
    return page


def black(pages: Sequence[Image.Image]) -> list[Image.Image]:
    """The same pages as a bilevel scanner gives them."""
    return [p.point(lambda v: 255 if v > 127 else 0).convert("1") for p in pages]


def tiff(path: Path, pages: Sequence[Image.Image], dpi: int = 150, **more: object) -> Path:
    """A TIFF of those pages: Group 4 where all are bilevel."""
    given = {"compression": "group4" if pages[0].mode == "1" else "jpeg", **more}
    rest = list(pages[1:])
    pages[0].save(path, "TIFF", save_all=True, append_images=rest, dpi=(dpi, dpi), **given)
    return path


def picture_pdf(path: Path, pages: Sequence[Image.Image], dpi: int = 150) -> Path:
    """A PDF of JPEG pictures, as a scanner makes it."""
    pdf = pikepdf.new()
    for page in pages:
        stream = io.BytesIO()
        page.save(stream, "JPEG", quality=70)
        image = pdf.make_stream(
            stream.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=page.width,
            Height=page.height,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray,
            Filter=pikepdf.Name.DCTDecode,
        )
        size = page.width * 72 / dpi, page.height * 72 / dpi
        pdf.add_blank_page(page_size=size)
        pdf.pages[-1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        place = f"q {size[0]:.3f} 0 0 {size[1]:.3f} 0 0 cm /Im0 Do Q".encode()
        pdf.pages[-1].Contents = pdf.make_stream(place)
    pdf.save(path, deterministic_id=True)
    return path


def text_pdf(path: Path, pages: Sequence[str | tuple[str, str] | None]) -> Path:
    """A PDF with its own text, which is read at once.

    A page is its subject, perhaps with the text of a label; None is a separator sheet.
    """
    pdf = pikepdf.new()
    with pikepdf.open(io.BytesIO(sheet_pdf())) as printed:
        for one in pages:
            if one is None:
                pdf.pages.append(printed.pages[0])
                continue
            text, label = (one, None) if isinstance(one, str) else one
            pdf.add_blank_page(page_size=(612, 792))
            page = pdf.pages[-1]
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdfa.embed_font(pdf)))
            rows = ["San Jacinto del Río, 12 de noviembre de 2026", f"Asunto: {text}", "Ana Güiza"]
            shown = b" 0 -20 Td ".join(pdfa.face().encode(row) + b" Tj" for row in rows)
            mark = codes.draw_qr(codes.qr(label), 400, 80, 90) if label is not None else b""
            content = b"BT /F1 12 Tf 72 700 Td " + shown + b" ET\n" + mark
            page.Contents = pdf.make_stream(content)
        pdf.save(path, deterministic_id=True)
    return path
