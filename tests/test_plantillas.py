"""Templates of letters as an office uses them, by the commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from records.office import Office
from tests.conftest import receive, text_of
from tests.ingest.test_office_documents import word
from tests.program import run


def test_the_templates_of_an_office(
    office: Office,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    casa = office.home

    def said(*words: str | Path, code: int = 0) -> dict[str, Any]:
        """What the command says; in this process, for each start costs more than its work."""
        capsys.readouterr()
        assert main(["plantilla", *map(str, words), "--json", "--casa", str(casa)]) == code
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    there = said("lista")["plantillas"]
    assert [t["nombre"] for t in there] == [
        "aclaracion", "desistimiento", "prorroga", "requerimiento", "respuesta", "traslado",
    ]  # fmt: skip
    assert "falta" in there[3]["campos"]

    # A letter that was numbered gives the values of its answer.
    (subject,) = receive(office, 1)
    values = {"remitente": "Ana Niño", "direccion": "Calle 5 # 6-7", "asunto": "Alumbrado",
              "municipio": "Mompox", "dependencia": "140"}  # fmt: skip
    radicado = office.radicar(subject, values).radicado
    target = tmp_path / "prueba.pdf"
    made = said("prueba", "Respuesta", "--radicado", radicado, "--campo", "respuesta=Se arreglará.",
                "--salida", target)  # fmt: skip
    assert made == {"archivo": str(target), "plantilla": "respuesta", "avisos": []}
    text = " ".join(text_of(target.read_bytes()).split())
    for part in (radicado, "Señor(a) Ana Niño Calle 5 # 6-7 Mompox", "Marcela Quintero Vela",
                 "Se arreglará.", "sin radicar", "Secretaría de Planeación"):  # fmt: skip
        assert part in text
    assert office.buscar("").total == 1

    # What lacks, what is not there, what cannot be: told, and nothing is left behind.
    lacking = said("prueba", "traslado", "--radicado", radicado, code=1)["error"]
    assert lacking["codigo"] == "campo_sin_valor"
    assert "entidad_competente" in lacking["mensaje"] and "motivo" in lacking["mensaje"]
    assert "respuesta" in str(said("ver", "nada", code=1)["error"])
    bad = tmp_path / "mala.html"
    bad.write_text("<p>Hola<script>x</script>")
    assert "<script>" in str(said("agregar", bad, code=1)["error"])
    said("agregar", tmp_path / "no.txt", code=1)
    said("agregar", tmp_path, code=1)
    (tmp_path / "macro.docx").write_bytes(word(more={"word/vbaProject.bin": b"x"}))
    assert "macros" in str(said("agregar", tmp_path / "macro.docx", code=1)["error"])
    assert len(list((casa / "plantillas").iterdir())) == 6

    # One's own, of each kind; one is not overwritten unless that is said.
    own = tmp_path / "respuesta.txt"
    own.write_text("Señora {{remitente}}: {{nota?}}", encoding="cp1252")
    assert said("agregar", own, code=1)["error"]["codigo"] == "plantilla_existe"
    assert said("agregar", own, "--reemplazar")["campos"] == ["remitente", "nota"]
    office_file = tmp_path / "respuesta.docx"
    office_file.write_bytes(word())
    assert said("agregar", office_file)["tipo"] == "docx"
    assert "respuesta.docx y respuesta.txt" in str(said("ver", "respuesta", code=1)["error"])
    assert "Señor {{remitente}}" in str(said("ver", "respuesta.docx")["texto"])
    monkeypatch.setenv("PATH", str(tmp_path))
    nowhere = said("prueba", "respuesta.docx", code=4)["error"]
    assert "LibreOffice" in nowhere["mensaje"]
    assert "apt-get install" in nowhere["mensaje"]


def test_who_may_add_one_and_what_the_foot_lacks(office: Office, tmp_path: Path) -> None:
    own = tmp_path / "acuse.txt"
    own.write_text("Recibido.")
    done = run("plantilla", "agregar", own, "--persona", "cruiz", "--casa", office.home)
    assert done.code == 1 and "papel" in done.err
    config = office.home / "config.toml"
    lines = [
        row for row in config.read_text().split("\n") if not row.startswith(("fax =", "web ="))
    ]
    config.write_text("\n".join(lines))
    assert run("plantilla", "agregar", own, "--casa", office.home).code == 0
    done = run("plantilla", "prueba", "acuse", "--casa", office.home)
    assert done.code == 0 and "le falta: fax, página web" in done.err and "060" in done.err
