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

from records import codes, glyphs, pdfa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MM = 72 / 25.4
STAMP_WIDTH = 190.0
STAMP_HEIGHT = 62.0
STRIP = 70.0
"""By how much a page without a free margin grows, in points."""
QR_PREFIX = "VENTANILLA 1"
_PAD = 4.0
BARS_MM = 8.0
"""Height of a label's Code 128, with a millimetre of air."""
_STEP = 1.28
"""From line to line, in sizes of the letter."""
_LEAST_SCALE = 0.75

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
    propias: tuple[str, ...] = ()
    """What stands below the number of a letter of the office's own; else that of a letter which
    came."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands below the number."""
        return self.propias or (
            f"Recibido {self.recibido}",
            f"Radicado {self.fecha}",
            f"Folios {self.folios} · Anexos {self.anexos}",
            f"Área {self.area}",
        )

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
        seen = pdfa.upright(page)
        if where is None:
            # What the crop box hid stays hidden where the page grows.
            shown = b" ".join(b"%.4f" % v for v in seen.visible)
            page.contents_add(b"q " + shown + b" re W n\n", prepend=True)
            page.contents_add(b"\nQ\n")
            page.MediaBox = seen.box(0, 0, seen.width, seen.height + STRIP)
            if "/CropBox" in page:
                page.CropBox = page.MediaBox
            x, y = (
                max(12.0, seen.width - STAMP_WIDTH - 12),
                seen.height + STRIP - _PAD - STAMP_HEIGHT,
            )
        else:
            x0, y0, x1, _ = where
            x, y = max(x0, x1 - STAMP_WIDTH), seen.height - y0 - STAMP_HEIGHT
        content = seen.content(_stamp_content(facts, x, y))
        font = pdfa.embed_font(pdf, glyphs=pdfa.used_glyphs([content]))
        _draw(pdf, page, content, font)
        return pdfa.write(pdf)


def marked(document: bytes, text: str) -> bytes:
    """*document* (a PDF/A of ours) with *text* at the top of each page, again checked as PDF/A."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        contents = []
        for page in pdf.pages:
            width, height = (float(page.MediaBox[n]) for n in (2, 3))
            contents.append(_rows([(text, 12.0, True)], 36, height - 10, width - 72))
        font = pdfa.embed_font(pdf, glyphs=pdfa.used_glyphs(contents))
        for page, content in zip(pdf.pages, contents, strict=True):
            _draw(pdf, page, content, font)
        return pdfa.write(pdf)


def label(facts: Facts, width_mm: float, height_mm: float) -> bytes:
    """The sticker as a one-page PDF/A of its own size."""
    return labels([facts], width_mm, height_mm)


def labels(rows: Sequence[Facts], width_mm: float, height_mm: float) -> bytes:
    """Stickers as a PDF/A with a page of its own size for each."""
    size = width_mm * MM, height_mm * MM
    contents = [label_content(facts, 0, 0, *size) for facts in rows]
    return document(contents, size, " ".join(facts.radicado for facts in rows[:3]))


def document(contents: Sequence[bytes], size: tuple[float, float], title: str) -> bytes:
    """A PDF/A with a page of *size* for each content that was drawn here."""
    pdf = pikepdf.new()
    font = pdfa.embed_font(pdf, glyphs=pdfa.used_glyphs(contents))
    for content in contents:
        pdf.add_blank_page(page_size=size)
        _draw(pdf, pdf.pages[-1], content, font)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = title
    return pdfa.write(pdf)


def label_text(facts: Facts) -> str:
    """What a clerk copies with the hand stamp where there is no printer."""
    return "\n".join(text for text, _, _ in label_rows(facts))


def _draw(pdf: pikepdf.Pdf, page: pikepdf.Page, content: bytes, font: pikepdf.Object) -> None:
    if "/Resources" not in page:
        page.Resources = Dictionary()
    # Copies: pages of a foreign document may share one dictionary.
    resources = Dictionary(dict(page.Resources.items()))
    fonts = resources.get("/Font")
    own = Dictionary(dict(fonts.items()) if fonts is not None else None)
    own[Name.VtSello] = font
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
        *((line, 6.0 if len(facts.lines) < 5 else 5.4, False) for line in facts.lines),
    ]
    frame = f"0.5 w 0 G {x:.2f} {y:.2f} {STAMP_WIDTH} {STAMP_HEIGHT} re S".encode()
    text = _rows(rows, x + _PAD, y + STAMP_HEIGHT - _PAD, text_width)
    squares = codes.draw_qr(codes.qr(facts.qr), x + STAMP_WIDTH - _PAD - qr_side, y + _PAD, qr_side)
    return b"\n".join([frame, text, squares])


def label_content(facts: Facts, x: float, y: float, width: float, height: float) -> bytes:
    """A sticker's operators, with its lower left corner at (x, y).

    Where it is too low for all, letters become smaller; then the Code 128 goes, never the QR.
    """
    margin = 2.5 * MM
    qr_side = min(height - 2 * margin, width * 0.36)
    text_width = width - qr_side - 3 * margin
    rows = label_rows(facts)
    needed = sum(size for _, size, _ in rows) * _STEP
    room = height - 2 * margin
    with_bars = room - BARS_MM * MM >= needed * _LEAST_SCALE
    scale = min(1.0, (room - BARS_MM * MM if with_bars else room) / needed)
    scaled = [(text, size * scale, bold) for text, size, bold in rows]
    out = [_rows(scaled, x + margin, y + height - margin, text_width)]
    if with_bars:
        bars = codes.code128(facts.radicado)
        out.append(codes.draw_bars(bars, x + margin, y + margin, text_width, (BARS_MM - 1) * MM))
    left, low = x + width - margin - qr_side, y + (height - qr_side) / 2
    return b"\n".join([*out, codes.draw_qr(codes.qr(facts.qr), left, low, qr_side)])


def label_rows(facts: Facts) -> list[tuple[str, float, bool]]:
    """What a sticker says, downwards: (text, size in points, bold)."""
    return [
        (facts.entidad, 6.0, False),
        (facts.radicado, 13.0, True),
        *((line, 6.5, False) for line in facts.lines),
    ]


def _rows(rows: Iterable[tuple[str, float, bool]], x: float, top: float, width: float) -> bytes:
    """Lines of text downwards from *top*, each shrunk to *width* and, at the least size, cut."""
    face = pdfa.face()
    out = [b"BT 0 g 0 G"]
    y = top
    for said, size, bold in rows:
        text, fitted = fit(glyphs.one_line(said, glyphs.font()), size, width)
        y -= fitted * _STEP
        # Render mode 2 with a thin line makes the one face look bold.
        mode = f"2 Tr {fitted / 30:.2f} w" if bold else "0 Tr"
        out.append(f"/VtSello {fitted:.2f} Tf {mode} 1 0 0 1 {x:.2f} {y:.2f} Tm ".encode())
        out.append(face.encode(text) + b" Tj")
    out.append(b"ET")
    return b"\n".join(out)


def fit(text: str, size: float, width: float, least: float = 4.5) -> tuple[str, float]:
    """*text* and its size, shrunk until *width* holds it; at the *least* size it is cut."""
    face = pdfa.face()
    fitted = size
    while fitted > least and face.width(text, fitted) > width:
        fitted -= 0.25
    while len(text) > 1 and face.width(text, fitted) > width:
        text = text[:-2] + "…"
    return text, fitted
