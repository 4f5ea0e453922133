"""The scan itself: a piece of a page, or all of it, in cells or in the terminal's own pixels.

The cells are always drawn, by Textual, as of any widget. Pixels are laid over them after each frame
in which these cells were written, and only where nothing covers the pane: what is written next in
its place takes sixels off again, and kitty is told to. So a dialog shows cells beneath it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui import texts
from tui.pictures import Ask
from tui.widgets.guard import Guarded
from tui.widgets.reading import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Region

    from tui.pictures import Cell, Drawn, Zoom
    from tui.views import Box

ZOOMS: tuple[Zoom, ...] = ("recorte", "ancho", "hoja")
STEP = 0.5
"""Of the pane, by which a key moves on."""


class Picture(Guarded, Widget, can_focus=False):
    """Shows a page of a letter; asks for it by `Wanted`, and is answered by `show` or `fail`."""

    COMPONENT_CLASSES: ClassVar = {"picture--ink", "picture--wait"}

    class Wanted(Message):
        """A picture is needed for this letter, page, place and size."""

        def __init__(self, picture: Picture, ask: Ask) -> None:
            super().__init__()
            self.picture, self.ask = picture, ask

        @property
        def control(self) -> Picture:
            """Who asks."""
            return self.picture

    def __init__(self, *, zoom: Zoom = "recorte", id: str | None = None) -> None:
        super().__init__(id=id)
        self._letter = ""
        self._page, self._pages = 1, 0
        self._box: Box | None = None
        self._zoom: Zoom = zoom
        self._moved = (0.0, 0.0)
        self._asked: Ask | None = None
        self._drawn: Drawn | None = None
        self._sentence = texts.PICTURE_NONE
        self._over = b""
        """What takes off the pixels that lie over the cells now; empty where none do."""
        self._due = False
        """Whether pixels are to be written after this frame; a frame asks for lines many times."""

    # -- what the screen says -----------------------------------------------------------------

    def look_at(
        self, letter: str, page: int | None = None, box: Box | None = None, pages: int = 0
    ) -> None:
        """Turn to a letter's page, and to where a field stands on it. Without a page: the one that
        is seen, of another letter its first. *pages*: how many there are, 0 where unknown."""
        if letter != self._letter:
            self._page, self._pages, self._drawn = 1, 0, None
        self._letter, self._box = letter, box
        self._page, self._pages = page or self._page, pages or self._pages
        self._moved = (0.0, 0.0)
        self._want()

    def again(self) -> None:
        """Ask anew for what is seen: its letter was read meanwhile, and perhaps turned upright."""
        self._asked = self._drawn = None
        self._want()

    def look_away(self, sentence: str = texts.PICTURE_NONE) -> None:
        """Show a sentence and no page."""
        self._letter, self._asked, self._drawn = "", None, None
        self._sentence = sentence
        self.refresh()

    def page(self, number: int) -> bool:
        """Turn to a page; whether there is one."""
        if not self._letter or number < 1 or (self._pages and number > self._pages):
            return False
        self._page, self._box, self._moved = number, None, (0.0, 0.0)
        self._want()
        return True

    @property
    def zoom(self) -> Zoom:
        """How much is seen: `recorte`, `ancho` or `hoja`."""
        return self._zoom

    @zoom.setter
    def zoom(self, zoom: Zoom) -> None:
        if zoom != self._zoom:
            self._zoom, self._moved = zoom, (0.0, 0.0)
            self._want()

    def turn_zoom(self, step: int = 1) -> None:
        """The next zoom, round and round."""
        self.zoom = ZOOMS[(ZOOMS.index(self._zoom) + step) % len(ZOOMS)]

    def move(self, down: int = 0, right: int = 0) -> None:
        """Go on over the page by halves of the pane; the whole page has nowhere to go."""
        if self._zoom != "hoja" and self._letter:
            self._moved = (self._moved[0] + down * STEP, self._moved[1] + right * STEP)
            self._want()

    # -- what it knows ------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a picture was asked for and is not there."""
        return self._asked is not None

    @property
    def at(self) -> tuple[int, int]:
        """(page, of how many; 0 where that is not known)."""
        return self._page, self._pages

    @property
    def drawn(self) -> Drawn | None:
        """What is seen."""
        return self._drawn

    # -- asking and being answered --------------------------------------------------------------

    def _want(self) -> None:
        columns, rows = self.size
        if not self._letter or columns < 2 or rows < 1 or not self.is_mounted:
            self.refresh()
            return
        top, left = self._moved
        ask = Ask(self._letter, self._page, columns, rows, self._zoom, self._box, top, left)
        if ask == self._asked or (self._drawn and not self._asked and ask == self._drawn.ask):
            return
        self._asked, self._sentence = ask, texts.PICTURE_WAIT
        self.post_message(self.Wanted(self, ask))
        if self._drawn is None:
            self.refresh()

    def show(self, drawn: Drawn) -> None:
        """The picture that was asked for; one of an older question is let go."""
        if drawn.ask != self._asked:
            return
        self._asked, self._drawn = None, drawn
        self._pages = drawn.pages or self._pages
        self.refresh()

    def fail(self, ask: Ask, sentence: str) -> None:
        """Why there is none."""
        if ask == self._asked:
            self._asked, self._drawn, self._sentence = None, None, sentence
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Another size is another picture."""
        self._want()

    def on_hide(self) -> None:
        """Nothing is left over where it was."""
        self._take_off()

    def on_unmount(self) -> None:
        """As above."""
        self._take_off()

    # -- cells ----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """A row of cells, or of the sentence that stands for them."""
        width = self.size.width
        if self._drawn is None:
            style = self.get_component_rich_style("picture--wait")
            lines = [text for _, text in wrap(self._sentence, max(8, width))]
            text = lines[y] if y < len(lines) else ""
            return Strip([Segment(text, style)]).adjust_cell_length(width, style)
        plain = self.get_component_rich_style("picture--ink")
        if y >= len(self._drawn.cells):
            return Strip.blank(width, plain)
        return Strip(segments(self._drawn.cells[y], plain)).adjust_cell_length(width, plain)

    # -- pixels ---------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Its cells; the pixels over them follow once they are on the screen."""
        if not self._due and (self._over or (self._drawn and self._drawn.pixels)):
            self._due = self.call_after_refresh(self._lay_over)
        return super().render_lines(crop)

    def _lay_over(self) -> None:
        """Write the pixels where nothing covers the pane; else see that none are left."""
        self._due = False
        drawn = self._drawn
        region = self._free()
        if drawn is None or not drawn.pixels or region is None:
            self._take_off()
            return
        place = f"\x1b[{region.y + 1};{region.x + 1}H"
        self._write(f"\x1b7{place}{drawn.pixels.decode('ascii')}\x1b8")
        self._over = drawn.gone

    def _take_off(self) -> None:
        if self._over:
            self._write(self._over.decode("ascii"))
            self._over = b""

    def _write(self, data: str) -> None:
        """To the terminal, behind what was drawn so far; not once it was given back, which took its
        pictures along: they were of the other screen."""
        driver = self.app._driver
        if driver is not None and self.app._running:
            driver.write(data)
            driver.flush()

    def _free(self) -> Region | None:
        """Where the pane is, if all of it is seen and the drawing has its size."""
        drawn, screen = self._drawn, self.screen
        if drawn is None or self.app.screen is not screen or not self.display:
            return None
        if (drawn.ask.columns, drawn.ask.rows) != tuple(self.size):
            return None
        seen = screen._compositor.visible_widgets
        if self not in seen:
            return None
        region, clip = seen[self]
        inside = region.shrink(self.styles.gutter)
        # A picture that ends on the last row may make the terminal scroll.
        if not clip.contains_region(region) or region.bottom >= self.app.size.height:
            return None
        mine = {self, *self.ancestors}
        for widget, (other, shown) in seen.items():
            if widget not in mine and other.intersection(shown).overlaps(inside):
                return None
        return inside


def segments(row: Sequence[Cell], plain: Style) -> list[Segment]:
    """A row of cells, those alike in one piece."""
    out: list[Segment] = []
    text, last = "", (-1, -1)
    for cell in row:
        look = (-1 if cell.ink is None else cell.ink, -1 if cell.paper is None else cell.paper)
        if look != last and text:
            out.append(Segment(text, plain + _style(*last)))
            text = ""
        text, last = text + cell.sign, look
    if text:
        out.append(Segment(text, plain + _style(*last)))
    return out


@lru_cache(1024)
def _style(ink: int, paper: int) -> Style:
    """Greys as colours; -1 leaves the terminal its own."""
    if ink < 0:
        return Style()
    return Style.parse(f"#{ink:02x}{ink:02x}{ink:02x} on #{paper:02x}{paper:02x}{paper:02x}")
