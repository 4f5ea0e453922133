"""Image streams as PDF takes them: Group 4 in one strip, JPEG, or Flate with PNG predictors.

Serves ISO 32000-1, 7.4 (filters) and TIFF 6.0 (where Group 4 bytes are lifted from). Nothing here
loses a pixel but `encode_jpeg`, for pages that are drawn anew.
"""

from __future__ import annotations

import io
import struct

from PIL import Image, TiffImagePlugin

from ingest.facts import ImageFacts
from ingest.lectura import Unreadable

COMPRESSION, PHOTOMETRIC, FILL_ORDER = 259, 262, 266
STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_BYTES, T6_OPTIONS = 273, 278, 279, 293
JPEG_QUALITY = 88
MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits the other way round: fax machines store them so (FillOrder 2)."""


def encode(image: Image.Image) -> tuple[ImageFacts, bytes]:
    """A lossless stream for a simplified image: G4 of one strip, or Flate with PNG predictors."""
    if image.mode == "1":
        return encode_g4(image)
    packed = io.BytesIO()
    image.save(packed, format="PNG", compress_level=6)
    # Its compressed rows are a Flate stream with predictor 15.
    found = stored_png(packed.getvalue())
    assert found is not None
    return found


def encode_g4(image: Image.Image) -> tuple[ImageFacts, bytes]:
    """Bilevel pixels as Group 4 in one strip, which is all that PDF understands."""
    file = io.BytesIO()
    # A copy, for Pillow would carry over the tags of the file that the image came from.
    image.copy().save(
        file, format="TIFF", compression="group4", tiffinfo={ROWS_PER_STRIP: image.height}
    )
    with Image.open(file, formats=("TIFF",)) as made:
        strip = single_strip(made, file.getbuffer())
    assert strip is not None
    return strip


def tags_of(frame: Image.Image) -> TiffImagePlugin.ImageFileDirectory_v2:
    """The directory of a TIFF's current page."""
    assert isinstance(frame, TiffImagePlugin.TiffImageFile)
    return frame.tag_v2


def g4_length(frame: Image.Image, orientation: int) -> int:
    """Bytes of Group 4 data of a page that can be packed again for comparison; 0 for others."""
    tags = tags_of(frame)
    if tags.get(COMPRESSION) != 4 or frame.mode != "1" or orientation != 1:
        return 0
    strips = tags.get(STRIP_BYTES, ())
    return max(0, sum(strips) - 100 * len(strips))


def same_elsewhere(facts: ImageFacts, data: bytes, image: Image.Image) -> bool:
    """Whether a second decoder sees in *data* the very pixels of *image*.

    Some fax software leaves faults that one decoder forgives and the next stops at: such bytes,
    passed on, would be a record of which a reader shows only the top.
    """
    import numpy as np
    import pikepdf
    import pypdfium2

    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(image.width, image.height))
    stream = pdf.make_stream(
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=facts.ancho,
        Height=facts.alto,
        BitsPerComponent=1,
        ColorSpace=pikepdf.Name.DeviceGray,
        Filter=pikepdf.Name.CCITTFaxDecode,
        DecodeParms=pikepdf.Dictionary({f"/{k}": v for k, v in facts.parametros.items()}),
    )
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
    page.Contents = pdf.make_stream(f"{image.width} 0 0 {image.height} 0 0 cm /Im0 Do".encode())
    made = io.BytesIO()
    pdf.save(made)
    with pypdfium2.PdfDocument(made) as document:
        seen = document[0].render(scale=1, grayscale=True).to_numpy().squeeze()
    return bool(np.array_equal(seen > 127, np.asarray(image, dtype=bool)))


def single_strip(
    frame: Image.Image, source: memoryview | io.BufferedReader
) -> tuple[ImageFacts, bytes] | None:
    tags = tags_of(frame)
    if tags.get(COMPRESSION) != 4 or frame.mode != "1" or tags.get(FILL_ORDER, 1) not in (1, 2):
        return None
    offsets, lengths = tags.get(STRIP_OFFSETS, ()), tags.get(STRIP_BYTES, ())
    if len(offsets) != 1 or len(lengths) != 1 or not lengths[0] or tags.get(T6_OPTIONS, 0):
        return None
    if isinstance(source, memoryview):
        data = bytes(source[offsets[0] : offsets[0] + lengths[0]])
    else:
        source.seek(offsets[0])
        data = source.read(lengths[0])
    if len(data) != lengths[0]:
        raise Unreadable("danado", "tira G4 incompleta")
    if tags.get(FILL_ORDER, 1) == 2:
        data = data.translate(MIRRORED)
    facts = ImageFacts(
        ancho=frame.width,
        alto=frame.height,
        bits=1,
        color="DeviceGray",
        filtro="CCITTFaxDecode",
        parametros={
            "K": -1,
            "Columns": frame.width,
            "Rows": frame.height,
            # A TIFF that calls 0 black stores its runs the other way round than PDF's default.
            "BlackIs1": tags.get(PHOTOMETRIC, 0) == 1,
        },
    )
    return facts, data


def encode_jpeg(image: Image.Image, *, finest: bool = False) -> tuple[ImageFacts, bytes]:
    """Grey or RGB pixels as JPEG; *finest* of what is a JPEG already, so that nobody sees it."""
    packed = io.BytesIO()
    if finest:
        image.save(packed, format="JPEG", quality=95, subsampling=0)
    else:
        image.save(packed, format="JPEG", quality=JPEG_QUALITY)
    return jpeg_facts(image), packed.getvalue()


def usual_jpeg(data: bytes) -> bool:
    """Whether a JPEG is baseline, extended or progressive with Huffman codes, as PDF takes it.

    Decoders know more (arithmetic codes, lossless) that viewers of PDF do not: ISO 32000-1, 7.4.8.
    """
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            return kind <= 0xC2
        if kind == 0xFF:
            at += 1  # padding
        elif kind == 0x01 or 0xD0 <= kind <= 0xD7:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def jpeg_facts(image: Image.Image) -> ImageFacts:
    """How a PDF must announce the JPEG of *image*."""
    color = "DeviceGray" if image.mode == "L" else "DeviceRGB"
    return ImageFacts(image.width, image.height, 8, color, "DCTDecode")


def stored_png(data: bytes) -> tuple[ImageFacts, bytes] | None:
    """The rows of a PNG as it stores them; None where PDF has no word for how."""
    rows, palette = bytearray(), b""
    width = height = bits = kind = interlaced = 0
    position = 8
    while position + 8 <= len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        name, body = data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        if name == b"IHDR":
            width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", body)
        elif name == b"PLTE":
            palette = body
        elif name == b"IDAT":
            rows += body
        position += 12 + length
    color = {0: "DeviceGray", 2: "DeviceRGB", 3: "Indexed"}.get(kind)
    if color is None or interlaced or bits > 8:
        return None
    parameters: dict[str, int | bool] = {
        "Predictor": 15,
        "Colors": 3 if kind == 2 else 1,
        "BitsPerComponent": bits,
        "Columns": width,
    }
    facts = ImageFacts(width, height, bits, color, "FlateDecode", parameters, palette.hex())
    return facts, bytes(rows)
