"""A long list on a real terminal: how soon a key is painted, how soon the program is there, how
much memory it takes; and below it, how soon the doors give ids. Against the limits, in one run.

    python -m bench.listas --casa DIR [--json FILE] [--columnas 80] [--filas 24] [--persona ID]

DIR is a home that `bench.millon` made, with its index; say VENTANILLA_MARCAS as it was then. The
program runs as people start it, in a pseudo-terminal. A key is painted when the first bytes come
that follow it, and painted whole when nothing more came for a while. Beside the wall's time stands
the CPU time that the program spent, which other work on the machine does not spoil.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import sys
import tempfile
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.medida import arguments, median, report

ROOT = Path(__file__).resolve().parents[1]
QUIET = 0.08
"""After so long without a byte all is painted."""
CALM = 1.0
"""And after so long nothing is under way."""
PATIENCE = 120.0
MEDIAN, WORST, OPEN, MEMORY = 0.050, 0.150, 1.0, 150.0
FIRST, WHOLE = 0.050, 1.0
"""Limits: a key, the slowest in a hundred, opening (s), memory (MB); the first ids, all of them."""
ANSWERS = {
    b"\x1b]11;?": b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    b"\x1b[6n": b"\x1b[1;2R",
    b"\x1b[c": b"\x1b[?62;22c",
}
"""What a terminal says of itself when asked: its background, where the cursor is, its kind."""
KEYS = {
    "abajo": ((b"\x1b[B",), 60),
    "arriba": ((b"\x1b[A",), 40),
    "pagina": ((b"\x1b[6~",), 40),
    "atras": ((b"\x1b[5~",), 20),
    "extremos": ((b"\x1b[F", b"\x1b[H"), 10),
}
"""What is pressed in a list, one after the other, and how often."""
ROOMS = {
    "area": (b"\x05", rb"20\d\d-\w+-\w-\d+"),
    "tablero": (b"\x04", b"Llegaron"),
}
"""Room → its key, and what is seen once it has what it shows."""
STEPS = (*[b"\x1b[B"] * 20, *[b"\x1b[6~"] * 10, b"\x1b[F", b"\x1b[H")
"""What is pressed in each."""
TYPED = (
    "hueco",
    "de:gómez",
    "área:140 estado:pendiente",
    "guacamaya",
    "vence<3d",
    "subsidio o ruido",
)
"""What is typed in Consulta."""
ASKED = (
    "", "estado:pendiente", "área:140", "área:140 estado:pendiente", "estado:archivado",
    "vence:vencido", "vence<3d", "tipo:peticion", "canal:web", "hueco", "predial gómez",
    "de:gómez", "h*", "guacamaya", "subsidio o ruido", "no estado:archivado", "radicado:2024",
    "desde:2025-01-01 hasta:2025-03-31", "responsable:f140a", "sin:expediente",
)  # fmt: skip
ORDERS = ("numero", "fecha", "vence", "remitente", "asunto")


@dataclass(slots=True)
class Painted:
    """What followed a key: seconds to the first bytes, to the last, and of CPU."""

    first: float
    whole: float
    cpu: float


@dataclass(slots=True)
class Terminal:
    """The program in a pseudo-terminal."""

    home: Path
    persona: str | None
    size: tuple[int, int]
    pid: int = 0
    fd: int = -1
    started: float = 0.0
    raw: bytearray = field(default_factory=bytearray)
    cpu: float = 0.0
    """Seconds of CPU until all was at rest."""
    after_start: float = 0.0

    def open(self) -> float:
        """Start it; seconds until the first frame."""
        command = [sys.executable, "-m", "cli.main", "tui", "--casa", str(self.home)]
        if self.persona:
            command += ["--persona", self.persona]
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(sys.executable, command, _environment())
        columns, rows = self.size
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return self.until(rb"F1")

    def until(self, pattern: bytes, since: int = 0) -> float:
        """Read until something was drawn; seconds since the start."""
        limit = time.perf_counter() + PATIENCE
        while not re.search(pattern, bytes(self.raw[since:])):
            if time.perf_counter() > limit or not self._read(1.0, closing=True):
                raise SystemExit(f"{pattern!r} was never drawn:\n{bytes(self.raw[-2000:])!r}")
        return time.perf_counter() - self.started

    def calm(self, quiet: float = CALM) -> None:
        """Read until nothing comes any more, or something comes all the time."""
        limit = time.perf_counter() + 5 * CALM
        while self._read(quiet) and time.perf_counter() < limit:
            pass

    def press(self, key: bytes, quiet: float = QUIET) -> Painted:
        """Send a key, and what follows it."""
        cpu, sent = self.spent(), time.perf_counter()
        os.write(self.fd, key)
        first = last = 0.0
        wait = 0.5
        while time.perf_counter() - sent < 2.0 and self._read(wait):
            last = time.perf_counter() - sent
            first, wait = first or last, quiet
        return Painted(first, last, self.spent() - cpu)

    def _read(self, wait: float, *, closing: bool = False) -> bool:
        if not select.select([self.fd], [], [], wait)[0]:
            return closing
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        self.raw += data
        for asked, answer in ANSWERS.items():
            if asked in data:
                os.write(self.fd, answer)
        return bool(data)

    def spent(self) -> float:
        """Seconds of CPU of the program itself."""
        told = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> tuple[float, float]:
        """(most, now) megabytes that the program itself held."""
        told = Path(f"/proc/{self.pid}/status").read_text()
        most, now = (re.search(rf"{k}:\s+(\d+)", told) for k in ("VmHWM", "VmRSS"))
        assert most and now
        return int(most[1]) / 1024, int(now[1]) / 1024

    def end(self) -> None:
        """Leave it."""
        os.write(self.fd, b"\x11")
        limit = time.perf_counter() + PATIENCE
        while self._read(1.0, closing=True) and time.perf_counter() < limit:
            pass
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def _environment() -> dict[str, str]:
    """As an installed program finds it: its modules are compiled from the second start on."""
    env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**env, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "ventanilla-bench")}


def on_screen(options: Any) -> dict[str, float]:
    """The figures of the program."""
    openings, ready, spent = [], [], []
    for _ in range(options.veces):
        terminal = Terminal(options.casa, options.persona, (options.columnas, options.filas))
        openings.append(terminal.open())
        spent.append(terminal.spent())
        begin = len(terminal.raw)
        terminal.calm()
        ready.append(terminal.spent())
        if len(openings) < options.veces:
            terminal.end()
    figures = {
        "abrir_s": median(openings),
        "abrir_cpu_s": median(spent),
        "abrir_hasta_en_calma_cpu_s": median(ready),
        "memoria_al_abrir_MB": terminal.memory()[1],
    }
    begin = len(terminal.raw)
    sent = time.perf_counter()
    os.write(terminal.fd, b"\x06")  # Consulta
    terminal.until(rb"2026-\w+-\w-\d+", begin)
    figures["consulta_primeros_renglones_s"] = time.perf_counter() - sent
    terminal.until(rb"radicados", begin)
    terminal.calm()
    figures["consulta_en_calma_MB"] = terminal.memory()[1]
    terminal.press(b"\r")  # to the list
    terminal.calm()
    whole, cpu = [], []
    first: list[float] = []
    for name, (keys, times) in KEYS.items():
        painted = [terminal.press(key) for _ in range(times) for key in keys]
        seen = [p for p in painted if p.first]
        first += [p.first for p in seen]
        whole += [p.whole for p in seen]
        cpu += [p.cpu for p in seen]
        if seen:
            figures[f"{name}_mediana_ms"] = median([p.whole for p in seen]) * 1000
            figures[f"{name}_peor_ms"] = max(p.whole for p in seen) * 1000
    figures |= _of_keys("lista", first, whole, cpu)
    figures |= _typing(terminal)
    figures |= _rooms(terminal)
    figures["memoria_MB"], figures["memoria_final_MB"] = terminal.memory()
    terminal.end()
    return figures


def _of_keys(
    name: str, first: list[float], whole: list[float], cpu: list[float]
) -> dict[str, float]:
    return {
        f"{name}_tecla_mediana_ms": median(first) * 1000,
        f"{name}_tecla_p99_ms": _worst(first) * 1000,
        f"{name}_todo_mediana_ms": median(whole) * 1000,
        f"{name}_todo_p99_ms": _worst(whole) * 1000,
        f"{name}_cpu_por_tecla_ms": sum(cpu) / len(cpu) * 1000,
    }


def _worst(values: list[float]) -> float:
    """What one in a hundred passes."""
    return sorted(values)[max(0, round(len(values) * 0.99) - 1)]


def _typing(terminal: Terminal) -> dict[str, float]:
    """Queries letter by letter: when each letter is seen, and when its first records are."""
    first, whole, cpu, found = [], [], [], []
    for query in TYPED:
        os.write(terminal.fd, b"\x1b")
        terminal.calm(0.5)
        os.write(terminal.fd, b"/")
        terminal.calm(0.5)
        os.write(terminal.fd, b"\x15")
        terminal.calm()
        for letter in query:
            painted = terminal.press(letter.encode(), 0.03)
            first.append(painted.first)
            whole.append(painted.whole)
            cpu.append(painted.cpu)
        sent = time.perf_counter()
        begin = len(terminal.raw)
        os.write(terminal.fd, b"\r")
        terminal.until(rb"radicado|Nada|ning", begin)
        found.append(time.perf_counter() - sent)
        terminal.calm()
    told = _of_keys("escribir", first, whole, cpu)
    return told | {"hallado_mediana_s": median(found), "hallado_peor_s": max(found)}


def _rooms(terminal: Terminal) -> dict[str, float]:
    """The other rooms: until what they are for is seen, and keys in a tray."""
    out = {}
    for name, (key, sign) in ROOMS.items():
        begin, cpu, sent = len(terminal.raw), terminal.spent(), time.perf_counter()
        os.write(terminal.fd, key)
        terminal.until(sign, begin)
        out[f"{name}_s"] = time.perf_counter() - sent
        out[f"{name}_cpu_s"] = terminal.spent() - cpu
        terminal.calm()
        out[f"{name}_MB"] = terminal.memory()[1]
        painted = [terminal.press(key) for key in STEPS]
        seen = [p for p in painted if p.first]
        if seen:
            out[f"{name}_tecla_mediana_ms"] = median([p.first for p in seen]) * 1000
            out[f"{name}_tecla_peor_ms"] = max(p.first for p in seen) * 1000
            out[f"{name}_todo_mediana_ms"] = median([p.whole for p in seen]) * 1000
    return out


def by_the_door(home: Path, persona: str | None) -> dict[str, Any]:
    """The figures of the lists themselves: the first ids, all ids, a page of rows."""
    from records.office import Office

    office = Office(home, persona=persona)
    list(office.listar("nada de nada"))
    firsts, wholes, slow = [], [], {}
    for query in ASKED:
        for order in (
            ORDERS if query in ("", "estado:pendiente", "área:140", "hueco") else ORDERS[:1]
        ):
            began, at_first, ids = time.thread_time(), 0.0, 0
            for piece in office.listar(query, orden=order):
                at_first = at_first or time.thread_time() - began
                ids += len(piece)
            whole = time.thread_time() - began
            firsts.append(at_first or whole)
            wholes.append(whole)
            if firsts[-1] > FIRST or whole > WHOLE:
                slow[f"{query} / {order}"] = [round(firsts[-1] * 1000), round(whole * 1000), ids]
    began = time.thread_time()
    trays = {
        tray: _timed(lambda tray=tray: office.esperas(dependencia=tray)) for tray in ("140", "130")
    }
    page = next(iter(office.listar("")))[:24]
    rows = [_timed(lambda: office.renglones(page)) for _ in range(20)]
    return {
        "primer_trozo_peor_ms": max(firsts) * 1000,
        "primer_trozo_mediana_ms": median(firsts) * 1000,
        "lista_entera_peor_s": max(wholes), "bandeja_peor_s": max(trays.values()),
        "renglones_de_una_pagina_ms": median(rows) * 1000,
        "lentas_ms": slow, "puerta_s": time.thread_time() - began,
    }  # fmt: skip


def _timed(work: Any) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--casa", type=Path, required=True)
    parser.add_argument("--persona", default=None)
    parser.add_argument("--columnas", type=int, default=80)
    parser.add_argument("--filas", type=int, default=24)
    parser.add_argument("--veces", type=int, default=3, help="openings")
    options = parser.parse_args()
    screen = on_screen(options)
    door = by_the_door(options.casa, options.persona)
    typed = screen["escribir_tecla_mediana_ms"]
    slowest = screen["escribir_tecla_p99_ms"]
    report(
        "listas",
        {
            "tecla_mediana_sobre_50_ms": screen["lista_todo_mediana_ms"] / 1000 / MEDIAN,
            "tecla_p99_sobre_150_ms": screen["lista_todo_p99_ms"] / 1000 / WORST,
            "escribir_mediana_sobre_50_ms": typed / 1000 / MEDIAN,
            "escribir_p99_sobre_150_ms": slowest / 1000 / WORST,
            "abrir_sobre_1_s": screen["abrir_s"] / OPEN,
            "memoria_sobre_150_MB": screen["memoria_MB"] / MEMORY,
            "primer_trozo_sobre_50_ms": door["primer_trozo_peor_ms"] / 1000 / FIRST,
            "lista_entera_sobre_1_s": door["lista_entera_peor_s"] / WHOLE,
            **screen,
            **door,
        },
        options.json,
    )


if __name__ == "__main__":
    main()
