"""Commands that give papers and close: constancia, acta, cierre, libro."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import Misuse, Refused, reason

if TYPE_CHECKING:
    import argparse

    from cli.context import Context


def add(commands: Any) -> None:
    """Add these commands."""
    receipt = commands.add_parser("constancia", help="la constancia para el ciudadano, y su prueba")
    receipt.add_argument("radicado", nargs="?")
    receipt.add_argument("--salida", metavar="ARCHIVO")
    receipt.add_argument("--verificar", metavar="TEXTO", help="lo que se lee del código QR")
    receipt.add_argument(
        "--raiz",
        metavar="ARCHIVO",
        help="con --verificar: la llave raíz de la entidad, sin oficina",
    )
    receipt.set_defaults(call=give_receipt)

    acta = commands.add_parser("acta", help="el acta de un radicado anulado, otra vez")
    acta.add_argument("radicado")
    acta.add_argument("--salida", metavar="ARCHIVO")
    acta.set_defaults(call=give_acta)

    close = commands.add_parser("cierre", help="cierra el día, o una vigencia, con su sello")
    close.add_argument("--fecha", metavar="FECHA", help="por defecto, hoy")
    close.add_argument("--vigencia", type=int, metavar="AAAA", help="acta de cierre de ese año")
    close.add_argument("--salida", metavar="ARCHIVO")
    close.set_defaults(call=close_day)

    book = commands.add_parser("libro", help="el libro de radicación, en PDF y en hoja de cálculo")
    book.add_argument("--desde", required=True, metavar="FECHA")
    book.add_argument("--hasta", required=True, metavar="FECHA")
    book.add_argument("--sede", metavar="CODIGO", help="solo esa; por defecto todas")
    book.add_argument("--muestra", type=int, default=20, metavar="N", help="radicados al azar")
    book.add_argument("--salida", metavar="DIR")
    book.set_defaults(call=make_register)


def parse_day(text: str) -> date:
    """A day as typed: 2026-11-22.

    Raises:
        Misuse: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misuse(
            "fecha", f"«{text}» no es una fecha.", consejo="Escríbala así: 2026-11-22."
        ) from error


def give_receipt(context: Context, options: argparse.Namespace) -> None:
    """constancia"""
    if options.verificar is not None:
        check_receipt(context, options)
        return
    if not options.radicado:
        raise Misuse("uso", "Diga el radicado, o --verificar TEXTO.")
    office = context.office()
    target = Path(options.salida).absolute() if options.salida else None
    done = office.constancia(options.radicado, target)
    context.tell(office)
    context.show(
        {"archivo": done.archivo, "qr": done.qr, "sha256": done.sha256},
        f"Constancia en {done.archivo}",
    )


def check_receipt(context: Context, options: argparse.Namespace) -> None:
    """constancia --verificar: with the entity's root key alone, or with the office at hand"""
    from records import proofs, receipts
    from records.issuing import checked
    from records.lines import read_hour

    context.partial = {"valida": False, "radicado": None, "fecha": None}
    if options.raiz is not None:
        try:
            root = proofs.read_root(Path(options.raiz).read_bytes())
        except OSError as error:
            raise Refused("raiz", f"No se puede leer {options.raiz} ({reason(error)}).") from error
        done = checked(receipts.check(options.verificar, root), None)
    elif not (context.casa / "journal").is_dir():
        raise Refused(
            "sin_raiz",
            "Aquí no hay una oficina con qué comprobarla.",
            consejo="Dé la llave raíz de la entidad con --raiz ARCHIVO, o la oficina con --casa.",
        )
    else:
        done = context.office().comprobar_constancia(options.verificar)
    where = {True: " Su línea está en el diario.", None: "", False: ""}[done.en_diario]
    context.show(
        builtins(done),
        f"La constancia es válida: {done.entidad} dio el número {done.radicado} el "
        f"{read_hour(done.fecha)}.{where}",
    )


def give_acta(context: Context, options: argparse.Namespace) -> None:
    """acta"""
    target = Path(options.salida).absolute() if options.salida else None
    done = context.office().acta_de_anulacion(options.radicado.strip().upper(), target)
    context.show({"archivo": done.archivo, "sha256": done.sha256}, f"Acta en {done.archivo}")


def close_day(context: Context, options: argparse.Namespace) -> None:
    """cierre"""
    office = context.office()
    if options.vigencia is not None:
        secret = context.passphrase(ask="Clave de su llave de firma")
        done = office.cerrar_vigencia(options.vigencia, clave=secret)
    else:
        day = parse_day(options.fecha) if options.fecha else None
        target = Path(options.salida).absolute() if options.salida else None
        done = office.cierre(day, target)
    for text in done.avisos:
        context.warn(text)
    rows = [
        f"{s.clase:<5} {s.primero or '—':<22} {s.ultimo or '—':<22} {s.cantidad:>5} números · "
        f"{len(s.anulados)} anulados · {len(s.huecos) or 'sin'} huecos"
        for s in done.series
    ]
    context.show(builtins(done), "\n".join([*rows, f"Sello {done.sello[:16]}… · {done.archivo}"]))


def make_register(context: Context, options: argparse.Namespace) -> None:
    """libro"""
    done = context.office().libro(
        parse_day(options.desde),
        parse_day(options.hasta),
        sede=options.sede,
        muestra=options.muestra,
        salida=Path(options.salida).absolute() if options.salida else None,
    )
    context.show(builtins(done), f"{done.filas} números\n{done.pdf}\n{done.xlsx}")
