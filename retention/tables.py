"""The TRD's verbs of the door `Archivo`: adopt a version from a file, read the one that holds.

Ley 594 de 2000, art. 24; versions with the day from which they hold, since an expediente keeps the
one under which it was opened. The fact is said by `records.adopting`; the file is read by
`retention.trd_import`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from records import lines, trd
from records.adopting import ARCHIVE, LAW
from records.errors import Damaged, Refused
from records.fields import clean_text
from records.letterhead import Letterhead
from records.trd import Row, Table, TableAdopted
from retention import trd_codes, trd_export, trd_import, trd_reading, trd_siblings
from retention.room import Room
from retention.trd_import import Derived, Reading, Rejected
from retention.trd_values import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


NO_ACT = "sin acto declarado"
MAX_VERSION = 40


class Imported(msgspec.Struct, frozen=True):
    """What came of an import."""

    version: str | None
    """The version adopted, or the same one that was there; None: nothing was."""
    series: int
    """Rows that can hold expedientes."""
    rechazadas: list[Rejected]
    derivados: list[Derived]
    evento: str | None = None
    """The hash of the `trd.adoptada`; None: nothing was written."""
    avisos: list[str] = []


class DirtyTable(Refused):
    """A table with dirty rows that nobody accepted to leave out; nothing changed."""

    def __init__(self, found: Imported) -> None:
        super().__init__(
            "trd_sucia",
            f"Filas de la tabla que no se entienden: {len(found.rechazadas)}. No se adoptó nada.",
            consejo="Corríjalas y repita, o adopte solo las demás con --aceptar-limpias.",
            norma=LAW,
        )
        self.found = found


class Tables(Room):
    """The TRD of an office."""

    def adoptar_trd(
        self,
        archivo: Path,
        *,
        version: str | None = None,
        acto: str | None = None,
        desde: str | None = None,
        aceptar_limpias: bool = False,
        columnas: Mapping[str, str] | None = None,
        mascara: str | None = None,
        hermanos: Mapping[str, Path] | None = None,
    ) -> Imported:
        """Adopt the TRD of a file.

        Without *version* it is the next number, without *desde* it holds from today; without *acto*
        it says that none was declared. *hermanos* names the files of `series`, `tipos` and
        `dependencias` that complete it. The same table as the last one adopted, with nothing else
        said, is told and not written again.

        Raises:
            DirtyTable: rows were rejected, and nobody accepted that.
            Refused: who asks is no archivist, the file is no TRD, or the version will not do.
        """
        self.office.authority.require(self.office.persona, *ARCHIVE, norma=LAW)
        said = _said(version=version, acto=acto, desde=desde)
        if mascara is not None and mascara not in trd_codes.MASKS:
            raise Refused("mascara", f"La máscara es una de: {', '.join(trd_codes.MASKS)}.")
        reading = trd_import.read_table(
            trd_reading.read(archivo),
            columnas,
            mascara=mascara,
            siblings=_siblings(hermanos or {}),
        )
        found = self._found(reading)
        if reading.rechazadas and not (aceptar_limpias and reading.series):
            raise DirtyTable(found)
        last = self._last()
        if last is not None and last.series == reading.series and not _differs(last, said):
            told = f"Ya está adoptada como versión {last.version}; no se cambió nada."
            return msgspec.structs.replace(
                found, version=last.version, avisos=[*found.avisos, told]
            )
        table = Table(
            version=said.get("version") or self._next(),
            entidad=self.office.settings.entidad.nombre,
            acto=said.get("acto") or NO_ACT,
            desde=said.get("desde") or lines.now().date().isoformat(),
            series=reading.series,
        )
        known = self.versiones()
        over = [
            one
            for one in known
            if one.desde > table.desde and trd.in_force(known, one.desde) is one
        ]
        event = self.office.adoptar_trd(table)
        notes = [
            f"La versión {one.version} iba a regir desde el {one.desde} y ya no regirá: la "
            "reemplaza esta. Si hacía falta, adóptela otra vez con otro nombre."
            for one in over
        ]
        return msgspec.structs.replace(
            found, version=table.version, evento=event.hash, avisos=[*found.avisos, *notes]
        )

    def exportar_trd(
        self, formato: str, salida: Path, version: str | None = None, on: date | None = None
    ) -> Table:
        """Write a version of the TRD in the official layout, as `xlsx`, `pdf` or `csv`.

        Raises:
            Refused: there is no such version, or no such format.
        """
        table, data = self.archivo_trd(formato, version, on)
        self.office.disk.make_folder(salida.parent)
        self.office.disk.publish(salida, data)
        return table

    def archivo_trd(
        self, formato: str, version: str | None = None, on: date | None = None
    ) -> tuple[Table, bytes]:
        """A version of the TRD, and the file that `exportar_trd` writes of it.

        Raises:
            Refused: as there.
        """
        adopted = self.adopcion(version, on)
        table, office = self._read(adopted), self.office
        match formato:
            case "xlsx":
                data = trd_export.xlsx(table)
            case "csv":
                data = trd_export.csv(table)
            case "pdf":
                data = trd_export.pdf(
                    table,
                    Letterhead.of(office.settings),
                    at=lines.now(),
                    mark=f"TRD {table.version} · {adopted.sha256[:16]}",
                )
            case _:
                raise Refused("formato", f"Los formatos son: {', '.join(trd_export.FORMATS)}.")
        return table, data

    def trd(self, version: str | None = None, on: date | None = None) -> Table:
        """A version of the TRD; without *version* the one that holds on a day (today).

        Raises:
            Refused: there is none.
            Damaged: its document is not what was adopted.
        """
        return self._read(self.adopcion(version, on))

    def adopcion(self, version: str | None = None, on: date | None = None) -> TableAdopted:
        """The fact that adopted it: with its hash, by which an expediente names its version.

        Raises:
            Refused: there is none.
        """
        tables = self.versiones()
        if version is not None:
            found = next((one for one in tables if one.version == version.strip()), None)
            if found is None:
                raise Refused(
                    "trd_version",
                    f"No hay ninguna versión {version} de la TRD.",
                    consejo="«ventanilla trd versiones» muestra las que hay.",
                )
            return found
        day = (on or lines.now().date()).isoformat()
        found = trd.in_force(tables, day)
        if found is None:
            later = min((one.desde for one in tables), default=None)
            raise Refused(
                "sin_trd",
                f"No hay una TRD que rija el {day}"
                + (f": la primera rige desde el {later}." if later else "."),
                consejo="Se adopta con «ventanilla trd importar ARCHIVO».",
                norma=LAW,
            )
        return found

    def versiones(self) -> list[TableAdopted]:
        """The versions adopted, in the order of their adoption."""
        return self.office.versiones_trd()

    # -- parts --------------------------------------------------------------------------------

    def _found(self, reading: Reading) -> Imported:
        notes = list(reading.avisos)
        own = self.office.settings.entidad.nombre
        if reading.entidad and clean_text(reading.entidad).casefold() != own.casefold():
            notes.append(f"El archivo dice ser de {quoted(reading.entidad)}, y esta es {own}.")
        return Imported(
            None, len(reading.series), reading.rechazadas, reading.derivados, avisos=notes
        )

    def _read(self, adopted: TableAdopted) -> Table:
        data = self.office.vault.read(adopted.sha256)
        try:
            return trd.read(data)
        except msgspec.DecodeError as error:
            raise Damaged(
                "trd", f"La TRD {adopted.version} no se puede leer como una tabla."
            ) from error

    def _last(self) -> Table | None:
        tables = self.versiones()
        return self._read(tables[-1]) if tables else None

    def _next(self) -> str:
        """The next number that no version has."""
        taken = {one.version for one in self.versiones()}
        first = len(taken) + 1
        return next(str(n) for n in range(first, 2 * first) if str(n) not in taken)


def row_of(table: Table, serie: str) -> Row:
    """The row that a person names by its code.

    Raises:
        Refused: the table has none.
    """
    found = table.row(serie.strip())
    if found is None:
        raise Refused(
            "serie_desconocida",
            f"La TRD {table.version} no tiene la serie {quoted(serie)}.",
            consejo="«ventanilla trd ver» muestra sus códigos.",
            norma=LAW,
        )
    return found


def _siblings(files: Mapping[str, Path]) -> trd_siblings.Siblings | None:
    if not files:
        return None
    books = {name: trd_reading.read(path) for name, path in files.items()}
    return trd_siblings.read(books.get("series"), books.get("tipos"), books.get("dependencias"))


def _differs(last: Table, said: Mapping[str, str]) -> bool:
    """Whether a person said something of the version that the last one does not."""
    return any(getattr(last, name) != text for name, text in said.items())


def _said(**given: str | None) -> dict[str, str]:
    """What a person said of the version, as it is kept.

    Raises:
        Refused: something was said, and is empty or too long.
    """
    said = {name: clean_text(text) for name, text in given.items() if text is not None}
    if not all(said.values()) or len(said.get("version", "")) > MAX_VERSION:
        raise Refused(
            "trd_acto",
            f"La versión (hasta {MAX_VERSION} letras), el acto y la fecha no se dan vacíos.",
            consejo="Lo que no se sabe, no se escribe: hay un valor por defecto para cada uno.",
        )
    return said
