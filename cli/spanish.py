"""argparse in Spanish: its own sentences, headings and the two names of help."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from records.errors import Misuse

_SENTENCES = {
    "usage: ": "uso: ",
    "positional arguments": "argumentos",
    "options": "opciones",
    "optional arguments": "opciones",
    "show this help message and exit": "muestra esta ayuda",
    "the following arguments are required: %s": "faltan argumentos: %s",
    "unrecognized arguments: %s": "no se reconoce: %s",
    "expected one argument": "necesita un valor",
    "expected at least one argument": "necesita al menos un valor",
    "expected at most one argument": "admite un solo valor",
    "invalid %(type)s value: %(value)r": "valor no válido: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r no sirve; elija entre: %(choices)s"
    ),
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s es ambigua: puede ser %(matches)s"
    ),
    "one of the arguments %s is required": "hace falta uno de: %s",
    "not allowed with argument %s": "no va junto con %s",
    "ignored explicit argument %r": "no admite el valor %r",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "subcommands": "órdenes",
}


def speak_spanish() -> None:
    """Make argparse answer in Spanish: it asks gettext, which has no catalogue here."""
    module: Any = argparse
    module._ = lambda text: _SENTENCES.get(text, text)


class Parser(argparse.ArgumentParser):
    """A parser that raises `Misuse` instead of ending the program, and also knows `--ayuda`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("add_help", False)
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(*args, **kwargs)
        self.add_argument("-h", "--ayuda", "--help", action="help", help="muestra esta ayuda")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command, and how it is written."""
        usage = " ".join(self.format_usage().split())
        raise Misuse("uso", f"{message[:1].upper()}{message[1:]}.", consejo=usage)
