"""The door `Orfeo`: what an office had in Orfeo 6 comes over, as declared and unverified records.

A dump or a folder of tables is read as a stream, by which each radicado's rows come together
(`orfeo_spool`), and then radicado by radicado into the one door for imports, `Office.importar`.
Run again it takes in what is new and doubles nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from filelock import FileLock, Timeout

from ingest import orfeo_csv, orfeo_map
from ingest.bodega import Bodega, Missing
from ingest.orfeo_catalogue import Catalogue
from ingest.orfeo_dump import Dump, check_form
from ingest.orfeo_report import Area, Gap, Report
from ingest.orfeo_spool import Spool
from ingest.orfeo_tables import PRINCIPAL, TABLES, Problem, Row, key_of
from records import lines
from records.errors import Refused, reason
from records.importing import WHO, Imported, Paper
from records.office import Office
from records.settings import AREA_CODE

ORIGIN: Any = "orfeo"
FOLDER = "importaciones"
_MISSED = "Su radicado no se importó: {}"


class Done(msgspec.Struct, frozen=True):
    """What an import did; `informe` is the folder of its report."""

    radicados: int
    repetidos: int
    rechazados: list[Problem]
    imagenes: int
    sin_imagen: int
    informe: str
    areas: list[Area] = []


class Orfeo:
    """Import from Orfeo into one office."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def importar(
        self,
        origen: Path,
        *,
        bodega: Path | None = None,
        ensayo: bool = False,
        crear_areas: bool = False,
        progreso: Callable[[str], None] = lambda _: None,
    ) -> Done:
        """Take over a dump in plain SQL, or a folder of CSVs named after the tables.

        With *ensayo* the same report is made and nothing is imported.

        Raises:
            Refused: who asks may not import, the file is none that can be read or is cut off, or
                another import is at work.
        """
        office = self.office
        office.authority.require(office.persona, *WHO)
        if crear_areas and not ensayo:
            office.authority.require(office.persona, "admin")
        if bodega is not None and not bodega.is_dir():
            raise Refused("sin_bodega", f"{bodega} no es una carpeta.")
        base = office.home / "salida" / FOLDER
        office.disk.make_folder(base)
        try:
            with FileLock(base / ".turno", timeout=0):
                run = _Run(office, base, origen, bodega, ensayo, progreso)
                return run.go(crear_areas)
        except Timeout as error:
            raise Refused(
                "ocupado", "Ya hay una importación en marcha en esta oficina.",
                consejo="Espere a que termine. Si se cortó, repítala: sigue donde quedó.",
            ) from error  # fmt: skip


class _Run:
    """One import at work."""

    def __init__(
        self,
        office: Office,
        base: Path,
        source: Path,
        bodega: Path | None,
        rehearsal: bool,
        progress: Callable[[str], None],
    ) -> None:
        self._office, self._base, self._source = office, base, source
        self._bodega = None if bodega is None else Bodega(bodega)
        self._rehearsal, self._progress = rehearsal, progress
        self.report = Report(source.name, rehearsal)
        self._spool = Spool(base / ".trabajo")
        self._pending: dict[str, dict[str, int]] = {}
        """Radicado → rows of each table that share its outcome."""
        self._at: dict[str, tuple[int, str]] = {}
        """Radicado → line and file of its row."""
        self._catalogue = Catalogue({})
        self._in_expedientes: dict[str, int] = {}
        self._in_areas: dict[str, int] = {}

    def go(self, create: bool) -> Done:
        try:
            manifest = self._read()
            self._catalogue = Catalogue(self._spool.catalogues)
            self._take(manifest)
        finally:
            self._spool.close()
        self._areas(create and not self._rehearsal)
        name = lines.stamp(lines.now())[:19].replace("T", "-").replace(":", "")
        folder = self._base / (f"{name}-ensayo" if self._rehearsal else name)
        rows = self._catalogue.expedientes(self._in_expedientes)
        self.report.write(folder, self._office.disk, self._catalogue.trd(), rows)
        told = self.report
        return Done(
            told.radicados, told.repetidos, told.rechazadas, told.imagenes, len(told.sin_imagen),
            folder.relative_to(self._office.home).as_posix(), told.areas,
        )  # fmt: skip

    # -- reading ----------------------------------------------------------------------------------

    def _read(self) -> dict[str, Any]:
        """Lay all rows out; gives the manifest of what was read."""
        files: list[dict[str, Any]] = []
        if self._source.is_dir():
            for table, path in orfeo_csv.files_of(self._source).items():
                with _opened(path) as file:
                    files.append(_described(path.name, file))
                for row in orfeo_csv.rows(path, table):
                    self._row(row)
        else:
            with _opened(self._source) as file:
                check_form(file.read(4096), self._source.name)
                file.seek(0)
                files.append(_described(self._source.name, file))
                file.seek(0)
                dump = Dump(file, self._source.name)
                for row in dump.rows():
                    self._row(row)
                self.report.otras_tablas = dict(sorted(dump.others.items()))
        self.report.sin_tabla = [t for t in TABLES if t not in self.report.tablas]
        if PRINCIPAL not in self.report.tablas:
            raise Refused(
                "sin_tabla",
                f"{self._source.name} no trae ninguna fila de la tabla «{PRINCIPAL}».",
                consejo="¿Es el volcado de Orfeo, y trae los datos además del esquema?",
            )
        counts = {name: count.leidas for name, count in sorted(self.report.tablas.items())}
        return {"origen": ORIGIN, "archivos": files, "filas": counts}

    def _row(self, row: Row | Problem) -> None:
        count = self.report.count(row.tabla)
        count.leidas += 1
        if isinstance(row, Problem):
            self.report.refuse(row)
            return
        self._spool.add(row)
        if TABLES[row.tabla].radicado is None:
            count.importadas += 1
        if count.leidas % 100_000 == 0:
            self._progress(f"{row.tabla}: {count.leidas} filas leídas")

    # -- taking over ----------------------------------------------------------------------------

    def _take(self, manifest: dict[str, Any]) -> None:
        known = self._office.importados(ORIGIN)
        told = self._office.importar(
            self._records(known),
            manifest,
            origen=ORIGIN,
            ensayo=self._rehearsal,
            progreso=lambda so_far: self._progress(f"{so_far.radicados} radicados importados"),
        )
        for one in told.rechazados:
            self._refuse(one.radicado, one.motivo)
        for radicado in list(self._pending):
            self._settle(radicado, "ya_estaban" if radicado in known else "importadas")
        self.report.radicados, self.report.repetidos = told.radicados, told.repetidos
        self.report.imagenes, self.report.lote = told.documentos, told.lote

    def _records(self, known: set[str]) -> Iterator[Imported]:
        """Each radicado with its documents; of those that are there already only the number."""
        now = lines.now()
        for radicado, group in self._spool.groups():
            if not group.get(PRINCIPAL):
                for rows in group.values():
                    for row in rows:
                        self._problem(row, "No hay ningún radicado con ese número en el volcado.")
                continue
            for row in group[PRINCIPAL][1:]:
                self._problem(row, "El mismo radicado está dos veces: vale la primera fila.")
            self._at[radicado] = (group[PRINCIPAL][0].linea, group[PRINCIPAL][0].archivo)
            counts = {table: len(rows) for table, rows in group.items()}
            self._pending[radicado] = {**counts, PRINCIPAL: 1}
            yield self._record(radicado, group, now, skip=radicado in known)

    def _record(
        self, radicado: str, group: orfeo_map.Group, now: datetime, *, skip: bool
    ) -> Imported:
        mapped = orfeo_map.record(radicado, group, self._catalogue, now)
        one = mapped.registro
        if one.expediente is not None:
            self._in_expedientes[one.expediente] = self._in_expedientes.get(one.expediente, 0) + 1
        if one.dependencia is not None:
            self._in_areas[one.dependencia] = self._in_areas.get(one.dependencia, 0) + 1
        if skip:
            return one
        self.report.avisos += [(radicado, text) for text in mapped.avisos]
        return msgspec.structs.replace(one, documentos=self._papers(radicado, mapped))

    def _papers(self, radicado: str, mapped: orfeo_map.Mapped) -> list[Paper]:
        wanted = [] if mapped.imagen is None else [("imagen", [mapped.imagen])]
        out: list[Paper] = []
        for name, paths in [*wanted, *mapped.anexos]:
            paper = self._paper(radicado, name, paths)
            if paper is not None and all(paper.datos != other.datos for other in out):
                out.append(paper)
        return out

    def _paper(self, radicado: str, name: str, paths: list[str]) -> Paper | None:
        """The document at the first of *paths* where one is; else it is told as missing."""
        why = "No se dio la carpeta bodega."
        if self._bodega is not None:
            for path in paths:
                try:
                    data, ending = self._bodega.read(path)
                except Missing as error:
                    why = str(error)
                else:
                    return Paper("original" if name == "imagen" else "anexo", data, ending)
        self.report.sin_imagen.append(Gap(radicado, name, paths[0][:200] if paths else "", why))
        return None

    # -- what became of the rows ----------------------------------------------------------------

    def _problem(self, row: Row, why: str) -> None:
        key = key_of(row.tabla, row.valores)
        self.report.refuse(Problem(row.tabla, key, row.linea, why, row.archivo))

    def _settle(self, radicado: str, outcome: str) -> None:
        for table, rows in self._pending.pop(radicado).items():
            count = self.report.count(table)
            setattr(count, outcome, getattr(count, outcome) + rows)

    def _refuse(self, radicado: str, why: str) -> None:
        """A record that was not imported, and all rows that speak of it."""
        (line, name), tables = self._at[radicado], self._pending.pop(radicado)
        self.report.refuse(Problem(PRINCIPAL, radicado[:60], line, why, name))
        for table, rows in tables.items():
            if table != PRINCIPAL:
                self.report.count(table).rechazadas += rows
                self.report.rechazadas.append(
                    Problem(table, radicado[:60], 0, f"{rows} fila(s). {_MISSED.format(why)}")
                )

    def _areas(self, create: bool) -> None:
        """Which dependencias this office has, lacks, or gains now."""
        here = self._office.authority.areas
        for code, name, used in self._catalogue.areas():
            state = "existe" if code in here else "falta"
            if state == "falta" and not AREA_CODE.fullmatch(code):
                state = "falta: el código no sirve aquí"
            elif state == "falta" and create and used and name:
                self._office.agregar_area(code, name, None)
                state = "creada"
            self.report.areas.append(Area(code, name, used, self._in_areas.get(code, 0), state))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb", buffering=1 << 20)
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error


def _described(name: str, file: BinaryIO) -> dict[str, Any]:
    """A file as the manifest names it."""
    digest, size = hashlib.sha256(), 0
    while part := file.read(1 << 20):
        digest.update(part)
        size += len(part)
    return {"nombre": name, "sha256": digest.hexdigest(), "bytes": size}
