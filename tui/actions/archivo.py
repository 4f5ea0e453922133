"""What a person may do in the room «Archivo».

Its lists are parts of one room: an action that belongs to one of them has it for its place, so that
a letter may mean another thing in the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.actions.registry import Action, Context, of
from tui.archivo_views import Fact
from tui.texts import archivo as words
from tui.texts.archivo import DISPOSAL, DUE, FILES, LOOSE, TRANSFERS, TRD

if TYPE_CHECKING:
    from collections.abc import Callable

ARCHIVO = "archivo"
KEEPER = frozenset({"archivista"})
HOLDERS = KEEPER | {"auditor", "admin", "jefe_area"}
RELEASERS = KEEPER | {"auditor"}
OBSERVERS = KEEPER | {"ventanilla", "jefe_correspondencia"}
SIGNERS = KEEPER | {"jefe_area", "jefe_correspondencia", "admin"}
TO_TRANSFER, TO_ERASE = ("primaria", "secundaria"), ("eliminar", "seleccionar")


@dataclass(frozen=True, slots=True)
class Archive(Context):
    """What its guards look at."""

    screen: str = ARCHIVO
    chosen: tuple[Fact, ...] = ()
    """What an action is for: the marked rows, else the one under the cursor."""
    leaf: bool = False
    """Whether a row of the TRD that holds expedientes is chosen."""
    areas: frozenset[str] = field(default_factory=frozenset)
    """The dependencias in which the person works or which they head."""
    busy: bool = False
    """Whether something is under way behind."""
    stops: bool = False
    """Whether that can be stopped."""
    ready: bool = True
    """Whether the list was read."""


def _of(roles: frozenset[str]) -> Callable[[Archive], bool]:
    return lambda c: bool(roles & c.roles)


def _handles(c: Context) -> bool:
    # The help asks too, which knows of no áreas: there it is shown to who may head one.
    areas = c.areas if isinstance(c, Archive) else {"jefe_area"} & c.roles
    return bool(areas or KEEPER & c.roles)


def _own(c: Archive) -> bool:
    return bool(KEEPER & c.roles) or all(f.area in c.areas for f in c.chosen)


def _all(*checks: Callable[[Archive], str | None]) -> Callable[[Archive], str | None]:
    def guard(c: Archive) -> str | None:
        return next((why for check in checks if (why := check(c))), None)

    return guard


def _chosen(c: Archive) -> str | None:
    return None if c.chosen else words.NOTHING_CHOSEN


def _idle(c: Archive) -> str | None:
    if not c.ready:
        return words.NOT_YET_READ
    return words.RUNNING if c.busy else None


def _stops(c: Archive) -> str | None:
    if not c.busy:
        return words.NOTHING_RUNS
    return None if c.stops else words.CANNOT_STOP


def _is(state: str, why: str) -> Callable[[Archive], str | None]:
    def guard(c: Archive) -> str | None:
        if any(f.state == "eliminado" for f in c.chosen):
            return words.ERASED
        return None if all(f.state == state for f in c.chosen) else why

    return guard


def _mine(c: Archive) -> str | None:
    return None if _own(c) else words.NOT_YOURS


def _free(c: Archive) -> str | None:
    return words.IS_HELD if any(f.held for f in c.chosen) else None


def _still(c: Archive) -> str | None:
    return words.ON_ITS_WAY if any(f.place for f in c.chosen) else None


def _held(c: Archive) -> str | None:
    return None if c.chosen and all(f.held for f in c.chosen) else words.NOT_HELD


def _alive(c: Archive) -> str | None:
    return words.ERASED if any(f.state == "eliminado" for f in c.chosen) else None


def _leaf(c: Archive) -> str | None:
    return None if c.leaf else words.NO_SERIE


def _due(duties: tuple[str, ...], why: str) -> Callable[[Archive], str | None]:
    return lambda c: None if all(f.state in duties for f in c.chosen) else why


def _step(c: Archive) -> str | None:
    return c.chosen[0].why_not or None


def _not_over(c: Archive) -> str | None:
    late = ("ejecutada", "eliminada", "retirada")
    return words.TOO_LATE if c.chosen[0].state in late else None


def _exports(c: Archive) -> str | None:
    if c.place not in (TRD, FILES, DUE):
        return words.NO_EXPORT
    return words.EMPTY[c.place] if not c.chosen and not c.leaf and c.place != TRD else _idle(c)


_COMMON = (
    Action("archivo_partes", "Ir a una parte",
           "1 TRD, 2 Expedientes, 3 Sin expediente, 4 Lo debido, 5 Transferencias, "
           "6 Eliminación.", tuple("123456"), native=True),
    Action("archivo_siguiente", "La parte que sigue", "Pasa a la parte que sigue.", ("tab",)),
    Action("archivo_anterior", "La parte anterior", "Pasa a la parte anterior.", ("shift+tab",)),
    Action("archivo_filtrar", "Filtrar",
           "Deja en la lista lo que tenga esas palabras; en Expedientes también estado:abierto o "
           "serie:140, y en Sin expediente lo mismo que en la Consulta.",
           ("f3", "slash"), bar="Filtro"),
    Action("archivo_mirar", "Mirar otra vez", "Lee otra vez la lista.", ("f5",)),
    Action("archivo_exportar", "Exportar, con ensayo",
           "De la TRD, la tabla; de los expedientes marcados (o de todos los de la lista), el "
           "FUID. Primero se ensaya: se dice qué se escribiría, y cuánto.",
           ("f8", "e"), bar="Exportar", guard=_exports),
    Action("archivo_detener", "Detener lo que se escribe",
           "Detiene el ensayo o el paquete en marcha; no queda nada a medias.",
           ("f9",), bar="Detener", guard=_stops),
    Action("archivo_marcar", "Marcar", "Marca la línea y baja; lo que se haga es para lo marcado.",
           ("space",), native=True),
    Action("archivo_marcar_todo", "Marcar todo", "Marca todas las líneas, o ninguna.",
           ("asterisk",)),
    Action("archivo_ver", "Abrir",
           "De una serie, sus expedientes; de lo demás, su hoja: índice, pasos, por qué se debe.",
           ("enter",), native=True),
)  # fmt: skip
_TREE = (
    Action("archivo_desplegar", "Desplegar", "Muestra lo que hay debajo.", ("right",), place=TRD),
    Action("archivo_plegar", "Plegar", "Esconde lo que hay debajo.", ("left",), place=TRD),
    Action("archivo_abrir_serie", "Abrir un expediente", "Abre un expediente de la serie elegida.",
           ("f2", "n"), place=TRD, bar="Abrir exp.", guard=_leaf, offered=_handles),
)  # fmt: skip
_FILES = (
    Action("archivo_abrir", "Abrir un expediente", "De una serie de la TRD, que se elige.",
           ("f2", "n"), place=FILES, bar="Abrir", offered=_handles),
    Action("archivo_incorporar", "Incorporar radicados",
           "Pone radicados en el expediente abierto, con su tipo documental.",
           ("f4", "a"), place=FILES, bar="Incorporar", offered=_handles,
           guard=_all(_chosen, _is("abierto", words.NOT_OPEN), _mine)),
    Action("archivo_sacar", "Sacar un documento",
           "Saca lo que se incorporó por error, con su motivo.",
           ("x",), place=FILES, offered=_handles,
           guard=_all(_chosen, _is("abierto", words.NOT_OPEN), _mine)),
    Action("archivo_orden", "Ordenar", "Por número, nombre, cierre o documentos.",
           ("f6", "s"), place=FILES),
    Action("archivo_cerrar", "Cerrar el expediente",
           "Firma su índice electrónico y empieza su retención.",
           ("f7", "c"), place=FILES, bar="Cerrar", offered=_handles,
           guard=_all(_chosen, _is("abierto", words.NOT_OPEN), _mine)),
    Action("archivo_reabrir", "Reabrir el expediente", "Con su motivo.", ("r",), place=FILES,
           offered=_of(KEEPER), guard=_all(_chosen, _is("cerrado", words.IS_OPEN))),
    Action("archivo_transferir", "Transferir", "Prepara el paquete de los marcados; con ensayo.",
           ("t",), place=FILES, offered=_of(KEEPER),
           guard=_all(_chosen, _is("cerrado", words.NOT_CLOSED), _free, _idle)),
    Action("archivo_retener", "Retener",
           "Suspende toda disposición de los marcados, con motivo y fundamento.",
           ("h",), place=FILES, offered=_of(HOLDERS), guard=_all(_chosen, _alive)),
    Action("archivo_liberar", "Liberar", "Levanta la suspensión.", ("l",), place=FILES,
           offered=_of(RELEASERS), guard=_all(_chosen, _held)),
)  # fmt: skip
_LOOSE = (
    Action("archivo_llevar", "Llevar a un expediente",
           "Pone los radicados marcados en un expediente abierto; primero los de su serie.",
           ("f2", "a"), place=LOOSE, bar="A expediente", offered=_handles, guard=_chosen),
    Action("archivo_llevar_nuevo", "Llevar a uno nuevo",
           "Abre un expediente con los radicados marcados, de la serie que se sugiere u otra.",
           ("f4", "n"), place=LOOSE, bar="A uno nuevo", offered=_handles, guard=_chosen),
)  # fmt: skip
_DUE = (
    Action("archivo_transferir_debido", "Transferir", "Prepara el paquete de los marcados.",
           ("f2", "t"), place=DUE, bar="Transferir", offered=_of(KEEPER),
           guard=_all(_chosen, _free, _due(TO_TRANSFER, words.NOT_TRANSFER), _still, _idle)),
    Action("archivo_proponer", "Proponer eliminación",
           "El primer paso de siete: el inventario de lo que cumplió su tiempo.",
           ("f4", "p"), place=DUE, bar="Eliminar", offered=_of(KEEPER),
           guard=_all(_chosen, _free, _due(TO_ERASE, words.NOT_DISPOSAL), _still, _idle)),
    Action("archivo_fecha", "A otra fecha", "Muestra lo que se deberá otro día.",
           ("f6", "d"), place=DUE, bar="Fecha"),
    Action("archivo_calendario", "Calendario", "Cuánto vence cada año, por serie.",
           ("f7", "v"), place=DUE, bar="Años"),
    Action("archivo_hecho", "Anotar el hecho",
           "De lo que está sin fecha: qué día ocurrió aquello desde lo que cuenta su serie.",
           ("i",), place=DUE, offered=_of(KEEPER),
           guard=_all(_chosen, _due(("sin_fecha",), words.HAS_DATE))),
    Action("archivo_retener_debido", "Retener", "Suspende toda disposición de los marcados.",
           ("h",), place=DUE, offered=_of(HOLDERS), guard=_chosen),
    Action("archivo_liberar_debido", "Liberar", "Levanta la suspensión.", ("l",), place=DUE,
           offered=_of(RELEASERS), guard=_all(_chosen, _held)),
)  # fmt: skip
_waiting = _is("preparada", words.SETTLED)
_TRANSFERS = (
    Action("archivo_aceptar", "Aceptar un paquete",
           "Calcula otra vez cada huella y, si todo verifica, lo acepta con su acta. También los "
           "de otra entidad.",
           ("f2", "a"), place=TRANSFERS, bar="Aceptar", offered=_of(KEEPER), guard=_idle),
    Action("archivo_devolver", "Devolver un paquete", "No se acepta, y se dice por qué.",
           ("f4", "b"), place=TRANSFERS, bar="Devolver", offered=_of(KEEPER),
           guard=_all(_chosen, _waiting)),
    Action("archivo_recibo", "Tomar la respuesta",
           "La palabra firmada de la entidad que recibió (o devolvió) el paquete.",
           ("f7", "w"), place=TRANSFERS, bar="Respuesta", offered=_of(KEEPER),
           guard=_all(_chosen, _waiting, _idle)),
)  # fmt: skip
_DISPOSAL = (
    Action("archivo_paso", "El paso que sigue",
           "Publicar, aprobar, firmar, comprobar: el que toca, y ninguno se salta.",
           ("f2", "p"), place=DISPOSAL, bar="Paso", offered=_of(SIGNERS),
           guard=_all(_chosen, _step, _idle)),
    Action("archivo_observar", "Anotar una observación", "Lo que alguien observó al inventario.",
           ("f4", "o"), place=DISPOSAL, bar="Observar", offered=_of(OBSERVERS),
           guard=_all(_chosen, _is("publicada", words.NOT_PUBLISHED))),
    Action("archivo_responder", "Responder una observación", "Se acoge o se niega, con motivo.",
           ("f7", "r"), place=DISPOSAL, bar="Responder", offered=_of(KEEPER),
           guard=_all(_chosen, _is("publicada", words.NOT_PUBLISHED))),
    Action("archivo_retirar", "Retirar la propuesta", "La deja sin efecto, antes de ejecutarla.",
           ("x",), place=DISPOSAL, offered=_of(KEEPER), guard=_all(_chosen, _not_over)),
)  # fmt: skip
ACTIONS = of(ARCHIVO, *_COMMON, *_TREE, *_FILES, *_LOOSE, *_DUE, *_TRANSFERS, *_DISPOSAL)
