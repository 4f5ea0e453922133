"""Commands of a petition's legal life: what extends, stops, ends it; what the petitioner does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import builtins

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.tramite import Effect


def add(commands: Any) -> None:
    """Add these commands."""
    more = commands.add_parser("prorrogar", help="presenta la carta que prorroga el término")
    more.add_argument("radicado")
    more.add_argument("--hasta", required=True, metavar="FECHA", help="el nuevo último día")
    more.add_argument("--motivo", required=True, metavar="T")
    _letter(more, "prorroga")
    more.set_defaults(call=prolong)

    ask = commands.add_parser("requerir", help="presenta la carta que pide completar (art. 17)")
    ask.add_argument("radicado")
    ask.add_argument("--falta", required=True, metavar="T", help="qué falta")
    _letter(ask, "requerimiento")
    ask.set_defaults(call=demand)

    dark = commands.add_parser(
        "aclarar", help="no se entiende qué pide: presenta la carta que lo pregunta (art. 19)"
    )
    dark.add_argument("radicado")
    dark.add_argument("--que", required=True, metavar="T", help="qué no se entiende")
    _letter(dark, "aclaracion")
    dark.set_defaults(call=unclear)

    away = commands.add_parser("trasladar", help="presenta el traslado por competencia (art. 21)")
    away.add_argument("radicado")
    away.add_argument("--entidad", required=True, metavar="E", help="la competente")
    away.add_argument("--motivo", default="", metavar="T", help="por qué es de ella")
    away.add_argument("--direccion", default="", metavar="D", help="de la entidad")
    away.add_argument("--correo", default="", metavar="C", help="de la entidad")
    _letter(away, "traslado")
    away.set_defaults(call=transfer)

    done = commands.add_parser("completar", help="llegó lo que se pidió: el término sigue")
    done.add_argument("radicado")
    done.add_argument("--con", required=True, metavar="R2", help="el radicado que lo trae")
    done.set_defaults(call=complete)

    longer = commands.add_parser("ampliar", help="pidió a tiempo más plazo para completarla")
    longer.add_argument("radicado")
    longer.add_argument("--con", required=True, metavar="R2", help="el radicado en que lo pide")
    longer.set_defaults(call=lengthen)

    drop = commands.add_parser(
        "desistir",
        help="el peticionario desistió; si se le había requerido y calló, presenta el acto que lo "
        "decreta (art. 17)",
    )
    drop.add_argument("radicado")
    said = drop.add_mutually_exclusive_group()
    said.add_argument("--con", metavar="R2", help="el radicado en que lo dice")
    said.add_argument("--expreso", action="store_true", help="lo dijo de palabra")
    drop.add_argument("--motivo", default="El peticionario desistió.", metavar="T")
    _letter(drop, "desistimiento")
    drop.set_defaults(call=renounce)

    again = commands.add_parser(
        "recalcular", help="el calendario cambió: lleva a él las fechas ya dichas, con su porqué"
    )
    again.add_argument("--motivo", default="", metavar="T", help="el acto que cambió el calendario")
    again.add_argument("--solo-lista", action="store_true", help="solo dice cuáles cambiarían")
    again.set_defaults(call=recount)


def _letter(command: Any, plantilla: str) -> None:
    how = command.add_mutually_exclusive_group()
    how.add_argument("--plantilla", default=plantilla, metavar="N")
    how.add_argument("--archivo", metavar="F", help="la carta ya escrita")
    how.add_argument("--en-papel", action="store_true", help="ya está firmada en papel")
    command.add_argument("--firmante", metavar="P")


def prolong(context: Context, options: argparse.Namespace) -> None:
    """prorrogar"""
    from datetime import date

    from records.calendar import written_day
    from records.errors import Misuse

    try:
        day = date.fromisoformat(options.hasta)
    except ValueError as error:
        raise Misuse("uso", f"«{options.hasta}» no es una fecha: 2026-12-31.") from error
    said = {"motivo": options.motivo, "hasta": written_day(day)}
    _present(context, options, "prorroga", "oficio", said, hasta=day.isoformat())


def demand(context: Context, options: argparse.Namespace) -> None:
    """requerir"""
    _present(context, options, "requerimiento", "requerimiento", {"falta": options.falta})


def unclear(context: Context, options: argparse.Namespace) -> None:
    """aclarar"""
    _present(context, options, "aclaracion", "requerimiento", {"duda": options.que})


def transfer(context: Context, options: argparse.Namespace) -> None:
    """trasladar"""
    from records.errors import Misuse

    if not options.entidad.strip():
        raise Misuse("uso", "Diga a qué entidad se traslada: --entidad.")
    said = {
        "entidad_competente": options.entidad,
        "motivo": options.motivo or f"es un asunto de {options.entidad}.",
    }
    _present(context, options, "traslado", "traslado", said, entidad=options.entidad)


def _present(
    context: Context,
    options: argparse.Namespace,
    effect: Effect,
    kind: str,
    said: dict[str, str],
    *,
    hasta: str | None = None,
    entidad: str = "",
) -> None:
    """Make the letter and present it; it has its effect when it is sent."""
    from pathlib import Path

    import msgspec

    from ingest.answers import Draft, made_of
    from ingest.reception import Recepcion
    from records.addressees import Addressee
    from records.composing import Letter

    office = context.office()
    reason = said.get("motivo") or said.get("falta") or said.get("duda") or ""
    office.comprobar_efecto(options.radicado, effect, reason, hasta)
    whom: tuple[Addressee, ...] = ()
    if entidad:
        whom = (
            office.peticionario(options.radicado),
            Addressee(entidad=entidad, direccion=options.direccion, correo=options.correo),
        )
    letter = Letter(
        hecha=None, a=(options.radicado,), tipo=kind, efecto=effect, hasta=hasta, para=whom,
        firmante=options.firmante,
    )  # fmt: skip
    if options.en_papel:
        done = office.numerar_en_papel(letter)
    else:
        room = Recepcion(office)
        try:
            draft = Draft(
                archivo=Path(options.archivo) if options.archivo else None,
                plantilla=None if options.archivo else options.plantilla,
                a=[options.radicado],
                campos=said,
                dirigida=office.dirigir(letter),
            )
            made = made_of(room, draft)
        finally:
            room.close()
        done = office.presentar(msgspec.structs.replace(letter, hecha=made))
    context.tell(office)
    what = f"Presentada como {done.carta}; surte efecto cuando se envíe."
    text = what if done.salida is None else f"{done.salida}: surte efecto cuando se envíe."
    context.show(builtins(done), text)


def complete(context: Context, options: argparse.Namespace) -> None:
    """completar"""
    moved = context.office().completar(options.radicado, options.con)
    until = f"; vence {moved.vence[:10]}" if moved.vence else ""
    context.show(builtins(moved), f"{moved.radicado}: el término sigue{until}.")


def lengthen(context: Context, options: argparse.Namespace) -> None:
    """ampliar"""
    moved = context.office().ampliar(options.radicado, options.con)
    text = f"{moved.radicado}: el peticionario tiene hasta el {moved.hasta} para completarla."
    context.show(builtins(moved), text)


def renounce(context: Context, options: argparse.Namespace) -> None:
    """desistir"""
    from records.calendar import written_day
    from records.petition import COMPLETE

    office = context.office()
    silent = options.con is None and not options.expreso
    asked = office.esperado(options.radicado) if silent else None
    if asked is not None:
        said = {
            "motivo": options.motivo,
            "requerimiento": asked.carta or "",
            "recibido_requerimiento": written_day(asked.recibida),
            "plazo_completar": written_day(asked.hasta),
        }
        _present(context, options, "desistimiento", "acto", said)
        context.warn(f"El acto se notifica personalmente ({COMPLETE}): «notificar».")
        return
    moved = office.desistir(options.radicado, options.motivo, con=options.con)
    context.tell(office)
    context.show(builtins(moved), f"{moved.radicado}: desistido.")


def recount(context: Context, options: argparse.Namespace) -> None:
    """recalcular"""
    office = context.office()
    moved = office.recalcular(options.motivo, solo_lista=options.solo_lista)
    rows = [f"{r.radicado}  {r.antes[:10]} → {r.vence[:10]}" for r in moved]
    verb = "cambiarían" if options.solo_lista else "cambiaron"
    context.tell(office)
    context.show(
        {"radicados": [builtins(r) for r in moved], "avisos": list(office.avisos)},
        "\n".join([*rows, f"{len(rows)} fecha(s) {verb}."]),
    )
