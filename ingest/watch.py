"""The watcher's loop: look, claim what is whole, read side by side, look again.

`watchdog` only shortens the wait: its events mean «look again», and a periodic look finds
everything they miss (network shares, overflowing queues, folders moved in).
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from ingest import inbox
from ingest.backroom import Processed
from ingest.heap import keep_small
from records import token
from records.errors import CannotSign, Damaged, MachineCannot, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from watchdog.observers.api import BaseObserver

    from ingest.reception import Recepcion

_STEP = 0.05


class _LookAgain(FileSystemEventHandler):
    """Sets an event whenever anything moves."""

    def __init__(self, nudge: threading.Event) -> None:
        self._nudge = nudge

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in ("opened", "closed_no_write"):
            self._nudge.set()


def watch(
    reception: Recepcion,
    stop: threading.Event,
    tell: Callable[[Processed], None],
    *,
    until_empty: bool,
) -> None:
    """Run until *stop* is set, or until the inbox is empty and everything was read."""
    keep_small()
    settings = reception.office.settings.inbox
    nudge = threading.Event()
    observer = _start_observer(reception.inbox, nudge)
    tracker = inbox.Tracker(settings.asentamiento_segundos)
    try:
        with ThreadPoolExecutor(max_workers=reception.width) as pool:
            _Loop(reception, stop, tell, tracker, pool, nudge).run(until_empty)
    finally:
        if observer is not None:
            observer.stop()
            observer.join()


def _start_observer(folder: Path, nudge: threading.Event) -> BaseObserver | None:
    """Events of the folder; None where the machine has no watches left (the looks remain)."""
    observer = Observer()
    observer.schedule(_LookAgain(nudge), str(folder), recursive=True)
    try:
        observer.start()
    except OSError:
        return None
    return observer


class _Loop:
    def __init__(
        self,
        reception: Recepcion,
        stop: threading.Event,
        tell: Callable[[Processed], None],
        tracker: inbox.Tracker,
        pool: ThreadPoolExecutor,
        nudge: threading.Event,
    ) -> None:
        self._reception, self._stop, self._tell = reception, stop, tell
        self._tracker, self._pool, self._nudge = tracker, pool, nudge
        self._running: set[Future[Processed | None]] = set()
        self._given_up: set[Path] = set()
        self._no_reader: MachineCannot | None = None
        """Why nothing can be read now; receiving goes on, and reading is tried again."""
        self._no_seal = ""
        """Why nothing could be sealed, as it was told; sealing is tried again."""

    def run(self, until_empty: bool) -> None:
        self._resume()
        while not self._stop.is_set():
            found = [p for p in inbox.listing(self._reception.inbox) if p not in self._given_up]
            for path in self._tracker.look(found, time.monotonic()):
                self._claim(path)
            self._collect()
            if until_empty and not found and not self._running:
                break
            self._pause(bool(found) or (bool(self._running) and until_empty))
        wait(self._running)
        self._collect()
        if self._no_reader is not None and until_empty:
            raise self._no_reader

    def _resume(self) -> None:
        """Readings and seals that a cut left open come first."""
        for draft in self._reception.drafts.all():
            if draft.estado == "leyendo" and draft.sha256:
                self._read(draft.id, draft.archivo)
        self._seal()

    def _seal(self) -> None:
        if self._reception.office.por_sellar():
            self._submit(self._finish_seals, "sellos pendientes", None)

    def _finish_seals(self) -> None:
        self._reception.sellar_pendientes()

    def _claim(self, path: Path) -> None:
        try:
            taken = self._reception.take_file(path)
        except MachineCannot as error:
            if error.codigo not in ("sin_permiso", "disco"):
                raise
            self._given_up.add(path)
            self._tell(Processed(str(path), "esperando", None, str(error)))
            return
        if taken is None:
            return
        subject, draft = taken
        if draft is None:
            reason = None if subject else "No se puede leer: está en la carpeta cuarentena."
            status = "resuelto" if subject else "cuarentena"
            self._tell(Processed(str(path), status, subject or None, reason))
            return
        self._read(draft.id, str(path))

    def _read(self, ident: str, archivo: str) -> None:
        if not self._has_reader():
            reason = str(self._no_reader)
            self._tell(Processed(archivo, "leyendo", ident, reason))
            return
        self._submit(lambda: self._reception.leer(ident, archivo), archivo, ident)

    def _has_reader(self) -> bool:
        """Whether documents can be read; without Tesseract they are received all the same."""
        try:
            _ = self._reception.reader
        except MachineCannot as error:
            self._no_reader = error
            return False
        self._no_reader = None
        return True

    def _submit(
        self, work: Callable[[], Processed | None], archivo: str, ident: str | None
    ) -> None:
        """Do *work* in a thread and tell of it. What is wrong with one document stops no other."""

        def run() -> Processed | None:
            try:
                done = work()
                if done is not None:
                    self._tell(done)
                return done
            except CannotSign as error:
                told, self._no_seal = self._no_seal, str(error)
                if told != self._no_seal:
                    self._tell(Processed(archivo, "pendiente", ident, self._no_seal))
            except (Refused, Damaged) as error:
                self._tell(Processed(archivo, "pendiente", ident, str(error)))
            return None

        self._running.add(self._pool.submit(run))

    def _collect(self) -> None:
        """Forget what is done; what failed in a thread is raised here.

        The letters of a stack are read next; those that a stop leaves, the next start finds.
        """
        done = {f for f in self._running if f.done()}
        self._running -= done
        for future in done:
            one = future.result()
            if one is not None and not self._stop.is_set():
                for letter in one.partes:
                    self._read(letter, one.archivo)

    def _pause(self, busy: bool) -> None:
        settings = self._reception.office.settings.inbox
        if busy:
            time.sleep(max(_STEP, min(0.25, settings.asentamiento_segundos / 4)))
            return
        if self._no_reader is not None and self._has_reader():
            self._resume()
        elif token.trouble() is not None and not self._running:
            self._seal()
        deadline = time.monotonic() + settings.rescate_segundos
        while not self._stop.is_set() and time.monotonic() < deadline:
            if self._nudge.wait(0.25):
                self._nudge.clear()
                return
            if any(f.done() for f in self._running):
                return
