"""The room «Procesos en curso»: what runs behind is seen, cancelled, and tried again."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ingest.lectura import Unreadable
from records.errors import Refused
from tests.tui.conftest import House
from tests.tui.test_words import ENGLISH, NEVER
from tui import messages as base
from tui import procesos_words
from tui.screens.consulta import ConsultaScreen
from tui.screens.por_radicar import PorRadicar
from tui.screens.procesos import ProcesosScreen
from tui.tasks.jobs import KEPT, Jobs
from tui.texts import procesos as words
from tui.views import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Driver

    Drive = Callable[..., Any]

EVIL = "c\x1b]0;x\x07\x1b[31m[red]arta[/]\u202eoña.pdf"


def room_of(d: Driver) -> ProcesosScreen:
    found = d.app.screen_stack[0]
    assert isinstance(found, ProcesosScreen)
    return found


def line_of(d: Driver, text: str) -> str:
    return next(row for row in d.shown().split("\n") if text in row)


async def look(d: Driver) -> None:
    """What the clock does once a second."""
    await d.press("f5")


class Long:
    """A task that counts to a thousand when it is let."""

    def __init__(self, d: Driver) -> None:
        self.go, self.begun = threading.Event(), threading.Event()
        self._core = d.app.tasks
        self.at = 0

    def __call__(self) -> base.Answer | None:
        for n in range(1, 1001):
            self.at = n
            if not self._core.advance(n, 1000, "primera parte"):
                return base.Told("Se dejó a la mitad.")
            if n == 250:
                self.begun.set()
                assert self.go.wait(15)
        return None


async def test_a_task_is_seen_with_how_far_it_is_and_stops_when_it_is_told(
    house: House, drive: Drive
) -> None:
    async with drive() as d:
        task, core = Long(d), d.app.tasks
        core.ask(core.slow, d.app, task, named="Exportar el archivo")
        core.ask(core.slow, d.app, lambda: None, named="Verificar un paquete")
        await d.until(task.begun.is_set, "empezó")
        await d.pilot.press("ctrl+g")
        await d.until(lambda: "Exportar el archivo" in d.shown(), "se ve")
        assert "25 %" in line_of(d, "Exportar") and "en curso" in line_of(d, "Exportar")
        assert "Va en 250 de 1.000." in d.shown()
        assert "espera" in line_of(d, "Verificar un paquete")
        assert "primera parte" in d.shown() and "2 en curso" in d.shown()
        assert not ENGLISH.findall(d.shown()) and not NEVER.findall(d.shown())
        await d.pilot.press("down", "x")
        assert d.notice == words.CANCELLING
        await d.pilot.press("up", "x")
        task.go.set()
        await d.settle()
        await look(d)
        assert "cancelado" in line_of(d, "Exportar") and "cancelado" in line_of(d, "Verificar")
        assert task.at < 1000
        await d.press("x")
        assert d.notice == words.NOT_CANCELLED
        await d.press("l")
        assert words.NOTHING in d.shown()
        await d.press("escape")
        assert isinstance(d.app.screen, PorRadicar)


async def test_what_failed_says_why_and_is_tried_again(house: House, drive: Drive) -> None:
    async with drive() as d:
        core, tries = d.app.tasks, []

        def work() -> None:
            tries.append(1)
            if len(tries) == 1:
                raise Refused("lleno", "El disco está lleno.", consejo="Libere espacio.")

        core.ask(core.slow, d.app, work, named="Exportar el archivo")
        await d.settle()
        await d.press("ctrl+g")
        assert "FALLÓ" in line_of(d, "Exportar") and "1 falló" in d.shown()
        assert "El disco está lleno. Libere espacio. r lo intenta otra vez." in " ".join(
            d.shown().split()
        )
        await d.press("r")
        await d.settle()
        await look(d)
        assert len(tries) == 2 and "hecho" in line_of(d, "Exportar")
        await d.press("r")
        assert d.notice == words.NOT_REPEATED


async def test_letters_that_are_read_are_seen_with_their_pages(house: House, drive: Drive) -> None:
    async with drive() as d:
        house.reader.gate.clear()
        name = house.home / "inbox" / EVIL.replace("/", "-")
        name.write_bytes(house.reader.pdf)
        reader = d.app.tasks.reception(d.app.tasks.behind)
        thread = threading.Thread(target=reader.vigilar_una_vez)
        thread.start()
        await d.until(lambda: reader.bandeja(), "llegó")
        await d.pilot.press("ctrl+g")
        await d.until(lambda: words.pages(2, 5) in d.shown(), "se lee")
        shown = d.shown()
        assert shown.replace("\n", "").isprintable() and "[red]arta" in shown
        await d.pilot.press("x")
        assert d.notice == words.READING_ITSELF
        house.reader.gate.set()
        await d.until(lambda: not thread.is_alive(), "leída")
        await look(d)
        await d.until(lambda: words.pages(2, 5) not in d.shown(), "ya no se lee")


async def test_what_could_not_be_read_says_why_and_leads_there(house: House, drive: Drive) -> None:
    house.receive(Unreadable("danado"), name=EVIL.replace("/", "-"))
    house.office.radicar_sin_imagen({"remitente": "Ana"})
    async with drive(room="procesos") as d:
        await d.until(lambda: "NO SE LEE" in d.shown(), "se ve")
        strips = d.app.screen._compositor.render_strips()
        assert not any("\x1b" in s.text or "\u202e" in s.text for row in strips for s in row)
        assert "F8 no lo radica" in " ".join(d.shown().split())
        await d.press("slash", *"ningunotal", "enter")
        await d.until(lambda: words.NONE_FITS in d.shown(), "filtro")
        await d.press("escape")
        await d.press("enter")
        assert isinstance(d.app.screen, PorRadicar) and d.app.screen.desk.shows_unreadable
    async with drive(room="procesos", persona="mquintero") as d:
        await d.until(lambda: words.OTHERS_UNREADABLE in d.shown(), "solo cuántos")
        assert "[red]arta" not in d.shown()


async def test_seals_that_wait_lead_to_their_records(house: House, drive: Drive) -> None:
    (ident,) = house.receive(None)
    number = house.reception("demo").radicar(ident, sellar=False).radicado
    async with drive(room="procesos") as d:
        await d.until(lambda: words.SEALS in d.shown(), "por firmar")
        await d.press("enter")
        assert isinstance(d.app.screen, ConsultaScreen) and number in d.shown()


async def test_another_person_sees_nothing_of_the_former_ones_tasks(
    house: House, drive: Drive
) -> None:
    async with drive() as d:
        core = d.app.tasks
        core.ask(core.slow, d.app, lambda: None, named="Lo de antes")
        await d.settle()
        assert [j.name for j in core.jobs.all()] == ["Lo de antes"]
        core.become("cruiz", d.app, base.Told(""))
        await d.settle()
        assert core.jobs.all() == ()


def test_jobs_keep_the_last_ones_and_quiet_ones_only_while_they_run() -> None:
    jobs = Jobs()
    quiet = jobs.begin("firma", None, quiet=True)
    assert jobs.start(quiet)
    jobs.finish(quiet)
    assert jobs.all() == ()
    for n in range(KEPT + 5):
        one = jobs.begin(str(n), None)
        jobs.start(one)
        jobs.finish(one, "no" if n % 2 else "")
    assert len(jobs.all()) == KEPT
    jobs.clear()
    assert all(j.state == "fallo" and not j.may_repeat for j in jobs.all())
    jobs.note("Recibir", "sin permiso")
    jobs.note("Recibir", "sin permiso")
    assert [j.name for j in jobs.all()].count("Recibir") == 1
    assert jobs.advance(3) and not jobs.cancel(10_000) and not jobs.repeat(10_000)


def test_how_long_it_takes_is_told_as_people_read_it() -> None:
    now = datetime.fromisoformat("2026-11-23T10:00:00-05:00")

    def told(**ago: int) -> str:
        job = Job(1, "x", "corre", now - timedelta(**ago))
        return procesos_words.elapsed(procesos_words.of_job(job), now)

    assert told(seconds=65) == "1:05" and told(hours=2, seconds=70) == "2:01:10"
    assert told(days=3) == "3 días" and told(seconds=-5) == "0:00"
