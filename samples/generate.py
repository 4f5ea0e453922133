"""Draw the demo letters of `cartas.py` as the scans, faxes and PDF files of a real inbox.

Run it with Pillow, numpy and pikepdf installed; it writes next to itself (or into the folder
given as its only argument) and every run gives the same bytes.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path

import numpy as np
import pikepdf
from cartas import DAMAGED, LETTERS, Block, Letter
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FloatImage = NDArray[np.floating]
Points = tuple[tuple[float, float], ...]

FONT_ROOT = Path("/usr/share/fonts/truetype")
FONTS = {
    "serif": ("liberation/LiberationSerif-Regular.ttf", "liberation/LiberationSerif-Bold.ttf"),
    "sans": ("liberation/LiberationSans-Regular.ttf", "liberation/LiberationSans-Bold.ttf"),
    "narrow": (
        "liberation/LiberationSansNarrow-Regular.ttf",
        "liberation/LiberationSansNarrow-Bold.ttf",
    ),
    "mono": ("liberation/LiberationMono-Regular.ttf", "liberation/LiberationMono-Bold.ttf"),
    "dejavu": ("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf"),
    "dejavu-serif": ("dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSerif-Bold.ttf"),
}
EM = 2048  # units per em of every font above
FOOT = 54.0  # points from the foot of a page to the bottom of the paper
SLACK = 0.5  # points by which a line may pass the margin
ROWS_PER_STRIP, PHOTOMETRIC = 278, 262
STRIP_OFFSETS, STRIP_BYTES = 273, 279
WHITE_IS_ZERO, BLACK_IS_ZERO = 0, 1
FAX_WIDTH = 1728
PDF_DATE = "D:20261106091500-05'00'"


@dataclass(frozen=True)
class Text:
    """A printed line: its words stand at `x` on the baseline `y`, `extra` points wider apart."""

    x: float
    y: float
    text: str
    font: str
    size: float
    extra: float = 0.0


@dataclass(frozen=True)
class Stroke:
    """A line drawn through points."""

    points: Points
    width: float


@dataclass
class Page:
    """A laid-out page, measured in points from its top left corner."""

    paper: tuple[float, float]
    texts: list[Text] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    header: str = ""


# --- layout -------------------------------------------------------------------------------------


@cache
def face(font: str, size: float) -> ImageFont.FreeTypeFont:
    """Return a font at a size in pixels."""
    path = str(FONT_ROOT / font)
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def advance(font: str, char: str) -> float:
    """Return the width of a character, in ems."""
    return face(font, EM).getlength(char) / EM


def width(text: str, font: str, size: float) -> float:
    """Return the width of a text, in points."""
    return sum(advance(font, char) for char in text) * size


def wrap(text: str, font: str, size: float, room: float) -> list[str]:
    """Break a text into lines no wider than `room`."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, font, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def scribble(seed: str, x: float, y: float) -> Points:
    """Return a signature-like curve that starts at a point."""
    rng = np.random.default_rng(zlib.crc32(seed.encode()))
    at = np.linspace(0.0, 1.0, 300)
    turns, length, slope = rng.uniform(3, 8), rng.uniform(80, 140), rng.uniform(-10, 2)
    swell = np.interp(at, np.linspace(0, 1, 7), rng.uniform(0.2, 1.0, 7))
    loops = rng.uniform(8, 20) * np.sin(2 * pi * turns * at + rng.uniform(0, 2 * pi))
    ripple = 3 * np.sin(2 * pi * rng.uniform(9, 15) * at)
    across = x + length * at + loops * swell
    down = y + slope * at - (rng.uniform(10, 14) * np.cos(2 * pi * turns * at) + ripple) * swell
    return tuple(zip(across.tolist(), down.tolist(), strict=True))


def ring(x: float, y: float, radius: float, sides: int) -> Points:
    """Return a closed regular outline around a centre."""
    turn = [2 * pi * step / sides for step in range(sides + 1)]
    return tuple((x + radius * sin(a), y - radius * cos(a)) for a in turn)


class Layout:
    """Places the blocks of one page from top to bottom."""

    def __init__(self, letter: Letter) -> None:
        """Start at the top margin."""
        self.letter = letter
        self.page = Page(letter.paper)
        self.left, top, right = letter.margins
        self.right = letter.paper[0] - right
        self.step = letter.size * letter.leading
        self.y = top

    def place(self, block: Block) -> None:
        """Put one block on the page and move down."""
        if block.kind == "foot":
            self.y = self.letter.paper[1] - FOOT
        if block.kind in ("line", "paragraph", "foot"):
            self.place_text(block)
        elif block.kind == "row":
            self.place_row(block)
        else:
            self.place_drawing(block)
            self.y += block.height * self.step

    def place_text(self, block: Block) -> None:
        """Put a line or a wrapped paragraph on the page."""
        font, size = FONTS[self.letter.family][block.bold], self.letter.size * block.scale
        room = self.right - self.left
        lines = [block.text]
        if block.kind == "paragraph":
            lines = wrap(block.text, font, size, room)
        for number, text in enumerate(lines, 1):
            spare = room - width(text, font, size)
            if spare < -SLACK:
                raise ValueError(f"{self.letter.file}: no cabe en la línea: {text}")
            shift = {"left": 0.0, "center": spare / 2, "right": spare}[block.align]
            spaces = text.count(" ") if block.justify and number < len(lines) else 0
            self.put(text, self.left + shift, font, size, spare / spaces if spaces else 0.0)
            self.page.lines.append(text)
            self.y += self.step * block.scale

    def place_row(self, block: Block) -> None:
        """Put the cells of a table row on the page."""
        font = FONTS[self.letter.family][block.bold]
        cells = block.text.split("|")
        for share, cell in zip((0.02, 0.42, 0.7), cells, strict=True):
            x = self.left + share * (self.right - self.left)
            self.put(cell, x, font, self.letter.size, 0.0)
        self.page.lines.append(" ".join(cells))
        self.y += self.step

    def put(self, text: str, x: float, font: str, size: float, extra: float) -> None:
        """Print a text on the present line."""
        self.page.texts.append(Text(x, self.y + size, text, font, size, extra))

    def place_drawing(self, block: Block) -> None:
        """Draw a rule, an emblem or a signature."""
        if block.kind == "rule":
            y = self.y + self.step * 0.3
            self.page.strokes.append(Stroke(((self.left, y), (self.right, y)), 0.9))
        elif block.kind == "emblem":
            x, y = self.left + 22, self.y + 20
            self.page.strokes += [Stroke(ring(x, y, r, n), 1.4) for r, n in ((21, 48), (14, 4))]
        elif block.kind == "signature":
            x = self.left + 8
            if block.align == "center":
                x = (self.left + self.right) / 2 - 60
            curve = scribble(self.letter.file, x, self.y + self.step * 1.45)
            self.page.strokes.append(Stroke(curve, 1.1))


def lay_out(letter: Letter) -> list[Page]:
    """Return the laid-out pages of a letter."""
    pages = []
    for number, blocks in enumerate(letter.pages, 1):
        layout = Layout(letter)
        if letter.header:
            layout.page.header = letter.header.format(page=number)
            layout.page.lines.append(layout.page.header)
        for block in blocks:
            layout.place(block)
        if layout.y > letter.paper[1] - 24:
            raise ValueError(f"{letter.file}: una página se desborda")
        pages.append(layout.page)
    return pages


# --- drawing and damage -------------------------------------------------------------------------


def paint(page: Page, dpi: int) -> Image.Image:
    """Draw a page in grey."""
    scale = dpi / 72
    size = (round(page.paper[0] * scale), round(page.paper[1] * scale))
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    for text in page.texts:
        draw_text(draw, text, scale)
    for stroke in page.strokes:
        points = [(x * scale, y * scale) for x, y in stroke.points]
        draw.line(points, fill=30, width=max(1, round(stroke.width * scale)), joint="curve")
    return image


def draw_text(draw: ImageDraw.ImageDraw, text: Text, scale: float) -> None:
    """Draw a printed line word by word, so that it is as wide as it was measured."""
    font, x = face(text.font, text.size * scale), text.x
    for word in text.text.split(" "):
        draw.text((x * scale, text.y * scale), word, font=font, fill=0, anchor="ls")
        x += width(word + " ", text.font, text.size) + text.extra


def to_float(image: Image.Image) -> FloatImage:
    """Return the pixels of a grey image as numbers."""
    return np.asarray(image, dtype=np.float32)


def to_image(pixels: FloatImage) -> Image.Image:
    """Return numbers as a grey image."""
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def sample(page: Page, dpi: int) -> Image.Image:
    """Draw a page at twice the resolution and reduce it, as a scanner's sensor does."""
    return paint(page, dpi * 2).reduce(2)


def bilevel(image: Image.Image, limit: int = 150) -> Image.Image:
    """Return a black-and-white image."""
    return image.point([0] * limit + [255] * (256 - limit)).convert("1")


def clouds(rng: np.random.Generator, size: tuple[int, int]) -> FloatImage:
    """Return slow light and dark patches, about -1 to 1."""
    spots = rng.standard_normal((5, 5)).astype(np.float32)
    return to_float(Image.fromarray(spots).resize(size, Image.Resampling.BICUBIC))


@dataclass(frozen=True)
class Wear:
    """How much a scan suffers: degrees, pixels and grey levels."""

    skew: float
    blur: float
    shade: float
    grain: float
    specks: int
    ink: float = 40.0
    paper: float = 240.0


def scan(image: Image.Image, wear: Wear, seed: int) -> Image.Image:
    """Return the image as a worn scanner would give it."""
    rng = np.random.default_rng(seed)
    turned = image.rotate(wear.skew, Image.Resampling.BICUBIC, fillcolor=255)
    pixels: FloatImage = to_float(turned.filter(ImageFilter.GaussianBlur(wear.blur)))
    pixels = wear.ink + (wear.paper - wear.ink) * pixels / 255
    pixels = pixels + clouds(rng, image.size) * wear.shade
    grain = rng.standard_normal((image.height, image.width)).astype(np.float32)
    noise = to_image(128 + grain * 3 * wear.grain).filter(ImageFilter.GaussianBlur(0.7))
    pixels = pixels + to_float(noise) - 128
    worn = to_image(pixels)
    draw = ImageDraw.Draw(worn)
    for _ in range(wear.specks):
        x, y = rng.uniform(0, image.width), rng.uniform(0, image.height)
        r = rng.uniform(0.4, 1.8)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=int(rng.uniform(50, 150)))
    return worn


def fax(page: Page, rows: int, seed: int) -> Image.Image:
    """Return the page as received by fax: `rows` lines an inch, and the sender's header."""
    rng = np.random.default_rng(seed)
    skew = rng.uniform(-0.4, 0.4)
    image = paint(page, 400).rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    place = face(FONTS["mono"][0], 55)
    ImageDraw.Draw(image).text((220, 110), page.header, font=place, fill=0, anchor="ls")
    size = (FAX_WIDTH, round(page.paper[1] / 72 * rows))
    image = image.filter(ImageFilter.GaussianBlur(1.0)).resize(size, Image.Resampling.BOX)
    noise = rng.standard_normal((size[1], size[0])).astype(np.float32)
    pixels: FloatImage = to_float(image) + clouds(rng, size) * 4 + noise * 9
    black = to_image(pixels)
    dots = 60
    for x, y in zip(rng.integers(0, size[0], dots), rng.integers(0, size[1], dots), strict=True):
        black.putpixel((int(x), int(y)), 0)
    return bilevel(black, 158)


# --- files --------------------------------------------------------------------------------------


def save_tiff(
    images: Sequence[Image.Image],
    compression: str,
    dpi: tuple[int, int],
    photometric: int = BLACK_IS_ZERO,
) -> bytes:
    """Return bilevel images as a TIFF file with one strip a page."""
    out = BytesIO()
    tags = {ROWS_PER_STRIP: images[0].height, PHOTOMETRIC: photometric}
    images[0].save(
        out,
        "TIFF",
        save_all=True,
        append_images=list(images[1:]),
        compression=compression,
        dpi=dpi,
        tiffinfo=tags,
    )
    return out.getvalue()


def save_jpeg(image: Image.Image, dpi: int, quality: int) -> bytes:
    """Return a grey image as a JPEG file."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def save_png(image: Image.Image, dpi: int) -> bytes:
    """Return a grey image as a PNG file of sixteen greys."""
    out = BytesIO()
    greys = image.point([level // 17 for level in range(256)])
    levels = Image.frombytes("P", greys.size, greys.tobytes())
    levels.putpalette([level * 17 for level in range(16) for _ in range(3)])
    levels.save(out, "PNG", bits=4, optimize=True, dpi=(dpi, dpi))
    return out.getvalue()


def group4(image: Image.Image) -> bytes:
    """Return the bare CCITT group 4 data of a bilevel image."""
    data = save_tiff([image], "group4", (200, 200))
    with Image.open(BytesIO(data)) as opened:
        tags = opened.getexif()
        offset, count = (first(tags[tag]) for tag in (STRIP_OFFSETS, STRIP_BYTES))
    return data[offset : offset + count]


def first(value: int | tuple[int, ...]) -> int:
    """Return the only value of a TIFF tag."""
    return value if isinstance(value, int) else value[0]


def grey_stream(pdf: pikepdf.Pdf, image: Image.Image, dpi: int, quality: int) -> pikepdf.Stream:
    """Return a JPEG image of a PDF."""
    stream = pikepdf.Stream(pdf, save_jpeg(image, dpi, quality))
    stream.Filter, stream.BitsPerComponent = pikepdf.Name.DCTDecode, 8
    return image_entries(stream, image)


def bilevel_stream(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    """Return a group 4 image of a PDF."""
    stream = pikepdf.Stream(pdf, group4(image))
    stream.Filter, stream.BitsPerComponent = pikepdf.Name.CCITTFaxDecode, 1
    stream.DecodeParms = pikepdf.Dictionary(
        K=-1, Columns=image.width, Rows=image.height, BlackIs1=True
    )
    return image_entries(stream, image)


def image_entries(stream: pikepdf.Stream, image: Image.Image) -> pikepdf.Stream:
    """Fill in what every grey or bilevel image of a PDF needs."""
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = image.width, image.height
    stream.ColorSpace = pikepdf.Name.DeviceGray
    return stream


def add_page(
    pdf: pikepdf.Pdf, paper: tuple[float, float], content: str, resources: pikepdf.Dictionary
) -> None:
    """Append a page to a PDF."""
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, *paper],
        Resources=resources,
        Contents=pikepdf.Stream(pdf, content.encode("cp1252")),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def scanned_pdf(
    paper: tuple[float, float],
    images: Sequence[Image.Image],
    make: Callable[[pikepdf.Pdf, Image.Image], pikepdf.Stream],
) -> bytes:
    """Return a PDF with one scanned image a page."""
    pdf = pikepdf.new()
    for image in images:
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=make(pdf, image)))
        content = f"q {paper[0]} 0 0 {paper[1]} 0 0 cm /Im0 Do Q"
        add_page(pdf, paper, content, resources)
    pdf.docinfo["/Producer"] = pikepdf.String("Escáner de ventanilla")
    return save_pdf(pdf)


def save_pdf(pdf: pikepdf.Pdf) -> bytes:
    """Return the bytes of a PDF, always the same for the same content."""
    out = BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def embedded_font(pdf: pikepdf.Pdf, font: str) -> pikepdf.Object:
    """Embed a TrueType font with the WinAnsi encoding."""
    data = (FONT_ROOT / font).read_bytes()
    chars = [bytes([code]).decode("cp1252", "replace") for code in range(32, 256)]
    name = pikepdf.Name("/" + Path(font).stem)
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=32,
        FontBBox=[-544, -303, 1301, 980],
        ItalicAngle=0,
        Ascent=905,
        Descent=-212,
        CapHeight=729,
        StemV=80,
        FontFile2=pikepdf.Stream(pdf, data, Length1=len(data)),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.TrueType,
            BaseFont=name,
            FirstChar=32,
            LastChar=255,
            Widths=[round(advance(font, char) * 1000) for char in chars],
            Encoding=pikepdf.Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


def page_content(page: Page, names: dict[str, str]) -> str:
    """Return the drawing operators of a page."""
    height = page.paper[1]
    ops = []
    for text in page.texts:
        shown = text.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        ops.append(
            f"BT {names[text.font]} {text.size:.2f} Tf {text.extra:.4f} Tw"
            f" {text.x:.2f} {height - text.y:.2f} Td ({shown}) Tj ET"
        )
    for stroke in page.strokes:
        path = " l ".join(f"{x:.2f} {height - y:.2f}" for x, y in stroke.points)
        ops.append(f"{stroke.width} w 1 J 1 j {path.replace(' l ', ' m ', 1)} l S")
    return "\n".join(ops)


def digital_pdf(letter: Letter, pages: Sequence[Page]) -> bytes:
    """Return a born-digital PDF with real text."""
    pdf = pikepdf.new()
    used = sorted({text.font for page in pages for text in page.texts})
    names = {font: f"/F{number}" for number, font in enumerate(used, 1)}
    fonts = pikepdf.Dictionary({names[font]: embedded_font(pdf, font) for font in used})
    for page in pages:
        add_page(pdf, page.paper, page_content(page, names), pikepdf.Dictionary(Font=fonts))
    pdf.Root.Lang = pikepdf.String("es-CO")
    info = {"Title": letter.fields["asunto"], "Author": letter.fields["entidad"]}
    for key, value in {**info, "CreationDate": PDF_DATE, "ModDate": PDF_DATE}.items():
        pdf.docinfo[f"/{key}"] = pikepdf.String(value)
    return save_pdf(pdf)


# --- the samples --------------------------------------------------------------------------------

LIGHT = Wear(skew=0.0, blur=0.5, shade=0.0, grain=0.0, specks=0, ink=18, paper=255)
NOISY = Wear(skew=-1.05, blur=0.75, shade=7.0, grain=7.0, specks=170, ink=62, paper=226)
OFFICE = Wear(skew=0.35, blur=0.6, shade=2.5, grain=2.0, specks=25)


def worn_jpeg(page: Page, wear: Wear, seed: int, *, turn: bool = False) -> bytes:
    """Return a page scanned in grey at 200 dpi, turned to the right if asked."""
    image = scan(sample(page, 200), wear, seed)
    if turn:
        image = image.transpose(Image.Transpose.ROTATE_270)
    return save_jpeg(image, 200, 55)


def fax_tiff(pages: Sequence[Page], rows: int, compression: str) -> bytes:
    """Return the pages as received by fax, white-is-zero as fax programs write them."""
    images = [fax(page, rows, rows + number) for number, page in enumerate(pages, 1)]
    return save_tiff(images, compression, (204, rows), WHITE_IS_ZERO)


def clean_tiff(letter: Letter, pages: Sequence[Page]) -> bytes:
    """Return the pages as a clean black-and-white scan."""
    del letter
    return save_tiff([bilevel(sample(page, 200)) for page in pages], "group4", (200, 200))


def grey_pdf(letter: Letter, pages: Sequence[Page]) -> bytes:
    """Return the pages as a PDF scanned in grey at 300 dpi."""
    images = [scan(sample(page, 300), LIGHT, 1) for page in pages]
    return scanned_pdf(letter.paper, images, lambda pdf, image: grey_stream(pdf, image, 300, 60))


def bilevel_pdf(letter: Letter, pages: Sequence[Page]) -> bytes:
    """Return the pages as a PDF scanned in black and white at 200 dpi."""
    images = [bilevel(sample(page, 200)) for page in pages]
    return scanned_pdf(letter.paper, images, bilevel_stream)


MAKERS: dict[str, Callable[[Letter, Sequence[Page]], bytes]] = {
    "01-derecho-de-peticion.pdf": grey_pdf,
    "02-queja-alumbrado.jpg": lambda _, pages: worn_jpeg(pages[0], NOISY, 2),
    "03-fax-estandar.tif": lambda _, pages: fax_tiff(pages, 98, "group3"),
    "04-fax-fino.tif": lambda _, pages: fax_tiff(pages, 196, "group4"),
    "05-girada.jpg": lambda _, pages: worn_jpeg(pages[0], OFFICE, 5, turn=True),
    "06-tres-paginas.pdf": bilevel_pdf,
    "07-oficio-digital.pdf": digital_pdf,
    "08-solicitud-visita.tif": clean_tiff,
    "09-reclamo-predial.png": lambda _, pages: save_png(sample(pages[0], 200), 200),
    "10-personal.jpg": lambda _, pages: worn_jpeg(pages[0], OFFICE, 10),
    "12-consulta-uso-suelo.tif": clean_tiff,
}


def damaged_pdf() -> bytes:
    """Return the first third of a scanned PDF: without its end it has no page tree."""
    page = lay_out(LETTERS[0])[0]
    image = sample(page, 100)
    whole = scanned_pdf(page.paper, [image], lambda pdf, im: grey_stream(pdf, im, 100, 40))
    return whole[: len(whole) // 3]


def truth(letter: Letter, pages: Sequence[Page]) -> dict[str, object]:
    """Return what a letter really says."""
    return {
        "archivo": letter.file,
        "accion": letter.action,
        "folios": len(pages),
        "campos": letter.fields,
        "texto": ["\n".join(page.lines) for page in pages],
    }


def require_fonts() -> None:
    """Stop with advice if a font is missing."""
    missing = [f for pair in FONTS.values() for f in pair if not (FONT_ROOT / f).is_file()]
    if missing:
        sys.exit(
            f"Faltan las fuentes {', '.join(missing)}.\n"
            "Instálelas con: apt-get install -y fonts-liberation fonts-dejavu-core"
        )


def main() -> None:
    """Write the samples and `verdad.json`."""
    require_fonts()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, object]] = []
    for letter in LETTERS:
        pages = lay_out(letter)
        (folder / letter.file).write_bytes(MAKERS[letter.file](letter, pages))
        entries.append(truth(letter, pages))
    (folder / DAMAGED).write_bytes(damaged_pdf())
    entries.append(
        {"archivo": DAMAGED, "accion": "cuarentena", "folios": 0, "campos": {}, "texto": []}
    )
    entries.sort(key=lambda entry: str(entry["archivo"]))
    text = json.dumps(entries, ensure_ascii=False, indent=1) + "\n"
    (folder / "verdad.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
