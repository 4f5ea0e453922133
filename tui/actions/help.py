"""What a person may do in the help: the manual, or all keys."""

from __future__ import annotations

from tui.actions.registry import Action, of

HELP = "ayuda"
ACTIONS = of(
    HELP,
    Action("ayuda_otra", "Manual o teclas", "Pasa del manual a la lista de teclas, o al revés.",
           ("tab",)),
    Action("ayuda_siguiente", "Capítulo siguiente", "Pasa al capítulo siguiente del manual.",
           ("right", "n")),
    Action("ayuda_anterior", "Capítulo anterior", "Pasa al capítulo anterior del manual.",
           ("left", "b")),
)  # fmt: skip
