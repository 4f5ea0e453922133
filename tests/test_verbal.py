"""What somebody asks at the counter or by telephone, by the office's commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from ingest import reader
from ingest.reception import Recepcion
from records import pdfa, spoken
from records.errors import MachineCannot
from records.journal import Writer
from tests.conftest import text_of
from tests.town import Town, founded

HOLE = "Que arreglen el hueco de la calle 8, frente a la escuela."
ANA = {"remitente": "Ana Peña", "cedula": "52123456", "direccion": "Calle 5 # 4-3"}
ROOM = "Quien presenta la petición"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    def no_engine(*_: object, **__: object) -> None:
        raise AssertionError("a page of our own is read by no engine")

    made = founded(tmp_path / "oficina")
    monkeypatch.setattr(reader.Reader, "__init__", no_engine)
    return made


def fields(**values: str) -> list[str]:
    return [word for name, value in values.items() for word in ("--campo", f"{name}={value}")]


def said(town: Town, *words: str, objeto: str = HOLE, who: str = "cruiz", **values: str) -> Any:
    given = fields(**(values or ANA))
    return town.does(who, "verbal", "--objeto", objeto, *given, *words).json


def number(told: dict[str, Any]) -> str:
    (one,) = told["radicados"]
    return str(one["radicado"])


def page(told: dict[str, Any]) -> str:
    """The text of the paper that is printed, its blanks as one space."""
    return " ".join(text_of(Path(told["constancia"]).read_bytes()).split())


def test_who_asks_at_the_counter_leaves_with_a_stamped_page_to_sign(town: Town) -> None:
    told = said(
        town, "--razones", "Se cayó una señora.", "--anexo", "Foto del hueco", "--anexo", "Carta",
        "--representante", "Luis Rojas", "--documento-representante", "CC 79.111", "--dependencia",
        "140", **ANA, telefono="3001234567", correo="ana@ejemplo.co",
    )  # fmt: skip
    (row,) = told["radicados"]
    keys = {"radicado", "fecha", "recibido", "vence", "pdf", "sha256", "evento", "etiqueta"}
    assert keys <= set(row) and row["recibido"] <= row["fecha"] < row["vence"]
    text = page(told)
    for part in (
        *("Alcaldía Municipal", "VERBAL, en persona", HOLE, "Se cayó una señora.", "1. Foto"),
        *("2. Carta", "Ana Peña", "52123456", "Calle 5 # 4-3", "ana@ejemplo.co", "3001234567"),
        *("Luis Rojas, CC 79.111", "Claudia Ruiz", "140 Secretaría", "gratuita", ROOM),
        *(row["radicado"], "Anexos 2", "2.2.3.12.3"),
    ):
        assert part in text, part
    hour = re.search(r"Fecha y hora (\d+ \w+ \d{4}, \d\d:\d\d)", text)
    assert hour is not None and f"Recibido {hour[1]}" in text
    seen = town.see(row["radicado"])
    assert (seen["estado"], seen["campos"]["canal"]) == ("asignado", "presencial")
    assert seen["campos"]["asunto"] == HOLE and seen["campos"]["tipo"] == "peticion"
    assert town.tray() == {"asignados": [row["radicado"]]}
    assert town.does(None, "bandeja").json["borradores"] == []


def test_it_is_a_record_like_any_other(town: Town) -> None:
    told = said(town, "--razones", "La reparación se prometió en marzo.")
    one = number(told)
    for words in ("hueco escuela", "prometió", '"frente a la escuela"'):
        assert town.does(None, "buscar", words).json["total"] == 1, words
    documents = {d["rol"]: town.casa / d["archivo"] for d in town.see(one)["documentos"]}
    assert set(documents) == {"original", "registro"}
    assert one not in text_of(documents["original"].read_bytes())
    registro = documents["registro"].read_bytes()
    assert registro == Path(told["constancia"]).read_bytes() and b"/ByteRange" in registro
    assert pdfa.findings(documents["original"].read_bytes()) == []
    with pikepdf.open(documents["registro"]) as sealed:  # the stamp had its room: no page grew
        assert [round(float(v)) for v in sealed.pages[0].MediaBox] == [0, 0, 595, 842]
    receipt = town.does("cruiz", "constancia", one).json["archivo"]
    assert "Ana Peña" in text_of(Path(receipt).read_bytes())
    assert receipt != told["constancia"]
    assert town.does(None, "verificar", "--completo").json["ok"]


def test_by_telephone_nobody_signs_and_a_name_may_be_kept_back(town: Town) -> None:
    called = said(town, "--canal", "telefonico", "--tipo", "queja")
    text = page(called)
    assert "VERBAL, por teléfono" in text and ROOM not in text and "Clase queja" in text
    seen = town.see(number(called))
    assert (seen["campos"]["canal"], seen["papel"]) == ("telefonico", None)
    nobody = said(town, remitente="Anónimo")
    assert "Anónimo: no dio su nombre" in page(nobody) and ROOM not in page(nobody)
    assert "anonimo" in town.see(number(nobody))["marcas"]
    assert town.does(None, "verificar").json["ok"]


def test_what_is_answered_on_the_spot_is_numbered_and_closed_at_once(town: Town) -> None:
    told = said(town, "--respuesta", "La cuadrilla pasa el martes.", objeto="¿Cuándo lo arreglan?")
    one = number(told)
    text = page(told)
    assert "La cuadrilla pasa el martes." in text and "2.2.3.12.4" in text
    seen = town.see(one)
    assert seen["estado"] == "archivado" and seen["termino"]
    kinds = [h["tipo"] for h in seen["historia"]]
    assert kinds[:3] == ["documento.recibido", "radicado.asignado", "tramite.archivado"]
    assert seen["historia"][2]["datos"]["causa"] == "en_el_acto"
    receipt = town.does("cruiz", "constancia", one).json["archivo"]
    assert "dada en el acto" in text_of(Path(receipt).read_bytes())
    assert town.tray() == {} and town.does(None, "alertas").json["alertas"] == []
    assert town.does(None, "buscar", "cuadrilla martes").json["total"] == 1
    assert town.does(None, "verificar").json["ok"]


def test_only_who_hears_it_closes_it_so(town: Town) -> None:
    one = number(said(town, "--dependencia", "140"))
    words = ("archivar", one, "--sin-respuesta", "en_el_acto", "--motivo", "se le dijo")
    error = town.does("mquintero", *words, code=1).json["error"]
    assert error["codigo"] == "causa_desconocida" and "art. 14" in error["norma"]
    assert town.see(one)["estado"] == "asignado"


def test_said_again_it_has_its_number_already(town: Town) -> None:
    first = said(town)
    kept = sorted((town.casa / "vault").rglob("*.pdf"))
    again = said(town)
    assert sorted((town.casa / "vault").rglob("*.pdf")) == kept
    assert number(first) == number(again) and not first["repetida"] and again["repetida"]
    assert number(said(town, "--otra")) != number(first)
    assert number(said(town, objeto=f"{HOLE} Ya.")) != number(first)
    assert number(said(town, who="ntorres")) != number(first)
    assert town.does(None, "buscar", "").json["total"] == 4


def test_a_cut_before_the_seal_leaves_a_number_that_the_repeat_finishes(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise MachineCannot("corte", "Se fue la luz.")

    with monkeypatch.context() as broken:
        broken.setattr(Recepcion, "_seal_own", cut)
        first = said(town)
    one = number(first)
    assert first["radicados"][0]["sha256"] is None
    assert one in page(first)  # the person waits: stamped, not signed yet
    monkeypatch.undo()
    assert town.does(None, "recuperar").json["sellados"] == 1
    assert town.does(None, "buscar", "hueco escuela").json["total"] == 1
    again = said(town)
    assert number(again) == one and again["radicados"][0]["sha256"]
    assert b"/ByteRange" in Path(again["constancia"]).read_bytes()
    assert town.does(None, "verificar", "--completo").json["ok"]


@pytest.mark.parametrize("kept", [1, 2])
def test_a_cut_within_the_write_loses_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    whole = Writer.append_all

    def torn(self: Writer, drafts: list[Any], **more: Any) -> Any:
        whole(self, drafts[:kept], **more)
        raise MachineCannot("corte", "Se fue la luz.")

    answer = ("--respuesta", "El martes.")
    with monkeypatch.context() as broken:
        broken.setattr(Writer, "append_all", torn)
        town.does("cruiz", "verbal", "--objeto", HOLE, *fields(**ANA), *answer, code=4)
    monkeypatch.setattr(Recepcion, "sellar_pendientes", lambda self: 0)
    told = said(town, *answer)
    one = number(told)
    assert one.endswith("000001") and told["repetida"]
    assert town.see(one)["estado"] == "archivado" and ROOM in page(told)
    assert town.does(None, "bandeja").json["borradores"] == []
    assert town.does(None, "buscar", "").json["total"] == 1
    assert town.does(None, "verificar").json["ok"]


def test_a_long_text_is_whole(town: Town) -> None:
    rows = [f"Punto {n}: {'la quebrada se sale cuando llueve. ' * 8}Fin {n}." for n in range(60)]
    told = said(town, objeto="\n".join([*rows, "x" * 300]))
    text = page(told)
    (row,) = told["radicados"]
    with pikepdf.open(told["constancia"]) as made:
        assert len(made.pages) == row["folios"] > 3
    for n in range(60):
        assert f"Punto {n}:" in text and f"Fin {n}." in text
    assert text.count("quebrada") == 480
    assert sum(map(len, re.findall("x{20,}", text))) == 300
    subject = town.see(number(told))["campos"]["asunto"]
    assert len(subject) <= 120 and subject.endswith("…")
    assert town.does(None, "buscar", '"Fin 59"').json["total"] == 1


def test_what_is_attached_and_what_lacked_stand_on_the_page(town: Town) -> None:
    rows = '[{"clase": "Plano", "cantidad": 2, "folios": 3}, {"clase": "Acta"}]'
    told = said(town, **ANA, anexos=rows, faltantes="La escritura")
    text = page(told)
    assert "1. Plano (2), 3 folios 2. Acta" in text and "Faltaba al recibir La escritura" in text
    assert "Anexos 3" in text and "Documentos que adjunta ninguno" in page(said(town))


def test_what_cannot_be_printed_never_breaks_the_page(town: Town) -> None:
    odd = "Pide\x1b[31m que \u202epasen\x07 la má\udcffquina\ttemprano \U0001f600"
    done = town.does("cruiz", "verbal", "--objeto", odd, *fields(remitente="Ana \x1b[2JPeña"))
    text = page(done.json)
    assert "Pide[31m que pasen la máquina temprano ?" in text
    assert "«?»" in done.err and "\x1b" not in done.out + done.err


def test_what_cannot_be_taken_down_is_refused_with_its_norm(town: Town) -> None:
    ana, hole = fields(**ANA), ["--objeto", HOLE]
    for code, norm, who, words in (
        ("sin_objeto", "2.2.3.12.3", "cruiz", ana),
        ("sin_objeto", "2.2.3.12.3", "cruiz", ["--objeto", " \t\n\u202e", *ana]),
        ("sin_peticionario", "2.2.3.12.3", "cruiz", hole),
        ("canal_no_verbal", "art. 15", "cruiz", [*hole, "--canal", "web"]),
        ("canal_no_verbal", "art. 15", "cruiz", [*hole, *fields(canal="fax")]),
        ("sin_permiso", "art. 3", "mquintero", [*hole, *ana]),
        ("dependencia_desconocida", "art. 2", "cruiz", [*hole, "--dependencia", "999", *ana]),
        ("campo_invalido", "", "cruiz", [*hole, "--tipo", "ruego", *ana]),
        ("campo_desconocido", "", "cruiz", [*hole, *fields(**ANA, gusto="1")]),
        ("muy_largo", "", "cruiz", ["--objeto", "a" * (spoken.MAX_SAID + 1), *ana]),
    ):
        error = town.does(who, "verbal", *words, code=1).json["error"]
        assert error["codigo"] == code and norm in error.get("norma", ""), error
    assert town.does(None, "buscar", "").json["total"] == 0


def test_two_words_for_one_thing_are_a_wrong_use(town: Town) -> None:
    start = ("verbal", "--objeto", HOLE, *fields(**ANA))
    town.does("cruiz", *start, "--canal", "presencial", *fields(canal="telefonico"), code=2)
    town.does("cruiz", *start, "--anexo", "Foto", *fields(anexos="Foto"), code=2)
    town.does("cruiz", *start, "--campo", "asunto", code=2)


def test_a_page_that_cannot_be_written_hides_no_number(town: Town) -> None:
    folder = town.casa / "salida" / "verbales"
    folder.parent.mkdir(exist_ok=True)
    folder.touch()
    done = town.does("cruiz", "verbal", "--objeto", HOLE, *fields(**ANA))
    assert done.json["constancia"] is None and "no se pudo escribir" in done.err
    folder.unlink()
    again = said(town)
    assert number(again) == number(done.json) and HOLE in page(again)
