"""Commands of legal weight about numbers and the hour: anular, rectificar, reloj, vigencia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_value

if TYPE_CHECKING:
    import argparse

    from cli.context import Context

ASK = "Clave de su llave de firma"


def add(commands: Any) -> None:
    """Add these commands."""
    annul = commands.add_parser(
        "anular", help="anula un número, con la firma del jefe de correspondencia"
    )
    annul.add_argument("radicado")
    annul.add_argument("--motivo", metavar="T", help="por qué; sobra si ya hay una solicitud")
    which = annul.add_mutually_exclusive_group()
    which.add_argument(
        "--solicitar", action="store_true", help="solo lo pide; firma el jefe de correspondencia"
    )
    which.add_argument("--negar", action="store_true", help="niega la solicitud")
    annul.set_defaults(call=annul_number)

    rectify = commands.add_parser("rectificar", help="corrige campos; quedan ambos valores")
    rectify.add_argument("radicado")
    rectify.add_argument("--campo", action="append", required=True, metavar="K=V")
    rectify.add_argument("--motivo", required=True, metavar="T")
    rectify.set_defaults(call=rectify_fields)

    clock = commands.add_parser("reloj", help="el reloj del equipo").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    clock.add_parser("lista", help="ajustes que se han dicho").set_defaults(call=list_clock)
    adjust = clock.add_parser("ajustar", help="dice que el reloj adelantado se corrigió")
    adjust.add_argument("--motivo", required=True, metavar="T")
    adjust.set_defaults(call=adjust_clock)
    ratify = clock.add_parser("ratificar", help="el jefe de correspondencia firma los ajustes")
    ratify.set_defaults(call=ratify_clock)

    year = commands.add_parser("vigencia", help="el año que empieza").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    opened = year.add_parser("abrir", help="confirma el año nuevo tras un largo silencio")
    opened.add_argument("vigencia", type=int, metavar="AAAA")
    opened.set_defaults(call=open_year)


def annul_number(context: Context, options: argparse.Namespace) -> None:
    """anular"""
    office, radicado = context.office(), options.radicado
    if options.negar:
        event = office.negar_anulacion(radicado, options.motivo or "")
        context.show({"evento": event.hash, "acta": None}, f"{radicado} no se anula.")
        return
    if options.solicitar:
        asked = office.solicitar_anulacion(radicado, options.motivo or "")
        context.show(
            builtins(asked),
            f"Se pidió anular {radicado}. Falta la firma del jefe de correspondencia.",
        )
        return
    done = office.anular(radicado, options.motivo, clave=context.passphrase(ask=ASK))
    paper = office.acta_de_anulacion(radicado.strip().upper())
    context.show(
        {**builtins(done), "archivo": paper.archivo},
        f"{radicado} anulado por el acta {done.acta}: {paper.archivo}",
    )


def rectify_fields(context: Context, options: argparse.Namespace) -> None:
    """rectificar"""
    office = context.office()
    event = office.rectificar(
        options.radicado, dict(map(named_value, options.campo)), options.motivo
    )
    record = office.estado(event.subject)
    context.tell(office)
    context.show(
        {"evento": event.hash, "estado": record.estado, "vence": record.vence},
        f"{options.radicado} rectificado; el valor anterior queda en su historia.",
    )


def list_clock(context: Context, options: argparse.Namespace) -> None:
    """reloj lista"""
    from records.lines import read_hour

    rows = context.office().ajustes_de_reloj()
    text = "\n".join(
        f"{read_hour(r.fecha)}  antes {read_hour(r.antes)}  {r.actor}  "
        f"{'ratificado por ' + r.ratificado if r.ratificado else 'SIN RATIFICAR'}"
        for r in rows
    )
    context.show({"ajustes": [builtins(r) for r in rows]}, text or "Ninguno.")


def adjust_clock(context: Context, options: argparse.Namespace) -> None:
    """reloj ajustar"""
    event = context.office().ajustar_reloj(options.motivo)
    context.show(
        {"evento": event.hash, "fecha": event.at},
        "Anotado: se puede radicar. El jefe de correspondencia debe ratificarlo hoy mismo con "
        "«ventanilla reloj ratificar».",
    )


def ratify_clock(context: Context, options: argparse.Namespace) -> None:
    """reloj ratificar"""
    done = context.office().ratificar_reloj(clave=context.passphrase(ask=ASK))
    context.show({"eventos": [e.hash for e in done]}, f"{len(done)} ajuste(s) ratificado(s).")


def open_year(context: Context, options: argparse.Namespace) -> None:
    """vigencia abrir"""
    event = context.office().abrir_vigencia(options.vigencia)
    context.show({"evento": event.hash}, f"Vigencia {options.vigencia} abierta.")
