"""A record signed by an accredited authority's token: what it proves, what is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from records import accredited, keys, lines, pin, settings, signing, token, verify
from records.errors import CannotSign, Refused
from records.events import PointKeyed
from records.office import Office
from tests import softhsm
from tests.conftest import page_pdf
from tests.program import environment
from tests.records.test_seal import numbered, sealed_pdf
from tests.softhsm import SoftToken

pytestmark = softhsm.needed


@cache
def rsa_keys() -> list[rsa.RSAPrivateKey]:
    """The keys of every office here: what they are is not what these tests ask."""
    return [keys.new_rsa() for _ in range(3)]


@pytest.fixture(autouse=True)
def _same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = cycle(rsa_keys())
    monkeypatch.setattr(keys, "new_rsa", lambda: next(pool))


def seal(office: Office) -> bytes:
    """Number a letter and seal it; the signed PDF."""
    subject, radicado = numbered_next(office)
    office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    return sealed_pdf(office, radicado)


def numbered_next(office: Office) -> tuple[str, str]:
    subject = office.recibir(
        os.urandom(8), reclamo=os.urandom(4).hex(), nombre="c.pdf", carril="ventanilla"
    )
    return subject, office.radicar(subject, {"remitente": "Ana"}).radicado


def code_of(office: Office) -> str:
    """The code with which sealing is refused now."""
    subject, _ = numbered_next(office)
    with pytest.raises(CannotSign) as told:
        office.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    assert subject in office.por_sellar()
    assert told.value.consejo
    return told.value.codigo


# -- what it proves -------------------------------------------------------------------------------


def test_the_tokens_signature_is_a_firma_digital_and_the_offices_own_is_not(
    signing_office: Office, office: Office, tmp_path: Path
) -> None:
    assert not signing.verify(seal_own(office, tmp_path), office.keys).digital
    data = seal(signing_office)
    told = signing.verify(data, signing_office.keys, lines.now())
    assert told.valid and told.digital
    assert told.signer == "Alcaldía de Prueba"
    registered = keys.fingerprint(accredited.current(signing_office.keys, "VU1"))
    assert told.certificate == registered == signing_office.signer.certificate
    report = verify.verify(signing_office, complete=True)
    assert report.ok, report.hallazgos


def seal_own(office: Office, folder: Path) -> bytes:
    """A record of an office that has no token."""
    from tests.conftest import ROOT

    other, _ = Office.found(folder / "otra", ROOT / "config.toml", demo=True)
    subject, radicado = numbered(other)
    other.sellar(subject, page_pdf(), hueco=None, paginas=1, lectura=None)
    data = sealed_pdf(other, radicado)
    assert signing.verify(data, other.keys).valid
    other.index.close()
    return data


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="sin poppler-utils")
def test_poppler_calls_the_tokens_signature_valid(signing_office: Office, tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(seal(signing_office))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Alcaldía de Prueba" in said


def test_the_authority_says_whose_certificate_it_is_once(
    signing_office: Office, tmp_path: Path
) -> None:
    files = (tmp_path / "cert.pem", tmp_path / "cadena.pem")
    again = signing_office.registrar_certificado(*files)
    assert again.evento is None
    (fact,) = [e.fact for e in signing_office.authority_journal.events() if e.type == "punto.llave"]
    assert isinstance(fact, PointKeyed)
    public = lines.raw_public(signing_office.keys.point_ed("VU1")).hex()
    assert (fact.punto, fact.epoch, fact.clave) == ("VU1", 0, public)
    assert fact.certificado == again.certificado


def test_a_changed_page_is_seen(signing_office: Office) -> None:
    data = bytearray(seal(signing_office))
    data[2000] ^= 1
    told = signing.verify(bytes(data), signing_office.keys)
    assert not told.valid and not told.digital


def test_another_certificate_of_the_same_authority_is_nobody_here(
    signing_office: Office, office: Office, ficha: SoftToken
) -> None:
    data = seal(signing_office)
    stranger = softhsm.authority().issue(rsa.generate_private_key(65537, 2048).public_key())
    path = signing_office.keys.folder / "VU1.pkcs11.cert.pem"
    path.write_bytes(keys.certificate_pem(stranger))
    told = signing.verify(data, signing_office.keys)
    assert not told.valid and "no es de esta entidad" in told.reason
    assert code_of(Office(office.home)) == "token_sin_admitir"


def test_a_certificate_that_the_authority_never_admitted_does_not_verify(
    signing_office: Office, ficha: SoftToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may write the key folder and the punto's log still lacks the authority's word."""
    forged = softhsm.authority().issue(ficha.public)
    accredited.keep(signing_office.keys, "VU1", forged)
    digest = keys.fingerprint(forged)
    signing_office.authority.certificados["VU1"].add(digest)
    monkeypatch.setattr(Office, "_look_again", lambda self: b"")
    monkeypatch.setattr(Office, "_publish_settings", lambda self: None)
    assert signing.verify(seal(signing_office), signing_office.keys).certificate == digest
    found = verify.verify(Office(signing_office.home)).hallazgos
    assert "autoridad" in {f.codigo for f in found}


def test_a_punto_cannot_admit_a_certificate_itself(signing_office: Office) -> None:
    digest, key = signing_office.signer.certificate, signing_office.keys.point_ed("VU1")
    seal(signing_office)
    forged = PointKeyed(punto="VU1", epoch=0, clave="0" * 64, certificado="ab" * 32)
    with signing_office.journal.writing(key) as writer:
        writer.append(forged, subject="punto.VU1", actor="demo")
        sealed = signing_office.estado("VU1.1").sellado
        assert sealed is not None and sealed.certificado == digest
        fact = msgspec.structs.replace(sealed, certificado="ab" * 32)
        writer.append(fact, subject="VU1.1", actor="sistema")
    found = verify.verify_logs(Office(signing_office.home)).hallazgos
    assert "autoridad" in {f.codigo for f in found}


def test_a_new_certificate_leaves_what_the_old_one_signed(
    signing_office: Office, ficha: SoftToken, tmp_path: Path
) -> None:
    before = seal(signing_office)
    first = signing_office.signer.certificate
    other = softhsm.Issuer()
    done = signing_office.registrar_certificado(*other.write(tmp_path, other.issue(ficha.public)))
    assert done.certificado != first and done.evento is not None
    after = seal(signing_office)
    assert signing.verify(before, signing_office.keys).certificate == first
    assert signing.verify(after, signing_office.keys).certificate == done.certificado
    assert verify.verify(signing_office, complete=True).ok


@pytest.mark.largo
def test_without_the_section_the_offices_own_certificate_signs_again(
    signing_office: Office,
) -> None:
    before = seal(signing_office)
    config = signing_office.home / "config.toml"
    config.write_text(config.read_text().partition("\n[firma]\n")[0])
    own = seal(Office(signing_office.home))
    assert signing.verify(before, signing_office.keys).digital
    assert not signing.verify(own, signing_office.keys).digital
    assert verify.verify(Office(signing_office.home), complete=True).ok


def test_what_was_signed_while_it_held_stays_valid(signing_office: Office) -> None:
    data = seal(signing_office)
    assert signing.verify(data, signing_office.keys, lines.now()).valid
    late = lines.now() + timedelta(days=500)
    assert not signing.verify(data, signing_office.keys, late).valid


# -- which certificates are taken -----------------------------------------------------------------


def test_only_an_administrator_registers(office: Office, ficha: SoftToken, tmp_path: Path) -> None:
    issuer = softhsm.authority()
    files = issuer.write(tmp_path, issuer.issue(ficha.public))
    with pytest.raises(Refused, match="no dice con qué token"):
        office.registrar_certificado(*files)
    home = softhsm.configure(office).home
    with pytest.raises(Refused, match="papel"):
        Office(home, persona="cruiz").registrar_certificado(*files)
    assert Office(home, persona="svillamil").registrar_certificado(*files).titular


def test_what_cannot_sign_documents_is_refused(
    office: Office, ficha: SoftToken, tmp_path: Path
) -> None:
    configured = softhsm.configure(office)
    issuer = softhsm.authority()
    weak = rsa.generate_private_key(65537, 1024).public_key()
    cases = {
        "RSA": [issuer.issue(softhsm.elliptic()), issuer.issue(weak)],
        "no es para firmar": [issuer.issue(ficha.public, signs=(False, False)), issuer.middle],
        "venció": [issuer.issue(ficha.public, days=(-30, -1))],
        "vale desde": [issuer.issue(ficha.public, days=(5, 30))],
        "interna": [office.keys.certificate("VU1")],
    }
    for said, certificates in cases.items():
        for certificate in certificates:
            with pytest.raises(Refused, match=said):
                configured.registrar_certificado(*issuer.write(tmp_path, certificate))
    leaf, _ = issuer.write(tmp_path, issuer.issue(ficha.public))
    with pytest.raises(Refused, match="Falta el certificado del emisor"):
        configured.registrar_certificado(leaf)
    with pytest.raises(Refused, match="No se puede leer"):
        configured.registrar_certificado(tmp_path / "nada.pem")
    leaf.write_bytes(b"esto no es un certificado")
    with pytest.raises(Refused, match="no es un certificado"):
        configured.registrar_certificado(leaf)
    assert not list(office.keys.folder.glob("*.pkcs11.*.pem"))
    assert not [e for e in office.authority_journal.events() if e.type == "punto.llave"]


def test_the_token_must_hold_the_certificates_key(
    office: Office, ficha: SoftToken, tmp_path: Path
) -> None:
    configured = softhsm.configure(office)
    issuer = softhsm.authority()
    stranger = issuer.issue(rsa.generate_private_key(65537, 3072).public_key())
    with pytest.raises(CannotSign, match="no es la del certificado"):
        configured.registrar_certificado(*issuer.write(tmp_path, stranger))
    assert not list(office.keys.folder.glob("*.pkcs11.*.pem"))


@pytest.mark.largo
def test_a_der_file_and_either_usage_serve(
    office: Office, ficha: SoftToken, tmp_path: Path
) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    configured = softhsm.configure(office, llave="id:01AF")
    issuer = softhsm.authority()
    for signs in ((True, False), (False, True)):
        certificate = issuer.issue(ficha.public, signs=signs)
        leaf, chain = issuer.write(tmp_path, certificate)
        leaf.write_bytes(certificate.public_bytes(Encoding.DER))
        configured.registrar_certificado(leaf, chain)
        assert signing.verify(seal(configured), configured.keys).digital
    assert verify.verify(configured).ok


def test_until_it_is_registered_seals_wait(office: Office, ficha: SoftToken) -> None:
    assert code_of(softhsm.configure(office)) == "token_sin_registrar"


def test_a_certificate_that_ended_signs_no_more(
    signing_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime.now(tz=UTC) + timedelta(days=400)
    real = accredited.not_now
    monkeypatch.setattr(accredited, "not_now", lambda c: real(c, late))
    assert code_of(signing_office) == "certificado_vencido"


# -- the token ------------------------------------------------------------------------------------


def test_a_wrong_pin_is_tried_once_by_anybody(signing_office: Office) -> None:
    from tests.program import run

    token.close()
    softhsm.give_pin(signing_office.home, "000000")
    assert code_of(signing_office) == "pin_errado"
    assert code_of(signing_office) == "pin_rechazado"
    (told,) = run("doctor", "--json", "--casa", signing_office.home).json["problemas"]
    assert "no se prueba otra vez" in told
    kept = (signing_office.home / "keys" / pin.NOTE).read_text()
    assert "000000" not in kept
    softhsm.give_pin(signing_office.home, softhsm.PIN)
    seal(signing_office)
    assert not (signing_office.home / "keys" / pin.NOTE).exists()
    assert token.trouble() is None


def test_a_refused_pin_is_given_again_only_when_a_person_says_so(signing_office: Office) -> None:
    token.close()
    pin.refuse(signing_office.keys.folder, softhsm.PIN, signing_office.disk)
    assert code_of(signing_office) == "pin_rechazado"
    (signing_office.home / "keys" / pin.NOTE).unlink()
    assert signing.verify(seal(signing_office), signing_office.keys).digital


def test_a_token_near_its_lock_is_left_alone() -> None:
    from pkcs11 import TokenFlag

    ready = TokenFlag.USER_PIN_INITIALIZED | TokenFlag.LOGIN_REQUIRED
    token.check_flags(ready | TokenFlag.USER_PIN_COUNT_LOW)
    for flag, code in (
        (TokenFlag.USER_PIN_FINAL_TRY, "token_ultimo_intento"),
        (TokenFlag.USER_PIN_LOCKED, "token_bloqueado"),
    ):
        with pytest.raises(CannotSign) as told:
            token.check_flags(ready | flag)
        assert told.value.codigo == code


def test_the_pin_must_be_ones_own(signing_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = signing_office.home / "keys" / pin.FILE
    token.close()
    path.chmod(0o640)
    assert code_of(signing_office) == "pin_expuesto"
    path.unlink()
    assert code_of(signing_office) == "sin_pin"
    monkeypatch.setattr(pin, "_given", None)
    monkeypatch.setenv(pin.VARIABLE, softhsm.PIN)
    seal(signing_office)
    # Programs that this one starts do not get it.
    assert pin.VARIABLE not in os.environ


def test_a_token_that_is_not_there_leaves_the_seal_pending(
    signing_office: Office, ficha: SoftToken
) -> None:
    token.close()
    ficha.pull_out()
    assert code_of(signing_office) == "token_ausente"
    assert token.trouble() is not None
    ficha.put_back()
    seal(signing_office)
    config = signing_office.home / "config.toml"
    config.write_text(config.read_text().replace(softhsm.MODULE, "/no/hay.so"))
    assert code_of(Office(signing_office.home)) == "token_modulo"


def test_a_token_pulled_out_between_two_signatures(
    signing_office: Office, ficha: SoftToken
) -> None:
    seal(signing_office)
    ficha.pull_out()
    assert code_of(signing_office) == "token_ausente"
    ficha.put_back()
    seal(signing_office)
    assert verify.verify(signing_office, complete=False).ok


@pytest.mark.largo
def test_a_session_that_died_is_opened_again(signing_office: Office) -> None:
    import pkcs11

    seal(signing_office)
    pkcs11.lib(softhsm.MODULE).reinitialize()  # what a token does that was out and is in again
    seal(signing_office)


@pytest.mark.largo
def test_a_token_that_only_knows_raw_rsa(signing_office: Office, ficha: SoftToken) -> None:
    token.close()
    ficha.knows_only("CKM_RSA_PKCS")
    assert signing.verify(seal(signing_office), signing_office.keys).valid
    assert token._held is not None and token._held.mechanism.name == "RSA_PKCS"


@pytest.mark.largo
def test_a_key_that_asks_for_the_pin_each_time(
    office: Office, ficha: SoftToken, tmp_path: Path
) -> None:
    import pkcs11
    from pkcs11 import Attribute, KeyType

    with ficha.session() as session:
        public, _ = session.generate_keypair(
            KeyType.RSA, 2048, store=True, label="cada_vez",
            private_template={Attribute.ALWAYS_AUTHENTICATE: True},
        )  # fmt: skip
        numbers = rsa.RSAPublicNumbers(65537, int.from_bytes(public[Attribute.MODULUS], "big"))
    pkcs11.lib(softhsm.MODULE).finalize()
    configured = softhsm.configure(office, llave="")  # two keys: the certificate says which
    issuer = softhsm.authority()
    configured.registrar_certificado(*issuer.write(tmp_path, issuer.issue(numbers.public_key())))
    for _ in range(2):
        assert signing.verify(seal(configured), configured.keys).digital


def probe(folder: Path, home: Path, text: str, **env: str) -> list[str]:
    """The words that a program of its own prints, after it sealed a letter of *home*."""
    path = folder / "sonda.py"
    path.write_text(
        "import os, sys\nfrom pathlib import Path\nfrom records import token\n"
        "from records.office import Office\nfrom tests.records.test_token import seal\n"
        f"if __name__ == '__main__':\n    seal(Office(Path(sys.argv[1])))\n{text}"
    )
    done = subprocess.run(
        [sys.executable, path, home], capture_output=True, text=True, check=False,
        env=environment(**env), timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.largo
def test_a_forked_child_does_not_use_its_parents_session(
    signing_office: Office, tmp_path: Path
) -> None:
    text = (
        "    held, child = token._held, os.fork()\n"
        "    if child == 0:\n"
        "        none = token._held is None\n"
        "        seal(Office(Path(sys.argv[1])))\n"
        "        print(none, token._held is not None, flush=True)\n"
        "        os._exit(0)\n"
        "    os.waitpid(child, 0)\n"
        "    seal(Office(Path(sys.argv[1])))\n"
        "    print(token._held is held)\n"
    )
    assert probe(tmp_path, signing_office.home, text) == ["True", "True", "True"]
    assert verify.verify(signing_office).ok


@pytest.mark.largo
def test_the_processes_that_read_documents_know_nothing_of_the_token(
    signing_office: Office, tmp_path: Path
) -> None:
    text = (
        "    from multiprocessing import forkserver\n"
        "    from ingest import child\n"
        "    maps = lambda p: 'softhsm' in open(f'/proc/{p}/maps').read()\n"
        "    env = lambda p: b'VENTANILLA_PIN' in open(f'/proc/{p}/environ', 'rb').read()\n"
        "    child.warm_up(); p = forkserver._forkserver._forkserver_pid\n"
        "    print(maps('self'), maps(p), env('self'), env(p))\n"
    )
    (signing_office.home / "keys" / pin.FILE).unlink()
    told = probe(tmp_path, signing_office.home, text, VENTANILLA_PIN=softhsm.PIN)
    assert told == ["True", "False", "True", "False"]


# -- settings -------------------------------------------------------------------------------------


def test_the_section_is_checked(office: Office) -> None:
    config = office.home / "config.toml"
    text = config.read_text()
    for section, said in (
        ('pkcs11_ficha = "X"', "falta la biblioteca"),
        ('pkcs11_modulo = "libtoken.so"', "ruta completa"),
        ('pkcs11_modulo = "/a.so"\npkcs11_llave = "id:xyz"', "hexadecimales"),
        ('pkcs11_pin = "1234"', "pkcs11_pin"),
    ):
        config.write_text(f"{text}\n[firma]\n{section}\n")
        with pytest.raises(Refused, match=said):
            settings.load(config)
