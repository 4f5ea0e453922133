"""A scan keeps its picture, its size and its words when it becomes a PDF/A."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageChops

from records import pdfa
from tests.ingest.conftest import draw, rendered, scan_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reader import Reader


def same_ink(pdf: bytes, scan: Image.Image, folder: Path, dpi: tuple[float, float]) -> bool:
    """Whether the rendered page is the scan, but for the renderer's half pixel."""
    page = rendered(pdf, folder, *dpi)
    assert abs(page.width - scan.width) <= 1
    assert abs(page.height - scan.height) <= 1
    page = page.crop((0, 0, *scan.size)).reduce(4)
    difference = np.asarray(ImageChops.difference(page, scan.convert("L").reduce(4)))
    return float((difference > 110).mean()) < 0.003


@pytest.mark.parametrize("compression", ["group4", "group3", "raw", "tiff_lzw"])
@pytest.mark.parametrize("photometric", [0, 1])
def test_a_bilevel_scan_keeps_black_black(
    reader: Reader, tmp_path: Path, compression: str, photometric: int
) -> None:
    scan = draw(size=(1000, 700), letter=30, mode="1")
    path = tmp_path / "scan.tif"
    scan.save(path, compression=compression, dpi=(200, 200), tiffinfo={262: photometric})
    with Image.open(path) as stored:
        meant = stored.convert("L")
    assert (np.asarray(meant) < 128).mean() < 0.5, "the input itself must be black on white"
    lectura, pdf = reader.read(path)
    assert same_ink(pdf, scan, tmp_path, (200, 200))
    assert "ALCALDÍA MUNICIPAL" in lectura.texto


def test_a_whole_g4_strip_is_passed_through_untouched(reader: Reader, tmp_path: Path) -> None:
    scan = draw(size=(1000, 700), letter=30, mode="1")
    path = tmp_path / "scan.tif"
    scan.save(path, compression="group4", dpi=(200, 200), tiffinfo={278: 700})
    with Image.open(path) as stored:
        start, length = stored.tag_v2[273][0], stored.tag_v2[279][0]  # type: ignore[attr-defined]
    strip = path.read_bytes()[start : start + length]
    _, pdf = reader.read(path)
    assert scan_of(pdf) == strip


def test_a_jpeg_is_passed_through_untouched(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    draw(size=(850, 1100), letter=20).save(path, quality=80, dpi=(100, 100))
    lectura, pdf = reader.read(path)
    assert scan_of(pdf) == path.read_bytes()
    assert (lectura.paginas[0].ancho, lectura.paginas[0].alto) == (612, 792)


def test_a_standard_fax_is_as_high_as_the_paper_and_is_read(reader: Reader, tmp_path: Path) -> None:
    scan = draw(size=(1728, 2156), letter=36, mode="1").resize((1728, 1078))
    path = tmp_path / "fax.tif"
    scan.save(path, compression="group3", dpi=(204, 98))
    lectura, pdf = reader.read(path)
    page = lectura.paginas[0]
    assert page.ancho == pytest.approx(1728 / 204 * 72, abs=0.1)
    assert page.alto == pytest.approx(1078 / 98 * 72, abs=0.1)
    assert same_ink(pdf, scan, tmp_path, (204, 98))
    assert "ALCALDÍA MUNICIPAL" in lectura.texto


@pytest.mark.parametrize(
    ("mode", "name"), [("P", "a.png"), ("RGBA", "a.png"), ("RGB", "a.tif"), ("CMYK", "a.jpg")]
)
def test_any_colour_comes_out_as_it_looks(
    reader: Reader, tmp_path: Path, mode: str, name: str
) -> None:
    scan = draw(size=(600, 300), letter=24, text="Año de la niñez").convert("RGB")
    scan.paste((200, 30, 30), (20, 20, 120, 120))
    path = tmp_path / name
    scan.convert(mode).save(path, dpi=(150, 150))
    _, pdf = reader.read(path)
    page = rendered(pdf, tmp_path, 150)
    seen, meant = page.crop((60, 60, 80, 80)), scan.convert("L").crop((60, 60, 80, 80))
    assert abs(np.asarray(seen).mean() - np.asarray(meant).mean()) < 25
    assert np.asarray(page.crop((580, 280, 595, 295))).min() > 240
    assert pdfa.findings(pdf) == []


def test_the_text_layer_is_the_reading_accents_included(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "carta.png"
    draw().save(path, dpi=(200, 200))
    lectura, pdf = reader.read(path)
    assert text_of(pdf, tmp_path) == " ".join(lectura.texto.split())
    assert "Begoña Núñez Ibáñez" in text_of(pdf, tmp_path)
    assert pdfa.findings(pdf) == []


def test_words_lie_over_their_ink(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "carta.png"
    scan = draw()
    scan.save(path, dpi=(200, 200))
    lectura, _ = reader.read(path)
    word = next(w for w in lectura.paginas[0].palabras if w.texto == "ALCALDÍA")
    box = [round(v * 200 / 72) for v in word.caja]
    inside = np.asarray(scan.crop((box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2)))
    assert (inside < 128).mean() > 0.1
    assert 200 < box[0] + 30 < 260


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_scan_comes_out_upright(reader: Reader, tmp_path: Path, degrees: int) -> None:
    scan = draw()
    turned = scan.rotate(degrees, expand=True)  # counter-clockwise: it needs as much clockwise
    path = tmp_path / "girada.png"
    turned.save(path, dpi=(200, 200))
    lectura, pdf = reader.read(path)
    assert lectura.paginas[0].rotacion == degrees
    assert (lectura.paginas[0].ancho, lectura.paginas[0].alto) == pytest.approx((612, 792), abs=0.1)
    assert same_ink(pdf, scan, tmp_path, (200, 200))
    assert text_of(pdf, tmp_path) == " ".join(lectura.texto.split())


@pytest.mark.parametrize("orientation", range(2, 9))
def test_the_orientation_of_a_photo_is_obeyed(
    reader: Reader, tmp_path: Path, orientation: int
) -> None:
    scan = draw(size=(900, 600), letter=36, text="Señores\nALCALDÍA MUNICIPAL\nCiudad de Tunja")
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }[orientation]
    stored = scan
    for step in undo:
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "foto.jpg"
    stored.save(path, quality=90, dpi=(150, 150), exif=exif)
    _, pdf = reader.read(path)
    assert same_ink(pdf, scan, tmp_path, (150, 150))


def test_a_blank_page_is_told_and_stays(reader: Reader, tmp_path: Path) -> None:
    first, second = draw(size=(850, 1100), letter=20, mode="1"), Image.new("1", (850, 1100), 1)
    path = tmp_path / "dos.tif"
    first.save(path, compression="group4", dpi=(100, 100), save_all=True, append_images=[second])
    lectura, pdf = reader.read(path)
    assert [p.blanca for p in lectura.paginas] == [False, True]
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert len(made.pages) == 2


def test_the_stamp_place_is_free_and_moves_away_from_ink(reader: Reader, tmp_path: Path) -> None:
    scan = draw()
    scan.paste(0, (1200, 40, 1680, 120))
    path = tmp_path / "carta.png"
    scan.save(path, dpi=(200, 200))
    lectura, _ = reader.read(path)
    assert lectura.hueco is not None
    x0, y0, x1, y1 = lectura.hueco
    assert x1 - x0 >= 190
    assert y1 - y0 >= 62
    assert min(x0, y0, 612 - x1, 792 - y1) >= 6
    around = [round(v * 200 / 72) for v in (x0 - 4, y0 - 4, x1 + 4, y1 + 4)]
    assert np.asarray(scan.crop((around[0], around[1], around[2], around[3]))).min() == 255


def test_a_full_page_has_no_place_for_the_stamp(reader: Reader, tmp_path: Path) -> None:
    scan = Image.new("L", (850, 1100), 255)
    for y in range(10, 1100, 40):
        scan.paste(0, (10, y, 840, y + 4))
    path = tmp_path / "llena.png"
    scan.save(path, dpi=(100, 100))
    assert reader.read(path)[0].hueco is None


def test_the_label_of_a_page_is_found(reader: Reader, tmp_path: Path) -> None:
    text = "VENTANILLA 2026-VU1-E-000123"
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    scan = draw()
    scan.paste(Image.fromarray(np.asarray(code.to_image(scale=6))).rotate(90), (1300, 1700))
    path = tmp_path / "carta.png"
    scan.save(path, dpi=(200, 200))
    assert reader.read(path)[0].etiqueta == text
