"""A record that was imported, as `Office.ver` shows it: declared, unverified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import identity
from records.imported import HISTORY, UNVERIFIED, mark
from records.views import (
    DocumentView,
    RecordView,
    access_view,
    history_view,
    withheld_flags,
)

if TYPE_CHECKING:
    from records.events import Event
    from records.state import State
    from records.vault import Vault


def imported_view(state: State, events: list[Event], vault: Vault, *, known: bool) -> RecordView:
    """What *state* and its *events* show of an imported record; *known*: who wrote it may be told
    to who asks."""
    if not known:
        state, events = identity.masked(state), [identity.stripped(e) for e in events]
    told = state.importado
    assert told is not None
    flags = {UNVERIFIED: True, "anulado": told.anulado, "solo_lectura": state.desconocida}
    flags |= withheld_flags(state)
    shown = state.documentos if known else identity.documents(state)
    fields = {**state.campos, **state.publicos}
    return RecordView(
        radicado=told.radicado,
        estado=state.estado,
        clase=told.clase,
        fecha=told.fecha or "",
        recibido=told.recibido or "",
        fuente=None,
        carril=None,
        marcas=[name for name, on in flags.items() if on],
        campos={k: v for k, v in fields.items() if v is not None},
        vence=None,
        termino=None,
        historia=[history_view(e) for e in events],
        documentos=[
            DocumentView(d.rol, vault.relative(d.sha256), d.sha256, d.paginas) for d in shown
        ],
        acceso=access_view(state, vault, visible=True, known=known),
        importacion={
            "nota": mark(told.origen),
            "origen": told.origen,
            "importado": events[0].at,
            "expediente": told.expediente,
            "vencia": told.vence,
            "anulado": told.anulado,
            "lote": vault.relative(told.lote),
            HISTORY: vault.relative(told.historia) if told.historia and known else None,
        },
    )
