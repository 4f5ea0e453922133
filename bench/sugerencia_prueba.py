"""The suggested área for petitions that no constant was chosen with (`peticiones.toml`).

A new office, then one that numbered 20, 50 and 100 of them, each time other ones (by chance, many
draws), is asked about the rest: in words that its history mostly does not have, and no sender ever
writes twice. «sin nombres»: the same with áreas whose names say nothing. Against it stands the
majority's rule. Usage:

    python -m bench.sugerencia_prueba [--json FILE] [--sorteos 20]

The petitions were invented after `records/matters.toml`, by the same hand.
"""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

from bench.medida import arguments, report
from bench.sugerencia import Counted, Score
from bench.sugerencia_cartas import Letter

SIZES = (0, 20, 50, 100)


def petitions() -> tuple[dict[str, str], list[Letter]]:
    """The áreas by code, and their petitions as letters."""
    text = (Path(__file__).parent / "peticiones.toml").read_text(encoding="utf-8")
    names: dict[str, str] = {}
    letters: list[Letter] = []
    for i, area in enumerate(tomllib.loads(text)["area"]):
        code = str(110 + 10 * i)
        names[code] = area["nombre"]
        for told in area["peticiones"]:
            subject, _, body = told.rpartition(" | ")
            fields = {"asunto": subject} if subject else {}
            letters.append(
                Letter(fields, f"Señores\nAlcaldía\n\nAsunto: {subject}\n\n{body}", code)
            )
    return names, letters


def measured(names: dict[str, str], letters: list[Letter], draws: int) -> dict[int, Score]:
    """Answers after each of `SIZES` petitions, over so many draws."""
    out = {size: Score() for size in SIZES}
    for draw in range(draws):
        drawn = random.Random(draw).sample(letters, len(letters))
        for size, score in out.items():
            office = Counted(names)
            for letter in drawn[:size]:
                office.learn(letter)
            most = max(names, key=lambda a: office.cartas[a])
            for letter in drawn[size:]:
                score.add(letter, office.ask(letter), most)
    return out


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--sorteos", type=int, default=20, metavar="N")
    options = parser.parse_args()
    names, letters = petitions()
    figures: dict[str, Any] = {"petitions": len(letters)}
    for told, of in (("", names), ("sin nombres ", {a: f"Dependencia {a}" for a in names})):
        for size, score in measured(of, letters, options.sorteos).items():
            figures |= score.figures(f"{told}after {size}")
    report("sugerencia_prueba", figures, options.json)


if __name__ == "__main__":
    main()
