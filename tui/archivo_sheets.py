"""An expediente, a transfer, a disposal or a rehearsal as a sheet to read. Pure.

All that comes from a document passes `sanitize` here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.archivo_views import Trial
from tui.archivo_words import steps_done
from tui.letters import hour
from tui.record_words import person
from tui.sanitize import line
from tui.texts import archivo as words
from tui.texts import archivo_forms as forms
from tui.views import Part, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from records.disposal import Disposal
    from records.people import Authority
    from records.transfers import Transfer
    from retention.disposal_views import DisposalView
    from retention.due import Turn
    from retention.rehearsing import Rehearsal
    from retention.views import ExpedienteView

Line = tuple[str, str]
_SHOWN = 200
"""Expedientes that a sheet names."""


def _sheet(ident: str, title: str, *parts: Part) -> Sheet:
    return Sheet(ident, line(title), tuple(p for p in parts if p.lines))


def _part(title: str, lines: Iterable[Line], style: str = "") -> Part:
    return Part(title, tuple((label, line(value)) for label, value in lines), style)


def expediente(seen: ExpedienteView, authority: Authority) -> Sheet:
    """Its data, its time, who holds it, and all that lies in it."""
    return _sheet(
        seen.expediente,
        f"{seen.expediente} · {seen.estado}",
        _part("", [("", seen.nombre)], "bold"),
        _part(words.HOLDS, _holds(seen), "bold"),
        _part(words.DATA, _data(seen, authority)),
        _part(words.INDEX, list(_members(seen)) or [("", words.EMPTY_FILE)]),
        _part(words.TIMES, _times(seen)),
    )


def _holds(seen: ExpedienteView) -> Iterator[Line]:
    for hold in seen.retenciones:
        until = f" hasta el {hold.hasta}" if hold.hasta else ""
        ground = f" ({hold.fundamento})" if hold.fundamento else ""
        yield "", f"Desde el {hold.desde[:10]}{until}: {hold.motivo}{ground}"


def _data(seen: ExpedienteView, authority: Authority) -> Iterator[Line]:
    yield "Serie", f"{seen.serie} {seen.nombre_serie} (TRD, versión {seen.version_trd})"
    yield "Abierto", hour(seen.abierto)
    if seen.cerrado:
        yield "Cerrado", f"{seen.cerrado}{f': {seen.motivo}' if seen.motivo else ''}"
    elif seen.motivo:
        yield "Reabierto", seen.motivo
    yield "Archivo", f"{words.PHASES[seen.fase]} · soporte {forms.MEDIUMS[seen.soporte].lower()}"
    if seen.responsable:
        yield "Responsable", person(seen.responsable, authority)
    if seen.ubicacion:
        yield "Papel", ", ".join(f"{k} {v}" for k, v in seen.ubicacion.items())
    if seen.prestamo:
        yield "Prestado", f"a {seen.prestamo.a}, hasta el {seen.prestamo.hasta}"
    for other in seen.referencias:
        yield "Véase", other
    for number in seen.transferencias:
        yield "Transferido", number
    if seen.eliminacion:
        yield "Eliminado", seen.eliminacion
    if seen.indice:
        yield "Índice", words.index_of(seen.indice)


def _times(seen: ExpedienteView) -> Iterator[Line]:
    times = seen.retencion
    fates = ", ".join(words.FATES[f] for f in times.disposicion)
    yield "Regla", f"{_years(times.ag)} en gestión, {_years(times.ac)} en el central; {fates}"
    if times.evento:
        yield "Cuenta desde", f"{times.evento}{'' if times.base else ' (falta)'}"
    if times.base:
        yield "Corre desde", times.base
        yield "Gestión hasta", str(times.gestion)
        yield "Central hasta", str(times.central)


def _years(count: int) -> str:
    return words.several(count, "año", "años")


def _members(seen: ExpedienteView) -> Iterator[Line]:
    for one in seen.documentos:
        leaves = f" · {words.several(one.folios, 'folio', 'folios')}" if one.folios else ""
        kind = one.tipo or words.NO_KIND
        number = one.radicado or words.PAPER
        yield f"#{one.orden}", f"{number} · {kind}{leaves} · {one.asunto}"


def transfer(state: Transfer, authority: Authority) -> Sheet:
    """What goes, where to, and how it ended."""
    made = state.hecha
    data = [
        ("Clase", made.tipo),
        ("Estado", state.estado),
        ("Preparada", f"{hour(state.fecha)}, por {person(state.actor, authority)}"),
        ("Escrita en", state.destino),
        ("Motivo", state.motivo),
        ("Terminó", hour(state.recibida or "")),
        ("Se devolvió", state.devuelta or ""),
        ("Huella", made.paquete),
    ]
    return _sheet(
        state.numero,
        f"{state.numero} · {state.estado}",
        _part(words.DATA, [(k, v) for k, v in data if v]),
        _part(words.INSIDE, _named(made.expedientes)),
    )


def _named(names: Sequence[str]) -> list[Line]:
    more = len(names) - _SHOWN
    rest = [("", f"… y {words.number(more)} más")] if more > 0 else []
    return [*(("", name) for name in names[:_SHOWN]), *rest]


def disposal(state: Disposal, seen: DisposalView, authority: Authority) -> Sheet:
    """Its seven steps, with the one that comes next, and what it is of."""
    return _sheet(
        seen.propuesta,
        f"{seen.propuesta} · {words.STATES[seen.estado]}",
        _part("", [("", f"Se retiró: {seen.retirada}")] if seen.retirada else [], "bold"),
        _part(words.STEPS, _steps(state, seen)),
        _part(words.NOTES, _notes(seen)),
        _part(words.SIGNED, [(hour(s.fecha), person(s.persona, authority)) for s in seen.firmas]),
        _part(
            words.INSIDE,
            [
                (words.FATE_OF[one.destino], f"{one.expediente} · {one.serie} · {one.nombre}")
                for one in seen.expedientes[:_SHOWN]
            ],
        ),
    )


def _steps(state: Disposal, seen: DisposalView) -> Iterator[Line]:
    done = steps_done(state)
    told = {
        0: hour(seen.fecha),
        1: "del {desde} al {hasta}".format(**seen.publicada) if seen.publicada else "",
        2: words.several(len(seen.observaciones), "observación", "observaciones")
        if seen.publicada
        else "",
        3: f"acta {seen.acta} del {seen.aprobada}" if seen.acta else "",
        6: seen.certificado or "",
    }
    for n, (what, who) in enumerate(words.DISPOSAL_STEPS):
        sign = "[x]" if n < done else "[>]" if n == done and not seen.retirada else "[ ]"
        note = told.get(n, "") if n < done else who
        yield "", f"{sign} {n + 1}. {what}{f' · {note}' if note else ''}"


def _notes(seen: DisposalView) -> Iterator[Line]:
    for one in seen.observaciones:
        answer = f" — {one.motivo}" if one.motivo else " — SIN RESPUESTA"
        yield str(one.n), f"{one.quien}: {one.texto}{answer}"


def calendar(turns: Sequence[Turn]) -> Sheet:
    """What comes due each year, by serie."""
    years: dict[int, list[Line]] = {}
    for one in turns:
        told = [
            words.several(one.transferencias_primarias, "al central", "al central"),
            words.several(one.transferencias_secundarias, "al histórico", "al histórico"),
            words.several(one.eliminaciones, "por eliminar", "por eliminar"),
        ]
        shown = ", ".join(t for t in told if not t.startswith("0 "))
        years.setdefault(one.vigencia, []).append((one.serie, shown))
    parts = [_part(str(year), lines) for year, lines in years.items()]
    none = _part("", [("", words.NO_CALENDAR)])
    return _sheet("calendario", words.CALENDAR, *(parts or [none]))


# -- rehearsals ------------------------------------------------------------------------------------


def transfer_trial(found: Rehearsal, target: str, profile: str) -> Trial:
    """What a transfer would write."""
    lines: list[Line] = []
    if found.tipo:
        short = " NO CABE" if found.bytes > found.libre else ""
        lines = [
            ("Transferencia", f"{found.tipo}, de {words.files(len(found.expedientes))}"),
            ("Paquete", forms.PROFILES[profile]),
            ("Se escribe en", target),
            ("Cuánto", f"{words.several(found.archivos, 'archivo', 'archivos')}, "
                       f"{words.size(found.bytes)} (libres: {words.size(found.libre)}){short}"),
        ]  # fmt: skip
    kept = [("", f"{one.expediente}: {one.motivo}") for one in found.quedan]
    title = f"No van {words.number(len(kept))}"
    parts = (
        _part("", lines),
        _part(title, kept[:_SHOWN]),
        _part("Van", _named(found.expedientes)),
    )
    return Trial(
        "Ensayo: no se ha escrito nada",
        tuple(p for p in parts if p.lines),
        tuple(found.expedientes),
        writes=found.tipo is not None,
    )


def file_trial(rows: str, size: int, path: str, names: Sequence[str], *, there: bool) -> Trial:
    """What a file would hold."""
    lines = [
        ("Llevaría", rows),
        ("Cuánto", words.size(size)),
        ("Se escribe en", f"{path}{' (reemplaza el que hay)' if there else ''}"),
    ]
    return Trial("Ensayo: no se ha escrito nada", (_part("", lines),), tuple(names), writes=True)
