"""The report of a complete round over the vault, as a page to be signed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from records import norms
from records.lines import read_hour
from records.sheets import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from records.sheets import Sheet
    from retention.fixity import Found, Review

NORM = "Ley 527 de 1999, art. 12"
HEAL = (
    "Nada se ha reparado. Lo dañado y lo que falta se sana con los bytes idénticos de un respaldo "
    "o de otra copia de la oficina: «ventanilla recuperar --desde DIR»; después, «integridad "
    "revisar» lo lee otra vez."
)


def page(sheet: Sheet, done: Review, documents: int, size: int, day: date) -> bytes:
    """The report of a round over *documents* of *size* bytes."""
    wrong = len(done.danados) + len(done.faltan)
    sheet.paragraph(
        f"Se leyeron otra vez, del disco, los {documents} documentos que el diario nombra, y cada "
        "uno se comparó con su huella SHA-256. "
        + ("Todos están y son los que se guardaron." if not wrong else f"{wrong} no están bien.")
    )
    sheet.pairs(
        [
            ("Desde", read_hour(done.desde)),
            ("Hasta", read_hour(done.hasta)),
            ("Documentos", str(documents)),
            ("Bytes", str(size)),
            ("Dañados", str(len(done.danados))),
            ("Faltan", str(len(done.faltan))),
        ]
    )
    for title, found in (("Dañados", done.danados), ("Faltan", done.faltan)):
        if found:
            sheet.heading(title)
            _table(sheet, found)
    if wrong:
        sheet.paragraph(HEAL)
    sheet.paragraph(f"Norma: {norms.cite(NORM, day)}.", small=True)
    return sheet.pdf()


def _table(sheet: Sheet, found: Sequence[Found]) -> None:
    columns = [Column("De", 2.4), Column("SHA-256", 5), Column("Qué", 2.4)]
    rows = [(", ".join([*f.radicados, *f.asuntos]), f.sha256, f.que) for f in found]
    sheet.table(columns, rows)
