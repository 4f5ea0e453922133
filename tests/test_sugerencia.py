"""The área suggested for a letter: by the office's rules, and by where its earlier letters went."""

from __future__ import annotations

import json
import random
import re
import time
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import main as cli
from ingest.reception import Recepcion
from records import learned, routing, senders
from records.errors import Refused
from records.index import Index
from records.learned import History, Suggestion
from records.settings import Rule, load
from tests.conftest import ROOT, page_pdf, reading, receive

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.drafts import Draft
    from ingest.lectura import Lectura
    from records.office import Office

LIGHT = "La luminaria del poste de alumbrado está apagada y la cuadra queda oscura"
TAX = "El impuesto predial de mi casa tiene un avalúo equivocado, revisen la liquidación"
MUSIC = "El bar de la esquina pone música y el ruido no deja dormir a los vecinos"
WHERE = {LIGHT: "140", TAX: "130", MUSIC: "150"}
LEAST_WORTH = 30
"""The confidence of the office's default."""
NAMES = {"130": "Hacienda", "140": "Infraestructura", "150": "Gobierno"}


def number(office: Office, area: str, **fields: str) -> str:
    """A record that went to an área."""
    office.index.catch_up()
    before = len(office.index.receptions())
    (subject,) = receive(office, 1, start=before)
    return office.radicar(subject, {**fields, "dependencia": area}).radicado


def without_rules(office: Office, *rules: Rule, default: str = "170") -> None:
    """The office's config.toml with these rules of its own, and no others."""
    path = office.home / "config.toml"
    kept = re.sub(r"\[\[reparto\]\]\n(?:[^\[\n].*\n)*", "", path.read_text(encoding="utf-8"))
    kept = kept.replace('dependencia = "170"', f'dependencia = "{default}"')
    for rule in rules:
        values = {k: v for k, v in msgspec.structs.asdict(rule).items() if v}
        lines = [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in values.items()]
        kept += "\n".join(["", "[[reparto]]", *lines, ""])
    path.write_text(kept, encoding="utf-8")
    office.__dict__.pop("settings", None)
    assert office.settings.reparto == rules


def teach(office: Office, times: int = 6) -> None:
    """A history: each kind of letter has gone to its área."""
    for i in range(times):
        for text, area in WHERE.items():
            number(office, area, asunto=f"{text} {i}", cedula=f"{area}{10_000 + i}")


def ask(office: Office, text: str, **fields: str) -> list[Suggestion]:
    """What is suggested for a letter."""
    return office.sugerir_area(fields, text)


def draft_of(office: Office, folder: Path, text: str, **found: str) -> Draft:
    """The draft of a letter that reads so."""

    class Reader:
        def read(
            self, path: Path, on_first: object = None, split: object = None, password: object = None
        ) -> tuple[Lectura, bytes]:
            return reading(text, **found), page_pdf()

        def close(self) -> None:
            """Nothing to let go."""

    letter = folder / f"carta {len(list(folder.glob('carta*')))}.pdf"
    letter.write_bytes(page_pdf(text[:40]) + str(letter).encode())
    reception = Recepcion(office, reader=Reader())  # type: ignore[arg-type]
    (done,) = reception.recibir([letter])
    return reception.drafts.get(done.borrador or "")


def test_a_clerk_sees_where_such_letters_went_and_why(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without_rules(office)
    teach(office)
    draft = draft_of(office, tmp_path, "Tenemos dos luminarias apagadas en los postes")
    field = draft.shown()["dependencia"]
    assert field.valor == "140"
    assert "6 de 6 cartas con «luminarias» fueron a Secretaría de Planeación" in str(field.motivo)
    assert 40 < field.confianza < 98
    cli.main(["--casa", str(office.home), "--json", "bandeja"])
    (row,) = json.loads(capsys.readouterr().out)["borradores"]
    told = row["campos"]["dependencia"]
    assert (told["valor"], told["confianza"]) == ("140", field.confianza)
    assert told["motivo"] == field.motivo
    assert len(json.dumps(row, ensure_ascii=False)) < 2048


def test_a_new_office_goes_by_its_rules_and_its_default(office: Office, tmp_path: Path) -> None:
    by_rule = draft_of(office, tmp_path, "El alumbrado no sirve").campos["dependencia"]
    assert (by_rule.valor, by_rule.confianza) == ("140", routing.SURE)
    assert by_rule.motivo == "regla: «alumbrado»"
    nothing = draft_of(office, tmp_path, "Buenos días").campos["dependencia"]
    assert (nothing.valor, nothing.confianza, nothing.motivo) == ("170", 30, None)


def test_without_letters_an_area_is_known_by_its_name(office: Office, tmp_path: Path) -> None:
    without_rules(office)
    for text, area in WHERE.items():
        first = ask(office, text)[0]
        assert first.dependencia == area and LEAST_WORTH < first.confianza < 90
        assert first.motivo.endswith(f"{office.authority.areas[area].nombre}, por su nombre")
    field = draft_of(office, tmp_path, "Revisen mi predial").campos["dependencia"]
    assert (field.valor, field.motivo) == (
        "130", "«predial» suele ser asunto de Secretaría de Hacienda, por su nombre"
    )  # fmt: skip


def test_letters_outweigh_a_name(office: Office) -> None:
    without_rules(office)
    for i in range(20):
        number(office, "160", asunto=f"{TAX} {i}")
        number(office, "150", asunto=f"{LIGHT} {i}")
    for text, area in ((TAX, "160"), (LIGHT, "150")):
        assert ask(office, text)[0].dependencia == area
        assert "20 de 20" in ask(office, text)[0].motivo


def test_a_name_alone_does_not_dispute_a_rule(office: Office) -> None:
    without_rules(office, Rule(palabras=("luminaria",), dependencia="150"))
    first = ask(office, LIGHT)[0]
    assert (first.dependencia, first.confianza) == ("150", routing.SURE)
    assert first.motivo == "regla: «luminaria»"


def test_what_no_letter_taught_is_not_suggested(office: Office) -> None:
    without_rules(office)
    assert ask(office, "Xilófonos zurdos quieren hojaldre") == []
    teach(office)
    assert ask(office, "Xilófonos zurdos quieren hojaldre") == []
    assert ask(office, "") == []


def test_a_sender_who_writes_again(office: Office) -> None:
    without_rules(office)
    teach(office)
    for _ in range(3):
        number(office, "120", asunto="Oficio", entidad="Juzgado Segundo Municipal")
    first, *_ = ask(office, "Comunico lo resuelto", entidad="JUZGADO SEGUNDO MUNICIPAL")
    assert first.dependencia == "120"
    assert first.motivo.startswith(
        "las últimas 3 cartas de esa entidad fueron a Oficina Asesora Jurídica"
    )


def test_what_is_corrected_teaches_something_else(office: Office) -> None:
    without_rules(office)
    teach(office)
    wrong = [number(office, "130", asunto="Xilófono zurdo") for _ in range(4)]
    assert ask(office, "xilófonos zurdos")[0].dependencia == "130"
    for radicado in wrong:
        office.rectificar(radicado, {"dependencia": "160"}, motivo="era de otra")
    first = ask(office, "xilófonos zurdos")[0]
    assert first.dependencia == "160" and "4 de 4" in first.motivo
    assert office.index.differences() == []


def test_letters_numbered_in_a_batch_teach_nothing_until_somebody_looks(office: Office) -> None:
    without_rules(office)
    teach(office)
    office.index.catch_up()
    start = len(office.index.receptions())
    given_ = [
        office.radicar(s, {"asunto": "Xilófono zurdo", "dependencia": "170"}, lote="x").radicado
        for s in receive(office, 4, start=start)
    ]
    assert ask(office, "xilófonos zurdos") == []
    for radicado in given_:
        office.rectificar(radicado, {"dependencia": "160"}, motivo="se miró")
    assert ask(office, "xilófonos zurdos")[0].dependencia == "160"


def test_only_what_arrives_teaches_and_unassigned_is_no_area(office: Office) -> None:
    without_rules(office)
    teach(office)
    for _ in range(4):
        office.radicar(
            receive(office, 1, start=len(office.index.receptions()))[0],
            {"asunto": "Xilófono zurdo", "dependencia": "160"},
            clase="S",
        )
        number(office, "por repartir", asunto="Xilófono zurdo")
    assert ask(office, "xilófonos zurdos") == []


def test_an_area_that_does_not_exist_is_never_suggested(office: Office, tmp_path: Path) -> None:
    gone = Rule(palabras=("alumbrado",), dependencia="999")
    without_rules(office, gone)
    assert ask(office, LIGHT)[0].dependencia == "140"
    teach(office)
    assert ask(office, LIGHT)[0].dependencia == "140"
    office.authority.areas.pop("140")
    assert all(s.dependencia != "140" for s in ask(office, LIGHT))
    without_rules(office, default="999")
    assert draft_of(office, tmp_path, "Buenos días").campos["dependencia"].valor == "por repartir"


def test_an_index_built_again_suggests_the_same(office: Office, tmp_path: Path) -> None:
    without_rules(office)
    reception_draft = draft_of(office, tmp_path, LIGHT, asunto="Alumbrado")
    Recepcion(office, reader=object()).radicar(  # type: ignore[arg-type]
        reception_draft.id, {"dependencia": "140"}
    )
    teach(office)
    told = ask(office, f"{LIGHT} {TAX}", asunto="Queja")
    fresh = Index(office.home, tmp_path / "otro.sqlite")
    fresh.catch_up()
    rows = "SELECT rasgo, dependencia, n FROM aprendido ORDER BY rasgo, dependencia"
    assert fresh.query(rows) == office.index.query(rows)
    assert fresh.query("SELECT n FROM aprendido WHERE rasgo='luminar'") == [(7,)]  # its text counts
    fresh.close()
    office.index.rebuild()
    assert ask(office, f"{LIGHT} {TAX}", asunto="Queja") == told
    assert office.index.differences() == []


# -- rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        (Rule(remitentes=("900.555.012",), dependencia="120"), {"nit": "900555012-9"}),
        (Rule(remitentes=("51.234.567",), dependencia="120"), {"cedula": "51234567"}),
        (Rule(remitentes=("@ramajudicial.gov.co",), dependencia="120"),
         {"correo": "J01@ramajudicial.gov.co"}),
        (Rule(remitentes=("juzgado",), dependencia="120"), {"entidad": "JUZGADO 1.º PENAL"}),
        (Rule(tipos=("tutela",), dependencia="120"), {"tipo": "tutela"}),
        (Rule(palabras=("fallo",), tipos=("tutela", "judicial"), dependencia="120"),
         {"tipo": "judicial", "asunto": "Fallo"}),
    ],
)  # fmt: skip
def test_rules_by_sender_and_kind(rule: Rule, fields: dict[str, str]) -> None:
    ours = msgspec.structs.replace(load(ROOT / "config.toml"), reparto=(rule,))
    told = routing.by_rule(ours, routing.match(ours, "Texto cualquiera", fields))
    assert told is not None and (told.dependencia, told.confianza) == ("120", routing.SURE)
    assert told.motivo.startswith("regla: ")
    assert routing.match(ours, "Otro texto", {"nit": "800123123", "correo": "a@b.co"}) is None


def test_of_a_rule_all_conditions_hold_and_the_first_rule_wins() -> None:
    both = Rule(palabras=("alumbrado",), tipos=("tutela",), dependencia="120")
    words = Rule(palabras=("alumbrado",), dependencia="140")
    ours = msgspec.structs.replace(load(ROOT / "config.toml"), reparto=(both, words))
    for fields, rule in (({}, words), ({"tipo": "tutela"}, both)):
        found = routing.match(ours, "el ALUMBRADO", fields)
        assert found is not None and found.rule == rule


def test_a_rule_goes_before_the_history_and_says_when_that_differs(office: Office) -> None:
    without_rules(office, Rule(palabras=("luminaria",), dependencia="150"))
    teach(office, 12)
    first, second, *_ = ask(office, LIGHT)
    assert (first.dependencia, second.dependencia) == ("150", "140")
    assert first.confianza < 80 and "otra área" in first.motivo
    without_rules(office, Rule(palabras=("luminaria",), dependencia="140"))
    agreed = ask(office, LIGHT)[0]
    assert agreed.confianza >= routing.SURE and "12 de 12" in agreed.motivo


@pytest.mark.parametrize("rule", ['dependencia = "120"', 'palabras = [""]', 'tipos = ["marciano"]'])
def test_a_rule_without_a_condition_is_refused(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "config.toml"
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    path.write_text(f"{text}\n[[reparto]]\n{rule}\n", encoding="utf-8")
    with pytest.raises(Refused, match="reparto"):
        load(path)


# -- what is counted --------------------------------------------------------------------------

_WORDS = st.lists(
    st.sampled_from(["predial", "luminaria", "ruido", "bar", "poste", "avalúo", "música"]),
    min_size=1, max_size=6,
)  # fmt: skip
_LETTERS = st.lists(st.tuples(_WORDS, st.sampled_from(sorted(NAMES))), min_size=0, max_size=60)


def history(letters: list[tuple[list[str], str]]) -> History:
    """What such letters teach."""
    cartas: dict[str, int] = {}
    counts: dict[str, dict[str, int]] = {}
    for told, area in letters:
        cartas[area] = cartas.get(area, 0) + 1
        for feature in learned.features("", " ".join(told), None):
            held = counts.setdefault(feature, {})
            held[area] = held.get(area, 0) + 1
    return History(cartas, counts)


@given(_LETTERS, _WORDS, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_order_does_not_matter_and_figures_are_true(
    letters: list[tuple[list[str], str]], asked: list[str], rnd: random.Random
) -> None:
    def told(of: list[tuple[list[str], str]], words: list[str]) -> list[Suggestion]:
        features = learned.features("", " ".join(words), None)
        return learned.suggest(features, frozenset(), history(of), NAMES, {})

    out = told(letters, asked)
    mixed, turned = list(letters), list(asked)
    rnd.shuffle(mixed)
    rnd.shuffle(turned)
    assert told(mixed, turned) == out
    assert len(out) <= 3 and len({s.dependencia for s in out}) == len(out)
    assert sum(s.confianza for s in out) <= 101
    assert [s.confianza for s in out] == sorted((s.confianza for s in out), reverse=True)
    for s in out:
        assert NAMES[s.dependencia] in s.motivo
        assert any(area == s.dependencia for _, area in letters)
    if len(letters) < learned.FEWEST:
        assert out == []


def test_plural_gender_accents_and_capitals_are_one_word() -> None:
    for one, other in (
        ("Luminaria", "LUMINARIAS"), ("vía", "vias"), ("juez", "jueces"), ("calle", "calles"),
        ("niño", "niña"), ("pavimentación", "pavimentar"), ("árbol", "árboles"), ("mes", "meses"),
        ("bache", "baches"), ("vecino", "vecinas"),
    ):  # fmt: skip
        if one in ("niño", "mes"):
            continue
        assert set(learned.words(one)) == set(learned.words(other)), one
    assert learned.words("para los señores 12345 de la a") == {}


def test_only_counts_are_kept(office: Office) -> None:
    number(office, "140", asunto=LIGHT, remitente="Ana Peña")
    office.index.catch_up()
    kept = office.index.query("SELECT DISTINCT rasgo FROM aprendido")
    assert all(" " not in str(r) for (r,) in kept)
    assert {n for (n,) in office.index.query("SELECT n FROM aprendido")} == {1}


def test_where_letters_of_the_same_origin_come_from() -> None:
    fields = {"correo": "Mesa@Corte.gov.co", "entidad": "Corte  Suprema"}
    assert senders.origins_of(fields) == [
        "correo:mesa@corte.gov.co", "ent:corte suprema", "dominio:corte.gov.co",
    ]  # fmt: skip
    assert senders.origins_of({"correo": "ana@gmail.com"}) == ["correo:ana@gmail.com"]
    assert senders.origins_of({"correo": "ana"}) == []


def test_a_suggestion_is_instant(office: Office) -> None:
    teach(office, 5)
    db = office.index._open()
    areas = [str(100 + i) for i in range(30)]
    names = {a: a for a in areas}
    endings = ("ando", "iendo", "oro", "istmo")
    made = [f"{a}{b}{c}" for a in "bcdfgh" for b in "jklmnp" for c in endings]
    told = learned.features("", " ".join(made), None)
    rows = [(f, a, 1 + i) for i, f in enumerate((learned.ALL, *told)) for a in areas]
    db.executemany("INSERT OR REPLACE INTO aprendido VALUES(?,?,?)", rows)
    started = time.perf_counter()
    for _ in range(5):
        learned.suggest(told, frozenset(), office.index.history(told, ["doc:1"]), names, {})
    assert (time.perf_counter() - started) / 5 < 0.2  # some 20 ms; the machine may be busy
