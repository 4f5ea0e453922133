"""eark-validator, a judge of E-ARK packages that is not ours: for tests alone.

It asks for an older lxml than the program's, so it cannot stand in the test lock beside it: pip
installs it, with the checksums of `tests/eark.lock`, into a folder of its own in the account's
cache, and it runs in a process of its own. `VENTANILLA_EARK` names such a folder instead, for
machines without network. Where neither can be had the tests that ask for it are skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

LOCK = Path(__file__).with_name("eark.lock")
JUDGE = Path(__file__).with_name("judge_eark.py")


@cache
def installed() -> Path:
    """The folder that has it. Skips the test that asks where it cannot be had."""
    if given := os.environ.get("VENTANILLA_EARK"):
        return Path(given)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ventanilla"
    kept = home / f"eark-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home) as name:
            part = Path(name) / "parte"
            options = ["--only-binary", ":all:", "--require-hashes", "--no-deps", "--quiet"]
            command = [sys.executable, "-m", "pip", "install", *options, "--target", part]
            done = subprocess.run([*command, "-r", LOCK], capture_output=True, text=True)
            if done.returncode:
                said = (done.stderr.strip().splitlines() or ["sin red"])[-1]
                pytest.skip(f"pip no pudo traer eark-validator: {said}"[:300])
            if not kept.exists():
                part.rename(kept)
    return kept


def judged(folder: Path) -> dict[str, Any]:
    """Its report of a package, and what the METS schema says of each representation."""
    done = subprocess.run(
        [sys.executable, "-S", JUDGE, folder],
        env={"PYTHONPATH": str(installed())},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told
