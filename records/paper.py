"""What is printed: the stamp on a record's first page and the label that goes on the paper.

Both carry entity, radicado, hours of reception and of numbering, folios, anexos, área and a QR
whose text names the radicado and the event (CPACA art. 15: a copy with date, hour, number and class
of annexed documents is worth the original). Drawn with one embedded font; the QR is drawn as
squares, not pixels.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Dictionary, Name

from records import pdfa

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

MM = 72 / 25.4
STAMP_WIDTH = 190.0
STAMP_HEIGHT = 62.0
STRIP = 70.0
"""By how much a page without a free margin grows, in points."""
QR_PREFIX = "VENTANILLA 1"
_PAD = 4.0

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points from the top left corner of the upright page."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a stamp and a label say. Hours as people read them."""

    entidad: str
    radicado: str
    recibido: str
    fecha: str
    folios: str
    anexos: str
    area: str
    evento: str

    @property
    def qr(self) -> str:
        """The QR's text: radicado and the first 16 hex of the event's hash."""
        return f"{QR_PREFIX} {self.radicado} {self.evento[:16].upper()}"


def read_qr(text: str) -> tuple[str, str] | None:
    """(radicado, start of the event's hash) of one of our QRs; None for any other text."""
    parts = text.split(" ")
    if len(parts) != 4 or " ".join(parts[:2]) != QR_PREFIX or len(parts[3]) != 16:
        return None
    return parts[2], parts[3].lower()


def stamp(document: bytes, facts: Facts, where: tuple[float, float, float, float] | None) -> bytes:
    """*document* (a PDF/A) with the stamp on page 1, again checked as PDF/A.

    *where* is a free rectangle in points from the top left of the upright page, or None: then the
    page grows at its top by a strip. The rest of the page is not touched.

    Raises:
        NotPdfA: never for a document that passed when it was made.
    """
    with pikepdf.open(io.BytesIO(document)) as pdf:
        page = pdf.pages[0]
        left, bottom, right, top = (float(v) for v in page.mediabox)
        if where is None:
            page.MediaBox = pikepdf.Array([left, bottom, right, top + STRIP])
            if "/CropBox" in page:
                page.CropBox = page.MediaBox
            x, y = max(left + 12, right - STAMP_WIDTH - 12), top + STRIP - _PAD - STAMP_HEIGHT
        else:
            x0, y0, x1, _ = where
            x = left + max(x0, x1 - STAMP_WIDTH)
            y = top - y0 - STAMP_HEIGHT
        _draw(pdf, page, _stamp_content(facts, x, y))
        return pdfa.write(pdf)


def label(facts: Facts, width_mm: float, height_mm: float) -> bytes:
    """The sticker as a one-page PDF/A of its own size."""
    pdf = pikepdf.new()
    width, height = width_mm * MM, height_mm * MM
    pdf.add_blank_page(page_size=(width, height))
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = facts.radicado
    _draw(pdf, pdf.pages[0], _label_content(facts, width, height))
    return pdfa.write(pdf)


def label_text(facts: Facts) -> str:
    """What a clerk copies with the hand stamp where there is no printer."""
    return "\n".join(text for text, _, _ in _label_rows(facts))


def _draw(pdf: pikepdf.Pdf, page: pikepdf.Page, content: bytes) -> None:
    if "/Resources" not in page:
        page.Resources = Dictionary()
    # Copies: pages of a foreign document may share one dictionary.
    resources = Dictionary(dict(page.Resources.items()))
    fonts = resources.get("/Font")
    own = Dictionary(dict(fonts.items()) if fonts is not None else None)
    own[Name.VtSello] = pdfa.embed_font(pdf)
    resources[Name.Font] = own
    page.Resources = resources
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\nq\n" + content + b"\nQ\n")


def _stamp_content(facts: Facts, x: float, y: float) -> bytes:
    qr_side = STAMP_HEIGHT - 2 * _PAD
    text_width = STAMP_WIDTH - qr_side - 3 * _PAD
    rows = [
        (facts.entidad, 5.6, False),
        (f"Radicado {facts.radicado}", 9.0, True),
        (f"Recibido {facts.recibido}", 6.0, False),
        (f"Radicado {facts.fecha}", 6.0, False),
        (f"Folios {facts.folios} · Anexos {facts.anexos}", 6.0, False),
        (f"Área {facts.area}", 6.0, False),
    ]
    frame = f"0.5 w 0 G {x:.2f} {y:.2f} {STAMP_WIDTH} {STAMP_HEIGHT} re S".encode()
    text = _rows(rows, x + _PAD, y + STAMP_HEIGHT - _PAD, text_width)
    squares = _qr(facts.qr, x + STAMP_WIDTH - _PAD - qr_side, y + _PAD, qr_side)
    return b"\n".join([frame, text, squares])


def _label_content(facts: Facts, width: float, height: float) -> bytes:
    margin = 2.5 * MM
    qr_side = min(height - 2 * margin, width * 0.36)
    text_width = width - qr_side - 3 * margin
    text = _rows(_label_rows(facts), margin, height - margin, text_width)
    bars = _bars(facts.radicado, margin, margin, text_width, 7 * MM)
    squares = _qr(facts.qr, width - margin - qr_side, (height - qr_side) / 2, qr_side)
    return b"\n".join([text, bars, squares])


def _label_rows(facts: Facts) -> list[tuple[str, float, bool]]:
    return [
        (facts.entidad, 6.0, False),
        (facts.radicado, 13.0, True),
        (f"Recibido {facts.recibido}", 6.5, False),
        (f"Radicado {facts.fecha}", 6.5, False),
        (f"Folios {facts.folios} · Anexos {facts.anexos}", 6.5, False),
        (f"Área {facts.area}", 6.5, False),
    ]


def _rows(rows: Iterable[tuple[str, float, bool]], x: float, top: float, width: float) -> bytes:
    """Lines of text downwards from *top*, each shrunk to *width* and, at the least size, cut."""
    face = pdfa.face()
    out = [b"BT 0 g 0 G"]
    y = top
    for text, size, bold in rows:
        fitted = size
        while fitted > 4.5 and face.width(text, fitted) > width:
            fitted -= 0.25
        shown = text
        while len(shown) > 1 and face.width(shown, fitted) > width:
            shown = shown[:-2] + "…"
        y -= fitted * 1.28
        # Render mode 2 with a thin line makes the one face look bold.
        mode = f"2 Tr {fitted / 30:.2f} w" if bold else "0 Tr"
        out.append(f"/VtSello {fitted:.2f} Tf {mode} 1 0 0 1 {x:.2f} {y:.2f} Tm ".encode())
        out.append(face.encode(shown) + b" Tj")
    out.append(b"ET")
    return b"\n".join(out)


def _bars(text: str, x: float, y: float, width: float, height: float) -> bytes:
    """A Code 128 of the radicado, for the readers that know no QR."""
    import numpy as np
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    dark = np.asarray(code.to_image(scale=1, add_quiet_zones=False))[0] == 0
    cell = width / len(dark)
    out = ["0 g"]
    for start, end in _runs(dark):
        out.append(f"{x + start * cell:.3f} {y:.3f} {(end - start) * cell:.3f} {height:.3f} re")
    return "\n".join([*out, "f"]).encode()


def _runs(dark: NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    """(start, end) of each run of dark cells."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([0], dark.astype(np.int8), [0]))))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _qr(text: str, x: float, y: float, side: float) -> bytes:
    """A QR as filled squares, runs of a row joined."""
    import numpy as np
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    grid = np.asarray(code.to_image(scale=1, add_quiet_zones=False)) == 0
    cell = side / grid.shape[0]
    out = ["0 g"]
    for row, cells in enumerate(grid):
        for start, end in _runs(cells):
            out.append(
                f"{x + start * cell:.3f} {y + side - (row + 1) * cell:.3f} "
                f"{(end - start) * cell:.3f} {cell:.3f} re"
            )
    out.append("f")
    return "\n".join(out).encode()
