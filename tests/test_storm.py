"""`kill -9` at any moment of receiving, numbering and sealing, with several processes at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pikepdf
import pytest

from records import pdfa
from tests.conftest import ROOT
from tests.program import command, environment, run


def letter(text: str) -> bytes:
    """A born-digital letter: it is read in a moment, so that the kills meet every step."""
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdfa.embed_font(pdf)))
    rows = [
        "San Jacinto del Río, 12 de noviembre de 2026",
        f"Asunto: Petición número {text}",
        "Cordial saludo: solicito el arreglo de la vía.",
        "Atentamente,",
        "Ana Güiza",
    ]
    show = b" 0 -20 Td ".join(pdfa.face().encode(row) + b" Tj" for row in rows)
    page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td " + show + b" ET")
    return pdfa.write(pdf)


def storm(tmp_path: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    casa = tmp_path / "oficina"
    assert run("iniciar", "--config", ROOT / "config.toml", "--demo", "--casa", casa).code == 0
    config = casa / "config.toml"
    config.write_text(
        config.read_text().replace("asentamiento_segundos = 2.0", "asentamiento_segundos = 0.1")
    )
    dropped, shown = 0, []
    for turn in range(rounds):
        for _ in range(chance.randint(0, 2)):
            half = casa / "inbox" / f".{dropped}.pdf"
            half.write_bytes(letter(str(dropped)))
            half.rename(casa / "inbox" / f"{dropped}.pdf")
            dropped += 1
        started = [
            subprocess.Popen(
                command(*words, "--casa", casa, "--json"),
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            for words in (
                ("vigilar", "--una-vez"),
                ("radicar", "--todos"),
                ("radicar", "--sin-imagen"),
                ("radicar", "--todos") if turn % 2 else ("recuperar",),
            )
        ]
        time.sleep(chance.uniform(0.1, 2.5))
        for process in started:
            if chance.random() < 0.85 and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        for process in started:
            out, _ = process.communicate(timeout=120)
            if process.returncode == 0 and out:
                shown += [r["radicado"] for r in json.loads(out).get("radicados", [])]
    _calm(casa, dropped, shown)


def _calm(casa: Path, dropped: int, shown: list[str]) -> None:
    """After the storm: nothing lost, no gap, no repeat, inbox empty, all sealed."""
    assert run("vigilar", "--una-vez", "--casa", casa).code == 0
    left = run("radicar", "--todos", "--json", "--casa", casa)
    assert left.code == 0 and left.json["omitidos"] == [], left.json
    report = run("verificar", "--completo", "--json", "--casa", casa)
    assert report.code == 0, report.json["hallazgos"]
    rows = run("buscar", "", "--limite", "10000", "--json", "--casa", casa).json
    numbers = [r["radicado"] for r in rows["radicados"]]
    assert sorted(int(n[-6:]) for n in numbers) == list(range(1, len(numbers) + 1))
    assert set(shown) <= set(numbers) and len(shown) == len(set(shown))
    scanned = run("buscar", "no estado:imagen_pendiente", "--limite", "10000", "--json", "--casa",
                  casa).json  # fmt: skip
    assert scanned["total"] == dropped
    state = run("estado", "--json", "--casa", casa).json
    assert (state["por_radicar"], state["pendientes_sello"], state["no_se_pudo_leer"]) == (0, 0, 0)
    assert [p for p in (casa / "inbox").rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_storm(tmp_path: Path, seed: int) -> None:
    storm(tmp_path, rounds=6, seed=seed)


@pytest.mark.largo
@pytest.mark.parametrize("seed", range(10))
def test_a_long_storm(tmp_path: Path, seed: int) -> None:
    storm(tmp_path, rounds=15, seed=100 + seed)
