"""How often the área suggested from an office's history is right, and what its confidence is worth.

The letters are invented (`bench.sugerencia_cartas`): an office learns from letters of one wording
and is asked about the same matters in other words, under other subject lines (`reworded`), and
about matters that it never had (`unheard`). Some letters of the history went to the wrong área.
Against it stands the majority's rule: always the área with most letters. Usage:

    python -m bench.sugerencia [--json FILE] [--indice 100000] [--ruido 0.08] [--semilla 1]

The constants of `records.learned` were chosen on these very letters (seed 1). Another seed draws
other letters of the same sentences: it shows chance, not wordings that nobody had seen.

Time is that of `Index.history` and `learned.suggest` over an index of that many records, with
letters of a page; 0 leaves that out.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.medida import arguments, median, report, timed
from bench.sugerencia_cartas import FOLDS, Letter, Town, Way
from records import learned, matters, routing, senders
from records.events import NumberAssigned, RecordSealed
from records.index import Index
from records.learned import History, Suggestion
from records.state import State

SIZES = (0, 20, 50, 100, 500, 2000)
OFFICES = ("alcaldia", "salud")
ASKED = 300
READINGS = 20_000
GOAL_MS = 50


class Counted:
    """What an index counts, in memory: for thousands of small offices."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self.cartas: Counter[str] = Counter()
        self._rasgos: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._senders: defaultdict[str, list[str]] = defaultdict(list)

    def learn(self, letter: Letter) -> None:
        """Take in a letter that went to its área."""
        self.cartas[letter.area] += 1
        for feature in routing.letter(letter.campos, letter.texto)[0]:
            self._rasgos[feature][letter.area] += 1
        for key in senders.keys_of(letter.campos):
            self._senders[key].append(letter.area)

    def ask(self, letter: Letter) -> list[Suggestion]:
        """The áreas for a letter."""
        told, subject = routing.letter(letter.campos, letter.texto)
        key = next((k for k in senders.keys_of(letter.campos) if k in self._senders), None)
        sender = (key.partition(":")[0], self._senders[key][:-11:-1]) if key else None
        counts = {f: self._rasgos[f] for f in told if f in self._rasgos}
        history = History(self.cartas, counts, sender)
        return learned.suggest(told, subject, history, self.names, matters.claims(self.names))


class Score:
    """Answers: whether the first and the first three were right, and how sure the first was."""

    def __init__(self) -> None:
        self.rows: list[tuple[bool, bool, bool, int]] = []

    def add(self, letter: Letter, told: list[Suggestion], majority: str) -> None:
        """An answer, and what the majority's rule would have said."""
        areas = [s.dependencia for s in told]
        sure = told[0].confianza if told else 0
        self.rows.append(
            (areas[:1] == [letter.area], letter.area in areas, majority == letter.area, sure)
        )

    def share(self, column: int) -> float:
        """Of all letters, those where a column holds; what was not answered is not right."""
        return sum(bool(r[column]) for r in self.rows) / len(self.rows)

    def figures(self, name: str) -> dict[str, Any]:
        """Shares, ratio to the majority's rule, and the calibration of what was answered."""
        given = [r for r in self.rows if r[3]]
        sure = [r for r in given if r[3] >= 90]
        bands: dict[int, list[tuple[bool, bool, bool, int]]] = defaultdict(list)
        for row in given:
            bands[row[3] // 10].append(row)
        off = sum(abs(sum(r[0] for r in of) - sum(r[3] for r in of) / 100) for of in bands.values())
        return {
            f"{name}: top 1": self.share(0),
            f"{name}: top 3": self.share(1),
            f"{name}: top 1 / majority": self.share(0) / max(self.share(2), 1e-9),
            f"{name}: answered": len(given) / len(self.rows),
            f"{name}: right of those answered": sum(r[0] for r in given) / max(len(given), 1),
            f"{name}: right of those at 90 and above": sum(r[0] for r in sure) / max(len(sure), 1),
            f"{name}: at 90 and above": len(sure) / len(self.rows),
            f"{name}: calibration error": off / max(len(given), 1),
        }


def curve(
    way: Way, noise: float, sizes: tuple[int, ...] = SIZES, seed: int = 1
) -> dict[int, Score]:
    """Answers after each of *sizes* letters, over all offices and folds."""
    out = {size: Score() for size in sizes}
    for name in OFFICES:
        for fold in range(FOLDS):
            town = Town(name, seed, fold=fold)
            office = Counted(town.areas)
            asked = [town.letter(way) for _ in range(ASKED)]
            for count in range(max(sizes) + 1):
                if count:
                    office.learn(town.letter("known", noise=noise))
                if count in out:
                    most = max(town.areas, key=lambda a: office.cartas[a])
                    for letter in asked:
                        out[count].add(letter, office.ask(letter), most)
    return out


def indexed(home: Path, records: int, noise: float) -> Index:
    """An index of so many records, each put there as the journal's are."""
    town = Town("alcaldia", 1)
    letters = [town.letter("known", noise=noise) for _ in range(min(READINGS, records))]
    (home / "lecturas").mkdir(parents=True)
    for i, letter in enumerate(letters):
        text = json.dumps({"paginas": [{"texto": letter.texto}]}, ensure_ascii=False)
        (home / "lecturas" / f"{i:064x}.json").write_text(text, encoding="utf-8")
    index = Index(home)
    db = index._open()
    db.execute("BEGIN")
    for state in _states(letters, records):
        index.records.put(db, "VU1", state)
    index.records.put_lessons(db)
    db.execute("COMMIT")
    return index


def _states(letters: list[Letter], records: int) -> Iterator[State]:
    at = "2026-03-02T08:00:00.000-05:00"
    for n in range(1, records + 1):
        letter = letters[n % len(letters)]
        number = NumberAssigned(
            radicado=f"2026-VU1-E-{n:06d}", clase="E", vigencia=2026, n=n, anterior=None,
            recepcion=f"VU1.{n}",
            tipo=letter.campos.get("tipo"), dependencia=letter.area,
        )  # fmt: skip
        sealed = RecordSealed(
            radicado=number.radicado, sha256="0" * 64, original="0" * 64, paginas=1, bytes=1,
            certificado="0" * 64, lectura=f"{n % len(letters):064x}",
        )  # fmt: skip
        public = dict.fromkeys(("canal", "tipo", "dependencia", "responsable"))
        public |= {"tipo": number.tipo, "dependencia": letter.area}
        yield State(
            f"VU1.{n}", recibido=at, numero=number, fecha=at, campos=dict(letter.campos),
            publicos=public, sellado=sealed,
        )  # fmt: skip


def time_of(records: int, noise: float) -> dict[str, Any]:
    """Milliseconds a suggestion over an index of so many records, and what the counts weigh."""
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as folder:
        index = indexed(Path(folder) / "casa", records, noise)
        town = Town("alcaldia", 2)
        times = []
        for _ in range(200):
            letter = town.letter("reworded")

            def ask(letter: Letter = letter) -> None:
                told, subject = routing.letter(letter.campos, letter.texto)
                keys = (*senders.keys_of(letter.campos), *senders.origins_of(letter.campos))
                history = index.history(told, keys)
                learned.suggest(told, subject, history, town.areas, matters.claims(town.areas))

            times.append(1000 * timed(ask)[0])
        (rows,) = index.query("SELECT count(*), sum(length(rasgo) + 12) FROM aprendido")
        index.close()
    times.sort()
    return {
        f"ms a suggestion at {records} records": median(times),
        f"ms a suggestion, the slowest of 200 (goal {GOAL_MS})": times[-1],
        "counts kept": rows[0],
        "MB of counts, about": rows[1] / 1e6,
    }


def table(scores: dict[int, Score]) -> list[tuple[int, int, float, float]]:
    """(band, answers, share right, mean confidence) over all sizes."""
    bands: dict[int, list[tuple[bool, bool, bool, int]]] = defaultdict(list)
    for row in (r for s in scores.values() for r in s.rows if r[3]):
        bands[row[3] // 10 * 10].append(row)
    return [
        (b, len(of), sum(r[0] for r in of) / len(of), math.fsum(r[3] for r in of) / len(of))
        for b, of in sorted(bands.items())
    ]


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--indice", type=int, default=100_000, metavar="N")
    parser.add_argument("--ruido", type=float, default=0.08, metavar="SHARE")
    parser.add_argument("--semilla", type=int, default=1, metavar="N")
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    reworded = curve("reworded", options.ruido, seed=options.semilla)
    for size, score in reworded.items():
        figures |= score.figures(f"reworded after {size}")
    for size, score in curve("unheard", options.ruido, (0, 50, 100, 2000), options.semilla).items():
        figures |= score.figures(f"unheard after {size}")
    if options.indice:
        figures |= time_of(options.indice, options.ruido)
    figures["reliability"] = table(reworded)
    report("sugerencia", figures, options.json)


if __name__ == "__main__":
    main()
