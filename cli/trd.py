"""Commands of the TRD: trd importar, ver, versiones, exportar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_value
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from cli.context import Context
    from records.trd import Row
    from retention.archive import Archivo
    from retention.tables import Imported

SHOWN = 50
"""Rejected rows and codes that are told to people; JSON has all."""


def add(commands: Any) -> None:
    """Add these commands."""
    group = commands.add_parser("trd", help="tabla de retención documental").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    take = group.add_parser("importar", help="adopta una versión de la TRD, de un CSV o XLSX")
    take.add_argument("archivo")
    take.add_argument("--version", metavar="V", help="su nombre; si no, el número que sigue")
    take.add_argument("--acto", metavar="T", help="el acto que la aprobó")
    take.add_argument("--desde", metavar="FECHA", help="desde cuándo rige; si no, hoy")
    take.add_argument(
        "--aceptar-limpias",
        action="store_true",
        help="adopta las filas que se entienden, sin las otras",
    )
    take.add_argument(
        "--columna",
        action="append",
        default=[],
        metavar="CAMPO=ENCABEZADO",
        help="cuál columna es: codigo, nombre, ag, ac, disposicion…",
    )
    take.add_argument(
        "--mascara",
        choices=("dp.ss.sb", "ss.sb"),
        help="si los códigos empiezan por el de la dependencia; si no, se ve en ellos",
    )
    take.add_argument("--series", metavar="ARCHIVO", help="lista de códigos y nombres de series")
    take.add_argument("--tipos", metavar="ARCHIVO", help="lista de tipos documentales")
    take.add_argument(
        "--dependencias", metavar="ARCHIVO", help="qué dependencia usa qué filas y tipos"
    )
    take.set_defaults(call=take_in)

    one = group.add_parser("ver", help="la versión que rige, o la que se diga")
    _which(one)
    one.set_defaults(call=show)

    group.add_parser("versiones", help="las que se han adoptado").set_defaults(call=show_all)

    out = group.add_parser("exportar", help="la tabla en el formato oficial")
    out.add_argument("--formato", required=True, choices=("xlsx", "pdf", "csv"))
    out.add_argument("--salida", required=True, metavar="ARCHIVO")
    _which(out)
    out.set_defaults(call=export)


def _which(command: Any) -> None:
    command.add_argument("--version", metavar="V")
    command.add_argument("--a-fecha", metavar="FECHA", help="la que rige ese día; si no, hoy")


def take_in(context: Context, options: argparse.Namespace) -> None:
    """trd importar"""
    from retention.tables import NO_ACT, DirtyTable

    archive = _archive(context)
    given = {
        name: Path(path).absolute()
        for name in ("series", "tipos", "dependencias")
        if (path := getattr(options, name)) is not None
    }
    try:
        found = archive.adoptar_trd(
            Path(options.archivo).absolute(),
            version=options.version,
            acto=options.acto,
            desde=options.desde,
            aceptar_limpias=options.aceptar_limpias,
            columnas=dict(named_value(pair) for pair in options.columna),
            mascara=options.mascara,
            hermanos=given,
        )
    except DirtyTable as dirty:
        context.partial = _result(dirty.found)
        _tell(context, dirty.found)
        raise
    _tell(context, found)
    if found.evento is not None and options.acto is None:
        context.warn(f"Se adoptó «{NO_ACT}»: el acto que la aprobó se dice con --acto.")
    context.show(
        _result(found),
        f"TRD versión {found.version}: {found.series} series y subseries.",
    )


def _result(found: Imported) -> dict[str, Any]:
    shown: dict[str, Any] = builtins(found)
    return shown


def _tell(context: Context, found: Imported) -> None:
    """What a person should know: on standard error, so that the result stands alone."""
    for notice in found.avisos:
        context.warn(notice)
    for row in found.rechazadas[:SHOWN]:
        place = f"hoja «{row.hoja}», " if row.hoja else ""
        context.warn(f"No se toma {place}fila {row.fila}: {row.motivo}.")
    if len(found.rechazadas) > SHOWN:
        context.warn(f"… y {len(found.rechazadas) - SHOWN} filas más; --json las muestra todas.")
    if found.derivados:
        context.warn("Códigos que el archivo no trae, numerados por el orden de los nombres:")
        for one in found.derivados[:SHOWN]:
            context.warn(f"  {one.codigo}  {one.nombre} ({one.que})")


def show(context: Context, options: argparse.Namespace) -> None:
    """trd ver"""
    archive = _archive(context)
    adopted = archive.adopcion(options.version, _day(options.a_fecha))
    table = archive.trd(adopted.version)
    rows = [{"nombre": row.nombre, **builtins(row)} for row in table.series]
    text = "\n".join(_line(row) for row in table.series)
    context.show(
        {
            "version": table.version,
            "acto": table.acto,
            "desde": table.desde,
            "sha256": adopted.sha256,
            "series": rows,
        },
        f"TRD versión {table.version}, {table.acto}, desde el {table.desde}\n"
        f"{'código':<14} {'serie o subserie':<52} {'AG':>3} {'AC':>3}  disposición\n{text}",
    )


def _line(row: Row) -> str:
    name = row.nombre if len(row.nombre) <= 52 else f"{row.nombre[:51]}…"
    return f"{row.codigo:<14} {name:<52} {row.ag:>3} {row.ac:>3}  {' y '.join(row.disposicion)}"


def show_all(context: Context, options: argparse.Namespace) -> None:
    """trd versiones"""
    found = _archive(context).versiones()
    text = "\n".join(f"{one.version:<10} desde {one.desde}  {one.acto}" for one in found)
    none = "No se ha adoptado ninguna. Se adopta con «ventanilla trd importar ARCHIVO»."
    context.show({"versiones": builtins(found)}, text or none)


def export(context: Context, options: argparse.Namespace) -> None:
    """trd exportar"""
    target = Path(options.salida).absolute()
    table = _archive(context).exportar_trd(
        options.formato, target, options.version, _day(options.a_fecha)
    )
    context.show(
        {"archivo": str(target), "version": table.version, "series": len(table.series)},
        f"TRD versión {table.version} en {target}.",
    )


def _archive(context: Context) -> Archivo:
    from retention.archive import Archivo

    return Archivo(context.office())


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misuse("uso", f"«{text}» no es una fecha: 2026-12-31.") from error
