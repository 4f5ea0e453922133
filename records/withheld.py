"""The index of classified and reserved information (Ley 1712 de 2014, art. 20).

A public list: what is withheld, why, by which act and until when, without anything of its content.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from records import grounds, lines
from records.errors import Refused
from records.protecting import Protecting
from records.state import State, fold

if TYPE_CHECKING:
    from records.reserve import Classified

FORMATS = ("csv", "json", "xlsx")
UNLIMITED = "ilimitado"
PAPER = ("fisico", "correo_postal", "mensajeria", "presencial")
"""Channels of which the entity keeps the paper as well."""


class Listed(msgspec.Struct, frozen=True):
    """One record whose content is withheld, in the columns of the index."""

    informacion: str
    categoria: str
    idioma: str
    soporte: str
    generada: str
    """The day it was received."""
    custodia: str
    """The área that answers for it."""
    nivel: str
    objetivo: str
    """What the exception protects."""
    fundamento: str
    norma: str
    motivo: str
    acto: str
    excepcion: str
    """`parcial` where a version without what is withheld is open to all, else `total`."""
    calificada: str
    calificada_por: str
    plazo: str


HEADERS = (
    "Información",
    "Categoría",
    "Idioma",
    "Soporte",
    "Fecha de generación",
    "Responsable de la información",
    "Nivel",
    "Objetivo legítimo de la excepción",
    "Fundamento jurídico",
    "Norma que prohíbe el acceso",
    "Motivación",
    "Acto que la califica",
    "Excepción",
    "Fecha de la calificación",
    "La calificó",
    "Plazo",
)


class Withheld(Protecting):
    """List what is withheld."""

    def indice_reservada(self) -> list[Listed]:
        """What is classified or reserved today, in the order of the numbers; anybody may ask."""
        self._look_again()
        self.index.catch_up()
        today = lines.now().date().isoformat()
        rows = []
        for subject in self.index.classified(today):
            state = fold(subject, self.index.events(subject))
            said = state.acceso.clasificado
            if said is not None:
                rows.append(self._listed(state, said))
        return rows

    def guardar_indice(self, formato: str, salida: Path | None = None) -> tuple[Path, list[Listed]]:
        """Write that list under `salida/indices`, or at *salida*."""
        if formato not in FORMATS:
            raise Refused("formato", f"Los formatos son: {', '.join(FORMATS)}.")
        rows = self.indice_reservada()
        name = f"indice-reservada-{lines.now().date().isoformat()}.{formato}"
        target = salida or self.home / "salida" / "indices" / name
        make = _MAKERS[formato]
        self.disk.make_folder(target.parent)
        self.disk.publish(target, make(rows))
        return target, rows

    def _listed(self, state: State, said: Classified) -> Listed:
        access = state.acceso
        ground = grounds.find(said.fundamento)
        area = self.authority.areas.get(state.tramite.dependencia or "")
        person = self.authority.personas.get(access.quien or "")
        public = state.publicos
        kind = public.get("tipo") or self.settings.reparto_por_defecto.tipo
        return Listed(
            informacion=f"Radicado {state.radicado}",
            categoria=kind.replace("_", " ").capitalize(),
            idioma="español",
            soporte="papel y electrónico" if public.get("canal") in PAPER else "electrónico",
            generada=(state.recibido or state.fecha or "")[:10],
            custodia=f"{area.codigo} {area.nombre}" if area else "Correspondencia",
            nivel=f"pública {said.nivel}",
            objetivo=ground.texto if ground else "",
            fundamento=ground.cita if ground else str(said.fundamento or ""),
            norma=said.norma or "",
            motivo=access.motivo,
            acto=access.acto or f"Línea {access.evento[:16]} del diario",
            excepcion="parcial" if access.version else "total",
            calificada=access.desde or "",
            calificada_por=(person.cargo or person.nombre) if person else str(access.quien or ""),
            plazo=f"hasta {said.hasta}" if said.hasta else UNLIMITED,
        )


def _csv(rows: list[Listed]) -> bytes:
    """For spreadsheets: with a BOM, and no cell that one would take for a formula."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(HEADERS)
    for row in rows:
        cells = map(str, msgspec.structs.astuple(row))
        sheet.writerow([f"'{c}" if c[:1] in ("=", "+", "-", "@", "\t") else c for c in cells])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[Listed]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet("Índice")
        page.write_row(0, 0, HEADERS, book.add_format({"bold": True}))
        page.freeze_panes(1, 1)
        page.set_column(0, len(HEADERS) - 1, 22)
        for n, row in enumerate(rows, start=1):
            for column, value in enumerate(msgspec.structs.astuple(row)):
                page.write_string(n, column, str(value))
    return out.getvalue()


def _json(rows: list[Listed]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(rows), indent=2)


_MAKERS = dict(zip(FORMATS, (_csv, _json, _xlsx), strict=True))
