"""From what the doors find to the lines of the room «Consulta». Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from records.fields import KIND_NAMES
from records.query import complete
from tui import texts
from tui.letters import day
from tui.record_words import area, state
from tui.sanitize import line
from tui.texts import consulta as words
from tui.views import Proposal, Row, SavedView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from records.listing import Listed
    from records.people import Authority
    from records.saved_views import Vista

PROPOSALS = 6
_BEGUN = re.compile(
    r"(?:^|[\s(])(?!(?:y|o|no)$)(?:(?:remitente|asunto|texto):)?\w{2,}$", re.IGNORECASE
)
"""A word that one is still typing; what has a closed list, or quotes, is whole as it stands."""


def row(record: Listed, *, due: bool) -> Row:
    """A record as a line; *due*: when it expires stands in the place of its date."""
    when = day((record.vence or "") if due else record.fecha)
    told = state(record.estado)
    if record.origen:
        told = texts.STATES["importado"]
    tone = "tenue" if record.origen or record.estado in ("anulado", "eliminado") else ""
    cells = (line(record.radicado), when, line(record.remitente), line(record.asunto), told)
    return Row(record.id, cells, tone)


def rows(ids: Iterable[int], found: Sequence[Listed], *, due: bool) -> tuple[Row, ...]:
    """A line for each id; what is gone, or not open any more, keeps its place."""
    held = {one.id: row(one, due=due) for one in found}
    gone = ("", "", words.GONE, "", "")
    return tuple(held.get(i) or Row(i, gone, "tenue") for i in ids)


def known(authority: Authority) -> dict[str, dict[str, str]]:
    """The values that fields of the search language may have in this office."""
    areas = {a.codigo: line(a.nombre) for a in authority.areas.values()}
    return {
        "área": areas,
        "tipo": dict(KIND_NAMES),
        "canal": dict(texts.CHANNELS),
        "responsable": {p.id: line(p.nombre) for p in authority.personas.values()},
        "sede": dict.fromkeys(authority.puntos, ""),
    }


def proposals(
    text: str, position: int, values: Mapping[str, Mapping[str, str]]
) -> tuple[Proposal, ...]:
    """What may come at the cursor of a query; nothing where nothing was begun."""
    if not text[:position].strip() or text[:position].endswith(" "):
        return ()
    found = complete(text, position, values)[:PROPOSALS]
    return tuple(Proposal(line(c.texto), line(c.que), c.inicio, c.fin) for c in found)


def begun(text: str) -> str:
    """A query while it is typed: its last word may be only begun, until a space ends it."""
    return f"{text}*" if _BEGUN.search(text) else text.strip()


def narrowing(record: Listed, authority: Authority) -> tuple[tuple[str, str], ...]:
    """The values of a record by which one may narrow, as pieces of a query and in words."""
    pairs = (
        ("remitente", record.remitente, record.remitente),
        ("área", record.dependencia, area(record.dependencia, authority)),
        ("estado", record.estado, state(record.estado)),
        ("tipo", record.tipo, KIND_NAMES.get(record.tipo or "", record.tipo or "")),
        ("canal", record.canal, texts.CHANNELS.get(record.canal or "", record.canal or "")),
        ("responsable", record.responsable, record.responsable or ""),
        ("desde", record.fecha[:10], record.fecha[:10]),
    )
    return tuple(
        (f"{field}:{_quoted(line(value))}", f"{field.capitalize()}: {line(said)}")
        for field, value, said in pairs
        if value
    )


def _quoted(value: str) -> str:
    plain = value.replace('"', " ").strip()
    return f'"{plain}"' if any(c in plain for c in " ():") else plain


def narrowed(query: str, piece: str) -> str:
    """A query, and this besides."""
    if piece in query.split():
        return query
    both = f"({query}) {piece}" if " o " in f" {query.lower()} " else f"{query} {piece}"
    return both.strip()


def saved(view: Vista) -> SavedView:
    """A view that a person keeps."""
    return SavedView(view.tecla, line(view.nombre), line(view.consulta), view.orden)


def views_line(views: Iterable[SavedView], counts: Mapping[int, str]) -> str:
    """All saved views on one line, each with its digit and how many it has now."""
    return " · ".join(f"{v.key} {v.name} {counts.get(v.key, '…')}" for v in views)
