"""What an import did with each row that it read, counted so that the sums add up, and as files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from ingest.orfeo_catalogue import EXPEDIENTE_TITLES, TRD_TITLES
from ingest.orfeo_tables import Problem
from records.disk import Disk
from records.tracking import as_csv

ROW_TITLES = ("Tabla", "Clave", "Archivo", "Línea", "Motivo")
IMAGE_TITLES = ("Radicado", "Documento", "Ruta", "Motivo")
NOTE_TITLES = ("Radicado", "Aviso")
AREA_TITLES = ("Código", "Nombre en Orfeo", "En uso en Orfeo", "Radicados", "En esta oficina")


class Count(msgspec.Struct):
    """Of a table: rows read, and what became of them; `leidas` is the sum of the other three."""

    leidas: int = 0
    importadas: int = 0
    ya_estaban: int = 0
    rechazadas: int = 0


class Gap(msgspec.Struct, frozen=True):
    """An image that a record names and that could not be had."""

    radicado: str
    documento: str
    """`imagen`, or the code of an annex."""
    ruta: str
    motivo: str


class Area(msgspec.Struct, frozen=True):
    """A dependencia of Orfeo, and whether this office has it."""

    codigo: str
    nombre: str
    en_uso: bool
    radicados: int
    estado: str


@dataclass
class Report:
    """One import."""

    origen: str
    ensayo: bool
    tablas: dict[str, Count] = field(default_factory=dict)
    otras_tablas: dict[str, int] = field(default_factory=dict)
    """Rows of tables that are not read."""
    sin_tabla: list[str] = field(default_factory=list)
    rechazadas: list[Problem] = field(default_factory=list)
    sin_imagen: list[Gap] = field(default_factory=list)
    avisos: list[tuple[str, str]] = field(default_factory=list)
    """(radicado, what was left out or doubted)."""
    areas: list[Area] = field(default_factory=list)
    radicados: int = 0
    repetidos: int = 0
    imagenes: int = 0
    lote: str = ""

    def count(self, table: str) -> Count:
        """The counts of a table."""
        return self.tablas.setdefault(table, Count())

    def refuse(self, problem: Problem) -> None:
        """A row that is not taken."""
        self.count(problem.tabla).rechazadas += 1
        self.rechazadas.append(problem)

    def write(
        self,
        folder: Path,
        disk: Disk,
        trd: list[tuple[str, ...]],
        expedientes: list[tuple[str, ...]],
    ) -> None:
        """Lay the report into a folder: one JSON and what people look through as CSV."""
        disk.make_folder(folder)
        rows = [(p.tabla, p.clave, p.archivo, str(p.linea), p.motivo) for p in self.rechazadas]
        areas = [(a.codigo, a.nombre, "sí" if a.en_uso else "no", str(a.radicados), a.estado)
                 for a in self.areas]  # fmt: skip
        files = {
            "rechazadas.csv": as_csv(ROW_TITLES, rows),
            "sin-imagen.csv": as_csv(
                IMAGE_TITLES, [msgspec.structs.astuple(g) for g in self.sin_imagen]
            ),
            "avisos.csv": as_csv(NOTE_TITLES, self.avisos),
            "areas.csv": as_csv(AREA_TITLES, areas),
            "trd.csv": as_csv(TRD_TITLES, trd),
            "expedientes.csv": as_csv(EXPEDIENTE_TITLES, expedientes),
            "informe.json": msgspec.json.format(msgspec.json.encode(self._summary())),
        }
        for name, data in files.items():
            disk.publish(folder / name, data)

    def _summary(self) -> dict[str, Any]:
        return {
            "origen": self.origen,
            "ensayo": self.ensayo,
            "radicados": self.radicados,
            "repetidos": self.repetidos,
            "imagenes": self.imagenes,
            "lote": self.lote,
            "tablas": self.tablas,
            "otras_tablas": self.otras_tablas,
            "sin_tabla": self.sin_tabla,
            "rechazadas": self.rechazadas,
            "sin_imagen": self.sin_imagen,
            "avisos": [{"radicado": who, "aviso": what} for who, what in self.avisos],
            "areas": self.areas,
        }
