"""Commands of what is due and who should do what: alertas, alertas resumen, alertas enviar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import MachineCannot, Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.alerts import Alert

FORMATS = ("md", "html", "ics")
WORST = 5
"""So many does `estado` name."""


def add(commands: Any) -> None:
    """Add these commands."""
    due = commands.add_parser("alertas", help="qué vence, qué nadie tiene, y quién debe hacer qué")
    due.add_argument("--dependencia", metavar="D")
    due.add_argument("--de", metavar="P", help="de una persona y de lo que dirige")
    due.add_argument(
        "--dias", type=int, metavar="N", help="hasta cuántos días hábiles faltan; si no, amarillo"
    )
    due.set_defaults(call=show_alerts)
    orders = due.add_subparsers(title="órdenes", metavar="ORDEN")
    made = orders.add_parser("resumen", help="un archivo por dependencia y uno de toda la oficina")
    made.add_argument("--salida", required=True, metavar="DIR")
    made.add_argument("--formato", choices=FORMATS, default="md", help="ics: para un calendario")
    made.set_defaults(call=make_digests)
    sent = orders.add_parser("enviar", help="los resúmenes, por el correo de config.toml")
    sent.set_defaults(call=send_digests)


def show_alerts(context: Context, options: argparse.Namespace) -> None:
    """alertas"""
    from records.alerts import summary

    if options.dias is not None and options.dias < 0:
        raise Misuse("uso", "--dias es cero o más; lo vencido se muestra siempre.")
    rows = context.office().alertas(
        dependencia=options.dependencia, persona=options.de, dias=options.dias
    )
    found = summary(rows)
    text = [line for row in rows for line in told(row)]
    text.append(f"{found.total} alertas." if rows else "Nada por atender.")
    context.show(
        {"alertas": [builtins(r) for r in rows], "resumen": builtins(found)}, "\n".join(text)
    )


def told(alert: Alert) -> list[str]:
    """An alert in two lines: what is due, and who should do what."""
    from records.digest import when

    name = alert.nivel.upper().replace("_", " ")
    return [
        f"{name:<9} {alert.radicado} {when(alert)} · {alert.dependencia or 'por repartir'} · "
        f"{alert.asunto[:40]}",
        f"          {alert.quien_nombre}: {alert.que_hacer}",
    ]


def make_digests(context: Context, options: argparse.Namespace) -> None:
    """alertas resumen"""
    folder = Path(options.salida).absolute()
    files = context.office().guardar_resumenes(folder, options.formato)
    context.show(
        {"archivos": [builtins(f) for f in files]},
        "\n".join(f"{f.alertas:>4}  {f.archivo}" for f in files),
    )


def send_digests(context: Context, options: argparse.Namespace) -> None:
    """alertas enviar"""
    done = context.office().enviar_resumenes()
    context.partial.update(builtins(done))
    if done.fallidos:
        lost = "; ".join(f"{', '.join(f.a)}: {f.motivo}" for f in done.fallidos)
        raise MachineCannot(
            "correo_no_enviado",
            f"{len(done.fallidos)} de {len(done.enviados) + len(done.fallidos)} envíos no salieron "
            f"({lost}).",
            consejo="Revise [correo] y la conexión, y repita: los que ya salieron irán otra vez.",
        )
    context.show(builtins(done), f"{len(done.enviados)} resúmenes enviados.")
