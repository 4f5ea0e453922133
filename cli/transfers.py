"""Commands for transfers between archives, and for inventories: transferir, transferencia, fuid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context


def add(commands: Any) -> None:
    """Add these commands."""
    send = commands.add_parser("transferir", help="un paquete con expedientes, para otro archivo")
    send.add_argument("expedientes", nargs="+", metavar="E")
    send.add_argument("--destino", required=True, metavar="DIR")
    send.add_argument("--tipo", choices=("primaria", "secundaria"))
    send.add_argument("--motivo", default="", metavar="T", help="por qué antes de tiempo")
    send.add_argument(
        "--perfil",
        choices=("bagit", "eark"),
        default="bagit",
        help="BagIt, o E-ARK para un sistema de preservación",
    )
    send.set_defaults(call=send_them)

    group = commands.add_parser("transferencia", help="recibe los paquetes de transferencias")
    verbs = group.add_subparsers(metavar="ORDEN", required=True)
    take = verbs.add_parser("aceptar", help="vuelve a calcular todas las huellas y lo acepta")
    take.add_argument("paquete", metavar="DIR")
    take.add_argument("--raiz", metavar="HEX", help="llave raíz de la otra entidad")
    take.set_defaults(call=accept)
    back = verbs.add_parser("devolver", help="no lo acepta, y dice por qué")
    back.add_argument("paquete", metavar="DIR", help="o el número, si el paquete se perdió")
    back.add_argument("--motivo", required=True, metavar="T")
    back.set_defaults(call=send_back)
    word = verbs.add_parser("recibo", help="toma la respuesta firmada de quien recibió")
    word.add_argument("archivo", metavar="FILE")
    word.add_argument("--raiz", metavar="HEX", help="llave raíz de la otra entidad")
    word.set_defaults(call=take_word)
    rows = verbs.add_parser("lista", help="las transferencias")
    rows.set_defaults(call=show_list)

    _add_fuid(commands)


def _add_fuid(commands: Any) -> None:
    made = commands.add_parser("fuid", help="el inventario documental (FUID)")
    made.add_argument("expedientes", nargs="*", metavar="E", help="si no, todos")
    made.add_argument("--norma", choices=("042-2002", "001-2024"), default="001-2024")
    made.add_argument("--formato", choices=("xlsx", "csv", "pdf"), default="xlsx")
    made.add_argument("--salida", required=True, metavar="FILE")
    made.add_argument("--serie", metavar="S")
    made.add_argument("--dependencia", metavar="D")
    made.add_argument("--fase", choices=("gestion", "central", "historico"))
    made.add_argument("--responsable", metavar="P", help="de quien deja su puesto")
    made.add_argument("--fondo", metavar="F", help="el de un fondo acumulado")
    made.add_argument("--objeto", metavar="O", help="para qué se hace el inventario")
    made.add_argument("--recibe", default="", metavar="T", help="nombre de quien recibe")
    made.set_defaults(call=make_inventory)


def _folder(text: str) -> Path:
    """The folder of a `--destino`.

    Raises:
        Misuse: none is named.
    """
    if not text.strip():
        raise Misuse("uso", "Diga en qué carpeta, con --destino.")
    return Path(text).absolute()


def send_them(context: Context, options: argparse.Namespace) -> None:
    """transferir"""
    sent = context.archive().transferir(
        options.expedientes,
        _folder(options.destino),
        tipo=options.tipo,
        motivo=options.motivo,
        perfil=options.perfil,
    )
    context.show(
        builtins(sent),
        f"{sent.transferencia} ({sent.tipo}): {len(sent.expedientes)} expediente(s), "
        f"{sent.archivos} archivos en {sent.paquete}\n"
        "Aquí se conserva todo hasta que quien recibe lo acepte.",
    )


def accept(context: Context, options: argparse.Namespace) -> None:
    """transferencia aceptar"""
    taken = context.archive().aceptar(Path(options.paquete).absolute(), options.raiz)
    context.show(
        builtins(taken),
        f"{taken.transferencia}: todo verifica y quedó aceptada.\n"
        + (f"Acta: {taken.acta}" if taken.acta else f"Devuelva a quien entregó: {taken.recibo}"),
    )


def send_back(context: Context, options: argparse.Namespace) -> None:
    """transferencia devolver"""
    taken = context.archive().devolver_paquete(Path(options.paquete).absolute(), options.motivo)
    context.show(builtins(taken), f"{taken.transferencia}: devuelta. Los expedientes siguen donde "
                 "estaban.")  # fmt: skip


def take_word(context: Context, options: argparse.Namespace) -> None:
    """transferencia recibo"""
    taken = context.archive().recibo(Path(options.archivo).absolute(), options.raiz)
    context.show(builtins(taken), f"{taken.transferencia}: {taken.estado}.")


def show_list(context: Context, options: argparse.Namespace) -> None:
    """transferencia lista"""
    found = context.archive().transferencias()
    text = "\n".join(f"{t.transferencia}  {t.tipo:10} {t.estado:9} {t.destino}" for t in found)
    context.show({"transferencias": builtins(found)}, text or "No hay transferencias.")


def make_inventory(context: Context, options: argparse.Namespace) -> None:
    """fuid"""
    from retention.inventory import Chosen

    chosen = Chosen(
        expedientes=options.expedientes,
        serie=options.serie,
        dependencia=options.dependencia,
        fase=options.fase,
        responsable=options.responsable,
        fondo=options.fondo,
    )
    done = context.archive().fuid(
        chosen,
        norma=options.norma,
        formato=options.formato,
        salida=Path(options.salida).absolute(),
        objeto=options.objeto,
        recibe=options.recibe,
    )
    context.show(builtins(done), f"{done.filas} fila(s) en {done.archivo}")
