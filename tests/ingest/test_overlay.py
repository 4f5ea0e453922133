"""The invisible words lie over their ink and are read in order, by two readers that differ."""

from __future__ import annotations

import io
import math
import random
import statistics
import subprocess
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest
from PIL import ImageFont

from ingest import overlay
from ingest.facts import DocumentFacts, ImageFacts, PageFacts
from ingest.lectura import Caja, Pagina, Palabra
from ingest.searchable import build
from records import pdfa
from tests.ingest.layer_boxes import distances, plain

if TYPE_CHECKING:
    from collections.abc import Callable

FONTS = Path(__file__).parents[2] / "records" / "fonts"
TEXT = """Señores ALCALDÍA Municipal de la ciudad a y o el río niñez camión 12.345.678-9 (fax)
petición artículo 23 Constitución; respetuosamente solicito vereda Peñón, mínima ilícito WWW mil
Begoña Núñez Ibáñez calle 10 # 23-45 correo@entidad.gov.co $ 1.250.000 °C «no» ¿qué?"""
WORDS = TEXT.split()


def typeset(
    *,
    lines: int = 40,
    points: float = 10.5,
    slope: float = 0.0,
    face: str = "DejaVuSans-Bold-latin.ttf",
    size: tuple[float, float] = (612, 792),
    left: float = 60,
) -> Pagina:
    """A page as an engine would read it: each word's box is that of its ink, drawn with *face*."""
    font = ImageFont.truetype(FONTS / face, 200)
    scale = points / 200
    chance = random.Random(7)
    words = []
    for row in range(lines):
        x, ground = left, 90 + row * 1.5 * points
        while True:
            text = chance.choice(WORDS)
            x0, y0, x1, y1 = (v * scale for v in font.getbbox(text, anchor="ls"))
            if x + x1 > size[0] - 60:
                break
            # What leans has the box of its corners, as engines give it.
            near, far = ground + slope * (x + x0), ground + slope * (x + x1)
            box = (x + x0, min(near, far) + y0, x + x1, max(near, far) + y1)
            words.append(Palabra(text, 90, box, row))
            x += font.getlength(text + " ") * scale
    text = "\n".join(" ".join(w.texto for w in words if w.linea == row) for row in range(lines))
    return Pagina(*size, text, 90, 0, False, words)


def blank_stream() -> bytes:
    """One white pixel."""
    return zlib.compress(b"\xff")


def made(folder: Path, *pages: Pagina) -> bytes:
    """The PDF/A of *pages* over white pictures."""
    image = ImageFacts(1, 1, 8, "DeviceGray", "FlateDecode")
    facts = []
    for number, page in enumerate(pages, 1):
        (folder / f"p{number:04d}.bin").write_bytes(blank_stream())
        facts.append(PageFacts(page.ancho, page.alto, 72, 72, imagen=image))
    return build(DocumentFacts("png", facts), list(pages), folder)


def layout_words(pdf: Path) -> set[str]:
    """What a person finds who looks for words in a viewer: poppler's idea of the page."""
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)
    return set(done.stdout.decode().split())


@pytest.mark.parametrize("face", ["DejaVuSans-latin.ttf", "DejaVuSans-Bold-latin.ttf"])
@pytest.mark.parametrize("slope", [0.0, 0.02, -0.035])
def test_words_lie_where_they_were_read_and_in_their_order(
    tmp_path: Path, face: str, slope: float
) -> None:
    page = typeset(face=face, slope=slope)
    path = tmp_path / "a.pdf"
    path.write_bytes(made(tmp_path, page))
    across, along = distances(path, [page])
    assert statistics.median(across) < 0.6
    assert statistics.quantiles(across, n=20)[-1] < 1.5
    assert statistics.median(map(max, across, along)) < 2
    told = " ".join(page.texto.split())
    assert plain(path, "-raw") == told
    assert layout_words(path) == set(told.split())
    with pypdfium2.PdfDocument(path) as document:
        assert " ".join(document[0].get_textpage().get_text_range().split()) == told


def test_a_page_of_words_costs_little(tmp_path: Path) -> None:
    page = typeset(lines=38)
    assert len(page.palabras) > 250
    layer = overlay.text_layer(page, overlay.codes([page]))
    assert len(zlib.compress(layer, 9)) < 9 * len(page.palabras)
    assert len(made(tmp_path, page)) - len(made(tmp_path, typeset(lines=0))) < 3600


def test_a_small_page_costs_no_more_than_it_must(tmp_path: Path) -> None:
    """What every record carries beside its picture: structure, colour profile, metadata."""
    assert len(made(tmp_path, typeset(lines=0))) < 2050


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("unit", [1, 2])
def test_words_find_their_place_on_a_turned_page_of_another_program(
    tmp_path: Path, turn: int, unit: int
) -> None:
    page = typeset(size=(396, 612), lines=25, points=9)
    with pikepdf.new() as pdf:
        wide, high = (page.alto, page.ancho) if turn % 180 else (page.ancho, page.alto)
        base = pdf.add_blank_page(page_size=(200 + wide / unit, 200 + high / unit))
        base.CropBox = pikepdf.Array([30, 50, 30 + wide / unit, 50 + high / unit])
        base.Rotate = turn
        if unit != 1:
            base.obj.UserUnit = unit
        (tmp_path / "base.pdf").write_bytes(pdfa.write(pdf))
    facts = [PageFacts(page.ancho, page.alto, 200, 200, pixeles="p0001.pgm")]
    path = tmp_path / "a.pdf"
    path.write_bytes(build(DocumentFacts("pdf", facts, base=True), [page], tmp_path))
    assert plain(path, "-raw") == " ".join(page.texto.split())
    # Poppler knows no UserUnit: it measures in units, so we do.
    across, along = distances(path, [_divided(page, unit)])
    assert statistics.median(across) < 0.6
    assert statistics.median(map(max, across, along)) < 2


def _divided(page: Pagina, unit: int) -> Pagina:
    def small(box: Caja) -> Caja:
        return (box[0] / unit, box[1] / unit, box[2] / unit, box[3] / unit)

    words = [Palabra(w.texto, w.confianza, small(w.caja), w.linea) for w in page.palabras]
    return Pagina(page.ancho / unit, page.alto / unit, page.texto, 90, 0, False, words)


def test_every_letter_comes_out_as_it_was_read(tmp_path: Path) -> None:
    texts = [r"a\b(c)d)", "“x”", "—", "€5", "Ωmega", "Łódź", "…", "𝔄", "ü&@#ªº"]
    words = [
        Palabra(text, 90, (60.0 + 40 * i, 80, 92.0 + 40 * i, 90), 0) for i, text in enumerate(texts)
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(made(tmp_path, Pagina(612, 792, "", 90, 0, False, words)))
    with pypdfium2.PdfDocument(path) as document:
        seen = document[0].get_textpage().get_text_range().split()
    assert seen == texts


def test_more_strange_letters_than_codes_leave_the_others_whole(tmp_path: Path) -> None:
    strange = [chr(0x4E00 + i) for i in range(120)]
    words = [
        Palabra(text, 90, (60.0, 20.0 + 6 * i, 100.0, 25.0 + 6 * i), i)
        for i, text in enumerate([*strange, "niñez"])
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(made(tmp_path, Pagina(612, 792, "", 90, 0, False, words)))
    seen = plain(path, "-raw").split()
    assert seen[-1] == "niñez"
    assert set(seen) <= {*strange, "niñez", "\ufffd"}
    assert len(set(seen)) == 61


def overlapping() -> Pagina:
    """The engine's boxes overlap where it found a word late: `barrio` reaches over `El`."""
    row = [
        ("del", 431.64, 445.32),
        ("barrio", 450.0, 491.4),
        ("El", 483.12, 492.12),
        ("S", 496, 500),
    ]
    words = [Palabra(t, 90, (a, 100.0, b, 110.0), 0) for t, a, b in row]
    return Pagina(612, 792, "del barrio El S", 90, 0, False, words)


def table() -> Pagina:
    """The same words row after row."""
    row = [("01Ago2018", 24, 81), ("Cheque", 92, 133), ("compensado", 137, 176), ("4", 427, 432)]
    words = [
        Palabra(text, 90, (x0, 100.0 + 12 * i, x1, 111.0 + 12 * i), i)
        for i in range(20)
        for text, x0, x1 in row
    ]
    return Pagina(612, 792, "\n".join([" ".join(t for t, _, _ in row)] * 20), 90, 0, False, words)


def two_columns() -> Pagina:
    """Two columns, each read whole before the next."""
    left, right = typeset(size=(306, 792)), typeset(size=(306, 792))
    words = [
        *left.palabras,
        *(
            Palabra(
                w.texto,
                90,
                (w.caja[0] + 306, w.caja[1] + 3, w.caja[2] + 306, w.caja[3] + 3),
                w.linea + 1000,
            )
            for w in right.palabras
        ),
    ]
    return Pagina(612, 792, left.texto + "\n\n" + right.texto, 90, 0, False, words)


def perspective() -> Pagina:
    """A photographed letter: no two lines lean alike, small letters close together."""
    flat = typeset(points=8, lines=55, size=(560, 792))
    words = []
    for word in flat.palabras:
        x0, y0, x1, y1 = word.caja
        lean = 0.05 * (y0 / 792 - 0.2)
        words.append(Palabra(word.texto, 90, (x0, y0 + lean * x0, x1, y1 + lean * x1), word.linea))
    return Pagina(560, 792, flat.texto, 90, 0, False, words)


@pytest.mark.parametrize("page", [overlapping, table, two_columns, perspective])
def test_odd_pages_are_read_in_order(tmp_path: Path, page: Callable[[], Pagina]) -> None:
    read = page()
    path = tmp_path / "a.pdf"
    path.write_bytes(made(tmp_path, read))
    told = read.texto.split()
    assert plain(path, "-raw").split() == told
    with pypdfium2.PdfDocument(path) as document:
        assert document[0].get_textpage().get_text_range().split() == told


def test_words_that_run_up_the_page_are_found(tmp_path: Path) -> None:
    words = [
        Palabra(text, 90, (30, 600.0 - 90 * i, 40, 680.0 - 90 * i), 0)
        for i, text in enumerate(["Certificado", "electrónico", "conservado"])
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(made(tmp_path, Pagina(612, 792, "", 90, 0, False, words)))
    assert set(plain(path, "-raw").split()) == {w.texto for w in words}


def test_the_layer_leaves_no_state_behind(tmp_path: Path) -> None:
    """What is drawn after it, a stamp, is seen."""
    data = made(tmp_path, typeset())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        page.Resources.Font["/Sello"] = pdfa.embed_font(pdf)
        show = pdfa.face().encode("SELLO")
        page.contents_add(b"BT /Sello 60 Tf 60 20 Td " + show + b" Tj ET")
        out = io.BytesIO()
        pdf.save(out)
    with pypdfium2.PdfDocument(out) as document:
        image = document[0].render(scale=1, grayscale=True).to_numpy()
    assert (image[-90:] < 128).mean() > 0.01
    assert math.isclose((image[:-90] < 128).mean(), 0)
