"""Memory of a whole watcher at work: peak of all its processes, and whether it stays flat.

The real program watches the inbox of a demo office; documents are put there a few at a time, and
its session is looked at from outside several times a second. Memory is PSS, in which a page that
processes share counts once in all (`/proc/PID/smaps_rollup`). Whether it grows is told by the part
of it that is no file's (`Pss_Anon`): what is mapped of libraries is shared with whatever else runs
on the machine. A4 pages at 300 dpi, or many slips of many sizes, by one engine or the other:

    python -m bench.memoria [--json FILE] [--documentos N] [--pequenos] [--motor M] [PAGE…]
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PIL import Image, ImageDraw, ImageFont

from bench.medida import arguments, report
from bench.procesos import memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
FONT = ROOT / "records" / "fonts" / "DejaVuSans-latin.ttf"
GOAL_MB = 600.0
"""Of PSS that the project allows the whole ingest, with two workers."""
MB = 1 << 20
WAITING = 6
"""Documents in the inbox at a time: the watcher never runs out of work."""
PATIENCE = 120.0
"""Seconds within which some document must be done."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the processes of a session. Memory in MB."""

    at: float
    pss: float
    own: float
    """Of `pss`, what no file holds."""
    leading: float
    """Of `own`, what the watcher itself has, without its workers and children."""
    rss: float
    processes: int
    zombies: int
    files: int


@dataclass(slots=True)
class Watch:
    """Looks at a session until told to stop."""

    leader: int
    every: float
    looks: list[Look] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look again and again."""
        while not self._stop.wait(self.every):
            self.looks.append(look(self.leader))

    def stop(self) -> None:
        """No more looks."""
        self._stop.set()


def look(leader: int) -> Look:
    """The memory, open files and dead children of all processes in the session of *leader*."""
    pss = own = leading = rss = processes = zombies = files = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            _, _, rest = (process / "stat").read_text().rpartition(")")
            state, _, _, session, *_ = rest.split()
            if int(session) != leader:
                continue
            processes += 1
            if state == "Z":
                zombies += 1
                continue
            kept = memory(int(process.name))
            pss += kept["Pss"]
            own += kept["Pss_Anon"]
            rss += kept["Rss"]
            leading += kept["Pss_Anon"] if int(process.name) == leader else 0
            files += len(list((process / "fd").iterdir()))
        except OSError:
            continue  # it ended while it was looked at
    return Look(
        time.monotonic(), pss / MB, own / MB, leading / MB, rss / MB, processes, zombies, files
    )


def large(pages: list[Path]) -> Iterator[bytes]:
    """Scans, no two alike: those given, those of the corpus, or a drawn A4 at 300 dpi."""
    found = [p.read_bytes() for p in pages or sorted((CORPUS / "clean300g").glob("*.jpg"))]
    for number, data in enumerate(cycle(found or [_drawn((2480, 3508), 46, 300, 40)])):
        # What follows a JPEG's or a TIFF's end is nobody's, and makes the file another one.
        yield data + b"\n%d" % number


def small() -> Iterator[bytes]:
    """Slips of paper, no two alike: seven widths, and two to eight lines of writing."""
    for number in count(1):
        rows = 1 + number % 4
        yield _drawn((560 + 90 * (number % 7), 40 + 66 * rows), 22, 100, rows, number)


def _drawn(size: tuple[int, int], letter: int, dpi: int, rows: int, number: int = 0) -> bytes:
    page = Image.new("L", size, 255)
    text = "\n".join(["Señores ALCALDÍA, solicito la visita a mi vereda", f"Carta {number}"] * rows)
    font = ImageFont.truetype(FONT, letter)
    ImageDraw.Draw(page).multiline_text((letter, letter), text, 0, font, spacing=letter // 2)
    file = io.BytesIO()
    page.save(file, "JPEG", quality=80, dpi=(dpi, dpi))
    return file.getvalue()


def measure(
    documents: Iterator[bytes], many: int, motor: str = "auto", every: float = 0.1
) -> dict[str, float | int]:
    """Put so *many* of the *documents* through a watcher with that engine; what that took.

    Raises:
        RuntimeError: the watcher ended, or stood still.
    """
    with tempfile.TemporaryDirectory() as name:
        home, scratch = Path(name) / "oficina", Path(name) / "tmp"
        scratch.mkdir()
        config = Path(name) / "config.toml"
        config.write_text(with_motor((ROOT / "config.toml").read_text("utf-8"), motor), "utf-8")
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(scratch),
            "VENTANILLA_MARCAS": str(Path(name) / "marcas"),
        }
        program = [sys.executable, "-P", "-m", "cli.main"]
        subprocess.run(
            [*program, "iniciar", "--demo", "--config", str(config), "--casa", str(home)],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with subprocess.Popen(
            [*program, "vigilar", "--casa", str(home)],
            env=environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        ) as watcher:
            watch = Watch(watcher.pid, every)
            looking = threading.Thread(target=watch.run)
            looking.start()
            done: list[float] = []
            try:
                _feed(watcher, home, documents, many, done)
            finally:
                watch.stop()
                looking.join()
                watcher.send_signal(signal.SIGTERM)
                watcher.wait(60)
        left = len(list(scratch.iterdir()))
    return {**_figures(watch.looks), **_pace(done), "documents": many, "left": left}


def with_motor(config: str, motor: str) -> str:
    """A config.toml that asks for that engine."""
    return config.replace('motor = "auto"', f'motor = "{motor}"')


def _feed(
    watcher: subprocess.Popen[bytes],
    home: Path,
    documents: Iterator[bytes],
    many: int,
    done: list[float],
) -> None:
    """Keep the inbox filled until so *many* are read; *done* takes when each of them was."""
    given, moved = 0, time.monotonic()
    inbox, readings = home / "inbox", home / "lecturas"
    while len(done) < many:
        now = sum(1 for _ in readings.rglob("*.pdf")) if readings.is_dir() else 0
        if now > len(done):
            moved = time.monotonic()
            done += [moved] * (now - len(done))
        while given < many and given - len(done) < WAITING:
            part = home / "carta.parte"
            part.write_bytes(next(documents))
            shutil.move(part, inbox / f"carta-{given:05d}.jpg")
            given += 1
        if watcher.poll() is not None or time.monotonic() - moved > PATIENCE:
            raise RuntimeError(f"the watcher stopped at {len(done)} of {many}")
        time.sleep(0.2)


def _figures(looks: list[Look]) -> dict[str, float | int]:
    """Peak, and the last third of the time against the first after a tenth to warm up."""
    first, last = _thirds(looks[len(looks) // 10 :])
    return {
        "peak_pss_over_goal": max(k.pss for k in looks) / GOAL_MB,
        "peak_pss_mb": max(k.pss for k in looks),
        "peak_rss_mb": max(k.rss for k in looks),
        "median_pss_mb": statistics.median(k.pss for k in looks),
        "pss_last_over_first": _median(k.pss for k in last) / _median(k.pss for k in first),
        "own_last_over_first": _median(k.own for k in last) / _median(k.own for k in first),
        "watcher_mb_more": _median(k.leading for k in last) - _median(k.leading for k in first),
        "files_last_over_first": _median(k.files for k in last) / _median(k.files for k in first),
        "processes": max(k.processes for k in looks),
        # A child is dead for a moment before it is waited for; one that stays is a defect.
        "zombies": min(k.zombies for k in last),
        "looks": len(looks),
    }


def _pace(done: list[float]) -> dict[str, float | int]:
    """Seconds in all, and those a document takes at the end against those at the beginning."""
    first, last = _thirds(done)
    pace = (last[-1] - last[0]) / (first[-1] - first[0]) if first[-1] > first[0] else 1.0
    return {"seconds": done[-1] - done[0], "pace_last_over_first": pace}


def _thirds(values: list[T]) -> tuple[list[T], list[T]]:
    """The first and the last third."""
    third = max(1, len(values) // 3)
    return values[:third], values[-third:]


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--documentos", type=int, default=0, metavar="N")
    parser.add_argument("--pequenos", action="store_true", help="many slips instead of A4 pages")
    parser.add_argument("--motor", default="auto", choices=["auto", "tesserocr", "pytesseract"])
    options = parser.parse_args()
    many = options.documentos or (1000 if options.pequenos else 30)
    documents = small() if options.pequenos else large(options.pages)
    report("memoria", dict(measure(documents, many, options.motor)), options.json)


if __name__ == "__main__":
    main()
