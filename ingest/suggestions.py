"""A draft's suggested fields: what the page says, and where the office's rules would send it."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from ingest.drafts import MAX_VALUE, Suggested
from ingest.letter import dissect, lines_of
from records import routing
from records.fields import CHANNELS, FIELDS, KINDS, clean_text

if TYPE_CHECKING:
    from ingest.lectura import Caja, Lectura
    from records.settings import Lane, Settings

_RULE = 82
"""Confidence in a dependencia that a rule of words gave."""
_LANE = 88
"""Confidence in the channel of the lane by which a letter came."""
_DEFAULT = 30
_COUNTED = 55
"""Confidence in folios counted from images: a leaf may have two sides, so a person confirms."""


def of(reading: Lectura, settings: Settings, lane: Lane) -> dict[str, Suggested]:
    """Suggested values by field; a value that could not be recorded is not suggested."""
    out = {
        name: Suggested(clean_text(f.valor)[:MAX_VALUE], f.confianza, f.pagina, _whole(f.caja))
        for name, f in reading.campos.items()
        if name in FIELDS and clean_text(f.valor)
    }
    _keep_only(out, "tipo", KINDS)
    _keep_only(out, "canal", CHANNELS)
    if "canal" not in out or (out["canal"].confianza < _LANE and out["canal"].valor != "fax"):
        out["canal"] = Suggested(lane.canal, _LANE)
    kind, area, matched = routing.suggest(settings, reading.texto)
    if "tipo" not in out:
        default = settings.reparto_por_defecto.tipo
        out["tipo"] = Suggested(kind or default, _RULE if kind else _DEFAULT)
    out["dependencia"] = Suggested(area, _RULE if matched else _DEFAULT)
    # What a letter says of folios is mostly of its anexos: leaves are counted, and confirmed.
    leaves = sum(1 for page in reading.paginas if not page.blanca) or 1
    out["folios"] = Suggested(str(leaves), _COUNTED)
    return out


def of_first(page: Lectura, settings: Settings, lane: Lane) -> dict[str, Suggested]:
    """Suggested values while only page 1 is read: not the leaves, nor who signs further on."""
    out = of(page, settings, lane)
    ends = dissect(lines_of(page.paginas)).closing >= 0
    for name in ("folios",) if ends else ("folios", "remitente", "cedula"):
        out.pop(name, None)
    return out


def _whole(box: Caja | None) -> tuple[int, int, int, int] | None:
    """A box in whole points that still holds all of it."""
    if box is None:
        return None
    return floor(box[0]), floor(box[1]), ceil(box[2]), ceil(box[3])


def _keep_only(fields: dict[str, Suggested], name: str, allowed: tuple[str, ...]) -> None:
    if name in fields and fields[name].valor not in allowed:
        del fields[name]
