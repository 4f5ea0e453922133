"""The part of the door for inventories: the FUID of expedientes, whatever it is made for.

Ley 594 de 2000, art. 26; art. 15: who leaves a post hands over by inventory. The format and its
files are in `retention.fuid`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records import lines
from retention import backlog, fuid, fuid_files, fuid_page
from retention.closing import Closing
from retention.content import FORMATS
from retention.fuid import Firma, Fuid, FuidRow, Objeto
from retention.funds import Funds
from retention.room import refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from records.expedientes_index import Listed, Within
    from retention.fuid_columns import Norma

INVENTORY = "Ley 594 de 2000, art. 26"
FILES = ("xlsx", "csv", "pdf")


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Which expedientes an inventory lists: those named, else all that fit what is said."""

    expedientes: Sequence[str] = ()
    serie: str | None = None
    dependencia: str | None = None
    fase: str | None = None
    responsable: str | None = None
    """Those that a person answers for: what is handed over on leaving a post."""
    fondo: str | None = None
    """Of an old collection instead, by its number."""


class Inventoried(msgspec.Struct, frozen=True):
    """An inventory that was written."""

    archivo: str
    filas: int
    norma: str


class Inventories(Closing, Funds):
    """FUID."""

    def fuid(
        self,
        chosen: Chosen,
        *,
        norma: Norma = "001-2024",
        formato: str = "xlsx",
        salida: Path,
        objeto: Objeto | None = None,
        recibe: str = "",
    ) -> Inventoried:
        """Write the inventory of expedientes to *salida*.

        Raises:
            Refused: there is none, or the form is none of ours.
        """
        made = self.inventory(chosen, objeto=objeto, recibe=recibe)
        data = self.fuid_file(made, norma, formato)
        self.office.disk.make_folder(salida.parent)
        self.office.disk.publish(salida, data)
        return Inventoried(str(salida), len(made.filas), norma)

    def fuid_file(self, made: Fuid, norma: Norma, formato: str) -> bytes:
        """The bytes of an inventory in a form."""
        match formato:
            case "xlsx":
                return fuid_files.xlsx(made, norma)
            case "csv":
                return fuid_files.csv(made, norma)
            case "pdf":
                sheet = self.office.hoja(
                    fuid.TITLE, at=made.hecho, subtitle=fuid.OBJETOS[made.objeto],
                    mark=f"FUID {lines.stamp(made.hecho)[:10]}", landscape=True,
                )  # fmt: skip
                return fuid_page.fill(sheet, made, norma)
        raise refused(
            "formato", f"Un FUID no se escribe en {formato}.", INVENTORY, f"En {', '.join(FILES)}."
        )

    def inventory(self, chosen: Chosen, *, objeto: Objeto | None = None, recibe: str = "") -> Fuid:
        """The inventory of expedientes, as data; made by who acts.

        Raises:
            Refused: there is none of those asked for.
        """
        office = self.office
        office.index.catch_up()
        if chosen.fondo is not None:
            return self._fuid_of(
                backlog.fuid_rows(self.fondo(chosen.fondo).filas),
                objeto or "fondo_acumulado",
                recibe=recibe,
            )
        found = self._chosen(chosen)
        if not found:
            raise refused("sin_filas", "No hay ningún expediente que inventariar.", INVENTORY)
        inside: dict[str, list[Within]] = {}
        every = len(found) > 500 and not chosen.expedientes
        for one in office.index.within(None if every else [e.numero for e in found]):
            inside.setdefault(one.expediente, []).append(one)
        what: Objeto = objeto or (
            "inventario_individual" if chosen.responsable else "transferencia_primaria"
        )
        areas = {e.dependencia for e in found}
        area = office.authority.areas.get(next(iter(areas))) if len(areas) == 1 else None
        return self._fuid_of(
            [self._row_for(e, inside.get(e.numero, [])) for e in found],
            what,
            oficina=f"{area.codigo} {area.nombre}" if area else "",
            entrega=chosen.responsable,
            recibe=recibe,
        )

    def _fuid_of(
        self,
        filas: Sequence[FuidRow],
        objeto: Objeto,
        *,
        oficina: str = "",
        entrega: str | None = None,
        recibe: str = "",
    ) -> Fuid:
        """An inventory of this office, made now by who acts."""
        office = self.office
        return Fuid(
            entidad_productora=office.settings.entidad.nombre,
            entidad_remitente=office.settings.entidad.nombre,
            oficina_productora=oficina,
            objeto=objeto,
            filas=filas,
            hecho=lines.now(),
            elaborado=self._signer(office.persona),
            entregado=self._signer(entrega),
            recibido=Firma(nombre=recibe),
        )

    def _chosen(self, chosen: Chosen) -> list[Listed]:
        index = self.office.index
        if chosen.expedientes:
            names = list(dict.fromkeys(chosen.expedientes))
            return [
                e
                for name in names
                for e in index.expedientes("numero=?", (self.expediente(name).numero,))
            ]
        said = {"serie": chosen.serie, "dependencia": chosen.dependencia, "fase": chosen.fase,
                "responsable": chosen.responsable}  # fmt: skip
        parts = {k: v for k, v in said.items() if v}
        where = " AND ".join(["estado <> 'eliminado'", *(f"{name}=?" for name in parts)])
        return index.expedientes(where, list(parts.values()))

    def _signer(self, person: str | None) -> Firma:
        known = self.office.authority.personas.get(person or "")
        return Firma() if known is None else Firma(nombre=known.nombre, cargo=known.cargo)

    def _row_for(self, one: Listed, inside: Sequence[Within]) -> FuidRow:
        """What the inventory says of an expediente."""
        row = self.row_of(one.serie, one.trd)
        days = sorted(date.fromisoformat(w.fecha) for w in inside if w.fecha)
        paths = [self.office.vault.find(w.documento) for w in inside if w.documento]
        files = [path for path in paths if path is not None]
        forms = sorted({p.suffix.lstrip(".").lower() for p in files})
        leaves = sum(w.folios or 0 for w in inside)
        place = self.expediente(one.numero).ubicacion if one.soporte != "electronico" else {}
        other = [f"{k} {place[k]}" for k in ("estante", "otro") if k in place]
        name = f"{row.nombre_serie}. {row.nombre_subserie}" if row.subserie else row.nombre_serie
        return FuidRow(
            codigo=one.serie,
            nombre=name,
            unidad=f"{one.numero} {one.nombre}",
            inicial=days[0] if days else None,
            final=days[-1] if days else None,
            fisico=one.soporte != "electronico",
            electronico=bool(files) or one.soporte != "fisico",
            caja=place.get("caja", ""),
            carpeta=place.get("carpeta", ""),
            tomo=place.get("tomo", ""),
            otro=", ".join(other),
            folios=leaves if one.soporte != "electronico" else None,
            tipo=", ".join(FORMATS.get(f, f.upper()) for f in forms),
            cantidad=len(files) or None,
            tamano=sum(p.stat().st_size for p in files) if files else None,
            ubicacion=f"{self.office.settings.punto.nombre}" if files else "",
            notas="" if one.estado != "abierto" else "Abierto",
        )
