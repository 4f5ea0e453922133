"""Commands that keep an archive readable: integridad, formatos, migrar, fondo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_value
from records.errors import Damaged, ExitCode, Misuse

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cli.context import Context
    from retention.fixity import Found, Review, Standing
    from retention.format_report import FormatReport
    from retention.funds import FundTaken

SHOWN = 50
"""Rows that are told to people; JSON has all."""


def add(commands: Any) -> None:
    """Add these commands."""
    _add_fixity(commands)
    _add_formats(commands)
    _add_funds(commands)


def _add_fixity(commands: Any) -> None:
    group = commands.add_parser("integridad", help="si cada documento sigue siendo el que era")
    verbs = group.add_subparsers(title="órdenes", metavar="ORDEN", required=True)
    run = verbs.add_parser("revisar", help="lee la bóveda otra vez y compara; nunca repara")
    run.add_argument(
        "--minutos", type=float, metavar="N", help="hasta cuándo; la próxima vez sigue donde quedó"
    )
    run.add_argument(
        "--parte", action="store_true", help="solo la parte de un día, según config.toml"
    )
    run.set_defaults(call=review)
    told = verbs.add_parser("informe", help="qué se ha revisado, y cuándo; no lee nada")
    told.set_defaults(call=show_standing)


def _add_formats(commands: Any) -> None:
    forms = commands.add_parser("formatos", help="en qué formatos está la bóveda, y qué peligra")
    forms.set_defaults(call=show_formats)
    move = commands.add_parser("migrar", help="añade un documento en otro formato; el viejo queda")
    move.add_argument("radicado")
    move.add_argument(
        "--documento", required=True, metavar="SHA|ROL", help="cuál: original, acuse… o su huella"
    )
    move.add_argument("--archivo", required=True, metavar="F", help="el mismo, ya migrado")
    move.add_argument("--herramienta", required=True, metavar="T", help="programa y versión")
    move.set_defaults(call=migrate)


def _add_funds(commands: Any) -> None:
    group = commands.add_parser("fondo", help="fondos acumulados: inventario de lo anterior a TRD")
    verbs = group.add_subparsers(title="órdenes", metavar="ORDEN", required=True)
    take = verbs.add_parser("importar", help="toma el inventario de un CSV o XLSX")
    take.add_argument("archivo")
    take.add_argument("--nombre", default="", metavar="N", help="si no, el del archivo")
    take.add_argument(
        "--aceptar-limpias", action="store_true", help="toma las filas que se entienden, sin otras"
    )
    take.add_argument(
        "--columna",
        action="append",
        default=[],
        metavar="CAMPO=ENCABEZADO",
        help="cuál columna es: asunto, caja, carpeta, inicial, final, folios…",
    )
    take.set_defaults(call=take_fund)
    verbs.add_parser("lista", help="los que hay").set_defaults(call=list_funds)
    one = verbs.add_parser("ver", help="las filas de uno")
    one.add_argument("fondo")
    one.set_defaults(call=show_fund)


# -- integridad -----------------------------------------------------------------------------------


def review(context: Context, options: argparse.Namespace) -> int:
    """integridad revisar"""
    if options.minutos is not None and not options.minutos >= 0:
        raise Misuse("uso", "--minutos es cero o más.")
    done = context.archive().revisar(minutos=options.minutos, parte=options.parte)
    for notice in done.avisos:
        context.warn(notice)
    return _end(context, done, _review_text(done))


def show_standing(context: Context, options: argparse.Namespace) -> int:
    """integridad informe"""
    found = context.archive().informe_integridad()
    return _end(context, found, _standing_text(found))


def _end(context: Context, found: Review | Standing, text: str) -> int:
    """Show what was found; where something is wrong, how to heal, and exit code 3."""
    result = builtins(found)
    if found.sound:
        context.show(result, text)
        return ExitCode.DONE
    rows = "\n".join([*_rows("Dañado", found.danados), *_rows("Falta", found.faltan)])
    damage = Damaged(
        "integridad",
        f"{len(found.danados)} documento(s) dañado(s) y {len(found.faltan)} que faltan.",
        consejo="Nada se ha reparado. Se sanan con los bytes idénticos de un respaldo o de otra "
        "copia de la oficina: «ventanilla recuperar --desde DIR»; después, «integridad revisar».",
    )
    if context.wants_json:
        error = {"codigo": damage.codigo, "mensaje": str(damage)}
        context.show({**result, "error": error}, "")
    else:
        context.show({}, f"{text}\n{rows}")
        context.warn(f"{damage.mensaje}\n{damage.consejo}")
    return ExitCode.NOT_VERIFIED


def _rows(title: str, found: Sequence[Found]) -> list[str]:
    out = []
    for one in found[:SHOWN]:
        whose = ", ".join([*one.radicados, *one.asuntos])
        inside = f" (expediente {', '.join(one.expedientes)})" if one.expedientes else ""
        where = f" · {one.archivo}" if one.archivo else ""
        out.append(f"{title}: {whose}{inside} · {one.sha256[:16]}… · {one.que}{where}")
    more = len(found) - SHOWN
    return [*out, f"… y {more} más; --json los muestra todos."] if more > 0 else out


def _review_text(done: Review) -> str:
    rows = [f"Documentos leídos: {done.leidos} ({done.bytes} bytes)."]
    if done.completa:
        rows.append(f"Vuelta completa, desde {done.desde[:16]} hasta {done.hasta[:16]}.")
    else:
        rows.append(f"Faltan por leer en esta vuelta: {done.pendientes}; la próxima vez sigue.")
    if done.informe:
        rows.append(f"Informe firmado: {done.informe}")
    return "\n".join(rows)


def _standing_text(found: Standing) -> str:
    last = found.ultima
    return "\n".join(
        [
            f"Documentos: {found.documentos}; revisados: {found.revisados}; "
            f"nunca: {found.nunca}; vencidos: {found.vencidos}.",
            f"Lo revisado hace más tiempo: {(found.mas_antigua or 'nada')[:16]}.",
            f"Cada documento se revisa cada {found.dias} días: {found.por_dia} por día.",
            f"Última vuelta completa: {last.hasta[:16]}, {last.documentos} documentos, "
            f"{last.danados} dañados, {last.faltan} que faltaban."
            if last
            else "Ninguna vuelta se ha completado.",
        ]
    )


# -- formatos, migrar -----------------------------------------------------------------------------


def show_formats(context: Context, options: argparse.Namespace) -> None:
    """formatos"""
    found = context.archive().formatos()
    context.show(builtins(found), _formats_text(found))


def _formats_text(found: FormatReport) -> str:
    states = {"preservacion": "preservación", "aceptado": "aceptado", "en_riesgo": "EN RIESGO"}
    rows = [
        f"{f.puid or '—':<10} {f.nombre:<44} {states[f.estado]:<13} {f.documentos:>7} {f.bytes:>13}"
        for f in found.formatos
    ]
    rows.append(f"{found.documentos} documentos, {found.bytes} bytes.")
    if found.en_riesgo:
        rows.append(
            f"En riesgo: {len(found.en_riesgo)}; sin una copia que dure: {found.sin_copia}."
        )
    for one in found.en_riesgo[:SHOWN]:
        whose = one.radicado or ", ".join(one.asuntos) or "sin radicado"
        kept = f"hay {one.copia}" if one.copia else f"migre a {one.migrar_a or 'lo que decida'}"
        inside = f" (expediente {', '.join(one.expedientes)})" if one.expedientes else ""
        rows.append(f"  {whose}{inside} · {one.rol or '—'} · {one.nombre} · {kept}")
    if len(found.en_riesgo) > SHOWN:
        rows.append(f"  … y {len(found.en_riesgo) - SHOWN} más; --json los muestra todos.")
    return "\n".join([*rows, *(f"No se pudo leer {one}" for one in found.ilegibles)])


def migrate(context: Context, options: argparse.Namespace) -> None:
    """migrar"""
    done = context.archive().migrar(
        options.radicado,
        options.documento,
        Path(options.archivo).absolute(),
        options.herramienta,
    )
    for notice in done.avisos:
        context.warn(notice)
    context.show(
        builtins(done),
        f"{done.radicado}: {done.rol} migrado de {done.nombre_de} a {done.nombre_a}; "
        f"el anterior queda. {done.archivo}",
    )


# -- fondo ----------------------------------------------------------------------------------------


def take_fund(context: Context, options: argparse.Namespace) -> None:
    """fondo importar"""
    from retention.funds import DirtyFund

    try:
        done = context.archive().importar_fondo(
            Path(options.archivo).absolute(),
            nombre=options.nombre,
            aceptar_limpias=options.aceptar_limpias,
            columnas=dict(named_value(pair) for pair in options.columna),
        )
    except DirtyFund as dirty:
        context.partial = builtins(dirty.found)
        _tell(context, dirty.found)
        raise
    _tell(context, done)
    context.show(builtins(done), f"{done.fondo}: {done.nombre}, {done.filas} filas.")


def _tell(context: Context, found: FundTaken) -> None:
    for notice in found.avisos:
        context.warn(notice)
    for row in found.rechazadas[:SHOWN]:
        place = f"hoja «{row.hoja}», " if row.hoja else ""
        context.warn(f"No se toma {place}fila {row.fila}: {row.motivo}.")
    if len(found.rechazadas) > SHOWN:
        context.warn(f"… y {len(found.rechazadas) - SHOWN} filas más; --json las muestra todas.")


def list_funds(context: Context, options: argparse.Namespace) -> None:
    """fondo lista"""
    found = context.archive().fondos()
    text = "\n".join(f"{f.fondo}  {f.filas:>6}  {f.fecha[:10]}  {f.nombre}" for f in found)
    context.show({"fondos": builtins(found)}, text or "No hay fondos acumulados.")


def show_fund(context: Context, options: argparse.Namespace) -> None:
    """fondo ver"""
    seen = context.archive().fondo(options.fondo)
    rows = [f"{seen.fondo} · {seen.nombre} · {len(seen.filas)} filas, de {seen.archivo}"]
    for row in seen.filas:
        places = (("caja", row.caja), ("carpeta", row.carpeta), ("tomo", row.tomo),
                  ("estante", row.estante), ("", row.otro))  # fmt: skip
        where = ", ".join(f"{name} {value}".strip() for name, value in places if value)
        when = f"{row.inicial or 's.f.'} a {row.final or 's.f.'}"
        leaves = f"{row.folios} folios" if row.folios is not None else "sin foliar"
        rows.append(f"{row.fila:>5}  {row.asunto} · {when} · {leaves} · {where or 'sin ubicar'}")
    context.show(builtins(seen), "\n".join(rows))
