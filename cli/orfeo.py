"""Commands that take over what other systems held: importar orfeo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from ingest.orfeo import Done

SHOWN = 1000
"""Refused rows that the JSON names; the report has them all."""


def add(commands: Any) -> None:
    """Add these commands."""
    group = commands.add_parser("importar", help="lo que otro sistema radicó, sin verificar")
    orders = group.add_subparsers(title="órdenes", metavar="ORDEN", required=True)
    taken = orders.add_parser("orfeo", help="de un volcado SQL de Orfeo 6, o de sus tablas en CSV")
    taken.add_argument("origen", metavar="VOLCADO|CARPETA")
    taken.add_argument("--bodega", metavar="DIR", help="la carpeta bodega, con las imágenes")
    taken.add_argument("--ensayo", action="store_true", help="hace el informe y no importa nada")
    taken.add_argument(
        "--crear-areas", action="store_true", help="crea las dependencias en uso que falten"
    )
    taken.set_defaults(call=take_orfeo)


def take_orfeo(context: Context, options: argparse.Namespace) -> None:
    """importar orfeo"""
    from ingest.orfeo import Orfeo

    done = Orfeo(context.office()).importar(
        Path(options.origen),
        bodega=Path(options.bodega) if options.bodega else None,
        ensayo=options.ensayo,
        crear_areas=options.crear_areas,
        progreso=context.warn,
    )
    result = builtins(done)
    result["rechazados"] = result["rechazados"][:SHOWN]
    context.show({**result, "rechazadas": len(done.rechazados)}, _text(done, options))


def _text(done: Done, options: argparse.Namespace) -> str:
    verb = "Se importarían" if options.ensayo else "Importados, sin verificar:"
    missing = [a for a in done.areas if a.estado.startswith("falta")]
    rows = [
        f"{verb} {done.radicados} radicado(s), con {done.imagenes} documento(s).",
        f"Ya estaban: {done.repetidos}." if done.repetidos else "",
        f"No se tomaron {len(done.rechazados)} fila(s)." if done.rechazados else "",
        f"Sin su archivo en la bodega: {done.sin_imagen}." if done.sin_imagen else "",
        f"Dependencias que aquí no están: {', '.join(a.codigo for a in missing)}."
        if missing
        else "",
        f"El informe está en {done.informe}.",
    ]
    return "\n".join(row for row in rows if row)
