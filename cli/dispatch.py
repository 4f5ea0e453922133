"""Commands for what goes out: enviar, entregado, devuelto, notificar, envios, consecutivo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_hour, named_value
from records.errors import Misuse, Refused, reason

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from cli.context import Context
    from records.dispatch_views import AnswerView, SendingView
    from records.dispatching import Dispatched, Proof
    from records.views import RecordView


def add(commands: Any) -> None:
    """Add these commands."""
    send = commands.add_parser("enviar", help="una carta con número salió para su destinatario")
    send.add_argument("radicado", help="el de la carta, o el que responde")
    send.add_argument("--medio", required=True, metavar="M", help="certificado, personal, aviso…")
    _about(send)
    send.add_argument("--operador", metavar="T", help="quién la lleva")
    for name in ("direccion", "municipio", "correo", "telefono"):
        send.add_argument(f"--{name}", metavar="T", help="en vez de lo que dice la carta")
    send.set_defaults(call=send_it)

    taken = commands.add_parser("entregado", help="el destinatario la tiene")
    taken.add_argument("radicado")
    _about(taken)
    taken.add_argument("--recibe", metavar="NOMBRE", help="quién la recibió")
    taken.set_defaults(call=deliver)

    back = commands.add_parser("devuelto", help="un envío volvió: lo que responde no está resuelto")
    back.add_argument("radicado")
    back.add_argument("--causa", required=True, metavar="C", help="una de «envios causas»")
    _about(back)
    back.set_defaults(call=come_back)

    told = commands.add_parser("notificar", help="anota la notificación de una carta")
    told.add_argument("radicado")
    forms = "personal, aviso, electronica, estrados o conducta_concluyente"
    told.add_argument("--forma", required=True, metavar="F", help=forms)
    _about(told, waybill=False)
    told.set_defaults(call=notify)
    _lists(commands)

    whole = commands.add_parser("consecutivo", help="lo enviado, número por número, sin huecos")
    whole.add_argument("--clase", default="S", metavar="C")
    whole.add_argument("--vigencia", type=int, metavar="AAAA", help="por defecto, este año")
    whole.add_argument("--desde", type=int, metavar="N")
    whole.add_argument("--hasta", type=int, metavar="N")
    whole.add_argument("--sede", metavar="CODIGO")
    whole.add_argument("--salida", metavar="DIR", help="copia para consultar sin el programa")
    whole.set_defaults(call=show_series)


def _about(command: Any, *, waybill: bool = True) -> None:
    command.add_argument("--destinatario", type=int, metavar="N", help="cuál, si hay varios")
    if waybill:
        command.add_argument("--guia", metavar="G")
    command.add_argument("--fecha", metavar="FECHA-HORA", help="2026-11-22T15:30; si no, ahora")
    command.add_argument("--prueba", metavar="ARCHIVO", help="lo que lo prueba: queda guardado")


def _lists(commands: Any) -> None:
    sent = commands.add_parser("envios", help="qué está por enviar, en camino o devuelto")
    orders = sent.add_subparsers(title="órdenes", metavar="ORDEN", required=True)
    shown = orders.add_parser("lista", help="por enviar, en camino y devueltos")
    which = shown.add_mutually_exclusive_group()
    which.add_argument("--sin-enviar", action="store_true")
    which.add_argument("--devueltos", action="store_true")
    shown.set_defaults(call=list_sendings)
    taken = orders.add_parser("importar", help="toma los estados de un archivo CSV del operador")
    taken.add_argument("archivo")
    taken.add_argument("--pruebas", metavar="DIR", help="carpeta o zip con GUÍA.pdf")
    named = "cómo llama el archivo a guia, estado, fecha, causa o recibe"
    taken.add_argument("--columna", action="append", default=[], metavar="CAMPO=TÍTULO", help=named)
    taken.add_argument("--aceptar-limpias", action="store_true", help="deja de lado las malas")
    taken.set_defaults(call=import_states)
    sheet = orders.add_parser("planilla", help="la lista que va con el operador, en PDF o CSV")
    sheet.add_argument("--salida", required=True, metavar="ARCHIVO", help=".pdf o .csv")
    sheet.set_defaults(call=make_sheet)
    orders.add_parser("causas", help="por qué vuelve un envío").set_defaults(call=show_causes)
    shut = orders.add_parser("cerrar", help="ya no es posible otro intento")
    shut.add_argument("radicado")
    shut.add_argument("--destinatario", type=int, required=True, metavar="N")
    shut.add_argument("--motivo", required=True, metavar="T")
    shut.set_defaults(call=give_up)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Refused("archivo", f"No se puede leer {path} ({reason(error)}).") from error


def _proof(path: str | None) -> Proof | None:
    from records.dispatching import Proof

    return None if path is None else Proof(_read(path), Path(path).suffix.lower().lstrip("."))


def _show(context: Context, done: Dispatched, said: str) -> None:
    from records.lines import read_hour

    whom = ", ".join(map(str, done.destinatarios))
    rows = [f"{done.radicado} (destinatario {whom}): {said}. Estado: {done.estado}."]
    for one in done.responde:
        what = "respuesta parcial" if one.parcial else "respuesta"
        what = "carta" if one.efecto is not None else what
        since = f", {what} enviada {read_hour(one.enviada)}" if one.enviada else ""
        rows.append(f"  {one.radicado}: {one.estado}{since}; vence {(one.vence or '—')[:10]}")
    context.show(builtins(done), "\n".join(rows))


def sending_lines(record: RecordView) -> list[str]:
    """How a letter went out, or what answered a record and whether in time, as people read it."""
    from records.lines import read_hour

    out = ["Envíos", *map(_sending_line, record.envios)] if record.envios else []
    for answer in record.respuestas:
        said = answer.estado if answer.enviada is None else f"enviada {read_hour(answer.enviada)}"
        late = ", en tiempo" if answer.en_tiempo else f", TARDE: {answer.tarde_dias} día(s) después"
        late = late if answer.en_tiempo is not None else ""
        first = answer.primer_envio
        again = f" (el primer envío fue el {read_hour(first)})" if first else ""
        out += [
            f"{_kind_of(answer)} {answer.salida or answer.carta}: {said}{late}{again}",
            *map(_sending_line, answer.destinatarios),
        ]
    return out


def _kind_of(answer: AnswerView) -> str:
    """What a letter is to the record, as people say it."""
    if answer.efecto is not None:
        return {
            "prorroga": "Prórroga",
            "requerimiento": "Requerimiento",
            "aclaracion": "Devuelta para que la aclare",
            "traslado": "Traslado",
            "desistimiento": "Acto de desistimiento",
        }[answer.efecto]
    return "Respuesta parcial" if answer.parcial else "Respuesta"


def _sending_line(one: SendingView) -> str:
    from records.lines import read_hour

    told = {
        "entregado": f" el {(one.entregado or '')[:10]}",
        "devuelto": f" el {(one.devuelto or '')[:10]}: {one.causa}",
        "enviado": f" el {read_hour(one.enviado)}" if one.enviado else "",
    }
    way = f"{one.medio}{' ' + one.guia if one.guia else ''}"
    copy = ", copia" if one.copia else ""
    return f"   {one.n}. {one.nombre}{copy}, {way}: {one.estado}{told.get(one.estado, '')}"


def send_it(context: Context, options: argparse.Namespace) -> None:
    """enviar"""
    named = {k: getattr(options, k) for k in ("direccion", "municipio", "correo", "telefono")}
    office = context.office()
    done = office.enviar(
        options.radicado,
        options.medio,
        destinatario=options.destinatario,
        guia=options.guia,
        operador=options.operador,
        enviado=named_hour(options.fecha),
        prueba=_proof(options.prueba),
        a={k: v for k, v in named.items() if v},
    )
    context.tell(office)
    _show(context, done, f"enviado por {options.medio}")


def deliver(context: Context, options: argparse.Namespace) -> None:
    """entregado"""
    done = context.office().entregar(
        options.radicado,
        destinatario=options.destinatario,
        guia=options.guia,
        fecha=named_hour(options.fecha),
        recibe=options.recibe,
        prueba=_proof(options.prueba),
    )
    _show(context, done, "entregado")


def come_back(context: Context, options: argparse.Namespace) -> None:
    """devuelto"""
    done = context.office().devuelto(
        options.radicado,
        options.causa,
        destinatario=options.destinatario,
        guia=options.guia,
        fecha=named_hour(options.fecha),
        prueba=_proof(options.prueba),
    )
    _show(context, done, "devuelto")


def notify(context: Context, options: argparse.Namespace) -> None:
    """notificar"""
    done = context.office().notificar(
        options.radicado,
        options.forma,
        destinatario=options.destinatario,
        fecha=named_hour(options.fecha),
        prueba=_proof(options.prueba),
    )
    _show(context, done, f"notificado, forma {options.forma}")


def give_up(context: Context, options: argparse.Namespace) -> None:
    """envios cerrar"""
    done = context.office().cerrar_envio(
        options.radicado, options.motivo, destinatario=options.destinatario
    )
    _show(context, done, "sin más intentos")


def list_sendings(context: Context, options: argparse.Namespace) -> None:
    """envios lista"""
    which = "sin_enviar" if options.sin_enviar else "devueltos" if options.devueltos else ""
    rows = context.office().envios(which)
    text = "\n".join(
        f"{r.radicado:<22} {r.n:>3} {r.estado:<11}{r.medio:<19}{r.desde[:10]}  "
        f"{r.guia or '':<16}{r.nombre[:28]:<29}{r.causa or ''}"
        for r in rows
    )
    total = f"{len(rows)} envío(s)."
    context.show({"envios": [builtins(r) for r in rows]}, f"{text}\n{total}" if text else total)


def import_states(context: Context, options: argparse.Namespace) -> None:
    """envios importar"""
    from records.carriers import HEADINGS
    from records.proof_files import ProofFiles

    columns = dict(named_value(pair) for pair in options.columna)
    if unknown := set(columns) - set(HEADINGS):
        raise Misuse("uso", f"No hay una columna «{min(unknown)}»: {', '.join(HEADINGS)}.")
    proofs: Callable[[str], Proof | None] = lambda _: None  # noqa: E731
    if options.pruebas is not None:
        proofs = ProofFiles(Path(options.pruebas))
    done = context.office().importar_estados(
        _read(options.archivo),
        columnas=columns,
        prueba=proofs,
        aceptar_limpias=options.aceptar_limpias,
    )
    for row in done.rechazadas:
        context.warn(f"Fila {row.fila}, guía {row.guia or '—'}: {row.motivo}")
    context.partial.update(builtins(done))
    if done.rechazadas and not options.aceptar_limpias:
        raise Refused(
            "filas_malas",
            f"{len(done.rechazadas)} de {len(done.filas)} filas no se pueden tomar: "
            "no se tomó ninguna.",
            consejo="Corríjalas, o tome las demás con --aceptar-limpias.",
        )
    context.show(
        builtins(done),
        f"{done.aplicadas} aplicadas · {done.ya_conocidas} ya conocidas · {done.en_camino} en "
        f"camino · {len(done.rechazadas)} rechazadas · {done.pruebas} pruebas guardadas",
    )


def make_sheet(context: Context, options: argparse.Namespace) -> None:
    """envios planilla"""
    target = Path(options.salida).absolute()
    form = target.suffix.lower().lstrip(".")
    if form not in ("pdf", "csv"):
        raise Misuse("uso", "La planilla se hace en .pdf o .csv: --salida envios.pdf")
    office = context.office()
    data = office.planilla_envios(form)
    office.disk.make_folder(target.parent)
    office.disk.publish(target, data)
    rows = len(office.para_operador())
    context.show({"archivo": str(target), "filas": rows}, f"{rows} envíos en {target}")


def show_causes(context: Context, options: argparse.Namespace) -> None:
    """envios causas"""
    from records import causes

    rows = [{"codigo": code, **builtins(cause)} for code, cause in causes.table().items()]
    text = "\n".join(
        f"{r['codigo']:<26}{r['texto']}{'' if r['reintentable'] else ' (corregir la dirección)'}"
        for r in rows
    )
    context.show({"causas": rows}, text)


def show_series(context: Context, options: argparse.Namespace) -> None:
    """consecutivo"""
    done = context.office().consecutivo(
        options.clase,
        options.vigencia,
        desde=options.desde,
        hasta=options.hasta,
        sede=options.sede,
        salida=Path(options.salida).absolute() if options.salida else None,
    )
    rows = [
        f"{r.radicado:<22} {r.fecha[:10]}  {r.estado:<10}{('acta ' + r.acta) if r.acta else '':<27}"
        f"{r.destinatario[:26]:<27}{r.asunto[:34]}"
        for r in done.radicados
    ]
    gaps = f"Faltan: {', '.join(done.huecos)}" if done.huecos else "sin huecos"
    where = f" · copia en {done.carpeta}" if done.carpeta else ""
    context.show(builtins(done), "\n".join([*rows, f"{len(rows)} números, {gaps}{where}"]))
