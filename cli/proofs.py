"""The command that proves: prueba."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import Misuse, Refused, reason

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.proofs import Consistency, Inclusion, Verdict


def add(commands: Any) -> None:
    """Add this command."""
    prove = commands.add_parser(
        "prueba", help="prueba que un radicado está en el diario, o que el diario continúa"
    )
    prove.add_argument("radicado", nargs="?")
    prove.add_argument(
        "--desde", type=int, metavar="N", help="prueba que el diario continúa sus N primeras líneas"
    )
    prove.add_argument("--salida", metavar="ARCHIVO", help="guarda ahí la prueba")
    prove.add_argument(
        "--verificar", metavar="ARCHIVO", help="comprueba una prueba guardada, sin la oficina"
    )
    prove.add_argument(
        "--raiz",
        metavar="ARCHIVO",
        help="con --verificar: la llave raíz de la entidad; si no se da, la de la casa",
    )
    prove.set_defaults(call=run)


def run(context: Context, options: argparse.Namespace) -> None:
    """prueba"""
    asked = [w is not None for w in (options.radicado, options.desde, options.verificar)]
    if sum(asked) != 1 or (options.verificar and options.salida):
        raise Misuse(
            "uso",
            "Diga qué se prueba: un radicado, --desde N, o --verificar ARCHIVO.",
            consejo="ventanilla prueba --ayuda",
        )
    if options.raiz is not None and options.verificar is None:
        raise Misuse("uso", "--raiz va con --verificar.", consejo="ventanilla prueba --ayuda")
    if options.verificar is not None:
        verify(context, options)
    else:
        prove(context, options)


def prove(context: Context, options: argparse.Namespace) -> None:
    """Make a proof, show it, and keep it where `--salida` says."""
    from records import proofs

    office = context.office()
    proof: Inclusion | Consistency
    if options.radicado is not None:
        proof = proofs.prove_number(office, options.radicado)
        text = (
            f"{proof.radicado} está en la línea {proof.seq} del diario {proof.clave.punto}, "
            f"bajo un sello de {proof.tamano} líneas."
        )
    else:
        proof = proofs.prove_growth(office, options.desde)
        text = (
            f"El diario {proof.clave.punto} de {proof.tamano} líneas continúa el de "
            f"{proof.desde}, de raíz {proof.raiz_desde}."
        )
    result = builtins(proof)
    if options.salida is None:
        told = f"\n{proof.nota}\nGuarde la prueba con --salida ARCHIVO."
    else:
        path = Path(options.salida).absolute()
        office.disk.publish(path, (json.dumps(result, ensure_ascii=False) + "\n").encode())
        result = {**result, "archivo": str(path)}
        told = f"\nGuardada en {path}."
    if context.wants_json:
        # In ASCII: what a terminal must not be given is escaped, and no byte of the line is lost.
        print(json.dumps(result))
    else:
        context.show(result, text + told)


def verify(context: Context, options: argparse.Namespace) -> None:
    """Check a proof that someone keeps, with the entity's root key alone."""
    from records import proofs

    source = context.casa / "keys" / "raiz.pub" if options.raiz is None else Path(options.raiz)
    root = proofs.read_root(_read(source, "--raiz"))
    verdict = proofs.check(_read(Path(options.verificar), "--verificar"), root)
    context.show({"vale": True, **builtins(verdict)}, _told(verdict))


def _told(verdict: Verdict) -> str:
    from records.lines import read_hour

    head = f"La prueba vale. {verdict.entidad}, diario {verdict.punto}, {verdict.tamano} líneas: "
    if verdict.radicado is not None and verdict.fecha is not None:
        hour = read_hour(verdict.fecha)
        return f"{head}{verdict.radicado} es su línea {verdict.seq}, del {hour}."
    known = "firmada entonces" if verdict.nota_desde else "compárela con la que usted conoce"
    return f"{head}continúa las {verdict.desde} de raíz {verdict.raiz_desde} ({known})."


def _read(path: Path, option: str) -> bytes:
    from records import proofs

    try:
        with path.open("rb") as file:
            return file.read(proofs.MAX_BYTES + 1)
    except OSError as error:
        raise Refused(
            "sin_archivo", f"No se puede leer {path} ({reason(error)}).", consejo=f"Vea {option}."
        ) from error
