"""What may be done about what waits, by its tray and by whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from records import possible
from records.events import SigningGranted
from records.people import Area, Authority, Person
from records.possible import hand, offered, refusal
from records.tramite import TRAYS
from records.waits_index import Wait

if TYPE_CHECKING:
    from records.possible import Verb


def person(ident: str, *roles: str, area: str | None = None) -> Person:
    return Person(ident, ident.capitalize(), f"Cargo de {ident}", roles, None, area)


HOUSE = Authority(
    personas={
        p.id: p
        for p in (
            person("ana", "jefe_area"),
            person("luis", "archivista", area="140"),
            person("sol", "jefe_area"),
            person("mar", "ventanilla"),
            person("nubia", "jefe_correspondencia"),
            person("gloria", "auditor"),
        )
    },
    areas={"140": Area("140", "Obras", "ana"), "150": Area("150", "Gobierno", "sol")},
)


def wait(
    tray: str, area: str | None = "140", who: str | None = None, letter: str | None = None
) -> Wait:
    return Wait(tray, "R1", "", "", area, who, "", None, "2026-12-01", "", "", letter)


def can(who: str, verb: Verb, what: Wait) -> bool:
    return refusal(verb, what, hand(HOUSE, who)) is None


@pytest.mark.parametrize(
    ("who", "able"),
    [("ana", True), ("luis", True), ("sol", False), ("nubia", True), ("gloria", False)],
)
def test_who_has_it_works_on_it(who: str, able: bool) -> None:
    for verb in ("responder", "devolver", "prorrogar", "agendar"):
        assert can(who, verb, wait("asignados")) is able
    assert can(who, "anotar", wait("asignados")) and can(who, "informar", wait("asignados"))


def test_what_is_given_to_a_person_is_theirs_and_their_heads() -> None:
    given = wait("asignados", who="mar")
    assert can("mar", "responder", given) and can("ana", "responder", given)
    assert not can("luis", "responder", given)


def test_the_counter_hands_out_and_the_second_return_is_the_heads() -> None:
    assert can("mar", "asignar", wait("por_repartir", None))
    assert not can("sol", "asignar", wait("por_repartir", None))
    assert not can("mar", "asignar", wait("por_decidir", None))
    assert can("nubia", "asignar", wait("por_decidir", None))


def test_each_tray_says_why_not() -> None:
    who = hand(HOUSE, "ana")
    assert refusal("vobo", wait("vobo", who="ana"), who) is None
    for tray in TRAYS:
        for letter in (None, "VU1.9"):
            for verb in possible.Verb.__args__:  # type: ignore[attr-defined]
                why = refusal(verb, wait(tray, letter=letter), who)
                assert why is None or why.endswith(".")
    assert refusal("aprobar", wait("por_firmar", letter="VU1.9"), who) is None
    assert refusal("asignar", wait("por_firmar", letter="VU1.9"), who) == (
        "Es una carta que espera firma."
    )
    assert refusal("retirar", wait("por_enviar", letter="VU1.9"), who) == (
        "Ya está firmada: la envía la ventanilla."
    )


def test_what_the_role_has() -> None:
    assert offered("aprobar", hand(HOUSE, "ana")) and not offered("aprobar", hand(HOUSE, "mar"))
    assert not offered("asignar", hand(HOUSE, "gloria"))
    assert offered("anotar", hand(HOUSE, "gloria")) and offered("asignar", hand(HOUSE, "luis"))
    row = SigningGranted(
        cargo="cargo de mar", tipo="*", ambito="ambas", desde="2026-01-01", acto="x"
    )
    table = Authority(
        HOUSE.personas, areas=HOUSE.areas, firmas={("cargo de mar", "*", "ambas"): row}
    )
    assert offered("aprobar", hand(table, "mar")) and not offered("aprobar", hand(table, "ana"))
