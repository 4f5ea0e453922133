"""The signed record: stamp, signature, once."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import zxingcpp

from records import lines, paper, pdfa, signing, verify
from records.errors import Refused
from records.office import Office
from tests.conftest import page_pdf, receive, text_of

TOP_RIGHT = (395.0, 10.0, 585.0, 72.0)


def numbered(office: Office, **fields: str) -> tuple[str, str]:
    (subject,) = receive(office, 1)
    return subject, office.radicar(subject, fields).radicado


def sealed_pdf(office: Office, radicado: str) -> bytes:
    seen = office.ver(radicado)
    (record,) = [d for d in seen.documentos if d.rol == "registro"]
    assert record.archivo is not None
    return (office.home / record.archivo).read_bytes()


def pixels(data: bytes, page: int = 0, scale: float = 1) -> np.ndarray:
    import pypdfium2

    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        return document[page].render(scale=scale, grayscale=True).to_numpy().squeeze().copy()


def test_the_record_is_stamped_signed_and_shown(office: Office) -> None:
    subject, radicado = numbered(office, remitente="José Muñoz", dependencia="120", folios="2")
    office.sellar(subject, page_pdf(), hueco=TOP_RIGHT, paginas=1, lectura=None)
    data = sealed_pdf(office, radicado)
    text = text_of(data)
    for said in (radicado, "San Jacinto del Río", "Folios 2", "120 Oficina Asesora Jurídica"):
        assert said in text
    assert signing.verify(data, office.keys).valid
    assert verify.verify(office, complete=True).ok


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="sin poppler-utils")
def test_poppler_calls_the_signature_valid(office: Office, tmp_path: Path) -> None:
    subject, radicado = numbered(office)
    office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    path = tmp_path / "r.pdf"
    path.write_bytes(sealed_pdf(office, radicado))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_the_signed_file_begins_with_a_pdfa(office: Office) -> None:
    subject, radicado = numbered(office)
    office.sellar(subject, page_pdf(), hueco=TOP_RIGHT, paginas=1, lectura=None)
    data = sealed_pdf(office, radicado)
    validated = data[: data.index(b"%%EOF") + 6]
    assert pdfa.findings(validated) == []


def test_the_stamp_changes_nothing_outside_its_rectangle(office: Office) -> None:
    subject, radicado = numbered(office)
    before = pixels(page_pdf())
    office.sellar(subject, page_pdf(), hueco=TOP_RIGHT, paginas=1, lectura=None)
    after = pixels(sealed_pdf(office, radicado))
    changed = np.argwhere(before != after)
    assert len(changed)
    (y0, x0), (y1, x1) = changed.min(axis=0), changed.max(axis=0)
    assert x0 >= 394 and y0 >= 9 and x1 <= 586 and y1 <= 73


def test_a_page_without_a_free_margin_grows_by_a_strip(office: Office) -> None:
    subject, radicado = numbered(office)
    before = pixels(page_pdf())
    office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    after = pixels(sealed_pdf(office, radicado))
    grown = after.shape[0] - before.shape[0]
    assert grown == pytest.approx(paper.STRIP, abs=1)
    assert (after[grown:] == before).mean() > 0.999
    assert (after[:grown] < 128).any()


FACTS = paper.Facts(
    "Alcaldía", "2026-VU1-E-000001", "2026-11-22 08:00", "2026-11-22 08:05", "1", "0", "Planeación",
    "00" * 32,
)  # fmt: skip


def foreign(turn: int, unit: int, crop: bool) -> bytes:
    """A page of another program: upright it is 595 × 842 points with a line at its foot."""
    with pikepdf.open(io.BytesIO(page_pdf())) as pdf:
        page = pdf.pages[0]
        wide, high = (842, 595) if turn % 180 else (595, 842)
        edge = 40 if crop else 0
        page.MediaBox = pikepdf.Array(
            [7, 9, 7 + wide / unit + 2 * edge, 9 + high / unit + 2 * edge]
        )
        if crop:
            left, low = 7 + edge, 9 + edge
            page.CropBox = pikepdf.Array([left, low, left + wide / unit, low + high / unit])
            # Printers' marks, outside what is seen.
            page.contents_add(b"0 g 0 0 2000 30 re f 0 0 30 2000 re f\n", prepend=True)
            page.contents_add(f"0 g 0 {low + high / unit} 2000 30 re f\n".encode())
            page.contents_add(f"0 g {left + wide / unit} 0 30 2000 re f\n".encode())
        page.Rotate = turn
        if unit > 1:
            page.obj.UserUnit = unit
        return pdfa.write(pdf)


@pytest.mark.parametrize(("unit", "crop"), [(1, False), (2, True)])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_stamped_where_a_person_sees_the_margin(
    turn: int, unit: int, crop: bool
) -> None:
    document = foreign(turn, unit, crop)
    before = pixels(document, scale=2 * unit)
    assert before.shape == (1684, 1190)
    after = pixels(paper.stamp(document, FACTS, TOP_RIGHT), scale=2 * unit)
    changed = np.argwhere(before != after) / 2
    (y0, x0), (y1, x1) = changed.min(axis=0), changed.max(axis=0)
    assert x0 >= 394 and y0 >= 9 and x1 <= 586 and y1 <= 73
    assert y1 - y0 > 60
    (code,) = zxingcpp.read_barcodes(after)
    assert code.text == FACTS.qr
    assert code.orientation == 0


@pytest.mark.parametrize(("unit", "crop"), [(1, False), (2, True)])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_grows_at_the_top_that_a_person_sees(
    turn: int, unit: int, crop: bool
) -> None:
    document = foreign(turn, unit, crop)
    before = pixels(document, scale=2 * unit)
    after = pixels(paper.stamp(document, FACTS, None), scale=2 * unit)
    grown = after.shape[0] - before.shape[0]
    assert grown == pytest.approx(2 * paper.STRIP, abs=2)
    assert after.shape[1] == before.shape[1]
    assert (after[grown:] == before).mean() > 0.999
    assert (after[:grown] < 128).mean() < 0.1
    (code,) = zxingcpp.read_barcodes(after)
    assert code.orientation == 0


def test_a_second_seal_changes_nothing(office: Office) -> None:
    subject, radicado = numbered(office)
    first = office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    assert office.sellar(subject, page_pdf("otra"), hueco=None, paginas=1, lectura=None) == first
    events = [h.tipo for h in office.ver(radicado).historia]
    assert events.count("registro.sellado") == 1


def test_nothing_is_sealed_without_a_number(office: Office) -> None:
    (subject,) = receive(office, 1)
    with pytest.raises(Refused):
        office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)


def test_the_stamp_carries_a_qr_that_names_number_and_event(office: Office) -> None:
    subject, radicado = numbered(office)
    office.sellar(subject, page_pdf(), hueco=TOP_RIGHT, paginas=1, lectura=None)
    import pypdfium2

    with pypdfium2.PdfDocument(io.BytesIO(sealed_pdf(office, radicado))) as document:
        image = document[0].render(scale=3, grayscale=True).to_numpy()
    (code,) = zxingcpp.read_barcodes(image.squeeze())
    assert paper.read_qr(code.text) is not None
    read, mark = paper.read_qr(code.text) or ("", "")
    history = office.ver(radicado).historia
    event = next(h.evento for h in history if h.tipo == "radicado.asignado")
    assert (read, event[:16]) == (radicado, mark)


def test_the_label_is_a_pdfa_with_the_number(office: Office) -> None:
    number = office.radicar_sin_imagen({"remitente": "Ana"})
    data = office.guardar_etiqueta(number.radicado).read_bytes()
    assert pdfa.findings(data) == []
    assert number.radicado in text_of(data)


def test_a_scan_with_our_label_is_filed_and_never_stamped(office: Office) -> None:
    number = office.radicar_sin_imagen({"remitente": "Ana"})
    (scan,) = receive(office, 1)
    with pytest.raises(Refused, match="rótulo"):
        office.incorporar_imagen(scan, number.radicado, "0" * 16)
    event = office.incorporar_imagen(scan, number.radicado, number.evento[:16])
    done = office.sellar(event.subject, page_pdf("papel"), hueco=TOP_RIGHT, paginas=1, lectura=None)
    assert done.sello == "ninguno"
    assert "Radicado" not in text_of(sealed_pdf(office, number.radicado))
    (other,) = receive(office, 1, start=5)
    with pytest.raises(Refused, match="ya tiene"):
        office.incorporar_imagen(other, number.radicado, number.evento[:16])
    assert verify.verify(office, complete=True).ok


def test_a_changed_certificate_or_page_is_not_valid(office: Office) -> None:
    subject, radicado = numbered(office)
    office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    data = bytearray(sealed_pdf(office, radicado))
    data[2000] ^= 1
    assert not signing.verify(bytes(data), office.keys).valid
    with pikepdf.open(io.BytesIO(sealed_pdf(office, radicado))) as pdf:
        out = io.BytesIO()
        pdf.save(out)
    assert not signing.verify(out.getvalue(), office.keys).valid
    assert lines.sha256(out.getvalue()) not in str(office.ver(radicado))


def test_a_certificate_that_ran_out_does_not_spoil_what_it_signed(office: Office) -> None:
    subject, radicado = numbered(office)
    office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    data = sealed_pdf(office, radicado)
    now = lines.now()
    assert signing.verify(data, office.keys, now).valid
    assert not signing.verify(data, office.keys, now + timedelta(days=900)).valid


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="sin qpdf")
def test_qpdf_finds_no_fault_in_a_record(office: Office, tmp_path: Path) -> None:
    subject, radicado = numbered(office)
    office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    path = tmp_path / "r.pdf"
    path.write_bytes(sealed_pdf(office, radicado))
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
