"""What a person may do in the room «Tablero»."""

from __future__ import annotations

from dataclasses import dataclass

from tui.actions.registry import LIST, Action, Context, of
from tui.texts import tablero as words

TABLERO = "tablero"


@dataclass(frozen=True, slots=True)
class Looking(Context):
    """What its guards look at."""

    screen: str = TABLERO
    chosen: bool = False
    """Whether there is a line under the cursor."""


def _chosen(c: Looking) -> str | None:
    return None if c.chosen else words.NOTHING_CHOSEN


ACTIONS = of(
    TABLERO,
    Action("tablero_filtrar", "Filtrar las líneas", "Deja las líneas que tengan esas palabras.",
           ("f3", "slash"), bar="Filtrar"),
    Action("tablero_alertas", "Alertas", "Lo que vence o venció, y qué debe hacer quién; otra "
           "vez, las cifras.", ("f4",), bar="Alertas"),
    Action("tablero_alertas_letra", "Alertas", "Como F4.", ("a",), place=LIST),
    Action("tablero_mirar", "Contar otra vez", "Vuelve a contar.", ("f5",), bar="Contar"),
    Action("tablero_abrir", "Mostrar los que son",
           "Lleva a la sala que los muestra, con la consulta que halla solo esos.",
           ("f7",), bar="Mostrar", guard=_chosen),
    Action("tablero_enter", "Mostrar los que son", "Como F7.", ("enter",), place=LIST,
           native=True),
)  # fmt: skip
