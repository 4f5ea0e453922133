"""The text layer of a PDF as poppler sees it, against what was read."""

from __future__ import annotations

import collections
import html
import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ingest.lectura import Caja, Pagina

WORD = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
)
FAR = 30.0
"""Points from which on a word of the same letters is another one."""


def _told(pdf: Path, option: str) -> str:
    command = ["pdftotext", "-cropbox", option, pdf, "-"]
    done = subprocess.run(command, check=True, capture_output=True)
    return done.stdout.decode()


def plain(pdf: Path, option: str) -> str:
    """The text of the whole PDF, one space between words."""
    return " ".join(_told(pdf, option).split())


def boxes(pdf: Path) -> list[list[tuple[str, Caja]]]:
    """Each page's words and their boxes, in points from the top left."""
    pages = []
    for page in _told(pdf, "-bbox").split("<page ")[1:]:
        found = [
            (html.unescape(m[5]), (float(m[1]), float(m[2]), float(m[3]), float(m[4])))
            for m in WORD.finditer(page)
        ]
        pages.append(found)
    return pages


def distances(pdf: Path, pages: Sequence[Pagina]) -> tuple[list[float], list[float]]:
    """Of each word read, how far its ends and its top or foot lie from those in the PDF.

    A word that is not there, or not near, counts as `FAR`.
    """
    across, along = [], []
    for page, found in zip(pages, boxes(pdf), strict=True):
        known = collections.defaultdict(list)
        for text, box in found:
            known[text].append(box)
        for word in page.palabras:
            best = [FAR, FAR]
            for box in known[word.texto]:
                off = [abs(a - b) for a, b in zip(box, word.caja, strict=True)]
                here = [max(off[0], off[2]), max(off[1], off[3])]
                best = min(best, here, key=max)
            across.append(best[0])
            along.append(best[1])
    return across, along
