"""The signature of an índice electrónico: it holds for other judges, and nothing escapes it."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree

from records import accredited, keys, lines, revocations
from records.errors import CannotSign, Damaged
from records.token import TokenKey
from retention import indice, xades
from tests import softhsm
from tests.conftest import ROOT
from tests.retention.test_indice import HEADER, ITEMS, XML, item

if TYPE_CHECKING:
    from records.office import Office
    from tests.softhsm import SoftToken

NOW = datetime.now(tz=lines.BOGOTA).replace(microsecond=0)
NS = {
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "x": "http://uri.etsi.org/01903/v1.3.2#",
}


class House(NamedTuple):
    """An entity's own authority and the key of one of its puntos."""

    ca: x509.Certificate
    ca_key: RSAPrivateKey
    own: x509.Certificate
    key: RSAPrivateKey

    def sign(self, xml: bytes = XML, at: datetime = NOW) -> bytes:
        return xades.sign(xml, xades.FileKey(self.key), self.own, [self.ca], at)


def found(entidad: str) -> House:
    # Not of the session's few: a stranger's key is another one.
    ca_key, key = (rsa.generate_private_key(65537, keys.RSA_BITS) for _ in range(2))
    ca = keys.make_ca(ca_key, entidad)
    return House(ca, ca_key, keys.make_point_certificate(ca, ca_key, key, entidad, "VU1"), key)


@cache
def house() -> House:
    return found("Alcaldía de Prueba")


@cache
def other() -> House:
    return found("Alcaldía de Prueba")


@cache
def signed() -> bytes:
    return house().sign()


def refused(xml: bytes, roots: list[x509.Certificate] | None = None, **more: object) -> str:
    with pytest.raises(Damaged) as error:
        xades.check(xml, roots or [house().ca], **more)  # type: ignore[arg-type]
    return error.value.mensaje


def test_a_signed_index_tells_who_when_and_what() -> None:
    crl = revocations.make(house().ca, house().ca_key)
    for crls in ([], [crl]):
        checked = xades.check(signed(), [other().ca, house().ca], crls=crls)
        assert checked.subject == "VU1"
        assert checked.at == NOW
        assert checked.certificate == keys.fingerprint(house().own)
        assert checked.items == ITEMS
    assert indice.rows_of(signed()) == ITEMS
    assert indice.header_of(signed()) == HEADER
    assert signed() == house().sign()
    # What was built stands in it byte for byte.
    assert signed().startswith(XML.removesuffix(b"</TipoDocumentoFoliado>\n"))


def test_a_judge_of_our_own_comes_to_the_same() -> None:
    """By the letter of XML Signature, with libxml2's canonical form and `cryptography` alone."""
    root = etree.fromstring(signed())
    signature = root.find("ds:Signature", NS)
    info = signature.find("ds:SignedInfo", NS)
    whole = etree.fromstring(signed())
    whole.remove(whole.find("ds:Signature", NS))
    parts = {"": whole}
    parts |= {f"#{node.get('Id')}": node for node in signature.iterfind(".//*[@Id]")}
    references = info.findall("ds:Reference", NS)
    covered = [etree.QName(parts[r.get("URI")]).localname for r in references]
    assert covered == ["TipoDocumentoFoliado", "SignedProperties", "KeyInfo"]
    for reference in references:
        octets = etree.tostring(parts[reference.get("URI")], method="c14n", with_comments=False)
        digest = base64.b64encode(hashlib.sha256(octets).digest()).decode()
        assert digest == reference.findtext("ds:DigestValue", namespaces=NS)
    told = signature.findtext("ds:KeyInfo/ds:X509Data/ds:X509Certificate", namespaces=NS)
    certificate = x509.load_der_x509_certificate(base64.b64decode(told))
    certificate.verify_directly_issued_by(house().ca)
    value = base64.b64decode(signature.findtext("ds:SignatureValue", namespaces=NS))
    octets = etree.tostring(info, method="c14n", with_comments=False)
    certificate.public_key().verify(value, octets, PKCS1v15(), hashes.SHA256())  # type: ignore
    said = signature.findtext(".//x:SigningCertificateV2/x:Cert[1]//ds:DigestValue", namespaces=NS)
    assert base64.b64decode(said) == certificate.fingerprint(hashes.SHA256())


def test_the_program_of_the_docs_comes_to_the_same(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "format" / "indice-electronico.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", page, re.S)
    assert program is not None
    (tmp_path / "comprobar.py").write_text(program[1], encoding="utf-8")
    (tmp_path / "ca.pem").write_bytes(keys.certificate_pem(house().ca))

    def judge(xml: bytes) -> subprocess.CompletedProcess[bytes]:
        (tmp_path / "indice.xml").write_bytes(xml)
        command = [sys.executable, "-I", "comprobar.py", "indice.xml", "ca.pem"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)

    assert b"CN=VU1" in judge(signed()).stdout
    assert b"cambi" in judge(signed().replace(b"Audiencia", b"audiencia")).stderr
    assert judge(other().sign()).returncode != 0


@pytest.mark.largo
@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="sin xmlsec1")
def test_xmlsec_comes_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(keys.certificate_pem(house().ca))
    (tmp_path / "otra.pem").write_bytes(keys.certificate_pem(other().ca))

    def judge(xml: bytes, root: str = "ca.pem") -> int:
        (tmp_path / "indice.xml").write_bytes(xml)
        command = [
            "xmlsec1", "--verify", "--enabled-key-data", "x509",
            "--id-attr:Id", f"{NS['x']}:SignedProperties", "--id-attr:Id", f"{NS['ds']}:KeyInfo",
            "--trusted-pem", root, "indice.xml",
        ]  # fmt: skip
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert judge(signed()) == 0
    assert judge(signed().replace(b"Audiencia", b"audiencia")) != 0
    assert judge(signed(), "otra.pem") != 0


def other_text(text: str) -> str:
    """*text* with its last character changed for one of the same sort."""
    last = text[-1]
    return text[:-1] + ("1" if last == "0" else "0" if last.isdigit() else chr(ord(last) ^ 1))


def test_every_datum_of_the_index_is_under_the_signature() -> None:
    """One character changed in each element and attribute, one after the other."""
    places = [(n, None) for n, node in enumerate(etree.fromstring(XML).iter()) if len(node) == 0]
    places += [(0, name) for name in etree.fromstring(XML).attrib]
    assert len(places) == 13 * 3 + 9
    for n, attribute in places:
        root = etree.fromstring(signed())
        node = list(root.iter())[n]
        if attribute is None:
            node.text = other_text(node.text)
        else:
            node.set(attribute, other_text(node.get(attribute)))
        refused(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    assert "XML 1.0" in refused(signed().replace(b"version='1.0'", b"version='1.1'"))


def test_a_changed_text_that_keeps_the_schema_is_told_as_changed() -> None:
    changed = signed().replace("Oficio n.º 3".encode(), "Oficio n.º 4".encode())
    assert "cambió después de firmado" in refused(changed)
    # Blanks between elements are signed too.
    assert "cambió después de firmado" in refused(
        signed().replace(b"  <Document", b" <Document", 1)
    )


def test_every_part_of_the_signature_is_under_it() -> None:
    root = etree.fromstring(signed())
    signature = root.find("ds:Signature", NS)
    leaves = [n for n in signature.iter() if len(n) == 0 and (n.text or "").strip()]
    assert len(leaves) > 10
    for place in range(len(leaves)):
        copy = etree.fromstring(signed())
        nodes = [
            n
            for n in copy.find("ds:Signature", NS).iter()
            if len(n) == 0 and (n.text or "").strip()
        ]
        text = nodes[place].text
        middle = len(text) // 2
        swap = "B" if text[middle] != "B" else "C"
        nodes[place].text = text[:middle] + swap + text[middle + 1 :]
        refused(etree.tostring(copy, encoding="UTF-8", xml_declaration=True))


def test_a_signature_of_another_root_is_none() -> None:
    assert "no lleva a una raíz de confianza" in refused(other().sign())
    assert "no lleva a una raíz de confianza" in refused(signed(), [other().ca])


def test_a_certificate_that_was_revoked_or_has_run_out_signs_nothing() -> None:
    own = house()
    crl = revocations.make(own.ca, own.ca_key, serials=[own.own.serial_number])
    later = datetime.now(tz=lines.BOGOTA) + timedelta(minutes=1)
    assert "revocado" in refused(signed(), crls=[crl], moment=later)
    before = datetime.now(tz=lines.BOGOTA) - timedelta(minutes=1)
    assert xades.check(signed(), [own.ca], crls=[crl], moment=before).items == ITEMS
    assert "venció" in refused(signed(), moment=NOW + timedelta(days=365 * 3))
    assert "vale desde" in refused(signed(), moment=NOW - timedelta(days=1))


def test_an_authority_does_not_sign_an_index_itself() -> None:
    own = house()
    xml = xades.sign(XML, xades.FileKey(own.ca_key), own.ca, [], NOW)
    assert "no es para firmar" in refused(xml)


def test_without_a_signature_or_with_two_it_proves_nothing() -> None:
    assert "no tiene firma" in refused(XML)
    block = re.search(rb"<ds:Signature .*</ds:Signature>", signed(), re.S)
    assert block is not None
    twice = signed().replace(block[0], block[0] + block[0])
    assert "2 firmas" in refused(twice)
    nested = signed().replace(b"</ds:Signature>", block[0] + b"</ds:Signature>")
    assert "2 firmas" in refused(nested)
    with pytest.raises(Damaged, match="ya está firmado"):
        house().sign(signed())


def test_what_is_wrapped_around_what_was_signed_is_not_believed() -> None:
    """Signature wrapping: a good signature, and documents where it does not reach."""
    block = re.search(rb"<ds:Signature .*</ds:Signature>", signed(), re.S)
    assert block is not None
    forged = indice.build(HEADER, [item(1, (1, 1), nombre="Falso")])
    end = b"</TipoDocumentoFoliado>"
    # The signature of one index on another one.
    assert "cambió" in refused(forged.replace(end, block[0] + end))
    # The true one hidden in the signature, where the reference might find it.
    hidden = XML.partition(b"?>")[2].strip().replace(b" Version", b' Id="v" Version', 1)
    close, properties = b"</ds:Signature>", b"</xades:QualifyingProperties>"
    for attempt in (
        block[0].replace(close, b"<ds:Object>" + hidden + b"</ds:Object>" + close),
        block[0].replace(properties, hidden + properties),
        block[0].replace(b'URI=""', b'URI="#v"'),
        block[0].replace(b'URI=""', b'URI="indice.xml"'),
        block[0].replace(b"</ds:Transforms>", b'<ds:Transform Algorithm="'
                         b'http://www.w3.org/2000/09/xmldsig#base64"/></ds:Transforms>'),
    ):  # fmt: skip
        assert attempt != block[0]
        refused(forged.replace(end, attempt + end))
        refused(XML.replace(end, attempt + end))
    one = re.search(rb"<DocumentoIndizado>.*?</DocumentoIndizado>", XML, re.S)
    assert one is not None
    for place in (b"</ds:KeyInfo>", b"</ds:Object>", b"</ds:Signature>"):
        refused(signed().replace(place, one[0] + place))
    refused(signed().replace(end, one[0] + end))


def test_what_the_signature_does_not_cover_may_not_be_there() -> None:
    end = b"</xades:QualifyingProperties>"
    extra = b"<xades:UnsignedProperties/>"
    assert "XAdES" in refused(signed().replace(end, extra + end))
    assert "comentarios" in refused(
        signed().replace(b"</ds:Signature>", b"<!-- x --></ds:Signature>")
    )
    assert "comentarios" in refused(signed().replace(b"Audiencia", b"Audien<!-- x -->cia"))


def test_a_signature_by_other_means_is_none() -> None:
    for old, new in (
        (b"xmldsig-more#rsa-sha256", b"xmldsig-more#rsa-sha512"),
        (b"2001/04/xmldsig-more#rsa-sha256", b"2000/09/xmldsig#rsa-sha1"),
        (b"2001/04/xmldsig-more#rsa-sha256", b"2000/09/xmldsig#hmac-sha1"),
        (b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1"),
        (b"TR/2001/REC-xml-c14n-20010315", b"2001/10/xml-exc-c14n#"),
        (b"TR/2001/REC-xml-c14n-20010315", b"TR/2001/REC-xml-c14n-20010315#WithComments"),
    ):
        assert old in signed()
        refused(signed().replace(old, new))


def test_a_key_that_is_not_the_certificates_signs_nothing() -> None:
    with pytest.raises(Damaged, match="no es la de su certificado"):
        xades.sign(XML, xades.FileKey(other().key), house().own, [house().ca], NOW)


@softhsm.needed
def test_a_key_that_never_leaves_its_token_signs_an_index(
    signing_office: Office, ficha: SoftToken
) -> None:
    office = signing_office
    ring = office.keys
    own = accredited.current(ring, office.punto)
    chain = accredited.chain_of(own, accredited.issuers(ring))
    firma = office.settings.firma
    assert firma is not None
    signer = xades.TokenSigns(TokenKey(firma, ring.folder, office.disk), ficha.public)
    xml = xades.sign(XML, signer, own, chain, NOW)
    checked = xades.check(xml, [chain[-1]])
    assert checked.certificate == keys.fingerprint(own)
    assert "raíz de confianza" in refused(xml)
    ficha.pull_out()
    with pytest.raises(CannotSign):
        xades.sign(XML, signer, own, chain, NOW)
