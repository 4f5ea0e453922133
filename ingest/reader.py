"""The reading of a document from its file to its PDF/A: child, workers, fields, text layer.

`Reader` is one for a program and safe to use from several threads: pages of several documents then
keep all cores busy. It keeps nothing: the original stays where it is, the temporary folder goes.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ingest.backlog import Backlog
from ingest.engine import check_machine, chosen
from ingest.facts import Limits
from ingest.lectura import PARCIAL, Lectura, Unreadable
from ingest.pool import OcrPool
from ingest.sniff import kind_of
from ingest.stacks import Part, Stack, other_labels, sheets_note
from ingest.worker import Document, cut_in_child, signatures_in_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

    from ingest.facts import DocumentFacts, PageFacts, PageReading

    Split = Callable[[list[PageFacts]], list[Part] | None]
    """The letters of a stack by its pages; None where they are one document."""


class Reader:
    """Reads documents. Use as a context manager; the workers live as long as it does.

    Raises:
        MachineCannot: at the start, when Tesseract or its Spanish model is missing.
    """

    def __init__(
        self, limits: Limits | None = None, workers: int | None = None, motor: str = "auto"
    ) -> None:
        kind = chosen(motor)
        self.motor = check_machine(kind)
        self._limits = limits or Limits()
        self._pool = OcrPool(kind, workers)
        self._under_way: dict[Path, Backlog] = {}

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

    def pages(self, path: Path) -> tuple[int, int] | None:
        """Of the document at *path*, while it is being read: pages read, and pages that came out of
        it so far; any thread may ask."""
        backlog = self._under_way.get(path)
        return backlog.count if backlog is not None else None

    def read(
        self,
        path: Path,
        on_first: Callable[[Lectura], None] | None = None,
        split: Split | None = None,
        password: str | None = None,
    ) -> tuple[Lectura, bytes]:
        """The reading of the document at *path* and its searchable PDF/A-2b.

        *on_first* is given what page 1 alone says, as soon as it is read and others are not.
        *split* is asked, once all pages are known, whether they are several letters; where there
        is a separator sheet among them it must say so. *password* opens a PDF that asks for one; it
        is kept nowhere.

        Raises:
            Stack: they are; nothing of it was read.
            Unreadable: with the code and the sentence for the clerk.
        """
        heard = False

        def first(page: PageReading) -> None:
            nonlocal heard
            if on_first is not None and not heard:
                heard = True
                on_first(self._said([page]))

        found = self._attempt(path, first, password, split)
        found = found or self._attempt(path, first, password, redraw=True)
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
        self,
        path: Path,
        first: Callable[[PageReading], None],
        password: str | None,
        split: Split | None = None,
        *,
        redraw: bool = False,
    ) -> tuple[Lectura, bytes] | None:
        """One way through; None when the result did not pass as PDF/A."""
        with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
            folder = Path(name)
            backlog = Backlog(self._pool, folder, first, stacks=split is not None)
            self._under_way[path] = backlog
            try:
                with Document(
                    path, folder, self._limits, backlog=backlog, redraw=redraw, password=password
                ) as document:
                    facts = document.read()
                    parts = split(facts.paginas) if split is not None else None
                    if parts is not None:
                        raise Stack(parts)
                    readings = backlog.results()
                    document.build([r.pagina for r in readings])
                    said = self._said(readings, facts)  # the fields, while the child is at work
                    made = document.made()
            finally:
                self._under_way.pop(path, None)
                backlog.end()
        if made is None:
            return None
        if facts.firmado:
            from ingest import firmas

            signed = signatures_in_child(path, self._limits, password)
            told = [*firmas.notes(signed), *said.notas]
            said = msgspec.structs.replace(said, firmas=signed, notas=told)
        return said, made

    def _said(
        self,
        readings: list[PageReading],
        facts: DocumentFacts | None = None,
    ) -> Lectura:
        """What pages say; without *facts*, while others of the document are still to be read."""
        from ingest import faxes, faxpages
        from ingest.fields import suggest

        pages = [r.pagina for r in readings]
        fax = [h.fax for h in faxes.headers(pages)]
        notes = [PARCIAL]
        if facts is not None:
            told = faxpages.notes(fax, len(pages))
            notes = [*facts.notas, *told, *sheets_note(facts.paginas)]
        return Lectura(
            paginas=pages,
            campos=suggest(pages),
            hueco=readings[0].hueco,
            etiqueta=facts.paginas[0].marcas.etiqueta if facts else None,
            notas=notes,
            motor=self.motor,
            fax=fax,
            otras_etiquetas=other_labels(facts.paginas) if facts else [],
        )
