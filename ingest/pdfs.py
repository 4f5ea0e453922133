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
from contextlib import suppress
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, sanitize

from ingest import archival
from ingest.facts import DocumentFacts, Limits, PageFacts
from ingest.lectura import Unreadable
from ingest.pages import DECODER_ERRORS
from ingest.pdfpages import read_pages, unit_of
from ingest.remarks import remarks_of
from ingest.scans import ODD_OBJECTS
from records.pdfa import NotPdfA

if TYPE_CHECKING:
    from collections.abc import Callable
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
    password: str | None = None,
) -> DocumentFacts:
    """Judge, sanitise and paginate the PDF at *path*; its base goes to *folder*.

    *emit* hears of each page, *beat* that the work goes on.

    Raises:
        Unreadable: it asks for another password, is a portfolio or a dynamic form, is damaged, or
            passes the limits.
    """
    import pypdfium2 as pdfium

    pikepdf.settings.set_qpdf_limits(
        parser_max_container_size_damaged=5000, flate_max_memory=1 << 30, dct_max_memory=1 << 30
    )
    try:
        pdf, asked = _open(path, password)
        with pdf:
            notes = _judge(pdf, path, limits, asked)
            remarks = remarks_of(pdf)
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
    notes += [*remarks.notes, *_told(reading, drawn)]
    return DocumentFacts(
        formato="pdf",
        paginas=reading.pages,
        base=True,
        dibujadas=drawn,
        firmado=remarks.signed,
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
            "El PDF traía texto de otro programa, malo o incompleto; se leyó de nuevo en "
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


def _open(path: Path, password: str | None) -> tuple[pikepdf.Pdf, bool]:
    """The PDF, opened without a password where it opens so, and whether one was needed."""
    tries = [b""] if password is None else [b"", *_spelt(password)]
    for word in tries:
        try:
            return pikepdf.open(path, password=word), bool(word)
        except pikepdf.PasswordError:
            continue
        except pikepdf.PdfError as error:
            # Certificate encryption and broken /Encrypt are PdfError, not PasswordError, in qpdf.
            code = "certificado" if "encrypt" in str(error).lower() else "danado"
            raise Unreadable(code, str(error)[:200]) from error
    raise Unreadable("cifrado" if password is None else "contrasena", "pide contraseña")


def _spelt(password: str) -> list[bytes]:
    """A password in the encodings that programs have used for it (ISO 32000-2, 7.6.4.3)."""
    found = [password.encode("utf-8", "surrogateescape")]
    with suppress(UnicodeEncodeError):  # then no program wrote it so
        found.append(password.encode("latin-1"))
    return list(dict.fromkeys(found))


def _judge(pdf: pikepdf.Pdf, path: Path, limits: Limits, asked: bool) -> list[str]:
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
    if pdf.is_encrypted and asked:
        notes.append("Traía contraseña; la copia de archivo no la lleva.")
    elif pdf.is_encrypted:
        notes.append("PDF con restricciones del autor; la copia de archivo no las lleva.")
    _check_images(pdf, limits)
    return notes


def _cut_short(path: Path) -> bool:
    """Whether the end mark is missing, or objects of a later revision follow the last one.

    A cut that falls exactly at the end of an earlier revision cannot be told from a whole file.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        end = data.rfind(b"%%EOF")
        return end < 0 or data.find(b" obj", end) >= 0


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
