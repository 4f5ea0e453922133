"""A folder of CSV files named after the tables of Orfeo, as spreadsheets and psql write them."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TextIO

from ingest.orfeo_dump import MAX_ROW
from ingest.orfeo_tables import PRINCIPAL, TABLES, Problem, Row, key_of
from records.errors import Refused, reason

ENDINGS = (".csv", ".tsv", ".txt")


def files_of(folder: Path) -> dict[str, Path]:
    """Table → its file, of those that are read; links are passed over.

    Raises:
        Refused: the table of radicados is not there.
    """
    if (folder / "toc.dat").is_file():
        raise Refused(
            "volcado_binario",
            f"{folder.name} es un volcado de PostgreSQL en formato de directorio, no en SQL.",
            consejo=f"Conviértalo y repita: pg_restore --no-owner -f orfeo.sql {folder.name}",
        )
    found = {}
    for path in sorted(folder.iterdir()):
        table = path.stem.lower().removeprefix("public.")
        plain = path.is_file() and not path.is_symlink()
        if plain and path.suffix.lower() in ENDINGS and table in TABLES:
            found[table] = path
    if PRINCIPAL not in found:
        raise Refused(
            "sin_tabla",
            f"En {folder} no hay un archivo {PRINCIPAL}.csv.",
            consejo="La carpeta lleva un CSV por tabla, con el nombre de la tabla y sus columnas "
            "en la primera fila.",
        )
    return found


def rows(path: Path, table: str) -> Iterator[Row | Problem]:
    """The rows of one file.

    Raises:
        Refused: it cannot be read, or its first row does not name the table's columns.
    """
    try:
        with path.open("rb") as file:
            encoding = _encoding_of(file)
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            yield from _rows(text, table, path.name)
    except OSError as error:
        raise Refused("sin_archivo", f"No se puede leer {path} ({reason(error)}).") from error


def _encoding_of(file: BinaryIO) -> str:
    """UTF-8 where the whole file is that, else Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while part := file.read(1 << 20):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _rows(text: TextIO, table: str, name: str) -> Iterator[Row | Problem]:
    csv.field_size_limit(MAX_ROW)
    head = text.readline(MAX_ROW)
    separator = max(",;\t|", key=head.count)
    lines = (line.replace("\0", "�") for line in chain([head], text))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    columns = [column.strip().lower() for column in next(reader, [])]
    key = TABLES[table].radicado
    if key is not None and key not in columns:
        raise Refused(
            "sin_columnas",
            f"La primera fila de {name} no nombra la columna {key}.",
            consejo="Exporte la tabla con los nombres de sus columnas (CSV HEADER).",
        )
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise Refused(
                    "csv_cortado",
                    f"{name} está cortado: su última fila no cierra sus comillas.",
                    consejo="Exporte o copie de nuevo la tabla. Nada se ha cambiado.",
                ) from error
            why = f"La fila no es CSV ({error})."
            yield Problem(table, "—", reader.line_num, why, name)
            continue
        if values:
            yield _row(table, columns, values, reader.line_num, name)


def _row(table: str, columns: list[str], values: list[str], line: int, name: str) -> Row | Problem:
    if len(values) != len(columns):
        why = f"Tiene {len(values)} valores y la tabla {len(columns)} columnas."
        known = dict(zip(columns, values, strict=False))
        return Problem(table, key_of(table, known), line, why, name)
    kept = TABLES[table].columnas
    pairs = zip(columns, values, strict=True)
    read = {c: None if v in ("", "\\N", "NULL") else v for c, v in pairs if c in kept}
    dubious = any("�" in (v or "") for v in read.values())
    return Row(table, read, line, name, dubious)
