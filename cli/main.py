"""The command `ventanilla`: parse, call one module a command group, show, end with the right code.

Nothing heavy is imported before the command needs it: `--help` must cost nothing. Text for people
goes to standard output; with `--json` exactly one JSON document goes there and everything else to
standard error.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cli.context import Context
from cli.spanish import Parser, speak_spanish
from records import pin
from records.errors import ExitCode, MachineCannot, Misuse, VentanillaError, reason

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

GROUPS = (
    "cli.founding",
    "cli.keys",
    "cli.reading",
    "cli.reception",
    "cli.verbal",
    "cli.filing",
    "cli.records",
    "cli.acts",
    "cli.tramite",
    "cli.alerts",
    "cli.acuses",
    "cli.templates",
    "cli.letters",
    "cli.petition",
    "cli.ties",
    "cli.access",
    "cli.dispatch",
    "cli.closing",
    "cli.rounds",
    "cli.orfeo",
    "cli.terms",
    "cli.proofs",
    "cli.trd",
    "cli.backup",
    "cli.expedientes",
    "cli.retention",
    "cli.disposal",
    "cli.transfers",
    "cli.preservation",
    "cli.demo",
    "cli.screen",
)
"""Modules that each add their commands with `add(commands)`; light to import."""

TO_COME = [
    "canal",
    "contingencia",
    "encuesta",
    "hub",
    "informe",
    "intercambio",
    "turno",
]
"""Commands of the contract of which something is still to come."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    pin.take()
    speak_spanish()
    given = list(sys.argv[1:] if arguments is None else arguments)
    context = Context(wants_json="--json" in given)
    try:
        return _run(given, context)
    except VentanillaError as error:
        return context.fail(error)
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.DONE
    except KeyboardInterrupt:
        print("Interrumpido. Lo que ya se había confirmado está guardado.", file=sys.stderr)
        return 130
    except MemoryError:
        advice = "Cierre otros programas y repita. Lo que ya se había confirmado está guardado."
        full = "La memoria de este equipo no alcanza."
        return context.fail(MachineCannot("memoria", full, consejo=advice))
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        return context.fail(
            MachineCannot(
                "sistema",
                f"El sistema respondió «{reason(error)}»{where}.",
                consejo="Lo que ya se había confirmado está guardado. Revise el disco y repita.",
            )
        )


def _run(given: list[str], context: Context) -> int:
    parser = build()
    _refuse_to_come(given, to_come(parser))
    options = parser.parse_args(given)
    context.take(options)
    if not hasattr(options, "call"):
        if context.wants_json:
            raise Misuse("uso", "Falta la orden.", consejo="ventanilla --ayuda")
        parser.print_help()
        return ExitCode.USAGE
    result = options.call(context, options)
    return int(result or ExitCode.DONE)


def to_come(parser: Parser) -> list[str]:
    """Of `TO_COME`, the commands that no group has added yet."""
    there = {
        name
        for action in parser._actions
        if isinstance(action.choices, dict)
        for name in action.choices
    }
    return [name for name in TO_COME if name not in there]


def _refuse_to_come(given: list[str], missing: list[str]) -> None:
    values = {"--casa", "--persona", "--clave-archivo"}
    skip = False
    for word in given:
        if skip:
            skip = False
        elif word in values:
            skip = True
        elif not word.startswith("-"):
            if word in missing:
                raise Misuse(
                    "todavia_no",
                    f"todavía no: la orden «{word}» está prevista y aún no existe.",
                    consejo="«ventanilla --ayuda» muestra las que hay.",
                )
            return


def build() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="ventanilla",
        description="Correspondencia y registro oficial de una entidad pública, sin red.",
    )
    add_globals(parser, default=True)
    commands = parser.add_subparsers(title="órdenes", metavar="ORDEN", parser_class=Parser)
    for name in GROUPS:
        importlib.import_module(name).add(commands)
    _globals_everywhere(commands)
    return parser


def _globals_everywhere(commands: argparse._SubParsersAction[Parser]) -> None:
    """Global options are accepted before and after the command."""
    for sub in dict.fromkeys(commands.choices.values()):
        add_globals(sub, default=False)
        for action in sub._actions:
            if hasattr(action, "choices") and isinstance(action.choices, dict):
                _globals_everywhere(action)  # type: ignore[arg-type]


def add_globals(parser: Parser, *, default: bool) -> None:
    """The options that every command takes."""
    import argparse

    def value(name: str) -> object:
        return os.environ.get(name) if default else argparse.SUPPRESS

    group = parser.add_argument_group("opciones generales")
    group.add_argument(
        "--casa", metavar="DIR", default=value("VENTANILLA_CASA"), help="carpeta de la oficina"
    )
    group.add_argument(
        "--json",
        action="store_true",
        default=False if default else argparse.SUPPRESS,
        help="responde con un documento JSON",
    )
    group.add_argument(
        "--persona", metavar="ID", default=value("VENTANILLA_PERSONA"), help="quién actúa"
    )
    group.add_argument(
        "--clave-archivo",
        metavar="ARCHIVO",
        default=value("VENTANILLA_CLAVE_ARCHIVO"),
        help="archivo con la clave de la persona",
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.exit(main())
