"""What the room «Consulta» says, and a record's sheet wherever it is shown."""

from __future__ import annotations

TITLE = "Consulta"
LINE = "Consulta"
PLACEHOLDER = "palabras, número, área:120, estado:pendiente, vence<3d…"
COLUMNS = ("Radicado", "Fecha", "Remitente", "Asunto", "Estado")
DUE_COLUMN = "Vence"
ORDERS = {"numero": "número", "fecha": "fecha", "vence": "vence", "remitente": "remitente"}
LINE_HINT = "Tab acepta la propuesta · Enter o ↓: a la lista · Esc: volver"
LIST_HINT = "Enter abre · o documento · s orden · , filtrar · w guardar · 1-9 vistas · ?"
NONE = "Nada coincide."
GONE = "ya no está"
SEARCHING = "buscando…"
NOTHING_CHOSEN = "No hay ningún radicado elegido."
NOTHING_FOUND = "No hay nada en la lista."
CUT = "Se dejó de escribir el archivo: no quedó nada."
EXPORTING = "Escribiendo la lista…"
EXPORT_TITLE = "Exportar una consulta"
NO_DOCUMENT = "Este radicado no tiene documento que abrir."
SAVE_TITLE = "Guardar la vista"
SAVE_LABEL = "Nombre"
DROP_TITLE = "¿Qué vista se borra?"
NO_VIEWS = "No tiene vistas guardadas: w guarda la consulta de ahora."
NARROW_TITLE = "Filtrar por un valor de este radicado"
SHEET_HINT = "Flechas y RePág/AvPág recorren · o abre el documento · Esc vuelve"
OPEN_TO_READ = (
    "Es reservado, o protege a quien escribió. Enter lo abre, y queda anotado que usted lo "
    "consultó."
)


def count(number: int, *, exact: bool) -> str:
    """How many records; «+» while more are looked for."""
    if number == 0 and exact:
        return NONE
    shown = f"{number:,}".replace(",", ".")
    word = "radicado" if number == 1 and exact else "radicados"
    return f"{shown}{'' if exact else '+'} {word}"


def order(name: str) -> str:
    """In which order the list is."""
    return f"por {ORDERS.get(name, name)}"


def save_text(query: str) -> str:
    """Before a query is kept."""
    return (
        f"«{query or 'todos los radicados'}» quedará bajo una tecla del 1 al 9: la primera libre, "
        "o la que escriba delante del nombre, como «3 Vencidos»."
    )


def saved(key: int, name: str) -> str:
    """A query was kept."""
    return f"Guardada: la tecla {key} muestra «{name}»."


def dropped(key: int) -> str:
    """A view was dropped."""
    return f"La tecla {key} quedó libre."


def no_view(key: int) -> str:
    """Nothing is kept under a digit."""
    return f"Bajo el {key} no hay ninguna vista: w guarda la consulta de ahora."


def exported(rows: int, path: str) -> str:
    """Where the list lies."""
    return f"{count(rows, exact=True)} en {path}"


# -- a record's sheet

RECORD = "Radicado"
DATA, TERM, ACCESS, WAY = "Datos", "Término", "Acceso", "Trámite"
ANSWERS, DOCUMENTS, OTHERS, STORY = "Respuestas y envíos", "Documentos", "Con otros", "Historia"
WITHHELD = "«reservado»: su contenido no se muestra; usted no está entre quienes lo conocen."
KEPT = "Identidad protegida: quién escribió no se le muestra a usted."
MISSING = "falta el archivo"
NOBODY_YET = "por repartir"
ROLES = {
    "original": "Original, como llegó",
    "registro": "PDF firmado",
    "anexo": "Anexo",
    "acuse": "Acuse",
    "acta": "Acta",
    "constancia": "Constancia",
    "respuesta": "Respuesta",
    "version_publica": "Versión pública",
    "migracion": "Copia en otro formato",
    "prueba": "Prueba de entrega",
    "historia": "Historia que traía",
}
MARKS = {
    "imagen_pendiente": "falta escanear el papel",
    "sello_pendiente": "falta su PDF firmado",
    "anonimo": "anónimo",
    "prioritario": "va antes de su turno",
    "solo_lectura": "solo lectura: lo escribió una versión más nueva",
    "reservado": "reservado",
    "clasificado": "clasificado",
    "identidad_protegida": "identidad protegida",
    "importado_sin_verificar": "importado, sin verificar",
    "anulado": "anulado allá",
    "eliminado": "eliminado",
}
STATES = {"eliminado": "eliminado", "por_enviar": "por enviar", "enviado": "enviado"}
EFFECTS = {
    "prorroga": "Prórroga",
    "requerimiento": "Requerimiento",
    "aclaracion": "Devuelta para que la aclare",
    "traslado": "Traslado",
    "desistimiento": "Acto de desistimiento",
}
EVENTS = {
    "documento.recibido": "se recibió",
    "radicado.asignado": "se radicó",
    "recepcion.descartada": "no se radicó",
    "recepcion.revivida": "volvió a la cola",
    "imagen.incorporada": "se le unió un documento",
    "registro.sellado": "se firmó su PDF",
    "registro.importado": "se importó de otro sistema",
    "registro.eliminado": "se eliminó su contenido",
    "registro.migrado": "se copió a otro formato",
    "anulacion.solicitada": "se pidió anularlo",
    "anulacion.negada": "se negó anularlo",
    "radicado.anulado": "se anuló",
    "radicado.rectificado": "se rectificó",
    "documento.expedido": "se expidió un documento",
    "tramite.asignado": "se asignó",
    "tramite.devuelto": "se devolvió",
    "tramite.conocido": "su responsable lo abrió",
    "tramite.informado": "se informó a otros",
    "tramite.enterado": "se dio por enterado",
    "tramite.vobo_pedido": "se pidió visto bueno",
    "tramite.vobo_dado": "se dio visto bueno",
    "tramite.nota": "se anotó",
    "tramite.plazo": "se fijó su plazo",
    "tramite.agendado": "se agendó",
    "tramite.archivado": "se archivó",
    "tramite.respuesta": "cambió su respuesta",
    "tramite.completado": "el peticionario lo completó",
    "tramite.desistido": "el peticionario desistió",
    "tramite.ampliado": "se amplió su plazo",
    "tramite.recalculado": "se recalculó su plazo",
    "tramite.priorizado": "se le dio prioridad",
    "tramite.vinculado": "se vinculó",
    "tramite.acumulado": "se acumuló",
    "tramite.acuse": "se acusó recibo",
    "respuesta.presentada": "se presentó la carta",
    "respuesta.revisada": "se revisó la carta",
    "respuesta.aprobada": "se aprobó la carta",
    "respuesta.firmada": "se firmó la carta",
    "respuesta.retirada": "se retiró la carta",
    "acceso.identidad": "se protegió la identidad",
    "acceso.clasificado": "se clasificó",
    "acceso.permitido": "se permitió conocerlo",
    "acceso.retirado": "se retiró el permiso",
    "acceso.consultado": "se consultó",
    "acceso.version_publica": "se hizo versión pública",
    "envio.registrado": "se envió",
    "envio.entregado": "se entregó",
    "envio.devuelto": "volvió sin entregar",
    "envio.cerrado": "se cerró el envío",
    "envio.notificado": "se notificó",
    "papel.movido": "se movió el papel",
}


def is_tie(how: str, number: str, *, comes: bool) -> str:
    """What it is to another record."""
    return f"{number} es {how} de este" if comes else f"Es {how} de {number}"
