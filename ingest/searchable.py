"""Pages and their words become one searchable PDF/A-2b; the scan's bytes are passed through.

A scanned page is one image XObject, turned upright by the matrix that places it, never by
encoding it again; the words lie over it invisible (text mode 3), each at its place and as wide as
its ink. Over a foreign PDF only words are laid that its pages do not bring. Serves ISO 19005-2,
level B. It does not stamp: `free_rectangle` only says where a stamp covers nothing.
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

    import numpy as np
    from PIL import Image

    from ingest.facts import DocumentFacts, ImageFacts, PageFacts
    from ingest.lectura import Caja, Pagina

STAMP_WIDTH, STAMP_HEIGHT = 190.0, 62.0
EDGE, GAP = 6.0, 4.0
"""Points that a stamp stays away from the page's edge and from any ink."""
MARGIN_BAND = 0.34
"""Share of the page's height, at the top and at the bottom, where a stamp may stand."""

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


def ink(pixels: Image.Image) -> Image.Image:
    """Where upright grey *pixels* bear ink, as a 0/255 map; lone specks are no ink."""
    import cv2
    import numpy as np
    from PIL import Image

    grey = np.asarray(pixels.convert("L"))
    if min(grey.shape) > 1600:
        # Half as many pixels each way: a line of one black pixel is still half dark.
        grey = cv2.resize(grey[: grey.shape[0] & ~1, : grey.shape[1] & ~1], None, fx=0.5, fy=0.5,
                          interpolation=cv2.INTER_AREA)  # fmt: skip
    counts = np.bincount(grey[::2, ::2].ravel(), minlength=256)
    paper = 96 + int(counts[96:].argmax())  # the commonest tone of the lighter ones
    dark = (grey < min(paper - 40, 200)).view(np.uint8)
    # At least four of the 25 pixels around, the pixel itself among them.
    crowd = cv2.boxFilter(dark, -1, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return Image.fromarray(((dark > 0) & (crowd >= 4)).astype(np.uint8) * np.uint8(255))


def free_rectangle(
    marks: Image.Image,
    width: float,
    height: float,
    stamp: tuple[float, float] = (STAMP_WIDTH, STAMP_HEIGHT),
) -> Caja | None:
    """A place for a stamp on an upright page of *width* by *height* points, over no ink at all.

    *marks* is the page's map of `ink`.
    Top right is preferred, then top left, then the bottom margin right and left; None where all
    are taken.
    """
    import numpy as np

    wide, high = int(width), int(height)
    need_x, need_y = int(stamp[0] + 2 * GAP) + 1, int(stamp[1] + 2 * GAP) + 1
    if wide < stamp[0] + 2 * EDGE or high < stamp[1] + 2 * EDGE:
        return None
    cells = np.zeros((high + 1, wide + 1), dtype=np.int64)
    rows, columns = np.nonzero(np.asarray(marks))
    # A pixel that lies across two cells of one point takes both.
    for more_y, more_x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        at_y = ((rows + more_y) * (height / marks.height)).astype(np.int64).clip(0, high - 1)
        at_x = ((columns + more_x) * (width / marks.width)).astype(np.int64).clip(0, wide - 1)
        cells[at_y + 1, at_x + 1] = 1
    total = cells.cumsum(0).cumsum(1)
    # The gap may hang over the edge of the page, so the search runs over a page grown by it.
    border = round(GAP)
    total = np.pad(total, border, mode="edge")
    total[:border, :] = 0
    total[:, :border] = 0
    crowd = (
        total[need_y:, need_x:]
        - total[:-need_y, need_x:]
        - total[need_y:, :-need_x]
        + total[:-need_y, :-need_x]
    )
    lowest, rightmost = int(height - EDGE - stamp[1]), int(width - EDGE - stamp[0])
    free = crowd == 0
    free[: int(EDGE)] = False
    free[:, : int(EDGE)] = False
    free[lowest + 1 :] = False
    free[:, rightmost + 1 :] = False
    found = _nearest_corner(free, height, stamp[1], wide)
    if found is None:
        return None
    x, y = found
    return (float(x), float(y), x + stamp[0], y + stamp[1])


def _nearest_corner(
    free: np.ndarray, height: float, stamp_height: float, wide: int
) -> tuple[int, int] | None:
    """The free place nearest the best corner, within the bands at the top and the bottom."""
    import numpy as np

    ys, xs = np.nonzero(free)
    top = ys + stamp_height <= height * MARGIN_BAND
    bottom = ys >= height * (1 - MARGIN_BAND)
    right = xs + STAMP_WIDTH / 2 >= wide / 2
    for zone, corner in (
        (top & right, (wide, 0.0)),
        (top & ~right, (0.0, 0.0)),
        (bottom & right, (wide, height)),
        (bottom & ~right, (0.0, height)),
    ):
        if zone.any():
            distance = np.abs(xs[zone] - corner[0]) + np.abs(ys[zone] - corner[1])
            best = int(distance.argmin())
            return int(xs[zone][best]), int(ys[zone][best])
    return None
