"""What the room «Procesos en curso» asks: named tasks, which are at hand; and of the doors, which
documents are being read and which seals are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import procesos_words
from tui.actions.rooms import CLERKS
from tui.messages import procesos as m
from tui.tasks.who import session
from tui.texts import procesos as words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.message_pump import MessagePump

    from tui import messages as base
    from tui.procesos_words import Process
    from tui.tasks.core import Core
    from tui.views import Job


class ProcesosTasks:
    """Tasks, the inbox, seals."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def enter(self, to: MessagePump) -> None:
        """Who looks."""

        def work() -> base.Answer:
            return m.Entered(session(self._core.office(self._core.clerk)))

        self._core.ask(self._core.clerk, to, work)

    def jobs(self) -> tuple[Job, ...]:
        """The named tasks, at once."""
        return self._core.jobs.all()

    def cancel(self, job: int) -> bool:
        """Cancel a task; whether that can be."""
        return self._core.jobs.cancel(job)

    def repeat(self, job: int) -> bool:
        """Ask for a task once more; whether that can be."""
        return self._core.jobs.repeat(job)

    def clear(self) -> None:
        """Forget what ended well."""
        self._core.jobs.clear()

    def inbox(self, to: MessagePump) -> None:
        """What is being read, what could not be, what waits for its seal."""
        self._core.ask(self._core.looking, to, lambda: m.InboxRead(tuple(self._inbox())))

    def _inbox(self) -> Iterator[Process]:
        reception = self._core.reception(self._core.looking)
        office, reader = reception.office, self._core.reception(self._core.behind)
        waiting = [d for d in reception.bandeja() if d.estado == "leyendo"]
        failed = reception.bandeja(cuarentena=True)
        if office.sight.roles & CLERKS:
            yield from (procesos_words.reading(d, reader.paginas_leidas(d)) for d in waiting)
            yield from map(procesos_words.unreadable, failed)
        else:
            yield from procesos_words.counted("cola", words.OTHERS_READ, len(waiting))
            yield from procesos_words.counted("ilegible", words.OTHERS_UNREADABLE, len(failed))
        yield from procesos_words.seals(len(office.por_sellar()))
