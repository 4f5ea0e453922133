"""The FUID (formato único de inventario documental): its data, its rules, what stands in each cell.

Ley 594 de 2000, art. 26; Acuerdo 042 de 2002 (AGN); Acuerdo 001 de 2024 (AGN), annex 3. The
spreadsheet and the CSV are written in `retention.fuid_files`, the page in `retention.fuid_page`,
all three from the same cells. Which expedientes are listed, and what is known of each, is the
caller's. Pure.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from records.errors import Refused
from retention.fuid_columns import COLUMNS, NAMES, Column, Norma

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = "Formato único de inventario documental (FUID)"
UNDATED = "S.F."
LONGEST = 32_000
"""Characters of a cell; a spreadsheet holds 32,767."""

Objeto = Literal[
    "transferencia_primaria",
    "transferencia_secundaria",
    "fondo_acumulado",
    "fusion_o_supresion",
    "inventario_individual",
    "eliminacion",
]
OBJETOS: dict[Objeto, str] = {
    "transferencia_primaria": "Transferencia primaria",
    "transferencia_secundaria": "Transferencia secundaria",
    "fondo_acumulado": "Valoración de fondos acumulados",
    "fusion_o_supresion": "Fusión o supresión de entidades o dependencias",
    "inventario_individual": "Inventario individual por vinculación, traslado o desvinculación",
    "eliminacion": "Eliminación de documentos",
}
"""For what an inventory is made; the six that entities use."""
TRANSFERS = ("transferencia_primaria", "transferencia_secundaria")
Frecuencia = Literal["", "alta", "media", "baja", "ninguna"]
Cell = str | int | date | None


class Firma(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs; what is empty is written by hand."""

    nombre: str = ""
    cargo: str = ""
    lugar: str = ""
    fecha: date | None = None


class Registro(msgspec.Struct, frozen=True, kw_only=True):
    """The entry of a transfer at who receives it."""

    fecha: date
    nt: int
    """Number of the transfer (NT)."""


class FuidRow(msgspec.Struct, frozen=True, kw_only=True):
    """An expediente, or whatever unit the inventory lists."""

    codigo: str
    nombre: str
    """Serie, subserie or asunto."""
    unidad: str = ""
    """Of the unidad documental: the expediente's."""
    inicial: date | None = None
    """None: undated (`S.F.`)."""
    final: date | None = None
    fisico: bool = False
    electronico: bool = False
    caja: str = ""
    carpeta: str = ""
    tomo: str = ""
    otro: str = ""
    """Another unit of conservation, with its number."""
    folios: int | None = None
    """None: not counted, or nothing on paper."""
    soporte: str = ""
    """`P`, `M`, `V`, `C`, `CD`…; empty: P, E or both, by the two marks."""
    tipo: str = ""
    """Of what is electronic: formats, or the medium that holds it."""
    cantidad: int | None = None
    tamano: int | None = None
    """Bytes."""
    ubicacion: str = ""
    frecuencia: Frecuencia = ""
    notas: str = ""


class Fuid(msgspec.Struct, frozen=True, kw_only=True):
    """An inventory."""

    entidad_productora: str
    objeto: Objeto
    filas: Sequence[FuidRow]
    hecho: datetime
    """When it was made, aware: the same data give the same files."""
    entidad_remitente: str = ""
    unidad_administrativa: str = ""
    oficina_productora: str = ""
    registro: Registro | None = None
    """Of a transfer alone; None there: the receiver fills it in."""
    elaborado: Firma = Firma()
    entregado: Firma = Firma()
    recibido: Firma = Firma()


class Inventory(msgspec.Struct, frozen=True):
    """A checked FUID as cells: what its three files show."""

    norma: Norma
    head: list[tuple[str, str]]
    filas: list[list[Cell]]
    totales: list[Cell]
    signers: list[tuple[str, Firma]]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those of its norm."""
        return COLUMNS[self.norma]


def inventory(fuid: Fuid, norma: Norma) -> Inventory:
    """The cells of an inventory in the columns of a norm; N.º de orden runs from 1, without gaps.

    Raises:
        Refused: the norm is none of ours, or a datum is impossible; the message names the row.
    """
    if norma not in COLUMNS:
        raise Refused(
            "fuid_norma",
            f"No hay un FUID de la norma «{norma}».",
            consejo=f"Use una de estas: {', '.join(COLUMNS)}.",
        )
    problem = _flaw(fuid)
    if problem:
        raise Refused(
            "fuid_invalido",
            f"No se puede hacer el inventario: {problem}.",
            consejo="Nada se escribió. Corrija ese dato y repita.",
            norma=NAMES[norma],
        )
    filas = [_cells(n, row, norma) for n, row in enumerate(fuid.filas, start=1)]
    for n, cells in enumerate(filas, start=1):
        if any(isinstance(cell, str) and len(cell) > LONGEST for cell in cells):
            raise Refused(
                "fuid_invalido",
                f"Un texto de la fila {n} pasa de {LONGEST} caracteres, y no cabe en una celda.",
                consejo="Nada se escribió. Acórtelo y repita.",
            )
    signers = [
        ("Elaborado por", fuid.elaborado),
        ("Entregado por", fuid.entregado),
        ("Recibido por", fuid.recibido),
    ]
    return Inventory(norma, _head(fuid), filas, _totals(fuid.filas, filas, norma), signers)


def _flaw(fuid: Fuid) -> str:
    if not fuid.entidad_productora.strip():
        return "falta la entidad productora"
    if fuid.objeto not in OBJETOS:
        return f"«{fuid.objeto}» no es un objeto de inventario ({', '.join(OBJETOS)})"
    if fuid.registro is not None and fuid.objeto not in TRANSFERS:
        return "el registro de entrada es solo de las transferencias"
    if fuid.registro is not None and fuid.registro.nt < 1:
        return "el número de transferencia (NT) empieza en 1"
    for n, row in enumerate(fuid.filas, start=1):
        problem = _row_flaw(row)
        if problem:
            return f"en la fila {n}, {problem}"
    return ""


def _row_flaw(row: FuidRow) -> str:
    if not row.codigo.strip() or not row.nombre.strip():
        return "falta el código o el nombre de la serie"
    if row.inicial and row.final and row.final < row.inicial:
        return f"termina el {row.final}, antes de cuando empieza ({row.inicial})"
    if any(value is not None and value < 0 for value in (row.folios, row.cantidad, row.tamano)):
        return "hay una cantidad negativa"
    if not row.fisico and not row.electronico and not row.soporte:
        return "falta decir en qué soporte está"
    return ""


def _head(fuid: Fuid) -> list[tuple[str, str]]:
    """The header, in the order of the format."""
    registro = ""
    if fuid.objeto in TRANSFERS:
        told = fuid.registro
        registro = "Año ____  Mes ____  Día ____  NT ____"
        if told is not None:
            day = told.fecha
            registro = f"Año {day:%Y}  Mes {day:%m}  Día {day:%d}  NT {told.nt}"
    return [
        ("Entidad remitente", fuid.entidad_remitente),
        ("Entidad productora", fuid.entidad_productora),
        ("Unidad administrativa", fuid.unidad_administrativa),
        ("Oficina productora", fuid.oficina_productora),
        ("Objeto", OBJETOS[fuid.objeto]),
        ("Registro de entrada", registro or "No aplica"),
    ]


def _cells(n: int, row: FuidRow, norma: Norma) -> list[Cell]:
    said: dict[str, Any] = msgspec.structs.asdict(row)
    said |= {
        "orden": n,
        "inicial": row.inicial or UNDATED,
        "final": row.final or UNDATED,
        "fisico": "X" if row.fisico else "",
        "electronico": "X" if row.electronico else "",
        "soporte": row.soporte or _support(row),
    }
    fields = [column.field for column in COLUMNS[norma]]
    if "unidad" not in fields and row.unidad:
        said["nombre"] = f"{row.nombre} · {row.unidad}"
    said["notas"] = " · ".join(filter(None, [row.notas, *_left_over(row, fields)]))
    return [said[field] for field in fields]


def _support(row: FuidRow) -> str:
    return "/".join("P" * row.fisico + "E" * row.electronico)


def _left_over(row: FuidRow, fields: list[str]) -> list[str]:
    """What the row knows and no column shows, in words."""
    out = []
    if "tipo" not in fields:
        count = f"{row.cantidad} documentos electrónicos" if row.cantidad is not None else ""
        size = f"{row.tamano} bytes" if row.tamano is not None else ""
        out.append(", ".join(filter(None, [count, row.tipo, size, row.ubicacion])))
    if "otro" not in fields and row.otro:
        out.append(f"Otra unidad: {row.otro}")
    if "soporte" not in fields and row.soporte:
        out.append(f"Soporte: {row.soporte}")
    if "frecuencia" not in fields and row.frecuencia:
        out.append(f"Frecuencia de consulta: {row.frecuencia}")
    return out


def _totals(rows: Sequence[FuidRow], filas: list[list[Cell]], norma: Norma) -> list[Cell]:
    """The last row: what is added up, as plain numbers; in how many rows nothing was counted."""
    columns = COLUMNS[norma]
    out: list[Cell] = [None] * len(columns)
    for place, column in enumerate(columns):
        if column.total:
            counted = [cells[place] for cells in filas]
            out[place] = sum(cell for cell in counted if isinstance(cell, int))
    named = next(n for n, column in enumerate(columns) if column.field == "nombre")
    out[named] = f"Totales: {len(rows)} {'fila' if len(rows) == 1 else 'filas'}"
    uncounted = sum(row.fisico and row.folios is None for row in rows)
    if uncounted:
        out[-1] = f"En papel y sin n.º de folios: {uncounted}"
    return out
