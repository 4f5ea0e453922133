"""The screens as pictures, and a morning at the counter as a moving one, for `docs/img`.

    python -m bench.pantallas [--solo NOMBRE…]

They are drawn by the program itself, over a demonstration office that has read the letters of
`samples/`, so that they show what is there.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cli.main import main as ventanilla
from records.office import Office
from records.trd import Row, Table
from retention.archive import Archivo
from tui import themes
from tui.actions import rooms
from tui.app import VentanillaApp
from tui.graphics import Graphics
from tui.tasks import Tasks

if TYPE_CHECKING:
    from textual.pilot import Pilot

IMAGES = Path(__file__).parents[1] / "docs" / "img"
SIZE = (96, 30)
PERSON = "demo"
SHOTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "recepcion": ("recepcion", ("enter",)),
    "no-radicar": ("recepcion", ("f8",)),
    "manual": ("recepcion", ("f1",)),
    "area": ("area", ()),
    "archivo": ("archivo", ("2",)),
    "consulta": ("consulta", (*"alumbrado",)),
    "radicado": ("consulta", ("enter", "enter")),
    "tablero": ("tablero", ()),
    "procesos": ("procesos", ()),
    "integridad": ("integridad", ()),
}
"""File → (room, keys)."""
STORY = (
    (2.4, ()), (1.6, ("enter",)), (1.4, ("enter",)), (1.4, ("enter",)), (2.4, ("f2",)),
    (1.6, ("ctrl+f",)), (1.8, tuple("alumbrado")), (2.6, ("enter", "enter")),
    (2.0, ("escape", "ctrl+d")), (2.4, ("ctrl+r",)),
)  # fmt: skip
"""(seconds that it stands, keys before)."""


def trd() -> Table:
    """A table for the demonstration."""
    rows = [
        Row(codigo="140.02.01", dependencia="140", serie="02", nombre_serie="DERECHOS DE PETICIÓN",
            subserie="01", nombre_subserie="Peticiones de interés general",
            tipos=["Petición", "Respuesta"], ag=2, ac=8, disposicion=["S"], muestra=10),
        Row(codigo="140.02.02", dependencia="140", serie="02", nombre_serie="DERECHOS DE PETICIÓN",
            subserie="02", nombre_subserie="Quejas y reclamos", ag=2, ac=3, disposicion=["E"]),
        Row(codigo="120.03", dependencia="120", serie="03", nombre_serie="CONTRATOS",
            ag=2, ac=18, disposicion=["CT"], evento="liquidación del contrato"),
    ]  # fmt: skip
    return Table(
        version="1", entidad="Alcaldía", acto="Resolución 30 de 2026", desde="2026-01-01",
        series=rows,
    )  # fmt: skip


def furnish(home: Path) -> None:
    """The demonstration's morning, and what came of it."""
    ventanilla(["demo", "--casa", str(home), "--sin-tui"])
    office = Office(home, persona=PERSON)
    numbers = [r.radicado for r in reversed(office.buscar("").radicados)]
    office.asignar(numbers[:2], "140", "mquintero")
    office.adoptar_trd(trd())
    archive = Archivo(office)
    archive.abrir("140.02.02", "Alumbrado del parque", con=numbers[2:3])
    done = archive.abrir("140.02.01", "Visita a la vía del Pescador", con=numbers[3:4]).expediente
    archive.cerrar(done, "Se respondió")


async def driven(home: Path, room: str, steps: list[tuple[str, ...]]) -> list[str]:
    """The screen after each step, as SVG."""
    tasks = Tasks(home, PERSON)
    tasks.viewing.graphics = Graphics("no")
    app = VentanillaApp(tasks, watch=False, theme=themes.OWN, room=room)
    out = []
    try:
        async with app.run_test(size=SIZE) as pilot:
            for keys in steps:
                await _rest(app, pilot)
                for key in keys:
                    await pilot.press(key)
                    await _rest(app, pilot)
                await _rest(app, pilot)
                out.append(picture(app))
    finally:
        tasks.close()
    return out


async def _rest(app: VentanillaApp, pilot: Pilot[int]) -> None:
    for _ in range(3):
        await pilot.pause(0.1)
        while app.tasks.busy or app.typed_ahead:
            await pilot.pause(0.05)


def picture(app: VentanillaApp) -> str:
    """What is seen, as SVG that asks nothing of any other machine."""
    svg = app.export_screenshot(title="Ventanilla", simplify=True)
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    return svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


def moving(frames: list[str], seconds: list[float]) -> str:
    """Pictures one after the other, over and over, as one SVG."""
    total = sum(seconds)
    first = re.search(r'viewBox="([^"]+)"', frames[0])
    assert first is not None
    rules, parts, begun = [], [], 0.0
    for n, (svg, stands) in enumerate(zip(frames, seconds, strict=True)):
        start, end = begun / total * 100, (begun + stands) / total * 100
        begun += stands
        rules.append(
            f"@keyframes f{n}{{0%,{start:.2f}%{{visibility:hidden}}"
            f"{start + 0.01:.2f}%,{end:.2f}%{{visibility:visible}}"
            f"{min(end + 0.01, 100):.2f}%,100%{{visibility:hidden}}}}"
            f"#f{n}{{visibility:hidden;animation:f{n} {total:.1f}s infinite step-end}}"
        )
        body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
        # Each picture's names are its own.
        names = sorted(set(re.findall(r"terminal-\d+", body)))
        for name in names:
            body = body.replace(name, f"t{n}")
        parts.append(f'<g id="f{n}">{body}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{first[1]}">\n'
        f"<style>{''.join(rules)}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def main() -> None:
    """Draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--solo", nargs="*", choices=[*SHOTS, "manana"], default=None)
    wanted = parser.parse_args().solo or [*SHOTS, "manana"]
    assert {room for room, _ in SHOTS.values()} == set(rooms.BY_ID), "a room has no picture"
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VENTANILLA_MARCAS"] = f"{folder}/marcas"
        home = Path(folder) / "oficina"
        furnish(home)
        for name in wanted:
            if name in SHOTS:
                room, keys = SHOTS[name]
                (svg,) = asyncio.run(driven(home, room, [keys]))
            else:
                steps = [keys for _, keys in STORY]
                svg = moving(asyncio.run(driven(home, "recepcion", steps)), [s for s, _ in STORY])
            path = IMAGES / f"{name}.svg"
            path.write_text(svg, encoding="utf-8")
            print(f"{path.relative_to(IMAGES.parents[1])}: {len(svg) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
