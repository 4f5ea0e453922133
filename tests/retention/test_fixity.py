"""The vault is read again: what changed or is gone is found and named, and a cut loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from records import kept, people, verificador, verify
from records.journal import Draft
from records.office import Office
from records.preserving import Preserved, VaultReviewed, review_subject
from retention.archive import Archivo
from retention.coverage import DIGITS
from retention.preservation import Preservation
from tests import faults
from tests.conftest import ROOT, receive, text_of
from tests.program import here
from tests.retention.conftest import Clock

Letter = Callable[..., str]


def flip(path: Path) -> bytes:
    """Change a byte of a file, as a disk does; gives what it was."""
    before = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    return before


def both_accept(office: Office) -> tuple[bool, bool]:
    """Whether each of the two verifiers accepts what was written."""
    office.index.catch_up()
    found = verificador.examine(office.home, office.keys.root_public())
    return verify.verify(office).ok, not found["hallazgos"]


def document(office: Office, radicado: str, rol: str) -> Path:
    found = next(d for d in office.estado(office.subject(radicado)).documentos if d.rol == rol)
    return office.vault.place(found.sha256)


def test_a_flipped_byte_and_a_missing_file_are_found_named_and_told_healed(
    archive: Archivo, letter: Letter
) -> None:
    office = archive.office
    one, two, whole = letter(), letter(), letter()
    name = archive.abrir("140.01.01", "Tutela", con=[two]).expediente
    flipped, lost = document(office, one, "original"), document(office, two, "registro")
    before, gone = flip(flipped), lost.read_bytes()
    lost.unlink()
    told = here("integridad", "revisar", "--json", "--casa", office.home)
    found = told.json
    assert told.code == 3 and found["error"]["codigo"] == "integridad" and found["completa"]
    (bad,), (missing,) = found["danados"], found["faltan"]
    assert (bad["radicados"], bad["archivo"]) == ([one], str(flipped.relative_to(office.home)))
    assert (missing["radicados"], missing["expedientes"]) == ([two], [name])
    assert missing["archivo"] is None and whole not in str([bad, missing])
    report = text_of(Path(found["informe"]).read_bytes())
    assert one in report and two in report and "recuperar --desde" in " ".join(report.split())
    plain = here("integridad", "informe", "--casa", office.home)
    assert plain.code == 3 and one in plain.out and two in plain.out
    assert "recuperar --desde" in plain.err
    assert flipped.read_bytes() != before and not lost.exists()  # never repaired

    office.vault.put(gone, "pdf")
    office.vault.put(before, "pdf")
    again = here("integridad", "revisar", "--json", "--casa", office.home)
    assert again.code == 0 and again.json["danados"] == again.json["faltan"] == []
    events = office.index.of_type("integridad.revisada")
    assert [e.data.get("danados_total", 0) for e in events] == [1, 0]
    assert both_accept(office) == (True, True)
    fact = VaultReviewed(**{**events[1].data, "informe": "0" * 64})
    subject = review_subject(office.punto)
    office.asentar(lambda _: [Draft(fact, subject, people.SYSTEM)])
    assert both_accept(office) == (False, False)


def test_a_run_is_cut_and_the_next_one_goes_on_until_a_round_is_complete(
    clock: Clock, office: Office
) -> None:
    receive(office, 12)
    total = len({one.sha256 for one in kept.documents(office)})
    door = Preservation(office)
    assert (door.informe_integridad().nunca, door.informe_integridad().por_dia) == (total, 1)
    read = 0
    for hour in (9, 10, 11):  # each reads one part at least
        clock.to("2026-03-02", hour)
        done = door.revisar(minutos=0, parte=hour == 10)
        read += done.leidos
        assert done.leidos > 0 and not done.completa and done.evento is None
        assert done.pendientes == total - read
        assert door.informe_integridad().revisados == read
    clock.to("2026-03-03")
    rest = door.revisar()
    assert (rest.completa, rest.leidos, rest.pendientes) == (True, total - read, 0)
    (event,) = office.index.of_type("integridad.revisada")
    told = event.data["documentos"], event.data["desde"]
    assert told == (total, "2026-03-02T09:00:00.000-05:00")
    standing = door.informe_integridad()
    assert standing.nunca == 1  # the report itself, which came since
    assert standing.ultima is not None and standing.ultima.documentos == total

    clock.to("2026-03-04")  # a day's share is small, until what was read is too long ago
    fresh = standing.ultima.informe[:DIGITS]  # the part of what came since: it is read first
    share = door.revisar(parte=True).leidos
    path = next(p for p in sorted(office.vault.files()) if not p.name.startswith(fresh))
    assert share == sum(p.name.startswith(fresh) for p in office.vault.files())
    before = flip(path)
    clock.to("2026-07-01")
    late = door.informe_integridad()
    assert late.vencidos == late.revisados == late.documentos - late.nunca
    found = door.revisar(parte=True)
    assert [f.archivo for f in found.danados] == [path.relative_to(office.home).as_posix()]
    assert found.completa and found.leidos == late.vencidos - share  # which was of this round

    path.write_bytes(before)  # what was wrong is read first
    clock.to("2026-07-02")
    door.revisar(minutos=0)
    assert door.informe_integridad().danados == []
    (office.home / "catalog.json").unlink()
    lost = door.informe_integridad()
    assert (lost.nunca, lost.mas_antigua) == (lost.documentos, None) and lost.ultima is not None
    assert door.revisar().completa and both_accept(office) == (True, True)


def test_an_office_with_nothing_in_it_is_reviewed_and_one_that_cannot_be_written(
    tmp_path: Path,
) -> None:
    with faults.small_disk(tmp_path / "disco", "40m") as disk:
        office, _ = Office.found(disk / "oficina", ROOT / "config.toml", demo=True)
        done = Preservation(office).revisar()
        office.index.close()
        assert done.completa and done.evento and done.sound and not done.avisos
        assert here("integridad", "revisar", "--minutos", "-1", "--casa", office.home).code == 2
        faults.remount(disk, "ro")
        office = Office(office.home)
        done = Preservation(office).revisar()
        office.index.close()
        assert done.completa and done.sound and done.leidos == 2 and done.evento is None
        assert len(done.avisos) == 2 and "asentada" in " ".join(done.avisos)


SOUND: dict[str, Any] = {
    "desde": "2026-03-02T09:00:00.000-05:00",
    "hasta": "2026-03-02T10:00:00.000-05:00",
    "documentos": 3,
    "bytes": 9,
    "danados": ["a" * 64],
    "danados_total": 1,
    "informe": "b" * 64,
    "certificado": "c" * 64,
}


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ({}, ""),
        ({"danados_total": 2}, "no nombra"),
        ({"faltan_total": 1}, "no nombra"),
        ({"danados": ["a" * 64] * 2, "danados_total": 2}, "no nombra"),
        ({"documentos": 0}, "más de lo que revisó"),
        ({"bytes": -1}, "más de lo que revisó"),
        ({"hasta": "2026-03-02T11:00:00.001-05:00"}, "horas imposibles"),
        ({"desde": "2026-03-02T10:00:00.001-05:00"}, "horas imposibles"),
        ({"desde": "ayer"}, "horas imposibles"),
    ],
)
def test_a_review_that_cannot_be_is_an_offence(lie: dict[str, Any], told: str) -> None:
    line: Any = SimpleNamespace(body=SimpleNamespace(seq=7, at="2026-03-02T11:00:00.000-05:00"))
    found = list(Preserved().take(line, VaultReviewed(**{**SOUND, **lie})))
    assert len(found) == bool(told) and told in "".join(found)
