"""What is due of 5,000 expedientes with 100,000 records, against its limit of one second.

    python -m bench.archivo [--expedientes 5000] [--registros 20] [--json FILE]

An office is made with so many imported records in so many closed expedientes. Timed are the
command as people run it, in a process of its own, and the question alone; the limit is one second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from records import lines
from records.expedientes import Closed, Filed, Opened, subject_of
from records.importing import Imported
from records.journal import Draft, Writer
from records.numbering import next_of_archive
from records.office import Office
from records.trd import Fate, Row, Table
from retention.archive import Archivo

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 1.0
"""Seconds in which what is due must be told."""
AT_ONCE = 20
FATES: list[list[Fate]] = [["E"], ["CT"], ["S"], ["CT", "M"]]


def table() -> Table:
    """Forty series of four dispositions."""
    rows = [
        Row(codigo=f"120.{n:02d}", dependencia="120", serie=f"{n:02d}", nombre_serie=f"Serie {n}",
            ag=1 + n % 3, ac=n % 8, disposicion=FATES[n % 4])
        for n in range(1, 41)
    ]  # fmt: skip
    return Table(version="1", entidad="Prueba", acto="acto", desde="2000-01-01", series=rows)


def filled(home: Path, expedientes: int, each: int) -> Archivo:
    """An office with so many closed expedientes of so many records."""
    office, _ = Office.found(home, ROOT / "config.toml", demo=True)
    office.adoptar_trd(table())
    names = [f"9{n:011d}" for n in range(expedientes * each)]
    office.importar(
        (Imported(radicado=name, clase="E", campos={"asunto": "Asunto"}) for name in names),
        {"origen": "bench"},
        origen="orfeo",
    )
    door = Archivo(office)
    digest = door.adopcion().sha256
    for first in range(0, expedientes, AT_ONCE):
        count = min(AT_ONCE, expedientes - first)
        office.asentar(lambda w, f=first, c=count: _events(office, w, f, c, each, names, digest))  # type: ignore[misc]
    return door


def _events(
    office: Office, writer: Writer, first: int, count: int, each: int, names: list[str], trd: str
) -> list[Draft]:
    year = int(writer.at()[:4])
    _, n, before = next_of_archive(office.settings, writer.tail, "EXP", year)
    drafts: list[Draft] = []
    seq = writer.next_seq()
    for k in range(count):
        name = f"{year}-{office.punto}-EXP-{n + k:06d}"
        subject = subject_of(name)
        serie = f"120.{1 + (first + k) % 40:02d}"
        opened = Opened(
            expediente=name, vigencia=year, n=n + k, anterior=before, serie=serie, trd=trd,
            dependencia="120",
        )  # fmt: skip
        drafts.append(Draft(opened, subject, "demo", (), {"nombre": f"Asunto {first + k}"}))
        own = names[(first + k) * each : (first + k + 1) * each]
        drafts += [
            Draft(Filed(expediente=name, orden=i, radicado=r), subject, "demo")
            for i, r in enumerate(own, start=1)
        ]
        day = date.today() - timedelta(days=(first + k) % 4000)
        shut = Closed(expediente=name, fecha=day.isoformat(), documentos=each, folios=0, indice=trd)
        drafts.append(Draft(shut, subject, "demo"))
        before = seq
        seq += len(own) + 2
    return drafts


def asked(door: Archivo) -> tuple[float, int]:
    """Seconds of the question alone, the best of five, and how much is due."""
    best, due = 1e9, 0
    for _ in range(5):
        began = time.perf_counter()
        found = Archivo(door.office).pendientes(lines.now().date())
        best = min(best, time.perf_counter() - began)
        due = len(found.transferir) + len(found.eliminar)
    return best, due


def commanded(home: Path) -> float:
    """Seconds of the whole command, the best of five."""
    best = 1e9
    words = [sys.executable, "-P", "-m", "cli.main", "retencion", "pendientes", "--json"]
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(
            [*words, "--casa", str(home)], check=True, capture_output=True, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--expedientes", type=int, default=5000)
    parser.add_argument("--registros", type=int, default=20)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VENTANILLA_MARCAS"] = f"{folder}/marcas"
        home = Path(folder) / "oficina"
        began = time.perf_counter()
        door = filled(home, options.expedientes, options.registros)
        making = time.perf_counter() - began
        question, due = asked(door)
        command = commanded(home)
    result = {
        "expedientes": options.expedientes,
        "registros": options.expedientes * options.registros,
        "debidos": due,
        "segundos_hacerlo": round(making, 1),
        "segundos_pregunta": round(question, 3),
        "segundos_orden": round(command, 3),
        "proporcion_del_limite": round(command / LIMIT, 3),
    }
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
