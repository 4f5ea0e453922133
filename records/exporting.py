"""The part of the door that writes what a search found as a table for a spreadsheet.

It tells on top what was asked, by whom and when: a list without its question is soon misread. Only
what is open to who asks is in it, and no cell is taken for a formula.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from records import lines
from records.errors import Refused
from records.fields import KIND_NAMES
from records.imported import mark
from records.lines import read_hour
from records.looking import Looking
from records.tracking import as_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from records.listing import Listed

MOST = 100_000
"""Rows of one file: a spreadsheet opens no more with ease."""
BATCH = 1000
TITLES = (
    "Radicado", "Fecha", "Clase", "Remitente", "Asunto", "Tipo", "Canal", "Dependencia",
    "Responsable", "Estado", "Vence", "Origen",
)  # fmt: skip


class Exported(msgspec.Struct, frozen=True):
    """A list that was written."""

    archivo: str
    filas: int


class Exporting(Looking):
    """Write a list."""

    def exportar_consulta(
        self,
        texto: str,
        *,
        orden: str = "numero",
        avance: Callable[[int], bool] = lambda _: True,
    ) -> Exported | None:
        """Write what fits a query, in an order, as CSV under `salida/consultas/`. *avance* is told
        how many rows are there so far; where it says no, nothing is written and None is the answer.

        Raises:
            Refused: more fits than a file should hold, or the query or the order cannot be.
        """
        ids = [ident for piece in self.listar(texto, orden=orden) for ident in piece]
        if len(ids) > MOST:
            raise Refused(
                "demasiados",
                f"La consulta da {len(ids)} radicados; un archivo lleva a lo más {MOST}.",
                consejo="Afínela: por año, por dependencia o por estado.",
            )
        rows: list[tuple[str, ...]] = []
        for at in range(0, len(ids), BATCH):
            rows += [self._cells(one) for one in self.renglones(ids[at : at + BATCH])]
            if not avance(len(rows)):
                return None
        now = lines.stamp(lines.now())
        head = list(self._head(texto, orden, now, len(rows)))
        name = re.sub(r"[^0-9]", "", now[:19])
        folder = self.home / "salida" / "consultas"
        self.disk.make_folder(folder)
        path = folder / f"consulta-{name}.csv"
        self.disk.publish(path, as_csv(head[0], [*head[1:], (), TITLES, *rows]))
        return Exported(str(path), len(rows))

    def _head(self, texto: str, orden: str, now: str, rows: int) -> Iterator[tuple[str, str]]:
        """Whose list it is, and what was asked."""
        person = self.authority.personas.get(self.persona or "")
        yield "Entidad", self.settings.entidad.nombre
        yield "Consulta", texto.strip() or "(todos)"
        yield "Orden", orden
        yield "Hecha", read_hour(now)
        yield "Por", person.nombre if person else "sin persona"
        yield "Radicados", str(rows)

    def _cells(self, row: Listed) -> tuple[str, ...]:
        person = self.authority.personas.get(row.responsable or "")
        return (
            row.radicado, row.fecha[:10], row.clase, row.remitente, row.asunto,
            KIND_NAMES.get(row.tipo or "", row.tipo or ""), row.canal or "", row.dependencia or "",
            person.nombre if person else row.responsable or "", row.estado, (row.vence or "")[:10],
            mark(row.origen) if row.origen else "",
        )  # fmt: skip
