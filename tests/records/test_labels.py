"""Labels for the printers that offices have: what is sent, byte by byte, and where it lies."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from cli.main import main
from records import codes, labels, paper, pdfa, settings
from records.errors import Refused
from records.office import Office
from records.settings import Label, StickerSheet
from tests.conftest import ROOT

FACTS = paper.Facts(
    entidad="Alcaldía Municipal de San Jacinto del Río",
    radicado="2026-VU1-E-000123",
    recibido="22 nov 2026, 09:58",
    fecha="22 nov 2026, 10:03",
    folios="3",
    anexos="1",
    area="120 Oficina Asesora Jurídica y de Señalización",
    evento="0123456789abcdef" * 4,
)
HOSTILE = paper.Facts(
    "^XZ~JA^FDx_5E", "2026-VU1-E-000009", "^FS", "~DG", "^", "\x1b@\x1dV\x00", "Peña^XA\n\u202e日",
    "f" * 64,
)  # fmt: skip
TWO_BY_SEVEN = StickerSheet(
    columnas=2, filas=7, ancho_mm=99.1, alto_mm=38.1, margen_izquierdo_mm=4.7,
    margen_superior_mm=15.1, separacion_horizontal_mm=2.5,
)  # fmt: skip


def numbered(n: int) -> paper.Facts:
    return paper.Facts("Alcaldía", f"2026-VU1-E-{n:06d}", "9:58", "10:03", "1", "0", "120 J",
                       f"{n:064x}")  # fmt: skip


# -- ZPL ------------------------------------------------------------------------------------------


def zpl_fields(data: bytes) -> list[tuple[str, str]]:
    """(what stands before ^FD, its text) of each field, with ^FH undone, as a printer does."""
    out = []
    text = data.decode("ascii")
    for part in text.split("^FO")[1:]:
        before, said = part.split("^FH_^FD", 1)
        raw = said.split("^FS", 1)[0]
        plain = re.sub(r"_([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), raw)
        out.append((before, plain.encode("latin-1").decode("utf-8")))
    return out


def test_zpl_says_everything_in_utf8() -> None:
    data = labels.zpl(FACTS, 80, 38)
    assert data.startswith(b"^XA^CI28^PW639^LL304") and data.endswith(b"^XZ\n")
    said = [text for _, text in zpl_fields(data)]
    assert FACTS.radicado in said and "MA," + FACTS.qr in said
    assert "Folios 3 · Anexos 1" in said and FACTS.entidad in said
    (bars,) = [before for before, text in zpl_fields(data) if "^BC" in before]
    assert re.search(r"\^BY[2-3]\^BCN,\d+,N,N,N,A", bars)


@pytest.mark.parametrize(
    "size", [(80, 38, 203), (50, 25, 203), (40, 20, 203), (100, 50, 300), (80, 38, 600)]
)
def test_zpl_lies_on_the_label_without_overlap(size: tuple[int, int, int]) -> None:
    width_mm, height_mm, dpi = size
    width, height = width_mm / 25.4 * dpi, height_mm / 25.4 * dpi
    data = labels.zpl(FACTS, *size)
    foot = height
    for before, _ in zpl_fields(data):
        x, y = map(int, before.split("^")[0].split(","))
        if "^BC" in before:
            module = int(re.findall(r"\^BY(\d)", before)[0])
            assert x + module * len(codes.code128(FACTS.radicado)) <= width
            assert y + int(re.findall(r"\^BCN,(\d+)", before)[0]) <= height
            foot = y
    for before, _ in zpl_fields(data):
        x, y = map(int, before.split("^")[0].split(","))
        if "^BQ" in before:
            side = int(before.split(",")[-1]) * len(codes.qr(FACTS.qr))
            assert x + side <= width and y + side <= foot
            assert side / len(codes.qr(FACTS.qr)) / dpi * 25.4 >= 0.24
        elif "^A0N" in before:
            high = int(before.split(",")[-1])
            assert y + high <= foot + 1


def test_nothing_that_people_wrote_is_a_zpl_command() -> None:
    text = labels.zpl(HOSTILE, 80, 38).decode("ascii")
    assert text.count("^XA") == text.count("^XZ") == 1 and "~" not in text
    assert set(re.findall(r"\^[A-Z][A-Z0-9]", text)) <= {
        "^XA", "^CI", "^PW", "^LL", "^LH", "^FO", "^A0", "^FH", "^FD", "^FS", "^BQ", "^BY", "^BC",
        "^PQ", "^XZ",
    }  # fmt: skip
    said = [t for _, t in zpl_fields(text.encode())]
    assert "^XZ~JA^FDx_5E" in said and any("Peña^XA ?" in t for t in said)


# -- ESC/POS --------------------------------------------------------------------------------------


def receipt(data: bytes) -> tuple[str, list[bytes], bytes]:
    """(text, what each GS ( k stores, Code 128 data); any other control byte is a failure."""
    text, stored, bars = "", [], b""
    plain = {b"\x1b@": 0, b"\x1c.": 0, b"\x1bR": 1, b"\x1bt": 1, b"\x1ba": 1, b"\x1bE": 1,
             b"\x1d!": 1, b"\x1dh": 1, b"\x1dw": 1, b"\x1dH": 1}  # fmt: skip
    i = 0
    while i < len(data):
        two = data[i : i + 2]
        if data[i] >= 0x20:
            text += data[i : i + 1].decode("cp850")
            i += 1
        elif data[i] == 0x0A:
            text += "\n"
            i += 1
        elif two in plain:
            i += 2 + plain[two]
        elif data[i : i + 3] == b"\x1d(k":
            length = int.from_bytes(data[i + 3 : i + 5], "little")
            body = data[i + 5 : i + 5 + length]
            if body[1] == 0x50:
                stored.append(body[3:])
            i += 5 + length
        elif data[i : i + 3] == b"\x1dkI":
            bars = data[i + 4 : i + 4 + data[i + 3]]
            i += 4 + data[i + 3]
        else:
            assert data[i : i + 4] == b"\x1dVB\x00", data[i : i + 4]
            i += 4
    return text, stored, bars


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_escpos_says_everything_with_its_accents_and_cuts(columns: int) -> None:
    data = labels.escpos(FACTS, columns)
    assert data.startswith(b"\x1b@\x1c.") and b"\x1bt\x02" in data and data.endswith(b"\x1dVB\x00")
    text, stored, bars = receipt(data)
    for said in (FACTS.entidad, FACTS.radicado, "Folios 3 · Anexos 1", FACTS.area):
        assert said in " ".join(text.split())
    assert max(map(len, text.split("\n"))) <= columns
    assert stored == [FACTS.qr.encode()]
    assert bars == (b"" if columns == 32 else b"{B2026-VU1-E-000123")


def test_nothing_that_people_wrote_is_an_escpos_command() -> None:
    data = labels.escpos(HOSTILE)
    text, _, _ = receipt(data)
    assert data.count(b"\x1b@") == 1 and data.count(b"\x1dV") == 1
    assert "Peña^XA" in text and "?" in text


# -- sheets of stickers ---------------------------------------------------------------------------


def places_of(data: bytes) -> list[tuple[int, str, float, float]]:
    """(page, radicado, x, y of its QR's middle in mm from the upper left corner)."""
    out = []
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        for n, page in enumerate(document):
            image = page.render(scale=200 / 72, grayscale=True).to_numpy().squeeze()
            for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode):
                read = paper.read_qr(code.text)
                assert read is not None
                a, b = code.position.top_left, code.position.bottom_right
                mm = 25.4 / 200 / 2
                out.append((n, read[0], (a.x + b.x) * mm, (a.y + b.y) * mm))
    return sorted(out, key=lambda p: p[1])


@pytest.mark.parametrize("layout", [StickerSheet(), TWO_BY_SEVEN])
def test_each_label_lies_on_its_sticker_from_the_given_place_on(layout: StickerSheet) -> None:
    places = layout.columnas * layout.filas
    start = places - 3
    data = labels.sheet([numbered(n) for n in range(1, 8)], layout, start)
    assert pdfa.findings(data) == []
    found = places_of(data)
    assert [p[1] for p in found] == [numbered(n).radicado for n in range(1, 8)]
    assert [p[0] for p in found] == [0, 0, 0, 0, 1, 1, 1]
    for n, (_, _, x, y) in enumerate(found, start=start - 1):
        row, column = divmod(n % places, layout.columnas)
        left = layout.margen_izquierdo_mm + column * (
            layout.ancho_mm + layout.separacion_horizontal_mm
        )
        top = layout.margen_superior_mm + row * (layout.alto_mm + layout.separacion_vertical_mm)
        assert left + layout.ancho_mm / 2 < x < left + layout.ancho_mm
        assert top + 8 < y < top + layout.alto_mm - 8


def test_text_stays_off_the_edge_that_printers_do_not_reach() -> None:
    data = labels.sheet([numbered(n) for n in range(24)], StickerSheet())
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        boxes = [o.get_bounds() for o in document[0].get_objects()]
    edge = 4.9 * paper.MM
    assert min(b[0] for b in boxes) >= edge and max(b[2] for b in boxes) <= 210 * paper.MM - edge
    assert min(b[1] for b in boxes) >= edge and max(b[3] for b in boxes) <= 297 * paper.MM - edge


def test_a_place_that_the_sheet_lacks_is_refused() -> None:
    for start in (0, -1, 25):
        with pytest.raises(Refused, match="posición"):
            labels.sheet([FACTS], StickerSheet(), start)


@pytest.mark.parametrize("size", [(80, 38), (50, 25), (40, 20), (63.5, 29.6)])
def test_a_label_of_any_size_is_read_and_nothing_overlaps(size: tuple[float, float]) -> None:
    data = paper.label(FACTS, *size)
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        image = document[0].render(scale=6, grayscale=True).to_numpy().squeeze()
        page = document[0].get_textpage()
        low = min(page.get_charbox(i)[1] for i in range(page.count_chars()))
    read = {c.format.name: c for c in zxingcpp.read_barcodes(image)}
    assert read["QRCode"].text == FACTS.qr
    if "Code128" in read:
        bars = read["Code128"]
        assert bars.text == FACTS.radicado
        assert low > size[1] * paper.MM - bars.position.top_left.y / 6 - 1
    assert low > 0


# -- the office -----------------------------------------------------------------------------------


def test_settings_refuse_a_sheet_that_does_not_fit(tmp_path: Path) -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    bad = tmp_path / "c.toml"
    for old, new, said in (
        ("columnas = 3\n", "columnas = 4\n", "no caben"),
        ("filas = 8\n", "filas = 0\n", "filas"),
        ("ancho_mm = 80", "ancho_mm = 10", "40 × 20"),
        ('formato = "pdf"\nimprimir = false', 'formato = "hoja"\nimprimir = true', "imprimir"),
        ('formato = "pdf"', 'formato = "epl"', "formato"),
    ):
        assert old in text
        bad.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(Refused, match=said):
            settings.load(bad)
    assert settings.load(ROOT / "config.toml").etiqueta == Label()


def test_the_office_writes_each_form_under_its_own_name(office: Office) -> None:
    a = office.radicar_sin_imagen({"remitente": "Ana"}).radicado
    b = office.radicar_sin_imagen({"remitente": "Bea"}).radicado
    assert office.guardar_etiqueta(a, formato="zpl").name == f"{a}.zpl"
    assert office.guardar_etiqueta(a, formato="escpos").name == f"{a}.bin"
    both = office.guardar_etiqueta(a, b, b, formato="hoja", posicion=5)
    assert both.name == f"{a}-y-1.pdf"
    assert [p[1] for p in places_of(both.read_bytes())] == [a, b, b]
    with pypdfium2.PdfDocument(office.guardar_etiqueta(a, b)) as document:
        assert len(document) == 2


def test_the_command_makes_a_sheet_and_prints_only_the_usual_form(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = (office.radicar_sin_imagen({"remitente": "Ana"}).radicado for _ in "ab")
    printed = tmp_path / "printed"
    config = office.home / "config.toml"
    config.write_text(
        config.read_text(encoding="utf-8")
        .replace("imprimir = false", "imprimir = true")
        .replace('["lp", "{archivo}"]', f'["cp", "{{archivo}}", "{printed}"]'),
        encoding="utf-8",
    )

    def order(*words: str) -> tuple[int, dict[str, Any]]:
        code = main(["etiqueta", *words, "--json", "--casa", str(office.home)])
        return code, json.loads(capsys.readouterr().out)

    target = tmp_path / "h.pdf"
    words = ("--formato", "hoja", "--posicion", "24", "--copias", "2")
    assert order(a, b, *words, "--salida", str(target)) == (0, {"archivo": str(target)})
    assert [p[:2] for p in places_of(target.read_bytes())] == [(0, a), (1, a), (1, b), (1, b)]
    assert order(a, "--formato", "hoja")[0] == 0
    assert not printed.exists()
    assert order(a, "--copias", "2")[0] == 0
    with pypdfium2.PdfDocument(printed) as document:
        assert len(document) == 2
    code, said = order(a, "--formato", "hoja", "--posicion", "25")
    assert (code, said["error"]["codigo"]) == (1, "posicion")
    assert order(a, "--posicion", "2")[0] == 2


# -- the font -------------------------------------------------------------------------------------


def test_a_font_cut_to_its_letters_draws_and_tells_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def seen(data: bytes) -> tuple[str, bytes]:
        with pypdfium2.PdfDocument(data) as document:
            picture = document[0].render(scale=4, grayscale=True).to_pil()
            return document[0].get_textpage().get_text_range(), picture.tobytes()

    cut = paper.label(FACTS, 62, 29)
    whole_font = pdfa.embed_font
    monkeypatch.setattr(
        pdfa, "embed_font", lambda pdf, bold=False, glyphs=None: whole_font(pdf, bold)
    )
    whole = paper.label(FACTS, 62, 29)
    assert seen(cut) == seen(whole)
    assert "2026-VU1-E-000123" in seen(cut)[0]
    assert len(cut) < 10_000 < len(whole)
