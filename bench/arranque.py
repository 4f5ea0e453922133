"""Start-up: the entry point against a bare Python, and `--help` against its limit of 0.5 s."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from bench.medida import arguments, median, report

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 0.5


def wall(*command: str) -> float:
    """Seconds of one run of a command."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    program = str(ROOT / "ventanilla")
    wall(program, "--help")
    bare, helped = [], []
    for _ in range(options.runs):
        bare.append(wall(sys.executable, "-c", "pass"))
        helped.append(wall(program, "--help"))
    report(
        "arranque",
        {
            "help_over_limit_of_0.5_s": median(helped) / LIMIT,
            "help_over_bare_python": median(helped) / median(bare),
            "help_seconds": median(helped),
            "bare_python_seconds": median(bare),
        },
        options.json,
    )


if __name__ == "__main__":
    main()
