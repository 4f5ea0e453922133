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
        pdfa.save(pdf, out, FLAVOUR, repair=at is None, deterministic_id=at is not None)
    except pdfa.PdfaError as error:
        raise NotPdfA([str(f) for f in error.report.findings]) from error
    return out.getvalue()


def _dated(pdf: pikepdf.Pdf, at: datetime) -> None:
    """Prepare *pdf* by the library's own hand, then set *at* over the dates that it took."""
    from pikepdf import pdfa

    said = at.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = said
    pdfa.prepare(pdf, FLAVOUR)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["xmp:MetadataDate"] = said


def findings(data: bytes) -> list[str]:
    """What keeps *data* from being PDF/A-2b. Signed files never pass: check before signing."""
    from pikepdf import pdfa

    report = pdfa.validate_written(io.BytesIO(data), FLAVOUR)
    if report.passed:
        return []
    return [str(f) for f in report.findings] or ["no verificado"]


def troubles(pdf: pikepdf.Pdf) -> list[str]:
    """What would keep *pdf* from being PDF/A-2b; objects have the numbers that they have in it."""
    from pikepdf import pdfa

    return [str(finding) for finding in pdfa.check(pdf, FLAVOUR).findings]


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


def to_unicode(mapping: dict[int, str]) -> bytes:
    """A ToUnicode CMap for two-byte codes (ISO 32000-1, 9.10.3)."""
    rows = [f"<{code:04X}> <{_utf16(text)}>" for code, text in sorted(mapping.items())]
    blocks = "\n".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar"
        for part in _chunks(rows, 100)
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{blocks}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _chunks(rows: list[str], size: int) -> Iterable[list[str]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
