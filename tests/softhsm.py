"""A real PKCS#11 token in a folder (SoftHSM2), and an authority that issues its certificate."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from records import token
from records.office import Office

PIN = "482913"
LABEL = "ALCALDIA"
PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
MODULE = next((p for p in PLACES if Path(p).exists()), "")
_REASON = "sin SoftHSM2 (paquete softhsm2) o sin python-pkcs11"


def _there() -> bool:
    try:
        import pkcs11
    except ImportError:
        return False
    return bool(pkcs11) and bool(MODULE) and shutil.which("softhsm2-util") is not None


needed = pytest.mark.skipif(not _there(), reason=_REASON)


@dataclass
class SoftToken:
    """A token that can be pulled out and put back."""

    folder: Path
    public: rsa.RSAPublicKey
    conf: Path = field(init=False)

    def __post_init__(self) -> None:
        self.conf = self.folder / "softhsm2.conf"

    @property
    def place(self) -> Path:
        """Where its objects lie."""
        return self.folder / "tokens"

    def pull_out(self) -> None:
        """The token is gone."""
        self.place.rename(self.folder / "sacado")
        self.place.mkdir()

    def put_back(self) -> None:
        """The token is there again."""
        self.place.rmdir()
        (self.folder / "sacado").rename(self.place)

    def knows_only(self, *mechanisms: str) -> None:
        """What it can do from the next session on."""
        self.conf.write_text(self.conf.read_text() + f"slots.mechanisms = {','.join(mechanisms)}\n")

    def session(self) -> Any:
        """A writing session of the manufacturer's own program, so to say."""
        import pkcs11

        return pkcs11.lib(MODULE).get_token(token_label=LABEL).open(rw=True, user_pin=PIN)


def _write_conf(folder: Path) -> None:
    (folder / "tokens").mkdir(exist_ok=True)
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\n"
        "objectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n"
    )


def make(folder: Path) -> rsa.RSAPublicKey:
    """Initialise a token with an RSA-3072 key that never leaves it."""
    import pkcs11
    from pkcs11 import Attribute, KeyType

    _write_conf(folder)
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN,
         "--so-pin", "90817263"], check=True, capture_output=True,
    )  # fmt: skip
    library = pkcs11.lib(MODULE)
    with library.get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        public, _ = session.generate_keypair(
            KeyType.RSA, 3072, store=True, label="firma", id=b"\x01\xaf"
        )
        numbers = rsa.RSAPublicNumbers(
            int.from_bytes(public[Attribute.PUBLIC_EXPONENT], "big"),
            int.from_bytes(public[Attribute.MODULUS], "big"),
        )
    library.finalize()
    return numbers.public_key()


def copy_of(template: SoftToken, folder: Path, monkeypatch: pytest.MonkeyPatch) -> SoftToken:
    """A token of a test's own."""
    token.close()
    shutil.copytree(template.place, folder / "tokens")
    _write_conf(folder)
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    return SoftToken(folder, template.public)


# -- the authority --------------------------------------------------------------------------------


class Issuer:
    """A certification authority with a root and, under it, the authority that issues."""

    def __init__(self) -> None:
        self.root_key = rsa.generate_private_key(65537, 2048)
        self.key = rsa.generate_private_key(65537, 2048)
        root = self._build("Raíz de prueba", "Raíz de prueba", self.root_key.public_key(), ca=True)
        self.root = root.sign(self.root_key, hashes.SHA256())
        middle = self._build("ECD de prueba", "Raíz de prueba", self.key.public_key(), ca=True)
        self.middle = middle.sign(self.root_key, hashes.SHA256())

    @staticmethod
    def _name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def _build(
        self,
        subject: str,
        issuer: str,
        key: Any,
        *,
        ca: bool = False,
        signs: tuple[bool, bool] = (True, True),
        days: tuple[int, int] = (-1, 365),
    ) -> x509.CertificateBuilder:
        now = datetime.now(tz=UTC)
        usage = x509.KeyUsage(
            digital_signature=signs[0] and not ca,
            content_commitment=signs[1] and not ca,
            key_encipherment=not any(signs),
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=ca,
            crl_sign=ca,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            x509.CertificateBuilder()
            .subject_name(self._name(subject))
            .issuer_name(self._name(issuer))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=min(days[0], -1 if ca else days[0])))
            .not_valid_after(now + timedelta(days=3650 if ca else days[1]))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(usage, critical=True)
        )

    def issue(self, key: Any, **how: Any) -> x509.Certificate:
        """A certificate for a public key."""
        return self._build("Alcaldía de Prueba", "ECD de prueba", key, **how).sign(
            self.key, hashes.SHA256()
        )

    def write(self, folder: Path, certificate: x509.Certificate) -> tuple[Path, Path]:
        """The two files that an administrator gets: certificate and chain."""
        leaf, chain = folder / "cert.pem", folder / "cadena.pem"
        leaf.write_bytes(certificate.public_bytes(Encoding.PEM))
        # In no order: an authority's download page has none either.
        chain.write_bytes(b"".join(c.public_bytes(Encoding.PEM) for c in (self.root, self.middle)))
        return leaf, chain


@cache
def authority() -> Issuer:
    """One for all tests of a process."""
    return Issuer()


def elliptic() -> ec.EllipticCurvePublicKey:
    """A key that is no RSA."""
    return ec.generate_private_key(ec.SECP256R1()).public_key()


def configure(office: Office, pin: str | None = PIN, llave: str = "firma") -> Office:
    """Name the token in config.toml and lay its PIN down; the office as it is then."""
    config = office.home / "config.toml"
    config.write_text(
        config.read_text() + f'\n[firma]\npkcs11_modulo = "{MODULE}"\npkcs11_ficha = "{LABEL}"\n'
        f'pkcs11_llave = "{llave}"\n'
    )
    if pin is not None:
        give_pin(office.home, pin)
    return Office(office.home)


def give_pin(home: Path, pin: str) -> None:
    """Write keys/pkcs11.pin as docs/firma.md says."""
    path = home / "keys" / "pkcs11.pin"
    path.touch(mode=0o600)
    path.write_text(pin + "\n")
