"""How long an import from Orfeo takes: python -m bench.orfeo [RADICADOS] [HISTORY ROWS OF EACH].

Writes a dump of invented radicados, each with an address, its history and every other one an image,
and takes it over into a new demonstration office.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ingest.orfeo import Orfeo
from records.office import Office

CONFIG = Path(__file__).resolve().parents[1] / "config.toml"


def dump(n: int, events: int) -> Iterator[str]:
    """The dump's lines."""
    yield "SET client_encoding = 'UTF8';\n"
    yield "COPY public.radicado (radi_nume_radi, radi_fech_radi, ra_asun, radi_path) FROM stdin;\n"
    for i in range(n):
        subject = f"Solicitud {i} de arreglo de la vía de la vereda El Rosal"
        yield f"2019900{i:06d}2\t2019-05-06 10:{i % 60:02d}:00-05\t{subject}\t/2019/900/{i}.pdf\n"
    yield "\\.\n"
    yield "COPY public.hist_eventos (radi_nume_radi, hist_fech, hist_obse) FROM stdin;\n"
    for e in range(events):
        for i in range(n):
            yield f"2019900{i:06d}2\t2019-05-{e % 27 + 1:02d} 10:00:00-05\tReasignado {e}\n"
    yield "\\.\n"


def main(n: int, events: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        images = base / "bodega" / "2019" / "900"
        images.mkdir(parents=True)
        for i in range(0, n, 2):
            (images / f"{i}.pdf").write_bytes(b"%PDF-1.4 " + str(i).encode() * 5000)
        with (base / "orfeo.sql").open("w", encoding="utf-8") as file:
            file.writelines(dump(n, events))
        office, _ = Office.found(base / "oficina", CONFIG, demo=True)
        for what in ("import", "again"):
            start = time.perf_counter()
            done = Orfeo(office).importar(base / "orfeo.sql", bodega=base / "bodega")
            spent = time.perf_counter() - start
            print(f"{what}: {done.radicados} + {done.repetidos} radicados, {done.imagenes} images,"
                  f" {spent:.1f} s")  # fmt: skip
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"most memory: {memory} MB")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]] + [10_000, 10][len(sys.argv) - 1 :]
    main(given[0], given[1])
