"""Papers are handed over by planillas: rules, sheets, and that a cut leaves nothing half-said."""

from __future__ import annotations

import itertools
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import custody, lines, rounds, slips, verify
from records.custody import Rounds
from records.disk import Disk
from records.errors import Refused
from records.events import NAMES, Event, read_fact
from records.fact import Fact
from records.office import Office
from records.rounds import (
    LinesAnswered,
    Outcome,
    PaperMoved,
    RoundMade,
    SheetLost,
    SheetReprinted,
    SheetReturned,
)
from tests.conftest import receive, text_of

AREA = "140"
HEAD = "mquintero"
SHA = "a" * 64
TODAY = lines.now().date()
NORM = "Acuerdo 060 de 2001 (AGN), art. 8"


def numbered(office: Office, n: int, start: int = 0, **fields: str) -> list[str]:
    """Radicados of *n* letters for the área, with their scans."""
    values = {"remitente": "José Ñañez", "asunto": "Talud", "dependencia": AREA, **fields}
    subjects = receive(office, n, start=start)
    return [office.radicar(subject, values).radicado for subject in subjects]


def as_person(office: Office, person: str) -> Office:
    return Office(office.home, persona=person)


def where(office: Office, radicado: str) -> str:
    paper = office.ver(radicado).papel
    assert paper is not None
    return str(paper["lugar"])


def fact_of(office: Office, numero: str) -> RoundMade:
    found = office.planilla(numero)
    assert found is not None
    return found.hecha


def ok(office: Office) -> bool:
    return verify.verify(office).ok


# -- the fold -------------------------------------------------------------------------------------
MADE = RoundMade(
    planilla="2026-VU1-PL-000001",
    vigencia=2026,
    n=1,
    anterior=None,
    dependencia=AREA,
    lineas=[f"R-{n}" for n in range(1, 6)],
    codigo="0" * 16,
    documento=SHA,
)
NUMBERS = {radicado: f"VU1.{n}" for n, radicado in enumerate(MADE.lineas)}


def event(fact: Fact, seq: int, ficha: dict[str, Any] | None = None) -> Event:
    data = msgspec.to_builtins(fact)
    subject = rounds.subject_of(MADE.planilla)
    at = f"2026-11-23T08:00:{seq:02d}.000-05:00"
    return Event(
        "VU1", 0, seq, f"{seq:064x}", at, "ana", NAMES[type(fact)], subject, [], data, ficha
    )


outcomes = st.tuples(st.sampled_from(rounds.OUTCOMES), st.sampled_from(["", "no es de aquí"]))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("said"), st.dictionaries(st.integers(0, 7), outcomes), st.booleans()),
        st.tuples(st.just("lost"), st.none(), st.none()),
        st.tuples(st.just("back"), st.none(), st.none()),
    ),
    max_size=8,
)


@given(acts)
def test_each_line_gets_one_outcome_whatever_is_asked(asked: list[Any]) -> None:
    events, log = [event(MADE, 0)], Rounds()
    said: dict[int, str] = {}
    places = dict.fromkeys(MADE.lineas, "ventanilla")

    def take(fact: Fact, subject: str = "") -> None:
        assert list(log.take(subject, fact, NUMBERS, {"VU1.9": SHA})) == []

    def follow(fact: Fact, open_lines: list[int]) -> None:
        for move in rounds.moves(MADE, fact, "h", open_lines):
            take(move, NUMBERS[move.radicado])
            places[move.radicado] = move.lugar

    take(MADE)
    follow(MADE, [])
    for what, lines_said, rest in asked:
        state = rounds.fold(events)
        assert state is not None
        open_before, fact, ficha = [one.n for one in state.abiertas], None, None
        if what == "said":
            try:
                chosen = custody.answers(state, lines_said, rest=rest, on=TODAY)
            except Refused as refused:
                assert refused.norma is not None
                continue
            assert not set(chosen) & set(said) and all(1 <= n <= 5 for n in chosen)
            said |= {n: outcome for n, (outcome, _) in chosen.items()}
            fact = LinesAnswered(
                planilla=MADE.planilla,
                lineas=[(n, outcome) for n, (outcome, _) in chosen.items()],
                modo="hoja",
            )
            ficha = {"causas": {str(n): cause for n, (_, cause) in chosen.items() if cause}}
        elif state.perdida is None and what == "lost":
            fact, ficha = SheetLost(planilla=MADE.planilla), {"motivo": "se mojó"}
        elif state.perdida is None:
            fact = SheetReturned(planilla=MADE.planilla, recepcion="VU1.9", sha256=SHA)
        if fact is not None:
            events.append(event(fact, len(events), ficha))
            take(fact)
            follow(fact, open_before)
    now = rounds.fold(events)
    assert now is not None
    assert {line.n: line.resultado for line in now.lineas if line.resultado} == said
    assert all(line.causa for line in now.lineas if line.resultado == "rechazado")
    left = {n for n in range(1, 6) if n not in said}
    assert {line.n for line in now.abiertas} == (set() if now.perdida else left)
    expected = {"recibido": "area", "rechazado": "ventanilla", "faltante": "mensajero"}
    for n, radicado in enumerate(MADE.lineas, start=1):
        free = "ventanilla" if now.perdida else "mensajero"
        assert places[radicado] == (expected[said[n]] if n in said else free)


def moved(**more: Any) -> PaperMoved:
    said = {"radicado": "R-1", "lugar": "mensajero", "dependencia": AREA, "linea": 1}
    return PaperMoved(**{**said, "planilla": MADE.planilla, **more})


SAID = LinesAnswered(planilla=MADE.planilla, lineas=[(1, "recibido")], modo="hoja")
LIES: dict[str, list[Fact]] = {
    "a planilla twice": [MADE, MADE],
    "an empty planilla": [msgspec.structs.replace(MADE, lineas=[])],
    "a number twice in it": [msgspec.structs.replace(MADE, lineas=["R-1", "R-1"])],
    "a number of nobody": [msgspec.structs.replace(MADE, lineas=["R-9"])],
    "the number of a record": [msgspec.structs.replace(MADE, planilla="R-1")],
    "a paper on two planillas": [MADE, msgspec.structs.replace(MADE, planilla="P2")],
    "a planilla that was never made": [SAID],
    "an outcome twice": [MADE, SAID, SAID],
    "an outcome of no line": [MADE, msgspec.structs.replace(SAID, lineas=[(6, "recibido")])],
    "received after it was lost": [MADE, SheetLost(planilla=MADE.planilla), SAID],
    "lost twice": [MADE, SheetLost(planilla=MADE.planilla), SheetLost(planilla=MADE.planilla)],
    "another duplicate": [MADE, SheetReprinted(planilla=MADE.planilla, copia=2)],
    "another sheet": [MADE, SheetReturned(planilla=MADE.planilla, recepcion="VU1.8", sha256=SHA)],
    "another line's paper": [MADE, moved(linea=2)],
    "a line beyond the last": [MADE, moved(linea=6)],
    "a paper that left twice": [MADE, moved(), moved()],
    "to another área": [MADE, moved(dependencia="150")],
    "left for elsewhere": [MADE, moved(lugar="area")],
    "received and nobody said so": [MADE, moved(), moved(lugar="area", resultado="recibido")],
    "received and brought back": [MADE, SAID, moved(lugar="ventanilla", resultado="recibido")],
    "another outcome than was said": [MADE, SAID, moved(resultado="faltante")],
    "of a planilla that nobody made": [moved()],
    "by hand while it is carried": [
        MADE,
        moved(),
        PaperMoved(radicado="R-1", lugar="archivo"),
    ],
    "by hand to an área": [PaperMoved(radicado="R-1", lugar="area")],
    "a line of no planilla": [PaperMoved(radicado="R-1", lugar="archivo", linea=1)],
    "of another record": [PaperMoved(radicado="R-2", lugar="archivo")],
}


@pytest.mark.parametrize("name", LIES)
def test_a_log_that_lies_about_papers_is_found(name: str) -> None:
    log = Rounds()
    found = [list(log.take("VU1.0", fact, NUMBERS, {"VU1.9": SHA})) for fact in LIES[name]]
    assert found[-1] and not any(itertools.chain(*found[:-1]))


@pytest.mark.parametrize(
    "fact",
    [
        MADE,
        SAID,
        SheetReturned(planilla="P", recepcion="VU1.1", sha256=SHA),
        SheetReprinted(planilla="P", copia=1),
        SheetLost(planilla="P"),
        moved(),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_a_field_that_is_missing_or_odd_is_refused(fact: Fact) -> None:
    data = msgspec.to_builtins(fact)
    kind = NAMES[type(fact)]
    assert read_fact(kind, data) == fact
    for field in msgspec.structs.fields(type(fact)):
        with pytest.raises(msgspec.ValidationError):
            read_fact(kind, {**data, field.name: False})
        if field.required:
            with pytest.raises(msgspec.ValidationError):
                read_fact(kind, {k: v for k, v in data.items() if k != field.name})


# -- the door -------------------------------------------------------------------------------------
def test_a_paper_goes_its_way_and_tells_it(office: Office) -> None:
    one, two, three = numbered(office, 3)
    (elsewhere,) = numbered(office, 1, start=9, dependencia="150")
    (mail,) = numbered(office, 1, start=8, canal="correo_electronico")
    assert office.ver(mail).papel is None
    assert where(office, one) == "ventanilla"
    made = office.crear_planilla(AREA, ronda="mañana", mensajero="Pedro Pérez")
    assert [(row.n, row.radicado) for row in made.lineas] == [(1, one), (2, two), (3, three)]
    assert made.planilla == f"{TODAY.year}-VU1-PL-000001"
    assert {where(office, r) for r in (one, two, three)} == {"mensajero"}
    assert where(office, elsewhere) == "ventanilla"
    head = as_person(office, HEAD)
    said: dict[int, tuple[Outcome, str]] = {2: ("rechazado", "no es de aquí"), 3: ("faltante", "")}
    done = head.recibir_planilla(made.planilla.lower(), said, todas=True)
    assert done.estado == "cerrada" and done.abiertas == 0
    assert [where(office, r) for r in (one, two, three)] == ["area", "ventanilla", "mensajero"]
    paper = office.ver(one).papel
    assert paper is not None and paper["planilla"] == made.planilla and paper["dependencia"] == AREA
    assert [step["lugar"] for step in paper["pasos"]] == ["mensajero", "area"]
    assert [r.radicado for r in office.buscar("papel:área").radicados] == [one]
    assert [r.radicado for r in office.buscar("papel:ventanilla área:140").radicados] == [two]
    assert office.buscar("papel:mensajero").total == 1
    office.mover_papel([one], "archivo", "caja 4")
    assert where(office, one) == "archivo" and office.buscar("papel:archivo").total == 1
    assert ok(office) and office.index.differences() == []


def test_what_a_dependencia_refused_does_not_go_there_again_by_itself(office: Office) -> None:
    one, two = numbered(office, 2)
    first = office.crear_planilla(AREA)
    office.recibir_planilla(
        first.planilla, {1: ("rechazado", "es de Gobierno"), 2: ("faltante", "")}, hoja=True
    )
    with pytest.raises(Refused, match=f"Los rechazó: {one}"):
        office.crear_planilla(AREA)
    (new,) = numbered(office, 1, start=5)
    second = office.crear_planilla(AREA)
    assert [row.radicado for row in second.lineas] == [new] and second.rechazados == [one]
    third = office.crear_planilla(AREA, [two])  # it was found
    assert [row.radicado for row in third.lineas] == [two]
    office.rectificar(one, {"dependencia": "150"}, "la rechazó Planeación")
    assert [row.radicado for row in office.crear_planilla("150").lineas] == [one]
    assert ok(office)


def test_a_paper_that_waits_for_its_image_stays(office: Office) -> None:
    desk = office.radicar_sin_imagen({"remitente": "Ana", "dependencia": AREA}).radicado
    with pytest.raises(Refused, match=f"Esperan su imagen: {desk}"):
        office.crear_planilla(AREA)
    (other,) = numbered(office, 1)
    made = office.crear_planilla(AREA)
    assert made.por_escanear == [desk] and [row.radicado for row in made.lineas] == [other]
    assert [row.radicado for row in office.crear_planilla(AREA, [desk]).lineas] == [desk]


def test_what_cannot_go_is_refused_with_its_norm_and_nothing_is_written(office: Office) -> None:
    one, two = numbered(office, 2)
    (elsewhere,) = numbered(office, 1, start=5, dependencia="150")
    (mail,) = numbered(office, 1, start=6, canal="correo_electronico")
    (nowhere,) = numbered(office, 1, start=7, dependencia="por repartir")
    made = office.crear_planilla(AREA, [one])
    clerk = as_person(office, "cruiz")
    before = office.journal.last_seq()
    asks: list[tuple[str, Any]] = [
        ("Ningún papel espera", lambda: office.crear_planilla("110")),
        ("No hay ningún radicado 2026-X", lambda: office.crear_planilla(AREA, [two, "2026-X"])),
        (f"va con el mensajero a {AREA}", lambda: office.crear_planilla(AREA, [two, one])),
        ("va a «150»", lambda: office.crear_planilla(AREA, [elsewhere])),
        ("está por repartir", lambda: office.crear_planilla(AREA, [nowhere])),
        ("no tiene papel", lambda: office.crear_planilla(AREA, [mail])),
        ("No hay ninguna planilla", lambda: office.recibir_planilla("2026-P", {}, todas=True)),
        ("no recibe por", lambda: clerk.recibir_planilla(made.planilla, {}, todas=True)),
        ("No se dijo", lambda: office.recibir_planilla(made.planilla, {}, hoja=True)),
        (
            "no tiene una línea 2",
            lambda: office.recibir_planilla(made.planilla, {2: ("recibido", "")}, hoja=True),
        ),
        (
            "sin decir la causa",
            lambda: office.recibir_planilla(made.planilla, {1: ("rechazado", " ")}, hoja=True),
        ),
        ("nadie ha dicho qué fue", lambda: office.mover_papel([two, one], "archivo")),
        ("ya está en la ventanilla", lambda: office.mover_papel([two], "ventanilla")),
        ("no tiene papel", lambda: office.mover_papel([mail], "archivo")),
    ]
    for text, ask in asks:
        with pytest.raises(Refused, match=text) as refused:
            ask()
        assert refused.value.norma is not None and refused.value.norma.startswith(NORM), text
    with pytest.raises(Refused, match="No hay ninguna dependencia «999»"):
        office.crear_planilla("999")
    assert office.journal.last_seq() == before
    assert office.crear_planilla(AREA).planilla.endswith("PL-000002")


def test_an_annulled_number_is_not_handed_over(office: Office) -> None:
    (one,) = numbered(office, 1)
    office.index.catch_up()
    state = office.estado(office.subject(one))
    assert state.papel is not None
    admin = as_person(office, "demo")
    admin.agregar_persona(
        "jefa",
        nombre="Jefa",
        cargo="",
        roles=["jefe_correspondencia"],
        passphrase="una clave muy larga",
    )
    boss = as_person(office, "jefa")
    boss.anular(one, "se radicó dos veces", clave="una clave muy larga")
    with pytest.raises(Refused, match="Ningún papel"):
        boss.crear_planilla(AREA)
    with pytest.raises(Refused, match="está anulado por el acta") as refused:
        boss.crear_planilla(AREA, [one])
    assert refused.value.norma is not None


def test_who_receives(office: Office) -> None:
    one, two = numbered(office, 2)
    (three,) = numbered(office, 1, start=5, responsable="cruiz")
    made = office.crear_planilla(AREA, [one, two, three])
    name = made.planilla
    clerk = as_person(office, "cruiz")  # a clerk who is in charge of the third
    with pytest.raises(Refused, match="no recibe por la dependencia 140"):
        clerk.recibir_planilla(name, {1: ("recibido", "")})
    clerk.recibir_planilla(name, {3: ("recibido", "")})
    stand_in = as_person(office, "asalcedo")
    with pytest.raises(Refused, match="no recibe"):
        stand_in.recibir_planilla(name, {1: ("recibido", "")})
    with pytest.raises(Refused, match="no tiene el papel"):
        stand_in.recibir_planilla(name, {1: ("recibido", "")}, hoja=True)
    day = TODAY.isoformat()
    office.encargar("asalcedo", HEAD, day, day, "Decreto 9")
    as_person(office, "asalcedo").recibir_planilla(name, {1: ("recibido", "")})
    as_person(office, HEAD).recibir_planilla(name, {2: ("recibido", "")})
    with pytest.raises(Refused, match="ya quedó como «recibido»"):
        clerk.recibir_planilla(name, {2: ("faltante", "")}, hoja=True)
    assert [line.actor for line in office.ver_planilla(name).lineas] == ["asalcedo", HEAD, "cruiz"]
    with pytest.raises(Refused, match="no tiene el papel"):
        as_person(office, "rmejia").mover_papel([one], "archivo")
    as_person(office, HEAD).mover_papel([one], "ventanilla", "se devuelve")


def test_who_works_in_the_dependencia_receives_for_it(office: Office) -> None:
    admin = as_person(office, "demo")
    for person, area in (("lpaz", AREA), ("nvera", "150"), ("jgil", "150")):
        admin.agregar_persona(
            person, nombre=person, cargo="", roles=["auditor"], passphrase=None, dependencia=area
        )
    one, two = numbered(office, 2)
    (three,) = numbered(office, 1, start=5, responsable="cruiz")
    name = office.crear_planilla(AREA, [one, two, three]).planilla
    as_person(office, "lpaz").recibir_planilla(name, {1: ("recibido", "")})
    day = TODAY.isoformat()
    office.encargar("jgil", "lpaz", day, day, "Decreto 9")
    as_person(office, "jgil").recibir_planilla(name, {2: ("faltante", "")})
    office.asignar([three], "150", "nvera")  # its matter went elsewhere; its paper goes to 140
    for other in ("nvera", "cruiz"):
        with pytest.raises(Refused, match="no recibe por la dependencia 140"):
            as_person(office, other).recibir_planilla(name, {3: ("recibido", "")})
    as_person(office, "lpaz").recibir_planilla(name, {3: ("rechazado", "es de Gobierno")})
    with pytest.raises(Refused, match="no tiene el papel"):
        as_person(office, "nvera").mover_papel([one], "archivo")
    as_person(office, "lpaz").mover_papel([one], "archivo")
    made = as_person(office, "cruiz").crear_planilla("150")
    assert [row.radicado for row in made.lineas] == [three]
    sheet = text_of(Path(made.archivo).read_bytes())
    assert "Entrega: Claudia Ruiz Páramo (Auxiliar administrativa" in sheet
    admin.ausentar("nvera", day, day, "vacaciones", reemplaza="lpaz")
    as_person(office, "lpaz").recibir_planilla(made.planilla, {}, todas=True)
    assert where(office, three) == "area" and ok(office)


def test_what_is_withheld_stands_on_no_sheet(office: Office) -> None:
    (one,) = numbered(office, 1, remitente="Rosa Ñeque", asunto="Queja por acoso")
    (two,) = numbered(office, 1, start=5)
    earlier = office.crear_planilla(AREA, [two]).planilla
    for radicado in (one, two):
        as_person(office, HEAD).clasificar(
            radicado,
            "reservada",
            fundamento="19d",
            hasta=TODAY + timedelta(days=90),
            norma="Ley 1952 de 2019, art. 115",
            motivo="indagación en curso",
        )
    clerk = as_person(office, "cruiz")
    made = clerk.crear_planilla(AREA, [one])
    sheet = text_of(Path(made.archivo).read_bytes())
    assert one in sheet and "«reservado»" in sheet
    assert "Ñeque" not in sheet and "acoso" not in sheet
    with pytest.raises(Refused, match="información pública reservada"):
        clerk.imprimir_planilla(earlier)  # it names who wrote what is reserved since
    clerk.imprimir_planilla(made.planilla)
    as_person(office, HEAD).recibir_planilla(made.planilla, {}, todas=True)
    clerk.perder_planilla(earlier, "se mojó en la ronda")
    assert ok(office)


def test_a_lost_sheet_frees_its_open_lines(office: Office) -> None:
    one, two = numbered(office, 2)
    name = office.crear_planilla(AREA).planilla
    office.recibir_planilla(name, {1: ("recibido", "")}, hoja=True)
    with pytest.raises(Refused, match="motivo"):
        office.perder_planilla(name, "ay")
    event, freed = office.perder_planilla(name, "se mojó en la ronda")
    assert freed == [two] and (event.ficha or {})["motivo"] == "se mojó en la ronda"
    assert where(office, one) == "area" and where(office, two) == "ventanilla"
    for ask in (
        lambda: office.recibir_planilla(name, {2: ("recibido", "")}, hoja=True),
        lambda: office.imprimir_planilla(name),
        lambda: office.perder_planilla(name, "se mojó otra vez"),
    ):
        with pytest.raises(Refused, match="perdida"):
            ask()
    assert [row.radicado for row in office.crear_planilla(AREA).lineas] == [two]
    assert office.ver_planilla(name).motivo == "se mojó en la ronda" and ok(office)


# -- the sheet ------------------------------------------------------------------------------------
HOSTILE = "<b>100 %</b> (Tj) ET \\n {0} \u202eatrás ‘; DROP TABLE registro;-- 😀"


@pytest.mark.largo
def test_three_hundred_lines_stand_on_the_sheet_each_with_its_row(office: Office) -> None:
    radicados = numbered(office, 299, asunto=HOSTILE)
    radicados += numbered(office, 1, start=400, remitente="anónimo", asunto="Denuncia")
    made = office.crear_planilla(AREA)
    assert len(made.lineas) == 300
    data = Path(made.archivo).read_bytes()
    assert data == office.vault.read(fact_of(office, made.planilla).documento)
    said = text_of(data)
    assert all(radicado in said for radicado in radicados)
    assert "DROP TABLE" in said and "<b>100 %</b>" in said and "anónimo" in said
    for words in (made.planilla, "Recibe: firma y hora", "causa", NORM):
        assert words in said, words
    with pikepdf.open(Path(made.archivo)) as pdf:
        assert len(pdf.pages) > 10
    office.recibir_planilla(made.planilla, {7: ("faltante", "")}, todas=True, hoja=True)
    assert office.buscar("papel:area").total == 299 and ok(office)


def test_a_duplicate_says_so_on_each_page_and_is_counted(office: Office) -> None:
    numbered(office, 30)
    made = office.crear_planilla(AREA)
    for n in (1, 2):
        event, path = office.imprimir_planilla(made.planilla)
        assert event.data["copia"] == n
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
        assert pages > 1 and text_of(path.read_bytes()).count(f"DUPLICADO {n} ") == pages
    assert "DUPLICADO" not in text_of(Path(made.archivo).read_bytes())
    assert office.ver_planilla(made.planilla).copias == 2 and ok(office)


def test_the_sheets_code_is_its_own(office: Office) -> None:
    numbered(office, 1)
    made = office.crear_planilla(AREA)
    fact = fact_of(office, made.planilla)
    text = slips.code_text(made.planilla, fact.codigo)
    assert office.planilla_rotulada(text) == made.planilla
    assert office.rotulo(text) is None
    with pytest.raises(Refused, match="no corresponde"):
        office.planilla_rotulada(slips.code_text(made.planilla, "f" * 16))
    for other in (
        "",
        text.lower(),
        text[:-1],
        text + "\n",
        slips.code_text("2026-Z-PL-1", "0" * 16),
    ):
        assert office.planilla_rotulada(other) is None


def test_papers_still_out_are_listed_by_age(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbered(office, 2)
    old = office.crear_planilla(AREA, [office.buscar("").radicados[-1].radicado])
    new = office.crear_planilla(AREA)
    other = numbered(office, 1, start=7, dependencia="150")
    office.crear_planilla("150", other)
    now = lines.now()
    monkeypatch.setattr(lines, "now", lambda: now + timedelta(days=14))
    listed = office.planillas(sin_devolver=True, dependencia=AREA)
    assert [one.planilla for one in listed] == [old.planilla, new.planilla]
    assert listed[0].dias == 14 and listed[0].abiertas == [1]
    assert listed[0].dias_habiles is not None and 6 <= listed[0].dias_habiles <= 10
    office.recibir_planilla(old.planilla, {}, todas=True, hoja=True)
    assert len(office.planillas(sin_devolver=True)) == 3, "the signed sheet is still to come"
    as_person(office, HEAD).recibir_planilla(new.planilla, {}, todas=True)
    assert len(office.planillas(sin_devolver=True)) == 2 and len(office.planillas()) == 3


# -- the series, and cuts -------------------------------------------------------------------------
def test_the_series_goes_on_from_an_anchor_and_a_gap_is_found(office: Office) -> None:
    (one,) = numbered(office, 1)
    office.crear_planilla(AREA)
    office.perder_planilla(f"{TODAY.year}-VU1-PL-000001", "se mojó en la ronda")
    with office._writing() as writer:
        writer.append_all([_anchor(writer)])
    again = Office(office.home)
    assert again.crear_planilla(AREA).planilla.endswith("PL-000002")
    assert ok(again) and again.estado(again.subject(one)).papel is not None


def _anchor(writer: Any) -> Any:
    from records.journal import Draft

    return Draft(writer.tail.anchor(), "log", "sistema")


class Cut(BaseException):
    """The machine stops."""


class Torn(Disk):
    """A disk on which the machine stops within a write that holds *word*, *keep* lines behind the
    first that has it, and somewhat into the next."""

    def __init__(self, word: bytes, keep: int) -> None:
        self.word, self.keep = word, keep

    def write(self, fd: int, data: bytes) -> int:
        """As the disk's, until then."""
        if self.word not in data:
            return super().write(fd, data)
        end = data.index(b"\n", data.index(self.word)) + 1
        for _ in range(self.keep):
            end = data.index(b"\n", end) + 1
        super().write(fd, data[: end + 60])
        raise Cut


@pytest.mark.parametrize(
    "keep", [0, 17, *(pytest.param(n, marks=pytest.mark.largo) for n in (1, 39))]
)
def test_a_cut_within_the_write_leaves_nothing_half_said(office: Office, keep: int) -> None:
    radicados = numbered(office, 40)
    with pytest.raises(Cut):
        Office(office.home, disk=Torn(b"planilla.creada", keep)).crear_planilla(AREA)
    again = Office(office.home)
    again.recuperar()
    name = f"{TODAY.year}-VU1-PL-000001"
    with pytest.raises(Refused, match="Ningún papel"):
        again.crear_planilla(AREA)
    assert {where(again, r) for r in radicados} == {"mensajero"}
    with pytest.raises(Cut):
        Office(office.home, disk=Torn(b"planilla.recibida", keep)).recibir_planilla(
            name, {3: ("faltante", "")}, todas=True, hoja=True
        )
    last = Office(office.home)
    last.recuperar()
    with pytest.raises(Refused, match="ninguna línea abierta"):
        last.recibir_planilla(name, {}, todas=True, hoja=True)
    assert [where(last, r) for r in radicados].count("area") == 39
    assert last.planillas()[0].abiertas == [] and verify.verify(last).ok


@pytest.mark.parametrize("lost", [512, 1024])
def test_sectors_that_never_came_are_a_cut_and_no_damage(office: Office, lost: int) -> None:
    """A torn first sector may have the papers' lines whole behind it."""
    numbered(office, 12)
    before = {p: p.read_bytes() for p in office.home.glob("journal/*/VU1*.jsonl")}
    copy = office.home.parent / "marcas-antes"
    shutil.copytree(office.home.parent / "marcas", copy)
    office.crear_planilla(AREA)
    office.index.close()
    shutil.rmtree(office.home.parent / "marcas")
    shutil.copytree(copy, office.home.parent / "marcas")
    (office.home / "index.sqlite").unlink()
    path = next(p for p in before if "fichas" not in p.name)
    start = len(before[path])
    data = bytearray(path.read_bytes())
    data[start : start + lost] = bytes(lost)
    path.write_bytes(bytes(data))
    again = Office(office.home)
    again.recuperar()
    assert again.crear_planilla(AREA).planilla.endswith("PL-000001") and ok(again)
