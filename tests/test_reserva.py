"""Who sees a record and who does not, driven by the commands of an office's people."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from cli.main import main
from records import reserve
from records.errors import Refused
from records.office import Office
from records.query import seen_by
from records.state import State, fold
from tests import faults
from tests.conftest import ROOT, page_pdf
from tests.forenoon import TODAY, forenoon
from tests.program import Result, run

__all__ = ["forenoon"]
LATER = (TODAY + timedelta(days=900)).isoformat()


class Town:
    """An office whose commands run in this process.

    In one of demonstration somebody unknown asks in the place of nobody.
    """

    def __init__(
        self, casa: Path, capsys: pytest.CaptureFixture[str], nobody: str | None = "nadie"
    ) -> None:
        self.casa, self._capsys, self._nobody = casa, capsys, nobody

    def does(self, who: str | None, *words: str | Path, code: int = 0) -> dict[str, Any]:
        self._capsys.readouterr()
        who = who or self._nobody
        said = ("--persona", who) if who else ()
        done = main([*map(str, words), *said, "--casa", str(self.casa), "--json"])
        out, err = self._capsys.readouterr()
        assert done == code, out + err
        document: dict[str, Any] = json.loads(out)
        return document

    def office(self, who: str | None = None) -> Office:
        return Office(self.casa, persona=who or self._nobody)

    def number(self, **fields: str) -> str:
        return self.office("cruiz").radicar_sin_imagen(fields).radicado

    def finds(self, who: str | None, text: str) -> tuple[int, list[str]]:
        found = self.does(who, "buscar", text)
        return found["total"], [r["radicado"] for r in found["radicados"]]

    def reserves(self, who: str, letter: str, *more: str) -> dict[str, Any]:
        return self.does(who, "clasificar", letter, "--nivel", "reservada", "--fundamento", "19d",
                         "--hasta", LATER, "--motivo", "hay una indagación en curso",
                                 *more)  # fmt: skip


def _founded(casa: Path, **how: Any) -> Path:
    Office.found(casa, ROOT / "config.toml", **how)[0].index.close()
    admin = Office(casa, persona="svillamil")
    for person in ("lpaz", "rsosa"):
        admin.agregar_persona(person, nombre=person, cargo="", roles=["jefe_area"], passphrase=None,
                              dependencia="120")  # fmt: skip
    return casa


@pytest.fixture
def town(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Town:
    return Town(_founded(tmp_path / "oficina", demo=True), capsys)


@pytest.fixture
def real_town(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Town:
    casa = _founded(tmp_path / "oficina", passphrase="una frase bastante larga")
    return Town(casa, capsys, nobody=None)


def test_a_reserved_letter_is_there_only_for_those_who_have_it(real_town: Town) -> None:
    town = real_town
    open_one = town.number(asunto="Un hueco en la vía", remitente="Ana Sol")
    letter = town.number(asunto="Denuncia por la extorsión", remitente="Berta Gil", tipo="denuncia",
                         dependencia="120")  # fmt: skip
    done = town.reserves("lcardenas", letter, "--acto", "Auto 12", "--norma", "Ley 906, art. 212B")
    assert {"evento", "estado", "vence"} <= set(done)
    assert (done["nivel"], done["fundamento"], done["hasta"]) == ("reservada", "19d", LATER)

    for who in (None, "cruiz", "gpardo", "earango", "joviedo", "lpaz", "svillamil", "nadie"):
        assert town.finds(who, "") == (1, [open_one]), who
        for text in ("extorsión", "Berta", f"radicado:{letter}", "no hueco", "area:120"):
            assert town.finds(who, text) == (0, []), (who, text)
        told = town.does(who, "tramites")
        assert [r["radicado"] for r in told["radicados"]] == [open_one]
        assert sum(told["bandejas"].values()) == 1
        seen = town.does(who, "ver", letter)
        assert (seen["radicado"], seen["estado"], seen["marcas"]) == (letter, "asignado",
                                                                      ["reservado"])  # fmt: skip
        assert seen["campos"] == {} and seen["historia"] == seen["documentos"] == []
        access = seen["acceso"]
        assert not access["visible"] and "art. 19 d" in access["norma"] and access["hasta"] == LATER
        assert "extorsión" not in str(seen) and "Berta" not in str(seen)
    for words in (("nota", letter, "miré"), ("informar", letter, "--a-persona", "joviedo"),
                  ("constancia", letter), ("etiqueta", letter)):  # fmt: skip
        refused = town.does("joviedo", *words, code=1)["error"]
        assert refused["codigo"] == "reservado" and "art. 19" in refused["norma"], words

    for who in ("ntorres", "lcardenas"):
        assert town.finds(who, "extorsion")[1] == [letter]
        assert town.finds(who, "")[0] == 2
        seen = town.does(who, "ver", letter)
        assert seen["campos"]["remitente"] == "Berta Gil" and seen["acceso"]["acto"] == "Auto 12"
    looked = [h["actor"] for h in seen["historia"] if h["tipo"] == "acceso.consultado"]
    assert looked == ["ntorres", "lcardenas"]
    assert town.does(None, "verificar")["ok"]


def test_what_names_somebody_lets_them_in_and_what_is_taken_back_shuts_out(town: Town) -> None:
    letter = town.number(asunto="Extorsión", dependencia="120")
    town.reserves("ntorres", letter)
    for act, who in (
        (("asignar", letter, "--dependencia", "120", "--responsable", "lpaz"), "lpaz"),
        (("informar", letter, "--a-persona", "joviedo"), "joviedo"),
        (("vobo", letter, "--pide", "mquintero"), "mquintero"),
        (("clasificar", letter, "--permite", "gpardo"), "gpardo"),
    ):
        assert town.finds(who, "extorsion")[0] == 0
        town.does("lcardenas", *act)
        assert town.finds(who, "extorsion")[0] == 1
    assert town.finds("rsosa", "extorsion")[0] == 0
    town.does("mquintero", "vobo", letter)
    for who in ("joviedo", "mquintero", "gpardo"):
        town.does("joviedo", "clasificar", letter, "--retira", who, code=1)
        town.does("lcardenas", "clasificar", letter, "--retira", who)
        assert town.finds(who, "extorsion")[0] == 0
        assert not town.does(who, "ver", letter)["acceso"]["visible"]
    town.does("lcardenas", "clasificar", letter, "--permite", "gpardo", code=0)
    again = town.does("lcardenas", "clasificar", letter, "--permite", "gpardo", code=1)
    assert again["error"]["codigo"] == "sin_cambio"
    today = TODAY.isoformat()
    town.office("svillamil").encargar("rsosa", "lcardenas", today, today, "Resolución 9 de 2026")
    assert town.finds("rsosa", "extorsion")[0] == 1
    town.does("ntorres", "clasificar", letter, "--nivel", "publica", "--motivo", "se archivó")
    assert town.finds(None, "extorsion")[0] == 1
    assert town.does(None, "ver", letter)["acceso"]["nivel"] == "publica"
    _classified_is_open_to_its_area_and_the_records_staff(town)


def _classified_is_open_to_its_area_and_the_records_staff(town: Town) -> None:
    letter = town.number(asunto="Historia clínica", dependencia="120")
    town.does("cruiz", "clasificar", letter, "--nivel", "clasificada", "--fundamento", "18b",
              "--motivo", "datos de salud")  # fmt: skip
    for who in ("cruiz", "dgarzon", "earango", "gpardo", "ntorres", "lcardenas", "lpaz"):
        assert town.finds(who, "clínica")[0] == 1, who
        assert town.does(who, "ver", letter)["marcas"][-1] == "clasificado"
    for person in (None, "joviedo", "svillamil"):
        assert town.finds(person, "clínica")[0] == 0
    history = town.does("lpaz", "ver", letter)["historia"]
    assert "acceso.consultado" not in [h["tipo"] for h in history]
    lower = ("clasificar", letter, "--nivel", "publica", "--motivo", "me equivoqué")
    assert town.does("cruiz", *lower, code=1)["error"]["codigo"] == "no_clasifica"


def test_who_was_let_in_lets_in_nobody_else(town: Town) -> None:
    letter = town.number(dependencia="120")
    town.reserves("lcardenas", letter)
    town.does("lcardenas", "clasificar", letter, "--permite", "gpardo")
    no = town.does("gpardo", "informar", letter, "--a-persona", "pbenitez", code=1)["error"]
    assert no["codigo"] == "no_es_suyo"
    town.does("lcardenas", "informar", letter, "--a-persona", "pbenitez")


def test_what_must_not_be_seen_is_withheld_at_once_and_its_ground_is_asked_for(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = town.number(dependencia="120")
    done = town.does("ntorres", "clasificar", letter, "--nivel", "reservada")
    assert done["fundamento"] is None and done["hasta"] == reserve.last_day(TODAY).isoformat()
    assert town.finds("gpardo", "")[0] == 0
    refused = town.does("gpardo", "nota", letter, "a ver", code=1)["error"]
    assert refused["codigo"] == "reservado" and "art. 19" in refused["norma"]
    town.does("ntorres", "indice-reservada")
    capsys.readouterr()
    office = town.office("ntorres")
    office.clasificar(letter, "clasificada")
    assert "fundamento" in office.avisos[0] and "art. 28" in office.avisos[0]


def test_a_classification_has_its_reason_its_ground_and_its_end(town: Town) -> None:
    letter = town.number(dependencia="120")
    far = TODAY.replace(year=TODAY.year + 16).isoformat()
    why = ("--motivo", "hay una indagación")
    for more, code, article in (
        (("--fundamento", "19d", "--hasta", LATER, "--motivo", "sí"), "sin_motivo", ""),
        (("--fundamento", "18a", "--hasta", LATER, *why), "fundamento", "art. 19"),
        (("--fundamento", "19d", "--hasta", far, *why), "termino_de_la_reserva", "art. 22"),
        (("--fundamento", "19d", "--hasta", "2020-01-01", *why), "fecha_pasada", ""),
    ):
        error = town.does("ntorres", "clasificar", letter, "--nivel", "reservada", *more, code=1)
        assert error["error"]["codigo"] == code and article in error["error"].get("norma", "")
    for who in ("joviedo", "gpardo", "lpaz"):
        error = town.does(who, "clasificar", letter, "--nivel", "clasificada", "--fundamento",
                          "18a", *why, code=1)  # fmt: skip
        assert error["error"]["codigo"] == "no_clasifica"
    assert town.does("ntorres", "clasificar", letter, "--permite", "gpardo", "--motivo", "x",
                     code=2)  # fmt: skip
    town.does("ntorres", "clasificar", "--nivel", "publica", code=2)
    grounds = town.does(None, "clasificar", "--fundamentos")["fundamentos"]
    assert {"18a", "18c", "19a", "19i", "19par"} <= {g["codigo"] for g in grounds}
    assert town.does(None, "ver", letter)["acceso"]["nivel"] == "publica"
    assert [h["tipo"] for h in town.does(None, "ver", letter)["historia"]][2:] == []
    town.reserves("ntorres", letter)
    _it_is_public_again_when_its_last_day_has_passed(town.office(), letter)


def _it_is_public_again_when_its_last_day_has_passed(office: Office, letter: str) -> None:
    office.index.catch_up()
    state = office.estado(office.subject(letter))
    after = (date.fromisoformat(LATER) + timedelta(days=1)).isoformat()
    for day, open_to_all in ((TODAY.isoformat(), False), (LATER, False), (after, True)):
        nobody = reserve.Sight(day)
        assert reserve.may_see(state, nobody) is open_to_all
        assert bool(_shown(office, nobody)) is open_to_all
        assert (state.acceso.nivel(day) == "publica") is open_to_all
    assert reserve.last_day(date(2028, 2, 29)) == date(2043, 2, 28)
    events = office.index.events(state.subject)
    assert fold(state.subject, reversed(events)).acceso == state.acceso


def _shown(office: Office, sight: reserve.Sight) -> list[str]:
    seen = seen_by(sight)
    return [r for (r,) in office.index.query(
        f"SELECT radicado FROM registro WHERE {seen.sql} ORDER BY id", seen.values)]  # fmt: skip


def test_search_and_the_rule_agree_whoever_looks(town: Town) -> None:
    dice = random.Random(1712)
    head = town.office("ntorres")
    staff = sorted(head.authority.personas)
    letters = [town.number(dependencia=dice.choice(["120", "130", "140"])) for _ in range(12)]
    for letter in letters:
        level = dice.choice(["publica", "clasificada", "reservada"])
        ground = {"clasificada": "18a", "reservada": "19d"}.get(level)
        if ground:
            head.clasificar(letter, level, fundamento=ground, motivo="lo pide el proceso",
                            hasta=TODAY + timedelta(days=dice.randint(1, 9)))  # fmt: skip
        for _ in range(dice.randint(0, 2)):
            person, until = dice.choice(staff), TODAY + timedelta(days=dice.randint(0, 9))
            try:
                head.permitir(letter, person, until)
            except Refused:
                head.informar([letter], persona=person)
        head.asignar([letter], "150", conjuntas=dice.sample(["120", "130"], dice.randint(0, 2)))
    head.index.catch_up()
    states = [head.estado(head.subject(r)) for r in letters]
    for who in (None, *staff):
        for days in (0, 3, 6, 12):
            day = (TODAY + timedelta(days=days)).isoformat()
            sight = reserve.sight_of(head.authority, who, day)
            want = [_number(s) for s in states if reserve.may_see(s, sight)]
            assert _shown(head, sight) == want, (who, days)
    assert head.index.differences() == []


def _number(state: State) -> str:
    assert state.numero is not None
    return state.numero.radicado


@pytest.mark.largo
def test_on_a_read_only_medium_what_is_reserved_is_not_shown(tmp_path: Path) -> None:
    secret = tmp_path / "clave.txt"
    secret.write_text("una frase bastante larga\n")
    with faults.small_disk(tmp_path / "disco", "40m") as disk:
        casa = disk / "oficina"

        def does(*words: str | Path) -> Result:
            return run(*words, "--casa", casa, "--json")

        made = does("iniciar", "--config", ROOT / "config.toml", "--clave-archivo", secret)
        assert made.code == 0, made.err
        given = does("radicar", "--sin-imagen", "--campo", "asunto=Extorsión", "--persona", "cruiz")
        letter = str(given.json["radicados"][0]["radicado"])
        act = ("clasificar", letter, "--nivel", "reservada", "--fundamento", "19d", "--hasta",
               LATER, "--motivo", "hay una indagación", "--persona", "ntorres")  # fmt: skip
        assert does(*act).code == 0
        faults.remount(disk, "ro")
        told = does("ver", letter, "--persona", "ntorres")
        assert (told.code, told.json["error"]["codigo"]) == (4, "consulta_sin_anotar")
        assert not does("ver", letter).json["acceso"]["visible"]


def test_papers_that_leave_the_office_keep_the_reserve(town: Town) -> None:
    sender = {"remitente": "Berta Gil", "cedula": "52111222", "direccion": "Calle 9 # 4-21"}
    letter = town.number(asunto="Denuncia por la extorsión", dependencia="120", **sender)
    clerk = town.office("cruiz")
    assert clerk.conocidos({"cedula": "52111222"})
    town.reserves("ntorres", letter)
    assert not town.office("ntorres").conocidos({"cedula": "52111222"})
    assert not clerk.index.history(["denunci", "extorsi"], []).rasgos
    book = town.does("gpardo", "libro", "--desde", TODAY.isoformat(), "--hasta", TODAY.isoformat())
    words = _pdf_text(Path(book["pdf"]))
    assert letter in words and "reservado" in words
    assert "Berta" not in words and "extorsi" not in words
    for who in ("cruiz", "cruiz"):
        assert "Berta" in _pdf_text(Path(town.does(who, "constancia", letter)["archivo"]))
    town.does("cruiz", "etiqueta", letter)
    history = town.does("ntorres", "ver", letter)["historia"]
    noted = [(h["actor"], h["datos"]["via"]) for h in history if h["tipo"] == "acceso.consultado"]
    assert noted == [("cruiz", "constancia"), ("cruiz", "constancia"), ("cruiz", "etiqueta"),
                     ("ntorres", "ver")]  # fmt: skip
    assert [h["tipo"] for h in history].count("documento.expedido") == 1
    _where_a_reading_cannot_be_noted_nothing_is_shown(town, letter)


def _where_a_reading_cannot_be_noted_nothing_is_shown(town: Town, letter: str) -> None:
    place = town.casa.parent / "copia"
    shutil.copytree(town.casa, place)
    copy = Town(place, town._capsys)
    error = copy.does("ntorres", "ver", letter, code=4)
    assert error["error"]["codigo"] == "consulta_sin_anotar" and "campos" not in error
    assert not copy.does(None, "ver", letter)["acceso"]["visible"]


def _pdf_text(path: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_index_tells_what_is_withheld_and_nothing_of_it(town: Town, tmp_path: Path) -> None:
    first = town.number(asunto="La extorsión", remitente="Berta Gil", dependencia="120")
    second = town.number(asunto="Historia clínica", remitente="Ana Sol", tipo="queja")
    town.number(asunto="Un hueco")
    town.reserves("lcardenas", first)
    town.does("cruiz", "clasificar", second, "--nivel", "clasificada", "--fundamento", "18b",
              "--motivo", "=datos de salud", "--acto", "Resolución 3")  # fmt: skip
    told = town.does(None, "indice-reservada")
    assert told["filas"] == 2
    rows = told["informacion"]
    assert [r["informacion"] for r in rows] == [f"Radicado {first}", f"Radicado {second}"]
    assert rows[0]["plazo"] == f"hasta {LATER}" and rows[1]["plazo"] == "ilimitado"
    assert rows[0]["motivo"] == "hay una indagación en curso" and rows[1]["acto"] == "Resolución 3"
    for form in ("csv", "json", "xlsx"):
        file = Path(town.does(None, "indice-reservada", "--formato", form)["archivo"])
        assert file.suffix == f".{form}" and file.stat().st_size
        if form != "xlsx":
            text = file.read_text("utf-8-sig")
            assert first in text and "Berta" not in text and "extorsi" not in text
    assert "'=datos" in (file.parent / f"{file.stem}.csv").read_text("utf-8-sig")
    town.does(None, "indice-reservada", "--formato", "doc", code=1)


def test_what_comes_again_of_a_reserved_letter_is_for_the_counter(town: Town) -> None:
    letter = _sealed(town)
    town.reserves("lcardenas", letter)
    again = town.casa.parent / "otra.pdf"
    papers = town.does("lcardenas", "ver", letter)["documentos"]
    shutil.copy(town.casa / next(d["archivo"] for d in papers if d["rol"] == "original"), again)
    town.does("cruiz", "recibir", again)
    for who in ("cruiz", "lcardenas"):
        (draft,) = town.does(who, "bandeja")["borradores"]
        assert draft["duplicado_de"] == letter
    for who in (None, "joviedo", "gpardo"):
        assert town.does(who, "bandeja")["borradores"] == []


def _sealed(town: Town) -> str:
    """A letter with its image, of which a name is to be covered."""
    office = town.office("cruiz")
    page = page_pdf("Denuncia de Berta Gil por extorsion")
    subject = office.recibir(page, reclamo="uno", nombre="a.pdf", carril="ventanilla",
                             extension="pdf")  # fmt: skip
    given = office.radicar(subject, {"asunto": "La extorsión", "dependencia": "120"})
    office.sellar(subject, page, hueco=None, paginas=1, lectura=None)
    return given.radicado


def _covered(source: Path, target: Path) -> Path:
    """What an editor that only paints over leaves: the words still lie under the black."""
    with pikepdf.open(source) as pdf:
        page = pdf.pages[0]
        page.contents_add(b"q 0 0 0 rg 60 690 300 30 re f Q")
        pdf.save(target)
    return target


def test_the_public_version_shows_the_rest_and_hides_nothing_under_ink(
    town: Town, tmp_path: Path
) -> None:
    letter = _sealed(town)
    town.reserves("lcardenas", letter)
    seen = town.does("lcardenas", "ver", letter)
    sealed = town.casa / next(d["archivo"] for d in seen["documentos"] if d["rol"] == "registro")
    covered = _covered(sealed, tmp_path / "tapada.pdf")
    assert "Berta" in _pdf_text(covered)
    again = tmp_path / "otra.pdf"
    with pikepdf.open(sealed) as pdf:
        pdf.save(again)
    act = ("clasificar", letter, "--version-publica")
    for file, code in ((again, "no_oculta_nada"), (sealed, "no_oculta_nada"),
                       (town.casa / "config.toml", "version_ilegible"),
                       (tmp_path / "no.pdf", "sin_archivo")):  # fmt: skip
        assert town.does("lcardenas", *act, file, code=1)["error"]["codigo"] == code
    assert town.does("joviedo", *act, covered, code=1)["error"]["codigo"] == "reservado"
    town.does("lcardenas", *act, covered)
    outside = town.does(None, "ver", letter)
    (document,) = outside["documentos"]
    assert document["rol"] == "version_publica" and outside["campos"] == {}
    public = town.casa / document["archivo"]
    assert public.read_bytes() != covered.read_bytes() and _pdf_text(public).strip() == ""
    assert document["archivo"] == outside["acceso"]["version_publica"]
    assert town.does(None, "indice-reservada")["informacion"][0]["excepcion"] == "parcial"
    assert town.does(None, "verificar")["ok"]
    public.write_bytes(b"%PDF-")
    assert not town.does(None, "verificar", letter, code=3)["ok"]
