"""The TRD (tabla de retención documental) as data: rows, versions, and the fact that adopts one.

Ley 594 de 2000, art. 24; columns as in the AGN's format. A version is one canonical JSON document
in the vault; an expediente keeps the version under which it was opened. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from records.fact import Day, Fact, Hash

if TYPE_CHECKING:
    from collections.abc import Sequence

Years = Annotated[int, msgspec.Meta(ge=0, le=200)]
Fate = Literal["CT", "E", "S", "M"]
"""Conservación total, eliminación, selección, reproducción por medio técnico. M goes with one of
the others; alone, the table does not say what becomes of the original."""
FATES: tuple[Fate, ...] = ("CT", "E", "S", "M")
Support = Literal["fisico", "electronico"]


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A serie or subserie that can hold expedientes: one row of the table."""

    codigo: str
    """Dependencia, serie and subserie joined by points, as the row is named everywhere."""
    dependencia: str = ""
    """The office's code; empty: the table does not say one, any dependencia may use it."""
    oficina: str = ""
    serie: str
    nombre_serie: str
    subserie: str = ""
    nombre_subserie: str = ""
    tipos: list[str] = []
    """Tipos documentales; empty: the table names none, and none is refused."""
    soporte: list[Support] = []
    ag: Years
    """Years in the archivo de gestión."""
    ac: Years
    """Years in the archivo central."""
    disposicion: list[Fate]
    procedimiento: str = ""
    evento: str = ""
    """What begins the time of retention where that is not the closing of the expediente."""
    muestra: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    """Of a serie that is selected (S): how many of a hundred expedientes are kept."""

    @property
    def nombre(self) -> str:
        """The row as people call it."""
        return self.nombre_subserie or self.nombre_serie


class Table(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version of the TRD."""

    version: str
    entidad: str
    acto: str
    """The act that approved it."""
    desde: Day
    """The first day on which expedientes are opened under it."""
    series: list[Row] = msgspec.field(name="filas")
    """Written `filas`: under `series` the canonical form allows only the keys of numbers."""

    def row(self, codigo: str) -> Row | None:
        """The row of a code."""
        return next((row for row in self.series if row.codigo == codigo), None)


class TableAdopted(Fact, frozen=True):
    """`trd.adoptada` (AUT): a version of the TRD holds from a day on."""

    version: str
    sha256: Hash
    """Of the table's canonical JSON in the vault."""
    acto: str
    desde: Day


TYPES: dict[str, type[Fact]] = {"trd.adoptada": TableAdopted}
SUBJECT = "trd"


def written(table: Table) -> bytes:
    """A version as it is kept: the same table has the same bytes."""
    return msgspec.json.encode(table, order="sorted")


def read(data: bytes) -> Table:
    """A version from its bytes.

    Raises:
        msgspec.DecodeError: it is none.
    """
    return msgspec.json.decode(data, type=Table)


def adoption(table: Table, sha256: str) -> TableAdopted:
    """The fact that adopts a version, whose bytes have this hash."""
    return TableAdopted(version=table.version, sha256=sha256, acto=table.acto, desde=table.desde)


def problem(data: bytes, fact: TableAdopted) -> str:
    """What is wrong with the document of an adopted version; empty where nothing is."""
    try:
        table = read(data)
    except msgspec.DecodeError:
        return f"La TRD {fact.version} no se puede leer como una tabla."
    if adoption(table, fact.sha256) != fact:
        return f"La TRD {fact.version} no es la que dice su adopción."
    codes = [row.codigo for row in table.series]
    if written(table) != data or len(set(codes)) < len(codes):
        return f"La TRD {fact.version} no está en su forma, o repite un código."
    return ""


def in_force(tables: Sequence[TableAdopted], day: str) -> TableAdopted | None:
    """The version that holds on a day: of those begun, the last adopted.

    No version begins before the one that held when it was adopted (`records.adopting`), so that is
    the latest one too; but for a version that had not begun, whose place a later adoption takes.
    """
    return next((table for table in reversed(tables) if table.desde <= day), None)
