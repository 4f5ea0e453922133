"""How often suggested fields are right, and whether their confidence means what it says.

Readings are files of `Lectura` as JSON, named `<corpus>-<class>-<number>.json`; a corpus is a
folder with `<class>/<number>.txt` (what is printed, line by line) and `.json` (its fields). No
engine runs: the rules are put to the pages as they were read. Usage:

    python -m bench.campos [--json FILE] [--palabras] [--fallos] READINGS CORPUS [CORPUS…]

The reliability table says, for each band of confidence, how many values had it and how many of
them were right; of those at 90 and above 98 in 100 must be.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.medida import arguments, report
from ingest.fields import suggest
from ingest.fields.dates import dates
from ingest.lectura import Lectura
from ingest.letter import plain

SURE = 90
BAND = 5
NAMES = {"nombre": "remitente", "radicado": "oficio"}
"""Fields of a corpus that the form calls otherwise."""
GOALS = {
    ("clean200bw", "clean300g"): 0.97,
    ("noisy", "faxfine"): 0.90,
    ("faxstd",): 0.80,
}
"""Least share of exact values of `AIMED`, by class."""
AIMED = ("asunto", "fecha", "cedula", "nit", "remitente")
_FORM = re.compile(r"(?:Señores|Señor|Doctora|Doctor)$")


@dataclass(frozen=True, slots=True)
class Case:
    """A field of a page: what is printed, what was suggested, how sure."""

    page: str
    group: str
    field: str
    want: str
    got: str | None
    sure: int

    @property
    def right(self) -> bool:
        """Whether the value is the printed one, to the letter."""
        return self.got == self.want


def truth(corpus: Path, group: str, number: str) -> dict[str, str]:
    """What a page says: the corpus' own fields, and what stands where its letters have it."""
    facts = json.loads((corpus / group / f"{number}.json").read_text(encoding="utf-8"))["fields"]
    lines = (corpus / group / f"{number}.txt").read_text(encoding="utf-8").splitlines()
    if not facts:
        return {}
    told = {NAMES.get(k, k): str(v) for k, v in facts.items()}
    told["fecha"] = next(dates(plain(told["fecha"]))).value
    return {**told, **_placed([x for x in lines if not x.startswith("FAX ")], told)}


def _placed(lines: list[str], told: dict[str, str]) -> dict[str, str]:
    """Fields that the corpus prints and does not list, by their place in its letters."""
    out = {"tipo_documento": "CC"}
    at = next((i for i, x in enumerate(lines) if _FORM.match(x)), None)
    if at is not None:
        out["municipio"] = lines[at - 1].partition(",")[0]
        out["destinatario"] = lines[at + 1]
    if "oficio" in told:
        out["entidad"] = lines[1]
    if "nit" in told:
        out["entidad"] = lines[0]
        parts = lines[2].split(" – ")
        if len(parts) == 3:
            out["direccion"], out["telefono"] = parts[0], parts[2].removeprefix("Tel. ")
    enclosed = next((x for x in lines if x.startswith("Anexos: ")), None)
    return {**out, "anexos": enclosed[8:]} if enclosed else out


def readings(folder: Path, corpora: list[Path]) -> Iterator[tuple[Path, str, str, Lectura]]:
    """(corpus, class, number, reading) of every reading whose corpus is given."""
    known = {c.name: c for c in corpora}
    for path in sorted(folder.glob("*.json")):
        name, _, rest = path.stem.partition("-")
        group, _, number = rest.partition("-")
        corpus = known.get(name)
        if corpus is not None and (corpus / group / f"{number}.json").is_file():
            yield corpus, group, number, msgspec.json.decode(path.read_bytes(), type=Lectura)


def cases(folder: Path, corpora: list[Path]) -> list[Case]:
    """Every field that is printed on a page, beside what is suggested for it."""
    out = []
    for corpus, group, number, reading in readings(folder, corpora):
        found = suggest(reading.paginas)
        for field, want in truth(corpus, group, number).items():
            got = found.get(field)
            page = f"{corpus.name}/{group}/{number}"
            value, sure = (got.valor, got.confianza) if got else (None, 0)
            out.append(Case(page, group, field, want, value, sure))
    return out


def reliability(held: list[Case]) -> list[tuple[int, int, int, float]]:
    """(band, how many values, how many of them right, mean confidence), the lowest band first."""
    bands: dict[int, list[Case]] = defaultdict(list)
    for case in held:
        if case.got is not None:
            bands[min(case.sure // BAND * BAND, 95)].append(case)
    return [
        (band, len(of), sum(c.right for c in of), sum(c.sure for c in of) / len(of))
        for band, of in sorted(bands.items())
    ]


def words(folder: Path, corpora: list[Path]) -> None:
    """Print how often a word is right by the engine's confidence: `fields/reliability.toml`."""
    from ingest.fields.evidence import WHOLE

    counts: dict[tuple[bool, int], list[int]] = defaultdict(lambda: [0, 0])
    for corpus, group, number, reading in readings(folder, corpora):
        printed = set((corpus / group / f"{number}.txt").read_text(encoding="utf-8").split())
        for page in reading.paginas:
            for word in page.palabras:
                sure = word.confianza
                row = counts[
                    bool(WHOLE.fullmatch(word.texto)), sure if sure > 93 else sure // 6 * 6
                ]
                row[0] += word.texto in printed
                row[1] += 1
    for whole in (True, False):
        print("enteras" if whole else "mezcladas")
        for (kind, sure), (right, total) in sorted(counts.items()):
            if kind is whole:
                print(f"  {sure:3} {total:6} {right / total:.4f}")


def figures(held: list[Case]) -> dict[str, float]:
    """Shares of exact values by goal, and what confidence was worth."""
    out: dict[str, float] = {}
    for groups, goal in GOALS.items():
        aimed = [c for c in held if c.group in groups and c.field in AIMED]
        if aimed:
            out[f"exact {' '.join(groups)} (goal {goal})"] = _share(aimed)
    given = [c for c in held if c.got is not None]
    sure = [c for c in given if c.sure >= SURE]
    out["right of those at 90 and above (goal 0.98)"] = _share(sure)
    out["fields that reach 90"] = len(sure) / max(len(held), 1)
    out["right of all that are printed"] = _share(held)
    off = [n * abs(right / n - mean / 100) for _, n, right, mean in reliability(held)]
    out["calibration error"] = sum(off) / max(len(given), 1)
    return out


def _share(held: list[Case]) -> float:
    return sum(c.right for c in held) / max(len(held), 1)


def show(held: list[Case]) -> None:
    """Print the table by class and field, and the reliability table."""
    fields = list(dict.fromkeys(c.field for c in held))
    print(f"{'':<12}" + " ".join(f"{f[:9]:>9}" for f in fields))
    for group in sorted({c.group for c in held}):
        cells = []
        for field in fields:
            of = [c for c in held if c.group == group and c.field == field]
            cells.append(f"{sum(c.right for c in of)}/{len(of)}" if of else "")
        print(f"{group:<12}" + " ".join(f"{c:>9}" for c in cells))
    print(f"\n{'confidence':<12}{'values':>8}{'right':>8}{'share':>8}")
    for band, total, right, _ in reliability(held):
        share = right / total
        print(
            f"{band:>3} to {band + 4:<5}{total:>8}{right:>8}{share:>8.3f} {'#' * round(40 * share)}"
        )
    print()


def main() -> None:
    """Run the bench."""
    parser = arguments(__doc__ or "")
    parser.add_argument("readings", type=Path)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--palabras", action="store_true", help="table of words instead")
    parser.add_argument("--fallos", action="store_true", help="print each value that is not right")
    options = parser.parse_args()
    if options.palabras:
        words(options.readings, options.corpora)
        return
    held = cases(options.readings, options.corpora)
    if options.fallos:
        for case in held:
            if not case.right:
                print(f"{case.page} {case.field}: {case.want!r} / {case.got!r} ({case.sure})")
    show(held)
    table = reliability(held)
    report("campos", {**figures(held), "reliability": table, "values": len(held)}, options.json)


if __name__ == "__main__":
    main()
