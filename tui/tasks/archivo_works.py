"""What the room «Archivo» has the door write and move: exports, packages, disposals.

What reads or writes much goes by the lane behind, tells how far it is, and stops where the door
lets itself be stopped.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from records.errors import Misuse
from tui import archivo_sheets
from tui.messages import archivo as m
from tui.sanitize import line
from tui.tasks.archivo_acts import ArchivoActs, day_of, yes
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.message_pump import MessagePump

    from retention.archive import Archivo
    from retention.fuid_columns import Norma
    from retention.inventory import Chosen
    from retention.profiles import Profile
    from retention.whole import Advance
    from tui.archivo_views import Trial
    from tui.messages import Answer


class ArchivoWorks(ArchivoActs):
    """Works."""

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
                acoge=yes(values["acoge"]),
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


def _chosen(names: Sequence[str]) -> Chosen:
    from retention.inventory import Chosen

    return Chosen(expedientes=names)


def _file_trial(rows: str, size: int, values: Mapping[str, str], names: Sequence[str]) -> Trial:
    path = _path(values["archivo"])
    return archivo_sheets.file_trial(rows, size, str(path), names, there=path.exists())


def _path(text: str) -> Path:
    return Path(text.strip()).expanduser().absolute()


def _number_of(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError as error:
        raise Misuse("uso", f"«{line(text)}» {forms.NOT_A_NUMBER}") from error
