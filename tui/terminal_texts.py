"""What is said of terminals, keyboards and browsers. Beside `texts`, for whoever looks after the
machines.
"""

from __future__ import annotations

NOT_UTF8 = (
    # Without accents: they are what such a terminal spoils.
    "Esta terminal no muestra UTF-8 y las tildes salen mal. PuTTY: Window > Translation > UTF-8."
)
UNKNOWN_THEME = "VENTANILLA_TEMA dice «{said}»; los temas son: {known}."
THEMES = {
    "oscuro": "Oscuro",
    "claro": "Claro",
    "contraste": "Contraste alto",
    "16": "Los 16 colores de la terminal",
}

# -- the keyboard test

TITLE = "Prueba de teclado"
HINT = "Pulse cada tecla de la lista. Esc dos veces seguidas: salir y ver el informe."
ONCE_MORE = "Esc llegó. Otra vez Esc sale; cualquier otra tecla sigue."
NOTHING_YET = "Todavía no ha llegado nada."
NO_BYTES = "no se conocen"
NOT_USED = "Ventanilla no la usa"
TYPED = "se escribe"
TWO_PARTS = "(letra y tilde llegan aparte; Ventanilla las une)"
ALL_HERE = "Llegó todo lo que Ventanilla usa."
GROUPS = {
    "funciones": "Funciones",
    "movimiento": "Moverse",
    "control": "Con Ctrl",
    "letras": "Escribir",
    "otros": "Ratón y pegar",
}
CLICK, WHEEL, PASTE = "clic", "rueda", "pegar"
INSTEAD = {
    "f1": "F1 puede ser la ayuda de la propia terminal: ? y Tab llevan al manual.",
    "f3": "En su lugar: /.",
    "ctrl+up": "En su lugar: Ctrl+P.",
    "ctrl+down": "En su lugar: Ctrl+N.",
    "ctrl+q": "Una línea serie puede retener Ctrl+S y Ctrl+Q: «stty -ixon».",
    "@": "La disposición del teclado no es la que la terminal cree.",
    "clic": "El ratón no hace falta: todo se hace con el teclado.",
    "rueda": "El ratón no hace falta: todo se hace con el teclado.",
    "pegar": "Lo pegado llega como si se escribiera.",
}
PASTED_WHOLE = "pegado: {count} caracteres, tildes enteras"
PASTED_APART = "pegado: {count} caracteres, tildes aparte de su letra (Ventanilla las une)"
PASTED_BAD = "pegado: {count} caracteres, alguno dañado: la terminal no usa UTF-8"


def state(missing: int) -> str:
    """How far the test is."""
    return ALL_HERE if not missing else f"Faltan {missing}."


# -- the report

REPORT = "Informe de la terminal"
YES, NO, UNKNOWN = "sí", "no", "no se sabe"
FACTS = {
    "term": "TERM",
    "programa": "Programa",
    "tamano": "Tamaño",
    "colores": "Colores",
    "idioma": "Idioma",
    "utf8": "UTF-8",
    "multiplexor": "tmux o screen",
    "ssh": "Por SSH",
    "serie": "Línea serie",
    "consola_linux": "Consola de Linux",
    "fondo": "Fondo",
    "sixel": "Imágenes sixel",
    "tema": "Tema que corresponde",
}
SMALL = "menos de 80×24: agrande la ventana"
ARRIVED = "Llegaron"
MISSING = "No llegaron"
BYTES = "Lo que manda cada tecla"
WRITTEN = "El informe quedó en {path}."

# -- in a browser

FORBIDDEN = (
    "Esta dirección no abre nada: use la que mostró «ventanilla tui --web», completa, "
    "en este mismo equipo."
)
NO_PORT = "No se puede abrir el puerto {port} ({why})."
OTHER_PORT = "Diga otro con --puerto, o ninguno: entonces se toma uno libre."
TOO_MANY_TABS = "Ya hay {count} pestañas abiertas: cierre alguna."
SERVED = (
    "Ventanilla está en {url}\n"
    "Ábrala en un navegador de este equipo. La dirección es una llave: no la comparta. "
    "Ctrl+C termina."
)
SERVED_END = "Terminó: no queda nada abierto."
DELIVERED = "El archivo baja en el navegador."
