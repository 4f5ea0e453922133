"""The label in the forms that printers take: own size, ZPL, ESC/POS, A4 sheets of stickers.

All say the same `paper.Facts`. What comes from people is data for the printer and never a command:
in ZPL all but plain letters is hexadecimal, in ESC/POS no control byte is left.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from records import codes, glyphs, paper
from records.errors import Refused
from records.paper import MM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from records.paper import Facts
    from records.settings import Label, StickerSheet

SUFFIX = {"pdf": ".pdf", "zpl": ".zpl", "escpos": ".bin", "hoja": ".pdf"}
A4_MM = (210.0, 297.0)
EDGE_MM = 2.5
"""With the label's own margin, 5 mm of the sheet that printers do not reach."""
CODE_PAGE = ("cp850", 2)
"""Multilingual Latin I and its number for ESC t: what receipt printers of all makers have."""
_MARGIN_MM = 2.5
_LEAST_BAR_MM = 0.19
_PLAIN = re.compile(r"[^A-Za-z0-9 .,:/-]")
_NUMBER = re.compile(r"[A-Z0-9._-]+")
_DOTS_A_COLUMN = 12


def render(rows: Sequence[Facts], how: Label, formato: str | None = None, start: int = 1) -> bytes:
    """The labels in a form of `SUFFIX`, one after the other; None is the office's own form."""
    chosen = formato or how.formato
    if chosen == "hoja":
        return sheet(rows, how.hoja, start)
    if chosen == "zpl":
        dpi = how.puntos_por_pulgada
        return b"".join(zpl(facts, how.ancho_mm, how.alto_mm, dpi) for facts in rows)
    if chosen == "escpos":
        return b"".join(escpos(facts, how.columnas) for facts in rows)
    return paper.labels(rows, how.ancho_mm, how.alto_mm)


# -- sheets of stickers ---------------------------------------------------------------------------


def sheet(rows: Sequence[Facts], layout: StickerSheet, start: int = 1) -> bytes:
    """A4 PDF/A with a label on each sticker, from place *start* on: 1 is the upper left one, then
    to the right and downwards; those before it were used already.

    Raises:
        Refused: the sheet has no such place.
    """
    places = layout.columnas * layout.filas
    if not 1 <= start <= places:
        raise Refused(
            "posicion",
            f"La hoja no tiene una posición {start}.",
            consejo=f"Va de 1 (arriba a la izquierda) a {places}.",
        )
    pages: list[list[bytes]] = []
    for n, facts in enumerate(rows, start=start - 1):
        if not pages or n % places == 0:
            pages.append([])
        pages[-1].append(paper.label_content(facts, *_place(layout, n % places)))
    size = A4_MM[0] * MM, A4_MM[1] * MM
    return paper.document([b"\n".join(page) for page in pages], size, "Rótulos")


def _place(layout: StickerSheet, n: int) -> tuple[float, float, float, float]:
    """x, y, width, height in points of the part of sticker *n* that printers reach."""
    row, column = divmod(n, layout.columnas)
    left = layout.margen_izquierdo_mm + column * (layout.ancho_mm + layout.separacion_horizontal_mm)
    top = layout.margen_superior_mm + row * (layout.alto_mm + layout.separacion_vertical_mm)
    right = min(left + layout.ancho_mm, A4_MM[0] - EDGE_MM)
    bottom = min(top + layout.alto_mm, A4_MM[1] - EDGE_MM)
    left, top = max(left, EDGE_MM), max(top, EDGE_MM)
    return left * MM, (A4_MM[1] - bottom) * MM, (right - left) * MM, (bottom - top) * MM


# -- ZPL ------------------------------------------------------------------------------------------


def zpl(facts: Facts, width_mm: float, height_mm: float, dpi: int = 203) -> bytes:
    """A label for Zebra printers (ZPL II) in UTF-8: text and QR above, Code 128 below.

    The Code 128 is left out where its bars would be too thin to be read.
    """
    dots = dpi / 25.4
    width, height, margin = round(width_mm * dots), round(height_mm * dots), round(2.5 * dots)
    modules = len(codes.qr(facts.qr))
    bars = _zpl_bars(facts, width - 2 * margin, height, margin, dots)
    room = height - 2 * margin - (round(paper.BARS_MM * dots) if bars else 0)
    module = max(1, min(10, min(room, int(width * 0.36)) // modules))
    side = module * modules
    out = [f"^XA^CI28^PW{width}^LL{height}^LH0,0"]
    out += _zpl_text(facts, margin, width - 3 * margin - side, room, dpi)
    out.append(f"^FO{width - margin - side},{margin}^BQN,2,{module}^FH_^FDMA,{_hex(facts.qr)}^FS")
    out += [*bars, "^PQ1^XZ\n"]
    return "\n".join(out).encode("ascii")


def _zpl_text(facts: Facts, x: int, width: int, height: int, dpi: int) -> list[str]:
    """Rows of the printer's own scalable font, which is narrower than the font measured here."""
    out = []
    rows = paper.label_rows(facts)
    needed = sum(size for _, size, _ in rows) * dpi / 72 * 1.28
    scale = min(1.25, height / needed) * dpi / 72
    y = float(x)
    for said, size, _ in rows:
        text = glyphs.one_line(said, glyphs.code_page("cp1252"))
        shown, high = paper.fit(text, size * scale, width, least=14 * dpi / 203)
        out.append(f"^FO{x},{round(y)}^A0N,{round(high)},{round(high)}^FH_^FD{_hex(shown)}^FS")
        y += size * scale * 1.28
    return out


def _zpl_bars(facts: Facts, room: int, height: int, margin: int, dots: float) -> list[str]:
    if not _NUMBER.fullmatch(facts.radicado) or height < 28 * dots:
        return []
    # The printer chooses its own code sets: two characters of slack.
    module = min(3, room // (len(codes.code128(facts.radicado)) + 22))
    if module < _LEAST_BAR_MM * dots:
        return []
    high = round((paper.BARS_MM - 1) * dots)
    said = _hex(facts.radicado)
    return [f"^FO{margin},{height - margin - high}^BY{module}^BCN,{high},N,N,N,A^FH_^FD{said}^FS"]


def _hex(text: str) -> str:
    """*text* for ^FD after ^FH_: all but plain letters and figures as UTF-8 in hexadecimal."""
    return _PLAIN.sub(lambda m: "".join(f"_{b:02X}" for b in m[0].encode()), text)


# -- ESC/POS --------------------------------------------------------------------------------------


def escpos(facts: Facts, columns: int = 42) -> bytes:
    """A label for receipt printers, *columns* letters wide (58 mm paper 32, 80 mm 42 or 48), cut.

    The Code 128 is left out where the paper is too narrow for it.
    """
    first, number, *others = (text for text, _, _ in paper.label_rows(facts))
    wide = 0x11 if 2 * len(number) <= columns else 0x01
    out = [
        b"\x1b@",  # as switched on
        b"\x1c.",  # no Chinese: two bytes above 7F are two letters
        b"\x1bR\x00",  # no national letters in place of # and others
        b"\x1bt" + bytes([CODE_PAGE[1]]),
        b"\x1ba\x01",
        _receipt(first, columns),
        b"\x1d!" + bytes([wide]) + b"\x1bE\x01",
        _receipt(number, columns // 2 if wide & 0x10 else columns),
        b"\x1d!\x00\x1bE\x00",
        *(_receipt(text, columns) for text in others),
        _receipt_qr(facts.qr),
        b"\n",
        _receipt_bars(facts.radicado, columns * _DOTS_A_COLUMN),
        b"\x1dVB\x00",
    ]
    return b"".join(out)


def _receipt(text: str, columns: int) -> bytes:
    clean = glyphs.one_line(text, glyphs.code_page(CODE_PAGE[0]))
    rows = textwrap.wrap(clean, columns, break_on_hyphens=False) or [""]
    return "".join(f"{row}\n" for row in rows).encode(CODE_PAGE[0])


def _receipt_qr(text: str) -> bytes:
    """A QR, model 2, six dots a module, correction M (GS ( k, functions 165 to 181)."""

    def order(*data: int) -> bytes:
        return b"\x1d(k" + len(data).to_bytes(2, "little") + bytes(data)

    return b"".join(
        (
            order(0x31, 0x41, 0x32, 0x00),
            order(0x31, 0x43, 6),
            order(0x31, 0x45, 0x31),
            order(0x31, 0x50, 0x30, *text.encode()),
            order(0x31, 0x51, 0x30),
        )
    )


def _receipt_bars(number: str, dots: int) -> bytes:
    """A Code 128 in set B (GS k 73), two dots a module."""
    modules = 11 * (len(number) + 2) + 13 + 20
    if not _NUMBER.fullmatch(number) or 2 * modules > dots:
        return b""
    data = b"{B" + number.encode("ascii")
    return b"\x1dh\x38\x1dw\x02\x1dH\x00\x1dkI" + bytes([len(data)]) + data + b"\n"
