"""What a person may do before they are let in."""

from __future__ import annotations

from dataclasses import dataclass

from tui.actions.common import LOBBY
from tui.actions.registry import FORM, Action, Context, of
from tui.texts import lobby as words


@dataclass(frozen=True, slots=True)
class Door(Context):
    """What its guards look at."""

    screen: str = LOBBY
    place: str = FORM
    choosing: bool = True
    """Whether the list is on screen, and not what one person is asked."""


def _asked(c: Door) -> str | None:
    return words.ALREADY_LIST if c.choosing else None


ACTIONS = of(
    LOBBY,
    Action("otra_persona", "Otra persona", "Muestra la lista, para que entre otra persona.",
           ("f2",), bar="Otra persona", guard=_asked),
    Action("volver_entrada", "Volver a la lista", "Vuelve de la clave a la lista de personas.",
           ("escape",), bar="Volver"),
    Action("elegir_persona", "Elegir persona", "Recorre las personas; se escribe para buscar.",
           ("up", "down", "pageup", "pagedown"), native=True),
    Action("entrar", "Entrar", "Elige a la persona, o entra con la clave escrita.",
           ("enter",), native=True),
)  # fmt: skip
