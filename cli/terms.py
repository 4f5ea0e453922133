"""The command that counts: plazo."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cli.context import builtins

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.settings import Hours


def add(commands: Any) -> None:
    """Add this command."""
    when = commands.add_parser("plazo", help="cuándo vencería, y por qué; no necesita oficina")
    what = when.add_mutually_exclusive_group(required=True)
    what.add_argument("--tipo", metavar="TIPO", help="peticion, documentos, consulta…")
    what.add_argument(
        "--limite", metavar="PLAZO", help="un plazo del camino: traslado, requerir, completar…"
    )
    when.add_argument(
        "--prorroga", action="store_true", help="con --tipo: hasta cuándo puede prorrogarse"
    )
    when.add_argument(
        "--desde",
        required=True,
        metavar="FECHA",
        help="desde cuándo: 2026-11-20T16:05 o 2026-11-20",
    )
    when.set_defaults(call=show_term)


def show_term(context: Context, options: argparse.Namespace) -> None:
    """plazo"""
    from records import terms
    from records.calendar import Calendar
    from records.errors import Misuse

    since = _received(options.desde)
    calendar = Calendar.of(_hours(context, named=options.casa is not None))
    if options.limite is not None:
        if options.prorroga:
            raise Misuse("prorroga_de_tipo", "--prorroga va con --tipo, no con --limite.")
        limit = terms.limit(options.limite.strip(), since, calendar)
        return context.show(builtins(limit), limit.explicacion)
    reckoned = terms.extension if options.prorroga else terms.term
    term = reckoned(options.tipo.strip(), since, calendar)
    return context.show(builtins(term), term.explicacion)


def _hours(context: Context, *, named: bool) -> Hours:
    """`[horario]` of the office that is named or stands here, else of one that says nothing."""
    from records.settings import Hours

    if named or (context.casa / "config.toml").is_file():
        return context.office().settings.horario
    return Hours()


def _received(text: str) -> date:
    """A plain date, or a moment."""
    from cli.reception import parse_moment

    try:
        return date.fromisoformat(text)
    except ValueError:
        moment = parse_moment(text)
        assert moment is not None
        return moment
