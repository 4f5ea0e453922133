"""TIFF files written by hand, in every shape that scanners and fax software give them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

NONE, RLE, G3, G4, LZW, DEFLATE, OLD_DEFLATE, PACKBITS = 1, 2, 3, 4, 5, 8, 32946, 32773
NAMES = {
    RLE: "tiff_ccitt",
    G3: "group3",
    G4: "group4",
    LZW: "tiff_lzw",
    PACKBITS: "packbits",
}
BYTE, ASCII, SHORT, LONG, RATIONAL, LONG8 = 1, 2, 3, 4, 5, 16
SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, LONG8: 8}


class Page(NamedTuple):
    """One page: its rows of bytes as stored, and its tags besides those of the storage."""

    rows: Pixels
    """Height × bytes of a row; pixels packed as `bits` says."""
    width: int
    tags: dict[int, tuple[int, Sequence[int | tuple[int, int]]]]
    compression: int = NONE
    strips: int = 1
    tile: int = 0
    """Side of a tile in pixels; 0 for strips."""
    two_dimensional: bool = False
    reversed: bool = False
    """FillOrder 2: the bits of each byte the other way round."""


def write(pages: Sequence[Page], *, order: str = "<", big: bool = False) -> bytes:
    """The file. *order* is `<` or `>`; *big* makes it a BigTIFF."""
    head = b"II" if order == "<" else b"MM"
    out = bytearray(head)
    out += struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else struct.pack(order + "HI", 42, 8)
    for number, page in enumerate(pages):
        chunks = _chunks(page)
        tags = dict(page.tags)
        tags[256] = (LONG, [page.width])
        tags[257] = (LONG, [len(page.rows)])
        tags[259] = (SHORT, [page.compression])
        if page.reversed:
            tags[266] = (SHORT, [2])
        if page.two_dimensional:
            tags[292] = (LONG, [1])
        places, lengths = (324, 325) if page.tile else (273, 279)
        tags[lengths] = (LONG, [len(c) for c in chunks])
        tags[places] = (LONG, [0] * len(chunks))
        if page.tile:
            tags[322] = tags[323] = (LONG, [page.tile])
        else:
            tags[278] = (LONG, [_rows_a_strip(page)])
        count, entry, offset = ("Q", 20, "Q") if big else ("H", 12, "I")
        start = len(out)
        end = start + struct.calcsize(count) + entry * len(tags) + struct.calcsize(offset)
        values, data = {}, bytearray()
        for tag, (kind, items) in sorted(tags.items()):
            if tag == places:
                continue
            packed = _pack(order, kind, items)
            if len(packed) > struct.calcsize(offset):
                values[tag] = struct.pack(order + offset, end + len(data))
                data += packed + b"\0" * (len(packed) % 2)
            else:
                values[tag] = packed.ljust(struct.calcsize(offset), b"\0")
        at, where = [], end + len(data)
        room = 4 * len(chunks) if len(chunks) > struct.calcsize(offset) // 4 else 0
        position = where + room
        for chunk in chunks:
            at.append(position)
            position += len(chunk)
        packed = _pack(order, LONG, at)
        values[places] = (
            struct.pack(order + offset, where)
            if room
            else packed.ljust(struct.calcsize(offset), b"\0")
        )
        data += (packed if room else b"") + b"".join(chunks)
        out += struct.pack(order + count, len(tags))
        for tag, (kind, items) in sorted(tags.items()):
            out += struct.pack(order + "HH" + offset, tag, kind, len(items)) + values[tag]
        following = end + len(data) if number + 1 < len(pages) else 0
        out += struct.pack(order + offset, following) + data
    return bytes(out)


def _pack(order: str, kind: int, items: Sequence[int | tuple[int, int]]) -> bytes:
    if kind == RATIONAL:
        return b"".join(struct.pack(order + "II", *i) for i in items)  # type: ignore[misc]
    form = {BYTE: "B", ASCII: "B", SHORT: "H", LONG: "I", LONG8: "Q"}[kind]
    return b"".join(struct.pack(order + form, i) for i in items)


def _rows_a_strip(page: Page) -> int:
    return -(-len(page.rows) // page.strips)


def _chunks(page: Page) -> list[bytes]:
    if page.tile:
        pieces = _tiles(page)
    else:
        step = _rows_a_strip(page)
        pieces = [
            (page.rows[top : top + step], page.width) for top in range(0, len(page.rows), step)
        ]
    return [_compressed(page, rows, width) for rows, width in pieces]


def _tiles(page: Page) -> list[tuple[Pixels, int]]:
    across = -(-page.width // page.tile)
    bytes_a_tile = (
        page.tile * page.rows.shape[1] // page.width
        if page.rows.shape[1] >= page.width
        else page.tile // 8
    )
    down = -(-len(page.rows) // page.tile)
    padded = np.zeros((down * page.tile, across * bytes_a_tile), np.uint8)
    padded[: page.rows.shape[0], : page.rows.shape[1]] = page.rows
    return [
        (
            padded[y * page.tile : (y + 1) * page.tile, x * bytes_a_tile : (x + 1) * bytes_a_tile],
            page.tile,
        )
        for y in range(down)
        for x in range(across)
    ]


def _compressed(page: Page, rows: Pixels, width: int) -> bytes:
    raw = np.ascontiguousarray(rows).tobytes()
    if page.compression == NONE:
        data = raw
    elif page.compression in (DEFLATE, OLD_DEFLATE):
        data = zlib.compress(raw)
    elif page.compression in (RLE, G3, G4):
        bits = np.unpackbits(rows, axis=1)[:, :width]
        data = _borrowed(Image.fromarray(bits * 255).convert("1"), page)
    else:
        data = _borrowed(Image.frombytes("L", (rows.shape[1], rows.shape[0]), raw), page)
    if page.reversed:
        flipped = np.packbits(
            np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little"), bitorder="big"
        )
        data = flipped.tobytes()
    return data


def _borrowed(image: Image.Image, page: Page) -> bytes:
    """One strip as libtiff packs it."""
    info: dict[int, int] = {278: image.height}
    if page.two_dimensional:
        info[292] = 1
    file = io.BytesIO()
    image.save(file, format="TIFF", compression=NAMES[page.compression], tiffinfo=info)
    with Image.open(file) as made:
        (at,), (length,) = made.tag_v2[273], made.tag_v2[279]  # type: ignore[attr-defined]
    return file.getvalue()[at : at + length]


def resolution(
    across: float, down: float, unit: int = 2
) -> dict[int, tuple[int, Sequence[int | tuple[int, int]]]]:
    """The tags of a resolution; *unit* 1 none, 2 inch, 3 centimetre."""
    return {
        282: (RATIONAL, [(round(across * 1000), 1000)]),
        283: (RATIONAL, [(round(down * 1000), 1000)]),
        296: (SHORT, [unit]),
    }
