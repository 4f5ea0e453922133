"""The columns of the FUID as each norm draws them: data.

`042-2002` is the format of the Acuerdo 042 de 2002, `001-2024` that of annex 3 of the Acuerdo 001
de 2024; both from secondary sources (docs/fuid.md). What a row knows and a format has no column for
is said in its remarks (`retention.fuid`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Norma = Literal["042-2002", "001-2024"]
Kind = Literal["text", "integer", "date", "mark"]
"""What a cell holds; a mark is «X» or nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: which field of a row fills it, and how it is drawn."""

    field: str
    title: str
    kind: Kind = "text"
    group: str = ""
    """What stands over it and its neighbours of the same group."""
    width: float = 12
    """In a spreadsheet, in characters; on paper, its share of the page."""
    total: bool = False
    """Its numbers are added up below."""

    @property
    def whole_title(self) -> str:
        """With its group: how it is called where there is one row of titles."""
        return (
            f"{self.group}: {self.title[:1].lower()}{self.title[1:]}" if self.group else self.title
        )


_DATES = "Fechas extremas"
_UNIT = "Unidad de conservación"
_SUPPORT = "Soporte"
_ELECTRONIC = "Documentos electrónicos"

COLUMNS: dict[Norma, tuple[Column, ...]] = {
    "042-2002": (
        Column("orden", "N.º de orden", "integer", width=7),
        Column("codigo", "Código", width=15),
        Column("nombre", "Nombre de las series, subseries o asuntos", width=44),
        Column("inicial", "Inicial", "date", _DATES, 12),
        Column("final", "Final", "date", _DATES, 12),
        Column("caja", "Caja", group=_UNIT, width=7),
        Column("carpeta", "Carpeta", group=_UNIT, width=9),
        Column("tomo", "Tomo", group=_UNIT, width=7),
        Column("otro", "Otro", group=_UNIT, width=9),
        Column("folios", "N.º de folios", "integer", width=9, total=True),
        Column("soporte", "Soporte", width=9),
        Column("frecuencia", "Frecuencia de consulta", width=11),
        Column("notas", "Notas", width=36),
    ),
    "001-2024": (
        Column("orden", "N.º de orden", "integer", width=7),
        Column("codigo", "Código", width=13),
        Column("nombre", "Nombre de la serie, subserie o asunto", width=25),
        Column("unidad", "Nombre de la unidad documental", width=30),
        Column("inicial", "Inicial", "date", _DATES, 12),
        Column("final", "Final", "date", _DATES, 12),
        Column("fisico", "Físico", "mark", _SUPPORT, 7),
        Column("electronico", "Electrónico", "mark", _SUPPORT, 11),
        Column("caja", "Caja", group=_UNIT, width=7),
        Column("carpeta", "Carpeta", group=_UNIT, width=10),
        Column("tomo", "Tomo, legajo o libro", group=_UNIT, width=8),
        Column("folios", "N.º de folios", "integer", width=8.4, total=True),
        Column("tipo", "Tipo", group=_ELECTRONIC, width=10),
        Column("cantidad", "Cantidad", "integer", _ELECTRONIC, 11, total=True),
        Column("tamano", "Tamaño (bytes)", "integer", _ELECTRONIC, 15.7, total=True),
        Column("ubicacion", "Ubicación", group=_ELECTRONIC, width=15),
        Column("notas", "Notas", width=25),
    ),
}
NAMES: dict[Norma, str] = {
    "042-2002": "Acuerdo 042 de 2002 (AGN), art. 7",
    "001-2024": "Acuerdo 001 de 2024 (AGN), anexo 3",
}
"""The norm of each, as `records.norms` cites it."""
