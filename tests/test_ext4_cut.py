"""A power cut with the kernel's own ext4: the disk's image is taken while the program works on it.

The writers are stopped, the image is copied (twice, until both copies agree: then it is the disk of
one moment), and the copy is mounted in the original's place: ext4 replays its journal, what lay in
the memory only is gone, and it is the same home after a cut.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults import calm, drop, founded, mounted
from tests.program import command, environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTES = 24
COUNTER = """
import sys
from pathlib import Path
from records.office import Office

office = Office(Path(sys.argv[1]))
while True:
    print(office.radicar_sin_imagen({"remitente": "Ana Güiza"}).radicado, flush=True)
"""
"""A person at the counter who never rests: each number is shown when the door returns it."""


@dataclass
class Writer:
    """A process that works on the disk, and the numbers that it showed so far."""

    process: subprocess.Popen[str]
    shown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                self.shown += [r["radicado"] for r in json.loads(line).get("radicados", [])]
            elif line.endswith("\n"):
                self.shown.append(line.strip())

    def signal(self, number: int) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def end(self) -> None:
        """Kill it; what it showed until then is kept."""
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclass
class Cut:
    """The disk of one moment, and what had been shown before."""

    image: Path
    shown: list[str]


def begin(*line: str) -> Writer:
    process = subprocess.Popen(
        line,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    return Writer(process)


def cut(writers: list[Writer], image: Path, copy: Path) -> Cut:
    """Take the disk as it is; nothing is flushed for it."""
    shown = [number for writer in writers for number in writer.shown]
    for writer in writers:
        writer.signal(signal.SIGSTOP)
    try:
        for _ in range(20):
            shutil.copyfile(image, copy)
            if copy.read_bytes() == image.read_bytes():
                return Cut(copy, shown)
    finally:
        for writer in writers:
            writer.signal(signal.SIGCONT)
    pytest.fail("el disco no se quedó quieto")


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty ext4 in a file; skips where there is no mkfs.ext4."""
    image = tmp_path / "disco.ext4"
    with image.open("wb") as file:
        file.truncate(MEGABYTES << 20)
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 no está instalado / is not installed")
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "montado" / "marcas"))
    yield image


def work(
    disk: Path, place: Path, seconds: list[float], counter: str = COUNTER
) -> tuple[list[Cut], int]:
    """Work on the disk and cut it at some moments; returns the cuts and how many letters came."""
    cuts, letters = [], 4
    with mounted(place, "-o", "loop", disk):
        casa = founded(place / "oficina")
        subprocess.run(["sync", "-f", str(place)], check=True)
        for n in range(letters):
            drop(casa, f"carta{n}")
        subprocess.run(["sync", "-f", str(place)], check=True)
        writers = [
            begin(sys.executable, "-P", "-c", counter, str(casa)),
            begin(sys.executable, "-P", "-c", counter, str(casa)),
            begin(*command("vigilar", "--una-vez", "--casa", casa, "--json")),
        ]
        try:
            for n, pause in enumerate(seconds):
                time.sleep(pause)
                if n == len(seconds) // 2:
                    writers.append(begin(*command("radicar", "--todos", "--casa", casa, "--json")))
                cuts.append(cut(writers, disk, disk.with_name(f"corte{n}.ext4")))
        finally:
            for writer in writers:
                writer.end()
    return cuts, letters


def after(cuts: list[Cut], place: Path, letters: int) -> int:
    """Start the office after each cut; returns how many numbers had been shown in all."""
    for one in cuts:
        with mounted(place, "-o", "loop", one.image):
            mended = run("recuperar", "--json", "--casa", place / "oficina")
            assert mended.code == 0, mended
            calm(place / "oficina", letters, one.shown)
    return sum(len(one.shown) for one in cuts)


def test_a_power_cut_of_a_real_file_system(disk: Path, tmp_path: Path) -> None:
    cuts, letters = work(disk, tmp_path / "montado", [2.0])
    assert after(cuts, tmp_path / "montado", letters) > 0


@pytest.mark.largo
@pytest.mark.parametrize("seed", range(4))
def test_many_power_cuts_of_a_real_file_system(disk: Path, tmp_path: Path, seed: int) -> None:
    cuts, letters = work(disk, tmp_path / "montado", [0.9 + seed / 10, *[0.37 + seed / 50] * 9])
    assert after(cuts, tmp_path / "montado", letters) > 100


@pytest.mark.largo
def test_without_fsync_a_real_file_system_does_lose_numbers(disk: Path, tmp_path: Path) -> None:
    """What the test above rests on: the copy really is without what lay in the memory."""
    place = tmp_path / "montado"
    forgetful = "import os\nos.fsync = lambda fd: None\n" + COUNTER
    (one,), _ = work(disk, place, [2.0], forgetful)
    with mounted(place, "-o", "loop", one.image):
        run("recuperar", "--casa", place / "oficina")
        found = run("buscar", "", "--limite", "10000", "--json", "--casa", place / "oficina")
        kept = {r["radicado"] for r in found.json.get("radicados", [])}
    assert one.shown and not set(one.shown) <= kept
