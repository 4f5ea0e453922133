"""The part of the door that keeps a person's saved views: a query under a digit, for each room.

They are a person's own convenience and no fact of the office: they lie beside the drafts
(`catalog.Store`), travel with a backup, and nothing depends on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tinydb import where

from records import fields
from records.catalog import Store
from records.errors import Damaged, MachineCannot, Refused, reason
from records.grammar import MAX_QUERY, ask
from records.home import Home
from records.listing import stretches

if TYPE_CHECKING:
    from collections.abc import Callable

    from tinydb.queries import QueryInstance
    from tinydb.table import Table

FILE, TABLE = "catalog.json", "vistas"
SEARCH = "consulta"
KEYS = range(1, 10)
"""The digits under which a view is kept."""
LONGEST_NAME = 30


class Vista(msgspec.Struct, frozen=True):
    """A query that a person keeps under a digit, and the order in which they look at it."""

    tecla: int
    nombre: str
    consulta: str
    orden: str = "numero"


class SavedViews(Home):
    """Keep, tell and drop them."""

    def vistas(self, sala: str = SEARCH) -> list[Vista]:
        """Those of who acts, of a room, by their digit; of nobody, none.

        Raises:
            Damaged: somebody changed the file by hand.
        """
        persona = self.persona
        if persona is None or not (self.home / FILE).exists():
            return []
        try:
            with self._views.reading() as db:
                found = db.table(TABLE).search(_of(sala, persona))
            views = [msgspec.convert(dict(row), Vista) for row in found]
        except (Damaged, msgspec.ValidationError) as error:
            raise _damaged(self) from error
        return sorted(views, key=lambda v: v.tecla)

    def guardar_vista(
        self,
        nombre: str,
        consulta: str,
        *,
        tecla: int | None = None,
        orden: str = "numero",
        sala: str = SEARCH,
    ) -> Vista:
        """Keep a query under a digit (the first free one); what was under it goes.

        Raises:
            Refused: nobody asks, it has no name, the query cannot be, or no digit is free.
            MachineCannot: nothing can be written here.
        """
        persona = self.authority.require(self.persona).id
        name = fields.clean_text(nombre)[:LONGEST_NAME].strip()
        if not name:
            raise Refused("sin_nombre", "La vista necesita un nombre.")
        stretches(orden)
        ask(consulta)
        taken = {v.tecla for v in self.vistas(sala)}
        key = tecla or next((k for k in KEYS if k not in taken), None)
        if key is None:
            raise Refused(
                "vistas_llenas",
                "Las nueve teclas tienen ya su vista.",
                consejo="Diga cuál cambia escribiendo su cifra delante del nombre: «3 Vencidos».",
            )
        if key not in KEYS:
            raise Refused("tecla", "Una vista se guarda bajo una cifra del 1 al 9.")
        view = Vista(key, name, consulta.strip()[:MAX_QUERY], orden)
        row = {"sala": sala, "persona": persona, **msgspec.to_builtins(view)}
        self._change(lambda table: table.upsert(row, _of(sala, persona) & (where("tecla") == key)))
        return view

    def borrar_vista(self, tecla: int, *, sala: str = SEARCH) -> None:
        """Drop the view under a digit.

        Raises:
            Refused: nobody asks, or nothing is kept under it.
            MachineCannot: nothing can be written here.
        """
        persona = self.authority.require(self.persona).id
        if all(v.tecla != tecla for v in self.vistas(sala)):
            raise Refused("no_existe", f"Bajo el {tecla} no hay ninguna vista.")
        self._change(lambda table: table.remove(_of(sala, persona) & (where("tecla") == tecla)))

    @property
    def _views(self) -> Store:
        return Store(self.home / FILE, self.disk)

    def _change(self, change: Callable[[Table], object]) -> None:
        try:
            with self._views.locked() as db:
                change(db.table(TABLE))
        except Damaged as error:
            raise _damaged(self) from error
        except OSError as error:
            raise MachineCannot(
                "vistas_sin_guardar",
                f"Las vistas no se pueden guardar aquí ({reason(error)}).",
                consejo="La consulta sigue sirviendo; solo no queda guardada.",
            ) from error


def _of(sala: str, persona: str) -> QueryInstance:
    query: QueryInstance = (where("sala") == sala) & (where("persona") == persona)
    return query


def _damaged(office: Home) -> Damaged:
    return Damaged(
        "vistas_danadas",
        f"{office.home / FILE} no se entiende: alguien lo cambió por fuera.",
        consejo="Muévalo a otra parte: solo guarda las vistas de cada persona.",
    )
