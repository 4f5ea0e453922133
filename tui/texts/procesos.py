"""What the room «Procesos en curso» says."""

from __future__ import annotations

TITLE = "Procesos en curso"
COLUMNS = ("Estado", "Qué", "Avance", "Tiempo")
HINT = "x cancela · r repite lo que falló · l limpia · / filtrar · Esc volver"
STATES = {
    "espera": "espera",
    "corre": "en curso",
    "cancelando": "cancelando",
    "hecho": "hecho",
    "fallo": "FALLÓ",
    "cancelado": "cancelado",
    "lee": "leyendo",
    "cola": "por leer",
    "firma": "por firmar",
    "ilegible": "NO SE LEE",
}
NOTHING = "Nada está en curso, y nada ha fallado."
NOTHING_CHOSEN = "No hay ninguna línea elegida."
NONE_FITS = "Nada coincide con el filtro."
NOT_CANCELLED = "Esto no se puede cancelar: termina solo, y lo guardado queda entero."
NOT_REPEATED = "Solo se repite lo que falló o se canceló."
READING_ITSELF = "La lectura no se cancela: la carta se puede radicar mientras tanto."
CANCELLING = "Cancelando: para en cuanto pueda, sin dejar nada a medias."
REPEATED = "Se pidió otra vez."
CLEARED = "Se quitó de la lista lo que terminó; lo que falló queda."
WAITS_TOLD = "Espera su turno."
RUNS_TOLD = "Está en curso."
STOPPING_TOLD = "Se está cancelando."
DONE_TOLD = "Terminó."
CANCELLED_TOLD = "Se canceló: no quedó nada a medias. r lo pide otra vez."
FAILED_NEXT = "r lo intenta otra vez."
READ_TOLD = "Se está leyendo; mientras tanto se puede completar y radicar en Recepción."
QUEUE_TOLD = "Espera a ser leído, o lo lee otro programa; ya se puede radicar en Recepción."
UNREADABLE_TOLD = "Enter lo muestra en Recepción: r lo intenta otra vez, F8 no lo radica."
SEALS = "PDF de radicados por firmar"
SEALS_TOLD = (
    "Se firman solos. Si la firma falló arriba dice por qué; los números ya valen. Enter los "
    "muestra en Consulta."
)
OTHERS_READ = "Documentos que se leen"
OTHERS_UNREADABLE = "Documentos que no se pudieron leer"
OTHERS_TOLD = "Cuáles son lo ve quien radica."
HEAD_RUNNING, HEAD_FAILED = "en curso", "fallaron"


def pages(done: int, known: int) -> str:
    """How many pages were read, of those that came out of the document so far."""
    return f"{done} de {known} págs."


def of(done: str, total: str) -> str:
    """How far a task is."""
    return f"Va en {done} de {total}"


def count(done: str) -> str:
    """How far a task is that does not know its end."""
    return done


def running(count: int) -> str:
    """For the head."""
    return f"{count} {HEAD_RUNNING}"


def failed(count: int) -> str:
    """For the head."""
    return f"{count} {'falló' if count == 1 else HEAD_FAILED}"
