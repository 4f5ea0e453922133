"""What the room «Integridad» says."""

from __future__ import annotations

TITLE = "Integridad"
COLUMNS = ("", "Qué", "Cómo está")
HINT = "F2 verifica · c verifica todo · b revisa la bóveda · x cancela · Esc volver"
SIGNS = {"bien": "bien", "ojo": "OJO", "mal": "MAL", "espera": "…", "dato": ""}
LOOKING = "Mirando…"
NOTHING_CHOSEN = "No hay ninguna línea elegida."
ALREADY = "Ya se está verificando: x lo cancela."
NOT_RUNNING = "Nada se está verificando ni revisando."
VERIFYING = "Verificar la oficina"
REVIEWING = "Revisar la bóveda"
SURVEYING = "Mirar qué se ha revisado de la bóveda"
STARTED = "Verificando: se puede seguir trabajando."
REVIEW_STARTED = "Revisando la parte de hoy de la bóveda: se puede seguir trabajando."
CANCELLED = "La verificación se canceló: vale la anterior."
ASKED_TO_STOP = "Se pidió parar: para en cuanto pueda, y vale la verificación anterior."
NOT_STOPPED = "Eso ya no se puede parar: termina pronto."
STAGES = {
    "diario": "Diarios: cadena, firmas, números",
    "documentos": "Documentos y sus firmas",
    "boveda": "Archivos de la bóveda",
    "indice": "Índice de búsqueda",
}
VERIFICATION, FINDING = "Verificación", "Hallazgo"
CLOSING, HEAD = "Sello del día", "Último sello firmado"
OWN_LOG, OTHER_LOG, AUTHORITY_LOG = (
    "Diario de esta sede",
    "Diario de otra sede",
    "Diario de la autoridad",
)
CONFLICTS, FORK, VAULT, DAMAGED, LOST = "Conflictos", "Conflicto", "Bóveda", "Dañado", "Falta"
BACKUP, NOTICE = "Respaldo", "Aviso de hoy"
NEVER_VERIFIED = "nunca en este equipo"
NO_CLOSING = "todavía no hay ninguno"
NO_HEAD = "todavía no hay ninguno"
NO_FORKS = "ninguno"
NO_BACKUP = "nunca se ha hecho"
NEVER_SEEN = "no se ha visto nada de ella"
NOBODY = "sin persona"
KEY_NAMES = {
    "ca": "Certificado de la entidad",
    "crl": "Lista de revocados",
    "token": "Certificado del token",
    "AUT": "Certificado de la autoridad",
}

DO_VERIFY = "F2 verifica ahora; c, además, cada archivo de la bóveda."
DO_FINDING = (
    "Nada se ha reparado. Conserve la carpeta como está, y sane con un respaldo: "
    "«ventanilla recuperar --desde DIR»; después, F2 verifica otra vez."
)
DO_CLOSE = "Ciérrelo al final del día: «ventanilla cierre». Guarde fuera la raíz que muestra."
DO_HEAD = (
    "Con esta raíz, anotada fuera del equipo, cualquiera comprueba después que nada cambió: "
    "«ventanilla prueba»."
)
DO_BAD_HEAD = "F2 verifica y dice qué pasó; traiga el sello de un respaldo."
DO_OWN_LOG = "Hasta aquí llega lo que esta sede ha escrito."
DO_OTHER_LOG = "Hasta aquí se ha visto; lo que esa sede escribió después no está en este equipo."
DO_NEVER_SEEN = "La autoridad la admitió, y su diario no ha llegado a este equipo."
DO_FORK = (
    "La otra rama se conserva en cuarentena, como prueba. Averigüe qué números se dieron dos "
    "veces, con las dos a la vista."
)
DO_NO_FORKS = "Ninguna copia que se haya visto contradice a esta oficina."
DO_REVIEW = "b lee ahora la parte de hoy; cada noche: «ventanilla integridad revisar --parte»."
DO_DAMAGED = (
    "Se sana con los bytes idénticos de un respaldo: «ventanilla recuperar --desde DIR»; después, "
    "b lo lee otra vez."
)
DO_BACKUP = "Conecte el disco y haga uno: «ventanilla respaldo crear --destino DIR»."
DO_BACKUP_GOOD = "De vez en cuando compruebe que sirve: «ventanilla respaldo verificar DIR»."
DO_KEY = "Renuévelo antes: «ventanilla clave rotar». Lo firmado con el anterior sigue valiendo."
DO_LIST = "Renuévela antes: «ventanilla clave lista», con la clave de la entidad."
DO_CA = "Dura diez años y nada lo renueva: pida ayuda con tiempo."
DO_TOKEN = "Pida el nuevo a su emisor y regístrelo: «ventanilla clave certificado»."
DO_KEY_GOOD = "Vale todavía; se avisa dos meses antes."
DO_KEY_BAD = "No se puede firmar con él. F2 verifica; tráigalo de un respaldo."
DO_NOTICE = "Mírelo quien responde por la oficina."


def verified(when: str, who: str, events: str, papers: str, *, ok: bool, whole: bool) -> str:
    """The last verification."""
    what = "todo verifica" if ok else "NO verifica"
    more = ", con toda la bóveda" if whole else ""
    return f"{what} · {when} · {who} · {events} líneas, {papers}{more}"


def findings(count: int, shown: int) -> str:
    """How many things do not verify, and how many are listed."""
    told = "1 hallazgo" if count == 1 else f"{count} hallazgos"
    return told if count <= shown else f"{told}; abajo, los primeros {shown}"


def at_work(what: str, share: str) -> str:
    """A verification under way."""
    return f"{what} {share}".strip() if what else "empezando…"


def closed(day: str, lines: str, root: str) -> str:
    """A closing."""
    return f"del {day} · {lines} líneas · raíz {root}"


def head(lines: str, root: str, key: str) -> str:
    """A signed head."""
    return f"{lines} líneas · raíz {root} · la llave {key}"


def log(lines: str, hour: str) -> str:
    """How far a log is known."""
    return f"{lines} líneas, hasta el {hour}"


def fork(punto: str, line: str, many: str, when: str) -> str:
    """Another branch."""
    return f"{punto}: otra rama desde la línea {line} ({many} líneas), vista el {when}"


def vault(total: str, never: str, late: str, days: int) -> str:
    """What of the vault was read again."""
    held = documents(total)
    if never == late == "0":
        return f"{held}, todo releído en los últimos {days} días"
    parts = [f"{never} sin releer"] if never != "0" else []
    parts += [f"{late} hace más de {days} días"] if late != "0" else []
    return f"{held}: {', '.join(parts)}"


def documents(count: str) -> str:
    """How many documents."""
    return "1 documento" if count == "1" else f"{count} documentos"


def round_of(when: str) -> str:
    """The last complete round."""
    return f"La última vuelta completa terminó el {when}."


def oldest(when: str) -> str:
    """What was longest unread."""
    return f"Lo que hace más no se lee se leyó el {when}."


def lost(file: str, names: str) -> str:
    """A document that is not what it was."""
    return f"{file} · {names}" if names else file


def backup(when: str, files: str, size: str) -> str:
    """The last backup."""
    return f"{when} · {files} archivos, {size} MB"


def key_until(day: str, days: int) -> str:
    """Until when a key is good."""
    if days < 0:
        return f"venció el {day}"
    return f"vale hasta el {day} (faltan {days} días)"


def certificate_of(name: str) -> str:
    """The name of a punto's certificate."""
    return KEY_NAMES.get(name) or f"Certificado de {name}"


def reviewed(count: str, wrong: int) -> str:
    """What a review of the vault found."""
    said = "todos son los que se guardaron" if not wrong else f"{wrong} NO están bien"
    return f"Se releyó la parte de hoy, {documents(count)}: {said}."


def now_verified(events: str, wrong: int) -> str:
    """What a verification found."""
    if not wrong:
        return f"Todo verifica: {events} líneas."
    many = "1 hallazgo" if wrong == 1 else f"{wrong} hallazgos"
    return f"NO verifica: {many}. Nada se ha reparado."
