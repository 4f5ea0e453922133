"""Commands about what the office signs with: clave certificado."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins

if TYPE_CHECKING:
    import argparse

    from cli.context import Context


def add(commands: Any) -> None:
    """Add these commands."""
    verbs = commands.add_parser("clave", help="llaves y certificados").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    _add_certificate(verbs)


def _add_certificate(verbs: Any) -> None:
    one = verbs.add_parser(
        "certificado", help="firma desde ahora con el token de una entidad acreditada"
    )
    one.add_argument(
        "--archivo", metavar="CERT", required=True, help="el certificado del token, en PEM o DER"
    )
    one.add_argument(
        "--cadena", metavar="CADENA", help="los certificados de sus emisores, hasta la raíz"
    )
    one.set_defaults(call=register)


def register(context: Context, options: argparse.Namespace) -> None:
    """clave certificado"""
    done = context.office().registrar_certificado(
        Path(options.archivo), Path(options.cadena) if options.cadena else None
    )
    context.show(
        builtins(done),
        f"Desde ahora los PDF de {done.punto} se firman con el token de {done.titular}.\n"
        f"Emisor: {done.emisor} · vence el {done.vence}\n"
        "Si ese emisor está acreditado ante el ONAC, es una firma digital (Ley 527 de 1999, "
        "art. 28).",
    )
