"""What the fields of a template say of a record: who wrote, about what, who answers; pure.

The names are those of `docs/plantillas.md`. What a record does not say is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import lines
from records.calendar import written_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from records.addressees import Addressee
    from records.people import Authority
    from records.settings import Settings
    from records.views import RecordView

ANONYMOUS = ("anónimo", "anonimo")
NAMES = (
    "radicado", "fecha", "remitente", "entidad_remitente", "tratamiento", "cedula", "nit",
    "direccion", "municipio", "correo", "telefono", "asunto", "oficio", "vence", "dependencia",
    "destinatario", "firmante", "cargo", "hoy", "entidad",
)  # fmt: skip
"""The fields that a record and its office may fill."""
_SAME = ("cedula", "nit", "direccion", "municipio", "correo", "telefono", "asunto", "oficio")


def values_of(
    record: RecordView,
    authority: Authority,
    settings: Settings,
    at: datetime,
    firmante: str | None = None,
) -> dict[str, str]:
    """The values for an answer to *record*, written at *at*.

    *firmante* is the id of who signs; else the head of the dependencia that has the record.
    """
    fields = {name: str(value) for name, value in record.campos.items() if value}
    tramite = record.tramite
    area = authority.areas.get((tramite.dependencia if tramite else None) or "")
    signer = authority.personas.get(firmante or (area.jefe if area else None) or "")
    writer, entity = fields.get("remitente", ""), fields.get("entidad", "")
    if writer.casefold() in ANONYMOUS:
        writer = "Peticionario anónimo"
    out = {name: fields.get(name, "") for name in _SAME}
    out |= {
        "radicado": record.radicado,
        "fecha": written_day(lines.moment(record.fecha).date()),
        "remitente": writer or entity,
        "entidad_remitente": entity if writer else "",
        "tratamiento": "Señor(a)" if writer else "Señores" if entity else "",
        "vence": _told(record),
        "dependencia": area.nombre if area else "",
        "firmante": signer.nombre if signer else "",
        "cargo": signer.cargo if signer else "",
        **of_office(settings, at),
    }
    return {name: said for name, said in out.items() if said}


def _told(record: RecordView) -> str:
    """The end of its term as people were told it."""
    term = record.termino or {}
    due = term["vence_legal"] if term.get("lectura") == "legal" else record.vence
    return written_day(lines.moment(due).date()) if due else ""


def of_signer(authority: Authority, dependencia: str, firmante: str) -> dict[str, str]:
    """The área that writes, and who signs for it."""
    area, signer = authority.areas.get(dependencia), authority.personas.get(firmante)
    out = {
        "dependencia": area.nombre if area else "",
        "firmante": signer.nombre if signer else "",
        "cargo": signer.cargo if signer else "",
    }
    return {name: said for name, said in out.items() if said}


def addressed(whom: Sequence[Addressee], *, own: bool) -> dict[str, str]:
    """Whom a letter names: what to call them, who and where they are, who gets a copy.

    *own*: it goes to who wrote the record, whom the values of that say already.
    """
    main = [one for one in whom if not one.copia]
    copies = "\n".join(one.nombre or one.entidad for one in whom if one.copia)
    out = {"copia": copies} if copies else {}
    if own:
        return out
    inside = all(one.medio == "interno" for one in main)
    call = "Señor(a)" if len(main) == 1 and main[0].nombre else "Señores"
    between = "\n" if len(main) == 1 else ", "
    rows = [
        between.join(filter(None, (o.nombre, o.entidad, o.direccion or o.correo, o.municipio)))
        for o in main
    ]
    return {**out, "tratamiento": "" if inside else call, "destinatario": "\n".join(rows)}


def of_office(settings: Settings, at: datetime) -> dict[str, str]:
    """The values that need no record."""
    return {"hoy": written_day(at.date()), "entidad": settings.entidad.nombre}
