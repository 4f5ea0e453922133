"""Commands of confidentiality: clasificar, proteger-identidad, indice-reservada."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from cli.context import Context
    from records.reserving import Standing
    from records.views import AccessView


def add(commands: Any) -> None:
    """Add these commands."""
    level = commands.add_parser("clasificar", help="quién puede ver un radicado, y por qué")
    level.add_argument("radicado", nargs="?")
    which = level.add_mutually_exclusive_group(required=True)
    which.add_argument("--nivel", metavar="N", help="publica, clasificada o reservada")
    which.add_argument("--permite", metavar="P", help="una persona que además lo puede ver")
    which.add_argument("--retira", metavar="P", help="le quita lo que se le permitió")
    which.add_argument(
        "--version-publica",
        metavar="PDF",
        dest="version_publica",
        help="copia con lo reservado tapado, para todos; se dibuja de nuevo, sin lo de debajo",
    )
    which.add_argument("--fundamentos", action="store_true", help="los que la ley admite")
    level.add_argument("--fundamento", metavar="F", help="18a, 19d…: véalos con --fundamentos")
    level.add_argument("--hasta", metavar="FECHA", help="último día; en lo reservado, obligatorio")
    level.add_argument("--norma", metavar="T", help="la norma que prohíbe el acceso")
    level.add_argument(
        "--motivo", metavar="T", help="se publica en el índice: sin datos reservados"
    )
    level.add_argument("--acto", metavar="A", help="el acto que lo ordena")
    level.set_defaults(call=classify)

    keep = commands.add_parser(
        "proteger-identidad", help="quién escribió lo saben solo quienes lo tramitan"
    )
    keep.add_argument("radicado")
    keep.add_argument("--motivo", required=True, metavar="T", help="quién lo pidió, o por qué")
    keep.add_argument(
        "--quitar", action="store_true", help="vuelve a mostrarse: el jefe de correspondencia"
    )
    keep.set_defaults(call=keep_identity)

    listed = commands.add_parser(
        "indice-reservada", help="índice de información clasificada y reservada; es público"
    )
    listed.add_argument("--formato", metavar="F", help="csv, json o xlsx: lo escribe en salida/")
    listed.add_argument("--salida", metavar="ARCHIVO")
    listed.set_defaults(call=list_withheld)


def classify(context: Context, options: argparse.Namespace) -> None:
    """clasificar"""
    if options.fundamentos:
        _show_grounds(context)
        return
    if not options.radicado:
        raise Misuse("uso", "Falta el radicado.", consejo="ventanilla clasificar R --nivel N …")
    _refuse_strangers(options)
    office, radicado, until = context.office(), options.radicado, _day(options.hasta)
    if options.permite:
        done = office.permitir(radicado, options.permite, until)
        said = f"{options.permite} lo puede ver" + (f" hasta el {until}" if until else "")
    elif options.retira:
        done = office.retirar(radicado, options.retira)
        said = f"{options.retira} ya no lo ve por permiso"
    elif options.version_publica:
        done = _publish(context, options)
        said = "con versión pública: quien no puede ver el radicado ve esa"
    else:
        done = office.clasificar(
            radicado, options.nivel, fundamento=options.fundamento, hasta=until,
            norma=options.norma, motivo=options.motivo, acto=options.acto,
        )  # fmt: skip
        said = f"información pública {done.nivel}" if done.nivel != "publica" else "público"
        said += f" hasta el {done.hasta}" if done.hasta else ""
    told = {**builtins(done), "avisos": list(office.avisos)}
    context.show(told, f"{done.radicado}: {said}.")
    context.tell(office)


def keep_identity(context: Context, options: argparse.Namespace) -> None:
    """proteger-identidad"""
    office = context.office()
    done = office.proteger_identidad(options.radicado, options.motivo, quitar=options.quitar)
    told = {**builtins(done), "avisos": list(office.avisos)}
    said = "quién escribió se muestra otra vez" if options.quitar else "identidad protegida"
    context.show(told, f"{done.radicado}: {said}.")
    context.tell(office)


def _refuse_strangers(options: argparse.Namespace) -> None:
    """An option that the act does not take is a slip, and never read over."""
    takes = {"nivel": {"fundamento", "hasta", "norma", "motivo", "acto"}, "permite": {"hasta"}}
    act = next(
        name for name in ("nivel", "permite", "retira", "version_publica") if getattr(options, name)
    )
    for name in ("fundamento", "hasta", "norma", "motivo", "acto"):
        if getattr(options, name) and name not in takes.get(act, ()):
            raise Misuse("uso", f"--{name} no va con --{act.replace('_', '-')}.")


def _publish(context: Context, options: argparse.Namespace) -> Standing:
    """Draw the file anew in a limited child, and keep what it shows."""
    from ingest.redaction import redrawn
    from records.lines import sha256

    office, path = context.office(), Path(options.version_publica)
    given, pdf = redrawn(path, office.sin_tapar(options.radicado))
    return office.publicar_version(options.radicado, pdf, entregado=sha256(given))


def _day(text: str | None) -> date | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misuse("uso", f"«{text}» no es una fecha: 2026-12-31.") from error


def _show_grounds(context: Context) -> None:
    from records import grounds
    from records.lines import now

    rows = [g for g in grounds.table() if g.holds(now().date())]
    text = "\n".join(f"{g.codigo:<6} {g.nivel:<12} {g.cita}: {g.texto}" for g in rows)
    context.show({"fundamentos": [{**builtins(g), "norma": g.cita} for g in rows]}, text)


def list_withheld(context: Context, options: argparse.Namespace) -> None:
    """indice-reservada"""
    office = context.office()
    target = Path(options.salida).absolute() if options.salida else None
    form = options.formato or (target.suffix[1:].lower() if target else None)
    if form:
        path, rows = office.guardar_indice(form, target)
    else:
        path, rows = None, office.indice_reservada()
    text = "\n".join(
        f"{r.informacion:<32} {r.nivel:<19} {r.fundamento:<28} {r.plazo}" for r in rows
    )
    where = f"\n{path}" if path else ""
    context.show(
        {
            "archivo": str(path) if path else None,
            "filas": len(rows),
            "informacion": [builtins(r) for r in rows],
        },
        f"{text}\n{len(rows)} en el índice.{where}".lstrip(),
    )


def access_text(access: AccessView | None) -> list[str]:
    """How a record is classified, and whether who wrote it is kept, as a person reads it; nothing
    where all is public."""
    if access is None:
        return []
    kept = [] if access.identidad_visible else [
        "Identidad protegida: quién escribió no se le muestra a usted."
    ]  # fmt: skip
    if access.nivel == "publica":
        return [*kept, *_let_in(access)]
    until = f" hasta el {access.hasta}" if access.hasta else ""
    rows = [f"Información pública {access.nivel}{until}: {access.causal or ''} ({access.norma})"]
    rows.append(f"Motivo: {access.motivo}" + (f" · {access.acto}" if access.acto else ""))
    if not access.visible:
        rows.append("Su contenido no se muestra: usted no está entre quienes lo conocen.")
        if access.version_publica:
            rows.append(f"Versión pública: {access.version_publica}")
    return [*rows, *kept, *_let_in(access)]


def _let_in(access: AccessView) -> list[str]:
    return [
        f"Se permitió a {one.persona}" + (f" hasta el {one.hasta}" if one.hasta else "")
        for one in access.permitidos
    ]
