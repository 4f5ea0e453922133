"""What a person may do in the room «Consulta»."""

from __future__ import annotations

from dataclasses import dataclass

from tui import texts
from tui.actions.registry import FORM, LIST, Action, Context, of
from tui.texts import consulta as words

CONSULTA = "consulta"


@dataclass(frozen=True, slots=True)
class Search(Context):
    """What its guards look at."""

    screen: str = CONSULTA
    chosen: bool = False
    """Whether there is a record under the cursor."""


def _chosen(c: Search) -> str | None:
    return None if c.chosen else words.NOTHING_CHOSEN


def _found(c: Search) -> str | None:
    return None if c.chosen else words.NOTHING_FOUND


def _person(c: Search) -> str | None:
    return None if c.person else texts.NO_PERSON


ACTIONS = of(
    CONSULTA,
    Action("consulta_escribir", "Escribir la consulta",
           "Va a la línea en que se escribe; lo hallado cambia mientras se escribe.",
           ("f3", "slash"), bar="Consulta"),
    Action("consulta_mirar", "Buscar otra vez", "Busca de nuevo lo mismo.", ("f5",)),
    Action("consulta_orden", "Ordenar",
           "Ordena por número, por fecha, por lo que vence primero o por remitente; cada vez, "
           "otro orden.", ("f6",), bar="Orden"),
    Action("consulta_orden_letra", "Ordenar", "Como F6.", ("s",), place=LIST),
    Action("consulta_ver", "Ver el documento",
           "Abre el PDF del radicado en el visor del sistema.",
           ("f7",), bar="Ver", guard=_chosen),
    Action("consulta_hoja", "Ver la hoja aquí",
           "Muestra en la terminal las páginas del radicado.", ("ctrl+x",), guard=_chosen),
    Action("consulta_ver_letra", "Ver el documento",
           "Abre el PDF del radicado en el visor del sistema.",
           ("o",), place=LIST, guard=_chosen),
    Action("consulta_exportar", "Exportar la lista",
           "Escribe lo hallado como tabla (CSV) en la carpeta de salida, con su consulta.",
           ("f8",), bar="Exportar", guard=_found),
    Action("consulta_exportar_letra", "Exportar la lista",
           "Escribe lo hallado como tabla (CSV) en la carpeta de salida, con su consulta.",
           ("e",), place=LIST, guard=_found),
    Action("consulta_filtrar", "Filtrar por un valor",
           "Añade a la consulta un valor del radicado elegido, como su remitente o su área.",
           ("comma",), place=LIST, guard=_chosen),
    Action("consulta_guardar", "Guardar la vista",
           "Guarda la consulta con su orden bajo una tecla del 1 al 9.",
           ("w",), place=LIST, guard=_person),
    Action("consulta_borrar", "Borrar una vista", "Suelta la tecla de una vista guardada.",
           ("x",), place=LIST, guard=_person),
    Action("consulta_vista", "Mostrar una vista guardada",
           "Cada cifra muestra la consulta que se guardó bajo ella.",
           tuple("123456789"), place=LIST, native=True),
    Action("consulta_abrir", "Abrir el radicado", "Muestra todo lo que se sabe de él.",
           ("enter",), place=LIST, native=True),
    Action("consulta_aceptar", "Aceptar la propuesta",
           "Escribe la propuesta elegida; las flechas eligen otra.",
           ("tab", "right"), place=FORM, native=True),
    Action("consulta_hoja_arriba", "Hoja: página anterior", "Recorre la hoja del radicado.",
           ("pageup",), place=FORM),
    Action("consulta_hoja_abajo", "Hoja: página siguiente", "Recorre la hoja del radicado.",
           ("pagedown",), place=FORM),
)  # fmt: skip
