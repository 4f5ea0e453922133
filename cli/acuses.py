"""Commands of acknowledgments: acuses, acuses preparar, acuses enviar, acuse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_hour
from records.errors import MachineCannot

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.acknowledging import Pending
    from records.views import RecordView

NOWHERE = {
    "recibo": "sin dirección: entregue la constancia",
    "salida": "sin dirección: avise y márquelo",
}


def add(commands: Any) -> None:
    """Add these commands."""
    due = commands.add_parser("acuses", help="acuses de recibo y de salida que faltan por enviar")
    due.set_defaults(call=show_due)
    orders = due.add_subparsers(title="órdenes", metavar="ORDEN")
    made = orders.add_parser(
        "preparar", help="un .eml por cada uno con correo, un .txt por los demás"
    )
    made.add_argument("--salida", metavar="DIR", help="si no, salida/acuses de la oficina")
    made.set_defaults(call=prepare)
    sent = orders.add_parser("enviar", help="los que tienen correo, por el servidor de config.toml")
    sent.set_defaults(call=send)

    mark = commands.add_parser("acuse", help="anota que un acuse se envió por otro medio")
    mark.add_argument("radicado")
    mark.add_argument("--enviado", action="store_true", required=True, help="ya se envió")
    mark.add_argument("--de", choices=("recibo", "salida"))
    mark.add_argument("--medio", metavar="M", help="whatsapp, chat, personal…; si no, el previsto")
    mark.add_argument("--a", metavar="DIR", help="correo o teléfono, si no es el que se conoce")
    mark.add_argument(
        "--destinatario", type=int, metavar="N", help="de cuál, si la carta va a varios"
    )
    mark.add_argument("--motivo", metavar="T", help="qué se hizo, si no hay dirección")
    mark.add_argument("--fecha", metavar="FECHA-HORA", help="2026-11-22T15:30; si no, ahora")
    mark.set_defaults(call=mark_sent)


def show_due(context: Context, options: argparse.Namespace) -> None:
    """acuses"""
    rows = context.office().acuses()
    text = [_told(row) for row in rows]
    text.append(f"{len(rows)} acuse(s) por enviar." if rows else "Ningún acuse por enviar.")
    context.show(
        {"pendientes": [builtins(row) for row in rows], "total": len(rows)}, "\n".join(text)
    )


def _told(row: Pending) -> str:
    from records.lines import read_hour

    if not row.visible:
        return f"{row.radicado:<22} {row.de:<7} (reservado o clasificado)"
    to = row.a or NOWHERE[row.de]
    return (
        f"{row.radicado:<22} {row.de:<7} {row.medio:<19} {to}  desde {read_hour(row.desde or '')}"
    )


def prepare(context: Context, options: argparse.Namespace) -> None:
    """acuses preparar"""
    office = context.office()
    done = office.preparar_acuses(Path(options.salida).absolute() if options.salida else None)
    context.tell(office)
    text = "\n".join(one.archivo for one in done)
    context.show(
        {"archivos": [builtins(one) for one in done]},
        f"{text}\nEnvíelos y anote cada uno: «acuse R --enviado»."
        if done
        else "Nada por preparar.",
    )


def send(context: Context, options: argparse.Namespace) -> None:
    """acuses enviar"""
    office = context.office()
    sent: list[Any] = []
    failed: list[Any] = []
    context.partial.update({"enviados": sent, "fallidos": failed})
    for done in office.enviar_acuses():
        (failed if done.enviado is None else sent).append(builtins(done))
    context.tell(office)
    left = office.acuses_pendientes()
    context.partial["faltan"] = left
    if failed:
        lost = "; ".join(f"{f['radicado']}: {f['motivo']}" for f in failed[:5])
        raise MachineCannot(
            "correo_no_enviado",
            f"{len(failed)} de {len(failed) + len(sent)} acuses no salieron ({lost}).",
            consejo="Siguen por enviar: revise [correo] y la conexión, y repita. Los que salieron "
            "ya están anotados.",
        )
    context.show(dict(context.partial), f"{len(sent)} acuse(s) enviados; faltan {left}.")


def mark_sent(context: Context, options: argparse.Namespace) -> None:
    """acuse"""
    from records.lines import read_hour

    done = context.office().marcar_acuse(
        options.radicado,
        de=options.de,
        medio=options.medio,
        a=options.a,
        destinatario=options.destinatario,
        motivo=options.motivo,
        enviado=named_hour(options.fecha),
    )
    context.show(
        builtins(done),
        f"{done.radicado}: acuse de {done.de} enviado por {done.medio} el "
        f"{read_hour(done.enviado)}.",
    )


def acknowledgment_lines(record: RecordView) -> list[str]:
    """The acknowledgments of a record, as a person reads them."""
    from records.lines import read_hour

    out = []
    for one in record.acuses:
        to = one.a or one.motivo or NOWHERE[one.de]
        said = f"enviado el {read_hour(one.enviado)}" if one.enviado else "POR ENVIAR"
        out.append(f"Acuse de {one.de}: {said}, {one.medio}, {to}")
    return out
