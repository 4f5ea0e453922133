"""How Colombian letters say things: the tables that `ingest.fields` reads them by.

All patterns meet text without accents and in lower case (`ingest.letter.plain`), save those of
names, whose capitals matter. A new wording is a new alternative here, never a new rule there.
"""

from __future__ import annotations

import re

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
LONG_DATE = re.compile(r"\b(\d{1,2})\s*(?:de\s+)?([a-z]{4,10})\s*(?:de|del|,)?\s*(\d{4})\b")
DAY_LAST = re.compile(r"\b([a-z]{4,10})\s+(\d{1,2})\s*(?:,|de|del)\s*(\d{4})\b")
SHORT_DATE = re.compile(r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})\b")

CLOSING = re.compile(
    r"(?:^\W*|[.!,;]\s+)(?:de ustedes?,? )?(?:muy )?"
    r"(?:atentamente|cordialmente|respetuosamente|atte|"
    r"(?:un )?cordial saludo|con (?:toda )?atencion|agradecid[oa]s?|te quiere.*)\W*$"
)
GREETING = re.compile(
    r"^\W*(?:cordial saludo|respetad[oa]s?|apreciad[oa]s?|estimad[oa]s?|reciban?|"
    r"distinguid[oa]s?)\b"
)
ADDRESSEE = re.compile(r"^\W*(?:senor(?:a|es|as)?|doctor(?:a|es)?|ingenier[oa]s?|"
                       r"arquitect[oa]s?|honorables?|dra?)\b\.?:?\s*(.*)$")  # fmt: skip
SUBJECT = re.compile(r"^\W*(asunto|asumto|ref(?:erencia)?)\s*[.:;]+\s*|^\W*(asunto|referencia)\s+")
IDENTITY = re.compile(
    r"(?<!\w)(?:[c€]\s?\.?\s?[c€]\s?\.?|cedula(?: de ciudadania)?|ced\.?)"
    r"\s*(?:no?\.?|n[°ºo2]\.?|num\.?|#)?"
    r"\s*[:.]?\s*(\d{1,3}(?:\s?[.,;:]{1,2}\s?\d{3}|\s\d{3}){1,3}|\d{6,10})\b"
)
TAX_ID = re.compile(r"\bn\s?\.?\s?[il1]\s?\.?\s?t\b\.?\s*(?:no?\.?)?\s*[:.]?\s*"
                    r"(\d{3}[.,\s]?\d{3}[.,\s]?\d{3}(?:\s?[-—–]\s?\d)?)")  # fmt: skip
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(
    r"\b(?:tel(?:efonos?)?|cel(?:ular)?|movil|whatsapp|contacto)\b\.?\s*(?:no?\.)?\s*[:;.,]?\s*"
    r"(\(?\d{2,3}\)?[\s\d.-]{6,14}\d|\d{7,10})"
)
ADDRESS = re.compile(
    r"\b(?:calle|cll?|carrera|cra|kra|kr|avenida|av|ave|diagonal|diag|dg|transversal|transv|tv|"
    r"circular|autopista|manzana|mz)\b\.?\s*\d+\s?[a-z]?\b[^|]*|\bvereda\s+\w[^|]*"
)
LABELLED_ADDRESS = re.compile(
    r"\b(?:direccion|domicilio|residencia)\b\s*(?:de notificacion)?\s*[:.]\s*(.+)$"
)
TOWN = re.compile(
    r"^\W*([a-zñ][a-zñ .]{2,40}?)(?:\s*\([a-z. ]+\))?\s*,"
    r"\s*(?:\d{1,2}\s+de|[a-z]+\s+\d{1,2})"
)
LETTER_NO = re.compile(
    r"^\W*(?:oficio|radicado (?:interno|de salida)|comunicacion)\s*"
    r"(?:no?\.?|n[°ºo]\.?|nro\.?|#)?\s*[:.]?\s*([a-z]{0,6}[-\w/.]*\d[-\w/.]*)"
)
BARE_NO = re.compile(r"^\W*([a-z]{2,6}-?\d{0,4}[-/]\d{3,}(?:[-/]\d+)?)\W*$")
DEPENDENCY = re.compile(
    r"^\W*(?:sub)?(?:secretari[ao]|oficina|direccion|despacho|inspeccion|comisaria|tesoreri?a|"
    r"departamento|unidad|ventanilla|area)\b"
)
ENCLOSED = re.compile(r"^\W*(anex[oa]s?|adjunt[oa]s?)\s*[:.]\s*(.+)$")
LEAVES = re.compile(r"\(?\b(\d{1,4})\)?\s+folios?\b|\bfolios?\s*[:.]\s*(\d{1,4})\b")
COMPANY = re.compile(
    r"\b(?:s\.?\s?a\.?\s?s|s\.\s?a|ltda|e\.?\s?u|s\.?\s?en\s?c|e\.?\s?s\.?\s?p|"
    r"fundacion|corporacion|asociacion|cooperativa|universidad|junta de accion comunal|"
    r"alcaldia|gobernacion|ministerio|"
    r"personeria|contraloria|procuraduria|defensoria|juzgado|concejo|hospital|"
    r"institucion educativa|colegio|sindicato|superintendencia|fiscalia|comisaria|veeduria|"
    r"empresa|drogueria|consorcio)\b"
)
NAME_WORD = re.compile(
    r"^[A-ZÁÉÍÓÚÜÑ][A-Za-zÁÉÍÓÚÜÑáéíóúüñ.'’-]*$|^(?:de|del|la|las|los|y|DE|DEL|LA)$"
)
NOT_NAME = re.compile(
    r"\b(?:firma|anexos?|copia|representante|director|directora|gerente|alcalde|secretari[oa]|"
    r"jefe|presidente|presidenta|apoderad[oa]|tel|cel|correo|calle|carrera|cra|recibido|radicado|"
    r"ciudad|atentamente|profesional|coordinador|coordinadora|subdirector|personer[oa]|juez|"
    r"cordialmente|proyect[oó]|elabor[oó]|revis[oó]|nit|vereda|asunto|bogota d)\b"
)

KINDS: tuple[tuple[str, int, str], ...] = (
    ("tutela", 90, r"accion de tutela|\btutela\b"),
    ("judicial", 85, r"\bjuzgado\b.*\boficio\b|requerimiento judicial|despacho comisorio|"
                     r"\bdemandante\b.*\bdemandado\b"),
    ("habeas_consulta", 85, r"habeas data.*consulta|consulta.*(?:habeas data|datos personales)"),
    ("habeas_reclamo", 85, r"habeas data|(?:rectificacion|supresion|actualizacion) de "
                           r"(?:mis )?datos personales"),
    ("recurso", 88, r"recurso de (?:reposicion|apelacion|queja)"),
    ("congreso", 85, r"congreso de la republica|camara de representantes|senado de la republica"),
    ("concejo", 80, r"concejo (?:municipal|distrital).*(?:citacion|cuestionario|proposicion)|"
                    r"proposicion.*concejo"),
    ("organismo_control", 80, r"requerimiento de la (?:contraloria|procuraduria|personeria)"),
    ("documentos", 88, r"peticion de documentos|copias? (?:autenticas?|simples?|integra|del? )|"
                       r"expedicion de copias?|solicitud de copias?"),
    ("consulta", 85, r"^\W*consulta\b|derecho de peticion de consulta|\bconsulta (?:sobre|acerca|"
                     r"respecto)|concepto sobre"),
    ("denuncia", 88, r"\bdenunci[ao]"),
    ("queja", 88, r"\bquej(?:a|as|o)\b"),
    ("reclamo", 88, r"\breclam(?:o|os|acion|aciones)\b"),
    ("sugerencia", 85, r"\bsugerencias?\b"),
    ("felicitacion", 85, r"\bfelicita(?:cion|ciones|r|mos)\b|agradecimiento"),
    ("peticion", 85, r"derecho de peticion|\bpeticion\b|\bsolicitud\b|\bsolicito\b|\bsolicita"),
    ("tramite", 65, r"\btramite\b|\binvitacion\b|\bremision\b|\binforme\b"),
)  # fmt: skip
"""Kind, strength of the rule, words; the first that matches the subject wins, then the body."""

SUBJECT_FIRST = (
    ("tutela", r"\btutela\b"),
    ("recurso", r"recurso de (?:reposicion|apelacion|queja)"),
    ("autoridades", r"entre autoridades"),
)
"""Kinds that a subject names so clearly that the sender no longer matters."""

SENDERS: tuple[tuple[str, str], ...] = (
    ("congreso", r"congreso de la republica|camara de representantes|senado de la republica"),
    ("defensoria", r"defensoria del pueblo"),
    ("organismo_control", r"contraloria|procuraduria|personeria"),
    ("judicial", r"\bjuzgado\b|tribunal (?:superior|administrativo)|fiscalia general"),
    ("concejo", r"concejo (?:municipal|distrital)"),
    ("autoridades", r"\bministerio\b|superintendencia|gobernacion|alcaldia|policia nacional"),
)
