"""What it costs a search to leave out what a person may not see.

Over an index of many records the same searches are asked by the head of the correspondence unit,
from whom nothing is withheld (the search as it was before there were levels), and by others. Ratios
are of those to that one, first with nothing classified, then with some records reserved.

    python -m bench.reserva [--json FILE] [--indice 100000] [--reservados 500] [--rondas 15]
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.medida import arguments, report
from bench.sugerencia import indexed
from records.index import Index
from records.query import search
from records.reserve import ALL_SEEING, Sight

DAY = "2026-11-22"
QUERIES = ("", "luminaria", "area:140 estado:radicado", "no hueco", "desde:2026-01-01 alcalde")
WHO = {
    "jefe": Sight(DAY, frozenset(["a"]), roles=frozenset([ALL_SEEING])),
    "nadie": Sight(DAY),
    "auditor": Sight(DAY, frozenset(["b"]), roles=frozenset(["auditor"])),
    "jefe_area": Sight(DAY, frozenset(["c"]), frozenset(["140"]), frozenset(["140"])),
}


def asked(index: Index, rounds: int) -> dict[str, float]:
    """Milliseconds of all the searches at their quickest, by who asks; asked in turn."""
    times: dict[str, list[float]] = {who: [] for who in WHO}
    for _ in range(rounds):
        for who, sight in WHO.items():
            started = time.perf_counter()
            for query in QUERIES:
                search(index, query, sight)
            times[who].append(1000 * (time.perf_counter() - started))
    return {who: min(some) for who, some in times.items()}


def reserve(index: Index, records: int, how_many: int) -> None:
    """Reserve some records, spread over the index, each open to one área."""
    db = index._open()
    step = max(1, records // how_many)
    ids = [(i,) for i in range(1, records, step)]
    area = "INSERT INTO permiso SELECT id, NULL, dependencia, NULL FROM registro WHERE id=?"
    db.executemany(area, ids)


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--indice", type=int, default=100_000, metavar="N")
    parser.add_argument("--reservados", type=int, default=500, metavar="N")
    parser.add_argument("--rondas", type=int, default=15, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as folder:
        index = indexed(Path(folder) / "casa", options.indice, 0.08)
        index.query("SELECT 1")
        before = asked(index, options.rondas)
        reserve(index, options.indice, options.reservados)
        after = asked(index, options.rondas)
        index.close()
    figures = {f"{who} over jefe, nothing classified": before[who] / before["jefe"]
               for who in WHO if who != "jefe"}  # fmt: skip
    figures |= {f"{who} over jefe, {options.reservados} reserved": after[who] / after["jefe"]
                for who in WHO if who != "jefe"}  # fmt: skip
    figures["ms of five searches, jefe"] = before["jefe"]
    report("reserva", figures, options.json)


if __name__ == "__main__":
    main()
