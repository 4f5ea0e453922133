"""Commands of the templates of letters: plantilla lista, ver, agregar, prueba."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import named_value

if TYPE_CHECKING:
    import argparse

    from cli.context import Context

TRIAL = "Prueba de plantilla, sin radicar"


def add(commands: Any) -> None:
    """Add these commands."""
    group = commands.add_parser("plantilla", help="plantillas de las cartas").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    group.add_parser("lista", help="las que hay, con sus campos").set_defaults(call=show_all)

    one = group.add_parser("ver", help="lo que dice una plantilla y sus campos")
    one.add_argument("nombre")
    one.set_defaults(call=show)

    more = group.add_parser("agregar", help="agrega una plantilla .txt, .html, .docx u .odt")
    more.add_argument("archivo")
    more.add_argument("--reemplazar", action="store_true", help="cambia la que ya tenga su nombre")
    more.set_defaults(call=take)

    trial = group.add_parser("prueba", help="hace la carta de una plantilla, sin radicar nada")
    trial.add_argument("nombre")
    trial.add_argument("--radicado", metavar="R", help="al que se responde: de él salen los campos")
    trial.add_argument("--campo", action="append", default=[], metavar="CAMPO=VALOR")
    trial.add_argument("--salida", metavar="ARCHIVO", help="si no, salida/plantillas de la oficina")
    trial.set_defaults(call=try_out)


def show_all(context: Context, options: argparse.Namespace) -> None:
    """plantilla lista"""
    from ingest import drafting
    from records.errors import Refused
    from records.templates import Templates

    office = context.office()
    rows: list[dict[str, Any]] = []
    for template in Templates(office.home, office.disk).all():
        row: dict[str, Any] = {
            "nombre": template.nombre,
            "tipo": template.tipo,
            "archivo": template.archivo,
        }
        try:
            row["campos"] = drafting.look(template).campos
        except Refused as error:
            row["error"] = {"codigo": error.codigo, "mensaje": str(error)}
        rows.append(row)
    text = "\n".join(
        f"{r['nombre']:<20} {r['tipo']:<6} "
        + (", ".join(r["campos"]) if "campos" in r else r["error"]["mensaje"])
        for r in rows
    )
    none = "No hay plantillas. Se agregan con «ventanilla plantilla agregar ARCHIVO»."
    context.show({"plantillas": rows}, text or none)


def show(context: Context, options: argparse.Namespace) -> None:
    """plantilla ver"""
    from ingest import drafting
    from records.templates import Templates

    office = context.office()
    template = Templates(office.home, office.disk).find(options.nombre)
    said = drafting.look(template)
    context.show(
        {
            "nombre": template.nombre,
            "tipo": template.tipo,
            "archivo": template.archivo,
            "campos": said.campos,
            "texto": said.texto,
        },
        f"{template.archivo}\nCampos: {', '.join(said.campos) or 'ninguno'}\n\n{said.texto}",
    )


def take(context: Context, options: argparse.Namespace) -> None:
    """plantilla agregar"""
    from ingest import drafting

    source = Path(options.archivo).absolute()
    template = drafting.add(context.office(), source, replace=options.reemplazar)
    fields = drafting.look(template).campos
    context.show(
        {
            "nombre": template.nombre,
            "tipo": template.tipo,
            "archivo": template.archivo,
            "campos": fields,
        },
        f"Plantilla «{template.nombre}». Campos: {', '.join(fields) or 'ninguno'}.",
    )


def try_out(context: Context, options: argparse.Namespace) -> None:
    """plantilla prueba"""
    from ingest import drafting
    from records import letterdata, lines
    from records.templates import Templates, key

    office = context.office()
    template = Templates(office.home, office.disk).find(options.nombre)
    at = lines.now()
    given = {key(name): value for name, value in map(named_value, options.campo)}
    values = letterdata.of_office(office.settings, at)
    if options.radicado:
        record = office.ver(options.radicado, content=True)
        values = letterdata.values_of(record, office.authority, office.settings, at)
    made = drafting.letter(office.settings, template, {**values, **given}, at=at, mark=TRIAL)
    target = office.home / "salida" / "plantillas" / f"{template.nombre}.pdf"
    target = Path(options.salida or target).absolute()
    office.disk.make_folder(target.parent)
    office.disk.publish(target, made.pdf)
    for notice in made.avisos:
        context.warn(notice)
    context.show(
        {"archivo": str(target), "plantilla": template.nombre, "avisos": made.avisos},
        f"Prueba en {target}. No se radicó nada.",
    )
