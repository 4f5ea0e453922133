"""The other files of an entity that say what its TRD leaves out: the list of series, that of tipos
documentales, and which dependencia uses which rows with which types.

Each serves alone: the list of series gives codes to names, or names to codes; the dependencias give
each row its offices and types. What one of them does not say is left as the table has it, and told.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from records.errors import Refused
from records.trd import Row
from records.words import plain
from retention import trd_codes, trd_values
from retention.trd_codes import Code
from retention.trd_columns import words
from retention.trd_values import Dirty, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retention.trd_import import Draft
    from retention.trd_reading import Book

_CODE = {
    "series": ({"codigo", "serie"}, {"codigo"}),
    "tipos": ({"codigo", "tipo"}, {"codigo"}),
    "dependencias": ({"codigo", "dependencia"}, {"codigo"}),
}
_NAME = {
    "series": ({"nombre", "serie"}, {"nombre"}, {"serie"}),
    "tipos": ({"nombre", "tipo"}, {"nombre"}, {"tipo"}),
    "dependencias": ({"nombre", "dependencia"}, {"nombre"}, {"dependencia"}),
}


class Use(msgspec.Struct, frozen=True):
    """That a dependencia uses a row of the table, with a tipo documental."""

    dependencia: str
    nombre: str
    fila: str
    """The row, as the table's own column of numbers says it."""
    tipo: str


@dataclass(slots=True)
class Siblings:
    """What the sibling files say."""

    nombres: dict[str, str] = field(default_factory=dict)
    """Serie's code → its name."""
    codigos: dict[str, str] = field(default_factory=dict)
    """Serie's name in plain letters → its code; "" where two series have that name."""
    tipos: dict[str, str] = field(default_factory=dict)
    usos: list[Use] = field(default_factory=list)

    def complete(self, drafts: Sequence[Draft]) -> None:
        """Give series the code or the name that they lack."""
        for draft in drafts:
            if draft.code.serie and not draft.nombre_serie:
                draft.nombre_serie = self.nombres.get(draft.code.serie, "")
            elif draft.nombre_serie and not draft.code.serie:
                code = self.codigos.get(plain(draft.nombre_serie), "")
                draft.code = msgspec.structs.replace(draft.code, serie=code)

    def spread(
        self, rows: Sequence[tuple[Draft, Row | None]], avisos: list[str]
    ) -> list[tuple[Draft, Row | None]]:
        """Each row once for each dependencia that uses it, with the types that it has there."""
        if not self.usos:
            return list(rows)
        uses: dict[str, list[Use]] = {}
        for use in self.usos:
            uses.setdefault(use.fila, []).append(use)
        if not any(draft.entry.has("fila") for draft, _ in rows):
            raise Refused(
                "sin_filas",
                "El archivo de dependencias nombra filas, y la tabla no las numera.",
                consejo="La tabla debe tener una columna «Fila», o dígala con --columna "
                "fila=ENCABEZADO.",
            )
        out: list[tuple[Draft, Row | None]] = []
        for draft, row in rows:
            mine = uses.get(draft.entry.get("fila").strip(), [])
            if row is None or row.dependencia or not mine:
                out.append((draft, row))
                if row is not None and not mine:
                    avisos.append(f"Ninguna dependencia usa la fila {draft.entry.fila}.")
                continue
            out += [(draft, one) for one in self._rows(row, mine, avisos)]
        return out

    def _rows(self, row: Row, uses: Sequence[Use], avisos: list[str]) -> Iterator[Row]:
        for office in dict.fromkeys(use.dependencia for use in uses):
            mine = [use for use in uses if use.dependencia == office]
            types = [*row.tipos]
            for code in (use.tipo for use in mine if use.tipo):
                name = self.tipos.get(code)
                if name is None:
                    told = f"No se sabe qué tipo documental es el {code}: dé su lista con --tipos."
                    if told not in avisos:
                        avisos.append(told)
                elif name not in types:
                    types.append(name)
            yield msgspec.structs.replace(
                row,
                codigo=Code(office, row.serie, row.subserie).joined,
                dependencia=office,
                oficina=mine[0].nombre,
                tipos=types,
            )


def read(
    series: Book | None = None, tipos: Book | None = None, dependencias: Book | None = None
) -> Siblings:
    """What the files given say.

    Raises:
        Refused: one of them has not the columns that it should, or a row without code or name.
    """
    out = Siblings()
    for code, name, _ in _pairs(series, "series"):
        out.nombres.setdefault(code, name)
        same = plain(name)
        out.codigos[same] = code if out.codigos.get(same, code) == code else ""
    for code, name, _ in _pairs(tipos, "tipos"):
        out.tipos[code] = name
    for code, name, cells in _pairs(dependencias, "dependencias"):
        out.usos.append(Use(code, name, cells.get("subserie", ""), cells.get("tipo", "")))
    if dependencias is not None and not any(use.fila for use in out.usos):
        raise _lacks("dependencias", "la columna «Subserie», con la fila de la tabla")
    return out


def _pairs(book: Book | None, what: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Code, name and the other cells of each row of a list."""
    if book is None:
        return
    for page in book.hojas:
        if not page.filas:
            continue
        heads = [words(cell) if cell.strip() else frozenset() for cell in page.filas[0].celdas]
        code = next((heads.index(h) for w in _CODE[what] if (h := frozenset(w)) in heads), None)
        name = next((heads.index(h) for w in _NAME[what] if (h := frozenset(w)) in heads), None)
        if code is None or name is None:
            raise _lacks(what, "una columna de códigos y otra de nombres en su primera fila")
        others = {next(iter(h)): n for n, h in enumerate(heads) if len(h) == 1}
        for row in page.filas[1:]:
            cells = [*row.celdas, *[""] * len(heads)]
            try:
                yield (
                    _code(cells[code], what),
                    trd_values.name(cells[name], what),
                    {word: cells[n].strip() for word, n in others.items()},
                )
            except Dirty as dirty:
                raise Refused(
                    "lista", f"En la lista de {what}, fila {row.fila}: {dirty}."
                ) from dirty


def _code(text: str, what: str) -> str:
    found = trd_codes.office(text) if what == "dependencias" else trd_codes.part(text, what)
    if not found:
        raise Dirty(f"falta el código ({quoted(text)})")
    return found


def _lacks(what: str, missing: str) -> Refused:
    return Refused("lista", f"Al archivo de {what} le falta {missing}.")
