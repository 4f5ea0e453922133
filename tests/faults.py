"""Machines and disks that fail: system calls that strace breaks, small, full and read-only disks.

What this machine does not allow (no root, no strace, no loop device) skips the test with its reason
and never fails it. Everything is undone when the test ends, also where it fails.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from records import pdfa, verify
from records.office import Office
from tests.conftest import ROOT
from tests.program import Result, command, environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALL = re.compile(r"^\d+ +(?P<call>\w+)\((?P<rest>.*)\) += (?P<end>.*)$")
_PATH = re.compile(r'(?:<(?P<fd>/[^>]*)>|"(?P<name>/[^"]*)")')


# -- what this machine allows ---------------------------------------------------------------------


@cache
def why_no_strace() -> str:
    """Why system calls cannot be broken here; empty where they can."""
    if shutil.which("strace") is None:
        return "strace no está instalado / strace is not installed"
    trial = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-y", "-e", "trace=fsync",
             "-e", "inject=fsync:error=EIO:when=1", "true"]  # fmt: skip
    done = subprocess.run(trial, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"strace no puede trazar aquí: {done.stderr[-200:]}"


def needs_strace() -> None:
    """Skip where system calls cannot be broken."""
    if why_no_strace():
        pytest.skip(why_no_strace())


def _do(*words: str | Path) -> None:
    subprocess.run([*map(str, words)], capture_output=True, text=True, check=True)


def _mount(*words: str | Path) -> None:
    """Mount, or skip the test with what the system said."""
    try:
        _do("mount", *words)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or error
        pytest.skip(f"no se puede montar aquí / cannot mount here: {str(said).strip()}")


def unmount(place: Path) -> None:
    """Unmount; a process that still ends there is waited for by the kernel."""
    if subprocess.run(["umount", place], capture_output=True, check=False).returncode:
        _do("umount", "--lazy", place)


@contextmanager
def mounted(place: Path, *words: str | Path) -> Iterator[Path]:
    """A file system at *place*, by the words of mount(8)."""
    place.mkdir(exist_ok=True)
    _mount(*words, place)
    try:
        yield place
    finally:
        unmount(place)


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk in memory of a given size, e.g. `4m`."""
    with mounted(place, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        yield place


def remount(place: Path, how: str) -> None:
    """Make a mounted disk `ro` or `rw`."""
    _do("mount", "-o", f"remount,{how}", place)


# -- system calls that fail -----------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A system call that strace saw: its name, the files it named, and whether it was broken."""

    name: str
    paths: tuple[str, ...]
    injected: bool


@dataclass
class Traced:
    """A run of the program under strace."""

    result: Result
    calls: list[Call] = field(default_factory=list)

    @property
    def broken(self) -> list[Call]:
        """The calls that were made to fail."""
        return [c for c in self.calls if c.injected]


def strace(log: Path | str, calls: str, inject: str | None) -> list[str]:
    """The words before a command that break its system calls, e.g. `fsync:error=EIO:when=3`."""
    words = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "0", "-o", str(log)]
    words += ["-e", f"trace={calls}"]
    return words if inject is None else [*words, "-e", f"inject={inject}"]


def traced(log: Path, calls: str, inject: str | None, *words: str | Path) -> Traced:
    """Run a command of the program while strace watches and breaks *calls*."""
    process = subprocess.Popen(
        [*strace(log, calls, inject), *command(*words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=120)
    finally:
        if process.poll() is None:  # strace would let go of what it watches, not end it
            os.killpg(process.pid, signal.SIGKILL)
    return Traced(Result(process.returncode, out, err), read_log(log))


def read_log(log: Path) -> list[Call]:
    """The calls in a log of strace, those that another thread interrupted left out."""
    found = []
    for line in log.read_text(errors="replace").splitlines():
        match = _CALL.match(line)
        if match:
            paths = tuple(m["fd"] or m["name"] for m in _PATH.finditer(match["rest"]))
            found.append(Call(match["call"], paths, "(INJECTED)" in match["end"]))
    return found


# -- letters and the calm after the storm ---------------------------------------------------------


def letter(text: str) -> bytes:
    """A born-digital letter: it is read in a moment, so that failures meet every step."""
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdfa.embed_font(pdf)))
    rows = [
        "San Jacinto del Río, 12 de noviembre de 2026",
        f"Asunto: Petición número {text}",
        "Cordial saludo: solicito el arreglo de la vía.",
        "Atentamente,",
        "Ana Güiza",
    ]
    show = b" 0 -20 Td ".join(pdfa.face().encode(row) + b" Tj" for row in rows)
    page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td " + show + b" ET")
    return pdfa.write(pdf)


def founded(casa: Path) -> Path:
    """A demo office that takes a file from its inbox after a tenth of a second."""
    made = run("iniciar", "--config", ROOT / "config.toml", "--demo", "--casa", casa)
    assert made.code == 0, made.err
    config = casa / "config.toml"
    config.write_text(
        config.read_text().replace("asentamiento_segundos = 2.0", "asentamiento_segundos = 0.1")
    )
    return casa


def drop(casa: Path, name: str) -> None:
    """Put a letter into the inbox as a careful scanner does."""
    half = casa / "inbox" / f".{name}.pdf"
    half.write_bytes(letter(name))
    half.rename(casa / "inbox" / f"{name}.pdf")


def numbers_of(casa: Path) -> list[str]:
    """Every number of an office; they are 1 to n, and everything verifies."""
    office = Office(casa)
    try:
        report = verify.verify(office, complete=True)
        assert report.ok, report.hallazgos
        numbers = [r.radicado for r in office.buscar("", limite=10_000).radicados]
    finally:
        office.index.close()
    assert sorted(int(n[-6:]) for n in numbers) == list(range(1, len(numbers) + 1)), numbers
    return numbers


def retry_unread(casa: Path) -> None:
    """Where only the child that reads was broken, its letter waits in «No se pudo leer»."""
    assert run("recuperar", "--casa", casa).code == 0
    unread = run("bandeja", "--cuarentena", "--json", "--casa", casa).json["borradores"]
    for draft in unread:
        assert run("reintentar", draft["id"], "--casa", casa).code == 0


def calm(casa: Path, dropped: int | range, shown: list[str]) -> list[str]:
    """After the storm: nothing lost, no gap, no repeat, inbox empty, all sealed.

    *dropped* is how many letters came; a range, where a command was cut before it said so.
    """
    assert run("vigilar", "--una-vez", "--casa", casa).code == 0
    left = run("radicar", "--todos", "--json", "--casa", casa)
    assert left.code == 0 and left.json["omitidos"] == [], left.json
    report = run("verificar", "--completo", "--json", "--casa", casa)
    assert report.code == 0, report.json["hallazgos"]
    rows = run("buscar", "", "--limite", "10000", "--json", "--casa", casa).json
    numbers = [r["radicado"] for r in rows["radicados"]]
    assert sorted(int(n[-6:]) for n in numbers) == list(range(1, len(numbers) + 1))
    assert set(shown) <= set(numbers) and len(shown) == len(set(shown))
    scanned = run("buscar", "no estado:imagen_pendiente", "--limite", "10000", "--json", "--casa",
                  casa).json  # fmt: skip
    assert scanned["total"] in (dropped if isinstance(dropped, range) else (dropped,))
    state = run("estado", "--json", "--casa", casa).json
    assert (state["por_radicar"], state["pendientes_sello"], state["no_se_pudo_leer"]) == (0, 0, 0)
    assert [p for p in (casa / "inbox").rglob("*") if p.is_file()] == []
    return numbers
