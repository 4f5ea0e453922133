"""A working day of a clerk, a head of área and an archivist on one home, in real terminals.

Nothing is arranged behind the program's back: people come in by name and passphrase, real scans are
read by the real engine, each key goes through tmux. What is counted are keys pressed; text that a
person has to type in any case is not.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.tui.conftest import ROOT
from tests.tui.tmux import TMUX, Session, Tmux

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.largo,
    pytest.mark.skipif(TMUX is None, reason="hace falta tmux"),
    pytest.mark.skipif(shutil.which("tesseract") is None, reason="hace falta tesseract"),
]

CLERK, HEAD, KEEPER = "cruiz", "mquintero", "earango"
PHRASES = {
    "svillamil": "clave de la entidad 2026",
    CLERK: "sol de la mañana",
    HEAD: "luna de la tarde",
    KEEPER: "papel de archivo",
}
LETTERS = (
    "01-derecho-de-peticion.pdf",
    "05-girada.jpg",
    "02-queja-alumbrado.jpg",
    "12-consulta-uso-suelo.tif",
    "10-personal.jpg",
)
TRD = """Código;Nombre serie;Nombre subserie;Tipos documentales;Soporte;AG;AC;Disposición final
140.02.01;DERECHOS DE PETICIÓN;Peticiones de documentos;"Petición; Respuesta";P/E;2;8;E
150.05;QUEJAS;;Queja;P/E;2;8;E
"""


@dataclass
class Day:
    """The home, and who works in it."""

    home: Path
    tmux: Tmux

    def say(self, *words: str, who: str | None = None, ok: bool = True) -> Any:
        """A command of the program, and its answer."""
        command = [sys.executable, "-m", "cli.main", "--casa", str(self.home), "--json"]
        if who is not None:
            command += ["--persona", who, "--clave-archivo", str(self.phrase(who))]
        done = subprocess.run(
            [*command, *words], cwd=ROOT, capture_output=True, text=True, timeout=300,
            env={**os.environ, **self.tmux.env},
        )  # fmt: skip
        assert not ok or done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def phrase(self, who: str) -> Path:
        """The file with somebody's passphrase."""
        path = self.home.parent / f"{who}.clave"
        path.write_text(PHRASES[who] + "\n", encoding="utf-8")
        return path

    def come_in(self, session: str, who: str, find: str, room: str) -> Session:
        """Somebody sits down, says who they are and shows it."""
        found = self.tmux.open(session, "--casa", str(self.home), "tui")
        found.until("¿Quién es usted?")
        found.type(find)
        found.until(lambda s: "Álvaro Salcedo" not in s)
        found.press("Enter")
        found.until("Clave de su llave")
        found.type(PHRASES[who])
        found.press("Enter")
        found.until(room)
        found.story(f"{who}: entrar", 2)
        return found

    def numbers(self) -> list[str]:
        """All that were given, as they are kept."""
        return sorted(r["radicado"] for r in self.say("buscar", "")["radicados"])


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    """A real office before eight: people with keys, a TRD, nothing received."""
    env = {
        "VENTANILLA_MARCAS": str(tmp_path / "marcas"),
        "PYTHONPATH": str(ROOT),
        "TERM": "tmux-256color",
    }
    made = Day(tmp_path / "casa", Tmux(tmp_path / "tmux", env))
    made.say("iniciar", "--config", str(ROOT / "config.toml"), who="svillamil")
    for who in (CLERK, HEAD, KEEPER):
        made.say("clave", "persona", who, "--clave-nueva", str(made.phrase(who)), who="svillamil")
    table = tmp_path / "trd.csv"
    table.write_text(TRD, encoding="utf-8")
    made.say("trd", "importar", str(table), "--acto", "Resolución 30 de 2026", who=KEEPER)
    yield made
    made.tmux.close()


def scan(day: Day, name: str) -> None:
    """A paper comes out of the scanner."""
    half = day.home / "inbox" / f".{name}"
    half.write_bytes((ROOT / "samples" / name).read_bytes())
    half.replace(day.home / "inbox" / name)


def test_a_working_day_of_each_role(day: Day) -> None:
    clerk = day.come_in("recepcion", CLERK, "claudia", "Por radicar")
    _clerk_alone(day, clerk)
    clerk = _clerk_is_killed(day, clerk)
    head = day.come_in("area", HEAD, "marcela", "[Área]")
    _head(day, head, clerk)
    keeper = day.come_in("archivo", KEEPER, "arango", "[Archivo]")
    _archivist(day, keeper)
    _figures(keeper)
    for one in (clerk, head, keeper):
        one.leave()
    _all_is_there_once(day)


def _clerk_alone(day: Day, clerk: Session) -> None:
    for name in LETTERS:
        scan(day, name)
        clerk.until(name[:20])  # they come in one by one, so that their order is known
    clerk.until(lambda s: "[Por radicar 5]" in s and "leyendo" not in s)
    clerk.story("llegan cinco cartas", 0)

    # A well-read one: its leaves, which no reading knows, are looked at; all else stands.
    clerk.until("1 por revisar")
    _accept_doubts(clerk)
    clerk.press("F2")
    clerk.until("Radicado 2026-VU1-E-000001")
    clerk.story("una carta bien leída", 3)

    # A doubtful one: each doubt is looked at.
    clerk.until(lambda s: "05-girada.jpg · 1 pág." in s and "2 por revisar" in s)
    _accept_doubts(clerk)
    clerk.press("F2")
    clerk.until("Radicado 2026-VU1-E-000002")
    clerk.story("una carta dudosa", 4)

    # Somebody stands at the counter; the name is typed in one burst, with the key.
    clerk.until("02-queja-alumbrado.jpg · 1 pág.")
    clerk.press("F6")
    clerk.until("Persona en ventanilla")
    clerk.type("Begoña Núñez")
    clerk.press("Enter")
    clerk.until("Radicado 2026-VU1-E-000003")
    clerk.story("una persona en la ventanilla", 2)
    clerk.press("F5")
    clerk.until("2026-VU1-E-000003.pdf")
    assert (day.home / "salida" / "etiquetas" / "2026-VU1-E-000003.pdf").is_file()
    clerk.story("repetir el rótulo", 1)

    # One that gets no number, by mistake; it comes back whole, and is closed for good.
    clerk.press("C-n", "C-n")
    clerk.until("10-personal.jpg · 1 pág.")
    clerk.press("F8")
    clerk.until("No radicar: ¿por qué?")
    clerk.press("3")
    clerk.until("No se radicó")
    clerk.story("cerrar una sin número", 4)
    clerk.press("C-z")
    clerk.until("10-personal.jpg volvió a la cola y se leyó otra vez")
    clerk.story("traerla de vuelta", 1)
    clerk.until("10-personal.jpg · 1 pág.")
    clerk.press("F8", "1")
    clerk.until("No se radicó")

    clerk.press("C-x")
    clerk.until(lambda s: "Página 1" in s and "▀" in s)
    clerk.press("Escape")
    clerk.until("Por radicar")
    clerk.story("ver la hoja y volver", 5)
    clerk.press("C-f")
    clerk.until("[Consulta]")
    clerk.type("ferreteria")
    clerk.until(lambda s: "1 radicado" in s and "2026-VU1-E-000002" in s)
    clerk.press("Escape", "Escape")
    clerk.story("buscar sin tildes y volver", 3)
    clerk.press("C-r")
    clerk.until("Por radicar")


def _clerk_is_killed(day: Day, clerk: Session) -> Session:
    clerk.keys = 0
    clerk.press("Escape", "Home", "C-n")
    clerk.until("12-consulta-uso-suelo.tif · 1 pág.")
    clerk.press("Enter")
    clerk.press("C-o")
    clerk.until("Letra: ir a ese campo")
    clerk.press("b")
    clerk.type("Hacienda El Ñandú, S. en C. «Ñ»")
    clerk.until("El Ñandú, S. en C")
    time.sleep(1.5)  # what counts is that nobody pressed anything to keep it
    os.kill(clerk.pid, signal.SIGKILL)
    limit = time.monotonic() + 20
    while not clerk.gone():
        assert time.monotonic() < limit
        time.sleep(0.1)
    again = day.come_in("recepcion2", CLERK, "claudia", "Por radicar")
    again.press("Escape", "C-n")
    again.until("12-consulta-uso-suelo.tif · 1 pág.")
    again.until("Hacienda El Ñandú")
    again.story("encontrar lo escrito después de un corte", 2)
    return again


def _accept_doubts(clerk: Session) -> None:
    """Enter, as often as the screen asks for it."""
    while True:
        doubts = re.search(r"(\d+) por revisar", clerk.words())
        if doubts is None:
            clerk.until("LISTO PARA RADICAR")
            return
        clerk.press("Enter")
        time.sleep(0.6)


def _head(day: Day, head: Session, clerk: Session) -> None:
    shown = head.until("2026-VU1-E-000001")
    assert "1 en espera" in shown and "10 d" in shown
    # Meanwhile the clerk goes on, on the same home.
    clerk.press("Escape", "Home")
    clerk.until("02-queja-alumbrado.jpg · 1 pág.")
    clerk.press("F2")
    clerk.until("Radicado 2026-VU1-E-000004")
    clerk.until(lambda s: "12-consulta-uso-suelo.tif · 1 pág." in s and "Hacienda El Ñandú" in s)
    time.sleep(1)  # an F2 that comes at once is a slip, and gives no number
    clerk.press("F2")
    clerk.until("Radicado 2026-VU1-E-000005")
    head.press("F5")
    shown = head.until("3 en espera")
    # Children are spoken of in the complaint: by law it goes before its turn (^). Then what expires
    # first: documents in 10 days, an enquiry in 30. The cursor stays on what it was on.
    order = [shown.index(f"2026-VU1-E-00000{n}") for n in (4, 1, 5)]
    assert order == sorted(order) and "> 10 d 2026-VU1-E-000001" in shown, shown
    head.story("ver lo que vence primero", 1)

    head.press("a")
    head.until("¿A quién se le asigna?")
    time.sleep(0.5)  # what is proposed is to be seen before it is taken
    head.press("Enter")
    head.until("2026-VU1-E-000001: asignado a")
    head.story("asignar", 2)

    head.press("r")
    head.until("Plantilla o archivo")
    head.type("Con gusto le enviamos copia del expediente, señora Castañeda.")
    head.press("F2")
    head.until("espera a Marcela Quintero")
    head.story("responder con una plantilla", 2)
    head.press("f")
    head.until("Firmar con su llave")
    head.type("no es la clave")
    head.press("Enter")
    head.until("La clave no es la de esta llave")
    head.keys = 1
    head.type(PHRASES[HEAD])
    head.press("Enter")
    head.until("firmada con el número 2026-VU1-S-000001")
    head.story("firmar", 2)

    head.until("2 en espera")
    head.press("Home", "Space", "Space", "n")
    head.until("2 marcados")
    head.type("Revisar con la Oficina Jurídica antes del viernes.")
    head.press("Enter")
    head.until("2 con su nota")
    head.story("una nota en dos a la vez", 5)
    for number in ("2026-VU1-E-000004", "2026-VU1-E-000005"):
        assert "Oficina Jurídica" in json.dumps(day.say("ver", number), ensure_ascii=False)


def _archivist(day: Day, keeper: Session) -> None:
    keeper.press("3")
    keeper.until("2026-VU1-S-000001")
    keeper.press("F3")
    keeper.type("castañeda")
    keeper.until("2 radicados")
    keeper.press("Enter", "Home", "Space", "F4")
    keeper.until("¿De qué serie?")
    keeper.type("140.02")
    keeper.press("Enter")
    keeper.until("Soporte")
    keeper.press("Enter")
    keeper.until("Abrir un expediente")
    keeper.press("C-u")
    keeper.type("Petición de Beatriz Castañeda")
    keeper.press("Enter")
    keeper.until("2026-VU1-EXP-000001 quedó abierto, con 1 documento")
    keeper.story("abrir un expediente con una carta", 10)

    keeper.press("2")
    keeper.until("1 expediente ·")
    keeper.press("F4")
    keeper.until("¿Qué tipo documental es?")
    keeper.type("petición")
    keeper.press("Enter")
    keeper.until("Radicados, separados por espacios")
    keeper.type("2026-VU1-E-000001")
    keeper.press("Enter")
    keeper.until("tiene ahora 2 documentos")
    keeper.story("incorporar una carta", 4)

    keeper.press("F7")
    keeper.until("Motivo (si hace falta)")
    keeper.type("Se respondió la petición")
    keeper.press("Enter", "Enter")
    keeper.until(lambda s: re.search(r"EXP-000001 .{,40}cerrado", s))
    keeper.story("cerrarlo", 3)

    keeper.press("F8")
    keeper.until("Hoja de cálculo, columnas del Acuerdo 001 de 2024")
    keeper.press("Enter")
    keeper.until("Archivo que se escribe")
    keeper.press("Enter")
    keeper.until("Ensayo: no se ha escrito nada")
    folder = day.home / "salida" / "fuid"
    assert not folder.exists()
    keeper.press("Enter")
    keeper.until("1 fila en")
    assert (folder / "fuid.xlsx").is_file()
    keeper.story("exportar el FUID, con ensayo", 4)


def _figures(keeper: Session) -> None:
    keeper.press("C-d")
    shown = keeper.until(lambda s: "[Tablero]" in s and "Se radicaron" in s)
    # Five scans and a person; of these one got no number, and an answer was numbered.
    for figure in ("Llegaron 6", "Se radicaron 6", "Esperan su número 0", "escanear el papel 1"):
        assert figure in shown, shown
    keeper.press("C-t")
    keeper.until("Verificación nunca en este equipo")
    keeper.press("F2")
    keeper.until(lambda s: re.search(r"bien Verificación", s))
    keeper.story("ver las cifras y verificar", 3)


def _all_is_there_once(day: Day) -> None:
    found = day.say("verificar")
    assert found["ok"], found
    assert day.numbers() == [*(f"2026-VU1-E-00000{n}" for n in range(1, 6)), "2026-VU1-S-000001"]
