"""Pictures in a terminal's own pixels: as sixels (DEC STD 070) or for kitty's graphics protocol.

Both are small enough to be written here: an office's page is some greys on white. Pure; what comes
out is ASCII and ends what it begins, so that nothing of it can be left hanging in the terminal.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LEVELS = 16
"""Shades of grey of a sixel picture: each costs a pass over every band."""


def sixel(image: Image, levels: int = LEVELS) -> bytes:
    """*image* as sixels in that many greys: ESC P … ST, to be written where its corner shall be."""
    from PIL import Image as Images

    wide, high = image.size
    grey = image.convert("L").point([min(levels - 1, v * levels // 256) for v in range(256)])
    if high % 6:
        taller = Images.new("L", (wide, high + 6 - high % 6), levels - 1)
        taller.paste(grey, (0, 0))
        grey = taller
    percent = [round(n * 100 / (levels - 1)) for n in range(levels)]
    used = [n for n, count in enumerate(grey.histogram()[:levels]) if count]
    out = [b'\x1bP0;1;0q"1;1;%d;%d' % (wide, high)]
    out += [b"#%d;2;%d;%d;%d" % (n, percent[n], percent[n], percent[n]) for n in used]
    data = grey.tobytes()
    bands = (data[start : start + 6 * wide] for start in range(0, len(data), 6 * wide))
    out.append(b"-".join(_band(band, wide) for band in bands))
    return b"".join([*out, b"\x1b\\"])


def _band(band: bytes, wide: int) -> bytes:
    """Six rows: for each grey that they bear, which pixels of each column have it."""
    rows = [band[start : start + wide] for start in range(0, 6 * wide, wide)]
    said = []
    for level in sorted(set(band)):
        table = bytes(n == level for n in range(256))
        bits = 0
        for bit, row in enumerate(rows):
            # A byte a column: six rows that are shifted into one another in one go.
            bits |= int.from_bytes(row.translate(table), "big") << bit
        said.append(b"#%d" % level + _runs(bits.to_bytes(wide, "big")))
    return b"$".join(said)


def _runs(columns: bytes) -> bytes:
    """Sixels of a row, repeated ones counted; empty ones at its end left out."""
    out = []
    columns = columns.rstrip(b"\0")
    at = 0
    while at < len(columns):
        value = columns[at]
        rest = columns[at:]
        count = len(rest) - len(rest.lstrip(bytes([value])))
        sign = bytes([63 + value])
        out.append(b"!%d%s" % (count, sign) if count > 3 else sign * count)
        at += count
    return b"".join(out)


KITTY_CHUNK = 4096


def kitty(image: Image, columns: int, rows: int, ident: int) -> bytes:
    """*image* for kitty's graphics protocol, laid over so many cells; the cursor stays, and the
    terminal is to answer nothing. *ident* names it, for `kitty_gone`."""
    out = io.BytesIO()
    image.convert("L").save(out, format="PNG", compress_level=6)
    text = base64.b64encode(out.getvalue())
    pieces = [text[start : start + KITTY_CHUNK] for start in range(0, len(text), KITTY_CHUNK)]
    head = b"a=T,f=100,q=2,C=1,i=%d,p=1,c=%d,r=%d," % (ident, columns, rows)
    return b"".join(
        b"\x1b_G%sm=%d;%s\x1b\\" % (head if n == 0 else b"q=2,", n < len(pieces) - 1, piece)
        for n, piece in enumerate(pieces)
    )


def kitty_gone(ident: int) -> bytes:
    """Take a picture off the screen, and out of the terminal's memory."""
    return b"\x1b_Ga=d,d=I,i=%d,q=2\x1b\\" % ident
