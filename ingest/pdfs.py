"""A foreign PDF becomes a sanitised base and its pages, or is refused with the reason.

Runs inside the limited child. The file is opened by qpdf (which repairs), judged, stripped of what
acts or reaches out, and only that copy is rendered. First choice is to keep the pages as they are
(image bytes untouched) in a PDF/A; where the checker refuses, each page is drawn anew as a picture.
It does not promise that a sanitised PDF is harmless in other viewers: the derived copy is
PDF/A-2b, and the original is kept apart, unopened.
"""

from __future__ import annotations

import io
import math
import mmap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Name, sanitize

from ingest.encode import encode_g4, encode_jpeg
from ingest.facts import DocumentFacts, ImageFacts, Limits, PageFacts
from ingest.lectura import Unreadable
from ingest.pages import DECODER_ERRORS, marks_of, page_size, simplify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pypdfium2 as pdfium
    from PIL import Image

REDRAW_DPI = 300
OCR_DPI = 200
LOOK_DPI = 150
"""For pages that are drawn only to see whether they bear a code: their text is known."""
REDRAW_PIXELS = 40_000_000
"""A drawing of 60 by 60 cm at 300 dpi; larger sheets are drawn coarser."""


def read_pdf(
    path: Path,
    folder: Path,
    limits: Limits,
    emit: Callable[[PageFacts], None],
    *,
    redraw: bool = False,
) -> DocumentFacts:
    """Judge, sanitise and paginate the PDF at *path*.

    Raises:
        Unreadable: encrypted, portfolio, dynamic form, damaged, over the limits.
    """
    import pypdfium2 as pdfium

    pikepdf.settings.set_qpdf_limits(
        parser_max_container_size_damaged=5000, flate_max_memory=1 << 30, dct_max_memory=1 << 30
    )
    try:
        with _open(path) as pdf:
            notes = _judge(pdf, path, limits)
            base = _derive(pdf)
            units = [float(page.get(Name.UserUnit, 1)) for page in pdf.pages]
    except pikepdf.PikepdfError as error:
        raise Unreadable("danado", str(error)[:200]) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        # qpdf hands out what it recovered: a page tree of the wrong types surfaces as these.
        raise Unreadable("danado", f"{type(error).__name__}: {error}"[:200]) from error
    kept = None if redraw else _as_pdfa(base)
    if kept is None:
        notes.append("Dibujado de nuevo: el PDF no se pudo conservar como PDF/A.")
    else:
        (folder / "base.pdf").write_bytes(kept)
    try:
        with pdfium.PdfDocument(base) as document:
            return _paginate(document, folder, kept is not None, notes, units, emit)
    except pdfium.PdfiumError as error:
        raise Unreadable("danado", str(error)[:200]) from error


def _open(path: Path) -> pikepdf.Pdf:
    try:
        return pikepdf.open(path)
    except pikepdf.PasswordError as error:
        raise Unreadable("cifrado", str(error)[:200]) from error
    except pikepdf.PdfError as error:
        # Certificate encryption and broken /Encrypt are PdfError, not PasswordError, in qpdf.
        code = "cifrado" if "encrypt" in str(error).lower() else "danado"
        raise Unreadable(code, str(error)[:200]) from error


def _judge(pdf: pikepdf.Pdf, path: Path, limits: Limits) -> list[str]:
    """Refuse what hides the letter or costs too much; remarks on the rest."""
    if Name.Collection in pdf.Root:
        raise Unreadable("portafolio")
    if bool(pdf.Root.get(Name.NeedsRendering, False)):
        raise Unreadable("formulario")
    warnings = pdf.get_warnings()
    if warnings and _cut_short(path):
        raise Unreadable("danado", "el PDF termina antes de tiempo")
    count = len(pdf.pages)
    if count == 0:
        raise Unreadable("danado", "sin páginas")
    if count > limits.paginas:
        raise Unreadable("limite", f"{count} páginas")
    notes = [f"PDF reparado al abrirlo ({len(warnings)} avisos)."] if warnings else []
    if pdf.is_encrypted:
        notes.append("PDF con restricciones del autor; la copia de archivo no las lleva.")
    notes += _remarks(pdf)
    _check_images(pdf, limits)
    return notes


def _cut_short(path: Path) -> bool:
    """Whether the end mark is missing, or objects of a later revision follow the last one.

    A cut that falls exactly at the end of an earlier revision cannot be told from a whole file.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        end = data.rfind(b"%%EOF")
        return end < 0 or data.find(b" obj", end) >= 0


def _remarks(pdf: pikepdf.Pdf) -> list[str]:
    """What the document carries beside its pages, told so that nobody looks for it in the copy."""
    notes = []
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, pikepdf.Dictionary):
        if int(form.get(Name.SigFlags, 0)) & 1 or Name.DSS in pdf.Root:
            notes.append("Firmado electrónicamente: la firma vale sobre el archivo original.")
        if Name.XFA in form:
            notes.append("Formulario XFA: se conserva su vista impresa.")
    if len(pdf.attachments):
        notes.append(f"Trae {len(pdf.attachments)} archivos adjuntos; quedan en el original.")
    script = active = embedded = False
    for item in (inner for top in pdf.objects for inner in _dictionaries(top, 4)):
        action = item.get(Name.S)
        script = script or action == Name.JavaScript or Name.JS in item
        active = active or action in (Name.Launch, Name.SubmitForm, Name.ImportData)
        embedded = embedded or item.get(Name.Subtype) == Name.FileAttachment
    if script:
        notes.append("Traía JavaScript; la copia de archivo no lo lleva.")
    if active:
        notes.append("Traía acciones que abren programas o envían datos; la copia no las lleva.")
    if embedded and not len(pdf.attachments):
        notes.append("Trae archivos pegados como notas; quedan en el original.")
    return notes


def _dictionaries(item: pikepdf.Object, depth: int) -> Iterator[pikepdf.Object]:
    """An object's dictionary and those written inside it, not those it only refers to."""
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        yield item
        children = [value for _, value in item.items()]
    elif isinstance(item, pikepdf.Array) and len(item) <= 64:
        children = list(item)
    else:
        return
    for child in children if depth else ():
        nested = isinstance(child, pikepdf.Dictionary | pikepdf.Array)
        if nested and not child.is_indirect:
            yield from _dictionaries(child, depth - 1)


def _check_images(pdf: pikepdf.Pdf, limits: Limits) -> None:
    """Refuse pictures over the budget by their header, and scans whose data was cut short."""
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream) or item.get(Name.Subtype) != Name.Image:
            continue
        width, height = int(item.get(Name.Width, 0)), int(item.get(Name.Height, 0))
        if width * height > limits.pixeles:
            raise Unreadable("limite", f"imagen de {width}x{height} pixeles")
        filters = item.get(Name.Filter)
        last = filters[-1] if isinstance(filters, pikepdf.Array) and len(filters) else filters
        if last == Name.DCTDecode and width * height > 250_000:
            _check_jpeg(item)


def _check_jpeg(stream: pikepdf.Stream) -> None:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    filters = stream.get(Name.Filter)
    if isinstance(filters, pikepdf.Array) and len(filters) > 1:
        return  # packed again inside another filter, whose own decoder checks it
    try:
        with Image.open(io.BytesIO(stream.read_raw_bytes()), formats=("JPEG",)) as image:
            image.load()
    except DECODER_ERRORS as error:
        raise Unreadable("danado", f"imagen del PDF: {error}"[:200]) from error


def _derive(pdf: pikepdf.Pdf) -> bytes:
    """A copy without scripts, attachments, forms or signatures: only pages."""
    sanitize.remove_javascript(pdf)
    sanitize.remove_external_access(pdf)
    sanitize.remove_attachments(pdf)
    sanitize.remove_multimedia(pdf)
    sanitize.remove_thumbnails(pdf)
    sanitize.remove_search_index(pdf)
    sanitize.remove_web_capture(pdf)
    sanitize.remove_private_app_data(pdf)
    if Name.AcroForm in pdf.Root:
        # A filled-in form becomes ink, so that every reader shows what the sender wrote.
        form = pdf.Root.AcroForm
        if isinstance(form, pikepdf.Dictionary):
            if bool(form.get(Name.NeedAppearances, False)):
                pdf.generate_appearance_streams()
            pdf.flatten_annotations("screen")
    for key in (Name.AcroForm, Name.Perms, Name.DSS, Name.OpenAction, Name.AA, Name.Requirements):
        if key in pdf.Root:
            del pdf.Root[key]
    out = io.BytesIO()
    pdf.save(out, encryption=False)
    return out.getvalue()


def _as_pdfa(base: bytes) -> bytes | None:
    """The pages kept as they are in a PDF/A, or None where the checker refuses."""
    from records import pdfa

    try:
        with pikepdf.open(io.BytesIO(base)) as pdf:
            return pdfa.write(pdf)
    except (pdfa.NotPdfA, pikepdf.PikepdfError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _paginate(
    document: pdfium.PdfDocument,
    folder: Path,
    kept: bool,
    notes: list[str],
    units: list[float],
    emit: Callable[[PageFacts], None],
) -> DocumentFacts:
    pages: list[PageFacts] = []
    foreign_text = False
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        last = pages[-1] if pages else None
        facts, foreign = _page(page, number, folder, kept, units[number - 1], last)
        foreign_text = foreign_text or foreign
        page.close()
        pages.append(facts)
        emit(facts)
    if foreign_text:
        notes.append("El PDF ya traía texto reconocido por otro programa; se conserva ese texto.")
    return DocumentFacts(formato="pdf", paginas=pages, base=kept, notas=notes)


@dataclass(frozen=True, slots=True)
class _Pictures:
    """What the images of a page tell: the share it covers, its resolution, whether it is a fax."""

    share: float = 0.0
    dpi_x: float = 0.0
    dpi_y: float = 0.0
    one_bit: bool = False


def _page(
    page: pdfium.PdfPage,
    number: int,
    folder: Path,
    kept: bool,
    user_unit: float,
    last: PageFacts | None,
) -> tuple[PageFacts, bool]:
    """Facts of one page, *last* being the one before; whether its text is another's OCR."""
    from ingest.layer import read_layer
    from ingest.searchable import free_rectangle, ink

    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise Unreadable("danado", f"página {number} sin tamaño")
    unit = _clamp(width, height) * user_unit
    pictures = _pictures(page)
    layer = read_layer(page, width * unit, height * unit, pictures.share)
    dpi = _wanted_dpi(pictures, width, height, kept)
    picture = name = image = hole = None
    if not kept or layer is None or number == 1:
        picture = _render(page, dpi)
    if not kept and picture is not None:
        image, stream = _encode(picture)
        (folder / f"p{number:04d}.bin").write_bytes(stream)
    if layer is None and picture is not None:
        name = f"p{number:04d}.pgm"
        picture.convert("L").save(folder / name, format="PPM")
    elif number == 1 and picture is not None:
        hole = free_rectangle(ink(picture), width * unit, height * unit)
    looked = dpi if picture is not None else min(dpi, LOOK_DPI)
    drawn = picture if picture is not None else _render(page, looked, grey=True)
    marks, blank = marks_of(drawn, looked, looked, last)
    facts = PageFacts(
        ancho=width * unit,
        alto=height * unit,
        dpi_x=dpi / unit,
        dpi_y=dpi / unit,
        fax=pictures.one_bit and abs(pictures.dpi_x - pictures.dpi_y) > 10,
        bilevel=pictures.one_bit,
        pixeles=name or "",
        imagen=image,
        lectura=layer[0] if layer else None,
        hueco=hole,
        marcas=marks,
        blanca=blank,
    )
    return facts, bool(layer and layer[1])


def _clamp(width: float, height: float) -> float:
    """Factor that brings a page within what a PDF page may be."""
    wide, _ = page_size(round(width * 100), round(height * 100), 7200, 7200)
    return wide / width


def _wanted_dpi(pictures: _Pictures, width: float, height: float, kept: bool) -> float:
    dpi = float(REDRAW_DPI if not kept else OCR_DPI)
    if pictures.share > 0.3:
        native = max(pictures.dpi_x, pictures.dpi_y)
        dpi = min(300.0, max(native, 150.0)) if kept else min(400.0, max(native, 200.0))
    most = math.sqrt(REDRAW_PIXELS / max(width * height / 5184, 1e-9))
    return min(dpi, most, 14_000 * 72 / max(width, height))


def _pictures(page: pdfium.PdfPage) -> _Pictures:
    """The largest image of the page, by the area it covers."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    best = _Pictures()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        wide, high = right - left, top - bottom
        share = wide * high / (width * height)
        if share <= best.share or wide <= 0 or high <= 0:
            continue
        meta = item.get_metadata()
        across, down = meta.width, meta.height
        if (wide > high) != (across > down) and abs(wide - high) > 0.1 * wide:
            across, down = down, across
        best = _Pictures(share, across * 72 / wide, down * 72 / high, meta.bits_per_pixel == 1)
    return best


def _render(page: pdfium.PdfPage, dpi: float, *, grey: bool = False) -> Image.Image:
    bitmap = page.render(scale=dpi / 72, may_draw_forms=False, grayscale=grey)
    try:
        picture: Image.Image = bitmap.to_pil().convert("L" if grey else "RGB").copy()
        return picture
    finally:
        bitmap.close()


def _encode(picture: Image.Image) -> tuple[ImageFacts, bytes]:
    """A drawn page: bilevel if it is pure black and white, grey if it has no colour, else RGB."""
    from PIL import ImageChops

    simple = simplify(picture)
    if simple.mode == "1":
        return encode_g4(simple)
    red, green, blue = picture.split()
    spread = max(
        ImageChops.difference(red, green).getextrema()[1],
        ImageChops.difference(green, blue).getextrema()[1],
    )
    return encode_jpeg(red if spread == 0 else picture)
