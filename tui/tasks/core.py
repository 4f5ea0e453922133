"""The doors' threads: every call runs in one of them and answers with a message.

The clerk's lane is serial, so that what was typed is on disk before its number is asked for. The
second does what nobody waits for: seals, labels, retries, the log of errors. The third looks:
trays, lists, searches, which may take long and are cut by the next. The fourth asks who somebody
is, the fifth has what takes minutes. Whoever gives a task a name (`ask`) finds it in the room
«Procesos en curso», and may tell there how far it is (`advance`). The watcher runs in a thread of
its own; it and the second lane share one `Recepcion`, and with it the OCR workers.
"""

from __future__ import annotations

import re
import threading
import traceback
import zlib
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from ingest.heap import keep_small
from records.errors import MachineCannot, VentanillaError
from tui import messages as m
from tui import texts
from tui.lanes import Lane
from tui.sanitize import line
from tui.tasks.jobs import Jobs

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
        keep_small()
        self._home, self._reader = home, reader
        self.clerk = Lane("ventanilla-datos")
        self.behind = Lane("ventanilla-fondo")
        self.looking = Lane("ventanilla-vistas")
        self.door = Lane("ventanilla-puerta")
        self.slow = Lane("ventanilla-largo")
        self.lanes = [self.clerk, self.behind, self.looking, self.door, self.slow]
        self.jobs = Jobs()
        """The tasks that have a name."""
        self._first, self._who = persona, dict[Lane, str | None]()
        """Who came first, and for whom each lane works since another person came."""
        self._stop, self._shift = threading.Event(), threading.Event()
        """The end of the watcher's work, and of its work for one person."""
        self._former: list[Recepcion] = []
        """Doors of a former person that the watcher may still use."""
        self._watcher: threading.Thread | None = None
        self._own: dict[Lane, Recepcion] = {}
        self._opening = threading.Lock()

    # -- life ---------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Have what reads and draws pages ready before the first is asked for."""
        self.behind.submit(self._warm_up)

    def _warm_up(self) -> None:
        from ingest.child import warm_up

        try:
            warm_up()
        except OSError as error:
            self._note(error)  # the first page that is read starts it, or says why not

    @property
    def busy(self) -> int:
        """How much is asked and not answered."""
        return sum(lane.busy for lane in self.lanes)

    def close(self) -> bool:
        """Stop the watcher, finish what was asked, within `PATIENCE`; whether all was done."""
        self._stop.set()
        self._shift.set()
        self.jobs.cancel_all()
        closed = [lane.close(PATIENCE) for lane in self.lanes]
        done = all(closed)
        if self._watcher is not None:
            self._watcher.join(PATIENCE)
            done = done and not self._watcher.is_alive()
        if done:
            for reception in (*self._own.values(), *self._former):
                reception.close()
        return done

    def become(self, persona: str | None, to: MessagePump, answer: m.Answer) -> None:
        """Work for another person from now on: each lane first finishes what was asked before.

        *answer* is told as soon as the clerk's lane turned, since what was typed is kept then; a
        slow list or seal of the former person holds nobody up.
        """
        self.jobs.cancel_all()
        for lane in self.lanes:
            lane.submit(partial(self._turn, lane, persona))
        self.slow.submit(partial(self.jobs.clear, failed=True))
        self.ask(self.clerk, to, lambda: answer)

    def _turn(self, lane: Lane, persona: str | None) -> None:
        with self._opening:
            former = self._own.pop(lane, None)
            self._who[lane] = persona
            if lane is self.behind:
                shift, self._shift = self._shift, threading.Event()
                shift.set()
                if self._stop.is_set():
                    self._shift.set()
            if former is not None and lane is self.behind and self._watcher is not None:
                self._former.append(former)
                return
        if former is not None:
            former.close()

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
            with self._opening:
                shift, former, self._former = self._shift, self._former, []
            for reception in former:
                reception.close()
            try:
                self.reception(self.behind).vigilar(shift, tell)
            except VentanillaError as error:
                self._not_watched(to, said(error))
            except Exception as error:
                self._not_watched(to, texts.unexpected(self._note(error)))
            shift.wait(WATCH_AGAIN)

    def _not_watched(self, to: MessagePump, why: str) -> None:
        self.jobs.note(texts.WATCHING, why)
        to.post_message(m.Told(f"{texts.NO_WATCH}{why}", bad=True, changed=True))

    @property
    def home(self) -> Path:
        """Where the home is."""
        return self._home

    def reception(self, lane: Lane) -> Recepcion:
        """The door `Recepcion` of a lane: each has connections of its own."""
        from ingest.reception import Recepcion
        from records.office import Office

        with self._opening:
            if lane not in self._own:
                office = Office(self._home, persona=self._who.get(lane, self._first))
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
        *,
        named: str = "",
        quiet: bool = False,
    ) -> None:
        """Run *work* in *lane*; its answer, its refusal or its failure goes to *to*.

        *named*: what takes long has a name, and is seen in «Procesos en curso»; there it can be
        cancelled where *work* calls `advance` and stops when that says no. A *quiet* one is seen
        while it runs and where it fails.
        """
        again = partial(self.ask, lane, to, work, refused, named=named, quiet=quiet)
        job = self.jobs.begin(named, again, quiet=quiet) if named else 0

        def run() -> None:
            if job and not self.jobs.start(job):
                to.post_message(m.Told(texts.cancelled(named)))
                return
            why = ""
            try:
                answer = work()
            except VentanillaError as error:
                why = said(error)
                answer = refused(error) if refused else m.Told(why, bad=True)
            except Exception as error:
                wrapped = MachineCannot("inesperado", texts.unexpected(self._note(error)))
                why = str(wrapped)
                answer = refused(wrapped) if refused else m.Told(why, bad=True)
            if job:
                self.jobs.finish(job, why)
            if answer is not None:
                to.post_message(answer)

        lane.submit(run)

    def advance(self, done: int, total: int | None = None, what: str = "") -> bool:
        """How far the named task of this thread is; no, when it is to stop."""
        return self.jobs.advance(done, total, what)

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
