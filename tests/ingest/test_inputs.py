"""Every odd, broken and hostile file of the shared collection: read or refused, never a crash."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.lectura import Unreadable
from records import pdfa

if TYPE_CHECKING:
    from ingest.reader import Reader

INPUTS = Path(__file__).parents[3] / "shared" / "inputs"

OTHERWISE = {
    "image-rs+image-tiff/text.tif": "ThunderScan de 4 bits: Pillow no lo descomprime",
}
"""Files that we judge otherwise than proposed, and why."""


def _rows() -> list[dict[str, str]]:
    table = INPUTS / "MANIFEST.tsv"
    if not table.exists():
        return []
    with table.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.largo
@pytest.mark.skipif(not INPUTS.is_dir(), reason="la colección de archivos no está en esta copia")
@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["file"])
def test_every_file_is_read_or_refused_as_proposed(reader: Reader, row: dict[str, str]) -> None:
    started = time.monotonic()
    refused = row["expected"].endswith("quarantine") or row["file"] in OTHERWISE
    if refused:
        with pytest.raises(Unreadable) as caught:
            reader.read(INPUTS / row["file"])
        assert caught.value.mensaje
    else:
        lectura, pdf = reader.read(INPUTS / row["file"])
        assert lectura.paginas
        assert pdfa.findings(pdf) == []
    assert time.monotonic() - started < 60
