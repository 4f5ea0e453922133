"""Pages to be looked at: what comes out is pixels, whatever went in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from ingest import raster
from ingest.lectura import Unreadable
from records.errors import Refused
from tests.tui.conftest import ROOT, ScriptedReader, page, reading, small_pdf

if TYPE_CHECKING:
    from pathlib import Path


def sheet(width: int, height: int, spot: tuple[int, int, int, int]) -> Image.Image:
    """A white sheet with one black spot."""
    made = Image.new("L", (width, height), 255)
    ImageDraw.Draw(made).rectangle(spot, fill=0)
    return made


def dark(seen: raster.Vista) -> tuple[float, float]:
    """Where the middle of the ink lies, in shares of the page."""
    whole = Image.frombytes("L", (seen.pixeles_ancho, seen.pixeles_alto), seen.grises)
    x0, y0, x1, y1 = whole.point(lambda v: 255 if v < 128 else 0).getbbox() or (0, 0, 0, 0)
    return (x0 + x1) / 2 / whole.width, (y0 + y1) / 2 / whole.height


def test_a_page_of_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "carta.pdf"
    first, second = sheet(850, 1100, (0, 0, 84, 109)), sheet(850, 1100, (765, 990, 849, 1099))
    first.save(path, save_all=True, append_images=[second], resolution=100.0)
    seen = raster.page_of(path, 2, 400)
    assert (seen.paginas, seen.pagina, seen.pixeles_ancho) == (2, 2, 400)
    assert (round(seen.ancho), round(seen.alto)) == (612, 792)
    assert dark(seen) == pytest.approx((0.95, 0.95), abs=0.01)
    # Turned upside down, as its reading found that it must be.
    assert dark(raster.page_of(path, 2, 400, 180)) == pytest.approx((0.05, 0.05), abs=0.01)


def test_pages_of_a_fax_have_square_pixels(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    pages = [sheet(1728, 1100, (0, 0, 172, 109)).convert("1") for _ in range(2)]
    pages[0].save(path, save_all=True, append_images=pages[1:], compression="group4", dpi=(204, 98))
    seen = raster.page_of(path, 2, 600)
    assert seen.paginas == 2
    assert seen.pixeles_alto / seen.pixeles_ancho == pytest.approx(11.22 / 8.47, rel=0.01)


def test_a_photo_obeys_its_orientation(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    sheet(800, 600, (0, 0, 79, 59)).save(path, exif=exif)
    for turn in (0, 90):  # before it is read, and after
        seen = raster.page_of(path, 1, 300, turn)
        assert seen.pixeles_alto > seen.pixeles_ancho
        assert dark(seen) == pytest.approx((0.95, 0.05), abs=0.02)


HOSTILE = {
    "vacio.pdf": b"",
    "basura.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "cortado.tif": b"II*\0\x08\0\0\0\xff\xff",
    "circulo.tif": b"II*\0\x08\0\0\0\0\0\x08\0\0\0",
    "bomba.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\0\0\0\0\0\0\0\0",
    "otro.gif": b"GIF89a\x01\0\x01\0",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_drawn_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    with pytest.raises(Unreadable):
        raster.page_of(path, 1)


def test_a_huge_page_is_drawn_small_and_a_missing_one_is_said(tmp_path: Path) -> None:
    path = tmp_path / "larga.pdf"
    path.write_bytes(small_pdf().replace(b"612", b"009"))  # 9 by 792 points
    seen = raster.page_of(path, 1, 2400)
    assert seen.pixeles_ancho * seen.pixeles_alto <= raster.MOST
    with pytest.raises(Unreadable):
        raster.page_of(path, 2)


def test_the_door_shows_a_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.reception import Recepcion
    from records.office import Office

    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "marcas"))
    Office.found(tmp_path / "casa", ROOT / "config.toml", demo=True)
    reader = ScriptedReader(small_pdf(), reading("Una\fDos"))
    door = Recepcion(Office(tmp_path / "casa"), reader=reader)  # type: ignore[arg-type]
    letter, bad = tmp_path / "carta.pdf", tmp_path / "mala.pdf"
    letter.write_bytes(small_pdf())
    bad.write_bytes(HOSTILE["basura.pdf"])
    reader.script[hashlib.sha256(bad.read_bytes()).hexdigest()] = Unreadable("danado")
    one, other = (door.drafts.get(str(d.borrador)) for d in door.recibir([letter, bad]))
    seen = door.imagen(one, 1, 200)
    assert (seen.ancho, seen.alto, seen.pixeles_ancho) == (page("").ancho, page("").alto, 200)
    assert set(seen.grises) == {255}
    for draft, number in ((one, 7), (other, 1)):
        with pytest.raises(Refused) as told:
            door.imagen(draft, number)
        assert told.value.codigo == "sin_vista"
