"""What a person may do in the room «Área»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import texts
from tui.actions.registry import FORM, LIST, Action, Context, of
from tui.texts import area as words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.area_views import Wait

AREA = "area"


@dataclass(frozen=True, slots=True)
class Tray(Context):
    """What its guards look at."""

    screen: str = AREA
    here: Wait | None = None
    """What is under the cursor."""
    reading: bool = False
    """Whether that has still to be read: an action waits for it."""
    marked: int = 0
    verbs: frozenset[str] = frozenset()
    """What the person's role has."""
    key: str = ""
    """How the person signs."""


def _has(verb: str) -> Callable[[Context], bool]:
    def offered(c: Context) -> bool:
        if isinstance(c, Tray):
            return verb in c.verbs
        return c.roles != {"auditor"}

    return offered


def _can(verb: str, *, several: bool = True) -> Callable[[Tray], str | None]:
    def guard(c: Tray) -> str | None:
        if not c.person:
            return texts.NO_PERSON
        if verb not in c.verbs:
            return words.NOT_OFFERED
        if c.here is None and not c.marked:
            return None if c.reading else words.NOTHING_CHOSEN
        if c.marked > 1 and not several:
            return words.ONE_AT_A_TIME
        if c.marked > 1 or c.here is None:
            return None
        return c.here.refusals.get(verb)

    return guard


def _sign(c: Tray) -> str | None:
    refused = _can("aprobar")(c)
    return refused or (None if c.key else words.NO_KEY)


def _review(c: Tray) -> str | None:
    """One's own Vo.Bo. is given, or another's asked for."""
    refused = _can("vobo")(c)
    return refused if refused is None else _can("pedir_vobo")(c) and refused


def _chosen(c: Tray) -> str | None:
    return None if c.here is not None else words.NOTHING_CHOSEN


def _person(c: Tray) -> str | None:
    return None if c.person else texts.NO_PERSON


def _verb(
    ident: str, title: str, text: str, key: str, verb: str, *, bar: str = "", several: bool = True
) -> Action:
    return Action(f"area_{ident}", title, text, (key,), place=LIST, bar=bar,
                  guard=_can(verb, several=several), offered=_has(verb))  # fmt: skip


ACTIONS = of(
    AREA,
    Action("area_escribir", "Filtrar", "Deja solo lo que coincide con una consulta.",
           ("f3", "slash"), bar="Filtrar"),
    Action("area_mirar", "Mirar otra vez", "Lee de nuevo lo que espera.", ("f5",)),
    Action("area_orden", "Ordenar",
           "Ordena por lo que vence antes, por lo que espera hace más o por número. Señales: "
           f"{words.LEGEND}.", ("f6",)),
    Action("area_orden_letra", "Ordenar", "Como F6.", ("s",), place=LIST),
    Action("area_ver", "Ver el documento", "Abre el PDF en el visor del sistema.",
           ("f7",), bar="Ver", guard=_chosen),
    Action("area_hoja", "Ver la hoja aquí", "Muestra en la terminal las páginas del radicado.",
           ("ctrl+x",), guard=_chosen),
    Action("area_ver_letra", "Ver el documento", "Abre el PDF en el visor del sistema.",
           ("o",), place=LIST, guard=_chosen),
    _verb("asignar", "Asignar", "Lo entrega a una persona o a otra dependencia.", "a", "asignar",
          bar="Asignar"),
    _verb("responder", "Responder", "Presenta la respuesta para la firma, de una plantilla o de "
          "un archivo; o corrige la que tiene reparos.", "r", "responder", bar="Responder"),
    Action("area_firmar", "Aprobar (firmar)",
           "Firma la carta con su llave: recibe su número en el acto.", ("f2",), bar="Firmar",
           guard=_sign, offered=_has("aprobar")),
    Action("area_firmar_letra", "Aprobar (firmar)", "Como F2.", ("f",), place=LIST,
           guard=_sign, offered=_has("aprobar")),
    _verb("nota", "Nota", "Agrega una nota al radicado.", "n", "anotar", bar="Nota"),
    _verb("devolver", "Devolver", "No es de esta dependencia: vuelve a quien lo dio, con su "
          "motivo.", "d", "devolver", bar="Devolver"),
    Action("area_vobo", "Visto bueno", "Da el Vo.Bo. que le pidieron, dice los reparos, o se lo "
           "pide a otra persona.", ("v",), place=LIST, guard=_review, offered=_has("vobo")),
    _verb("conocer", "Tomar conocimiento", "Leído: empieza el trámite, o queda enterado.", "c",
          "conocer"),
    _verb("informar", "Informar", "Lo da a conocer a una persona o dependencia; no obliga a "
          "actuar.", "i", "informar"),
    _verb("requerir", "Requerir", "Presenta la carta que pide completar o aclarar la petición.",
          "q", "requerir", several=False),
    _verb("prorrogar", "Prorrogar", "Presenta la carta que prorroga el término.", "p",
          "prorrogar", several=False),
    _verb("trasladar", "Traslado por competencia", "Presenta el traslado a la entidad competente.",
          "t", "trasladar", several=False),
    _verb("agendar", "Agendar hasta", "Lo saca de la vista hasta un día; el término corre.", "h",
          "agendar"),
    _verb("fijar", "Fijar el plazo", "Anota cuándo vence lo que una orden fija.", "l", "fijar",
          several=False),
    _verb("archivar", "Archivar", "Cierra lo que ya no necesita nada más.", "z", "archivar"),
    _verb("retirar", "Retirar la carta", "Quita una carta antes de que se firme.", "e", "retirar",
          several=False),
    Action("area_bandeja", "Bandeja", "Muestra una sola bandeja, o todas.", ("b",), place=LIST),
    Action("area_quien", "De quién", "Muestra lo suyo, lo de su área, de otra persona, o todo.",
           ("m",), place=LIST),
    Action("area_guardar", "Guardar la vista", "Guarda el filtro bajo una tecla del 1 al 9.",
           ("w",), place=LIST, guard=_person),
    Action("area_borrar", "Borrar una vista", "Suelta la tecla de una vista guardada.",
           ("x",), place=LIST, guard=_person),
    Action("area_todos", "Marcar todo", "Marca todo lo que se ve, o quita todas las marcas.",
           ("asterisk",), place=LIST),
    Action("area_marcar", "Marcar", "Marca o desmarca; lo que se haga será para lo marcado.",
           ("space",), place=LIST, native=True),
    Action("area_vista", "Mostrar una vista", "Cada cifra aplica el filtro que hay bajo ella.",
           tuple("123456789"), place=LIST, native=True),
    Action("area_abrir", "Abrir", "Muestra todo lo que se sabe, con la explicación del término.",
           ("enter",), place=LIST, native=True),
    Action("area_aceptar", "Aceptar la propuesta", "Escribe la propuesta elegida.",
           ("tab", "right"), place=FORM, native=True),
)  # fmt: skip
