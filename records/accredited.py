"""The certificate of an accredited authority: what it must be, its issuers, where both are kept.

With it the office signs by *firma digital* (Ley 527 de 1999, art. 28); whether the issuer really is
accredited (ONAC) no program can tell without a network: the administrator who registers it does.

In the key folder, `<punto>.pkcs11.cert.pem` holds the certificate in use, then those before it, and
`<punto>.pkcs11.cadena.pem` every issuer of theirs up to its root: what was signed by a certificate
that was replaced since is still judged by its own issuers. A leaf counts only where AUT admitted
its very fingerprint, and that pins its issuer's key too.
"""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from records import keys
from records.errors import CannotSign, Damaged, Refused, reason

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate

    from records.keys import KeyRing
    from records.token import TokenKey

MIN_BITS = 2048
_OTHER = "Pida a la entidad de certificación uno que sirva para firmar documentos."


# -- where they are kept --------------------------------------------------------------------------


def name_of(punto: str) -> str:
    """The name of the certificate in use, as `KeyRing.certificate` takes it."""
    return f"{punto}.pkcs11"


def current(ring: KeyRing, punto: str) -> Certificate:
    """The certificate of the punto's token.

    Raises:
        CannotSign: none was registered.
    """
    if not (ring.folder / f"{name_of(punto)}.cert.pem").is_file():
        raise CannotSign(
            "token_sin_registrar",
            "config.toml nombra un token, y su certificado no está registrado.",
            consejo="Un administrador lo registra con «ventanilla clave certificado»; hasta "
            "entonces los sellos quedan pendientes.",
        )
    return ring.certificate(name_of(punto))


def leaves(ring: KeyRing) -> dict[str, Certificate]:
    """Every registered certificate, of every punto, by its fingerprint."""
    found = [c for p in sorted(ring.folder.glob("*.pkcs11.cert.pem")) for c in _load(p)]
    return {keys.fingerprint(c): c for c in found}


def issuers(ring: KeyRing) -> list[Certificate]:
    """Every issuer that was registered with them."""
    return [c for p in sorted(ring.folder.glob("*.pkcs11.cadena.pem")) for c in _load(p)]


def _load(path: Path) -> list[Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Damaged("certificado_danado", f"{path} falta o no se entiende.") from error


def keep_issuers(ring: KeyRing, punto: str, chain: list[Certificate]) -> None:
    """Add issuers to those that are kept."""
    _add(ring, f"{name_of(punto)}.cadena.pem", chain)


def keep(ring: KeyRing, punto: str, certificate: Certificate) -> None:
    """Make a certificate the one in use; the ones before stay behind it."""
    _add(ring, f"{name_of(punto)}.cert.pem", [certificate])


def _add(ring: KeyRing, name: str, first: list[Certificate]) -> None:
    path = ring.folder / name
    held = _load(path) if path.is_file() else []
    merged = dict.fromkeys([*first, *held])
    ring.store_public(name, b"".join(map(keys.certificate_pem, merged)))


# -- what is given --------------------------------------------------------------------------------


def read(path: Path) -> list[Certificate]:
    """The certificates of a file, PEM (several) or DER (one).

    Raises:
        Refused: it cannot be read, or holds none.
    """
    try:
        data = path.read_bytes()
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error
    except ValueError as error:
        raise Refused(
            "no_es_certificado",
            f"{path} no es un certificado.",
            consejo="Debe estar en PEM o DER (.pem, .crt, .cer), sin la llave.",
        ) from error


def check(certificate: Certificate, ring: KeyRing, now: datetime | None = None) -> None:
    """Whether PDFs may be signed with it.

    Raises:
        Refused: it is no RSA of 2048 bits or more, is for something else, does not hold now, or is
            of the house's own authority.
    """
    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size < MIN_BITS:
        raise Refused(
            "certificado_no_sirve",
            f"El certificado debe ser RSA de {MIN_BITS} bits o más.",
            consejo=_OTHER,
        )
    if not usages(certificate):
        raise Refused(
            "certificado_no_sirve",
            "El certificado no es para firmar (digitalSignature o nonRepudiation).",
            consejo=_OTHER,
        )
    problem = not_now(certificate, now)
    if problem:
        raise Refused("certificado_vencido", problem, consejo="Pida uno vigente y regístrelo.")
    if _issued_by(certificate, ring.certificate("ca")):
        raise Refused(
            "certificado_propio",
            "Ese certificado es de la autoridad interna, no de una entidad acreditada.",
            consejo="Con él ya se firma cuando no hay token: quite [firma] de config.toml.",
        )


def usages(certificate: Certificate) -> set[str]:
    """Of the two uses that sign documents, those that a certificate (not an authority's) has."""
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        if basic.ca:
            return set()
    except x509.ExtensionNotFound:
        pass
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return set()
    named = {
        "digital_signature": usage.digital_signature,
        "non_repudiation": usage.content_commitment,
    }
    return {name for name, has in named.items() if has}


def prove(certificate: Certificate, token: TokenKey) -> None:
    """Have the token sign a probe by the key of *certificate*.

    Raises:
        CannotSign: it cannot, or its key is another one.
    """
    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    token.sign(b"Ventanilla: prueba de la llave\n" + os.urandom(32), public)


def not_now(certificate: Certificate, now: datetime | None = None) -> str:
    """Why it does not hold now, in Spanish; empty when it does."""
    moment = now or datetime.now(tz=UTC)
    if moment < certificate.not_valid_before_utc:
        return f"El certificado vale desde el {certificate.not_valid_before_utc:%Y-%m-%d}."
    if moment > certificate.not_valid_after_utc:
        return f"El certificado venció el {certificate.not_valid_after_utc:%Y-%m-%d}."
    return ""


def chain_of(certificate: Certificate, pool: list[Certificate]) -> list[Certificate]:
    """The issuers of a certificate, nearest first, up to a root that issued itself.

    Raises:
        Refused: one is missing, or the path does not hold (dates, uses, a weak hash).
    """
    chain: list[Certificate] = []
    last = certificate
    while not _issued_by(last, last):
        found = next((c for c in pool if c not in chain and _issued_by(last, c)), None)
        if found is None:
            raise Refused(
                "cadena_incompleta",
                f"Falta el certificado del emisor «{last.issuer.rfc4514_string()}».",
                consejo="Descárguelo de la entidad de certificación y délo, con todos los que "
                "siguen hasta su raíz, en --cadena ARCHIVO.",
            )
        chain.append(found)
        last = found
    if not chain:
        raise Refused("certificado_no_sirve", "El certificado se firmó a sí mismo.", consejo=_OTHER)
    _walk(certificate, chain)
    return chain


def _issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _walk(certificate: Certificate, chain: list[Certificate]) -> None:
    """The validation that every signature will go through (RFC 5280, section 6), before it."""
    from pyhanko_certvalidator import CertificateValidator
    from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

    validator = CertificateValidator(as_asn1(certificate), validation_context=context(chain))
    try:
        asyncio.run(validator.async_validate_usage(usages(certificate)))
    except (PathBuildingError, PathValidationError) as error:
        raise Refused(
            "cadena_invalida",
            f"La cadena del certificado no vale: {error}",
            consejo="Descargue de nuevo los certificados de la entidad de certificación.",
        ) from error


# -- trust ----------------------------------------------------------------------------------------


def context(chain: list[Certificate], moment: datetime | None = None) -> Any:
    """Trust the roots of *chain*, without a network.

    The authority's CRL or OCSP is hardly ever at hand offline, and its CRLs hold for days: what is
    embedded counts, what is missing does not refuse (soft-fail). An office that learns that its
    certificate was revoked revokes it in AUT.
    """
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=[as_asn1(c) for c in chain if c.subject == c.issuer],
        other_certs=[as_asn1(c) for c in chain if c.subject != c.issuer],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
        retroactive_revinfo=True,
    )


def as_asn1(certificate: Certificate) -> Any:
    """A certificate as pyHanko takes it."""
    from asn1crypto import x509 as asn1

    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def common_name(name: x509.Name) -> str:
    """The name that people know a subject by."""
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
