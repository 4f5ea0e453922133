"""The home that benches are run on: as many records as were asked for, of all kinds, and it
verifies over all its years."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from records import alerts, terms_index, verify
from records.office import Office

ROOT = Path(__file__).parents[1]
RECORDS = 400


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of five years."""
    folder = tmp_path_factory.mktemp("millon")
    command = [sys.executable, "-m", "bench.millon", "--registros", str(RECORDS), "--anos", "5",
               "--semilla", "7", "--casa", str(folder / "casa")]  # fmt: skip
    env = {**os.environ, "VENTANILLA_MARCAS": str(folder / "marcas"), "PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=True, cwd=ROOT, env=env, capture_output=True, timeout=120)
    return folder / "casa"


@pytest.fixture
def office(made: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("VENTANILLA_MARCAS", str(made.parent / "marcas"))
    return Office(made, persona="ntorres")


def test_it_holds_what_was_asked_for_and_of_every_kind(office: Office) -> None:
    brought, sent = office.contar("origen:orfeo"), office.contar("clase:S no origen:orfeo")
    assert brought == RECORDS // 50
    assert office.contar("") - sent == RECORDS
    for query in ("estado:archivado", "estado:pendiente", "canal:web", "tipo:tutela",
                  "estado:sello_pendiente", "área:140", "responsable:f140a"):  # fmt: skip
        assert office.contar(query), query
    years = {row.fecha[:4] for row in office.renglones([i for p in office.listar("") for i in p])}
    assert len(years) >= 5


def test_what_was_imported_is_older_than_every_number_of_ours(office: Office) -> None:
    ids = [i for piece in office.listar("") for i in piece]
    rows = office.renglones(ids)
    first = next(n for n, row in enumerate(rows) if row.origen is not None)
    assert all(row.origen is not None for row in rows[first:])
    assert all(i < 0 for i in ids[first:]) and all(i > 0 for i in ids[:first])
    ours = [row.radicado for row in rows[:first] if row.clase == "E"]
    assert ours == sorted(ours, reverse=True)


@pytest.mark.parametrize("person", [None, "ntorres", "joviedo", "f140a"])
def test_what_presses_is_counted_as_it_is_listed(
    office: Office, person: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = office.alertas(persona=person)
    assert listed == sorted(listed, key=alerts.worst)
    monkeypatch.setattr(terms_index, "PIECE", 7)
    assert office.alertas(persona=person) == listed
    assert office.cuentas_alertas(persona=person) == alerts.summary(listed)
    assert person or listed


def test_it_verifies(office: Office) -> None:
    report = verify.verify(office)
    assert report.ok and not report.hallazgos and report.radicados >= RECORDS - RECORDS // 50
