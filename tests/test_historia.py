"""One office's days, from the counter to the consecutivo, driven by its people's commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.town import Town, founded

LETTER = str(ROOT / "samples" / "07-oficio-digital.pdf")
THREE = (
    "--para", "nombre=Ana Peña; direccion=Calle 5 # 4-3; municipio=Tunja",
    "--para", "nombre=Luis Gil; correo=luis@example.org",
    "--para", "nombre=Eva Ruiz; direccion=Calle 9 # 1-1; municipio=Tunja",
)  # fmt: skip


def _norm(town: Town, article: str, who: str | None, *words: str) -> dict[str, Any]:
    """What is refused, which must name *article*."""
    error: dict[str, Any] = town.does(who, *words, code=1).json["error"]
    assert article in error.get("norma", ""), error
    return error


def test_from_the_counter_to_the_consecutivo(tmp_path: Path) -> None:
    town = founded(tmp_path / "oficina")
    key = tmp_path / "clave"
    key.write_text("una clave bien larga 7")
    town.does(None, "persona", "agregar", "lpaz", "--nombre", "Luis Paz", "--rol", "ventanilla",
              "--cargo", "Profesional", "--dependencia", "140")  # fmt: skip
    town.does(None, "clave", "persona", "mquintero", "--clave-nueva", str(key))
    signs = ("--clave-archivo", str(key))
    one, two, secret = (town.number(tipo="peticion", remitente=who) for who in ("Ana", "Luis", "X"))

    # Bounced twice: the second time the head of correspondence decides, and that stands.
    town.does("cruiz", "asignar", one, "--dependencia", "130")
    town.does("joviedo", "devolver", one, "--motivo", "no es de hacienda")
    town.does("cruiz", "asignar", one, "--dependencia", "150")
    town.does("asalcedo", "devolver", one, "--motivo", "tampoco es de gobierno")
    _norm(town, "art. 8", "cruiz", "asignar", one, "--dependencia", "140")
    town.does("ntorres", "asignar", one, two, secret, "--dependencia", "140")
    _norm(town, "art. 8", "mquintero", "devolver", one, "--motivo", "no nos corresponde")
    hours = town.see(one)["tramite"]["horas_por_dependencia"]
    assert set(hours) == {"por repartir", "130", "150", "140"}

    # A planilla that got lost: its open line waits at the ventanilla again.
    which = ("--dependencia", "140", "--radicado", one, "--radicado", two)
    sheet = town.does("cruiz", "planilla", "crear", *which).json["planilla"]
    town.does("mquintero", "planilla", "recibir", sheet, "--linea", "1=recibido")
    town.does("cruiz", "planilla", "perdida", sheet, "--motivo", "se mojó en el camino")
    places = [town.see(r)["papel"]["lugar"] for r in (one, two)]
    assert places == ["area", "ventanilla"]

    # Reserved: who may not see it neither finds nor counts it.
    until = ("--hasta", "2030-01-01", "--motivo", "hay una indagación en curso")
    town.does("mquintero", "clasificar", secret, "--nivel", "reservada", "--fundamento", "19d",
              *until)  # fmt: skip
    assert town.does("svillamil", "buscar", "").json["total"] == 2
    assert town.does("svillamil", "buscar", f"radicado:{secret}").json["total"] == 0
    _norm(town, "art. 19", "svillamil", "nota", secret, "quiero saber")
    town.does("mquintero", "ver", secret)
    kinds = [h["tipo"] for h in town.see(secret)["historia"]]
    assert "acceso.consultado" in kinds

    # Who may not sign is refused; three addressees, one of whom returns; wet ink.
    town.does("mquintero", "responder", one, "--archivo", LETTER, *THREE)
    _norm(town, "art. 4", "lpaz", "aprobar", one, *signs)
    first = str(town.does("mquintero", "aprobar", one, *signs).json["salida"])
    _norm(town, "art. 4", "cruiz", "responder", two, "--en-papel", "--firmante", "lpaz")
    ink = ("--en-papel", "--firmante", "mquintero")
    second = str(town.does("cruiz", "responder", two, *ink).json["salida"])
    for n, means in enumerate(("certificado", "correo_electronico", "certificado"), 1):
        guide = ("--guia", f"RA{n}") if means == "certificado" else ()
        town.does("cruiz", "enviar", first, "--medio", means, "--destinatario", str(n), *guide)
    assert town.see(one)["estado"] == "respondido"
    town.does("cruiz", "devuelto", first, "--guia", "RA3", "--causa", "no_reside")
    assert town.see(one)["estado"] != "respondido"
    assert town.tray()["devoluciones"] == [first] and second in town.tray()["por_enviar"]
    town.does("cruiz", "enviar", first, "--medio", "certificado", "--destinatario", "3",
              "--guia", "RA4", "--direccion", "Carrera 8 # 2-2")  # fmt: skip
    told = town.see(one)["respuestas"][0]
    assert told["en_tiempo"] is True and town.see(one)["estado"] == "respondido"

    # One more, annulled; the consecutivo of what was sent has no gap, and all verifies.
    town.does("mquintero", "oficio", "--archivo", LETTER, "--asunto", "Se anula", "--para", "Eva")
    third = str(town.does("mquintero", "aprobar", _last(town), *signs).json["salida"])
    town.does(None, "anular", third, "--motivo", "salió dos veces la misma carta")
    book = town.does("cruiz", "consecutivo", "--clase", "S", "--salida", str(tmp_path / "c")).json
    assert (book["desde"], book["hasta"], book["huecos"]) == (1, 3, [])
    assert [r["radicado"] for r in book["radicados"]] == [first, second, third]
    assert town.does(None, "verificar", "--completo").json["ok"]
    assert set(town.tray()) == {"asignados", "por_enviar"}


def _last(town: Town) -> str:
    return str(town.does(None, "carta", "lista").json["cartas"][-1]["subject"])
