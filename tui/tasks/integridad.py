"""What the room «Integridad» asks of the doors. What is remembered comes at once, in the lane that
looks; what reads logs or documents runs in the slow one, by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import integridad_words
from tui import messages as base
from tui.bars import figure
from tui.messages import integridad as m
from tui.tasks.who import session
from tui.texts import integridad as words

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from tui.tasks.core import Core
    from tui.views import Job


class IntegridadTasks:
    """Standing, verification, vault."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def enter(self, to: MessagePump) -> None:
        """Who looks."""

        def work() -> base.Answer:
            return m.Entered(session(self._core.office(self._core.clerk)))

        self._core.ask(self._core.clerk, to, work)

    def standing(self, to: MessagePump) -> None:
        """All that is remembered."""

        def work() -> base.Answer:
            office = self._core.office(self._core.looking)
            return m.StandingRead(integridad_words.checks(office.integridad(), office.authority))

        self._core.ask(self._core.looking, to, work)

    def vault(self, to: MessagePump) -> None:
        """What of the vault was read again: it reads every line of the logs."""

        def work() -> base.Answer:
            held = self._core.archive(self._core.slow).informe_integridad()
            return m.VaultRead(integridad_words.vault(held))

        self._core.ask(self._core.slow, to, work, named=words.SURVEYING, quiet=True)

    def verify(self, to: MessagePump, *, complete: bool) -> None:
        """Verify the office; it may be cancelled."""

        def advance(what: str, done: int, total: int) -> bool:
            return self._core.advance(done, total or None, words.STAGES[what])

        def work() -> base.Answer:
            office = self._core.office(self._core.slow)
            report = office.verificar(completo=complete, avance=advance)
            if report is None:
                return m.Ended(words.CANCELLED)
            wrong = len(report.hallazgos)
            return m.Ended(words.now_verified(figure(report.eventos), wrong), bad=wrong > 0)

        self._core.ask(self._core.slow, to, work, named=words.VERIFYING)

    def review(self, to: MessagePump) -> None:
        """Read today's share of the vault again."""

        def work() -> base.Answer:
            done = self._core.archive(self._core.slow).revisar(parte=True)
            wrong = len(done.danados) + len(done.faltan)
            return m.Ended(words.reviewed(figure(done.leidos), wrong), bad=wrong > 0)

        self._core.ask(self._core.slow, to, work, named=words.REVIEWING)

    def running(self, name: str) -> Job | None:
        """A task of that name that has not ended, at once."""
        live = [j for j in self._core.jobs.all() if j.name == name and j.until is None]
        return live[-1] if live else None

    def cancel(self) -> bool:
        """Cancel the verification; whether that can be."""
        job = self.running(words.VERIFYING)
        return job is not None and self._core.jobs.cancel(job.id)
