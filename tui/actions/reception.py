"""What a person may do in the room «Por radicar»."""

from __future__ import annotations

from dataclasses import dataclass

from tui import texts
from tui.actions.registry import FORM, LIST, Action, Context, of

MAIN = "recepcion"


@dataclass(frozen=True, slots=True)
class Desk(Context):
    """What its guards look at."""

    screen: str = MAIN
    letter: bool = False
    others: int = 0
    """Open records of the letter's sender."""
    unreadable: bool = False
    """Whether the list shows «No se pudo leer»."""
    holder: str = ""
    numbering: bool = False
    numbered: bool = False
    clerk: bool = True
    """Whether the person's role may type and number."""
    list_field: bool = False
    undo: bool = False
    """Whether something is left that can be undone."""
    repeat: bool = False
    """Whether the letter before had values of its own to give."""


def _letter(c: Desk) -> str | None:
    return None if c.letter else texts.NO_LETTER


def _clerk(c: Desk) -> str | None:
    if not c.person:
        return texts.NO_PERSON
    return None if c.clerk else texts.NOT_A_CLERK


def _number(c: Desk) -> str | None:
    if reason := _clerk(c) or _letter(c):
        return reason
    if c.numbering:
        return texts.NUMBERING
    if c.unreadable:
        return texts.NOT_READABLE
    return texts.somebody_has_it(c.holder) if c.holder else None


def _discard(c: Desk) -> str | None:
    if reason := _clerk(c) or _letter(c):
        return reason
    return texts.NUMBERING if c.numbering else None


def _join(c: Desk) -> str | None:
    return _discard(c) or (texts.somebody_has_it(c.holder) if c.holder else None)


def _tie(c: Desk) -> str | None:
    return _number(c) or (None if c.others else texts.NOTHING_OPEN)


def _take(c: Desk) -> str | None:
    if reason := _clerk(c) or _letter(c):
        return reason
    return texts.NOT_READABLE if c.unreadable else None


def _counter(c: Desk) -> str | None:
    return _clerk(c) or (texts.NUMBERING if c.numbering else None)


def _label(c: Desk) -> str | None:
    return None if c.numbered else texts.NO_NUMBER_YET


def _choose(c: Desk) -> str | None:
    return None if c.list_field else texts.NOT_A_LIST


def _retry(c: Desk) -> str | None:
    if not c.unreadable:
        return texts.ONLY_UNREADABLE
    return _letter(c)


def _undo(c: Desk) -> str | None:
    return _clerk(c) or (None if c.undo else texts.NOTHING_TO_UNDO)


def _repeat(c: Desk) -> str | None:
    return _number(c) or (None if c.repeat else texts.NOTHING_TO_REPEAT)


ACTIONS = of(
    MAIN,
    Action("radicar", "Radicar y seguir",
           "Da el número a la carta y abre la siguiente. Enter nunca radica.",
           ("f2",), bar="Radicar", guard=_number),
    Action("consultar", "Buscar", "Busca entre los radicados.", ("f3", "slash"), bar="Buscar"),
    Action("elegir", "Elegir de la lista",
           "Muestra los valores de un campo que los tiene (tipo, dependencia, canal…).",
           ("f4",), place=FORM, guard=_choose),
    Action("rotulo", "Repetir el rótulo", "Guarda o imprime otra vez el rótulo del último número.",
           ("f5",), bar="Rótulo", guard=_label),
    Action("mostrador", "Persona en ventanilla",
           "Da un número de una vez a quien espera; la imagen viene después.",
           ("f6",), bar="Persona", guard=_counter),
    Action("ver", "Ver el documento", "Abre el archivo original en el visor del sistema.",
           ("f7",), bar="Ver", guard=_letter),
    Action("ver_letra", "Ver el documento", "Abre el archivo original en el visor del sistema.",
           ("o",), place=LIST, guard=_letter),
    Action("ver_hoja", "Ver la hoja aquí",
           "Muestra la página escaneada en la terminal, entera o de cerca.", ("ctrl+x",),
           guard=_letter),
    Action("no_radicar", "No radicar", "Cierra la carta sin número, con su motivo.",
           ("f8",), bar="No radicar", guard=_discard),
    Action("incorporar", "Unir a un radicado",
           "Une el documento a un radicado que ya existe: su imagen, o un acuse. No da número.",
           ("i",), place=LIST, guard=_join),
    Action("vincular", "Vincular a una abierta",
           "Dice que la carta es alcance, reiteración o recurso de otra abierta del mismo "
           "remitente; cada vez, otra forma.",
           ("v",), place=LIST, guard=_tie),
    Action("tomar", "Tomar o soltar",
           "Toma la carta para que no frene a las demás; otra vez, la suelta.",
           ("f9",), bar="Tomar", guard=_take),
    Action("siguiente", "Carta siguiente", "Pasa a la carta siguiente de la cola.",
           ("ctrl+n", "ctrl+down"), guard=_letter),
    Action("anterior", "Carta anterior", "Vuelve a la carta anterior de la cola.",
           ("ctrl+up",), guard=_letter),
    Action("no_leidos", "No se pudo leer",
           "Muestra los documentos que no se pudieron leer; otra vez, vuelve a la cola.",
           ("ctrl+l",)),
    Action("reintentar", "Leer otra vez", "Intenta de nuevo leer el documento elegido.",
           ("r",), place=LIST, guard=_retry),
    Action("texto_arriba", "Texto: página anterior", "Recorre el texto leído hacia arriba.",
           ("pageup",), place=FORM),
    Action("texto_abajo", "Texto: página siguiente", "Recorre el texto leído hacia abajo.",
           ("pagedown",), place=FORM),
    Action("deshacer", "Deshacer",
           "Devuelve el campo a como estaba, o la carta que no se radicó a la cola. Un número "
           "no se deshace: se anula.",
           ("ctrl+z",), guard=_undo),
    Action("deshacer_letra", "Deshacer", "Como Ctrl+Z.", ("u",), place=LIST, guard=_undo),
    Action("repetir", "Repetir lo de la anterior",
           "Pone en los campos vacíos o dudosos el tipo, la dependencia y lo demás que usted "
           "dio a la carta anterior.",
           ("full_stop",), place=LIST, guard=_repeat),
    Action("lote", "Lote de cartas parecidas",
           "Repite solo, carta tras carta, lo que dio a la anterior; otra vez, deja de hacerlo.",
           ("l",), place=LIST, guard=_clerk),
    Action("saltar", "Saltar a un campo",
           "Muestra una letra junto a cada campo; esa letra lleva a él.", ("ctrl+o",),
           guard=_letter),
    Action("aceptar", "Aceptar el campo",
           "Da el campo por revisado y pasa al siguiente dudoso; sin dudosos no hace nada.",
           ("enter",), place=FORM, native=True),
    Action("borrar_campo", "Borrar campo", "Borra todo lo que hay en el campo.",
           ("ctrl+u",), place=FORM, native=True),
    Action("campo", "Campo siguiente o anterior", "Pasa de un campo a otro.",
           ("tab", "shift+tab", "down", "up"), place=FORM, native=True),
    Action("ir_a_datos", "Ir a los datos", "Pasa de la cola al primer campo dudoso.",
           ("enter",), place=LIST, native=True),
)  # fmt: skip
