"""PDF/A-2b: what every page that leaves the house is written as (ISO 19005-2, level B).

Makes and checks; the promise comes from `pikepdf.pdfa`, an allow-list validator, run over the very
bytes that are written. Also the font that our own drawing uses, upright and bold, embedded. It does
not convert colour or embed fonts of foreign documents: a document that cannot pass is drawn anew by
`ingest`.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

FLAVOUR = "2b"


@cache
def _srgb() -> bytes:
    """The colours that our pages mean: sRGB in 480 bytes, exact, as ICC.1:2004-10 writes it.

    Made by Little CMS; the profile of the library below says the same in 7 KB.
    """
    return resources.files("records").joinpath("srgb.icc").read_bytes()


class NotPdfA(Exception):
    """The document cannot be written as PDF/A-2b; `findings` says why, in the checker's words."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("; ".join(findings[:3]))
        self.findings = findings


def write(pdf: pikepdf.Pdf, *, at: datetime | None = None) -> bytes:
    """Write *pdf* as PDF/A-2b and check the written bytes.

    With *at*, an aware moment, that is when it was made, and the same *pdf* gives the same bytes
    again; without, each writing has its own moment and identifier.

    Raises:
        NotPdfA: the checker did not approve them.
    """
    from pikepdf import pdfa

    out = io.BytesIO()
    try:
        if at is not None:
            _dated(pdf, at)
        pdfa.save(
            pdf,
            out,
            FLAVOUR,
            output_intent=_srgb(),
            repair=at is None,
            deterministic_id=at is not None,
        )
    except pdfa.PdfaError as error:
        raise NotPdfA([str(f) for f in error.report.findings]) from error
    return out.getvalue()


def _dated(pdf: pikepdf.Pdf, at: datetime) -> None:
    """Prepare *pdf* by the library's own hand, then set *at* over the dates that it took."""
    from pikepdf import pdfa

    said = at.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = said
    pdfa.prepare(pdf, FLAVOUR, output_intent=_srgb())
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["xmp:MetadataDate"] = said


@dataclass(frozen=True, slots=True)
class Upright:
    """A page as a person sees it: its visible box, turned by /Rotate, in points of 1/72 inch."""

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]
    """From those points, y up from the bottom left corner, to the page's own space."""

    @property
    def visible(self) -> tuple[float, float, float, float]:
        """x, y, width and height of all that is seen, in the page's own space."""
        x0, y0, x1, y1 = (float(v) for v in self.box(0, 0, self.width, self.height))
        return x0, y0, x1 - x0, y1 - y0

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Array:
        """A rectangle of such points in the page's own space."""
        a, b, c, d, e, f = self.matrix
        xs = [a * x + c * y + e for x, y in ((x0, y0), (x1, y1))]
        ys = [b * x + d * y + f for x, y in ((x0, y0), (x1, y1))]
        return Array([round(v, 4) for v in (min(xs), min(ys), max(xs), max(ys))])

    def content(self, drawn: bytes) -> bytes:
        """Operators for such points as operators for the page."""
        numbers = " ".join(f"{v:.4f}".rstrip("0").rstrip(".") for v in self.matrix)
        return b"q " + numbers.encode("ascii") + b" cm\n" + drawn + b"\nQ\n"


def upright(page: pikepdf.Page, *, size: tuple[float, float] | None = None) -> Upright:
    """How *page* is seen; with *size* as a reader measured it, who may have clamped it."""
    left, bottom, right, top = _visible(page)
    unit = float(page.obj.get(Name.UserUnit, 1))
    turn = int(page.obj.get(Name.Rotate, 0)) % 360
    wide, high = right - left, top - bottom
    across, up = (wide, high) if turn % 180 == 0 else (high, wide)
    width, height = size or (across * unit, up * unit)
    sx, sy = across / width, up / height
    matrix = {
        0: (sx, 0.0, 0.0, sy, left, bottom),
        90: (0.0, sx, -sy, 0.0, right, bottom),
        180: (-sx, 0.0, 0.0, -sy, right, top),
        270: (0.0, -sx, sy, 0.0, left, top),
    }[turn]
    return Upright(width, height, matrix)


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """What of the media box the crop box leaves, however their corners are told."""
    boxes = []
    for told in (page.mediabox, page.cropbox):
        x0, y0, x1, y1 = (float(v) for v in told)
        boxes.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    media, crop = boxes
    low = max(media[0], crop[0]), max(media[1], crop[1])
    high = min(media[2], crop[2]), min(media[3], crop[3])
    return (*low, *high) if low[0] < high[0] and low[1] < high[1] else media


def findings(data: bytes) -> list[str]:
    """What keeps *data* from being PDF/A-2b. Signed files never pass: check before signing."""
    from pikepdf import pdfa

    report = pdfa.validate_written(io.BytesIO(data), FLAVOUR)
    if report.passed:
        return []
    return [str(f) for f in report.findings] or ["no verificado"]


@dataclass(frozen=True, slots=True)
class Face:
    """The metrics of our font: glyph and advance (1/1000 em) of each character."""

    name: str
    data: bytes
    glyphs: dict[int, int]
    advances: dict[int, int]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]

    def width(self, text: str, size: float) -> float:
        """Width of *text* in points."""
        missing = self.advances[ord("?")]
        return sum(self.advances.get(ord(c), missing) for c in text) * size / 1000

    def encode(self, text: str) -> bytes:
        """*text* as the hex string of a show operator; unknown characters become `?`."""
        missing = self.glyphs[ord("?")]
        codes = "".join(f"{self.glyphs.get(ord(c), missing):04X}" for c in text)
        return f"<{codes}>".encode("ascii")


def face(bold: bool = False) -> Face:
    """Our font, read once a process."""
    return _face("DejaVuSans-Bold" if bold else "DejaVuSans")


@cache
def _face(name: str) -> Face:
    from fontTools.ttLib import TTFont

    data = resources.files("records").joinpath("fonts", f"{name}-latin.ttf").read_bytes()
    with TTFont(io.BytesIO(data)) as font:
        scale = 1000 / font["head"].unitsPerEm
        order = {name: i for i, name in enumerate(font.getGlyphOrder())}
        cmap = font.getBestCmap()
        head = font["head"]
        return Face(
            name=name,
            data=data,
            glyphs={code: order[name] for code, name in cmap.items()},
            advances={c: round(font["hmtx"][n][0] * scale) for c, n in cmap.items()},
            ascent=round(font["hhea"].ascent * scale),
            descent=round(font["hhea"].descent * scale),
            box=(
                round(head.xMin * scale),
                round(head.yMin * scale),
                round(head.xMax * scale),
                round(head.yMax * scale),
            ),
        )


@cache
def _packed_font(bold: bool) -> bytes:
    return zlib.compress(face(bold).data, 9)


def embed_font(pdf: pikepdf.Pdf, bold: bool = False) -> pikepdf.Object:
    """Add our font to *pdf* as a Type 0 font; returns it for a page's `/Font` resources."""
    metrics = face(bold)
    program = pdf.make_stream(
        _packed_font(bold), Length1=len(metrics.data), Filter=Name.FlateDecode
    )
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{metrics.name}"),
            Flags=32,
            FontBBox=Array(list(metrics.box)),
            ItalicAngle=0,
            Ascent=metrics.ascent,
            Descent=metrics.descent,
            CapHeight=729,
            StemV=130 if bold else 80,
            FontFile2=program,
        )
    )
    widths = {metrics.glyphs[c]: w for c, w in metrics.advances.items()}
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{metrics.name}"),
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=descriptor,
        DW=600,
        W=_width_array(widths),
        CIDToGIDMap=Name.Identity,
    )
    mapping = {g: chr(c) for c, g in sorted(metrics.glyphs.items(), reverse=True)}
    return composite_font(pdf, descendant, mapping)


def composite_font(
    pdf: pikepdf.Pdf, descendant: pikepdf.Dictionary, mapping: dict[int, str]
) -> pikepdf.Object:
    """The Type 0 font over *descendant*, with two-byte codes that *mapping* says in Unicode."""
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=descendant.BaseFont,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(to_unicode(mapping)),
        )
    )


def _width_array(widths: dict[int, int]) -> Array:
    """The /W array: one run of widths for each run of consecutive glyphs."""
    runs: list[tuple[int, list[int]]] = []
    for glyph in sorted(widths):
        if runs and runs[-1][0] + len(runs[-1][1]) == glyph:
            runs[-1][1].append(widths[glyph])
        else:
            runs.append((glyph, [widths[glyph]]))
    out = Array()
    for first, values in runs:
        out.append(first)
        out.append(Array(values))
    return out


def to_unicode(mapping: dict[int, str], size: int = 2) -> bytes:
    """A ToUnicode CMap for codes of *size* bytes (ISO 32000-1, 9.10.3)."""
    ranges: list[list[int]] = []
    letters: list[str] = []
    for code, text in sorted(mapping.items()):
        letter = ord(text) if len(text) == 1 and text < "\U00010000" else -1
        last = ranges[-1] if ranges else [0, -2, 0]
        # Within a range only the last byte counts up, of the code and of what it means.
        if last[1] + 1 == code and last[2] + code - last[0] == letter and code & letter & 0xFF:
            last[1] = code
        elif letter >= 0:
            ranges.append([code, code, letter])
        else:
            letters.append(f"<{code:0{2 * size}X}> <{_utf16(text)}>")
    letters += [f"<{a:0{2 * size}X}> <{c:04X}>" for a, b, c in ranges if a == b]
    rows = [f"<{a:0{2 * size}X}> <{b:0{2 * size}X}> <{c:04X}>" for a, b, c in ranges if a < b]
    blocks = [
        f"{len(part)} begin{kind}\n" + "\n".join(part) + f"\nend{kind}\n"
        for kind, lines in (("bfrange", rows), ("bfchar", sorted(letters)))
        for part in _chunks(lines, 100)
    ]
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<{'00' * size}> <{'FF' * size}>\nendcodespacerange\n"
        f"{''.join(blocks)}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _chunks(rows: list[str], size: int) -> Iterable[list[str]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
