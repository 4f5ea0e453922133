"""What the recogniser is shown, what is looked at again, and what is not taken for writing."""

from __future__ import annotations

import struct
from difflib import SequenceMatcher
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ingest import model
from ingest.coverage import left_out
from ingest.engine import AUTO, in_process, models_folder, open_engine
from ingest.facts import PageFacts
from ingest.ink import ink, letter_height
from ingest.lectura import Palabra
from ingest.noise import without_noise
from ingest.ocr import Reading, Sheet, read_pixels
from ingest.points import full_stops
from ingest.prepare import (
    NARROW,
    flattened,
    grain,
    levelled,
    prepare,
    sheet,
    skew,
    without_dirty_columns,
)
from ingest.signs import mend
from ingest.symbols import certain, doubtful, e_mail, merged
from ingest.words import Word
from tests.ingest.conftest import FONT, LETTER, draw

SIGNS = """Calle 10 # 23-45 Apto. 301, barrio Chipre
Carrera 73B # 26-97 Of. 501 – Manizales
correo: info@alcaldia-ibague.gov.co
Rodríguez & Cía. Ltda., Resolución N° 123
la señora Agüero y la vergüenza ajena"""


def facts(page: Image.Image, dpi: float = 200, **more: object) -> PageFacts:
    size = page.width / dpi * 72, page.height / dpi * 72
    return PageFacts(ancho=size[0], alto=size[1], dpi_x=dpi, dpi_y=dpi, **more)  # type: ignore[arg-type]


def word(text: str, confidence: int = 90, left: int = 0, width: int | None = None) -> Word:
    return Word(text, confidence, (left, 0, left + (width or 10 * len(text)), 20))


def line(text: str, confidence: int = 90) -> list[Word]:
    out, left = [], 0
    for part in text.split():
        out.append(word(part, confidence, left))
        left += 10 * len(part) + 8
    return out


def engine(kind: str = "tesserocr"):  # type: ignore[no-untyped-def]
    if kind == "tesserocr" and not in_process():
        pytest.skip("tesserocr is not installed")
    return open_engine(kind, models_folder(), model.ensure())


def small(text: str) -> Image.Image:
    return draw(text, size=(1100, 520), letter=30).filter(ImageFilter.GaussianBlur(0.7))


# -- the two engines ----------------------------------------------------------------------------


@pytest.mark.skipif(model.source() is None, reason="tesseract-ocr-script-latn is not installed")
@pytest.mark.parametrize("kind", ["tesserocr", "pytesseract"])
def test_the_signs_that_spanish_models_lack_are_read(kind: str) -> None:
    page = small(SIGNS)
    sheet_ = prepare(np.asarray(page), facts(page), page.width * 0.36, page.height * 0.36)
    text = read_pixels(sheet_, engine(kind)).text
    for want in (
        "Calle 10 # 23-45",
        "Carrera 73B # 26-97",
        "– Manizales",
        "info@alcaldia-ibague.gov.co",
        "Rodríguez & Cía.",
        "N° 123",
        "Agüero",
        "vergüenza",
    ):
        assert want in text


def test_both_engines_suggest_the_same_fields() -> None:
    from ingest.fields import suggest
    from ingest.lectura import Pagina

    page = draw().filter(ImageFilter.GaussianBlur(0.8))
    found = []
    for kind in ("tesserocr", "pytesseract"):
        turn, reading = Sheet(
            np.asarray(page), ink(np.asarray(page)), facts(page), engine(kind)
        ).read()
        assert turn == 0
        whole = Pagina(612, 792, reading.text, reading.confidence, 0, False, reading.words)
        found.append({name: field.valor for name, field in suggest([whole]).items()})
    assert found[0] == found[1]
    assert found[0]["cedula"] == "51.234.567"


def test_without_the_model_of_signs_the_rules_put_them_back() -> None:
    if not in_process():
        pytest.skip("tesserocr is not installed")
    page = small("Calle 10 # 23-45, Manizales, para que se notifique la decisión")
    bare = open_engine("tesserocr", models_folder(), None)
    prepared = prepare(np.asarray(page), facts(page), page.width * 0.36, page.height * 0.36)
    assert "Calle 10 # 23-45" in read_pixels(prepared, bare).text


# -- the model of signs -------------------------------------------------------------------------


def _model(parts: dict[int, bytes], count: int = 24) -> bytes:
    at, table = 4 + 8 * count, []
    for kind in range(count):
        table.append(at if kind in parts else -1)
        at += len(parts.get(kind, b""))
    return struct.pack(f"<i{count}q", count, *table) + b"".join(parts[k] for k in sorted(parts))


@given(st.dictionaries(st.integers(0, 23), st.binary(min_size=1, max_size=40)))
def test_a_model_without_its_words_keeps_all_else(parts: dict[int, bytes]) -> None:
    kept = {kind: data for kind, data in parts.items() if kind != model.WORDS}
    assert model.without_words(_model(parts)) == _model(kept)


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff" * 64)
    with pytest.raises(ValueError, match="not a model"):
        model.make(tmp_path / "x", tmp_path / "y")
    assert not (tmp_path / "y").exists()


# -- what is looked at again --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("ubicado en la Calle 82A + 58-98 del barrio", [(3, 6)]),
        ("Bis + 61-32 Of. 501,", [(0, 2)]),
        ("al correo jgiraldo37(Hempresa.com.co, dentro", [(2, 2)]),
        ("visite www.alcaldia.gov.co hoy", []),
        ("Rodríguez €: Cía. Ltda.", [(0, 2)]),
        ("la Resolución N* 123", [(1, 3)]),
        ("por la suma de $ 85.078.994, incluidos", []),
        ("Por lo anterior, de manera respetuosa solicito", []),
    ],
)
def test_only_places_that_may_bear_a_sign_are_read_again(
    text: str, spans: list[tuple[int, int]]
) -> None:
    assert doubtful(line(text)) == spans


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Calle 10 ++ 23-45", "Calle 10 # 23-45"),
        ("Carrera 80 Bis 4 64-24", "Carrera 80 Bis # 64-24"),
        ("C1. 13 + 48-72", "C1. 13 # 48-72"),
        ("Calle 134 + 48-72 Sur", "Calle 134 # 48-72 Sur"),
        ("Calle 738 + 26-97", "Calle 738 + 26-97"),
        ("Calle 10 con 23-45", "Calle 10 con 23-45"),
        ("la Ley 10 - 23-45", "la Ley 10 - 23-45"),
        ("de Bogotá, Calle 10 +", "de Bogotá, Calle 10 +"),
    ],
)
def test_an_address_has_one_sign_before_its_plate(read: str, meant: str) -> None:
    words = line(read)
    certain(words)
    assert " ".join(w.text for w in words) == meant


def test_a_sign_takes_the_place_of_what_stood_there() -> None:
    before = line("Calle 82A + 58-98")
    seen = [*line("Calte 82A # 58-98")]
    assert [w.text for w in merged(before, seen)] == ["Calle", "82A", "#", "58-98"]


def test_a_number_that_swallowed_its_sign_is_taken_apart() -> None:
    before = [word("Cl.", left=0), word("134", left=40, width=60), word("48-72", left=110)]
    seen = [
        word("C1.", left=0),
        word("13", left=40, width=28),
        word("#", left=78, width=20),
        word("48-72", left=110),
    ]
    assert [w.text for w in merged(before, seen)] == ["Cl.", "13", "#", "48-72"]


@pytest.mark.parametrize(
    ("before", "seen", "mail"),
    [
        ("notificaciones18WHempresa.com.co,", "notificacionesl8@empresa.com.co,",
         "notificaciones18@empresa.com.co,"),
        ("jgiraldo2348hotmail.com,", "jgiraldo23@hotmail.com,", "jgiraldo23@hotmail.com,"),
        ("asesoria_juridica54(Wempresa.com.co,", "asesoria_juridica54@empresa.com.Co,",
         "asesoria_juridica54@empresa.com.co,"),
        ("xyz", "contacto@", None),
    ],
)  # fmt: skip
def test_an_e_mail_is_spelt_as_the_better_look_saw_it(
    before: str, seen: str, mail: str | None
) -> None:
    assert e_mail(before, seen) == mail


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Cra, 958 # 15-54", "Cra. 95B # 15-54"),
        ("C1. 13 # 48-72", "Cl. 13 # 48-72"),
        ("AV. CL. 5 # 1-2 CENTRO", "AV. CL. 5 # 1-2 CENTRO"),
        ("la antiguedad y el desagúe", "la antigüedad y el desagüe"),
        ("se distingue y se extingue la guerra", "se distingue y se extingue la guerra"),
    ],
)
def test_usage_decides_the_rest(text: str, want: str) -> None:
    words = [Palabra(t, 90, (0, 0, 1, 1), 0) for t in text.split()]
    assert " ".join(w.texto for w in mend(words)) == want


# -- what is no writing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ([("*", 95), ("Ibagué", 93), (".", 80)], "Ibagué"),
        ([("POTSEO", 21), ("IA", 12)], ""),
        ([("hábiles.", 38)], "hábiles."),
        ([("Manizales", 14)], "Manizales"),
        ([("Predial", 96), ("$", 90), ("5.068.299", 95)], "Predial $ 5.068.299"),
        ([("Cl.", 43), ("40", 96), ("#", 90), ("3-41", 95)], "Cl. 40 # 3-41"),
        ([("de", 35), ("Ibagué", 95)], "de Ibagué"),
        ([("Ibagué", 95), ("–", 80), ("Tel.", 95)], "Ibagué – Tel."),
        ([("O", 85)], ""),
        ([("3", 95)], "3"),
    ],
)
def test_specks_and_scribbles_are_left_out(words: list[tuple[str, int]], kept: str) -> None:
    found = without_noise([word(t, c) for t, c in words])
    assert " ".join(w.text for w in found) == kept


# -- what is done to the pixels -----------------------------------------------------------------


def test_a_photographed_sheet_is_made_flat_and_its_words_lie_where_they_stand() -> None:
    page = np.asarray(draw().resize((1275, 1650)))
    desk = np.full((1900, 1500), 60, np.uint8)
    corners = np.array([(90, 110), (1390, 60), (1440, 1820), (50, 1780)], np.float32)
    source = np.array([(0, 0), (1275, 0), (1275, 1650), (0, 1650)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners)
    laid = cv2.warpPerspective(page, matrix, (1500, 1900), borderValue=0)
    mask = cv2.warpPerspective(np.full_like(page, 255), matrix, (1500, 1900))
    light = np.linspace(1.0, 0.55, 1900)[:, None]
    photo = (np.where(mask > 0, laid * 0.8 + 35, desk) * light).astype(np.uint8)
    found = sheet(photo)
    assert found is not None and np.abs(found - corners).max() < 12
    picture = Image.fromarray(photo)
    flat = flattened(photo, 540, 684)
    assert flat is not None
    reading = read_pixels(flat, engine())
    for text in LETTER.split("\n\n"):
        assert " ".join(text.split())[:40] in " ".join(reading.text.split())
    town = next(w for w in reading.words if w.texto == "Tunja")
    x0, y0, x1, y1 = (round(v / 0.36) for v in town.caja)
    part = photo[y0:y1, x0:x1]
    assert picture.size == (1500, 1900) and part.min() < 0.6 * part.max()


def test_a_scan_that_fills_its_frame_is_no_photograph_of_a_sheet() -> None:
    assert sheet(np.asarray(draw())) is None


def test_the_line_of_dirty_glass_goes_and_the_letters_stay() -> None:
    page = np.asarray(draw()).copy()
    clean = page.copy()
    page[:, 700] = 0
    assert (without_dirty_columns(page) != clean).mean() < 0.001


def fax_words(written: str, told: str) -> tuple[np.ndarray, list[Palabra]]:
    """The pixels of a standard fax, 4 by 1 inches, with a line of 11 points *written* on it, and
    its words as they were *told*, with their boxes in points."""
    font = ImageFont.truetype(str(FONT), 11 * 4)
    page = Image.new("L", (288 * 4, 72 * 4), 255)
    words, left = [], 80
    for seen, text in zip(written.split(), told.split(), strict=True):
        ImageDraw.Draw(page).text((left, 120), seen, 0, font)
        box = ImageDraw.Draw(page).textbbox((left, 120), seen, font)
        words.append(Palabra(text, 90, tuple(round(at / 4, 2) for at in box), 0))
        left = round(box[2]) + 14
    small = page.resize((204 * 4, 98), Image.Resampling.BOX)
    return np.asarray(small.point(lambda v: 255 if v > 128 else 0)), words


@pytest.mark.parametrize(
    ("written", "told", "want"),
    [
        ("C.C. 80.883.920 de Tunja", "C,C, 80,883.920 de Tunja", "C.C. 80.883.920 de Tunja"),
        ("los meses. Así mismo", "los meses, Así mismo", "los meses. Así mismo"),
        ("pesos 1,234,567 en Cali, Tunja", "pesos 1,234,567 en Cali, Tunja", ""),
        ("dijo, pero ella. luego", "dijo, pero ella, luego", ""),  # nothing speaks for a stop
    ],
)
def test_commas_of_a_standard_fax_that_are_full_stops_become_them(
    written: str, told: str, want: str
) -> None:
    pixels, words = fax_words(written, told)
    assert " ".join(w.texto for w in full_stops(words, pixels, 288, 72)) == (want or told)
    fine = np.repeat(pixels, 2, axis=0)
    assert full_stops(words, fine, 288, 72) == words


def test_a_reading_spelt_anew_keeps_its_lines() -> None:
    words = [Palabra(text, 90, (0, 0, 1, 1), 0) for text in ("a,", "a,", "b")]
    new = [Palabra(text, 90, (0, 0, 1, 1), 0) for text in ("a,", "a.", "b")]
    assert Reading(words, "a,\n\na, b", 90).spelt(new).text == "a,\n\na. b"


def test_grain_tells_a_clean_page_from_a_speckled_one() -> None:
    clean = np.asarray(draw().filter(ImageFilter.GaussianBlur(0.7)))
    noise = np.random.default_rng(7).normal(0, 12, clean.shape)
    assert grain(clean) < 0.3
    assert grain(np.clip(clean * 0.9 + noise, 0, 255).astype(np.uint8)) > 0.9


def wrong(text: str) -> float:
    """How far *text* is from `LETTER`, 0 to 1."""
    want, got = " ".join(LETTER.split()), " ".join(text.split())
    return 1 - SequenceMatcher(None, want, got, autojunk=False).ratio()


def test_a_coarse_page_is_read_and_its_boxes_lie_on_the_scan() -> None:
    page = draw(letter=22).resize((638, 825), Image.Resampling.BICUBIC)  # 75 dpi
    pixels = np.asarray(page)
    _, reading = Sheet(pixels, ink(np.asarray(page)), facts(page, 75), engine()).read()
    assert wrong(reading.text) < 0.02
    x0, y0, x1, y1 = (
        round(at * 75 / 72) for at in next(w.caja for w in reading.words if w.texto == "Teléfono:")
    )
    assert (pixels[y0:y1, x0:x1] < 160).mean() > 0.05


def test_a_page_fine_enough_or_too_large_keeps_its_pixels() -> None:
    fine, huge = np.full((1650, 1275), 255, np.uint8), np.full((6000, 4500), 255, np.uint8)
    for pixels, dpi in ((fine, 150), (huge, 100)):
        told = facts(Image.fromarray(pixels), dpi)
        assert prepare(pixels, told, told.ancho, told.alto).pixels.shape == pixels.shape


@pytest.mark.parametrize("inches", [(8.27, 11.69), (8.5, 13.0)])
def test_a_coarse_page_that_tells_no_resolution_is_read(
    inches: tuple[float, float], tmp_path: Path
) -> None:
    from ingest.facts import Job, Limits
    from ingest.ocr import read_page
    from ingest.pages import read_document

    width, height = (round(75 * side) for side in inches)
    page = draw(size=(1700, round(1700 * height / width)), letter=22)
    page.resize((width, height), Image.Resampling.BICUBIC).save(tmp_path / "x.jpg", quality=90)
    pages: list[PageFacts] = []
    read_document(tmp_path / "x.jpg", tmp_path, Limits(), pages.append, lambda: None)
    assert (pages[0].ancho, pages[0].alto) == pytest.approx([72 * i for i in inches], abs=2)
    assert wrong(read_page(Job(str(tmp_path), pages[0], False), engine()).pagina.texto) < 0.02


@pytest.mark.parametrize("angle", [-2.0, 1.3])
def test_a_skewed_page_is_levelled_and_its_boxes_lie_on_the_scan(angle: float) -> None:
    page = draw().rotate(angle, fillcolor=255, resample=Image.Resampling.BICUBIC)
    pixels = np.asarray(page)
    assert abs(skew(pixels) + angle) < 0.25
    plain = prepare(pixels, facts(page), 612, 792)
    level = levelled(plain)
    assert level is not None
    words = engine().read(level.pixels, level.dpi, AUTO)
    place = next(w for row in words for w in row.words if w.text == "Teléfono:")
    [(x0, y0, x1, y1)] = level.boxes([place.box])
    scale = page.width / 612
    part = pixels[round(y0 * scale) : round(y1 * scale), round(x0 * scale) : round(x1 * scale)]
    assert (part < 128).mean() > 0.05


def test_a_paragraph_that_no_word_covers_is_noticed() -> None:
    page = draw()
    reading = read_pixels(prepare(np.asarray(page), facts(page), 612, 792), engine())
    marks = ink(np.asarray(page))
    assert not left_out(marks, reading.words, 612, 792)
    half = [w for w in reading.words if w.caja[1] < 250 or w.caja[1] > 330]
    assert left_out(marks, half, 612, 792)


def test_a_line_that_was_read_twice_is_noticed() -> None:
    def placed(number: int, top: float) -> list[Palabra]:
        """Four words of 50 by 10 points, 5 apart."""
        boxes = [(left, top, left + 50.0, top + 10.0) for left in (72.0, 127.0, 182.0, 237.0)]
        return [Palabra("palabra", 90, box, number) for box in boxes]

    assert Reading([*placed(0, 100), *placed(1, 108)], "", 90).doubled == 0
    twice = Reading([*placed(0, 100), *placed(1, 102), *placed(2, 114)], "", 90)
    assert (twice.doubled, twice.disorder) == (4, 4)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_is_read_upright_whatever_way_it_was_fed(turn: int) -> None:
    page = draw().rotate(turn, expand=True)
    told, reading = Sheet(np.asarray(page), ink(np.asarray(page)), facts(page), engine()).read()
    assert told == turn  # Pillow turns anticlockwise, the page is set right clockwise
    assert "Begoña Núñez Ibáñez" in reading.text


@pytest.mark.parametrize("grey", [True, False])
def test_a_scan_is_read_narrower_and_its_boxes_lie_on_the_scan(grey: bool) -> None:
    page = draw()
    scanned = page if grey else page.point(lambda tone: 255 * (tone > 127))
    pixels, marks = np.asarray(scanned), ink(np.asarray(scanned))
    letter = letter_height(marks) * pixels.shape[0] / marks.shape[0]
    ready = prepare(pixels, facts(page, bilevel=not grey), 612, 792, letter)
    across, down = ready.pixels.shape[1] / 612, ready.pixels.shape[0] / 792
    assert across / down == pytest.approx(NARROW, abs=0.01)
    reading = read_pixels(ready, engine())
    assert wrong(reading.text) < 0.02
    x0, y0, x1, y1 = (
        round(at * page.width / 612)
        for at in next(w.caja for w in reading.words if w.texto == "Teléfono:")
    )
    word = pixels[y0:y1, x0:x1] < 128
    assert word.mean() > 0.05
    assert word[:, :3].any() or word[:, -3:].any()  # it ends where the ink does


def test_small_print_keeps_its_width() -> None:
    page = draw()
    small = prepare(np.asarray(page), facts(page), 612, 792, letter=10.0)
    assert small.pixels.shape[1] / small.pixels.shape[0] == pytest.approx(612 / 792, abs=0.01)


def test_dashes_are_told_by_their_width() -> None:
    font = ImageFont.truetype(str(FONT), 40)
    page = Image.new("L", (1400, 330), 255)
    for row, dash in enumerate("-–—"):
        ImageDraw.Draw(page).text((60, 40 + 90 * row), f"Petición {dash} licencia", 0, font)
    prepared = prepare(np.asarray(page), facts(page), page.width * 0.36, page.height * 0.36)
    assert [c for c in read_pixels(prepared, engine()).text if c in "-–—"] == list("-–—")
