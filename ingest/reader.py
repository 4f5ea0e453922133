"""The reading of a document from its file to its PDF/A: child, workers, fields, text layer.

`Reader` is one for a program and safe to use from several threads: pages of several documents then
keep all cores busy. It keeps nothing: the original stays where it is, the temporary folder goes.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.facts import DocumentFacts, Limits, PageFacts
from ingest.lectura import Lectura, Unreadable
from ingest.ocr import OcrPool, PageReading, check_machine
from ingest.sniff import kind_of
from ingest.stacks import Part, Stack, other_labels, sheets_note
from ingest.worker import build_in_child, cut_in_child, read_in_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Self

    Split = Callable[[list[PageFacts]], list[Part] | None]
    """The letters of a stack by its pages; None where they are one document."""


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

    def read(self, path: Path, split: Split | None = None) -> tuple[Lectura, bytes]:
        """The reading of the document at *path* and its searchable PDF/A-2b.

        *split* is asked, once all pages are known, whether they are several letters; where there
        is a separator sheet among them it must say so.

        Raises:
            Stack: they are; nothing of it was read.
            Unreadable: with the code and the sentence for the clerk.
        """
        found = self._attempt(path, split, redraw=False) or self._attempt(path, None, redraw=True)
        if found is None:
            raise Unreadable("pdfa")
        return found

    @contextmanager
    def cut(self, path: Path, parts: list[Part]) -> Iterator[list[Path]]:
        """The letters of the stack at *path* as files of their own, while the block lasts.

        Raises:
            Unreadable: it cannot be parted without loss.
        """
        with path.open("rb") as file:
            kind = kind_of(file.read(4096)) or ""
        with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
            yield cut_in_child(path, parts, Path(name), self._limits, kind)

    def _attempt(
        self, path: Path, split: Split | None, *, redraw: bool
    ) -> tuple[Lectura, bytes] | None:
        """One way through; None when the result did not pass as PDF/A."""
        from ingest.fields import suggest

        with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
            folder = Path(name)
            facts, readings = self._read_pages(path, folder, split, redraw=redraw)
            pages = [r.pagina for r in readings]
            made = build_in_child(facts, pages, folder, self._limits)
        if made is None:
            return None
        lectura = Lectura(
            paginas=pages,
            campos=suggest(pages),
            hueco=readings[0].hueco,
            etiqueta=facts.paginas[0].marcas.etiqueta,
            notas=[*facts.notas, *sheets_note(facts.paginas)],
            motor=self.motor,
            otras_etiquetas=other_labels(facts.paginas),
        )
        return lectura, made

    def _read_pages(
        self, path: Path, folder: Path, split: Split | None, *, redraw: bool
    ) -> tuple[DocumentFacts, list[PageReading]]:
        """All pages of the document, those without text read by OCR while others are decoded."""
        waiting: list[Future[PageReading] | PageReading] = []
        stack = False

        def on_page(number: int, facts: PageFacts) -> None:
            nonlocal stack
            stack = stack or (split is not None and facts.marcas.separador)
            if facts.lectura is not None:
                waiting.append(PageReading(facts.lectura, facts.hueco))
            elif stack:  # its letters are read one by one: no OCR, and room for the next page
                (folder / facts.pixeles).unlink()
            else:
                waiting.append(self._pool.submit(folder, facts, first=number == 1))

        try:
            facts = read_in_child(path, folder, self._limits, on_page=on_page, redraw=redraw)
            parts = split(facts.paginas) if split is not None else None
            if parts is not None:
                raise Stack(parts)
            done = [w if isinstance(w, PageReading) else self._pool.result(w) for w in waiting]
        finally:
            # The folder goes when this returns: no worker may still be reading in it.
            for pending in waiting:
                if not isinstance(pending, PageReading) and not pending.cancel():
                    pending.exception()
        return facts, done
