"""The backup's commands, from outside: copy, check, restore, heal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.program import run


@pytest.fixture
def casa(tmp_path: Path) -> Path:
    """An office with two numbers, and a letter in its inbox."""
    home = tmp_path / "oficina"
    run("iniciar", "--config", ROOT / "config.toml", "--demo", "--casa", home)
    for name in ("Ana", "Beatriz"):
        done = run("radicar", "--sin-imagen", "--campo", f"remitente={name}", "--casa", home)
        assert done.code == 0, done.err
    (home / "inbox" / "carta: nueva.pdf").write_bytes(b"%PDF-1.7 espera")
    (tmp_path / "usb").mkdir()
    return home


def test_from_the_copy_to_a_restored_office(casa: Path, tmp_path: Path) -> None:
    usb, new = tmp_path / "usb", tmp_path / "nueva"
    made = run("respaldo", "crear", "--destino", usb, "--casa", casa, "--json")
    assert made.code == 0, made.err
    assert set(made.json) == {"copia", "archivos", "bytes", "nuevos", "manifiesto", "avisos"}
    assert "mismo disco" in made.err
    good = run("respaldo", "verificar", usb, "--casa", casa, "--json")
    assert good.code == 0, good.err
    assert good.json["ok"] is True and good.json["archivos"] == made.json["archivos"]

    settings = next(usb.glob("*/copias/*/config.toml"))
    text = settings.read_bytes()
    settings.write_bytes(text + b"#")
    bad = run("respaldo", "verificar", usb, "--json")
    assert bad.code == 3 and bad.json["hallazgos"][0]["archivo"] == str(settings)
    refused = run("respaldo", "restaurar", usb, "--casa", new, "--json")
    assert refused.code == 3 and not new.exists()
    settings.write_bytes(text)

    back = run("respaldo", "restaurar", usb, "--casa", new)
    assert back.code == 0 and "restauracion --autoriza PERSONA" in back.out, back.err
    assert run("respaldo", "restaurar", usb, "--casa", new).code == 1
    assert run("verificar", "--completo", "--casa", new).code == 0
    assert run("buscar", "beatriz", "--casa", new, "--json").json["total"] == 1
    for words in (("bandeja",), ("estado",), ("persona", "lista")):
        done = run(*words, "--casa", new)
        assert done.code == 0, done.err
    for words in (("radicar", "--sin-imagen"), ("recibir", ROOT / "config.toml"),
                  ("respaldo", "crear", "--destino", usb)):  # fmt: skip
        done = run(*words, "--casa", new, "--json")
        assert done.code == 3 and done.json["error"]["codigo"] == "casa_copiada", words
        assert "restauracion" in done.json["error"]["mensaje"]


def test_healing_and_a_fork(casa: Path, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    run("respaldo", "crear", "--destino", usb, "--casa", casa)
    shutil.copytree(casa, tmp_path / "otra")
    journal = next(casa.glob("journal/*/VU1.jsonl"))
    good = journal.read_bytes()
    journal.write_bytes(good.replace(b"remitente", b"", 1)[:-900])
    assert run("radicar", "--sin-imagen", "--casa", casa).code == 3
    healed = run("recuperar", "--desde", usb, "--casa", casa, "--json")
    assert healed.code == 0, healed.err
    (one,) = healed.json["sanados"]
    assert (casa / one["archivo"]) == journal and (casa / one["guardado"]).exists()
    assert journal.read_bytes().startswith(good)
    assert run("verificar", "--completo", "--casa", casa).code == 0

    # The other copy, on another machine that was told it was the original.
    elsewhere = {"VENTANILLA_MARCAS": str(tmp_path / "otro-equipo")}
    from tests.records.conftest import settle

    settle(tmp_path / "otra")
    assert run("radicar", "--sin-imagen", "--casa", tmp_path / "otra", **elsewhere).code == 0
    fork = run("recuperar", "--desde", tmp_path / "otra", "--casa", casa, "--json")
    assert fork.code == 3 and fork.json["error"]["codigo"] == "bifurcacion"
    (branch,) = fork.json["bifurcaciones"]
    assert (casa / branch["archivo"]).exists() and branch["contado"] is True
    assert run("verificar", "--casa", casa).code == 0


def test_a_destination_that_is_not_there_or_takes_nothing(casa: Path, tmp_path: Path) -> None:
    gone = run("respaldo", "crear", "--destino", tmp_path / "no", "--casa", casa, "--json")
    assert gone.code == 1 and gone.json["error"]["codigo"] == "sin_destino"
    assert run("respaldo", "verificar", tmp_path / "usb", "--json").code == 1
    assert run("respaldo", "crear", "--casa", casa).code == 2
    full = Path("/dev/full")
    assert run("respaldo", "crear", "--destino", full, "--casa", casa).code == 1
