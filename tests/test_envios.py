"""Letters that go out, come back and go out again, driven by the office's commands."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from records import lines
from tests.conftest import ROOT
from tests.program import here
from tests.town import Town, founded

THREE = (
    "--para", "nombre=Ana Peña; direccion=Calle 5 # 4-3; municipio=Tunja; medio=certificado",
    "--para", "nombre=Luis Gil; correo=luis@example.org; medio=correo_electronico",
    "--copia", "nombre==cmd|'/c calc'!A1; direccion=Calle 9; municipio=Tunja; medio=certificado",
)  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return founded(tmp_path / "oficina")


def _answered(town: Town, *whom: str) -> tuple[str, str]:
    """A petition and the letter that answers it, signed on paper."""
    asked = town.number(tipo="peticion", remitente="Ana Peña", direccion="Calle 5 # 4-3",
                        municipio="Tunja", dependencia="140")  # fmt: skip
    made = town.does("cruiz", "responder", asked, "--en-papel", "--firmante", "mquintero", *whom)
    return asked, str(made.json["salida"])


def _refused(town: Town, who: str | None, *words: str) -> dict[str, Any]:
    told: dict[str, Any] = town.does(who, *words, code=1).json["error"]
    return told


def _table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))


def _carrier(town: Town, text: str, *words: str, code: int = 0) -> dict[str, Any]:
    path = town.casa.parent / "operador.csv"
    path.write_bytes(text.encode("latin-1"))
    done = town.does("cruiz", "envios", "importar", str(path), *words, code=code)
    told: dict[str, Any] = done.json
    return told


def test_an_answer_is_one_when_it_has_left_for_all_and_nothing_came_back(town: Town) -> None:
    asked, out = _answered(town, *THREE)
    assert town.tray() == {"por_enviar": [out]}
    vence = town.see(asked)["vence"]
    gone = town.does("cruiz", "enviar", asked, "--medio", "certificado", "--destinatario", "1",
                     "--guia", " ra 123 co", "--operador", "4-72").json  # fmt: skip
    assert (gone["radicado"], gone["estado"], gone["vence"]) == (out, "radicado", vence)
    assert gone["responde"][0]["estado"] != "respondido"
    mail = town.does("cruiz", "enviar", out, "--medio", "correo_electronico").json
    assert mail["destinatarios"] == [2] and mail["responde"][0]["estado"] == "respondido"
    assert town.tray() == {"por_enviar": [out]}  # the copy is still to be sent
    town.does("cruiz", "enviar", out, "--medio", "certificado", "--guia", "RA9")
    assert town.tray() == {} and town.see(out)["estado"] == "enviado"
    assert town.does(None, "buscar", "estado:pendiente").json["total"] == 0

    back = town.does("cruiz", "devuelto", out, "--guia", "RA123CO", "--causa",
                     "cambio_de_domicilio")  # fmt: skip
    assert back.json["estado"] == "devuelto"
    trays = town.tray()
    assert trays["devoluciones"] == [out] and trays["asignados"] == [asked]
    assert town.tray("--de", "cruiz")["devoluciones"] == [out]
    open_ = town.see(asked)["respuestas"][0]
    assert (open_["estado"], open_["enviada"], open_["en_tiempo"]) == ("devuelta", None, None)
    again = town.does("cruiz", "enviar", out, "--medio", "correo postal", "--guia", "RB0")
    assert "ya volvió" in again.err and "art. 69" in again.err
    town.does("cruiz", "devuelto", out, "--guia", "RB0", "--causa", "cambio de domicilio")
    moved = ("--guia", "RB1", "--direccion", "Carrera 8 # 1-1")
    last = town.does("cruiz", "enviar", out, "--medio", "certificado", *moved)
    assert "ya volvió" not in last.err
    seen = town.see(asked)
    told = seen["respuestas"][0]
    assert seen["estado"] == "respondido" and town.tray() == {}
    assert told["en_tiempo"] is True and told["tarde_dias"] == 0 and told["salida"] == out
    assert told["primer_envio"] < told["enviada"]
    shown = here("ver", asked, "--casa", town.casa).out
    assert f"Respuesta {out}: enviada" in shown and "en tiempo (el primer envío fue" in shown
    assert "1. Ana Peña, certificado RB1: enviado" in shown
    ana = told["destinatarios"][0]
    assert [(a["estado"], a["causa"]) for a in ana["intentos"]] == [
        ("devuelto", "cambio_de_domicilio"), ("devuelto", "cambio_de_domicilio"), ("enviado", None),
    ]  # fmt: skip
    assert ana["intentos"][2]["a"]["direccion"] == "Carrera 8 # 1-1"

    report = ("Guía;Estado;Fecha;Causal;Recibe\r\nRB1;ENTREGADO;{0};;María Ñungo\r\n"
              "RA9;En tránsito;{0};;")  # fmt: skip
    day = told["enviada"][:10]
    wrong = (f"\r\nZZ;ENTREGADO;{day};;\r\nRA9;DEVUELTO;{day};raro;\r\n"
             f"RA9;ENTREGADO;31/02/2026;;\r\nRA9;PERDIDO;{day};;")  # fmt: skip
    bad = _carrier(town, report.format(day) + wrong, code=1)
    assert [r["fila"] for r in bad["rechazadas"]] == [4, 5, 6, 7] and bad["aplicadas"] == 0
    proofs = town.casa.parent / "pruebas"
    proofs.mkdir()
    (proofs / "RB1.pdf").write_bytes((ROOT / "samples" / "07-oficio-digital.pdf").read_bytes())
    good = _carrier(town, report.format(day), "--pruebas", str(proofs))
    assert (good["aplicadas"], good["en_camino"], good["pruebas"]) == (1, 1, 1)
    again = _carrier(town, report.format(day))
    assert (again["aplicadas"], again["ya_conocidas"]) == (0, 1)
    ana = town.see(out)["envios"][0]
    assert (ana["estado"], ana["intentos"][2]["recibe"]) == ("entregado", "María Ñungo")
    assert town.does(None, "verificar", "--completo").json["ok"]


def test_what_cannot_be_said_of_a_sending_is_refused(town: Town) -> None:
    asked, out = _answered(town, *THREE)
    for code, who, *words in (
        ("sin_permiso", "mquintero", "enviar", out, "--medio", "certificado"),
        ("medio_desconocido", "cruiz", "enviar", out, "--medio", "paloma"),
        ("varios_destinatarios", "cruiz", "enviar", out, "--medio", "certificado", "--guia", "G1"),
        ("cual_destinatario", "cruiz", "enviar", out, "--medio", "personal"),
        ("sin_destinatario", "cruiz", "enviar", out, "--medio", "aviso", "--destinatario", "9"),
        ("fecha_imposible", "cruiz", "enviar", out, "--medio", "correo_electronico",
         "--fecha", "2020-01-01T08:00"),
        ("fecha_imposible", "cruiz", "enviar", out, "--medio", "correo_electronico",
         "--fecha", "2199-01-01T08:00"),
        ("no_enviado", "cruiz", "devuelto", out, "--causa", "cerrado"),
        ("causa_desconocida", "cruiz", "devuelto", out, "--causa", "porque sí"),
        ("prueba", "cruiz", "enviar", out, "--medio", "correo_electronico", "--prueba", __file__),
        ("forma_desconocida", "cruiz", "notificar", out, "--forma", "telepatica"),
    ):  # fmt: skip
        assert _refused(town, who, *words)["codigo"] == code, words
    town.does("cruiz", "enviar", out, "--medio", "aviso", "--fecha", "2026-11-22", code=2)
    assert len(town.see(out)["historia"]) == len({h["evento"] for h in town.see(out)["historia"]})
    assert all(d["estado"] == "por_enviar" for d in town.see(out)["envios"])
    town.does("cruiz", "enviar", out, "--medio", "certificado", "--destinatario", "1",
              "--guia", "G1")  # fmt: skip
    used = _refused(town, "cruiz", "enviar", out, "--medio", "certificado", "--destinatario", "3",
                    "--guia", "g1")  # fmt: skip
    assert used["codigo"] == "guia_repetida"
    early = _refused(town, "cruiz", "entregado", out, "--guia", "G1", "--fecha",
                     "2020-01-01T08:00")  # fmt: skip
    assert early["codigo"] == "fecha_imposible"
    town.does("cruiz", "notificar", out, "--forma", "personal", "--destinatario", "2")
    assert town.see(asked)["estado"] == "respondido"
    town.does("cruiz", "envios", "cerrar", out, "--destinatario", "3", "--motivo",
              "ya no hay quien reciba")  # fmt: skip
    assert town.tray() == {} and town.does(None, "verificar").json["ok"]


def test_what_stays_unsent_is_told_and_listed_and_late_is_judged_by_the_sending(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = town.casa / "config.toml"
    config.write_text(config.read_text("utf-8") + "\n[tramite]\nsin_enviar_horas = 0\n", "utf-8")
    asked, out = _answered(town)
    assert town.does(None, "estado").json["sin_enviar"] == 1
    rows = town.does(None, "tramites", "--quietos").json["radicados"]
    assert [(r["radicado"], r["bandeja"]) for r in rows] == [(out, "por_enviar")]
    told = town.casa.parent / "planilla.csv"
    town.does("cruiz", "envios", "planilla", "--salida", str(told))
    assert _table(told)[1][1:5] == ["Ana Peña", "Calle 5 # 4-3", "Tunja", out]
    page = town.casa.parent / "planilla.pdf"
    town.does("cruiz", "envios", "planilla", "--salida", str(page))
    assert page.read_bytes().startswith(b"%PDF")
    listed = town.does(None, "envios", "lista", "--sin-enviar").json["envios"]
    assert [(r["radicado"], r["estado"]) for r in listed] == [(out, "por_enviar")]
    assert len(town.does(None, "envios", "causas").json["causas"]) >= 18
    after = lines.moment(town.see(asked)["vence"]) + timedelta(days=3)
    monkeypatch.setattr(lines, "now", lambda: after)
    town.does("cruiz", "enviar", out, "--medio", "certificado", "--guia", "RX1")
    told = town.see(asked)["respuestas"][0]
    assert (told["en_tiempo"], told["tarde_dias"]) == (False, 3)


def test_the_consecutivo_has_every_number_and_a_copy_of_each(town: Town) -> None:
    outs = [_answered(town)[1] for _ in range(2)]
    _, evil = _answered(town, *THREE)
    key = town.casa.parent / "clave"
    key.write_text("una clave bien larga 7")
    town.does(None, "clave", "persona", "ntorres", "--clave-nueva", str(key))
    why = ("--motivo", "salió dos veces la misma carta")
    town.does("ntorres", "anular", outs[1], *why, "--clave-archivo", str(key))
    folder = town.casa.parent / "copia"
    told = town.does("cruiz", "consecutivo", "--clase", "S", "--salida", str(folder)).json
    assert [r["radicado"] for r in told["radicados"]] == [*outs, evil]
    assert (told["desde"], told["hasta"], told["huecos"]) == (1, 3, [])
    assert told["radicados"][1]["estado"] == "anulado" and told["radicados"][1]["acta"]
    assert told["radicados"][0]["imagen_pendiente"]
    page = (folder / "index.html").read_text("utf-8")
    assert all(out in page for out in outs) and "sin imagen" in page
    table = _table(folder / "consecutivo.csv")
    assert len(table) == 4 and not any(c[:1] in tuple("=+-@") for row in table for c in row)
    part = town.does("cruiz", "consecutivo", "--desde", "2", "--hasta", "2").json
    assert [r["n"] for r in part["radicados"]] == [2]
    assert _refused(town, "cruiz", "consecutivo", "--salida", str(folder))["codigo"] == (
        "carpeta_ocupada"
    )


def test_what_asks_for_more_or_answers_in_part_leaves_the_term_running(town: Town) -> None:
    asked = town.number(tipo="peticion", remitente="Ana Peña", dependencia="140")
    paper = ("--en-papel", "--firmante", "mquintero")
    for more in (("--tipo", "requerimiento"), ("--parcial",)):
        out = str(town.does("cruiz", "responder", asked, *paper, *more).json["salida"])
        town.does("cruiz", "enviar", out, "--medio", "personal")
        assert town.see(asked)["estado"] == "en_tramite"
        assert town.tray() == {"asignados": [asked]}
    out = str(town.does("cruiz", "responder", asked, *paper).json["salida"])
    town.does("cruiz", "enviar", out, "--medio", "presencial")
    seen = town.see(asked)
    assert seen["estado"] == "respondido" and town.tray() == {}
    assert [r["parcial"] for r in seen["respuestas"]] == [True, True, False]
