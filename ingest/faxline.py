"""A line that a fax machine may have printed, taken apart: hour, page, number, name.

Pure text, tolerant of what worn paper and standard resolution do to figures (0/O, 1/l/I, broken
spaces, a stroke read as 7). Whether such a line is a header at all is for `ingest.faxes` to say.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.letter import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

D = "[0-9oil|!zs]"
"""A digit, or what a worn fax makes of one; patterns meet lower case without accents."""
_DIGITS = str.maketrans("oil|!zs", "0111125")
_START, _END = r"(?<![a-z0-9])", r"(?![a-z0-9])"

MONTHS = (
    "ene|jan", "feb", "mar", "abr|apr", "may", "jun", "jul", "ago|aug", "sep|set", "oct", "nov",
    "dic|dec",
)  # fmt: skip
_WORN = {"a": "[a4]", "o": "[o0]", "s": "[s5]", "b": "[b8]", "e": "[e3]", "i": "[i1l]"}
_MONTH_FORMS = tuple(
    re.compile("".join(_WORN.get(c, c) for c in forms)) for forms in MONTHS
)  # fmt: skip
_MONTH = "(?:" + "|".join(f.pattern for f in _MONTH_FORMS) + r")[a-z]{0,7}\.?"
_WEEKDAYS = r"(?:lun|mar|mie|jue|vie|sab|dom|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?"
WEEKDAY = re.compile(rf"{_START}{_WEEKDAYS}\W{{0,3}}(?=\0)|(?<=\0)\W{{0,3}}{_WEEKDAYS}{_END}")
_SEP, _GAP = r"\s?[/.,-]{1,2}\s?", r"[\s/.,+-]{1,3}(?:de\s)?"
_YEAR = rf"(?P<year>{D}{{4}}|{D}{{2}}){_END}"
DATES = tuple(
    re.compile(_START + pattern)
    for pattern in (
        rf"(?P<year>[12il|!z]{D}{{3}}){_SEP}(?P<month>{D}{{1,2}}){_SEP}(?P<day>{D}{{1,2}}){_END}",
        rf"(?P<day>{D}{{1,2}}){_SEP}(?P<month>{D}{{1,2}}){_SEP}{_YEAR}",
        rf"(?P<day>{D}{{1,2}}){_GAP}(?P<name>{_MONTH}){_GAP}{_YEAR}",
        rf"(?P<name>{_MONTH}){_GAP}(?P<day>{D}{{1,2}}){_GAP}{_YEAR}",
    )
)
_LOST_SEVEN = re.compile(rf"{_START}({D})//({D}{{2}}/)")
"""A 7 is worn to a stroke: `2//06/2026`."""
_WORN_B = re.compile(r"(?<=\d)[Bb]|[Bb](?=\d)|B(?=/\d)|(?<=\d/)B")
_SPECKS = str.maketrans("'\"`´‘’“”*~^", " " * 11)
SERIAL = re.compile(r"[a-z][.,:-]|\w[.,]\d{2,4}$")
"""`T-123`, `S.001`: what machines count for themselves."""
SHAPE_OF_DATE = re.compile(r"(?:\w{1,2}|\w{4})([.,/-])\w{1,2}\1\w{2,4}$")
_HALF = r"(?:\s?(?P<half>[ap])(?:\.?\s?m\b\.?|\b(?!\.?\s?[0-9oil])))?"
CLOCK = re.compile(
    rf"{_START}(?P<hour>{D}{{1,2}})\s?[:;]\s?(?P<minute>{D}{{2}})(?:\s?[:;]\s?{D}{{2}})?"
    rf"(?![0-9]){_HALF}{_END}"
)
CLOCK_BY_DATE = re.compile(
    rf"\W{{1,4}}(?P<hour>{D}{{1,2}})\s?[.h,]\s?(?P<minute>{D}{{2}}){_HALF}(?=\s|$)"
)

_OF = r"\s?(?:/|\\|de|of|-|\|)\s?"
PAGE = re.compile(
    rf"{_START}(?P<word>p[a4]?g(?:[i1l]na|e|s)?|hoja|p|f|r)\s?[.,:;_#-]{{0,2}}\s?"
    rf"(?P<page>{D}{{1,3}})(?:{_OF}(?P<total>{D}{{1,3}}){_END}|/\S+|{_END})"
)
PAGE_WORN = re.compile(
    rf"{_START}(?P<word>p)[.,:;_#-]{{0,2}}\s?(?:(?P<page>{D}{{2}})[71lit|](?P<total>{D}{{2}})|"
    rf"(?P<page3>{D}{{3}})[71lit|](?P<total3>{D}{{3}})){_END}"
)
"""The stroke between page and total was read as a digit: `P.01703`."""
PAGE_BARE = re.compile(
    rf"(?:^\W*|\s\W?)(?P<page>{D}{{1,3}})\s?/\s?(?P<total>{D}{{1,3}})\W*$|"
    rf"^\W*(?P<page2>{D}{{1,3}})\s?/\s?(?P<total2>{D}{{1,3}})(?=\s)|"
    rf"\s\W?(?P<page3>[0o]{D}{{2}})\W*$"
)

LABEL = re.compile(
    rf"{_START}(?:(?P<sender>(?:d[ef]|desde|remitente)\s?[.:;]+|fr[o0]m{_END}\s?[.:;]*)|"
    rf"(?P<called>(?:t[o0]|a|para|destino)\s?[.:;]+|t[o0](?=\s[a-z]))|"
    rf"(?P<own>(?:fax|tel(?:efono)?)\s?(?:no?|num(?:ero)?|nro)?\s?[.:;#°º]+|"
    rf"fax\s(?=[+(]?[0-9])|id\s?[:;]))|(?P<arrow>-+>)"
)
NOBODY = re.compile(r"\W*(?:(?:fax|rx|tx|server|page|pag|recibido|received|ok)\W*)*")


@dataclass(slots=True)
class Parts:
    """A line taken apart. What was understood is blotted out of `rest`, whose length stays."""

    rest: str
    day: dt.date | None = None
    clock: bool = False
    time: dt.time | None = None
    paged: bool = False
    short: bool = False
    """Its page is told as machines do, `P.1`, not as letters do."""
    pagina: int | None = None
    total: int | None = None
    labelled: bool = False
    numero: str | None = None
    destino: str | None = None
    remitente: str | None = None

    @classmethod
    def of(cls, text: str) -> Parts:
        """*text* taken apart: hour first, then page, so that what is left is number and name."""
        figures = _WORN_B.sub(lambda m: "8" if m.group() == "B" else "6", text)
        parts = cls(_LOST_SEVEN.sub(r"\g<1>7/\2", plain(figures)).translate(_SPECKS))
        parts._find_hour()
        parts._find_page()
        parts._find_people(text)
        return parts

    @property
    def hora(self) -> str | None:
        """Day and minute in ISO 8601, or the day alone."""
        if self.day is None:
            return None
        at = dt.datetime.combine(self.day, self.time) if self.time else None
        return at.isoformat(timespec="minutes") if at else self.day.isoformat()

    def _blot(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + "\0" * (end - start) + self.rest[end:]

    def _find_hour(self) -> None:
        dates = (m for pattern in DATES for m in pattern.finditer(self.rest))
        found = next((m for m in dates if _sure(m) and _day(m)), None)
        if found is not None:
            self.day = _day(found)
            self._blot(*found.span())
            near = CLOCK_BY_DATE.match(self.rest, found.end())
            for weekday in WEEKDAY.finditer(self.rest):
                self._blot(*weekday.span())
        else:
            near = None
        clocks = [m for m in CLOCK.finditer(self.rest) if _sure(m)]
        for match in [*clocks, *([near] if near else [])]:
            self.time = _time(match)
            if self.time is not None:
                self.clock = True
                self._blot(*match.span())
                return

    def _find_page(self) -> None:
        marked = [*PAGE.finditer(self.rest), *PAGE_WORN.finditer(self.rest)]
        marked = [m for m in marked if _is_page(m)]
        if not marked and self.clock:
            marked = [m for m in PAGE_BARE.finditer(self.rest) if _sure(m)]
        if not marked:
            return
        best = max(marked, key=lambda m: (_group(m, "total") is not None, m.start()))
        page, total = _figure(_group(best, "page")), _figure(_group(best, "total"))
        self.paged = True
        self.short = best.groupdict().get("word") == "p" or "0" in (_group(best, "page") or "")[:1]
        if page and (total is None or page <= total):
            self.pagina, self.total = page, total or None
        self._blot(*best.span())

    def _find_people(self, text: str) -> None:
        """Number and name of the sender, number called: between labels, or without any."""
        marks = list(LABEL.finditer(self.rest))
        self.labelled = any(m.group("sender") or m.group("called") for m in marks)
        names: dict[str, str] = {}
        numbers: dict[str, str] = {}
        for role, start, end in _pieces(self.rest, marks):
            number, span = _number(self.rest[start:end])
            if number:
                numbers.setdefault(role, number)
                self._blot(start + span[0], start + span[1])
            if name := _name(text[start:end], self.rest[start:end]):
                names.setdefault(role, name)
        self.numero = next((numbers[r] for r in ("sender", "own", "") if r in numbers), None)
        self.destino = numbers.get("called")
        self.remitente = names.get("sender") or names.get("own") or names.get("")


def _pieces(rest: str, marks: list[re.Match[str]]) -> Iterator[tuple[str, int, int]]:
    """(role, start, end) of what stands between labels and blots; a label names the first of it."""
    bounds = [(0, "")]
    bounds += [(m.end(), "called" if m.group("arrow") else m.lastgroup or "") for m in marks]
    ends = [m.start() for m in marks] + [len(rest)]
    for (start, role), end in zip(bounds, ends, strict=True):
        for piece in re.finditer(r"[^\0]+", rest[start:end]):
            if re.search(r"[a-z0-9]", piece.group()):
                yield role, start + piece.start(), start + piece.end()
                role = ""


def _sure(match: re.Match[str]) -> bool:
    """Whether at least half of what stands for digits are digits."""
    read = [c for c in match.group() if re.match(D, c)]
    return 2 * sum(c.isdigit() for c in read) >= len(read)


def _figure(text: str | None) -> int | None:
    return int(text.translate(_DIGITS)) if text else None


def _group(match: re.Match[str], name: str) -> str | None:
    """A group that has several numbered forms, only one of which matched."""
    groups = match.groupdict()
    return next((groups[k] for k in (name, name + "2", name + "3") if groups.get(k)), None)


def _is_page(match: re.Match[str]) -> bool:
    if not any(c.isdigit() for c in match.group()):
        return False
    # F and R are worn P's; alone they are file numbers of the machine.
    return match.group("word") not in ("f", "r") or _group(match, "total") is not None


def _day(match: re.Match[str]) -> dt.date | None:
    """The date, day before month unless only the other way makes one."""
    groups = match.groupdict()
    year, day = _figure(groups["year"]), _figure(groups["day"])
    assert year is not None and day is not None
    if len(groups["year"]) == 2:
        year += 2000 if year < 70 else 1900
    if groups.get("name"):
        month = next(n for n, f in enumerate(_MONTH_FORMS, 1) if f.match(groups["name"]))
    else:
        month = _figure(groups["month"]) or 0
        if month > 12 >= day:
            day, month = month, day
    try:
        return dt.date(year, month, day) if 1980 <= year <= 2100 else None
    except ValueError:
        return None


def _time(match: re.Match[str]) -> dt.time | None:
    hour, minute = _figure(match.group("hour")), _figure(match.group("minute"))
    assert hour is not None and minute is not None
    half = match.group("half")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def _number(text: str) -> tuple[str | None, tuple[int, int]]:
    """A telephone number of 7 to 15 digits and where it stands; the longest, then the first."""
    runs: list[list[re.Match[str]]] = [[]]
    for token in re.finditer(r"\S+", text):
        if _numeric(token.group()):
            runs[-1].append(token)
        else:
            runs.append([])
    best, span = "", (0, 0)
    for run in runs:
        whole = "".join(t.group() for t in run)
        digits = re.sub(r"\D", "", whole.translate(_DIGITS))
        if 7 <= len(digits) <= 15 and len(digits) > len(best.lstrip("+")):
            best = ("+" if whole.lstrip("(").startswith("+") else "") + digits
            span = run[0].start(), run[-1].end()
    return best or None, span


def _numeric(token: str) -> bool:
    if SERIAL.match(token) or SHAPE_OF_DATE.match(token):
        return False
    core = re.sub(r"[+().,-]", "", token)
    real = sum(c.isdigit() for c in core)
    return not re.search(f"{D[0]}^{D[1:]}", core) and 5 * real >= 3 * len(core)


def _name(text: str, rest: str) -> str:
    """What is left of a line when hour, page and numbers are blotted out: its first words."""
    kept = "".join(c if r != "\0" else "\n" for c, r in zip(text, rest, strict=True))
    pieces = [" ".join(p.split()).strip(" .,:;|-–—_*#") for p in kept.split("\n")]
    named = [p for p in pieces if re.search(r"[^\W\d_]{3}", p) and not NOBODY.fullmatch(plain(p))]
    return named[0] if named else ""
