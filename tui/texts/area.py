"""What the room «Área» says."""

from __future__ import annotations

TITLE = "Área"
COLUMNS = ("", "Faltan", "Vence", "Radicado", "De", "Asunto", "Espera", "Quién")
LINE = "Filtro"
PLACEHOLDER = "palabras, área:120, tipo:tutela, vence<3d, responsable:yo…"
LINE_HINT = "Tab acepta la propuesta · Enter o ↓: a la lista · Esc: quita el filtro"
LIST_HINT = "Enter abre · Espacio marca · / filtra · b bandeja · m de quién · ? teclas"
LOOKING = "buscando…"
GONE = "ya no espera"
NONE = "Nada espera aquí"
NONE_FILTERED = "Nada coincide (Esc)"
NOTHING_CHOSEN = "No hay nada elegido en la lista."
ONE_AT_A_TIME = "Esto se hace de uno en uno: quite las marcas con Esc."
NOT_OFFERED = "Su papel no tiene esta acción."
NO_KEY = "Usted no tiene llave de firma: el administrador se la hace."
OTHER_LETTER = "No es una respuesta: retírela (e) y preséntela otra vez."
NO_DOCUMENT = "No tiene documento que abrir."
MINE, WHOLE = "Lo mío", "Toda la entidad"
WHOSE_TITLE = "¿De quién se muestra lo que espera?"
TRAY_TITLE = "¿Qué bandeja?"
ALL_TRAYS = "Todas las bandejas"
TRAYS = {
    "por_repartir": "Por repartir",
    "por_decidir": "Por decidir",
    "asignados": "En trámite",
    "conjuntos": "Conjuntos",
    "devueltos": "Devueltos",
    "vobo": "Vo.Bo.",
    "por_firmar": "Por firmar",
    "por_enviar": "Por enviar",
    "devoluciones": "Devoluciones",
    "suspendidos": "Suspendidos",
    "informados": "Informados",
    "agendados": "Agendados",
}
TRAY_HELP = {
    "por_repartir": "nadie lo tiene todavía",
    "por_decidir": "volvió dos veces",
    "asignados": "un área lo tiene y lo responde",
    "conjuntos": "otra área responde; esta da su concepto",
    "devueltos": "alguien dijo que no es suyo, o la carta tiene reparos",
    "vobo": "se pidió un visto bueno",
    "por_firmar": "una carta espera firma",
    "por_enviar": "firmado y sin enviar",
    "devoluciones": "el envío volvió",
    "suspendidos": "espera al peticionario",
    "informados": "para conocer",
    "agendados": "fuera de la vista hasta un día",
}
ORDERS = {"vence": "vencimiento", "fecha": "antigüedad", "numero": "número"}
TO_GIVE = "por asignar"
"""It is in an área, and no person has it."""
VIEWS = (
    (1, "Vencidos", "vence<0d"),
    (2, "Pronto", "vence<5d no vence<0d"),
    (3, "Por asignar", "sin:responsable"),
    (4, "Tutelas", "tipo:tutela"),
)
"""Under these digits, where a person keeps nothing else there."""
LEFT = {"por_fijar": "por fijar", "vence_hoy": "hoy", "": "sin plazo", "espera": "en espera"}
SIGNS = {
    "por_fijar": "??",
    "vencido": "!!",
    "vence_hoy": "! ",
    "rojo": "! ",
    "amarillo": "~ ",
    "verde": "  ",
    "espera": "= ",
}
TONES = {
    "por_fijar": "mal",
    "vencido": "mal",
    "vence_hoy": "mal",
    "rojo": "mal",
    "amarillo": "aviso",
    "espera": "tenue",
}
LEGEND = "!! vencido · ! vence ya · ~ pronto · ?? por fijar · = espera al peticionario"

# -- a sheet

LETTER = "Carta"
LETTER_OF = "Responde a"

# -- acting

ASSIGN_TITLE = "¿A quién se le asigna?"
UNSEEN = "La lista acaba de abrirse: elija, y otra vez Enter."
TELL_TITLE = "¿A quién se le informa?"
ACT_CANCELLED = "Se dejó: no se presentó nada."
LEFT_UNSIGNED, LEFT_UNDONE = "Se dejó sin firmar.", "Se dejó sin hacer."
WRITING = "Preparando la carta… Esc la deja sin presentar."
SIGNING = "Firmando… Esc deja las que faltan."
REFUSED_TITLE = "Lo que no se hizo, y por qué"
FORM_HINT = "Enter: siguiente · F2: listo · Esc: salir (lo escrito queda)"
ONE_HINT = "Enter: listo · Esc: salir (lo escrito queda)"
FORM_LIST_HINT = "F4: lista · "
LONG_HINT = "Tab: siguiente · F2: listo · Esc: salir (lo escrito queda)"

NOTE_TITLE, NOTE_LABEL = "Nota", "Qué se anota"
BACK_TITLE, BACK_LABEL = "Devolver: no es de esta dependencia", "Por qué no"
LATER_TITLE, LATER_LABEL = "Agendar: fuera de la vista hasta un día", "Hasta"
LATER_HINT = "2026-12-31, 31/12, o +3 (días)"
FIX_TITLE = "Fijar el plazo que dice una orden"
FIX_WHEN, FIX_WHEN_HINT = "Vence", "2026-11-25 10:00"
FIX_SOURCE, FIX_SOURCE_HINT = "Qué lo dice", "auto, oficio o acto"
NO_DAY = "Eso no es un día: 2026-12-31, 31/12, o +3."
NO_MOMENT = "Falta el día con su hora: 2026-11-25 10:00."

ANSWER_TITLE = "Responder"
CORRECT_TITLE = "Corregir la carta"
HOW, HOW_HINT = "Plantilla o archivo", "nombre de plantilla, o ruta de un PDF, .docx, .odt, .txt…"
SAID = "Texto de la respuesta (con un archivo se deja vacío)"
SIGNER, SIGNER_HINT = "Firma", "vacío: quien dirige el área"
REVIEWER, REVIEWER_HINT = "Revisa", "vacío: nadie"
PARTIAL, PARTIAL_HINT = "Parcial (s/n)", "s: el término sigue corriendo"
DEMAND_TITLE = "¿Qué se le pide al peticionario?"
DEMANDS = {
    "requerimiento": "Completar: falta algo para resolver (art. 17)",
    "aclaracion": "Aclarar: no se entiende qué pide (art. 19)",
}
DEMAND_LABELS = {"requerimiento": "Qué falta", "aclaracion": "Qué no se entiende"}
EXTEND_TITLE = "Prorrogar el término"
EXTEND_DAY, EXTEND_WHY = "Nuevo último día", "Motivo"
TRANSFER_TITLE = "Traslado por competencia"
TRANSFER_WHO, TRANSFER_WHY = "Entidad competente", "Por qué es de ella"
TRANSFER_ADDRESS, TRANSFER_MAIL = "Dirección", "Correo"
TRANSFER_SURE = (
    "Cuando la carta se firme y se envíe, el radicado queda cerrado aquí y no se puede volver a "
    "tramitar. Hasta la firma la carta se puede retirar."
)
REVIEW_TITLE = "Visto bueno"
REVIEWS = {
    "conforme": "Conforme: dar el Vo.Bo.",
    "reparos": "Con reparos: decir qué hay que corregir",
    "pedir": "Pedir el Vo.Bo. de otra persona",
}
REVIEW_LABEL = "Qué hay que corregir"
REVIEW_ASK_TITLE = "¿A quién se le pide el Vo.Bo.?"
CLOSE_TITLE = "Archivar"
CLOSINGS = {
    "": "No falta nada: respondido, o no pide respuesta",
    "irrespetuosa": "Sin respuesta: irrespetuosa (art. 19)",
    "reiterativa": "Sin respuesta: repite una ya respondida (art. 19)",
    "no_aclarada": "Sin respuesta: no la aclaró a tiempo (art. 19)",
    "anonima": "Sin respuesta: anónima sin con qué tramitarla (Ley 190, art. 38)",
}
CLOSE_LABEL = "Motivo"
DROP_LETTER_TITLE, DROP_LETTER_LABEL = "Retirar la carta: ya no se envía", "Motivo"
SIGN_TITLE = "Firmar con su llave"
SIGN_LABEL = "Su clave"
SIGN_WORD = "FIRMAR"
SIGN_HINT = "Enter firma · Esc no firma nada"
NO_VIEWS = "No tiene vistas guardadas: w guarda el filtro de ahora."

_DONE = {
    "asignar": ("asignado a {0}", "asignados a {0}", "Con a se cambia."),
    "devolver": ("devuelto; el término sigue corriendo", "devueltos", ""),
    "informar": ("informado a {0}", "informados a {0}", ""),
    "anotar": ("con su nota", "con su nota", ""),
    "agendar": (
        "fuera de la vista hasta el {0}; el término sigue corriendo",
        "fuera de la vista hasta el {0}",
        "En b, Agendados, se ve.",
    ),
    "archivar": ("archivado", "archivados", ""),
    "conocer": ("leído: empieza su trámite", "leídos", ""),
    "vobo": ("con su visto bueno", "con su visto bueno", ""),
    "reparos": ("con reparos: vuelve a quien lo presentó", "con reparos", ""),
    "pedir_vobo": ("espera el Vo.Bo. de {0}", "esperan el Vo.Bo. de {0}", ""),
    "fijar": ("vence el {0}", "vencen el {0}", "Con l se fija otra vez."),
    "retirar": ("retirada; lo que respondía espera otra vez", "retiradas", ""),
    "aprobar": (
        "firmada con el número {0}",
        "firmadas con los números {0}",
        "La ventanilla la envía.",
    ),
}


def needed(label: str) -> str:
    """A line that must be filled in."""
    return f"Falta «{label}»."


def count(number: int, *, narrowed: bool) -> str:
    """How much waits; *narrowed*: of what could."""
    if number == 0:
        return NONE_FILTERED if narrowed else NONE
    return f"{number:,} en espera".replace(",", ".")


def marked(number: int) -> str:
    """How many are marked."""
    if number == 1:
        return "1 marcado: lo que haga será para él · Esc quita la marca"
    return f"{number} marcados: lo que haga será para todos · Esc quita las marcas"


def days(left: int) -> str:
    """The worked days that are left, or since then."""
    return f"{left} d" if left >= 0 else f"hace {-left} d"


def order(name: str) -> str:
    """In which order the list is."""
    return f"por {ORDERS.get(name, name)}"


def area_of(code: str, name: str) -> str:
    """An área's tray."""
    return f"Área {code} {name}"


def away(until: str) -> str:
    """Somebody is not there."""
    return f"ausente hasta el {until}"


def done(verb: str, names: tuple[str, ...], *about: str) -> str:
    """What was done; *about*: to whom, until when."""
    one, many, mend = _DONE[verb]
    if len(names) == 1:
        return f"{names[0]}: {one.format(*about)}. {mend}".strip()
    return f"{len(names)} {many.format(*about)}"


def told(done_: str, refused: tuple[tuple[str, str], ...]) -> str:
    """What was done, and what was not, with why of the first."""
    if not refused:
        return f"{done_.rstrip('.')}."
    name, why = refused[0]
    first = why if name in why else f"{name}: {why[:1].lower()}{why[1:]}"
    head = f"{done_.rstrip('.')}; " if done_ else ""
    return f"{head}{len(refused)} no: {first}"


def presented(letter: str, who: str) -> str:
    """A letter waits for its signature."""
    return f"Presentada como {letter}; espera a {who}. Con e se retira."


def signing(at: int, whole: int) -> str:
    """One letter after the other is signed."""
    return f"Firmando {at} de {whole}… Esc deja las que faltan." if whole > 1 else SIGNING


def doing(at: int, whole: int) -> str:
    """Many are under way."""
    return f"{at} de {whole}… Esc deja los que faltan."


def sign_text(names: tuple[str, ...]) -> str:
    """Before letters are signed."""
    if len(names) == 1:
        return f"La carta de {names[0]} queda firmada y recibe su número. No se deshace."
    shown = ", ".join(names[:4]) + (f" y {len(names) - 4} más" if len(names) > 4 else "")
    return f"{len(names)} cartas quedan firmadas y reciben su número: {shown}. No se deshace."


def unsealed(why: str) -> str:
    """The number stands, the PDF waits for its seal."""
    return f"El número quedó; el sello del PDF está pendiente: {why}"


def about(names: tuple[str, ...]) -> str:
    """What a dialog is about."""
    return names[0] if len(names) == 1 else f"{len(names)} marcados"


def save_text(query: str) -> str:
    """Before a filter is kept."""
    return (
        f"El filtro «{query or 'todo'}» quedará bajo una tecla del 1 al 9: la primera libre, o la "
        "que escriba delante del nombre, como «3 Vencidos»."
    )


def no_view(key: int) -> str:
    """Nothing is kept under a digit."""
    return f"Bajo el {key} no hay ninguna vista: w guarda el filtro de ahora."
