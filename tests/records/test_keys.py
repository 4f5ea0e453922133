"""Keys and people: what is wrapped opens only with its passphrase; roles are checked."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import keys
from records.disk import Disk
from records.errors import CannotSign, Refused
from records.keys import KeyRing
from records.office import Office
from tests.conftest import ROOT, page_pdf, receive

PHRASE = "tres perros verdes"


def test_a_wrapped_key_opens_only_with_its_passphrase(tmp_path: Path) -> None:
    ring, key = KeyRing(tmp_path, Disk()), Ed25519PrivateKey.generate()
    ring.store("ana", key, PHRASE)
    opened = ring.load("ana", PHRASE)
    assert isinstance(opened, Ed25519PrivateKey)
    assert opened.private_bytes_raw() == key.private_bytes_raw()
    for wrong in ("tres perros rojos", None):
        with pytest.raises(Refused):
            ring.load("ana", wrong)
    assert key.private_bytes_raw().hex() not in (tmp_path / "ana.clave.json").read_text()


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match="12"):
        keys.wrap(b"x", "corta")


def test_a_real_office_needs_a_passphrase_and_wraps_root_and_ca(tmp_path: Path) -> None:
    config = ROOT / "config.toml"
    with pytest.raises(Refused):
        Office.found(tmp_path / "a", config)
    assert not (tmp_path / "a").exists()
    office, _ = Office.found(tmp_path / "a", config, passphrase=PHRASE)
    held = office.authority.personas["svillamil"].clave
    assert held is not None
    for name in ("raiz", "ca", keys.person_key("svillamil", held)):
        assert "PRIVATE" not in (office.home / "keys" / f"{name}.clave.json").read_text()
        office.keys.load(name, PHRASE)
    assert office.persona is None
    for path in (office.home / "keys").glob("*.pem"):
        if "cert" not in path.name and "crl" not in path.name:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_demo_office_says_so(office: Office) -> None:
    assert office.authority.demo
    assert office.persona == "demo"


def test_a_home_that_exists_is_not_touched(office: Office) -> None:
    before = sorted(p for p in office.home.rglob("*"))
    with pytest.raises(Refused):
        Office.found(office.home, ROOT / "config.toml", demo=True)
    assert sorted(p for p in office.home.rglob("*")) == before


def test_people_and_areas_are_facts(office: Office) -> None:
    office.agregar_persona(
        "jlopez", nombre="Juan López", cargo="Auxiliar", roles=["ventanilla"], passphrase=PHRASE
    )
    office.agregar_persona(
        "jlopez",
        nombre="Juan López",
        cargo="Jefe",
        roles=["jefe_area"],
        passphrase=None,
        cambia=True,
    )
    office.agregar_area("190", "Turismo", "jlopez")
    fresh = Office(office.home)
    person = fresh.authority.personas["jlopez"]
    assert (person.cargo, person.roles) == ("Jefe", ("jefe_area",))
    assert person.clave is not None
    assert fresh.authority.areas["190"].jefe == "jlopez"
    for ident, roles in (("x", ["rey"]), ("../raiz", ["admin"]), ("Ana Ruiz", ["admin"])):
        with pytest.raises(Refused):
            office.agregar_persona(ident, nombre="x", cargo="", roles=roles, passphrase=PHRASE)
    with pytest.raises(Refused):
        Office(office.home, persona="cruiz").agregar_area("191", "Otra", None)


def test_a_certificate_that_ran_out_stops_seals_not_numbers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two years without renewing: numbers go on, papers say what to do, and renewing cures it."""
    subject = receive(office, 1)[0]
    number = office.radicar(subject, {})
    ring, ca = office.keys, office.keys.certificate("ca")
    ca_key = ring.load("ca", None)
    monkeypatch.setattr(keys, "POINT_YEARS", 0)
    rsa_key = ring.point_rsa("VU1")
    old = keys.make_point_certificate(ca, ca_key, rsa_key, "Entidad", "VU1")  # type: ignore[arg-type]
    ring.store_public("VU1.cert.pem", keys.certificate_pem(old))
    monkeypatch.undo()
    with pytest.raises(CannotSign, match="clave rotar"):
        Office(office.home).signer.sign(page_pdf(), reason="prueba")
    assert office.radicar_sin_imagen({}).radicado.endswith("000002")
    fresh = Office(office.home)
    assert fresh.constancia(number.radicado).qr and fresh.avisos
    fresh.rotar_llave(clave=None)
    assert Office(office.home).signer.sign(page_pdf(), reason="prueba")
