"""A token at work: letters go on while it is away, and are sealed when it is back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ingest.backroom import Processed
from ingest.reception import Recepcion
from records import keys, signing, token, verify
from records.errors import MachineCannot
from records.office import Office
from records.paper import QR_PREFIX
from tests import softhsm
from tests.program import run
from tests.readers import RecordedReader
from tests.reception.conftest import drop
from tests.softhsm import SoftToken
from tests.test_cli import LETTER

pytestmark = softhsm.needed


@pytest.fixture
def reception(signing_office: Office) -> Recepcion:
    config = signing_office.home / "config.toml"
    text = config.read_text().replace("asentamiento_segundos = 2.0", "asentamiento_segundos = 0.1")
    config.write_text(text.replace("rescate_segundos = 10", "rescate_segundos = 0.3"))
    return Recepcion(Office(signing_office.home), reader=RecordedReader())  # type: ignore[arg-type]


def test_the_number_stands_and_the_seal_waits_for_the_token(
    reception: Recepcion, ficha: SoftToken
) -> None:
    token.close()
    ficha.pull_out()
    drop(reception, "carta.pdf")
    (done,) = reception.vigilar_una_vez()
    issued = reception.radicar(done.borrador or "")
    assert issued.radicado.endswith("000001") and issued.pdf is None
    assert "sello_pendiente" in reception.office.ver(issued.radicado).marcas
    with pytest.raises(MachineCannot, match="No se encuentra el token"):
        reception.sellar_pendientes()
    assert verify.verify(reception.office).ok
    ficha.put_back()
    assert reception.sellar_pendientes() == 1
    (record,) = [d for d in reception.office.ver(issued.radicado).documentos if d.rol == "registro"]
    assert record.archivo is not None
    pdf = (reception.office.home / record.archivo).read_bytes()
    assert signing.verify(pdf, reception.office.keys).digital
    assert reception.bandeja() == [] and not reception.office.por_sellar()
    assert list((reception.office.home / "lecturas").glob("*.pdf")) == []
    assert verify.verify(reception.office, complete=True).ok


def test_the_watcher_goes_on_without_the_token_and_seals_when_it_is_back(
    reception: Recepcion, ficha: SoftToken
) -> None:
    """Also a scan that its label files, and a letter numbered while it was still being read."""
    token.close()
    ficha.pull_out()
    waiting = reception.radicar_sin_imagen({"remitente": "Ana"})
    reader = reception.reader
    assert isinstance(reader, RecordedReader)
    reader.label = f"{QR_PREFIX} {waiting.radicado} {waiting.evento[:16]}"
    stop, told = threading.Event(), list[Processed]()
    watcher = threading.Thread(target=reception.vigilar, args=(stop, told.append))
    watcher.start()
    try:
        drop(reception, "papel.pdf")
        _until(lambda: bool(reception.office.por_sellar()))
        reader.label = None
        drop(reception, "otra.pdf")
        _until(lambda: any("otra" in t.archivo and t.estado == "por_radicar" for t in told))
        _until(lambda: any("No se encuentra el token" in (t.motivo or "") for t in told))
        assert reception.office.por_sellar()
        ficha.put_back()
        _until(lambda: not reception.office.por_sellar())
    finally:
        stop.set()
        watcher.join(20)
    assert not watcher.is_alive()
    reasons = [t for t in told if "No se encuentra el token" in (t.motivo or "")]
    assert len(reasons) == 1, "told once, not at every try"
    assert [t.estado for t in told if t.archivo.endswith("papel.pdf")] == ["incorporado"]
    assert verify.verify(reception.office, complete=True).ok


def _until(true: object, seconds: float = 15) -> None:
    import time

    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.largo
def test_the_commands_from_the_certificate_to_the_verified_letter(
    office: Office, ficha: SoftToken, tmp_path: Path
) -> None:
    casa = ("--casa", office.home)
    home = softhsm.configure(office).home
    issuer = softhsm.authority()
    certificate = issuer.issue(ficha.public, days=(-1, 30))
    leaf, chain = issuer.write(tmp_path, certificate)
    (told,) = run("doctor", "--json", *casa).json["problemas"]
    assert "no está registrado" in told and "clave certificado" in told
    give = ("clave", "certificado", "--archivo", leaf, "--cadena", chain, *casa)
    assert run(*give, "--persona", "cruiz").code == 1
    done = run(*give, "--json")
    assert done.code == 0, done.err
    assert done.json["certificado"] == keys.fingerprint(certificate)
    assert done.json["emisor"] == "ECD de prueba" and done.json["evento"]
    assert "firma digital" in run(*give).out
    (told,) = run("doctor", "--json", *casa).json["problemas"]
    assert "El certificado del token vence el" in told
    # Another process, while this one holds a session of its own.
    token_here = Office(home).signer
    assert token_here.certificate == done.json["certificado"]
    assert run("recibir", LETTER, *casa).code == 0
    assert "firmado" in run("radicar", "--todos", *casa).out
    ficha.pull_out()
    assert run("recibir", LETTER, *casa).code == 0
    (draft,) = run("bandeja", "--json", *casa).json["borradores"]
    numbered = run("radicar", draft["id"], "--json", *casa)
    assert numbered.code == 0 and numbered.json["radicados"][0]["pdf"] is None
    assert "Sello pendiente: No se encuentra el token" in numbered.err
    assert run("recuperar", *casa).code == 0
    assert "No se encuentra" in run("doctor", *casa).out
    ficha.put_back()
    assert run("recuperar", "--json", *casa).json["sellados"] == 1
    assert run("verificar", "--completo", *casa).code == 0
