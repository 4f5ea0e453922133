"""Who is away, and who takes their work meanwhile, driven by the office's commands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.forenoon import TODAY, forenoon
from tests.town import Town, founded

__all__ = ["forenoon"]
WEEK = str(TODAY + timedelta(days=7))


@pytest.fixture
def town(tmp_path: Path) -> Town:
    office = founded(tmp_path / "oficina")
    for name in ("lpaz", "msol", "rvega"):
        office.does(None, "persona", "agregar", name, "--nombre", f"Doña {name}", "--rol",
                    "ventanilla", "--dependencia", "140")  # fmt: skip
    return office


def away(town: Town, who: str, *words: str, by: str | None = None, code: int = 0) -> Any:
    """Say that somebody is away."""
    return town.does(by, "persona", "ausencia", who, *words, code=code).json


def days(first: int, last: int) -> tuple[str, ...]:
    """From a day to a day, counted from today."""
    one, other = (str(TODAY + timedelta(days=n)) for n in (first, last))
    return ("--desde", one, "--hasta", other, "--motivo", "vacaciones")


def test_who_replaces_somebody_takes_the_work_and_not_the_post(town: Town) -> None:
    letter, headless = town.number(dependencia="140"), town.number(dependencia="130")
    town.does("mquintero", "asignar", letter, "--dependencia", "140", "--responsable", "lpaz")
    town.does("mquintero", "vobo", letter, "--pide", "lpaz")
    town.does("cruiz", "informar", letter, "--a-persona", "lpaz")
    town.does("msol", "tomar-conocimiento", letter, code=1)
    away(town, "lpaz", *days(0, 7), "--reemplaza", "msol")
    assert town.tray("--de", "msol") == {
        "asignados": [letter], "vobo": [letter], "informados": [letter]
    }  # fmt: skip
    rows = town.does(None, "tramites", "--de", "msol").json["radicados"]
    assert {(r["persona"], r["ausente_hasta"]) for r in rows} == {("lpaz", WEEK)}
    town.does("msol", "vobo", letter)
    town.does("msol", "tomar-conocimiento", letter)  # what lpaz was told
    assert town.does("msol", "tomar-conocimiento", letter).json["estado"] == "en_tramite"
    last = town.see(letter)["historia"][-1]
    assert last["actor"] == "msol"
    # The head of an área is away: what a person has passes on, the área's trays do not.
    away(town, "joviedo", *days(-1, 7), "--reemplaza", "rvega")
    assert town.tray("--de", "rvega") == {}
    town.does("rvega", "devolver", headless, "--motivo", "no es de hacienda", code=1)
    town.does("joviedo", "asignar", headless, "--dependencia", "130", "--responsable", "joviedo")
    assert town.tray("--de", "rvega") == {"asignados": [headless]}
    assert town.does(None, "verificar").json["ok"]


def test_only_while_they_are_away(town: Town) -> None:
    letter = town.number(dependencia="140")
    town.does("mquintero", "asignar", letter, "--dependencia", "140", "--responsable", "lpaz")
    away(town, "lpaz", *days(2, 9), "--reemplaza", "msol")
    assert town.tray("--de", "msol") == {}
    row = town.does(None, "tramites").json["radicados"][0]
    assert row["ausente_hasta"] is None
    (kept,) = town.does(None, "persona", "ausencias").json["ausencias"]
    assert (kept["persona"], kept["reemplaza"], kept["ahora"]) == ("lpaz", "msol", False)


def test_giving_it_to_who_is_away_warns_and_names_who_replaces_them(town: Town) -> None:
    letter, other = town.number(dependencia="140"), town.number(dependencia="140")
    away(town, "lpaz", *days(0, 7), "--reemplaza", "msol")
    done = town.does("mquintero", "asignar", letter, "--dependencia", "140", "--responsable",
                     "lpaz")  # fmt: skip
    assert done.json["responsable"] == "lpaz"
    (told,) = done.json["avisos"]
    assert f"Doña lpaz está ausente hasta el {WEEK}" in told and "Doña msol" in told
    assert told in done.err
    town.does(None, "persona", "encargo", "rvega", "--de", "msol", "--desde", str(TODAY),
              "--hasta", WEEK, "--acto", "Resolución 9 de 2026")  # fmt: skip
    away(town, "msol", *days(0, 7), code=1)  # lpaz's work would be with nobody
    away(town, "lpaz", "--desde", str(TODAY), "--anular")
    away(town, "msol", *days(0, 7))
    by_act = town.does("mquintero", "asignar", other, "--dependencia", "140", "--responsable",
                       "msol")  # fmt: skip
    assert "Doña rvega" in by_act.json["avisos"][0]


def test_absences_that_cannot_be_are_refused_and_nothing_is_kept(town: Town) -> None:
    away(town, "lpaz", *days(0, 7), "--reemplaza", "msol")
    for words, code in (
        (("lpaz", *days(5, 12)), "ausencia_cruzada"),
        (("lpaz", *days(-9, 30)), "ausencia_cruzada"),
        (("msol", *days(9, 8)), "ausencia_fechas"),
        (("msol", *days(0, 2000)), "ausencia_fechas"),
        (("msol", *days(-4000, -3990)), "ausencia_fechas"),
        (("msol", *days(4000, 4010)), "ausencia_fechas"),
        (("rvega", *days(0, 7), "--reemplaza", "rvega"), "reemplazo"),
        (("rvega", *days(0, 7), "--reemplaza", "lpaz"), "reemplazo_ausente"),
        (("rvega", *days(0, 7), "--reemplaza", "nadie"), "persona_desconocida"),
        (("nadie", *days(0, 7)), "persona_desconocida"),
        (("rvega", "--desde", "ayer", "--hasta", WEEK, "--motivo", "permiso"), "fecha"),
        (("rvega", "--desde", WEEK, "--anular"), "sin_ausencia"),
        (("rvega", *days(0, 7), "--cambia"), "sin_ausencia"),
    ):
        assert away(town, *words, code=1)["error"]["codigo"] == code, words
    away(town, "rvega", "--desde", str(TODAY), code=2)
    assert away(town, "rvega", *days(0, 7)[:-1], "pereza", code=1)["error"]["codigo"] == "motivo"
    assert away(town, "rvega", *days(0, 7), by="cruiz", code=1)["error"]["codigo"] == "sin_permiso"
    assert away(town, "rvega", *days(0, 7), by="joviedo", code=1)["error"]["codigo"] == (
        "sin_permiso"
    )
    assert len(town.does(None, "persona", "ausencias").json["ausencias"]) == 1
    away(town, "rvega", *days(8, 9), by="mquintero")  # who heads the área


def test_one_who_comes_back_early_and_why_she_was_ill(town: Town) -> None:
    away(town, "lpaz", *days(-3, 7)[:-1], "incapacidad", "--reemplaza", "msol",
         "--acto", "Certificado 44 de la EPS")  # fmt: skip
    first = str(TODAY - timedelta(days=3))
    seen = town.does("mquintero", "persona", "ausencias").json["ausencias"][0]
    assert (seen["motivo"], seen["ahora"]) == ("incapacidad", True)
    assert seen["acto"] == "Certificado 44 de la EPS"
    for other in ("cruiz", "joviedo"):  # health is not everybody's matter
        hidden = town.does(other, "persona", "ausencias").json["ausencias"][0]
        assert (hidden["motivo"], hidden["acto"], hidden["hasta"]) == (None, None, WEEK)
    assert "incapacidad" not in town.does("cruiz", "persona", "ausencias").out
    log = "".join(p.read_text() for p in town.casa.glob("journal/*/AUT.jsonl"))
    assert '"ausencia"' in log and "incapacidad" not in log and "EPS" not in log
    yesterday = str(TODAY - timedelta(days=1))
    away(town, "lpaz", "--desde", first, "--hasta", yesterday, "--motivo", "incapacidad",
         "--cambia")  # fmt: skip
    (told,) = town.does(None, "persona", "ausencias", "--todas").json["ausencias"]
    assert (told["hasta"], told["ahora"]) == (yesterday, False)
    assert town.does(None, "persona", "ausencias").json["ausencias"] == []
    assert town.does(None, "verificar").json["ok"]
