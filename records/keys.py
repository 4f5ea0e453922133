"""Key files and certificates: the entity's root and CA, each punto's pair, each person's key.

Ed25519 (RFC 8032) signs the journal; RSA-3072 with X.509 certificates (RFC 5280) signs PDFs. Root,
CA and person keys lie wrapped (Argon2id, RFC 9106, then AES-256-GCM); a punto's keys lie open with
mode 0600, since the watcher signs unattended. In a demo office nothing is wrapped and everything
says so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.x509.oid import NameOID

from records import lines
from records.disk import PRIVATE, Disk
from records.errors import Damaged, Refused

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

RSA_BITS = 3072
CA_YEARS = 10
POINT_YEARS = 2
SOON = timedelta(days=60)
"""So long before something that signs runs out, it is told."""
MIN_PASSPHRASE = 12

# RFC 9106, section 4, second recommended option: a 2012 PC takes about a second.
_ARGON = {"iterations": 3, "lanes": 4, "memory_cost": 64 * 1024}


class Wrapped(msgspec.Struct, frozen=True):
    """A private key under a passphrase, as it lies on disk."""

    kdf: str
    iteraciones: int
    vias: int
    memoria_kib: int
    sal: str
    nonce: str
    cifrado: str


class Open(msgspec.Struct, frozen=True):
    """A private key of a demo office: not wrapped, and it says so."""

    demostracion: bool
    pem: str


PrivateKey = Ed25519PrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key folder of a home."""

    folder: Path
    disk: Disk

    # -- wrapped keys -------------------------------------------------------------------------

    def store(self, name: str, key: PrivateKey, passphrase: str | None) -> None:
        """Write a private key, wrapped by *passphrase*; None is for demo offices only."""
        pem = _pem(key)
        data = (
            msgspec.json.encode(Open(True, pem.decode()))
            if passphrase is None
            else msgspec.json.encode(wrap(pem, passphrase))
        )
        self.disk.make_folder(self._path(name).parent)
        self.disk.replace(self._path(name), data, mode=PRIVATE)

    def load(self, name: str, passphrase: str | None) -> PrivateKey:
        """Read a private key.

        Raises:
            Refused: the passphrase is missing or wrong, or there is no such key.
        """
        path = self._path(name)
        if not path.is_file():
            raise Refused(
                "sin_llave",
                f"No hay llave «{name}» en esta casa.",
                consejo="Use el equipo donde está la llave, o pida una nueva al administrador.",
            )
        try:
            held = msgspec.json.decode(path.read_bytes(), type=dict)
            if "pem" in held:
                pem = msgspec.convert(held, Open).pem.encode()
            else:
                pem = unwrap(msgspec.convert(held, Wrapped), passphrase)
        except (msgspec.MsgspecError, ValueError) as error:
            raise Damaged("llave_danada", f"El archivo {path} no es una llave.") from error
        return _private(pem)

    def is_open(self, name: str) -> bool:
        """Whether a key lies here under no passphrase, as those of demo offices do."""
        try:
            return "pem" in msgspec.json.decode(self._path(name).read_bytes(), type=dict)
        except (OSError, msgspec.MsgspecError):
            return False

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.clave.json"

    # -- a punto's keys -----------------------------------------------------------------------

    def store_point(self, punto: str, ed: Ed25519PrivateKey, rsa_key: rsa.RSAPrivateKey) -> None:
        """Write a punto's two keys, usable unattended."""
        self.disk.make_folder(self.folder)
        self.disk.replace(self.folder / f"{punto}.ed25519.pem", _pem(ed), mode=PRIVATE)
        self.disk.replace(self.folder / f"{punto}.rsa.pem", _pem(rsa_key), mode=PRIVATE)

    def point_ed(self, punto: str) -> Ed25519PrivateKey:
        """The key that signs the punto's journal."""
        key = self._open_pem(self.folder / f"{punto}.ed25519.pem")
        assert isinstance(key, Ed25519PrivateKey)
        return key

    def point_rsa(self, punto: str) -> rsa.RSAPrivateKey:
        """The key that signs the punto's PDFs."""
        key = self._open_pem(self.folder / f"{punto}.rsa.pem")
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    def point_in_force(self, punto: str, public: str) -> Ed25519PrivateKey:
        """The punto's key whose public half is *public* (hex; empty: the one that is there).

        A new pair that a cut kept from its place is put there now.

        Raises:
            Refused: the key of the log lies elsewhere.
        """
        if public and self._pending(punto, public, ".ed25519.pem").is_file():
            self.adopt(punto, public)
        key = self.point_ed(punto)
        if public and lines.raw_public(key).hex() != public:
            raise Refused(
                "llave_ajena",
                f"La llave que hay aquí no es la que el diario de {punto} nombra.",
                consejo="Aquí se puede consultar. Si esta casa viene de un respaldo, siga con "
                "«ventanilla restauracion».",
            )
        return key

    def next_key(self, punto: str, public: str) -> Ed25519PrivateKey | None:
        """The private half of a punto's next key, where it lies here."""
        path = self._pending(punto, public, ".ed25519.pem")
        if not public or not path.is_file():
            return None
        key = self._open_pem(path)
        assert isinstance(key, Ed25519PrivateKey)
        return key

    def store_next(
        self, punto: str, ed: Ed25519PrivateKey, rsa_key: rsa.RSAPrivateKey, own: Certificate
    ) -> None:
        """Keep a punto's next pair and certificate beside the present ones, until `adopt`."""
        public = lines.raw_public(ed).hex()
        self.disk.make_folder(self.folder)
        certificate = self._pending(punto, public, ".cert.pem")
        self.disk.replace(certificate, certificate_pem(own))
        self.disk.replace(self._pending(punto, public, ".rsa.pem"), _pem(rsa_key), mode=PRIVATE)
        self.disk.replace(self._pending(punto, public, ".ed25519.pem"), _pem(ed), mode=PRIVATE)

    def adopt(self, punto: str, public: str) -> None:
        """Put the next pair in its place; the journal's key last, so that a cut repeats it."""
        present = self.folder / f"{punto}.cert.pem"
        if present.is_file():
            self.disk.make_folder(self._former)
            held = self.certificate(punto)
            self.disk.replace(self._former / f"{fingerprint(held)}.pem", certificate_pem(held))
        for suffix in (".cert.pem", ".rsa.pem", ".ed25519.pem"):
            source = self._pending(punto, public, suffix)
            if source.is_file():
                self.disk.move(source, self.folder / f"{punto}{suffix}")

    @property
    def _former(self) -> Path:
        """Certificates that were replaced: old records bear them."""
        return self.folder / "anteriores"

    def _pending(self, punto: str, public: str, suffix: str) -> Path:
        return self.folder / f"{punto}.{public[:16]}{suffix}"

    def _open_pem(self, path: Path) -> PrivateKey:
        if not path.is_file():
            raise Refused(
                "sin_llave",
                f"Falta la llave {path.name}: desde aquí se puede consultar, no numerar.",
                consejo="Numere en el equipo de esta ventanilla.",
            )
        try:
            return _private(path.read_bytes())
        except (ValueError, TypeError) as error:
            raise Damaged("llave_danada", f"El archivo {path} no es una llave.") from error

    # -- public things ------------------------------------------------------------------------

    def root_public(self) -> str:
        """The entity root's public key, 64 hex.

        Raises:
            Damaged: it is missing or is no key.
        """
        path = self.folder / "raiz.pub"
        try:
            text = path.read_text(encoding="ascii").strip()
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
        except (OSError, ValueError) as error:
            raise Damaged("llave_danada", f"La llave {path} falta o no se entiende.") from error
        return text

    def certificate(self, name: str) -> Certificate:
        """`ca` or a punto's certificate.

        Raises:
            Damaged: it is missing or is no certificate.
        """
        try:
            return x509.load_pem_x509_certificate((self.folder / f"{name}.cert.pem").read_bytes())
        except (OSError, ValueError) as error:
            raise Damaged(
                "certificado_danado", f"El certificado {name}.cert.pem falta o no se entiende."
            ) from error

    def serial_of(self, fingerprint: str) -> int | None:
        """The serial number of a certificate that was made here; None where it is not ours."""
        for path in [*self.folder.glob("*.cert.pem"), *self._former.glob("*.pem")]:
            if path.name.endswith(".pkcs11.cert.pem"):
                continue
            held = x509.load_pem_x509_certificate(path.read_bytes())
            if _fingerprint(held) == fingerprint:
                return held.serial_number
        return None

    def crl(self) -> x509.CertificateRevocationList:
        """The CA's current list of revoked certificates."""
        try:
            return x509.load_pem_x509_crl((self.folder / "ca.crl.pem").read_bytes())
        except (OSError, ValueError) as error:
            raise Damaged("certificado_danado", "Falta ca.crl.pem o no se entiende.") from error

    def store_public(self, name: str, data: bytes) -> None:
        """Write a public file of the folder."""
        self.disk.make_folder(self.folder)
        self.disk.replace(self.folder / name, data)


# -- wrapping -------------------------------------------------------------------------------------


def wrap(pem: bytes, passphrase: str) -> Wrapped:
    """Wrap *pem* by Argon2id and AES-256-GCM."""
    check_passphrase(passphrase)
    salt, nonce = os.urandom(16), os.urandom(12)
    cipher = AESGCM(_derive(passphrase, salt, **_ARGON)).encrypt(nonce, pem, None)
    return Wrapped(
        "argon2id",
        _ARGON["iterations"],
        _ARGON["lanes"],
        _ARGON["memory_cost"],
        salt.hex(),
        nonce.hex(),
        cipher.hex(),
    )


def unwrap(held: Wrapped, passphrase: str | None) -> bytes:
    """The PEM inside.

    Raises:
        Refused: no passphrase, or not this one.
    """
    if passphrase is None:
        raise Refused(
            "sin_clave",
            "Esta acción necesita la clave que protege la llave.",
            consejo="Désela con --clave-archivo ARCHIVO: la de la entidad, o la propia de quien "
            "firma.",
        )
    key = _derive(
        passphrase,
        bytes.fromhex(held.sal),
        iterations=held.iteraciones,
        lanes=held.vias,
        memory_cost=held.memoria_kib,
    )
    try:
        return AESGCM(key).decrypt(bytes.fromhex(held.nonce), bytes.fromhex(held.cifrado), None)
    except InvalidTag as error:
        raise Refused("clave_errada", "La clave no es la de esta llave.") from error


def check_passphrase(passphrase: str) -> None:
    """Length is what counts (NIST SP 800-63B): no rules of composition.

    Raises:
        Refused: it is too short.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise Refused(
            "clave_corta",
            f"La clave debe tener al menos {MIN_PASSPHRASE} caracteres.",
            consejo="Sirve una frase de varias palabras.",
        )


def _derive(
    passphrase: str, salt: bytes, *, iterations: int, lanes: int, memory_cost: int
) -> bytes:
    kdf = Argon2id(
        salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory_cost
    )
    return kdf.derive(passphrase.encode())


def _pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _private(pem: bytes) -> PrivateKey:
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, (Ed25519PrivateKey, rsa.RSAPrivateKey)):
        raise ValueError("clase de llave no esperada")
    return key


# -- making ---------------------------------------------------------------------------------------


def new_rsa() -> rsa.RSAPrivateKey:
    """A fresh RSA-3072 key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def person_key(ident: str, public: str) -> str:
    """The name of a person's key in the key folder: a new key never overwrites an older one."""
    return f"personas/{ident}-{public[:16]}"


def delegate(root: Ed25519PrivateKey, key_hex: str, entidad: str, epoch: int, punto: str) -> str:
    """The root's word that *key_hex* writes the log of *punto*, 128 hex."""
    return root.sign(lines.delegation_bytes(key_hex, entidad, epoch, punto)).hex()


def certificate_pem(certificate: Certificate) -> bytes:
    """A certificate as it is stored."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: Certificate) -> str:
    """SHA-256 of a certificate's DER, in hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


_fingerprint = fingerprint


def make_ca(key: rsa.RSAPrivateKey, entidad: str) -> Certificate:
    """The entity's own authority: signs certificates and lists, nothing else."""
    name = _name(entidad, "Autoridad de certificación interna")
    return (
        _builder(name, name, key.public_key(), years=CA_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def make_point_certificate(
    ca: Certificate, ca_key: rsa.RSAPrivateKey, key: rsa.RSAPrivateKey, entidad: str, punto: str
) -> Certificate:
    """A punto's certificate for signing records (*firma electrónica*, Decreto 2364 de 2012)."""
    return (
        _builder(_name(entidad, punto), ca.subject, key.public_key(), years=POINT_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )


def _name(entidad: str, unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CO"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, entidad[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, unit[:64]),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, *, years: int
) -> x509.CertificateBuilder:
    # A few minutes back: another machine's clock may be behind this one's.
    start = lines.now().astimezone(UTC) - timedelta(minutes=5)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
