"""The pages of one document between the child that decodes them and the workers that read them.

A scan of 300 pages would lie there as gigabytes of grey pixels, since decoding is ten times quicker
than reading: so a page's pixels go as soon as it was read, and where too many wait the child rests.
That also lets the pages of another document between, which would else come after all of these.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ingest.facts import PageReading
from ingest.merge import merged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingest.facts import PageFacts
    from ingest.pool import Asked, OcrPool


PATIENCE = 1.0
"""Seconds of decoding after which page 1 is told though all pages that came were read at once."""


class Backlog:
    """Pages on their way; *first* hears of page 1 while others are still to be read."""

    def __init__(
        self,
        pool: OcrPool,
        folder: Path,
        first: Callable[[PageReading], None],
        *,
        stacks: bool = False,
    ) -> None:
        """*stacks*: after a separator sheet nothing is read, for its letters are, one by one."""
        self._stacks, self._stack = stacks, False
        self.most = 2 * pool.workers + 4
        """Pages whose pixels may wait: enough that no worker waits for the child."""
        self._pool, self._folder, self._first = pool, folder, first
        self._told = False
        self._since = time.monotonic()
        self._pages: list[Asked | PageReading] = []
        self._read: list[PageReading] = []

    def take(self, number: int, facts: PageFacts) -> None:
        """Page *number* was decoded: have it read, where it has no text of its own."""
        self._stack = self._stack or (self._stacks and facts.marcas.separador)
        if self._stack:
            if facts.pixeles:
                (self._folder / facts.pixeles).unlink()
            return
        if facts.lectura is not None and not facts.pixeles:
            self._pages.append(PageReading(facts.lectura, facts.hueco))
            return
        self._pages.append(self._pool.submit(self._folder, facts, first=number == 1))

    @property
    def count(self) -> tuple[int, int]:
        """Pages that were read, and pages that came so far; any thread may ask."""
        return len(self._read), len(self._pages)

    def full(self) -> bool:
        """Whether so many pages wait that the child rests.

        Raises:
            Unreadable: of a page; those that follow need not be read.
        """
        late = time.monotonic() - self._since > PATIENCE
        if not self._collect() and late and len(self._read) > 1:
            self._tell()  # a long document with text of its own: the child still works on it
        return sum(not _done(p) for p in self._pages[len(self._read) :]) >= self.most

    def results(self) -> list[PageReading]:
        """All pages in their order, when they are read.

        Raises:
            Unreadable: of a page.
        """
        while self._collect():
            page = self._pages[len(self._read)]
            if not isinstance(page, PageReading):
                self._read.append(self._whole(page))
        return self._read

    def _collect(self) -> bool:
        """Take what is done, in order; whether something is still to come."""
        while len(self._read) < len(self._pages):
            page = self._pages[len(self._read)]
            if not _done(page):
                break
            self._read.append(page if isinstance(page, PageReading) else self._whole(page))
        left = len(self._read) < len(self._pages)
        if left:
            self._tell()
        return left

    def _whole(self, page: Asked) -> PageReading:
        """What OCR read, with the words that the page brought itself."""
        read, facts = self._pool.result(page), page.job.facts
        if facts.lectura is None:
            return read
        return PageReading(merged(facts.lectura, read.pagina), facts.hueco)

    def _tell(self) -> None:
        """Tell of page 1 once it is read, and that once."""
        if self._read and not self._told:
            self._told = True
            self._first(self._read[0])

    def end(self) -> None:
        """No worker may still be reading in the folder when it goes."""
        for page in self._pages:
            if not isinstance(page, PageReading) and not page.future.cancel():
                page.future.exception()


def _done(page: Asked | PageReading) -> bool:
    return isinstance(page, PageReading) or page.future.done()
