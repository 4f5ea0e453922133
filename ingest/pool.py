"""Reading workers: processes that keep their models loaded, one a core, for many documents at once.

A worker that dies (a page too much for it) takes the pages that waited with it: these are asked
again, and only the page that kills a worker each time is given up.
"""

from __future__ import annotations

import itertools
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.engine import TIMEOUT, models_folder
from ingest.facts import Job, PageReading
from ingest.heap import give_back
from ingest.lectura import Unreadable
from ingest.model import ensure

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ingest.facts import PageFacts


PAGES = 10
"""Pages after which a worker gives back its memory: after each it would cost 3 % of the time."""
_pages = itertools.count(1)


def _start_worker(kind: str, models: str, signs: str | None) -> None:
    """A worker's first act: one thread a Tesseract, and a bound on what one page may take."""
    import resource
    import signal

    from ingest.child import die_with_parent
    from ingest.ocr import start_engine

    die_with_parent()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    start_engine(kind, models, signs)


def _bounded(job: Job) -> PageReading:
    """Read a page, whose pixels go then; one that hangs in native code is ended by the alarm."""
    import signal

    from ingest.ocr import read_job  # with numbers and pictures by the megabyte: not in the door

    signal.alarm(3 * TIMEOUT)
    try:
        read = read_job(job)
    finally:
        signal.alarm(0)
    Path(job.folder, job.facts.pixeles).unlink(missing_ok=True)
    if next(_pages) % PAGES == 0:
        give_back()
    return read


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that was asked for."""

    job: Job
    future: Future[PageReading]


class OcrPool:
    """Reading workers for many documents at once; pages come back in the order they are asked."""

    def __init__(self, kind: str, workers: int | None = None) -> None:
        signs = ensure()
        self._engine = (kind, str(models_folder()), str(signs) if signs else None)
        self.workers = workers or len(os.sched_getaffinity(0))
        self._mending = threading.Lock()
        self._alone = threading.Lock()
        self._pool = self._start(self.workers)

    def _start(self, workers: int) -> ProcessPoolExecutor:
        from ingest.child import context, without_main

        pool = ProcessPoolExecutor(
            workers, mp_context=context(), initializer=_start_worker, initargs=self._engine
        )
        with without_main():
            for _ in range(workers):
                pool.submit(os.getpid)
        return pool

    def submit(self, folder: Path, facts: PageFacts, *, first: bool) -> Asked:
        """Ask for one page."""
        job = Job(str(folder), facts, first)
        try:
            return Asked(job, self._pool.submit(_bounded, job))
        except BrokenProcessPool:
            self._mend()
            return Asked(job, self._pool.submit(_bounded, job))

    def _mend(self) -> None:
        """New workers after one died; of several threads that notice, the first makes them."""
        with self._mending:
            try:
                self._pool.submit(os.getpid)
            except BrokenProcessPool:
                self._pool = self._start(self.workers)

    def result(self, asked: Asked) -> PageReading:
        """Wait for a page.

        Raises:
            Unreadable: the page took too long, or more memory than a page may.
        """
        try:
            try:
                return asked.future.result()
            except BrokenProcessPool:
                self._mend()
                return self._read_alone(asked.job)
        except TimeoutError as error:
            raise Unreadable("tiempo", str(error)) from error
        except MemoryError as error:
            raise Unreadable("limite", "memoria") from error
        except BrokenProcessPool as error:
            raise Unreadable("limite", "un proceso de lectura murió") from error

    def _read_alone(self, job: Job) -> PageReading:
        """A page whose worker died, perhaps of another page: in a worker that has no other."""
        with self._alone:
            pool = self._start(1)
            try:
                return pool.submit(_bounded, job).result()
            finally:
                pool.shutdown(cancel_futures=True)

    def close(self) -> None:
        """Let the workers go."""
        self._pool.shutdown(cancel_futures=True)
