"""What the dialogs of the room «Archivo» say."""

from __future__ import annotations

from tui.texts import archivo as words

OPEN_TITLE = "Abrir un expediente"
NAME, SUPPORT, FIRST = "Nombre", "Soporte", "Sus documentos (radicados, si ya los hay)"
MEDIUMS = {"electronico": "Electrónico", "hibrido": "Híbrido", "fisico": "Físico"}
ADD_TITLE = "Incorporar radicados"
RECORDS = "Radicados, separados por espacios"
KIND_TITLE = "¿Qué tipo documental es?"
ANY_KIND = "El que corresponda a su clase de petición"
TAKE_OUT_TITLE = "Sacar lo que se incorporó por error"
MEMBER = "El radicado, o #N por su orden"
REASON, REASON_IF = "Motivo", "Motivo (si hace falta)"
CLOSE_TITLE = "Cerrar el expediente"
CLOSE_DAY = "Día del acto que lo cierra (AAAA-MM-DD; si no, hoy)"
CLOSE_TEXT = (
    "Se firma su índice electrónico y desde ahí no entra ni sale nada. Su retención empieza a "
    "correr."
)
REOPEN_TITLE = "Reabrir el expediente"
REOPEN_TEXT = "Su tiempo vuelve a empezar con el nuevo cierre; los índices anteriores se guardan."
HOLD_TITLE = "Retener: suspender su eliminación y transferencia"
GROUND = "Fundamento (norma, proceso u orden)"
UNTIL = "Hasta qué día (AAAA-MM-DD; si no, hasta que se levante)"
RELEASE_TITLE = "Liberar: levantar la suspensión"
ALL_HOLDS = "Si tiene varias suspensiones, ¿se levantan todas? (sí o no)"
WHERE_TO_TITLE = "¿A qué expediente?"
SERIE_TITLE = "¿De qué serie?"
FACT_TITLE = "Anotar el hecho desde el que cuenta su serie"
FACT, FACT_DAY = "Qué ocurrió (liquidación, retiro…)", "Qué día (AAAA-MM-DD)"
DATE_TITLE = "¿A qué fecha?"
DATE_TEXT = "Muestra lo que se deberá transferir o eliminar ese día, con lo que hoy se sabe."
DATE = "Día (AAAA-MM-DD)"
TRANSFER_TITLE = "Transferir"
TARGET = "Carpeta en que se escribe el paquete"
EARLY = "Motivo (si es antes de tiempo)"
PROFILE_TITLE = "¿Qué clase de paquete?"
PROFILES = {
    "bagit": "BagIt: lo lee y lo comprueba cualquiera",
    "eark": "E-ARK: para un sistema de preservación",
}
FUID_TITLE = "Inventario documental (FUID)"
FORMATS = {
    "001-2024 xlsx": "Hoja de cálculo, columnas del Acuerdo 001 de 2024",
    "001-2024 pdf": "PDF, columnas del Acuerdo 001 de 2024",
    "001-2024 csv": "CSV, columnas del Acuerdo 001 de 2024",
    "042-2002 xlsx": "Hoja de cálculo, columnas del Acuerdo 042 de 2002",
    "042-2002 pdf": "PDF, columnas del Acuerdo 042 de 2002",
}
FILE = "Archivo que se escribe"
TABLE_TITLE = "Exportar la TRD"
TABLE_FORMATS = {
    "xlsx": "Hoja de cálculo, en el formato oficial",
    "pdf": "PDF, para imprimir y firmar",
    "csv": "CSV, una fila por serie o subserie",
}
ACCEPT_TITLE = "Aceptar un paquete"
PACKAGE = "Carpeta del paquete"
ACCEPT_TEXT = (
    "Se vuelve a calcular cada huella y, si todo verifica, los expedientes pasan de archivo. No "
    "se puede deshacer."
)
ROOT = "Llave raíz de la otra entidad (solo si el paquete es de otra)"
RETURN_TITLE = "Devolver un paquete"
RETURN_TEXT = "La transferencia queda sin efecto; los expedientes siguen donde están."
RECEIPT_TITLE = "Tomar la respuesta de quien recibió"
RECEIPT = "Archivo de la respuesta (…-aceptada.json o …-devuelta.json)"
RECEIPT_TEXT = "Con ella los expedientes pasan al otro archivo, o siguen aquí. No se deshace."
PROPOSE_TITLE = "Proponer su eliminación"
PROPOSE_TEXT = "Se hace y se firma el inventario. Todavía no se publica ni se elimina nada."
SAMPLE = "Muestra: cuántos de cada cien se conservan (si no, lo que diga la TRD)"
PUBLISH_TITLE = "Publicar el inventario"
PUBLISH_TEXT = (
    "Queda en la carpeta de salida: súbalo hoy mismo al sitio web. Desde hoy corre el plazo de "
    "las observaciones."
)
OBSERVE_TITLE = "Anotar una observación"
WHO, WHAT_SAID = "Quién la hace", "Qué dice"
ANSWER_TITLE = "Responder la observación"
WHICH = "Número de la observación"
ACCEPTS = "¿Se acoge? (sí o no)"
EXCLUDES = "Expedientes que por ella no se eliminan, separados por espacios"
APPROVE_TITLE = "El acta del comité"
ACT, ACT_DAY = "Número del acta", "Día del acta (AAAA-MM-DD; si no, hoy)"
ACT_FILE = "Archivo del acta escaneada (si lo hay)"
SIGN_TITLE = "Primera firma de la orden de eliminar"
SIGN_TEXT = "Con su llave propia. Todavía no se borra nada: falta otra persona."
ERASE_TITLE = "Segunda firma: ELIMINAR"
ERASE_TEXT = (
    "Con esta firma se borran los documentos y los datos. Quedan los números, las huellas y las "
    "actas. No hay vuelta atrás."
)
SECRET = "Clave de su llave de firma"
FINISH_TITLE = "Terminar de eliminar"
FINISH_TEXT = "Una interrupción dejó algo por borrar: se termina ahora."
WITHDRAW_TITLE = "Retirar la propuesta de eliminación"
WITHDRAW_TEXT = "Queda sin efecto; los expedientes siguen como estaban."
TRIAL_HINT = "Enter lo escribe · Esc no escribe nada"
TRIAL_NONE = "Nada se escribiría. Esc vuelve."
NOT_A_DAY = "no es un día: se escribe 2026-12-31."
NOT_A_NUMBER = "no es un número."
YES = ("s", "si", "sí", "acoge")
NO = ("n", "no", "niega")
SAY_YES_OR_NO = "Diga sí o no."
SHEET_HINT = "Flechas y RePág/AvPág recorren · Esc vuelve"


def for_files(names: list[str]) -> str:
    """Upon which it is."""
    if not names:
        return words.ALL_FILES
    if len(names) == 1:
        return names[0]
    return f"{words.files(len(names))}: {', '.join(names[:3])}{'…' if len(names) > 3 else ''}"


def for_records(count: int, first: str) -> str:
    """Which records."""
    return first if count == 1 else f"{words.several(count, 'radicado', 'radicados')}: {first}…"


def new_in(serie: str) -> str:
    """Under which serie."""
    return f"De la serie {serie}, como está hoy en la TRD."


def with_records(count: int) -> str:
    """What lies in it from the beginning."""
    return f"Con {words.several(count, 'radicado marcado', 'radicados marcados')}."
