"""The words of a page that this program made itself: taken as they are, with no engine.

What comes from strangers is read in a limited child (`reader`); a page of ours holds its text as
our own fonts show it, and whoever waits for it waits for no OCR.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.layer import page_of, read_layer
from ingest.lectura import Lectura
from ingest.scans import sheet_of

if TYPE_CHECKING:
    from records.paper import Box

ENGINE = "sin OCR: página propia"


def read_own(document: bytes, hueco: Box) -> Lectura:
    """The reading of a PDF of ours; *hueco* is what it leaves free on page 1 for the stamp."""
    import pypdfium2 as pdfium

    pages = []
    with pdfium.PdfDocument(document) as opened:
        for page in opened:
            sheet = sheet_of(page)
            words = read_layer(page, sheet).words(1.0, seen=True, unseen=False)
            pages.append(page_of(words, *sheet.size))
            page.close()
    return Lectura(pages, {}, hueco, None, [], ENGINE)
