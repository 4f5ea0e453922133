"""Commands of the hand-over: planilla crear, recibir, lista, ver, imprimir, perdida; and papel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.handover import Summary
    from records.rounds import Line, Outcome

STATES = {
    "sin_devolver": "sin devolver",
    "por_confirmar": "devuelta, con líneas por confirmar",
    "cerrada": "cerrada",
    "perdida": "PERDIDA",
}


def add(commands: Any) -> None:
    """Add these commands."""
    sheets = commands.add_parser(
        "planilla", help="las planillas con que se entregan los papeles"
    ).add_subparsers(title="órdenes", metavar="ORDEN", required=True)

    make = sheets.add_parser("crear", help="una planilla con los papeles de una dependencia")
    make.add_argument("--dependencia", required=True, metavar="D")
    make.add_argument(
        "--radicado",
        action="append",
        default=[],
        metavar="R",
        help="solo este; se puede repetir. Si no se da, todos los que esperan en la ventanilla",
    )
    make.add_argument("--ronda", default="", metavar="T", help="por ejemplo, «mañana»")
    make.add_argument("--mensajero", default="", metavar="P", help="id de una persona, o un nombre")
    make.set_defaults(call=make_round)

    take = sheets.add_parser("recibir", help="dice qué fue de cada línea")
    take.add_argument("planilla")
    take.add_argument(
        "--linea",
        action="append",
        default=[],
        metavar="N=R",
        help="N=recibido, N=rechazado:CAUSA o N=faltante; se puede repetir",
    )
    take.add_argument("--todas", action="store_true", help="las demás se recibieron")
    take.add_argument(
        "--hoja", action="store_true", help="la ventanilla anota lo que dice la hoja firmada"
    )
    take.add_argument(
        "--recibe", default="", metavar="NOMBRE", help="con --hoja: quién firmó la hoja"
    )
    take.set_defaults(call=take_round)

    listed = sheets.add_parser("lista", help="las planillas, de la más vieja a la más nueva")
    listed.add_argument(
        "--sin-devolver", action="store_true", help="solo las que no han vuelto a la ventanilla"
    )
    listed.add_argument("--dependencia", metavar="D")
    listed.set_defaults(call=list_rounds)

    see = sheets.add_parser("ver", help="una planilla entera")
    see.add_argument("planilla")
    see.set_defaults(call=show_round)

    again = sheets.add_parser("imprimir", help="la hoja otra vez, marcada DUPLICADO")
    again.add_argument("planilla")
    again.set_defaults(call=print_round)

    lost = sheets.add_parser("perdida", help="declara perdida la hoja y libera sus líneas abiertas")
    lost.add_argument("planilla")
    lost.add_argument("--motivo", required=True, metavar="T")
    lost.set_defaults(call=lose_round)

    paper = commands.add_parser("papel", help="dice que un papel volvió, o pasó al archivo")
    paper.add_argument("radicado", nargs="+")
    paper.add_argument("--a", required=True, choices=("ventanilla", "archivo"), dest="lugar")
    paper.add_argument("--nota", default="", metavar="T")
    paper.set_defaults(call=move_paper)


def outcome(text: str) -> tuple[int, tuple[Outcome, str]]:
    """Line, outcome and cause of a `--linea`: `3=rechazado:no es de aquí`.

    Raises:
        Misuse: it is not written so.
    """
    from records.rounds import OUTCOMES

    number, equals, said = text.partition("=")
    word, _, cause = said.partition(":")
    found = next((one for one in OUTCOMES if one == word.strip().lower()), None)
    n = number.strip()
    if not equals or not (n.isascii() and n.isdigit() and len(n) < 10) or found is None:
        raise Misuse(
            "uso",
            f"«{text}» no dice qué fue de una línea.",
            consejo="Se escribe --linea 3=recibido, 3=rechazado:CAUSA o 3=faltante.",
        )
    return int(n), (found, cause)


def make_round(context: Context, options: argparse.Namespace) -> None:
    """planilla crear"""
    office = context.office()
    done = office.crear_planilla(
        options.dependencia, options.radicado, ronda=options.ronda, mensajero=options.mensajero
    )
    context.tell(office)
    if done.por_escanear:
        context.warn(f"Esperan su imagen, y no van: {', '.join(done.por_escanear)}.")
    if done.rechazados:
        context.warn(f"Los rechazó esa dependencia, y no van: {', '.join(done.rechazados)}.")
    if done.quedan:
        context.warn(f"Quedan {done.quedan} papeles: haga otra planilla.")
    rows = _count(len(done.lineas), "línea")
    context.show(builtins(done), f"{done.planilla}: {rows}, en {done.archivo}")


def take_round(context: Context, options: argparse.Namespace) -> None:
    """planilla recibir"""
    said = [outcome(text) for text in options.linea]
    if len({n for n, _ in said}) < len(said):
        raise Misuse("uso", "Una línea se dijo dos veces.")
    done = context.office().recibir_planilla(
        options.planilla,
        dict(said),
        todas=options.todas,
        hoja=options.hoja,
        recibe=options.recibe,
    )
    rows = [_line_text(line) for line in done.lineas]
    left = f", {_count(done.abiertas, 'línea')} sin resultado" if done.abiertas else ""
    told = f"{done.planilla}: {_state(done.estado, done.abiertas)}{left}."
    text = "\n".join([*rows, told])
    context.show(builtins(done), text)


def _line_text(line: Line) -> str:
    cause = f": {line.causa}" if line.causa else ""
    who = line.recibe or line.actor
    by = f" · {who}" if who else ""
    return f"{line.n:>4}  {line.radicado:<22} {line.resultado or 'sin resultado'}{cause}{by}"


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _state(estado: str, abiertas: int) -> str:
    if estado == "sin_devolver" and not abiertas:
        return "falta la hoja firmada"
    return STATES[estado]


def _summary_text(one: Summary) -> str:
    left = len(one.abiertas)
    age = f"hace {_count(one.dias, 'día')}" if one.dias else "hoy"
    if one.dias and one.dias_habiles is not None:
        age += f" ({one.dias_habiles} háb.)"
    unsaid = f", {left} sin resultado" if left else ""
    return (
        f"{one.planilla}  a {one.dependencia}  {one.fecha[:10]}  {age}  "
        f"{_count(one.lineas, 'línea')}{unsaid}  {_state(one.estado, left)}"
    )


def list_rounds(context: Context, options: argparse.Namespace) -> None:
    """planilla lista"""
    found = context.office().planillas(
        sin_devolver=options.sin_devolver, dependencia=options.dependencia
    )
    rows = [_summary_text(one) for one in found]
    context.show({"planillas": builtins(found)}, "\n".join([*rows, f"{len(found)} planilla(s)."]))


def show_round(context: Context, options: argparse.Namespace) -> None:
    """planilla ver"""
    from records.lines import read_hour

    seen = context.office().ver_planilla(options.planilla)
    result: dict[str, Any] = builtins(seen)
    result = {**result.pop("resumen"), **result}
    facts = [
        ("Ronda", seen.ronda),
        ("Mensajero", seen.resumen.mensajero),
        ("Entrega", seen.entrega),
        ("Hojas devueltas", ", ".join(sheet or "(falta)" for sheet in seen.hojas)),
        ("Duplicados", str(seen.copias) if seen.copias else ""),
        ("Perdida", f"{read_hour(seen.perdida)}: {seen.motivo}" if seen.perdida else ""),
    ]
    told = [f"   {name:<15} {value}" for name, value in facts if value]
    rows = [_line_text(line) for line in seen.lineas]
    context.show(result, "\n".join([_summary_text(seen.resumen), *told, *rows]))


def print_round(context: Context, options: argparse.Namespace) -> None:
    """planilla imprimir"""
    event, path = context.office().imprimir_planilla(options.planilla)
    context.show(
        {
            "planilla": event.data["planilla"],
            "copia": event.data["copia"],
            "archivo": str(path),
            "evento": event.hash,
        },
        f"Duplicado {event.data['copia']} en {path}",
    )


def lose_round(context: Context, options: argparse.Namespace) -> None:
    """planilla perdida"""
    event, freed = context.office().perder_planilla(options.planilla, options.motivo)
    name = str(event.data["planilla"])
    context.show(
        {"planilla": name, "libres": freed, "evento": event.hash},
        f"{name} queda como perdida. Esperan otra vez en la ventanilla: {', '.join(freed) or '—'}.",
    )


def move_paper(context: Context, options: argparse.Namespace) -> None:
    """papel"""
    events = context.office().mover_papel(options.radicado, options.lugar, options.nota)
    moved = [str(event.data["radicado"]) for event in events]
    context.show(
        {"lugar": options.lugar, "radicados": moved, "eventos": [e.hash for e in events]},
        f"En {'la ventanilla' if options.lugar == 'ventanilla' else 'el archivo'}: "
        f"{', '.join(moved)}.",
    )
