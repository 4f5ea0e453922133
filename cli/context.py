"""What every command shares: home, person, passphrase, and how results and errors are shown."""

from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from records.errors import Misuse, Refused, reason

if TYPE_CHECKING:
    import argparse
    from datetime import date, datetime

    from ingest.reception import Recepcion
    from records.errors import VentanillaError
    from records.office import Office
    from retention.archive import Archivo


@dataclass
class Context:
    """One run of a command."""

    wants_json: bool = False
    casa: Path = Path("oficina")
    persona: str | None = None
    clave_archivo: str | None = None
    partial: dict[str, Any] = field(default_factory=dict)
    """The result's keys as far as known, shown with an error too."""

    def take(self, options: argparse.Namespace) -> None:
        """Read the global options."""
        self.wants_json = bool(options.json)
        self.casa = Path(options.casa or "oficina").absolute()
        self.persona = options.persona or None
        self.clave_archivo = options.clave_archivo or None

    # -- doors --------------------------------------------------------------------------------

    def office(self) -> Office:
        """The office of `--casa`."""
        import logging

        from records.office import Office

        # pyHanko warns that it will not ask the network: that is what is wanted; the others tell
        # of fonts and watches, which is nothing to a clerk.
        for name in ("pyhanko", "fontTools", "watchdog"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        return Office(self.casa, persona=self.persona)

    def reception(self) -> Recepcion:
        """The reception of `--casa`."""
        from ingest.reception import Recepcion

        return Recepcion(self.office())

    def archive(self) -> Archivo:
        """The archive of `--casa`."""
        from retention.archive import Archivo

        return Archivo(self.office())

    def passphrase(self, *, ask: str | None = None, path: str | None = None) -> str | None:
        """The passphrase of `--clave-archivo` (or of *path*), or asked on the terminal."""
        source = path or self.clave_archivo
        if source is not None:
            return _secret_of(source)
        return self.asked(ask) if ask else None

    def password(self, source: str | None) -> str | None:
        """A document's password: the first line of the file *source*, or of the input for «-»."""
        if source is None:
            return None
        text = sys.stdin.readline() if source == "-" else _secret_of(source)
        return text.split("\n")[0].rstrip("\r")

    def asked(self, question: str) -> str | None:
        """What a person types unseen; None without a terminal, or where nothing is typed."""
        if not sys.stdin.isatty():
            return None
        import getpass

        return getpass.getpass(f"{question}: ") or None

    # -- showing ------------------------------------------------------------------------------

    def show(self, result: dict[str, Any], text: str) -> None:
        """Show a result: the JSON document, or the text for people."""
        if self.wants_json:
            print(printable(json.dumps(result, ensure_ascii=False)))
        elif text:
            print(printable(text))

    def say(self, text: str) -> None:
        """Progress: never on standard output when JSON is asked for."""
        print(printable(text), file=sys.stderr if self.wants_json else sys.stdout, flush=True)

    def warn(self, text: str) -> None:
        """A warning, on standard error."""
        print(printable(text), file=sys.stderr, flush=True)

    def tell(self, office: Office) -> None:
        """Warn of what the office has to say of what was just done."""
        for text in office.avisos:
            self.warn(text)
        office.avisos.clear()

    def fail(self, error: VentanillaError) -> int:
        """Show an error and give its exit code."""
        if self.wants_json:
            body = {"codigo": error.codigo, "mensaje": str(error)}
            if error.norma:
                body["norma"] = error.norma
            print(printable(json.dumps({**self.partial, "error": body}, ensure_ascii=False)))
        lines = [error.mensaje, error.consejo, f"Norma: {error.norma}" if error.norma else ""]
        self.warn("\n".join(line for line in lines if line))
        return int(error.exit_code)


def _secret_of(source: str) -> str:
    try:
        return Path(source).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else "no es texto"
        raise Refused("clave_archivo", f"No se puede leer {source} ({why}).") from error


def printable(text: str) -> str:
    """*text* without what a terminal would obey: letters and file names come from strangers."""
    kept = "".join(
        c if c in "\n\f" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "�" for c in text
    )
    return kept.encode("utf-8", "replace").decode()


def named_value(pair: str) -> tuple[str, str]:
    """The name and value of a `--campo NAME=VALUE`.

    Raises:
        Misuse: it is not written so.
    """
    name, equals, value = pair.partition("=")
    if not equals:
        raise Misuse("uso", f"«{pair}» no tiene la forma CAMPO=VALOR.")
    return name.strip(), value


def named_day(text: str) -> date:
    """A day as it is written: `2026-11-22`.

    Raises:
        Misuse: it is none.
    """
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misuse("uso", f"«{text}» no es un día: 2026-11-22.") from error


def named_hour(text: str | None) -> datetime | None:
    """The moment of a `--fecha`; without a zone it is Colombian.

    Raises:
        Misuse: it is none, or only a day.
    """
    if text is None:
        return None
    from datetime import datetime

    from records.lines import BOGOTA

    try:
        when = datetime.fromisoformat(text)
        local = when.replace(tzinfo=BOGOTA) if when.tzinfo is None else when.astimezone(BOGOTA)
    except (ValueError, OverflowError) as error:
        raise Misuse("uso", f"«{text}» no es una fecha con hora: 2026-11-22T15:30.") from error
    if len(text) <= len("2026-11-22"):
        raise Misuse("uso", f"A «{text}» le falta la hora: {text}T15:30.")
    return local


def builtins(value: Any) -> Any:
    """A struct as plain JSON data."""
    import msgspec

    return msgspec.to_builtins(value)
