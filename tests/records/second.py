"""What the tests of the two verifiers share: files laid in a home, and both verdicts on them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from records import verificador, verify
from records.office import Office
from tests.conftest import ROOT
from tests.records import (
    golden,
    lies,
)
from tests.records.lies import Files

FOLDER = ROOT / "docs" / "format" / "completo"
SCRIPT = ROOT / "records" / "verificador.py"
RAIZ = golden.public("raiz")
PUNTOS = ("AUT", "VU1", "VU2")
STRIDE = 8
"""Of the lies and changes of lines, the short suite tells one in so many; the long one all."""
BIT_STRIDE = 397


def laid(files: Files, folder: Path) -> Path:
    """The files in a home of their own, which the main verifier can open."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    shutil.copy(ROOT / "config.toml", folder)
    return folder


def verdicts(files: Files, tmp_path: Path) -> tuple[bool, bool]:
    """Whether the main verifier, and the second, accept the files."""
    home = laid(files, tmp_path / "casa")
    return verify.verify_logs(Office(home)).ok, not verificador.examine(home, RAIZ)["hallazgos"]


def must_refuse(cases: Iterable[tuple[str, Files]], tmp_path: Path) -> int:
    """Both refuse every case, but `FORMS`, which the first alone judges; how many there were."""
    told = {name: verdicts(files, tmp_path) for name, files in cases}
    missed = {
        name: (main, second)
        for name, (main, second) in told.items()
        if main or second is not (name in lies.FORMS)
    }
    assert not missed, missed
    return len(told)


def verify_only_logs(files: Files, tmp_path: Path) -> bool:
    """The main verifier over a folder that has no certificates."""
    report = verify.verify_logs(Office(laid(files, tmp_path / "ejemplo")))
    return not [f for f in report.hallazgos if f.codigo != "certificado_danado"]
