"""Commands of disposal: eliminar proponer, publicar, observar, resolver, aprobar, ejecutar…"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_day

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from retention.disposal_views import DisposalView

ASK = "Clave de su llave de firma"


def add(commands: Any) -> None:
    """Add these commands."""
    group = commands.add_parser("eliminar", help="eliminación documental, paso por paso")
    verbs = group.add_subparsers(title="órdenes", metavar="ORDEN", required=True)

    propose = verbs.add_parser("proponer", help="inventario de lo que cumplió su retención")
    propose.add_argument("expedientes", nargs="+", metavar="E")
    propose.add_argument(
        "--muestra", type=int, metavar="N", help="de una serie de selección, cuántos de cada cien "
        "se conservan; si no, los que diga la TRD",
    )  # fmt: skip
    propose.add_argument("--motivo", default="", metavar="T")
    propose.set_defaults(call=propose_them)

    publish = verbs.add_parser("publicar", help="dice que el inventario está en el sitio web")
    publish.add_argument("propuesta", metavar="P")
    publish.set_defaults(call=publish_it)

    observe = verbs.add_parser("observar", help="anota lo que alguien observó")
    observe.add_argument("propuesta", metavar="P")
    observe.add_argument("--quien", required=True, metavar="T")
    observe.add_argument("--texto", required=True, metavar="T")
    observe.set_defaults(call=observe_it)

    resolve = verbs.add_parser("resolver", help="responde una observación")
    resolve.add_argument("propuesta", metavar="P")
    resolve.add_argument("n", type=int, metavar="N")
    which = resolve.add_mutually_exclusive_group(required=True)
    which.add_argument("--acoge", action="store_true")
    which.add_argument("--niega", action="store_true")
    resolve.add_argument("--motivo", required=True, metavar="T")
    resolve.add_argument(
        "--excluye", action="append", default=[], metavar="E", help="no se elimina; se repite"
    )
    resolve.set_defaults(call=resolve_it)

    approve = verbs.add_parser("aprobar", help="el acta del comité")
    approve.add_argument("propuesta", metavar="P")
    approve.add_argument("--acta", required=True, metavar="N")
    approve.add_argument("--fecha", metavar="D", help="del acta; si no, hoy")
    approve.add_argument("--documento", metavar="F", help="el acta escaneada")
    approve.set_defaults(call=approve_it)

    execute = verbs.add_parser("ejecutar", help="firma la orden; con la segunda firma se elimina")
    execute.add_argument("propuesta", metavar="P")
    execute.add_argument(
        "--respaldo", action="append", default=[], metavar="DIR",
        help="un respaldo que también debe olvidarlo; se repite",
    )  # fmt: skip
    execute.set_defaults(call=execute_it)

    prove = verbs.add_parser("prueba", help="comprueba que no queda nada, y da el acta")
    prove.add_argument("propuesta", metavar="P")
    prove.set_defaults(call=prove_it)

    clean = verbs.add_parser("limpiar", help="hace que un respaldo olvide lo eliminado")
    clean.add_argument("--respaldo", action="append", required=True, metavar="DIR")
    clean.set_defaults(call=clean_backups)

    withdraw = verbs.add_parser("retirar", help="la deja sin efecto, antes de ejecutarla")
    withdraw.add_argument("propuesta", metavar="P")
    withdraw.add_argument("--motivo", required=True, metavar="T")
    withdraw.set_defaults(call=withdraw_it)

    verbs.add_parser("lista", help="todas, y en qué van").set_defaults(call=list_them)
    see = verbs.add_parser("ver", help="una entera")
    see.add_argument("propuesta", metavar="P")
    see.set_defaults(call=show_it)


def _show(context: Context, seen: DisposalView) -> None:
    context.show(builtins(seen), f"{seen.propuesta} {seen.estado}. Sigue: {seen.siguiente}.")


def propose_them(context: Context, options: argparse.Namespace) -> None:
    """eliminar proponer"""
    door = context.archive()
    _show(
        context,
        door.proponer(options.expedientes, muestra=options.muestra, motivo=options.motivo),
    )


def publish_it(context: Context, options: argparse.Namespace) -> None:
    """eliminar publicar"""
    seen = context.archive().publicar(options.propuesta)
    folder = context.casa / "salida" / "eliminaciones" / seen.propuesta
    assert seen.publicada is not None
    pages = {"pagina": str(folder / "inventario.html"), "pdf": str(folder / "inventario.pdf")}
    context.show(
        {**builtins(seen), **pages},
        f"{seen.propuesta} publicada hasta el {seen.publicada['hasta']}. Ponga en el sitio web, "
        f"hoy mismo, {pages['pagina']} y {pages['pdf']}.",
    )


def observe_it(context: Context, options: argparse.Namespace) -> None:
    """eliminar observar"""
    _show(context, context.archive().observar(options.propuesta, options.quien, options.texto))


def resolve_it(context: Context, options: argparse.Namespace) -> None:
    """eliminar resolver"""
    seen = context.archive().resolver(
        options.propuesta,
        options.n,
        options.motivo,
        acoge=options.acoge,
        excluye=options.excluye,
    )
    _show(context, seen)


def approve_it(context: Context, options: argparse.Namespace) -> None:
    """eliminar aprobar"""
    seen = context.archive().aprobar(
        options.propuesta,
        options.acta,
        fecha=named_day(options.fecha) if options.fecha else None,
        documento=Path(options.documento) if options.documento else None,
    )
    _show(context, seen)


def execute_it(context: Context, options: argparse.Namespace) -> None:
    """eliminar ejecutar"""
    door = context.archive()
    done = door.ejecutar(options.propuesta, context.passphrase(ask=ASK))
    result = builtins(done)
    context.partial.update(result)
    for notice in done.avisos:
        context.warn(notice)
    if done.eliminado is None:
        context.show(result, f"{done.propuesta} {done.estado}: falta la firma de otra persona.")
        return
    result["respaldos"] = [_scrub(context, one) for one in options.respaldo]
    gone = done.eliminado
    context.warn(
        "Otros respaldos que tengan copias de antes lo guardan todavía: páselos por «ventanilla "
        "eliminar limpiar», o destrúyalos."
    )
    context.show(
        result,
        f"{done.propuesta} {done.estado}: {gone.expedientes} expediente(s), {gone.registros} "
        f"registro(s), {gone.documentos} documento(s), {gone.fichas} asiento(s).\n"
        f"Acta de eliminación: {done.prueba or 'pendiente'}",
    )


def _scrub(context: Context, folder: str) -> dict[str, Any]:
    from records import scrubbing

    done: dict[str, Any] = builtins(scrubbing.scrub(context.office(), Path(folder)))
    return done


def clean_backups(context: Context, options: argparse.Namespace) -> None:
    """eliminar limpiar"""
    done = [_scrub(context, one) for one in options.respaldo]
    text = "\n".join(
        f"{one['respaldo']}: copia nueva {one['copia']}, {len(one['retiradas'])} retirada(s), "
        f"{one['archivos']} archivo(s) borrados."
        for one in done
    )
    context.show({"respaldos": done}, text)


def prove_it(context: Context, options: argparse.Namespace) -> None:
    """eliminar prueba"""
    proof = context.archive().probar(options.propuesta)
    found = proof.ausencia
    context.show(
        builtins(proof),
        f"De {proof.propuesta} no queda nada: {found.documentos} documento(s) y {found.fichas} "
        f"asiento(s), buscados en {found.archivos} archivos.\nActa: {proof.acta}\n"
        f"Para el sitio web: {proof.pagina}",
    )


def withdraw_it(context: Context, options: argparse.Namespace) -> None:
    """eliminar retirar"""
    _show(context, context.archive().retirar_eliminacion(options.propuesta, options.motivo))


def list_them(context: Context, options: argparse.Namespace) -> None:
    """eliminar lista"""
    found = context.archive().eliminaciones()
    rows: list[dict[str, Any]] = [
        {"propuesta": one.numero, "estado": one.estado, "fecha": one.fecha,
         "expedientes": len(one.condenados)}
        for one in found
    ]  # fmt: skip
    text = "\n".join(
        f"{r['propuesta']}  {r['fecha'][:10]}  {r['estado']:<10} {r['expedientes']} expediente(s)"
        for r in rows
    )
    context.show({"eliminaciones": rows}, text or "Ninguna.")


def show_it(context: Context, options: argparse.Namespace) -> None:
    """eliminar ver"""
    seen = context.archive().eliminacion_vista(options.propuesta)
    rows = [
        f"  {row.expediente}  {row.serie}  {row.desde} a {row.hasta}  {row.destino}  {row.nombre}"
        for row in seen.expedientes
    ]
    notes = [
        f"  {o.n}. {o.quien}: {o.texto}" + (f" — {o.motivo}" if o.motivo else " — SIN RESPUESTA")
        for o in seen.observaciones
    ]
    said = [f"{seen.propuesta} · {seen.estado}", *rows]
    said += ["Observaciones", *notes] if notes else []
    said += [f"Acta del comité: {seen.acta}, {seen.aprobada}"] if seen.acta else []
    said += [f"Firma {one.persona}, {one.fecha[:16]}" for one in seen.firmas]
    context.show(builtins(seen), "\n".join([*said, f"Sigue: {seen.siguiente}."]))
