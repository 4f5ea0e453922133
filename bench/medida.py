"""What every bench shares: time something, compare it with a limit, print a ratio and JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser with the option that every bench has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    return parser


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(wall, CPU) seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def median(values: list[float]) -> float:
    """The median, for figures that a busy machine spoils upwards."""
    return statistics.median(values)


def report(name: str, figures: dict[str, Any], file: Path | None) -> None:
    """Print the figures, ratios first, then all as one line of JSON; write that where asked."""
    document = {
        "bench": name,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        **figures,
    }
    for key, value in figures.items():
        print(f"{key:<44} {value:.4g}" if isinstance(value, float) else f"{key:<44} {value}")
    text = json.dumps(document, ensure_ascii=False)
    print(text)
    if file is not None:
        file.write_text(text + "\n", encoding="utf-8")
