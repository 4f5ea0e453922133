"""The command that starts the interface: tui."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from records.errors import Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context


def add(commands: Any) -> None:
    """Add this command."""
    screen = commands.add_parser("tui", help="la interfaz")
    screen.add_argument("--web", action="store_true", help="(todavía no)")
    screen.set_defaults(call=start)


def start(context: Context, options: argparse.Namespace) -> int:
    """tui"""
    if options.web:
        raise Misuse("todavia_no", "todavía no: la interfaz web está prevista y aún no existe.")
    import sys

    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise Misuse("sin_terminal", "La interfaz necesita una terminal.")
    office = context.office()
    from tui.app import run

    return run(office.home, context.persona, secret=context.passphrase())
