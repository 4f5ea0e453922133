"""Laid-out pages become a PDF/A-2b: fonts, foot, page numbers, what the document says of itself."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

from records import letterhead, pdfa

if TYPE_CHECKING:
    from datetime import datetime

    from records.letterhead import Letterhead

LANGUAGE = "es-CO"
_FACES = {"/Vt": False, "/VtB": True}
"""Names of our fonts in a page's resources; True: bold."""
_SHORT = 8
"""Pages up to which the fonts are cut to what they show; of more, they are the least part."""


def bind(
    packed: list[bytes],
    size: tuple[float, float],
    *,
    head: Letterhead,
    title: str,
    at: datetime,
    mark: str = "",
    side: float = letterhead.SIDE,
    leaf: str = letterhead.LEAF,
) -> bytes:
    """The pages that `typeset.Pages` gave, as checked PDF/A-2b; the same input, the same bytes.

    *mark* stands at the left of each foot, and *leaf* is what a page is called at its right; *side*
    is the margin, in points.
    """
    pdf = pikepdf.new()
    foot = letterhead.address(head.pie, size, side)
    total = len(packed)
    numbers = [
        letterhead.page_number(mark, n, total, size, side, leaf) for n in range(1, total + 1)
    ]
    glyphs = None
    if total <= _SHORT:
        glyphs = pdfa.used_glyphs([foot, *numbers, *map(zlib.decompress, packed)])
    faces = {name: pdfa.embed_font(pdf, bold, glyphs) for name, bold in _FACES.items()}
    resources = pdf.make_indirect(Dictionary(Font=Dictionary(faces)))
    address = pdf.make_stream(foot)
    for content, number in zip(packed, numbers, strict=True):
        pdf.add_blank_page(page_size=size)
        page = pdf.pages[-1]
        page.Resources = resources
        drawn = pdf.make_stream(content, Filter=Name.FlateDecode)
        page.Contents = Array([drawn, address, pdf.make_stream(number)])
    pdf.Root.Lang = LANGUAGE
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = letterhead.one_line(title)
        meta["dc:creator"] = [letterhead.one_line(head.entidad)]
        meta["dc:language"] = [LANGUAGE]
    return pdfa.write(pdf, at=at)
