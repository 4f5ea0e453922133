"""Letters that the office writes, driven by its people's commands: art. 4 before any number."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pypdfium2 as pdfium
import pytest

from records import lines
from tests.conftest import ROOT
from tests.program import here
from tests.town import Town, founded

LETTER = ROOT / "samples" / "07-oficio-digital.pdf"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    office = founded(tmp_path / "oficina")
    (tmp_path / "clave").write_text("una clave bien larga 7")
    office.does(None, "persona", "agregar", "lpaz", "--nombre", "Luis Paz", "--rol", "ventanilla",
                "--cargo", "Profesional", "--dependencia", "140")  # fmt: skip
    for who in ("mquintero", "lpaz", "joviedo"):
        office.does(None, "clave", "persona", who, "--clave-nueva", str(tmp_path / "clave"))
    return office


def _signs(town: Town, who: str, *words: str, code: int = 0) -> dict[str, object]:
    key = ("--clave-archivo", str(town.casa.parent / "clave"))
    done: dict[str, object] = town.does(who, *words, *key, code=code).json
    return done


def _later(now: datetime, **step: float) -> datetime:
    return now + timedelta(**step)


def _asked(town: Town) -> str:
    letter = town.number(tipo="peticion", remitente="Ana Peña", direccion="Calle 5 # 4-3",
                         municipio="Tunja")  # fmt: skip
    town.does("cruiz", "asignar", letter, "--dependencia", "140", "--responsable", "lpaz")
    return letter


def test_an_answer_is_signed_by_who_may_and_only_then_numbered(town: Town) -> None:
    letter = _asked(town)
    made = town.does("lpaz", "responder", letter, "--archivo", str(LETTER),
                     "--revisa", "asalcedo").json  # fmt: skip
    assert made["estado"] == "por_aprobar"
    assert town.tray() == {"vobo": [letter]}
    assert town.tray("--de", "asalcedo") == {"vobo": [letter]}

    early = _signs(town, "mquintero", "aprobar", letter, code=1)["error"]
    assert isinstance(early, dict) and early["codigo"] == "falta_revision"
    town.does("asalcedo", "carta", "revisar", letter, "--reparos", "falta citar la norma")
    assert town.tray("--de", "lpaz") == {"devueltos": [letter]}
    town.does("lpaz", "responder", letter, "--archivo", str(LETTER), "--carta", made["carta"],
              "--revisa", "asalcedo")  # fmt: skip
    town.does("asalcedo", "vobo", letter)
    assert town.tray("--de", "mquintero") == {"por_firmar": [letter]}

    refused = _signs(town, "lpaz", "aprobar", letter, code=1)["error"]
    assert isinstance(refused, dict)
    assert refused["codigo"] == "firma_no_autorizada" and "art. 4" in refused["norma"]
    assert "Marcela" in str(refused["mensaje"] + refused.get("consejo", ""))
    none_yet = town.does(None, "buscar", "clase:S").json
    assert none_yet["total"] == 0

    done = _signs(town, "mquintero", "aprobar", letter)
    out = str(done["salida"])
    assert "-S-000001" in out
    sent = town.see(out)
    assert {d["rol"] for d in sent["documentos"]} == {"original", "registro"}
    assert sent["carta"]["firmo"] == "mquintero" and sent["carta"]["responde_a"] == [letter]
    sealed = next(d for d in sent["documentos"] if d["rol"] == "registro")
    with pikepdf.open(town.casa / sealed["archivo"]) as pdf:
        assert "/AcroForm" in pdf.Root
    assert town.tray() == {"por_enviar": [out]}
    assert town.see(letter)["estado"] == "en_tramite"
    shown = here("ver", out, "--casa", town.casa).out
    assert f"Responde a {letter}\n" in shown and "Firmó mquintero" in shown
    assert "Recibido" not in shown
    mine = town.does("cruiz", "constancia", out, code=1).json["error"]
    assert mine["codigo"] == "no_se_recibio" and "art. 15" in mine["norma"]
    assert town.does(None, "verificar", "--completo").json["ok"]
    found = town.does(None, "buscar", "clase:S Peña").json
    assert [r["radicado"] for r in found["radicados"]] == [out]


def test_a_review_by_who_stands_in_ends_the_wait_for_the_one_who_was_asked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By an act somebody reviews in the place of who was named: it waits for the signature then,
    and still does when the act has ended."""
    letter, today = _asked(town), lines.now().date()
    act = ["persona", "encargo", "joviedo", "--de", "asalcedo", "--acto", "Resolución 12"]
    town.does(None, *act, "--desde", str(today), "--hasta", str(today + timedelta(days=1)))
    made = town.does("lpaz", "responder", letter, "--archivo", str(LETTER),
                     "--revisa", "asalcedo").json  # fmt: skip
    assert town.tray("--de", "joviedo") == {"vobo": [letter]}
    town.does("joviedo", "carta", "revisar", letter, "--reparos", "falta la fecha")
    town.does("lpaz", "responder", letter, "--archivo", str(LETTER), "--carta", made["carta"],
              "--revisa", "asalcedo")  # fmt: skip
    town.does("joviedo", "vobo", letter)
    assert town.tray() == {"por_firmar": [letter]}
    monkeypatch.setattr(lines, "now", partial(_later, lines.now(), days=3))
    assert town.tray() == {"por_firmar": [letter]}
    assert town.tray("--de", "asalcedo") == {}
    again = town.does("asalcedo", "vobo", letter, code=1).json["error"]
    assert again["codigo"] == "sin_pedido"
    sent = town.see(str(_signs(town, "mquintero", "aprobar", letter)["salida"]))
    assert sent["carta"]["conformes"] == ["asalcedo"]
    reviews = [h for h in sent["historia"] if h["tipo"] == "respuesta.revisada"]
    assert [h["actor"] for h in reviews] == ["joviedo", "joviedo"]
    assert town.does(None, "verificar", "--completo").json["ok"]


def test_the_table_of_signers_decides_once_there_is_one(town: Town) -> None:
    letter = _asked(town)
    town.does(None, "firmas", "autorizar", "--cargo", "Profesional", "--tipo", "respuesta",
              "--ambito", "externa", "--desde", "2026-01-01", "--acto", "Manual 2026")  # fmt: skip
    town.does("lpaz", "responder", letter, "--archivo", str(LETTER), "--firmante", "lpaz")
    assert town.does(None, "firmas", "lista").json["firmas"][-1]["cargo"] == "Profesional"
    done = _signs(town, "lpaz", "aprobar", letter)
    assert "-S-000001" in str(done["salida"])
    other = _asked(town)
    refused = town.does("lpaz", "responder", other, "--archivo", str(LETTER), "--tipo", "citacion",
                        "--firmante", "lpaz", code=1).json["error"]  # fmt: skip
    assert refused["codigo"] == "firma_no_autorizada" and "art. 4" in refused["norma"]


def test_wet_ink_is_looked_up_numbered_and_scanned_by_its_label(town: Town) -> None:
    letter = _asked(town)
    bad = town.does("cruiz", "responder", letter, "--en-papel", "--firmante", "lpaz", code=1).json
    assert "art. 4" in bad["error"]["norma"]
    done = town.does("cruiz", "responder", letter, "--en-papel", "--firmante", "mquintero").json
    out = done["salida"]
    assert town.see(out)["marcas"] == ["imagen_pendiente"]
    assert Path(done["etiqueta"]).is_file()
    assert town.tray() == {"por_enviar": [out]}
    assert town.does(None, "verificar").json["ok"]


def test_what_was_presented_as_a_file_and_signed_on_paper_is_one_letter(town: Town) -> None:
    letter = _asked(town)
    given = ("--archivo", str(LETTER))
    for odd in (("--folios", "-3"), ("--anexos", "-1"), ("--folios", "9" * 20)):
        refused = town.does("lpaz", "responder", letter, *given, *odd, code=1).json["error"]
        assert refused["codigo"] == "cantidad", odd
    unknown = town.does("lpaz", "responder", letter, *given, "--firmante", "nadie", code=1).json
    assert "persona lista" in unknown["error"]["mensaje"]
    made = town.does("lpaz", "responder", letter, *given).json["carta"]
    paper = ("responder", letter, "--en-papel", "--firmante", "mquintero")
    other = town.does("cruiz", *paper, code=1).json["error"]
    assert other["codigo"] == "ya_presentada" and f"carta papel {made}" in other["mensaje"]
    town.does("cruiz", *paper, "--carta", made, code=2)
    out = town.does("cruiz", "carta", "papel", made).json["salida"]
    assert town.does(None, "carta", "ver", made).json == town.does(None, "carta", "ver", out).json
    late = town.does("cruiz", "carta", "papel", made, code=1).json["error"]
    assert late["codigo"] == "ya_firmada" and out in late["mensaje"]
    alone = town.does("lpaz", "oficio", *given, "--asunto", "Invitación", "--para", "Ana").json
    assert f"por_firmar    {alone['carta']} " in here("tramites", "--casa", town.casa).out


def test_a_letter_without_a_parent_and_a_memorandum(town: Town) -> None:
    given = ("--archivo", str(LETTER), "--firmante", "mquintero")
    whom = ("--para", "nombre=Junta de Acción Comunal; direccion=Calle 1 # 2-3", "--para",
            "nombre=Ana Peña; correo=ana@example.org", "--copia", "nombre=Personería")  # fmt: skip
    made = town.does("lpaz", "oficio", *given, "--asunto", "Invitación al cabildo", *whom).json
    assert town.tray() == {"por_firmar": [""]}
    out = str(_signs(town, "mquintero", "aprobar", made["carta"])["salida"])
    told = town.see(out)["carta"]["destinatarios"]
    assert [(one["medio"], one["copia"]) for one in told] == [
        ("certificado", False), ("correo_electronico", False), ("personal", True),
    ]  # fmt: skip
    memo = town.does("lpaz", "memorando", *given, "--asunto", "Plan de compras",
                     "--para-dependencia", "130").json  # fmt: skip
    inside = str(_signs(town, "mquintero", "aprobar", memo["carta"])["salida"])
    assert "-I-000001" in inside
    assert town.tray("--dependencia", "130") == {"asignados": [inside]}
    town.does("joviedo", "tomar-conocimiento", inside)
    town.does("joviedo", "responder", inside, "--archivo", str(LETTER))
    back = str(_signs(town, "joviedo", "aprobar", inside)["salida"])
    assert "-I-000002" in back and town.tray("--dependencia", "140") == {"asignados": [back]}
    assert town.see(inside)["estado"] == "respondido"
    gone = town.does("lpaz", "oficio", *given, "--asunto", "Otra", "--para", "Ana").json["carta"]
    town.does("lpaz", "carta", "retirar", gone, "--motivo", "ya no hace falta")
    assert gone not in str(town.does(None, "carta", "lista").json["cartas"])
    assert town.does(None, "verificar").json["ok"]


def test_a_letter_names_whom_it_goes_to_and_who_signs_it(town: Town) -> None:
    letter = _asked(town)
    typed = town.casa.parent / "carta.txt"
    typed.write_text("Le contamos que se podará el samán 🎉.")
    made = town.does(
        "lpaz",
        "responder",
        letter,
        "--archivo",
        str(typed),
        "--para",
        "nombre=Personería; direccion=Calle 9; municipio=Tunja",
        "--copia",
        "Luis Gil",
    )
    assert "🎉" in made.err
    text = _text(town, made.json["carta"])
    assert "Personería Calle 9 Tunja" in text and "Copia: Luis Gil" in text
    assert "Ana Peña" not in text and "Marcela Quintero Vela" in text
    alone = town.does(
        "lpaz",
        "oficio",
        "--archivo",
        str(typed),
        "--asunto",
        "Invitación",
        "--para",
        "nombre=Luis Gil; correo=l@example.org",
        "--para",
        "Eva Paz",
    )
    text = _text(town, alone.json["carta"])
    assert "Señores Luis Gil, l@example.org Eva Paz" in text and "Marcela Quintero Vela" in text
    memo = town.does("lpaz", "memorando", "--archivo", str(typed), "--asunto", "Compras",
                     "--para-dependencia", "130").json  # fmt: skip
    text = _text(town, memo["carta"])
    assert "130 Secretaría de Hacienda" in text and "Señor" not in text


def _text(town: Town, letter: str) -> str:
    digest = town.does(None, "carta", "ver", letter).json["documento"]
    with pdfium.PdfDocument(town.casa / "vault" / digest[:2] / f"{digest}.pdf") as pdf:
        return " ".join(pdf[0].get_textpage().get_text_bounded().split())


def test_an_annulled_letter_answers_nothing(town: Town) -> None:
    letter = _asked(town)
    town.does("lpaz", "responder", letter, "--archivo", str(LETTER))
    again = town.does("lpaz", "responder", letter, "--archivo", str(LETTER), code=1).json["error"]
    assert again["codigo"] == "ya_presentada"
    out = str(_signs(town, "mquintero", "aprobar", letter)["salida"])
    town.does(None, "anular", out, "--motivo", "salió con el asunto de otra carta")
    day = town.see(out)["fecha"][:10]
    book = town.does(None, "libro", "--desde", day, "--hasta", day).json["xlsx"]
    for words in (("libro", "--desde", day, "--hasta", day), ("consecutivo",)):
        none = town.does(None, *words, "--sede", "XX", code=1).json["error"]
        assert none["codigo"] == "sede_desconocida"
    with ZipFile(book) as sheets:
        text = b"".join(sheets.read(n) for n in sheets.namelist() if n.endswith(".xml")).decode()
    assert f">{out}<" in text and ">Para Ana Peña<" in text
    assert town.tray("--de", "lpaz") == {"asignados": [letter]}
    template = ("--plantilla", "respuesta")
    bare = town.does("lpaz", "responder", letter, *template, code=1).json["error"]
    assert bare["codigo"] == "campo_sin_valor" and "respuesta" in bare["mensaje"]
    said = "Se podará el samán el lunes 30 de noviembre."
    town.does("lpaz", "responder", letter, *template, "--campo", f"respuesta={said}")
    second = str(_signs(town, "mquintero", "aprobar", letter)["salida"])
    assert "-S-000002" in second
    sealed = next(d for d in town.see(second)["documentos"] if d["rol"] == "registro")
    with pdfium.PdfDocument(town.casa / sealed["archivo"]) as pdf:
        text = pdf[0].get_textpage().get_text_bounded()
    assert said in " ".join(text.split()) and "Marcela Quintero Vela" in text and second in text
    assert town.does(None, "buscar", "samán").json["radicados"][0]["radicado"] == second
    assert town.does(None, "verificar").json["ok"]


def test_what_answers_a_reserved_letter_is_as_reserved(town: Town) -> None:
    letter = _asked(town)
    town.does("mquintero", "clasificar", letter, "--nivel", "clasificada", "--fundamento",
              "18a", "--motivo", "historia clínica del peticionario")  # fmt: skip
    made = town.does("lpaz", "responder", letter, "--archivo", str(LETTER)).json["carta"]
    assert town.does("svillamil", "carta", "lista").json["cartas"] == []
    hidden = town.does("svillamil", "carta", "ver", made, code=1).json["error"]
    assert hidden["codigo"] == "clasificado" and "art. 18" in hidden["norma"]
    out = str(_signs(town, "mquintero", "aprobar", letter)["salida"])
    assert town.does("svillamil", "buscar", "").json["total"] == 0
    assert town.does("svillamil", "ver", out).json["campos"] == {}
    assert town.does("lpaz", "ver", out).json["carta"]["responde_a"] == [letter]
    assert town.does(None, "verificar").json["ok"]
