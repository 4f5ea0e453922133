"""The pixels of a PDF page: those of its own images where it is a scan, else drawn by pdfium.

Drawing a scan samples it a second time, which spoils black and white above all: a fax of 204 by 196
to the inch had 12.5 % wrong letters when read from drawn pages, 0.6 % from its own pixels. So an
image is decoded once, as grey, and turned as its matrix and `/Rotate` say.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Name

from ingest.lectura import Unreadable
from ingest.pages import DECODER_ERRORS, turned
from ingest.scans import DEEPEST, PACKED, filters

if TYPE_CHECKING:
    import pypdfium2 as pdfium
    from PIL import Image

    from ingest.scans import Scan


def pixels_of(scan: Scan, page: pdfium.PdfPage) -> Image.Image | None:
    """The upright page as mode `1` or `L`, at the resolution of its images.

    None where they cannot be decoded here: then pdfium may draw what it sees.

    Raises:
        Unreadable: an image was cut short.
    """
    from PIL import Image

    dpi_x, dpi_y = scan.dpi
    wide, high = round(scan.size[0] * dpi_x / 72), round(scan.size[1] * dpi_y / 72)
    laid: list[tuple[Image.Image, int, int]] = []
    for part in scan.parts:
        image = _decoded(part.image, page)
        if image is None:
            return None
        left = round(part.box[0] * dpi_x / 72)
        top = round((scan.size[1] - part.box[3]) * dpi_y / 72)
        laid.append((turned(image, part.mirrored, part.turn), left, top))
    if len(laid) == 1:
        image, left, top = laid[0]
        if max(abs(left), abs(top), abs(image.width - wide), abs(image.height - high)) <= 2:
            return image
    bilevel = all(image.mode == "1" for image, _, _ in laid)
    whole = Image.new("1" if bilevel else "L", (wide, high), 1 if bilevel else 255)
    for image, left, top in laid:
        whole.paste(image, (left, top))
    return whole


def _decoded(image: pikepdf.Stream, page: pdfium.PdfPage) -> Image.Image | None:
    """An image of a PDF as mode `1` or `L`, as it looks on white paper."""
    from PIL import Image

    last = filters(image)[-1:]
    if last and last[0] in PACKED:
        return _by_pdfium(page)
    Image.MAX_IMAGE_PIXELS = None  # our own budget was checked on the headers
    pikepdf.PdfImage.MAX_IMAGE_PIXELS = None
    try:
        made = _grey_jpeg(image) or pikepdf.PdfImage(image).as_pil_image(apply_mask=False)
        made.load()
    except (*DECODER_ERRORS, pikepdf.PikepdfError, pikepdf.UnsupportedImageTypeError) as error:
        if last == [Name.DCTDecode]:
            raise Unreadable("danado", f"imagen del PDF: {error}"[:200]) from error
        return _by_pdfium(page)
    if made.mode != "1":
        return made.convert("L")
    if (
        last == [Name.CCITTFaxDecode]
        and made.crop((0, made.height - 1, *made.size)).getbbox() is None
    ):
        # The decoder leaves rows black for which there was no data, and says nothing.
        if _cut_short(image):
            raise Unreadable("danado", "imagen de fax del PDF cortada")
        return None
    return made


def _grey_jpeg(image: pikepdf.Stream) -> Image.Image | None:
    """A plain JPEG, of which only the brightness is decoded; None for any other image."""
    from PIL import Image

    if filters(image) != [Name.DCTDecode] or Name.Decode in image:
        return None
    made = Image.open(io.BytesIO(image.read_raw_bytes()), formats=("JPEG",))
    if made.mode not in ("L", "RGB"):
        return None
    made.draft("L", None)
    return made


def _cut_short(image: pikepdf.Stream) -> bool:
    """Whether Group 4 data end without their end mark (two EOL, ITU-T T.6, 2.4.1.1)."""
    parms = image.get(Name.DecodeParms)
    parms = parms[-1] if isinstance(parms, pikepdf.Array) else parms
    if not isinstance(parms, pikepdf.Dictionary) or int(parms.get(Name.K, 0)) >= 0:
        return False
    tail = int.from_bytes(image.read_raw_bytes()[-12:], "big") if len(filters(image)) == 1 else 0
    return bool(tail) and not any(tail >> shift & 0xFFFFFF == 0x001001 for shift in range(72))


def _by_pdfium(page: pdfium.PdfPage) -> Image.Image | None:
    """The page's only image as pdfium decodes it; None where it cannot."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    found = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=DEEPEST + 1))
    if len(found) != 1:
        return None
    try:
        one_bit = found[0].get_metadata().bits_per_pixel == 1
        made: Image.Image = found[0].get_bitmap().to_pil().convert("L")
    except pdfium.PdfiumError:
        return None
    return made.point([0] * 128 + [255] * 128).convert("1") if one_bit else made.copy()


def drawn(page: pdfium.PdfPage, dpi: float, *, grey: bool = True) -> Image.Image:
    """The page as pdfium draws it, annotations and all: mode `L`, or `RGB`."""
    bitmap = page.render(scale=dpi / 72, grayscale=grey, may_draw_forms=False)
    try:
        picture: Image.Image = bitmap.to_pil().convert("L" if grey else "RGB").copy()
        return picture
    finally:
        bitmap.close()


def largest_dpi(width: float, height: float, pixels: int) -> float:
    """The finest resolution at which a page stays within *pixels* and what a picture may be."""
    return min(
        math.sqrt(pixels / max(width * height / 5184, 1e-9)), 14_000 * 72 / max(width, height)
    )
