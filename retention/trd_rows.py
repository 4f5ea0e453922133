"""The sheets of a TRD as entries: rows of the table with what stands around them.

Heads are found wherever they stand and as often as they are repeated; lines of the entity and the
office above them say whose the rows below are; rows with neither code nor retention below a serie
or subserie are its tipos documentales; the conventions and signatures at the end are no rows. What
is passed over is told. It judges no cell. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from records.errors import Refused
from records.words import plain
from retention import trd_columns
from retention.trd_columns import CODES, MARKS, NAMES, Head
from retention.trd_values import OFFICE_CODE, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retention.trd_reading import Book, Page, SheetRow

_LABEL = re.compile(
    r"(?P<which>entidad(?: productora)?|unidad administrativa|"
    r"(?:oficina|dependencia|unidad|seccion)(?: productora)?|"
    r"codigo(?: (?:de )?(?:la )?(?:oficina|dependencia|unidad|seccion)(?: productora)?)?|"
    r"hoja\s*(?:n[o°º.]*)?\s*[0-9]*\s*(?:de\s*[0-9]*)?|fecha(?: de \w+)?|version|pagina)"
    r"\s*(?P<colon>:)?\s*",
)
_FOOT = re.compile(
    r"(?:convenciones|firmas?|elaboro|elaborado por|reviso|revisado por|aprobo|aprobado por)"
    r"\s*(?:[:_.].*)?|(?:ct|e|s|m|mt|md|d|ag|ac)\s*(?:[:=–-].*)?|_+.*",
    re.DOTALL,
)
_OFFICE = re.compile(r"[0-9][0-9A-Za-z.\-]{0,15}")
"""«Código» alone may be that of the form (GD-FR-05), which begins with letters."""
RETENTION = ("ag", "ac", "disposicion", *MARKS)


@dataclass(slots=True)
class Entry:
    """A row of the table as it stands."""

    hoja: str
    fila: int
    celdas: dict[str, str]
    """Field → text; empty ones are left out."""
    decimales: frozenset[str] = frozenset()
    oficina: str = ""
    """The office and its code, as the lines above the table say."""
    codigo_oficina: str = ""
    tipos: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Rows below it with neither code nor retention: their numbers and cells."""
    faltas: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The text of a field."""
        return self.celdas.get(name, "")

    def has(self, *names: str) -> bool:
        """Whether any of these fields says something."""
        return any(name in self.celdas for name in names)


@dataclass(slots=True)
class Taken:
    """What the sheets hold."""

    entradas: list[Entry] = field(default_factory=list)
    campos: set[str] = field(default_factory=set)
    avisos: list[str] = field(default_factory=list)
    entidad: str = ""


def take(book: Book, named: Mapping[str, str]) -> Taken:
    """The entries of all sheets.

    Raises:
        Refused: no sheet has the head of a table.
    """
    trd_columns.check_named(named)
    out = Taken()
    left_out = []
    for page in book.hojas:
        walk = _Walk(page, named, out)
        walk.run()
        if not walk.found and page.filas:
            left_out.append(page.nombre)
    if not out.campos:
        raise _no_head(book, named)
    if left_out:
        names = ", ".join(f"«{name}»" for name in left_out)
        out.avisos.append(f"Hojas sin el encabezado de una tabla, que no se leyeron: {names}.")
    coded = any(entry.has(*CODES) for entry in out.entradas)
    if coded:
        out.entradas = _with_types(out.entradas)
    return out


def _with_types(entries: list[Entry]) -> list[Entry]:
    """Entries with neither code nor retention become tipos documentales of the one above."""
    out: list[Entry] = []
    for entry in entries:
        loose = not entry.has(*CODES, *RETENTION, "nombre_serie", "nombre_subserie")
        above = out[-1] if out else None
        same = above is not None and (above.hoja, above.oficina) == (entry.hoja, entry.oficina)
        if loose and same and not entry.faltas and entry.has("nombre", "tipos", "procedimiento"):
            assert above is not None
            above.tipos.append((entry.fila, entry.celdas))
        else:
            out.append(entry)
    return out


def _no_head(book: Book, named: Mapping[str, str]) -> Refused:
    best: Head | None = None
    for page in book.hojas:
        rows = [row.celdas for row in page.filas[:60]]
        for n in range(len(rows)):
            for depth in (1, 2):
                head = trd_columns.look(rows[n : n + depth], named)
                if best is None or len(head.campos) > len(best.campos):
                    best = head
    lacks = trd_columns.missing(best or Head(0, {}, {}))
    others = ", ".join(quoted(text) for text in (best.otras.values() if best else ()))
    return Refused(
        "sin_encabezado",
        f"No se encontró el encabezado de la tabla: falta {'; '.join(lacks)}."
        + (f" No se sabe qué son: {others}." if others else ""),
        consejo="Si la columna está con otro nombre, dígalo con --columna campo=ENCABEZADO "
        "(por ejemplo --columna ag=Gestión).",
    )


class _Walk:
    """One sheet, from top to bottom."""

    def __init__(self, page: Page, named: Mapping[str, str], out: Taken) -> None:
        self._page, self._named, self._out = page, named, out
        self._head: Head | None = None
        self._office = self._code = ""
        self._stale = self._foot = False
        self._passed: list[int] = []
        self.found = False

    def run(self) -> None:
        rows = self._page.filas
        n = 0
        while n < len(rows):
            head = trd_columns.find(
                [row.celdas for row in rows[n : n + trd_columns.DEEPEST]], self._named
            )
            if head is not None:
                self._begin(head)
                n += head.filas
                continue
            self._row(rows[n])
            n += 1
        if self._passed:
            where = f" de la hoja «{self._page.nombre}»" if self._page.nombre else ""
            self._out.avisos.append(
                f"Filas{where} que no se leyeron, por estar después de las convenciones o las "
                f"firmas: {', '.join(map(str, self._passed[:20]))}."
            )

    def _begin(self, head: Head) -> None:
        if not self.found:
            for text in head.otras.values():
                told = f"La columna {quoted(text)} no se usa."
                if told not in self._out.avisos:
                    self._out.avisos.append(told)
            unnamed = [f"{f}={h}" for f, h in self._named.items() if f not in head.nombradas]
            if unnamed:
                raise Refused(
                    "columna",
                    f"No hay una columna como dice --columna {unnamed[0]}.",
                    consejo="Escriba el encabezado como está en el archivo.",
                )
        self._head, self.found, self._foot, self._stale = head, True, False, True
        self._out.campos |= head.has

    def _row(self, row: SheetRow) -> None:
        if self._labels(row.celdas):
            return
        if self._head is None:
            return
        cells = {
            field: row.celdas[n]
            for n, field in self._head.campos.items()
            if n < len(row.celdas) and row.celdas[n].strip()
        }
        shown = [cell for cell in row.celdas if cell.strip()]
        figures = any(c.isdigit() for f in CODES for c in cells.get(f, ""))
        coded = figures and bool(cells.keys() & {*RETENTION, *NAMES})
        if shown and _FOOT.fullmatch(plain(shown[0]).strip()) and not coded:
            self._foot = True
            return
        if self._foot and not coded:
            self._passed.append(row.fila)
            return
        self._foot = False
        self._out.entradas.append(self._entry(row, cells))

    def _entry(self, row: SheetRow, cells: dict[str, str]) -> Entry:
        assert self._head is not None
        known = self._head.campos.keys() | self._head.otras.keys()
        stray = [n for n in range(len(row.celdas)) if n not in known and row.celdas[n].strip()]
        faults = list(row.faltas)
        if stray:
            faults.append(
                f"hay texto en una columna sin encabezado (la {stray[0] + 1}: "
                f"{quoted(row.celdas[stray[0]])})"
            )
        return Entry(
            self._page.nombre,
            row.fila,
            cells,
            frozenset(f for n, f in self._head.campos.items() if n in row.decimales),
            self._office,
            self._code,
            faltas=faults,
        )

    def _labels(self, cells: Sequence[str]) -> bool:
        """Take a line of the form («Oficina productora: …»); whether it is one."""
        said: dict[str, str] = {}
        taken = -1
        for n, cell in enumerate(cells):
            if n == taken:
                continue
            bare = plain(cell).strip()
            found = _LABEL.match(bare)
            if found is None or not (found.end() == len(bare) or found["colon"]):
                continue
            own = cell.partition(":")[2].strip() if found["colon"] else ""
            sure = found["colon"] or "productora" in found["which"] or "hoja" in found["which"]
            if sure or self._head is None:
                taken = -1 if own else _next(cells, n)
                said[found["which"]] = own or (cells[taken] if taken > 0 else "")
        below = self._head is not None
        if not said or (below and sum(1 for c in cells if c.strip()) > 2 * len(said)):
            return False
        for which in sorted(said, key=lambda one: one.startswith("codigo")):
            self._label(which, " ".join(said[which].split()))
        return True

    def _label(self, which: str, value: str) -> None:
        if which.startswith("entidad"):
            self._out.entidad = self._out.entidad or value
            return
        office = which.startswith(("oficina", "dependencia", "unidad productora", "seccion"))
        if not office and not which.startswith("codigo"):
            return
        if self._stale:
            self._office, self._code, self._stale = "", "", False
        if office:
            self._office = value
        elif (_OFFICE if which == "codigo" else OFFICE_CODE).fullmatch(value):
            self._code = value


def _next(cells: Sequence[str], n: int) -> int:
    """Where the text at the right of a label stands; -1 where what follows is a label itself."""
    for at, cell in enumerate(cells[n + 1 :], start=n + 1):
        if bare := plain(cell).strip():
            found = _LABEL.match(bare)
            if found is None:
                return at
            office = found["which"].startswith(("oficina", "dependencia", "seccion"))
            label = found["colon"] or (found.end() == len(bare) and not office)
            return -1 if label else at
    return -1
