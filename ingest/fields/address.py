"""Where the sender can be found: address and municipality.

A Colombian address is a way, a number, `#`, a corner and a distance (`Calle 10 # 23-45`), with what
follows of it up to where the sentence goes on; in the country a vereda, a kilometre, a finca.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.fields import streets, zones
from ingest.fields.dates import dates
from ingest.fields.evidence import again, made
from ingest.fields.towns import Town, town_at_end, town_at_start, town_of, unsure
from ingest.letter import plain
from ingest.wording import COMPANY, label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.lectura import Campo, Palabra
    from ingest.letter import Letter, Line

_TOLD = 0.88
"""What an address told in the text is worth; of 28 in letters that no rule knew 23 were right."""
_SIGNS = r"[\s,.;:(–—·-]*"
LABEL = label("direccion")
TOWN_LABEL = label("municipio")


@dataclass(frozen=True, slots=True)
class Place:
    """An address as read: its street, the town that stands with it, and how sure the rule is."""

    street: str
    town: Town | None
    rule: float
    words: list[Palabra]
    page: int


def address(letter: Letter) -> Campo | None:
    """The sender's address, without the municipality, which has a field of its own."""
    found = place(letter)
    if found is None:
        return None
    street, dated = found.street, _date_town(letter)
    if dated is not None and plain(street).endswith(f", {plain(dated.valor)}"):
        street = street[: -len(dated.valor) - 2]
    read = [w for w in found.words if w.texto != "#"]  # its place says what that sign is
    return made(street, found.rule, found.words, found.page, read=read)


def place(letter: Letter) -> Place | None:
    """The first of the sender's addresses: labelled, below the signature, told, letterhead."""
    return next(_places(letter), None)


def _places(letter: Letter) -> Iterator[Place]:
    foot, head = zones.foot(letter), [] if zones.is_form(letter) else zones.letterhead(letter)
    for lines, rule in ((zones.form_rows(letter), 0.95), (foot, 0.96)):
        for index, line in enumerate(lines):
            match = LABEL.match(line.plain)
            if match:
                value = _beside(letter, line, lines[index + 1 : index + 2], match.end())
                if value is not None:
                    yield _cell_place(*value, rule, strict=False)
    for line in foot:
        yield from _in_cell(line, 0.95)
    for line in letter.lines[max(letter.body, 0) : max(letter.closing, 0)]:
        match = LABEL.match(line.plain)
        if match and len(line.words) <= 16 and not zones.of_others(line):
            yield from _in_cell(line, _TOLD)
    yield from _told(letter, _TOLD, 2)
    yield from _told(letter, _TOLD - 0.02, 1)
    for line in head:
        urban = streets.URBAN.search(line.plain)
        if urban or not (COMPANY.search(line.plain) or dates_in(line.text)):
            yield from _in_cell(
                line, 0.94 if urban else 0.88
            )  # «Junta de la vereda El Rosal» is a name
    yield from _told(letter, 0.6, 0)


def _beside(letter: Letter, line: Line, after: list[Line], start: int) -> tuple[Line, int] | None:
    """Where the value of a label is: behind it, or in the next cell of its row."""
    if len(line.text) - start >= 4:
        return line, start
    if after and after[0].row == line.row:
        return after[0], 0
    return None


def _in_cell(line: Line, rule: float) -> Iterator[Place]:
    for pattern in (streets.URBAN, streets.RURAL, streets.LOOSE):
        match = pattern.search(line.plain)
        if match and (pattern is not streets.LOOSE or match.start() == 0):
            start, rule = _begin(line, match.start(), rule, pattern is streets.RURAL)
            road = pattern is streets.RURAL and _ROAD.search(line.plain, match.start())
            sure = rule - 0.12 if pattern is streets.LOOSE or road else rule
            yield _cell_place(line, start, sure, strict=True)
            return


def _begin(line: Line, start: int, rule: float, rural: bool) -> tuple[int, float]:
    """Where in a cell an address begins whose street is at *start*; less sure behind other words.

    `Barrio San José, Mz 8 Cs 14`: the quarter is a part of it; before a street's name it is not.
    """
    before = line.plain[:start]
    more = streets.BEFORE.search(before)
    if more:
        return more.start() if rural else start, rule - 0.02
    led = LABEL.match(before) or _LED.search(before) or town_at_end(line.text[:start] + ".")
    return start, rule if led else min(rule, 0.88)


_LED = re.compile(
    r"(?:^|[:–—·|•)@-]|\b(?:sede|en|direccion|oficinas?|notificaciones?)\b.{0,12}|\d|[a-z]{4}\.)\W*$"
)
"""After what an address begins and nothing of it stands before."""


_ROAD = re.compile(r"^\W*k(?:ilometro|m)\b|\bvia\b")
"""A place along a road is told by towns that it leads to; where it ends is less sure."""


def _cell_place(line: Line, start: int, rule: float, *, strict: bool) -> Place:
    """The address that begins at *start* of a cell and goes on as far as it can."""
    cut = streets.CUT.search(line.plain, start + (4 if strict else 1))
    end = cut.start() if cut else len(line.text)
    text = line.text[start:end]
    tail = town_at_end(text)
    town: Town | None = tail[1] if tail else None
    if tail is not None and tail[0] >= 5:
        text = text[: tail[0]]
    elif cut is not None and tail is None:
        town = town_at_start(line.text[cut.end() :])
    street = _trim(text)
    return Place(
        streets.signed(street), town, rule, line.find(start, start + len(street)), line.page
    )


def _trim(text: str) -> str:
    """Without what led on to the town: `, de`, ` del municipio de`, ` –`."""
    led = r"(?:\b(?:del? )?(?:municipio|ciudad|la ciudad)(?: de)?|\bde|\ben)?"
    return re.sub(rf"{_SIGNS}{led}{_SIGNS}$", "", text).strip(" ,.;:-–—")


def _told(letter: Letter, rule: float, own: int) -> Iterator[Place]:
    """Addresses of the running text whose sentence says so clearly that they are the sender's.

    With *own* 0: any address where somebody is said to live.
    """
    for pattern in (streets.URBAN, streets.RURAL):
        for is_own, match in zones.told(letter, pattern):
            if is_own == own and (own or _lives(letter, match.start())):
                yield _sentence_place(letter, match, rule)


def _lives(letter: Letter, at: int) -> bool:
    before = letter.flow.plain[max(0, at - 70) : at]
    return bool(re.search(r"\b(?:domicili|resid|viv[oei]|ubicad[oa] en mi|con sede)\w*", before))


def _sentence_place(letter: Letter, match: re.Match[str], rule: float) -> Place:
    flow = letter.flow
    start, end = match.span()
    more = streets.BEFORE.search(flow.plain[max(0, start - 90) : start])
    if more and match.re is streets.RURAL:
        start -= len(more.group())
    for pattern, where in ((streets.REST, flow.plain), (streets.NAMED, flow.text)):
        more = pattern.match(where, end)
        end = more.end() if more else end
    cut = streets.CUT.search(flow.plain, match.end(), end)
    end = cut.start() if cut else end
    whole, end = end, zones.paragraph_end(letter, match.end(), end)
    if match.end() < end == whole and not _ENDS.match(flow.plain, end):
        rule = min(rule, 0.86)  # what follows the address may have been taken for its end
    text = flow.text[start:end]
    tail = town_at_end(text)
    town: Town | None = None
    if tail is not None and tail[0] > match.end() - start:
        text, town = text[: tail[0]], tail[1]
    else:
        after = re.sub(
            r"^[\s,–(-]*(?:del? |en )?(?:(?:el )?municipio de |la ciudad de )?",
            "",
            flow.text[end : end + 60],
        )
        town = town_at_start(after)
    street = _HOLLOW.sub("", _trim(text))
    page, words = flow.find(start, start + len(street))
    return Place(streets.signed(street), town, rule, words, page)


_HOLLOW = re.compile(
    r",?\s+(?:casa|apto|apartamento|oficina|interior|torre|barrio|local|lote|finca|sector|edificio)$",
    re.IGNORECASE,
)
"""What an address would not end with: «calle 6 # 3-58, casa de la señora…»."""
_ENDS = re.compile(
    r"\s*(?:[,.;:()–—-]|$|(?:y|o|de|del|en|al?|con|tel|cel|correo|municipio|ciudad)\b)"
)


# -- municipality -----------------------------------------------------------------------------


def municipality(letter: Letter) -> Campo | None:
    """Where the sender lives: of his address, else of the date line, as the DANE spells it."""
    labelled = _labelled_town(letter)
    if labelled is not None:
        return labelled
    dated, found = _date_town(letter) or _lone_town(letter), place(letter)
    if found is None or found.town is None:
        return _doubted(letter, dated) or _written_at(letter)
    written = town_of(dated.valor) if dated else None
    if dated and written is not None and written.official == found.town.official:
        return dated
    alone = 0.94 if dated is None else 0.86  # the letter was written elsewhere, or one is misread
    return made(found.town.name, alone, found.words, found.page, read=[])


def _doubted(letter: Letter, dated: Campo | None) -> Campo | None:
    """The date line's place, less sure where the letterhead names another municipality.

    A corregimiento or a resguardo may bear the name of a municipality elsewhere.
    """
    written = town_of(dated.valor) if dated else None
    if dated is None or written is None:
        return dated
    for line in zones.letterhead(letter):
        for part in re.split(r"\s+[-–—·|]\s+|,\s+", line.text):
            town = (
                town_of(part)
                if not dates_in(line.text) and not COMPANY.search(plain(part))
                else None
            )
            if town is not None and town.sure == 1.0 and town.official != written.official:
                return again(dated, 0.88)
    return dated


def _labelled_town(letter: Letter) -> Campo | None:
    cells = [*zones.form_rows(letter), *zones.foot(letter)]
    for index, label_cell in enumerate(cells):
        match = TOWN_LABEL.match(label_cell.plain)
        found = match and _beside(letter, label_cell, cells[index + 1 : index + 2], match.end())
        if not found:
            continue
        line, start = found
        value, words = line.text[start:], line.find(start, len(line.text))
        town = town_of(value, unsure(words)) if words and not dates_in(value) else None
        if town is not None:
            return made(town.name, 0.98 * town.sure, words, line.page, read=[])
    return None


def dates_in(text: str) -> bool:
    """Whether a date stands in *text*."""
    return next(dates(plain(text)), None) is not None


def _date_town(letter: Letter) -> Campo | None:
    """The place of `Tunja, 3 de mayo de 2026`; also one the list does not know, less surely."""
    above = letter.lines[max(letter.closing - 6, letter.body, 0) : max(letter.closing, 0)]
    alone = [x for x in above if len(x.words) <= 11]
    for line in (*letter.head(), *letter.foot()[:12], *alone):
        when = next(dates(line.plain), None)
        if when is None or when.start < 3 or zones.of_others(line):
            continue
        before = re.sub(
            r"^\W*(?:ciudad y fecha|lugar y fecha|fecha)\s*[:.]\s*", "", line.plain[: when.start]
        )
        before = _WEEKDAY.sub("", before)
        offset = line.plain.find(before) if before else when.start
        name = line.text[offset : offset + len(before)].strip(" ,.;:-–—(")
        if not name or any(c.isdigit() for c in name):
            continue
        words = line.find(offset, offset + len(name))
        town = town_of(name, unsure(words))
        if town is None and (last := town_at_end(name)) is not None:
            town = last[1]
        if town is not None:
            return made(town.name, 0.98 * town.sure, words, line.page, read=[])
        if _could_be_town(name):
            return made(re.sub(r"\s*\(.*|,.*", "", name), 0.85, words, line.page)
    return None


_WEEKDAY = re.compile(
    r"[,\s]*\b(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|dia|el|a)\b[,\s]*$"
)


def _could_be_town(name: str) -> bool:
    words = re.sub(r"\(.*?\)", "", name).replace(",", " ").split()
    return (
        1 <= len(words) <= 5
        and words[0][:1].isupper()
        and all(w.replace(".", "").isalpha() for w in words)
        and not COMPANY.search(name.lower())
        and not re.search(r"\b(?:fecha|hoy|enviado|radicado|oficio|señor)\b", name.lower())
    )


def _lone_town(letter: Letter) -> Campo | None:
    """A municipality alone on a line above the addressee."""
    for line in zones.letterhead(letter):
        town = town_of(line.text) if len(line.words) <= 5 else None
        if town is not None and town.sure == 1.0:
            return made(town.name, 0.92, line.words, line.page, read=[])
    return None


def _written_at(letter: Letter) -> Campo | None:
    """`Dada en Garzón`, `vecino de Neiva`; where a cédula was issued is no such place."""
    pattern = re.compile(
        r"\b(?:dad[oa] en|vecin[oa] de|domiciliad[oa] en|residente en)\s+"
        r"(?:el municipio de |la ciudad de )?"
    )
    for match in pattern.finditer(letter.flow.plain):
        town = town_at_start(letter.flow.text[match.end() :])
        if town is not None:
            end = match.end() + len(town.name)
            page, words = letter.flow.find(match.end(), end)
            return made(town.name, 0.85, words, page, read=[])
    return None
