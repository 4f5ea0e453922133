"""The commands that start the interface, or try the keyboard for it: tui, prueba-teclado."""

from __future__ import annotations

import gc
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
    screen.add_argument(
        "--web", action="store_true", help="la sirve a un navegador de este mismo equipo"
    )
    screen.add_argument(
        "--puerto", metavar="N", type=int, default=0, help="con --web; sin él, uno libre"
    )
    screen.set_defaults(call=start)
    keyboard = commands.add_parser(
        "prueba-teclado", help="muestra lo que la terminal manda con cada tecla, y lo que es"
    )
    keyboard.add_argument("--informe", metavar="ARCHIVO", help="escribe también ahí el informe")
    keyboard.set_defaults(call=try_keys)


def start(context: Context, options: argparse.Namespace) -> int:
    """tui"""
    if options.web:
        return _serve(context, options.puerto)
    if options.puerto:
        raise Misuse("uso", "--puerto va con --web.")
    if not _on_terminal():
        raise Misuse("sin_terminal", "La interfaz necesita una terminal.")
    # What is loaded until the first screen is no garbage; the interface looks for it from then on.
    gc.disable()
    office = context.office()
    from tui.app import run

    return run(office.home, context.persona, secret=context.passphrase())


def _serve(context: Context, port: int) -> int:
    if not 0 <= port <= 65535:
        raise Misuse("uso", f"{port} no es un puerto: de 1 a 65535.")
    from tui import terminal_texts as texts
    from tui.tasks import check
    from tui.web_server import serve

    office = check(context.office().home, context.persona)

    def say(url: str) -> None:
        context.show({"direccion": url}, texts.SERVED.format(url=url))
        sys.stdout.flush()

    serve(office.home, context.persona, port, say)
    context.warn(texts.SERVED_END)
    return 0


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
