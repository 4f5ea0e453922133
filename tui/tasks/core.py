"""The doors' threads: every call runs in one of them and answers with a message.

Three lanes. The clerk's lane is serial, so that what was typed is on disk before its number is
asked for. The second does what nobody waits for: seals, labels, retries, the log of errors. The
third looks: trays, lists, searches, which may take long and are cut by the next. The watcher runs
in a thread of its own; it and the second lane share one `Recepcion`, and with it the OCR workers.
"""

from __future__ import annotations

import re
import threading
import traceback
import zlib
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from records.errors import MachineCannot, VentanillaError
from tui import messages as m
from tui import texts
from tui.lanes import Lane
from tui.sanitize import line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.message_pump import MessagePump

    from ingest.backroom import Processed
    from ingest.reader import Reader
    from ingest.reception import Recepcion
    from records.office import Office
    from retention.archive import Archivo

PATIENCE = 5.0
"""Seconds that leaving waits for what is under way; what is left is taken up by the next start."""
WATCH_AGAIN = 20.0
"""Seconds until the inbox is watched again after something went wrong there."""


class Core:
    """The doors of one home, for one person."""

    def __init__(self, home: Path, persona: str | None, *, reader: Reader | None = None) -> None:
        self._home, self._persona, self._reader = home, persona, reader
        self.clerk = Lane("ventanilla-datos")
        self.behind = Lane("ventanilla-fondo")
        self.looking = Lane("ventanilla-vistas")
        self.lanes = [self.clerk, self.behind, self.looking]
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self._own: dict[Lane, Recepcion] = {}
        self._opening = threading.Lock()

    # -- life ---------------------------------------------------------------------------------

    @staticmethod
    def prepare() -> None:
        """What has to start before the screen is taken over."""
        from ingest.child import warm_up

        warm_up()

    @property
    def busy(self) -> int:
        """How much is asked and not answered."""
        return sum(lane.busy for lane in self.lanes)

    def close(self) -> bool:
        """Stop the watcher, finish what was asked, within `PATIENCE`; whether all was done."""
        self._stop.set()
        closed = [lane.close(PATIENCE) for lane in self.lanes]
        done = all(closed)
        if self._watcher is not None:
            self._watcher.join(PATIENCE)
            done = done and not self._watcher.is_alive()
        if done:
            for reception in self._own.values():
                reception.close()
        return done

    def watch(self, to: MessagePump) -> None:
        """Receive what arrives in the inbox, until `close`."""
        self._watcher = threading.Thread(
            target=self._watch, args=(to,), name="ventanilla-bandeja", daemon=True
        )
        self._watcher.start()

    def _watch(self, to: MessagePump) -> None:
        def tell(done: Processed) -> None:
            to.post_message(m.Told(arrival(done), done.estado == "cuarentena", changed=True))

        while not self._stop.is_set():
            try:
                self.reception(self.behind).vigilar(self._stop, tell)
            except VentanillaError as error:
                to.post_message(m.Told(f"{texts.NO_WATCH}{said(error)}", bad=True, changed=True))
            except Exception as error:
                code = self._note(error)
                to.post_message(m.Told(f"{texts.NO_WATCH}{texts.unexpected(code)}", bad=True))
            self._stop.wait(WATCH_AGAIN)

    def reception(self, lane: Lane) -> Recepcion:
        """The door `Recepcion` of a lane: each has connections of its own."""
        from ingest.reception import Recepcion
        from records.office import Office

        with self._opening:
            if lane not in self._own:
                office = Office(self._home, persona=self._persona)
                self._own[lane] = Recepcion(office, reader=self._reader)
            return self._own[lane]

    def office(self, lane: Lane) -> Office:
        """The door `Office` of a lane."""
        return self.reception(lane).office

    def archive(self, lane: Lane) -> Archivo:
        """The door `Archivo` of a lane."""
        from retention.archive import Archivo

        return Archivo(self.office(lane))

    def ask(
        self,
        lane: Lane,
        to: MessagePump,
        work: Callable[[], m.Answer | None],
        refused: Callable[[VentanillaError], m.Answer] | None = None,
    ) -> None:
        """Run *work* in *lane*; its answer, its refusal or its failure goes to *to*."""

        def run() -> None:
            try:
                answer = work()
            except VentanillaError as error:
                answer = refused(error) if refused else m.Told(said(error), bad=True)
            except Exception as error:
                wrapped = MachineCannot("inesperado", texts.unexpected(self._note(error)))
                answer = refused(wrapped) if refused else m.Told(str(wrapped), bad=True)
            if answer is not None:
                to.post_message(answer)

        lane.submit(run)

    # -- errors -------------------------------------------------------------------------------

    def report(self, error: BaseException) -> str:
        """Log an unexpected error, out of the way; returns its short code at once."""
        self.behind.submit(partial(self._write_log, error, code_of(error)))
        return code_of(error)

    def _note(self, error: BaseException) -> str:
        self._write_log(error, code_of(error))
        return code_of(error)

    def _write_log(self, error: BaseException, code: str) -> None:
        text = "".join(traceback.format_exception(error))
        entry = f"== {datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z} {code}\n{text}\n"
        try:
            folder = self._home / "salida"
            folder.mkdir(exist_ok=True)
            with (folder / "errores.log").open("a", encoding="utf-8") as log:
                log.write(entry)
        except OSError:
            pass  # a full disk must not turn a told error into an untold one


def said(error: VentanillaError) -> str:
    """What a person is told: an advice that names options of the command line helps nobody here."""
    advice = "" if re.search(r"--\w|«ventanilla ", error.consejo) else error.consejo
    return f"{error.mensaje} {advice}".strip()


def arrival(done: Processed) -> str:
    """What came in, in words."""
    name = line(done.archivo).rpartition("/")[2]
    if done.estado == "cuarentena":
        return texts.arrived_unreadable(name)
    if done.estado == "dividido":
        return texts.divided(name, len(done.partes))
    return texts.filed(name) if done.estado == "incorporado" else texts.arrived(name)


def code_of(error: BaseException) -> str:
    """A short code that is the same for the same defect: its kind and the line where it came up."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"V{zlib.crc32(f'{type(error).__name__}@{place}'.encode()) & 0xFFFF:04X}"
