"""The tray: what a clerk types, takes and puts back, and the file that keeps it."""

from __future__ import annotations

import pytest

from ingest.reception import Recepcion
from records.errors import Damaged, Refused
from records.office import Office
from tests.readers import RecordedReader
from tests.reception.conftest import drop, ids


def test_what_another_clerk_holds_is_neither_numbered_nor_in_the_way(
    reception: Recepcion,
) -> None:
    for name in ("a.pdf", "b.pdf"):
        reception.recibir([drop(reception, name)])
        (reception.inbox / name).unlink()
    first, second = ids(reception)
    home = reception.office.home
    Recepcion(Office(home, persona="cruiz")).tomar(first)
    with pytest.raises(Refused, match="cruiz"):
        reception.radicar(first)
    reception.radicar(second)
    Recepcion(Office(home, persona="cruiz")).soltar(first)
    reception.radicar(first)


def test_what_was_typed_is_kept_and_wins_over_what_was_read(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (ident,) = ids(reception)
    reception.escribir(ident, "remitente", "Ana Güiza")
    fresh = Recepcion(Office(reception.office.home))
    assert fresh.drafts.get(ident).values()["remitente"] == "Ana Güiza"
    fresh_number = reception.radicar(ident)
    assert reception.office.ver(fresh_number.radicado).campos["remitente"] == "Ana Güiza"


def test_only_a_clerk_writes_into_a_letter(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (ident,) = ids(reception)
    with pytest.raises(Refused, match="papel"):
        Recepcion(Office(reception.office.home, persona="gpardo")).escribir(ident, "asunto", "x")
    Recepcion(Office(reception.office.home, persona="cruiz")).escribir(ident, "asunto", "x")


def test_a_stale_save_is_refused(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (ident,) = ids(reception)
    mine = reception.drafts.get(ident)
    reception.escribir(ident, "asunto", "de otra persona")
    with pytest.raises(Refused, match="Otra persona"):
        reception.drafts.save(mine)
    assert reception.drafts.get(ident).values()["asunto"] == "de otra persona"


def test_drafts_are_made_again_from_journal_and_vault(reception: Recepcion) -> None:
    for name in ("a.pdf", "b.pdf"):
        reception.recibir([drop(reception, name)])
        (reception.inbox / name).unlink()
    before = [(d.id, d.archivo, d.sha256) for d in reception.bandeja()]
    (reception.office.home / "drafts.json").unlink()
    reception.vigilar_una_vez()
    assert [(d.id, d.archivo, d.sha256) for d in reception.bandeja()] == before
    assert all(d.estado == "por_radicar" for d in reception.bandeja())


def test_spoilt_drafts_are_told_and_not_touched(reception: Recepcion) -> None:
    path = reception.office.home / "drafts.json"
    path.write_text('{"_default": {"1":')
    with pytest.raises(Damaged, match="no se entiende"):
        reception.bandeja()
    assert path.read_text() == '{"_default": {"1":'


def test_a_draft_is_small(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf", b"%PDF-" + b"palabra " * 5000)])
    assert (reception.office.home / "drafts.json").stat().st_size < 2048


def test_what_another_clerk_holds_is_not_discarded_nor_released(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (ident,) = ids(reception)
    home = reception.office.home
    Recepcion(Office(home, persona="dgarzon")).tomar(ident)
    other = Recepcion(Office(home, persona="cruiz"))
    for verb in (lambda: other.descartar(ident, "prueba"), lambda: other.soltar(ident)):
        with pytest.raises(Refused, match="dgarzon"):
            verb()
    Recepcion(Office(home, persona="ntorres")).soltar(ident)
    other.descartar(ident, "prueba")


def test_a_tray_without_its_file_is_not_an_empty_tray(reception: Recepcion) -> None:
    reception.recibir([drop(reception, "a.pdf")])
    (reception.office.home / "drafts.json").unlink()
    assert [d.archivo for d in reception.bandeja()] == ["a.pdf"]


def test_what_nobody_signed_goes_on_without_a_number_only_where_the_office_says_so(
    reception: Recepcion,
) -> None:
    reception.recibir([drop(reception, f"{n}.pdf") for n in "abc"])
    petition, invitation, signed = ids(reception)
    for ident, tipo, name in (
        (petition, "queja", ""),
        (invitation, "sin_termino", ""),
        (signed, "sin_termino", "Ana Gil"),
    ):
        reception.escribir(ident, "tipo", tipo)
        reception.escribir(ident, "remitente", name)
    said = {"nota": "Se pasó a la 120"}
    with pytest.raises(Refused, match="se radica como las demás") as refused:
        reception.descartar(invitation, "anonima", **said)
    assert "art. 15" in (refused.value.norma or "")
    config = reception.office.home / "config.toml"
    with config.open("a", encoding="utf-8") as file:
        file.write('\n[tramite]\nanonimos = "literal"\n')
    fresh = Recepcion(Office(reception.office.home), reader=RecordedReader())  # type: ignore[arg-type]
    for ident, code in ((petition, "anonima_se_radica"), (signed, "con_remitente")):
        with pytest.raises(Refused) as refused:
            fresh.descartar(ident, "anonima", **said)
        assert refused.value.codigo == code and refused.value.norma
    with pytest.raises(Refused, match="a qué dependencia"):
        fresh.descartar(invitation, "anonima")
    fresh.descartar(invitation, "anonima", **said)
    assert ids(fresh) == [petition, signed]
