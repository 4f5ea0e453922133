"""A record's way through the office, driven by its people's commands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from records import lines
from records.lines import now
from records.office import Office
from tests.town import Town, founded


@pytest.fixture
def town(tmp_path: Path) -> Town:
    office = founded(tmp_path / "oficina")
    office.does(None, "persona", "agregar", "lpaz", "--nombre", "Luis Paz", "--rol", "ventanilla",
                "--dependencia", "140")  # fmt: skip
    return office


def test_a_letter_goes_to_its_area_and_its_person(town: Town) -> None:
    letter = town.number(tipo="queja")
    assert town.tray() == {"por_repartir": [letter]}
    done = town.does("cruiz", "asignar", letter, "--dependencia", "140").json
    assert (done["estado"], done["dependencia"], done["responsable"]) == ("asignado", "140", None)
    due = town.see(letter)["vence"]
    assert done["vence"] == due is not None
    assert town.tray("--de", "mquintero") == {"asignados": [letter]}
    town.does("mquintero", "asignar", letter, "--dependencia", "140", "--responsable", "lpaz")
    assert town.tray("--de", "lpaz") == {"asignados": [letter]}
    assert town.does("lpaz", "tomar-conocimiento", letter).json["estado"] == "en_tramite"
    seen = town.see(letter)
    assert [s["responsable"] for s in seen["tramite"]["recorrido"]] == [None, None, "lpaz"]
    assert set(seen["tramite"]["horas_por_dependencia"]) == {"por repartir", "140"}
    assert (seen["campos"]["dependencia"], seen["campos"]["responsable"]) == ("140", "lpaz")
    found = town.does(None, "buscar", "area:140 estado:en_tramite").json
    assert [r["radicado"] for r in found["radicados"]] == [letter]
    assert town.does(None, "verificar").json["ok"]


def test_numbering_may_assign_at_once(town: Town) -> None:
    letter = town.number(tipo="peticion", dependencia="130")
    assert town.see(letter)["estado"] == "asignado"
    assert town.tray("--dependencia", "130") == {"asignados": [letter]}


def test_bounced_twice_it_is_for_the_head_to_decide_and_the_clock_runs(town: Town) -> None:
    letter = town.number(tipo="peticion", dependencia="130")
    due = town.see(letter)["vence"]
    first = town.does("joviedo", "devolver", letter, "--motivo", "no es de hacienda").json
    assert (first["estado"], first["dependencia"]) == ("radicado", None)
    assert town.tray() == {"devueltos": [letter]}
    town.does("cruiz", "asignar", letter, "--dependencia", "140")
    second = town.does("mquintero", "devolver", letter, "--motivo", "tampoco es de obras").json
    assert second["dependencia"] is None
    assert town.tray() == {"por_decidir": [letter]}
    refused = town.does("cruiz", "asignar", letter, "--dependencia", "130", code=1)
    assert "art. 8" in refused.json["error"]["norma"]
    town.does("ntorres", "asignar", letter, "--dependencia", "130")
    again = town.does("joviedo", "devolver", letter, "--motivo", "insisto: no es nuestro", code=1)
    assert again.json["error"]["codigo"] == "ya_decidido" and again.json["error"]["norma"]
    seen = town.see(letter)
    assert seen["vence"] == due
    assert [s["dependencia"] for s in seen["tramite"]["recorrido"]] == [
        "130", None, "140", None, "130",
    ]  # fmt: skip
    motives = [h["ficha"]["motivo"] for h in seen["historia"] if h["tipo"] == "tramite.devuelto"]
    assert motives == ["no es de hacienda", "tampoco es de obras"]


def test_it_comes_back_to_the_area_that_passed_it_on(town: Town) -> None:
    letter = town.number(dependencia="130")
    town.does("joviedo", "asignar", letter, "--dependencia", "140")
    back = town.does("mquintero", "devolver", letter, "--motivo", "es de rentas").json
    assert back["dependencia"] == "130"
    assert town.tray("--de", "joviedo") == {"devueltos": [letter]}
    town.does("joviedo", "tomar-conocimiento", letter)
    assert town.tray("--de", "joviedo") == {"asignados": [letter]}


def test_it_is_not_given_back_late_nor_without_a_reason(town: Town) -> None:
    config = town.casa / "config.toml"
    letter = town.number(dependencia="130")
    assert (
        town.does("joviedo", "devolver", letter, "--motivo", "no", code=1).json["error"]["codigo"]
        == "sin_motivo"
    )
    config.write_text(config.read_text("utf-8") + "\n[tramite]\ndevolver_horas = 0\n", "utf-8")
    late = town.does("joviedo", "devolver", letter, "--motivo", "no es de hacienda", code=1)
    assert late.json["error"]["codigo"] == "devolucion_tardia"
    assert town.see(letter)["estado"] == "asignado"


def test_who_does_not_have_it_does_not_move_it(town: Town) -> None:
    letter = town.number(dependencia="130")
    for words in (
        ("asignar", letter, "--dependencia", "140"),
        ("devolver", letter, "--motivo", "quiero tenerlo yo"),
        ("tomar-conocimiento", letter),
        ("archivar", letter),
        ("vobo", letter, "--pide", "ntorres"),
    ):
        said = town.does("mquintero", *words, code=1).json["error"]
        assert said["codigo"] == "no_es_suyo" and said["norma"]
    wrong = town.does("joviedo", "asignar", letter, "--dependencia", "130", "--responsable",
                      "lpaz", code=1)  # fmt: skip
    assert wrong.json["error"]["codigo"] == "otra_dependencia"
    assert town.does("nadie", "asignar", letter, "--dependencia", "140", code=1)
    assert len(town.see(letter)["tramite"]["recorrido"]) == 1


def test_a_stand_in_acts_for_the_head_and_only_while_he_does(town: Town) -> None:
    letter = town.number(dependencia="130")
    town.does("lpaz", "tomar-conocimiento", letter, code=1)
    today = now().date()
    town.does(None, "persona", "encargo", "lpaz", "--de", "joviedo", "--desde",
              str(today - timedelta(days=9)), "--hasta", str(today - timedelta(days=2)),
              "--acto", "Resolución 12 de 2026")  # fmt: skip
    town.does("lpaz", "tomar-conocimiento", letter, code=1)
    town.does(None, "persona", "encargo", "lpaz", "--de", "joviedo", "--desde", str(today),
              "--hasta", str(today + timedelta(days=5)),
              "--acto", "Resolución 13 de 2026")  # fmt: skip
    assert town.tray("--de", "lpaz") == {"asignados": [letter]}
    assert town.does("lpaz", "tomar-conocimiento", letter).json["estado"] == "en_tramite"


def test_many_are_assigned_in_one_act_or_none(town: Town) -> None:
    letters = [town.number() for _ in range(3)]
    town.does("cruiz", "asignar", *letters, "2026-VU1-E-000099", "--dependencia", "140", code=1)
    assert town.tray() == {"por_repartir": letters}
    done = town.does("cruiz", "asignar", *letters, "--dependencia", "140").json
    assert [r["radicado"] for r in done["radicados"]] == letters
    lots = {
        h["datos"]["lote"]
        for letter in letters
        for h in town.see(letter)["historia"]
        if h["tipo"] == "tramite.asignado"
    }
    assert len(lots) == 1


def test_all_that_a_person_has_passes_to_another(town: Town) -> None:
    letters = [town.number(dependencia="140") for _ in range(3)]
    town.does("mquintero", "asignar", *letters, "--dependencia", "140", "--responsable", "lpaz")
    town.does("lpaz", "vobo", letters[0], "--pide", "ntorres")
    town.does(None, "persona", "agregar", "msol", "--nombre", "Mar Sol", "--rol", "ventanilla",
              "--dependencia", "140")  # fmt: skip
    done = town.does("mquintero", "persona", "relevar", "lpaz", "--por", "msol", "--motivo",
                     "lpaz se retira de la entidad").json  # fmt: skip
    assert [r["radicado"] for r in done["radicados"]] == letters
    assert town.tray("--de", "lpaz") == {}
    assert town.tray("--de", "msol") == {"asignados": letters}
    assert town.tray("--de", "ntorres") == {"vobo": [letters[0]]}
    nothing = town.does("mquintero", "persona", "relevar", "lpaz", "--por", "msol", "--motivo",
                        "otra vez, por si acaso", code=1)  # fmt: skip
    assert nothing.json["error"]["codigo"] == "nada_asignado"


def test_a_vobo_is_asked_and_given(town: Town) -> None:
    letter = town.number(dependencia="140")
    town.does("lcardenas", "vobo", letter, code=1)
    town.does("mquintero", "vobo", letter, "--pide", "lcardenas", "--nota", "¿es de ley?")
    assert town.tray("--de", "lcardenas") == {"vobo": [letter]}
    town.does("lcardenas", "vobo", letter, "--reparos", "falta citar el artículo 21")
    assert town.tray("--de", "lcardenas") == {}
    town.does("lcardenas", "vobo", letter, code=1)
    told = [h for h in town.see(letter)["historia"] if h["tipo"] == "tramite.vobo_dado"]
    assert told[0]["datos"]["conforme"] is False
    assert told[0]["ficha"]["nota"] == "falta citar el artículo 21"


def test_who_is_informed_sees_it_until_they_say_so(town: Town) -> None:
    letter = town.number(dependencia="140")
    town.does("cruiz", "informar", letter, "--dependencia", "120")
    town.does("cruiz", "informar", letter, "--dependencia", "120", code=1)
    assert town.tray("--de", "lcardenas") == {"informados": [letter]}
    town.does("lcardenas", "tomar-conocimiento", letter)
    assert town.tray("--de", "lcardenas") == {}
    assert town.see(letter)["estado"] == "asignado"


def test_two_areas_have_their_say(town: Town) -> None:
    letter = town.number()
    town.does("cruiz", "asignar", letter, "--dependencia", "140", "--con", "120", "--con", "130")
    assert town.tray("--de", "lcardenas") == {"conjuntos": [letter]}
    assert town.tray("--de", "mquintero") == {"asignados": [letter]}
    town.does("cruiz", "asignar", letter, "--dependencia", "140", "--con", "140", code=1)
    within = ("asignar", letter, "--dependencia", "140", "--responsable")
    town.does("mquintero", *within, "lpaz")
    assert town.tray("--de", "lcardenas") == {"conjuntos": [letter]}
    town.does("mquintero", *within, "lpaz", "--con", "ninguna")
    assert town.tray("--de", "lcardenas") == {}
    town.does("cruiz", "asignar", letter, "--dependencia", "140", "--con", "ninguna", "--con",
              "120", code=1)  # fmt: skip


def test_put_off_it_is_out_of_sight_and_the_term_runs(town: Town) -> None:
    letter = town.number(dependencia="140", tipo="peticion")
    due = town.see(letter)["vence"]
    tomorrow = str(now().date() + timedelta(days=1))
    town.does("mquintero", "agendar", letter, "--hasta", "2020-01-01", code=1)
    town.does("mquintero", "agendar", letter, "--hasta", "2199-01-01", code=1)
    town.does("mquintero", "agendar", letter, "--hasta", "mañana", code=2)
    town.does("mquintero", "agendar", letter, "--hasta", tomorrow)
    assert town.tray("--de", "mquintero") == {"agendados": [letter]}
    assert town.see(letter)["vence"] == due


def test_an_order_fixes_the_term_of_a_tutela_and_none_makes_the_law_longer(town: Town) -> None:
    tutela = town.number(dependencia="120", tipo="tutela")
    assert town.see(tutela)["vence"] is None
    due = (now() + timedelta(hours=48)).replace(microsecond=0, second=0)
    told = town.does("lcardenas", "fijar-plazo", tutela, "--vence", due.isoformat()[:16],
                     "--fuente", "auto admisorio del Juzgado 2").json  # fmt: skip
    assert told["vence"][:16] == due.isoformat()[:16]
    assert "Lo fijó auto admisorio del Juzgado 2" in town.see(tutela)["termino"]["explicacion"]
    assert town.does(None, "buscar", "vence<3d").json["total"] == 1
    letter = town.number(dependencia="120", tipo="peticion")
    late = ("--vence", "2199-01-01T10:00", "--fuente", "oficio 12 de la alcaldía")
    no = town.does("lcardenas", "fijar-plazo", letter, *late, code=1).json["error"]
    assert no["codigo"] == "mas_que_la_ley" and "art. 14" in no["norma"]
    past = town.does("lcardenas", "fijar-plazo", tutela, "--vence", "2020-01-01T10:00",
                     "--fuente", "otro auto", code=1).json["error"]  # fmt: skip
    assert past["codigo"] == "plazo_imposible"
    town.does("lcardenas", "fijar-plazo", letter, "--vence", due.isoformat()[:16], "--fuente",
              "orden de la Procuraduría")  # fmt: skip
    assert town.does(None, "verificar").json["ok"]


def test_an_area_that_must_have_its_say_does_not_answer_for_the_other(town: Town) -> None:
    letter = town.number(tipo="queja")
    town.does("cruiz", "asignar", letter, "--dependencia", "140", "--con", "130")
    for words in (("tomar-conocimiento",), ("devolver", "--motivo", "no es de aquí")):
        no = town.does("joviedo", words[0], letter, *words[1:], code=1).json["error"]
        assert no["codigo"] == "no_es_suyo" and "art. 8" in no["norma"]
    town.does("joviedo", "vobo", letter, "--nota", "de acuerdo")


def test_who_heads_the_area_gives_a_vobo_unasked_and_others_do_not(town: Town) -> None:
    letter = town.number(dependencia="140", tipo="queja")
    no = town.does("joviedo", "vobo", letter, code=1).json["error"]
    assert no["codigo"] == "sin_pedido"
    town.does("mquintero", "vobo", letter, "--nota", "de acuerdo con el proyecto")
    told = [h["tipo"] for h in town.see(letter)["historia"][-2:]]
    assert told == ["tramite.vobo_pedido", "tramite.vobo_dado"]
    assert town.tray("--bandeja", "vobo") == {}


def test_a_petition_is_not_archived_without_an_answer(town: Town) -> None:
    letter = town.number(dependencia="140", tipo="peticion", remitente="Ana Gil")
    no = town.does("mquintero", "archivar", letter, code=1).json["error"]
    assert no["codigo"] == "sin_respuesta" and "art. 14" in no["norma"]
    named = town.does("mquintero", "archivar", letter, "--sin-respuesta", "anonima", "--motivo",
                      "no trae prueba alguna", code=1).json["error"]  # fmt: skip
    assert named["codigo"] == "con_remitente" and "art. 38" in named["norma"]
    town.does("mquintero", "archivar", letter, "--sin-respuesta", "pereza", "--motivo",
              "no hay tiempo", code=1)  # fmt: skip
    town.does("mquintero", "archivar", letter, "--sin-respuesta", "reiterativa", code=1)
    done = town.does("mquintero", "archivar", letter, "--sin-respuesta", "reiterativa", "--motivo",
                     "ya se resolvió en 2026-VU1-S-000003").json  # fmt: skip
    assert done["estado"] == "archivado"
    assert town.tray() == {}
    assert (
        town.does("mquintero", "asignar", letter, "--dependencia", "130", code=1).json["error"][
            "codigo"
        ]
        == "archivado"
    )
    town.does("mquintero", "nota", letter, "el interesado llamó a preguntar")


def test_what_asks_for_nothing_is_archived_in_one_step(town: Town) -> None:
    letter = town.number(dependencia="140", tipo="felicitacion")
    done = town.does("mquintero", "archivar", letter, "--motivo", "se agradeció").json
    assert done["estado"] == "archivado" and done["papel"]["lugar"] == "ventanilla"
    assert town.tray() == {}
    assert town.see(letter)["historia"][-1]["ficha"]["motivo"] == "se agradeció"


def test_the_paper_of_what_is_archived_stays_until_somebody_hands_it_over(town: Town) -> None:
    letter = town.number(dependencia="140", tipo="felicitacion")
    town.does("mquintero", "archivar", letter)
    name = town.does("cruiz", "planilla", "crear", "--dependencia", "140", "--radicado", letter)
    said = "planilla", "recibir", name.json["planilla"], "--todas"
    assert town.does("lpaz", *said).json["estado"] == "cerrada"
    owed = "estado:archivado no papel:archivo"
    (row,) = town.does(None, "buscar", owed).json["radicados"]
    assert row["radicado"] == letter
    seen = town.does("mquintero", "papel", letter, "--a", "archivo", "--nota", "carpeta 12").json
    assert seen["lugar"] == "archivo"
    paper = town.see(letter)["papel"]
    assert [step["lugar"] for step in paper["pasos"]] == ["mensajero", "area", "archivo"]
    assert town.does(None, "buscar", owed).json["radicados"] == []


def test_nothing_is_done_to_what_is_not_there(town: Town) -> None:
    town.does("cruiz", "asignar", "2026-VU1-E-000077", "--dependencia", "140", code=1)
    letter = town.number()
    town.does("cruiz", "asignar", letter, "--dependencia", "999", code=1)
    gone = town.does("cruiz", "asignar", letter, "--dependencia", "140", "--responsable", "x",
                     code=1).json["error"]  # fmt: skip
    assert "persona lista" in gone["mensaje"] and "permiso" not in gone["mensaje"]
    town.does("cruiz", "tramites", "--de", "x", code=1)
    town.does("cruiz", "tomar-conocimiento", letter, code=1)
    town.does("cruiz", "tramites", "--bandeja", "cajon", code=1)
    town.does("cruiz", "nota", letter, "   ", code=1)
    assert len(town.see(letter)["historia"]) == 2


def test_what_nobody_moves_is_shown_as_still(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = town.number(dependencia="140")
    assert town.does(None, "tramites", "--quietos").json["radicados"] == []
    later = now() + timedelta(days=7)
    monkeypatch.setattr(lines, "now", lambda: later)
    rows = Office(town.casa).bandejas()
    assert [(r.radicado, r.quieto) for r in rows] == [(letter, True)]
