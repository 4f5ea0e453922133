"""Commands of the correspondence staff: vigilar, recibir, bandeja, radicar and company."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_value
from cli.reading import add_password
from records.errors import MachineCannot, Misuse
from records.ties import TIES

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from ingest.backroom import Processed
    from ingest.drafts import Draft, Suggested
    from ingest.reception import Issued, Omitted, Recepcion
    from records.lookups import OpenOfSender
    from records.office import Office

STATES = {
    "por_radicar": "por radicar",
    "cuarentena": "no se pudo leer",
    "duplicado": "por radicar, posible duplicado",
    "incorporado": "incorporado a su radicado",
    "dividido": "dividido en sus documentos",
    "leyendo": "leyendo",
    "radicado": "radicado",
    "resuelto": "ya tenía salida",
    "esperando": "sigue en la carpeta",
    "pendiente": "pendiente",
}


def add(commands: Any) -> None:
    """Add these commands."""
    watch = commands.add_parser("vigilar", help="vigila la carpeta inbox")
    watch.add_argument("--una-vez", action="store_true", help="atiende lo que hay y termina")
    watch.set_defaults(call=watch_inbox)

    receive = commands.add_parser("recibir", help="recibe copias de los archivos")
    receive.add_argument("archivos", nargs="+", metavar="ARCHIVO")
    receive.add_argument("--carril", help="ventanilla, fax, lote_postal, correo…")
    receive.add_argument("--recibido", metavar="FECHA", help="cuándo llegó, si fue antes")
    receive.add_argument("--fuente", help="quién o qué dice cuándo llegó")
    receive.set_defaults(call=receive_files)

    tray = commands.add_parser("bandeja", help="lo que espera número")
    tray.add_argument("--cuarentena", action="store_true", help="lo que no se pudo leer")
    tray.set_defaults(call=show_tray)

    for name, call, text in (
        ("reintentar", retry, "vuelve a leer lo que no se pudo"),
        ("tomar", take, "toma un documento: los demás ya no esperan por él"),
        ("soltar", release, "suelta un documento tomado"),
        ("revivir", revive, "deshace un «No radicar»"),
    ):
        one = commands.add_parser(name, help=text)
        one.add_argument("id")
        if call is retry:
            add_password(one)
        one.set_defaults(call=call)

    number = commands.add_parser("radicar", help="da el número siguiente")
    number.add_argument("id", nargs="?")
    number.add_argument("--campo", action="append", default=[], metavar="CAMPO=VALOR")
    number.add_argument("--clase", default="E")
    number.add_argument("--motivo", help="por qué se salta el orden de recepción")
    number.add_argument("--todos", action="store_true", help="todo lo que está listo")
    number.add_argument(
        "--sin-imagen", action="store_true", help="número en el mostrador, sin escaneo"
    )
    number.add_argument("--recibido", metavar="FECHA", help="cuándo llegó, si fue antes")
    number.add_argument(
        "--vincular", metavar="R", help="el radicado anterior del que trata (vea --como)"
    )
    number.add_argument("--como", default="alcance", choices=tuple(TIES), help="qué es de él")
    number.add_argument(
        "--identidad-protegida",
        action="store_true",
        help="quién escribe lo sabrán solo quienes lo tramitan (denuncias)",
    )
    number.set_defaults(call=give_number)

    label = commands.add_parser("etiqueta", help="el rótulo, otra vez, o una hoja de rótulos")
    label.add_argument("radicado", nargs="+", metavar="RADICADO")
    label.add_argument(
        "--copias", type=int, default=1, choices=range(1, 21), metavar="N", help="de cada uno"
    )
    label.add_argument("--salida", metavar="ARCHIVO")
    label.add_argument("--texto", action="store_true", help="el texto, para el sello de mano")
    label.add_argument(
        "--formato",
        choices=("pdf", "zpl", "escpos", "hoja"),
        help="si no es el de config.toml, no se imprime",
    )
    label.add_argument(
        "--posicion", type=int, metavar="N", help="primera posición libre de la hoja, desde 1"
    )
    label.set_defaults(call=make_label)

    discard = commands.add_parser("descartar", help="no radicar, con su motivo")
    discard.add_argument("id")
    discard.add_argument("--motivo", required=True)
    discard.add_argument("--de", metavar="R", help="el radicado que repite, o el nuevo escaneo")
    discard.add_argument("--nota")
    discard.set_defaults(call=discard_draft)


# -- receiving ------------------------------------------------------------------------------------


def watch_inbox(context: Context, options: argparse.Namespace) -> None:
    """vigilar"""
    reception = context.reception()
    # A watcher works for weeks: it remembers what it did only where that is asked for.
    done: list[dict[str, Any]] = []
    context.partial["procesados"] = done

    def tell(one: Processed) -> None:
        if context.wants_json:
            done.append(builtins(one))
        else:
            context.say(told(one))

    try:
        if options.una_vez:
            reception.vigilar(threading.Event(), tell, until_empty=True)
        else:
            _watch_until_told(context, reception, tell)
    finally:
        reception.close()
    context.show({"procesados": done}, "")


def _watch_until_told(context: Context, reception: Any, tell: Any) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    context.say(f"Vigilando {reception.inbox}. Ctrl+C para terminar.")
    reception.vigilar(stop, tell)


def receive_files(context: Context, options: argparse.Namespace) -> None:
    """recibir"""
    reception = context.reception()
    try:
        done = reception.recibir(
            [Path(name) for name in options.archivos],
            carril=options.carril,
            recibido=parse_moment(options.recibido),
            fuente=options.fuente,
        )
    finally:
        reception.close()
    context.show(
        {"procesados": [{**builtins(p), "archivo": str(Path(p.archivo).absolute())} for p in done]},
        "\n".join(map(told, done)),
    )


def told(one: Processed) -> str:
    reason = f": {one.motivo}" if one.motivo else ""
    state = STATES.get(one.estado, one.estado)
    return f"{one.borrador or '-':<10} {Path(one.archivo).name} · {state}{reason}"


def parse_moment(text: str | None) -> datetime | None:
    """An instant as typed: ISO 8601, Colombian civil time where no zone is said."""
    if text is None:
        return None
    from records.lines import BOGOTA

    try:
        when = datetime.fromisoformat(text)
        return when.astimezone(BOGOTA) if when.tzinfo else when.replace(tzinfo=BOGOTA)
    except (ValueError, OverflowError) as error:
        raise Misuse(
            "fecha", f"«{text}» no es una fecha.", consejo="Escríbala así: 2026-11-20T16:05."
        ) from error


# -- drafts ---------------------------------------------------------------------------------------


def show_tray(context: Context, options: argparse.Namespace) -> None:
    """bandeja"""
    drafts = context.reception().bandeja(cuarentena=options.cuarentena)
    context.show(
        {"borradores": [_draft_row(d) for d in drafts]},
        "\n".join(map(_draft_text, drafts)) or "No hay nada.",
    )


def _draft_row(draft: Draft) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": draft.id,
        "orden": draft.orden,
        "carril": draft.carril,
        "archivo": draft.archivo,
        "recibido": draft.recibido,
        "estado": draft.estado,
        "paginas": draft.paginas,
        "confianza": draft.confianza,
        "campos": {name: _field_row(field) for name, field in draft.shown().items()},
        "rev": draft.rev,
    }
    for name in ("duplicado_de", "lo_tiene", "motivo", "codigo"):
        if getattr(draft, name) is not None:
            row[name] = getattr(draft, name)
    if draft.notas:
        row["notas"] = draft.notas
    return row


def _field_row(field: Suggested) -> dict[str, Any]:
    row: dict[str, Any] = {
        "valor": field.valor,
        "confianza": field.confianza,
        "pagina": field.pagina,
        "caja": field.caja,
    }
    if field.de is not None:
        row["de"] = field.de
    if field.motivo is not None:
        row["motivo"] = field.motivo
    if field.otras:
        row["otras"] = builtins(field.otras)
    return row


def _draft_text(draft: Draft) -> str:
    values = draft.values()
    who = values.get("remitente") or values.get("entidad") or "—"
    extra = [
        "se está leyendo" if draft.estado == "leyendo" else "",
        f"duplicado de {draft.duplicado_de}" if draft.duplicado_de else "",
        f"lo tiene {draft.lo_tiene}" if draft.lo_tiene else "",
        draft.motivo or "",
    ]
    tail = " · ".join(e for e in [*extra, *draft.notas] if e)
    text = f"{draft.id:<9} {draft.carril:<12} {draft.archivo:<34} {draft.confianza:>3} %  {who}"
    return f"{text}\n          {tail}" if tail else text


def retry(context: Context, options: argparse.Namespace) -> None:
    """reintentar"""
    reception = context.reception()
    password = context.password(options.contrasena_de)
    try:
        if password is None and reception.drafts.get(options.id).codigo == "cifrado":
            password = context.asked("Contraseña del documento")
        done = reception.reintentar(options.id, password)
    finally:
        reception.close()
    context.show(builtins(done), told(done))


def take(context: Context, options: argparse.Namespace) -> None:
    """tomar"""
    draft = context.reception().tomar(options.id)
    context.show(
        {"id": draft.id, "lo_tiene": draft.lo_tiene}, f"{draft.id} lo tiene {draft.lo_tiene}."
    )


def release(context: Context, options: argparse.Namespace) -> None:
    """soltar"""
    draft = context.reception().soltar(options.id)
    context.show({"id": draft.id, "lo_tiene": None}, f"{draft.id} quedó libre.")


def discard_draft(context: Context, options: argparse.Namespace) -> None:
    """descartar"""
    reception = context.reception()
    reception.ponerse_al_dia()
    event = reception.descartar(options.id, options.motivo, de=options.de, nota=options.nota)
    context.show({"evento": event.hash}, f"{options.id}: no se radica ({options.motivo}).")


def revive(context: Context, options: argparse.Namespace) -> None:
    """revivir"""
    reception = context.reception()
    reception.ponerse_al_dia()
    try:
        event = reception.revivir(options.id)
        reception.leer_pendientes()
    finally:
        reception.close()
    context.show({"evento": event.hash}, f"{options.id} vuelve a esperar número.")


# -- numbers --------------------------------------------------------------------------------------


def give_number(context: Context, options: argparse.Namespace) -> None:
    """radicar"""
    chosen = [bool(options.id), options.todos, options.sin_imagen]
    if sum(chosen) != 1:
        raise Misuse("uso", "Diga un ID, o --todos, o --sin-imagen.")
    if options.todos and options.identidad_protegida:
        raise Misuse("uso", "--identidad-protegida se dice carta por carta, no con --todos.")
    fields = dict(map(named_value, options.campo))
    issued: list[Issued] = []
    omitted: list[Omitted] = []
    if options.vincular and options.todos:
        raise Misuse("uso", "--vincular es de una sola comunicación.")
    reception = context.reception()
    try:
        sealing = catch_up(context, reception)
        if options.vincular:
            reception.office.comprobar_vinculo(options.vincular, options.como)
        _issue(reception, options, fields, issued, omitted)
        if options.vincular:
            reception.office.vincular(issued[0].radicado, options.vincular, options.como)
    finally:
        context.partial.update(issued_rows(issued, omitted))
        reception.close()
    open_ = [] if options.todos else _others_of(reception.office, issued[0])
    if reception.office.settings.etiqueta.imprimir and not options.todos:
        print_labels(context, reception, issued)
    context.tell(reception.office)
    from records import token

    cannot = token.trouble()
    if sealing and cannot is not None and issued:
        context.warn(f"Sello pendiente: {cannot}")
    for one in issued:
        if one.etiqueta is None:
            context.warn(f"{one.radicado}: el rótulo no se pudo escribir; use «etiqueta».")
    rows = issued_rows(issued, omitted)
    if not options.todos:
        rows["radicados"][0]["abiertos"] = [builtins(o) for o in open_]
        _tell_others(context, issued[0].radicado, open_, linked=options.vincular is not None)
    context.show(
        rows,
        "\n".join([*map(issued_text, issued), *(f"{o.id}: {o.motivo}" for o in omitted)])
        or "No hay nada por radicar.",
    )


def catch_up(context: Context, reception: Recepcion) -> bool:
    """What a cut left; numbers that it kept from being shown are shown now.

    Returns whether everything that waited for its seal has it.
    """
    unshown = reception.ponerse_al_dia()
    if unshown:
        context.warn(
            f"Un corte no dejó mostrar: {', '.join(unshown)}. Ya están asignados: mírelos con "
            "«ver» antes de dar otro número a la misma carta."
        )
    try:
        reception.sellar_pendientes()
    except MachineCannot as error:
        context.warn(f"Quedan sellos pendientes: {error}")
        return False
    return True


def _issue(
    reception: Recepcion,
    options: argparse.Namespace,
    fields: dict[str, str],
    issued: list[Issued],
    omitted: list[Omitted],
) -> None:
    if options.todos:
        reception.radicar_todos(clase=options.clase, issued=issued, omitted=omitted)
    elif options.sin_imagen:
        when = parse_moment(options.recibido)
        issued.append(
            reception.radicar_sin_imagen(
                fields,
                clase=options.clase,
                recibido=when,
                identidad_protegida=options.identidad_protegida,
            )
        )
    else:
        issued.append(
            reception.radicar(
                options.id,
                fields,
                clase=options.clase,
                motivo=options.motivo,
                identidad_protegida=options.identidad_protegida,
            )
        )


def _others_of(office: Office, one: Issued) -> list[OpenOfSender]:
    """The other open letters of who wrote a record."""
    found = office.abiertos_de(office.estado(one.subject).campos)
    return [other for other in found if other.radicado != one.radicado]


def _tell_others(
    context: Context, radicado: str, others: list[OpenOfSender], *, linked: bool
) -> None:
    if not others:
        return
    for other in others:
        due = f", vence {other.vence[:10]}" if other.vence else ""
        context.warn(f"Del mismo remitente, abierto: {other.radicado}{due}  {other.asunto[:50]}")
    if not linked:
        context.warn(
            f"Si trata de uno de ellos: «vincular {radicado} --con R --como "
            "alcance|reiteracion|recurso»; si completa lo que se le pidió: «completar»."
        )


def issued_rows(issued: list[Issued], omitted: list[Omitted]) -> dict[str, Any]:
    hidden = ("subject", "imagen")
    rows = [{k: v for k, v in builtins(i).items() if k not in hidden} for i in issued]
    return {"radicados": rows, "omitidos": [builtins(o) for o in omitted]}


def print_labels(context: Context, reception: Any, issued: list[Issued]) -> None:
    for one in issued:
        try:
            if one.etiqueta is not None:
                reception.office.imprimir(Path(one.etiqueta))
        except MachineCannot as error:
            context.warn(str(error))  # the number stands; the label can be printed again


def issued_text(one: Issued) -> str:
    from records.lines import read_day, read_hour

    seal = "firmado" if one.sha256 else "sello pendiente" if one.imagen else "imagen pendiente"
    due = f"   vence {read_day(one.vence)}" if one.vence else ""
    return f"{one.radicado}   {read_hour(one.fecha)}   folios {one.folios}{due}   {seal}"


def make_label(context: Context, options: argparse.Namespace) -> None:
    """etiqueta"""
    office = context.office()
    numbers = [r.strip().upper() for r in options.radicado]
    if options.texto:
        text = "\n\n".join(map(office.texto_etiqueta, numbers))
        context.show({"texto": text}, text)
        return
    usual = office.settings.etiqueta
    form = options.formato or usual.formato
    if options.posicion is not None and form != "hoja":
        raise Misuse("uso", "--posicion es de una hoja.", consejo="Agregue --formato hoja.")
    path = office.guardar_etiqueta(
        *(r for r in numbers for _ in range(options.copias)),
        path=Path(options.salida).absolute() if options.salida else None,
        formato=form,
        posicion=1 if options.posicion is None else options.posicion,
    )
    if usual.imprimir and form == usual.formato and not options.salida:
        office.imprimir(path)
    context.show({"archivo": str(path)}, f"Rótulo en {path}")
