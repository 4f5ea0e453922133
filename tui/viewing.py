"""Pages of letters, drawn once and kept: what `tasks` does for the pane that shows a scan.

A page is drawn by the limited child behind the door; its grey pixels are kept here, the last used
ones up to a bound, and so is that a page could not be drawn. Cutting and writing cells takes a few
milliseconds more. All of it runs in a lane of its own, where only the newest question counts.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING

from records.errors import Refused, VentanillaError
from tui.documents import document_of, number_of
from tui.graphics import Graphics, look_of
from tui.pictures import Drawn, Sheet, draw
from tui.texts import consulta as words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.drafts import Draft
    from ingest.raster import Vista
    from ingest.reception import Recepcion
    from tui.pictures import Ask

MOST = 24 << 20
"""Bytes of pages that are kept: a dozen letters' sheets."""
MOST_REFUSED, REFUSED_FOR = 64, 60.0
"""How many pages are known that could not be drawn, and for how many seconds that is believed: a
machine may have been too busy for one."""

Key = tuple[str, str, int]
"""Letter, which of its documents, page."""


class Kept:
    """Pages by their key, the last used ones, of at most *most* bytes together."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._weight = most, 0
        self._sheets: OrderedDict[Key, Sheet] = OrderedDict()

    @property
    def weight(self) -> int:
        """Bytes of all that is kept."""
        return self._weight

    def get(self, key: Key) -> Sheet | None:
        """A page that is kept; it was used last then."""
        found = self._sheets.get(key)
        if found is not None:
            self._sheets.move_to_end(key)
        return found

    def put(self, key: Key, sheet: Sheet) -> None:
        """Keep a page; those not used for longest go. One larger than all may be is not kept."""
        if sheet.weight > self._most:
            return
        known = self._sheets.pop(key, None)
        self._weight += sheet.weight - (known.weight if known else 0)
        self._sheets[key] = sheet
        while self._weight > self._most:
            _, old = self._sheets.popitem(last=False)
            self._weight -= old.weight


class Viewing:
    """Answers of one home to what a pane asks. Runs in one thread, but for `want`."""

    def __init__(self, door: Callable[[], Recepcion]) -> None:
        self._door = door
        self._kept = Kept()
        self._refused: OrderedDict[Key, tuple[float, Refused]] = OrderedDict()
        self._lock = threading.Lock()
        self._newest: Ask | None = None
        self.graphics = Graphics("celdas", look=look_of(os.environ))
        """What the terminal can draw; `tui.graphics.choose` asks it."""

    @property
    def draws(self) -> bool:
        """Whether pages are drawn here at all."""
        return self.graphics.kind != "no"

    def want(self, ask: Ask) -> None:
        """From any thread: *ask* is what counts from now on."""
        with self._lock:
            self._newest = ask

    def forget(self) -> None:
        """Keep no page any more."""
        self._kept = Kept()
        self._refused.clear()

    def late(self, ask: Ask) -> bool:
        """Whether something newer was asked since."""
        with self._lock:
            return self._newest is not ask

    def drawn(self, ask: Ask) -> Drawn | None:
        """The picture; None where a newer question has come, and this one needs no answer.

        Raises:
            Refused: the page cannot be shown.
        """
        if self.late(ask):
            return None
        sheet = self._sheet(ask.letter, ask.page)
        if self.late(ask):
            return None
        graphics = self.graphics
        return draw(sheet, ask, graphics.kind, graphics.cell, graphics.look)

    def ahead(self, ask: Ask, following: str | None) -> None:
        """Draw what is likely to be asked next: the page after, and page 1 of the next letter."""
        places = [(ask.letter, ask.page + 1), *([(following, 1)] if following else [])]
        for letter, page in places:
            if self.late(ask):
                return
            try:
                if page == 1 or page <= self._sheet(ask.letter, ask.page).pages:
                    self._sheet(letter, page)
            except VentanillaError:
                continue  # it is told when somebody wants to see it

    def _sheet(self, letter: str, page: int) -> Sheet:
        """A page, drawn where it is not kept."""
        key, see = self._place(letter, page)
        if (sheet := self._kept.get(key)) is not None:
            return sheet
        when, refusal = self._refused.get(key, (0.0, None))
        if refusal is not None and time.monotonic() - when < REFUSED_FOR:
            raise refusal
        try:
            seen = see()
        except Refused as error:
            self._refused[key] = time.monotonic(), error
            while len(self._refused) > MOST_REFUSED:
                self._refused.popitem(last=False)
            raise
        size = seen.pixeles_ancho, seen.pixeles_alto
        sheet = Sheet(page, seen.paginas, (seen.ancho, seen.alto), size, seen.grises)
        self._kept.put(key, sheet)
        return sheet

    def _place(self, letter: str, page: int) -> tuple[Key, Callable[[], Vista]]:
        """Under what a page is kept, and how it is drawn."""
        door, number = self._door(), number_of(letter)
        if number is None:
            draft = door.drafts.get(letter)
            return _key(draft, page), partial(door.imagen, draft, page)
        file = document_of(door.office, number)
        if file is None:
            raise Refused("sin_documento", words.NO_DOCUMENT)
        return (letter, file, page), partial(door.pagina, number, file, page)


def _key(draft: Draft, page: int) -> Key:
    """Its PDF/A shows a page upright, so what was drawn before there was one is drawn again."""
    return draft.id, draft.pdf or draft.primera or draft.sha256 or "", page
