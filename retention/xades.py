"""The signature of an índice electrónico: enveloped XAdES B-B, made by a punto's key and checked.

XML Signature 1.1 and ETSI EN 319 132-1 by the library signxml: RSA (PKCS #1 v1.5) with SHA-256 over
Canonical XML 1.0, three references: the whole document but the signature, its signed properties
(hour, certificate), its KeyInfo. By the house's own certificate it is a *firma electrónica*
(Decreto 2364 de 2012); by a token's, see docs/firma.md. The hour is the signer's word: there is no
time-stamp. Pure: what signs is passed in, as are the certificates that are trusted; signxml is
imported only when something is signed or checked.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from records import accredited, keys, lines
from records.errors import Damaged
from retention import indice
from retention.indice import broken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate, CertificateRevocationList

    from records.token import TokenKey

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
_NS = {
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xades": "http://uri.etsi.org/01903/v1.3.2#",
}
_TIME = etree.QName(_NS["xades"], "SigningTime")
_USES = ("non_repudiation", "digital_signature")


class Signs(Protocol):
    """What makes an RSA signature, wherever its key lies."""

    def sign_rsa_sha256(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over *data*.

        Raises:
            CannotSign: it cannot now.
        """
        ...


@dataclass(frozen=True, slots=True)
class FileKey:
    """A key that lies in a file, as `keys.KeyRing.point_rsa` gives it."""

    key: RSAPrivateKey

    def sign_rsa_sha256(self, data: bytes) -> bytes:
        """See `Signs`."""
        return self.key.sign(data, PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True, slots=True)
class TokenSigns:
    """A key that never leaves its token; *public* is that of its certificate."""

    token: TokenKey
    public: RSAPublicKey

    def sign_rsa_sha256(self, data: bytes) -> bytes:
        """See `Signs`."""
        return self.token.sign(data, self.public)


class Checked(msgspec.Struct, frozen=True):
    """What the signature of an index proves: these items, by this certificate."""

    subject: str
    """The name that people know the signer by."""
    at: datetime
    """When, by the signer's own word."""
    certificate: str
    """SHA-256 of the certificate's DER, 64 hex."""
    items: list[indice.Item]
    """Read from what was signed, and from nothing else."""


# -- signing --------------------------------------------------------------------------------------


def sign(
    xml: bytes, key: Signs, certificate: Certificate, chain: Sequence[Certificate], at: datetime
) -> bytes:
    """An index with its signature at the end; the same arguments give the same bytes.

    *chain* are the issuers of *certificate*, nearest first; *at* is aware. What `indice.build` gave
    stays in it as it was.

    Raises:
        Damaged: *xml* is no index or is signed already, or *key* is not that of *certificate*.
        CannotSign: *key* cannot sign now.
    """
    root = indice.parsed(xml)
    if root.find("ds:Signature", _NS) is not None:
        raise broken("Ya está firmado.")
    signed = _signer(at).sign(
        root,
        key=_Adapter(key, certificate),
        cert=[certificate, *chain],
        # The key is in the certificate: said twice, one could differ.
        always_add_key_value=False,
    )
    data: bytes = etree.tostring(signed, encoding="UTF-8", xml_declaration=True)
    return data


class _Adapter:
    """What signxml asks of a key of `cryptography`: one method."""

    def __init__(self, key: Signs, certificate: Certificate) -> None:
        self._key, self._public = key, certificate.public_key()

    def sign(self, data: bytes, padding: object, algorithm: object) -> bytes:
        """*padding* and *algorithm* are those of the one method that `_signer` is made for."""
        signature = self._key.sign_rsa_sha256(data)
        assert isinstance(self._public, RSAPublicKey)  # checked when it was registered
        try:
            self._public.verify(signature, data, PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise Damaged(
                "llave_ajena",
                "La llave que firma el índice no es la de su certificado.",
                consejo="Nada se escribió. Revise keys/ con «ventanilla verificar».",
            ) from error
        return signature


def _signer(at: datetime) -> Any:
    """signxml's signer, but for its clock and its random identifiers."""
    from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
    from signxml.xades.xades import XAdESDataObjectFormat, XAdESSigner

    class Dated(XAdESSigner):
        given = 0

        def add_signing_time(
            self, signed_signature_properties: Any, sig_root: Any, signing_settings: Any
        ) -> None:
            node = etree.SubElement(signed_signature_properties, _TIME)
            node.text = at.astimezone(lines.BOGOTA).isoformat(timespec="seconds")

        def _get_token(self, length: int = 4) -> str:
            """Identifiers need only differ within the document, which has one signature."""
            self.given += 1
            return str(self.given)

    return Dated(
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod(C14N),
        data_object_format=XAdESDataObjectFormat("Índice electrónico de expediente", "text/xml"),
    )


# -- checking -------------------------------------------------------------------------------------


def check(
    xml: bytes,
    roots: Sequence[Certificate],
    *,
    crls: Sequence[CertificateRevocationList] = (),
    moment: datetime | None = None,
) -> Checked:
    """What the one signature of an index proves.

    The signature must cover the whole document, and its certificate lead to one of *roots*, valid
    at *moment* and, where *crls* are given, not revoked then by them; where none are, revocation is
    not asked. *moment* is the closing's hour in the journal; None is now, and an old index whose
    certificate has run out is then refused.

    Raises:
        Damaged: it does not; the message says why.
    """
    from signxml.exceptions import SignXMLException

    root = indice.parsed(xml)
    signature = root.find("ds:Signature", _NS)
    if signature is None:
        raise broken("No tiene firma.")
    _check_form(signature)
    leaf, others = _certificates(signature)
    try:
        signed, properties = _verified(root, leaf)
    except (SignXMLException, etree.LxmlError, ValueError, TypeError) as error:
        raise broken(_why(error)) from error
    _check_path(leaf, others, roots, crls, moment)
    return Checked(
        accredited.common_name(leaf.subject),
        _hour(properties),
        keys.fingerprint(leaf),
        indice.items_of(signed),
    )


def _verified(root: Any, leaf: Certificate) -> tuple[Any, Any]:
    """What was signed, parsed again from its canonical bytes: the document, the properties."""
    from signxml.algorithms import CanonicalizationMethod as Canonical
    from signxml.algorithms import DigestAlgorithm, SignatureMethod
    from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier

    config = XAdESSignatureConfiguration(
        location="./",
        expect_references=3,
        signature_methods=frozenset({SignatureMethod.RSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        default_reference_c14n_method=Canonical.CANONICAL_XML_1_0,
        # Its dates are judged with its path, at the moment that the caller names.
        verification_time=leaf.not_valid_before_utc,
    )
    # The tree that was judged, not its bytes: read again they might say something else.
    found = XAdESVerifier().verify(root, x509_cert=leaf, expect_config=config)
    return found[0].signed_xml, found[1].signed_xml


def _check_form(signature: Any) -> None:
    """Only the shape that `sign` writes, so that nothing outside of what is signed is believed."""
    if [etree.QName(node).localname for node in signature] != [
        "SignedInfo", "SignatureValue", "KeyInfo", "Object",
    ]:  # fmt: skip
        raise broken("La firma tiene otras partes que las de un índice.")
    told = [
        (
            reference.get("URI", ""),
            reference.get("Type", ""),
            tuple(t.get("Algorithm") for t in reference.iterfind("ds:Transforms/*", _NS)),
        )
        for reference in signature.iterfind("ds:SignedInfo/ds:Reference", _NS)
    ]
    info = signature.find("ds:KeyInfo", _NS)
    properties = signature.find("ds:Object/xades:QualifyingProperties/xades:SignedProperties", _NS)
    method = signature.find("ds:SignedInfo/ds:CanonicalizationMethod", _NS)
    qualifying = signature.findall("ds:Object/*", _NS)
    if (
        properties is None
        or len(qualifying) != 1
        or len(qualifying[0]) != 1
        or method is None
        or method.get("Algorithm") != C14N
    ):
        raise broken("La firma no es XAdES como la de un índice.")
    if told != [
        ("", "", (_ENVELOPED, C14N)),
        (f"#{properties.get('Id')}", _PROPERTIES, ()),
        (f"#{info.get('Id')}", "", ()),
    ]:
        raise broken("La firma no cubre el índice entero.")


def _certificates(signature: Any) -> tuple[Certificate, list[Certificate]]:
    """The signer's, which stands first, and the others that it brings."""
    told = signature.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", _NS)
    try:
        found = [x509.load_der_x509_certificate(base64.b64decode(n.text or "")) for n in told]
        return found[0], found[1:]
    except (ValueError, IndexError) as error:
        raise broken("El certificado de la firma no se entiende.") from error


def _check_path(
    leaf: Certificate,
    others: Sequence[Certificate],
    roots: Sequence[Certificate],
    crls: Sequence[CertificateRevocationList],
    moment: datetime | None,
) -> None:
    """RFC 5280, section 6, with what is at hand; never a network."""
    from asn1crypto import crl as asn1_crl
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import (
        InvalidCertificateError,
        PathBuildingError,
        PathValidationError,
        RevokedError,
    )

    context = ValidationContext(
        trust_roots=[accredited.as_asn1(c) for c in roots],
        other_certs=[accredited.as_asn1(c) for c in others],
        crls=[asn1_crl.CertificateList.load(c.public_bytes(Encoding.DER)) for c in crls],
        allow_fetching=False,
        revocation_mode="require" if crls else "soft-fail",
        moment=moment,
        # The CRL may be younger than the signature.
        retroactive_revinfo=True,
    )
    uses = accredited.usages(leaf).intersection(_USES)
    if not uses:
        raise broken("Su certificado no es para firmar documentos.")
    validator = CertificateValidator(accredited.as_asn1(leaf), validation_context=context)
    name = accredited.common_name(leaf.subject)
    try:
        asyncio.run(validator.async_validate_usage(uses))
    except RevokedError as error:
        raise broken(f"El certificado de «{name}» estaba revocado.") from error
    except (PathBuildingError, PathValidationError, InvalidCertificateError) as error:
        problem = accredited.not_now(leaf, moment)
        raise broken(
            problem or f"El certificado de «{name}» no lleva a una raíz de confianza."
        ) from error


def _hour(properties: Any) -> datetime:
    node = properties.find(".//xades:SigningTime", _NS)
    try:
        at = datetime.fromisoformat(node.text)
    except (AttributeError, TypeError, ValueError) as error:
        raise broken("La firma no dice cuándo se hizo.") from error
    if at.tzinfo is None:
        raise broken("La firma no dice en qué hora legal se hizo.")
    return at.astimezone(lines.BOGOTA)


def _why(error: Exception) -> str:
    """Why the library refused, in Spanish."""
    from signxml.exceptions import InvalidDigest, InvalidSignature

    if isinstance(error, InvalidDigest):
        return "Cambió después de firmado."
    if isinstance(error, InvalidSignature):
        return "El valor de la firma no es el de ese certificado."
    return f"La firma no se puede leer ({error})."
