"""What a person may do in the room «Procesos en curso»."""

from __future__ import annotations

from dataclasses import dataclass

from tui.actions.registry import LIST, Action, Context, of
from tui.texts import procesos as words

PROCESOS = "procesos"


@dataclass(frozen=True, slots=True)
class Running(Context):
    """What its guards look at."""

    screen: str = PROCESOS
    chosen: bool = False
    """Whether there is a line under the cursor."""
    reading: bool = False
    """Whether that is a document that is being read."""
    may_cancel: bool = False
    may_repeat: bool = False


def _cancel(c: Running) -> str | None:
    if not c.chosen:
        return words.NOTHING_CHOSEN
    if c.reading:
        return words.READING_ITSELF
    return None if c.may_cancel else words.NOT_CANCELLED


def _repeat(c: Running) -> str | None:
    if not c.chosen:
        return words.NOTHING_CHOSEN
    return None if c.may_repeat else words.NOT_REPEATED


def _chosen(c: Running) -> str | None:
    return None if c.chosen else words.NOTHING_CHOSEN


ACTIONS = of(
    PROCESOS,
    Action("procesos_filtrar", "Filtrar los procesos", "Deja las líneas que tengan esas palabras.",
           ("f3", "slash"), bar="Filtrar"),
    Action("procesos_mirar", "Mirar otra vez", "Vuelve a mirar qué está en curso.", ("f5",),
           bar="Mirar"),
    Action("procesos_ver", "Ver entero",
           "Muestra todo lo que se sabe del proceso; de una carta, va a donde está.", ("f7",),
           bar="Ver", guard=_chosen),
    Action("procesos_enter", "Ver entero", "Como F7.", ("enter",), place=LIST, native=True),
    Action("procesos_cancelar", "Cancelar", "Detiene el proceso elegido, sin dejar nada a medias.",
           ("f8",), bar="Cancelar", guard=_cancel),
    Action("procesos_cancelar_letra", "Cancelar", "Como F8.", ("x", "delete"), place=LIST,
           guard=_cancel),
    Action("procesos_repetir", "Repetir", "Pide otra vez lo que falló o se canceló.",
           ("f9",), bar="Repetir", guard=_repeat),
    Action("procesos_repetir_letra", "Repetir", "Como F9.", ("r",), place=LIST, guard=_repeat),
    Action("procesos_limpiar", "Quitar lo terminado",
           "Quita de la lista lo que terminó; lo que falló queda.", ("l",), place=LIST),
)  # fmt: skip
