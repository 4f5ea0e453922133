"""`kill -9` at any moment of receiving, numbering and sealing, with several processes at once.

Some kills come after a random while, others just before a system call that strace chooses: a sync,
a rename, the removal of a file.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults import calm, drop, founded, retry_unread, strace, why_no_strace
from tests.program import command, environment

BEFORE = {"fsync": 14, "rename": 8, "unlink": 4, "fdatasync": 4, "ftruncate": 2}
"""System calls before which a process is killed, and about how many a command makes."""


def start(casa: Path, words: tuple[str, ...], chance: random.Random) -> subprocess.Popen[bytes]:
    """Start a command; where strace can, some are killed by it just before a system call."""
    line = command(*words, "--casa", casa, "--json")
    if chance.random() < 0.5 and not why_no_strace():
        call = chance.choice(list(BEFORE))
        when = chance.randint(1, BEFORE[call])
        line = [*strace("/dev/null", call, f"{call}:signal=SIGKILL:when={when}"), *line]
    return subprocess.Popen(
        line,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def storm(tmp_path: Path, wanted: int, seed: int) -> int:
    """Kill until *wanted* processes were killed at their work; returns how many it were."""
    chance = random.Random(seed)
    casa = founded(tmp_path / "oficina")
    killed, turn, dropped = 0, 0, 0
    shown: list[str] = []
    while killed < wanted:
        turn += 1
        if chance.random() < 0.6:
            drop(casa, str(dropped))
            dropped += 1
        started = [
            start(casa, words, chance)
            for words in (
                ("vigilar", "--una-vez"),
                ("radicar", "--todos"),
                ("radicar", "--sin-imagen"),
                ("radicar", "--todos") if turn % 2 else ("recuperar",),
            )
        ]
        time.sleep(chance.uniform(0.2, 1.8))
        for process in started:
            if chance.random() < 0.9 and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        for process in started:
            out, _ = process.communicate(timeout=120)
            killed += process.returncode == -signal.SIGKILL
            assert process.returncode in (0, -signal.SIGKILL), out
            if process.returncode == 0 and out:
                shown += [r["radicado"] for r in json.loads(out).get("radicados", [])]
    retry_unread(casa)
    calm(casa, dropped, shown)
    return killed


def test_a_short_storm(tmp_path: Path) -> None:
    assert storm(tmp_path, wanted=20, seed=1) >= 20


@pytest.mark.largo
@pytest.mark.parametrize("seed", range(10))
def test_a_long_storm(tmp_path: Path, seed: int) -> None:
    assert storm(tmp_path, wanted=50, seed=100 + seed) >= 50
