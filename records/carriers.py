"""What a postal operator's file says of sendings: its rows, whatever its columns are called. Pure.

CSV with `,`, `;` or tabs, in UTF-8 or Latin-1. Columns are known by their headings; states by the
words that operators use; days as 2026-11-22 or 22/11/2026, with or without an hour.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from records import causes, lines
from records.dispatch import DELIVERED, RETURNED
from records.errors import Refused
from records.words import plain

HEADINGS = {
    "guia": ("guia", "numero guia", "numero de guia", "no guia", "nro guia", "n guia", "envio",
             "numero de envio", "codigo de barras", "rastreo"),
    "estado": ("estado", "estado envio", "estado del envio", "estado actual", "evento", "gestion"),
    "fecha": ("fecha", "fecha estado", "fecha de estado", "fecha evento", "fecha entrega",
              "fecha de entrega", "fecha gestion", "fecha devolucion"),
    "causa": ("causa", "causal", "motivo", "motivo devolucion", "motivo de devolucion",
              "causal de devolucion", "causal devolucion", "observacion", "novedad"),
    "recibe": ("recibe", "recibio", "recibido por", "quien recibe", "nombre recibe", "firma"),
}  # fmt: skip
"""Column → the headings by which it is known, in the order of preference."""
NEEDED = ("guia", "estado", "fecha")
STATES = {
    DELIVERED: ("entregado", "entregada", "entrega", "entrega exitosa", "entregado a destinatario",
                "entrega efectiva"),
    RETURNED: ("devuelto", "devuelta", "devolucion", "devuelto al remitente",
               "devolucion al remitente", "devolucion entregada a remitente", "no entregado"),
    "en_camino": ("admitido", "recibido", "en transito", "en reparto", "en distribucion",
                  "en proceso", "en camino", "despachado", "otros"),
}  # fmt: skip
_WORDS = {word: state for state, words in STATES.items() for word in words}
MAX_BYTES, MAX_ROWS = 32 * 1024 * 1024, 100_000
_DAY = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<D>\d{1,2})/(?P<M>\d{1,2})/(?P<Y>\d{4}))"
    r"(?:[T ]+(?P<h>\d{1,2}):(?P<n>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?\s*(?P<z>[ap]\.? ?m\.?)?)?",
    re.IGNORECASE,
)


class Row(msgspec.Struct, frozen=True):
    """A row as it was read; `problema` says in Spanish what is wrong with it."""

    fila: int
    """As a spreadsheet counts: the headings are row 1."""
    guia: str
    estado: str = ""
    fecha: str = ""
    """An instant, or a day where no hour is told."""
    causa: str | None = None
    recibe: str = ""
    problema: str | None = None


def read(data: bytes, columns: Mapping[str, str] | None = None) -> list[Row]:
    """The rows of a file; *columns* names its own heading for a column of `HEADINGS`.

    Raises:
        Refused: it is no such file, is too big, or lacks a column.
    """
    if len(data) > MAX_BYTES:
        raise Refused("archivo_grande", "El archivo pasa de 32 MB.", consejo="Pártalo.")
    text = _text(data)
    if "\0" in text:
        raise Refused(
            "no_es_csv",
            "El archivo no es un CSV: parece una hoja de cálculo u otro documento.",
            consejo="Ábralo en la hoja de cálculo y guárdelo como CSV.",
        )
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        table = [row for _, row in zip(range(MAX_ROWS + 2), rows, strict=False)]
    except csv.Error as error:
        raise Refused("no_es_csv", f"El archivo no se puede leer como CSV ({error}).") from error
    if len(table) > MAX_ROWS + 1:
        raise Refused("archivo_grande", f"El archivo pasa de {MAX_ROWS} filas.")
    places = _columns(table[0] if table else [], columns or {})
    return [
        _row(n, dict(_cells(places, cells)))
        for n, cells in enumerate(table[1:], 2)
        if any(c.strip() for c in cells)
    ]


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _columns(headings: list[str], own: Mapping[str, str]) -> dict[str, int]:
    """Column → its place."""
    known = [_bare(h) for h in headings]
    places = {}
    for column, names in HEADINGS.items():
        wanted = (_bare(own[column]),) if column in own else names
        found = next((known.index(name) for name in wanted if name in known), None)
        if found is not None:
            places[column] = found
    missing = [c for c in NEEDED if c not in places]
    if missing:
        raise Refused(
            "faltan_columnas",
            f"Al archivo le falta la columna {', '.join(missing)} en su primera fila.",
            consejo="Diga cómo se llama con --columna, así: --columna guia=«Nro. de envío».",
        )
    return places


def _cells(places: dict[str, int], cells: list[str]) -> list[tuple[str, str]]:
    return [(c, cells[i].strip()) for c, i in places.items() if i < len(cells)]


def _row(fila: int, cell: dict[str, str]) -> Row:
    """One row, with the first thing that is wrong with it."""
    guia = re.sub(r"[\s'’]", "", cell.get("guia", "")).upper()[:60]
    said = cell.get("estado", "")[:60]
    state = _WORDS.get(_bare(said))
    if not guia:
        return Row(fila, guia, problema="No tiene guía.")
    if state is None:
        return Row(fila, guia, problema=f"El estado «{said}» no se conoce.")
    when = moment(cell.get("fecha", ""))
    if when is None:
        told = cell.get("fecha", "")[:40]
        return Row(fila, guia, state, problema=f"«{told}» no es una fecha.")
    cause = None
    if state == RETURNED:
        told = cell.get("causa", "")[:80]
        cause = causes.find(told)
        if cause is None:
            why = f"La causa «{told}» no se conoce" if told else "No dice por qué volvió"
            return Row(fila, guia, state, when, problema=f"{why}: «envios causas» las muestra.")
    return Row(fila, guia, state, when, cause, cell.get("recibe", "")[:200])


def moment(text: str) -> str | None:
    """An instant, or a day, as the journal writes it; None where *text* is neither."""
    found = _DAY.fullmatch(text.strip().removesuffix("-05:00"))
    if found is None:
        return None
    part = found.groupdict()
    year, month, day = (int(part[a] or part[b]) for a, b in ("yY", "mM", "dD"))
    try:
        if part["h"] is None:
            return datetime(year, month, day).date().isoformat()
        hour = int(part["h"])
        if part["z"] is not None:
            hour = hour % 12 + (12 if part["z"].lower().startswith("p") else 0)
        when = datetime(year, month, day, hour, int(part["n"]), int(part["s"] or 0))
    except ValueError:
        return None
    return lines.stamp(when.replace(tzinfo=lines.BOGOTA))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", plain(text)))
