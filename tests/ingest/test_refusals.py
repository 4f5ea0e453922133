"""What cannot become a record is refused quickly, with a sentence that a clerk understands."""

from __future__ import annotations

import io
import struct
import time
import zlib
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image

from ingest.facts import Limits
from ingest.lectura import MENSAJES, Unreadable
from ingest.worker import check_pixels
from tests.ingest.conftest import draw
from tests.readers import read_in_child

if TYPE_CHECKING:
    from pathlib import Path


def refusal(path: Path, folder: Path, limits: Limits | None = None) -> Unreadable:
    """The refusal of the document at *path*, which must come within five seconds."""
    started = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        read_in_child(path, folder, limits or Limits())
    assert time.monotonic() - started < 5
    assert caught.value.mensaje == MENSAJES[caught.value.codigo]
    return caught.value


def work_folder(tmp_path: Path) -> Path:
    """An empty folder for the child."""
    folder = tmp_path / "trabajo"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.tif", {"compression": "group4", "dpi": (200, 200)}),
        ("b.tif", {"compression": "tiff_lzw"}),
        ("c.jpg", {"quality": 80}),
        ("d.png", {}),
    ],
)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_scan_cut_short_is_refused(
    tmp_path: Path, name: str, options: dict[str, object], share: float
) -> None:
    path = tmp_path / name
    mode = "1" if options.get("compression") == "group4" else "L"
    draw(mode=mode).save(path, **options)  # type: ignore[arg-type]
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refusal(path, work_folder(tmp_path)).codigo == "danado"


def test_a_fax_whose_second_page_is_lost_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dos.tif"
    page = draw(mode="1")
    page.save(path, compression="group4", save_all=True, append_images=[page])
    path.write_bytes(path.read_bytes()[:-2000])
    assert refusal(path, work_folder(tmp_path)).codigo == "danado"


def test_damaged_g4_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    draw(mode="1").save(path, compression="group4", tiffinfo={278: 2200})
    data = bytearray(path.read_bytes())
    with Image.open(path) as image:
        start = image.tag_v2[273][0]  # type: ignore[attr-defined]
    data[start + 900 : start + 960] = b"\0" * 60
    path.write_bytes(data)
    assert refusal(path, work_folder(tmp_path)).codigo == "danado"


def test_a_pdf_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    draw().save(path, format="PDF")
    data = path.read_bytes()
    for number, share in enumerate((0.3, 0.7, 0.98)):
        path.write_bytes(data[: int(len(data) * share)])
        folder = tmp_path / str(number)
        folder.mkdir()
        assert refusal(path, folder).codigo == "danado"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "vacio"),
        (b"\0" * 5000, "vacio"),
        (b"hola, soy una carta", "formato"),
        (b"GIF89a" + b"\0" * 40, "formato"),
        (b"PK\3\4" + b"x" * 100, "formato"),
        (b"%PDF-1.4\n", "danado"),
        (b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "danado"),
    ],
)
def test_what_is_no_document_is_refused_whatever_its_name(
    tmp_path: Path, data: bytes, code: str
) -> None:
    path = tmp_path / "carta.pdf"
    path.write_bytes(data)
    assert refusal(path, work_folder(tmp_path)).codigo == code


def test_a_picture_with_a_wrong_name_is_read_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "carta.pdf"
    draw(size=(400, 300)).save(path, format="PNG")
    assert read_in_child(path, work_folder(tmp_path), Limits()).formato == "png"


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + check

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    path = tmp_path / "bomba.png"
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b""))
    assert refusal(path, work_folder(tmp_path)).codigo == "limite"


def test_a_pdf_with_an_enormous_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomba.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        image = pdf.make_stream(
            zlib.compress(b"\0" * 100_000),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=60_000,
            Height=60_000,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray,
            Filter=pikepdf.Name.FlateDecode,
        )
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        page.obj.Contents = pdf.make_stream(b"q 600 0 0 700 0 0 cm /Im0 Do Q")
        pdf.save(path)
    assert refusal(path, work_folder(tmp_path)).codigo == "limite"


def test_a_tiff_that_runs_in_circles_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    draw(size=(200, 100)).save(path)
    data = bytearray(path.read_bytes())
    (start,) = struct.unpack("<I", data[4:8])
    (rows,) = struct.unpack("<H", data[start : start + 2])
    data[start + 2 + rows * 12 : start + 6 + rows * 12] = struct.pack("<I", start)
    path.write_bytes(data)
    assert refusal(path, work_folder(tmp_path)).codigo == "danado"


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "muchas.tif"
    page = draw(size=(60, 40))
    page.save(path, save_all=True, append_images=[page] * 9)
    assert refusal(path, work_folder(tmp_path), Limits(paginas=8)).codigo == "limite"


def test_a_password_asks_for_another_copy(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path, encryption=pikepdf.Encryption(user="clave", owner="clave"))
    assert refusal(path, work_folder(tmp_path)).codigo == "cifrado"


def test_a_portfolio_and_a_dynamic_form_are_refused(tmp_path: Path) -> None:
    for key, value, code in (
        ("/Collection", pikepdf.Dictionary(View=pikepdf.Name.D), "portafolio"),
        ("/NeedsRendering", True, "formulario"),
    ):
        path, folder = tmp_path / f"{code}.pdf", tmp_path / code
        folder.mkdir()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.Root[key] = value
            pdf.save(path)
        assert refusal(path, folder).codigo == code


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.save(path)
    assert refusal(path, work_folder(tmp_path)).codigo == "danado"


def test_a_child_out_of_memory_is_a_refusal_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "grande.png"
    Image.new("L", (9000, 9000), 255).save(path)
    limits = Limits(memoria=500 << 20)
    assert refusal(path, work_folder(tmp_path), limits).codigo in ("limite", "danado")


def test_pixels_that_do_not_match_their_header_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p0001.pgm"
    made = io.BytesIO()
    Image.new("L", (30, 20)).save(made, format="PPM")
    path.write_bytes(made.getvalue())
    assert check_pixels(path, Limits()) == (30, 20)
    path.write_bytes(made.getvalue()[:-1])
    with pytest.raises(Unreadable):
        check_pixels(path, Limits())
    path.write_bytes(b"P5\n99999 99999\n255\n" + b"\0" * 100)
    with pytest.raises(Unreadable):
        check_pixels(path, Limits())
