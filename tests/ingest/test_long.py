"""Long documents: page 1 at once, and never more pixels on disk than a few pages have."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from ingest.lectura import PARCIAL
from ingest.reader import Reader
from records.office import Office
from tests.conftest import ROOT
from tests.ingest.conftest import LETTER, draw
from tests.program import command, environment, run

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.lectura import Lectura


SIZE = (1700, 2200)


def scan(path: Path, *pages: str, size: tuple[int, int] = SIZE) -> Path:
    """A TIFF of such pages."""
    images = [draw(text, size, letter=36, mode="1") for text in pages]
    images[0].save(
        path, compression="group4", dpi=(200, 200), save_all=True, append_images=images[1:]
    )
    return path


def test_page_one_is_told_before_the_others_are_read(reader: Reader, tmp_path: Path) -> None:
    told: list[Lectura] = []
    page = "Tunja, 2 de mayo de 2026\nAsunto: Petición de copias"
    path = scan(tmp_path / "larga.tif", page, *[LETTER] * 3, size=(1300, 1300))
    whole, _ = reader.read(path, on_first=told.append)
    (first,) = told
    assert first.paginas == whole.paginas[:1] and first.notas == [PARCIAL]
    assert first.campos["asunto"].valor == "Petición de copias"
    reader.read(scan(tmp_path / "una.tif", page, size=(1300, 700)), on_first=told.append)
    assert len(told) == 1  # of a single page there is nothing to tell early


@pytest.mark.largo
def test_pixels_never_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "trabajo"))
    (tmp_path / "trabajo").mkdir()
    numbers = [f"Anexo {n}" for n in range(1, 25)]
    path = scan(tmp_path / "larga.tif", *numbers, size=(700, 500))
    most, done = 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not done.wait(0.01):
            names = [p.name for p in (tmp_path / "trabajo").rglob("p????.p?m")]
            most = max(most, len(names))

    watch = threading.Thread(target=look)
    with Reader(workers=1) as reader:
        watch.start()
        lectura, _ = reader.read(path)
        done.set()
        watch.join()
    assert [p.texto for p in lectura.paginas] == numbers
    assert 1 <= most <= 7
    assert list((tmp_path / "trabajo").iterdir()) == []


@pytest.mark.largo
def test_a_worker_that_dies_costs_no_page_of_a_long_letter(tmp_path: Path) -> None:
    texts = [f"Anexo {number}" for number in range(1, 9)]
    path = scan(tmp_path / "larga.tif", *texts, size=(700, 500))
    with Reader(workers=1) as reader:

        def kill(_: Lectura) -> None:
            for pid in list(reader._pool._pool._processes):
                os.kill(pid, signal.SIGKILL)

        pages = reader.read(path, on_first=kill)[0].paginas
    assert [p.texto for p in pages] == texts


def tray(home: Path) -> list[dict[str, Any]]:
    """What the program says waits."""
    rows: list[dict[str, Any]] = run("--casa", home, "--json", "bandeja").json["borradores"]
    return rows


@pytest.mark.largo
def test_a_clerk_sees_page_one_while_the_program_reads_and_a_cut_loses_nothing(
    tmp_path: Path,
) -> None:
    office, _ = Office.found(tmp_path / "oficina", ROOT / "config.toml", demo=True)
    office.index.close()
    home = office.home
    scan(home / "inbox" / "larga.tif", *[LETTER] * 12)
    watcher = subprocess.Popen(
        command("--casa", home, "vigilar"),
        stdout=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    try:
        limit = time.monotonic() + 120
        rows: list[dict[str, Any]] = []
        while not (rows and "asunto" in rows[0]["campos"]):
            assert time.monotonic() < limit and watcher.poll() is None
            rows = tray(home)
        (early,) = rows
        assert (early["estado"], early["paginas"], early["notas"]) == ("leyendo", 1, [PARCIAL])
        assert early["campos"]["asunto"]["valor"] == "Petición de arreglo de la vía al Peñón"
    finally:
        os.killpg(watcher.pid, signal.SIGKILL)
        watcher.wait()
    assert [r["estado"] for r in tray(home)] == ["leyendo"]
    done = run("--casa", home, "--json", "vigilar", "--una-vez")
    assert done.code == 0, done.err
    (whole,) = tray(home)
    assert (whole["estado"], whole["paginas"]) == ("por_radicar", 12)
    assert whole["campos"]["folios"]["valor"] == "12" and "notas" not in whole
    assert len(list((home / "lecturas").glob("*.json"))) == 1
    assert json.loads((home / "drafts.json").read_text())
