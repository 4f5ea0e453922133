"""A record as people and scripts see it whole: `Office.ver`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from records import lines, numbering
from records.calendar import Unreckoned, long_day
from records.events import NumberAssigned, visible

if TYPE_CHECKING:
    from records.events import Event, State
    from records.settings import Settings
    from records.vault import Vault


class DocumentView(msgspec.Struct, frozen=True):
    """A document of a record; `archivo` is relative to the home, None where the file is gone."""

    rol: str
    archivo: str | None
    sha256: str
    paginas: int | None


class HistoryView(msgspec.Struct, frozen=True):
    """One event of a record's history."""

    fecha: str
    tipo: str
    actor: str
    evento: str
    datos: dict[str, Any]
    ficha: dict[str, Any]


class RecordView(msgspec.Struct, frozen=True):
    """The whole record."""

    radicado: str
    estado: str
    clase: str
    fecha: str
    recibido: str
    fuente: str | None
    carril: str | None
    marcas: list[str]
    campos: dict[str, Any]
    termino: dict[str, Any] | None
    historia: list[HistoryView]
    documentos: list[DocumentView]


def record_view(state: State, events: list[Event], vault: Vault, settings: Settings) -> RecordView:
    """What *state* and its *events* show of a numbered record."""
    number = state.numero
    assert number is not None and state.fecha is not None
    fields = {
        **state.campos,
        "tipo": number.tipo,
        "canal": number.canal,
        "dependencia": number.dependencia,
        "responsable": number.responsable,
        "folios": number.folios,
    }
    flags = {
        "imagen_pendiente": state.imagen_pendiente,
        "sello_pendiente": state.sello_pendiente,
        "anonimo": state.campos.get("remitente") in ("anónimo", "anonimo"),
        "solo_lectura": state.desconocida,
    }
    return RecordView(
        radicado=number.radicado,
        estado=state.estado,
        clase=number.clase,
        fecha=state.fecha,
        recibido=state.recibido or state.fecha,
        fuente=number.fuente,
        carril=number.carril,
        marcas=[name for name, on in flags.items() if on],
        campos={k: v for k, v in fields.items() if v is not None},
        termino=term_view(number, state.recibido or state.fecha, settings),
        historia=[_history(e) for e in events],
        documentos=[
            DocumentView(d.rol, vault.relative(d.sha256), d.sha256, d.paginas)
            for d in state.documentos
        ],
    )


def term_view(number: NumberAssigned, recibido: str, settings: Settings) -> dict[str, Any] | None:
    """The term of a record: {tipo, vence, vence_legal?, dias, unidad, norma, explicacion}.

    What was told with the number counts. The rest is reckoned again, from the rule in force at
    reception; where that gives another day (the entity has another calendar since, say), it says
    so. None: letters of its class have no term.
    """
    kind = number.tipo or settings.reparto_por_defecto.tipo
    try:
        term = numbering.term_of(settings, number.clase, number.tipo, recibido)
    except Unreckoned as error:
        nothing = {"dias": None, "unidad": None, "norma": None}
        return {"tipo": kind, "vence": number.vence, **nothing, "explicacion": str(error)}
    if term is None:
        return None
    out: dict[str, Any] = msgspec.to_builtins(term)
    for name in ("saltados", "desde", "primer_dia"):
        del out[name]
    if number.vence != term.vence:
        out.pop("vence_legal", None)
        out["vence"] = number.vence
        out["explicacion"] += (
            f"\nAl radicar se dijo otra fecha, y es la que vale: {_day(number.vence)}."
            if number.vence
            else "\nAl radicar no se dijo ninguna fecha."
        )
    return out


def _day(vence: str) -> str:
    return long_day(lines.moment(vence))


def _history(event: Event) -> HistoryView:
    fact = event.fact
    data = dict(event.data)
    if isinstance(fact, NumberAssigned):
        data.pop("anterior", None)
    return HistoryView(event.at, event.type, event.actor, event.hash, data, visible(event.ficha))
