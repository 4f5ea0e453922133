"""What the room «Tablero» says."""

from __future__ import annotations

TITLE = "Tablero"
COLUMNS = ("De qué", "Cuál", "Cuántos", "")
ALERT_COLUMNS = ("Nivel", "Radicado", "Qué pasa", "A quién le toca")
HINT = "Enter muestra los que son · a alertas · / filtrar · F5 contar · Esc volver"
ALERTS_HINT = "Enter abre el radicado en Consulta · / filtrar · Esc vuelve a las cifras"
COUNTING = "Contando…"
WATCHING = "Buscar lo que vence"
NO_ALERTS = "Nada por atender."
ALERTS = "Alertas"
NOTHING_HERE = "No hay ningún radicado en esa cifra."
NO_LIST = "Son los documentos que llegaron hoy, también los que no se radicaron: no son una lista."
NOTHING_CHOSEN = "No hay ninguna línea elegida."
NONE_FITS = "Nada coincide con el filtro."

TODAY, DUE, OVERDUE = "Hoy", "Por vencer", "Vencidos"
TIMELY, CHANNELS, MONTHS = "A tiempo", "Por canal", "Por mes"
TODAY_NAMES = {
    "recibidos": "Llegaron",
    "radicados": "Se radicaron",
    "respondidos": "Respuestas enviadas",
    "imagen_pendiente": "Falta escanear el papel",
    "sello_pendiente": "Falta firmar el PDF",
}
WAITING_NAMES = {
    "por_radicar": "Esperan su número",
    "leyendo": "Se están leyendo",
    "no_leidos": "No se pudieron leer",
}
WAITING_TOLD = {
    "por_radicar": "esperan su número en Recepción.",
    "leyendo": "se están leyendo; Recepción los muestra.",
    "no_leidos": "no se pudieron leer. Recepción los muestra con su motivo.",
}
OWN_NAMES = {
    "vencidos": "vencidos",
    "sin_responsable": "sin responsable",
    "pendientes": "pendientes en total",
}
NO_CHANNEL = "sin canal"
UNASSIGNED = "por repartir"
NOTHING_OVERDUE = "ninguno"
ENTER_SHOWS = "Enter los muestra"
NORM, SINCE, WHO = "Norma", "Lo tiene desde", "Le toca a"


def days(first: int, last: int) -> str:
    """When something expires, days from today."""
    if first == last == 0:
        return "hoy"
    return f"en {first} a {last} días"


def own(area: str) -> str:
    """The group of the área that who looks heads."""
    return f"Su área {area}"


def shows(query: str) -> str:
    """What Enter does."""
    return f"{ENTER_SHOWS} en Consulta: {query}"


def rate(good: int, late: int) -> str:
    """How much was answered in time, in percent; whole only where it is whole."""
    total = good + late
    share = 100 * good // total if late else 100
    return f"{share} %"


def timely_told(month: str, good: str, total: str, late: str) -> str:
    """What a rate is made of."""
    return (
        f"De {total} respuestas enviadas en {month} a lo que tenía término, {good} salieron a "
        f"tiempo y {late} tarde."
    )


def level(code: str, name: str) -> str:
    """A level of alerts, as a figure; of what is not urgent those are told that nobody has."""
    return f"{name.lower()}, sin responsable" if code == "verde" else name.lower()


def seen_at(hour: str) -> str:
    """When the figures were counted."""
    return f"a las {hour}"


def more_alerts(count: int) -> str:
    """What does not fit beside the figures."""
    return f"… y {count} más: a las muestra todas."


def first_of(shown: str, total: str) -> str:
    """More presses than a list shows."""
    return f"Se muestran las {shown} peores de cada nivel, de {total}; Consulta las halla todas."


def not_yours(room: str) -> str:
    """A figure whose list is in a room that the person does not enter."""
    return f"Los muestra {room}, que no es de su papel."
