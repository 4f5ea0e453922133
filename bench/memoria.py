"""Memory of a whole watcher at work: peak of all its processes, and whether it stays flat.

The real program watches the inbox of a demo office; documents are put there a few at a time, and
its session is looked at from outside several times a second. Memory is PSS, in which a page that
processes share counts once in all (`/proc/PID/smaps_rollup`). Ten A4 pages at 300 dpi, or many
small ones:

    python -m bench.memoria [--json FILE] [--documentos N] [--pequenos] [PAGE…]
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
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from bench.medida import arguments, report
from bench.procesos import memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    pss = rss = processes = zombies = files = 0
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
            own_pss, own_rss = memory(int(process.name))
            pss, rss = pss + own_pss, rss + own_rss
            files += len(list((process / "fd").iterdir()))
        except OSError:
            continue  # it ended while it was looked at
    return Look(time.monotonic(), pss / MB, rss / MB, processes, zombies, files)


def large(pages: list[Path]) -> Iterator[bytes]:
    """Scans, no two alike: those given, those of the corpus, or a drawn A4 at 300 dpi."""
    found = [p.read_bytes() for p in pages or sorted((CORPUS / "clean300g").glob("*.jpg"))]
    for number, data in enumerate(cycle(found or [_drawn((2480, 3508), 46, 300, 40)])):
        # What follows a JPEG's or a TIFF's end is nobody's, and makes the file another one.
        yield data + b"\n%d" % number


def small() -> Iterator[bytes]:
    """Slips of paper, no two alike."""
    number = 0
    while True:
        number += 1
        yield _drawn((620, 300), 22, 100, 4, number)


def _drawn(size: tuple[int, int], letter: int, dpi: int, rows: int, number: int = 0) -> bytes:
    page = Image.new("L", size, 255)
    text = "\n".join(["Señores ALCALDÍA, solicito la visita a mi vereda", f"Carta {number}"] * rows)
    font = ImageFont.truetype(FONT, letter)
    ImageDraw.Draw(page).multiline_text((letter, letter), text, 0, font, spacing=letter // 2)
    file = io.BytesIO()
    page.save(file, "JPEG", quality=80, dpi=(dpi, dpi))
    return file.getvalue()


def measure(documents: Iterator[bytes], count: int, every: float = 0.1) -> dict[str, float | int]:
    """Put *count* of the *documents* through a watcher; what that took.

    Raises:
        RuntimeError: the watcher ended, or stood still.
    """
    with tempfile.TemporaryDirectory() as name:
        home, scratch = Path(name) / "oficina", Path(name) / "tmp"
        scratch.mkdir()
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(scratch),
            "VENTANILLA_MARCAS": str(Path(name) / "marcas"),
        }
        program = [sys.executable, "-P", "-m", "cli.main"]
        subprocess.run(
            [
                *program,
                "iniciar",
                "--demo",
                "--config",
                str(ROOT / "config.toml"),
                "--casa",
                str(home),
            ],
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
            started = time.monotonic()
            try:
                _feed(watcher, home, documents, count)
            finally:
                seconds = time.monotonic() - started
                watch.stop()
                looking.join()
                watcher.send_signal(signal.SIGTERM)
                watcher.wait(60)
        left = len(list(scratch.iterdir()))
    return {**_figures(watch.looks), "documents": count, "seconds": seconds, "left": left}


def _feed(
    watcher: subprocess.Popen[bytes], home: Path, documents: Iterator[bytes], count: int
) -> None:
    given, done, moved = 0, 0, time.monotonic()
    inbox, readings = home / "inbox", home / "lecturas"
    while done < count:
        now = sum(1 for _ in readings.rglob("*.pdf")) if readings.is_dir() else 0
        if now > done:
            done, moved = now, time.monotonic()
        while given < count and given - done < WAITING:
            part = home / "carta.parte"
            part.write_bytes(next(documents))
            shutil.move(part, inbox / f"carta-{given:05d}.jpg")
            given += 1
        if watcher.poll() is not None or time.monotonic() - moved > PATIENCE:
            raise RuntimeError(f"the watcher stopped at {done} of {count}")
        time.sleep(0.2)


def _figures(looks: list[Look]) -> dict[str, float | int]:
    """Peak, and the last third of the time against the first after a tenth to warm up."""
    warm = looks[len(looks) // 10 :]
    third = max(1, len(warm) // 3)
    first, last = warm[:third], warm[-third:]
    return {
        "peak_pss_over_goal": max(k.pss for k in looks) / GOAL_MB,
        "peak_pss_mb": max(k.pss for k in looks),
        "peak_rss_mb": max(k.rss for k in looks),
        "median_pss_mb": statistics.median(k.pss for k in looks),
        "pss_last_over_first": _median(k.pss for k in last) / _median(k.pss for k in first),
        "files_last_over_first": _median(k.files for k in last) / _median(k.files for k in first),
        "processes": max(k.processes for k in looks),
        # A child is dead for a moment before it is waited for; one that stays is a defect.
        "zombies": min(k.zombies for k in last),
        "looks": len(looks),
    }


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--documentos", type=int, default=0, metavar="N")
    parser.add_argument("--pequenos", action="store_true", help="many slips instead of A4 pages")
    options = parser.parse_args()
    count = options.documentos or (300 if options.pequenos else 30)
    documents = small() if options.pequenos else large(options.pages)
    report("memoria", dict(measure(documents, count)), options.json)


if __name__ == "__main__":
    main()
