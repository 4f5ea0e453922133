"""The letters of a stack as files of their own: no picture is encoded anew.

Runs inside the limited child. A PDF's pages are copied with all that they refer to, their images
byte for byte, and what only another letter's pages refer to stays behind. A TIFF's pages are
written with their own strips or tiles, and then compared with the stack's, pixel for pixel. What
the file said as a whole (outline, attachments, electronic signature) stays in the stack's original.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

import pikepdf
from pikepdf import Name
from PIL import Image

from ingest.encode import tags_of
from ingest.lectura import Unreadable
from ingest.pages import DECODER_ERRORS, SUBFILE_TYPE, count_directories, sniff
from ingest.stacks import part_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ingest.facts import Limits
    from ingest.stacks import Part

STRIPS, STRIP_SIZES, TILES, TILE_SIZES = 273, 279, 324, 325
DATA = {STRIPS: STRIP_SIZES, TILES: TILE_SIZES}
"""Where a page's pictures lie, by the tag that says how long each is."""
LEFT_OUT = {288, 289, 297, 330, 34665, 34853, 40965}
"""Free space, «page n of m», and directories that only an offset leads to: previews, Exif, GPS."""
OLD_JPEG = 6
"""A compression whose tables lie anywhere in the file."""
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
         16: 8, 17: 8, 18: 8}  # fmt: skip
"""Bytes of a value, by its TIFF type."""


def cut(path: Path, parts: Sequence[Part], folder: Path, limits: Limits) -> None:
    """Write each of *parts* of the file at *path* as `parte-0001.pdf` or `.tiff` into *folder*.

    Raises:
        Unreadable: the file cannot be parted without loss.
    """
    with path.open("rb") as file:
        kind = sniff(file.read(4096))
    try:
        if kind == "pdf":
            _cut_pdf(path, parts, folder)
        elif kind == "tiff":
            count_directories(path, limits.paginas)
            _cut_tiff(path, parts, folder)
        else:
            raise Unreadable("formato", f"un {kind} no es una pila")
    except (*DECODER_ERRORS, pikepdf.PikepdfError, AttributeError) as error:
        raise Unreadable("danado", f"{type(error).__name__}: {error}"[:200]) from error


# -- PDF ------------------------------------------------------------------------------------------


def _cut_pdf(path: Path, parts: Sequence[Part], folder: Path) -> None:
    with pikepdf.open(path) as stack:
        _flatten(stack)
        for number, part in enumerate(parts, start=1):
            with pikepdf.new() as letter:
                for page in stack.pages[part.primera - 1 : part.ultima]:
                    letter.pages.append(page)
                layers = stack.Root.get(Name.OCProperties)
                if layers is not None:  # which layers are hidden
                    letter.Root.OCProperties = letter.copy_foreign(stack.make_indirect(layers))
                if len(letter.pages) != part.ultima - part.primera + 1:
                    raise Unreadable("danado", f"faltan páginas de {part}")
                letter.save(folder / part_name(number, "pdf"), deterministic_id=True)


def _flatten(stack: pikepdf.Pdf) -> None:
    """What was filled into a form becomes ink: its fields belong to the whole file."""
    form = stack.Root.get(Name.AcroForm)
    if isinstance(form, pikepdf.Dictionary):
        if bool(form.get(Name.NeedAppearances, False)):
            stack.generate_appearance_streams()
        stack.flatten_annotations("screen")


# -- TIFF -----------------------------------------------------------------------------------------


class _Tiff:
    """The directories of a TIFF or BigTIFF, byte by byte."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        head = file.read(16)
        self.order = "<" if head[:2] == b"II" else ">"
        self.big = head[2:4] in (b"+\0", b"\0+")
        self.count, self.word = ("Q", "Q") if self.big else ("H", "I")
        self.inline = struct.calcsize(self.order + self.word)
        self.head = head[: 8 if self.big else 4]
        (first,) = self.unpack(self.word, head[8:16] if self.big else head[4:8])
        self.first = int(first)

    def unpack(self, form: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack(self.order + form, data)

    def pack(self, form: str, *values: int) -> bytes:
        return struct.pack(self.order + form, *values)

    def take(self, offset: int, size: int) -> bytes:
        """*size* bytes at *offset*, or a fault."""
        self.file.seek(offset)
        data = self.file.read(size)
        if len(data) != size:
            raise Unreadable("danado", "TIFF más corto de lo que dice")
        return data

    def directories(self) -> list[dict[int, tuple[int, bytes]]]:
        """Each page's tags as (type, value bytes), previews left out as `ingest.pages` does."""
        out: list[dict[int, tuple[int, bytes]]] = []
        offset, index = self.first, 0
        while offset:
            tags, offset = self._directory(offset)
            preview = index and self._numbers(tags.get(SUBFILE_TYPE, (4, self.pack("I", 0))))[0] & 1
            if not preview:
                out.append(tags)
            index += 1
        return out

    def _directory(self, offset: int) -> tuple[dict[int, tuple[int, bytes]], int]:
        size = struct.calcsize(self.order + self.count)
        (rows,) = self.unpack(self.count, self.take(offset, size))
        tags: dict[int, tuple[int, bytes]] = {}
        row_size = 4 + 2 * self.inline
        raw = self.take(offset + size, rows * row_size)
        for at in range(0, len(raw), row_size):
            row = raw[at : at + row_size]
            tag, kind, count = self.unpack("HH" + self.word, row[: 4 + self.inline])
            length = SIZES.get(kind, 1) * count
            value = row[4 + self.inline :][:length]
            if length > self.inline:
                (place,) = self.unpack(self.word, row[4 + self.inline :])
                value = self.take(place, length)
            tags[tag] = kind, value
        self.file.seek(offset + size + rows * row_size)
        tail = self.file.read(self.inline)
        # A last directory cut before its link is common and harmless, as in `count_directories`.
        return tags, self.unpack(self.word, tail)[0] if len(tail) == self.inline else 0

    def _numbers(self, value: tuple[int, bytes]) -> tuple[int, ...]:
        kind, raw = value
        form = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}[kind]
        return self.unpack(f"{len(raw) // SIZES[kind]}{form}", raw)

    def pictures(self, tags: dict[int, tuple[int, bytes]]) -> tuple[int, list[bytes]]:
        """The tag that says where a page's pictures lie, and they themselves."""
        if self._numbers(tags.get(259, (3, self.pack("H", 1))))[0] == OLD_JPEG:
            raise Unreadable("imagen", "JPEG de TIFF 6.0")
        where = STRIPS if STRIPS in tags else TILES
        offsets, sizes = self._numbers(tags[where]), self._numbers(tags[DATA[where]])
        pieces = zip(offsets, sizes, strict=True)
        return where, [self.take(offset, size) for offset, size in pieces]

    def write(self, pages: list[dict[int, tuple[int, bytes]]], path: Path) -> None:
        """A file of those pages, its byte order and pointers like this one's."""
        with path.open("wb") as out:
            out.write(self.head)
            link = out.tell()
            out.write(self.pack(self.word, 0))
            for tags in pages:
                link = self._write_page(out, link, dict(tags))

    def _write_page(self, out: BinaryIO, link: int, tags: dict[int, tuple[int, bytes]]) -> int:
        """One page at the end of *out*; *link* is where its place is to be said."""
        where, pieces = self.pictures(tags)
        places = []
        for piece in pieces:
            places.append(_aligned(out))
            out.write(piece)
        kind = 16 if self.big else 4
        tags[where] = kind, self.pack(f"{len(places)}{self.word}", *places)
        rows = []
        for tag, (kind, value) in sorted(tags.items()):
            if tag in LEFT_OUT:
                continue
            count = len(value) // SIZES.get(kind, 1)
            held = value.ljust(self.inline, b"\0")
            if len(value) > self.inline:
                held = self.pack(self.word, _aligned(out))
                out.write(value)
            rows.append(self.pack("HH" + self.word, tag, kind, count) + held)
        place = _aligned(out)
        out.write(self.pack(self.count, len(rows)) + b"".join(rows))
        end = out.tell()
        out.write(self.pack(self.word, 0))
        out.seek(link)
        out.write(self.pack(self.word, place))
        out.seek(0, 2)
        return end


def _aligned(out: BinaryIO) -> int:
    """The next even place of *out*, as TIFF asks for."""
    if out.tell() % 2:
        out.write(b"\0")
    return out.tell()


def _cut_tiff(path: Path, parts: Sequence[Part], folder: Path) -> None:
    with path.open("rb") as file:
        stack = _Tiff(file)
        pages = stack.directories()
        for number, part in enumerate(parts, start=1):
            stack.write(pages[part.primera - 1 : part.ultima], folder / part_name(number, "tiff"))
    Image.MAX_IMAGE_PIXELS = None  # each page's was checked when the stack was read
    with Image.open(path, formats=("TIFF",)) as image:
        frames = [
            n for n in range(getattr(image, "n_frames", 1)) if not n or not _preview(image, n)
        ]
        for number, part in enumerate(parts, start=1):
            with Image.open(folder / part_name(number, "tiff"), formats=("TIFF",)) as made:
                _compare(image, frames[part.primera - 1 : part.ultima], made)


def _preview(image: Image.Image, index: int) -> bool:
    image.seek(index)
    return bool(tags_of(image).get(SUBFILE_TYPE, 0) & 1)


def _compare(stack: Image.Image, frames: list[int], made: Image.Image) -> None:
    """Refuse a part that does not show, pixel for pixel, what the stack shows there."""
    if getattr(made, "n_frames", 1) != len(frames):
        raise Unreadable("danado", "la parte tiene otras páginas")
    for index, frame in enumerate(frames):
        stack.seek(frame)
        made.seek(index)
        same = (stack.mode, stack.size, stack.info.get("dpi")) == (
            made.mode,
            made.size,
            made.info.get("dpi"),
        )
        if not same or stack.tobytes() != made.tobytes():
            raise Unreadable("danado", f"la página {frame + 1} cambió al separarla")
