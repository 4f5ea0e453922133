"""Commands around the scanner: hoja-separadora, which parts a stack, and incorporar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from records.errors import Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context


def add(commands: Any) -> None:
    """Add these commands."""
    sheet = commands.add_parser(
        "hoja-separadora", help="la hoja que se pone antes de cada documento de una pila"
    )
    sheet.add_argument(
        "--salida", metavar="ARCHIVO", help="si no, salida/ de la oficina, o esta carpeta"
    )
    sheet.add_argument(
        "--copias", type=int, default=1, metavar="N", help="cuántas hojas, hasta 200"
    )
    sheet.set_defaults(call=make_sheet)

    file = commands.add_parser(
        "incorporar",
        help="une un documento por radicar a un radicado, o a una planilla, que ya existe",
    )
    file.add_argument("id")
    file.add_argument(
        "radicado",
        help="si espera su imagen, lo es; si no, queda como acuse; o la planilla cuya hoja es",
    )
    file.set_defaults(call=file_draft)


def make_sheet(context: Context, options: argparse.Namespace) -> None:
    """hoja-separadora"""
    from records import lines, separator
    from records.disk import Disk
    from records.letterhead import Letterhead

    if not 1 <= options.copias <= separator.MOST_COPIES:
        raise Misuse("uso", f"--copias es un número de 1 a {separator.MOST_COPIES}.")
    name, head = "hoja-separadora.pdf", None
    target = Path(name)
    if (context.casa / "journal").is_dir():
        office = context.office()
        head, target = Letterhead.of(office.settings), office.home / "salida" / name
    target = Path(options.salida or target).absolute()
    disk = Disk()
    disk.make_folder(target.parent)
    disk.publish(target, separator.sheet(head, copies=options.copias, at=lines.now()))
    context.show({"archivo": str(target)}, f"Hoja separadora en {target}")


def file_draft(context: Context, options: argparse.Namespace) -> None:
    """incorporar"""
    reception = context.reception()
    try:
        reception.ponerse_al_dia()
        event = reception.incorporar(options.id, options.radicado)
    finally:
        reception.close()
    if "radicado" not in event.data:
        sheet = str(event.data.get("planilla") or event.data.get("de"))
        context.show(
            {"evento": event.hash, "planilla": sheet, "rol": "hoja"},
            f"{options.id} es la hoja firmada de {sheet}.",
        )
        return
    role = str(event.data.get("rol", "imagen"))
    radicado = str(event.data["radicado"])
    context.show(
        {"evento": event.hash, "radicado": radicado, "rol": role},
        f"{options.id} queda en {radicado} como {role}.",
    )
