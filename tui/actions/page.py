"""What a person may do while looking at a page."""

from __future__ import annotations

from tui.actions.registry import Action, of

PAGE = "hoja"
ACTIONS = of(
    PAGE,
    Action("acercar", "Acercar", "La hoja entera, su ancho, el campo: cada vez más cerca.",
           ("z", "plus"), bar="Acercar"),
    Action("pagina_siguiente", "Página siguiente", "Muestra la página siguiente.",
           ("pagedown", "n"), bar="Siguiente"),
    Action("pagina_anterior", "Página anterior", "Muestra la página anterior.",
           ("pageup", "b"), bar="Anterior"),
    Action("mover_arriba", "Subir por la hoja", "Muestra lo que está más arriba.", ("up", "k")),
    Action("mover_abajo", "Bajar por la hoja", "Muestra lo que está más abajo.", ("down", "j"),
           bar="Mover"),
    Action("mover_izquierda", "A la izquierda", "Muestra lo que está a la izquierda.",
           ("left", "h")),
    Action("mover_derecha", "A la derecha", "Muestra lo que está a la derecha.", ("right", "l")),
)  # fmt: skip
