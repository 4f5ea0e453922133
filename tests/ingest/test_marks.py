"""A page's codes are found as offices print, copy and scan them; nothing else separates."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from ingest.marks import Marks, look
from records import paper
from tests import scans
from tests.ingest.conftest import draw

SEPARATOR = Marks(separador=True)


def grainy(page: Image.Image, strength: float = 18.0) -> Image.Image:
    """A grey, noisy scan of a page."""
    noise = np.random.default_rng(1).normal(0, strength, (page.height, page.width))
    return Image.fromarray(np.clip(np.asarray(page) * 0.8 + 30 + noise, 0, 255).astype("uint8"))


def bilevel(page: Image.Image, size: tuple[int, int] | None = None) -> Image.Image:
    return page.resize(size or page.size).point(lambda v: 255 if v > 127 else 0).convert("1")


def askew(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def read_however_it_lies(dpi: int, turn: int, skew: float) -> None:
    page = askew(scans.sheet(dpi).rotate(turn, expand=True), skew)
    assert look(page, dpi, dpi) == SEPARATOR
    assert look(grainy(page), dpi, dpi) == SEPARATOR
    assert look(bilevel(page), dpi, dpi) == SEPARATOR


@pytest.mark.parametrize(("dpi", "turn", "skew"), [(150, 90, 0), (200, 180, 5), (300, 0, 2)])
def test_our_sheet_is_read_however_it_lies(dpi: int, turn: int, skew: float) -> None:
    read_however_it_lies(dpi, turn, skew)


@pytest.mark.largo
@pytest.mark.parametrize("skew", [-6, 0, 3])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("dpi", [150, 200, 300, 400, 600])
def test_our_sheet_is_read_at_any_turn_and_resolution(dpi: int, turn: int, skew: float) -> None:
    read_however_it_lies(dpi, turn, skew)


@pytest.mark.parametrize(("down", "turn"), [(98, 0), (98, 270), (196, 90)])
def test_our_sheet_comes_through_a_fax(down: int, turn: int) -> None:
    page = askew(scans.sheet(200).rotate(turn, expand=True), 2)
    faxed = bilevel(page, (page.width * 204 // 200, page.height * down // 200))
    assert look(faxed, 204, down) == SEPARATOR


def test_a_dark_copy_at_half_size_still_separates() -> None:
    sheet = scans.sheet(200)
    copy = Image.new("L", sheet.size, 255)
    copy.paste(sheet.reduce(2), (300, 400))
    assert look(grainy(copy.filter(ImageFilter.MinFilter(3)), 25), 200, 200) == SEPARATOR


def patch_text(kind: str, size: tuple[int, int]) -> Image.Image:
    code = zxingcpp.create_barcode("PATCHT", getattr(zxingcpp.BarcodeFormat, kind))
    bars = Image.fromarray(np.array(code.to_image(scale=5, add_quiet_zones=True)))
    page = Image.new("L", (1700, 2200), 255)
    page.paste(bars.resize(size, Image.Resampling.NEAREST), (400, 330))
    return page


@pytest.mark.parametrize(
    ("kind", "size", "turn"),
    [
        ("Code128", (800, 200), 0),
        ("Code128", (800, 200), 90),
        ("Code39", (800, 200), 180),
        ("Code39", (800, 200), 270),
        ("QRCode", (600, 600), 90),
    ],
)
def test_a_sheet_that_says_patcht_separates(kind: str, size: tuple[int, int], turn: int) -> None:
    page = askew(patch_text(kind, size).rotate(turn, expand=True), 2)
    assert look(grainy(page, 12), 200, 200) == SEPARATOR


def patch_code(*bars: float) -> Image.Image:
    """A page at 200 dpi with a patch code: *bars* in inches, 0.08 between them, 2.5 long."""
    page = Image.new("L", (1700, 2200), 255)
    pen, y = ImageDraw.Draw(page), 150.0
    for bar in bars:
        pen.rectangle((600, y, 1100, y + bar * 200 - 1), fill=0)
        y += (bar + 0.08) * 200
    return page


@pytest.mark.parametrize(("turn", "skew"), [(0, 0), (0, 3), (90, -3), (180, 2), (270, 0)])
def test_the_patch_code_t_itself_separates(turn: int, skew: float) -> None:
    page = askew(patch_code(0.08, 0.2, 0.08, 0.2).rotate(turn, expand=True), skew)
    assert look(grainy(page), 200, 200) == SEPARATOR
    assert look(page.filter(ImageFilter.MinFilter(5)), 200, 200) == SEPARATOR
    faxed = bilevel(page, (page.width * 204 // 200, page.height * 98 // 200))
    assert look(faxed, 204, 98) == SEPARATOR


def test_other_patch_codes_and_ruled_tables_do_not_separate() -> None:
    for bars in ((0.2, 0.2, 0.08, 0.08), (0.2, 0.08, 0.08, 0.2), (0.08,) * 4, (0.2,) * 4):
        assert look(patch_code(*bars), 200, 200) == Marks()
    table = draw()
    pen = ImageDraw.Draw(table)
    for y in range(300, 2000, 60):
        pen.rectangle((150, y, 1500, y + (y // 60 % 2) * 20 + 4), fill=0)
    assert look(table, 200, 200) == Marks()


def test_a_letter_bears_no_marks() -> None:
    assert look(draw(), 200, 200, first=True) == Marks()
    assert look(grainy(draw()), 200, 200, first=True) == Marks()


def test_the_picture_of_a_sheet_in_an_annex_does_not_separate() -> None:
    page = draw()
    page.paste(scans.sheet(150).resize((300, 388)), (700, 1200))
    assert look(page, 200, 200) == Marks()


def test_a_labelled_paper_is_a_paper_whatever_else_is_on_it() -> None:
    facts = paper.Facts(
        "Alcaldía", "2026-VU1-E-000001", "22 nov", "22 nov", "2", "0", "120", "ab" * 32
    )
    page = scans.sheet(200).copy()
    page.paste(scans.rasterised(paper.label(facts, 80, 38), 200), (130, 1860))
    assert look(page, 200, 200) == Marks(False, facts.qr)
