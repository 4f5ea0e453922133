"""Municipalities: the DANE's list (`municipios.toml`), met in spite of an engine's errors."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from ingest.letter import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.lectura import Palabra

_PLAIN_NOISE = re.compile(r"[^a-z0-9 ]+")
_DISTRICT = re.compile(
    r"[,\s]+d\W{0,2}[tec]\W{0,3}(?:y\W{1,2})?(?:[ci]\W{0,2})?(?:[ht]\W{0,2})?(?:c\W*)?$"
    r"|[,\s]+distrito.*$"
)
"""`D.C.`, `D.T.C.H.` and other titles behind a city's name."""
_ABBREVIATED = {"pto": "puerto", "sta": "santa", "sto": "santo"}
"""`Pto. Asís`, `Sta. Marta`."""
_SHORT = {
    "valle": "valle del cauca",
    "guajira": "la guajira",
    "n de santander": "norte de santander",
    "norte santander": "norte de santander",
    "cund": "cundinamarca",
    "c marca": "cundinamarca",
    "ant": "antioquia",
    "tol": "tolima",
    "boy": "boyaca",
    "sder": "santander",
    "san andres isla": "archipielago de san andres providencia y santa catalina",
}
"""Departments as people shorten them."""


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality as a letter names it. `sure`: how likely this one is meant (1: its name)."""

    name: str
    department: str
    """Empty where none was written."""
    sure: float
    official: str
    """The DANE's name: `Cúcuta` is San José de Cúcuta."""


@cache
def _departments() -> dict[str, str]:
    """Departments by their plain names."""
    return {key(name[3:]): name[3:] for name in _table()}


@cache
def _table() -> dict[str, str]:
    path = resources.files("ingest") / "fields" / "municipios.toml"
    table: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return table["departamentos"]


@cache
def _towns() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Plain name → (spelling, official name, departments with a municipality of that name)."""
    out: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for department, names in _table().items():
        for entry in names.split(","):
            forms = [name.strip() for name in entry.split("=")]
            for spelt in forms:
                _, official, known = out.get(key(spelt), ("", forms[0], ()))
                out[key(spelt)] = (spelt, official, (*known, key(department[3:])))
    return out


def key(text: str) -> str:
    """*text* without accents, capitals and signs, one space between words."""
    words = _PLAIN_NOISE.sub(" ", plain(text)).split()
    return " ".join(_ABBREVIATED.get(w, w) for w in words)


def town_of(text: str, wrong: int = 0) -> Town | None:
    """The municipality that *text* names, with its department where one is written; else None.

    *wrong*: how many letters an engine that is unsure of its words may have misread (0 to 2).
    Letters that look the same are the same in any case.
    """
    words = _DISTRICT.sub("", plain(text).strip(" .,;:-–—()"))
    place, department = _split(words)
    whole = place if department else words
    exact = _towns().get(key(text)) or _towns().get(key(whole))
    if exact is not None:
        return _town(exact, department, 1.0)
    near = _nearest(key(whole), wrong)
    return _town(_towns()[near], department, 0.9) if near else None


def _split(text: str) -> tuple[str, str]:
    """`Túquerres, Nariño` → its two parts; the second empty where it is no department."""
    parts = re.split(r"\s*[,(/]\s*|\s+[-–—]\s+", text.rstrip(" .)"))
    if len(parts) == 2:
        last = key(parts[1])
        last = _SHORT.get(last, last)
        if last in _departments() or last == "colombia":
            return parts[0], last
    if len(parts) == 1:
        name = key(text)
        for department in _departments():
            if name.endswith(f" {department}") and name[: -len(department) - 1] in _towns():
                return name[: -len(department) - 1], department
    return parts[0], ""


def _town(found: tuple[str, str, tuple[str, ...]], department: str, sure: float) -> Town:
    spelt, official, departments = found
    if department in _departments() and department not in departments:
        sure *= 0.8  # the list and the letter do not agree
    return Town(spelt, _departments().get(department, ""), sure, official)


@cache
def _nearest(name: str, wrong: int) -> str | None:
    """The only municipality that an engine could have misread as *name*."""
    folded = _look(name)
    same = [k for k in _towns() if _look(k) == folded]
    if len({_towns()[k][0] for k in same}) == 1:
        return same[0]
    limit = min(wrong, 2 if len(name) >= 9 else 1 if len(name) >= 5 else 0)
    near = [k for k in _towns() if abs(len(k) - len(name)) <= limit and _within(k, name, limit)]
    return near[0] if limit and len(near) == 1 else None


def unsure(words: Iterable[Palabra]) -> int:
    """How many letters of *words* may be misread, for `town_of`, by the engine's confidence."""
    worst = min((w.confianza for w in words), default=100)
    return 0 if worst >= 95 else 1 if worst >= 80 else 2


def _look(name: str) -> str:
    """Letters that look the same to an engine are the same here."""
    return name.translate(str.maketrans("l1|0", "iiio")).replace("rn", "m")


def _within(one: str, other: str, limit: int) -> bool:
    """Whether *limit* changed, lost or added letters lead from one to the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
        if min(row) > limit:
            return False
    return row[-1] <= limit


def town_at_end(text: str) -> tuple[int, Town] | None:
    """Where a municipality (with its department) begins at the end of *text*; exact names only."""
    whole = text.rstrip(" .,;:)")
    starts = [m.start() for m in re.finditer(r"(?<![\w])\w", whole)]
    for start in starts[-8:]:
        piece = whole[start:]
        before = plain(whole[:start])
        # A street or a barrio may bear a town's name: only after a comma, «de», or a dash.
        if not re.search(r"(?:,|[-–—(.·|]|\bde|\bmunicipio|\bciudad|\ben|\d[a-z]?)\s*$", before):
            continue
        found = town_of(piece)
        if found is not None and found.sure == 1.0:
            return start, found
    return None


def town_at_start(text: str) -> Town | None:
    """The municipality with which *text* begins: the longest name that fits."""
    words = [m.end() for m in re.finditer(r"\w+", text[:60])]
    for end in reversed(words[:7]):
        piece = text[:end]
        if "." in piece.rstrip(". ") and not re.search(r"d\W{0,2}c", plain(piece)):
            continue
        found = town_of(piece)
        if found is not None and found.sure == 1.0:
            return found
    return None
