"""The rooms, who enters them, and the keys that lead there: one apart from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tui import texts
from tui.actions.common import EVERYWHERE
from tui.actions.registry import Action, Context

CLERKS = frozenset({"ventanilla", "jefe_correspondencia"})
ARCHIVISTS = frozenset({"archivista"})
KEEPERS = frozenset({"jefe_correspondencia", "archivista", "auditor", "admin"})
EVERYBODY = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Place:
    """A room: its name, who enters it (nobody named: everybody), and where its screen is."""

    id: str
    title: str
    key: str
    help: str
    roles: frozenset[str]
    screen: str
    """Module and class."""

    def admits(self, roles: Collection[str]) -> bool:
        """Whether a person of these roles enters."""
        return not self.roles or bool(self.roles & frozenset(roles))


PLACES = (
    Place("recepcion", "Recepción", "ctrl+r", "La cola de lo que llegó y espera su número.",
          CLERKS, "tui.screens.por_radicar:PorRadicar"),
    Place("area", "Área", "ctrl+e", "Lo que espera a alguien: asignar, responder, firmar.",
          EVERYBODY, "tui.screens.area:AreaScreen"),
    Place("archivo", "Archivo", "ctrl+k",
          "La TRD, los expedientes, lo que se transfiere y lo que se elimina.",
          KEEPERS | {"jefe_area"}, "tui.screens.archivo:ArchivoScreen"),
    Place("consulta", "Consulta", "ctrl+f", "Busca entre todos los radicados, y los muestra.",
          EVERYBODY, "tui.screens.consulta:ConsultaScreen"),
    Place("tablero", "Tablero", "ctrl+d", "La oficina en cifras, y lo que vence y a quién le toca.",
          EVERYBODY, "tui.screens.tablero:TableroScreen"),
    Place("procesos", "Procesos en curso", "ctrl+g",
          "Lo que se lee, se firma, se exporta o se verifica, cuánto lleva y qué falló.",
          EVERYBODY, "tui.screens.procesos:ProcesosScreen"),
    Place("integridad", "Integridad", "ctrl+t",
          "Si algo se perdió o se cambió: verificación, sello, copias, llaves.",
          KEEPERS, "tui.screens.integridad:IntegridadScreen"),
)  # fmt: skip
BY_ID = {place.id: place for place in PLACES}
_HOMES = (("recepcion", CLERKS), ("archivo", ARCHIVISTS))
"""Which room opens first, by role; for all others the tray of their área."""


def home_of(roles: Collection[str]) -> str:
    """The room with which a person's day begins."""
    held = frozenset(roles)
    first = next((room for room, who in _HOMES if held & who), "area")
    return first if first in BY_ID and BY_ID[first].admits(held) else "recepcion"


def _admits(place: Place) -> Callable[[Context], bool]:
    def offered(context: Context) -> bool:
        return not context.person or place.admits(context.roles)

    return offered


def _admitted(place: Place) -> Callable[[Context], str | None]:
    def guard(context: Context) -> str | None:
        return None if _admits(place)(context) else texts.not_your_room(place.title)

    return guard


ACTIONS = tuple(
    Action(f"ir_{p.id}", p.title, p.help, (p.key,), EVERYWHERE, guard=_admitted(p),
           offered=_admits(p))
    for p in PLACES
)  # fmt: skip
