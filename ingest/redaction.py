"""The public version of a withheld record: a PDF drawn anew, so that nothing lies under its ink.

Who covers a name in an editor often leaves it there: as text below a black box, in an earlier
revision, in a note, in a field. So the file that a person gives is drawn by the limited child, page
by page, and only the pixels are kept (Ley 1712 de 2014, art. 21). What the person left visible
stays visible; what looks like the record itself covers nothing and is refused.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.child import Child, confined, put
from ingest.facts import Limits
from ingest.lectura import Unreadable
from ingest.sniff import kind_of
from records.errors import Refused, reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pypdfium2 as pdfium

GIVEN, MADE, SAME = "dado.pdf", "version.pdf", "igual"
OTHER = "otro-{}.pdf"
MOST_BYTES = 256 << 20
LOOK_DPI = 40
"""At this resolution two pages are compared: a covered word is a dark spot of some pixels."""
COVERED = 96
"""A pixel that differs by this much of 255 was covered or taken out."""
LIMITS = Limits(paginas=500, reloj=600.0, quieto=600.0, cpu=600)


def redrawn(path: Path, others: Sequence[bytes] = ()) -> tuple[bytes, bytes]:
    """The bytes at *path*, and a PDF/A of nothing but its pages' pixels.

    *others* are PDFs of the record.

    Raises:
        Refused: it is no PDF that can be drawn, or shows what one of *others* shows.
    """
    given = _read(path)
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
        folder = Path(name)
        (folder / GIVEN).write_bytes(given)
        for number, other in enumerate(others):
            (folder / OTHER.format(number)).write_bytes(other)
        try:
            with Child(folder, LIMITS, _serve, name, len(others)) as child:
                child.attend()
        except Unreadable as error:
            raise Refused(
                "version_ilegible",
                f"{path.name} no sirve como versión pública: {error.mensaje}",
                consejo="Guárdela como PDF corriente, sin contraseña, y repita.",
            ) from error
        if (folder / SAME).exists():
            raise Refused(
                "no_oculta_nada",
                f"{path.name} muestra lo mismo que el radicado: no tapa nada.",
                consejo="Tape lo que se reserva en una copia, y entregue esa copia.",
                norma="Ley 1712 de 2014, art. 21",
            )
        made = folder / MADE
        if made.is_symlink() or not made.is_file() or made.stat().st_size > LIMITS.archivo:
            raise Refused("version_ilegible", f"{path.name} no se pudo dibujar.")
        return given, made.read_bytes()


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("version_ilegible", f"{path.name} es demasiado grande.")
        given = path.read_bytes()
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error
    if kind_of(given[:4096]) != "pdf":
        raise Refused("version_ilegible", f"{path.name} no es un PDF.")
    return given


def _serve(name: str, others: int) -> None:
    """The child's whole life."""
    folder = Path(name)
    confined(lambda: _work(folder, others), folder, LIMITS)


def _work(folder: Path, others: int) -> None:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(folder / GIVEN)
    except pdfium.PdfiumError as error:
        raise Unreadable("danado", str(error)[:200]) from error
    if not 0 < len(document) <= LIMITS.paginas:
        raise Unreadable("limite", f"{len(document)} páginas")
    for number in range(others):
        with pdfium.PdfDocument(folder / OTHER.format(number)) as other:
            if _covers_nothing(document, other):
                put(folder / SAME, b"")
                return
    put(folder / MADE, _pictures(document))


def _pictures(document: pdfium.PdfDocument) -> bytes:
    """A PDF/A of the pages as pictures."""
    import pikepdf
    from pikepdf import Dictionary

    from ingest.archival import drawing
    from ingest.searchable import image_object
    from records import pdfa

    pdf = pikepdf.new()
    for page in document:
        width, height = page.get_size()
        facts, stream = drawing(page)
        page.close()
        pdf.add_blank_page(page_size=(round(width, 3), round(height, 3)))
        made = pdf.pages[-1].obj
        made.Resources = Dictionary(XObject=Dictionary(Im0=image_object(pdf, facts, stream)))
        made.Contents = pdf.make_stream(f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im0 Do Q".encode())
    try:
        return pdfa.write(pdf)
    except pdfa.NotPdfA as refusal:
        raise Unreadable("pdfa", "; ".join(refusal.findings)[:200]) from refusal


def _covers_nothing(given: pdfium.PdfDocument, other: pdfium.PdfDocument) -> bool:
    """Whether each page looks as the same page of another document does."""
    from PIL import ImageChops

    from ingest.pictures import drawn

    if len(given) != len(other):
        return False
    for one, two in zip(given, other, strict=True):
        pages = [drawn(page, LOOK_DPI) for page in (one, two)]
        for page in (one, two):
            page.close()
        if pages[0].size != pages[1].size:
            return False
        most = ImageChops.difference(*pages).getextrema()[1]
        if isinstance(most, int | float) and most >= COVERED:
            return False
    return True
