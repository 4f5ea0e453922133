"""What runs behind, for whoever asks: named tasks, how far they are, what became of them.

A task is known from when it is asked for until the person changes; of those that ended the last
ones are kept. A task that tells how far it is can be cancelled: its next word is answered with no.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from tui.views import Job

KEPT = 60
"""Tasks that ended, of which more are forgotten."""
WAITS, RUNS, STOPPING = "espera", "corre", "cancelando"
DONE, FAILED, CANCELLED = "hecho", "fallo", "cancelado"
ENDED = (DONE, FAILED, CANCELLED)


@dataclass
class Task:
    """A named task; `Jobs` guards it."""

    view: Job
    again: Callable[[], None] | None
    """Asks for it once more."""
    quiet: bool
    """When it went well nothing is left to be told of it."""
    cut: bool = field(default=False)
    """Somebody cancelled it."""
    obeyed: bool = field(default=False)
    """It was told so."""


class Jobs:
    """All named tasks of one person, oldest first; any thread may ask."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now().astimezone()) -> None:
        self._lock, self._now, self._number = threading.Lock(), now, count(1)
        self._held: dict[int, Task] = {}
        self._here = threading.local()

    def all(self) -> tuple[Job, ...]:
        """How they stand."""
        with self._lock:
            return tuple(task.view for task in self._held.values())

    def begin(self, name: str, again: Callable[[], None] | None, *, quiet: bool = False) -> int:
        """A task was asked for; it waits for its turn."""
        number = next(self._number)
        with self._lock:
            view = Job(number, name, WAITS, self._now(), may_cancel=True)
            self._held[number] = Task(view, again, quiet)
        return number

    def start(self, number: int) -> bool:
        """Its turn has come, in this thread; no, where it was cancelled meanwhile."""
        with self._lock:
            task = self._held.get(number)
            if task is not None and task.cut:
                self._end(task, CANCELLED)
                return False
            if task is not None:
                task.view = replace(task.view, state=RUNS, since=self._now(), may_cancel=False)
        self._here.number = number
        return True

    def advance(self, done: int, total: int | None = None, what: str = "") -> bool:
        """How far the task of this thread is; no, when it is to stop."""
        number = getattr(self._here, "number", None)
        with self._lock:
            task = self._held.get(number or 0)
            if task is None:
                return True
            task.obeyed = task.cut
            state = STOPPING if task.cut else RUNS
            task.view = replace(
                task.view, done=done, total=total, what=what or task.view.what, state=state,
                may_cancel=not task.cut,
            )  # fmt: skip
            return not task.cut

    def finish(self, number: int, why: str = "") -> None:
        """It ended; *why*: it did not go well."""
        self._here.number = None
        with self._lock:
            task = self._held.get(number)
            if task is None:
                return
            if task.quiet and not why and not task.obeyed:
                del self._held[number]
            else:
                self._end(task, CANCELLED if task.obeyed else FAILED if why else DONE, why)

    def note(self, name: str, why: str) -> None:
        """Something failed that was no task of anybody; the same once more tells it anew."""
        with self._lock:
            for number, task in list(self._held.items()):
                if task.view.name == name and task.view.state == FAILED:
                    del self._held[number]
        self.finish(self.begin(name, None), why)

    def _end(self, task: Task, state: str, why: str = "") -> None:
        again = task.again is not None and state != DONE
        task.view = replace(
            task.view, state=state, why=why, until=self._now(), may_cancel=False, may_repeat=again
        )
        over = [n for n, t in self._held.items() if t.view.state in ENDED]
        for number in over[:-KEPT]:
            del self._held[number]

    # -- what a person does -------------------------------------------------------------------

    def cancel(self, number: int) -> bool:
        """Cancel a task; whether that can be."""
        with self._lock:
            task = self._held.get(number)
            if task is None or not task.view.may_cancel:
                return False
            task.cut = True
            task.view = replace(task.view, state=STOPPING, may_cancel=False)
            return True

    def cancel_all(self) -> None:
        """The program ends: what can be cancelled is."""
        for job in self.all():
            self.cancel(job.id)

    def repeat(self, number: int) -> bool:
        """Ask once more for one that failed or was cancelled; whether that can be."""
        with self._lock:
            task = self._held.get(number)
            if task is None or task.again is None or not task.view.may_repeat:
                return False
            del self._held[number]
        task.again()
        return True

    def clear(self, *, failed: bool = False) -> None:
        """Forget what ended; what failed only with *failed*."""
        kept = () if failed else (FAILED,)
        with self._lock:
            for number, task in list(self._held.items()):
                if task.view.state in ENDED and task.view.state not in kept:
                    del self._held[number]
