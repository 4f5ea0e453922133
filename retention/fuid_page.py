"""The FUID as pages: PDF/A-2b across, each with its titles and «Hoja n de m»."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from records.sheets import Column
from retention.fuid import Cell, Fuid, inventory
from retention.fuid_columns import NAMES

if TYPE_CHECKING:
    from records.sheets import Sheet
    from retention.fuid import Inventory
    from retention.fuid_columns import Column as Of
    from retention.fuid_columns import Norma

LEAF = "Hoja"
LETTERS = {"042-2002": 7.0, "001-2024": 5.8}
"""Size of the table's letters, in points: seventeen columns stand on one page."""
_SHORT = {
    "N.º de orden": "N.º",
    "Electrónico": "Electr.",
    "Tomo, legajo o libro": "Tomo",
    "Frecuencia de consulta": "Consulta",
    "Tamaño (bytes)": "Bytes",
    "Inicial": "Fecha inicial",
    "Final": "Fecha final",
}
_HAND = "\n\n"
"""Empty lines that leave a hand room to sign in."""


def fill(sheet: Sheet, fuid: Fuid, norma: Norma) -> bytes:
    """The pages of *fuid* on an office's empty *sheet*, which lies across (`landscape`).

    Raises:
        Refused: as `fuid.inventory`.
    """
    made = inventory(fuid, norma)
    sheet.leaf = LEAF
    sheet.pairs(made.head)
    columns = [column(one) for one in made.columns]
    rows = [[_shown(cell) for cell in cells] for cells in (*made.filas, made.totales)]
    sheet.table(columns, rows, size=LETTERS[norma])
    _signatures(sheet, made)
    sheet.paragraph(f"Columnas: {NAMES[norma]}. {_legend(made)}", small=True)
    return sheet.pdf()


def column(of: Of) -> Column:
    """How it is drawn on paper."""
    return Column(_SHORT.get(of.title, of.title), of.width, right=of.kind == "integer")


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", ".")
    return cell.isoformat() if isinstance(cell, date) else cell


def _signatures(sheet: Sheet, made: Inventory) -> None:
    """Three blocks side by side, to be signed by hand."""
    firmas = [firma for _, firma in made.signers]
    columns = [Column("", 0.5), *(Column(name, 2, hand=True) for name, _ in made.signers)]
    days = [f.fecha.isoformat() if f.fecha else "" for f in firmas]
    sheet.table(
        columns,
        [
            ("Nombre", *(f.nombre for f in firmas)),
            ("Cargo", *(f.cargo for f in firmas)),
            (f"Firma{_HAND}", *("" for _ in firmas)),
            ("Lugar", *(f.lugar for f in firmas)),
            ("Fecha", *days),
        ],
    )


def _legend(made: Inventory) -> str:
    said = ["S.F.: sin fecha."]
    if any(column.field == "soporte" for column in made.columns):
        said.append("Soporte: P papel, E electrónico, M microfilme, V video, C casete.")
    return " ".join(said)
