"""Readers that read nothing: the engine is tested elsewhere, and a letter's way needs none."""

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from ingest.lectura import Lectura, Unreadable
from ingest.worker import Document
from tests.conftest import page_pdf, reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingest.facts import DocumentFacts, Limits


class FakeReader(ABC):
    """Stands where `ingest.reader.Reader` does; how a document reads is the subclass's."""

    def __init__(self) -> None:
        self.closed = False
        self.gate = threading.Event()
        self.gate.set()
        self.calls = 0
        self.first: Lectura | None = None
        """What page 1 of a longer letter says, told before the gate."""
        self.first_shown = threading.Event()

    def read(
        self,
        path: Path,
        on_first: Callable[[Lectura], None] | None = None,
        split: object = None,
        password: str | None = None,
    ) -> tuple[Lectura, bytes]:
        """As `ingest.reader.Reader.read`."""
        self.calls += 1
        if on_first is not None and self.first is not None:
            on_first(self.first)
            self.first_shown.set()
        assert self.gate.wait(20)
        return self.made(path.read_bytes(), password)

    def pages(self, path: Path) -> tuple[int, int] | None:
        """As `ingest.reader.Reader.pages`: of any document, while the gate is shut."""
        return None if self.gate.is_set() else (2, 5)

    @abstractmethod
    def made(self, data: bytes, password: str | None) -> tuple[Lectura, bytes]:
        """The reading of a document's bytes, and its PDF/A."""

    def close(self) -> None:
        """Nothing to let go; that it was asked is kept."""
        self.closed = True


class RecordedReader(FakeReader):
    """Gives what was once read, by the file's own bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.label: str | None = None
        self.fail: Exception | None = None

    def made(self, data: bytes, password: str | None) -> tuple[Lectura, bytes]:
        """A letter that says what its file says."""
        if self.fail is not None:
            raise self.fail
        if data.startswith(b"%PDF-mala"):
            raise Unreadable("danado")
        text = data.decode(errors="replace").removeprefix("%PDF-")
        made = reading(text, remitente="José Muñoz", asunto=f"Asunto {text[:20]}")
        if self.label:
            made = Lectura(made.paginas, made.campos, made.hueco, self.label, [], "prueba")
        return made, page_pdf(text[:40])


@dataclass
class ScriptedReader(FakeReader):
    """Gives what was written down for a document; others are read as usual."""

    pdf: bytes
    usual: Lectura
    script: dict[str, Lectura | Unreadable] = field(default_factory=dict)
    password: str = "abre"
    """Opens whatever the script calls unreadable."""

    def __post_init__(self) -> None:
        super().__init__()

    def made(self, data: bytes, password: str | None) -> tuple[Lectura, bytes]:
        """By the script; no two scans are the same to the bit, nor what is made of them."""
        digest = hashlib.sha256(data).hexdigest()
        found = self.script.get(digest)
        if isinstance(found, Unreadable):
            if password != self.password:
                raise found if password is None else Unreadable("contrasena")
            found = None
        made = msgspec.structs.replace(found or self.usual, motor=digest)
        return made, self.pdf + f"%{digest}\n".encode()


def read_in_child(path: Path, folder: Path, limits: Limits) -> DocumentFacts:
    """What the limited child finds in a document, whose pixels it leaves in *folder*."""
    with Document(path, folder, limits) as document:
        return document.read()
