"""The second verifier as a stranger runs it: alone, on old pythons, over hostile input."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from records import verificador
from tests.records import (
    forgery,
    golden,
)
from tests.records.second import FOLDER, RAIZ, SCRIPT, laid


def told(folder: Path, *words: str, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(script), str(folder), *words],
        capture_output=True,
        text=True,
        cwd=folder.parent,
        timeout=60,
        check=False,
    )


def test_it_stands_alone_and_is_old_pythons_too(tmp_path: Path) -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 400  # as its readers are told
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    used = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert {name.split(".")[0] for name in used} <= {*sys.stdlib_module_names, "cryptography"}
    alone = tmp_path / "otra parte" / "verificador.py"
    alone.parent.mkdir()
    alone.write_bytes(SCRIPT.read_bytes())
    copied = shutil.copytree(FOLDER, tmp_path / "copia")
    done = told(copied, script=alone)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Todo verifica" in done.stdout and "firmas de los PDF" in done.stdout


def test_it_runs_nothing_that_lies_beside_it(tmp_path: Path) -> None:
    """It goes with every backup and export: a file there is never taken for one of Python's own."""
    alone = tmp_path / "verificador.py"
    alone.write_bytes(SCRIPT.read_bytes())
    for name in ("token", "inspect", "ipaddress", "cryptography"):
        (tmp_path / f"{name}.py").write_text("print('no soy de aquí'); raise SystemExit(0)")
    folder = shutil.copytree(FOLDER, tmp_path / "copia")
    for safe in ([], ["-I"]):
        done = subprocess.run([sys.executable, *safe, alone, folder], capture_output=True,
                              text=True, env={}, timeout=60, check=False)  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert "Todo verifica" in done.stdout and "no soy de aquí" not in done.stdout


def test_the_root_that_is_given_counts(tmp_path: Path) -> None:
    home = laid(forgery.files(), tmp_path / "casa")
    (home / "keys" / "raiz.pub").write_text(golden.public("luis"))
    (tmp_path / "papel").write_text(RAIZ + "\n")
    assert told(home).returncode == 3
    assert told(home, "--raiz", RAIZ).returncode == 0
    assert told(home, "--raiz", str(tmp_path / "papel")).returncode == 0
    assert told(home, "--raiz", golden.public("luis")).returncode == 3
    for words in (["--raiz"], ["--raiz", "nada"], ["--otra"], ["x"]):
        assert told(home, *words).returncode == 2, words
    assert told(tmp_path / "papel").returncode == 2
    (home / "keys" / "raiz.pub").unlink()
    assert told(home).returncode == 2


def test_it_names_file_line_and_byte(tmp_path: Path) -> None:
    name = "journal/2026/VU1.jsonl"
    raw = forgery.files()[name]
    start = raw.index(b"\n", raw.index(b"\n") + 1) + 1
    bad = raw[: start + 200] + b"!" + raw[start + 201 :]
    home = laid({**forgery.files(), name: bad}, tmp_path / "casa")
    done = told(home, "--json")
    (found,) = msgspec.json.decode(done.stdout)["hallazgos"]
    assert (done.returncode, found["archivo"], found["linea"], found["byte"]) == (3, name, 3, start)
    assert f"{name}, línea 3, byte {start}" in told(home).stdout


def test_documents_are_looked_at_where_there_is_a_vault(tmp_path: Path) -> None:
    home = shutil.copytree(FOLDER, tmp_path / "copia")
    one, two, *_ = sorted(home.glob("vault/*/*"))
    shutil.rmtree(one.parent)
    missing = verificador.examine(home, RAIZ)["hallazgos"]
    assert [one.name[:64] in f["que"] for f in missing] == [True]
    assert missing[0]["linea"] and missing[0]["archivo"].endswith(".jsonl")
    two.write_bytes(two.read_bytes() + b" ")
    assert len(verificador.examine(home, RAIZ)["hallazgos"]) == 2
    shutil.rmtree(home / "vault")
    assert verificador.examine(home, RAIZ)["hallazgos"] == []


def test_an_old_terminal_shows_what_it_can(tmp_path: Path) -> None:
    home = laid({**forgery.files(), "journal/2026/Ω.jsonl": b"x\n"}, tmp_path / "casa")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(home)],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (3, b"")
    assert b"HALLAZGO" in done.stdout


def hostile(home: Path) -> Iterator[str]:
    """Folders that somebody made to break a reader."""
    first, ficha = home / "journal/2026/VU1.jsonl", home / "journal/2026/VU1.fichas.jsonl"
    good, good_ficha = first.read_bytes(), ficha.read_bytes()
    deep = b'{"b":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    tail = b',"k":"' + b"a" * 16 + b'","s":"' + b"b" * 128 + b'"}\n'
    for name, raw in {
        "deep": deep + tail,
        "deeper": b"[" * 5_000_000,
        "huge": b'{"b":"' + b"x" * 30_000_000 + b'"' + tail,
        "digits": b'{"b":' + b"9" * 60_000 + tail,
        "utf-8": b'{"b":"\xff\xfe\xed\xa0\x80"' + tail,
        "surrogate": b'{"b":{"type":"\\ud800"}' + tail,
        "keys": b'{"b":{"v":[],"log":{},"at":7,"type":null,"data":[],"subject":{}}' + tail,
        "zeros": b"\0" * 100_000,
        "lines": b"\n" * 100_000,
        "nothing": b"",
        "short": b'{"b":' + tail[1:20],
    }.items():
        first.write_bytes(raw)
        yield f"line: {name}"
        first.write_bytes(good)
        ficha.write_bytes(raw)
        yield f"ficha: {name}"
        ficha.write_bytes(good_ficha)
    first.unlink()
    first.mkdir()
    yield "a folder for a log"
    first.rmdir()
    first.symlink_to("/dev/zero")
    yield "a device for a log"
    first.unlink()
    first.symlink_to(first)
    yield "a link to itself"
    first.unlink()
    first.write_bytes(good)
    (home / "journal/2026/V\x1b[2J.jsonl").write_bytes(good)
    yield "a name that clears the screen"
    (home / "journal/2026/V\x1b[2J.jsonl").unlink()
    note = home / "checkpoints/VU1/0000000001.note"
    note.parent.mkdir(parents=True)
    for raw in (b"", b"\xff", b"\n\n", b"ventanilla/x\n1\n\n\n" * 1000, deep):
        note.write_bytes(raw)
        yield "a note"
    note.unlink()
    (home / "vault/aa").mkdir(parents=True)
    (home / "vault/aa" / ("a" * 64 + ".pdf")).symlink_to("/dev/zero")
    yield "a device for a document"


def test_hostile_input_is_a_finding_and_never_a_traceback(tmp_path: Path) -> None:
    home = laid(forgery.files(), tmp_path / "casa")
    count = 0
    for name in hostile(home):
        done = told(home) if count % 12 == 0 else None
        found = verificador.examine(home, RAIZ)["hallazgos"]
        assert found, name
        if done is not None:
            assert (done.returncode, done.stderr) == (3, ""), name
            assert "\x1b" not in done.stdout
        count += 1
    assert count > 30
