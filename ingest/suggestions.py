"""A draft's suggested fields: what the page says, and where the office's rules would send it."""

from __future__ import annotations

from datetime import date
from math import ceil, floor
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ingest.drafts import MAX_VALUE, Other, Suggested
from ingest.letter import dissect
from records import priority, routing
from records.fields import (
    CHANNELS,
    DOCUMENTS,
    FIELDS,
    KINDS,
    PRIORITIES,
    clean_text,
)
from records.tramite import UNASSIGNED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ingest.lectura import Caja, Lectura
    from records.learned import Suggestion
    from records.settings import Lane, Settings

_READ = 50
"""Below this confidence a value is no ground for another."""
_LANE = 88
"""Confidence in the channel of the lane by which a letter came."""
_DEFAULT = 30
_FUTURE, _OLD = 55, 75
"""Highest confidence in a date after the reception, and in one of more than `OLDEST_DAYS`."""
OLDEST_DAYS = 5 * 366
CLOSED = {
    "tipo": KINDS,
    "canal": CHANNELS,
    "tipo_documento": DOCUMENTS,
    "prioridad": PRIORITIES,
}
_COUNTED = 55
"""Confidence in folios counted from images: a leaf may have two sides, so a person confirms."""


def of(
    reading: Lectura, settings: Settings, lane: Lane, recibido: str | None = None
) -> dict[str, Suggested]:
    """Suggested values by field; a value that could not be recorded is not suggested.

    *recibido* is the hour of reception (ISO 8601), against which the letter's date is held.
    """
    out = {
        name: Suggested(clean_text(f.valor)[:MAX_VALUE], f.confianza, f.pagina, _whole(f.caja))
        for name, f in reading.campos.items()
        if name in FIELDS and clean_text(f.valor)
    }
    for name, allowed in CLOSED.items():
        _keep_only(out, name, allowed)
    if "fecha" in out and recibido:
        out["fecha"] = _dated(out["fecha"], recibido[:10])
    if "canal" not in out or (out["canal"].confianza < _LANE and out["canal"].valor != "fax"):
        out["canal"] = Suggested(lane.canal, _LANE)
    found = routing.match(settings, reading.texto, grounded(out))
    default = settings.reparto_por_defecto
    if "tipo" not in out:
        kind = found.rule.tipo if found else None
        out["tipo"] = Suggested(kind or default.tipo, routing.SURE if kind else _DEFAULT)
    out["dependencia"] = Suggested(default.dependencia, _DEFAULT)
    # What a letter says of folios is mostly of its anexos: leaves are counted, and confirmed.
    leaves = sum(1 for page in reading.paginas if not page.blanca) or 1
    out["folios"] = Suggested(str(leaves), _COUNTED)
    return out


def grounded(fields: Mapping[str, Suggested]) -> dict[str, str]:
    """The values that were read well enough to found an área on."""
    return {k: f.valor for k, f in fields.items() if f.confianza >= _READ}


def with_area(
    fields: Mapping[str, Suggested], areas: Sequence[Suggestion], known: Collection[str]
) -> dict[str, Suggested]:
    """*fields* with the área that `Office.sugerir_area` puts first, and the others beside it.

    Where it puts none the office's default stays, if that is one of its *known* áreas.
    """
    if areas:
        first, *rest = areas
        others = tuple(Other(s.dependencia, s.confianza, s.motivo) for s in rest)
        area = Suggested(first.dependencia, first.confianza, motivo=first.motivo, otras=others)
        return {**fields, "dependencia": area}
    if fields["dependencia"].valor in known:
        return dict(fields)
    return {**fields, "dependencia": Suggested(UNASSIGNED, _DEFAULT)}


def of_first(
    page: Lectura, settings: Settings, lane: Lane, recibido: str | None = None
) -> dict[str, Suggested]:
    """Suggested values while only page 1 is read: not the leaves, nor who signs further on."""
    out = of(page, settings, lane, recibido)
    ends = dissect(page.paginas).closing >= 0
    for name in ("folios",) if ends else ("folios", "remitente", "cedula", "tipo_documento"):
        out.pop(name, None)
    return out


def _dated(field: Suggested, received: str) -> Suggested:
    """A date less sure where the letter would be of tomorrow, or years old."""
    try:
        late = (date.fromisoformat(field.valor) - date.fromisoformat(received)).days
    except ValueError:
        return field
    sure = min(field.confianza, _FUTURE if late > 1 else _OLD if late < -OLDEST_DAYS else 100)
    return replace(field, confianza=sure)


def _whole(box: Caja | None) -> tuple[int, int, int, int] | None:
    """A box in whole points that still holds all of it."""
    if box is None:
        return None
    return floor(box[0]), floor(box[1]), ceil(box[2]), ceil(box[3])


def _keep_only(fields: dict[str, Suggested], name: str, allowed: tuple[str, ...]) -> None:
    if name in fields and not set(priority.codes(fields[name].valor)) <= set(allowed):
        del fields[name]
