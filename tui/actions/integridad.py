"""What a person may do in the room «Integridad»."""

from __future__ import annotations

from dataclasses import dataclass

from tui import texts
from tui.actions.registry import LIST, Action, Context, of
from tui.texts import integridad as words

INTEGRIDAD = "integridad"


@dataclass(frozen=True, slots=True)
class Keeping(Context):
    """What its guards look at."""

    screen: str = INTEGRIDAD
    chosen: bool = False
    verifying: bool = False
    """Whether a verification runs, or waits for its turn."""
    reviewing: bool = False
    """Whether the vault is being read."""


def _verify(c: Keeping) -> str | None:
    return words.ALREADY if c.verifying else None


def _review(c: Keeping) -> str | None:
    if not c.person:
        return texts.NO_PERSON
    return words.REVIEW_STARTED if c.reviewing else None


def _cancel(c: Keeping) -> str | None:
    return None if c.verifying else words.NOT_RUNNING


def _chosen(c: Keeping) -> str | None:
    return None if c.chosen else words.NOTHING_CHOSEN


ACTIONS = of(
    INTEGRIDAD,
    Action("integridad_verificar", "Verificar ahora",
           "Verifica la oficina entera: diarios, firmas, documentos, índice.",
           ("f2",), bar="Verificar", guard=_verify),
    Action("integridad_completa", "Verificar también toda la bóveda",
           "Como F2, y además lee cada archivo de la bóveda, lo nombre un diario o no.",
           ("c",), place=LIST, guard=_verify),
    Action("integridad_mirar", "Mirar otra vez", "Vuelve a mirar cómo está todo.", ("f5",),
           bar="Mirar"),
    Action("integridad_boveda", "Revisar la bóveda",
           "Lee otra vez, del disco, la parte de hoy de la bóveda y la compara con sus huellas.",
           ("f6",), bar="Bóveda", guard=_review),
    Action("integridad_boveda_letra", "Revisar la bóveda", "Como F6.", ("b",), place=LIST,
           guard=_review),
    Action("integridad_ver", "Ver entero", "Muestra la línea entera y qué hacer con ella.",
           ("f7",), bar="Ver", guard=_chosen),
    Action("integridad_enter", "Ver entero", "Como F7.", ("enter",), place=LIST, native=True),
    Action("integridad_cancelar", "Cancelar la verificación",
           "Detiene la verificación; vale la anterior.", ("f8",), bar="Cancelar", guard=_cancel),
    Action("integridad_cancelar_letra", "Cancelar la verificación", "Como F8.", ("x", "delete"),
           place=LIST, guard=_cancel),
)  # fmt: skip
