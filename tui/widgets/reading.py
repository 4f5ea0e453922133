"""The text as it was read, all pages below each other, with the place of the focused field
marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui import texts
from tui.choices import fold
from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events

    from tui.views import Box, Page

Span = tuple[int, int]
_SLACK = 2.0
"""Points by which a word may stick out of a field's box."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line on screen: the text of a page from *start*, or a separator where *page* is -1."""

    page: int
    start: int
    text: str


def wrap(text: str, width: int) -> Iterator[tuple[int, str]]:
    """(offset, piece) of *text* cut at spaces into lines of at most *width* cells."""
    at = 0
    for paragraph in text.split("\n"):
        start = at
        at += len(paragraph) + 1
        rest = paragraph
        while cell_len(rest) > width:
            cut = _cut(rest, width)
            yield start, rest[:cut].rstrip()
            skipped = len(rest[cut:]) - len(rest[cut:].lstrip(" "))
            start, rest = start + cut + skipped, rest[cut + skipped :]
        yield start, rest


def _cut(text: str, width: int) -> int:
    """After how many characters to break."""
    room = width
    for index, char in enumerate(text):
        room -= cell_len(char)
        if room < 0:
            space = text.rfind(" ", 0, index + 1)
            return space if space > 0 else max(1, index)
    return len(text)


def words_in(page: Page, box: Box) -> list[Span]:
    """Where the words stand whose middle lies in *box*."""
    x0, y0, x1, y1 = box
    return [
        (w.start, w.end)
        for w in page.words
        if x0 - _SLACK <= (w.box[0] + w.box[2]) / 2 <= x1 + _SLACK
        and y0 - _SLACK <= (w.box[1] + w.box[3]) / 2 <= y1 + _SLACK
    ]


def find(pages: Sequence[Page], number: int | None, value: str) -> tuple[int, list[Span]]:
    """(page, spans) of *value* in the text: on its page first, then on any; (-1, []) if nowhere."""
    wanted = fold(value.strip())
    if len(wanted) < 2:
        return -1, []
    order = sorted(range(len(pages)), key=lambda p: p != (number or 0) - 1)
    for index in order:
        at = fold(pages[index].text).replace("\n", " ").find(wanted)
        if at >= 0:
            return index, [(at, at + len(wanted))]
    return -1, []


class Reading(Guarded, ScrollView, can_focus=False):
    """Shows pages; `mark` points at a field."""

    COMPONENT_CLASSES: ClassVar = {"reading--text", "reading--mark", "reading--page"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pages: tuple[Page, ...] = ()
        self._message = ""
        self._lines: list[Line] = []
        self._marked: tuple[int, list[Span]] = (-1, [])

    def show(self, pages: tuple[Page, ...], message: str = "") -> None:
        """Show *pages*, or a sentence where there are none."""
        if pages is self._pages and message == self._message:
            return
        self._pages, self._message = pages, message
        self._marked = (-1, [])
        self._lay_out()
        self.scroll_to(0, 0, animate=False, immediate=True, force=True)

    def mark(self, number: int | None, box: Box | None, value: str) -> None:
        """Mark where a field stands, and bring it into view; nothing where that is not known."""
        index, spans = -1, []
        if number is not None and box is not None and 0 < number <= len(self._pages):
            index, spans = number - 1, words_in(self._pages[number - 1], box)
        if not spans:
            index, spans = find(self._pages, number, value)
        self._marked = (index, spans)
        if spans:
            self._bring(index, spans[0][0])
        self.refresh()

    def page(self, step: int) -> None:
        """Scroll a page up or down."""
        top = self.scroll_offset.y + step * max(1, self.size.height - 1)
        self.scroll_to(y=max(0, top), animate=False, immediate=True, force=True)

    @property
    def marked_text(self) -> str:
        """The marked words."""
        index, spans = self._marked
        return " ".join(self._pages[index].text[a:b] for a, b in spans)

    def _bring(self, index: int, start: int) -> None:
        place = 0
        for y, row in enumerate(self._lines):
            if row.page == index and row.start <= start:
                place = y
        top, height = self.scroll_offset.y, self.size.height
        if not top <= place < top + height:
            self.scroll_to(y=max(0, place - height // 3), animate=False, immediate=True, force=True)

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = max(8, self.scrollable_content_region.width)
        lines: list[Line] = []
        if not self._pages:
            lines = [Line(-1, 0, t) for _, t in wrap(self._message, width)]
        for index, page in enumerate(self._pages):
            if len(self._pages) > 1:
                lines.append(Line(-1, 0, texts.page_mark(index + 1, len(self._pages))))
            text = page.text or texts.EMPTY_TEXT
            lines += [Line(index, start, piece) for start, piece in wrap(text, width)]
        self._lines = lines
        self.virtual_size = Size(width, len(lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of the text."""
        width = self.scrollable_content_region.width
        at = self.scroll_offset.y + y
        plain = self.get_component_rich_style("reading--text")
        if at >= len(self._lines):
            return Strip.blank(width, plain)
        row = self._lines[at]
        if row.page < 0:
            style = self.get_component_rich_style("reading--page")
            return Strip([Segment(row.text, style)]).adjust_cell_length(width, plain)
        segments = []
        bright = self.get_component_rich_style("reading--mark")
        for piece, marked in self._pieces(row):
            segments.append(Segment(piece, bright if marked else plain))
        return Strip(segments).adjust_cell_length(width, plain)

    def _pieces(self, row: Line) -> Iterator[tuple[str, bool]]:
        index, spans = self._marked
        at = 0
        if row.page == index:
            for start, end in spans:
                a, b = max(start - row.start, at), min(end - row.start, len(row.text))
                if a < b:
                    yield row.text[at:a], False
                    yield row.text[a:b], True
                    at = b
        yield row.text[at:], False
