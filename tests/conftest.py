"""What every test may use: an office in a temporary folder, its marks kept out of the real home."""

from __future__ import annotations

import io
import itertools
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from ingest.lectura import Campo, Lectura, Pagina, Palabra
from records import keys, pdfa, token
from records.office import Office
from tests import softhsm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.softhsm import SoftToken

ROOT = Path(__file__).resolve().parents[1]
# How long an example takes is for bench/: on a busy machine it says nothing of the rule.
hypothesis.settings.register_profile("ventanilla", deadline=None)
hypothesis.settings.load_profile("ventanilla")
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def _marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_MARCAS", str(tmp_path / "marcas"))
    monkeypatch.delenv("VENTANILLA_CASA", raising=False)
    monkeypatch.delenv("VENTANILLA_PERSONA", raising=False)
    logging.getLogger("pyhanko").setLevel(logging.ERROR)


_RSA_KEYS: list[rsa.RSAPrivateKey] = []


@pytest.fixture(autouse=True)
def _rsa_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real keys, another for each call within a test; made once a session, since each takes a third
    of a second and an office needs three."""
    make, taken = keys.new_rsa, itertools.count()

    def next_key() -> rsa.RSAPrivateKey:
        at = next(taken)
        while len(_RSA_KEYS) <= at:
            _RSA_KEYS.append(make())
        return _RSA_KEYS[at]

    monkeypatch.setattr(keys, "new_rsa", next_key)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A demo office with nothing in it."""
    made, _ = Office.found(tmp_path / "oficina", ROOT / "config.toml", demo=True)
    yield made
    made.index.close()


@pytest.fixture(scope="session")
def token_template(tmp_path_factory: pytest.TempPathFactory) -> SoftToken:
    """A token as its manufacturer delivers it, made once: its key takes a second."""
    folder = tmp_path_factory.mktemp("ficha")
    return softhsm.SoftToken(folder, softhsm.make(folder))


@pytest.fixture
def ficha(
    token_template: SoftToken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SoftToken]:
    """A PKCS#11 token of this test's own, plugged in."""
    folder = tmp_path / "ficha"
    folder.mkdir()
    yield softhsm.copy_of(token_template, folder, monkeypatch)
    token.close()


@pytest.fixture
def signing_office(office: Office, ficha: SoftToken, tmp_path: Path) -> Office:
    """An office that signs by its token."""
    configured = softhsm.configure(office)
    issuer = softhsm.authority()
    configured.registrar_certificado(*issuer.write(tmp_path, issuer.issue(ficha.public)))
    return configured


def page_pdf(text: str = "Carta de prueba", size: tuple[float, float] = (595, 842)) -> bytes:
    """A small PDF/A with one line of text."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=size)
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdfa.embed_font(pdf)))
    show = pdfa.face().encode(text)
    page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td " + show + b" Tj ET")
    return pdfa.write(pdf)


def reading(text: str = "Carta de prueba", **fields: str) -> Lectura:
    """What reading that page gives, without an engine."""
    words = [
        Palabra(w, 95, (72.0 + 40 * i, 130.0, 108.0 + 40 * i, 142.0), 0)
        for i, w in enumerate(text.split())
    ]
    page = Pagina(595, 842, text, 95, 0, False, words)
    campos = {k: Campo(v, 90, 1, (72.0, 130.0, 200.0, 142.0)) for k, v in fields.items()}
    return Lectura([page], campos, (395, 10, 585, 72), None, [], "prueba")


def receive(office: Office, n: int, lane: str = "ventanilla", start: int = 0) -> list[str]:
    """Record *n* receptions of different bytes."""
    return [
        office.recibir(
            b"%PDF-1.7 " + str(i).encode(),
            reclamo=f"{lane}-{i}",
            nombre=f"carta {i}.pdf",
            carril=lane,
            extension="pdf",
        )
        for i in range(start, start + n)
    ]


def text_of(data: bytes) -> str:
    """The text that a reader copies from a PDF."""
    import pypdfium2

    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
