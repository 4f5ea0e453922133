"""The archive copy of a foreign PDF keeps its pages as they are, and draws only what it must."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from records import pdfa
from tests.ingest.conftest import LETTER, rendered, text_of
from tests.ingest.papers import blank, saved, written

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.lectura import Lectura
    from ingest.reader import Reader

LINES = [line for line in LETTER.splitlines() if line]


def letter() -> pikepdf.Pdf:
    """A letter out of a word processor."""
    pdf, page = blank()
    page.Contents = pdf.make_stream(written(LINES, 72, 740))
    return pdf


def drawn(reading: Lectura) -> bool:
    """Whether the notes say that pages were drawn."""
    return any("Dibujado de nuevo" in note for note in reading.notas)


def oddities(pdf: pikepdf.Pdf) -> None:
    """What programs leave in their files, LibreOffice's checksum first."""
    page = pdf.pages[0].obj
    pdf.trailer.DocChecksum = Name("/ABCDEF")
    page.Trans = Dictionary(S=Name.Fly)
    page.Resources.Encoding = Dictionary()
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Popup, Rect=Array([0, 0, 9, 9]))])
    pdf.Root.PageMode = Name.UseAttachments
    pdf.Root.Extensions = Dictionary(ESIC=Dictionary(BaseVersion=Name("/1.7"), ExtensionLevel=1))
    pdf.Root.Version = Name("/2.0")
    font = page.Resources.Font.F1.DescendantFonts[0]
    font.FontDescriptor.CIDSet = pdf.make_stream(b"\0\xff")
    shown = Dictionary(Type=Name.OCG, Name="Capa")
    pdf.Root.OCProperties = Dictionary(OCGs=Array([shown]), D=Dictionary(Order=Array([])))


def test_what_programs_leave_in_a_file_does_not_turn_letters_into_pictures(
    reader: Reader, tmp_path: Path
) -> None:
    pdf = letter()
    oddities(pdf)
    lectura, made = reader.read(saved(pdf, tmp_path))
    assert not drawn(lectura)
    assert pdfa.findings(made) == []
    with pikepdf.open(io.BytesIO(made)) as copy:
        assert Name.F1 in copy.pages[0].obj.Resources.Font
        assert not copy.pages[0].get_images()
    assert text_of(made, tmp_path) == " ".join(" ".join(LINES).split())


def test_a_bad_outline_costs_the_outline_only(reader: Reader, tmp_path: Path) -> None:
    pdf = letter()
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Carta", 0))
    pdf.Root.Outlines.First.Title = pdf.make_indirect(pikepdf.String("Carta"))
    lectura, made = reader.read(saved(pdf, tmp_path))
    assert not drawn(lectura) and pdfa.findings(made) == []


def helvetica(pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
    """The font that every program takes for granted and none embeds."""
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def test_only_the_page_that_cannot_be_kept_is_drawn(reader: Reader, tmp_path: Path) -> None:
    pdf, middle = blank()
    middle.Resources.Font = Dictionary(H=helvetica(pdf))
    middle.Contents = pdf.make_stream(b"BT /H 14 Tf 72 700 Td (Folio segundo) Tj ET")
    pages = letter()
    pdf.pages.insert(0, pages.pages[0])
    pdf.pages.append(pages.pages[0])
    path = saved(pdf, tmp_path)
    lectura, made = reader.read(path)
    assert any(n.startswith("Dibujado de nuevo en la página 2:") for n in lectura.notas)
    with pikepdf.open(io.BytesIO(made)) as copy:
        assert [bool(page.get_images()) for page in copy.pages] == [False, True, False]
        image = next(iter(copy.pages[1].get_images().values()))
        assert "CCITTFaxDecode" in repr(image.Filter)  # black letters take no greys
    assert text_of(made, tmp_path).count("Folio segundo") == 1
    assert pdfa.findings(made) == []


@pytest.mark.largo
@pytest.mark.parametrize("rotate", [0, 90])
def test_a_drawn_page_looks_as_it_did(reader: Reader, tmp_path: Path, rotate: int) -> None:
    pdf, page = blank()
    page.Resources.Font = Dictionary(H=helvetica(pdf))
    ink = b"0 0.2 0.6 rg 60 500 300 100 re f 0.6 g 60 300 200 50 re f "
    page.Contents = pdf.make_stream(ink + b"0 g BT /H 24 Tf 72 700 Td (Plano de la obra) Tj ET")
    page.Rotate, page.MediaBox = rotate, Array([20, 30, 632, 822])
    path = saved(pdf, tmp_path)
    lectura, made = reader.read(path)
    assert drawn(lectura)
    before = np.asarray(rendered(path.read_bytes(), tmp_path, 72), float)
    after = rendered(made, tmp_path, 72)
    assert after.size == (before.shape[1], before.shape[0])
    assert np.abs(before - np.asarray(after)).mean() < 2
    assert len(made) < 60_000


def test_a_document_whose_tree_is_rotten_is_drawn_into_a_new_one(
    reader: Reader, tmp_path: Path
) -> None:
    pdf = letter()
    pdf.Root.Pages.Type = Name.Font  # shared by all pages: none can be kept
    lectura, made = reader.read(saved(pdf, tmp_path))
    assert pdfa.findings(made) == []
    assert text_of(made, tmp_path) == " ".join(" ".join(LINES).split())
    assert lectura.paginas[0].confianza == 100


@pytest.mark.largo
def test_a_layer_that_is_hidden_stays_hidden(reader: Reader, tmp_path: Path) -> None:
    pdf, page = blank()
    off = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Borrador"))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([off]), D=Dictionary(OFF=Array([off]), Order=Array([off]))
    )
    page.Resources.Properties = Dictionary(Capa=off)
    secret = b"/OC /Capa BDC 0 g 100 100 400 300 re f EMC "
    page.Contents = pdf.make_stream(secret + written(LINES, 72, 740))
    _, made = reader.read(saved(pdf, tmp_path))
    picture = np.asarray(rendered(made, tmp_path, 72))
    assert picture[792 - 250, 300] > 200
    assert pdfa.findings(made) == []
