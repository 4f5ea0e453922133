"""All that waits for a person passes to another, or nothing; and who may give a record back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.events import Event
from records.tramite import Assigned, Returned, Tramite
from tests.town import Town, founded


@pytest.fixture
def town(tmp_path: Path) -> Town:
    office = founded(tmp_path / "oficina")
    for name, area in (("lpaz", "140"), ("msol", "140"), ("rvega", "130")):
        office.does(None, "persona", "agregar", name, "--nombre", f"Doña {name}", "--rol",
                    "ventanilla", "--dependencia", area)  # fmt: skip
    return office


def test_everything_that_waits_for_somebody_passes_or_nothing(town: Town) -> None:
    one, two = (town.number(dependencia="140") for _ in range(2))
    other = town.number(dependencia="130")
    town.does("mquintero", "asignar", one, two, "--dependencia", "140", "--responsable", "lpaz")
    town.does("mquintero", "vobo", one, "--pide", "lpaz")
    town.does("joviedo", "vobo", other, "--pide", "lpaz")
    town.does("cruiz", "informar", other, "--a-persona", "lpaz")
    relieve = ("persona", "relevar", "lpaz", "--por")
    why = ("--motivo", "se retira de la entidad")
    listed = town.does("mquintero", *relieve, "msol", "--solo-lista").json
    assert sorted((p["radicado"], p["bandeja"]) for p in listed["pasan"]) == sorted(
        [(one, "asignados"), (one, "vobo"), (two, "asignados"), (other, "vobo"),
         (other, "informados")]
    )  # fmt: skip
    assert listed["radicados"] == [] and listed["solo_lista"] is True
    assert not any(p["impedimento"] for p in listed["pasan"])
    # rvega is of another área: two of five cannot pass, and none does.
    stuck = town.does("mquintero", *relieve, "rvega", *why, code=1).json["error"]
    assert stuck["codigo"] == "relevo_incompleto" and one in stuck["mensaje"]
    told = town.does("mquintero", *relieve, "rvega", "--solo-lista").json["pasan"]
    assert [p["radicado"] for p in told if p["impedimento"]] == [one, two]
    assert town.tray("--de", "rvega") == {} and len(town.tray("--de", "lpaz")) == 3
    town.does("joviedo", *relieve, "msol", *why, code=1)  # heads another área
    town.does("mquintero", *relieve, "msol", code=2)
    town.does("mquintero", *relieve, "lpaz", *why, code=1)
    done = town.does("mquintero", *relieve, "msol", *why).json
    assert len(done["pasan"]) == 5
    assert sorted(r["radicado"] for r in done["radicados"]) == [one, two, other]
    assert town.tray("--de", "lpaz") == {}
    assert {k: sorted(v) for k, v in town.tray("--de", "msol").items()} == {
        "asignados": [one, two], "vobo": sorted([one, other]), "informados": [other]
    }  # fmt: skip
    town.does("lpaz", "vobo", other, code=1)
    town.does("msol", "vobo", other)
    town.does("msol", "tomar-conocimiento", other)
    assert town.tray("--de", "msol") == {"asignados": [one, two], "vobo": [one]}
    last = town.see(one)["historia"][-1]
    assert last["ficha"]["motivo"] == "se retira de la entidad"
    gone = town.does("mquintero", *relieve, "msol", *why, code=1).json["error"]
    assert gone["codigo"] == "nada_asignado"
    head = town.does(None, "persona", "relevar", "msol", "--por", "lpaz", *why).json
    assert head["avisos"] == []
    assert town.does(None, "verificar").json["ok"]


def test_a_decision_binds_the_area_that_it_was_decided_on(town: Town) -> None:
    letter = town.number(tipo="peticion", dependencia="130")
    back = ("--motivo", "no es de esta dependencia")
    town.does("joviedo", "devolver", letter, *back)
    town.does("cruiz", "asignar", letter, "--dependencia", "140")
    town.does("mquintero", "devolver", letter, *back)
    town.does("ntorres", "asignar", letter, "--dependencia", "130")
    town.does("joviedo", "devolver", letter, *back, code=1)
    town.does("joviedo", "asignar", letter, "--dependencia", "150")
    returned = town.does("asalcedo", "devolver", letter, *back).json
    assert returned["dependencia"] == "130"
    again = town.does("joviedo", "devolver", letter, *back, code=1).json["error"]
    assert again["codigo"] == "ya_decidido"


def event(seq: int, at: str) -> Event:
    """A line that some fact came from."""
    return Event("VU1", 0, seq, f"{seq:064x}", at, "luz", "tramite", "VU1.1", [], {})


_AREAS = st.sampled_from(["110", "120", "130"])


@given(st.lists(st.tuples(_AREAS, st.booleans(), st.booleans()), max_size=20))
def test_only_the_area_decided_on_is_bound(steps: list[tuple[str, bool, bool]]) -> None:
    way, decided = Tramite(), None
    way.begin(None, None, "2026-03-02T08:00:00.000-05:00")
    for i, (area, gives_back, decide) in enumerate(steps):
        at = f"2026-03-02T09:{i:02d}:00.000-05:00"
        fact: Assigned | Returned
        if gives_back and way.dependencia is not None:
            fact = Returned(radicado="R", de=way.dependencia, a=way.antes)
        else:
            fact = Assigned(radicado="R", dependencia=area, decide=decide)
            decided = area if decide else decided
        way.apply(event(i, at), fact)
        bound = way.dependencia is not None and way.decidido == way.dependencia
        assert bound == (decided is not None and decided == way.dependencia)
