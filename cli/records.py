"""Commands that look: ver, buscar, verificar; and recuperar, which mends what a crash left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import builtins
from records.errors import CannotSign, Damaged, ExitCode

if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from ingest.lectura import Firma
    from ingest.reception import Recepcion
    from records.checking import Report
    from records.office import Office
    from records.views import RecordView


def add(commands: Any) -> None:
    """Add these commands."""
    see = commands.add_parser("ver", help="un radicado, o un expediente, entero")
    see.add_argument("radicado")
    see.set_defaults(call=show_record)

    find = commands.add_parser("buscar", help="busca radicados")
    find.add_argument(
        "consulta", help='palabras, "frase", área:120, estado:pendiente, desde:2026-01-01…'
    )
    find.add_argument("--limite", type=int, default=50, metavar="N")
    find.add_argument("--desde", metavar="CURSOR", help="sigue donde terminó la página anterior")
    find.set_defaults(call=search)

    check = commands.add_parser("verificar", help="comprueba todo; nunca repara")
    check.add_argument("que", nargs="?", metavar="RADICADO|ARCHIVO")
    check.add_argument("--completo", action="store_true", help="también cada archivo de la bóveda")
    check.set_defaults(call=verify)

    mend = commands.add_parser("recuperar", help="arregla lo que dejó un corte")
    mend.add_argument(
        "--desde",
        metavar="DIR",
        help="sana lo dañado con los bytes idénticos de un respaldo o de otra copia de la oficina",
    )
    mend.set_defaults(call=recover)


def _is_expediente(office: Office, numero: str) -> bool:
    """Whether *numero* is that of an expediente; no number is both."""
    office.index.catch_up()
    return bool(office.index.expedientes("numero=?", (numero.strip(),)))


def show_record(context: Context, options: argparse.Namespace) -> None:
    """ver"""
    from cli.access import access_text
    from cli.acuses import acknowledgment_lines
    from cli.dispatch import sending_lines
    from records.lines import read_hour

    office = context.office()
    if _is_expediente(office, options.radicado):
        from cli.expedientes import show_one

        options.expediente = options.radicado
        show_one(context, options)
        return
    record = office.ver(options.radicado)
    notes, signatures = _read_of(office, record)
    documents = "\n".join(f"   {d.rol:<9} {d.archivo or '(falta)'}" for d in record.documentos)
    fields = "\n".join(f"   {k:<13} {v}" for k, v in record.campos.items())
    history = "\n".join(f"   {read_hour(h.fecha)}  {h.tipo:<22} {h.actor}" for h in record.historia)
    flags = f" ({', '.join(record.marcas)})" if record.marcas else ""
    flags += "".join(f"\n{text}" for text in [*_changes(record), *_others(record)])
    lines = record.termino["explicacion"].splitlines() if record.termino else []
    term = "".join(f"{line}\n" for line in ["Término", *(f"   {one}" for one in lines)] if lines)
    told = "".join(f"   {text}\n" for text in notes)
    access = "".join(f"   {text}\n" for text in access_text(record.acceso))
    way = "".join(f"   {text}\n" for text in _way(record))
    filed = office.index.expediente_of(record.radicado)
    gone = [*sending_lines(record), *acknowledgment_lines(record)]
    gone += [f"Está en el expediente {one}" for one in filed]
    more = {"expedientes": filed, "notas": notes, "firmas": builtins(signatures)}
    context.show(
        {**builtins(record), **more},
        f"{record.radicado} · {record.estado}{flags}\n"
        f"{_beginning(record)}"
        f"{term}{_paper(record)}"
        f"{f'Acceso{chr(10)}{access}' if access else ''}"
        f"{f'Trámite{chr(10)}{way}' if way else ''}"
        f"{''.join(f'{text}{chr(10)}' for text in gone)}"
        f"{_titled('Campos', fields)}{_titled('Documentos', documents)}"
        f"{f'Lo que se notó al leer{chr(10)}{told}' if told else ''}{_titled('Historia', history)}",
    )


def _beginning(record: RecordView) -> str:
    """When it came and got its number; of a letter of the office's own who signed it, and what it
    answers."""
    from records.lines import read_hour

    letter = record.carta
    if record.importacion is not None or not record.fecha:
        return _imported(record)
    if letter is None:
        return f"Recibido {read_hour(record.recibido)} · radicado {read_hour(record.fecha)}\n"
    how = " en papel" if letter.en_papel else ""
    post = ", ".join(filter(None, (letter.firmo, letter.cargo)))
    rows = [f"Radicado {read_hour(record.fecha)}", f"Firmó{how} {post}"]
    if letter.responde_a:
        said = "Responde en parte a" if letter.parcial else "Responde a"
        rows.append(f"{said} {', '.join(letter.responde_a)}")
    return "".join(f"{row}\n" for row in rows)


def _imported(record: RecordView) -> str:
    """From where it was imported, and what that system said besides."""
    from records.lines import read_hour

    told = record.importacion
    if told is None:
        return "Radicado en otro sistema, en una fecha que no se conoce\n"
    said = told["origen"].capitalize()
    rows = [
        f"{told['nota'][:1].upper()}{told['nota'][1:]}, el {read_hour(told['importado'])}",
        f"{said} lo radicó el {record.fecha[:10] or '(no se sabe)'}",
        f"{said} lo tenía por anulado" if told["anulado"] else "",
        f"Expediente en {said}: {told['expediente']}" if told["expediente"] else "",
        f"{said} decía que vencía el {told['vencia'][:10]}" if told["vencia"] else "",
        f"Lo que {said} contaba de su trámite: {told['historia']}" if told["historia"] else "",
    ]
    return "".join(f"{row}\n" for row in rows if row)


def _paper(record: RecordView) -> str:
    """Where its paper is, as a person reads it."""
    if record.papel is None:
        return ""
    import msgspec

    from records.custody import told
    from records.lines import read_hour
    from records.rounds import Place

    at = msgspec.convert(record.papel, Place)
    return f"El papel {told(at)}, desde {read_hour(at.desde)}\n"


def _titled(title: str, rows: str) -> str:
    return f"{title}\n{rows}\n" if rows else ""


def _read_of(office: Office, record: RecordView) -> tuple[list[str], list[Firma]]:
    """What reading noted of a sealed record's document, and its signatures as received."""
    from ingest.readings import Readings

    digest = next(
        (h.datos["lectura"] for h in record.historia[::-1] if h.datos.get("lectura")), None
    )
    if digest is None:
        return [], []
    try:
        reading = Readings(office.home / "lecturas", office.disk).load(digest)
    except Damaged:
        return [f"La lectura {digest[:12]}… falta: lo que se notó al leer ya no se sabe."], []
    return reading.notas, reading.firmas


def _way(record: RecordView) -> list[str]:
    """Who had a record, for how long, and who is awaited."""
    from records.lines import read_hour

    way = record.tramite
    if way is None or (len(way.recorrido) < 2 and way.dependencia is None):
        return []
    rows = [
        f"{read_hour(s.desde)}  {s.dependencia or 'por repartir'}"
        f"{f', {s.responsable}' if s.responsable else ''}  {s.horas} h"
        for s in way.recorrido
    ]
    for wait in way.espera:
        if wait.bandeja in ("vobo", "informados", "conjuntos"):
            rows.append(f"espera {wait.bandeja}: {wait.persona or wait.dependencia}")
    return rows


def _changes(record: RecordView) -> list[str]:
    """Annulment and corrections, as a person reads them."""
    from records.lines import read_hour

    out = []
    if record.eliminacion is not None:
        gone = record.eliminacion
        out.append(
            f"ELIMINADO por {gone['eliminacion']}, {gone.get('acta', 'sin acta')}, expediente "
            f"{gone.get('expediente', '—')} (firman {', '.join(gone.get('firman', []))}): quedan "
            f"las huellas de {len(gone['documentos'])} documento(s) y {gone['fichas']} asiento(s)"
        )
    if record.anulacion is not None:
        gone = record.anulacion
        out.append(
            f"ANULADO por el acta {gone['acta']} el {read_hour(gone['fecha'])}: {gone['motivo']} "
            f"(lo pidió {gone['solicita']}, firma {gone['firma']})"
        )
    for change in record.rectificaciones:
        for name, value in change.despues.items():
            before = change.antes.get(name, "—")
            out.append(
                f"Rectificado el {read_hour(change.fecha)} por {change.actor}: {name} decía "
                f"«{before}» y dice «{value}» ({change.motivo})"
            )
    return out


def _others(record: RecordView) -> list[str]:
    """What it is to other records, why it goes first, what its petitioner is to give."""
    from records.priority import NAMES
    from records.ties import TIES

    out = []
    if record.prioridad is not None:
        words = [NAMES.get(c, c).lower() for c in record.prioridad["causales"]]
        why = ", ".join(words) or "la causal ya no se conoce"
        out.append(f"Va antes de su turno: {why} ({record.prioridad['norma']})")
    for tie in record.vinculos:
        how = TIES.get(tie.como, tie.como)
        said = f"{tie.radicado} es {how} de este" if tie.viene else f"Es {how} de {tie.radicado}"
        out.append(said)
    if record.acumulado is not None:
        out.append(f"Se decide con {record.acumulado}")
    if record.acumulados:
        out.append(f"Con él se deciden {', '.join(record.acumulados)}")
    if record.espera is not None:
        out.append(f"Espera al peticionario. {record.espera.text()}")
    return out


def search(context: Context, options: argparse.Namespace) -> None:
    """buscar"""
    from records.imported import mark

    found = context.office().buscar(
        options.consulta, limite=max(1, min(options.limite, 10_000)), desde=options.desde
    )
    rows = [
        f"{r.radicado:<22} {r.fecha[:10]:<10}  {r.remitente[:24]:<24}  {r.asunto[:40]}"
        f"{f' · {mark(r.origen)}' if r.origen else ''}"
        for r in found.radicados
    ]
    more = f"\nHay más: --desde {found.siguiente}" if found.siguiente else ""
    context.show(builtins(found), "\n".join([*rows, f"{found.total} radicado(s)"]) + more)


def verify(context: Context, options: argparse.Namespace) -> int:
    """verificar"""
    from records import verify as rules

    office = context.office()
    if options.que is None:
        report = rules.verify(office, complete=options.completo)
    elif Path(options.que).is_file():
        report = rules.verify_file(office, Path(options.que))
    else:
        report = rules.verify_record(office, options.que)
    result = builtins(report)
    for aviso in report.avisos:
        context.warn(f"Aviso: {aviso}")
    if report.ok:
        context.show(result, _report_text(report))
        return ExitCode.DONE
    damage = Damaged(
        "no_verifica",
        f"{len(report.hallazgos)} hallazgo(s): lo guardado no verifica.",
        consejo="Nada se ha reparado. Conserve la carpeta como está y traiga un respaldo.",
    )
    if context.wants_json:
        error = {"codigo": damage.codigo, "mensaje": str(damage)}
        context.show({**result, "error": error}, "")
    else:
        context.say(_report_text(report))
    context.warn(str(damage))
    return ExitCode.NOT_VERIFIED


def _report_text(report: Report) -> str:
    findings = [
        f"✗ {f.mensaje} {f.archivo}{f', línea {f.linea}' if f.linea else ''}".rstrip()
        for f in report.hallazgos
    ]
    total = (
        f"{report.eventos} eventos, {report.radicados} radicados, {report.documentos} documentos"
    )
    verdict = "Todo verifica" if report.ok else "NO verifica"
    return "\n".join([*findings, f"{verdict}: {total}."])


def recover(context: Context, options: argparse.Namespace) -> None:
    """recuperar"""
    healed: dict[str, Any] = {}
    if options.desde:
        healed = _heal(context, Path(options.desde))
        context.partial.update(healed)
    reception = context.reception()
    try:
        found = reception.office.recuperar()
        told = found.cortes
        reception.ponerse_al_dia()
        read = reception.leer_pendientes()
        sealed = _seal(context, reception)
        rebuilt = reception.office.index.mend()
    finally:
        reception.close()
    result = {
        "recuperaciones": [{"fecha": e.at, **e.data} for e in told],
        "no_mostrados": found.no_mostrados,
        "leidos": len(read),
        "sellados": sealed,
        "indice_rehecho": rebuilt,
        **healed,
    }
    if found.no_mostrados:
        context.warn(f"Asignados y no mostrados por un corte: {', '.join(found.no_mostrados)}.")
    text = f"Recuperado: {len(told)} corte(s), {len(read)} por leer, {sealed} por sellar."
    context.show(result, text)


def _seal(context: Context, reception: Recepcion) -> int:
    """How many seals were finished; without the token the rest is mended all the same."""
    try:
        return reception.sellar_pendientes()
    except CannotSign as error:
        context.warn(f"Quedan sellos pendientes: {error}")
        return 0


def _heal(context: Context, source: Path) -> dict[str, Any]:
    """The part of recuperar that takes bytes from another copy; a fork ends the command."""
    from records.healing import sanar

    result: dict[str, Any] = builtins(sanar(context.office(), source))
    if result["bifurcaciones"]:
        context.partial.update(result)
        one = result["bifurcaciones"][0]
        raise Damaged(
            "bifurcacion",
            f"Hay dos diarios de {one['punto']}, que difieren desde la línea {one['desde']}.",
            consejo=f"No se cambió nada. La otra rama queda como prueba en {one['archivo']}: "
            "números iguales pueden estar en dos papeles. Llame a quien administra la entidad.",
        )
    for one in result["sanados"]:
        kept = f" (lo anterior está en {one['guardado']})" if one["guardado"] else ""
        context.say(f"Sanado: {one['archivo']}{kept}")
    return result
