"""The legal life of petitions through the months: silence, doubts, links, what is decided together.

Each story stands at a day of its own choice and goes on from it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from records import lines
from tests.conftest import text_of
from tests.town import Town, founded


class Clock:
    """The machine's clock, which stands where a story says."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=lines.BOGOTA)
        patch.setattr(lines, "now", lambda: self.moment)

    def to(self, day: str, hour: int = 9) -> None:
        """Go on to a day."""
        self.moment = datetime.fromisoformat(f"{day}T{hour:02d}:00:00-05:00")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def town(tmp_path: Path, clock: Clock) -> Town:
    return founded(tmp_path / "oficina")


def asked(town: Town, **more: str) -> str:
    values = {"tipo": "peticion", "remitente": "Ana Peña", "direccion": "Calle 5 # 4-3",
              "cedula": "52345678", "dependencia": "140", **more}  # fmt: skip
    return town.number(**values)


def sent(town: Town, *words: str, by: str = "personal", **more: str) -> str:
    """The letter of a command, signed on paper and sent."""
    out = str(town.does("cruiz", *words, "--en-papel").json["salida"])
    guide = ("--guia", more["guia"]) if "guia" in more else ()
    for n in range(1, len(town.see(out)["carta"]["destinatarios"]) + 1):
        town.does("cruiz", "enviar", out, "--medio", by, "--destinatario", str(n), *guide)
    return out


def no(town: Town, code: str, article: str, *words: str, who: str = "mquintero") -> dict[str, Any]:
    error: dict[str, Any] = town.does(who, *words, code=1).json["error"]
    assert error["codigo"] == code and article in error.get("norma", ""), error
    return error


def test_silence_is_no_withdrawal_until_an_act_says_so_and_is_sent(
    town: Town, clock: Clock
) -> None:
    letter = asked(town)
    sent(town, "requerir", letter, "--falta", "la escritura", by="certificado", guia="RA1")
    clock.to("2026-03-20")
    soon = no(town, "sin_desistimiento", "art. 17", "desistir", letter)
    # No proof of its arrival: ten worked days after it left, it is presumed to be there.
    assert "16 abr" in soon["mensaje"] or "2026-04-1" in soon["mensaje"], soon
    town.does("cruiz", "entregado", letter, "--guia", "RA1", "--fecha", "2026-03-09T10:00")
    clock.to("2026-04-09", 23)
    no(town, "sin_desistimiento", "art. 17", "desistir", letter)
    clock.to("2026-04-10")
    act = sent(town, "desistir", letter)
    seen = town.see(letter)
    assert seen["estado"] == "desistido" and town.tray() == {}
    town.does("cruiz", "notificar", act, "--forma", "personal")
    assert town.does(None, "verificar").json["ok"]


def test_an_act_that_is_not_sent_yet_ends_nothing_and_one_that_returns_neither(
    town: Town, clock: Clock
) -> None:
    letter = asked(town)
    sent(town, "requerir", letter, "--falta", "la escritura")
    clock.to("2026-04-07")
    made = town.does("mquintero", "desistir", letter).json
    assert town.see(letter)["estado"] != "desistido" and made["carta"]
    out = str(town.does("cruiz", "carta", "papel", made["carta"]).json["salida"])
    town.does("cruiz", "enviar", out, "--medio", "certificado", "--guia", "RA9")
    assert town.see(letter)["estado"] == "desistido"
    town.does("cruiz", "devuelto", out, "--guia", "RA9", "--causa", "no_reside")
    assert town.see(letter)["estado"] == "suspendido"


def test_who_asks_in_time_has_another_month_to_complete_it(town: Town, clock: Clock) -> None:
    letter = asked(town)
    no(town, "nada_pedido", "art. 17", "ampliar", letter, "--con", asked(town))
    sent(town, "requerir", letter, "--falta", "la escritura")
    clock.to("2026-03-30")
    plea = asked(town, tipo="sin_termino")
    longer = town.does("mquintero", "ampliar", letter, "--con", plea).json
    assert longer["hasta"] == "2026-05-06", longer
    assert town.see(plea)["estado"] == "archivado"
    no(town, "ya_ampliado", "art. 17", "ampliar", letter, "--con", asked(town))
    clock.to("2026-05-06")
    no(town, "sin_desistimiento", "art. 17", "desistir", letter)
    late = asked(town)
    sent(town, "requerir", late, "--falta", "la firma")
    clock.to("2026-06-10")
    no(town, "ampliacion_tardia", "art. 17", "ampliar", late, "--con", asked(town))
    sent(town, "desistir", letter)
    assert town.see(letter)["estado"] == "desistido"


def test_what_is_not_understood_goes_back_and_is_filed_if_nobody_explains_it(
    town: Town, clock: Clock
) -> None:
    dark, light = asked(town), asked(town)
    for one in (dark, light):
        out = sent(town, "aclarar", one, "--que", "no se entiende qué pide")
        assert town.see(one)["estado"] == "suspendido"
        assert "ya" in no(town, "suspendido", "art. 19", "aclarar", one, "--que", "más")["mensaje"]
        assert town.see(out)["carta"]["tipo"] == "requerimiento"
    why = ("--sin-respuesta", "no_aclarada", "--motivo", "no aclaró")
    no(town, "aun_puede_aclarar", "art. 19", "archivar", dark, *why)
    clock.to("2026-03-10")
    town.does("mquintero", "completar", light, "--con", asked(town, tipo="sin_termino"))
    no(town, "nada_pedido", "art. 19", "archivar", light, *why)
    # 16 March is the last of ten worked days after 2 March.
    clock.to("2026-03-16", 20)
    no(town, "aun_puede_aclarar", "art. 19", "archivar", dark, *why)
    clock.to("2026-03-17")
    assert town.does("mquintero", "archivar", dark, *why).json["estado"] == "archivado"
    # What was explained may still be incomplete.
    light2 = asked(town)
    sent(town, "aclarar", light2, "--que", "no se entiende")
    town.does("mquintero", "completar", light2, "--con", asked(town, tipo="sin_termino"))
    sent(town, "requerir", light2, "--falta", "la escritura")
    assert town.see(light2)["estado"] == "suspendido"
    assert town.does(None, "verificar").json["ok"]


def test_late_nothing_is_sent_back_to_be_explained(town: Town, clock: Clock) -> None:
    letter = asked(town)
    clock.to("2026-04-06")
    no(town, "aclaracion_tardia", "art. 19", "aclarar", letter, "--que", "no se entiende")


def test_withdrawn_in_words_at_once(town: Town) -> None:
    letter, other = asked(town), asked(town)
    done = town.does("mquintero", "desistir", letter)
    assert done.json["estado"] == "desistido" and "constancia" in done.err
    said = asked(town, tipo="sin_termino")
    assert town.does("mquintero", "desistir", other, "--con", said).json["estado"] == "desistido"
    assert town.see(said)["estado"] == "archivado"
    for words in (
        ("requerir", letter, "--falta", "x"),
        ("prorrogar", letter, "--hasta", "2026-04-01", "--motivo", "por si acaso"),
        ("trasladar", letter, "--entidad", "Gobernación"),
        ("aclarar", letter, "--que", "x"),
        ("completar", letter, "--con", other),
        ("acumular", letter, "--en", asked(town)),
        ("desistir", letter),
    ):
        assert "cerrado" in town.does("mquintero", *words, code=1).json["error"]["codigo"], words
    kept = no(town, "cerrado", "art. 18", "desistir", letter)
    assert "desistido" in kept["mensaje"]


def test_what_a_letter_is_to_an_earlier_one(town: Town, clock: Clock) -> None:
    first = asked(town)
    more = asked(town, dependencia="por repartir")
    done = town.does("cruiz", "vincular", more, "--con", first, "--como", "alcance").json
    # It goes where the first one is.
    assert done["dependencia"] == "140"
    for one, other, came in ((more, first, False), (first, more, True)):
        (tie,) = town.see(one)["vinculos"]
        assert (tie["radicado"], tie["como"], tie["viene"]) == (other, "alcance", came)
    no(town, "ya_vinculado", "", "vincular", more, "--con", first, "--como", "alcance")
    no(town, "consigo_mismo", "", "vincular", more, "--con", more, "--como", "alcance")
    no(town, "anterior", "", "vincular", first, "--con", more, "--como", "reiteracion")
    bad = town.does("cruiz", "vincular", more, "--con", first, "--como", "primo", code=2)
    assert "alcance" in bad.err
    assert town.does(None, "buscar", f"vinculo:{first}").json["total"] == 1
    assert town.does(None, "verificar").json["ok"]


def test_at_the_number_the_open_letters_of_the_same_person_are_told_and_one_is_linked(
    town: Town,
) -> None:
    first = asked(town)
    closed = asked(town)
    town.does("mquintero", "desistir", closed)
    pairs = ("--campo", "asunto=Otra vez", "--campo", "cedula=52345678",
             "--campo", "remitente=Ana Peña")  # fmt: skip
    done = town.does("cruiz", "radicar", "--sin-imagen", *pairs, "--vincular", first,
                     "--como", "reiteracion")  # fmt: skip
    (row,) = done.json["radicados"]
    assert [o["radicado"] for o in row["abiertos"]] == [first]
    assert first in done.err
    (tie,) = town.see(row["radicado"])["vinculos"]
    assert tie["como"] == "reiteracion"


def test_what_was_answered_before_needs_only_the_earlier_answer(town: Town) -> None:
    first, again, loose = asked(town), asked(town), asked(town)
    why = ("--sin-respuesta", "reiterativa", "--motivo", "ya se le respondió")
    assert "vincular" in town.does("mquintero", "archivar", loose, *why).err
    town.does("mquintero", "vincular", again, "--con", first, "--como", "reiteracion")
    no(town, "sin_respuesta_anterior", "art. 19", "archivar", again, *why)
    sent(town, "responder", first)
    assert town.does("mquintero", "archivar", again, *why).json["estado"] == "archivado"


def test_what_is_joined_is_answered_together_and_each_keeps_its_term(
    town: Town, clock: Clock
) -> None:
    first = asked(town)
    clock.to("2026-03-05")
    second = asked(town)
    no(town, "consigo_mismo", "art. 36", "acumular", first, "--en", first)
    town.does("mquintero", "acumular", second, "--en", first)
    no(town, "ya_acumulado", "art. 36", "acumular", second, "--en", first)
    no(town, "ya_acumulado", "art. 36", "acumular", first, "--en", second)
    due = town.see(second)["vence"]
    assert due > town.see(first)["vence"] and town.see(second)["acumulado"] == first
    out = sent(town, "responder", first)
    assert town.see(out)["carta"]["responde_a"] == [first, second]
    assert [d["nombre"] for d in town.see(out)["carta"]["destinatarios"]] == ["Ana Peña"]
    assert [town.see(r)["estado"] for r in (first, second)] == ["respondido"] * 2
    assert town.see(second)["vence"] == due


def test_more_than_ten_alike_may_have_one_published_answer(town: Town, clock: Clock) -> None:
    many = [asked(town, remitente=f"Vecino {n}", cedula=f"5200000{n:02d}") for n in range(11)]
    paper = ("--en-papel", "--publicada")
    no(town, "pocas_analogas", "art. 22", "responder", *many[:10], *paper, who="cruiz")
    twins = [asked(town, remitente="Vecino 0", cedula="520000000") for _ in range(2)]
    no(town, "pocas_analogas", "art. 22", "responder", *many[:9], *twins, *paper, who="cruiz")
    complaint = asked(town, remitente="Otro", cedula="99", tipo="denuncia")
    no(town, "no_analoga", "art. 22", "responder", *many, complaint, *paper, who="cruiz")
    done = town.does("cruiz", "responder", *many, *paper)
    out = done.json["salida"]
    assert "diario de amplia circulación" in done.err
    (whom,) = town.see(out)["carta"]["destinatarios"]
    assert whom["medio"] == "aviso"
    town.does("cruiz", "enviar", out, "--medio", "aviso")
    assert {town.see(r)["estado"] for r in many} == {"respondido"}
    assert town.does(None, "verificar").json["ok"]


def test_what_goes_first_has_a_ground_and_stands_first(town: Town, clock: Clock) -> None:
    first = asked(town)
    clock.to("2026-03-06")
    second = asked(town)
    why = ("--motivo", "espera una cirugía")
    no(town, "causal_desconocida", "art. 20", "priorizar", second, "--causal", "amistad", *why)
    town.does("mquintero", "priorizar", second, "--causal", "vida_salud", *why)
    seen = town.see(second)
    assert "prioritario" in seen["marcas"] and seen["prioridad"]["causal"] == "vida_salud"
    assert "art. 20" in seen["prioridad"]["norma"]
    assert town.tray()["asignados"] == [second, first]
    rows = town.does(None, "tramites").json["radicados"]
    assert [r["prioritario"] for r in rows] == [True, False]
    town.does("mquintero", "priorizar", second, "--quitar", "--motivo", "ya la operaron")
    assert town.tray()["asignados"] == [first, second]
    assert "prioritario" not in town.see(second)["marcas"]


def test_a_calendar_that_changes_moves_told_dates_only_by_an_event(
    town: Town, clock: Clock
) -> None:
    letter, moved = asked(town), asked(town)
    until = date.fromisoformat(town.see(moved)["vence"][:10]) + timedelta(days=5)
    sent(town, "prorrogar", moved, "--hasta", str(until), "--motivo", "falta un concepto")
    due = town.see(letter)["vence"]
    config = town.casa / "config.toml"
    text = config.read_text(encoding="utf-8")
    day = 'dias_no_habiles = [{ fecha = 2026-03-11, motivo = "Decreto 9: día cívico" }]\n#'
    changed = text.replace("dias_no_habiles = []", day)
    assert changed != text
    config.write_text(changed, encoding="utf-8")
    assert town.see(letter)["vence"] == due
    told = town.does("mquintero", "recalcular", "--solo-lista").json
    assert [r["radicado"] for r in told["radicados"]] == [letter]
    no(town, "sin_permiso", "", "recalcular", "--motivo", "Decreto 9", who="mquintero")
    done = town.does("ntorres", "recalcular", "--motivo", "Decreto 9 de 2026: día cívico").json
    (row,) = done["radicados"]
    assert (row["antes"], row["vence"]) == (due, town.see(letter)["vence"])
    assert row["vence"] > due
    assert "Decreto 9" in town.see(letter)["termino"]["explicacion"]
    assert town.does("ntorres", "recalcular", "--motivo", "otra vez").json["radicados"] == []
    # A day that is worked after all takes nothing away from who was told a later date.
    config.write_text(text, encoding="utf-8")
    again = town.does("ntorres", "recalcular", "--motivo", "se derogó")
    assert again.json["radicados"] == [] and letter in again.err
    assert town.see(letter)["vence"] == row["vence"]
    assert town.does(None, "verificar").json["ok"]


@pytest.mark.parametrize("how", ["respondido", "trasladado", "desistido", "archivado"])
def test_what_is_closed_takes_nothing_that_moves_its_term_or_its_way(
    town: Town, clock: Clock, how: str
) -> None:
    letter, other = asked(town), asked(town)
    match how:
        case "respondido":
            sent(town, "responder", letter)
        case "trasladado":
            sent(town, "trasladar", letter, "--entidad", "Gobernación", "--direccion", "Calle 1")
        case "desistido":
            town.does("mquintero", "desistir", letter)
        case "archivado":
            kind = ("--campo", "tipo=sin_termino", "--motivo", "no pide nada")
            town.does("cruiz", "rectificar", letter, *kind)
            town.does("mquintero", "archivar", letter)
    before = town.see(letter)
    assert before["estado"] == how
    why = ("--motivo", "por probar")
    moves: list[tuple[str, ...]] = [
        ("prorrogar", letter, "--hasta", "2026-04-01", *why, "--en-papel"),
        ("requerir", letter, "--falta", "x", "--en-papel"),
        ("aclarar", letter, "--que", "x", "--en-papel"),
        ("trasladar", letter, "--entidad", "Otra", "--en-papel"),
        ("completar", letter, "--con", other),
        ("ampliar", letter, "--con", other),
        ("desistir", letter),
        ("desistir", letter, "--con", other),
        ("acumular", letter, "--en", other),
        ("acumular", other, "--en", letter),
        ("priorizar", letter, "--causal", "ninos", *why),
        ("fijar-plazo", letter, "--vence", "2026-03-05T10:00", "--fuente", "auto"),
        ("devolver", letter, *why),
        ("agendar", letter, "--hasta", "2026-03-05"),
    ]
    for words in moves:
        error = town.does("ntorres", *words, code=1).json["error"]
        assert error["codigo"] in ("cerrado", "archivado"), (words, error)
        assert error["norma"], (words, error)
    town.does("ntorres", "nota", letter, "llamó a preguntar")
    town.does("ntorres", "vincular", other, "--con", letter, "--como", "relacionado")
    after = town.see(letter)
    same = ("estado", "vence", "termino", "prioridad", "acumulado")
    assert [after[k] for k in same] == [before[k] for k in same]
    assert town.does(None, "recalcular", "--solo-lista").json["radicados"] == []


def _alerts(town: Town, *words: str) -> dict[str, dict[str, Any]]:
    return {a["radicado"]: a for a in town.does(None, "alertas", *words).json["alertas"]}


def test_an_area_may_want_its_answers_earlier_than_the_law(town: Town, clock: Clock) -> None:
    config = town.casa / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + '\n[tramite]\ninterno_dias = { "140" = 4 }\n', encoding="utf-8")
    ours, theirs = asked(town), asked(town, dependencia="120")
    seen = town.see(ours)
    # 15 worked days after 2 March end on 24 March (23 is a rest day); four worked days before.
    assert (seen["vence"][:10], seen["termino"]["vence_interno"]) == ("2026-03-24", "2026-03-17")
    assert "interna" in seen["termino"]["explicacion"]
    assert "vence_interno" not in town.see(theirs)["termino"]
    paper = town.does("cruiz", "constancia", ours).json["archivo"]
    given = " ".join(text_of(Path(paper).read_bytes()).split())
    assert "Cómo se cuenta: Regla: 15 días hábiles" in given and "interna" not in given
    clock.to("2026-03-17")
    told = _alerts(town, "--dias", "3")
    assert (told[ours]["vence_interno"], told[ours]["nivel"]) == ("2026-03-17", "rojo")
    assert theirs not in told or told[theirs]["vence_interno"] is None
    clock.to("2026-03-18")
    late = _alerts(town, "--dias", "0")[ours]
    assert late["nivel"] == "rojo" and "17 mar" in late["que_hacer"]
    assert town.does(None, "estado").json["vencidos"] == 0
    bad = config.read_text(encoding="utf-8").replace('"140" = 4', '"1 40" = 4')
    config.write_text(bad, encoding="utf-8")
    assert "1 40" in town.does(None, "estado", code=1).err


def test_what_an_order_dates_has_a_day_to_be_dated_and_says_who_has_it(
    town: Town, clock: Clock
) -> None:
    judge = asked(town, tipo="tutela", remitente="Juzgado Segundo")
    clock.to("2026-03-02", 11)
    town.does("cruiz", "asignar", judge, "--dependencia", "140", "--responsable", "mquintero")
    (alert,) = _alerts(town).values()
    assert (alert["nivel"], alert["meta"][:16]) == ("por_fijar", "2026-03-03T09:00")
    assert (alert["quien"], alert["desde"][:16]) == ("mquintero", "2026-03-02T11:00")
    assert "3 mar" in alert["que_hacer"]
    clock.to("2026-03-03", 10)
    assert "pasaron" in _alerts(town)[judge]["que_hacer"]
    town.does("mquintero", "fijar-plazo", judge, "--vence", "2026-03-04T09:00", "--fuente", "auto")
    (alert,) = _alerts(town).values()
    assert alert["nivel"] != "por_fijar" and alert["meta"] is None


def test_what_goes_first_and_what_is_joined_is_told_with_the_alert(
    town: Town, clock: Clock
) -> None:
    plain, first = asked(town), asked(town)
    town.does("mquintero", "priorizar", first, "--causal", "ninos", "--motivo", "es una niña")
    clock.to("2026-03-19")
    rows = town.does(None, "alertas").json["alertas"]
    assert [(r["radicado"], r["prioritario"]) for r in rows] == [(first, True), (plain, False)]
    town.does("mquintero", "acumular", plain, "--en", first)
    assert first in _alerts(town)[plain]["que_hacer"]


def test_what_waits_for_the_petitioner_is_told_when_their_time_is_over(
    town: Town, clock: Clock
) -> None:
    wants, dark = asked(town), asked(town)
    town.does("cruiz", "asignar", wants, dark, "--dependencia", "140", "--responsable", "mquintero")
    sent(town, "requerir", wants, "--falta", "la escritura")
    sent(town, "aclarar", dark, "--que", "no se entiende")
    clock.to("2026-03-25")  # beyond the day on which they were due: no term runs
    told = _alerts(town)
    assert set(told) == {dark} and "no_aclarada" in told[dark]["que_hacer"]
    assert (told[dark]["nivel"], told[dark]["espera_hasta"]) == ("rojo", "2026-03-16")
    clock.to("2026-04-07")
    told = _alerts(town)
    assert "desistimiento" in told[wants]["que_hacer"] and told[wants]["quien"] == "mquintero"
    folder = town.casa.parent / "resumen"
    town.does(None, "alertas", "resumen", "--salida", str(folder))
    assert "suspendido" in (folder / "alertas-140.md").read_text(encoding="utf-8")
    assert town.does(None, "estado").json["vencidos"] == 0


def test_silence_grants_documents_and_gives_three_days_for_the_copies(
    town: Town, clock: Clock
) -> None:
    papers, other = asked(town, tipo="documentos"), asked(town)
    clock.to("2026-03-16", 23)
    assert "copias_hasta" not in town.see(papers)["termino"]
    clock.to("2026-03-17")  # the ten worked days were over on the 16th
    assert town.see(papers)["termino"]["copias_hasta"] == "2026-03-19"
    assert "aceptada" in town.see(papers)["termino"]["explicacion"]
    assert "19 mar" in _alerts(town)[papers]["que_hacer"]
    clock.to("2026-04-01")
    assert "copias_hasta" not in town.see(other)["termino"]
    done = town.does("cruiz", "responder", papers, "--en-papel")
    assert "ya no se puede negar" in done.err
    town.does("cruiz", "enviar", papers, "--medio", "personal")
    assert "copias_hasta" not in town.see(papers)["termino"]


def test_what_an_order_dates_stops_for_nobody_and_is_not_put_off(town: Town) -> None:
    judge, petition = asked(town, tipo="tutela"), asked(town)
    order = ("--vence", "2026-03-05T10:00", "--fuente", "auto admisorio")
    no(town, "no_es_peticion", "art. 17", "requerir", judge, "--falta", "la escritura")
    no(town, "no_es_peticion", "art. 19", "aclarar", judge, "--que", "no se entiende")
    for one in (judge, petition):
        town.does("mquintero", "fijar-plazo", one, *order)
        no(town, "plazo_de_orden", "art. 17", "requerir", one, "--falta", "la escritura")
        far = ("--hasta", "2026-04-20", "--motivo", "falta un concepto")
        no(town, "plazo_de_orden", "art. 14", "prorrogar", one, *far)
    assert set(_alerts(town)) == {judge, petition}


def test_a_letter_that_leaves_too_late_does_nothing_to_the_term(town: Town, clock: Clock) -> None:
    slow, dark, longer = asked(town), asked(town), asked(town)
    ways = {
        slow: ("requerir", slow, "--falta", "la escritura"),
        dark: ("aclarar", dark, "--que", "no se entiende"),
        longer: ("prorrogar", longer, "--hasta", "2026-04-08", "--motivo", "falta un concepto"),
    }
    outs = {one: town.does("cruiz", *ways[one], "--en-papel").json["salida"] for one in ways}
    clock.to("2026-03-18")  # the ten days of art. 17 ended on the 16th
    town_says = town.does("cruiz", "enviar", outs[slow], "--medio", "personal").err
    assert "Salió tarde" in town_says and town.see(slow)["estado"] == "en_tramite"
    clock.to("2026-04-06")
    for one in (dark, longer):
        assert "Salió después" in town.does("cruiz", "enviar", outs[one], "--medio", "personal").err
        seen = town.see(one)
        assert (seen["estado"], seen["vence"][:10]) != ("suspendido", "2026-04-08")
        assert seen["vence"][:10] == "2026-03-24"
    assert town.does(None, "verificar").json["ok"]


def test_an_act_that_leaves_after_all_was_given_ends_nothing(town: Town, clock: Clock) -> None:
    letter = asked(town)
    sent(town, "requerir", letter, "--falta", "la escritura")
    clock.to("2026-04-07")
    out = str(town.does("cruiz", "desistir", letter, "--en-papel").json["salida"])
    town.does("mquintero", "completar", letter, "--con", asked(town, tipo="sin_termino"))
    assert "ya se completó" in town.does("cruiz", "enviar", out, "--medio", "personal").err
    assert town.see(letter)["estado"] == "en_tramite"


def test_the_term_tells_what_stopped_it_and_what_put_it_off(town: Town, clock: Clock) -> None:
    stopped, longer = asked(town), asked(town)
    out = sent(town, "requerir", stopped, "--falta", "la escritura")
    assert f"por la carta {out}: no corre" in town.see(stopped)["termino"]["explicacion"]
    clock.to("2026-03-20")
    more = asked(town, tipo="sin_termino")
    town.does("mquintero", "completar", stopped, "--con", more)
    told = town.see(stopped)["termino"]["explicacion"]
    assert f"Suspendido desde el lunes 2 mar 2026, por la carta {out}" in told and more in told
    far = ("--hasta", "2026-04-08", "--motivo", "falta un concepto")
    out = sent(town, "prorrogar", longer, *far)
    told = town.see(longer)["termino"]["explicacion"]
    assert f"Prorrogado hasta el miércoles 8 abr 2026, por la carta {out}" in told
    assert "Al radicar se dijo otra fecha" not in told


def test_documents_that_were_decided_in_time_are_not_granted_by_a_return(
    town: Town, clock: Clock
) -> None:
    papers = asked(town, tipo="documentos")
    out = sent(town, "responder", papers, by="certificado", guia="RA1")
    clock.to("2026-03-25")
    town.does("cruiz", "devuelto", out, "--guia", "RA1", "--causa", "no_reside")
    assert "copias_hasta" not in town.see(papers)["termino"]
    assert "aceptada" not in _alerts(town)[papers]["que_hacer"]


def test_what_was_joined_is_free_when_the_other_ends_without_it(town: Town) -> None:
    first, second, third = asked(town), asked(town), asked(town)
    town.does("mquintero", "acumular", second, "--en", first)
    town.does("mquintero", "desistir", first)
    assert first not in _alerts(town)[second]["que_hacer"]
    assert town.does("mquintero", "acumular", second, "--en", third).json["estado"] == "asignado"
    assert town.see(second)["acumulado"] == third


def test_letters_of_ours_are_no_petitions_and_reasons_are_said(town: Town) -> None:
    letter = asked(town)
    out = sent(town, "responder", letter)
    no(town, "no_recibida", "art. 18", "desistir", out, who="ntorres")
    why = ("--motivo", "porque sí consta")
    no(town, "no_recibida", "art. 20", "priorizar", out, "--causal", "ninos", *why, who="cruiz")
    other = asked(town)
    for words in (
        ("requerir", other, "--falta", ""),
        ("aclarar", other, "--que", " "),
        ("prorrogar", other, "--hasta", "2026-04-01", "--motivo", ""),
    ):
        assert town.does("mquintero", *words, code=1).json["error"]["codigo"] == "sin_motivo"
    assert "entidad" in town.does("mquintero", "trasladar", other, "--entidad", "", code=2).err


def test_a_signed_letter_that_has_not_left_is_told_with_what_it_is_about(
    town: Town, clock: Clock
) -> None:
    letter = asked(town)
    far = ("--hasta", "2026-04-08", "--motivo", "falta un concepto")
    out = str(town.does("cruiz", "prorrogar", letter, *far, "--en-papel").json["salida"])
    clock.to("2026-03-20")
    assert f"{out} está firmada y sin enviar" in _alerts(town)[letter]["que_hacer"]
    town.does("cruiz", "enviar", out, "--medio", "personal")
    assert _alerts(town, "--dias", "30")[letter]["que_hacer"].count(out) == 0


def test_another_kind_takes_no_date_back_that_a_letter_told(town: Town) -> None:
    letter, plain = asked(town), asked(town)
    far = ("--hasta", "2026-04-08", "--motivo", "falta un concepto")
    sent(town, "prorrogar", letter, *far)
    kind = ("--campo", "tipo=documentos", "--motivo", "pide copias")
    assert "conserva su fecha" in town.does("cruiz", "rectificar", letter, *kind).err
    assert town.see(letter)["vence"][:10] == "2026-04-08"
    assert "2026-03-16" in town.does("cruiz", "rectificar", plain, *kind).err
    assert town.see(plain)["vence"][:10] == "2026-03-16"
