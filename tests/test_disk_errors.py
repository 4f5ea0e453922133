"""A disk that fails under the real program: fsync, rename and write that err, full, read-only.

Whatever fails and whenever: a number that is not durable is not shown, a number that is durable is
shown now or by the next start, the series has no gap, and no letter is lost.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest

from tests.conftest import ROOT
from tests.faults import (
    Traced,
    calm,
    drop,
    founded,
    letter,
    needs_strace,
    numbers_of,
    remount,
    retry_unread,
    small_disk,
    traced,
)
from tests.program import Result, run

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = ("mostrador", "recibir", "vigilar", "todos", "recuperar")
BREAKS = {
    "fsync": "error=EIO",
    "rename": "error=EIO",
    "write": "error=ENOSPC",
    "fdatasync": "error=EIO",
    "pwrite64": "error=ENOSPC",
    "ftruncate": "error=EIO",
}


@dataclass
class Trial:
    """One office on a disk that fails again and again; what it was seen to say."""

    folder: Path
    casa: Path
    count: int = 0
    received: int = 0
    """Letters that were dropped, or received by a command that said so."""
    unsure: int = 0
    """Letters of which a command was told and ended badly."""
    told: list[str] = field(default_factory=list)
    """Numbers that some command showed, each once."""

    @property
    def markers(self) -> list[Path]:
        return sorted((self.casa / "journal").glob("*.detenido.json"))

    def sizes(self) -> dict[str, int]:
        return {str(p): p.stat().st_size for p in (self.casa / "journal").glob("2*/VU1.jsonl")}

    def words(self, kind: str) -> list[str | Path]:
        """Prepare a command of some kind; returns its words."""
        self.count += 1
        name = f"c{self.count}"
        match kind:
            case "recibir":
                path = self.folder / f"{name}.pdf"
                path.write_bytes(letter(name))
                return ["recibir", path]
            case "vigilar" | "todos":
                drop(self.casa, name)
                self.received += 1
                if kind == "vigilar":
                    return ["vigilar", "--una-vez"]
                assert run("vigilar", "--una-vez", "--casa", self.casa).code == 0
                return ["radicar", "--todos"]
            case "recuperar":
                (log,) = (self.casa / "journal").glob("2*/VU1.jsonl")
                with log.open("ab") as file:
                    file.write(b'{"b":{"actor":"sis')
                with log.with_name("VU1.fichas.jsonl").open("ab") as file:
                    file.write(b'{"ficha":"suelta"}\n')
                return ["recuperar"]
            case _:
                return ["radicar", "--sin-imagen"]

    def hear(self, kind: str, result: Result) -> list[str]:
        """Keep the numbers that a command showed; it ended as commands do."""
        assert result.code in (0, 4), result
        assert "Traceback" not in result.err, result.err
        shown = [r["radicado"] for r in result.json.get("radicados", [])]
        shown += result.json.get("no_mostrados", [])
        self.told += shown
        if kind == "recibir":
            self.received += result.code == 0
            self.unsure += result.code != 0
        if result.code == 4:
            error = result.json["error"]
            assert error["codigo"] and "Errno" not in error["mensaje"], error
        return shown

    def heal(self) -> None:
        """`recuperar` with a sound disk: all is well, and every number has been seen once."""
        mended = run("recuperar", "--json", "--casa", self.casa)
        assert mended.code == 0, mended
        self.hear("recuperar", mended)
        assert self.markers == []
        assert sorted(numbers_of(self.casa)) == sorted(self.told)

    def end(self) -> None:
        """All goes on, and no letter is missing."""
        retry_unread(self.casa)
        calm(self.casa, range(self.received, self.received + self.unsure + 1), self.told)


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path, founded(tmp_path / "oficina"))


# -- system calls that fail -----------------------------------------------------------------------


def break_once(trial: Trial, kind: str, call: str, when: str) -> Traced:
    """Break one call of one command, and see what it says."""
    words = trial.words(kind)
    done = traced(trial.folder / "strace.log", call, f"{call}:{BREAKS[call]}:when={when}", *words,
                  "--json", "--casa", trial.casa)  # fmt: skip
    if any(not c.paths for c in done.broken):
        # A pipe or standard output broke: what was shown is not known.
        assert run("recuperar", "--casa", trial.casa).code == 0
        trial.told = numbers_of(trial.casa)
        trial.unsure += kind == "recibir"
        return done
    shown = trial.hear(kind, done.result)
    if call == "fsync":
        journal = [p for c in done.broken for p in c.paths if "/journal/" in p]
        if journal:
            assert trial.markers, journal
        if kind == "mostrador" and (journal or any("/marcas/" in p for c in done.broken
                                                   for p in c.paths)):  # fmt: skip
            assert shown == [] and done.result.code == 4
    assert done.broken or done.result.code == 0
    return done


def break_each(trial: Trial, kind: str, call: str, numbers: list[int]) -> int:
    """Break call after call, each in a run of its own; returns how many were broken."""
    broken = 0
    for n in numbers:
        done = break_once(trial, kind, call, str(n))
        trial.heal()
        if not any(c.paths for c in done.broken):
            break  # nothing broke, or a pipe did: after these come no more of the disk's
        broken += 1
    return broken


def test_a_sync_that_fails(trial: Trial) -> None:
    needs_strace()
    for kind, n in (
        ("mostrador", 3),
        ("mostrador", 1),
        ("recibir", 3),
        ("vigilar", 2),
        ("todos", 2),
        ("todos", 5),
        ("recuperar", 3),
    ):
        assert break_each(trial, kind, "fsync", [n]) == 1, (kind, n)


@pytest.mark.largo
@pytest.mark.parametrize("call", BREAKS)
@pytest.mark.parametrize("kind", COMMANDS)
def test_each_call_that_fails(trial: Trial, kind: str, call: str) -> None:
    needs_strace()
    assert break_each(trial, kind, call, list(range(1, 31)))
    trial.end()


def test_while_no_sync_is_confirmed_nobody_appends(trial: Trial) -> None:
    needs_strace()
    trial.hear("mostrador", run("radicar", "--sin-imagen", "--json", "--casa", trial.casa))
    first = break_once(trial, "mostrador", "fsync", "1+")
    assert first.result.json["error"]["codigo"] == "disco_sin_confirmar"
    sizes = trial.sizes()
    for kind in ("mostrador", "vigilar"):
        assert break_once(trial, kind, "fsync", "1+").result.code == 4
        assert trial.markers and trial.sizes() == sizes
    seen = run("buscar", "", "--json", "--casa", trial.casa)
    assert seen.code == 0 and seen.json["total"] == 1
    assert run("verificar", "--casa", trial.casa).code == 3
    # Any command that writes heals; it need not be «recuperar».
    trial.hear("mostrador", run("radicar", "--sin-imagen", "--json", "--casa", trial.casa))
    trial.heal()


# -- a full disk ----------------------------------------------------------------------------------

PAGE = 4096


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trial]:
    """An office and its marks on a disk of their own."""
    with small_disk(tmp_path / "disco", "32m") as disk:
        monkeypatch.setenv("VENTANILLA_MARCAS", str(disk / "marcas"))
        yield Trial(tmp_path, founded(disk / "oficina"))


@contextmanager
def room_left(disk: Path, pages: int) -> Iterator[None]:
    """While nearly nothing fits any more."""
    free = os.statvfs(disk)
    filler = disk / "relleno"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail - pages) * free.f_bsize)
    try:
        yield
    finally:
        filler.unlink()


def fill(trial: Trial, kind: str, pages: int) -> int:
    """Run a command with some pages left, then give space and heal; returns its exit code."""
    words = trial.words(kind)
    with room_left(trial.casa.parent, pages):
        done = run(*words, "--json", "--casa", trial.casa)
        found = run("buscar", "", "--json", "--casa", trial.casa)
    trial.hear(kind, done)
    assert found.code == 0, found
    trial.heal()
    return done.code


def test_a_full_disk(small: Trial) -> None:
    assert [fill(small, "mostrador", pages) for pages in (0, 6, 2000)] == [4, ANY, 0]
    assert [fill(small, "todos", pages) for pages in (0, 20)] == [4, ANY]


@pytest.mark.largo
@pytest.mark.parametrize("kind", COMMANDS)
def test_a_full_disk_by_every_page(small: Trial, kind: str) -> None:
    codes = [fill(small, kind, pages) for pages in [*range(40), *range(40, 120, 8)]]
    assert codes[0] == 4 and codes[-1] == 0
    small.end()


def found_in(pages: int, disk: Path) -> None:
    """Found an office with some pages left on its disk, then with room."""
    casa = disk / "oficina"
    words = ("iniciar", "--config", ROOT / "config.toml", "--demo", "--json", "--casa", casa)
    with room_left(disk, pages):
        first = run(*words)
    assert first.code == 4 and "Traceback" not in first.err, first
    second = run(*words)
    assert second.code == 0, second
    assert run("radicar", "--sin-imagen", "--casa", casa).code == 0
    assert len(numbers_of(casa)) == 1


def test_an_office_that_did_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "disco" / "marcas"))
    with small_disk(tmp_path / "disco", "4m") as disk:
        found_in(9, disk)


@pytest.mark.largo
@pytest.mark.parametrize("pages", range(0, 28, 2))
def test_an_office_that_did_not_fit_by_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "disco" / "marcas"))
    with small_disk(tmp_path / "disco", "4m") as disk:
        found_in(pages, disk)


# -- a disk that may only be read -----------------------------------------------------------------


def contents(disk: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(disk.rglob("*")) if p.is_file()}


def test_a_disk_that_may_only_be_read(small: Trial) -> None:
    disk = small.casa.parent
    small.hear("todos", run(*small.words("todos"), "--json", "--casa", small.casa))
    received = run(*small.words("recibir"), "--json", "--casa", small.casa)
    small.hear("recibir", received)
    waiting = received.json["procesados"][0]["borrador"]
    drop(small.casa, "espera")
    small.received += 1
    before = contents(disk)
    remount(disk, "ro")
    try:
        for words in (
            ("ver", small.told[0]),
            ("buscar", "vía"),
            ("verificar", "--completo"),
            ("bandeja",),
        ):
            seen = run(*words, "--json", "--casa", small.casa)
            assert seen.code == 0, (words, seen)
        for wanted in (
            ["radicar", "--sin-imagen"],
            ["radicar", waiting],
            ["tomar", waiting],
            ["vigilar", "--una-vez"],
            ["recuperar"],
            small.words("recibir"),
        ):
            refused = run(*wanted, "--json", "--casa", small.casa)
            assert refused.code == 4, (wanted, refused)
            assert "solo lectura" in refused.json["error"]["mensaje"], (wanted, refused)
            assert refused.json.get("radicados", []) == []
        assert contents(disk) == before
    finally:
        remount(disk, "rw")
    small.heal()
