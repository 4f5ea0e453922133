"""A record as people and scripts see it whole: `Office.ver`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from records.events import NumberAssigned, visible

if TYPE_CHECKING:
    from records.events import Event, State
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


def record_view(state: State, events: list[Event], vault: Vault) -> RecordView:
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
        termino=None,
        historia=[_history(e) for e in events],
        documentos=[
            DocumentView(d.rol, vault.relative(d.sha256), d.sha256, d.paginas)
            for d in state.documentos
        ],
    )


def _history(event: Event) -> HistoryView:
    fact = event.fact
    data = dict(event.data)
    if isinstance(fact, NumberAssigned):
        data.pop("anterior", None)
    return HistoryView(event.at, event.type, event.actor, event.hash, data, visible(event.ficha))
