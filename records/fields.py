"""The registration fields: what each is, which are personal data, and how a value is checked.

Acuerdo 060 de 2001, art. 2 («registro»): sender or addressee, competent dependencia, radicado,
officer in charge, anexos, response time; art. 10: origin, address, subject. `fax` is what a fax's
header says of origin, date and hour (Ley 527 de 1999, art. 12 num. 3). Only the instant, the
channel and the folios are hard; nothing else may keep a letter from its number (CPACA, art. 15 par.
2).
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from records import lines, norms, priority
from records.errors import Refused
from records.state import PUBLIC
from records.tramite import UNASSIGNED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from records.people import Authority

FIELDS = (
    "remitente",
    "entidad",
    "tipo_documento",
    "cedula",
    "nit",
    "direccion",
    "municipio",
    "correo",
    "telefono",
    "asunto",
    "fecha",
    "oficio",
    "destinatario",
    "anexos",
    "faltantes",
    "folios",
    "tipo",
    "prioridad",
    "canal",
    "fax",
    "dependencia",
    "responsable",
)
DOCUMENTS = ("CC", "CE", "TI", "RC", "PA", "PEP", "PPT", "NIT")
"""Kinds of identity document; its number is `cedula`, whatever the kind, and `nit` for a NIT."""
PRIORITIES = tuple(priority.GROUNDS)
"""Grounds for attending a petition first (CPACA, art. 5 num. 6 and art. 20); several at once."""
KIND_NAMES = {
    "peticion": "Petición",
    "documentos": "Petición de documentos o información",
    "consulta": "Consulta",
    "queja": "Queja",
    "reclamo": "Reclamo",
    "sugerencia": "Sugerencia",
    "denuncia": "Denuncia",
    "felicitacion": "Felicitación",
    "autoridades": "Petición entre autoridades",
    "congreso": "Congreso de la República",
    "concejo": "Concejo municipal",
    "organismo_control": "Organismo de control",
    "defensoria": "Defensoría del Pueblo",
    "tutela": "Tutela",
    "judicial": "Requerimiento judicial",
    "recurso": "Recurso",
    "tramite": "Trámite",
    "habeas_consulta": "Hábeas data: consulta",
    "habeas_reclamo": "Hábeas data: reclamo",
    "sin_termino": "NRR – no requiere respuesta",
}
"""Kinds of communications, and how people read them."""
KINDS = tuple(KIND_NAMES)
CHANNELS = (
    "fisico",
    "correo_postal",
    "mensajeria",
    "fax",
    "correo_electronico",
    "presencial",
    "telefonico",
    "web",
    "chat",
    "whatsapp",
    "redes",
    "buzon",
    "feria",
    "notificacion_judicial",
)
REGISTER = "Acuerdo 060 de 2001 (AGN), art. 2"
MAX_TEXT = 2000
MAX_LEAVES = 100_000


def clean_text(value: str) -> str:
    """A typed or read value as it is kept: NFC, one line, no control or direction characters."""
    text = unicodedata.normalize("NFC", value)
    kept = "".join(
        " " if c in "\t\n\r\v\f" else c
        for c in text
        if c in "\t\n\r\v\f" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return re.sub(r" {2,}", " ", kept).strip()[:MAX_TEXT]


def check(values: Mapping[str, Any], authority: Authority) -> dict[str, Any]:
    """Field values as they are recorded; empty ones are left out.

    Raises:
        Refused: a field does not exist or its value cannot be.
    """
    out: dict[str, Any] = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise Refused(
                "campo_desconocido",
                f"No hay un campo «{name}».",
                consejo=f"Los campos son: {', '.join(FIELDS)}.",
            )
        kept = _anexos(value) if name == "anexos" else clean_text(str(value))
        if kept:
            out[name] = kept
    _one_of(out, "tipo", KINDS)
    _one_of(out, "canal", CHANNELS)
    _one_of(out, "tipo_documento", DOCUMENTS)
    if "prioridad" in out:
        out["prioridad"] = _grounds(str(out["prioridad"]))
    if "folios" in out:
        out["folios"] = _leaves(out["folios"])
    area = out.get("dependencia")
    if area is not None and area != UNASSIGNED and area not in authority.areas:
        raise Refused(
            "dependencia_desconocida",
            f"No hay una dependencia «{area}».",
            consejo="«ventanilla area lista» muestra las que hay.",
            norma=norms.cite(REGISTER, lines.now().date()),
        )
    person = out.get("responsable")
    if person is not None and person not in authority.personas:
        raise Refused("persona_desconocida", f"No hay ninguna persona «{person}».")
    return out


def split(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what goes into `data`, what goes into the ficha)."""
    public = {k: v for k, v in values.items() if k in PUBLIC}
    private = {k: v for k, v in values.items() if k not in PUBLIC}
    return public, private


def count_annexes(value: Any) -> int:
    """How many anexos the rows (or the text) of the field `anexos` tell."""
    if isinstance(value, list):
        return sum(int(row.get("cantidad", 1)) for row in value)
    return 1 if value else 0


def _anexos(value: Any) -> Any:
    """Rows {clase, cantidad, folios, soporte, digitalizado, custodia}; plain text is one row."""
    if isinstance(value, str):
        text = value.strip()
        if not text.startswith("["):
            return clean_text(text)
        try:
            value = json.loads(text)
        except ValueError as error:
            raise Refused("campo_invalido", "Los anexos no se entienden.") from error
    if not isinstance(value, list) or not all(isinstance(r, dict) for r in value):
        raise Refused("campo_invalido", "Los anexos son una lista de filas.")
    return [_annex(row) for row in value]


def _annex(row: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, item in row.items():
        if key not in ("clase", "cantidad", "folios", "soporte", "digitalizado", "custodia"):
            raise Refused("campo_invalido", f"Un anexo no tiene «{key}».")
        if key in ("cantidad", "folios"):
            out[key] = _leaves(str(item))
        else:
            out[key] = item if isinstance(item, bool) else clean_text(str(item))
    return out


def _grounds(value: str) -> str:
    """The grounds, each once and in the order of `PRIORITIES`."""
    written = priority.codes(value)
    for ground in written:
        _one_of({"prioridad": ground}, "prioridad", PRIORITIES)
    return ", ".join(p for p in PRIORITIES if p in written)


def _leaves(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text) or not 0 < int(text) <= MAX_LEAVES:
        raise Refused(
            "folios_invalidos",
            f"«{text}» no es un número de folios.",
            consejo="Cuente las hojas del documento: de 1 en adelante.",
        )
    return int(text)


def _one_of(values: dict[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    value = values.get(name)
    if value is not None and value not in allowed:
        raise Refused(
            "campo_invalido",
            f"«{value}» no es un valor de {name}.",
            consejo=f"Los valores son: {', '.join(allowed)}.",
        )
