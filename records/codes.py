"""Bar codes as cells: QR and Code 128, drawn as rectangles of a PDF page and never as pixels."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEPARATOR = "VENTANILLA-SEPARADOR-1"
"""What the QR of a separator sheet says: letters of a QR's smallest alphabet, and no record's."""


def qr(text: str, *, correction: str = "M") -> list[list[bool]]:
    """The dark modules of a QR with *correction* L, M, Q or H, without its quiet zone.

    Raises:
        ValueError: *text* is longer than a QR holds (about 2,300 bytes).
    """
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=correction)
    return _dark(code.to_image(scale=1, add_quiet_zones=False))


def code128(text: str) -> list[bool]:
    """The dark modules of a Code 128, from left to right, without its quiet zone."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    return _dark(code.to_image(scale=1, add_quiet_zones=False))[0]


def _dark(image: Any) -> list[list[bool]]:
    # Without NumPy, which a program that only seals would load for this: 11 MB.
    rows: Any = memoryview(image).tolist()
    return [[not grey for grey in row] for row in rows]


def draw_qr(grid: Sequence[Sequence[bool]], x: float, y: float, side: float) -> bytes:
    """The modules as black squares with the lower left corner at (x, y), runs of a row joined."""
    cell = side / len(grid)
    out = ["0 g"]
    for row, cells in enumerate(grid):
        for start, end in _runs(cells):
            out.append(
                f"{x + start * cell:.3f} {y + side - (row + 1) * cell:.3f} "
                f"{(end - start) * cell:.3f} {cell:.3f} re"
            )
    out.append("f")
    return "\n".join(out).encode()


def draw_bars(dark: Sequence[bool], x: float, y: float, width: float, height: float) -> bytes:
    """The bars of a linear code over the whole *width*."""
    cell = width / len(dark)
    out = ["0 g"]
    for start, end in _runs(dark):
        out.append(f"{x + start * cell:.3f} {y:.3f} {(end - start) * cell:.3f} {height:.3f} re")
    return "\n".join([*out, "f"]).encode()


def _runs(dark: Sequence[bool]) -> Iterable[tuple[int, int]]:
    """(start, end) of each run of dark cells."""
    edges = [n for n, (a, b) in enumerate(pairwise((False, *dark, False))) if a != b]
    return zip(edges[::2], edges[1::2], strict=True)
