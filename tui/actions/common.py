"""What a person may do wherever they are: go to another room, look for an order, leave."""

from __future__ import annotations

from tui import texts
from tui.actions.registry import LIST, Action, Context

LOBBY = "entrada"
"""The screen before all others, and over them: there nothing is done but to come in or leave."""
EVERYWHERE = ("*",)


def _somebody(c: Context) -> str | None:
    return None if c.person else texts.NO_PERSON


ACTIONS = (
    Action("ayuda", "Ayuda", "El manual de donde está: qué se hace aquí y cómo.",
           ("f1",), EVERYWHERE, bar="Ayuda"),
    Action("teclas", "Todas las teclas", "Las teclas de aquí, con lo que hacen.",
           ("question_mark",), EVERYWHERE),
    Action("ordenes", "Órdenes", "Busca una orden por su nombre.",
           ("ctrl+p", "colon"), EVERYWHERE),
    Action("atras", "Atrás", "Sale de donde está, un paso: de los datos a la cola.",
           ("escape",), EVERYWHERE),
    Action("salir", "Salir", "Cierra Ventanilla. Lo escrito ya está guardado.",
           ("ctrl+q",), (*EVERYWHERE, LOBBY)),
    Action("persona", "Cambiar de persona o bloquear",
           "Guarda lo escrito y cubre la pantalla hasta que alguien entre con su clave.",
           ("ctrl+y",), EVERYWHERE),
    Action("recorrer", "Recorrer la lista",
           "Elige otra línea: una a una (también j y k), por páginas, al extremo (g y G).",
           ("up", "down", "pageup", "pagedown", "home", "end"), EVERYWHERE, LIST, native=True),
)  # fmt: skip
