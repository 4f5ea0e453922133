"""An archive for the room's tests: a TRD, expedientes open and closed, letters that nobody filed.

It is built once for all of them, in March 2026, and looked at a year later; each test that changes
something has a copy of its own.
"""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual import events

from records import keys, lines
from records.disk import Disk
from records.marks import Marks
from records.office import Office
from records.trd import Row, Table
from retention.archive import Archivo
from tests.conftest import page_pdf, receive
from tui import themes
from tui.app import VentanillaApp
from tui.graphics import Graphics
from tui.lobby_views import Person
from tui.screens.archivo import ArchivoScreen
from tui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tui.conftest import Driver

ROLE = {"demo": "archivista", "rosa": "archivista", "hugo": "jefe_area", "irma": "auditor"}

EVIL = "Caso \x1b]0;dueño\x07\x1b[2J[bold red]rojo[/]\u202eoña [@click=app.bell]x[/]"
PHRASE = "frase de una persona"
ROWS = [
    Row(codigo="140.01.01", dependencia="140", serie="01", nombre_serie="ACCIONES",
        subserie="01", nombre_subserie="Acciones de tutela", ag=0, ac=1, disposicion=["CT"]),
    Row(codigo="140.02.01", dependencia="140", serie="02", nombre_serie="DERECHOS DE PETICIÓN",
        subserie="01", nombre_subserie="Peticiones [red]de interés[/]",
        tipos=["Petición", "Respuesta"], ag=0, ac=1, disposicion=["E"]),
    Row(codigo="120.03", dependencia="120", serie="03", nombre_serie="CONTRATOS \x1b[31m\u202e[b]x",
        ag=2, ac=18, disposicion=["S"], evento="liquidación del contrato", muestra=10),
]  # fmt: skip
TABLE = Table(
    version="1", entidad="Alcaldía", acto="Resolución 30 de 2026", desde="2026-03-01", series=ROWS
)
LATER = "2027-03-05"


class Clock:
    """The machine's clock, which stands where a story says."""

    def __init__(self, patch: pytest.MonkeyPatch, day: str) -> None:
        self.to(day)
        patch.setattr(lines, "now", lambda: self.moment)

    def to(self, day: str) -> None:
        """Go on to a day."""
        self.moment = datetime.fromisoformat(f"{day}T09:00:00-05:00")


@dataclass
class Built:
    """Where it lies."""

    folder: Path

    @property
    def home(self) -> Path:
        """Of the office."""
        return self.folder / "casa"

    def door(self, persona: str = "demo") -> Archivo:
        """A fresh look, by somebody."""
        return Archivo(Office(self.home, persona=persona))


def build(folder: Path, config: Path) -> Built:
    """The office with all that lies in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VENTANILLA_MARCAS", str(folder / "marcas"))
        patch.setattr(keys, "_ARGON", {"iterations": 1, "lanes": 1, "memory_cost": 64})
        clock = Clock(patch, "2026-03-02")
        built = Built(folder)
        Office.found(built.home, config, demo=True)
        office = Office(built.home, persona="demo")
        office.adoptar_trd(TABLE)
        for who, role in (
            ("rosa", "archivista"),
            ("hugo", "jefe_area"),
            ("irma", "auditor"),
            ("ana", "ventanilla"),
        ):
            office.agregar_persona(
                who, nombre=who.title(), cargo="Técnica", roles=[role], passphrase=PHRASE
            )
        door = Archivo(office)
        for serie, name, closes in (
            ("140.02.01", "Petición de Ana Peña", True),
            ("140.02.01", EVIL, True),
            ("140.01.01", "Tutela de Berta Lugo", True),
            ("120.03", "Contrato 044", True),
            ("140.02.01", "Alumbrado del parque", False),
        ):
            number = door.abrir(serie, name, con=[_letter(office, name[:12])]).expediente
            if closes:
                door.cerrar(number, "respondida")
        for n in range(3):
            _letter(office, f"Suelta {n + 1} [b]")
        clock.to(LATER)
        office.abrir_vigencia(2027)
    return built


_count = 0


def _letter(office: Office, subject: str) -> str:
    global _count
    values = {"remitente": "Ana Peña", "asunto": subject, "folios": "2", "dependencia": "140"}
    (ident,) = receive(office, 1, start=_count)
    _count += 1
    number = office.radicar(ident, values)
    office.sellar(ident, page_pdf(subject), hueco=None, paginas=1, lectura=None)
    return number.radicado


def copy(built: Built, folder: Path, patch: pytest.MonkeyPatch) -> Built:
    """The same office elsewhere, to be changed."""
    shutil.copytree(built.folder, folder)
    patch.setenv("VENTANILLA_MARCAS", str(folder / "marcas"))
    home = folder / "casa"
    for place in (home / "journal").glob("*.lugar.json"):
        Marks(home, place.name.removesuffix(".lugar.json"), Disk()).settle()
    return Built(folder)


# -- the app in its room ---------------------------------------------------------------------------


def app_of(built: Built, persona: str) -> tuple[VentanillaApp, Tasks]:
    tasks = Tasks(built.home, persona)
    tasks.viewing.graphics = Graphics("no")
    who = Person(persona, persona, ROLE[persona], (ROLE[persona],), "clave")
    app = VentanillaApp(tasks, watch=False, theme=themes.OWN, room="archivo", who=who)
    return app, tasks


@asynccontextmanager
async def entered(
    built: Built, persona: str = "rosa", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Driver]:
    """The app in its room."""
    app, tasks = app_of(built, persona)
    from tests.tui.conftest import Driver

    try:
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver
    finally:
        assert tasks.close()
    log = built.home / "salida" / "errores.log"
    assert not log.exists(), log.read_text()


def room_of(d: Driver) -> ArchivoScreen:
    found = d.app.screen_stack[0]
    assert isinstance(found, ArchivoScreen)
    return found


async def say(d: Driver, text: str, *then: str) -> None:
    """Write a text in one go, as one who pastes it."""
    if text:
        d.app.post_message(events.Paste(text))
        await d.settle()
    await d.press(*then)


def number(built: Built, name: str) -> str:
    """The expediente of a name."""
    return next(e.numero for e in built.door().lista() if e.nombre.startswith(name))
