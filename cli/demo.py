"""The command `demo`: a whole morning at the counter, through the public doors, on the samples.

It goes through the watched inbox, numbers, discards a private letter, leaves one for the interface
and verifies all. `samples/verdad.json` says what a clerk would do with each letter; no rule knows
of a demo.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import Context
from records.errors import ExitCode, Refused

if TYPE_CHECKING:
    import argparse

    from ingest.drafts import Draft
    from ingest.reception import Recepcion

ROOT = Path(__file__).resolve().parents[1]


def add(commands: Any) -> None:
    """Add this command."""
    demo = commands.add_parser("demo", help="una oficina de demostración, de principio a fin")
    demo.add_argument("--sin-tui", action="store_true", help="no dice cómo abrir la interfaz")
    demo.set_defaults(call=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """demo"""
    from records import verify

    started = time.monotonic()
    truth = _samples()
    reception = _reception(context)
    office = reception.office
    try:
        reception.ponerse_al_dia()
        dropped = _drop(reception, truth)
        context.say(f"1. {dropped} documento(s) entran por {reception.inbox}")
        _receive(context, reception)
        _decide(context, reception, truth)
        reception.sellar_pendientes()
    finally:
        reception.close()
    report = verify.verify(office, complete=True)
    office.index.catch_up()
    result: dict[str, Any] = {
        "radicados": report.radicados,
        "verificado": report.ok,
        "paginas": _pages(reception),
        "segundos": round(time.monotonic() - started, 1),
        "borradores": len(reception.bandeja()),
        "cuarentena": len(reception.bandeja(cuarentena=True)),
    }
    if not report.ok:
        result["error"] = {"codigo": "no_verifica", "mensaje": "Lo guardado no verifica."}
    context.show(result, _summary(context, result, quiet=options.sin_tui))
    return ExitCode.DONE if report.ok else ExitCode.NOT_VERIFIED


def _samples() -> dict[str, dict[str, Any]]:
    path = ROOT / "samples" / "verdad.json"
    if not path.is_file():
        raise Refused(
            "sin_muestras",
            "Esta instalación no trae los documentos de muestra.",
            consejo="Ejecute la demostración desde la carpeta del proyecto.",
        )
    return {row["archivo"]: row for row in json.loads(path.read_text(encoding="utf-8"))}


def _reception(context: Context) -> Recepcion:
    if not (context.casa / "journal").is_dir():
        from records.office import Office

        Office.found(context.casa, ROOT / "config.toml", demo=True)
    reception = context.reception()
    if not reception.office.authority.demo:
        raise Refused(
            "no_es_demo",
            f"{context.casa} es una oficina de verdad.",
            consejo="Elija otra carpeta con --casa.",
        )
    return reception


def _drop(reception: Recepcion, truth: dict[str, dict[str, Any]]) -> int:
    """Put into the inbox what this office never received, as a scanner would."""
    from records.lines import sha256

    reception.office.index.catch_up()
    dropped = 0
    for name in sorted(truth):
        source = ROOT / "samples" / name
        data = source.read_bytes()
        if reception.office.index.receptions("sha256=?", (sha256(data),)):
            continue
        lane = "fax" if "fax" in name else ""
        folder = reception.inbox / lane
        folder.mkdir(exist_ok=True)
        half = folder / f".{name}"
        half.write_bytes(data)
        half.replace(folder / name)
        dropped += 1
    return dropped


def _receive(context: Context, reception: Recepcion) -> None:
    from cli.reception import told

    for one in reception.vigilar_una_vez():
        context.say(f"   {told(one)}")


def _decide(context: Context, reception: Recepcion, truth: dict[str, dict[str, Any]]) -> None:
    """What a clerk would do with each letter."""
    context.say("2. Se radica en el orden de recepción")
    for draft in reception.bandeja():
        action = truth.get(draft.archivo, {}).get("accion", "dejar")
        if action == "descartar":
            reception.descartar(draft.id, "privada", nota="Carta personal a un funcionario")
            context.say(f"   {draft.archivo}: correspondencia privada, no se radica")
        elif action == "radicar":
            _number(context, reception, draft, truth[draft.archivo])


def _number(context: Context, reception: Recepcion, draft: Draft, truth: dict[str, Any]) -> None:
    from cli.reception import issued_text

    issued = reception.radicar(draft.id, {"folios": str(truth["folios"])})
    context.say(f"   {issued_text(issued)}   {draft.archivo}")


def _pages(reception: Recepcion) -> int:
    """Pages of all signed records."""
    office = reception.office
    radicados = [r.radicado for r in office.buscar("", limite=10_000).radicados]
    seals = [office.estado(office.subject(r)).sellado for r in radicados]
    return sum(s.paginas for s in seals if s is not None)


def _summary(context: Context, result: dict[str, Any], *, quiet: bool) -> str:
    verdict = "todo verifica" if result["verificado"] else "NO verifica"
    text = (
        f"3. {result['radicados']} radicados firmados, {result['paginas']} páginas, "
        f"{result['segundos']} s; {verdict}\n"
        f"   Por radicar: {result['borradores']} · No se pudo leer: {result['cuarentena']}\n"
        f"   Los registros están en {context.casa / 'vault'}"
    )
    casa = "" if context.casa == Path("oficina").absolute() else f" --casa {context.casa}"
    return text if quiet else f"{text}\nAhora abra la interfaz: ./ventanilla tui{casa}"
