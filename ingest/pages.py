"""PDF, TIFF, JPEG and PNG become pages with their true size and orientation.

Runs inside the limited child of `ingest.worker`. The first bytes say what a file is, never its
name. Sizes are read from the headers before anything is decoded, then every page is decoded whole:
a scan that was cut short must not become a record. What stays out: GIF, BMP, HEIC, e-mail, office
files, and any judgement on what the page says.
"""

from __future__ import annotations

import io
import math
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageSequence, UnidentifiedImageError

from ingest.encode import (
    encode,
    encode_g4,
    encode_jpeg,
    g4_length,
    jpeg_facts,
    same_elsewhere,
    single_strip,
    stored_png,
    tags_of,
    usual_jpeg,
)
from ingest.facts import STDERR, DocumentFacts, ImageFacts, Limits, PageFacts
from ingest.ink import ink, is_blank
from ingest.lectura import Unreadable
from ingest.marks import Marks, look
from ingest.sniff import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DECODER_ERRORS = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    NotImplementedError,
    struct.error,
    zlib.error,
)
"""All that Pillow is known to raise on broken images; anything else is a defect of ours."""

X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT, SUBFILE_TYPE = 282, 283, 296, 254

TURNS = {
    1: (False, 0),
    2: (True, 0),
    3: (False, 180),
    4: (True, 180),
    5: (True, 270),
    6: (False, 90),
    7: (True, 90),
    8: (False, 270),
}
"""Exif/TIFF Orientation → mirrored first, then degrees clockwise."""

SHEETS = ((8.27, 11.69), (8.5, 11.0), (8.5, 13.0), (8.5, 14.0))
"""A4, carta, oficio and legal, in inches."""


def sniff(head: bytes) -> str:
    """What the first bytes say: `pdf`, `tiff`, `jpeg` or `png`.

    Raises:
        Unreadable: empty, all NUL, or none of the four.
    """
    if not head.strip(b"\0"):
        raise Unreadable("vacio")
    kind = kind_of(head)
    if kind is not None:
        return kind
    raise Unreadable("formato", head[:8].hex())


def read_document(
    path: Path,
    folder: Path,
    limits: Limits,
    emit: Callable[[PageFacts], None],
    beat: Callable[[], None],
    *,
    redraw: bool = False,
    password: str | None = None,
) -> DocumentFacts:
    """Turn the document at *path* into pages in *folder*; *emit* hears of each as it is ready.

    *beat* is called now and then where the work goes on without a page.

    Raises:
        Unreadable: with the code of the reason.
    """
    with path.open("rb") as file:
        kind = sniff(file.read(4096))
    if kind == "pdf":
        from ingest.pdfs import read_pdf

        return read_pdf(path, folder, limits, emit, beat, redraw=redraw, password=password)
    Image.MAX_IMAGE_PIXELS = None  # our own budget, by page, is checked on the headers
    try:
        return _read_image(path, kind, folder, limits, emit)
    except DECODER_ERRORS as error:
        raise Unreadable("danado", f"{type(error).__name__}: {error}"[:200]) from error


def _read_image(
    path: Path, kind: str, folder: Path, limits: Limits, emit: Callable[[PageFacts], None]
) -> DocumentFacts:
    if kind == "tiff":
        count_directories(path, limits.paginas)
    pages: list[PageFacts] = []
    notes: set[str] = set()
    with Image.open(path, formats=(kind.upper(),)) as image:
        for frame in frames(image, kind):
            check_area(frame.width, frame.height, limits)
            last = pages[-1] if pages else None
            facts = _page(frame, kind, path, folder, len(pages) + 1, last)
            said = complaints(folder)
            if "Fax4Decode" in said:
                raise Unreadable("danado", "datos G4 dañados")  # all below the fault is invented
            if "Fax3Decode" in said:
                notes.add("Fax con líneas defectuosas; se leyó lo que llegó.")
            if facts.foto:
                notes.add("Sin resolución declarada: el tamaño de página se dedujo.")
            pages.append(facts)
            emit(facts)
    return DocumentFacts(formato=kind, paginas=pages, notas=sorted(notes))


def complaints(folder: Path) -> str:
    """What the decoders grumbled so far: libtiff goes on past errors in fax data, and only says so.

    The limited child's standard error goes to this file; elsewhere there is none.
    """
    said = folder / STDERR
    return said.read_text("utf-8", "replace")[-20_000:] if said.exists() else ""


def frames(image: Image.Image, kind: str) -> Iterator[Image.Image]:
    """The pages of *image*; a TIFF's reduced previews are none, a phone's second JPEG neither."""
    if kind != "tiff":
        yield image
        return
    for index, frame in enumerate(ImageSequence.Iterator(image)):
        if index and tags_of(frame).get(SUBFILE_TYPE, 0) & 1:
            continue
        yield frame


def count_directories(path: Path, most: int) -> int:
    """Walk the page directories of a TIFF without decoding; the count of them.

    Raises:
        Unreadable: a directory that points at one already seen, past the end, or too many.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(16)
        order = "<" if head[:2] == b"II" else ">"
        big = head[2:4] in (b"+\0", b"\0+")
        count, entry, link = ("Q", 20, "Q") if big else ("H", 12, "I")
        (offset,) = struct.unpack(order + link, head[8:16] if big else head[4:8])
        seen: set[int] = set()
        while offset:
            if offset in seen:
                raise Unreadable("danado", "TIFF con páginas en círculo")
            if len(seen) >= most:
                raise Unreadable("limite", f"más de {most} páginas")
            seen.add(offset)
            if offset + struct.calcsize(count) > size:
                raise Unreadable("danado", "directorio TIFF fuera del archivo")
            file.seek(offset)
            (rows,) = struct.unpack(order + count, file.read(struct.calcsize(count)))
            file.seek(rows * entry, io.SEEK_CUR)
            tail = file.read(struct.calcsize(link))
            # A last directory cut before its link is common and harmless: the decoder has the say.
            offset = struct.unpack(order + link, tail)[0] if len(tail) == len(head[4:8]) else 0
    return len(seen)


def check_area(width: int, height: int, limits: Limits) -> None:
    """Refuse a page whose header promises more pixels than the budget, before decoding it."""
    if width < 1 or height < 1:
        raise Unreadable("danado", f"{width}x{height}")
    if width * height > limits.pixeles or max(width, height) > 60_000:
        raise Unreadable("limite", f"{width}x{height} pixeles")


def _page(
    frame: Image.Image, kind: str, path: Path, folder: Path, number: int, last: PageFacts | None
) -> PageFacts:
    """Decode one page, write its pixels and its stream; its facts. *last* is the page before."""
    density = density_of(frame, kind)
    tags = tags_of(frame) if kind == "tiff" else frame.getexif()
    orientation = tags.get(ExifTags.Base.Orientation, 1)
    mirrored, turn = TURNS.get(orientation, (False, 0))
    passed = _pass_g4(frame, path, orientation) if kind == "tiff" else None
    stored_g4 = g4_length(frame, orientation) if kind == "tiff" else 0
    stored_size = frame.size
    frame.load()  # whole, also when its bytes are passed on as they are
    upright_by_load = kind == "tiff"
    if kind == "jpeg":
        passed = _pass_jpeg(frame, path)
    image = simplify(frame)
    # What needed no simplifying has no clear colour; black and white is smaller as Group 4.
    if kind == "png" and image is frame and image.mode != "1":
        passed = stored_png(path.read_bytes())
    again = encode_g4(image) if stored_g4 else None
    if again is not None and stored_g4 > 1.25 * len(again[1]) + 100:
        # The decoder stops at the first fault without a word: then data is left that no row used.
        raise Unreadable("danado", "datos G4 que no llenan la página")
    facts, stream = passed or again or encode(image)
    (folder / f"p{number:04d}.bin").write_bytes(stream)
    if not upright_by_load:
        image = turned(image, mirrored, turn)
    missing = not density.plausible(stored_size)
    dpi_x, dpi_y = guess_dpi(*stored_size, density.aspect) if missing else density.dpi
    if turn % 180:
        dpi_x, dpi_y = dpi_y, dpi_x
    bilevel = image.mode == "1"
    grey = image if image.mode in ("1", "L") else image.convert("L")
    name = f"p{number:04d}.{'pbm' if bilevel else 'pgm'}"
    grey.save(folder / name, format="PPM")
    width, height = page_size(image.width, image.height, dpi_x, dpi_y)
    marks, blank = marks_of(grey, image.width / width * 72, image.height / height * 72, last)
    return PageFacts(
        ancho=width,
        alto=height,
        dpi_x=image.width / width * 72,
        dpi_y=image.height / height * 72,
        bilevel=bilevel,
        fax=bilevel and is_fax(dpi_x, dpi_y),
        foto=missing,
        espejo=mirrored,
        giro=turn,
        girar_imagen=not upright_by_load,
        pixeles=name,
        imagen=facts,
        marcas=marks,
        blanca=blank,
    )


def is_fax(dpi_x: float, dpi_y: float) -> bool:
    """Whether the resolution is one of ITU-T T.4: not square, or 204 to the inch."""
    return abs(dpi_x - dpi_y) > 0.03 * max(dpi_x, dpi_y) or 202.5 < dpi_x < 205.5


def page_size(width: int, height: int, dpi_x: float, dpi_y: float) -> tuple[float, float]:
    """Width and height in points, kept within what a PDF page may be (3 to 14400)."""
    points = width * 72 / dpi_x, height * 72 / dpi_y
    scale = min(1.0, 14400 / max(points))
    scale = max(scale, 3 / min(points))
    return round(points[0] * scale, 3), round(points[1] * scale, 3)


class _Density(NamedTuple):
    """What a file says of its pixels: how many lie in a unit across and down."""

    across: float = 0.0
    down: float = 0.0
    inches: float = 0.0
    """What the unit must be multiplied by to be an inch; 0 where it is unknown."""

    @property
    def dpi(self) -> tuple[float, float]:
        return self.across * self.inches, self.down * self.inches

    @property
    def aspect(self) -> float:
        """How much wider than high a pixel is; 1 where that is not told."""
        told = self.across > 0 and self.down > 0 and math.isfinite(self.across * self.down)
        aspect = self.down / self.across if told else 1.0
        return aspect if 0.25 <= aspect <= 4 else 1.0

    def plausible(self, size: tuple[int, int]) -> bool:
        """Whether this resolution can be believed: screens say 72 of any photo they store."""
        if not all(math.isfinite(d) and 30 <= d <= 4800 for d in self.dpi):
            return False
        return min(self.dpi) > 96 or max(size[0] / self.dpi[0], size[1] / self.dpi[1]) <= 20


def density_of(frame: Image.Image, kind: str) -> _Density:
    """Of this page alone, as the file says."""
    if kind == "tiff":
        tags = tags_of(frame)
        inches = {2: 1.0, 3: 2.54}.get(tags.get(RESOLUTION_UNIT, 2), 0.0)
        across, down = tags.get(X_RESOLUTION), tags.get(Y_RESOLUTION)
        return _Density(float(across), float(down), inches) if across and down else _Density()
    if "dpi" in frame.info:
        across, down = frame.info["dpi"]
        return _Density(float(across), float(down), 1.0)
    # Of JFIF and PNG, which may tell the shape of a pixel and not its size.
    shape = frame.info.get("aspect") or frame.info.get("jfif_density") or (0, 0)
    return _Density(float(shape[0]), float(shape[1]))


def guess_dpi(width: int, height: int, aspect: float = 1.0) -> tuple[float, float]:
    """The resolution at which the pixels fill the sheet whose proportions they have, else A4.

    *aspect* is how much wider than high a pixel is.
    """
    short, long = sorted((width, height / aspect))
    sheet = min(SHEETS, key=lambda s: abs(long / short - s[1] / s[0]))
    if abs(long / short - sheet[1] / sheet[0]) > 0.03:
        sheet = SHEETS[0]
    dpi = min(600.0, max(72.0, short / sheet[0]))
    return dpi, dpi * aspect


def simplify(image: Image.Image) -> Image.Image:
    """The same picture as mode `1`, `L`, `P` (opaque) or `RGB`, transparency laid on white."""
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(white, rgba).convert("L" if image.mode == "LA" else "RGB")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = _to_eight_bits(image)
    if image.mode not in ("1", "L", "P", "RGB"):
        image = image.convert("RGB")
    if image.mode != "1" and _black_and_white(image):
        image = image.convert("L").point(lambda v: 255 if v > 127 else 0).convert("1")
    return image


def _to_eight_bits(image: Image.Image) -> Image.Image:
    import numpy as np

    values = np.asarray(image).astype("float64")
    low, high = float(values.min()), float(values.max())
    top = 65535.0 if high > 255 else 255.0
    if low < 0 or high > 65535:
        values, top = values - low, max(high - low, 1.0)
    return Image.fromarray((values * (255 / top)).clip(0, 255).astype("uint8"))


def _black_and_white(image: Image.Image) -> bool:
    if image.mode == "L":
        glance = image.resize((64, 64), Image.Resampling.NEAREST).tobytes()
        if len(set(glance)) > 2:
            return False
    colours = image.convert("RGB").getcolors(2) if image.mode == "P" else image.getcolors(2)
    if not colours:
        return False
    return all(c in (0, 255, (0, 0, 0), (255, 255, 255)) for _, c in colours)


def turned(image: Image.Image, mirrored: bool, degrees: int) -> Image.Image:
    """*image* mirrored left to right if asked, then turned clockwise by *degrees*."""
    if mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    quarter = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return image.transpose(quarter[degrees]) if degrees in quarter else image


def _pass_g4(frame: Image.Image, path: Path, orientation: int) -> tuple[ImageFacts, bytes] | None:
    """The Group 4 bytes of a TIFF page as they are, where PDF can take them so."""
    if orientation != 1:
        return None
    with path.open("rb") as file:
        strip = single_strip(frame, file)
    if strip is None or not same_elsewhere(*strip, frame):
        return None
    return strip


def _pass_jpeg(frame: Image.Image, path: Path) -> tuple[ImageFacts, bytes] | None:
    """The JPEG's own bytes, but for those that have no place in a PDF/A, which are made anew.

    That is CMYK, for which our output intent has no colours, and what PDF does not know.
    """
    data = path.read_bytes()
    if frame.mode not in ("L", "RGB") or not usual_jpeg(data):
        return encode_jpeg(frame.convert("L" if frame.mode == "L" else "RGB"), finest=True)
    return jpeg_facts(frame), data


def marks_of(
    pixels: Image.Image, dpi_x: float, dpi_y: float, last: PageFacts | None
) -> tuple[Marks, bool]:
    """What a page bears, and whether it is the blank back of the separator sheet before it."""
    marks = look(pixels, dpi_x, dpi_y, first=last is None)
    after_sheet = last is not None and last.marcas.separador and not marks.separador
    return marks, after_sheet and is_blank(ink(np.asarray(pixels.convert("L"))))
