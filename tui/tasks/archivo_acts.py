"""What the room «Archivo» has the door do: acts upon expedientes, exports, transfers, disposals.

What is quick goes by the clerk's lane. What reads or writes much goes by the lane behind, tells how
far it is, and stops where the door lets itself be stopped. A refusal comes back with the ticket of
what was asked, so that the screen can ask again with what was typed.
"""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import TYPE_CHECKING

from records.errors import Misuse, VentanillaError
from tui.messages import archivo as m
from tui.sanitize import line
from tui.tasks.core import said
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.message_pump import MessagePump

    from records.office import Office
    from retention.archive import Archivo
    from retention.whole import Advance
    from tui.lanes import Lane
    from tui.messages import Answer
    from tui.tasks.core import Core
    from tui.views import Id

BATCH = 500
_TELL = 0.1
"""Seconds between two words of how far something is."""


class ArchivoActs:
    """Acts."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._ticket = self._newest = 0
        self._doors: dict[Lane, tuple[Office, Archivo]] = {}
        self._stop = threading.Event()

    def next_ticket(self) -> int:
        """A number by which an answer is known."""
        self._ticket += 1
        return self._ticket

    def door(self, lane: Lane) -> Archivo:
        """The door of a lane, which keeps the TRD that it read."""
        office = self._core.office(lane)
        held = self._doors.get(lane)
        if held is None or held[0] is not office:
            held = self._doors[lane] = (office, self._core.archive(lane))
        return held[1]

    def stop(self) -> None:
        """Whatever is under way and can be stopped, is."""
        self._stop.set()

    # -- how things are done ------------------------------------------------------------------

    def _act(
        self, to: MessagePump, work: Callable[[Archivo], str], lane: Lane | None = None
    ) -> int:
        """Something quick; what the office has to say of it besides is said too."""
        ticket, where = self.next_ticket(), lane or self._core.clerk

        def run() -> Answer:
            door = self.door(where)
            told = work(door)
            notes = [*door.office.avisos]
            door.office.avisos.clear()
            return m.Done(ticket, line(" ".join([told, *notes])))

        def refused(error: VentanillaError) -> Answer:
            return m.NotDone(ticket, said(error))

        self._core.ask(where, to, run, refused)
        return ticket

    def _long(
        self,
        to: MessagePump,
        what: str,
        work: Callable[[Archivo, Advance, int], Answer],
        *,
        stops: bool = False,
    ) -> int:
        """Something that lasts, in the lane behind."""
        ticket = self.next_ticket()
        self._stop = stop = threading.Event()
        told = 0.0
        to.post_message(m.Progress(ticket, words.WORKING[what], 0, 0, stops))

        def advance(done: int, total: int) -> bool:
            nonlocal told
            if time.monotonic() - told >= _TELL or done == total:
                told = time.monotonic()
                to.post_message(m.Progress(ticket, words.WORKING[what], done, total, stops))
            return not stop.is_set()

        def run() -> Answer:
            return work(self.door(self._core.behind), advance, ticket)

        def refused(error: VentanillaError) -> Answer:
            return m.NotDone(ticket, said(error))

        self._core.ask(self._core.behind, to, run, refused)
        return ticket

    def _told(self, to: MessagePump, what: str, work: Callable[[Archivo], str]) -> int:
        """Something that lasts and cannot be stopped, and what is said of it."""

        def run(door: Archivo, _: Advance, ticket: int) -> Answer:
            return m.Done(ticket, line(work(door)))

        return self._long(to, what, run)

    # -- expedientes --------------------------------------------------------------------------

    def open_file(
        self, to: MessagePump, serie: str, values: Mapping[str, str], ids: Sequence[Id] = ()
    ) -> int:
        """Open one, with its first documents: those that are typed, or those of a list."""

        def work(door: Archivo) -> str:
            made = door.abrir(
                serie,
                values["nombre"],
                soporte=values["soporte"],
                con=_numbers(door, ids) or values["con"].replace(",", " ").split(),
            )
            return words.opened(made.expediente, made.documentos)

        return self._act(to, work)

    def file(self, to: MessagePump, name: str, records: Sequence[str], kind: str) -> int:
        """Put records into one."""

        def work(door: Archivo) -> str:
            done = door.incorporar(name, records, tipo=kind or None)
            return words.filed(done.expediente, done.documentos)

        return self._act(to, work)

    def file_these(self, to: MessagePump, name: str, ids: Sequence[Id], kind: str) -> int:
        """Put records of a list into one."""

        def work(door: Archivo) -> str:
            done = door.incorporar(name, _numbers(door, ids), tipo=kind or None)
            return words.filed(done.expediente, done.documentos)

        return self._act(to, work)

    def unfile(self, to: MessagePump, name: str, values: Mapping[str, str]) -> int:
        """Take out what was put there by error."""

        def work(door: Archivo) -> str:
            door.retirar(name, values["documento"], values["motivo"])
            return words.taken_out(values["documento"], name)

        return self._act(to, work)

    def close(self, to: MessagePump, name: str, values: Mapping[str, str]) -> int:
        """Close one."""

        def work(door: Archivo) -> str:
            done = door.cerrar(name, values["motivo"], fecha=day_of(values["fecha"]))
            return words.closed(done.expediente, done.fecha, done.indice)

        return self._act(to, work)

    def reopen(self, to: MessagePump, name: str, values: Mapping[str, str]) -> int:
        """Reopen one."""

        def work(door: Archivo) -> str:
            door.reabrir(name, values["motivo"])
            return words.reopened(name)

        return self._act(to, work)

    def hold(self, to: MessagePump, names: Sequence[str], values: Mapping[str, str]) -> int:
        """Hold some."""

        def work(door: Archivo) -> str:
            events = door.retener(
                names,
                values["motivo"],
                fundamento=values["fundamento"],
                hasta=day_of(values["hasta"]),
            )
            return words.held(len(events))

        return self._act(to, work)

    def release(self, to: MessagePump, names: Sequence[str], values: Mapping[str, str]) -> int:
        """Lift what holds them. Where one was refused, those before it are free already, and are
        passed over when it is asked again."""

        def work(door: Archivo) -> str:
            every = yes(values["todas"])
            for name in names:
                if len(names) == 1 or door.expediente(name).retenciones:
                    door.liberar(name, values["motivo"], todas=every)
            return words.released(len(names))

        return self._act(to, work)

    def note_fact(self, to: MessagePump, name: str, values: Mapping[str, str]) -> int:
        """The event from which retention runs took place."""

        def work(door: Archivo) -> str:
            day = day_of(values["fecha"])
            assert day is not None  # the dialog asks for it
            door.anotar_hecho(name, day, values["hecho"])
            return words.noted(name)

        return self._act(to, work)


def _numbers(door: Archivo, ids: Sequence[Id]) -> list[str]:
    """The numbers of records of a list, in its order."""
    batches = (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))
    return [one.radicado for batch in batches for one in door.office.renglones(batch)]


def day_of(text: str) -> date | None:
    """A day as it is typed; None where nothing is.

    Raises:
        Misuse: it is none.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Misuse("uso", f"«{line(text)}» {forms.NOT_A_DAY}") from error


def yes(text: str) -> bool:
    """What is typed where yes or no is asked.

    Raises:
        Misuse: it is neither.
    """
    said_ = text.strip().lower()
    if said_ not in forms.YES + forms.NO:
        raise Misuse("uso", forms.SAY_YES_OR_NO)
    return said_ in forms.YES
