"""Commands that say who is away: persona ausencia, persona ausencias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context


def add(people: Any) -> None:
    """Add these commands to those of `persona`."""
    away = people.add_parser(
        "ausencia", help="alguien está ausente, y otro hace su trabajo entre tanto"
    )
    away.add_argument("id")
    away.add_argument("--desde", required=True, metavar="FECHA", help="el primer día fuera")
    away.add_argument("--hasta", metavar="FECHA", help="el último día fuera")
    away.add_argument(
        "--motivo", metavar="M", help="vacaciones, licencia, permiso, comision o incapacidad"
    )
    away.add_argument(
        "--reemplaza", metavar="ID", help="quién hace su trabajo; el cargo pide un encargo"
    )
    away.add_argument("--acto", metavar="T", help="Resolución 120 de 2026…")
    again = away.add_mutually_exclusive_group()
    again.add_argument("--cambia", action="store_true", help="corrige la que empieza ese día")
    again.add_argument("--anular", action="store_true", help="no hubo la que empieza ese día")
    away.set_defaults(call=go_away)

    who = people.add_parser("ausencias", help="quién está o estará ausente, y quién lo reemplaza")
    who.add_argument("--todas", action="store_true", help="también las que pasaron")
    who.set_defaults(call=list_away)


def go_away(context: Context, options: argparse.Namespace) -> None:
    """persona ausencia"""
    office = context.office()
    if options.anular:
        event = office.anular_ausencia(options.id, options.desde)
        context.show({"evento": event.hash}, f"{options.id}: sin la ausencia del {options.desde}.")
        return
    if options.hasta is None or options.motivo is None:
        raise Misuse("uso", "Hacen falta --hasta y --motivo.")
    event = office.ausentar(
        options.id,
        options.desde,
        options.hasta,
        options.motivo,
        reemplaza=options.reemplaza,
        acto=options.acto,
        cambia=options.cambia,
    )
    whom = f"; lo reemplaza {options.reemplaza}" if options.reemplaza else "; nadie lo reemplaza"
    context.show(
        {"evento": event.hash},
        f"{options.id} está ausente del {options.desde} al {options.hasta}{whom}.",
    )


def list_away(context: Context, options: argparse.Namespace) -> None:
    """persona ausencias"""
    rows = [builtins(a) for a in context.office().ausencias(todas=options.todas)]
    text = "\n".join(
        f"{r['persona']:<12} {r['desde']} a {r['hasta']}  {r['motivo'] or '—':<12} "
        f"{'AHORA ' if r['ahora'] else ''}{'reemplaza ' + r['reemplaza'] if r['reemplaza'] else ''}"
        for r in rows
    )
    context.show({"ausencias": rows}, text or "Nadie está ausente.")
