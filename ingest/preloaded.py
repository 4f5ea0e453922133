"""The last that the fork server loads: what its children need is ready, and is not looked at again.

A sheet goes through the whole way once, so that fonts, profiles and schemas lie ready for all. The
first collection of garbage in a child would touch every object that the server made and so copy
its memory; frozen ones are left alone.
"""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

from PIL import Image

from ingest.facts import Limits, PageFacts
from ingest.lectura import Pagina, Palabra
from ingest.pages import read_document
from ingest.searchable import build


def rehearse() -> None:
    """Read a sheet of nothing and make its PDF/A, 40 ms that each child would take again."""
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
        folder = Path(name)
        scan = folder / "hoja.tif"
        Image.new("1", (80, 80), 1).save(scan, compression="group4", dpi=(200, 200))
        pages: list[PageFacts] = []
        facts = read_document(scan, folder, Limits(), pages.append, lambda: None)
        word = Palabra("hoja", 90, (2.0, 2.0, 20.0, 12.0), 0)
        size = pages[0].ancho, pages[0].alto
        build(facts, [Pagina(*size, "hoja", 90, 0, False, [word])], folder)


rehearse()
gc.collect()
gc.freeze()
