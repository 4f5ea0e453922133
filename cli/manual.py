"""The manual of the commands, docs/cli.md, from the parser itself: `python -m cli.manual`.

Written from the parser's actions and not from its help text, so that neither the width of a
terminal nor the environment changes a byte of it. A test compares it with the page.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = """\
# Órdenes de Ventanilla

<!-- Esta página se genera: python -m cli.manual > docs/cli.md -->

Cada orden se escribe `ventanilla ORDEN …` (desde la carpeta del proyecto, `./ventanilla ORDEN …`).
Lo que va entre corchetes es opcional y `…` quiere decir que se puede repetir.
"""

_CODES = """\
## Con qué termina una orden

| código | qué quiere decir |
|---|---|
| 0 | hecho |
| 1 | rechazado por una regla, un permiso o un dato; el mensaje dice por qué y qué hacer |
| 2 | la orden está mal escrita, o todavía no existe |
| 3 | algo de lo guardado no verifica |
| 4 | el equipo no puede: falta un programa, espacio o permiso |
| 130 | interrumpida con Ctrl+C |

Con `--json` sale un documento JSON por la salida estándar, también con los códigos 1 a 4: entonces
trae `"error": {"codigo", "mensaje"}` y, si la hay, `"norma"`. En `leer` el error va con su archivo
y los demás se leen, en `doctor` va en `problemas` y en `demo` en `verificado`. Lo demás sale por la
salida de errores.
"""

_ENVIRONMENT = {
    "--casa": "`$VENTANILLA_CASA`, y si no `./oficina`",
    "--persona": "`$VENTANILLA_PERSONA`",
    "--clave-archivo": "`$VENTANILLA_CLAVE_ARCHIVO`",
}


def manual() -> str:
    """docs/cli.md: global options, every command with its arguments, what is still to come."""
    from cli import main
    from cli.spanish import speak_spanish

    speak_spanish()
    parser = main.build()
    common = {a.dest for a in parser._actions if a.option_strings}
    parts = [_HEAD, _general(parser), _CODES]
    commands = sorted(_commands(parser), key=lambda c: c[0])
    parts += [_section(path, help_, one, common) for path, help_, one in commands]
    parts.append(_to_come(main.to_come(parser)))
    return "\n".join(parts)


def _commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = (), help_: str = ""
) -> Iterator[tuple[tuple[str, ...], str, argparse.ArgumentParser]]:
    """Every command that does something: (words, help, its parser)."""
    inner = next((a for a in parser._actions if isinstance(a, argparse._SubParsersAction)), None)
    if inner is None:
        yield path, help_, parser
        return
    told = {action.dest: action.help or "" for action in inner._choices_actions}
    for name, sub in inner.choices.items():
        yield from _commands(sub, (*path, name), told.get(name, ""))


def _general(parser: argparse.ArgumentParser) -> str:
    rows = []
    for action in parser._actions:
        if not action.option_strings:
            continue
        fallback = _ENVIRONMENT.get(action.option_strings[-1], "")
        rows.append(f"| {_names(action)} | {_cell(action.help)} | {fallback} |")
    return "\n".join(
        [
            "## Opciones generales\n",
            "Valen antes y después de la orden.\n",
            "| opción | qué es | si no se da |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _section(
    path: tuple[str, ...], help_: str, parser: argparse.ArgumentParser, common: set[str]
) -> str:
    own = [a for a in parser._actions if not (a.option_strings and a.dest in common)]
    own.sort(key=lambda a: bool(a.option_strings))
    words = " ".join(["ventanilla", *path, *map(_usage, own)])
    out = [f"## {' '.join(path)}\n", f"{help_[:1].upper()}{help_[1:]}.\n", f"    {words}\n"]
    if own:
        out += ["| argumento | qué es |", "|---|---|"]
        out += [f"| {_names(a)} | {_meaning(a)} |" for a in own]
        out.append("")
    return "\n".join(out)


def _usage(action: argparse.Action) -> str:
    if not action.option_strings:
        name = _value(action)
        return {"?": f"[{name}]", "+": f"{name}…", "*": f"[{name}…]"}.get(str(action.nargs), name)
    flag = action.option_strings[-1]
    text = flag if action.nargs == 0 else f"{flag} {_value(action)}"
    if isinstance(action, argparse._AppendAction):
        text += "…"
    return text if action.required else f"[{text}]"


def _names(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{_value(action)}`"
    value = "" if action.nargs == 0 else f" {_value(action)}"
    return ", ".join(f"`{name}{value}`" for name in action.option_strings).replace("|", "\\|")


def _value(action: argparse.Action) -> str:
    shown = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    return shown.replace("|", "/")


def _meaning(action: argparse.Action) -> str:
    notes = [_cell(action.help)] if action.help else []
    if action.choices is not None:
        notes.append("uno de: " + ", ".join(map(str, action.choices)))
    if action.required and action.option_strings:
        notes.append("obligatoria")
    if action.default not in (None, False, [], argparse.SUPPRESS, ""):
        notes.append(f"si no se da: `{action.default}`")
    return "; ".join(notes)


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


def _to_come(names: list[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in sorted(names))
    return (
        "## Lo que todavía no existe\n\n"
        "Estas órdenes están previstas y responden «todavía no» con el código 2, como también las "
        "opciones que\narriba dicen «(todavía no)»:\n\n" + listed + ".\n"
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.stdout.write(manual())
