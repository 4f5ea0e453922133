"""Commands for the time of retention: retencion pendientes, retener, liberar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_day

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from retention.due import DueView, Pending


def add(commands: Any) -> None:
    """Add these commands."""
    group = commands.add_parser("retencion", help="qué se debe transferir o eliminar, y qué no")
    verbs = group.add_subparsers(metavar="ORDEN", required=True)
    due = verbs.add_parser("pendientes", help="qué se debe a una fecha")
    due.add_argument("--a-fecha", metavar="D", help="si no, hoy")
    due.set_defaults(call=show_due)
    plan = verbs.add_parser("calendario", help="qué se transfiere y elimina cada año")
    plan.add_argument("--desde", type=int, metavar="AÑO", help="si no, este año")
    plan.add_argument("--hasta", type=int, metavar="AÑO", help="si no, diez años")
    plan.set_defaults(call=show_calendar)
    for where in (verbs, commands):
        hold = where.add_parser("retener", help="suspende la eliminación de expedientes")
        hold.add_argument("expedientes", nargs="+", metavar="E")
        hold.add_argument("--motivo", required=True, metavar="T")
        hold.add_argument("--fundamento", default="", metavar="T", help="norma, proceso u orden")
        hold.add_argument("--hasta", metavar="D", help="último día; si no, hasta que se levante")
        hold.set_defaults(call=hold_them)
        free = where.add_parser("liberar", help="levanta la suspensión de la eliminación")
        free.add_argument("expediente")
        free.add_argument("--motivo", default="", metavar="T")
        free.add_argument("--todas", action="store_true", help="si son varias suspensiones")
        free.set_defaults(call=release)


def show_due(context: Context, options: argparse.Namespace) -> None:
    """retencion pendientes"""
    day = named_day(options.a_fecha) if options.a_fecha is not None else None
    found = context.archive().pendientes(day)
    context.show(builtins(found), _text(found))


def _text(found: Pending) -> str:
    rows = [f"A {found.a_fecha}:"]
    for title, due in (("Transferir", found.transferir), ("Eliminar", found.eliminar)):
        rows.append(f"{title}: {len(due)}")
        rows += [f"  {_row(one)}" for one in due]
    rows.append(f"Con la eliminación suspendida: {len(found.retenidos)}")
    rows += [
        f"  {h.expediente}  {h.nombre}: {h.motivo}" + (f" (debido: {h.debido})" if h.debido else "")
        for h in found.retenidos
    ]
    if found.sin_fecha:
        rows.append("Cerrados sin el hecho desde el que cuenta su serie:")
        rows += [f"  {n.expediente}  {n.nombre}: falta {n.falta}" for n in found.sin_fecha]
    return "\n".join(rows)


def _row(one: DueView) -> str:
    kind = f" ({one.tipo})" if one.tipo else ""
    fate = "/".join(one.disposicion)
    return f"{one.expediente}  {one.serie}  desde {one.cumple}{kind}  {fate}  {one.nombre}"


def show_calendar(context: Context, options: argparse.Namespace) -> None:
    """retencion calendario"""
    from records.lines import now

    first = options.desde or now().year
    found = context.archive().calendario(first, options.hasta or first + 9)
    text = "\n".join(
        f"{t.vigencia}  {t.dependencia:8} {t.serie:14} primarias {t.transferencias_primarias:4}  "
        f"secundarias {t.transferencias_secundarias:4}  eliminar {t.eliminaciones:4}"
        for t in found
    )
    context.show(
        {"calendario": builtins(found)}, text or "Nada de lo cerrado se debe en esos años."
    )


def hold_them(context: Context, options: argparse.Namespace) -> None:
    """retener"""
    events = context.archive().retener(
        options.expedientes,
        options.motivo,
        fundamento=options.fundamento,
        hasta=named_day(options.hasta) if options.hasta else None,
    )
    names = [str(e.data["expediente"]) for e in events]
    context.show(
        {"expedientes": names, "evento": events[0].hash},
        f"Suspendida la eliminación de {', '.join(names)}.",
    )


def release(context: Context, options: argparse.Namespace) -> None:
    """liberar"""
    events = context.archive().liberar(options.expediente, options.motivo, todas=options.todas)
    name = str(events[0].data["expediente"])
    context.show(
        {"expediente": name, "evento": events[-1].hash},
        f"{name}: se levantó la suspensión de su eliminación.",
    )
