"""The part of the door for old collections: their inventory is kept, and told by a fact.

Ley 594 de 2000, art. 26; the file is read in `retention.backlog`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records import fields
from records.errors import Damaged, Refused
from records.journal import Draft
from records.lines import canonical, sha256
from records.preserving import FundListed, fund_subject
from retention import backlog, trd_reading
from retention.backlog import FundRow
from retention.room import Room, refused, today
from retention.trd_import import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from records.events import Event
    from records.journal import Writer

INVENTORY = "Ley 594 de 2000, art. 26"
TYPE = "fondo.inventariado"


class Fund(msgspec.Struct, frozen=True, kw_only=True):
    """An old collection as its document in the vault tells it."""

    entidad: str
    nombre: str
    archivo: str
    """The name of the file that it came from, and its hash."""
    origen: str
    filas: list[FundRow]


class FundTaken(msgspec.Struct, frozen=True):
    """What came of an import."""

    fondo: str | None
    """None: nothing was taken."""
    nombre: str
    filas: int
    rechazadas: list[Rejected]
    documento: str | None = None
    evento: str | None = None
    avisos: list[str] = []


class FundListing(msgspec.Struct, frozen=True):
    """An old collection in a list."""

    fondo: str
    nombre: str
    filas: int
    fecha: str
    actor: str
    documento: str


class FundView(msgspec.Struct, frozen=True):
    """An old collection with its rows."""

    fondo: str
    nombre: str
    entidad: str
    archivo: str
    fecha: str
    actor: str
    documento: str
    filas: list[FundRow]


class DirtyFund(Refused):
    """An inventory with dirty rows that nobody accepted to leave out; nothing changed."""

    def __init__(self, found: FundTaken) -> None:
        super().__init__(
            "fondo_sucio",
            f"Filas que no se entienden: {len(found.rechazadas)}. No se tomó nada.",
            consejo="Corríjalas y repita, o tome solo las demás con --aceptar-limpias.",
        )
        self.found = found


class Funds(Room):
    """Old collections."""

    def importar_fondo(
        self,
        archivo: Path,
        *,
        nombre: str = "",
        aceptar_limpias: bool = False,
        columnas: Mapping[str, str] | None = None,
    ) -> FundTaken:
        """Keep the inventory of an old collection, from a CSV or XLSX.

        Raises:
            DirtyFund: rows were rejected, and nobody accepted that.
            Refused: who asks is no archivist, the file is no inventory, or it was taken before.
        """
        actor, office = self._keeper(), self.office
        book = trd_reading.read(archivo)
        found = backlog.read_fund(book, columnas or {}, today())
        name = fields.clean_text(nombre) or archivo.stem
        taken = FundTaken(None, name, len(found.filas), found.rechazadas, avisos=found.avisos)
        if found.rechazadas and not (aceptar_limpias and found.filas):
            raise DirtyFund(taken)
        made = Fund(
            entidad=office.settings.entidad.nombre,
            nombre=name,
            archivo=fields.clean_text(archivo.name),
            origen=sha256(archivo.read_bytes()),
            filas=found.filas,
        )
        digest = office.vault.put(canonical(msgspec.to_builtins(made)), "json")

        def plan(writer: Writer) -> list[Draft]:
            self._check_new(digest)
            number = self._next_fund(int(writer.at()[:4]))
            fact = FundListed(fondo=number, filas=len(found.filas), documento=digest)
            return [Draft(fact, fund_subject(number), actor)]

        (event,) = office.asentar(plan)
        return msgspec.structs.replace(
            taken, fondo=str(event.data["fondo"]), documento=digest, evento=event.hash
        )

    def fondos(self) -> list[FundListing]:
        """The old collections that were inventoried, in the order of their facts."""
        return [self._listing(event, self._rows_of(event)) for event in self._told()]

    def fondo(self, numero: str) -> FundView:
        """An old collection with its rows.

        Raises:
            Refused: there is none of that number.
            Damaged: its document is not what was kept.
        """
        number = numero.strip().upper()
        event = next((e for e in self._told() if e.data["fondo"] == number), None)
        if event is None:
            raise refused(
                "no_existe", f"No hay ningún fondo {number or '«»'}.", INVENTORY,
                "Véalos con «ventanilla fondo lista».",
            )  # fmt: skip
        made = self._rows_of(event)
        return FundView(
            number, made.nombre, made.entidad, made.archivo, event.at, event.actor,
            str(event.data["documento"]), made.filas,
        )  # fmt: skip

    def _told(self) -> list[Event]:
        self.office.index.catch_up()
        return self.office.index.of_type(TYPE)

    def _check_new(self, digest: str) -> None:
        for event in self._told():
            if event.data["documento"] == digest:
                raise refused(
                    "ya_inventariado", f"Ese inventario ya es el fondo {event.data['fondo']}.",
                    INVENTORY, "No se cambió nada.",
                )  # fmt: skip

    def _next_fund(self, year: int) -> str:
        """The next number: a fund is named by year, punto and how many there were."""
        first = f"FA-{year}-{self.office.punto}-"
        named = [str(e.data["fondo"]) for e in self._told()]
        used = [int(name[len(first) :]) for name in named if name.startswith(first)]
        return f"{first}{max(used, default=0) + 1}"

    def _rows_of(self, event: Event) -> Fund:
        data = self.office.vault.read(str(event.data["documento"]))
        try:
            return msgspec.json.decode(data, type=Fund)
        except msgspec.MsgspecError as error:
            raise Damaged(
                "fondo_danado", f"El inventario de {event.data['fondo']} no se puede leer."
            ) from error

    @staticmethod
    def _listing(event: Event, made: Fund) -> FundListing:
        return FundListing(
            str(event.data["fondo"]), made.nombre, len(made.filas), event.at, event.actor,
            str(event.data["documento"]),
        )  # fmt: skip
