"""A version of the TRD becomes a fact of the entity (Ley 594 de 2000, art. 24).

The archivist's act in the authority's log; how a table is read from a file, and what is done with
it, is the archive's. Facts: `records.trd`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import lines, trd
from records.errors import Refused
from records.home import Home

if TYPE_CHECKING:
    from records.events import Event
    from records.trd import Table, TableAdopted

ARCHIVE = ("archivista", "admin")
LAW = "Ley 594 de 2000, art. 24"
AHEAD = 2
"""Years from today after which the first day of a version is taken for an error of typing."""


class Adopting(Home):
    """Adopt versions of the TRD."""

    def adoptar_trd(self, table: Table) -> Event:
        """Keep a version of the TRD and say that it holds from its day on.

        Raises:
            Refused: who asks is no archivist, or the version, its act or its day will not do.
        """
        self._look_again()
        actor = self.authority.require(self.persona, *ARCHIVE, norma=LAW).id
        self._check_table(table)
        digest = self.vault.put(trd.written(table), "json")
        self.index.catch_up()
        with self.open_log(self.authority_journal) as writer:
            self.index.catch_up()
            self._look_again()
            self._check_table(table)  # another may have been adopted meanwhile
            event = self._append(writer, trd.adoption(table, digest), trd.SUBJECT, actor)
        self.__dict__.pop("authority", None)
        return event

    def versiones_trd(self) -> list[TableAdopted]:
        """The versions adopted until now, in their order."""
        self._look_again()
        return list(self.authority.tablas)

    def _check_table(self, table: Table) -> None:
        adopted = self.authority.tablas
        if not table.series:
            raise Refused("trd_vacia", "La tabla no tiene ninguna serie.")
        if not table.acto or not table.version:
            raise Refused("trd_acto", "Hace falta la versión, y el acto que aprobó la tabla.")
        if not lines.is_day(table.desde):
            raise Refused("fecha", "La fecha se escribe así: 2026-12-31.")
        if any(one.version == table.version for one in adopted):
            raise Refused(
                "trd_version",
                f"Ya hay una versión {table.version} de la TRD.",
                consejo="Una versión adoptada no cambia: dé otro nombre con --version.",
            )
        now = lines.now().date()
        if table.desde > f"{now.year + AHEAD}{now:-%m-%d}":
            raise Refused(
                "trd_fecha",
                f"La TRD regiría desde el {table.desde}, más de dos años después de hoy, {now}: "
                "parece un error al escribir la fecha, y no se adoptó nada.",
                consejo="Escriba con --desde el primer día en que rige, o adóptela más cerca de "
                "ese día.",
            )
        holds = trd.in_force(adopted, now.isoformat())
        if holds is not None and table.desde < holds.desde:
            raise Refused(
                "trd_fecha",
                f"Otra versión de la TRD rige desde el {holds.desde}, después del {table.desde}.",
                consejo="La nueva rige desde ese día o uno posterior: dígalo con --desde.",
            )
