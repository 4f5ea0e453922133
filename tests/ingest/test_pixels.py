"""The picture of a record is the picture of the paper: every pixel of it, right way up.

Files of every shape are made here from known pixels, taken through reading and writing without the
engine, and drawn by pdfium at their own resolution. Where nothing may be lost nothing may differ.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c
import pytest
from PIL import Image, ImageDraw

from ingest.encode import usual_jpeg
from ingest.facts import DocumentFacts, Limits, PageFacts
from ingest.lectura import Pagina
from ingest.pages import read_document
from ingest.searchable import build
from tests.ingest import tiffs
from tests.ingest.tiffs import DEFLATE, G3, G4, LZW, NONE, OLD_DEFLATE, PACKBITS, RLE, Page

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT = 93, 61
DPI = tiffs.resolution(200, 200)


def figure(width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.bool_]:
    """Ink that looks different from every side and inside out."""
    image = Image.new("1", (width, height), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((3, 2, 9, height - 6), fill=1)
    draw.rectangle((3, 2, width // 2, 8), fill=1)
    draw.line((width // 3, height - 5, width - 4, height // 2), fill=1)
    draw.point([(width - 1, 0), (0, height - 1), (width - 1, height - 1)], fill=1)
    dots = np.random.default_rng(3).random((height, width)) < 0.01
    return np.asarray(image, dtype=bool) | dots


def colours(width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """A coloured picture, a shade in each direction, with the figure on it."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    picture = np.stack([x, y, 255 - (x + y) / 2], -1).astype(np.uint8)
    picture[figure(width, height)] = (10, 200, 30)
    return picture


def through(path: Path, turn: int = 0) -> tuple[DocumentFacts, bytes]:
    """What reading makes of *path* if the engine finds that each page needs *turn*."""
    folder = path.parent / "trabajo"
    folder.mkdir()
    told: list[PageFacts] = []
    facts = read_document(path, folder, Limits(), told.append)
    pages = [
        Pagina(
            *((f.alto, f.ancho) if turn % 180 else (f.ancho, f.alto)),
            "", 0, (f.giro + turn) % 360, True, [],
        )
        for f in facts.paginas
    ]  # fmt: skip
    return facts, build(facts, pages, folder)


def drawn(pdf: bytes, size: tuple[int, int], number: int = 0) -> NDArray[np.uint8]:
    """A page as RGB, drawn on *size* pixels."""
    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = pypdfium2.PdfBitmap.new_native(*size, pdfium_c.FPDFBitmap_BGRx)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        pdfium_c.FPDF_RenderPageBitmap(
            bitmap, document[number], 0, 0, *size, 0, pdfium_c.FPDF_RENDER_NO_SMOOTHIMAGE
        )
        picture = bitmap.to_numpy()[..., 2::-1].copy()
        bitmap.close()
    return picture


def check_ink(pdf: bytes, ink: NDArray[np.bool_], number: int = 0) -> None:
    """Every pixel of the page is black where *ink* is, white elsewhere."""
    seen = drawn(pdf, (ink.shape[1], ink.shape[0]), number)
    assert set(np.unique(seen)) <= {0, 255}
    assert ((seen[..., 0] == 0) == ink).all()


def check_colours(pdf: bytes, meant: NDArray[np.uint8], off: int = 0) -> None:
    """No pixel of the page differs by more than *off* from *meant*, grey or RGB."""
    if meant.ndim == 2:
        meant = np.stack([meant] * 3, -1)
    seen = drawn(pdf, (meant.shape[1], meant.shape[0]))
    assert np.abs(seen.astype(int) - meant).max() <= off


def turned(array: NDArray[Any], orientation: int) -> NDArray[Any]:
    """How *array* looks that is stored under an Orientation tag."""
    stored = {
        1: array,
        2: array[:, ::-1],
        3: array[::-1, ::-1],
        4: array[::-1],
        5: array.swapaxes(0, 1),
        6: np.rot90(array, 3),
        7: array[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(array, 1),
    }
    return np.ascontiguousarray(stored[orientation])


def bits(ink: NDArray[np.bool_], photometric: int, **more: Any) -> Page:
    """A bilevel page; *photometric* 0 says that 0 is white, 1 that it is black."""
    rows = np.packbits(ink if photometric == 0 else ~ink, axis=1)
    tags = {**DPI, 258: (tiffs.SHORT, [1]), 262: (tiffs.SHORT, [photometric])}
    tags |= {277: (tiffs.SHORT, [1])} | more.pop("tags", {})
    return Page(rows, ink.shape[1], tags, **more)


BILEVEL = {
    "G4": {"compression": G4},
    "G4, strips": {"compression": G4, "strips": 4},
    "G3": {"compression": G3},
    "G3, strips": {"compression": G3, "strips": 3},
    "G3 2D": {"compression": G3, "two_dimensional": True},
    "Huffman": {"compression": RLE},
    "none": {"compression": NONE},
    "packbits": {"compression": PACKBITS},
    "LZW": {"compression": LZW, "strips": 2},
    "deflate": {"compression": DEFLATE},
    "old deflate": {"compression": OLD_DEFLATE},
    "tiles": {"compression": DEFLATE, "tile": 32},
    "G4 tiles": {"compression": G4, "tile": 32},
}


REVERSIBLE = [shape for shape in BILEVEL if shape not in ("LZW", "deflate", "old deflate", "tiles")]


@pytest.mark.parametrize("photometric", [0, 1])
@pytest.mark.parametrize(
    ("shape", "fill"), [*((s, 1) for s in BILEVEL), *((s, 2) for s in REVERSIBLE)]
)
def test_black_is_black(tmp_path: Path, shape: str, fill: int, photometric: int) -> None:
    path = tmp_path / "a.tif"
    page = bits(figure(), photometric, reversed=fill == 2, **BILEVEL[shape])
    path.write_bytes(tiffs.write([page]))
    facts, pdf = through(path)
    check_ink(pdf, figure())
    assert facts.paginas[0].imagen is not None
    assert facts.paginas[0].imagen.filtro == "CCITTFaxDecode"


@pytest.mark.parametrize(("order", "big"), [(">", False), ("<", True)])
@pytest.mark.parametrize("compression", [G4, NONE])
def test_any_byte_order_and_bigtiff(
    tmp_path: Path, order: str, big: bool, compression: int
) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(
        tiffs.write([bits(figure(), 0, compression=compression)], order=order, big=big)
    )
    check_ink(through(path)[1], figure())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("compression", [G4, NONE, LZW])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_stands_upright(
    tmp_path: Path, orientation: int, compression: int, turn: int
) -> None:
    path = tmp_path / "a.tif"
    tags = {274: (tiffs.SHORT, [orientation])}
    path.write_bytes(tiffs.write([bits(figure(), 0, compression=compression, tags=tags)]))
    upright = turned(figure(), orientation)
    check_ink(through(path, turn)[1], np.rot90(upright, -turn // 90))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(tmp_path: Path, orientation: int, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a.jpg"
    Image.fromarray(colours()).save(path, quality=95, dpi=(200, 200), exif=exif, subsampling=0)
    with Image.open(path) as stored:
        meant = np.rot90(turned(np.asarray(stored), orientation), -turn // 90)
    check_colours(through(path, turn)[1], meant, 6)


JPEGS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "progressive": {"progressive": True},
    "optimized": {"optimize": True},
    "restart markers": {"restart_marker_rows": 1},
    "4:2:0": {"subsampling": 2},
    "4:2:2": {"subsampling": 1},
    "RGB inside": {"keep_rgb": True},
}


@pytest.mark.parametrize("options", JPEGS)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_jpeg_looks_as_it_did(tmp_path: Path, mode: str, options: str) -> None:
    path = tmp_path / "a.jpg"
    smooth = Image.fromarray(colours()).resize((40, 30)).resize((WIDTH, HEIGHT))
    smooth.convert(mode).save(path, quality=92, dpi=(200, 200), **JPEGS[options])
    with Image.open(path) as stored:
        meant = np.asarray(stored.convert("RGB"))
    facts, pdf = through(path)
    # Inks are not kept as inks; and decoders smooth halved colours each in its own way.
    check_colours(pdf, meant, 24 if options == "4:2:0" or mode == "CMYK" else 8)
    assert facts.paginas[0].imagen is not None
    assert facts.paginas[0].imagen.filtro == "DCTDecode"


def sampled(picture: NDArray[Any], photometric: int, depth: int = 8, **more: Any) -> Page:
    """A page of samples of *depth* bits, height × width (× samples)."""
    samples = 1 if picture.ndim == 2 else picture.shape[2]
    rows = picture.reshape(picture.shape[0], -1)
    if depth == 16:
        rows = rows.astype("<u2").view(np.uint8)
    elif depth == 4:
        padded = np.pad(rows, ((0, 0), (0, rows.shape[1] % 2)))
        rows = padded[:, ::2] << 4 | padded[:, 1::2]
    tags = {
        **DPI,
        258: (tiffs.SHORT, [depth] * samples),
        262: (tiffs.SHORT, [photometric]),
        277: (tiffs.SHORT, [samples]),
    } | more.pop("tags", {})
    return Page(rows.astype(np.uint8), picture.shape[1], tags, **more)


def grey() -> NDArray[np.uint8]:
    """A grey picture."""
    return np.asarray(Image.fromarray(colours()).convert("L"))


def palette_page(depth: int, **more: Any) -> tuple[Page, NDArray[np.uint8]]:
    """A page of indices, and the colours that they mean."""
    few = Image.fromarray(colours()).quantize(2**depth)
    table = np.asarray(few.getpalette("RGB"), np.uint8).reshape(-1, 3)
    table = np.pad(table, ((0, 2**depth - len(table)), (0, 0)))
    tags = {320: (tiffs.SHORT, [int(v) * 257 for v in table.T.reshape(-1)])}
    indices = np.asarray(few)
    return sampled(indices, 3, depth, tags=tags, **more), table[indices]


def cmyk() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Inks, and the colours that they mean."""
    image = Image.fromarray(colours()).convert("CMYK")
    return np.asarray(image), np.asarray(image.convert("RGB"))


def with_alpha() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Colours half of which are clear, and how they look on white paper."""
    alpha = np.where(figure(), 255, 0).astype(np.uint8)
    alpha[:, :20] = 128
    picture = np.dstack([colours(), alpha])
    shown = Image.alpha_composite(
        Image.new("RGBA", (WIDTH, HEIGHT), "white"), Image.fromarray(picture)
    )
    return picture, np.asarray(shown.convert("RGB"))


def tiff_samples(name: str) -> tuple[Page, NDArray[np.uint8]]:
    """A page of that kind, and how it looks."""
    rgb, level = colours(), grey()
    deep = level.astype(np.uint16) * 257
    flat, shown = with_alpha()
    inks, printed = cmyk()
    four = (level >> 4).astype(np.uint8)
    pages: dict[str, tuple[Page, NDArray[np.uint8]]] = {
        "grey": (sampled(level, 1), level),
        "grey, 0 is white": (sampled(255 - level, 0), level),
        "grey, 4 bits": (sampled(four, 1, 4), four * 17),
        "grey, 16 bits": (sampled(deep, 1, 16), level),
        "grey, tiles": (sampled(level, 1, tile=32, compression=DEFLATE), level),
        "grey, LZW": (sampled(level, 1, compression=LZW, strips=3), level),
        "RGB": (sampled(rgb, 2), rgb),
        "RGB, deflate": (sampled(rgb, 2, compression=DEFLATE, strips=2), rgb),
        "RGB, packbits": (sampled(rgb, 2, compression=PACKBITS), rgb),
        "RGB, 16 bits": (sampled(rgb.astype(np.uint16) * 257, 2, 16), rgb),
        "RGB, alpha": (sampled(flat, 2, tags={338: (tiffs.SHORT, [2])}), shown),
        "CMYK": (sampled(inks, 5), printed),
        "palette": palette_page(8),
        "palette, 4 bits": palette_page(4),
        "palette, LZW": palette_page(8, compression=LZW),
    }
    return pages[name]


@pytest.mark.parametrize(
    "name",
    [
        "grey", "grey, 0 is white", "grey, 4 bits", "grey, 16 bits", "grey, tiles", "grey, LZW",
        "RGB", "RGB, deflate", "RGB, packbits", "RGB, 16 bits", "RGB, alpha", "CMYK", "palette",
        "palette, 4 bits", "palette, LZW",
    ],
)  # fmt: skip
def test_every_tiff_of_samples_looks_as_it_did(tmp_path: Path, name: str) -> None:
    page, meant = tiff_samples(name)
    path = tmp_path / "a.tif"
    path.write_bytes(tiffs.write([page]))
    # What our own drawing of inks or clear colours gives is JPEG or rounded; the rest is exact.
    check_colours(through(path)[1], meant, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_coloured_tiff_stands_upright(tmp_path: Path, orientation: int) -> None:
    tags = {274: (tiffs.SHORT, [orientation])}
    path = tmp_path / "a.tif"
    path.write_bytes(tiffs.write([sampled(colours(), 2, compression=DEFLATE, tags=tags)]))
    check_colours(through(path)[1], turned(colours(), orientation))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_png_stands_upright(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a.png"
    Image.fromarray(colours()).save(path, dpi=(200, 200), exif=exif)
    check_colours(through(path)[1], turned(colours(), orientation))


def test_a_jpeg_that_viewers_do_not_know_is_made_anew(tmp_path: Path) -> None:
    """Arithmetic codes: decoders read them, PDF has no word for them."""
    path = tmp_path / "a.jpg"
    Image.fromarray(grey()).save(path, quality=90, dpi=(200, 200))
    assert usual_jpeg(path.read_bytes())
    data = path.read_bytes()
    for kind, usual in ((0xC2, True), (0xC3, False), (0xC9, False), (0xCA, False)):
        at = data.index(b"\xff\xc0")
        assert usual_jpeg(data[:at] + bytes([0xFF, kind]) + data[at + 2 :]) is usual


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("strip", [16, 64])
def test_jpeg_inside_tiff_looks_as_it_did(tmp_path: Path, mode: str, strip: int) -> None:
    path = tmp_path / "a.tif"
    smooth = Image.fromarray(colours()).resize((40, 30)).resize((WIDTH, HEIGHT)).convert(mode)
    smooth.save(path, compression="jpeg", quality=90, dpi=(200, 200), tiffinfo={278: strip})
    with Image.open(path) as stored:
        meant = np.asarray(stored.convert("RGB"))
    check_colours(through(path)[1], meant, 8)


PNGS: dict[str, tuple[str, dict[str, Any]]] = {
    "bilevel": ("1", {}),
    "grey": ("L", {}),
    "grey, 16 bits": ("I;16", {}),
    "RGB": ("RGB", {}),
    "RGBA": ("RGBA", {}),
    "LA": ("LA", {}),
    "palette": ("P", {}),
    "palette, 2 bits": ("P", {"bits": 2}),
    "palette, one colour clear": ("P", {"transparency": 0}),
    "RGB, one colour clear": ("RGB", {"transparency": (10, 200, 30)}),
}


@pytest.mark.parametrize("name", PNGS)
def test_every_png_looks_as_it_did(tmp_path: Path, name: str) -> None:
    mode, options = PNGS[name]
    flat, shown = with_alpha()
    image = Image.fromarray(colours())
    meant: NDArray[np.uint8] = colours()
    if mode == "1":
        image = Image.fromarray(~figure())
        meant = np.where(figure(), 0, 255).astype(np.uint8)
    elif mode == "RGBA":
        image, meant = Image.fromarray(flat), shown
    elif mode in ("L", "LA"):
        image, meant = image.convert(mode), grey()
    elif mode == "I;16":
        image, meant = Image.fromarray(grey().astype(np.uint16) * 257), grey()
    elif mode == "P":
        image = image.quantize(4 if "bits" in options else 64)
        meant = np.asarray(image.convert("RGB"))
    if "transparency" in options:
        clear = np.asarray(image) == options["transparency"]
        meant = np.where((clear if clear.ndim == 2 else clear.all(-1))[..., None], 255, meant)
    path = tmp_path / "a.png"
    image.save(path, dpi=(200, 200), **options)
    check_colours(through(path)[1], meant.astype(np.uint8), 1)


def test_pages_of_one_fax_keep_each_its_own_size(tmp_path: Path) -> None:
    """A sender changes the resolution between two pages; a scanner adds a page of its own."""
    fine, standard, sheet = figure(172, 196), figure(172, 98), colours(85, 110)
    path = tmp_path / "a.tif"
    path.write_bytes(
        tiffs.write(
            [
                bits(fine, 0, compression=G4, tags=tiffs.resolution(204, 196)),
                bits(standard, 0, compression=G3, reversed=True, tags=tiffs.resolution(204, 98)),
                sampled(sheet, 2, compression=DEFLATE, tags=tiffs.resolution(100, 100)),
                bits(fine, 1, compression=NONE, tags=tiffs.resolution(80.31, 77.17, unit=3)),
            ]
        )
    )
    facts, pdf = through(path)
    sizes = [(p.ancho, p.alto) for p in facts.paginas]
    fax = (172 / 204 * 72, 72)
    assert sizes == [
        pytest.approx(fax, abs=0.01),
        pytest.approx(fax, abs=0.01),
        pytest.approx((85 * 0.72, 110 * 0.72), abs=0.01),
        pytest.approx(fax, abs=0.01),
    ]
    assert [p.fax for p in facts.paginas] == [True, True, False, True]
    with pypdfium2.PdfDocument(pdf) as document:
        assert [p.get_size() for p in document] == [pytest.approx(s, abs=0.01) for s in sizes]
    check_ink(pdf, fine, 0)
    check_ink(pdf, standard, 1)
    assert (drawn(pdf, (85, 110), 2) == sheet).all()
    check_ink(pdf, fine, 3)


SIDE = 850, 1100
LETTER = (612.0, 792.0)


@pytest.mark.parametrize(
    ("tags", "size"),
    [
        (tiffs.resolution(100, 100), LETTER),
        (tiffs.resolution(39.37, 39.37, unit=3), LETTER),
        (tiffs.resolution(200, 100), (306, 792)),
        (tiffs.resolution(100, 50), (595.5, 595.5 * 2200 / 850)),
        (tiffs.resolution(204, 98, unit=1), (595.5, 595.5 * 1100 / 850 * 204 / 98)),
        (tiffs.resolution(100, 100, unit=1), LETTER),
        ({}, LETTER),
        (tiffs.resolution(0, 0), LETTER),
        (tiffs.resolution(1, 1), LETTER),
        ({282: (tiffs.RATIONAL, [(0, 0)]), 283: (tiffs.RATIONAL, [(0, 0)])}, LETTER),
        ({282: (tiffs.RATIONAL, [(100, 1)])}, LETTER),
        (tiffs.resolution(100000, 100000), LETTER),
    ],
)
def test_a_page_is_as_large_as_the_paper_was(
    tmp_path: Path, tags: dict[int, Any], size: tuple[float, float]
) -> None:
    page = bits(figure(*SIDE), 0, compression=G4)
    bare = {k: v for k, v in page.tags.items() if k not in DPI}
    path = tmp_path / "a.tif"
    path.write_bytes(tiffs.write([page._replace(tags=bare | tags)]))
    facts, pdf = through(path)
    assert (facts.paginas[0].ancho, facts.paginas[0].alto) == pytest.approx(size, abs=0.2)
    check_ink(pdf, figure(*SIDE))


@pytest.mark.parametrize(
    ("unit", "across", "down", "size"),
    [
        (1, 100, 100, LETTER),
        (2, 39, 39, (850 / 39 / 2.54 * 72, 1100 / 39 / 2.54 * 72)),
        (0, 1, 1, LETTER),
        (0, 1, 2, (850, 550)),
        (0, 2, 1, (595.5, 595.5 * 2200 / 850)),
        (0, 300, 300, LETTER),
        (1, 200, 100, (306, 792)),
        (1, 72, 72, (850, 1100)),
        (1, 0, 0, LETTER),
    ],
)
def test_a_jpeg_is_as_large_as_its_density_says(
    tmp_path: Path, unit: int, across: int, down: int, size: tuple[float, float]
) -> None:
    file = io.BytesIO()
    Image.fromarray(grey()).resize(SIDE).save(file, "JPEG", dpi=(100, 100))
    data = bytearray(file.getvalue())
    at = data.index(b"JFIF\0") + 7
    data[at : at + 5] = bytes([unit, *across.to_bytes(2, "big"), *down.to_bytes(2, "big")])
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    facts, _ = through(path)
    assert (facts.paginas[0].ancho, facts.paginas[0].alto) == pytest.approx(size, abs=0.2)
