"""The inventory of an old collection (fondo acumulado), out of the spreadsheet that an office has.

Ley 594 de 2000, art. 26: what was gathered before any TRD is inventoried too. Columns are known by
their heads, in the one row or the two that offices write them in; what a cell does not say is never
guessed: a dirty row is told with its number and its reason. Pure.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records.errors import Refused
from records.words import plain
from retention.fuid import Frecuencia, FuidRow
from retention.trd_columns import squashed
from retention.trd_import import Rejected
from retention.trd_values import Dirty, quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retention.trd_reading import Book, Page, SheetRow

FIELDS = (
    "codigo", "asunto", "unidad", "caja", "carpeta", "tomo", "estante", "otro", "inicial", "final",
    "folios", "soporte", "frecuencia", "notas",
)  # fmt: skip
PLACES = ("caja", "carpeta", "tomo", "estante", "otro")
HEAD_WITHIN = 40
"""Rows in which a table's head is looked for."""
NO_CODE = "S.C."
OLDEST = 1500
_LITTLE = frozenset((
    "n", "no", "nro", "num", "numero", "de", "del", "la", "las", "los", "el", "o", "y", "en", "s",
    "fecha", "fechas", "extrema", "extremas", "unidad", "conservacion", "nombre", "nombres",
))  # fmt: skip
"""Words of a head that do not tell columns apart, where others do."""
_NAMES = {
    "codigo": ("codigo", "codigo serie", "codigo subserie", "codigo de la serie"),
    "asunto": ("asunto", "asuntos", "serie", "series", "serie asunto", "asunto serie",
               "serie subserie asunto", "serie subserie asuntos", "series subseries asuntos",
               "serie subserie", "serie y o asunto", "serie asuntos", "descripcion", "contenido",
               "titulo", "nombre", "nombre del expediente", "unidad documental", "expediente",
               "series subseries asunto"),
    "unidad": ("unidad productora", "oficina productora", "unidad administrativa", "dependencia",
               "oficina", "seccion", "productor", "unidad", "entidad productora", "productora"),
    "caja": ("caja", "cajas"),
    "carpeta": ("carpeta", "carpetas", "legajo", "carpeta legajo"),
    "tomo": ("tomo", "libro", "tomo libro", "tomo legajo libro", "volumen"),
    "estante": ("estante", "estanteria", "ubicacion", "ubicacion topografica", "signatura",
                "signatura topografica", "estante entrepano"),
    "otro": ("otro", "otra", "otros"),
    "inicial": ("fecha inicial", "inicial", "desde", "fecha inicio", "fecha extrema inicial",
                "fechas extremas inicial"),
    "final": ("fecha final", "final", "hasta", "fecha fin", "fecha extrema final",
              "fechas extremas final"),
    "folios": ("folios", "folio", "total folios", "cantidad folios", "cantidad de folios"),
    "soporte": ("soporte", "soportes", "tipo de soporte"),
    "frecuencia": ("frecuencia", "frecuencia de consulta", "frecuencia consulta"),
    "notas": ("notas", "nota", "observaciones", "observacion"),
}  # fmt: skip
_UNDATED = frozenset(("", "sf", "sinfecha", "nd", "na"))
_SUPPORTS = {
    **dict.fromkeys(("papel", "p", "fisico", "f", "soportepapel"), "P"),
    **dict.fromkeys(("electronico", "e", "digital", "el"), "E"),
    **dict.fromkeys(("microfilm", "m", "microfilme", "rollo"), "M"),
    **dict.fromkeys(("video", "v", "vhs"), "V"),
    **dict.fromkeys(("casete", "cassette", "c"), "C"),
    **{kind: kind.upper() for kind in ("cd", "dvd", "dk", "usb")},
}
_FREQUENCIES: dict[str, Frecuencia] = {
    "alta": "alta", "media": "media", "baja": "baja", "ninguna": "ninguna", "a": "alta",
    "m": "media", "b": "baja", "n": "ninguna",
}  # fmt: skip
_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{4})")
_COUNT = re.compile(r"(\d{1,6}|\d{1,3}(?:\.\d{3})+)\s*(?:folios?|fls?|f)?\.?", re.IGNORECASE)


class FundRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit of an old collection, as its inventory tells it."""

    fila: int
    """Its row in the file that was imported."""
    asunto: str
    codigo: str = ""
    unidad: str = ""
    """Which office made it."""
    caja: str = ""
    carpeta: str = ""
    tomo: str = ""
    estante: str = ""
    otro: str = ""
    inicial: str = ""
    """A year, a month or a day: `1985`, `1985-03`, `1985-03-02`; empty: undated."""
    final: str = ""
    folios: int | None = None
    soporte: str = ""
    frecuencia: Frecuencia = ""
    notas: str = ""


class Found(msgspec.Struct, frozen=True):
    """What a file gave."""

    filas: list[FundRow]
    rechazadas: list[Rejected]
    avisos: list[str]


def read_fund(book: Book, named: Mapping[str, str], today: date) -> Found:
    """The rows of a file, and those that are not understood; *named* says which column a field is.

    Raises:
        Refused: it has no head that tells what its columns are.
    """
    _check_named(named)
    rows: list[FundRow] = []
    rejected: list[Rejected] = []
    notes = list(book.avisos)
    for page in book.hojas:
        if (head := _head(page, named)) is None:
            if page.filas:
                notes.append(f"La hoja «{page.nombre}» no tiene un encabezado y no se leyó.")
            continue
        first, columns, others = head
        if others:
            notes.append(f"Columnas que no se usan: {', '.join(others)}.")
        for row in page.filas[first:]:
            if _is_row(row, columns):
                _take(row, columns, page.nombre, today, rows, rejected)
    if not rows and not rejected:
        raise Refused(
            "sin_encabezado",
            "En el archivo no se encuentra la tabla de un inventario.",
            consejo="Hace falta una columna de asunto o serie, y alguna de caja, carpeta, tomo, "
            "estante, fechas o folios. Diga cuáles son con --columna CAMPO=ENCABEZADO.",
        )
    bare = sum(not any(getattr(row, place) for place in PLACES) for row in rows)
    if bare:
        notes.append(f"{bare} filas no dicen dónde están: ni caja, carpeta, tomo ni estante.")
    if paper := sum(not row.soporte for row in rows):
        notes.append(f"{paper} filas no dicen su soporte: en el FUID van como papel.")
    return Found(rows, rejected, notes)


# -- the head -------------------------------------------------------------------------------------


def _words(head: str) -> frozenset[str]:
    found = re.findall(r"[a-z0-9]+", plain(head.replace("º", "").replace("°", "")))
    return frozenset(w for w in found if w not in _LITTLE) or frozenset(found)


_BY_WORDS = {_words(name): field for field, names in _NAMES.items() for name in names}


def _check_named(named: Mapping[str, str]) -> None:
    for field, head in named.items():
        if field not in FIELDS or not squashed(head):
            raise Refused(
                "columna",
                f"«{field}={head}» no dice qué columna es.",
                consejo=f"Los campos son: {', '.join(FIELDS)}.",
            )


def _head(page: Page, named: Mapping[str, str]) -> tuple[int, dict[int, str], list[str]] | None:
    """Where the rows begin, what each column is, and the heads of those that are not used: of the
    first rows, the one or the two in which most columns are known."""
    texts = [[text(cell) for cell in row.celdas] for row in page.filas[: HEAD_WITHIN + 1]]
    best: tuple[int, dict[int, str], list[str]] = (0, {}, [])
    for n, one in enumerate(texts):
        for heads, begin in ((one, n + 1), (_under(one, *texts[n + 1 : n + 2]), n + 2)):
            columns = _columns(heads, named)
            if "asunto" in columns.values() and len(columns) > max(1, len(best[1])):
                best = begin, columns, heads
    begin, columns, heads = best
    if not columns:
        return None
    _no_two(columns, heads)
    return begin, columns, [h for k, h in enumerate(heads) if h and k not in columns]


def _under(above: Sequence[str], below: Sequence[str] = ()) -> list[str]:
    """Heads of two rows: what stands below counts, and what stands above it where nothing does."""
    width = max(len(above), len(below))
    pad = [[*row, *[""] * (width - len(row))] for row in (above, below)]
    return [low or high for high, low in zip(*pad, strict=True)]


def _columns(heads: Sequence[str], named: Mapping[str, str]) -> dict[int, str]:
    found = {n: field for n, h in enumerate(heads) if h and (field := _BY_WORDS.get(_words(h)))}
    for field, head in named.items():
        for n, h in enumerate(heads):
            if squashed(h) == squashed(head):
                found = {k: f for k, f in found.items() if f != field} | {n: field}
    return found


def _no_two(columns: Mapping[int, str], heads: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for n, field in columns.items():
        if field in seen:
            raise Refused(
                "columnas_repetidas",
                f"Las columnas «{heads[seen[field]]}» y «{heads[n]}» dicen ser la misma cosa "
                f"({field}).",
                consejo=f"Diga cuál es con --columna {field}=ENCABEZADO.",
            )
        seen[field] = n


# -- rows -----------------------------------------------------------------------------------------


def _is_row(row: SheetRow, columns: Mapping[int, str]) -> bool:
    """Whether it is a unit: the head said again, or a line across the sheet, is none."""
    cells = {f: row.celdas[n].strip() for n, f in columns.items() if n < len(row.celdas)}
    filled = {f: value for f, value in cells.items() if value}
    again = sum(_BY_WORDS.get(_words(value)) == f for f, value in filled.items())
    return bool(filled) and again < 2


def _take(
    row: SheetRow,
    columns: Mapping[int, str],
    sheet: str,
    today: date,
    rows: list[FundRow],
    rejected: list[Rejected],
) -> None:
    cells = {f: row.celdas[n] if n < len(row.celdas) else "" for n, f in columns.items()}
    faults = list(row.faltas)
    told: dict[str, str | int | None] = {}
    for field, value in cells.items():
        try:
            told[field] = _value(field, value, today)
        except Dirty as dirty:
            faults.append(str(dirty))
    if not faults and not told.get("asunto"):
        faults.append("falta el asunto o la serie")
    first, last = str(told.get("inicial") or ""), str(told.get("final") or "")
    if not faults and first and last and _end(last) < _begin(first):
        faults.append(f"termina en {last}, antes de empezar ({first})")
    if faults:
        rejected.append(Rejected(row.fila, "; ".join(faults), sheet))
    else:
        kept = {name: value for name, value in told.items() if value not in ("", None)}
        rows.append(msgspec.convert({"fila": row.fila, **kept}, FundRow))


def _value(field: str, value: str, today: date) -> str | int | None:
    """What a cell says, as it is kept.

    Raises:
        Dirty: it does not say what it should.
    """
    bare = text(value)
    match field:
        case "inicial" | "final":
            return _day(bare, field, today)
        case "folios":
            return _folios(bare)
        case "soporte":
            return _one_of(bare, _SUPPORTS, "el soporte", "papel, electrónico, microfilm, CD…")
        case "frecuencia":
            return _one_of(bare, _FREQUENCIES, "la frecuencia", "alta, media, baja o ninguna")
    return bare


def _one_of(value: str, known: Mapping[str, str], what: str, those: str) -> str:
    word = squashed(value)
    if word and word not in known:
        raise Dirty(f"{what} dice {quoted(value)}, que no es {those}")
    return known.get(word, "")


def _folios(value: str) -> int | None:
    if squashed(value) in ("", "sf", "na", "nd"):
        return None
    found = _COUNT.fullmatch(value)
    if found is None:
        raise Dirty(f"los folios dicen {quoted(value)}, que no es un número")
    return int(found[1].replace(".", ""))


def _day(value: str, field: str, today: date) -> str:
    if squashed(value) in _UNDATED:
        return ""
    if found := _DAY.fullmatch(value):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(value):
        day, month, year = found.groups()
    else:
        raise Dirty(f"la fecha {field} dice {quoted(value)}: se escribe 1985, 1985-03 o 1985-03-02")
    said = "-".join([year, *(p.zfill(2) for p in (month, day) if p)])
    try:
        first = _begin(said)
    except ValueError:
        raise Dirty(f"la fecha {field} {quoted(value)} no existe") from None
    if first.year < OLDEST or first > today:
        raise Dirty(f"la fecha {field} {quoted(value)} no puede ser")
    return said


def _begin(said: str) -> date:
    """The first day of a year, a month or a day."""
    parts = [int(p) for p in said.split("-")]
    return date(*[*parts, 1, 1][:3])


def _end(said: str) -> date:
    """The last day of it."""
    first = _begin(said)
    match said.count("-"):
        case 0:
            return date(first.year, 12, 31)
        case 1:
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first


# -- the inventory --------------------------------------------------------------------------------


def fuid_rows(rows: Sequence[FundRow]) -> list[FuidRow]:
    """The rows of the FUID of an old collection (`fondo_acumulado`), in the order of the file."""
    return [_fuid_row(row) for row in rows]


def _fuid_row(row: FundRow) -> FuidRow:
    return FuidRow(
        codigo=row.codigo or NO_CODE,
        nombre=row.asunto,
        unidad=row.unidad,
        inicial=_begin(row.inicial) if row.inicial else None,
        final=_end(row.final) if row.final else None,
        fisico=row.soporte in ("", "P"),
        electronico=row.soporte == "E",
        caja=row.caja,
        carpeta=row.carpeta,
        tomo=row.tomo,
        otro=row.otro,
        folios=row.folios,
        soporte=row.soporte or "P",
        ubicacion=row.estante,
        frecuencia=row.frecuencia,
        notas="; ".join([*filter(None, [row.notas]), *_vague(row)]),
    )


def _vague(row: FundRow) -> Iterator[str]:
    """That of a date only the year or the month is known: the FUID asks for a day."""
    for name, said in (("inicial", row.inicial), ("final", row.final)):
        if said and said.count("-") < 2:
            yield f"fecha {name}: solo se sabe {said}"
