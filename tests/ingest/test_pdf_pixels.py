"""A scanned PDF page is read from the very pixels that its scanner or fax machine made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from ingest.facts import Limits
from ingest.lectura import Unreadable
from tests.ingest.conftest import draw, rendered
from tests.ingest.papers import blank, laid, picture, saved, scan_pdf, written
from tests.readers import read_in_child

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.facts import PageFacts


def page_of(path: Path, folder: Path) -> tuple[PageFacts, Image.Image]:
    """The first page of the document at *path*: its facts and its pixels for OCR."""
    folder.mkdir()
    facts = read_in_child(path, folder, Limits()).paginas[0]
    return facts, Image.open(folder / facts.pixeles)


def marked(mode: str = "1") -> Image.Image:
    """A picture that differs from each of its turns and mirrors."""
    page = Image.new("L", (400, 600), 255)
    pen = ImageDraw.Draw(page)
    pen.rectangle((40, 40, 200, 90), fill=0)
    pen.rectangle((300, 500, 380, 560), fill=0)
    pen.line((40, 300, 350, 350), fill=0, width=6)
    return page.convert(mode)


@pytest.mark.parametrize("fine", [196, 98])
def test_a_fax_in_a_pdf_is_the_fax_that_came(tmp_path: Path, fine: int) -> None:
    fax = draw(size=(1728, 11 * fine), letter=30, mode="1")
    fax.save(tmp_path / "fax.tif", compression="group4", dpi=(204, fine))
    saved(scan_pdf(fax, (204, fine)), tmp_path, "fax.pdf")
    bare, own = page_of(tmp_path / "fax.tif", tmp_path / "a")
    wrapped, pixels = page_of(tmp_path / "fax.pdf", tmp_path / "b")
    assert wrapped.fax and wrapped.bilevel and wrapped.pixeles == bare.pixeles
    assert (wrapped.dpi_x, wrapped.dpi_y) == pytest.approx((bare.dpi_x, bare.dpi_y), rel=1e-3)
    assert np.array_equal(np.asarray(pixels), np.asarray(own))


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize(
    "matrix",
    [
        (200, 0, 0, 300, 0, 0), (-200, 0, 0, -300, 200, 300), (-200, 0, 0, 300, 200, 0),
        (200, 0, 0, -300, 0, 300), (0, 300, 200, 0, 0, 0), (0, -300, 200, 0, 0, 300),
        (0, 300, -200, 0, 200, 0), (0, -300, -200, 0, 200, 300),
    ],
)  # fmt: skip
def test_the_pixels_lie_as_a_viewer_shows_them(
    tmp_path: Path, matrix: tuple[int, ...], rotate: int
) -> None:
    pdf, page = blank((200, 300))
    page.Resources.XObject.Im0 = picture(pdf, marked())
    page.Contents = pdf.make_stream(f"{' '.join(map(str, matrix))} cm /Im0 Do".encode())
    page.Rotate = rotate
    path = saved(pdf, tmp_path)
    facts, pixels = page_of(path, tmp_path / "hijo")
    assert facts.bilevel
    shown = rendered(path.read_bytes(), tmp_path, 144)
    off = np.abs(np.asarray(shown, float) - np.asarray(pixels.convert("L").resize(shown.size)))
    assert off.mean() < 2


def test_a_page_cut_in_strips_is_one_page(tmp_path: Path) -> None:
    whole = draw(size=(850, 1100), letter=24, mode="1")
    pdf, page = blank()
    content = b""
    for top in range(0, 1100, 110):
        strip = whole.crop((0, top, 850, top + 110))
        content += laid(pdf, page, strip, 0, 792 - (top + 110) * 0.72, 612, 110 * 0.72)
    page.Contents = pdf.make_stream(content)
    facts, pixels = page_of(saved(pdf, tmp_path), tmp_path / "hijo")
    assert (facts.dpi_x, pixels.size) == (pytest.approx(100), whole.size)
    assert np.array_equal(np.asarray(pixels), np.asarray(whole))


def test_only_what_the_page_shows_of_its_scan_is_read(tmp_path: Path) -> None:
    pdf = scan_pdf(marked("L"), (144, 144))
    pdf.pages[0].obj.CropBox = Array([0, 150, 200, 300])
    _, pixels = page_of(saved(pdf, tmp_path), tmp_path / "hijo")
    upper = marked("L").crop((0, 0, 400, 300))
    assert pixels.size == upper.size
    assert np.abs(np.asarray(pixels, float) - np.asarray(upper)).mean() < 2


@pytest.mark.parametrize(
    ("before", "more"),
    [
        (b"0 0 100 300 re W n ", {}),
        (b"1 0 0 rg 0 0 50 50 re f ", {}),
        (b"1 0 0 rg ", {"ImageMask": True}),
        (b"0.999 0.03 -0.03 0.999 0 0 cm ", {}),
    ],
    ids=["clipped", "drawn upon", "a red stencil", "aslant"],
)
def test_what_is_more_than_a_scan_is_drawn(
    tmp_path: Path, before: bytes, more: dict[str, object]
) -> None:
    pdf, page = blank((200, 300))
    page.Resources.XObject.Im0 = picture(pdf, marked(), **more)
    page.Contents = pdf.make_stream(before + b"200 0 0 300 0 0 cm /Im0 Do")
    path = saved(pdf, tmp_path)
    facts, pixels = page_of(path, tmp_path / "hijo")
    assert not facts.bilevel and facts.dpi_x == pytest.approx(300, rel=0.01)
    shown = rendered(path.read_bytes(), tmp_path, 300)
    off = np.abs(np.asarray(shown, float) - np.asarray(pixels.resize(shown.size), float))
    assert off.mean() < 3


def test_a_black_stencil_on_white_is_a_scan(tmp_path: Path) -> None:
    pdf, page = blank((200, 300))
    page.Resources.XObject.Im0 = picture(pdf, marked(), ImageMask=True)
    page.Contents = pdf.make_stream(b"1 g 0 0 200 300 re f 0 g 200 0 0 300 0 0 cm /Im0 Do")
    path = saved(pdf, tmp_path)
    facts, pixels = page_of(path, tmp_path / "hijo")
    assert facts.bilevel
    shown = rendered(path.read_bytes(), tmp_path, 144)
    assert np.abs(np.asarray(shown, float) - np.asarray(pixels.convert("L"))).mean() < 2


def test_a_fax_cut_short_within_a_pdf_is_refused(tmp_path: Path) -> None:
    pdf = scan_pdf(draw(mode="1"), (200, 200))
    image = pdf.pages[0].obj.Resources.XObject.I0
    assert isinstance(image, pikepdf.Stream)
    parms, data = image.DecodeParms, image.read_raw_bytes()
    image.write(data[: len(data) // 2], filter=Name.CCITTFaxDecode, decode_parms=parms)
    folder = tmp_path / "hijo"
    folder.mkdir()
    with pytest.raises(Unreadable) as caught:
        read_in_child(saved(pdf, tmp_path), folder, Limits())
    assert caught.value.codigo == "danado"


def test_a_jpeg_cut_short_is_refused_also_beside_text(tmp_path: Path) -> None:
    pdf, page = blank()
    content = laid(pdf, page, draw(size=(900, 900)), 100, 100, 300, 300)
    page.Contents = pdf.make_stream(content + written(["Señores Alcaldía"] * 12, 72, 750))
    image = page.Resources.XObject.I0
    assert isinstance(image, pikepdf.Stream)
    image.write(image.read_raw_bytes()[:5000], filter=Name.DCTDecode)
    folder = tmp_path / "hijo"
    folder.mkdir()
    with pytest.raises(Unreadable) as caught:
        read_in_child(saved(pdf, tmp_path), folder, Limits())
    assert caught.value.codigo == "danado"


def test_a_scan_inside_a_form_is_found(tmp_path: Path) -> None:
    pdf, page = blank((200, 300))
    image = picture(pdf, marked())
    page.Resources.XObject.Fm0 = pdf.make_stream(
        b"2 0 0 3 0 0 cm /Im0 Do",
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 2, 3]),
        Matrix=Array([100, 0, 0, 100, 0, 0]), Resources=Dictionary(XObject=Dictionary(Im0=image)),
    )  # fmt: skip
    page.Contents = pdf.make_stream(b"/Fm0 Do")
    facts, pixels = page_of(saved(pdf, tmp_path), tmp_path / "hijo")
    assert facts.bilevel and np.array_equal(np.asarray(pixels), np.asarray(marked()))
