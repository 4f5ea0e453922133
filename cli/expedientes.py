"""Commands for expedientes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_day
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from cli.context import Context
    from retention.views import ExpedienteView

PLACES = ("caja", "carpeta", "tomo", "estante", "otro")


def add(commands: Any) -> None:
    """Add these commands."""
    group = commands.add_parser("expediente", help="expedientes: abrir, incorporar, cerrar…")
    verbs = group.add_subparsers(metavar="ORDEN", required=True)
    _add_open(verbs)
    _add_papers(verbs)
    _add_filing(verbs)
    _add_reading(verbs)


def _add_open(verbs: Any) -> None:
    begin = verbs.add_parser("abrir", help="abre un expediente de una serie de la TRD")
    begin.add_argument("--serie", required=True, metavar="S", help="código de la TRD")
    begin.add_argument("--nombre", required=True, metavar="N")
    begin.add_argument("--dependencia", metavar="D")
    begin.add_argument("--soporte", default="electronico", metavar="S")
    begin.add_argument("--responsable", metavar="P")
    begin.add_argument(
        "--con", action="append", default=[], metavar="R", help="su primer documento"
    )
    begin.set_defaults(call=begin_one)

    refer = verbs.add_parser("referir", help="tiene que ver con otro expediente o radicado")
    refer.add_argument("expediente")
    refer.add_argument("--con", required=True, metavar="E")
    refer.set_defaults(call=_simple(lambda a, o: a.referir(o.expediente, o.con), "referido"))

    fact = verbs.add_parser("hecho", help="ocurrió aquello desde lo que la serie cuenta")
    fact.add_argument("expediente")
    fact.add_argument("--fecha", required=True, metavar="D")
    fact.add_argument("--hecho", default="", metavar="T")
    fact.set_defaults(
        call=_simple(
            lambda a, o: a.anotar_hecho(o.expediente, named_day(o.fecha), o.hecho), "anotado"
        )
    )


def _add_papers(verbs: Any) -> None:
    paper = verbs.add_parser("papel", help="incorpora un papel que no tiene radicado")
    paper.add_argument("expediente")
    paper.add_argument("--descripcion", required=True, metavar="T")
    paper.add_argument("--folios", type=int, default=1, metavar="N")
    paper.add_argument("--fecha", metavar="D")
    paper.add_argument("--tipo", metavar="T")
    paper.set_defaults(call=put_paper)

    place = verbs.add_parser("ubicar", help="dónde está el papel")
    place.add_argument("expediente")
    for name in PLACES:
        place.add_argument(f"--{name}", default="", metavar="X")
    place.set_defaults(
        call=_simple(
            lambda a, o: a.ubicar(o.expediente, {p: getattr(o, p) for p in PLACES}), "ubicado"
        )
    )

    lend = verbs.add_parser("prestar", help="alguien se lleva el papel, hasta un día")
    lend.add_argument("expediente")
    lend.add_argument("--a", required=True, metavar="P")
    lend.add_argument("--hasta", metavar="D")
    lend.add_argument("--motivo", default="", metavar="T")
    lend.set_defaults(
        call=_simple(
            lambda a, o: a.prestar(
                o.expediente, o.a, hasta=named_day(o.hasta) if o.hasta else None, motivo=o.motivo
            ),
            "prestado",
        )
    )

    back = verbs.add_parser("devolver", help="el papel volvió")
    back.add_argument("expediente")
    back.set_defaults(call=_simple(lambda a, o: a.devolver(o.expediente), "devuelto"))


def _add_filing(verbs: Any) -> None:
    put = verbs.add_parser("incorporar", help="pone radicados en un expediente abierto")
    put.add_argument("expediente")
    put.add_argument("radicados", nargs="+", metavar="R")
    put.add_argument("--tipo", metavar="T", help="tipo documental de la TRD")
    put.set_defaults(call=put_records)

    take = verbs.add_parser("retirar", help="saca lo que se incorporó por error")
    take.add_argument("expediente")
    take.add_argument("radicado", help="el radicado, o #N por su orden")
    take.add_argument("--motivo", required=True, metavar="T")
    take.set_defaults(
        call=_simple(lambda a, o: a.retirar(o.expediente, o.radicado, o.motivo), "retirado")
    )

    close = verbs.add_parser("cerrar", help="cierra un expediente y fija su índice electrónico")
    close.add_argument("expediente")
    close.add_argument("--motivo", default="", metavar="T")
    close.add_argument("--fecha", metavar="D", help="del acto que lo cierra; si no, hoy")
    close.set_defaults(call=close_one)

    again = verbs.add_parser("reabrir", help="reabre un expediente cerrado")
    again.add_argument("expediente")
    again.add_argument("--motivo", required=True, metavar="T")
    again.set_defaults(call=_simple(lambda a, o: a.reabrir(o.expediente, o.motivo), "reabierto"))


def _add_reading(verbs: Any) -> None:
    see = verbs.add_parser("ver", help="todo lo de un expediente")
    see.add_argument("expediente")
    see.set_defaults(call=show_one)

    rows = verbs.add_parser("lista", help="los expedientes")
    rows.add_argument("--serie", metavar="S")
    rows.add_argument("--estado", choices=("abierto", "cerrado", "eliminado"))
    rows.add_argument("--prestados", action="store_true", help="solo los prestados")
    rows.set_defaults(call=show_list)

    guess = verbs.add_parser("sugerir", help="a qué serie va un radicado")
    guess.add_argument("radicado")
    guess.set_defaults(call=show_guesses)


# -- calls ----------------------------------------------------------------------------------------


def _simple(act: Callable[[Any, Any], Any], said: str) -> Callable[..., None]:
    """A command that says one fact of an expediente."""

    def call(context: Context, options: argparse.Namespace) -> None:
        event = act(context.archive(), options)
        name = event.data["expediente"]
        context.show({"expediente": name, "evento": event.hash}, f"{name}: {said}.")

    return call


def begin_one(context: Context, options: argparse.Namespace) -> None:
    """expediente abrir"""
    made = context.archive().abrir(
        options.serie,
        options.nombre,
        dependencia=options.dependencia,
        soporte=options.soporte,
        responsable=options.responsable,
        con=options.con,
    )
    context.show(
        {**builtins(made), "indice": None},
        f"{made.expediente}: abierto en {made.serie}, «{made.nombre}».",
    )


def put_records(context: Context, options: argparse.Namespace) -> None:
    """expediente incorporar"""
    done = context.archive().incorporar(options.expediente, options.radicados, tipo=options.tipo)
    context.show(
        {**builtins(done), "indice": None}, f"{done.expediente}: {done.documentos} documento(s)."
    )


def put_paper(context: Context, options: argparse.Namespace) -> None:
    """expediente papel"""
    from retention.dossiers import Paper

    if options.folios < 0:
        raise Misuse("uso", "--folios es un número de hojas.")
    day = named_day(options.fecha) if options.fecha else None
    paper = Paper(options.descripcion, options.folios, day)
    done = context.archive().incorporar_papel(options.expediente, paper, tipo=options.tipo)
    context.show(builtins(done), f"{done.expediente}: {done.documentos} documento(s).")


def close_one(context: Context, options: argparse.Namespace) -> None:
    """expediente cerrar"""
    door = context.archive()
    day = named_day(options.fecha) if options.fecha else None
    done = door.cerrar(options.expediente, options.motivo, fecha=day)
    context.tell(door.office)
    context.show(
        builtins(done),
        f"{done.expediente}: cerrado el {done.fecha} con {done.documentos} documento(s).\n"
        f"Índice electrónico: {done.indice}",
    )


def show_one(context: Context, options: argparse.Namespace) -> None:
    """expediente ver"""
    seen = context.archive().ver(options.expediente)
    context.show(builtins(seen), as_text(seen))


def as_text(seen: ExpedienteView) -> str:
    """An expediente for people."""
    times = seen.retencion
    rows = [
        f"{seen.expediente} · {seen.nombre}",
        f"Estado: {seen.estado}" + (f" el {seen.cerrado}" if seen.cerrado else ""),
        f"Serie: {seen.serie} {seen.nombre_serie} (TRD, versión {seen.version_trd})",
        f"Archivo: {seen.fase} · soporte {seen.soporte}",
        f"Retención: {times.ag} años en gestión, {times.ac} en central; "
        f"después {'/'.join(times.disposicion)}",
    ]
    if times.gestion:
        rows.append(f"Gestión hasta el {times.gestion}; central hasta el {times.central}")
    rows += [
        f"SUSPENDIDA SU ELIMINACIÓN desde {h.desde[:10]}: {h.motivo}" for h in seen.retenciones
    ]
    if seen.prestamo:
        rows.append(f"Lo tiene {seen.prestamo.a} hasta el {seen.prestamo.hasta}")
    if seen.ubicacion:
        rows.append("Papel: " + ", ".join(f"{k} {v}" for k, v in seen.ubicacion.items()))
    rows += [f"Véase también: {other}" for other in seen.referencias]
    rows += [
        f"{m.orden:4}  {m.radicado or '(papel)'}  {m.tipo or ''}  {m.asunto}"
        for m in seen.documentos
    ]
    if seen.archivo_indice:
        rows.append(f"Índice electrónico: {seen.archivo_indice}")
    return "\n".join(rows)


def show_list(context: Context, options: argparse.Namespace) -> None:
    """expediente lista"""
    door = context.archive()
    found = (
        door.prestados()
        if options.prestados
        else door.lista(serie=options.serie, estado=options.estado)
    )
    text = "\n".join(
        f"{e.numero}  {e.serie}  {e.estado:9} {e.documentos:5}  {e.nombre}" for e in found
    )
    rows = [{"expediente": e.numero, **builtins(e)} for e in found]
    context.show({"expedientes": rows}, text or "No hay expedientes.")


def show_guesses(context: Context, options: argparse.Namespace) -> None:
    """expediente sugerir"""
    found = context.archive().sugerir(options.radicado)
    text = "\n".join(f"{g.serie}  {g.nombre}: {g.razon}" for g in found)
    context.show({"series": builtins(found)}, text or "Nada en la TRD se le parece.")
