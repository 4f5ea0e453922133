"""Who wrote a record is known to those alone who deal with it, driven by an office's commands."""

from __future__ import annotations

import random
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ingest.reception import Recepcion
from records import fields, identity, lines, reserve, verificador
from records.errors import Refused
from records.office import Office
from records.query import seen_by
from tests.conftest import ROOT, page_pdf, reading, text_of
from tests.forenoon import TODAY as DAY
from tests.forenoon import forenoon
from tests.program import here
from tests.readers import FakeReader
from tests.town import Town, founded

if TYPE_CHECKING:
    from ingest.lectura import Lectura

LETTER = str(ROOT / "samples" / "07-oficio-digital.pdf")
SENDER = {
    "remitente": "Berta Quiñones Zuluaga", "entidad": "Sindicato Yarumo", "cedula": "52111222",
    "direccion": "Calle 9 # 4-21", "correo": "bertaq@example.org", "telefono": "3105550199",
}  # fmt: skip
TELLING = (
    "berta",
    "zuluaga",
    "yarumo",
    "52111222",
    "calle 9",
    "3105550199",
    "zarzamora",
    "gestante",
)
"""What would tell who wrote, in small letters; the last words are of the scan and of a field."""
OUTSIDE = ("cruiz", "joviedo", "gpardo", "nadie")
"""Who numbered it, who heads another área, who examines all records, and nobody."""
INSIDE = ("ntorres", "mquintero", "lpaz")
WHY = ("--motivo", "denuncia a su jefe")
WHOM = "nombre=Berta Quiñones Zuluaga; direccion=Calle 9 # 4-21; municipio=Tunja; medio=certificado"
TODAY = DAY.isoformat()
__all__ = ["forenoon"]


class Scans(FakeReader):
    """Reads of each paper its words, and the number of its sender."""

    def made(self, data: bytes, password: str | None) -> tuple[Lectura, bytes]:
        text = data.decode().removeprefix("%PDF-")
        return reading(text, cedula=SENDER["cedula"]), page_pdf(text)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    office = founded(tmp_path / "oficina")
    office.does(None, "persona", "agregar", "lpaz", "--nombre", "Luis Paz", "--rol", "ventanilla",
                "--cargo", "Profesional", "--dependencia", "140")  # fmt: skip
    office.does(None, "persona", "agregar", "rsosa", "--nombre", "Rita Sosa", "--rol", "jefe_area",
                "--cargo", "Profesional", "--dependencia", "140")  # fmt: skip
    return office


def _given(**more: str) -> list[str]:
    values = {"asunto": "Irregularidades en un contrato", "dependencia": "140", "tipo": "denuncia",
              "prioridad": "gestante", **SENDER, **more}  # fmt: skip
    return [word for k, v in values.items() for word in ("--campo", f"{k}={v}")]


def _scanned(town: Town, text: str) -> str:
    """A paper is read; its draft."""
    path = town.casa.parent / f"denuncia de berta {len(text)}.pdf"
    path.write_bytes(f"%PDF-{text}".encode())
    reception = Recepcion(Office(town.casa, persona="cruiz"), reader=Scans())
    (done,) = reception.recibir([path])
    reception.close()
    return str(done.borrador)


def _sealed(town: Town, *more: str) -> str:
    draft = _scanned(town, "Denuncia de Berta con una zarzamora")
    made = town.does("cruiz", "radicar", draft, *_given(), *more)
    letter = str(made.json["radicados"][0]["radicado"])
    town.does("cruiz", "asignar", letter, "--dependencia", "140", "--responsable", "lpaz")
    return letter


def _told(town: Town, who: str, *words: str) -> str:
    """What a command says to a person; to one of them also in words for people."""
    out = ""
    for form in ((), ("--json",)) if who == "joviedo" else (("--json",),):
        done = here(*words, "--persona", who, "--casa", town.casa, *form)
        assert done.code in (0, 1), done.err
        out += done.out + done.err
    return out


def _text(path: Path) -> str:
    """The text of a file that the program made."""
    data = path.read_bytes()
    if data.startswith(b"%PDF-"):
        return text_of(data)
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    return data.decode("utf-8", "replace")


def _names(text: str) -> list[str]:
    return [word for word in TELLING if word in text.lower()]


def _shows(*letters: str) -> list[tuple[str, ...]]:
    """The commands that show something of records."""
    return [
        *(("ver", one) for one in letters),
        *(("carta", "ver", one) for one in letters),
        *(("etiqueta", one, "--texto") for one in letters),
        ("buscar", ""), ("tramites",), ("alertas", "--dias", "90"), ("estado",), ("bandeja",),
        ("carta", "lista", "--todas"), ("envios", "lista"), ("consecutivo", "--clase", "S"),
        ("planilla", "lista"), ("indice-reservada",), ("verificar",),
    ]  # fmt: skip


def _makes(folder: Path, *letters: str) -> list[tuple[str, ...]]:
    """The commands that make papers and files."""
    papers = [("constancia", one) for one in letters if "-E-" in one]
    labels = [("etiqueta", one, "--formato", f) for one in letters for f in ("pdf", "zpl", "hoja")]
    digests = [
        ("alertas", "resumen", "--formato", form, "--salida", str(folder))
        for form in ("md", "html", "ics")
    ]
    return [*papers, *labels, *digests, ("libro", "--desde", TODAY, "--hasta", TODAY)]


def _nobody_outside_is_told(town: Town, *letters: str) -> None:
    for who in OUTSIDE:
        for words in _shows(*letters):
            assert not _names(_told(town, who, *words)), (who, words)
        for word in ("Berta", "52111222", "Yarumo", "remitente:berta", '"calle 9"', "zarzamora"):
            found = town.does(who, "buscar", word).json
            assert (found["total"], found["radicados"]) == (0, []), (who, word)
    for words in _makes(town.casa / "salida", *letters):
        assert not _names(str(town.does("dgarzon", *words).json)), words
    made = _files_name_nobody(town)
    assert {p.suffix for p in made} >= {".pdf", ".xlsx", ".zpl", ".md", ".html", ".ics"}


def _files_name_nobody(town: Town) -> list[Path]:
    made = [path for path in (town.casa / "salida").rglob("*") if path.is_file()]
    for path in made:
        assert not _names(_text(path)), path
    return made


def test_what_everybody_may_see_stays_and_who_wrote_it_does_not(town: Town) -> None:
    letter = _sealed(town, "--identidad-protegida")
    town.does("lpaz", "nota", letter, "hablé con Berta Quiñones")
    _nobody_outside_is_told(town, letter)
    for part in town.casa.glob("index.sqlite*"):
        assert not _names(part.read_bytes().decode("latin-1"))
    seen = town.does("joviedo", "ver", letter).json
    assert "identidad_protegida" in seen["marcas"] and not seen["acceso"]["identidad_visible"]
    assert seen["campos"]["remitente"] == "Identidad protegida" and seen["documentos"] == []
    assert seen["campos"]["asunto"] == "Irregularidades en un contrato"
    assert seen["campos"]["tipo"] == "denuncia" and seen["termino"]["vence"]
    assert seen["tramite"]["responsable"] == "lpaz" and seen["notas"] == seen["firmas"] == []
    assert [h["tipo"] for h in seen["historia"]][:3] == [
        "documento.recibido", "radicado.asignado", "acceso.identidad"]  # fmt: skip
    (row,) = town.does("joviedo", "buscar", "irregularidades").json["radicados"]
    assert (row["remitente"], row["radicado"]) == ("Identidad protegida", letter)
    assert [r["radicado"] for r in town.does("gpardo", "tramites").json["radicados"]] == [letter]
    alerts = town.does("gpardo", "alertas", "--dias", "90").json["alertas"]
    assert [a["radicado"] for a in alerts] == [letter]
    _who_deals_with_it_is_told_and_that_is_noted(town, letter)


def _who_deals_with_it_is_told_and_that_is_noted(town: Town, letter: str) -> None:
    for who in INSIDE:
        seen = town.does(who, "ver", letter).json
        assert {k: seen["campos"][k] for k in SENDER} == SENDER, who
        assert {d["rol"] for d in seen["documentos"]} >= {"original", "registro"}
        assert seen["acceso"]["identidad_visible"] and "identidad_protegida" in seen["marcas"]
    looked = [h["actor"] for h in seen["historia"] if h["tipo"] == "acceso.consultado"]
    assert looked == [*INSIDE]
    for who in ("rsosa", "joviedo"):
        assert not town.does(who, "ver", letter).json["acceso"]["identidad_visible"]
    no = town.does("joviedo", "clasificar", letter, "--permite", "joviedo", code=1).json["error"]
    assert no["codigo"] == "no_clasifica"
    town.does("mquintero", "clasificar", letter, "--permite", "joviedo")
    assert town.does("joviedo", "ver", letter).json["campos"]["remitente"] == SENDER["remitente"]
    town.does("mquintero", "clasificar", letter, "--retira", "joviedo")
    assert not town.does("joviedo", "ver", letter).json["acceso"]["identidad_visible"]
    admin = Office(town.casa, persona="svillamil")
    admin.encargar("rsosa", "mquintero", TODAY, TODAY, "Resolución 9 de 2026")
    assert town.does("rsosa", "ver", letter).json["acceso"]["identidad_visible"]
    town.does("mquintero", "informar", letter, "--a-persona", "gpardo")
    assert not town.does("gpardo", "ver", letter).json["acceso"]["identidad_visible"]
    town.does("mquintero", "asignar", letter, "--dependencia", "150")
    assert not town.does("lpaz", "ver", letter).json["acceso"]["identidad_visible"]
    assert town.does("asalcedo", "ver", letter).json["acceso"]["identidad_visible"]
    assert town.does(None, "verificar", "--completo").json["ok"]
    copy = Town(Path(shutil.copytree(town.casa, town.casa.parent / "copia")))
    error = copy.does("ntorres", "ver", letter, code=4).json["error"]
    assert error["codigo"] == "consulta_sin_anotar" and "Ley 1581" in error["norma"]
    assert copy.does("joviedo", "ver", letter).json["campos"]["asunto"]


def test_papers_name_nobody_and_an_older_sheet_is_not_printed_again(town: Town) -> None:
    letter = _sealed(town)
    before = Path(town.does("cruiz", "constancia", letter).json["archivo"])
    assert "Berta" in text_of(before.read_bytes())
    made = town.does("cruiz", "planilla", "crear", "--dependencia", "140").json
    assert "Berta" in text_of(Path(made["archivo"]).read_bytes())
    town.does("joviedo", "proteger-identidad", letter, *WHY, code=1)
    town.does("dgarzon", "proteger-identidad", letter, *WHY)
    name = made["planilla"]
    no = town.does("ntorres", "planilla", "imprimir", name, code=1).json["error"]
    assert no["codigo"] == "identidad_protegida" and "art. 8" in no["norma"]
    town.does("cruiz", "planilla", "perdida", name, "--motivo", "nombra a quien denuncia")
    for path in (Path(made["archivo"]), before):
        path.unlink()
    again = town.does("cruiz", "planilla", "crear", "--dependencia", "140", "--radicado", letter)
    sheet = text_of(Path(again.json["archivo"]).read_bytes())
    assert "Identidad protegida" in sheet and "Irregularidades" in sheet
    name = again.json["planilla"]
    town.does("lpaz", "planilla", "recibir", name, "--linea", "1=rechazado:es de Berta Zuluaga")
    for who in OUTSIDE:
        assert not _names(_told(town, who, "planilla", "ver", name))
    (line,) = town.does("mquintero", "planilla", "ver", name).json["lineas"]
    assert line["causa"] == "es de Berta Zuluaga"
    for who in ("cruiz", "ntorres"):
        receipt = text_of(Path(town.does(who, "constancia", letter).json["archivo"]).read_bytes())
        assert "Identidad protegida" in receipt and letter in receipt and not _names(receipt)
    town.does("cruiz", "planilla", "imprimir", name)
    _what_came_again_says_no_name(town, letter)
    _files_name_nobody(town)


def test_a_signed_sheet_that_names_them_is_not_shown(town: Town) -> None:
    letter = _sealed(town)
    sheet = town.does("cruiz", "planilla", "crear", "--dependencia", "140").json["planilla"]
    town.does("cruiz", "incorporar", _scanned(town, "Hoja con Berta"), sheet)
    assert town.does("joviedo", "planilla", "ver", sheet).json["hojas"]
    town.does("cruiz", "proteger-identidad", letter, *WHY)
    assert town.does("joviedo", "planilla", "ver", sheet).json["hojas"] == []
    assert town.does("mquintero", "planilla", "ver", sheet).json["hojas"]


def _what_came_again_says_no_name(town: Town, letter: str) -> None:
    twin = _scanned(town, "Denuncia de Berta con una zarzamora")
    for who in ("joviedo", "gpardo", "nadie"):
        assert town.does(who, "bandeja").json["borradores"] == []
    assert len(town.does("cruiz", "bandeja").json["borradores"]) == 1
    told = town.does("cruiz", "radicar", twin, "--campo", "asunto=Otra vez")
    assert "proteger-identidad" in told.err
    again = _scanned(town, "Denuncia, otra copia, zarzamora")
    town.does("cruiz", "descartar", again, "--motivo", "duplicado", "--de", letter,
              "--nota", "Berta la trajo otra vez")  # fmt: skip
    closing = town.does("ntorres", "cierre").json
    assert not _names(str(closing["descartados"])) and closing["descartados"]


def test_the_next_letter_of_the_same_sender_knows_nothing_of_it(town: Town) -> None:
    town.does("cruiz", "radicar", "--sin-imagen", *_given())
    letter = str(town.does("cruiz", "buscar", "Berta").json["radicados"][0]["radicado"])
    first = _scanned(town, "Carta con solo un número")
    assert "Berta" in _told(town, "cruiz", "bandeja")
    town.does("cruiz", "descartar", first, "--motivo", "prueba")
    town.does("cruiz", "proteger-identidad", letter, *WHY)
    _scanned(town, "Otra carta con solo un número")
    tray = town.does("cruiz", "bandeja").json["borradores"]
    assert set(tray[0]["campos"]) & set(SENDER) == {"cedula"} and letter not in str(tray)
    office = Office(town.casa, persona="ntorres")
    office.index.catch_up()
    assert office.conocidos(SENDER) == []
    assert office.index.query("SELECT * FROM conocido") == []
    town.does("ntorres", "proteger-identidad", letter, "--quitar", "--motivo", "ella lo pidió")
    assert town.does("joviedo", "buscar", "52111222").json["total"] == 1
    assert [k.radicado for k in office.conocidos(SENDER)]
    assert office.index.differences() == []


def test_taking_back_restores_what_everybody_sees(town: Town) -> None:
    letter = _sealed(town)
    whole = town.does("joviedo", "ver", letter).json
    took = ("proteger-identidad", letter, "--quitar", *WHY)
    town.does("ntorres", *took, code=1)
    again = town.does("lpaz", "proteger-identidad", letter, *WHY).json
    assert again["identidad_protegida"] and {"evento", "estado", "vence"} <= set(again)
    twice = town.does("cruiz", "proteger-identidad", letter, *WHY, code=1).json["error"]
    assert twice["codigo"] == "sin_cambio"
    short = town.does("cruiz", "proteger-identidad", letter, "--motivo", "sí", code=1)
    assert short.json["error"]["codigo"] == "sin_motivo"
    for who in ("cruiz", "lpaz", "mquintero", "joviedo"):
        no = town.does(who, *took, code=1).json["error"]
        assert no["codigo"] == "no_descubre" and "Ley 1581 de 2012, art. 4" in no["norma"]
    guess = ("rectificar", letter, "--campo", f"remitente={SENDER['remitente']}", *WHY)
    no = town.does("cruiz", *guess, code=1).json["error"]
    assert no["codigo"] == "identidad_protegida" and "Ley 1581" in no["norma"]
    town.does("cruiz", "rectificar", letter, "--campo", "asunto=Contratos", *WHY)
    town.does("ntorres", "rectificar", letter, "--campo", "remitente=Berta Gil", *WHY)
    assert not _names(_told(town, "joviedo", "ver", letter))
    town.does("ntorres", *took)
    seen = town.does("joviedo", "ver", letter).json
    assert seen["campos"]["remitente"] == "Berta Gil" and seen["acceso"]["identidad_visible"]
    assert seen["documentos"] == whole["documentos"] and seen["marcas"] == whole["marcas"]
    for word in ("gil", "52111222", "zarzamora", "Yarumo"):
        assert town.does("joviedo", "buscar", word).json["total"] == 1, word
    assert Office(town.casa).index.differences() == []
    assert town.does(None, "verificar").json["ok"]
    root = (town.casa / "keys" / "raiz.pub").read_text().strip()
    assert verificador.examine(town.casa, root)["hallazgos"] == []


def _answered(town: Town, letter: str) -> str:
    made = town.does("cruiz", "responder", letter, "--en-papel", "--firmante", "mquintero",
                     "--para", WHOM)  # fmt: skip
    return str(made.json["salida"])


def test_the_answer_names_them_only_to_who_writes_signs_and_sends_it(town: Town) -> None:
    letter = _sealed(town, "--identidad-protegida")
    early = town.does("cruiz", "responder", letter, "--en-papel", "--firmante", "mquintero", code=1)
    assert early.json["error"]["codigo"] == "sin_destinatario"
    draft = town.does("lpaz", "responder", letter, "--archivo", LETTER).json["carta"]
    for who in OUTSIDE:
        for words in (("carta", "ver", draft), ("carta", "lista"), ("tramites",), ("ver", letter)):
            assert not _names(_told(town, who, *words)), (who, words)
    for who in INSIDE:
        assert "Berta" in _told(town, who, "carta", "ver", draft)
    history = town.does("ntorres", "ver", letter).json["historia"]
    looked = {h["actor"] for h in history if h["tipo"] == "acceso.consultado"}
    assert looked == {*INSIDE}
    town.does("lpaz", "carta", "retirar", draft, "--motivo", "va en papel")
    out = _answered(town, letter)
    scan = _scanned(town, "Señora Berta Zuluaga, en respuesta")
    town.does("cruiz", "incorporar", scan, out)
    outside = [who for who in OUTSIDE if who != "cruiz"]
    for who in (*INSIDE, "cruiz"):
        assert "Calle 9" in str(town.does(who, "ver", out).json["carta"]), who
    for who in outside:
        assert not _names(_told(town, who, "ver", out)), who
    _lists_of_sendings_name_nobody(town)
    town.does(
        "cruiz", "enviar", out, "--medio", "certificado", "--guia", "RA1", "--operador", "4-72"
    )
    more = town.does("cruiz", "enviar", out, "--medio", "fax", "--destinatario", "1")
    assert "De destinatario 1 no se sabe" in more.err and not _names(more.err)
    town.does("cruiz", "entregado", out, "--recibe", "Berta Zuluaga")
    assert not _names(_told(town, "cruiz", "ver", out)) and "RA1" not in _told(
        town, "gpardo", "ver", out
    )
    _nobody_outside_is_told(town, letter, out)
    assert town.does("lpaz", "ver", letter).json["respuestas"][0]["destinatarios"][0]["nombre"]
    _the_answer_follows(town, letter, out)


def _lists_of_sendings_name_nobody(town: Town) -> None:
    for who in ("cruiz", "ntorres"):
        (row,) = town.does(who, "envios", "lista").json["envios"]
        assert row["nombre"] == "Identidad protegida" and row["direccion"] == ""
        for name in ("envios.pdf", "envios.csv"):
            path = town.casa / "salida" / name
            town.does(who, "envios", "planilla", "--salida", str(path))
            assert not _names(_text(path)) and "Identidad protegida" in _text(path)
    folder = town.casa / "salida" / "consecutivo"
    (row,) = town.does("ntorres", "consecutivo", "--clase", "S", "--salida", str(folder)).json[
        "radicados"
    ]
    assert (row["destinatario"], row["archivo"]) == ("Identidad protegida", None)
    assert {p.name for p in folder.iterdir()} == {"index.html", "consecutivo.csv"}
    assert "identidad protegida: sin copia" in _text(folder / "consecutivo.csv")


def _the_answer_follows(town: Town, letter: str, out: str) -> None:
    """Taken back or protected anew, the letter that answers goes with the record."""
    why = ("--motivo", "ella lo pidió")
    no = town.does("ntorres", "proteger-identidad", out, "--quitar", *why, code=1).json["error"]
    assert no["codigo"] == "la_protege_otro" and letter in no["mensaje"]
    town.does("ntorres", "proteger-identidad", letter, "--quitar", *why)
    assert town.does("gpardo", "ver", out).json["carta"]["destinatarios"][0]["nombre"]
    assert town.does("gpardo", "buscar", "Berta").json["total"] == 2
    done = town.does("cruiz", "proteger-identidad", letter, *why).json
    assert out in str(done["avisos"])
    for words in (("ver", out), ("ver", letter), ("carta", "lista", "--todas"), ("buscar", "")):
        assert not _names(_told(town, "joviedo", *words)), words
    assert town.does("gpardo", "buscar", "Berta").json["total"] == 0
    assert Office(town.casa).index.differences() == []
    assert town.does(None, "verificar").json["ok"]


def test_a_version_without_the_name_is_open_to_all(town: Town, tmp_path: Path) -> None:
    clerk = Office(town.casa, persona="cruiz")
    page = page_pdf("Denuncia de Berta")
    subject = clerk.recibir(page, reclamo="uno", nombre="a.pdf", carril="ventanilla",
                            extension="pdf")  # fmt: skip
    given = clerk.radicar(subject, {**SENDER, "dependencia": "140"}, identidad_protegida=True)
    letter = given.radicado
    clerk.sellar(subject, page, hueco=None, paginas=1, lectura=None)
    covered = tmp_path / "tapada.pdf"
    covered.write_bytes(page_pdf("Denuncia de alguien"))
    act = ("clasificar", letter, "--version-publica", str(covered))
    assert town.does("joviedo", *act, code=1).json["error"]["codigo"] == "identidad_protegida"
    town.does("mquintero", *act)
    (document,) = town.does("joviedo", "ver", letter).json["documentos"]
    assert document["rol"] == "version_publica"
    assert town.does("joviedo", "ver", letter).json["acceso"]["version_publica"]
    town.does("mquintero", "clasificar", letter, "--nivel", "reservada", "--fundamento", "19d")
    seen = town.does("joviedo", "ver", letter).json
    assert seen["campos"] == {} and {"reservado", "identidad_protegida"} <= set(seen["marcas"])
    both = town.does("ntorres", "ver", letter).json
    assert both["campos"]["remitente"] == SENDER["remitente"]


def test_the_number_and_its_protection_are_one_write(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from records.journal import Writer

    written: list[list[str]] = []
    usual = Writer.append_all

    def seen(self: Writer, drafts: Any, **more: Any) -> Any:
        events = usual(self, drafts, **more)
        written.append([event.type for event in events])
        return events

    monkeypatch.setattr(Writer, "append_all", seen)
    counter = town.does("cruiz", "radicar", "--sin-imagen", "--identidad-protegida",
                        *_given(asunto="Lo que hizo el jefe de Zuluaga"))  # fmt: skip
    assert "asunto" in counter.err and "rectif" in counter.err
    _sealed(town, "--identidad-protegida")
    kept = [types for types in written if "acceso.identidad" in types]
    assert kept == [["documento.recibido", "radicado.asignado", "acceso.identidad"],
                    ["radicado.asignado", "acceso.identidad"]]  # fmt: skip
    town.does("cruiz", "radicar", "--todos", "--identidad-protegida", code=2)
    plain = town.number(**SENDER)
    assert "identidad_protegida" not in town.does("gpardo", "ver", plain).json["marcas"]


def test_each_field_is_decided_and_lists_need_no_rule_of_their_own(town: Town) -> None:
    """A field that nobody thought of is withheld; what the index has is what nobody need be kept
    from, so no list asks who looks."""
    assert {*fields.FIELDS} > identity.SHOWN and not identity.SHOWN & set(SENDER)
    dice = random.Random(1581)
    office = Office(town.casa, persona="ntorres")
    staff = sorted(office.authority.personas)
    for n in range(8):
        clerk = Office(town.casa, persona="cruiz")
        given = clerk.radicar_sin_imagen({**SENDER, "dependencia": dice.choice(["120", "140"])},
                                         identidad_protegida=n % 2 == 0)  # fmt: skip
        if n % 2 == 0 and dice.random() < 0.6:
            try:
                office.permitir(given.radicado, dice.choice(staff), lines.now().date())
            except Refused as error:
                assert error.codigo == "ya_lo_ve"
    office.index.catch_up()
    for radicado, sender, kept in office.index.query(
        "SELECT radicado, remitente, protegida FROM registro"
    ):
        state = office.estado(office.subject(radicado))
        assert bool(kept) is state.acceso.identidad_protegida
        assert (sender == identity.WITHHELD) is bool(kept)
        for who in (None, *staff):
            sight = reserve.sight_of(office.authority, who, TODAY)
            if not kept:
                assert reserve.may_see_identity(state, sight)
            area = office.authority.areas[str(state.tramite.dependencia)]
            allowed = who is not None and (
                who in state.acceso.permisos
                or who == area.jefe
                or "jefe_correspondencia" in office.authority.roles_of(who)
            )
            assert reserve.may_see_identity(state, sight) is (allowed or not kept), (who, radicado)
            later = reserve.sight_of(office.authority, who, "2099-01-01")
            if kept and who in state.acceso.permisos:
                assert not reserve.may_see_identity(state, later), (who, radicado)
    nobody = seen_by(reserve.Sight(TODAY))
    total = office.index.query(f"SELECT count(*) FROM registro WHERE {nobody.sql}", nobody.values)
    assert total == [(8,)]


def test_what_is_tied_to_a_kept_writer_keeps_them_too(town: Town) -> None:
    person = {"remitente": "Zoraida Quiñones", "cedula": "52998877", "direccion": "Calle 9 # 1-1"}
    first = town.number(**person, tipo="denuncia", dependencia="140")
    why = ("--motivo", "denuncia a su jefe")
    town.does("cruiz", "proteger-identidad", first, *why)
    more, plea = (town.number(**person, tipo="sin_termino") for _ in range(2))
    town.does("cruiz", "vincular", more, "--con", first, "--como", "alcance")
    town.does("mquintero", "desistir", first, "--con", plea)
    for one in (first, more, plea):
        seen = town.does("dgarzon", "ver", one)
        assert "identidad_protegida" in seen.json["marcas"] and "Zoraida" not in seen.out, one
        assert "52998877" not in seen.out
    assert town.does(None, "verificar").json["ok"]


def test_the_acknowledgment_of_a_kept_writer_is_due_and_names_nobody(town: Town) -> None:
    values = ("asunto=Un hueco", "remitente=Zoraida Quiñones", "correo=zoraida@ejemplo.co",
              "canal=correo_electronico", "tipo=denuncia", "prioridad=vida_salud")  # fmt: skip
    pairs = [word for value in values for word in ("--campo", value)]
    done = town.does("cruiz", "radicar", "--sin-imagen", "--identidad-protegida", *pairs)
    letter = str(done.json["radicados"][0]["radicado"])
    listed = town.does("dgarzon", "acuses")
    assert listed.json["total"] == 1 and "zoraida" not in listed.out.lower()
    for path in town.casa.glob("index.sqlite*"):
        assert b"zoraida" not in path.read_bytes().lower()
    seen = town.does("dgarzon", "ver", letter)
    assert "prioritario" in seen.json["marcas"] and "vida_salud" not in seen.out
    folder = town.casa.parent / "acuses"
    town.does("cruiz", "acuses", "preparar", "--salida", str(folder))
    (mail,) = folder.iterdir()
    text = mail.read_text(encoding="utf-8")
    assert "zoraida@ejemplo.co" in text and letter in text and "Un hueco" not in text
