"""Every string that the interface shows."""

from __future__ import annotations

FIELD_LABELS = {
    "remitente": "Remitente",
    "entidad": "Entidad",
    "asunto": "Asunto",
    "tipo": "Tipo",
    "prioridad": "Prioridad",
    "dependencia": "Dependencia",
    "folios": "Folios",
    "anexos": "Anexos",
    "canal": "Canal",
    "tipo_documento": "Documento",
    "cedula": "N.º de doc.",
    "nit": "NIT",
    "direccion": "Dirección",
    "municipio": "Municipio",
    "correo": "Correo",
    "telefono": "Teléfono",
    "fecha": "Fecha carta",
    "oficio": "Oficio n.º",
    "destinatario": "Destinatario",
    "responsable": "Responsable",
}
"""In the order of the form: what every letter needs first."""
DOCUMENTS = {
    "CC": "Cédula de ciudadanía",
    "CE": "Cédula de extranjería",
    "TI": "Tarjeta de identidad",
    "RC": "Registro civil",
    "PA": "Pasaporte",
    "PEP": "Permiso especial de permanencia",
    "PPT": "Permiso por protección temporal",
    "NIT": "NIT",
}
CHANNELS = {
    "fisico": "Papel en ventanilla",
    "correo_postal": "Correo postal",
    "mensajeria": "Mensajería",
    "fax": "Fax",
    "correo_electronico": "Correo electrónico",
    "presencial": "Verbal en ventanilla",
    "telefonico": "Teléfono",
    "web": "Página web",
    "chat": "Chat",
    "whatsapp": "WhatsApp",
    "redes": "Redes sociales",
    "buzon": "Buzón de sugerencias",
    "feria": "Feria de servicios",
    "notificacion_judicial": "Notificación judicial",
}
UNASSIGNED = "por repartir"
DISCARDS = {
    "privada": "Es correspondencia personal, no oficial",
    "duplicado": "Ya está radicada",
    "publicidad": "Es publicidad",
    "ilegible": "No se lee y ya se escaneó otra vez",
    "mal_dirigida": "Es para otra entidad",
    "prueba": "Es una prueba del escáner",
    "otro": "Otro motivo",
}
ROLES = {
    "ventanilla": "Ventanilla",
    "jefe_correspondencia": "Jefe de correspondencia",
    "jefe_area": "Jefe de área",
    "archivista": "Archivo",
    "auditor": "Control",
    "admin": "Administración",
}
STATES = {
    "radicado": "radicado",
    "asignado": "asignado",
    "en_tramite": "en trámite",
    "suspendido": "suspendido",
    "por_aprobar": "por aprobar",
    "respondido": "respondido",
    "trasladado": "trasladado",
    "desistido": "desistido",
    "archivado": "archivado",
    "anulado": "anulado",
    "importado": "importado, sin verificar",
}
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")

# -- the screen «Por radicar»

TITLE = "Ventanilla"
QUEUE = "Por radicar"
UNREADABLE = "No se pudo leer"
DEMO = "DEMOSTRACIÓN"
NOBODY = "sin persona"
READY = " LISTO PARA RADICAR: F2 "
READING = "leyendo…"
DUPLICATE = "¿duplicado?"
MINE = "lo tiene usted"
LAST = "ÚLTIMO NÚMERO"
NO_LAST = "Todavía no se ha dado ningún número en esta sesión."
REPRINT = "F5 repite el rótulo"
QUEUE_COLUMNS = ("N.º", "Carril", "Archivo", "Recibido", "Estado")
UNREADABLE_COLUMNS = ("N.º", "Carril", "Archivo", "Recibido", "Motivo")
EMPTY_TEXT = "La hoja no tiene texto, o no se pudo reconocer. F7 abre el documento."
NO_TEXT_YET = "Se está leyendo. Mientras tanto puede escribir los datos y radicar."
NO_UNREADABLE = "No hay documentos que no se pudieran leer. Esc vuelve a «Por radicar»."
LOADING = "Abriendo la oficina…"
FIELD_HINT = "Enter acepta · F4 lista · RePág/AvPág texto · Ctrl+N siguiente · Esc cola"
READ_ONLY = "SOLO LECTURA"
QUEUE_HINT = "Flechas: elegir carta · Enter o Tab: ir a sus datos · ? ayuda"
UNREADABLE_HINT = "r: leer otra vez · F7 ver · F8 no radicar · Esc: volver a «Por radicar»"


def empty_queue(inbox: str) -> str:
    """The friendly state of an empty queue."""
    return (
        "No hay cartas por radicar.\n\n"
        "Ponga los archivos escaneados (PDF, TIFF, JPEG o PNG) en\n"
        f"  {inbox}\n"
        "y aparecerán aquí solos.\n\n"
        "¿Hay una persona esperando? F6 le da su número de una vez."
    )


def page_mark(number: int, total: int) -> str:
    """The separator before a page."""
    return f"── página {number} de {total} "


def reading_now(count: int) -> str:
    """Letters that are being read."""
    return f"leyendo {count}"


def doubts_left(count: int) -> str:
    """How many fields a person still has to look at."""
    return f"{count} por revisar" if count > 1 else "1 por revisar"


def from_record(number: str) -> str:
    """A value that the letter does not say and an earlier record of its sender does."""
    return f"No está en esta carta: es de {number}, del mismo remitente. Enter lo acepta."


def suggested(reason: str) -> str:
    """Why a value is suggested that stands nowhere in the letter."""
    return f"Sugerido: {reason}."


def held_by(name: str) -> str:
    """A letter that another person took."""
    return f"lo tiene {name}"


def leaves(count: int) -> str:
    """Folios."""
    return "1 folio" if count == 1 else f"{count} folios"


def pages(count: int) -> str:
    """Pages."""
    return "1 pág." if count == 1 else f"{count} págs."


def numbered(number: str, doubts: list[str]) -> str:
    """After a number: and what nobody looked at."""
    tail = f" Sin revisar: {', '.join(doubts)}." if doubts else ""
    return f"Radicado {number}.{tail}"


def label_saved(path: str) -> str:
    """Where the label lies, when nothing prints it."""
    folder, _, name = path.rpartition("/")
    return f"El rótulo {name} está en {folder}"


PAGE_HINT = "z acerca · flechas mueven · RePág/AvPág páginas · Esc vuelve"
NO_MORE_PAGES = "No hay más páginas hacia ese lado."


def page_at(page: int, pages: int) -> str:
    """Which page is seen."""
    return f"Página {page} de {pages}" if pages else f"Página {page}"


PICTURE_WAIT = "Dibujando la página…"
PICTURE_NONE = "Ninguna página que mostrar."
PICTURE_OFF = 'Las páginas no se dibujan ([interfaz] imagen = "no"). F7 abre el documento.'


LABEL_PRINTED = "El rótulo se envió a la impresora."
OPENED = "Se abrió el documento en el visor del sistema."


def no_viewer(path: str) -> str:
    """Where the original lies when this terminal has no screen to open it on."""
    return f"Aquí no hay visor. El documento está en {path}"


NO_ORIGINAL = "Esta carta no tiene documento escaneado."
SEAL_FAILED = "El número quedó dado; falta firmar su PDF y se hará al volver a abrir. "


def rereading(ident: str) -> str:
    """The name of a task: a document is read once more."""
    return f"Leer otra vez {ident}"


def label_of(number: str) -> str:
    """The name of a task: a label is written or printed."""
    return f"Rótulo de {number}"


def sealing(number: str) -> str:
    """The name of a task: a record's PDF is signed."""
    return f"Firmar el PDF de {number}"


RETRYING = "Se está leyendo otra vez…"
DISCARDED = "No se radicó; la constancia queda en el sello del día."
JOINED_IMAGE = "es su imagen"
JOINED_RECEIPT = "queda con él como acuse"
TAKEN = "Usted tomó esta carta: no frena a las demás de su carril."
RELEASED = "Esta carta quedó libre."
FOREIGN = "Otra persona cambió esta carta mientras tanto: se muestra como quedó. "
NUMBERING_NOW = "Radicando…"
GONE = "Otra persona ya resolvió esta carta. "
NOT_SAVED = "Lo escrito no se pudo guardar; sigue en pantalla y se intentará de nuevo. "
QUIT_HINT = "Para salir: Ctrl+Q. Lo que escribió ya está guardado."
NO_WATCH = "No se están recibiendo archivos nuevos. "
WATCHING = "Recibir archivos nuevos"


def cancelled(task: str) -> str:
    """A task was cancelled before its turn came."""
    return f"Se canceló: {task}."


def arrived(file: str) -> str:
    """A letter came in and was read."""
    return f"Llegó {file}."


def arrived_unreadable(file: str) -> str:
    """A letter came in and could not be read."""
    return f"{file} no se pudo leer: Ctrl+L lo muestra."


def filed(file: str) -> str:
    """A scan with our label went to its record."""
    return f"{file} traía un rótulo nuestro y se unió a su radicado."


LEVELS = {
    "por_fijar": "POR FIJAR",
    "vencido": "VENCIDO",
    "vence_hoy": "VENCE HOY",
    "rojo": "ROJO",
    "amarillo": "AMARILLO",
    "verde": "VERDE",
}


def pressing(overdue: int, today: int, unfixed: int, soon: int) -> str:
    """What presses when the office is opened; «» for nothing."""
    parts = [
        f"{n} {words}"
        for n, words in (
            (unfixed, "por fijar"),
            (overdue, "vencida" if overdue == 1 else "vencidas"),
            (today, "vence hoy" if today == 1 else "vencen hoy"),
            (soon, "por vencer"),
        )
        if n
    ]
    return f"Alertas: {', '.join(parts)}. Ctrl+D las muestra." if parts else ""


NOTHING_OPEN = "Quien la firma no tiene nada abierto a qué vincularla."
NOT_TIED = "No se vincula a ninguna."


def open_of_sender(count: int) -> str:
    """How many open letters its sender has, and which key ties it to one."""
    letters = "1 abierta" if count == 1 else f"{count} abiertas"
    return f"{letters} del remitente: v en la cola"


def tied_to(how: str, number: str) -> str:
    """What a letter is to an earlier one; *how* in words."""
    return f"{how} de {number}"


def will_be_tied(how: str, number: str) -> str:
    """What the number will say of an earlier one."""
    return f"Al radicar: {tied_to(how, number)}. v la cambia."


def not_tied(number: str, why: str) -> str:
    """A number was given, and could not be tied."""
    return f"{number} quedó sin vincular: {why}"


def joined(number: str, *, image: bool) -> str:
    """A document went to a record by a clerk's hand, and what it is to it."""
    return f"El documento se unió a {number}: {JOINED_IMAGE if image else JOINED_RECEIPT}."


def sheet_joined(planilla: str) -> str:
    """A document went to its planilla."""
    return f"Quedó como hoja firmada de {planilla.strip().upper()}."


def divided(file: str, letters: int) -> str:
    """A stack became its letters."""
    return f"{file} era una pila de {letters}: se leen una por una."


def unexpected(code: str) -> str:
    """The one sentence for what should not happen."""
    return f"Algo falló y quedó anotado (código {code}). Lo guardado está a salvo; puede seguir."


# -- why an action cannot be done now

NO_LETTER = "No hay ninguna carta elegida."
NO_PERSON = "Para esto Ventanilla debe saber quién es usted: salga y entre con --persona."
NOT_A_CLERK = "Su papel permite mirar; escribir y radicar es de Ventanilla y su jefe."
NUMBERING = "Ya se está radicando."
NO_NUMBER_YET = "Todavía no se ha dado ningún número en esta sesión."
NOT_READABLE = "No se pudo leer: r lo intenta otra vez, F8 dice «No radicar»."
NOTHING_TO_UNDO = "No hay nada que deshacer; un número dado se anula, no se deshace."
NOTHING_TO_REPEAT = "La carta anterior no dejó nada que repetir."
NOT_A_LIST = "Este campo se escribe; no tiene lista."
ONLY_UNREADABLE = "Solo para documentos de «No se pudo leer» (Ctrl+L)."


def not_your_room(title: str) -> str:
    """Why a room does not open."""
    return f"{title} no es de su papel."


def unknown_value(label: str, value: str) -> str:
    """A value that is not of its field's list."""
    return f"{label}: «{value}» no está en la lista; F4 la muestra."


def seems_twice(number: str) -> str:
    """Before a letter that seems to be registered already gets a number."""
    return f"Parece repetida de {number}. ¿Radicarla de todas formas?"


def somebody_has_it(name: str) -> str:
    """Another person took the letter."""
    return f"Esta carta la tiene {name}: pídale soltarla."


UNDONE_DISCARD = "La carta volvió a la cola, en su lugar."


def read_again(file: str) -> str:
    """A letter that came back to the queue has its text again."""
    return f"{file} volvió a la cola y se leyó otra vez."


BATCH_ON = "Lote: lo que dé a una carta se repite en la siguiente. Otra vez l: deja de hacerlo."
BATCH_OFF = "Lote terminado: cada carta vuelve a empezar con lo suyo."
BATCH = "LOTE"
JUMP_HINT = "Letra: ir a ese campo · Esc: volver"


def undone(label: str) -> str:
    """A field is as it was."""
    return f"{label}: como estaba."


def repeated(labels: list[str]) -> str:
    """What was taken over from the letter before."""
    return f"Como la anterior: {', '.join(labels)}." if labels else REPEATED_NONE


REPEATED_NONE = "Esta carta ya trae lo suyo: no se cambió nada."

# -- dialogs

ACCEPT_CANCEL = "Enter aceptar · Esc cancelar"
ORDER_TITLE = "Hay cartas recibidas antes"
ORDER_ASK = "¿Por qué se radica esta primero?"
COUNTER_TITLE = "Persona en ventanilla"
COUNTER_HELP = "Enter da el número de una vez; la imagen y los demás datos pueden venir después."
DISCARD_TITLE = "No radicar: ¿por qué?"
DISCARD_OF = "Radicado que repite"
DISCARD_RESCAN = "N.º del nuevo escaneo, como VU1.12"
DISCARD_NOTE = "Nota"
DISCARD_HELP = "Elija con flechas o con su número · Enter sigue · Esc cancela"
JOIN_TITLE = "Unir a un radicado que ya existe"
JOIN_TEXT = (
    "Este documento no recibe número. Si el radicado espera su imagen, lo es; "
    "si ya la tiene, queda con él como acuse."
)
JOIN_ASK = "Radicado"
JOIN_HELP = "Escriba el número · flechas: los de la lista · Enter une · Esc cancela"
CHOOSE_NONE = "Nada coincide. Borre letras o Esc cancela."
CHOOSE_HELP = "Escriba para buscar · flechas · Enter elige · Esc cancela"
DISCARD_LINE_HELP = "Escriba el dato · Enter sigue · Esc cancela"
TWICE_TITLE = "¿Carta repetida?"
TWICE_HELP = "s radicarla · n, Enter o Esc: no"
NEEDED = "Hace falta este dato."
LOCKED_TITLE = "El documento pide contraseña"
LOCKED_HELP = "Se usa para leerlo ahora y no se guarda."
LOCKED_ASK = "Contraseña del documento"
CONFIRM_HELP = "Escríbalo y Enter · Esc: no"
QUIT_TITLE = "¿Salir sin guardar?"
QUIT_UNSAVED = "Lo último que escribió no se ha podido guardar y se perdería."
QUIT_ASK = "s salir · Esc quedarse"
SEARCH_PLACEHOLDER = "palabras, número, remitente:ana, estado:pendiente, vence<3d…"
FILTER = "Filtro"
PALETTE_PLACEHOLDER = "Buscar una orden…"
HELP_TITLE = "Todas las teclas"
KEYS_NOTE = "Las letras y los signos valen donde no se escribe: en listas y hojas."
PAGE_KEYS = "La hoja escaneada"
LOBBY_KEYS = "La entrada"
EVERYWHERE_KEYS = "En todas partes"
KEYS_HINT = "Esc cierra · flechas recorren · Tab el manual"
MANUAL = "Manual"
MANUAL_HINT = "Esc cierra · flechas y AvPág leen · ← → otro capítulo · ? todas las teclas"
NO_MANUAL = "El manual no está en este equipo: falta la carpeta docs/manual del programa."


def chapter(place: int, of: int) -> str:
    """Which chapter of the manual is seen."""
    return f"Manual, {place} de {of}"


def type_it(word: str) -> str:
    """What is to be typed before something that cannot be undone."""
    return f"Para confirmar escriba: {word}"


def not_the_same(word: str) -> str:
    """Something else was typed."""
    return f"No es {word}: no se hizo nada."


IMAGE_PENDING = "pendiente de escanear"
STILL_BUSY = (
    "Ventanilla termina de leer lo que estaba en curso; lo que falte se retoma al volver a abrir."
)
