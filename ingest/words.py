"""Words as a recogniser gives them: text, confidence and a box in the pixels that were read."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `confidence` is a whole percent."""

    text: str
    confidence: int
    box: Box

    @property
    def letters(self) -> int:
        """How many letters and digits it has."""
        return sum(c.isalnum() for c in self.text)

    @property
    def height(self) -> int:
        """Of its box, in pixels."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class WordLine:
    """The words of one line, and the block of the page and paragraph in it that it belongs to."""

    paragraph: tuple[str, str]
    words: list[Word]


def lines_of(table: str) -> list[WordLine]:
    """The lines of one page of Tesseract's TSV, in reading order."""
    rows: dict[tuple[str, str, str], list[Word]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = (int(v) for v in cells[6:10])
        word = Word(
            cells[11].strip(), round(float(cells[10])), (left, top, left + width, top + height)
        )
        rows.setdefault((cells[2], cells[3], cells[4]), []).append(word)
    return [WordLine((block, paragraph), words) for (block, paragraph, _), words in rows.items()]
