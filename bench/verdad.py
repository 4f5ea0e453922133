"""Truth and error: corpora of pages with what is printed on them, and how far a reading is off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ADDRESS = re.compile(
    r"(?:Calle|Cl\.|Carrera|Cra\.|Avenida|Diagonal|Transversal)\s+\d+\w?(?: \w+)? # \d+\w?-\d+"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PICTURES = (".jpg", ".tif", ".png")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a corpus: its picture, its class and what is printed on it."""

    corpus: Path
    group: str
    picture: Path

    @property
    def name(self) -> str:
        """Unlike any other: `<corpus>-<class>-<number>`."""
        return f"{self.corpus.name}-{self.group}-{self.picture.stem}"

    @property
    def text(self) -> str:
        """What is printed, with single blanks."""
        return plain(self.picture.with_suffix(".txt").read_text(encoding="utf-8"))

    @property
    def signed(self) -> list[str]:
        """The addresses with `#` and the e-mails that are printed."""
        return [*ADDRESS.findall(self.text), *MAIL.findall(self.text)]


def pages(corpus: Path) -> list[Page]:
    """All pages of a corpus: `<class>/<number>` with a picture, `.txt` and `.json`."""
    return [
        Page(corpus, path.parent.name, path)
        for path in sorted(corpus.glob("*/*"))
        if path.suffix in PICTURES and path.with_suffix(".txt").is_file()
    ]


def plain(text: str) -> str:
    """*text* with single blanks for all white space."""
    return " ".join(text.split())


def error(truth: str, read: str) -> float:
    """Character error rate in percent: Levenshtein's distance by the length of *truth*."""
    if not truth:
        return 0.0
    other = np.array([ord(c) for c in read], dtype=np.int32)
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for place, letter in enumerate(truth, 1):
        change = row[:-1] + (other != ord(letter))
        best = np.concatenate([[place], np.minimum(change, row[1:] + 1)])
        # The cheapest way along the row: each step to the right adds one letter.
        row = np.minimum.accumulate(best - steps) + steps
    return 100 * float(row[-1]) / len(truth)
