"""The legal life of a petition, by the office's commands: nothing counts before it is sent."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import counting, petition
from records.calendar import Calendar
from records.settings import Hours
from records.state import State
from records.tramite import AnswerMoved, Tramite, end_of
from tests.conftest import ROOT
from tests.town import Town, founded

CALENDAR = Calendar.of(Hours())
DAYS = st.dates(date(2019, 1, 2), date(2028, 12, 1))


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return founded(tmp_path / "oficina")


def _asked(town: Town, **more: str) -> str:
    values = {"tipo": "peticion", "remitente": "Ana Peña", "direccion": "Calle 5 # 4-3",
              "dependencia": "140", **more}  # fmt: skip
    return town.number(**values)


def _sent(town: Town, *words: str) -> str:
    """The letter of a command, signed on paper and sent."""
    out = str(town.does("cruiz", *words, "--en-papel").json["salida"])
    for n in range(1, len(town.see(out)["carta"]["destinatarios"]) + 1):
        town.does("cruiz", "enviar", out, "--medio", "personal", "--destinatario", str(n))
    return out


def _no(town: Town, code: str, article: str, *words: str) -> dict[str, Any]:
    error: dict[str, Any] = town.does("mquintero", *words, code=1).json["error"]
    assert error["codigo"] == code and article in error["norma"], error
    return error


def test_an_extension_counts_once_in_time_and_never_beyond_the_double(town: Town) -> None:
    letter = _asked(town)
    due = date.fromisoformat(town.see(letter)["vence"][:10])
    why = ("--motivo", "falta un concepto técnico")
    far = ("--hasta", str(due + timedelta(days=60)), *why)
    _no(town, "mas_del_doble", "art. 14", "prorrogar", letter, *far)
    _no(town, "no_prorroga", "art. 14", "prorrogar", letter, "--hasta", str(due), *why)
    until = str(due + timedelta(days=10))
    made = town.does("mquintero", "prorrogar", letter, "--hasta", until, *why).json
    assert made["vence"][:10] == str(due) and town.see(letter)["vence"][:10] == str(due)
    town.does(None, "aprobar", made["carta"])
    assert town.see(letter)["vence"][:10] == str(due)
    town.does("cruiz", "enviar", letter, "--medio", "certificado", "--guia", "RA1")
    seen = town.see(letter)
    assert (seen["vence"][:10], seen["estado"]) == (until, "en_tramite")
    assert town.tray() == {"asignados": [letter]}
    again = ("prorrogar", letter, "--hasta", until, *why)
    _no(town, "ya_dicho", "art. 14", *again)
    tutela = _asked(town, tipo="tutela")
    _no(town, "sin_termino", "art. 14", "prorrogar", tutela, "--hasta", until, *why)
    assert town.does(None, "verificar").json["ok"]


def test_what_is_incomplete_waits_for_the_citizen_and_goes_on_with_what_was_left(
    town: Town,
) -> None:
    letter = _asked(town)
    due = town.see(letter)["vence"]
    _no(town, "nada_pedido", "art. 17", "completar", letter, "--con", _asked(town))
    _sent(town, "requerir", letter, "--falta", "la escritura del predio")
    seen = town.see(letter)
    assert (seen["estado"], seen["vence"]) == ("suspendido", due)
    assert town.tray("--bandeja", "suspendidos") == {"suspendidos": [letter]}
    soon = _no(town, "sin_desistimiento", "art. 17", "desistir", letter)
    assert "para completarla" in soon["mensaje"]
    more = _asked(town, tipo="sin_termino")
    done = town.does("mquintero", "completar", letter, "--con", more).json
    assert done["estado"] == "en_tramite" and done["vence"] >= due
    assert town.see(more)["estado"] == "archivado"
    said = _asked(town, tipo="sin_termino")
    assert town.does("mquintero", "desistir", letter, "--con", said).json["estado"] == "desistido"
    assert town.does("mquintero", "desistir", letter, "--con", said, code=1)
    assert letter not in str(town.tray())
    assert town.does(None, "verificar").json["ok"]


def test_a_demand_that_goes_out_again_once_it_was_completed_asks_for_nothing_more(
    town: Town,
) -> None:
    letter = _asked(town)
    made = town.does("mquintero", "requerir", letter, "--falta", "la escritura del predio").json
    out = str(town.does(None, "aprobar", made["carta"]).json["salida"])
    post = ("enviar", out, "--medio", "certificado", "--guia")
    town.does("cruiz", *post, "RA1")
    assert town.see(letter)["estado"] == "suspendido"
    done = town.does("mquintero", "completar", letter, "--con", _asked(town)).json
    town.does("cruiz", "devuelto", out, "--guia", "RA1", "--causa", "no_existe")
    town.does("cruiz", *post, "RA2")
    seen = town.see(letter)
    assert (seen["estado"], seen["vence"]) == ("en_tramite", done["vence"])


def test_a_demand_on_paper_is_taken_while_a_whole_answer_waits_to_be_signed(town: Town) -> None:
    letter = _asked(town)
    pdf = str(ROOT / "samples" / "07-oficio-digital.pdf")
    town.does("mquintero", "responder", letter, "--archivo", pdf)
    out = _sent(town, "requerir", letter, "--falta", "la escritura del predio")
    answers = {a["salida"]: a["estado"] for a in town.see(letter)["respuestas"]}
    assert answers[out] == "enviada" and len(answers) == 2
    assert town.does(None, "verificar").json["ok"]


def test_a_transfer_ends_it_when_the_entity_and_the_citizen_were_written_to(town: Town) -> None:
    letter = _asked(town)
    made = town.does("mquintero", "trasladar", letter, "--entidad", "Gobernación",
                     "--direccion", "Carrera 1 # 2-3").json  # fmt: skip
    out = str(town.does(None, "aprobar", made["carta"]).json["salida"])
    whom = town.see(out)["carta"]["destinatarios"]
    assert [w["nombre"] or w["entidad"] for w in whom] == ["Ana Peña", "Gobernación"]
    town.does("cruiz", "enviar", out, "--medio", "certificado", "--destinatario", "1")
    assert town.see(letter)["estado"] != "trasladado"
    town.does("cruiz", "enviar", out, "--medio", "certificado", "--destinatario", "2")
    assert town.see(letter)["estado"] == "trasladado" and town.tray() == {}
    paper = ("--en-papel", "--firmante", "mquintero")
    no = town.does("cruiz", "responder", letter, *paper, code=1).json["error"]
    assert no["codigo"] == "cerrado"
    assert town.does(None, "buscar", "estado:trasladado").json["total"] == 1


@given(DAYS, st.integers(0, 60), st.integers(0, 400), st.integers(0, 400))
def test_a_term_that_goes_on_never_ends_earlier_and_leaves_what_was_left(
    received: date, days: int, stopped: int, given_after: int
) -> None:
    due = counting.after(received, 15, CALENDAR)
    halt = min(received + timedelta(days=days), due)
    back = halt + timedelta(days=min(stopped, 365))
    demand = AnswerMoved(radicado="R", respuesta="VU1.1", paso="enviada", efecto="requerimiento",
                         enviada=f"{halt}T10:00:00.000-05:00")  # fmt: skip
    state = State("VU1.0", vence=end_of(str(due)), tramite=Tramite(requerido=demand))
    again = petition.completed(state, back, CALENDAR)
    assert again is not None and again >= end_of(str(due))
    left = max(1, counting.working_days(halt, due, CALENDAR))
    ends = date.fromisoformat(again[:10])
    assert counting.working_days(back, ends, CALENDAR) >= left
    later = petition.completed(state, back + timedelta(days=min(given_after, 300)), CALENDAR)
    assert later is not None and later >= again
