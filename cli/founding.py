"""Commands that make an office and say who is in it: iniciar, serie, persona, area, punto, doctor,
estado."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import absences
from cli.alerts import WORST, told
from cli.context import builtins
from cli.tramite import relieve
from records.errors import ExitCode, Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.office import Office


def add(commands: Any) -> None:
    """Add these commands."""
    make = commands.add_parser("iniciar", help="crea la casa de una oficina")
    make.add_argument("--config", metavar="ARCHIVO", help="config.toml de la entidad")
    make.add_argument("--punto", metavar="CODIGO", help="código de la sede, por ejemplo VU1")
    make.add_argument("--demo", action="store_true", help="oficina de demostración, sin claves")
    make.add_argument("--unirse", metavar="CARPETA", help="(todavía no) une otra sede")
    make.add_argument("--solicitud", metavar="ARCHIVO", help="(todavía no)")
    make.set_defaults(call=found)

    series = commands.add_parser("serie", help="series de números").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    opened = series.add_parser("abrir", help="continúa la serie de otro sistema, por un acto")
    opened.add_argument("--clase", required=True)
    opened.add_argument("--desde", type=int, required=True, metavar="N")
    opened.add_argument("--acto", required=True, metavar="TEXTO")
    opened.set_defaults(call=open_series)

    people = commands.add_parser("persona", help="personas y papeles").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    people.add_parser("lista", help="las que hay").set_defaults(call=list_people)
    for name, help_ in (("agregar", "agrega una persona"), ("cambiar", "cambia sus papeles")):
        one = people.add_parser(name, help=help_)
        one.add_argument("id")
        one.add_argument("--nombre", required=True)
        one.add_argument("--cargo", default="")
        one.add_argument("--rol", action="append", required=True, metavar="PAPEL")
        one.add_argument("--dependencia", metavar="D", help="en la que trabaja")
        one.add_argument(
            "--clave-nueva", metavar="ARCHIVO", help="clave para la llave que se le hace"
        )
        one.set_defaults(call=put_person, cambia=name == "cambiar")

    stand = people.add_parser("encargo", help="alguien hace las veces de otro, por un acto")
    stand.add_argument("id")
    stand.add_argument("--de", required=True, metavar="ID", help="a quién reemplaza")
    stand.add_argument("--desde", required=True, metavar="FECHA")
    stand.add_argument("--hasta", required=True, metavar="FECHA")
    stand.add_argument("--acto", required=True, metavar="T", help="Resolución 120 de 2026…")
    stand.set_defaults(call=stand_in)

    absences.add(people)
    leave = people.add_parser(
        "relevar", help="pasa a otro todo lo que espera a alguien: asignado, por ver y Vo.Bo."
    )
    leave.add_argument("id")
    leave.add_argument("--por", required=True, metavar="ID", help="quién lo recibe")
    leave.add_argument("--motivo", metavar="T", help="hace falta, salvo con --solo-lista")
    leave.add_argument("--solo-lista", action="store_true", help="qué pasaría; nada cambia")
    leave.set_defaults(call=relieve)

    areas = commands.add_parser("area", help="dependencias").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    areas.add_parser("lista", help="las que hay").set_defaults(call=list_areas)
    area = areas.add_parser("agregar", help="agrega una dependencia")
    area.add_argument("codigo")
    area.add_argument("--nombre", required=True)
    area.add_argument("--jefe")
    area.set_defaults(call=add_area)

    points = commands.add_parser("punto", help="sedes que radican").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    points.add_parser("lista", help="las que hay").set_defaults(call=list_points)
    move = points.add_parser("mudar", help="cierra aquí: la oficina sigue en otro equipo")
    move.add_argument("--destino", metavar="T", help="a dónde va")
    move.add_argument("--motivo", required=True, metavar="T")
    move.set_defaults(call=move_away)
    admit = points.add_parser("alta", help="(todavía no) admite la solicitud de otra sede")
    admit.add_argument("archivo")
    admit.set_defaults(call=not_yet)

    commands.add_parser("doctor", help="revisa el equipo").set_defaults(call=doctor)
    status = commands.add_parser("estado", help="cómo va la oficina")
    status.add_argument("--recibo", metavar="CODIGO", help="(todavía no)")
    status.set_defaults(call=state)


def not_yet(context: Context, options: argparse.Namespace) -> int:
    """Part of the contract, still to come."""
    raise Misuse("todavia_no", "todavía no: esta orden está prevista y aún no existe.")


def found(context: Context, options: argparse.Namespace) -> None:
    """iniciar"""
    if options.unirse or options.solicitud:
        not_yet(context, options)
    if not options.config:
        raise Misuse("uso", "Falta --config.", consejo="ventanilla iniciar --config config.toml")
    from records.office import Office

    secret = None
    if not options.demo:
        secret = context.passphrase(ask="Clave nueva para la llave de la entidad")
    office, mark = Office.found(
        context.casa,
        Path(options.config),
        punto=options.punto,
        demo=options.demo,
        passphrase=secret,
    )
    context.show(
        {
            "casa": str(office.home),
            "punto": office.punto,
            "huella_clave": mark,
            "raiz": office.keys.root_public(),
        },
        f"Oficina creada en {office.home} (sede {office.punto}).\n"
        f"Los documentos que llegan van a {office.home / 'inbox'}.\n"
        "Anote en papel, aparte, la llave raíz de la entidad: con ella se comprueba todo.\n"
        f"{office.keys.root_public()}",
    )


def open_series(context: Context, options: argparse.Namespace) -> None:
    """serie abrir"""
    event = context.office().abrir_serie(options.clase, options.desde, options.acto)
    context.show({"evento": event.hash}, f"La serie {options.clase} empezará en {options.desde}.")


def list_people(context: Context, options: argparse.Namespace) -> None:
    """persona lista"""
    rows: list[dict[str, Any]] = [
        {"id": p.id, "nombre": p.nombre, "cargo": p.cargo, "roles": list(p.roles),
         "llave": p.clave is not None,
         "dependencia": p.dependencia}
        for p in context.office().authority.personas.values()
    ]  # fmt: skip
    text = "\n".join(f"{r['id']:<12} {r['nombre']:<32} {', '.join(r['roles'])}" for r in rows)
    context.show({"personas": rows}, text)


def put_person(context: Context, options: argparse.Namespace) -> None:
    """persona agregar, persona cambiar"""
    secret = context.passphrase(path=options.clave_nueva) if options.clave_nueva else None
    event = context.office().agregar_persona(
        options.id,
        nombre=options.nombre,
        cargo=options.cargo,
        roles=options.rol,
        passphrase=secret,
        dependencia=options.dependencia,
        cambia=options.cambia,
    )
    context.show({"evento": event.hash}, f"{options.id}: {', '.join(sorted(set(options.rol)))}.")


def stand_in(context: Context, options: argparse.Namespace) -> None:
    """persona encargo"""
    event = context.office().encargar(
        options.id, options.de, options.desde, options.hasta, options.acto
    )
    context.show(
        {"evento": event.hash},
        f"{options.id} hace las veces de {options.de} del {options.desde} al {options.hasta}.",
    )


def move_away(context: Context, options: argparse.Namespace) -> None:
    """punto mudar"""
    secret = context.passphrase(ask="Clave de las llaves de la entidad")
    done = context.office().cerrar_epoca(
        destino=options.destino, motivo=options.motivo, clave=secret
    )
    context.show(
        {"eventos": [e.hash for e in done]},
        "Cerrado: aquí ya no se escribe. Lleve la carpeta entera al equipo nuevo y siga allí con "
        "«ventanilla restauracion --autoriza PERSONA»; la serie continúa.",
    )


def list_areas(context: Context, options: argparse.Namespace) -> None:
    """area lista"""
    rows = [builtins(a) for a in context.office().authority.areas.values()]
    text = "\n".join(f"{r['codigo']:<6} {r['nombre']:<44} {r['jefe'] or ''}" for r in rows)
    context.show({"areas": rows}, text)


def add_area(context: Context, options: argparse.Namespace) -> None:
    """area agregar"""
    event = context.office().agregar_area(options.codigo, options.nombre, options.jefe)
    context.show({"evento": event.hash}, f"Dependencia {options.codigo} agregada.")


def list_points(context: Context, options: argparse.Namespace) -> None:
    """punto lista"""
    from records.lines import sha256

    rows = [
        {"punto": p.punto, "huella_clave": sha256(bytes.fromhex(p.clave))}
        for p in context.office().authority.puntos.values()
    ]
    context.show({"puntos": rows}, "\n".join(f"{r['punto']:<8} {r['huella_clave']}" for r in rows))


def doctor(context: Context, options: argparse.Namespace) -> int:
    """doctor"""
    from ingest.machine import examine, protections, reading_aids, writing_aids

    missing, aids = protections(), [*reading_aids(), *writing_aids()]
    problems = examine(context.casa if (context.casa / "journal").is_dir() else None)
    result: dict[str, Any] = {
        "ok": not problems,
        "problemas": problems,
        "sin_proteccion": missing,
        "por_instalar": aids,
    }
    if problems:
        result["error"] = {"codigo": "equipo", "mensaje": " ".join(problems)}
    text = "\n".join([*(f"- {p}" for p in problems or ["El equipo está listo."]), *missing, *aids])
    context.show(result, text)
    return ExitCode.DONE if not problems else ExitCode.MACHINE


def seal_of_day(office: Office) -> dict[str, Any] | None:
    """The newest closing of a day, as `estado` shows it."""
    closed = office.ultimo_cierre()
    if closed is None:
        return None
    return {"fecha": closed.fecha, "tamano": closed.tamano, "raiz": closed.raiz}


def state(context: Context, options: argparse.Namespace) -> None:
    """estado"""
    if options.recibo:
        not_yet(context, options)
    import time

    from ingest.inbox import unattended
    from records.alerts import summary
    from records.verify import last_check

    reception = context.reception()
    office = reception.office
    office.index.catch_up()
    drafts = reception.bandeja()
    counts = office.index.counts()
    pressing = office.alertas()
    due = summary(pressing)
    result: dict[str, Any] = {
        "por_radicar": len(drafts),
        "leyendo": sum(d.estado == "leyendo" for d in drafts),
        "no_se_pudo_leer": len(reception.bandeja(cuarentena=True)),
        "radicados": counts.radicados,
        "vencidos": due.vencidos,
        "vence_hoy": due.vence_hoy,
        "por_vencer": due.por_vencer,
        "por_fijar": due.por_fijar,
        "sin_responsable": due.sin_responsable,
        "sin_enviar": office.sin_enviar(),
        "acuses_pendientes": office.acuses_pendientes(),
        "pendientes_sello": counts.sello_pendiente,
        "imagen_pendiente": counts.imagen_pendiente,
        "demostracion": office.authority.demo,
        "alertas": office.alertas_del_dia(),
        "ultimo_respaldo": office.ultimo_respaldo(),
        "sello_del_dia": seal_of_day(office),
        "ultima_verificacion": builtins(last_check(office)),
        "sin_atender": [str(p) for p in unattended(reception.inbox, time.time())],
    }
    text = (
        f"Por radicar: {result['por_radicar']} · No se pudo leer: {result['no_se_pudo_leer']}\n"
        f"Radicados: {counts.radicados} · imagen pendiente: {counts.imagen_pendiente}"
        f" · sello pendiente: {counts.sello_pendiente} · vencidos: {result['vencidos']}\n"
        f"Vencen hoy: {due.vence_hoy} · por vencer: {due.por_vencer} · término por fijar: "
        f"{due.por_fijar} · sin responsable: {due.sin_responsable}"
    )
    text = "\n".join([text, *(line for alert in pressing[:WORST] for line in told(alert))])
    if len(pressing) > WORST:
        text += f"\n… y {len(pressing) - WORST} más: «alertas»."
    left = [f"Nadie toma este archivo: {path}" for path in result["sin_atender"]]
    if result["sin_enviar"]:
        hours = office.settings.tramite.sin_enviar_horas
        left.append(f"! {result['sin_enviar']} carta(s) con número y sin enviar desde hace más de "
                    f"{hours} horas: «envios lista --sin-enviar».")  # fmt: skip
    if result["acuses_pendientes"]:
        left.append(f"! {result['acuses_pendientes']} acuse(s) de recibo o de salida por enviar: "
                    "«acuses».")  # fmt: skip
    seal = result["sello_del_dia"]
    said = [
        f"Sello del día {seal['fecha']}: {seal['raiz'][:16]}…"
        if seal
        else "Sin sello del día: «cierre».",
        *(f"! {alert}" for alert in result["alertas"]),
    ]
    text = "\n".join([text, *said, *left])
    context.show(result, ("OFICINA DE DEMOSTRACIÓN\n" if office.authority.demo else "") + text)
