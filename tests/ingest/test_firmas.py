"""What is said of the signatures of a PDF that was received, by files that pyHanko signs here."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from ingest.facts import Limits
from ingest.firmas import note, notes
from ingest.lectura import Firma
from ingest.worker import signatures_in_child
from tests.conftest import page_pdf
from tests.ingest.test_inputs import INPUTS

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reader import Reader

NOW = datetime.now(UTC).replace(microsecond=0)


class Signer:
    """A person with a certificate by an authority that nobody here knows."""

    def __init__(self, name: str = "Ana María Ríos", days: int = 300) -> None:
        ca = rsa.generate_private_key(65537, 2048)
        key = rsa.generate_private_key(65537, 2048)
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "AC Ejemplo Abierta")])
        subject = x509.Name([
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Curaduría Primera de Tunja"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, "51234567"),
        ])  # fmt: skip
        made = (
            x509.CertificateBuilder()
            .subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(7).not_valid_before(NOW - timedelta(days=400))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
            .sign(ca, hashes.SHA256())
        )  # fmt: skip
        der = serialization.Encoding.DER
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self._key, self._certificate = key.private_bytes(der, *plain), made.public_bytes(der)

    def sign(
        self, pdf: bytes, field: str = "Firma1", password: str | None = None, **how: Any
    ) -> bytes:
        """*pdf* signed in one more revision."""
        from asn1crypto import keys as asn1_keys
        from asn1crypto import x509 as asn1
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        signer = signers.SimpleSigner(
            signing_cert=asn1.Certificate.load(self._certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(self._key),
            cert_registry=SimpleCertificateStore(),
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        if password is not None:
            writer.encrypt(password)
        metadata = signers.PdfSignatureMetadata(
            field_name=field, **{"md_algorithm": "sha256", **how}
        )
        out = io.BytesIO()
        signers.PdfSigner(metadata, signer=signer).sign_pdf(writer, output=out)
        return out.getvalue()


@pytest.fixture(scope="module")
def ana() -> Signer:
    """One signer for all: keys take time."""
    return Signer()


@pytest.fixture(scope="module")
def signed(ana: Signer) -> bytes:
    """A letter that Ana signed."""
    return ana.sign(page_pdf("Señores Alcaldía de Tunja"))


def found(data: bytes, folder: Path, password: str | None = None) -> list[Firma]:
    """The signatures of *data*."""
    path = folder / "firmado.pdf"
    path.write_bytes(data)
    return signatures_in_child(path, Limits(), password)


def test_a_whole_signature_says_who_and_claims_no_more_than_was_checked(
    signed: bytes, tmp_path: Path
) -> None:
    (firma,) = found(signed, tmp_path)
    assert (firma.estado, firma.firmante) == ("intacta", "Ana María Ríos")
    assert (firma.entidad, firma.emisor) == ("Curaduría Primera de Tunja", "AC Ejemplo Abierta")
    assert firma.identificacion == "51234567"
    assert abs(datetime.fromisoformat(firma.fecha) - NOW) < timedelta(minutes=10)
    assert (firma.cambios, firma.avisos) == ("", [])
    told = " ".join(notes([firma]))
    assert "Ana María Ríos (Curaduría Primera de Tunja)" in told and "está intacto" in told
    assert "No se comprobó quién responde por los certificados" in told
    assert "válid" not in told and "digital" not in told


def test_a_changed_byte_is_told_loudly(signed: bytes, tmp_path: Path) -> None:
    changed = signed.replace(b"/F1", b"/F2", 1)
    assert changed != signed
    (firma,) = found(changed, tmp_path)
    assert firma.estado == "alterada"
    assert note(firma).startswith("¡ATENCIÓN! El documento cambió después de firmado.")
    assert "Ana María Ríos" in note(firma)


def scribbled(signed: bytes) -> bytes:
    """A later revision of *signed*, with something drawn over its page."""
    from pyhanko.pdf_utils.generic import StreamObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b"0 0 300 300 re f"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_page_changed_in_a_later_revision_is_told(signed: bytes, tmp_path: Path) -> None:
    (firma,) = found(scribbled(signed), tmp_path)
    assert (firma.estado, firma.cambios) == ("con_cambios", "otros")
    assert "Lo firmado está intacto, pero el documento cambió después" in note(firma)


@pytest.mark.largo
def test_a_second_signature_leaves_the_first_whole(
    ana: Signer, signed: bytes, tmp_path: Path
) -> None:
    first, second = found(ana.sign(signed, "Firma2"), tmp_path)
    assert (first.estado, first.cambios, first.campo) == ("intacta", "formulario", "Firma1")
    assert (second.estado, second.cambios, second.campo) == ("intacta", "", "Firma2")


@pytest.mark.largo
def test_a_certified_letter_says_what_it_is(ana: Signer, tmp_path: Path) -> None:
    from pyhanko.sign.fields import MDPPerm

    open_to_more = ana.sign(page_pdf(), certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    first, second = found(ana.sign(open_to_more, "Firma2"), tmp_path)
    assert (first.estado, first.tipo, second.tipo) == ("intacta", "certificacion", "firma")
    assert (first.permite, second.permite) == ("formulario", "")
    closed = ana.sign(page_pdf(), certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    assert [(f.estado, f.permite) for f in found(closed, tmp_path)] == [("intacta", "nada")]
    assert [f.estado for f in found(scribbled(closed), tmp_path)] == ["con_cambios"]


@pytest.mark.largo
def test_a_certificate_that_had_run_out_is_told(tmp_path: Path) -> None:
    old = Signer(days=-30)
    (firma,) = found(old.sign(page_pdf()), tmp_path)
    assert firma.estado == "intacta" and firma.avisos == ["vencido"]
    assert "ya estaba vencido cuando se firmó" in note(firma)


@pytest.mark.largo
def test_an_old_digest_is_told(ana: Signer, tmp_path: Path) -> None:
    (firma,) = found(ana.sign(page_pdf(), md_algorithm="sha1"), tmp_path)
    assert (firma.estado, firma.avisos) == ("intacta", ["algoritmo_debil"])


@pytest.mark.largo
def test_a_name_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    rogue = Signer("Ana\x1b[2J\u202egnp.exe " + "x" * 40)
    (firma,) = found(rogue.sign(page_pdf()), tmp_path)
    assert "\x1b" not in firma.firmante and "\u202e" not in firma.firmante
    assert len(firma.firmante) <= 120


def test_a_signature_by_another_key_is_told(signed: bytes, tmp_path: Path) -> None:
    start = signed.index(b"/Contents <") + 11
    end = signed.index(b">", start)
    packed = bytes.fromhex(signed[start:end].decode())
    value = packed.rstrip(b"\0")[-1]  # the last byte of what the key made
    place = start + 2 * (len(packed.rstrip(b"\0")) - 1)
    forged = signed[:place] + f"{value ^ 1:02x}".encode() + signed[place + 2 :]
    (firma,) = found(forged, tmp_path)
    assert (firma.estado, firma.avisos) == ("alterada", ["firma_falsa"])
    assert note(firma).startswith("¡ATENCIÓN! La firma no es de la llave de su certificado.")


def test_nonsense_in_the_place_of_a_signature_is_told(signed: bytes, tmp_path: Path) -> None:
    start = signed.index(b"/Contents <") + 11
    for data in (signed[:start] + b"00ff" * 40 + signed[start + 160 :], signed[:start] + b"30"):
        (firma,) = found(data, tmp_path)
        assert firma.estado == "no_comprobada" and firma.motivo
        assert "no se pudo comprobar" in note(firma)


def test_one_that_takes_too_long_is_told_and_not_waited_for(
    signed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest import worker

    monkeypatch.setattr(worker, "SIGNATURE_SECONDS", 0.05)
    (firma,) = found(signed, tmp_path)
    assert (firma.estado, firma.motivo) == ("no_comprobada", "tardó demasiado")


@pytest.mark.largo
def test_a_signed_letter_that_asks_a_password_is_checked_too(ana: Signer, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(page_pdf())) as pdf:
        file = io.BytesIO()
        pdf.save(file, encryption=pikepdf.Encryption(user="abre", owner="manda"))
    signed = ana.sign(file.getvalue(), password="abre")
    (firma,) = found(signed, tmp_path, "abre")
    assert (firma.estado, firma.firmante) == ("intacta", "Ana María Ríos")


def test_the_reading_carries_signatures_and_the_loud_note_first(
    reader: Reader, signed: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "carta.pdf"
    path.write_bytes(signed.replace(b"/F1", b"/F2", 1))
    lectura, made = reader.read(path)
    assert [f.estado for f in lectura.firmas] == ["alterada"]
    assert lectura.notas[0].startswith("¡ATENCIÓN!")
    assert any("vale sobre el archivo original" in n for n in lectura.notas)
    with pikepdf.open(io.BytesIO(made)) as copy:
        assert pikepdf.Name.AcroForm not in copy.Root


def test_a_place_to_sign_that_is_empty_is_told(reader: Reader, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(page_pdf())) as pdf:
        field = pikepdf.Dictionary(
            FT=pikepdf.Name.Sig, T="Firma", Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget,
            Rect=pikepdf.Array([72, 100, 272, 150]), F=4,
        )  # fmt: skip
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.make_indirect(field)]))
        path = tmp_path / "carta.pdf"
        pdf.save(path)
    lectura, _ = reader.read(path)
    assert lectura.firmas == [] and "Tiene un lugar para firmar, sin firma." in lectura.notas


@pytest.mark.largo
@pytest.mark.skipif(not INPUTS.is_dir(), reason="la colección de archivos no está en esta copia")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("minimal-two-fields-signed-twice", ["intacta", "intacta"]),
        ("minimal-signed-twice-second-created", ["intacta", "intacta"]),
        ("pades-lta-dss-indirect-arrs-test", ["intacta", "intacta"]),
        ("pades-with-old-style-signing-cert-attr", ["intacta"]),
        ("signature-gap-too-big", ["con_cambios"]),
    ],
)
def test_the_odd_signatures_of_the_collection(
    tmp_path: Path, name: str, expected: list[str]
) -> None:
    data = (INPUTS / "MatthiasValvekens+pyHanko" / f"{name}.pdf").read_bytes()
    assert [f.estado for f in found(data, tmp_path)] == expected
