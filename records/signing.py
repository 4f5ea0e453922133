"""PAdES signatures over PDFs: sign as an incremental update, verify without a network.

ISO 32000-1 §12.8, ETSI EN 319 142-1 (PAdES B-B with the CRL embedded). RSA-3072/SHA-256, since
Ed25519 and ECDSA break common readers or PDF/A-2. An invisible certification signature, DocMDP
level 2: later signatures may be added, the page may not change. The signed file begins with the
very bytes that were checked as PDF/A. Our own CA's signature is a *firma electrónica* (Decreto 2364
de 2012), never called *firma digital*; that by the certificate of an accredited authority, whose
key lies in a token, is one (Ley 527 de 1999, art. 28; docs/firma.md). pyHanko is imported only when
something is signed or verified: it takes 0.6 s.
"""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from records import accredited, keys, lines
from records.errors import CannotSign

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cryptography.x509 import Certificate

    from records.keys import KeyRing
    from records.token import TokenKey

FIELD = "Radicacion"


class Signature(msgspec.Struct, frozen=True):
    """What a PDF's signature proves."""

    valid: bool
    """Intact, by a certificate of this entity, and nothing unlawful was added after it."""
    signer: str
    certificate: str
    """SHA-256 of the signer's certificate."""
    reason: str
    """Why it is not valid, in Spanish; empty when it is."""
    digital: bool = False
    """By a certificate of an accredited authority: *firma digital*; else *firma electrónica*."""


class PdfSigner:
    """Signs PDFs with a punto's certificate; the key is loaded once, unless it lies in a token."""

    def __init__(self, ring: KeyRing, punto: str, token: TokenKey | None = None) -> None:
        self._ring = ring
        self._punto = punto
        self._token = token

    @cached_property
    def certificate(self) -> str:
        """SHA-256 of the signing certificate."""
        return keys.fingerprint(self.own)

    @cached_property
    def own(self) -> Certificate:
        """The certificate that signs."""
        if self._token is None:
            return self._ring.certificate(self._punto)
        return accredited.current(self._ring, self._punto)

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """*pdf* with a certification signature as an incremental update.

        Raises:
            CannotSign: the token cannot be used now, or its certificate does not hold.
        """
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.signers import PdfSignatureMetadata
        from pyhanko.sign.signers import PdfSigner as Pades
        from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
        from pyhanko_certvalidator.errors import PathError

        if self._token is not None:
            self._check_date()
        context, signer, name = self._tools
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            embed_validation_info=True,
            validation_context=context(),
            signer_key_usage=accredited.usages(self.own),
            # Inside the signed bytes, so that readers say «total document signed».
            dss_settings=DSSContentSettings(
                include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
            ),
            reason=reason,
            name=name,
        )
        out = io.BytesIO()
        try:
            Pades(metadata, signer=signer).sign_pdf(
                IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out
            )
        except (SigningError, PathError) as error:
            raise CannotSign(
                "certificado_vencido",
                f"El certificado de esta sede o su lista de revocados ya no sirve ({error}).",
                consejo="Renuévelos con «ventanilla clave rotar». Los números siguen; los sellos "
                "quedan pendientes.",
            ) from error
        signed = out.getvalue()
        if not signed.startswith(pdf):
            raise AssertionError("la firma cambió los bytes verificados como PDF/A")
        return signed

    def sign_rsa_sha256(self, data: bytes) -> bytes:
        """The bare RSA signature (PKCS #1 v1.5, SHA-256) of *data*, for forms other than PDF.

        Raises:
            CannotSign: the token cannot be used now, or its certificate does not hold.
        """
        if self._token is not None:
            self._check_date()
        return self._raw_key[0](data)

    def _check_date(self) -> None:
        problem = accredited.not_now(self.own)
        if problem:
            raise CannotSign(
                "certificado_vencido",
                f"{problem} Con él ya no se firma.",
                consejo="Registre el nuevo con «ventanilla clave certificado». Los sellos quedan "
                "pendientes.",
            )

    @cached_property
    def _tools(self) -> tuple[Any, Any, str]:
        from pyhanko.sign.signers import Signer
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        raw, size = self._raw_key
        certificate = accredited.as_asn1(self.own)
        store = SimpleCertificateStore()
        chain = self.issuers()
        store.register_multiple(map(accredited.as_asn1, chain))

        class Loaded(Signer):
            """pyHanko's own signer parses the key at each signature: 290 ms instead of 33."""

            async def async_sign_raw(
                self, data: bytes, digest_algorithm: str, dry_run: bool = False
            ) -> bytes:
                return bytes(size) if dry_run else raw(data)

        signer = Loaded(signing_cert=certificate, cert_registry=store, prefer_pss=False)
        name = str(certificate.subject.native.get("common_name", ""))
        if self._token is not None:
            return lambda: accredited.context(chain), signer, name
        return lambda: offline_context(self._ring, lines.now()), signer, name

    def issuers(self) -> list[Certificate]:
        """Who issued it, nearest first."""
        if self._token is None:
            return [self._ring.certificate("ca")]
        return accredited.chain_of(self.own, accredited.issuers(self._ring))

    @cached_property
    def _raw_key(self) -> tuple[Callable[[bytes], bytes], int]:
        """What makes an RSA signature (PKCS #1 v1.5, SHA-256), and its size in bytes."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

        token = self._token
        if token is not None:
            public = self.own.public_key()
            assert isinstance(public, RSAPublicKey)  # checked when it was registered
            return lambda data: token.sign(data, public), public.key_size // 8
        private = self._ring.point_rsa(self._punto)
        return lambda data: private.sign(data, PKCS1v15(), hashes.SHA256()), private.key_size // 8


def offline_context(ring: KeyRing, moment: datetime | None = None) -> Any:
    """Trust this entity's CA alone, with its stored CRL, and never ask a network.

    *moment* is when the signature was made, by the journal: a certificate that ran out since does
    not spoil what it signed while it was good.
    """
    from asn1crypto import crl as asn1_crl
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=[asn1.Certificate.load(_der(ring.certificate("ca")))],
        crls=[asn1_crl.CertificateList.load(ring.crl().public_bytes(Encoding.DER))],
        allow_fetching=False,
        # «hard-fail» would look only where a certificate names a place for its list.
        revocation_mode="require",
        moment=moment,
        # The CRL may be younger than the signature.
        retroactive_revinfo=True,
    )


def verify(pdf: bytes, ring: KeyRing, moment: datetime | None = None) -> Signature:
    """Check the certification signature of a record, made at *moment* (now, where None).

    A token's certificate counts where it is, byte for byte, one that was registered, and its path
    leads to a root that was registered with it. That AUT admitted it the caller sees by
    `Signature.certificate`.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    leaves = accredited.leaves(ring)
    digital = False
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = reader.embedded_signatures
        if not found:
            return Signature(False, "", "", "el PDF no tiene firma")
        digital = found[0].signer_cert.sha256.hex() in leaves
        context = (
            accredited.context(accredited.issuers(ring), moment)
            if digital
            else offline_context(ring, moment)
        )
        uses = {"digital_signature", "non_repudiation"} if digital else {"non_repudiation"}
        status = validate_pdf_signature(
            found[0], context, key_usage_settings=KeyUsageConstraints(key_usage=uses)
        )
    except Exception as error:  # a damaged file can fail anywhere in the parser: it is a finding
        return Signature(False, "", "", f"la firma no se puede leer ({error})")
    certificate = status.signing_cert
    signer = str(certificate.subject.native.get("common_name", ""))
    digest = certificate.sha256.hex()
    allowed = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
    if not (status.intact and status.valid):
        return Signature(False, signer, digest, "el contenido firmado fue alterado")
    if status.revoked:
        return Signature(False, signer, digest, "el certificado estaba revocado")
    if not status.trusted:
        problem = "no vale" if digital else "no es de esta entidad"
        return Signature(False, signer, digest, f"el certificado {problem}")
    if status.modification_level not in allowed:
        return Signature(False, signer, digest, "el archivo cambió después de la firma")
    return Signature(True, signer, digest, "", digital)


def _der(certificate: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    data: bytes = certificate.public_bytes(Encoding.DER)
    return data
