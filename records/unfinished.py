"""The part of the door that keeps what a person typed into a form and has not done yet.

It is no fact of the office: it lies beside the drafts of receptions (`catalog.Store`) until the act
is done or the text is emptied, so that a session that was lost loses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tinydb import where

from records.catalog import Store
from records.errors import Damaged, MachineCannot, reason
from records.home import Home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinydb.queries import QueryInstance

FILE, TABLE = "catalog.json", "a_medias"


class Unfinished(msgspec.Struct, frozen=True):
    """A form that was begun: for which act, about what, and what was typed."""

    acto: str
    sobre: list[str]
    escrito: dict[str, str]


class UnfinishedForms(Home):
    """Keep, tell and drop them."""

    def a_medias(self) -> list[Unfinished]:
        """Those of who acts; of nobody, none.

        Raises:
            Damaged: somebody changed the file by hand.
        """
        if self.persona is None or not (self.home / FILE).exists():
            return []
        try:
            with Store(self.home / FILE, self.disk).reading() as db:
                found = db.table(TABLE).search(where("persona") == self.persona)
            return [msgspec.convert(dict(row), Unfinished) for row in found]
        except (Damaged, msgspec.ValidationError) as error:
            raise _damaged(self) from error

    def guardar_a_medias(self, acto: str, sobre: list[str], escrito: Mapping[str, str]) -> None:
        """Keep what was typed into a form; nothing typed drops it.

        Raises:
            Refused: nobody asks.
            MachineCannot: nothing can be written here.
        """
        persona = self.authority.require(self.persona).id
        same = _of(persona, acto, sobre)
        row = {"persona": persona, **msgspec.to_builtins(Unfinished(acto, sobre, dict(escrito)))}
        try:
            with Store(self.home / FILE, self.disk).locked() as db:
                if any(escrito.values()):
                    db.table(TABLE).upsert(row, same)
                else:
                    db.table(TABLE).remove(same)
        except Damaged as error:
            raise _damaged(self) from error
        except OSError as error:
            raise MachineCannot(
                "a_medias_sin_guardar",
                f"Lo escrito no se puede guardar aquí ({reason(error)}).",
                consejo="Termínelo antes de salir: si se cierra, se pierde.",
            ) from error


def _of(persona: str, acto: str, sobre: list[str]) -> QueryInstance:
    query: QueryInstance = (
        (where("persona") == persona) & (where("acto") == acto) & (where("sobre") == sobre)
    )
    return query


def _damaged(office: Home) -> Damaged:
    return Damaged(
        "a_medias_danado",
        f"{office.home / FILE} no se entiende: alguien lo cambió por fuera.",
        consejo="Muévalo a otra parte: guarda lo que cada persona tiene a medias.",
    )
