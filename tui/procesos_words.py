"""From tasks, drafts and seals to the lines of the room «Procesos en curso». Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tui.bars import bar, figure
from tui.sanitize import line
from tui.texts import procesos as words
from tui.views import Part, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingest.drafts import Draft
    from tui.views import Job

BAR = 8
_ACTIVE = ("cancelando", "corre", "lee", "espera", "cola", "firma")
_BAD = ("fallo", "ilegible")
_TOLD = {
    "espera": words.WAITS_TOLD,
    "corre": words.RUNS_TOLD,
    "cancelando": words.STOPPING_TOLD,
    "hecho": words.DONE_TOLD,
    "cancelado": words.CANCELLED_TOLD,
}


@dataclass(frozen=True, slots=True)
class Process:
    """A line: what it is, how it stands, and all that can be said of it."""

    id: str
    state: str
    name: str
    since: datetime | None = None
    until: datetime | None = None
    done: int = 0
    total: int | None = None
    pages: bool = False
    told: str = ""
    job: int = 0
    """The task, where it is one."""
    may_cancel: bool = False
    may_repeat: bool = False
    room: str = ""
    """Where Enter leads, and with what."""
    query: str = ""

    @property
    def active(self) -> bool:
        """Whether it is still to end."""
        return self.state in _ACTIVE

    @property
    def bad(self) -> bool:
        """Whether it failed."""
        return self.state in _BAD


def of_job(job: Job) -> Process:
    """A named task."""
    told = line(job.why) if job.why else _TOLD.get(job.state, "")
    if job.state == "fallo" and job.may_repeat:
        told = f"{told} {words.FAILED_NEXT}"
    if job.what:
        told = f"{told} {line(job.what)}."
    if job.total:
        told = f"{told} {words.of(figure(job.done), figure(job.total))}."
    return Process(
        f"t{job.id}", job.state, line(job.name), job.since, job.until, job.done, job.total,
        told=told.strip(), job=job.id, may_cancel=job.may_cancel, may_repeat=job.may_repeat,
    )  # fmt: skip


def reading(draft: Draft, pages: tuple[int, int] | None) -> Process:
    """A document that waits to be read, or is being read."""
    name = line(draft.archivo).rpartition("/")[2] or line(draft.id)
    since = datetime.fromisoformat(draft.recibido)
    if pages is None:
        return Process(f"d{draft.id}", "cola", name, since, told=words.QUEUE_TOLD,
                       room="recepcion")  # fmt: skip
    done, total = pages
    return Process(f"d{draft.id}", "lee", name, since, None, done, total, pages=True,
                   told=words.READ_TOLD, room="recepcion")  # fmt: skip


def unreadable(draft: Draft) -> Process:
    """A document that could not be read."""
    name = line(draft.archivo).rpartition("/")[2] or line(draft.id)
    told = f"{line(draft.motivo or '').rstrip('.')}. {words.UNREADABLE_TOLD}"
    since = datetime.fromisoformat(draft.recibido)
    return Process(f"d{draft.id}", "ilegible", name, since, told=told, room="recepcion",
                   query="no_leidos")  # fmt: skip


def counted(state: str, name: str, number: int) -> Iterator[Process]:
    """Documents of which the person sees only how many they are."""
    if number:
        yield Process(f"n{state}", state, name, done=number, told=words.OTHERS_TOLD)


def seals(number: int) -> Iterator[Process]:
    """The records whose PDF is still to be signed."""
    if number:
        yield Process("firmas", "firma", words.SEALS, done=number, told=words.SEALS_TOLD,
                      room="consulta", query="estado:sello_pendiente")  # fmt: skip


def in_order(found: Iterable[Process]) -> list[Process]:
    """Tasks that failed, what is still to end in the order in which it was asked for, documents
    that could not be read, what ended, the newest first. Who cancels a line does not see it move.
    """

    def place(one: Process) -> tuple[int, float]:
        at = one.since.timestamp() if one.since else 0
        if one.state == "fallo":
            return 0, -at
        if one.active:
            return (1, one.job) if one.job else (2, at)
        return (3, at) if one.bad else (4, -at)

    return sorted(found, key=place)


def row(one: Process, now: datetime, *, ascii: bool) -> Row:
    """A process as a line."""
    tone = "aviso" if one.bad else "" if one.active else "tenue"
    cells = (words.STATES[one.state], one.name, progress(one, ascii=ascii), elapsed(one, now))
    return Row(one.id, cells, tone)


def progress(one: Process, *, ascii: bool) -> str:
    """How far it is."""
    if one.pages:
        return words.pages(one.done, one.total or one.done)
    if not one.total:
        return words.count(figure(one.done)) if one.done else ""
    share = min(100, 100 * one.done // one.total)
    return f"{bar(one.done, one.total, BAR, ascii=ascii):<{BAR}} {share} %"


def elapsed(one: Process, now: datetime) -> str:
    """How long it took, or takes so far: `1:05`, `2:03:10`, `3 días`."""
    if one.since is None or one.state == "ilegible":
        return ""
    seconds = max(0, int(((one.until or now) - one.since).total_seconds()))
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} días"
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def detail(one: Process) -> str:
    """What the line cannot say."""
    return f"{one.name}: {one.told}"


def sheet(one: Process, now: datetime) -> Sheet:
    """All that is known of it."""
    pairs = [(words.COLUMNS[0], words.STATES[one.state])]
    if far := progress(one, ascii=False):
        pairs.append((words.COLUMNS[2], far))
    if long := elapsed(one, now):
        pairs.append((words.COLUMNS[3], long))
    return Sheet(one.id, one.name, (Part("", tuple(pairs)), Part("", (("", one.told),))))
