"""The hoja de control of an expediente: one page or more, as PDF/A, that goes at its front.

Acuerdo 002 de 2014 (AGN), art. 12 par.: whoever keeps the expediente draws one up with the basic
data of each tipo documental, and numbers the folios before closing. Columns as entities use them:
ítem, date, tipo documental, folios, remarks; and from which folio to which. What is electronic has
no folios: the índice electrónico counts its pages. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from records.errors import Refused
from records.sheets import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from records.sheets import Sheet

TITLE = "Hoja de control"
LEAF = "Hoja"
UNDATED = "S.F."
_COLUMNS = [
    Column("Ítem", 0.5, right=True),
    Column("Fecha", 1.1),
    Column("Tipo documental", 4.0),
    Column("Folios", 0.7, right=True),
    Column("Del", 0.6, right=True),
    Column("Al", 0.6, right=True),
    Column("Observaciones", 3.6),
]


@dataclass(frozen=True, slots=True)
class Row:
    """A document of the expediente, in its place."""

    tipo: str
    """Tipo documental; with what tells it from others (a radicado), as the caller words it."""
    fecha: date | None
    """Of the document; None: undated."""
    desde: int | None = None
    """Its first folio; None, with `hasta`: it has none, being electronic."""
    hasta: int | None = None
    observaciones: str = ""

    @property
    def folios(self) -> int:
        """How many."""
        return 0 if self.desde is None or self.hasta is None else self.hasta - self.desde + 1


@dataclass(frozen=True, slots=True)
class Hoja:
    """What a hoja de control says."""

    dependencia: str
    serie: str
    expediente: str
    """Its name."""
    numero: str
    filas: Sequence[Row]
    norma: str
    """On whose ground it is made, as it is cited on its day."""
    subserie: str = ""
    caja: str = ""
    carpeta: str = ""
    responsable: str = ""
    """Who answers for it; empty: a line to sign on."""
    cargo: str = ""


def fill(sheet: Sheet, hoja: Hoja) -> bytes:
    """The page of *hoja* on an office's empty upright *sheet*, as PDF/A-2b.

    Raises:
        Refused: the folios do not run on from 1.
    """
    problem = flaw(hoja.filas)
    if problem:
        raise Refused(
            "foliacion",
            f"No se puede hacer la hoja de control de {hoja.numero}: {problem}.",
            consejo="Nada se escribió. Revise la foliación del expediente y repita.",
            norma=hoja.norma,
        )
    sheet.leaf = LEAF
    sheet.pairs(_head(hoja))
    sheet.table(_COLUMNS, map(_cells, range(1, len(hoja.filas) + 1), hoja.filas))
    sheet.paragraph(totals(hoja.filas))
    below = [hoja.cargo, "Responsable del expediente: firma y fecha"]
    sheet.signature(hoja.responsable or "Nombre:", *below)
    sheet.paragraph(f"Norma: {hoja.norma}.", small=True)
    return sheet.pdf()


def flaw(filas: Sequence[Row]) -> str:
    """Why the folios do not run on, in Spanish; empty where they do."""
    last = 0
    for n, row in enumerate(filas, start=1):
        if row.desde is None and row.hasta is None:
            continue
        if row.desde is None or row.hasta is None:
            return f"el ítem {n} tiene solo uno de sus dos folios"
        if row.desde != last + 1:
            return f"el ítem {n} empieza en el folio {row.desde}, y sigue el {last + 1}"
        if row.hasta < row.desde:
            return f"el ítem {n} termina en el folio {row.hasta}, antes de donde empieza"
        last = row.hasta
    return ""


def totals(filas: Sequence[Row]) -> str:
    """What they are together, in words."""
    folios, without = sum(row.folios for row in filas), sum(not row.folios for row in filas)
    said = [f"Documentos: {len(filas)}", f"Folios: {folios}" + (f" (1 a {folios})" * bool(folios))]
    if without:
        said.append(f"Electrónicos, sin folios: {without}")
    return " · ".join(said) + "."


def _head(hoja: Hoja) -> list[tuple[str, str]]:
    where = [("Caja", hoja.caja), ("Carpeta", hoja.carpeta)]
    place = " · ".join(f"{name} {value}" for name, value in where if value)
    pairs = [
        ("Dependencia", hoja.dependencia),
        ("Serie", hoja.serie),
        ("Subserie", hoja.subserie),
        ("Expediente", hoja.expediente),
        ("Número", hoja.numero),
    ]
    return [*pairs, ("Caja y carpeta", place)] if place else pairs


def _cells(n: int, row: Row) -> tuple[str, ...]:
    return (
        str(n),
        row.fecha.isoformat() if row.fecha else UNDATED,
        row.tipo,
        str(row.folios) if row.folios else "—",
        str(row.desde or ""),
        str(row.hasta or ""),
        row.observaciones,
    )
