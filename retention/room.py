"""The ground of the door `Archivo`: the office, who acts, expedientes and the TRD by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import erasure, lines, norms, trd
from records.errors import Damaged, Refused
from records.events import in_order
from records.expedientes import Expediente, fold, subject_of
from records.journal import Draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from records.events import Event
    from records.fact import Fact
    from records.office import Office
    from records.trd import Row, Table

FILES = "Acuerdo 002 de 2014 (AGN), art. 4"
"""All documents of one matter lie in one expediente."""
KEEPER = "archivista"


def refused(codigo: str, mensaje: str, norma: str, consejo: str = "") -> Refused:
    """A refusal that names the norm in force today."""
    return Refused(codigo, mensaje, consejo=consejo, norma=norms.cite(norma, today()))


def today() -> date:
    """The day in Colombia."""
    return lines.now().date()


class Room:
    """An archive over an office."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._tables: dict[str, Table] = {}
        self._row_cache: dict[tuple[str, str], Row] = {}
        """Rows by version and code: what is due asks for one of each expediente."""

    # -- who acts -----------------------------------------------------------------------------

    def _keeper(self, *others: str) -> str:
        """Who acts, an archivist or one of *others*.

        Raises:
            Refused: nobody is named, or they are none.
        """
        office = self.office
        return office.authority.require(office.persona, KEEPER, *others).id

    def _handler(self, dependencia: str) -> str:
        """Who acts upon an expediente of a dependencia: an archivist, or one of its own people."""
        office = self.office
        person = office.authority.require(office.persona)
        area = office.authority.areas.get(dependencia)
        roles = office.authority.roles_of(person.id)
        own = person.dependencia is not None and person.dependencia == dependencia
        if KEEPER in roles or own or (area is not None and area.jefe == person.id):
            return person.id
        raise refused(
            "sin_permiso",
            f"{person.nombre} no trabaja en la dependencia {dependencia or 'de ese expediente'} ni "
            "es archivista.",
            FILES,
            "Actúe con --persona de la dependencia, o de quien lleva el archivo.",
        )

    # -- expedientes --------------------------------------------------------------------------

    def expediente(self, numero: str) -> Expediente:
        """The expediente that bears a number.

        Raises:
            Refused: there is none.
        """
        self.office.index.catch_up()
        found = fold(self._events(numero.strip())) or fold(self._events(numero.strip().upper()))
        if found is None:
            raise refused(
                "no_existe",
                f"No hay ningún expediente {numero.strip() or '«»'}.",
                FILES,
                "Véalos con «ventanilla expediente lista».",
            )
        return found

    def _events(self, numero: str) -> list[Event]:
        return in_order(self.office.index.events(subject_of(numero)))

    def _alive(self, numero: str) -> Expediente:
        """An expediente of which something may still be said here."""
        state = self.expediente(numero)
        if state.desconocida:
            raise Refused(
                "mas_nuevo",
                f"{state.numero} tiene hechos de una versión más nueva de este programa.",
                consejo="Aquí se consulta; para seguir, actualice el programa.",
            )
        if state.eliminado is not None:
            raise refused(
                "eliminado",
                f"{state.numero} se eliminó por {state.eliminado.eliminacion}: quedan su nombre y "
                "las huellas de lo que hubo.",
                FILES,
            )
        for one in erasure.ordered(self.office):
            if state.numero in one.condenados:
                raise refused(
                    "eliminado",
                    f"Dos personas ordenaron eliminar {state.numero} por {one.numero}.",
                    FILES,
                    "Lo que quede por borrar se termina con «ventanilla recuperar».",
                )
        return state

    def _open(self, numero: str) -> Expediente:
        state = self._alive(numero)
        if state.cerrado is not None:
            raise refused(
                "expediente_cerrado",
                f"{state.numero} se cerró el {state.cerrado.fecha}: no entra ni sale nada.",
                FILES,
                f"Si hace falta, reábralo con su razón: «expediente reabrir {state.numero} "
                "--motivo …».",
            )
        return state

    def _say(
        self,
        numero: str,
        look: Callable[[str], Expediente],
        fact_of: Callable[[Expediente], Fact],
        actor: str,
        ficha: dict[str, str] | None = None,
    ) -> Event:
        """Append one fact on an expediente, judged under the lock."""

        def plan(_: object) -> list[Draft]:
            fact = fact_of(look(numero))
            told = {k: v for k, v in (ficha or {}).items() if v}
            return [Draft(fact, subject_of(numero), actor, (), told or None)]

        return self.office.asentar(plan)[0]

    # -- the TRD ------------------------------------------------------------------------------

    def table(self, digest: str) -> Table:
        """A version of the TRD by its hash.

        Raises:
            Damaged: it is not in the vault as it was adopted.
        """
        held = self._tables.get(digest)
        if held is None:
            held = self._tables[digest] = trd.read(self.office.vault.read(digest))
        return held

    def row_of(self, serie: str, digest: str) -> Row:
        """The row under which an expediente was opened, in the version of that day."""
        held = self._row_cache.get((digest, serie))
        if held is not None:
            return held
        row = self.table(digest).row(serie)
        if row is None:
            raise Damaged(
                "serie_ausente",
                f"La versión {digest[:12]} de la TRD no tiene la serie {serie}.",
                consejo="Ejecute «ventanilla verificar».",
            )
        self._row_cache[digest, serie] = row
        return row
