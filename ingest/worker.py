"""One hostile document in one limited child: bytes in, size-checked pixels and facts out.

The child is forked for one document from a server that has the decoders loaded and nothing else.
It limits its own memory, time, files and rights before it looks at the first byte, and speaks only
through files in its folder: JSON that is checked against its schema, pixels whose size must match
their header. A decoder that crashes, hangs or swells takes down the child and becomes an
`Unreadable`. Where the kernel has Landlock
the child opens no other file of the account than the document, its folder and the libraries.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ingest.facts import STDERR, DocumentFacts, Limits, PageFacts
from ingest.lectura import Pagina, Unreadable
from ingest.stacks import Part, part_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.context import ForkServerContext
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from ingest.backlog import Backlog

PRELOAD = [
    "PIL.Image", "PIL.TiffImagePlugin", "PIL.JpegImagePlugin", "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin", "PIL.ImageFilter", "PIL.ImageChops", "numpy", "pikepdf", "pikepdf.pdfa",
    "pypdfium2", "zxingcpp", "msgspec", "fontTools.fontBuilder", "cv2", "tesserocr",
    "ingest.cut", "ingest.encode", "ingest.pages", "ingest.pdfs", "ingest.layer", "ingest.overlay",
    "ingest.searchable", "ingest.ocr",
]  # fmt: skip
"""Loaded once by the fork server, so that a child costs milliseconds."""

PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG = 38, 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
LOOK = 0.02
"""Seconds between two looks for a finished page."""

LARGEST_JSON = 64 << 20

T = TypeVar("T")

_starting = threading.Lock()


@cache
def context() -> ForkServerContext:
    """The fork server's context, set up once a process."""
    # Every decoder here works on one page; a pool of threads in each child only costs memory.
    for name in ("OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOAD)
    return made


def warm_up() -> None:
    """Start the fork server and its tracker now, while standard error is still a real file.

    A full-screen program puts something of its own in its place, and they could not start later.
    """
    from multiprocessing import forkserver, resource_tracker

    context()
    resource_tracker.ensure_running()
    forkserver.ensure_running()


@contextmanager
def without_main() -> Iterator[None]:
    """Start processes that do not import the program's main module again, for nothing."""
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def read_in_child(
    path: Path,
    folder: Path,
    limits: Limits,
    *,
    backlog: Backlog | None = None,
    redraw: bool = False,
) -> DocumentFacts:
    """Read the document at *path* into *folder*; *backlog* takes pages (from 1) as they come.

    With a backlog the child rests while as many pages as it may hold have not been read.

    Raises:
        Unreadable: the document's own fault, or a child that crashed, hung or passed a limit.
    """
    child = context().Process(
        target=_read,
        args=(str(path), str(folder), limits, redraw, backlog.most if backlog else 0),
        daemon=True,
    )
    pages: list[PageFacts] = []

    def collect() -> bool:
        found = _next_page(folder, len(pages) + 1, limits)
        if found is None:
            return False
        pages.append(found)
        if backlog:
            backlog.take(len(pages), found)
        return True

    _attend(child, folder, limits, collect, backlog.full if backlog else None)
    facts = _decode(folder / "documento.json", DocumentFacts)
    if not pages:
        raise Unreadable("danado", "sin páginas")
    return msgspec.structs.replace(facts, paginas=pages)


def build_in_child(
    facts: DocumentFacts, pages: list[Pagina], folder: Path, limits: Limits
) -> bytes | None:
    """The searchable PDF/A of what was read; None when the checker refused it.

    Raises:
        Unreadable: the child crashed, hung or passed a limit.
    """
    (folder / "lectura.json").write_bytes(msgspec.json.encode((facts, pages)))
    child = context().Process(target=_build, args=(str(folder), limits), daemon=True)
    _attend(child, folder, limits, lambda: False)
    if (folder / "rechazo.txt").exists():
        return None
    made = folder / "salida.pdf"
    if made.stat().st_size > limits.archivo:
        raise Unreadable("limite", "PDF/A demasiado grande")
    return made.read_bytes()


def cut_in_child(
    path: Path, parts: list[Part], folder: Path, limits: Limits, kind: str
) -> list[Path]:
    """The letters of the stack at *path*, of that *kind* (`pdf`, `tiff`), as files in *folder*.

    Raises:
        Unreadable: it cannot be parted without loss, or the child crashed, hung or passed a limit.
    """
    child = context().Process(
        target=_cut, args=(str(path), parts, str(folder), limits), daemon=True
    )
    _attend(child, folder, limits, lambda: False)
    made = [folder / part_name(n, kind) for n in range(1, len(parts) + 1)]
    if not all(part.is_file() and part.stat().st_size for part in made):
        raise Unreadable("danado", "faltan partes de la pila")
    return made


def _attend(
    child: BaseProcess,
    folder: Path,
    limits: Limits,
    collect: Callable[[], bool],
    resting: Callable[[], bool] | None = None,
) -> None:
    """Run *child* to its end, collecting pages; stop it when it is late, *resting* apart."""
    from multiprocessing.connection import wait

    with without_main():
        child.start()
    # A start also reaps what other threads' children left (`multiprocessing` does), and two that
    # read one child's end at once give one of them «255»: ends are read under the same lock.
    started = moved = looked = time.monotonic()
    try:
        while True:
            ended = bool(wait([child.sentinel], LOOK))
            while collect():
                moved = time.monotonic()
            if ended:
                break
            now = time.monotonic()
            if resting and resting():
                started, moved = started + now - looked, now
            looked = now
            if now - moved > limits.quieto or now - started > limits.reloj:
                raise Unreadable("tiempo", f"{now - started:.0f} s")
        with _starting:
            child.join()
            code = child.exitcode
        _judge_exit(code, _last_words(folder))
    finally:
        with _starting:
            if child.is_alive():
                child.kill()
            child.join()
            child.close()


EXITS = {10 + i: code for i, code in enumerate(
    ("vacio", "formato", "cifrado", "danado", "limite", "tiempo", "portafolio", "formulario",
     "imagen", "pdfa")
)}  # fmt: skip
"""How a child tells a code when nothing else can be believed."""


def _last_words(folder: Path) -> str:
    """The end of what the child wrote to its standard error, which is nobody's terminal."""
    said = folder / STDERR
    if not said.exists():
        return ""
    with said.open("rb") as file:
        file.seek(max(0, said.stat().st_size - 400))
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else ""


def _judge_exit(code: int | None, words: str) -> None:
    if code == 0:
        return
    if code in EXITS:
        raise Unreadable(EXITS[code], words)
    if code == -signal.SIGXCPU:
        raise Unreadable("tiempo", "límite de procesador")
    if code == -signal.SIGKILL:
        raise Unreadable("limite", "el sistema detuvo al lector")
    raise Unreadable("danado", f"el lector terminó con {code}: {words}")


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
    if facts.lectura is None:
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


def _read(path: str, folder: str, limits: Limits, redraw: bool, most: int) -> None:
    """The child's whole life for a document: limits first, then pages, one file a page.

    Of *most* pages that wait to be read it makes no more until the pixels of one are gone.
    """
    from pathlib import Path

    from ingest.pages import read_document

    place = Path(folder)
    count = 0
    unread: list[Path] = []

    def emit(facts: PageFacts) -> None:
        nonlocal count
        count += 1
        _put(place / f"p{count:04d}.json", msgspec.json.encode(facts))
        if most and facts.pixeles:
            unread.append(place / facts.pixeles)
        while most and len(unread) >= most:
            time.sleep(LOOK)
            unread[:] = [p for p in unread if p.exists()]

    def work() -> None:
        facts = read_document(Path(path), place, limits, emit, redraw=redraw)
        # Each page is told already; once more would double the largest file for nothing.
        told = msgspec.structs.replace(facts, paginas=[])
        _put(place / "documento.json", msgspec.json.encode(told))

    _confined(work, place, limits, Path(path))


def _build(folder: str, limits: Limits) -> None:
    """The child's life for a result: what was read in, `salida.pdf` or `rechazo.txt` out."""
    from pathlib import Path

    from ingest.searchable import build
    from records.pdfa import NotPdfA

    place = Path(folder)

    def work() -> None:
        facts, pages = msgspec.json.decode(
            (place / "lectura.json").read_bytes(), type=tuple[DocumentFacts, list[Pagina]]
        )
        try:
            _put(place / "salida.pdf", build(facts, pages, place))
        except NotPdfA as refusal:
            _put(place / "rechazo.txt", "\n".join(refusal.findings).encode())

    _confined(work, place, limits)


def _cut(path: str, parts: list[Part], folder: str, limits: Limits) -> None:
    """The child's life for a stack: its letters as files in the folder."""
    from pathlib import Path

    from ingest.cut import cut

    place = Path(folder)
    _confined(lambda: cut(Path(path), parts, place, limits), place, limits, Path(path))


def _put(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all."""
    part = path.with_suffix(".parte")
    part.write_bytes(data)
    part.rename(path)


def _confined(
    work: Callable[[], None], folder: Path, limits: Limits, document: Path | None = None
) -> None:
    """Do *work* under the limits; the one place where a child's failures become codes."""
    codes = {code: number for number, code in EXITS.items()}
    errors = os.open(folder / STDERR, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(errors, 2)
    confine(limits)
    shut_in(folder, document)
    try:
        work()
    except Unreadable as error:
        print(error.detalle, file=sys.stderr, flush=True)
        os._exit(codes[error.codigo])
    except (MemoryError, RecursionError):
        os._exit(codes["limite"])
    os._exit(0)


def die_with_parent() -> None:
    """End with the fork server, and let that end with the program, however it ends.

    A process that the fork server makes is given the program's end of its lifeline, so that it may
    ask for processes of its own; held by workers that wait for ever, the line is never cut.
    """
    from multiprocessing import forkserver

    server: Any = forkserver._forkserver
    lifeline = getattr(server, "_forkserver_alive_fd", None)
    if lifeline is not None:
        os.close(lifeline)
        server._forkserver_alive_fd = None
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def shut_in(folder: Path, document: Path | None) -> None:
    """Leave this process its folder, the document and its own libraries, and no other file."""
    import tempfile
    from pathlib import Path

    from ingest import landlock

    tempfile.tempdir = str(folder)
    rooms = Path(__file__).resolve().parents[1]
    readable = [
        *(Path(p) for p in (sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/etc")),
        *(rooms / name for name in ("ingest", "records")),
        Path("/dev/urandom"),
    ]
    if document is not None:
        readable.append(document)
    landlock.restrict(readable, [folder, Path("/dev/null")])


def confine(limits: Limits) -> None:
    """Bind this process: memory, time, files, no new rights, no network where the kernel allows."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memoria),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_FSIZE, limits.archivo),
        (resource.RLIMIT_NOFILE, limits.abiertos),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # A kernel may forbid user namespaces; then the network stays, and nothing here ever uses it.
    libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
