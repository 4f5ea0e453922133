"""Numbers: no reserve, no gap, no repeat, no change, one outcome per reception, in order."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from records import lines, verify
from records.errors import Refused
from records.events import NumberAssigned
from records.office import Office
from records.segments import Log
from tests.conftest import ROOT, receive


def test_each_class_has_its_own_series(office: Office) -> None:
    subjects = receive(office, 3)
    given = [
        office.radicar(s, {}, clase=c).radicado[4:] for s, c in zip(subjects, "EIE", strict=True)
    ]
    assert given == ["-VU1-E-000001", "-VU1-I-000001", "-VU1-E-000002"]


def test_one_outcome_per_reception(office: Office) -> None:
    (subject,) = receive(office, 1)
    office.radicar(subject, {})
    with pytest.raises(Refused, match="Ya tiene número"):
        office.radicar(subject, {})
    with pytest.raises(Refused):
        office.descartar(subject, "prueba")


def test_leaving_an_older_letter_of_the_lane_behind_asks_for_a_reason(office: Office) -> None:
    old, new = receive(office, 2)
    (fax,) = receive(office, 1, lane="fax")
    office.radicar(fax, {})
    with pytest.raises(Refused, match="antes") as refused:
        office.radicar(new, {})
    assert refused.value.norma is not None and "Acuerdo 060" in refused.value.norma
    assert "hoy Acuerdo 001 de 2024" in refused.value.norma
    office.radicar(new, {}, motivo="Persona con discapacidad en ventanilla")
    history = office.ver(office.buscar("").radicados[0].radicado)
    numbered = next(h for h in history.historia if h.tipo == "radicado.asignado")
    assert numbered.datos["saltadas"] == [old]
    assert "discapacidad" in numbered.ficha["motivo_orden"]


def test_what_others_hold_never_blocks(office: Office) -> None:
    old, new = receive(office, 2)
    office.radicar(new, {}, no_bloquean={old})


def test_a_refused_number_leaves_no_trace(office: Office) -> None:
    (subject,) = receive(office, 1)
    before = len(list(Log(office.home, "VU1").read()))
    for fields in ({"folios": "0"}, {"dependencia": "999"}, {"tipo": "carta"}, {"color": "rojo"}):
        with pytest.raises(Refused):
            office.radicar(subject, fields)
    assert len(list(Log(office.home, "VU1").read())) == before
    assert office.radicar(subject, {}).radicado.endswith("000001")


def test_at_the_counter_the_number_comes_before_the_scan(office: Office) -> None:
    receive(office, 2)  # a pile that waits does not hold up a person
    number = office.radicar_sin_imagen({"remitente": "Ana Güiza", "folios": "3"})
    seen = office.ver(number.radicado)
    assert seen.marcas == ["imagen_pendiente"]
    assert seen.campos["folios"] == 3
    assert seen.recibido <= seen.fecha


def test_received_is_never_later_than_numbered(office: Office) -> None:
    subject = office.recibir(
        b"x", reclamo="r", nombre="x", carril="correo",
        recibido=lines.now() + timedelta(hours=3),
    )  # fmt: skip
    number = office.radicar(subject, {})
    assert number.recibido <= number.fecha


def test_an_earlier_reception_is_kept_apart_from_the_number(office: Office) -> None:
    friday = lines.now() - timedelta(days=2)
    subject = office.recibir(
        b"x", reclamo="r", nombre="x", carril="lote_postal", recibido=friday,
        fuente="operador postal", declarado_por="cruiz",
    )  # fmt: skip
    number = office.radicar(subject, {})
    assert number.recibido == lines.stamp(friday)
    assert office.ver(number.radicado).fuente == "operador postal"


def test_a_series_goes_on_from_another_system_once(office: Office) -> None:
    (first, second) = receive(office, 2)
    office.abrir_serie("E", 348, "Resolución 12 de 2026")
    assert office.radicar(first, {}).radicado.endswith("-E-000348")
    assert office.radicar(second, {}).radicado.endswith("-E-000349")
    with pytest.raises(Refused, match="ya empezó"):
        office.abrir_serie("E", 900, "otro")
    assert verify.verify(office).ok


def test_a_discard_can_be_taken_back_to_its_old_place(office: Office) -> None:
    old, new = receive(office, 2)
    office.descartar(old, "publicidad")
    office.revivir(old)
    with pytest.raises(Refused):
        office.radicar(new, {})
    office.radicar(old, {})
    office.radicar(new, {})
    assert verify.verify(office).ok


@pytest.mark.parametrize(
    ("reason", "extra"), [("otro", {}), ("duplicado", {}), ("ilegible", {}), ("feo", {})]
)
def test_a_discard_needs_what_its_reason_asks(
    office: Office, reason: str, extra: dict[str, str]
) -> None:
    (subject,) = receive(office, 1)
    with pytest.raises(Refused):
        office.descartar(subject, reason, **extra)


def test_a_repeated_claim_is_one_reception(office: Office) -> None:
    one = office.recibir(b"x", reclamo="c", nombre="x", carril="fax")
    assert office.recibir(b"x", reclamo="c", nombre="x", carril="fax") == one


def test_only_a_clerk_numbers(tmp_path: Path) -> None:
    made, _ = Office.found(
        tmp_path / "o", ROOT / "config.toml", passphrase="una frase bastante larga"
    )
    (subject,) = receive(made, 1)
    with pytest.raises(Refused, match="quién"):
        made.radicar(subject, {})
    with pytest.raises(Refused, match="papel"):
        Office(made.home, persona="gpardo").radicar(subject, {})
    assert Office(made.home, persona="cruiz").radicar(subject, {}).radicado.endswith("000001")


def _number_many(home: str, lane: str, start: int, count: int) -> None:
    office = Office(Path(home))
    for subject in receive(office, count, lane=lane, start=start):
        office.radicar(subject, {"remitente": lane})


def test_two_numberers_at_once_leave_no_gap_and_no_repeat(office: Office) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_number_many, args=(str(office.home), lane, i * 100, 25))
        for i, lane in enumerate(("fax", "correo"))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    numbers = [
        e.fact.n for e in Log(office.home, "VU1").events() if isinstance(e.fact, NumberAssigned)
    ]
    assert numbers == list(range(1, 51))
    assert verify.verify(office).ok


def test_an_event_follows_the_newest_even_when_the_clock_goes_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (subject,) = receive(office, 1)
    past = lines.now() - timedelta(hours=1)
    monkeypatch.setattr(lines, "now", lambda: past)
    office.descartar(subject, "publicidad")
    office.revivir(subject)
    office.descartar(subject, "publicidad")
    assert verify.verify(office).ok


def test_settings_that_were_edited_are_published_before_they_count(office: Office) -> None:
    config = office.home / "config.toml"
    config.write_text(config.read_text().replace("{n:06d}", "{n:04d}"))
    fresh = Office(office.home)
    (subject,) = receive(fresh, 1)
    assert fresh.radicar(subject, {}).radicado.endswith("-E-0001")
    told = [e for e in fresh.authority_journal.events() if e.type == "catalogo.publicado"]
    assert [e.data["catalogo"] for e in told] == ["ca", "config", "config"]
    assert fresh.vault.read(told[-1].data["sha256"]) == config.read_bytes()
    assert verify.verify(fresh).ok


def test_a_program_that_runs_for_days_goes_on_with_the_new_settings(office: Office) -> None:
    first, second = receive(office, 2)
    assert office.radicar(first, {}).radicado.endswith("-E-000001")
    config = office.home / "config.toml"
    config.write_text(config.read_text().replace("{n:06d}", "{n:04d}"))
    Office(office.home).agregar_area("190", "Turismo", None)
    assert office.radicar(second, {"dependencia": "190"}).radicado.endswith("-E-0002")
    told = [e.type for e in office.authority_journal.events()]
    assert told.count("catalogo.publicado") == 3
    assert verify.verify(office).ok


@pytest.mark.parametrize(
    "change",
    [
        ("{n:06d}", "{n:06d}-{mes}"),
        ("{vigencia}-", "R {vigencia}-"),
        ("{vigencia}-", "r{vigencia}-"),
        ("-{clase}", ""),
        ('id = "cruiz"', 'id = "dgarzon"'),
        ('id = "cruiz"', 'id = "../raiz"'),
        ('codigo = "120"', 'codigo = "110"'),
        ('codigo = "VU1"', 'codigo = "AUT"'),
        ("asentamiento_segundos", "asentamiento"),
        ("[entidad]", "[entidad"),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_reason(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    text = (ROOT / "config.toml").read_text()
    assert change[0] in text
    wrong = tmp_path / "config.toml"
    wrong.write_text(text.replace(*change, 1))
    with pytest.raises(Refused, match="config"):
        Office.found(tmp_path / "o", wrong, demo=True)
    assert not (tmp_path / "o").exists()


def test_odd_text_from_outside_is_recorded_clean(office: Office) -> None:
    subject = office.recibir(
        b"x", reclamo="c", nombre="carta\x1b[31m n\u0303o\udcff.pdf", carril="fax",
        fuente="servicio de man\u0303ana",
    )  # fmt: skip
    number = office.radicar(subject, {"asunto": "Peticio\u0301n\u202e oculta\x07"})
    assert office.ver(number.radicado).campos["asunto"] == "Petición oculta"
    assert verify.verify(office).ok


def test_nobody_acts_under_a_name_that_does_not_exist(office: Office) -> None:
    with pytest.raises(Refused, match="nadie"):
        receive(Office(office.home, persona="nadie"), 1)
