"""The reading of a document from its file to its PDF/A: child, workers, fields, text layer.

`Reader` is one for a program and safe to use from several threads: pages of several documents then
keep all cores busy. It keeps nothing: the original stays where it is, the temporary folder goes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.facts import DocumentFacts, Limits, PageFacts
from ingest.firmas import notes
from ingest.lectura import Lectura, Unreadable
from ingest.merge import merged
from ingest.ocr import OcrPool, PageReading, check_machine
from ingest.worker import build_in_child, read_in_child, signatures_in_child

if TYPE_CHECKING:
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Self


class Reader:
    """Reads documents. Use as a context manager; the workers live as long as it does.

    Raises:
        MachineCannot: at the start, when Tesseract or its Spanish model is missing.
    """

    def __init__(self, limits: Limits | None = None, workers: int | None = None) -> None:
        self.motor = check_machine()
        self._limits = limits or Limits()
        self._pool = OcrPool(workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the workers go; no reading may follow."""
        self._pool.close()

    def read(self, path: Path, password: str | None = None) -> tuple[Lectura, bytes]:
        """The reading of the document at *path* and its searchable PDF/A-2b.

        *password* opens a PDF that asks for one; it is kept nowhere.

        Raises:
            Unreadable: with the code and the sentence for the clerk.
        """
        for redraw in (False, True):
            found = self._attempt(path, password, redraw=redraw)
            if found is not None:
                return found
        raise Unreadable("pdfa")

    def _attempt(
        self, path: Path, password: str | None, *, redraw: bool
    ) -> tuple[Lectura, bytes] | None:
        """One way through; None when the result did not pass as PDF/A."""
        from ingest.fields import suggest

        with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
            folder = Path(name)
            facts, readings = self._read_pages(path, folder, password, redraw=redraw)
            pages = [r.pagina for r in readings]
            made = build_in_child(facts, pages, folder, self._limits)
        if made is None:
            return None
        signed = signatures_in_child(path, self._limits, password) if facts.firmado else []
        lectura = Lectura(
            paginas=pages,
            campos=suggest(pages),
            hueco=readings[0].hueco,
            etiqueta=facts.etiqueta,
            notas=[*notes(signed), *facts.notas],
            motor=self.motor,
            firmas=signed,
        )
        return lectura, made

    def _read_pages(
        self, path: Path, folder: Path, password: str | None, *, redraw: bool
    ) -> tuple[DocumentFacts, list[PageReading]]:
        """All pages of the document, those without text read by OCR while others are decoded."""
        waiting: list[Future[PageReading] | PageReading] = []

        def on_page(number: int, facts: PageFacts) -> None:
            if facts.lectura is not None and not facts.pixeles:
                waiting.append(PageReading(facts.lectura, facts.hueco))
            else:
                waiting.append(self._pool.submit(folder, facts, first=number == 1))

        try:
            facts = read_in_child(
                path, folder, self._limits, on_page=on_page, redraw=redraw, password=password
            )
            done = [w if isinstance(w, PageReading) else self._pool.result(w) for w in waiting]
        finally:
            # The folder goes when this returns: no worker may still be reading in it.
            for pending in waiting:
                if not isinstance(pending, PageReading) and not pending.cancel():
                    pending.exception()
        return facts, [_whole(f, d) for f, d in zip(facts.paginas, done, strict=True)]


def _whole(facts: PageFacts, read: PageReading) -> PageReading:
    """What OCR read, with the words that the page brought itself."""
    if facts.lectura is None or not facts.pixeles:
        return read
    return PageReading(merged(facts.lectura, read.pagina), facts.hueco)
