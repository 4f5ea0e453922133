"""Foreign PDFs: digital ones are not OCRed, scanned ones get words, and nothing active survives."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from records import pdfa
from tests.ingest.conftest import draw, rendered, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reader import Reader


def digital(*, embedded: bool = True, rotate: int = 0, origin: int = 0) -> pikepdf.Pdf:
    """A letter that was never paper: its text is text."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    page.MediaBox = Array([origin, origin, 612 + origin, 792 + origin])
    if embedded:
        font = pdfa.embed_font(pdf)
        show = pdfa.face().encode("Señores Alcaldía de Tunja: petición")
    else:
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )  # fmt: skip
        show = b"<" + "Señores Alcaldía de Tunja: petición".encode("cp1252").hex().encode() + b">"
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    place = f"{100 + origin} {700 + origin}".encode()
    page.obj.Contents = pdf.make_stream(b"BT /F1 12 Tf " + place + b" Td " + show + b" Tj ET")
    if rotate:
        page.obj.Rotate = rotate
    return pdf


def scanned(rotate: int = 0, origin: float = 0, unit: float = 1) -> pikepdf.Pdf:
    """A scanner's PDF: one JPEG a page; with *rotate* its picture is stored turned back."""
    file = io.BytesIO()
    draw().rotate(rotate, expand=True).save(file, format="JPEG", quality=85)
    pdf = pikepdf.new()
    wide, high = (792, 612) if rotate % 180 else (612, 792)
    page = pdf.add_blank_page(page_size=(wide, high))
    image = pdf.make_stream(
        file.getvalue(), Type=Name.XObject, Subtype=Name.Image, BitsPerComponent=8,
        Width=2200 if rotate % 180 else 1700, Height=1700 if rotate % 180 else 2200,
        ColorSpace=Name.DeviceGray, Filter=Name.DCTDecode,
    )  # fmt: skip
    page.MediaBox = Array([origin, origin, wide + origin, high + origin])
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
    content = f"{wide} 0 0 {high} {origin} {origin} cm /Im0 Do"
    page.obj.Contents = pdf.make_stream(content.encode())
    page.obj.Rotate = rotate
    if unit != 1:
        page.obj.UserUnit = unit
    return pdf


def saved(pdf: pikepdf.Pdf, folder: Path, **options: object) -> Path:
    """The path of *pdf*, written."""
    path = folder / "entrada.pdf"
    pdf.save(path, **options)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("embedded", [True, False])
def test_a_digital_pdf_is_not_ocred(
    reader: Reader, tmp_path: Path, rotate: int, embedded: bool
) -> None:
    pdf = digital(embedded=embedded, rotate=rotate, origin=50)
    lectura, made = reader.read(saved(pdf, tmp_path))
    page = lectura.paginas[0]
    assert page.texto == "Señores Alcaldía de Tunja: petición"
    assert page.confianza == 100
    assert text_of(made, tmp_path) == page.texto
    assert pdfa.findings(made) == []
    assert any("Dibujado de nuevo" in n for n in lectura.notas) is not embedded
    picture = rendered(made, tmp_path, 72)
    x0, y0, x1, y1 = (round(v) for v in page.palabras[0].caja)
    assert np.asarray(picture.crop((x0 - 1, y0 - 1, x1 + 1, y1 + 1))).min() < 128


@pytest.mark.parametrize(("rotate", "origin", "unit"), [(0, 0, 1), (90, 40, 1), (270, -30, 2)])
def test_a_scanned_pdf_keeps_its_picture_and_gains_words(
    reader: Reader, tmp_path: Path, rotate: int, origin: float, unit: float
) -> None:
    path = saved(scanned(rotate, origin, unit), tmp_path)
    with pikepdf.open(path) as before:
        image = before.pages[0].obj.Resources.XObject.Im0
        assert isinstance(image, pikepdf.Stream)
        bytes_before = image.read_raw_bytes()
    lectura, made = reader.read(path)
    page = lectura.paginas[0]
    assert (page.ancho, page.alto) == pytest.approx((612 * unit, 792 * unit), abs=0.5)
    assert page.rotacion == 0
    assert "Begoña Núñez Ibáñez" in page.texto
    assert text_of(made, tmp_path) == " ".join(page.texto.split())
    with pikepdf.open(io.BytesIO(made)) as after:
        image = after.pages[0].obj.Resources.XObject.Im0
        assert isinstance(image, pikepdf.Stream)
        assert image.read_raw_bytes() == bytes_before
    assert pdfa.findings(made) == []


def test_a_scanned_pdf_on_its_side_is_turned(reader: Reader, tmp_path: Path) -> None:
    pdf = scanned(90)
    del pdf.pages[0].obj.Rotate
    lectura, made = reader.read(saved(pdf, tmp_path))
    assert lectura.paginas[0].rotacion == 90
    with pikepdf.open(io.BytesIO(made)) as after:
        assert after.pages[0].obj.Rotate == 90
    assert text_of(made, tmp_path) == " ".join(lectura.texto.split())
    assert rendered(made, tmp_path, 72).size == (612, 792)


def test_what_acts_or_hides_does_not_reach_the_copy(reader: Reader, tmp_path: Path) -> None:
    pdf = digital()
    script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    pdf.Root.OpenAction = script
    pdf.pages[0].obj.AA = Dictionary(O=script)
    pdf.attachments["otro.txt"] = b"adjunto"
    lectura, made = reader.read(saved(pdf, tmp_path))
    assert any("JavaScript" in n for n in lectura.notas)
    assert any("1 archivo adjunto: «otro.txt»" in n for n in lectura.notas)
    with pikepdf.open(io.BytesIO(made)) as after:
        assert Name.OpenAction not in after.Root
        assert len(after.attachments) == 0
    assert b"app.alert" not in made


def test_an_owner_password_is_noted_and_left_out(reader: Reader, tmp_path: Path) -> None:
    lock = pikepdf.Encryption(user="", owner="dueño")
    lectura, made = reader.read(saved(digital(), tmp_path, encryption=lock))
    assert any("restricciones" in n for n in lectura.notas)
    with pikepdf.open(io.BytesIO(made)) as after:
        assert not after.is_encrypted


def test_several_documents_at_once_do_not_mix(reader: Reader, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    paths = []
    for number in range(4):
        path = tmp_path / f"{number}.png"
        draw(size=(700, 300), letter=30, text=f"Radicado {number}{number}{number}").save(path)
        paths.append(path)
    with ThreadPoolExecutor(4) as threads:
        texts = [lectura.texto for lectura, _ in threads.map(reader.read, paths)]
    assert [str(n) * 3 in text for n, text in enumerate(texts)] == [True] * 4


def test_a_dead_worker_costs_no_page(tmp_path: Path) -> None:
    import os
    import signal

    from ingest.engine import chosen
    from ingest.facts import Limits
    from ingest.pool import OcrPool
    from tests.readers import read_in_child

    path = tmp_path / "carta.png"
    draw(size=(700, 300), letter=30, text="Radicado 123").save(path)
    facts = read_in_child(path, tmp_path, Limits()).paginas[0]
    pixels = (tmp_path / facts.pixeles).read_bytes()
    pool = OcrPool(chosen(), 1)
    try:
        pending = pool.submit(tmp_path, facts, first=True)
        os.kill(next(iter(pool._pool._processes)), signal.SIGKILL)
        assert "Radicado 123" in pool.result(pending).pagina.texto
        (tmp_path / facts.pixeles).write_bytes(pixels)
        again = pool.result(pool.submit(tmp_path, facts, first=True))
        assert "Radicado 123" in again.pagina.texto
    finally:
        pool.close()
