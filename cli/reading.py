"""The command `leer`: reads files and touches no office."""

from __future__ import annotations

import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins, printable
from records.errors import ExitCode, reason

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from ingest.reader import Reader

Row = dict[str, Any]
"""What is told of one file, as JSON."""


def add(commands: Any) -> None:
    """Add this command."""
    read = commands.add_parser("leer", help="solo lee archivos; no toca ninguna oficina")
    read.add_argument("archivos", nargs="+", metavar="ARCHIVO")
    read.add_argument("--salida", metavar="DIR", help="deja ahí el PDF/A y el texto")
    add_password(read)
    read.set_defaults(call=read_only)


def add_password(command: Any) -> None:
    """Add the option that gives a PDF's password without showing it."""
    command.add_argument(
        "--contrasena-de",
        metavar="ARCHIVO",
        help="la contraseña del PDF, en la primera línea de un archivo, o «-» para la entrada",
    )


def read_only(context: Context, options: argparse.Namespace) -> int:
    """leer"""
    files = [Path(name) for name in options.archivos]
    absent = [_absent(path) for path in files]
    there = [path for path, row in zip(files, absent, strict=True) if row is None]
    target = Path(options.salida).absolute() if options.salida else None
    if target is not None and there:
        target.mkdir(parents=True, exist_ok=True)
    password = context.password(options.contrasena_de)
    started = time.monotonic()
    read = iter(_read_all(there, context, password) if there else ())
    rows = [next(read) if row is None else (row, None) for row in absent]
    taken: set[str] = set()
    for row, document in rows:
        if target is not None and document is not None:
            _write_reading(target, row, document, taken)
    seconds = time.monotonic() - started
    pages = sum(len(row.get("paginas", ())) for row, _ in rows)
    result = {
        "archivos": [row for row, _ in rows],
        "paginas_por_minuto": round(pages * 60 / seconds, 1) if seconds else 0,
    }
    failed = [row["error"] for row, _ in rows if "error" in row]
    if failed:
        result["error"] = failed[0]
    context.show(result, "\n\n".join(_reading_text(row) for row, _ in rows))
    for error in failed:
        context.warn(error["mensaje"])
    return ExitCode.REFUSED if failed else ExitCode.DONE


def _absent(path: Path) -> Row | None:
    """What is told of a path that is no file which can be opened; None where it is one."""
    try:
        mode = path.stat().st_mode
        why = "es una carpeta" if stat.S_ISDIR(mode) else "no es un archivo"
        if stat.S_ISREG(mode):  # a pipe is not opened: it would keep the others waiting
            path.open("rb").close()
            return None
    except OSError as error:
        why = reason(error)
    told = f"No se puede leer {path} ({why}): revise la ruta."
    return {**_row(path), "error": {"codigo": "sin_archivo", "mensaje": told}}


def _row(path: Path) -> Row:
    return {"archivo": str(path.absolute())}


def _read_all(
    files: list[Path], context: Context, password: str | None
) -> list[tuple[Row, bytes | None]]:
    """Each file's row and PDF/A, in their order; a person is asked for passwords that lack."""
    from concurrent.futures import ThreadPoolExecutor
    from os import cpu_count

    from ingest.reader import Reader

    with Reader() as reader, ThreadPoolExecutor(max(2, cpu_count() or 2)) as pool:
        rows = list(pool.map(lambda p: _read_one(reader, p, password), files))
        for number, path in enumerate(files):
            if _code(rows[number][0]) == "cifrado":
                asked = context.asked(f"Contraseña de {printable(path.name)}")
                if asked is not None:
                    rows[number] = _read_one(reader, path, asked)
    return rows


def _code(row: Row) -> str:
    """Why a file could not be read; empty where it could."""
    return str(row.get("error", {}).get("codigo", ""))


def _read_one(reader: Reader, path: Path, password: str | None) -> tuple[Row, bytes | None]:
    from ingest.lectura import Unreadable

    started = time.monotonic()
    row = _row(path)
    try:
        reading, document = reader.read(path, password=password)
    except Unreadable as why:
        row["error"] = {"codigo": why.codigo, "mensaje": f"{path.name}: {why.mensaje}"}
        return row, None
    row["paginas"] = [
        {"texto": p.texto, "confianza": p.confianza, "rotacion": p.rotacion, "blanca": p.blanca}
        for p in reading.paginas
    ]
    row["campos"] = builtins(reading.campos)
    row["fax"] = builtins(reading.fax)
    row["notas"] = reading.notas
    row["firmas"] = builtins(reading.firmas)
    row["segundos"] = round(time.monotonic() - started, 3)
    return row, document


def _write_reading(target: Path, row: Row, document: bytes, taken: set[str]) -> None:
    stem = Path(row["archivo"]).stem
    name, n = stem, 1
    while name in taken or (target / f"{name}.pdf").exists() or (target / f"{name}.txt").exists():
        n += 1
        name = f"{stem}-{n}"
    taken.add(name)
    (target / f"{name}.pdf").write_bytes(document)
    text = "\f".join(p["texto"] for p in row["paginas"])
    (target / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    row["pdf"], row["txt"] = str(target / f"{name}.pdf"), str(target / f"{name}.txt")


def _reading_text(row: Row) -> str:
    head = f"== {row['archivo']}"
    if "error" in row:
        return f"{head}\n{row['error']['mensaje']}"
    fields = "\n".join(
        f"   {name:<14} {f['valor']} ({f['confianza']} %)" for name, f in row["campos"].items()
    )
    notes = "".join(f"   · {note}\n" for note in row["notas"])
    pages = "\n\f\n".join(p["texto"] for p in row["paginas"])
    head += f" · {len(row['paginas'])} página(s) · {row['segundos']} s"
    return f"{head}\n{notes}{fields}\n\n{pages}"
