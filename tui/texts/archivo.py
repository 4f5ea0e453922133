"""What the room «Archivo» says."""

from __future__ import annotations

TITLE = "Archivo"
TRD, FILES, LOOSE, DUE, TRANSFERS, DISPOSAL = (
    "trd", "expedientes", "sin", "debido", "transferencias", "eliminacion",
)  # fmt: skip
PANES = {
    TRD: "TRD",
    FILES: "Expedientes",
    LOOSE: "Sin expediente",
    DUE: "Lo debido",
    TRANSFERS: "Transferencias",
    DISPOSAL: "Eliminación",
}
"""In the order of their digits."""
COLUMNS = {
    TRD: ("Código y nombre", "AG", "AC", "Después", "Abiertos", "Cerrados"),
    FILES: ("Expediente", "Nombre", "Serie", "Estado", "Docs.", "Cerrado"),
    LOOSE: ("Radicado", "Fecha", "Remitente", "Asunto", "Estado"),
    DUE: ("Expediente", "Nombre", "Se debe", "Desde", "Regla", "Cuenta desde"),
    TRANSFERS: ("Transferencia", "Clase", "Estado", "Preparada", "Paquete en"),
    DISPOSAL: ("Eliminación", "Paso", "Va en", "Exp.", "Sigue"),
}
HINTS = {
    TRD: "Enter pliega o abre la serie · * todo · n nuevo expediente · e exportar",
    FILES: "Enter índice · Espacio marca · a incorporar · c cerrar · h retener",
    LOOSE: "Enter lee · Espacio marca · a llevar a un expediente · n a uno nuevo",
    DUE: "Enter por qué · Espacio marca · t transferir · p eliminar · d otra fecha",
    TRANSFERS: "Enter detalle · a aceptar el paquete · b devolver · w respuesta firmada",
    DISPOSAL: "Enter los pasos · p el paso que sigue · o observación · r responder",
}
EMPTY = {
    TRD: "No hay una TRD que rija.",
    FILES: "No hay expedientes. F2 abre uno, de una serie de la TRD.",
    LOOSE: "Todo lo radicado está en un expediente.",
    DUE: "Nada cumple su tiempo a esta fecha.",
    TRANSFERS: "No se ha preparado ninguna transferencia: t, en Expedientes o en Lo debido.",
    DISPOSAL: "No se ha propuesto eliminar nada: p, en Lo debido.",
}
HERE = "bold reverse"
ADOPT = "Se adopta de un archivo con la orden «ventanilla trd importar»."
NOTHING_FITS = "Nada coincide con el filtro."
COUNTED = {
    FILES: ("expediente", "expedientes"),
    LOOSE: ("radicado", "radicados"),
    DUE: ("expediente", "expedientes"),
    TRANSFERS: ("transferencia", "transferencias"),
    DISPOSAL: ("eliminación", "eliminaciones"),
}
ORDERS = {"numero": "número", "nombre": "nombre", "cierre": "cierre", "documentos": "documentos"}
NOT_YET_READ = "leyendo…"
UNCODED = "Sin dependencia"
OTHERS = "Series de otras versiones o entidades"
FATES = {"CT": "se conserva", "E": "se elimina", "S": "se selecciona", "M": "se reproduce"}
PHASES = {"gestion": "de gestión", "central": "central", "historico": "histórico"}
HELD = "retenido"
WHAT = {
    "primaria": "al central",
    "secundaria": "al histórico",
    "eliminar": "eliminar",
    "seleccionar": "seleccionar",
    "retenido": "retenido",
    "sin_fecha": "sin fecha",
    "en_camino": "en camino",
}
"""What is due, as it stands in a row."""
GONE = "ya no está"

# -- why not

NOTHING_CHOSEN = "No hay nada elegido."
NO_SERIE = "Elija una serie o subserie: una dependencia no tiene expedientes suyos."
NOT_OPEN = "El expediente está cerrado: no entra ni sale nada. r lo reabre, con su razón."
NOT_CLOSED = "El expediente está abierto: ciérrelo primero (c)."
IS_OPEN = "El expediente está abierto."
NOT_HELD = "Nadie lo tiene retenido."
ERASED = "El expediente se eliminó."
NOT_YOURS = "Es de otra dependencia: lo forma quien trabaja en ella, o el archivo."
NOT_TRANSFER = "Lo elegido no se debe transferir: mire la columna «Se debe»."
NOT_DISPOSAL = "Lo elegido no se debe eliminar: mire la columna «Se debe»."
ON_ITS_WAY = "Ya va en una transferencia o en una eliminación: Enter, o las partes 5 y 6."
IS_HELD = "Está retenido: nadie dispone de él mientras dure. l lo libera."
HAS_DATE = "Su tiempo ya corre: no le falta ningún hecho."
SETTLED = "Esta transferencia ya terminó."
NOT_PUBLISHED = "Se observa mientras está publicada."
NO_OBSERVATION = "No hay observaciones sin respuesta."
TOO_LATE = "Ya no se puede retirar."
NOTHING_RUNS = "No hay nada en marcha."
RUNNING = "Espere: se está escribiendo otra cosa. F9 la detiene."
CANNOT_STOP = "Esto no se detiene a medias: espere a que termine."
NO_EXPORT = "De esta parte no se exporta: el FUID sale de Expedientes y la TRD de su parte."
NO_OPEN_FILE = "No hay ningún expediente abierto: n abre uno nuevo con ellos."

# -- what runs

CHECKING, COPYING = "Revisando expedientes", "Copiando archivos"
WORKING = {
    "ensayo": "Ensayo: se mira qué se escribiría",
    "paquete": "Escribiendo el paquete",
    "fuid": "Escribiendo el inventario",
    "trd": "Escribiendo la TRD",
    "aceptar": "Calculando otra vez cada huella del paquete",
    "recibo": "Comprobando la respuesta",
    "proponer": "Haciendo el inventario",
    "firmar": "Firmando",
    "eliminar": "Eliminando",
    "probar": "Buscando si queda algo",
}
ALL_FILES = "Todos los expedientes, menos los eliminados."
STOPPABLE = "F9 detiene"
STOPPING = "Deteniéndose…"

# -- sheets

DATA, TIMES, HOLDS, INDEX, WAY, STEPS = (
    "Datos", "Retención", "Retenido", "Documentos, en el orden del índice", "Camino", "Los pasos",
)  # fmt: skip
INSIDE, NOTES, SIGNED = "Expedientes", "Observaciones", "Firmas"
EMPTY_FILE = "Todavía no tiene documentos."
CLOSING, KINDS = "el cierre del expediente", "Tipos documentales"
PAPER = "(papel)"
NO_KIND = "Sin tipo documental"
DISPOSAL_STEPS = (
    ("Proponer, con su inventario firmado", "archivista"),
    ("Publicar el inventario en el sitio web", "archivista"),
    ("Recibir y responder observaciones", "archivista o ventanilla"),
    ("Aprobar: el acta del comité", "archivista"),
    ("Primera firma de la orden", "archivista"),
    ("Segunda firma, de otra persona: se borra", "jefatura o administración"),
    ("Comprobar que no queda nada: el acta", "archivista"),
)
STATES = {
    "propuesta": "propuesta",
    "publicada": "publicada",
    "aprobada": "aprobada",
    "firmada": "una firma",
    "ejecutada": "a medio borrar",
    "eliminada": "eliminada",
    "retirada": "retirada",
}
NEXT = {
    "propuesta": "publicar el inventario",
    "publicada": "el acta del comité",
    "aprobada": "la firma de un archivista",
    "firmada": "la firma de otra persona, de jefatura",
    "ejecutada": "terminar de borrar",
    "eliminada": "el acta de eliminación",
    "certificada": "publicar el acta",
    "retirada": "nada: se retiró",
}
"""What comes after a state."""
FATE_OF = {"eliminar": "se elimina", "conservar": "se conserva por muestra", "excluido": "excluido"}
CALENDAR = "Lo que vence cada año, con lo cerrado hasta hoy"
NO_CALENDAR = "Nada de lo cerrado vence en los próximos diez años."


def number(count: int) -> str:
    """A number with its points."""
    return f"{count:,}".replace(",", ".")


def several(count: int, one: str, many: str) -> str:
    """A number and what it counts."""
    return f"{number(count)} {one if count == 1 else many}"


def files(count: int) -> str:
    """How many expedientes."""
    return several(count, "expediente", "expedientes")


def size(count: int) -> str:
    """Bytes, as people say them."""
    amount = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{number(count)} bytes" if unit == "bytes" else f"{amount:.1f} {unit}".replace(".", ",")


def opened(name: str, documents: int) -> str:
    """An expediente was opened."""
    inside = f", con {several(documents, 'documento', 'documentos')}" if documents else ""
    return f"{name} quedó abierto{inside}."


def filed(name: str, documents: int) -> str:
    """Records were put into one."""
    return f"{name} tiene ahora {several(documents, 'documento', 'documentos')}."


def closed(name: str, day: str, index: str) -> str:
    """An expediente was closed."""
    return f"{name} cerrado el {day}. Su índice electrónico: {index}"


def proposed(name: str) -> str:
    """A disposal was proposed."""
    return f"{name}: propuesta. Sigue publicarla, en la parte 6 Eliminación."


def step(done: int) -> str:
    """At which of the steps a disposal is."""
    return f"{done} de {len(DISPOSAL_STEPS)}"


def running(what: str, done: int, total: int) -> str:
    """What is under way."""
    far = f" · {number(done)} de {number(total)}" if total else ""
    return f"{what}…{far}"


def since(base: str, event: str) -> str:
    """From when retention runs."""
    return f"{event or 'el cierre'}, {base}"


def published_until(day: str) -> str:
    """Why the committee does not decide yet."""
    return f"Está publicada hasta el {day}: el comité decide después."


def unanswered(numbers: str) -> str:
    """Why the committee does not decide yet."""
    return f"Falta responder la observación {numbers}."


def to_answer(numbers: str) -> str:
    """What comes next of one that was observed."""
    return f"responder la observación {numbers}"


def turn_of(who: str) -> str:
    """Whose step it is."""
    return f"Este paso le toca a {who}."


YOU_SIGNED = "Usted ya firmó: la segunda firma es de otra persona, de jefatura o administración."
WITHDRAWN = "Se retiró: no sigue nada."
ALL_DONE = "Ya se dieron todos los pasos: publique el acta de eliminación."
BACKUPS = "Los respaldos lo guardan todavía: pase cada uno por «eliminar limpiar», o destrúyalo."


# -- what happened, and what comes next


def taken_out(what: str, name: str) -> str:
    """A document was taken out."""
    return f"{what} salió de {name}."


def reopened(name: str) -> str:
    """An expediente was reopened."""
    return f"{name} está abierto otra vez: su tiempo vuelve a empezar cuando se cierre."


def noted(name: str) -> str:
    """The event from which retention runs was told."""
    return f"{name}: anotado. Su tiempo de retención corre desde ese día."


def held(count: int) -> str:
    """Some are held."""
    return f"{files(count)}: nadie dispone de ellos hasta que se liberen (l)."


def released(count: int) -> str:
    """Holds were lifted."""
    return f"{files(count)}: se levantó la suspensión."


def rows(count: int) -> str:
    """Of an inventory."""
    return several(count, "fila", "filas")


def series(count: int) -> str:
    """Of a TRD."""
    return several(count, "serie o subserie", "series y subseries")


def written(what: str, path: str) -> str:
    """A file was written."""
    return f"{what} en {path}"


def sent(name: str, count: int, amount: int, path: str) -> str:
    """A package was written."""
    return (
        f"{name}: {several(count, 'archivo', 'archivos')}, {size(amount)}, en {path}. Aquí se "
        "conserva todo hasta que quien recibe lo acepte (parte 5)."
    )


def accepted(name: str, acta: str | None, word: str | None) -> str:
    """A package was taken in."""
    told = f"Acta: {acta}" if acta else f"Entregue a quien lo envió: {word}"
    return f"{name}: todo verifica y quedó aceptada. {told}"


def sent_back(name: str) -> str:
    """A package was sent back."""
    return f"{name}: devuelta. Los expedientes siguen donde estaban."


def settled(name: str, state: str) -> str:
    """The other side's word was taken."""
    return f"{name}: {state} por quien la recibió."


def published(until: str, folder: str) -> str:
    """An inventory is published."""
    return f"Publicada hasta el {until}. Suba hoy mismo al sitio web lo que hay en {folder}"


def observed(count: int, name: str) -> str:
    """An observation was written down."""
    return f"Observación {count} de {name} anotada: se responde con r antes del acta."


def answered(count: int, name: str) -> str:
    """An observation was answered."""
    return f"Observación {count} de {name} respondida."


def approved(name: str) -> str:
    """A committee approved."""
    return f"{name} aprobada: sigue la firma de un archivista (p)."


def signed_once(name: str) -> str:
    """The first signature."""
    return f"{name}: firmada. Falta la de otra persona, de jefatura o administración."


def erased(name: str, records: int, documents: int, acta: str | None) -> str:
    """What is gone."""
    told = (
        f"{name}: se eliminaron {several(records, 'radicado', 'radicados')} y "
        f"{several(documents, 'documento', 'documentos')}."
    )
    return f"{told} Acta: {acta}" if acta else f"{told} Falta el acta: p."


def proven(name: str, acta: str) -> str:
    """Nothing is left."""
    return f"De {name} no queda nada. Acta de eliminación: {acta}"


def withdrawn(name: str) -> str:
    """A disposal was given up."""
    return f"{name} quedó sin efecto."


def elsewhere(title: str, part: str) -> str:
    """An action of another part."""
    return f"«{title}» se hace en la parte {part}."


def parts_line(here: str, counts: dict[str, str], *, wide: bool) -> list[tuple[str, str]]:
    """The parts with their digits; the one that is shown stands out."""
    pieces = []
    for n, (part, title) in enumerate(PANES.items(), start=1):
        count = counts.get(part, "") if wide else ""
        pieces.append(("   " if wide else " ", ""))
        pieces.append((f"{n} {title}{f' {count}' if count else ''}", HERE if part == here else ""))
    return pieces


def marked(count: int) -> str:
    """How many rows are marked."""
    return several(count, "marcado", "marcados")


def by(order: str) -> str:
    """In which order the list is."""
    return f"por {ORDERS[order]}"


def on_day(day: str) -> str:
    """Of which day it is."""
    return f"al {day}"


def index_of(digest: str) -> str:
    """The índice electrónico of a closed one."""
    return f"firmado; su huella empieza por {digest[:16]}"
