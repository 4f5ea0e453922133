"""What the room «Archivo» has the door do: acts upon expedientes, exports, transfers, disposals.

What is quick goes by the clerk's lane. What reads or writes much goes by the lane behind, tells how
far it is, and stops where the door lets itself be stopped. A refusal comes back with the ticket of
what was asked, so that the screen can ask again with what was typed.
"""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from records.errors import Misuse, VentanillaError
from tui import archivo_sheets
from tui.messages import archivo as m
from tui.sanitize import line
from tui.tasks.core import said
from tui.texts import archivo as words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.message_pump import MessagePump

    from records.office import Office
    from retention.archive import Archivo
    from retention.fuid_columns import Norma
    from retention.inventory import Chosen
    from retention.profiles import Profile
    from retention.whole import Advance
    from tui.archivo_views import Trial
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
        """Lift what holds them: all of it, as the dialog says."""

        def work(door: Archivo) -> str:
            for name in names:
                door.liberar(name, values["motivo"], todas=True)
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

    # -- exports ------------------------------------------------------------------------------

    def try_transfer(self, to: MessagePump, names: Sequence[str], values: Mapping[str, str]) -> int:
        """What a transfer would write."""

        def work(door: Archivo, advance: Advance, ticket: int) -> Answer:
            target, profile = _path(values["destino"]), values["perfil"]
            found = door.ensayar_transferencia(
                names,
                target,
                motivo=values["motivo"],
                perfil=cast("Profile", profile),
                avance=advance,
            )
            trial = archivo_sheets.transfer_trial(found, str(target), profile)
            return m.Tried(ticket, trial)

        return self._long(to, "ensayo", work, stops=True)

    def transfer(self, to: MessagePump, names: Sequence[str], values: Mapping[str, str]) -> int:
        """Write the package of a transfer."""

        def work(door: Archivo, advance: Advance, ticket: int) -> Answer:
            sent = door.transferir(
                names,
                _path(values["destino"]),
                motivo=values["motivo"],
                perfil=cast("Profile", values["perfil"]),
                avance=advance,
            )
            told = words.sent(sent.transferencia, sent.archivos, sent.bytes, sent.paquete)
            return m.Done(ticket, line(told))

        return self._long(to, "paquete", work, stops=True)

    def try_fuid(self, to: MessagePump, names: Sequence[str], values: Mapping[str, str]) -> int:
        """What an inventory would hold: it is made, and not written."""

        def work(door: Archivo, _: Advance, ticket: int) -> Answer:
            norm, form = values["formato"].split()
            made = door.inventory(_chosen(names))
            size = len(door.fuid_file(made, cast("Norma", norm), form))
            return m.Tried(ticket, _file_trial(words.rows(len(made.filas)), size, values, names))

        return self._long(to, "ensayo", work)

    def fuid(self, to: MessagePump, names: Sequence[str], values: Mapping[str, str]) -> int:
        """Write an inventory."""

        def work(door: Archivo, _: Advance, ticket: int) -> Answer:
            norm, form = values["formato"].split()
            path = _path(values["archivo"])
            done = door.fuid(_chosen(names), norma=cast("Norma", norm), formato=form, salida=path)
            told = line(words.written(words.rows(done.filas), done.archivo))
            return m.Done(ticket, told, done.archivo)

        return self._long(to, "fuid", work)

    def try_table(self, to: MessagePump, values: Mapping[str, str]) -> int:
        """What the TRD's file would hold."""

        def work(door: Archivo, _: Advance, ticket: int) -> Answer:
            table, data = door.archivo_trd(values["formato"])
            return m.Tried(
                ticket, _file_trial(words.series(len(table.series)), len(data), values, ("trd",))
            )

        return self._long(to, "ensayo", work)

    def table(self, to: MessagePump, values: Mapping[str, str]) -> int:
        """Write the TRD in the official layout."""

        def work(door: Archivo, _: Advance, ticket: int) -> Answer:
            path = _path(values["archivo"])
            table = door.exportar_trd(values["formato"], path)
            told = line(words.written(words.series(len(table.series)), str(path)))
            return m.Done(ticket, told, str(path))

        return self._long(to, "trd", work)

    # -- packages -----------------------------------------------------------------------------

    def accept(self, to: MessagePump, values: Mapping[str, str]) -> int:
        """Take a package in."""

        def work(door: Archivo) -> str:
            taken = door.aceptar(_path(values["paquete"]), values["raiz"] or None)
            return words.accepted(taken.transferencia, taken.acta, taken.recibo)

        return self._told(to, "aceptar", work)

    def send_back(self, to: MessagePump, name: str, place: str, values: Mapping[str, str]) -> int:
        """Send a package back; where it is lost, by its number."""

        def work(door: Archivo) -> str:
            taken = door.devolver_paquete(Path(place) / name, values["motivo"])
            return words.sent_back(taken.transferencia)

        return self._act(to, work)

    def receipt(self, to: MessagePump, values: Mapping[str, str]) -> int:
        """Take the signed word of who received a package."""

        def work(door: Archivo) -> str:
            taken = door.recibo(_path(values["archivo"]), values["raiz"] or None)
            return words.settled(taken.transferencia, taken.estado)

        return self._told(to, "recibo", work)

    # -- disposals ----------------------------------------------------------------------------

    def propose(self, to: MessagePump, names: Sequence[str], values: Mapping[str, str]) -> int:
        """The first step."""

        def work(door: Archivo) -> str:
            seen = door.proponer(
                names, muestra=_number_of(values["muestra"]), motivo=values["motivo"]
            )
            return words.proposed(seen.propuesta)

        return self._told(to, "proponer", work)

    def publish(self, to: MessagePump, name: str) -> int:
        """The second."""

        def work(door: Archivo) -> str:
            seen = door.publicar(name)
            folder = door.office.home / "salida" / "eliminaciones" / seen.propuesta
            return words.published((seen.publicada or {}).get("hasta", ""), str(folder))

        return self._act(to, work)

    def observe(self, to: MessagePump, name: str, values: Mapping[str, str]) -> int:
        """Write down what somebody observed."""

        def work(door: Archivo) -> str:
            seen = door.observar(name, values["quien"], values["texto"])
            return words.observed(len(seen.observaciones), seen.propuesta)

        return self._act(to, work)

    def answer(self, to: MessagePump, name: str, values: Mapping[str, str]) -> int:
        """Answer an observation."""

        def work(door: Archivo) -> str:
            number = _number_of(values["n"])
            door.resolver(
                name,
                number or 0,
                values["motivo"],
                acoge=_yes(values["acoge"]),
                excluye=values["excluye"].replace(",", " ").split(),
            )
            return words.answered(number or 0, name)

        return self._act(to, work)

    def approve(self, to: MessagePump, name: str, values: Mapping[str, str]) -> int:
        """The committee's acta."""

        def work(door: Archivo) -> str:
            paper = _path(values["documento"]) if values["documento"] else None
            door.aprobar(name, values["acta"], fecha=day_of(values["fecha"]), documento=paper)
            return words.approved(name)

        return self._act(to, work)

    def sign(self, to: MessagePump, name: str, secret: str | None, *, erases: bool) -> int:
        """A signature of the order; the second one erases."""

        def work(door: Archivo) -> str:
            done = door.ejecutar(name, secret)
            if done.eliminado is None:
                return words.signed_once(name)
            gone = done.eliminado
            told = words.erased(name, gone.registros, gone.documentos, done.prueba)
            return " ".join([told, *done.avisos, words.BACKUPS])

        return self._told(to, "eliminar" if erases else "firmar", work)

    def prove(self, to: MessagePump, name: str) -> int:
        """Look whether anything is left, and give the acta."""
        return self._told(to, "probar", lambda door: words.proven(name, door.probar(name).acta))

    def withdraw(self, to: MessagePump, name: str, values: Mapping[str, str]) -> int:
        """Give a disposal up."""

        def work(door: Archivo) -> str:
            door.retirar_eliminacion(name, values["motivo"])
            return words.withdrawn(name)

        return self._act(to, work)


def _numbers(door: Archivo, ids: Sequence[Id]) -> list[str]:
    """The numbers of records of a list, in its order."""
    batches = (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))
    return [one.radicado for batch in batches for one in door.office.renglones(batch)]


def _chosen(names: Sequence[str]) -> Chosen:
    from retention.inventory import Chosen

    return Chosen(expedientes=names)


def _file_trial(rows: str, size: int, values: Mapping[str, str], names: Sequence[str]) -> Trial:
    path = _path(values["archivo"])
    return archivo_sheets.file_trial(rows, size, str(path), names, there=path.exists())


def _path(text: str) -> Path:
    return Path(text.strip()).expanduser().absolute()


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
        raise Misuse("uso", f"«{line(text)}» {words.NOT_A_DAY}") from error


def _number_of(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError as error:
        raise Misuse("uso", f"«{line(text)}» {words.NOT_A_NUMBER}") from error


def _yes(text: str) -> bool:
    said_ = text.strip().lower()
    if said_ not in words.YES + words.NO:
        raise Misuse("uso", words.SAY_YES_OR_NO)
    return said_ in words.YES
