"""Real offices with letters that a scripted reader «reads», and the app driven by a pilot."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from textual.pilot import Pilot
from textual.widgets import Static

import tui  # noqa: F401  (its environment comes before Textual is used)
from ingest.lectura import Campo, Lectura, Pagina, Palabra, Unreadable
from ingest.reception import Recepcion
from records import keys, pdfa
from records.office import Office
from tests.readers import ScriptedReader
from tests.tui import archivo_home
from tui import themes
from tui.app import VentanillaApp
from tui.graphics import Graphics
from tui.screens.por_radicar import PorRadicar
from tui.tasks import Tasks
from tui.widgets.field import TextField
from tui.widgets.notice import Notice

ROOT = Path(__file__).parents[2]
TEXT = "Señor alcalde:\nYo, María Muñoz Peña, pido copia\ndel contrato 044 de 2025.\nAtentamente"


def small_pdf() -> bytes:
    """One empty page as PDF/A."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        return pdfa.write(pdf)


def page(text: str) -> Pagina:
    """A page whose words stand in a grid: 50 points a word, 12 a line."""
    words = [
        Palabra(word, 95, (50.0 * i, 12.0 * y, 50.0 * i + 45, 12.0 * y + 10), y)
        for y, row in enumerate(text.split("\n"))
        for i, word in enumerate(row.split())
    ]
    return Pagina(612, 792, text, 95, 0, not text, words)


def reading(text: str = TEXT, **fields: Campo) -> Lectura:
    """What a reader gives."""
    pages = [page(t) for t in text.split("\f")]
    return Lectura(pages, fields, (400.0, 20.0, 600.0, 90.0), None, [], "de prueba")


USUAL = {
    "remitente": Campo("María Muñoz Peña", 71, 1, (50.0, 12.0, 200.0, 22.0)),
    "asunto": Campo("Copia del contrato 044", 88, 1, None),
    "correo": Campo("maria@ejemplo.com", 97, 1, None),
    "tipo": Campo("documentos", 93, 1, None),
    "canal": Campo("fisico", 90, 1, None),
    "folios": Campo("2", 95, 1, None),
}


@dataclass
class House:
    """An office for tests, and the letters that came in."""

    home: Path
    reader: ScriptedReader
    persona: str | None = None

    @property
    def office(self) -> Office:
        """A fresh look."""
        return Office(self.home, persona=self.persona)

    def reception(self, persona: str | None = None) -> Recepcion:
        """Another process's door."""
        return Recepcion(Office(self.home, persona=persona), reader=self.reader)  # type: ignore[arg-type]

    def receive(self, *letters: Lectura | Unreadable | None, name: str = "carta") -> list[str]:
        """Letters that were scanned; returns their ids."""
        folder = self.home.parent / "escaner"
        folder.mkdir(exist_ok=True)
        files = []
        for number, letter in enumerate(letters):
            path = folder / f"{name}-{number + 1}.pdf"
            data = self.reader.pdf + f"\n%{name}{number}\n".encode()
            path.write_bytes(data)
            if letter is not None:
                self.reader.script[hashlib.sha256(data).hexdigest()] = letter
            files.append(path)
        done = self.reception().recibir(files)
        return [str(d.borrador) for d in done]

    def numbers(self) -> list[str]:
        """All numbers that were given, oldest first."""
        return [r.radicado for r in reversed(self.office.buscar("").radicados)]


@pytest.fixture(scope="session")
def pdf() -> bytes:
    """The PDF/A that the scripted reader makes."""
    return small_pdf()


@pytest.fixture
def house(tmp_path: Path, pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A demo office."""
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "marcas"))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    home = tmp_path / "casa"
    Office.found(home, ROOT / "config.toml", demo=True)
    yield House(home, ScriptedReader(pdf, reading(**USUAL)))


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """What an app kept out of the garbage's way is looked through again when it is gone."""
    yield
    gc.unfreeze()


@dataclass
class Driver:
    """The app under a pilot, and what a test asks of it."""

    app: VentanillaApp
    pilot: Pilot[int]
    now: float = 1000.0

    @property
    def room(self) -> PorRadicar:
        """The first room."""
        found = self.app.screen_stack[0]
        assert isinstance(found, PorRadicar)
        return found

    @property
    def notice(self) -> str:
        """What the line that answers says."""
        return self.app.screen.query_one(Notice).sentence

    def text(self, selector: str) -> str:
        """The plain text of a static widget."""
        return str(self.room.query_one(selector, Static).visual)

    def shown(self) -> str:
        """All of the screen as text."""
        height = self.app.size.height
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(s.text for s in line) for line in lines[:height])

    async def until(self, true: Callable[[], Any], what: str = "") -> None:
        """Let the app work until something holds."""
        limit = time.monotonic() + 15
        while not true():
            assert time.monotonic() < limit, f"no pasó: {what}\n{self.shown()}"
            await self.pilot.pause()
            await asyncio.sleep(0)

    async def settle(self) -> None:
        """Until nothing is asked of the doors and all answers were handled."""
        await self.until(self._calm, "puertas en calma")
        await self.pilot.pause()
        await self.until(self._calm, "puertas en calma")

    def _calm(self) -> bool:
        return not (self.app.tasks.busy or self.app.typed_ahead)

    async def press(self, *keys: str) -> None:
        """Keys, one after the other, and what follows from them."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def number(self) -> None:
        """F2, pressed after a calm."""
        self.now += 1
        await self.press("f2")
        await self.until(lambda: not self.room.desk.numbering, "número")
        await self.settle()
        self.room._listen()


@pytest.fixture
def drive(house: House) -> Callable[..., Any]:
    """Start the app on the house: `async with drive() as d`."""

    @asynccontextmanager
    async def start(
        size: tuple[int, int] = (80, 24),
        *,
        watch: bool = False,
        persona: str | None = None,
        errors: bool = False,
        pictures: bool = False,
        room: str = "recepcion",
        house_: House | None = None,
    ) -> AsyncIterator[Driver]:
        tasks = Tasks((house_ or house).home, persona, reader=house.reader)  # type: ignore[arg-type]
        if pictures:
            tasks.prepare()
        else:
            tasks.viewing.graphics = Graphics("no")
        app = VentanillaApp(tasks, watch=watch, theme=themes.OWN, room=room)
        try:
            async with app.run_test(size=size) as pilot:
                driver = Driver(app, pilot)
                if room == "recepcion":
                    driver.room._clock = lambda: driver.now
                    await driver.until(lambda: driver.room.desk.session, "oficina abierta")
                await driver.settle()
                yield driver
        finally:
            assert tasks.close()
        log = house.home / "salida" / "errores.log"
        assert errors or not log.exists(), log.read_text()

    return start


def focused(d: Driver) -> str:
    """The id of what has the focus."""
    return str(d.app.focused.id) if d.app.focused else ""


def value(d: Driver, name: str) -> str:
    """What a field shows."""
    return d.room.query_one(f"#campo-{name}", TextField).value


# -- an archive -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def archive_whole(tmp_path_factory: pytest.TempPathFactory) -> archivo_home.Built:
    """An archive, not to be changed."""
    return archivo_home.build(tmp_path_factory.mktemp("archivo"), ROOT / "config.toml")


@pytest.fixture
def archive_clock(monkeypatch: pytest.MonkeyPatch) -> archivo_home.Clock:
    """The clock, a year after it was built."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(keys, "_ARGON", {"iterations": 1, "lanes": 1, "memory_cost": 64})
    return archivo_home.Clock(monkeypatch, archivo_home.LATER)


@pytest.fixture
def archive_seen(
    archive_whole: archivo_home.Built,
    archive_clock: archivo_home.Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> archivo_home.Built:
    """That archive as it stands a year later, to be looked at."""
    monkeypatch.setenv("VENTANILLA_MARCAS", str(archive_whole.folder / "marcas"))
    return archive_whole


@pytest.fixture
def archive_own(
    archive_whole: archivo_home.Built,
    archive_clock: archivo_home.Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> archivo_home.Built:
    """A copy of it, to be changed."""
    return archivo_home.copy(archive_whole, tmp_path / "archivo", monkeypatch)
