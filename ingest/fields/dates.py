"""The date of a letter, in the ways in which Colombia writes dates.

Day before month, always; a month that is read with a wrong letter counts where only one month can
be meant. A date that a letter speaks of (of a resolution, a visit) is not the letter's own.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from ingest.fields.evidence import made
from ingest.wording import STAMP, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.lectura import Campo, Palabra
    from ingest.letter import Letter, Line

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
SHORT_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_UNITS = (
    "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
    "doce", "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve",
    "veinte", "veintiuno", "veintidos", "veintitres", "veinticuatro", "veinticinco", "veintiseis",
    "veintisiete", "veintiocho", "veintinueve", "treinta", "treinta y uno",
)  # fmt: skip
_WORD_NUMBERS = {word: number for number, word in enumerate(_UNITS, 1)} | {"primero": 1}
_MONTH = r"([a-z0-9¡!|]{3,10})"
_WORDS = rf"(?:{'|'.join(sorted(_WORD_NUMBERS, key=len, reverse=True))})"

LONG = re.compile(
    rf"\b(\d{{1,2}})\)?\s?(?:°|º|\bo\b|er\b|ro\b)?\.?\s*(?:dias?\s+)?(?:del?\s+mes\s+)?"
    rf"(?:del?\s+|[-/.,]\s?)?{_MONTH}\.?\s*(?:del?\b|[-/,])?\s*(?:ano\s+)?(?:de\s+)?"
    rf"(?:dos mil {_WORDS}\s*\(\s*)?(\d\.?\d{{3}}|\d{{2}}(?=\W*$))\b"
)
SPELT = re.compile(
    rf"\b({_WORDS})(?:\s*\(\d{{1,2}}\))?\s+(?:dias?\s+)?(?:del?\s+mes\s+)?del?\s+{_MONTH}\s+"
    rf"(?:del?\s+)(?:ano\s+)?(?:dos mil (?=[a-z])|(?=20\d\d))({_WORDS}|\d{{4}})\b"
)
DAY_LAST = re.compile(
    rf"\b{_MONTH}(?:\s+|\.\s*)(?:{_WORDS}\s*\(\s*)?(\d{{1,2}}|{_WORDS}\b)\)?\s*(?:°|º)?\s*(?:,|del?\b|/|-)?\s*"
    rf"(?:ano\s+)?(?:dos mil {_WORDS}\s*\(\s*)?(\d{{4}}|(?<=/)\d{{2}}(?=\W*$))\b"
)
_SPELT_DAY = re.compile(rf"\b{_WORDS}\s*\(\s*\Z")
"""`dieciocho (` before `18) de junio`."""
SHORT = re.compile(r"(?<![\d-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\b(?![-/]\d)")
ISO = re.compile(r"(?<![\d-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\b(?!-?\d)")
ROMAN_MONTH = re.compile(
    r"\b(\d{1,2})\s?[-./ ]\s?(i{1,3}|iv|vi{0,3}|ix|xi{0,2})\s?[-./ ]\s?(\d{4})\b"
)

SPOKEN_OF = re.compile(
    r"(?:\bdel?|\bfecha|\bfechad[oa]|\bdesde|\bhasta|\bantes|\bel|\bdia|\bpasado|\bresolucion.*|\bacta.*|"
    r"\bdecreto.*|\bsu oficio.*|\bentre|\by|\ba|\bproximo)\W*$"
)
OWN = re.compile(
    r"^\W*$|,\W*$|\bfecha\b[^,]{0,30}$|\bhoy\W*$|\benviado\b\W*(?:\w+,?\s*)?$|\bdias\W*$"
)
DONE_AT = re.compile(
    r"\b(?:dad[oa]|suscrit[oa]|firmad[oa]|expedid[oa]|para constancia)\b|\ba los\b"
)
LABEL = label("fecha")
_FOOT, _FOOT_ALONE = 0.85, 0.94
"""What a date below the signature is worth: beside other words, and with nothing but a place."""


class Date(NamedTuple):
    """A date in a text: ISO, from where to where."""

    value: str
    start: int
    end: int


def date(letter: Letter) -> Campo | None:
    """The date of the letter: of its head, else at its end."""
    for rule, found in (*_in_head(letter), *_at_end(letter)):
        line, when = found
        words = line.find(when.start, when.end)
        return made(when.value, rule, words, line.page, read=_figures(words))
    return _told_at_end(letter)


def _in_head(letter: Letter) -> list[tuple[float, tuple[Line, Date]]]:
    """Dates above the text, the surest first."""
    found: list[tuple[float, tuple[Line, Date]]] = []
    for index, line in enumerate(letter.head()):
        if STAMP.search(line.plain):
            continue
        for when in dates(line.plain):
            before = line.plain[: when.start]
            labelled = bool(LABEL.match(line.plain)) or _label_left(letter, index)
            if 0 <= letter.subject <= index and not labelled:
                continue
            if labelled:
                rule = 0.985
            elif OWN.search(before) or _after_town(before):
                rule = 0.985 if not SPOKEN_OF.search(before) else 0.8
            else:
                rule = 0.6 if SPOKEN_OF.search(before) else 0.85
            found.append((rule, (line, when)))
    found.sort(key=lambda x: -x[0])
    return found


def _label_left(letter: Letter, index: int) -> bool:
    """Whether the cell to the left is a label of its own: `FECHA: | 5 de enero`."""
    left = letter.lines[index - 1] if index else None
    return (
        left is not None and left.row == letter.lines[index].row and bool(LABEL.match(left.plain))
    )


def _after_town(before: str) -> bool:
    """Whether only a place can stand before: short, without a figure, and no sentence."""
    words = before.split()
    return 0 < len(words) <= 5 and not any(c.isdigit() for c in before)


def _at_end(letter: Letter) -> list[tuple[float, tuple[Line, Date]]]:
    """A date alone on its line, or after a place: above the leave-taking, or below it."""
    above = letter.lines[max(letter.closing - 6, letter.body, 0) : max(letter.closing, 0)]
    last = letter.lines[-3:] if letter.closing < 0 else []
    alone = [(0.95, x) for x in (*above, *last) if len(x.words) <= 11]
    return [
        (rule if rule > _FOOT or line.plain[when.end :].strip(" .") else _FOOT_ALONE, (line, when))
        for rule, line in (*alone, *((_FOOT, x) for x in letter.foot()[:12]))
        if not STAMP.search(line.plain)
        for when in dates(line.plain)
        if OWN.search(line.plain[: when.start]) or _after_town(line.plain[: when.start])
        if rule < 0.9 or not line.plain[when.end :].strip(" .")
    ]


def _told_at_end(letter: Letter) -> Campo | None:
    """`Dada en Garzón, a los tres (3) días del mes de mayo de 2026`."""
    flow = letter.flow
    for when in dates(flow.plain):
        before = flow.plain[max(0, when.start - 60) : when.start]
        if DONE_AT.search(before) and "." not in before.rsplit(" a los", 1)[-1]:
            page, words = flow.find(when.start, when.end)
            return made(when.value, 0.95, words, page, read=_figures(words))
    return None


def _figures(words: Sequence[Palabra]) -> list[Palabra]:
    """The words of a date that can be wrong unseen: a month is one of twelve."""
    return [w for w in words if any(c.isdigit() for c in w.texto)]


def dates(text: str) -> Iterator[Date]:
    """The dates in a plain text, in order; what is no day of the calendar is none."""
    found: list[Date] = []
    for pattern, order in (
        (LONG, (3, 2, 1)), (SPELT, (3, 2, 1)), (DAY_LAST, (3, 1, 2)), (ISO, (1, 3, 4)),
        (SHORT, (4, 3, 1)), (ROMAN_MONTH, (3, 2, 1)),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            year, month, day = (match.group(i) for i in order)
            if month.isdecimal() and pattern in (LONG, SPELT, DAY_LAST):
                continue
            value = iso(year, month, day)
            if value and not any(d.start < match.end() and match.start() < d.end for d in found):
                lead = _SPELT_DAY.search(text, max(0, match.start() - 20), match.start())
                found.append(Date(value, (lead or match).start(), match.end()))
    yield from sorted(found, key=lambda d: d.start)


def iso(year: str, month: str, day: str) -> str | None:
    """The date in ISO 8601 from its three written parts; None where there is no such day."""
    number = int(month[:4]) if month.isdecimal() else month_of(month)
    y = _number(year.replace(".", ""))
    y += 2000 if y < 100 else 0
    try:
        when = dt.date(y, number, _number(day))
    except ValueError:
        return None
    return when.isoformat() if 1950 <= when.year <= 2100 else None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _WORD_NUMBERS.get(text, 0)


def month_of(name: str) -> int:
    """1 to 12; 0 for no month. Wrong letters are forgiven where only one month can be meant."""
    name = name.translate(str.maketrans("0¡!|1", "oiiii"))
    for names in (MONTHS, SHORT_MONTHS, ROMAN):
        if name in names:
            return names.index(name) + 1
    if name in ("sept", "set"):
        return 9
    spelt = [*enumerate(MONTHS, 1), (9, "setiembre")]
    near = {number for number, month in spelt if _alike(name, month)}
    return near.pop() if len(near) == 1 else 0


def _alike(name: str, month: str) -> bool:
    """One letter wrong; in long names two, or one that is missing or too many."""
    if len(name) == len(month):
        wrong = sum(a != b for a, b in zip(name, month, strict=True))
        return wrong <= (2 if len(month) >= 7 else 1)
    short, long = sorted((name, month), key=len)
    if len(long) - len(short) != 1 or len(month) < 6:
        return False
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
