"""Commands of the backup: respaldo crear, respaldo verificar, respaldo restaurar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import Damaged, ExitCode, Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context


def add(commands: Any) -> None:
    """Add these commands."""
    backup = commands.add_parser("respaldo", help="copias de toda la oficina").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    make = backup.add_parser("crear", help="copia la oficina, en uso, a otro disco")
    make.add_argument(
        "--destino", required=True, metavar="DIR", help="carpeta que ya existe en otro disco"
    )
    make.set_defaults(call=create)

    check = backup.add_parser("verificar", help="comprueba una copia entera")
    check.add_argument("respaldo", metavar="DIR")
    check.add_argument("--copia", metavar="FECHA", help="si no se da, la última")
    check.set_defaults(call=verify)

    back = backup.add_parser(
        "restaurar", help="hace de una copia una oficina que se consulta, en --casa"
    )
    back.add_argument("respaldo", metavar="DIR")
    back.add_argument("--copia", metavar="FECHA", help="si no se da, la última")
    back.set_defaults(call=restore)


def create(context: Context, options: argparse.Namespace) -> None:
    """respaldo crear"""
    from records import backup

    made = backup.crear(context.office(), Path(options.destino))
    for warning in made.avisos:
        context.warn(warning)
    context.show(
        builtins(made),
        f"Copia {made.copia}: {made.archivos} archivos, {made.nuevos} nuevos, "
        f"{made.bytes / 1e6:.1f} MB.\nHuella del manifiesto: {made.manifiesto}",
    )


def verify(context: Context, options: argparse.Namespace) -> int:
    """respaldo verificar"""
    from records import copies

    root = None
    if (context.casa / "journal").is_dir():
        root = context.office().keys.root_public()
    elif options.casa:
        context.warn(f"En {context.casa} no hay una oficina: la llave no se compara con la suya.")
    checked = copies.examine(copies.find_copy(Path(options.respaldo), options.copia), root)
    result = builtins(checked)
    for warning in checked.avisos:
        context.warn(warning)
    if checked.ok:
        context.show(
            result,
            f"La copia {checked.copia} verifica: {checked.archivos} archivos, "
            f"{checked.eventos} eventos, {checked.radicados} radicados.\n"
            f"Llave de la entidad: {checked.raiz}",
        )
        return ExitCode.DONE
    damage = Damaged(
        "no_verifica",
        f"{len(checked.hallazgos)} hallazgo(s): la copia {checked.copia} no verifica.",
        consejo="Nada se ha reparado. Pruebe otra fecha con --copia, y haga ya otro respaldo en "
        "otro disco.",
    )
    if context.wants_json:
        error = {"codigo": damage.codigo, "mensaje": str(damage)}
        context.show({**result, "error": error}, "")
    else:
        context.say("\n".join(f"✗ {f.mensaje} {f.archivo}".rstrip() for f in checked.hallazgos))
    context.warn(str(damage))
    return ExitCode.NOT_VERIFIED


def restore(context: Context, options: argparse.Namespace) -> None:
    """respaldo restaurar"""
    from records import copies
    from records import restore as rules

    if not options.casa:
        raise Misuse(
            "uso", "Falta --casa.", consejo="Diga dónde va la oficina restaurada: --casa NUEVA."
        )
    made = rules.restore(copies.find_copy(Path(options.respaldo), options.copia), context.casa)
    for warning in made.avisos:
        context.warn(warning)
    context.show(
        builtins(made),
        f"Restaurada en {made.casa}: {made.archivos} archivos, {made.radicados} radicados.\n"
        f"Llave de la entidad: {made.raiz}\n"
        "Se puede consultar y verificar; no numera. Para volver a radicar:\n"
        f"ventanilla restauracion --autoriza PERSONA --casa {made.casa}",
    )
