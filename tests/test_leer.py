"""`leer` as its users run it: what it reads, what it could not read, and what it ends with."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import ROOT
from tests.program import run

SAMPLES = ROOT / "samples"
LETTER = SAMPLES / "08-solicitud-visita.tif"


def test_reading_touches_no_office(tmp_path: Path) -> None:
    done = run("leer", LETTER, SAMPLES / "11-danada.pdf", "--salida", "s", "--json", cwd=tmp_path)
    assert done.code == 1
    good, bad = done.json["archivos"]
    assert bad["error"]["mensaje"] and good["campos"]["asunto"]["valor"]
    assert done.json["paginas_por_minuto"] > 0
    assert sorted(p.name for p in (tmp_path / "s").iterdir()) == [
        "08-solicitud-visita.pdf",
        "08-solicitud-visita.txt",
    ]
    again = run("leer", LETTER, "--salida", "s", cwd=tmp_path)
    assert again.code == 0 and (tmp_path / "s" / "08-solicitud-visita-2.pdf").exists()
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] in (
        ["s"],
        ["s", "marcas"],
        ["marcas", "s"],
    )


def test_a_path_that_is_no_file_keeps_no_other_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "carpeta").mkdir()
    given = ("no.pdf", LETTER, "carpeta", "tampoco.pdf")
    done = run("leer", *given, "--salida", "s", "--json", cwd=tmp_path)
    missing, read, folder, other = done.json["archivos"]
    assert done.code == 1
    assert read["campos"]["asunto"]["valor"] and (tmp_path / "s" / f"{LETTER.stem}.txt").exists()
    assert missing["archivo"] == str(tmp_path / "no.pdf")
    assert {row["error"]["codigo"] for row in (missing, folder, other)} == {"sin_archivo"}
    assert "no existe" in missing["error"]["mensaje"]
    assert "es una carpeta" in folder["error"]["mensaje"]
    assert done.json["error"] == missing["error"]
    told = run("leer", *given, cwd=tmp_path)
    assert told.code == 1 and "Traceback" not in told.err
    assert [name in told.err for name in ("no.pdf", "carpeta", "tampoco.pdf")] == [True] * 3
    assert read["paginas"][0]["texto"][:40] in told.out


def test_where_no_file_is_there_nothing_is_read(tmp_path: Path) -> None:
    done = run("leer", "no.pdf", "--json", cwd=tmp_path, PATH=str(tmp_path))
    assert done.code == 1 and done.json["error"]["codigo"] == "sin_archivo"
    assert done.json["paginas_por_minuto"] == 0
