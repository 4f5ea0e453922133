"""Spreadsheets as entities write them, made by hand for the tests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlsxwriter

from retention import trd_import, trd_reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from retention.trd_import import Reading

HEAD = "Código;Serie;Subserie;Tipos documentales;Soporte;AG;AC;Disposición final;Procedimiento"
CLEAN = "120.05.01;;Actas de comité;Citación|Acta;PAPEL;2;8;CT;Se conserva."


def flat(*lines: str, head: str = HEAD) -> bytes:
    """A flat CSV; `|` in a cell begins a new line of it."""
    rows = [line.split(";") for line in (head, *lines)]
    cells = (";".join(f'"{c.replace("|", chr(10))}"' if "|" in c else c for c in r) for r in rows)
    return "\r\n".join(cells).encode()


def read(data: bytes, columnas: Mapping[str, str] | None = None, **more: Any) -> Reading:
    """What the importer makes of a file's bytes."""
    return trd_import.read_table(trd_reading.read_bytes(data), columnas, **more)


def reasons(reading: Reading) -> dict[int, str]:
    """Row number → why it was rejected."""
    return {one.fila: one.motivo for one in reading.rechazadas}


def book(*pages: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook; a text that begins with `=` is a formula, and `(formula, value)` one with its
    saved result."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, rows in pages:
            page = made.add_worksheet(name)
            for n, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, tuple):
                        page.write_formula(n, column, value[0], None, value[1])
                    elif value not in ("", None):
                        page.write(n, column, value)
    return out.getvalue()


OFFICIAL: list[list[Any]] = [
    ["ALCALDÍA DE EJEMPLO", "", "", "", "", "", "", "", "", "", "CÓDIGO: GD-FR-05"],
    ["", "TABLA DE RETENCIÓN DOCUMENTAL", "", "", "", "", "", "", "", "", "VERSIÓN: 2"],
    ["ENTIDAD PRODUCTORA:", "ALCALDÍA DE EJEMPLO", "", "", "", "", "", "", "", "", "HOJA 1 DE 2"],
    ["OFICINA PRODUCTORA:", "SECRETARÍA DE PLANEACIÓN", "", "", "CÓDIGO:", 120],
    [],
    ["CÓDIGO", "SERIES, SUBSERIES Y TIPOS DOCUMENTALES", "SOPORTE", "", "RETENCIÓN EN AÑOS", "",
     "DISPOSICIÓN FINAL", "", "", "", "PROCEDIMIENTO"],
    ["", "", "P", "E", "ARCHIVO DE GESTIÓN", "ARCHIVO CENTRAL", "CT", "E", "MT", "S", ""],
    ["120.05", "ACTAS"],
    ["120.05.01", "Actas de comité", "X", "", 2, 8, "X", "", "X", "", "Se conserva totalmente."],
    ["", "Citación"],
    ["", "- Acta firmada", "", "X", "", "", "", "", "", "", "Se digitaliza."],
    ["120.05.02", "Actas de visita", "", "X", 3, 0, "", "X"],
    ["", "Informe de visita; Registro fotográfico"],
    ["120.06", "CIRCULARES", "", "", 1, 4, "", "", "", "x", "Muestra al azar."],
    ["", "Circular"],
    [],
    ["CONVENCIONES"],
    ["CT: Conservación total", "", "E: Eliminación"],
    ["AG", "Archivo de gestión"],
    ["Elaboró:", "____________"],
    ["", "JUANA PÉREZ"],
]  # fmt: skip
"""One office in the AGN's layout, with what stands around the table."""


def written(folder: Path, data: bytes, name: str = "trd.csv") -> Path:
    """A file of these bytes."""
    path = folder / name
    path.write_bytes(data)
    return path
