"""A record that was erased, as `Office.ver` shows it: number, hours, hashes, and who ordered it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from records import disposal, expedientes
from records.events import in_order
from records.views import DocumentView, RecordView, history_view

if TYPE_CHECKING:
    from records.events import Event
    from records.home import Home
    from records.state import State


def tomb_view(office: Home, state: State, events: list[Event]) -> RecordView:
    """What is left of an erased record, with the disposal that erased it."""
    gone = state.eliminado
    assert gone is not None
    fields = {k: v for k, v in state.publicos.items() if v is not None}
    return RecordView(
        radicado=state.radicado,
        estado=state.estado,
        clase=state.clase,
        fecha=state.fecha or "",
        recibido=state.recibido or state.fecha or "",
        fuente=None,
        carril=None,
        marcas=["eliminado"],
        campos=fields,
        vence=None,
        termino=None,
        historia=[history_view(replace(e, ficha=None)) for e in events],
        documentos=[
            DocumentView(d.rol, office.vault.relative(d.sha256), d.sha256, d.paginas)
            for d in state.documentos
        ],
        eliminacion=_how(office, state),
    )


def _how(office: Home, state: State) -> dict[str, Any]:
    """By which disposal, acta and persons, out of which expediente and serie."""
    gone = state.eliminado
    assert gone is not None
    events = in_order(office.index.events(disposal.subject_of(gone.eliminacion)))
    order = disposal.fold(events)
    out: dict[str, Any] = {
        "eliminacion": gone.eliminacion,
        "orden": gone.orden,
        "documentos": gone.documentos,
        "fichas": len(gone.fichas),
    }
    if order is not None and order.aprobada is not None:
        acts = [one.acto for one in (order.firmada, order.ejecutada) if one is not None]
        out |= {
            "ordenada": order.ordenada,
            "acta": order.aprobada.acta,
            "aprobada": order.aprobada.fecha,
            "firman": [act.person for act in acts],
            "inventario": office.vault.relative(order.hecha.inventario),
        }
    for numero in office.index.expediente_of(state.radicado):
        held = expedientes.fold(in_order(office.index.events(expedientes.subject_of(numero))))
        if held is not None:
            out |= {"expediente": numero, "serie": held.abierto.serie}
    return out
