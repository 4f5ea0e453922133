"""A foreign PDF becomes a sanitised base and its pages, or is refused with the reason.

Runs inside the limited child. The file is opened by qpdf (which repairs), judged, stripped of what
acts or reaches out, and only that copy is rendered. First choice is to keep the pages as they are
(image bytes untouched) in a PDF/A; where the checker refuses, each page is drawn anew as a picture.
It does not promise that a sanitised PDF is harmless in other viewers: the derived copy is
PDF/A-2b, and the original is kept apart, unopened.
"""

from __future__ import annotations

import io
import mmap
import warnings
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, sanitize

from ingest import archival
from ingest.facts import DocumentFacts, Limits, PageFacts
from ingest.lectura import Unreadable
from ingest.pages import DECODER_ERRORS
from ingest.pdfpages import read_pages, unit_of
from ingest.pictures import ODD_OBJECTS
from records.pdfa import NotPdfA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ingest.pdfpages import Reading


def read_pdf(
    path: Path,
    folder: Path,
    limits: Limits,
    emit: Callable[[PageFacts], None],
    beat: Callable[[], None],
    *,
    redraw: bool = False,
) -> DocumentFacts:
    """Judge, sanitise and paginate the PDF at *path*; its base goes to *folder*.

    *emit* hears of each page, *beat* that the work goes on.

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
        with pikepdf.open(io.BytesIO(base)) as pdf, pdfium.PdfDocument(base) as document:
            reading = read_pages(document, pdf, folder, emit)
            _check_jpegs(pdf, reading.decoded)
            for number, unseen_only in reading.anew.items():
                archival.without_text(pdf, pdf.pages[number - 1], unseen_only=unseen_only)
            units = [unit_of(p, *document[n].get_size()) for n, p in enumerate(pdf.pages)]
            made, drawn = archival.archived(pdf, document, units, beat, redraw=redraw)
    except NotPdfA as error:
        raise Unreadable("pdfa", "; ".join(error.findings)[:200]) from error
    except pikepdf.PikepdfError as error:
        raise Unreadable("danado", str(error)[:200]) from error
    except pdfium.PdfiumError as error:
        raise Unreadable("danado", str(error)[:200]) from error
    except ODD_OBJECTS as error:
        # qpdf hands out what it recovered: a page tree of the wrong types surfaces as these.
        raise Unreadable("danado", f"{type(error).__name__}: {error}"[:200]) from error
    (folder / "base.pdf").write_bytes(made)
    notes += _told(reading, drawn)
    return DocumentFacts(
        formato="pdf",
        paginas=reading.pages,
        base=True,
        dibujadas=drawn,
        etiqueta=reading.label,
        notas=notes,
    )


def _told(reading: Reading, drawn: list[int]) -> list[str]:
    """What became of the pages, where it is not what one would expect."""
    notes = []
    if len(drawn) == len(reading.pages):
        notes.append("Dibujado de nuevo: el PDF no se pudo conservar como PDF/A.")
    elif drawn:
        which = _numbers(drawn)
        notes.append(f"Dibujado de nuevo en {which}: no se pudo conservar como PDF/A.")
    if reading.anew:
        notes.append(
            "El PDF traía texto de otro programa que no era de fiar; se leyó de nuevo en "
            f"{_numbers(sorted(reading.anew))}."
        )
    if reading.foreign:
        notes.append("El PDF ya traía texto reconocido por otro programa; se conserva ese texto.")
    return notes


def _numbers(pages: list[int]) -> str:
    """«la página 3», «las páginas 3, 5 y 7», «12 páginas»."""
    if len(pages) == 1:
        return f"la página {pages[0]}"
    if len(pages) > 6:
        return f"{len(pages)} páginas"
    return f"las páginas {', '.join(map(str, pages[:-1]))} y {pages[-1]}"


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
    """Refuse pictures over the budget by their header."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and item.get(Name.Subtype) == Name.Image:
            width, height = int(item.get(Name.Width, 0)), int(item.get(Name.Height, 0))
            if width * height > limits.pixeles:
                raise Unreadable("limite", f"imagen de {width}x{height} pixeles")


def _check_jpegs(pdf: pikepdf.Pdf, decoded: set[tuple[int, int]]) -> None:
    """Refuse scans whose data was cut short, among those not decoded whole so far."""
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream) or item.get(Name.Subtype) != Name.Image:
            continue
        plain = item.get(Name.Filter) in (Name.DCTDecode, Array([Name.DCTDecode]))
        large = int(item.get(Name.Width, 0)) * int(item.get(Name.Height, 0)) > 250_000
        if plain and large and item.objgen not in decoded:
            _check_jpeg(item)


def _check_jpeg(stream: pikepdf.Stream) -> None:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(stream.read_raw_bytes()), formats=("JPEG",)) as image:
            image.draft("L", None)
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
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary) and bool(form.get(Name.NeedAppearances, False)):
        pdf.generate_appearance_streams()
    # A filled-in form, a stamp, a typed remark becomes ink: every reader shows it, and it is read.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a widget that its form does not know is ink all the same
        pdf.flatten_annotations("screen")
    for key in (Name.AcroForm, Name.Perms, Name.DSS, Name.OpenAction, Name.AA, Name.Requirements):
        if key in pdf.Root:
            del pdf.Root[key]
    archival.tidied(pdf)
    out = io.BytesIO()
    pdf.save(out, encryption=False, force_version="1.7")
    return out.getvalue()
