"""Commands for what the office writes: responder, oficio, memorando, carta, aprobar, firmas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins, named_value
from records.errors import Misuse

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from records.composing import Letter
    from records.presenting import LetterMoved

ASK = "Clave de su llave de firma"


def add(commands: Any) -> None:
    """Add these commands."""
    answer = commands.add_parser("responder", help="presenta una respuesta para la firma")
    answer.add_argument("radicado", nargs="+")
    answer.add_argument("--parcial", action="store_true", help="el término sigue corriendo")
    answer.add_argument(
        "--publicada",
        action="store_true",
        help="una respuesta para más de diez peticiones análogas, que se publica (art. 22)",
    )
    _about_letter(answer, "respuesta")
    _addressees(answer)
    answer.set_defaults(call=present, clase="S")

    alone = commands.add_parser("oficio", help="presenta una carta que no responde a ninguna")
    _about_letter(alone, "oficio")
    _addressees(alone)
    alone.set_defaults(call=present, clase="S", radicado=[], parcial=False, publicada=False)

    memo = commands.add_parser("memorando", help="presenta una comunicación interna")
    _about_letter(memo, "memorando")
    memo.add_argument(
        "--para-dependencia", action="append", required=True, metavar="D", help="puede repetirse"
    )
    memo.set_defaults(
        call=present, clase="I", radicado=[], parcial=False, publicada=False, para=[], copia=[]
    )

    approve = commands.add_parser("aprobar", help="firma una carta con su llave: recibe su número")
    approve.add_argument("radicado", help="lo que responde, o la identificación de la carta")
    approve.set_defaults(call=approve_letter)

    letter = commands.add_parser("carta", help="lo que la entidad escribe").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    shown = letter.add_parser("lista", help="las que esperan firma")
    shown.add_argument("--todas", action="store_true", help="también las numeradas")
    shown.set_defaults(call=list_letters)
    seen = letter.add_parser("ver", help="una carta entera")
    seen.add_argument("carta")
    seen.set_defaults(call=show_letter)
    check = letter.add_parser("revisar", help="da su revisión, o dice qué hay que corregir")
    check.add_argument("carta")
    check.add_argument("--reparos", metavar="T")
    check.set_defaults(call=review_letter)
    paper = letter.add_parser("papel", help="se firmó en papel: la ventanilla la numera")
    paper.add_argument("carta")
    paper.set_defaults(call=number_paper)
    drop = letter.add_parser("retirar", help="ya no se envía")
    drop.add_argument("carta")
    drop.add_argument("--motivo", required=True, metavar="T")
    drop.set_defaults(call=withdraw)

    table = commands.add_parser("firmas", help="quién firma qué (art. 4)").add_subparsers(
        title="órdenes", metavar="ORDEN", required=True
    )
    table.add_parser("lista", help="la tabla de firmas").set_defaults(call=list_signers)
    grant = table.add_parser("autorizar", help="un cargo firma un tipo de cartas, por un acto")
    grant.add_argument("--cargo", required=True, metavar="T")
    grant.add_argument("--tipo", default="*", metavar="T", help="«*»: todas")
    grant.add_argument("--ambito", default="ambas", choices=("interna", "externa", "ambas"))
    grant.add_argument("--desde", required=True, metavar="FECHA")
    grant.add_argument("--hasta", metavar="FECHA")
    grant.add_argument("--acto", required=True, metavar="T")
    grant.set_defaults(call=grant_signing)


def _about_letter(command: Any, tipo: str) -> None:
    how = command.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "--archivo", metavar="F", help="la carta escrita: PDF, imagen, .docx, .odt, .txt o .html"
    )
    how.add_argument("--plantilla", metavar="N", help="una de «plantilla lista»")
    how.add_argument(
        "--en-papel", action="store_true", help="ya está firmada en papel: se numera y se escanea"
    )
    command.add_argument(
        "--campo", action="append", default=[], metavar="K=V", help="un campo de la plantilla"
    )
    command.add_argument("--tipo", default=tipo, metavar="T", help="oficio, traslado, citacion…")
    command.add_argument("--asunto", default="", metavar="T")
    command.add_argument("--firmante", metavar="P", help="quién la firma; si no, el jefe del área")
    command.add_argument("--revisa", action="append", default=[], metavar="P")
    command.add_argument("--dependencia", metavar="D", help="la que escribe")
    command.add_argument("--folios", type=int, default=0, metavar="N")
    command.add_argument("--anexos", type=int, default=0, metavar="N")
    command.add_argument("--nota", default="", metavar="T")
    command.add_argument("--carta", metavar="ID", help="la corrige en vez de presentar otra")


def _addressees(command: Any) -> None:
    command.add_argument(
        "--para",
        action="append",
        default=[],
        metavar="QUIÉN",
        help="«nombre=…; direccion=…; correo=…; medio=…», o el nombre; si no, el peticionario",
    )
    command.add_argument("--copia", action="append", default=[], metavar="QUIÉN")


def present(context: Context, options: argparse.Namespace) -> None:
    """responder, oficio, memorando"""
    office = context.office()
    if options.en_papel and options.carta:
        raise Misuse(
            "uso",
            "--en-papel presenta una carta que nadie presentó antes.",
            consejo=f"La que ya se presentó y se firmó en papel: «carta papel {options.carta}».",
        )
    if options.en_papel:
        numbered = office.numerar_en_papel(_letter(options, None))
        context.tell(office)
        _show_numbered(context, numbered)
        return
    from ingest.answers import Draft, made_of
    from ingest.reception import Recepcion

    room = Recepcion(office)
    try:
        made = made_of(
            room,
            Draft(
                archivo=Path(options.archivo) if options.archivo else None,
                plantilla=options.plantilla,
                a=options.radicado,
                campos=dict(map(named_value, options.campo)),
                dirigida=office.dirigir(_letter(options, None), carta=options.carta),
                asunto=options.asunto,
            ),
        )
    finally:
        room.close()
    done = office.presentar(_letter(options, made), carta=options.carta)
    context.tell(office)
    who = ", ".join(w.persona or "" for w in office.estado(done.carta).letter_waits())
    _show(context, done, f"Presentada como {done.carta}; espera a {who}.")


def _letter(options: argparse.Namespace, made: Any) -> Letter:
    from records.addressees import parse
    from records.composing import Letter

    return Letter(
        hecha=made,
        a=tuple(options.radicado),
        clase=options.clase,
        tipo=options.tipo,
        asunto=options.asunto,
        para=(*map(parse, options.para), *(parse(t, copia=True) for t in options.copia)),
        dependencias=tuple(getattr(options, "para_dependencia", ())),
        parcial=options.parcial,
        publicada=options.publicada,
        firmante=options.firmante,
        dependencia=options.dependencia,
        revisan=tuple(options.revisa),
        folios=options.folios,
        anexos=options.anexos,
        nota=options.nota,
    )


def approve_letter(context: Context, options: argparse.Namespace) -> None:
    """aprobar"""
    from records.errors import CannotSign

    office = context.office()
    done = office.aprobar(options.radicado, clave=context.passphrase(ask=ASK))
    context.partial.update(builtins(done))
    sealed = None
    try:
        sealed = office.sellar_carta(done.carta)
    except CannotSign as error:
        office.avisos.append(f"El número quedó; el sello del PDF está pendiente: {error.mensaje}")
    context.tell(office)
    path = office.vault.find(sealed.sha256) if sealed else None
    text = f"Firmada: {done.salida}." + (f" {path}" if path else "")
    _show(context, done, text, pdf=str(path) if path else None)


def number_paper(context: Context, options: argparse.Namespace) -> None:
    """carta papel"""
    _show_numbered(context, context.office().firmar_en_papel(options.carta))


def _show_numbered(context: Context, done: LetterMoved) -> None:
    assert done.salida is not None
    label = context.office().guardar_etiqueta(done.salida)
    _show(
        context,
        done,
        f"{done.salida}. Pegue el rótulo y escanee la carta: {label}",
        etiqueta=str(label),
    )


def review_letter(context: Context, options: argparse.Namespace) -> None:
    """carta revisar"""
    done = context.office().revisar_carta(options.carta, reparos=options.reparos)
    _show(context, done, "Reparos anotados." if options.reparos else "Revisada.")


def withdraw(context: Context, options: argparse.Namespace) -> None:
    """carta retirar"""
    done = context.office().retirar_carta(options.carta, options.motivo)
    _show(context, done, f"{done.carta} retirada.")


def _show(context: Context, done: LetterMoved, text: str, **more: str | None) -> None:
    context.show({**builtins(done), **more}, text)


def list_letters(context: Context, options: argparse.Namespace) -> None:
    """carta lista"""
    rows = context.office().cartas(todas=options.todas)
    text = "\n".join(
        f"{r.subject:<10} {r.radicado or '':<20} {r.estado:<12} {r.tipo:<13} firma "
        f"{r.firmante:<11} {r.destinatario[:24]:<25}{r.asunto[:36]}"
        for r in rows
    )
    context.show({"cartas": [builtins(r) for r in rows]}, text or "Ninguna carta espera firma.")


def show_letter(context: Context, options: argparse.Namespace) -> None:
    """carta ver"""
    seen = context.office().carta(options.carta)
    whom = "\n".join(
        f"  {'copia' if d.copia else 'para':<6}{d.nombre or d.entidad}, {d.medio}"
        for d in seen.destinatarios
    )
    who = f"Firmó {seen.firmo}, {seen.cargo}" if seen.firmo else f"Firma {seen.firmante}"
    text = f"{seen.carta} · {seen.tipo} · {seen.estado}\n{seen.asunto}\n{who}\n{whom}"
    context.show(builtins(seen), text)


def list_signers(context: Context, options: argparse.Namespace) -> None:
    """firmas lista"""
    rows = [builtins(row) for row in context.office().authority.firmas.values()]
    text = "\n".join(
        f"{r['cargo'][:44]:<45}{r['tipo']:<14}{r['ambito']:<9}{r['desde']} a "
        f"{r.get('hasta') or '…':<11}{r['acto'][:30]}"
        for r in rows
    )
    empty = "No hay tabla de firmas: firma el jefe de la dependencia que escribe."
    context.show({"firmas": rows}, text or empty)


def grant_signing(context: Context, options: argparse.Namespace) -> None:
    """firmas autorizar"""
    event = context.office().autorizar_firma(
        options.cargo,
        options.tipo,
        options.ambito,
        desde=options.desde,
        hasta=options.hasta,
        acto=options.acto,
    )
    context.show({"evento": event.hash}, f"{options.cargo} firma {options.tipo}.")
