"""The list of revoked certificates of the entity's own CA (RFC 5280, section 5): made, judged.

A list holds whatever an earlier one held, and its number grows: AUT names each one that was made
(`catalogo.publicado` `crl`), so that an older list, which the CA signed too, is not taken for the
one in force.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from records import lines
from records.errors import VentanillaError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate, CertificateRevocationList

    from records.vault import Vault

DAYS = 730
"""How long a list holds: an office may be without news for long."""
RENEW = timedelta(days=DAYS // 2)
"""With less than this left, a list is renewed whenever the CA's key is unlocked."""


def make(
    ca: Certificate,
    ca_key: RSAPrivateKey,
    before: Iterable[CertificateRevocationList] = (),
    serials: Iterable[int] = (),
) -> CertificateRevocationList:
    """The list that follows all of *before*: what any of them held, and *serials* as of now."""
    now = lines.now().astimezone(UTC) - timedelta(minutes=5)
    builder = x509.CertificateRevocationListBuilder()
    earlier = list(before)
    held: dict[int, x509.RevokedCertificate] = {}
    for entry in (entry for one in earlier for entry in one):
        held.setdefault(entry.serial_number, entry)
    for serial in serials:
        held.setdefault(serial, _entry(serial))
    for entry in held.values():
        builder = builder.add_revoked_certificate(entry)
    last = max(map(number, earlier), default=0)
    return (
        builder.issuer_name(ca.subject)
        .last_update(now)
        .next_update(now + timedelta(days=DAYS))
        .add_extension(x509.CRLNumber(last + 1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )


def _entry(serial: int) -> x509.RevokedCertificate:
    return (
        x509.RevokedCertificateBuilder()
        .serial_number(serial)
        # Written in whole seconds, rounded up: what was sealed until now stays good.
        .revocation_date(lines.now().astimezone(UTC) + timedelta(seconds=1))
        .add_extension(x509.CRLReason(x509.ReasonFlags.superseded), critical=False)
        .build()
    )


def held(vault: Vault, digests: Iterable[str]) -> list[CertificateRevocationList]:
    """The lists of these hashes. One that is gone, damaged or no list is nobody's word: `verificar`
    tells of it, and no later list waits for it."""
    out = []
    for digest in digests:
        try:
            out.append(x509.load_pem_x509_crl(vault.read(digest)))
        except (VentanillaError, ValueError):
            continue
    return out


def pem(crl: CertificateRevocationList) -> bytes:
    """A list as it is stored."""
    return crl.public_bytes(serialization.Encoding.PEM)


def number(crl: CertificateRevocationList) -> int:
    """The list's own number; 0 where it tells none."""
    try:
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return 0


def serials(crl: CertificateRevocationList) -> set[int]:
    """The certificates that it revokes."""
    return {entry.serial_number for entry in crl}


def near_end(crl: CertificateRevocationList, now: datetime) -> bool:
    """Whether so little of it is left that the next one is due."""
    until = crl.next_update_utc
    return until is None or until - now < RENEW


def is_of(crl: CertificateRevocationList, ca: Certificate) -> bool:
    """Whether the CA signed it."""
    return crl.issuer == ca.subject and crl.is_signature_valid(ca.public_key())  # type: ignore[arg-type]


def problem(
    crl: CertificateRevocationList, earlier: Iterable[CertificateRevocationList], ca: Certificate
) -> str:
    """Why *crl* cannot be the list that holds after the *earlier* ones, in Spanish; or empty."""
    if not is_of(crl, ca):
        return "La lista de revocados no la firma la autoridad de certificación de la entidad."
    for old in earlier:
        if not is_of(old, ca):
            continue  # nobody's word: it binds no later list
        if number(old) > number(crl):
            return f"La lista de revocados es la {number(crl)} y ya se publicó la {number(old)}."
        if serials(old) - serials(crl):
            return "La lista de revocados calla un certificado que una anterior revocó."
    return ""
