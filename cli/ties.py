"""Commands that tie records: vincular, acumular; and priorizar, which puts one before its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.ties import TIES

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.assigning import Moved


def add(commands: Any) -> None:
    """Add these commands."""
    link = commands.add_parser("vincular", help="qué es un radicado para otro anterior")
    link.add_argument("radicado")
    link.add_argument("--con", required=True, metavar="R2", help="el anterior")
    link.add_argument("--como", required=True, choices=tuple(TIES))
    link.add_argument("--nota", metavar="T")
    link.set_defaults(call=tie)

    join = commands.add_parser("acumular", help="se decide junto con otro (art. 36)")
    join.add_argument("radicado")
    join.add_argument("--en", required=True, metavar="R2", help="el que se responde por los dos")
    join.add_argument("--motivo", default="Son del mismo asunto.", metavar="T")
    join.set_defaults(call=join_to)

    first = commands.add_parser("priorizar", help="va antes de su turno, por una causal de la ley")
    first.add_argument("radicado")
    which = first.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--causal",
        action="append",
        metavar="C",
        help="vida_salud, ninos, gestante, discapacidad, mayor o periodista; puede repetirse",
    )
    which.add_argument("--quitar", action="store_true", help="vuelve a su turno")
    first.add_argument("--motivo", required=True, metavar="T")
    first.set_defaults(call=put_first)


def tie(context: Context, options: argparse.Namespace) -> None:
    """vincular"""
    office = context.office()
    moved = office.vincular(options.radicado, options.con, options.como, options.nota)
    context.tell(office)
    _show(context, moved, f"{options.como} de {options.con.strip().upper()}")


def join_to(context: Context, options: argparse.Namespace) -> None:
    """acumular"""
    moved = context.office().acumular(options.radicado, options.en, options.motivo)
    _show(context, moved, f"se decide con {options.en.strip().upper()}; su término sigue corriendo")


def put_first(context: Context, options: argparse.Namespace) -> None:
    """priorizar"""
    moved = context.office().priorizar(
        options.radicado, options.causal or (), options.motivo, quita=options.quitar
    )
    _show(context, moved, "vuelve a su turno" if options.quitar else "va antes de su turno")


def _show(context: Context, moved: Moved, said: str) -> None:
    context.show(builtins(moved), f"{moved.radicado}: {said}.")
