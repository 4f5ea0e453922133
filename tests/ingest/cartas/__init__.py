"""Letters of many styles, with what each says; drawn as pages without an engine.

`paginas` lays a letter out with the words' boxes as ink would have them, in the two orders in
which engines give columns: row by row, or one column after the other.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec
from PIL import ImageFont

from ingest.lectura import Pagina, Palabra

FONT = Path(__file__).parents[3] / "records" / "fonts" / "DejaVuSans-latin.ttf"
WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 612.0, 792.0, 64.0, 548.0, 64.0, 740.0
STEP, GAP, SIGNED, SECOND = 13.5, 9.0, 34.0, 322.0


class Carta(msgspec.Struct, frozen=True):
    """A letter as text, and the fields it says."""

    nombre: str
    texto: str
    campos: dict[str, str]


@cache
def cartas(name: str) -> tuple[Carta, ...]:
    """The letters of a file of this folder: `ajuste`, `prueba`, `estilos`…"""
    text = (Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["cartas"], tuple[Carta, ...])


@cache
def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size * 10)


class _Sheet:
    """Words laid out from top to bottom."""

    def __init__(self, size: int, confidence: int) -> None:
        self.face, self.confidence = _face(size), confidence
        self.pages: list[list[list[Palabra]]] = [[]]
        self.y = TOP

    def wide(self, text: str) -> float:
        return self.face.getlength(text) / 10

    def line(self, words: list[str], x: float) -> list[Palabra]:
        out = []
        for word in words:
            x0, y0, x1, y1 = (v / 10 for v in self.face.getbbox(word))
            box = (x + x0, self.y + y0, x + x1, self.y + y1)
            rounded = tuple(round(v, 2) for v in box)
            out.append(Palabra(word, self.confidence, rounded, 0))  # type: ignore[arg-type]
            x += self.wide(word + " ")
        return out

    def down(self, by: float) -> None:
        self.y += by
        if self.y > BOTTOM:
            self.pages.append([])
            self.y = TOP

    def wrapped(self, text: str, left: float, right: float) -> list[list[str]]:
        rows: list[list[str]] = [[]]
        for word in text.split():
            if rows[-1] and self.wide(" ".join([*rows[-1], word])) > right - left:
                rows.append([])
            rows[-1].append(word)
        return rows

    def put(self, text: str, left: float, right: float, place: str = "<") -> None:
        for words in self.wrapped(text, left, right):
            wide = self.wide(" ".join(words))
            x = {"<": left, ">": right - wide, "^": (left + right - wide) / 2}[place]
            self.pages[-1].append(self.line(words, x))
            self.down(STEP)


def paginas(
    texto: str, *, columnas: bool = False, size: int = 10, confianza: int = 100
) -> list[Pagina]:
    """The pages of a letter. With *columnas*, columns come one after the other."""
    sheet = _Sheet(size, confianza)
    rows = texto.strip("\n").split("\n")
    at = 0
    while at < len(rows):
        row = rows[at].rstrip()
        at += 1
        if not row:
            sheet.down(GAP)
        elif row.strip() == "~":
            sheet.down(SIGNED)
        elif row.startswith("| "):
            block = [row]
            while at < len(rows) and rows[at].startswith("| "):
                block.append(rows[at])
                at += 1
            _columns(sheet, block, apart=columnas)
        elif row[:2] in ("> ", "^ "):
            sheet.put(row[2:], LEFT, RIGHT, row[0])
        else:
            sheet.put(row, LEFT, RIGHT)
    return [_page(lines) for lines in sheet.pages]


def _columns(sheet: _Sheet, block: list[str], *, apart: bool) -> None:
    cells = [[c.strip() for c in row.strip("| ").split("|")] for row in block]
    cells = [
        c if not row.startswith("|  |") else ["", *c] for c, row in zip(cells, block, strict=True)
    ]
    labels = all(not c[0] or len(c[0]) <= 16 for c in cells)
    second = LEFT + 100 if labels else SECOND
    left: list[list[Palabra]] = []
    right: list[list[Palabra]] = []
    both: list[list[Palabra]] = []
    for cell in cells:
        one = sheet.line(cell[0].split(), LEFT) if cell[0] else []
        two = sheet.line(cell[1].split(), second) if len(cell) > 1 else []
        left.append(one)
        right.append(two)
        both.append([*one, *two])
        sheet.down(STEP)
    sheet.pages[-1].extend(x for x in ([*left, *right] if apart else both) if x)


def _page(lines: list[list[Palabra]]) -> Pagina:
    words = [
        msgspec.structs.replace(w, linea=number) for number, line in enumerate(lines) for w in line
    ]
    text = "\n".join(" ".join(w.texto for w in line) for line in lines)
    confidence = min((w.confianza for w in words), default=0)
    return Pagina(WIDE, HIGH, text, confidence, 0, not words, words)
