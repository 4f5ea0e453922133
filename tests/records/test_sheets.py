"""Official pages: what a citizen reads, copies, scans; and that nothing spills or is obeyed."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from records import pdfa, settings, typeset
from records.letterhead import Letterhead
from records.sheets import Column, Sheet
from tests.conftest import ROOT, text_of

AT = datetime(2026, 11, 22, 10, 3, tzinfo=timezone(timedelta(hours=-5)))
HEAD = Letterhead.of(settings.load(ROOT / "config.toml"))
HOSTILE = [
    "", " ", "x" * 300, "José Muñoz de la Peña " * 15, "<b>negrilla</b> & <font size=90>",
    "%s {0} \\n (", "al\u202erevés", "nul\x00 esc\x1b[31m", "línea\nuno\r\ndos\u2028tres",
    "emoji 🏛️ 日本 ﷺ", "\ud800", "))) Tj ET", "--página-- **negrilla** __u__",
]  # fmt: skip


def sheet(**more: object) -> Sheet:
    return Sheet(HEAD, "Constancia de radicación", at=AT, **more)  # type: ignore[arg-type]


def constancia(values: list[str], payload: str = "VENTANILLA 1 X 0123456789ABCDEF") -> Sheet:
    made = sheet(one_page=True, mark="Sello del día 3f2a9c", subtitle=values[0])
    made.paragraph(values[1 % len(values)])
    made.pairs([(f"Campo {n}", value) for n, value in enumerate(values)])
    made.qr(payload, values[-1])
    made.signature(values[0] or "Claudia Ruiz", values[-1])
    return made


def count(data: bytes) -> int:
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        return len(document)


def lines_of(data: bytes) -> list[str]:
    return [" ".join(line.split()) for line in text_of(data).splitlines()]


def read_codes(data: bytes, dpi: int = 150, page: int = 0) -> list[zxingcpp.Barcode]:
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        image = document[page].render(scale=dpi / 72, grayscale=True).to_numpy()
    return list(zxingcpp.read_barcodes(image.squeeze()))


def test_a_page_says_who_speaks_and_its_text_is_copied_whole() -> None:
    made = sheet(mark="Sello del día 3f2a9c", subtitle="Vigencia 2026")
    said = "«Ñandú» n.º 2ª — 15° – …áéíóúüÁÉÍÓÚÜ ✓ €"
    made.heading("Datos")
    made.paragraph(said)
    made.pairs([("Remitente", "José Muñoz"), ("Anexos", "")])
    data = made.pdf()
    assert pdfa.findings(data) == []
    lines = lines_of(data)
    for line in ("Constancia de radicación", "Vigencia 2026", HEAD.entidad, said, "Datos",
                 "NIT 899999123-4 · Ventanilla Única – sede principal"):  # fmt: skip
        assert line in lines
    text = "\n".join(lines)
    for part in ("Página 1 de 1", "Sello del día 3f2a9c", "Carrera 5 # 4-12", "Fax (601) 555 0141",
                 "www.sanjacintodelrio.gov.co", "José Muñoz", "—"):  # fmt: skip
        assert part in text.replace("\u00a0", " ")


def test_every_font_is_embedded_and_the_document_says_what_it_is() -> None:
    with pikepdf.open(io.BytesIO(constancia(["Ana"]).pdf())) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert pdf.Root.Lang == "es-CO"
        assert str(pdf.docinfo["/Title"]) == "Constancia de radicación"
        assert str(pdf.docinfo["/Author"]) == HEAD.entidad
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261122100300-05'00"


def test_the_same_input_gives_the_same_bytes() -> None:
    first = constancia(["Ana", "B"]).pdf()
    time.sleep(1.1)
    assert constancia(["Ana", "B"]).pdf() == first
    other = (
        "from tests.records.test_sheets import *; import hashlib;"
        "print(hashlib.sha256(constancia(['Ana', 'B']).pdf()).hexdigest())"
    )
    said = subprocess.run(
        [sys.executable, "-c", other], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == hashlib.sha256(first).hexdigest()


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_constancia_is_one_checked_page_whatever_people_wrote(value: str) -> None:
    data = constancia([value] * 12).pdf()
    assert count(data) == 1 and pdfa.findings(data) == []
    text = text_of(data)
    assert not set("\u202e\x1b\x00") & set(text)
    assert "Página 1 de 1" in text


def test_markup_and_operators_of_strangers_are_shown_as_they_were_written() -> None:
    text = " ".join(lines_of(constancia([HOSTILE[4], HOSTILE[11], HOSTILE[12]]).pdf()))
    for said in (HOSTILE[4], HOSTILE[11], HOSTILE[12]):
        assert said in text


def test_what_the_font_lacks_becomes_a_question_mark() -> None:
    assert typeset.clean("a日b🏛c") == "a?b?c"
    assert typeset.clean("ﬁn ½ e\u0301 \u2011 a\u200bb") == "fin ½ é - ab"
    assert typeset.clean("al\u202erevés\x07") == "alrevés"


def test_one_page_holds_the_longest_values_and_says_what_it_cut() -> None:
    data = constancia(["palabra " * 2000] * 15, "x" * 700).pdf()
    assert count(data) == 1 and "…" in text_of(data)
    made = sheet(one_page=True)
    made.table([Column("A"), Column("B")], ([str(n), "x"] for n in range(900)))
    data = made.pdf()
    assert count(data) == 1 and "más" in text_of(data)
    too_many = sheet(one_page=True)
    too_many.pairs([("a", "b")] * 200)
    with pytest.raises(ValueError, match="one page"):
        too_many.pdf()


PAYLOADS = ["VENTANILLA 1 2026-VU1-E-000123 0123456789ABCDEF", "aB3-" * 175, "Peña «ñ» " * 60]


@pytest.mark.parametrize("payload", PAYLOADS, ids=["own", "long", "accents"])
def test_a_qr_is_read_from_the_printed_page(payload: str) -> None:
    data = constancia(["palabra " * 500] * 12, payload).pdf()
    (code,) = read_codes(data)
    assert code.text == payload
    place = code.position
    side_mm = (place.top_right.x - place.top_left.x) / 150 * 25.4
    from records import codes

    assert side_mm / len(codes.qr(payload)) >= 0.39


def test_a_table_says_its_head_on_each_page_and_loses_no_row() -> None:
    rows = ([f"R-{n:05d}", "Texto largo " * (n % 9), str(n)] for n in range(400))
    made = sheet(landscape=True)
    columns = [Column("Radicado", clip=True), Column("Asunto", 3), Column("Folios", right=True)]
    made.table(columns, rows)
    made.heading("Totales")
    data = made.pdf()
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
        assert document[0].get_width() > document[0].get_height()
    assert len(texts) > 5
    for n, text in enumerate(texts, start=1):
        assert f"Página {n} de {len(texts)}" in text
        assert text.count("Radicado") == 1 and HEAD.entidad in text
    found = [line for t in texts for line in t.split() if line.startswith("R-")]
    assert found == [f"R-{n:05d}" for n in range(400)]
    assert pdfa.findings(data) == []


def test_numbers_end_at_the_right_margin_and_clipped_cells_stay_in_theirs() -> None:
    made = sheet()
    made.table(
        [Column("A", clip=True), Column("N", right=True), Column("Z")],
        [["x" * 300, "7", "z"], ["corto", "1234567", "z"]],
    )
    data = made.pdf()
    ends = []
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        page = document[0].get_textpage()
        text = page.get_text_range()
        for number in ("1234567", "7"):
            at = text.index(number) + len(number) - 1
            ends.append(page.get_charbox(at, loose=True)[2])
        clipped = page.get_charbox(text.index("…"), loose=True)
        assert clipped[2] < page.get_charbox(text.index("\n7") + 1 if "\n7" in text else
                                             text.index("7"), loose=True)[0]  # fmt: skip
    assert ends[0] == pytest.approx(ends[1], abs=0.5)


def test_a_row_taller_than_a_page_is_divided_and_whole() -> None:
    words = [f"palabra{n}" for n in range(3000)]
    made = sheet()
    made.table([Column("A"), Column("B", 3)], [["uno", " ".join(words)], ["dos", ""]])
    data = made.pdf()
    assert count(data) > 2
    text = text_of(data).split()
    assert [w for w in text if w.startswith("palabra")] == words


def test_empty_tables_and_values_leave_no_hole() -> None:
    made = sheet()
    made.table([Column("A")], [], empty="No hubo radicados este día.")
    assert "No hubo radicados este día." in text_of(made.pdf())
    made = sheet()
    made.pairs([("Vacío", " "), ("Sin forma", "\u202e\x07")])
    assert text_of(made.pdf()).count("—") == 2
    bare = Sheet(Letterhead("E"), "T", at=AT)
    assert count(bare.pdf()) == 1


def test_no_text_reaches_the_footer_or_the_margins() -> None:
    made = sheet(mark="m" * 400)
    for value in HOSTILE * 8:
        made.pairs([(value, value)])
        made.qr("x", value)
        made.signature(value, value)
    data = made.pdf()
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        for page in document:
            boxes = [o.get_bounds() for o in page.get_objects()]
            side = 20 * typeset.MM - 1.5
            assert min(b[0] for b in boxes) >= side
            assert max(b[2] for b in boxes) <= page.get_width() - side
            foot = 23 * typeset.MM
            assert not [b for b in boxes if b[1] < foot - 1 and b[3] > foot + 2]


@pytest.mark.largo
def test_a_register_of_twenty_thousand_rows_is_made_in_a_minute() -> None:
    made = sheet(landscape=True)
    row = ["2026-VU1-E-000001", "22 nov 2026, 10:03", "José Muñoz", "Asunto " * 9, "120", "3"]
    started = time.monotonic()
    made.table([Column(str(n)) for n in range(6)], (row for _ in range(20_000)))
    assert count(made.pdf()) > 400
    assert time.monotonic() - started < 60


@pytest.mark.skipif(not Path("/usr/bin/pdftotext").exists(), reason="sin poppler-utils")
def test_poppler_reads_the_same_text(tmp_path: Path) -> None:
    path = tmp_path / "c.pdf"
    path.write_bytes(constancia(["José Muñoz", "2ª «etapa» …"]).pdf())
    command = ["pdftotext", "-layout", path, "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "José Muñoz" in said and "2ª «etapa» …" in said
