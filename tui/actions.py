"""The one registry of what a key does: bindings, key bar, palette, help and the manual's table.

Pure: no widget is known here. A screen gives a `Context`, the registry says whether an action may
be done now and, when not, why. Keys are those that plain terminals, tmux, PuTTY and Spanish
keyboards send: letters only where nothing is typed, F1 to F9, and a few Ctrl+letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

from tui import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAIN, SEARCH, HELP = "por_radicar", "buscar", "ayuda"
QUEUE, FORM = "cola", "formulario"


@dataclass(frozen=True, slots=True)
class Context:
    """What the guards look at."""

    screen: str = MAIN
    place: str = QUEUE
    letter: bool = False
    others: int = 0
    """Open records of the letter's sender."""
    unreadable: bool = False
    """Whether the list shows «No se pudo leer»."""
    holder: str = ""
    numbering: bool = False
    numbered: bool = False
    person: bool = True
    clerk: bool = True
    """Whether the person's role may type and number."""
    list_field: bool = False


def _letter(c: Context) -> str | None:
    return None if c.letter else texts.NO_LETTER


def _clerk(c: Context) -> str | None:
    if not c.person:
        return texts.NO_PERSON
    return None if c.clerk else texts.NOT_A_CLERK


def _number(c: Context) -> str | None:
    if reason := _clerk(c) or _letter(c):
        return reason
    if c.numbering:
        return texts.NUMBERING
    if c.unreadable:
        return texts.NOT_READABLE
    return texts.somebody_has_it(c.holder) if c.holder else None


def _discard(c: Context) -> str | None:
    if reason := _clerk(c) or _letter(c):
        return reason
    return texts.NUMBERING if c.numbering else None


def _join(c: Context) -> str | None:
    return _discard(c) or (texts.somebody_has_it(c.holder) if c.holder else None)


def _tie(c: Context) -> str | None:
    return _number(c) or (None if c.others else texts.NOTHING_OPEN)


def _take(c: Context) -> str | None:
    if reason := _clerk(c) or _letter(c):
        return reason
    return texts.NOT_READABLE if c.unreadable else None


def _counter(c: Context) -> str | None:
    return _clerk(c) or (texts.NUMBERING if c.numbering else None)


def _label(c: Context) -> str | None:
    return None if c.numbered else texts.NO_NUMBER_YET


def _choose(c: Context) -> str | None:
    return None if c.list_field else texts.NOT_A_LIST


def _retry(c: Context) -> str | None:
    if not c.unreadable:
        return texts.ONLY_UNREADABLE
    return _letter(c)


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person may do."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    screens: tuple[str, ...] = (MAIN,)
    place: str = ""
    """Only where the focus is here; «» is everywhere."""
    bar: str = ""
    """Its short name in the key bar; «» leaves it out."""
    guard: Callable[[Context], str | None] | None = None
    native: bool = False
    """A widget handles its keys by itself: shown in the help, never bound."""

    def refusal(self, context: Context) -> str | None:
        """Why it cannot be done now; None when it can."""
        return self.guard(context) if self.guard else None


_EVERYWHERE = (MAIN, SEARCH, HELP)

ACTIONS: tuple[Action, ...] = (
    Action("ayuda", "Ayuda", "Todas las teclas, con lo que hacen.",
           ("f1", "question_mark"), (MAIN, SEARCH), bar="Ayuda"),
    Action("radicar", "Radicar y seguir",
           "Da el número a la carta y abre la siguiente. Enter nunca radica.",
           ("f2",), bar="Radicar", guard=_number),
    Action("buscar", "Buscar", "Busca entre los radicados.", ("f3", "slash"), bar="Buscar"),
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
    Action("no_radicar", "No radicar", "Cierra la carta sin número, con su motivo.",
           ("f8",), bar="No radicar", guard=_discard),
    Action("incorporar", "Unir a un radicado",
           "Une el documento a un radicado que ya existe: su imagen, o un acuse. No da número.",
           ("ctrl+g",), guard=_join),
    Action("vincular", "Vincular a una abierta",
           "Dice que la carta es alcance, reiteración o recurso de otra abierta del mismo "
           "remitente; cada vez, otra forma.",
           ("ctrl+t",), guard=_tie),
    Action("tomar", "Tomar o soltar",
           "Toma la carta para que no frene a las demás; otra vez, la suelta.",
           ("f9",), bar="Tomar", guard=_take),
    Action("siguiente", "Carta siguiente", "Pasa a la carta siguiente de la cola.",
           ("ctrl+n", "ctrl+down"), guard=_letter),
    Action("anterior", "Carta anterior", "Vuelve a la carta anterior de la cola.",
           ("ctrl+p", "ctrl+up"), guard=_letter),
    Action("no_leidos", "No se pudo leer",
           "Muestra los documentos que no se pudieron leer; otra vez, vuelve a la cola.",
           ("ctrl+l",)),
    Action("reintentar", "Leer otra vez", "Intenta de nuevo leer el documento elegido.",
           ("r",), place=QUEUE, guard=_retry),
    Action("alertas", "Alertas", "Lo que vence o venció, y qué debe hacer quién.", ("ctrl+r",)),
    Action("texto_arriba", "Texto: página anterior", "Recorre el texto leído hacia arriba.",
           ("pageup",), place=FORM),
    Action("texto_abajo", "Texto: página siguiente", "Recorre el texto leído hacia abajo.",
           ("pagedown",), place=FORM),
    Action("ordenes", "Órdenes", "Busca una orden por su nombre.", ("ctrl+o",), (MAIN, SEARCH)),
    Action("atras", "Atrás", "Sale de donde está, un paso: de los datos a la cola.",
           ("escape",), _EVERYWHERE),
    Action("salir", "Salir", "Cierra Ventanilla. Lo escrito ya está guardado.",
           ("ctrl+q",), _EVERYWHERE),
    Action("aceptar", "Aceptar el campo",
           "Da el campo por revisado y pasa al siguiente dudoso; sin dudosos no hace nada.",
           ("enter",), place=FORM, native=True),
    Action("borrar_campo", "Borrar campo", "Borra todo lo que hay en el campo.",
           ("ctrl+u",), place=FORM, native=True),
    Action("campo", "Campo siguiente o anterior", "Pasa de un campo a otro.",
           ("tab", "shift+tab", "down", "up"), place=FORM, native=True),
    Action("ir_a_datos", "Ir a los datos", "Pasa de la cola al primer campo dudoso.",
           ("enter",), place=QUEUE, native=True),
    Action("recorrer", "Recorrer la lista", "Elige otra línea: una a una, por páginas, al extremo.",
           ("up", "down", "pageup", "pagedown", "home", "end"), _EVERYWHERE, QUEUE, native=True),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}
_SPOKEN = {
    "question_mark": "?",
    "slash": "/",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "pageup": "RePág",
    "pagedown": "AvPág",
    "home": "Inicio",
    "end": "Fin",
    "shift": "Mayús",
    "ctrl": "Ctrl",
}


def spoken(key: str) -> str:
    """A key as people read it: `ctrl+n` → Ctrl+N."""
    return "+".join(_SPOKEN.get(p, p.upper() if p != "r" else p) for p in key.split("+"))


def on(screen: str) -> list[Action]:
    """The actions of a screen."""
    return [a for a in ACTIONS if screen in a.screens]


def bindings(screen: str) -> list[Binding]:
    """What a screen binds. Letters and signs never win over a field in which one types."""
    return [
        Binding(
            key,
            f"do('{action.id}')",
            action.title,
            show=False,
            priority=key[:4] == "ctrl" or (key[0] == "f" and key[1:].isdigit()),
            id=f"{screen}.{action.id}.{key}",
        )
        for action in on(screen)
        if not action.native
        for key in action.keys
    ]


@dataclass(frozen=True, slots=True)
class KeyLabel:
    """An entry of the key bar."""

    key: str
    title: str
    enabled: bool


def bar(context: Context) -> tuple[KeyLabel, ...]:
    """The key bar of a context; what cannot be done now stays, dimmed."""
    shown = [a for a in on(context.screen) if a.bar]
    shown.sort(key=lambda a: a.keys[0])
    return tuple(KeyLabel(spoken(a.keys[0]), a.bar, a.refusal(context) is None) for a in shown)


def conflicts(actions: Iterable[Action] = ACTIONS) -> list[str]:
    """Keys that two actions would answer in the same place."""
    held: dict[tuple[str, str, str], str] = {}
    found = []
    for action in actions:
        for screen in action.screens:
            for place in (action.place,) if action.place else (QUEUE, FORM):
                for key in action.keys:
                    other = held.setdefault((screen, place, key), action.id)
                    if other != action.id:
                        found.append(f"{screen}/{place}: {key} es de «{other}» y de «{action.id}»")
    return found


def rows() -> list[tuple[str, str, str]]:
    """(keys, title, help) of every action, for the help screen and the manual."""
    return [(" · ".join(spoken(k) for k in a.keys), a.title, a.help) for a in ACTIONS]


def manual() -> str:
    """All keys as a Markdown table."""
    lines = ["| Teclas | Acción | Qué hace |", "|---|---|---|"]
    lines += [f"| {keys} | {title} | {text} |" for keys, title, text in rows()]
    return "\n".join(lines) + "\n"
