"""The scan in the terminal: cells, sixels, kitty's own; what is kept; the pane that shows it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import os
import pty
import re
import threading
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from textual import on
from textual.app import App

from ingest.lectura import Unreadable
from ingest.reception import Recepcion
from records.errors import Refused
from records.settings import load
from tests.tui.conftest import ROOT, House, reading
from tui import graphics, texts
from tui import messages as m
from tui.pictures import LEGIBLE, Ask, Look, Sheet, area_of, cells, cut, draw, text_of
from tui.protocols import kitty, sixel
from tui.tasks import Tasks
from tui.viewing import Kept, Viewing
from tui.widgets.picture import Picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.pilot import Pilot

    from ingest.drafts import Draft
    from ingest.raster import Vista


def drawn_page(width: int = 600, height: int = 800) -> Sheet:
    """A grey page with a black frame, a bar and a diagonal."""
    made = Image.new("L", (width, height), 215)
    pen = ImageDraw.Draw(made)
    pen.rectangle((0, 0, width - 1, height - 1), outline=40, width=width // 20)
    pen.rectangle((width // 4, height // 4, width // 2, height // 2), fill=40)
    pen.line((width // 2, height // 2, width - 1, height - 1), fill=40, width=width // 15)
    return Sheet(1, 3, (612.0, 792.0), (width, height), made.tobytes())


GOLDEN = {
    # The greys of each cell's upper and lower half, 0 to f: what has but one sign is told by them.
    "mitades": """\
ffff276f5f5f5f5f5f5f6f27ffff
ffff66fffdf7f6ffffffff66ffff
ffff66ff780000ffffffff66ffff
ffff66ff6f0f0ff1ffffff66ffff
ffff66ffffffff9f52feff66ffff
ffff66ffffffffffff1ef478ffff
ffff72f6f5f5f5f5f5f68820ffff""",
    "cuartos": """\
  ▛▀▀▀▀▀▀▀▀▀▌
  ▌ ▗▄▄▖    ▌
  ▌ ▐  ▌    ▌
  ▌ ▝▀▀▙▖   ▌
  ▌    ▝▜▖  ▌
  ▌      ▝▙▖▌
  ▙▄▄▄▄▄▄▄▄▚▌""",
    "tramas": """\
  ▌▀▀▀▀▀▀▀▀░▌
  ▌  ░░     ▌
  ▌ ▐██░    ▌
  ▌ ░▀▀▒    ▌
  ▌     ▒░  ▌
  ▌      ░▒ ▌
  ▌▄▄▄▄▄▄▄░▓▌""",
}


@pytest.mark.parametrize("look", get_args(Look))
def test_golden_cells(look: Look) -> None:
    made = draw(drawn_page(), Ask("VU1.1", 1, 14, 7, "hoja"), "celdas", (8, 16), look).cells
    if look == "mitades":
        greys = (
            f"{cell.ink or 0:02x}"[0] + f"{cell.paper or 0:02x}"[0] for r in made for cell in r
        )
        said = "".join(greys)
        assert "\n".join(said[at : at + 28] for at in range(0, len(said), 28)) == GOLDEN[look]
        assert {cell.sign for row in made for cell in row} == {" ", "▀"}
    else:
        assert text_of(made) == GOLDEN[look]
    colours = {grey for row in made for cell in row for grey in cell[1:]}
    assert colours == {None} if look == "tramas" else {0, 255} <= colours


def test_blank_paper_stays_blank() -> None:
    """The grain of a scan must not be blown up into marks."""
    grain = bytes(200 + (n * 7919) % 9 for n in range(300 * 400))
    page = Sheet(1, 1, (612.0, 792.0), (300, 400), grain)
    made = cells(cut(page, area_of(page, "hoja", None, (30, 40)), (30, 40)), 30, 20, "mitades")
    assert min(cell.ink or 0 for row in made for cell in row) > 200


def test_the_light_of_a_photo_is_evened() -> None:
    row = bytes(230 - 80 * x // 600 for x in range(600))
    made = Image.frombytes("L", (600, 800), row * 800)
    ImageDraw.Draw(made).line((100, 400, 500, 400), fill=40, width=8)
    page = Sheet(1, 1, (612.0, 792.0), (600, 800), made.tobytes())
    seen = cut(page, area_of(page, "hoja", None, (60, 80)), (60, 80)).tobytes()
    paper, ink = seen[: 60 * 38], seen[60 * 39 : 60 * 41]
    assert min(paper) > 200  # its dark side too
    assert max(ink[12:48]) < 100


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.floats(0, 600), st.floats(0, 780)),
    st.tuples(st.floats(1, 400), st.floats(4, 40)),
    st.tuples(st.integers(10, 160), st.integers(2, 60)),
)
def test_a_crop_shows_its_field_and_can_be_read(
    corner: tuple[float, float], size: tuple[float, float], pane: tuple[int, int]
) -> None:
    page = Sheet(1, 1, (612.0, 792.0), (1224, 1584), b"")
    box = (*corner, min(612.0, corner[0] + size[0]), min(792.0, corner[1] + size[1]))
    x0, y0, x1, y1 = area_of(page, "recorte", box, pane)
    assert (x1 - x0) / pane[0] == pytest.approx((y1 - y0) / pane[1])  # nothing is distorted
    assert x0 <= box[0] * 2 + 1e-6  # its beginning is seen
    assert y0 <= (box[1] + box[3]) <= y1
    line = min(max((box[3] - box[1]) * 2.5, 12.0), 48.0)
    assert line / ((y1 - y0) / pane[1]) >= LEGIBLE - 1e-6


def test_moving_stays_on_the_page() -> None:
    page = drawn_page()
    for top, left in ((-9.0, -9.0), (9.0, 9.0)):
        area = area_of(page, "ancho", None, (40, 20), top=top, left=left)
        assert area[0] >= 0 and area[1] >= 0 and area[2] <= 600.5 and area[3] <= 800.5


# -- protocols ------------------------------------------------------------------------------------


def unsixel(data: bytes) -> list[list[int]]:
    """The percents of grey that sixels paint: a decoder of what DEC STD 070 says."""
    found = re.fullmatch(rb'\x1bP0;1;0q"1;1;(\d+);(\d+)([!-~]*)\x1b\\', data)
    assert found, data[:40]
    wide, high, body = int(found[1]), int(found[2]), found[3]
    out = [[-1] * wide for _ in range(high)]
    colours: dict[int, int] = {}
    x = band = colour = 0
    told = r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|(\$)|(-)"
    for part in re.finditer(told, body.decode()):
        number, red, green, blue, chosen, count, sign, one, back, down = part.groups()
        if number:
            assert red == green == blue
            colours[int(number)] = int(red)
        elif chosen:
            colour = int(chosen)
        elif back or down:
            x, band = 0, band + bool(down)
        for _ in range(int(count or 1) if sign or one else 0):
            for bit in range(6):
                if (ord(sign or one) - 63) >> bit & 1 and band * 6 + bit < high:
                    assert out[band * 6 + bit][x] == -1  # no pixel twice
                    out[band * 6 + bit][x] = colours[colour]
            x += 1
    return out


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 20), st.randoms(use_true_random=False))
def test_sixels_say_what_the_picture_shows(wide: int, high: int, chance: object) -> None:
    pixels = bytes(chance.choice((0, 90, 200, 255)) for _ in range(wide * high))  # type: ignore[attr-defined]
    image = Image.frombytes("L", (wide, high), pixels)
    seen = unsixel(sixel(image))
    wanted = [round(value * 16 // 256 * 100 / 15) for value in pixels]
    assert [v for row in seen for v in row] == wanted


def test_kitty_gets_a_whole_picture_in_pieces() -> None:
    image = Image.effect_noise((300, 200), 60)
    data = kitty(image, 40, 12, 7)
    pieces = re.findall(rb"\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\", data)
    assert b"".join(b"\x1b_G%s;%s\x1b\\" % p for p in pieces) == data and len(pieces) > 2
    assert all(len(text) <= 4096 for _, text in pieces)
    assert [keys.rpartition(b"m=")[2] for keys, _ in pieces] == [b"1"] * (len(pieces) - 1) + [b"0"]
    assert b"c=40,r=12" in pieces[0][0] and b"C=1" in pieces[0][0] and b"i=7" in pieces[0][0]
    assert all(b"q=2" in keys for keys, _ in pieces)  # it answers nothing: answers would be keys
    back = Image.open(io.BytesIO(base64.b64decode(b"".join(text for _, text in pieces))))
    assert back.tobytes() == image.tobytes()


# -- the terminal is asked ------------------------------------------------------------------------


@pytest.fixture
def terminal() -> Iterator[tuple[str, int]]:
    """A pseudo-terminal: its path, and the end where a terminal sits."""
    ours, theirs = pty.openpty()
    yield os.ttyname(theirs), ours
    os.close(ours)
    os.close(theirs)


ANSWERS = {
    "kitty": (b"\x1b_Gi=31;OK\x1b\\\x1b[6;20;9t\x1b[?62;c", "kitty", (9, 20)),
    "sixel": (b"\x1b[6;18;10t\x1b[?64;1;2;4;6c", "sixel", (10, 18)),
    "neither": (b"\x1b[?1;2c", "celdas", (8, 16)),
    "not 4 but 14": (b"\x1b[?61;14;44c", "celdas", (8, 16)),
    "silent": (b"", "celdas", (8, 16)),
    "nonsense": (b"\x1b[6;999;999t\x1b_Gi=31;ENODATA\x1b\\\xff\xfe\x1b[?4c", "sixel", (8, 16)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_terminal_says_what_it_can(name: str, terminal: tuple[str, int]) -> None:
    path, fd = terminal
    answer, kind, cell = ANSWERS[name]
    asked: list[bytes] = []

    def sit() -> None:
        while not b"".join(asked).endswith(b"\x1b[c"):
            asked.append(os.read(fd, 1024))
        os.write(fd, answer)

    person = threading.Thread(target=sit)
    person.start()
    found = graphics.choose("auto", {"TERM": "xterm-256color"}, timeout=0.3, path=path)
    person.join()
    assert (found.kind, found.cell) == (kind, cell)
    assert b"".join(asked) == graphics.QUESTION


@pytest.mark.parametrize(
    "env",
    [
        {"TERM": "linux"},
        {"TERM": "xterm", "NO_COLOR": ""},
        {"TERM": "xterm", "TMUX": "/tmp/tmux"},
        {"TERM": "screen.xterm"},
        {"TERM": "xterm", "STY": "1.pts"},
        {},
    ],
)
def test_where_pictures_fail_nothing_is_asked(
    env: dict[str, str], terminal: tuple[str, int]
) -> None:
    path, fd = terminal
    os.set_blocking(fd, False)
    assert graphics.choose("auto", env, path=path).kind == "celdas"
    assert graphics.choose("no", env, path=path).kind == "no"
    with pytest.raises(BlockingIOError):
        os.read(fd, 1)
    assert graphics.choose("auto", {"TERM": "xterm"}, path="/no/hay").kind == "celdas"


def test_cells_suit_the_terminal() -> None:
    looks = [
        graphics.look_of({"TERM": "xterm-256color", **more})
        for more in ({"COLORTERM": "truecolor"}, {}, {"NO_COLOR": ""}, {"TERM": "linux"})
    ]
    assert looks == ["cuartos", "mitades", "tramas", "tramas"]


# -- what is kept ---------------------------------------------------------------------------------


def test_what_is_kept_is_bounded() -> None:
    kept = Kept(most=1000)
    for page in range(1, 50):
        kept.put(("VU1.1", "a", page), Sheet(page, 50, (1.0, 1.0), (10, 30), bytes(300)))
        assert kept.weight <= 1000
        kept.get(("VU1.1", "a", 1))  # what is looked at stays
    assert kept.get(("VU1.1", "a", 1)) and kept.get(("VU1.1", "a", 49))
    assert kept.get(("VU1.1", "a", 40)) is None
    kept.put(("VU1.1", "a", 60), Sheet(60, 60, (1.0, 1.0), (40, 50), bytes(2000)))
    assert kept.weight <= 1000 and kept.get(("VU1.1", "a", 60)) is None


def test_only_the_newest_question_is_drawn_and_the_next_page_is_ready(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident, other = house.receive(reading("Una"), reading("Otra"))
    door = house.reception()
    drawn: list[int] = []
    imagen = door.imagen

    def counted(draft: Draft, page: int = 1) -> Vista:
        drawn.append(page)
        return imagen(draft, page)

    monkeypatch.setattr(door, "imagen", counted)
    viewing = Viewing(lambda: door)
    old, new = Ask(ident, 1, 20, 8), Ask(ident, 1, 20, 9)
    viewing.want(old)
    viewing.want(new)
    assert viewing.drawn(old) is None and not drawn
    made = viewing.drawn(new)
    assert made is not None and len(made.cells) == 9
    assert viewing.drawn(new) and drawn == [1]
    viewing.ahead(new, following=other)
    viewing.ahead(new, following="VU1.999")  # that there is no such letter is nobody's trouble
    assert drawn == [1, 1]  # a letter of one page has no next one
    with pytest.raises(Refused):
        viewing._sheet(ident, 9)
    with pytest.raises(Refused):
        viewing._sheet(ident, 9)
    assert drawn == [1, 1, 9]  # that it cannot be shown is known


# -- the pane -------------------------------------------------------------------------------------


class Pane(App[None]):
    """A pane alone, over the doors of a house."""

    CSS = "Picture { width: 40; height: 10; }"

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.tasks = tasks
        self.asked: list[Ask] = []

    def compose(self) -> ComposeResult:
        yield Picture(id="imagen")

    @property
    def picture(self) -> Picture:
        """The pane."""
        return self.query_one(Picture)

    def shown(self) -> str:
        """Its cells, as signs."""
        return "\n".join(self.picture.render_line(y).text for y in range(10))

    @on(Picture.Wanted)
    def _wanted(self, event: Picture.Wanted) -> None:
        self.asked.append(event.ask)
        self.tasks.picture(self, event.ask)

    @on(m.PictureDrawn)
    def _drawn(self, answer: m.PictureDrawn) -> None:
        if answer.drawn is not None:
            self.picture.show(answer.drawn)
        else:
            self.picture.fail(answer.ask, answer.sentence)

    def report(self, error: Exception) -> None:
        """Errors end the test."""
        raise error


@asynccontextmanager
async def pane(house: House) -> AsyncIterator[tuple[Pane, Pilot[None]]]:
    """The pane, driven."""
    tasks = Tasks(house.home, None, reader=house.reader)  # type: ignore[arg-type]
    tasks.viewing.graphics = graphics.Graphics("celdas", look="cuartos")
    app = Pane(tasks)
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            while not app.picture.size.width:
                await pilot.pause()
            yield app, pilot
    finally:
        assert tasks.close()


async def settled(app: Pane, pilot: Pilot[None]) -> None:
    """Until nothing is asked."""
    until = time.monotonic() + 15
    while app.picture.busy or app.tasks.busy:
        assert time.monotonic() < until
        await pilot.pause()


async def test_the_pane_asks_shows_and_never_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    [ident] = house.receive(reading("Una"))
    bad = broken(house)
    imagen = Recepcion.imagen
    gate = threading.Event()

    def slow(self: Recepcion, draft: Draft, *rest: Any) -> Vista:
        assert gate.wait(10)
        return imagen(self, draft, *rest)

    monkeypatch.setattr(Recepcion, "imagen", slow)
    async with pane(house) as (app, pilot):
        app.picture.look_at(ident, 1, (50.0, 12.0, 200.0, 22.0))
        longest = await longest_pause(pilot, 20)
        assert app.picture.busy and longest < 0.1  # a page that takes long holds nobody up
        assert texts.PICTURE_WAIT in app.shown()
        gate.set()
        await settled(app, pilot)
        assert app.asked == [Ask(ident, 1, 40, 10, "recorte", (50.0, 12.0, 200.0, 22.0))]
        assert app.picture.drawn is not None and not app.shown().strip()  # an empty page
        app.picture.turn_zoom(-1)
        await settled(app, pilot)
        assert app.picture.zoom == "hoja" and app.picture.at == (1, 1)
        assert {c for c in app.shown() if c != "\n"} <= set(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
        assert not app.picture.page(2)
        app.picture.styles.width = 30
        await pilot.pause()
        await settled(app, pilot)
        assert app.asked[-1].columns == 30
        app.picture.again()
        await settled(app, pilot)
        assert len(app.asked) == 4 and app.picture.drawn is not None
        app.picture.look_at(bad)
        await settled(app, pilot)
        assert "no se puede mostrar" in " ".join(app.shown().split())


def broken(house: House) -> str:
    """A letter that is no PDF, though it says so."""
    data = b"%PDF-1.7\n" + bytes(range(256)) * 20
    path = house.home.parent / "mala.pdf"
    path.write_bytes(data)
    house.reader.script[hashlib.sha256(data).hexdigest()] = Unreadable("danado")
    [done] = house.reception().recibir([path])
    return str(done.borrador)


async def longest_pause(pilot: Pilot[None], times: int) -> float:
    """The longest that the event loop was kept from going on."""
    longest = 0.0
    for _ in range(times):
        before = time.monotonic()
        await asyncio.sleep(0.005)
        longest = max(longest, time.monotonic() - before)
        await pilot.pause()
    return longest


async def test_a_late_answer_is_let_go_and_no_pictures_are_no_pictures(house: House) -> None:
    ident, other = house.receive(reading("Una"), reading("Otra"))
    async with pane(house) as (app, pilot):
        app.picture.look_at(ident)
        await settled(app, pilot)
        old = app.picture.drawn
        assert old is not None
        app.picture.look_at(other)
        app.picture.show(old)
        assert app.picture.busy and app.picture.drawn is None
        await settled(app, pilot)
        app.tasks.viewing.graphics = graphics.Graphics("no")
        app.picture.look_at(ident)
        await settled(app, pilot)
        assert app.shown().startswith("Las páginas no se dibujan")


def test_an_office_says_how_pages_are_drawn_and_an_old_one_need_not(tmp_path: Path) -> None:
    told = (ROOT / "config.toml").read_text(encoding="utf-8")
    old, _, _ = told.partition("[interfaz]")
    path = tmp_path / "config.toml"
    for text, wanted in ((told, "auto"), (old, "auto"), (f'{old}[interfaz]\nimagen = "no"', "no")):
        path.write_text(text, encoding="utf-8")
        assert load(path).interfaz.imagen == wanted
    path.write_text(f'{old}[interfaz]\nimagen = "ascii"', encoding="utf-8")
    with pytest.raises(Refused):
        load(path)
