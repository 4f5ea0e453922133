"""Every page at hand, read by the real engine: judged, compared with its reading, and weighed.

The pages are those of `samples/` and, where these lie beside this copy, the shared corpus and the
good files of the shared collection of odd ones.
"""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2
import pytest
from PIL import Image

from ingest.lectura import Lectura, Unreadable
from ingest.pages import sniff
from tests.conftest import ROOT, SHARED
from tests.ingest.layer_boxes import distances, plain
from tests.ingest.test_inputs import INPUTS, OTHERWISE, _rows
from tests.verapdf import judge, verdicts

if TYPE_CHECKING:
    from ingest.reader import Reader

pytestmark = pytest.mark.largo
KINDS = (".jpg", ".tif", ".png", ".pdf")


class Output(NamedTuple):
    """A document that was read."""

    source: Path
    lectura: Lectura
    pdf: Path

    @property
    def kind(self) -> str:
        """`pdf`, `tiff`, `jpeg` or `png`, by its bytes."""
        with self.source.open("rb") as file:
            return sniff(file.read(64))

    @property
    def compression(self) -> str:
        """How a scan was packed: `jpeg`, `group4`…; empty of other files and of several pages."""
        if self.kind not in ("jpeg", "tiff") or len(self.lectura.paginas) > 1:
            return ""
        with Image.open(self.source) as image:
            return str(image.info.get("compression", "jpeg" if image.format == "JPEG" else ""))

    @property
    def grown(self) -> float:
        """Bytes of the PDF/A for each of the file that came."""
        return self.pdf.stat().st_size / self.source.stat().st_size


def _scans() -> list[Path]:
    found = [*(ROOT / "samples").iterdir(), *(SHARED / "corpus").glob("*/*")]
    good = {
        INPUTS / row["file"]
        for row in _rows()
        if not row["expected"].endswith("quarantine") and row["file"] not in OTHERWISE
    }
    return sorted({p for p in found if p.suffix in KINDS} | good)


@pytest.fixture(scope="session")
def outputs(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> list[Output]:
    """All of them, read once."""
    folder = tmp_path_factory.mktemp("salidas")

    def read(numbered: tuple[int, Path]) -> Output | None:
        number, path = numbered
        try:
            lectura, pdf = reader.read(path)
        except Unreadable as refusal:
            # `11-danada.pdf` is there to be refused.
            assert "danada" in path.name, f"{path}: {refusal}"
            return None
        made = folder / f"{number:03d}-{path.stem}.pdf"
        made.write_bytes(pdf)
        return Output(path, lectura, made)

    with ThreadPoolExecutor(3) as pool:
        return [o for o in pool.map(read, enumerate(_scans())) if o is not None]


@pytest.fixture(scope="session")
def scans(outputs: list[Output]) -> list[Output]:
    """Those whose words are all of our own engine: pictures, not PDFs."""
    return [o for o in outputs if o.kind != "pdf"]


def test_a_judge_that_is_not_ours_calls_each_a_pdfa(outputs: list[Output]) -> None:
    judge()
    told = verdicts(o.pdf for o in outputs)
    assert len(told) > 8
    assert {p.name: said for p, said in told.items() if said} == {}


def test_words_lie_on_their_ink(scans: list[Output]) -> None:
    across, along = [], []
    for output in scans:
        found = distances(output.pdf, output.lectura.paginas)
        across += found[0]
        along += found[1]
    assert len(across) > 1000
    assert statistics.median(map(max, across, along)) < 1.2
    assert statistics.median(across) < 0.6
    assert statistics.quantiles(across, n=20)[-1] < 1.5
    # A word that the reader joins with its neighbour, or does not find.
    assert sum(d > 20 for d in across) < 0.005 * len(across)


def test_words_are_in_the_order_in_which_they_were_read(scans: list[Output]) -> None:
    """By poppler and by pdfium: the text copied from a record is the text that was indexed."""
    letters = wrong = wrong_in_pdfium = 0
    for output in scans:
        told = output.lectura.texto.split()
        letters += len(told)
        wrong += differing(told, plain(output.pdf, "-raw").split())
        with pypdfium2.PdfDocument(output.pdf) as document:
            seen = " ".join(page.get_textpage().get_text_range() for page in document)
        # Pdfium puts words together that a hyphen parts at the end of a line.
        wrong_in_pdfium += differing(told, seen.replace("\ufffe", "- ").split())
    assert letters > 1000
    assert wrong <= 0.0005 * letters
    assert wrong_in_pdfium <= 0.002 * letters


def differing(told: list[str], seen: list[str]) -> int:
    """Words that are not, or not there, in the other."""
    import difflib

    matcher = difflib.SequenceMatcher(None, told, seen, autojunk=False)
    return max(len(told), len(seen)) - sum(m.size for m in matcher.get_matching_blocks())


def test_every_word_is_found_by_who_looks_for_it(scans: list[Output]) -> None:
    words = lost = 0
    for output in scans:
        wanted = set(output.lectura.texto.split())
        words += len(wanted)
        lost += len(wanted - set(plain(output.pdf, "-layout").split()))
    assert lost <= 0.002 * words


def test_a_record_is_hardly_larger_than_its_scan(scans: list[Output]) -> None:
    """JPEG: at most 2 % more. Group 4: what words and PDF/A cost, told in bytes."""
    jpegs = [o for o in scans if o.compression == "jpeg" and o.source.stat().st_size > 200_000]
    faxes = [o for o in scans if o.compression == "group4"]
    assert jpegs and faxes
    assert {str(o.source): o.grown for o in jpegs if o.grown > 1.02} == {}
    for output in faxes:
        words = sum(len(p.palabras) for p in output.lectura.paginas)
        cost = output.pdf.stat().st_size - output.source.stat().st_size
        assert cost <= 3000 + 9 * words, output.source
