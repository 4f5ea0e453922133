"""Runs the real program as its users do, in a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.main import main
from tests.conftest import ROOT


@dataclass
class Result:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        document: dict[str, Any] = json.loads(self.out)
        return document


def command(*words: str | Path) -> list[str]:
    """The command line that starts the program."""
    return [sys.executable, "-P", "-m", "cli.main", *map(str, words)]


def environment(**more: str) -> dict[str, str]:
    """The environment of the tests, with the program importable from anywhere."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def run(*words: str | Path, cwd: Path | None = None, **env: str) -> Result:
    """Run a command to its end."""
    done = subprocess.run(
        command(*words),
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(**env),
        timeout=300,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def here(*words: str | Path) -> Result:
    """Run a command in this process: the same way through the program, without its start."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Result(code, out.getvalue(), err.getvalue())
