"""What a tree of processes costs: seconds of processor, and memory it holds at most."""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TICK = os.sysconf("SC_CLK_TCK")


def tree(root: int | None = None) -> list[int]:
    """This process (or *root*) and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = _stat(path)
        if fields:
            parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [root or os.getpid()]
    for pid in found:
        found.extend(parents.get(pid, []))
    return found


def _stat(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []  # it ended meanwhile


def seconds() -> float:
    """Processor time of the tree so far, that of children that ended included."""
    total = 0
    for pid in tree():
        fields = _stat(Path(f"/proc/{pid}/stat"))
        total += sum(int(v) for v in fields[11:15])
    return total / TICK


def memory(pid: int) -> dict[str, int]:
    """What a process holds, in bytes by the kernel's names: `Pss`, `Pss_Anon`, `Rss` and more.

    Raises:
        OSError: it has ended.
    """
    _, *rows = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return {name.rstrip(":"): int(value) * 1024 for name, value, _ in map(str.split, rows)}


def held() -> int:
    """Bytes that the tree holds, shared pages counted once (PSS)."""
    total = 0
    for pid in tree():
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            total += memory(pid)["Pss"]
    return total


class Cost:
    """What a block of work cost; set when the block ends."""

    wall = cpu = 0.0
    peak = 0


@contextmanager
def measured(interval: float = 0.25) -> Iterator[Cost]:
    """Measure the work of a block and of all processes below this one."""
    cost, done = Cost(), threading.Event()

    def sample() -> None:
        while not done.wait(interval):
            cost.peak = max(cost.peak, held())

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    wall, cpu = time.perf_counter(), seconds()
    try:
        yield cost
    finally:
        cost.wall, cost.cpu = time.perf_counter() - wall, seconds() - cpu
        done.set()
        watcher.join()
