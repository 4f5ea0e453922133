"""The commands that start the interface, or try the keyboard for it: tui, prueba-teclado."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from records.errors import Misuse, Refused

if TYPE_CHECKING:
    import argparse

    from cli.context import Context


def add(commands: Any) -> None:
    """Add these commands."""
    screen = commands.add_parser("tui", help="la interfaz")
    screen.add_argument("--web", action="store_true", help="(todavía no)")
    screen.set_defaults(call=start)
    keyboard = commands.add_parser(
        "prueba-teclado", help="muestra lo que la terminal manda con cada tecla, y lo que es"
    )
    keyboard.add_argument("--informe", metavar="ARCHIVO", help="escribe también ahí el informe")
    keyboard.set_defaults(call=try_keys)


def start(context: Context, options: argparse.Namespace) -> int:
    """tui"""
    if options.web:
        raise Misuse("todavia_no", "todavía no: la interfaz web está prevista y aún no existe.")
    if not _on_terminal():
        raise Misuse("sin_terminal", "La interfaz necesita una terminal.")
    office = context.office()
    from tui.app import run

    return run(office.home, context.persona)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def try_keys(context: Context, options: argparse.Namespace) -> None:
    """prueba-teclado"""
    target = Path(options.informe).absolute() if options.informe else None
    if target is not None and not target.parent.is_dir():
        raise Refused("sin_carpeta", f"No existe la carpeta {target.parent}.")
    if not context.wants_json and not _on_terminal():
        raise Misuse("sin_terminal", "La prueba de teclado necesita una terminal.")
    import os

    from tui import keyboard, terminal, themes

    found = terminal.look(asking=not context.wants_json)
    theme = themes.pick(found.colours, themes.wanted(os.environ), found.background)
    word = themes.word_of(theme)
    checks = None
    if not context.wants_json:
        from tui.keyboard_test import run

        checks = run(found, theme)
    text = keyboard.report(found, word, checks)
    if target is not None:
        from records.disk import Disk

        Disk().publish(target, text.encode())
        text += f"\n{keyboard.written(target)}"
    context.show({**found.facts(), "tema": word, "informe": str(target or "")}, text.rstrip())
