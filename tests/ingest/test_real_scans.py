"""What real scans have and drawn ones lack: false resolutions, uneven light, letters by hand."""

from __future__ import annotations

import tracemalloc
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ingest import model
from ingest.engine import in_process, models_folder, open_engine
from ingest.facts import Job, PageFacts
from ingest.ink import free_rectangle, ink, letter_height
from ingest.negative import positive
from ingest.ocr import read_page
from ingest.prepare import prepare, skew
from tests.ingest.conftest import FONT, LETTER, draw

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.engine import Engine, Pixels
    from ingest.lectura import Pagina


@pytest.fixture(scope="module")
def engine() -> Engine:
    if not in_process():
        pytest.skip("tesserocr is not installed")
    return open_engine("tesserocr", models_folder(), model.ensure())


def read(pixels: Pixels, dpi: float, folder: Path, engine: Engine, **more: bool) -> Pagina:
    """The page of *pixels* whose file says *dpi*."""
    rows, columns = pixels.shape
    facts = PageFacts(
        ancho=columns / dpi * 72,
        alto=rows / dpi * 72,
        dpi_x=dpi,
        dpi_y=dpi,
        pixeles="p.pgm",
        **more,
    )
    Image.fromarray(pixels).save(folder / "p.pgm")
    return read_page(Job(str(folder), facts, False), engine).pagina


def right(page: Pagina) -> float:
    """How much of `LETTER` a page's text is, 0 to 1."""
    want, got = " ".join(LETTER.split()), " ".join(page.texto.split())
    return SequenceMatcher(None, want, got, autojunk=False).ratio()


def grainy(page: Image.Image, sigma: float = 5) -> Pixels:
    noise = np.random.default_rng(7).normal(0, sigma, (page.height, page.width))
    return np.clip(np.asarray(page, dtype=float) * 0.92 + noise, 0, 255).astype(np.uint8)


def test_small_print_is_neither_made_coarser_nor_smoothed(tmp_path: Path, engine: Engine) -> None:
    """A page of 120 dots to the inch whose file says 300."""
    page = draw(letter=23).resize((1020, 1320), Image.Resampling.LANCZOS)
    small = page.filter(ImageFilter.GaussianBlur(0.5))
    pixels = grainy(small)
    assert 8 <= letter_height(ink(pixels)) <= 12
    assert right(read(pixels, 300, tmp_path, engine)) > 0.98


def test_print_of_the_usual_size_is_still_made_coarser() -> None:
    page = draw(letter=45, size=(2550, 3300))
    pixels = np.asarray(page)
    facts = PageFacts(ancho=612, alto=792, dpi_x=300, dpi_y=300)
    height = letter_height(ink(pixels)) * 2  # the map has half the rows
    assert prepare(pixels, facts, 612, 792, height).pixels.shape[0] < 2200


def test_print_in_a_dark_corner_is_read(tmp_path: Path, engine: Engine) -> None:
    """A page photographed close by, under a lamp: no edge of the sheet is seen."""
    page = np.asarray(draw().filter(ImageFilter.GaussianBlur(0.7)), dtype=float)
    light = np.linspace(0.9, 0.22, page.shape[0])[:, None] * np.linspace(1, 0.7, page.shape[1])
    pixels = (page * light + 8).astype(np.uint8)
    assert right(read(pixels, 200, tmp_path, engine, foto=True)) > 0.97
    assert right(read(pixels, 200, tmp_path, engine)) > 0.97


def test_letters_with_frayed_edges_are_read(tmp_path: Path, engine: Engine) -> None:
    page = np.asarray(draw().filter(ImageFilter.GaussianBlur(2))).copy()
    chance = np.random.default_rng(5)
    frayed = (page > 40) & (page < 215) & (chance.random(page.shape) < 0.5)
    page[frayed] = np.where(chance.random(page.shape) < 0.5, 0, 255)[frayed]
    assert right(read(page, 200, tmp_path, engine)) > 0.95


@pytest.mark.parametrize("angle", [-9.0, 6.5])
def test_a_sheet_laid_askew_is_told_how_much(angle: float) -> None:
    page = draw().rotate(angle, fillcolor=255, resample=Image.Resampling.BICUBIC, expand=True)
    assert abs(skew(np.asarray(page)) + angle) < 0.3


@pytest.mark.parametrize("foto", [False, True])
def test_a_sheet_laid_far_askew_is_read(foto: bool, tmp_path: Path, engine: Engine) -> None:
    page = draw().rotate(-9, fillcolor=255, resample=Image.Resampling.BICUBIC, expand=True)
    assert right(read(np.asarray(page), 200, tmp_path, engine, foto=foto)) > 0.97


def scribbled() -> Image.Image:
    """Loops as of a hand that nobody can read."""
    page = Image.new("L", (1275, 1650), 255)
    pen = ImageDraw.Draw(page)
    chance = np.random.default_rng(3)
    for top in range(150, 1500, 70):
        x = 120.0
        while x < 1100:
            steps = np.linspace(0, 4 * np.pi, 60)
            wide, high = chance.uniform(8, 16), chance.uniform(12, 28)
            xs = x + steps * wide / 2 + wide * np.sin(steps * chance.uniform(0.9, 1.4))
            ys = top + high * np.cos(steps * chance.uniform(0.9, 1.4))
            pen.line([*zip(xs.tolist(), ys.tolist(), strict=True)], fill=30, width=3)
            x = float(xs[-1]) + chance.uniform(15, 40)
    return page


def test_a_page_by_hand_is_no_blank_one_and_stays_as_it_was_fed(
    tmp_path: Path, engine: Engine
) -> None:
    pixels = np.asarray(scribbled())
    for turned in (pixels, np.ascontiguousarray(np.rot90(pixels, 2))):
        page = read(turned, 150, tmp_path, engine)
        assert (page.blanca, page.rotacion) == (False, 0)


def test_a_dark_edge_makes_no_page_of_a_blank_one(tmp_path: Path, engine: Engine) -> None:
    pixels = np.full((1650, 1275), 250, np.uint8)
    pixels[:, :40] = 20
    cv2.circle(pixels, (600, 700), 3, 0, -1)
    assert read(pixels, 150, tmp_path, engine).blanca


def test_a_poster_of_many_metres_costs_no_more_memory_than_a_letter() -> None:
    marks = np.zeros((2550, 1275), np.uint8)
    marks[:30] = 255
    tracemalloc.start()
    place = free_rectangle(marks, 18_000, 36_000)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert place is not None and place[1] > 30 * 36_000 / 2550
    assert (place[2] - place[0], place[3] - place[1]) == pytest.approx((190, 62))
    assert most < 200_000_000


def test_a_page_whose_tones_are_turned_round_is_read(tmp_path: Path, engine: Engine) -> None:
    page = 255 - np.asarray(draw().filter(ImageFilter.GaussianBlur(0.7)))
    assert (
        right(read(np.ascontiguousarray(page * 0.85 + 32).astype(np.uint8), 200, tmp_path, engine))
        > 0.98
    )


def test_white_print_on_a_dark_pattern_is_read(tmp_path: Path, engine: Engine) -> None:
    pixels = 255 - np.asarray(draw()) // 2 * 2
    pixels[::8, ::8] = pixels[1::8, 1::8] = pixels[1::8, ::8] = pixels[::8, 1::8] = 140
    assert right(read(pixels.astype(np.uint8), 200, tmp_path, engine)) > 0.9


@pytest.mark.parametrize("dpi", [72, 96, 200, 1200])
def test_a_file_that_tells_a_wrong_resolution_is_not_believed(dpi: float) -> None:
    page = np.asarray(draw())
    height = letter_height(ink(page)) * page.shape[0] / ink(page).shape[0]
    facts = PageFacts(ancho=1700 / dpi * 72, alto=2200 / dpi * 72, dpi_x=dpi, dpi_y=dpi)
    made = prepare(page, facts, facts.ancho, facts.alto, height)
    assert 170 <= made.dpi <= 310
    assert 0.4 < made.pixels.shape[0] / page.shape[0] <= 1
    [(x0, y0, x1, y1)] = made.boxes([(0, 0, made.pixels.shape[1], made.pixels.shape[0])])
    assert (x0, y0, x1, y1) == pytest.approx((0, 0, facts.ancho, facts.alto), abs=0.1)


@pytest.mark.parametrize("tone", [0, 90])
def test_the_white_heading_of_a_table_is_read(tone: int, tmp_path: Path, engine: Engine) -> None:
    page = draw()
    pen = ImageDraw.Draw(page)
    pen.rectangle((170, 1300, 1500, 1352), fill=tone)
    pen.text(
        (190, 1308),
        "NOMBRE DEL SOLICITANTE   CÉDULA   VALOR",
        255,
        ImageFont.truetype(str(FONT), 30),
    )
    text = read(np.asarray(page), 200, tmp_path, engine).texto
    assert "NOMBRE DEL SOLICITANTE" in text and "CÉDULA" in text
    assert "Begoña Núñez Ibáñez" in text


def test_a_page_without_white_print_is_left_as_it_is() -> None:
    page = draw()
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 60, 1650), fill=0)  # the dark edge of a copy
    pen.text(
        (170, 1400), "RESOLUCIÓN DE GERENCIA", 0, ImageFont.truetype(str(FONT), 70), stroke_width=3
    )
    pixels = np.asarray(page)
    assert positive(pixels, 612, 792) is pixels
