"""What is done to one hostile document in its limited child, and what is believed of it.

`Document` reads a document and makes its PDF/A, in one process: bytes in, pixels and facts out,
words in, a file out. What the child leaves is JSON that is checked against its schema, and pixels
whose size must match their header.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import msgspec

from ingest.child import BEATS, LOOK, Child, confined, context, put
from ingest.facts import DocumentFacts, Limits, PageFacts
from ingest.lectura import Firma, Pagina, Unreadable
from ingest.stacks import Part, part_name

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from ingest.backlog import Backlog

LARGEST_JSON = 64 << 20
SIGNATURE_SECONDS = 60
"""What all signatures of one document may take."""
FACTS, WORDS, MADE, REFUSED = "documento.json", "lectura.json", "salida.pdf", "rechazo.txt"
"""Files of the child's folder: what it found, what was read meanwhile, what it made of both."""

T = TypeVar("T")


class Document:
    """The document at *path* in its child, which works in *folder*.

    *password* reaches the child through the fork server's pipe, and no file or command line.
    """

    def __init__(
        self,
        path: Path,
        folder: Path,
        limits: Limits,
        *,
        backlog: Backlog | None = None,
        redraw: bool = False,
        password: str | None = None,
    ) -> None:
        """*backlog* takes pages as they come; the child rests while it holds as many as it may."""
        self._folder, self._limits, self._backlog = folder, limits, backlog
        self._pages: list[PageFacts] = []
        most = backlog.most if backlog else 0
        words, self._words = context().Pipe(duplex=False)
        self._theirs = words
        self._child = Child(
            folder, limits, _serve, str(path), str(folder), limits, redraw, most, password, words
        )

    def __enter__(self) -> Self:
        self._child.__enter__()
        self._theirs.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._words.close()
        self._child.__exit__(kind, error, trace)

    def read(self) -> DocumentFacts:
        """What the document is; its pages' pixels lie in the folder.

        Raises:
            Unreadable: the document's own fault, or a child that crashed, hung or passed a limit.
        """
        resting = self._backlog.full if self._backlog else None
        self._child.attend(self._collect, resting=resting, until=(self._folder / FACTS).exists)
        facts = _decode(self._folder / FACTS, DocumentFacts)
        if not self._pages:
            raise Unreadable("danado", "sin páginas")
        return msgspec.structs.replace(facts, paginas=self._pages)

    def _collect(self) -> bool:
        found = _next_page(self._folder, len(self._pages) + 1, self._limits)
        if found is None:
            return False
        self._pages.append(found)
        if self._backlog:
            self._backlog.take(len(self._pages), found)
        return True

    def build(self, pages: list[Pagina]) -> None:
        """Have the searchable PDF/A of what was read made; `made` waits for it."""
        put(self._folder / WORDS, msgspec.json.encode(pages))
        with suppress(BrokenPipeError):  # it has ended: how it did is told when it is attended
            self._words.send_bytes(b"1")  # so little never waits for a child that does not listen

    def made(self) -> bytes | None:
        """What `build` asked for; None when the checker refused it.

        Raises:
            Unreadable: the child crashed, hung or passed a limit.
        """
        self._child.attend()
        if (self._folder / REFUSED).exists():
            return None
        return result(self._folder, self._limits)


def result(folder: Path, limits: Limits) -> bytes:
    """What a child left as its PDF/A, and no file that a link of its making points at.

    Raises:
        Unreadable: there is none, or it is too large.
    """
    try:
        file = os.open(folder / MADE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Unreadable("danado", f"sin resultado: {error.strerror}") from error
    told = os.fstat(file)
    if not stat.S_ISREG(told.st_mode):
        os.close(file)
        raise Unreadable("danado", "el resultado no es un archivo")
    with os.fdopen(file, "rb") as made:
        if told.st_size > limits.archivo:
            raise Unreadable("limite", "PDF/A demasiado grande")
        return made.read()


def signatures_in_child(path: Path, limits: Limits, password: str | None = None) -> list[Firma]:
    """The signatures of the PDF at *path*; one that took too long, or a crash, is told as such.

    The child has a folder of its own: what read the document must not answer for its signatures.
    """
    import tempfile
    from pathlib import Path

    seconds = float(SIGNATURE_SECONDS)
    short = msgspec.structs.replace(
        limits, cpu=max(1, round(seconds)), reloj=seconds, quieto=seconds
    )
    found: list[Firma] = []
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as name:
        folder = Path(name)

        def collect() -> bool:
            ready = folder / f"f{len(found) + 1:04d}.json"
            if not ready.exists():
                return False
            found.append(_decode(ready, Firma))
            return True

        try:
            with Child(folder, short, _check, str(path), name, short, password) as child:
                child.attend(collect)
        except Unreadable as reason:
            late = reason.codigo == "tiempo"
            why = "tardó demasiado" if late else "el programa que la mira falló"
            found.append(Firma("no_comprobada", motivo=why))
    return found


def cut_in_child(
    path: Path, parts: list[Part], folder: Path, limits: Limits, kind: str
) -> list[Path]:
    """The letters of the stack at *path*, of that *kind* (`pdf`, `tiff`), as files in *folder*.

    Raises:
        Unreadable: it cannot be parted without loss, or the child crashed, hung or passed a limit.
    """
    with Child(folder, limits, _cut, str(path), parts, str(folder), limits) as child:
        child.attend()
    made = [folder / part_name(n, kind) for n in range(1, len(parts) + 1)]
    if not all(part.is_file() and part.stat().st_size for part in made):
        raise Unreadable("danado", "faltan partes de la pila")
    return made


def _next_page(folder: Path, number: int, limits: Limits) -> PageFacts | None:
    """Page *number* if the child has finished it, its promises checked against what lies there."""
    ready = folder / f"p{number:04d}.json"
    if not ready.exists():
        return None
    if number > limits.paginas:
        raise Unreadable("limite", f"más de {limits.paginas} páginas")
    facts = _decode(ready, PageFacts)
    sizes = (facts.ancho, facts.alto, facts.dpi_x, facts.dpi_y)
    if not all(0 < v <= 14_400 * 4 for v in sizes) or facts.giro not in (0, 90, 180, 270):
        raise Unreadable("danado", "medidas imposibles")
    if facts.lectura is None or facts.pixeles:
        if facts.pixeles not in (f"p{number:04d}.pgm", f"p{number:04d}.pbm"):
            raise Unreadable("danado", "página sin pixeles")
        check_pixels(folder / facts.pixeles, limits)
    return facts


def check_pixels(path: Path, limits: Limits) -> tuple[int, int]:
    """Width and height of a PGM or PBM whose bytes are exactly as many as its header says.

    Raises:
        Unreadable: they are not, or there are more than a page may have.
    """
    with path.open("rb") as file:
        head = file.read(64)
    fields = head.split(maxsplit=4 if head[:2] == b"P5" else 3)
    if head[:2] not in (b"P4", b"P5") or not all(f.isdigit() for f in fields[1:3]):
        raise Unreadable("danado", "pixeles sin cabecera")
    width, height = int(fields[1]), int(fields[2])
    row = width if head[:2] == b"P5" else (width + 7) // 8
    start = len(b"%s\n%d %d\n" % (head[:2], width, height)) + (4 if head[:2] == b"P5" else 0)
    if not 0 < width * height <= limits.pixeles:
        raise Unreadable("limite", f"{width}x{height}")
    if path.stat().st_size != start + row * height:
        raise Unreadable("danado", "pixeles incompletos")
    return width, height


def _decode(path: Path, kind: type[T]) -> T:
    """A file of the child by its schema."""
    if path.stat().st_size > LARGEST_JSON:
        raise Unreadable("limite", "hechos demasiado grandes")
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.MsgspecError as error:
        raise Unreadable("danado", f"hechos sin forma: {error}"[:200]) from error


def _serve(
    path: str,
    folder: str,
    limits: Limits,
    redraw: bool,
    most: int,
    password: str | None,
    words: Connection,
) -> None:
    """The child's whole life for a document: limits first, then pages, then what is made of them.

    Of *most* pages that wait to be read it makes no more until the pixels of one are gone.
    """
    from pathlib import Path

    from ingest.pages import read_document

    place = Path(folder)
    pages: list[PageFacts] = []
    unread: list[Path] = []

    def emit(facts: PageFacts) -> None:
        pages.append(facts)
        put(place / f"p{len(pages):04d}.json", msgspec.json.encode(facts))
        if most and facts.pixeles:
            unread.append(place / facts.pixeles)
        while most and len(unread) >= most:
            time.sleep(LOOK)
            unread[:] = [p for p in unread if p.exists()]

    def beat() -> None:
        with (place / BEATS).open("ab") as file:
            file.write(b".")

    def work() -> None:
        facts = read_document(
            Path(path), place, limits, emit, beat, redraw=redraw, password=password
        )
        # Each page is told already; once more would double the largest file for nothing.
        told = msgspec.structs.replace(facts, paginas=[])
        put(place / FACTS, msgspec.json.encode(told))
        try:
            words.recv_bytes()
        except EOFError:
            return  # nothing is to be made of it
        _make(msgspec.structs.replace(facts, paginas=pages), place)

    confined(work, place, limits, Path(path))


def _make(facts: DocumentFacts, place: Path) -> None:
    """Lay the words over the pages: `salida.pdf`, or `rechazo.txt`."""
    from ingest.searchable import build
    from records.pdfa import NotPdfA

    pages = msgspec.json.decode((place / WORDS).read_bytes(), type=list[Pagina])
    try:
        put(place / MADE, build(facts, pages, place))
    except NotPdfA as refusal:
        put(place / REFUSED, "\n".join(refusal.findings).encode())


def _check(path: str, folder: str, limits: Limits, password: str | None) -> None:
    """The child's life for signatures: one file each."""
    from pathlib import Path

    from ingest.firmas import check

    place = Path(folder)
    count = 0

    def emit(signature: Firma) -> None:
        nonlocal count
        count += 1
        put(place / f"f{count:04d}.json", msgspec.json.encode(signature))

    confined(lambda: check(Path(path), password, emit), place, limits, Path(path))


def _cut(path: str, parts: list[Part], folder: str, limits: Limits) -> None:
    """The child's life for a stack: its letters as files in the folder."""
    from pathlib import Path

    from ingest.cut import cut

    place = Path(folder)
    confined(lambda: cut(Path(path), parts, place, limits), place, limits, Path(path))
