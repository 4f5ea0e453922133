"""One page of a document as small grey pixels, to be looked at: drawn in the limited child.

Whoever shows a letter in a terminal has no business decoding it: a stranger's PDF or TIFF is
opened where it can do no harm, and what comes out is width times height bytes and nothing else.
Sizes are points of the upright page, as those of `ingest.lectura`.
"""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ingest.child import Child, confined, put
from ingest.facts import Limits
from ingest.lectura import Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS, FACTS = "vista.pgm", "vista.json"
WIDTH = 1200
"""Pixels across a page where nobody asks for another number: 140 to the inch of a letter."""
WIDEST = 2400
MOST = 6_000_000
"""Pixels of one picture; a page that is much higher than wide is drawn coarser."""
LIMITS = Limits(pixeles=120_000_000, memoria=2 << 30, cpu=8, reloj=8.0, quieto=8.0,
                archivo=16 << 20)  # fmt: skip
"""Somebody waits for it: what takes longer than this is not shown."""


class Vista(msgspec.Struct, frozen=True):
    """A page to be looked at."""

    pagina: int
    """From 1."""
    paginas: int
    """How many the document has; 0 where that was not counted."""
    ancho: float
    alto: float
    pixeles_ancho: int
    pixeles_alto: int
    grises: bytes = b""
    """One byte a pixel, rows from the top, 0 black."""


class _Told(msgspec.Struct, frozen=True):
    """What the child says beside the pixels."""

    paginas: int
    ancho: float
    alto: float


def page_of(
    path: Path, pagina: int, ancho_px: int = WIDTH, giro: int = 0, limits: Limits = LIMITS
) -> Vista:
    """Page *pagina* of the document at *path*, *ancho_px* pixels wide.

    *giro*: degrees clockwise by which its reading found that it must be turned, the Orientation
    tag's own included.

    Raises:
        Unreadable: it cannot be drawn, has no such page, or costs more than the limits.
    """
    wide = max(16, min(ancho_px, WIDEST))
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
        folder = Path(name)
        with Child(folder, limits, _serve, str(path), name, pagina, wide, giro, limits) as child:
            child.attend()
        return _judged(folder, pagina)


def _judged(folder: Path, page: int) -> Vista:
    """What the child left, believed as far as its bytes go."""
    for name, most in ((FACTS, 4096), (PIXELS, MOST + 64)):
        made = folder / name
        if made.is_symlink() or not made.is_file() or made.stat().st_size > most:
            raise Unreadable("danado", f"sin {name}")
    try:
        told = msgspec.json.decode((folder / FACTS).read_bytes(), type=_Told)
    except msgspec.MsgspecError as error:
        raise Unreadable("danado", f"hechos sin forma: {error}"[:200]) from error
    if not (0 < told.ancho <= 1e6 and 0 < told.alto <= 1e6):
        raise Unreadable("danado", "medidas imposibles")
    magic, size, depth, grey = [*(folder / PIXELS).read_bytes().split(b"\n", 3), b"", b""][:4]
    try:
        wide, high = map(int, size.split())
    except ValueError as error:
        raise Unreadable("danado", "pixeles sin cabecera") from error
    if magic != b"P5" or depth != b"255" or wide < 1 or len(grey) != wide * high:
        raise Unreadable("danado", "pixeles incompletos")
    return Vista(page, max(0, told.paginas), told.ancho, told.alto, wide, high, grey)


def _serve(path: str, folder: str, page: int, wide: int, turn: int, limits: Limits) -> None:
    """The child's whole life."""
    place, document = Path(folder), Path(path)
    confined(lambda: _work(document, place, page, wide, turn, limits), place, limits, document)


def _work(path: Path, place: Path, page: int, wide: int, turn: int, limits: Limits) -> None:
    from ingest.pages import DECODER_ERRORS, sniff

    with path.open("rb") as file:
        kind = sniff(file.read(4096))
    if kind == "pdf":
        image, told = _of_pdf(path, page, wide, turn)
    else:
        try:
            image, told = _of_image(path, kind, page, wide, turn, limits)
        except DECODER_ERRORS as error:
            raise Unreadable("danado", f"{type(error).__name__}: {error}"[:200]) from error
    put(place / PIXELS, b"P5\n%d %d\n255\n" % image.size + image.tobytes())
    put(place / FACTS, msgspec.json.encode(told))


def _of_pdf(path: Path, number: int, wide: int, turn: int) -> tuple[Image, _Told]:
    import pypdfium2 as pdfium

    from ingest.pages import turned
    from ingest.pictures import drawn

    try:
        with pdfium.PdfDocument(path) as document:
            count = len(document)
            if not 0 < number <= count:
                raise Unreadable("danado", f"no hay página {number}")
            page = document[number - 1]
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                raise Unreadable("danado", f"página {number} sin tamaño")
            across = height if turn % 180 else width
            scale = min(wide / across, (MOST / (width * height)) ** 0.5)
            image = turned(drawn(page, scale * 72), False, turn)
            page.close()
    except pdfium.PdfiumError as error:
        raise Unreadable("danado", str(error)[:200]) from error
    size = (height, width) if turn % 180 else (width, height)
    return _fitted(image, wide), _Told(count, *size)


def _of_image(
    path: Path, kind: str, number: int, wide: int, turn: int, limits: Limits
) -> tuple[Image, _Told]:
    from PIL import ExifTags, Image

    from ingest.encode import tags_of
    from ingest.pages import (
        TURNS,
        check_area,
        count_directories,
        density_of,
        frames,
        simplify,
        turned,
    )

    Image.MAX_IMAGE_PIXELS = None  # our own budget is checked on the header
    count = count_directories(path, limits.paginas) if kind == "tiff" else 1
    with Image.open(path, formats=(kind.upper(),)) as opened:
        frame = next(islice(frames(opened, kind), number - 1, None), None)
        if frame is None:
            raise Unreadable("danado", f"no hay página {number}")
        check_area(frame.width, frame.height, limits)
        tags = tags_of(frame) if kind == "tiff" else frame.getexif()
        mirrored, tag = TURNS.get(tags.get(ExifTags.Base.Orientation, 1), (False, 0))
        aspect = density_of(frame, kind).aspect  # a fax's pixels are twice as high as wide
        if kind == "jpeg":
            frame.draft("L", (wide, wide))
        frame.load()
        if kind == "tiff" and tag % 180:
            aspect = 1 / aspect
        image = _fitted(simplify(frame).convert("L"), wide, aspect)
    if kind != "tiff":  # a TIFF obeys its tag while it is loaded
        image = turned(image, mirrored, tag)
    if turn:
        image = turned(image, False, (turn - tag) % 360)
    image = _fitted(image, wide)
    return image, _Told(count, float(image.width), float(image.height))


def _fitted(image: Image, wide: int, aspect: float = 1.0) -> Image:
    """*image* no wider than *wide* and of no more than `MOST` pixels, by averages of areas.

    *aspect* is how much wider than high its pixels are; those of the result are square.
    """
    from PIL.Image import Resampling

    high = image.height / aspect
    scale = min(1.0, wide / image.width, (MOST / (image.width * high)) ** 0.5)
    size = max(1, int(image.width * scale)), max(1, int(high * scale))
    if size == image.size:
        return image
    return image.resize(size, Resampling.BOX, reducing_gap=2.0)
