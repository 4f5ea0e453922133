"""The separator sheet: printed once, laid between the letters of a stack that is scanned in one go.

Its QR says nothing but that it is one, so that any sheet serves any office and may be photocopied;
who reads it (`ingest.marks`) cuts the stack there. Big modules and the highest correction: it is
read from a standard fax and from a copy of a copy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Dictionary, Name

from records import codes, letterhead, pdfa
from records.letterhead import SIDE, Letterhead
from records.typeset import GREY, MM, Pages

if TYPE_CHECKING:
    from datetime import datetime

CARTA = (8.5 * 72, 11 * 72)
QR_MM = 110.0
MOST_COPIES = 200
_TITLE = "HOJA SEPARADORA"
_BEFORE = "Póngala antes de cada documento de una pila."
_AFTER = (
    "No es un documento: aquí se parte la pila, y esta hoja no queda con ninguna carta.",
    "Sirve muchas veces y se puede fotocopiar. Use papel limpio por las dos caras y no escriba "
    "sobre el código.",
)


def sheet(head: Letterhead | None, *, copies: int, at: datetime) -> bytes:
    """*copies* separator sheets as PDF/A-2b, one a page, under an office's *head* where it has one.

    *at*, an aware moment, is when it was made: the same input gives the same bytes.
    """
    pdf = pikepdf.new()
    fonts = Dictionary(Vt=pdfa.embed_font(pdf), VtB=pdfa.embed_font(pdf, bold=True))
    resources = pdf.make_indirect(Dictionary(Font=fonts))
    content = pdf.make_stream(_page(head), Filter=Name.FlateDecode)
    for _ in range(copies):
        pdf.add_blank_page(page_size=CARTA)
        pdf.pages[-1].Resources = resources
        pdf.pages[-1].Contents = content
    pdf.Root.Lang = "es-CO"
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = "Hoja separadora"
    return pdfa.write(pdf, at=at)


def _page(head: Letterhead | None) -> bytes:
    """The one page, compressed."""

    def begin(pages: Pages, first: bool) -> None:
        if first and head is not None:
            letterhead.draw(pages, head)

    pages = Pages(CARTA, side=SIDE, top=16 * MM, bottom=12 * MM, begin=begin, single=True)
    _centred(pages, _TITLE, 38, bold=True)
    _centred(pages, _BEFORE, 15)
    side = QR_MM * MM
    pages.skip(8 * MM)
    left = (CARTA[0] - side) / 2
    pages.draw(codes.draw_qr(codes.qr(codes.SEPARATOR, correction="H"), left, pages.y - side, side))
    pages.skip(side + 9 * MM)
    for text in _AFTER:
        _centred(pages, text, 12)
    _centred(pages, codes.SEPARATOR, 8, shade=GREY)
    return pages.end()[0]


def _centred(
    pages: Pages, text: str, size: float, *, bold: bool = False, shade: float = 0.0
) -> None:
    cell = letterhead.whole(pages, text, size, bold=bold, shade=shade)
    pages.row([replace(cell, align="center")])
    pages.skip(3 * MM)
