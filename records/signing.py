"""PAdES signatures over records: sign as an incremental update, verify without a network.

ISO 32000-1 §12.8, ETSI EN 319 142-1 (PAdES B-B with the CRL embedded). RSA-3072/SHA-256, since
Ed25519 and ECDSA break common readers or PDF/A-2. An invisible certification signature, DocMDP
level 2: later signatures may be added, the page may not change. The signed file begins with the
very bytes that were checked as PDF/A. Our own CA's signature is a *firma electrónica* (Decreto 2364
de 2012), never called *firma digital*. pyHanko is imported only when something is signed or
verified: it takes 0.6 s.
"""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from records import keys

if TYPE_CHECKING:
    from datetime import datetime

    from records.keys import KeyRing

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


class PdfSigner:
    """Signs PDFs with a punto's certificate; the RSA key is loaded once."""

    def __init__(self, ring: KeyRing, punto: str) -> None:
        self._ring = ring
        self._punto = punto

    @cached_property
    def certificate(self) -> str:
        """SHA-256 of the signing certificate."""
        return keys.fingerprint(self._ring.certificate(self._punto))

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """*pdf* with a certification signature as an incremental update."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata
        from pyhanko.sign.signers import PdfSigner as Pades
        from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference

        context, signer, name = self._tools
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            embed_validation_info=True,
            validation_context=context(),
            # Inside the signed bytes, so that readers say «total document signed».
            dss_settings=DSSContentSettings(
                include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
            ),
            reason=reason,
            name=name,
        )
        out = io.BytesIO()
        Pades(metadata, signer=signer).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out
        )
        signed = out.getvalue()
        if not signed.startswith(pdf):
            raise AssertionError("la firma cambió los bytes verificados como PDF/A")
        return signed

    @cached_property
    def _tools(self) -> tuple[Any, Any, str]:
        from asn1crypto import x509 as asn1
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from pyhanko.sign.signers import Signer
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        private = self._ring.point_rsa(self._punto)
        own = self._ring.certificate(self._punto)
        certificate = asn1.Certificate.load(_der(own))
        store = SimpleCertificateStore()
        store.register(asn1.Certificate.load(_der(self._ring.certificate("ca"))))

        class Loaded(Signer):
            """pyHanko's own signer parses the key at each signature: 290 ms instead of 33."""

            async def async_sign_raw(
                self, data: bytes, digest_algorithm: str, dry_run: bool = False
            ) -> bytes:
                if dry_run:
                    return bytes(private.key_size // 8)
                return private.sign(data, PKCS1v15(), hashes.SHA256())

        signer = Loaded(signing_cert=certificate, cert_registry=store, prefer_pss=False)
        return self._context, signer, str(certificate.subject.native.get("common_name", ""))

    def _context(self) -> Any:
        return offline_context(self._ring)


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
    """Check the certification signature of a record, made at *moment* (now, where None)."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = reader.embedded_signatures
        if not found:
            return Signature(False, "", "", "el PDF no tiene firma")
        status = validate_pdf_signature(found[0], offline_context(ring, moment))
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
        return Signature(False, signer, digest, "el certificado no es de esta entidad")
    if status.modification_level not in allowed:
        return Signature(False, signer, digest, "el archivo cambió después de la firma")
    return Signature(True, signer, digest, "")


def _der(certificate: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    data: bytes = certificate.public_bytes(Encoding.DER)
    return data
