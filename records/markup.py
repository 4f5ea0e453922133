"""What a template says, as blocks to be set: from plain text, or from a small part of HTML.

Nothing is fetched and nothing is run: what is not in the tables below is refused by name, or, where
it only dresses the text, read as if it were not there. Attributes say nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Literal

from records.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST = 4
"""Lists and quotations within each other; what is deeper is set as deep as this."""
_ITEM = re.compile(r"(?:[-•*]|(\d{1,3})[.)])[ \t]+(?=\S)")

BOLD, ITALIC = {"b", "strong"}, {"i", "em"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3}
PARTS = {"p", "div", "section", "article", "main", "header", "footer", "address"}
NEUTRAL = {
    "html", "head", "body", "meta", "span", "a", "u", "font", "small", "big", "sup", "sub",
    "thead", "tbody", "tfoot", "colgroup", "col", "abbr", "cite", "q",
}  # fmt: skip
"""They dress the text; what is between them is text like any other."""
SHOWN = "p, br, b, strong, i, em, ul, ol, li, h1, h2, h3, table, tr, td, th, blockquote"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face; `\\n` begins a new line."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading (*level* 1 to 3), or an item of a list (it has a *marker*)."""

    runs: tuple[Run, ...]
    kind: Literal["texto", "titulo"] = "texto"
    level: int = 0
    indent: int = 0
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as plain text; *head*: the first row says what the columns are."""

    rows: tuple[tuple[str, ...], ...]
    head: bool = False


def from_text(text: str) -> list[Block]:
    """Paragraphs parted by empty lines; a line break stays; `- ` and `1. ` begin items."""
    out: list[Block] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.strip("\n")):
        plain: list[str] = []
        for line in paragraph.split("\n"):
            item = _ITEM.match(line.lstrip())
            if item is None:
                plain.append(line.strip())
                continue
            _plain(plain, out)
            marker = f"{item[1]}." if item[1] else "•"
            rest = line.lstrip()[item.end() :].rstrip()
            out.append(Block((Run(rest),), indent=1, marker=marker))
        _plain(plain, out)
    return out


def _plain(lines: list[str], out: list[Block]) -> None:
    text = "\n".join(lines).strip()
    if text:
        out.append(Block((Run(text),)))
    lines.clear()


def from_html(text: str) -> list[Block | Table]:
    """The blocks of a text in the part of HTML that is set here.

    Raises:
        Refused: it has an element that can stand in no letter of ours.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.end()


class _Reader(HTMLParser):
    """Blocks as they come. What is left open is closed by what follows, as browsers do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[Block | Table] = []
        self._runs: list[Run] = []
        self._bold = self._italic = self._quotes = self._title = 0
        self._lists: list[int | None] = []
        """For each open list the number of its last item; None: it has none."""
        self._level = 0
        self._marker = ""
        self._rows: list[list[str]] | None = None
        self._cell = False
        """Whether what is said belongs to the last cell of the last row."""
        self._head = False

    # -- what the parser calls ----------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """An element begins."""
        if tag in BOLD:
            self._bold += 1
        if tag in ITALIC:
            self._italic += 1
        if tag == "br":
            self._say("\n")
        elif tag == "title":
            self._title += 1
        elif tag in PARTS or tag in HEADINGS or tag == "blockquote":
            self._break()
            self._level = HEADINGS.get(tag, self._level)
            self._quotes += tag == "blockquote"
        elif tag in ("ul", "ol"):
            self._break()
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag in ("table", "tr", "td", "th"):
            self._table(tag)
        elif tag not in BOLD | ITALIC | NEUTRAL:
            self._refuse(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """An element without content, written `<br/>`."""
        self.handle_starttag(tag, attrs)
        if tag != "br":
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag in BOLD:
            self._bold = max(0, self._bold - 1)
        if tag in ITALIC:
            self._italic = max(0, self._italic - 1)
        if tag == "title":
            self._title = max(0, self._title - 1)
        elif tag in PARTS or tag in HEADINGS or tag in ("blockquote", "ul", "ol", "li"):
            self._break()
            self._level = 0 if tag in HEADINGS else self._level
            if tag == "blockquote":
                self._quotes = max(0, self._quotes - 1)
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            if tag == "li":
                self._marker = ""
        elif tag in ("td", "th", "tr"):
            self._cell = False
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        """Text: blanks and breaks of the source are one blank."""
        if not self._title:
            self._say(re.sub(r"[ \t\n\f]+", " ", data))

    # -- what it makes of them ----------------------------------------------------------------

    def _say(self, text: str) -> None:
        if self._cell and self._rows:
            self._rows[-1][-1] += text
        elif self._rows is None:
            self._runs.append(Run(text, self._bold > 0, self._italic > 0))
        elif text.strip():
            self._refuse("table", "tiene texto fuera de las celdas")

    def _break(self) -> None:
        """What was said so far is a block."""
        if self._rows is not None:
            if self._cell:
                self._say("\n")
            return
        runs = tidy(self._runs)
        self._runs = []
        if not runs:
            return
        indent = min(len(self._lists) + self._quotes, DEEPEST)
        if self._level:
            self._out.append(Block(runs, "titulo", self._level))
        else:
            self._out.append(Block(runs, indent=indent, marker=self._marker))
        self._marker = ""

    def _item(self) -> None:
        self._break()
        if self._rows is not None:
            self._say("• ")
            return
        if not self._lists:
            self._lists.append(None)
        last = self._lists[-1]
        if last is None:
            self._marker = "•"
        else:
            self._lists[-1] = last + 1
            self._marker = f"{last + 1}."

    def _table(self, tag: str) -> None:
        if tag == "table":
            if self._rows is not None:
                self._refuse("table", "está dentro de otra")
            self._break()
            self._rows, self._head = [], False
            return
        if self._rows is None:
            self._refuse(tag, "está fuera de una tabla")
        elif tag == "tr":
            self._rows.append([])
            self._cell = False
        else:
            if not self._rows:
                self._rows.append([])
            self._head = self._head or (tag == "th" and len(self._rows) == 1)
            self._rows[-1].append("")
            self._cell = True

    def _end_table(self) -> None:
        rows = [[_cell_text(c) for c in row] for row in self._rows or () if row]
        width = max(map(len, rows), default=0)
        if width > 12:
            self._refuse("table", "tiene más de 12 columnas")
        if rows:
            filled = tuple(tuple(row + [""] * (width - len(row))) for row in rows)
            self._out.append(Table(filled, self._head))
        self._rows, self._cell = None, False

    def _refuse(self, tag: str, why: str = "no puede ir en una carta") -> None:
        line, _ = self.getpos()
        raise Refused(
            "plantilla_invalida",
            f"En la línea {line}, <{tag}> {why}.",
            consejo=f"Sirven: {SHOWN}. Lo demás, hágalo en una plantilla .docx u .odt.",
        )

    def end(self) -> list[Block | Table]:
        """All blocks, the last one too."""
        if self._rows is not None:
            self._end_table()
        self._break()
        return self._out


def _cell_text(text: str) -> str:
    lines = (" ".join(line.split(" ")).strip() for line in text.split("\n"))
    return "\n".join(re.sub(r" {2,}", " ", line) for line in lines if line)


def tidy(runs: Sequence[Run]) -> tuple[Run, ...]:
    """*runs* with one blank where several are, and none at the ends of lines."""
    out: list[Run] = []
    blank = True  # a line begins
    for run in runs:
        text = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", run.text))
        if blank:
            text = text.lstrip(" ")
        if text.startswith("\n") and out:
            out[-1] = Run(out[-1].text.rstrip(" "), out[-1].bold, out[-1].italic)
        if text:
            blank = text[-1] in " \n"
            out.append(Run(text, run.bold, run.italic))
    while out and not out[-1].text.strip():
        out.pop()
    while out and not out[0].text.strip():
        out.pop(0)
    if out:
        out[0] = Run(out[0].text.lstrip(), out[0].bold, out[0].italic)
        out[-1] = Run(out[-1].text.rstrip(), out[-1].bold, out[-1].italic)
    return tuple(r for r in out if r.text)
