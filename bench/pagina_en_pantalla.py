"""How long a clerk waits for a scanned page: from the question to cells, first and kept.

    python bench/pagina_en_pantalla.py CARPETA [columnas filas]

CARPETA holds PDF, TIFF, JPEG or PNG. «primera»: the limited child draws the page; «guardada»: it is
kept, and another piece of it is cut. Milliseconds, median and worst. The limit is 150 for both.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

LIMIT = 150


def measure(folder: Path, columns: int, rows: int) -> dict[str, list[float]]:
    """Milliseconds of every document, by what was done."""
    from ingest.lectura import Unreadable
    from ingest.raster import page_of
    from tui.pictures import Ask, Sheet, draw

    spent: dict[str, list[float]] = {}
    for path in sorted(
        p for p in folder.rglob("*") if p.suffix in (".pdf", ".tif", ".jpg", ".png")
    ):
        before = time.perf_counter()
        try:
            seen = page_of(path, 1)
        except Unreadable as error:
            print(f"{path}: {error}", file=sys.stderr)
            continue
        size = seen.pixeles_ancho, seen.pixeles_alto
        points = (612.0, 612.0 * size[1] / size[0])
        sheet = Sheet(1, seen.paginas, points, size, seen.grises)
        child = (time.perf_counter() - before) * 1000
        for kind in ("celdas", "sixel", "kitty"):
            for place in ((90.0, 120.0, 300.0, 132.0), (90.0, 400.0, 300.0, 412.0)):
                before = time.perf_counter()
                draw(sheet, Ask("", 1, columns, rows, box=place), kind, (8, 16), "cuartos")
                took = (time.perf_counter() - before) * 1000
                spent.setdefault(f"guardada, {kind}", []).append(took)
            spent.setdefault(f"primera, {kind}", []).append(child + took)
    return spent


def main() -> int:
    """Print the table; 1 where a median is over the limit."""
    from ingest.child import warm_up

    warm_up()
    time.sleep(3)  # the fork server loads its decoders, as it does while the program starts
    columns, rows = (int(a) for a in (sys.argv[2:4] or ("76", "12")))
    spent = measure(Path(sys.argv[1]), columns, rows)
    for name, values in sorted(spent.items()):
        print(f"{name:20} {statistics.median(values):7.1f} {max(values):7.1f} ({len(values)})")
    return int(any(statistics.median(values) > LIMIT for values in spent.values()))


if __name__ == "__main__":
    sys.exit(main())
