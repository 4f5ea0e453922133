"""The one list: any number of rows, of which only those on screen are ever fetched or drawn.

It holds the ids in their order (a snapshot: rows do not move under the cursor) and a cache of
pages of rows; what is missing is asked for with `RowsWanted` and painted as dots until `put_rows`
brings it. Cells are plain text, cut by the width that a terminal gives them; markup in them is
never interpreted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.cache import LRUCache
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.widgets.guard import Guarded

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from rich.style import Style

    from tui.views import Column, Id, Row

PAGE = 100
_KEPT_PAGES = 40
_TONES = {"tenue": "list--dim", "aviso": "list--warn", "mal": "list--bad"}
_REST = 0.08
"""Seconds the cursor rests before the letter under it is asked for: held arrows stay quick."""


class VirtualList(Guarded, ScrollView, can_focus=True):
    """A list of lines with a cursor."""

    BINDINGS: ClassVar = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("g", "edge(0)", show=False),
        Binding("space", "mark", show=False),
        Binding("G", "edge(1)", show=False),
    ]
    COMPONENT_CLASSES: ClassVar = {
        "list--head",
        "list--row",
        "list--dim",
        "list--warn",
        "list--bad",
        "list--cursor",
        "list--cursor-idle",
    }

    @dataclass
    class CursorMoved(Message):
        """The cursor rests on another row."""

        list: VirtualList
        id: Id

    @dataclass
    class Chosen(Message):
        """Enter on a row."""

        list: VirtualList
        id: Id

    @dataclass
    class RowsWanted(Message):
        """Rows that are to be shown and are not here; answer with `put_rows`."""

        list: VirtualList
        ids: tuple[Id, ...]

    @dataclass
    class MarksChanged(Message):
        """More rows are marked, or fewer."""

        list: VirtualList
        count: int

    @dataclass
    class EndNear(Message):
        """The cursor is on the last row."""

        list: VirtualList

    def __init__(
        self, columns: Sequence[Column], *, id: str | None = None, marks: bool = False
    ) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._ids: Sequence[Id] = ()
        self._at = 0
        self._markable = marks
        self._marks: set[Id] = set()
        self._pages: LRUCache[int, dict[Id, Row]] = LRUCache(_KEPT_PAGES)
        self._asked: set[int] = set()
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(512)
        self._told: Id | None = None

    # -- what it shows ------------------------------------------------------------------------

    @property
    def cursor(self) -> Id | None:
        """The id under the cursor."""
        return self._ids[self._at] if self._ids else None

    @property
    def ids(self) -> Sequence[Id]:
        """The snapshot."""
        return self._ids

    @property
    def row(self) -> Row | None:
        """The row under the cursor, where it is here already."""
        return self._row(self._at) if self._ids else None

    @property
    def marks(self) -> Collection[Id]:
        """What is marked, in no order: known at once, however long the list is."""
        return self._marks

    @property
    def marked(self) -> list[Id]:
        """What is marked, in the order of the list; where nothing is, nothing."""
        return [i for i in self._ids if i in self._marks] if self._marks else []

    @property
    def chosen(self) -> list[Id]:
        """What an action is for: what is marked, else the row under the cursor."""
        return self.marked or ([] if self.cursor is None else [self.cursor])

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns."""
        self._columns = tuple(columns)
        self._forget()

    def set_ids(self, ids: Sequence[Id], *, cursor: Id | None = None) -> None:
        """Take another snapshot, which nobody changes afterwards (an `array` of a million is as
        good as a tuple). The cursor stays on its row, or on the one that took its place; what is
        gone is no longer marked."""
        wanted = self.cursor if cursor is None else cursor
        self._ids = ids
        if not len(ids):
            self._told = None  # what comes back after nothing was there is told again
        if wanted is not None:
            self._at = self._place_of(wanted, self._at)
        if self._marks:
            self._marks.intersection_update(ids)
            self._marks_changed()
        self._at = max(0, min(self._at, len(self._ids) - 1))
        self.virtual_size = Size(self.size.width, len(self._ids) + 1)
        self._forget()
        self._show_cursor()
        if self.cursor != self._told:
            self._moved()

    def _place_of(self, ident: Id, otherwise: int) -> int:
        try:
            return self._ids.index(ident)
        except ValueError:
            return otherwise

    def add_ids(self, ids: Sequence[Id]) -> None:
        """Longer at its end."""
        last = len(self._ids) // PAGE
        self._pages.discard(last)
        self._asked.discard(last)
        self._ids = [*self._ids, *ids]
        self.virtual_size = Size(self.size.width, len(self._ids) + 1)
        self.refresh()

    def grow(self, ids: Sequence[Id]) -> None:
        """A longer snapshot of which this one is the beginning: what is drawn stays."""
        last = len(self._ids) // PAGE
        self._pages.discard(last)
        self._asked.discard(last)
        self._ids = ids
        self.virtual_size = Size(self.size.width, len(ids) + 1)
        self.refresh()

    def put_rows(self, rows: Sequence[Row]) -> None:
        """Rows that were wanted."""
        have = {row.id: row for row in rows}
        for number in list(self._asked):
            ids = self._ids[number * PAGE : (number + 1) * PAGE]
            if all(i in have for i in ids):
                self._pages[number] = {i: have[i] for i in ids}
                self._asked.discard(number)
        self.refresh()

    @property
    def near(self) -> Sequence[Id]:
        """The rows on screen, and those of their pages."""
        first, last = self._pages_shown()
        return self._ids[first * PAGE : (last + 1) * PAGE]

    def renew(self, rows: Sequence[Row]) -> None:
        """The rows of `near` as they are now, in the place of what is shown: nothing blinks. All
        others are asked for again when they come on screen."""
        have = {row.id: row for row in rows}
        first, last = self._pages_shown()
        for number in list(self._pages.keys()):
            if first <= number <= last:
                # In its place: this cache keeps what it has under a key that is given again.
                page = self._pages[number]
                page.update({i: have[i] for i in page if i in have})
            else:
                self._pages.discard(number)
        self.refresh()

    def _pages_shown(self) -> tuple[int, int]:
        top = self.scroll_offset.y
        return top // PAGE, (top + self._room) // PAGE

    def select(self, ident: Id) -> None:
        """Put the cursor on a row, without telling it as a move."""
        at = self._place_of(ident, -1)
        if at >= 0:
            self._told = ident
            self._go(at)

    def unmark(self) -> None:
        """Nothing is marked any more."""
        if self._marks:
            self._marks.clear()
            self._marks_changed()

    def mark_all(self) -> None:
        """All rows are marked; where they are already, none is."""
        if self._markable:
            self._marks = set() if len(self._marks) == len(self._ids) else set(self._ids)
            self._marks_changed()

    def _marks_changed(self) -> None:
        self.refresh()
        self.post_message(self.MarksChanged(self, len(self._marks)))

    def _forget(self) -> None:
        self._pages.clear()
        self._asked.clear()
        self._strips.clear()
        self.refresh()

    # -- the cursor ---------------------------------------------------------------------------

    @property
    def _room(self) -> int:
        """Rows that fit below the head."""
        return max(1, self.size.height - 1)

    def action_move(self, step: int) -> None:
        """One row up or down."""
        self._go(self._at + step)

    def action_page(self, step: int) -> None:
        """A page up or down."""
        self._go(self._at + step * max(1, self._room - 1))

    def action_edge(self, last: int) -> None:
        """The first or the last row."""
        self._go(len(self._ids) - 1 if last else 0)

    def action_mark(self) -> None:
        """Mark the row, or not any more, and go on to the next."""
        if self._markable and self.cursor is not None:
            self._marks ^= {self.cursor}
            self._marks_changed()
            self.action_move(1)

    def action_choose(self) -> None:
        """Enter."""
        if self.cursor is not None:
            self.post_message(self.Chosen(self, self.cursor))

    def _go(self, index: int) -> None:
        before = self._at
        self._at = max(0, min(index, len(self._ids) - 1))
        if before == self._at:
            return
        top = self.scroll_offset.y
        self._show_cursor()
        if self.scroll_offset.y == top:
            for at in (before, self._at):
                self.refresh(Region(0, at - top + 1, self.size.width, 1))
        if self.cursor != self._told:
            self._moved()
        if self._at == len(self._ids) - 1:
            self.post_message(self.EndNear(self))

    def _moved(self) -> None:
        at = self.cursor
        self.set_timer(_REST, lambda: self._tell(at))

    def _tell(self, ident: Id | None) -> None:
        if ident is not None and ident == self.cursor and ident != self._told:
            self._told = ident
            self.post_message(self.CursorMoved(self, ident))

    def _show_cursor(self) -> None:
        top = self.scroll_offset.y
        if self._at < top:
            top = self._at
        elif self._at >= top + self._room:
            top = self._at - self._room + 1
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(event.size.width, len(self._ids) + 1)
        self._strips.clear()
        self._show_cursor()

    def on_click(self, event: events.Click) -> None:
        """The mouse is optional: it only moves the cursor."""
        if event.y > 0:
            self._go(self.scroll_offset.y + event.y - 1)

    # -- drawing ------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """The head, a row, or nothing."""
        width = self.scrollable_content_region.width
        if y == 0:
            return self._draw(tuple(c.title for c in self._columns), " ", "list--head", width)
        index = self.scroll_offset.y + y - 1
        if index >= len(self._ids):
            return Strip.blank(width, self.rich_style)
        row = self._row(index)
        here = index == self._at
        if here and self.has_focus:
            # The terminal's own cursor, unseen: screen readers and magnifiers follow it.
            self.app.cursor_position = self.content_region.offset + Offset(0, y)
        if row is None:
            return self._draw(("·····",) * len(self._columns), " ", "list--dim", width)
        marked = self._ids[index] in self._marks
        key = (row, here, marked, self.has_focus, width, self.app.theme)
        strip = self._strips.get(key)
        if strip is None:
            sign = "*" if marked else ">" if here else " "
            strip = self._draw(row.cells, sign, self._style_of(row, here), width)
            self._strips[key] = strip
        return strip

    def _style_of(self, row: Row, here: bool) -> str:
        if here:
            return "list--cursor" if self.has_focus else "list--cursor-idle"
        return _TONES.get(row.tone, "list--row")

    def _row(self, index: int) -> Row | None:
        page = self._pages.get(index // PAGE)
        if page is not None:
            return page.get(self._ids[index])
        self._want(index // PAGE)
        return None

    def _want(self, number: int) -> None:
        if number not in self._asked:
            self._asked.add(number)
            ids = self._ids[number * PAGE : (number + 1) * PAGE]
            # Not from here: Textual takes who draws, a parent, for the sender, and stops there.
            wanted = tuple(ids)
            self.call_later(lambda: self.post_message(self.RowsWanted(self, wanted)))

    def _draw(self, cells: Sequence[str], mark: str, style_name: str, width: int) -> Strip:
        style: Style = self.get_component_rich_style(style_name)
        text = mark
        shown = [(c, v) for c, v in zip(self._columns, cells, strict=False) if width >= c.room]
        taken = sum(c.width + 1 for c, _ in shown if c.width)
        flexible = sum(1 for c, _ in shown if not c.width)
        share = max(1, (width - 1 - taken) // flexible - 1) if flexible else 0
        for column, value in shown:
            text += fit(value, column.width or share) + " "
        return Strip([Segment(set_cell_size(text, width), style)], width)


def fit(text: str, width: int) -> str:
    """*text* in exactly *width* cells, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, max(0, width - 1)).rstrip() + "…", width)
