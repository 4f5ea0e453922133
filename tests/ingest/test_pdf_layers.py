"""Whose words a PDF page gets: its own, another program's, those of our reading, or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from ingest.facts import Limits
from records import pdfa
from tests.ingest.conftest import FONT, LETTER, draw, text_of
from tests.ingest.papers import blank, laid, saved, scan_pdf, written
from tests.readers import read_in_child

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.facts import PageFacts
    from ingest.reader import Reader

LINES = [line for line in LETTER.splitlines() if line]
FOOT = [
    "Documento firmado electrónicamente por JUAN PÉREZ GÓMEZ, Director Jurídico, según la Ley 527.",
    "Verifique su autenticidad en https://sede.entidad.gov.co con el código A1B2-C3D4-E5F6-0099.",
    "Radicado de salida 2026-EE-000123 del 12 de noviembre de 2026, folios 3, anexos 0, oficio.",
]


def facts_of(path: Path, folder: Path) -> list[PageFacts]:
    """What the child tells of the pages of *path*."""
    folder.mkdir()
    return read_in_child(path, folder, Limits()).paginas


def letterhead() -> Image.Image:
    """The paper of an office as a word processor lays it under each page."""
    page = Image.new("L", (1275, 1650), 255)
    pen = ImageDraw.Draw(page)
    pen.text((400, 60), "ALCALDÍA MUNICIPAL DE TUNJA", 40, ImageFont.truetype(str(FONT), 34))
    pen.text((300, 1570), "Calle 19 No. 9-95 Tunja, Boyacá", 60, ImageFont.truetype(str(FONT), 26))
    return page


def read_by_another(text: list[str], size: int = 17) -> bytes:
    """An unseen layer over the page of `draw`, its lines where theirs are."""
    out, show = [], pdfa.face()
    for number, line in enumerate(text):
        if line:
            wide = show.width(line, size)
            stretch = 100 * 12.96 * len(line) * 0.6 / max(wide, 1)
            y = 792 - 72 - 13 - number * 18.8
            row = f"BT 3 Tr /F1 {size} Tf {stretch:.1f} Tz 72 {y} Td ".encode()
            out.append(row + show.encode(line) + b" Tj ET\n")
    return b"".join(out)


def test_a_signers_footer_does_not_hide_the_scan_under_it(reader: Reader, tmp_path: Path) -> None:
    path = saved(scan_pdf(draw(), (200, 200), written(FOOT, 40, 40, 7)), tmp_path)
    lectura, made = reader.read(path)
    text = lectura.texto
    assert "Begoña Núñez Ibáñez" in text and "A1B2-C3D4-E5F6-0099" in text
    assert text.index("Begoña") < text.index("Director Jurídico")
    assert text_of(made, tmp_path).count("A1B2-C3D4-E5F6-0099") == 1
    assert "Begoña Núñez Ibáñez" in text_of(made, tmp_path)
    assert pdfa.findings(made) == []


def test_half_a_page_of_letters_and_half_a_scan_are_one_text(
    reader: Reader, tmp_path: Path
) -> None:
    pdf, page = blank()
    half = draw("\n".join(LINES[6:]), size=(1700, 900))
    scan = laid(pdf, page, half, 0, 40, 612, 324)
    page.Contents = pdf.make_stream(written(LINES[:6], 72, 740) + scan)
    lectura, made = reader.read(saved(pdf, tmp_path))
    text = lectura.texto
    assert "Petición de arreglo de la vía al Peñón" in text
    assert text.index("ALCALDÍA MUNICIPAL") < text.index("despeje la vía")
    assert text_of(made, tmp_path).count("ALCALDÍA MUNICIPAL") == 1
    assert lectura.hueco is not None


def test_a_letterhead_is_read_once(reader: Reader, tmp_path: Path) -> None:
    pdf, page = blank()
    back = laid(pdf, page, letterhead(), 0, 0, 612, 792)
    page.Contents = pdf.make_stream(back + written(LINES, 72, 600))
    pdf.pages.append(pdf.pages[0])
    path = saved(pdf, tmp_path)
    first, second = facts_of(path, tmp_path / "hijo")
    assert first.pixeles and not second.pixeles
    lectura, _ = reader.read(path)
    assert lectura.paginas[0].texto.startswith("ALCALDÍA MUNICIPAL DE TUNJA")
    assert "Calle 19" in lectura.paginas[0].texto.splitlines()[-1]
    assert lectura.paginas[0].palabras[-1].caja[1] > 740


@pytest.mark.largo
def test_a_photograph_in_a_report_is_no_text(reader: Reader, tmp_path: Path) -> None:
    pdf, page = blank()
    photo = laid(pdf, page, Image.effect_noise((600, 400), 90), 100, 150, 400, 266)
    page.Contents = pdf.make_stream(written(LINES, 72, 740) + photo)
    lectura, _ = reader.read(saved(pdf, tmp_path))
    assert lectura.texto.splitlines() == LINES
    assert lectura.paginas[0].confianza == 100


def test_a_good_reading_by_another_program_is_kept(tmp_path: Path) -> None:
    path = saved(scan_pdf(draw(), (200, 200), read_by_another(LETTER.splitlines())), tmp_path)
    (page,) = facts_of(path, tmp_path / "hijo")
    assert page.lectura is not None and not page.pixeles
    assert page.lectura.confianza == 60
    name = next(w for w in page.lectura.palabras if w.texto == "Begoña")
    assert name.caja[3] - name.caja[1] > 8  # its place, though its glyphs may be empty


@pytest.mark.parametrize("kind", ["without its accents", "half of it", "garbage"])
def test_a_bad_one_is_read_anew_and_leaves_the_copy(
    reader: Reader, tmp_path: Path, kind: str
) -> None:
    lines = {
        "without its accents": LETTER.translate(str.maketrans("áéíóúñÁÉÍÓÚ", "aeiounAEIOU")),
        "half of it": "\n".join(LETTER.splitlines()[:9]),
        "garbage": "\n".join("xq|z ~lkj w3r5t pp0" if line else "" for line in LETTER.splitlines()),
    }[kind].splitlines()
    path = saved(scan_pdf(draw(), (200, 200), read_by_another(lines)), tmp_path)
    lectura, made = reader.read(path)
    assert "Begoña Núñez Ibáñez" in lectura.texto
    assert any("se leyó de nuevo en la página 1" in note for note in lectura.notas)
    assert text_of(made, tmp_path) == " ".join(lectura.texto.split())
    assert pdfa.findings(made) == []


def test_text_under_the_scan_is_nobodys_letters(tmp_path: Path) -> None:
    pdf, page = blank()
    under = written(LINES, 72, 740)
    page.Contents = pdf.make_stream(under + laid(pdf, page, draw(), 0, 0, 612, 792))
    (facts,) = facts_of(saved(pdf, tmp_path), tmp_path / "hijo")
    assert facts.lectura is None or facts.lectura.confianza == 60


def test_letters_whose_codes_say_nothing_are_read(reader: Reader, tmp_path: Path) -> None:
    pdf, page = blank()
    face = pdfa.face()
    wrong = {g: chr(max(33, c - 29)) for c, g in sorted(face.glyphs.items(), reverse=True)}
    page.Resources.Font.F1.ToUnicode = pdf.make_stream(pdfa.to_unicode(wrong))
    page.Contents = pdf.make_stream(written(LINES, 72, 740))
    lectura, _ = reader.read(saved(pdf, tmp_path))
    assert "Begoña Núñez Ibáñez" in lectura.texto


def test_a_stamp_and_a_filled_field_are_seen_and_read(reader: Reader, tmp_path: Path) -> None:
    pdf, page = blank()
    font = Dictionary(F1=page.Resources.Font.F1)

    def look(text: str) -> pikepdf.Stream:
        show = b"BT /F1 12 Tf 4 6 Td " + pdfa.face().encode(text) + b" Tj ET"
        return pdf.make_stream(
            show, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 250, 24]),
            Resources=Dictionary(Font=font),
        )  # fmt: skip

    stamp = pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([300, 740, 550, 764]), F=4,
        Contents="RECIBIDO", DA="/F1 12 Tf", AP=Dictionary(N=look("RECIBIDO 14 NOV 2026")),
    ))  # fmt: skip
    filled = pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="nombre", V="Begoña Núñez", F=4,
        Rect=Array([72, 300, 322, 324]), AP=Dictionary(N=look("Begoña Núñez")),
    ))  # fmt: skip
    remark = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([20, 20, 40, 40]), Contents="¡Ojo!"
    )
    page.Annots = Array([stamp, filled, pdf.make_indirect(remark)])
    pdf.Root.AcroForm = Dictionary(Fields=Array([filled]))
    page.Contents = pdf.make_stream(written(LINES[:5], 72, 700))
    lectura, made = reader.read(saved(pdf, tmp_path))
    assert "RECIBIDO 14 NOV 2026" in lectura.texto and "Begoña Núñez" in lectura.texto
    assert "Begoña Núñez" in text_of(made, tmp_path)
    assert any("1 comentario fuera de la página" in note for note in lectura.notas)
    assert "¡Ojo!" not in lectura.texto


def test_what_lies_beside_the_visible_page_is_no_text(tmp_path: Path) -> None:
    pdf, page = blank((812, 992))
    page.Contents = pdf.make_stream(
        written(LINES, 172, 800) + written(["FUERA DE LA PÁGINA"], 20, 20)
    )
    page.CropBox = Array([100, 100, 712, 892])
    (facts,) = facts_of(saved(pdf, tmp_path), tmp_path / "hijo")
    assert facts.lectura is not None
    assert facts.lectura.texto.splitlines() == LINES
    assert facts.lectura.palabras[0].caja[0] == pytest.approx(72, abs=2)


@pytest.mark.largo
@pytest.mark.parametrize("crop", [(-100, -100, 900, 900), (612, 792, 0, 0), (700, 800, 900, 900)])
def test_words_lie_on_their_ink_whatever_the_crop_box(
    reader: Reader, tmp_path: Path, crop: tuple[float, ...]
) -> None:
    pdf = scan_pdf(draw(), (200, 200))
    pdf.pages[0].obj.CropBox = Array(list(crop))
    lectura, made = reader.read(saved(pdf, tmp_path))
    assert (lectura.paginas[0].ancho, lectura.paginas[0].alto) == (612, 792)
    word = next(w for w in lectura.paginas[0].palabras if w.texto == "Begoña")
    with pdfium.PdfDocument(made) as copy:
        found = copy[0].get_textpage().search("Begoña").get_next()
        assert found is not None
        box = copy[0].get_textpage().get_charbox(found[0], loose=True)
    assert box[0] == pytest.approx(word.caja[0], abs=2)
    assert 792 - box[3] == pytest.approx(word.caja[1], abs=4)


def test_boxes_and_resources_of_the_page_tree_count(tmp_path: Path) -> None:
    pdf, page = blank()
    page.Contents = pdf.make_stream(written(LINES, 172, 800))
    pdf.Root.Pages.Resources, pdf.Root.Pages.MediaBox = page.Resources, Array([100, 100, 712, 892])
    del page.Resources, page.MediaBox
    (facts,) = facts_of(saved(pdf, tmp_path), tmp_path / "hijo")
    assert facts.lectura is not None and facts.lectura.texto.splitlines() == LINES
    assert facts.lectura.palabras[0].caja[0] == pytest.approx(72, abs=2)


def test_a_word_divided_at_the_lines_end_keeps_its_hyphen(tmp_path: Path) -> None:
    pdf, page = blank()
    page.Contents = pdf.make_stream(
        written(["se informa a la comuni-", "dad de la vereda"], 72, 700)
    )
    (facts,) = facts_of(saved(pdf, tmp_path), tmp_path / "hijo")
    assert facts.lectura is not None
    assert facts.lectura.texto == "se informa a la comuni-\ndad de la vereda"


def test_dots_that_lead_the_eye_do_not_make_a_page_unreadable(tmp_path: Path) -> None:
    pdf, page = blank()
    rows = [f"{n}. Capítulo {'. ' * 60}{n * 3}" for n in range(1, 20)]
    page.Contents = pdf.make_stream(written(rows, 72, 740))
    (facts,) = facts_of(saved(pdf, tmp_path), tmp_path / "hijo")
    assert facts.lectura is not None and not facts.pixeles
