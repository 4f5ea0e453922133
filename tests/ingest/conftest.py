"""Small documents made on the spot, and one reader for all tests of this folder."""

from __future__ import annotations

import io
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

FONT = Path(__file__).parents[2] / "records" / "fonts" / "DejaVuSans-latin.ttf"

LETTER = """San Jacinto del Río, 12 de noviembre de 2026

Señores
ALCALDÍA MUNICIPAL
Ciudad

Asunto: Petición de arreglo de la vía al Peñón

Cordial saludo:
Los niños de la vereda caminan dos horas porque el
camión no sube desde el día del derrumbe. Pedimos
que la máquina despeje la vía cuanto antes.

Atentamente,

Begoña Núñez Ibáñez
C.C. 51.234.567 de Tunja
Teléfono: 310 555 0142"""


def draw(
    text: str = LETTER, size: tuple[int, int] = (1700, 2200), letter: int = 36, mode: str = "L"
) -> Image.Image:
    """A page with *text*, letters of *letter* pixels, from one inch off the top left corner."""
    page = Image.new("L", size, 255)
    font = ImageFont.truetype(str(FONT), letter)
    ImageDraw.Draw(page).multiline_text((200, 200), text, 0, font, spacing=letter * 0.45)
    return page.point(lambda v: 255 if v > 127 else 0).convert("1") if mode == "1" else page


def rendered(pdf: bytes, folder: Path, dpi_x: float, dpi_y: float | None = None) -> Image.Image:
    """Page 1 as poppler draws it, grey."""
    path = folder / "rendered.pdf"
    path.write_bytes(pdf)
    command = ["pdftoppm", "-gray", "-rx", str(dpi_x), "-ry", str(dpi_y or dpi_x), "-f", "1"]
    subprocess.run([*command, "-l", "1", path, folder / "page"], check=True)
    return Image.open(next(folder.glob("page-*.pgm"))).convert("L")


def scan_of(pdf: bytes) -> bytes:
    """The bytes of the picture of page 1 as the scanner made them: out of any Flate around."""
    with pikepdf.open(io.BytesIO(pdf)) as made:
        image = made.pages[0].obj.Resources.XObject.Im0
        assert isinstance(image, pikepdf.Stream)
        raw = image.read_raw_bytes()
        return zlib.decompress(raw) if isinstance(image.Filter, pikepdf.Array) else raw


def text_of(pdf: bytes, folder: Path) -> str:
    """All words of the PDF in the order of its content, one space between them."""
    path = folder / "text.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True)
    return " ".join(done.stdout.decode().split())


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """One reader, as the program has."""
    if shutil.which("tesseract") is None:
        pytest.skip("no hay Tesseract en esta máquina")
    with Reader() as made:
        yield made
