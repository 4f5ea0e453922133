"""Pages and their words become one searchable PDF/A-2b; the scan's bytes are passed through.

A scanned page is one image XObject, turned upright by the matrix that places it, never by
encoding it again; the words lie over it invisible (text mode 3), each at its place and as wide as
its ink. Over a foreign PDF only words are laid that its pages do not bring. Serves ISO 19005-2,
level B. It does not stamp: `free_rectangle` only says where a stamp covers nothing.
"""

from __future__ import annotations

import io
import statistics
import zlib
from functools import cache
from typing import TYPE_CHECKING

import msgspec
import pikepdf
from pikepdf import Array, Dictionary, Name

from records.pdfa import composite_font, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from PIL import Image

    from ingest.facts import DocumentFacts, ImageFacts, PageFacts
    from ingest.lectura import Caja, Pagina, Palabra

STAMP_WIDTH, STAMP_HEIGHT = 190.0, 62.0
EDGE, GAP = 6.0, 4.0
"""Points that a stamp stays away from the page's edge and from any ink."""
MARGIN_BAND = 0.34
"""Share of the page's height, at the top and at the bottom, where a stamp may stand."""

FONT = Name("/FVentanilla")
ADVANCE = 500
"""Of every glyph, in 1/1000 em: the words are stretched to their ink, so any value serves."""
DESCENT = 0.2


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
        font = _invisible_font(pdf, _used(pages))
        for number, (page, read) in enumerate(zip(facts.paginas, pages, strict=True), 1):
            assert page.imagen is not None
            stream = (folder / f"p{number:04d}.bin").read_bytes()
            _add_page(pdf, page, read, image_object(pdf, page.imagen, stream), font)
        return write(pdf)


def image_object(pdf: pikepdf.Pdf, facts: ImageFacts, stream: bytes) -> pikepdf.Stream:
    """An image XObject around encoded bytes, which are not touched."""
    color: pikepdf.Object = Name("/" + facts.color)
    if facts.color == "Indexed":
        palette = bytes.fromhex(facts.paleta)
        last = len(palette) // 3 - 1
        color = Array([Name.Indexed, Name.DeviceRGB, last, pikepdf.String(palette)])
    image = pdf.make_stream(
        stream,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=facts.ancho,
        Height=facts.alto,
        BitsPerComponent=facts.bits,
        ColorSpace=color,
        Filter=Name("/" + facts.filtro),
    )
    if facts.parametros:
        image.DecodeParms = Dictionary({f"/{k}": v for k, v in facts.parametros.items()})
    return image


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
    text = text_layer(read)
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
    font = _invisible_font(pdf, _used(ours))
    for page, read in zip(pdf.pages, ours, strict=True):
        if read.rotacion:
            page.rotate(read.rotacion, relative=True)
        text = text_layer(read)
        if not text:
            continue
        name = page.add_resource(font, Name.Font, FONT, replace_existing=True)
        assert name == FONT
        page.contents_add(b"q\n", prepend=True)
        matrix = _numbers(_to_user_space(page, read))
        page.contents_add(b"\nQ q " + matrix.encode("ascii") + b" cm\n" + text + b"Q\n")


def _ours(fact: PageFacts, read: Pagina, drawn: bool) -> Pagina:
    """The page with those words alone that its picture does not bring."""
    if fact.lectura is None or drawn:
        return read
    theirs = {(word.texto, word.caja) for word in fact.lectura.palabras}
    return msgspec.structs.replace(
        read, palabras=[w for w in read.palabras if (w.texto, w.caja) not in theirs]
    )


def _to_user_space(page: pikepdf.Page, read: Pagina) -> tuple[float, ...]:
    """From upright points (origin bottom left) to the page's own space: box, /Rotate, UserUnit."""
    x0, y0, x1, y1 = (float(v) for v in page.cropbox)
    x0, x1 = min(x0, x1), max(x0, x1)
    y0, y1 = min(y0, y1), max(y0, y1)
    turn = int(page.obj.get(Name.Rotate, 0)) % 360 if Name.Rotate in page.obj else _inherited(page)
    wide, high = x1 - x0, y1 - y0
    sx, sy = (wide, high) if turn % 180 == 0 else (high, wide)
    sx, sy = sx / read.ancho, sy / read.alto
    return {
        0: (sx, 0.0, 0.0, sy, x0, y0),
        90: (0.0, sx, -sy, 0.0, x0 + wide, y0),
        180: (-sx, 0.0, 0.0, -sy, x0 + wide, y0 + high),
        270: (0.0, -sx, sy, 0.0, x0, y0 + high),
    }[turn]


def _inherited(page: pikepdf.Page) -> int:
    node: pikepdf.Object = page.obj
    for _ in range(50):
        if Name.Rotate in node:
            return int(node.Rotate) % 360
        if Name.Parent not in node:
            return 0
        node = node.Parent
    return 0


def text_layer(read: Pagina) -> bytes:
    """The invisible words of a page in reading order, y up from its bottom left corner."""
    if not read.palabras:
        return b""
    rows: list[str] = [f"BT 3 Tr {FONT} 10 Tf"]
    for line in _lines(read.palabras):
        rows.extend(_line(line, read.alto))
    rows.append("ET\n")
    return "\n".join(rows).encode("ascii")


def _lines(words: Iterable[Palabra]) -> list[list[Palabra]]:
    lines: dict[int, list[Palabra]] = {}
    for word in words:
        lines.setdefault(word.linea, []).append(word)
    return list(lines.values())


def _line(words: list[Palabra], height: float) -> list[str]:
    # Words that run up or down the page lie each at its own foot, as wide as they look.
    vertical = _vertical(words)
    thick = [w.caja[2] - w.caja[0] if vertical else w.caja[3] - w.caja[1] for w in words]
    size = max(1.0, statistics.median(thick))
    slope, base = _baseline(words)
    out = [f"{FONT} {size:.2f} Tf"]
    for word, following in zip(words, [*words[1:], None], strict=True):
        x0, _, x1, _ = word.caja
        width = x1 - x0
        if following is not None and following.caja[0] > x0:
            # Readers see two words only where the gap is wide against the size of the letters.
            width = max(min(width, following.caja[0] - x0 - 0.2 * size), 0.3 * width)
        codes = "".join(f"{ord(c) if ord(c) < 0x10000 else 0xFFFD:04X}" for c in word.texto)
        natural = len(codes) / 4 * size * ADVANCE / 1000
        foot = word.caja[3] if vertical else base + slope * (x0 + x1) / 2
        y = height - foot + DESCENT * size
        out.append(
            f"{max(width, 0.1) * 100 / natural:.2f} Tz 1 0 0 1 {x0:.2f} {y:.2f} Tm <{codes}0020> Tj"
        )
    return out


def _vertical(words: list[Palabra]) -> bool:
    long = [w.caja for w in words if len(w.texto) >= 3]
    return bool(long) and sum(c[3] - c[1] > 1.3 * (c[2] - c[0]) for c in long) * 2 > len(long)


def _baseline(words: list[Palabra]) -> tuple[float, float]:
    """Slope and offset of the line's foot, so that a skewed scan keeps its words together."""
    points = [((w.caja[0] + w.caja[2]) / 2, w.caja[3]) for w in words]
    across = [x for x, _ in points]
    if len(points) < 4 or max(across) - min(across) < 1:
        return 0.0, statistics.median(p[1] for p in points)
    line = statistics.linear_regression(*zip(*points, strict=True))
    if abs(line.slope) > 0.1:
        return 0.0, statistics.median(p[1] for p in points)
    return line.slope, line.intercept


def _used(pages: Iterable[Pagina]) -> set[str]:
    return {c for p in pages for w in p.palabras for c in w.texto} | {" ", "\ufffd"}


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{v:.4f}".rstrip("0").rstrip(".") for v in values)


def _invisible_font(pdf: pikepdf.Pdf, used: set[str]) -> pikepdf.Object:
    """A Type 0 font whose every code draws the same empty glyph; ToUnicode tells the letters."""
    program = _glyphless()
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/SinTrazo"),
            Flags=4,
            FontBBox=Array([0, -200, ADVANCE, 800]),
            ItalicAngle=0,
            Ascent=800,
            Descent=-200,
            CapHeight=700,
            StemV=80,
            FontFile2=pdf.make_stream(
                zlib.compress(program, 9), Length1=len(program), Filter=Name.FlateDecode
            ),
        )
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/SinTrazo"),
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=descriptor,
        DW=ADVANCE,
        CIDToGIDMap=pdf.make_stream(zlib.compress(b"\0\1" * 0x10000, 9), Filter=Name.FlateDecode),
    )
    mapping = {ord(c): c for c in sorted(used) if ord(c) < 0x10000}
    return composite_font(pdf, descendant, mapping)


@cache
def _glyphless() -> bytes:
    """A TrueType font with two empty glyphs, made the same at every call."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "vacio"])
    font.setupCharacterMap({0x20: "vacio"})
    font.setupGlyf({".notdef": Glyph(), "vacio": Glyph()})
    font.setupHorizontalMetrics({".notdef": (ADVANCE, 0), "vacio": (ADVANCE, 0)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "SinTrazo", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    font.setupPost(keepGlyphNames=False)
    font.font["head"].created = font.font["head"].modified = 3_850_000_000
    font.font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def ink(pixels: Image.Image) -> Image.Image:
    """Where upright grey *pixels* bear ink, as a 0/255 map; lone specks are no ink."""
    from PIL import ImageChops, ImageFilter

    grey = pixels.convert("L")
    if min(grey.size) > 1600:
        # Half as many pixels each way: a line of one black pixel is still half dark.
        grey = grey.reduce(2)
    paper = _paper(grey)
    dark = grey.point([255 if v < min(paper - 40, 200) else 0 for v in range(256)])
    # At least four of the 25 pixels around, the pixel itself among them.
    crowd = dark.filter(ImageFilter.BoxBlur(2)).point([255 if v >= 38 else 0 for v in range(256)])
    return ImageChops.multiply(dark, crowd)


def _paper(grey: Image.Image) -> int:
    """The tone of the paper: the commonest of the lighter half."""
    histogram = grey.histogram()
    return max(range(96, 256), key=lambda v: histogram[v])


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
