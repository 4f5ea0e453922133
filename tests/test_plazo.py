"""The command `plazo`, in a process of its own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from records import lines
from tests.conftest import ROOT
from tests.program import run


def test_it_needs_no_office_and_says_when_and_why(tmp_path: Path) -> None:
    # Friday 20 Nov 2026: see tests/records/test_terms.py for the hand count.
    done = run("plazo", "--tipo", "peticion", "--desde", "2026-11-20T16:05", "--json", cwd=tmp_path)
    assert done.code == 0 and done.err == ""
    said = done.json
    assert said["vence"] == "2026-12-14T23:59:59-05:00" and "vence_legal" not in said
    assert (said["dias"], said["unidad"]) == (15, "día hábil")
    assert "art. 14" in said["norma"] and "1755" in said["norma"]
    assert said["saltados"][0] == {"fecha": "2026-11-21", "motivo": "sábado"}
    assert {"fecha": "2026-12-08", "motivo": "festivo: La Inmaculada Concepción"} in said[
        "saltados"
    ]
    text = run("plazo", "--tipo", "peticion", "--desde", "2026-11-20", cwd=tmp_path)
    assert text.code == 0 and "Vence: lunes 14 dic 2026" in text.out
    assert list(tmp_path.iterdir()) == []


def test_the_hour_and_its_offset_are_heard(tmp_path: Path) -> None:
    # 01:30 of Saturday in UTC is 20:30 of Friday 20 in Bogotá: after closing.
    for hour in ("2026-11-20T20:30", "2026-11-21T01:30Z", "2026-11-20T20:30:00-05:00"):
        said = run("plazo", "--tipo", "documentos", "--desde", hour, "--json", cwd=tmp_path).json
        assert said["vence"] == "2026-12-04T23:59:59-05:00", hour
        assert said["vence_legal"] == "2026-12-07T23:59:59-05:00", hour
        assert said["desde"] == "2026-11-20T20:30:00-05:00"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--tipo", "carta", "--desde", "2026-11-20"), 1, "habeas_consulta"),
        (("--tipo", "peticion", "--desde", "1899-12-31"), 1, "2015-06-30"),
        (("--tipo", "peticion", "--desde", "2100-12-20"), 1, "2101"),
        (("--tipo", "peticion", "--desde", "9999-12-31T23:59-12:00"), 2, "no es una fecha"),
        (("--tipo", "peticion", "--desde", "2026-02-30"), 2, "no es una fecha"),
        (("--tipo", "peticion"), 2, "--desde"),
    ],
)
def test_what_cannot_be_told_says_why(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = run("plazo", *words, "--json", cwd=tmp_path)
    assert done.code == code and said in done.err and "Traceback" not in done.err
    assert done.json["error"]["mensaje"]


def test_an_office_counts_by_its_own_calendar_and_knows_what_is_overdue(tmp_path: Path) -> None:
    casa = tmp_path / "oficina"
    made = run("iniciar", "--config", ROOT / "config.toml", "--demo", "--casa", casa)
    assert made.code == 0
    for days in (0, 60):
        hour = (lines.now() - timedelta(days)).isoformat()
        given = run("radicar", "--sin-imagen", "--campo", "tipo=congreso", "--recibido", hour,
                    "--casa", casa)  # fmt: skip
        assert given.code == 0 and "vence" in given.out
    assert run("estado", "--json", "--casa", casa).json["vencidos"] == 1
    config = casa / "config.toml"
    text = config.read_text(encoding="utf-8")
    off = '[{ fecha = 2026-12-24, motivo = "Decreto 118 de 2026" }]'
    config.write_text(text.replace("dias_no_habiles = []", f"dias_no_habiles = {off}"), "utf-8")
    asked = ("plazo", "--tipo", "congreso", "--desde", "2026-12-22", "--json")
    # 23 = 1; 24 off; 25 Navidad; 28-31 = 5. Without an office 24 = 2, and 30 = 5.
    for done in (run(*asked, "--casa", casa), run(*asked, cwd=tmp_path)):
        assert done.json["vence"] == "2026-12-31T23:59:59-05:00"
        assert done.json["saltados"][0]["motivo"] == "Decreto 118 de 2026"
    (tmp_path / "otra").mkdir()
    assert run(*asked, cwd=tmp_path / "otra").json["vence"] == "2026-12-30T23:59:59-05:00"
    assert run(*asked, "--casa", tmp_path / "otra").code == 1
    config.write_text(text.replace('abre = "08:00"', 'abre = "18:00"'), "utf-8")
    wrong = run(*asked, "--casa", casa)
    assert wrong.code == 1 and "antes de cierra" in wrong.json["error"]["mensaje"]
