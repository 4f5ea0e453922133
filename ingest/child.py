"""A process of its own for strangers' bytes: limited before it starts, watched until it ends.

It is forked from a server that has the decoders loaded and nothing else, and is shut in with its
folder: memory, time, files and rights are bound before it looks at the first byte. It speaks only
through files there. One that crashes, hangs or swells becomes an `Unreadable`. Where the kernel has
Landlock it opens no other file of the account than the document, its folder and the libraries.
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
from typing import TYPE_CHECKING, Any

from ingest.facts import STDERR, Limits
from ingest.lectura import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.context import ForkServerContext
    from pathlib import Path
    from types import TracebackType
    from typing import Self

PRELOAD = [
    "ingest.offline",
    "PIL.Image", "PIL.TiffImagePlugin", "PIL.JpegImagePlugin", "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin", "PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.ImageFilter",
    "PIL.ImageChops", "numpy", "numpy.ma", "pikepdf", "pikepdf.pdfa", "pypdfium2", "zxingcpp",
    "msgspec", "encodings.utf_16_be", "fontTools.fontBuilder", "fontTools.pens.ttGlyphPen",
    "fontTools.ttLib.standardGlyphOrder",
    *(f"fontTools.ttLib.tables.{name}" for name in (
        "_h_e_a_d", "_h_h_e_a", "_h_m_t_x", "_l_o_c_a", "_m_a_x_p", "_p_o_s_t",
    )),
    "cv2", "tesserocr", "ingest.cut", "ingest.encode", "ingest.landlock", "ingest.pages",
    "ingest.pdfs", "ingest.layer", "ingest.overlay", "ingest.searchable", "ingest.ocr",
    "ingest.raster", "ingest.worker", "ingest.preloaded",
]  # fmt: skip
"""Loaded once by the fork server, so that a child costs milliseconds; the first and the last do
something when they are."""

PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG = 38, 1
LOOK = 0.02
"""Seconds between two looks for a finished page."""

BEATS = "latidos"
"""File of the child's folder that grows while it works."""

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
    """Start the fork server and its tracker now: the first page does not wait for them."""
    from multiprocessing import forkserver, resource_tracker

    context()
    with without_main():
        resource_tracker.ensure_running()
        forkserver.ensure_running()


@contextmanager
def without_main() -> Iterator[None]:
    """Start processes that do not import the program's main module again, for nothing.

    A full-screen program puts an object without descriptor in the place of standard error: a fork
    server that has to be started then, since it was killed, is handed the real one.
    """
    with _starting:
        main, shown = sys.modules["__main__"], sys.stderr
        sys.modules["__main__"] = ModuleType("__main__")
        if _without_descriptor(shown):
            sys.stderr = sys.__stderr__
        try:
            yield
        finally:
            sys.modules["__main__"], sys.stderr = main, shown


def _without_descriptor(stream: Any) -> bool:
    try:
        return bool(stream.fileno() < 0)
    except (AttributeError, OSError, ValueError):
        return False  # `multiprocessing` passes over one that has none by itself


class Child:
    """One limited process at work in *folder*; as a context manager, none is left behind."""

    def __init__(
        self, folder: Path, limits: Limits, target: Callable[..., None], *args: object
    ) -> None:
        self._folder, self._limits = folder, limits
        self._process = context().Process(target=target, args=args, daemon=True)

    def __enter__(self) -> Self:
        with without_main():
            self._process.start()
        return self

    # A start also reaps what other threads' children left (`multiprocessing` does), and two that
    # read one child's end at once give one of them «255»: ends are read under the same lock.

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with _starting:
            if self._process.is_alive():
                self._process.kill()
            self._process.join()
            self._process.close()

    def attend(
        self,
        collect: Callable[[], bool] = lambda: False,
        *,
        resting: Callable[[], bool] | None = None,
        until: Callable[[], bool] = lambda: False,
    ) -> None:
        """Collect what it makes until it ends, or what is waited for is there.

        *collect* takes one thing that is ready, if any; *resting* tells when it may be quiet.

        Raises:
            Unreadable: it crashed, is late, or told a reason.
        """
        from multiprocessing.connection import wait

        started = moved = looked = time.monotonic()
        pulse = self._beats()
        while True:
            ended = bool(wait([self._process.sentinel], LOOK))
            awaited = until()
            while collect():
                moved = time.monotonic()
            if (beats := self._beats()) != pulse:
                pulse, moved = beats, time.monotonic()
            if ended:
                self._judge()
            if ended or awaited:
                return
            now = time.monotonic()
            if resting and resting():
                started, moved = started + now - looked, now
            looked = now
            if now - moved > self._limits.quieto or now - started > self._limits.reloj:
                raise Unreadable("tiempo", f"{now - started:.0f} s")

    def _judge(self) -> None:
        with _starting:
            self._process.join()
            code = self._process.exitcode
        _judge_exit(code, _last_words(self._folder))

    def _beats(self) -> int:
        """How often it has said that its work goes on, though no page is done."""
        told = self._folder / BEATS
        return told.stat().st_size if told.exists() else 0


EXITS = {10 + i: code for i, code in enumerate(
    ("vacio", "formato", "cifrado", "danado", "limite", "tiempo", "portafolio", "formulario",
     "imagen", "pdfa", "contrasena", "certificado")
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


def put(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all."""
    part = path.with_suffix(".parte")
    part.write_bytes(data)
    part.rename(path)


def confined(
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
    """Bind this process: memory, time, files, no new rights. The network its server gave up."""
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
