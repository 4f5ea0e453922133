"""Sealed numbers a minute: number, stamp, sign and keep, against the bare work that none can avoid.

The limit, per record: the same number of synced writes of the same sizes, two Ed25519 signatures
and one RSA-3072 signature. What is over it is PDF work: stamp, PDF/A check, PAdES, index.

    python -m bench.radicar [--json FILE]
"""

from __future__ import annotations

import logging
import os
import tempfile
from functools import partial
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from bench.medida import arguments, median, report, timed
from records import keys, pdfa
from records.disk import Disk
from records.office import Office

ROOT = Path(__file__).resolve().parents[1]
GOAL = 300
"""Sealed numbers a minute that the project asks of itself."""


def page() -> bytes:
    """A PDF/A page with a few lines."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    first = pdf.pages[0]
    first.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdfa.embed_font(pdf)))
    show = pdfa.face().encode("Asunto: petición de prueba")
    first.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td " + show + b" Tj ET")
    return pdfa.write(pdf)


def seal_one(office: Office, subject: str, document: bytes) -> None:
    """A number and its signed record."""
    office.radicar(subject, {"remitente": "Ana Güiza", "asunto": "Petición", "folios": "1"})
    office.sellar(subject, document, hueco=(395, 10, 585, 72), paginas=1, lectura=None)


class Limit:
    """The writes and signatures of one sealed number, and nothing else."""

    def __init__(self, folder: Path, document: bytes) -> None:
        self.folder, self.document, self.disk = folder, document, Disk()
        self.ed, self.rsa = Ed25519PrivateKey.generate(), keys.new_rsa()

    def __call__(self) -> None:
        self.rsa.sign(self.document, PKCS1v15(), hashes.SHA256())
        for _ in range(2):
            self.ed.sign(b"x" * 600)
            self.disk.append(self.folder / "log", b"x" * 900)
            self.disk.replace(self.folder / "mark", b"x" * 120)
        self.disk.append(self.folder / "fichas", b"x" * 200)
        self.disk.put(self.folder / "doc", self.document * 2, temporary=self.folder / "tmp")


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--veces", type=int, default=60)
    options = parser.parse_args()
    logging.getLogger("pyhanko").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        os.environ["VENTANILLA_MARCAS"] = str(folder / "marcas")
        office, _ = Office.found(folder / "oficina", ROOT / "config.toml", demo=True)
        document = page()
        subjects = [
            office.recibir(document + bytes([i]), reclamo=f"c{i}", nombre="c.pdf", carril="fax")
            for i in range(options.veces + 1)
        ]
        seal_one(office, subjects[0], document)  # loads the libraries
        limit = Limit(folder, document)
        rows = []
        for subject in subjects[1:]:
            rows.append((timed(limit)[0], timed(partial(seal_one, office, subject, document))[0]))
    bare, whole = median([a for a, _ in rows]), median([b for _, b in rows])
    report(
        "radicar",
        {
            "sealed_over_limit": whole / bare,
            "sealed_a_minute_over_goal_of_300": 60 / whole / GOAL,
            "sealed_a_minute": 60 / whole,
            "sealed_ms": whole * 1000,
            "limit_ms": bare * 1000,
        },
        options.json,
    )


if __name__ == "__main__":
    main()
