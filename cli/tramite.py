"""Commands of the trámite: who has a record, who is awaited, what waits where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.context import builtins

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cli.context import Context
    from records.assigning import Moved
    from records.office import Office


def add(commands: Any) -> None:
    """Add these commands."""
    give = commands.add_parser("asignar", help="entrega radicados a una dependencia")
    give.add_argument("radicado", nargs="+")
    give.add_argument("--dependencia", required=True, metavar="D")
    give.add_argument("--responsable", metavar="P", help="la persona que lo tramita en ella")
    give.add_argument(
        "--con",
        action="append",
        metavar="D",
        help="otra que debe intervenir; si no se da, siguen las que había; «ninguna» las quita",
    )
    give.add_argument("--nota", metavar="T")
    give.set_defaults(call=assign)

    back = commands.add_parser("devolver", help="no es de esta dependencia: vuelve a quien lo dio")
    back.add_argument("radicado")
    back.add_argument("--motivo", required=True, metavar="T")
    back.set_defaults(call=give_back)

    seen = commands.add_parser("tomar-conocimiento", help="leído: empieza el trámite")
    seen.add_argument("radicado")
    seen.set_defaults(call=acknowledge)

    tell = commands.add_parser("informar", help="da a conocer radicados; no obliga a actuar")
    tell.add_argument("radicado", nargs="+")
    whom = tell.add_mutually_exclusive_group(required=True)
    whom.add_argument("--dependencia", metavar="D")
    whom.add_argument("--a-persona", metavar="P", dest="a_persona")
    tell.add_argument("--nota", metavar="T")
    tell.set_defaults(call=inform)

    review = commands.add_parser("vobo", help="da el Vo.Bo. que le pidieron, o lo pide")
    review.add_argument("radicado")
    which = review.add_mutually_exclusive_group()
    which.add_argument("--pide", metavar="P", help="a quién se le pide")
    which.add_argument("--reparos", metavar="T", help="qué hay que corregir")
    review.add_argument("--nota", metavar="T")
    review.set_defaults(call=review_it)

    note = commands.add_parser("nota", help="agrega una nota a un radicado")
    note.add_argument("radicado")
    note.add_argument("texto")
    note.set_defaults(call=remark)

    later = commands.add_parser("agendar", help="lo saca de la vista hasta un día; el plazo corre")
    later.add_argument("radicado")
    later.add_argument("--hasta", required=True, metavar="FECHA")
    later.set_defaults(call=put_off)

    fix = commands.add_parser("fijar-plazo", help="una orden o un acto dice cuándo vence")
    fix.add_argument("radicado")
    fix.add_argument("--vence", required=True, metavar="FECHA", help="2026-11-25T10:00")
    fix.add_argument("--fuente", required=True, metavar="T", help="auto, oficio o acto que lo dice")
    fix.set_defaults(call=fix_term)

    close = commands.add_parser("archivar", help="cierra un radicado en el que no falta nada")
    close.add_argument("radicado")
    close.add_argument(
        "--sin-respuesta", metavar="CAUSA", help="irrespetuosa, reiterativa, no_aclarada o anonima"
    )
    close.add_argument("--motivo", metavar="T")
    close.set_defaults(call=archive)

    trays = commands.add_parser(
        "tramites",
        help="qué espera, y a quién: lo que no tiene fecha aún, y luego lo que vence antes",
    )
    trays.add_argument("--bandeja", metavar="B", help="solo una: por_repartir, asignados, vobo…")
    trays.add_argument("--dependencia", metavar="D")
    trays.add_argument("--de", metavar="P", help="de una persona y de lo que dirige")
    trays.add_argument("--quietos", action="store_true", help="solo lo que nadie ha movido")
    trays.set_defaults(call=show_trays)


def assign(context: Context, options: argparse.Namespace) -> None:
    """asignar"""
    office = context.office()
    moved = office.asignar(
        options.radicado,
        options.dependencia,
        options.responsable,
        conjuntas=[] if options.con == ["ninguna"] else options.con,
        nota=options.nota,
    )
    who = f"{options.dependencia}{f', {options.responsable}' if options.responsable else ''}"
    _show(context, moved, f"asignado a {who}", office)


def give_back(context: Context, options: argparse.Namespace) -> None:
    """devolver"""
    moved = context.office().devolver(options.radicado, options.motivo)
    where = moved.dependencia or "la unidad de correspondencia"
    _show(context, [moved], f"devuelto a {where}; el término sigue corriendo")


def acknowledge(context: Context, options: argparse.Namespace) -> None:
    """tomar-conocimiento"""
    _show(context, [context.office().tomar_conocimiento(options.radicado)], "leído")


def inform(context: Context, options: argparse.Namespace) -> None:
    """informar"""
    moved = context.office().informar(
        options.radicado,
        dependencia=options.dependencia,
        persona=options.a_persona,
        nota=options.nota,
    )
    _show(context, moved, f"informado a {options.dependencia or options.a_persona}")


def review_it(context: Context, options: argparse.Namespace) -> None:
    """vobo"""
    office = context.office()
    if options.pide:
        asked = office.pedir_vobo(options.radicado, options.pide, nota=options.nota)
        _show(context, [asked], f"Vo.Bo. pedido a {options.pide}")
        return
    given = office.dar_vobo(
        options.radicado, conforme=options.reparos is None, nota=options.reparos or options.nota
    )
    _show(context, [given], "Vo.Bo. con reparos" if options.reparos else "Vo.Bo. dado")


def remark(context: Context, options: argparse.Namespace) -> None:
    """nota"""
    _show(context, [context.office().anotar(options.radicado, options.texto)], "nota agregada")


def put_off(context: Context, options: argparse.Namespace) -> None:
    """agendar"""
    from datetime import date

    from records.errors import Misuse

    try:
        day = date.fromisoformat(options.hasta)
    except ValueError as error:
        raise Misuse("uso", f"«{options.hasta}» no es una fecha: 2026-12-31.") from error
    moved = context.office().agendar(options.radicado, day)
    _show(context, [moved], f"agendado para el {day.isoformat()}; el término sigue corriendo")


def fix_term(context: Context, options: argparse.Namespace) -> None:
    """fijar-plazo"""
    from cli.reception import parse_moment
    from records.errors import Misuse

    moment = parse_moment(options.vence)
    if moment is None or len(options.vence.strip()) <= len("2026-11-25"):
        raise Misuse("uso", f"A «{options.vence}» le falta la hora: 2026-11-25T10:00.")
    office = context.office()
    moved = office.fijar_plazo(options.radicado, moment, options.fuente)
    _show(context, [moved], f"vence el {(moved.vence or '')[:16]}", office)


def archive(context: Context, options: argparse.Namespace) -> None:
    """archivar"""
    from records.custody import told

    office = context.office()
    moved = office.archivar(options.radicado, causa=options.sin_respuesta, motivo=options.motivo)
    at = office.estado(office.subject(moved.radicado)).papel
    said = "archivado"
    if at is not None:
        said += f". El papel {told(at)}"
    if at is not None and at.lugar in ("area", "ventanilla"):
        said += f"; cuando pase al archivo: «ventanilla papel {moved.radicado} --a archivo»"
    _show(context, [moved], said, office, papel=at and builtins(at))


def relieve(context: Context, options: argparse.Namespace) -> None:
    """persona relevar"""
    from records.errors import Misuse

    if not (options.motivo or options.solo_lista):
        raise Misuse("uso", "Hace falta --motivo (o --solo-lista).")
    office = context.office()
    done = office.relevar(
        options.id, options.por, motivo=options.motivo or "", solo_lista=options.solo_lista
    )
    verb = "pasaría" if options.solo_lista else "pasa"
    rows = [
        f"{p.bandeja:<12} {p.radicado:<22} vence {(p.vence or '—')[:10]:<11} {p.asunto[:40]}"
        + (f"\n             NO PUEDE PASAR: {p.impedimento}" if p.impedimento else "")
        for p in done.pasan
    ]
    rows.append(f"{len(rows)} en total: {verb} de {options.id} a {options.por}.")
    first: dict[str, Any] = builtins(done.radicados[0]) if done.radicados else {}
    told = {"solo_lista": options.solo_lista, "avisos": list(office.avisos)}
    context.show({**first, **builtins(done), **told}, "\n".join(rows))
    context.tell(office)


def _show(
    context: Context,
    moved: Sequence[Moved],
    said: str,
    office: Office | None = None,
    **more: Any,
) -> None:
    """The result of an act: the first record's keys, all where there are more, *more*; and what
    *office* warns of."""
    first: dict[str, Any] = builtins(moved[0])
    text = "\n".join(f"{m.radicado}: {said}." for m in moved)
    warned = {"avisos": list(office.avisos)} if office else {}
    context.show({**first, **more, "radicados": [builtins(m) for m in moved], **warned}, text)
    if office:
        context.tell(office)


def show_trays(context: Context, options: argparse.Namespace) -> None:
    """tramites"""
    rows = context.office().bandejas(
        bandeja=options.bandeja, dependencia=options.dependencia, persona=options.de
    )
    rows = [r for r in rows if r.quieto or not options.quietos]
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.bandeja] = counts.get(row.bandeja, 0) + 1
    text = "\n".join(
        f"{r.bandeja:<13} {r.radicado or r.carta or '':<22} vence "
        f"{'POR FIJAR' if r.por_fijar else (r.vence or '—')[:10]:<11}"
        f"{r.dependencia or '':<6} {r.persona or '':<10} {'QUIETO ' if r.quieto else ''}"
        f"{f'AUSENTE HASTA {r.ausente_hasta} ' if r.ausente_hasta else ''}"
        f"{r.asunto[:40]}"
        for r in rows
    )
    total = f"{len(rows)} en espera."
    context.show(
        {"bandejas": counts, "radicados": [_row(builtins(r)) for r in rows]},
        f"{text}\n{total}" if text else total,
    )


def _row(tray: dict[str, Any]) -> dict[str, Any]:
    """A tray's row as commands tell it: its place in the index is nobody's but a screen's."""
    return {name: value for name, value in tray.items() if name != "lugar"}
