"""One look at what tells whether something was lost or changed; a verification that can stop."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from records import backup, checking_files, checking_logs, expiring, keys, verify
from records.office import Office

LETTER = {"remitente": "Ana Gil", "asunto": "Un hueco", "tipo": "peticion"}


def test_a_young_office_says_what_was_never_done(office: Office) -> None:
    held = office.integridad()
    assert held.verificacion is None and held.cierre is None and held.sello is None
    assert held.respaldo is None and held.bifurcaciones == []
    own, authority = held.diarios
    assert (own.punto, own.propio, authority.punto) == ("VU1", True, "AUT")
    assert own.lineas == 1 and authority.lineas > 10 and own.hasta is not None
    assert [e.que for e in held.llaves] == ["AUT", "VU1", "crl", "ca"]
    assert not any(e.pronto or e.problema for e in held.llaves)
    assert any("Nunca" in text for text in held.avisos)


def test_what_was_done_is_told_with_when_and_by_whom(office: Office, tmp_path: Path) -> None:
    office.radicar_sin_imagen(LETTER)
    closed = office.cierre()
    (tmp_path / "usb").mkdir()
    backup.crear(office, tmp_path / "usb")
    report = office.verificar()
    assert report is not None and report.ok
    held = office.integridad()
    assert held.verificacion is not None and held.verificacion.ok
    assert held.verificacion.quien == office.persona and not held.verificacion.completa
    assert held.verificacion.eventos == report.eventos
    assert held.cierre is not None and held.cierre.raiz == closed.sello
    assert held.sello is not None and held.sello.problema == ""
    assert (held.sello.tamano, held.sello.raiz) == (closed.tamano, closed.sello)
    assert held.sello.clave in office.authority.llaves["VU1"]
    assert held.respaldo is not None and not held.respaldo.tarde and held.respaldo.archivos > 5


def test_damage_is_remembered_with_its_findings(office: Office) -> None:
    office.radicar_sin_imagen(LETTER)
    office.cierre()
    note = next((office.home / "checkpoints" / "VU1").iterdir())
    note.write_bytes(note.read_bytes().replace(b"\n", b"x\n", 1))
    path = office.home / "keys" / "VU1.cert.pem"
    path.write_text("nada")
    report = office.verificar(completo=True)
    assert report is not None and not report.ok
    held = office.integridad()
    assert held.verificacion is not None and held.verificacion.completa
    assert held.verificacion.hallazgos == len(report.hallazgos) >= 2
    assert held.verificacion.primeros == report.hallazgos
    assert held.sello is not None and held.sello.problema
    bad = next(e for e in held.llaves if e.que == "VU1")
    assert bad.problema and bad.pronto


def test_what_runs_out_soon_is_told_two_months_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "SOON", timedelta(days=365 * keys.POINT_YEARS + 1))
    soon = {e.que: e.pronto for e in office.integridad().llaves}
    assert soon == {"AUT": True, "VU1": True, "crl": True, "ca": False}


def test_a_verification_tells_how_far_it_is_and_stops_when_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking_logs, "EVERY_LINES", 2)
    monkeypatch.setattr(checking_files, "EVERY_DOCUMENTS", 1)
    office.radicar_sin_imagen(LETTER)
    office.cierre()
    told: list[tuple[str, int, int]] = []

    def listen(what: str, done: int, total: int) -> bool:
        told.append((what, done, total))
        return True

    assert office.verificar(completo=True, avance=listen) is not None
    assert list(dict.fromkeys(w for w, *_ in told)) == [
        "diario", "documentos", "boveda", "indice",
    ]  # fmt: skip
    of_logs = [(done, total) for what, done, total in told if what == "diario"]
    assert of_logs == sorted(of_logs) and all(0 < done <= total for done, total in of_logs)
    before = verify.last_check(office)
    for stage in ("diario", "documentos", "boveda", "indice"):
        assert office.verificar(completo=True, avance=lambda w, *_, s=stage: w != s) is None
    assert verify.last_check(office) == before
