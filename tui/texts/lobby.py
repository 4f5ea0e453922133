"""What the lobby says."""

from __future__ import annotations

WHO = "¿Quién es usted?"
LOCKED = "Pantalla bloqueada"
CHANGE = "Cambiar de persona"
COLUMNS = ("Nombre", "Papel", "Entra")
BY = {
    "clave": "con su clave",
    "demostracion": "sin clave",
    "sin_llave": "sin llave propia",
    "revocada": "no puede entrar",
}
FIND = "escriba para buscar"
CHOOSE_HINT = "Escriba para buscar · flechas · Enter elige · Ctrl+Q sale"
ALREADY_LIST = "Elija de la lista quién es usted."
NO_MATCH = "Nadie se llama así."
ASK_HINT = "Escriba su clave y Enter · F2 otra persona · Ctrl+Q sale"
ENTER_HINT = "Enter entra · F2 otra persona · Ctrl+Q sale"
PASSPHRASE = "Clave de su llave"
DEMO_FREE = "Oficina de demostración: se entra sin clave, y nada de lo que haga prueba nada."
DEMO_ENTERED = "Oficina de demostración: se entra sin clave. Ctrl+Y cambia de persona."
NO_KEY = (
    "No tiene llave de firma: se entra sin clave, y cualquiera podría hacerlo en su nombre. Lo que "
    "tiene peso legal (anular, aprobar un cierre…) la necesita: pídala al administrador."
)
NO_KEY_ENTERED = "Entró sin llave propia: para lo que lleva su firma, pídala al administrador."
KEPT = "Lo escrito quedó guardado, y la pantalla sigue como estaba."
CHECKING = "Comprobando la clave…"
WRONG = "La clave no es la de esta llave. Nada se perdió: escríbala otra vez."
EMPTY = "Escriba la clave y Enter."
REVOKED = "Su llave fue revocada y no tiene otra: el administrador le da una nueva."
TURNING = "Cambiando de persona…"
NOT_SWITCHED = "No se cambió de persona: sigue usted."
NOBODY_TO_LOCK = "Esta oficina no tiene personas: no hay quien entre."
UNSAVED_INSIDE = "Hay algo sin guardar: entre quien lo escribió, y decida."


def of(name: str) -> str:
    """Whose passphrase is asked."""
    return f"Entra {name}"


def wait(seconds: int) -> str:
    """After several wrong ones."""
    return f"Espere {seconds} s antes de probar otra clave."


def former_unsaved(name: str) -> str:
    """Another person may not take over what would be lost."""
    return f"Lo que escribió {name} no se ha podido guardar: solo puede entrar {name}."
