"""What a letter's pages suggest for the registration form, each with confidence, page and box.

Pure: pages in, suggestions out. The rules are tables of what Colombian letters write; the clerk
decides (Acuerdo AGN 060 de 2001, art. 5 asks for these data, not for a guess): what was not read
is absent. The sender is who signs, never who is addressed.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest import faxes
from ingest.lectura import Campo
from ingest.letter import Letter, Line, dissect, lines_of, plain
from ingest.wording import (
    ADDRESS,
    ADDRESSEE,
    BARE_NO,
    COMPANY,
    DAY_LAST,
    DEPENDENCY,
    ENCLOSED,
    GREETING,
    IDENTITY,
    KINDS,
    LABELLED_ADDRESS,
    LEAVES,
    LETTER_NO,
    LONG_DATE,
    MAIL,
    MONTHS,
    NAME_WORD,
    NOT_NAME,
    PHONE,
    SENDERS,
    SHORT_DATE,
    SUBJECT,
    SUBJECT_FIRST,
    TAX_ID,
    TOWN,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.lectura import Caja, Pagina, Palabra


def suggest(paginas: list[Pagina]) -> dict[str, Campo]:
    """The suggested fields, by the names of the registration form; what was not read is absent."""
    printed = faxes.headers(paginas)
    lines = faxes.without_headers(lines_of(paginas), printed)
    if not lines:
        return faxes.fields(printed, len(paginas))
    letter = dissect(lines)
    found: dict[str, Campo] = {}
    for name, rule in RULES.items():
        field = rule(letter)
        if field is not None and field.valor:
            found[name] = field
    return {**found, **faxes.fields(printed, len(paginas))}


def _field(
    value: str, strength: int, words: list[Palabra] | tuple[Palabra, ...], page: int
) -> Campo:
    """A suggestion: as sure as its least sure half of words, never surer than its rule."""
    read = sorted(w.confianza for w in words) or [0]
    weak = read[: max(1, len(read) // 2)]
    confidence = round(min(strength, 100) * (sum(weak) / len(weak)) / 100)
    return Campo(value, confidence, page, _union(words))


def _union(words: list[Palabra] | tuple[Palabra, ...]) -> Caja | None:
    if not words:
        return None
    boxes = [w.caja for w in words]
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def _date(letter: Letter) -> Campo | None:
    """The date of the letter: the first of its head, else the first below the leave-taking."""
    for strength, place in ((95, letter.head()), (70, letter.foot()[:8])):
        for line in place:
            for value, start, end in _dates(line.plain):
                return _field(value, strength, line.find(start, end), line.page)
    return None


def _dates(text: str) -> Iterator[tuple[str, int, int]]:
    for pattern, order in ((LONG_DATE, (3, 2, 1)), (DAY_LAST, (3, 1, 2)), (SHORT_DATE, (3, 2, 1))):
        for match in pattern.finditer(text):
            year, month, day = (match.group(i) for i in order)
            value = _iso(year, month, day)
            if value:
                yield value, match.start(), match.end()


def _iso(year: str, month: str, day: str) -> str | None:
    number = int(month) if month.isdigit() else _month(month)
    try:
        date = dt.date(int(year), number, int(day))
    except ValueError:
        return None
    return date.isoformat() if 1950 <= date.year <= 2100 else None


def _month(name: str) -> int:
    """1 to 12; 0 for no month. One wrong letter is forgiven where only one month can be meant."""
    name = "septiembre" if name == "setiembre" else name
    if name in MONTHS:
        return MONTHS.index(name) + 1
    near = [
        number
        for number, month in enumerate(MONTHS, 1)
        if len(name) == len(month) and sum(a != b for a, b in zip(name, month, strict=True)) == 1
    ]
    return near[0] if len(near) == 1 else 0


def _subject(letter: Letter) -> Campo | None:
    """The line of «Asunto» or «Referencia» and those it runs on to."""
    for index, line in enumerate(letter.lines[:45]):
        match = SUBJECT.match(line.plain)
        if not match:
            continue
        text = line.text[match.end() :].strip()
        words = line.find(match.end(), len(line.text))
        leading, right = _body(letter, line.page)
        for below in letter.lines[index + 1 : index + 4]:
            if text and not _continues(line, below, leading, right):
                break
            text = f"{text} {below.text}".strip()
            words = words + list(below.words)
            line = below
        return _field(text.strip(" .:;"), 95, words, line.page) if text else None
    return None


def _body(letter: Letter, page: int) -> tuple[float, float]:
    """The page's usual distance from line to line, and its right margin."""
    lines = [x for x in letter.lines if x.page == page]
    steps = sorted(b.top - a.top for a, b in pairwise(lines) if 0 < b.top - a.top < 40)
    edges = sorted(x.words[-1].caja[2] for x in lines)
    leading = steps[len(steps) // 3] if steps else 14.0
    return leading, edges[int(len(edges) * 0.9)]


def _continues(line: Line, below: Line, leading: float, right: float) -> bool:
    """Whether *below* carries the subject on: the next line, whose first word had no room."""
    if below.page != line.page or GREETING.match(below.plain) or SUBJECT.match(below.plain):
        return False
    if not 0 < below.top - line.top < 1.35 * leading:
        return False
    first = below.words[0].caja
    room = right - line.words[-1].caja[2]
    return room < first[2] - first[0] + 0.5 * line.height or below.text[:1].islower()


def _signer(letter: Letter) -> Campo | None:
    """Who signs: the first line below the leave-taking that is a name, best above its C.C."""
    foot = letter.foot()[:12] or letter.lines[max(letter.greeting + 1, len(letter.lines) - 8) :]
    for index, line in enumerate(foot):
        if IDENTITY.search(line.plain):
            for above in reversed(foot[max(0, index - 3) : index]):
                words = _name(above)
                if words:
                    return _person(words, 95, above.page)
            inline = _inline_name(line)
            if inline:
                return inline
    for line in foot:
        words = _name(line)
        if words:
            return _person(words, 80, line.page)
    return None


def _person(words: list[Palabra], strength: int, page: int) -> Campo:
    return _field(" ".join(w.texto.strip(".,;:") for w in words), strength, words, page)


def _name(line: Line) -> list[Palabra]:
    """The words of a line that is a person's name (two to six capitalised words), else none.

    Specks of a signature that were read as letters are dropped at both ends.
    """
    words = list(line.words)
    while words and not _name_like(words[0]):
        words.pop(0)
    while words and not _name_like(words[-1]):
        words.pop()
    if sum(w.confianza for w in words) < 45 * len(words):
        return []  # the strokes of a signature read as letters
    if not 2 <= len(words) <= 7 or len(words) < 0.6 * len(line.words):
        return []
    if NOT_NAME.search(line.plain) or COMPANY.search(line.plain):
        return []
    odd = [w.texto for w in words if not NAME_WORD.match(w.texto.strip(",;:"))]
    # One capital in three may be read as a small letter on a fax.
    inner = not odd or (len(odd) == 1 and len(words) >= 3 and odd[0].isalpha())
    solid = sum(len(w.texto) >= 3 for w in words) >= 2
    return words if inner and solid else []


def _name_like(word: Palabra) -> bool:
    text = word.texto.strip(",;:.")
    return len(text) >= 3 and text[0].isupper() and text.replace("-", "").isalpha()


def _inline_name(line: Line) -> Campo | None:
    match = IDENTITY.search(line.plain)
    words = line.find(0, match.start()) if match else []
    good = [w for w in words if NAME_WORD.match(w.texto.strip(",;:"))]
    return _person(good, 75, line.page) if len(good) >= 2 and len(good) == len(words) else None


def _pattern(
    pattern: re.Pattern[str],
    places: Callable[[Letter], list[tuple[int, list[Line]]]],
    clean: Callable[[str], str] = str.strip,
) -> Callable[[Letter], Campo | None]:
    """A rule: the first match of *pattern* in the first of the *places* that has one."""

    def rule(letter: Letter) -> Campo | None:
        for strength, lines in places(letter):
            for line in lines:
                match = pattern.search(line.plain)
                if not match:
                    continue
                group = next((i for i, g in enumerate(match.groups(), 1) if g), 0)
                start, end = match.span(group)
                value = clean(line.text[start:end])
                if value:
                    return _field(value, strength, line.find(start, end), line.page)
        return None

    return rule


def _by_foot(letter: Letter) -> list[tuple[int, list[Line]]]:
    """Below the signature first: what stands there is the sender's."""
    return [(95, letter.foot()), (70, letter.lines)]


def _letterhead(letter: Letter) -> list[Line]:
    """What stands above the addressee: the sender's letterhead."""
    return letter.lines[: max(letter.addressee, 0)][:8]


def _senders_own(letter: Letter) -> list[tuple[int, list[Line]]]:
    """Where a sender writes of himself: below his signature, and in his letterhead."""
    return [(92, letter.foot()), (85, _letterhead(letter))]


def _tax_places(letter: Letter) -> list[tuple[int, list[Line]]]:
    return [(95, _letterhead(letter)), (92, letter.foot())]


def _digits(value: str) -> str:
    """Thousands with dots, as identity cards print them: `51.234.567`."""
    bare = re.sub(r"\D", "", value)
    return f"{int(bare):,}".replace(",", ".") if bare else ""


def _tax(value: str) -> str:
    body, _, check = re.sub(r"[—–]", "-", value).partition("-")
    bare = _digits(body)
    return f"{bare}-{check.strip()}" if check.strip() else bare


def _address(value: str) -> str:
    """An address up to where its line goes on to something else; the `#` misread is mended."""
    return re.split(r"\s+[–—|-]\s+|\s+(?:Tel|Cel|TEL|Correo|e-?mail)\b", value)[0].strip(" .,;:")


def _place(letter: Letter) -> Campo | None:
    """Where the sender lives, without the town that has a field of its own."""
    rules = (LABELLED_ADDRESS, ADDRESS)
    found = next((f for r in rules if (f := _pattern(r, _senders_own, _address)(letter))), None)
    town = _town(letter)
    if found is None or town is None:
        return found
    street, _, end = found.valor.rpartition(", ")
    if not street or plain(end) != plain(town.valor):
        return found
    return Campo(street, found.confianza, found.pagina, found.caja)


def _town(letter: Letter) -> Campo | None:
    for line in letter.head():
        match = TOWN.match(line.plain)
        if match and next(_dates(line.plain), None):
            start, end = match.span(1)
            return _field(line.text[start:end].strip(), 85, line.find(start, end), line.page)
    return None


def _entity(letter: Letter) -> Campo | None:
    """The sender's organisation: its letterhead, else the line below the signature."""
    for strength, lines in ((88, _letterhead(letter)[:4]), (75, letter.foot()[:6])):
        for line in lines:
            if COMPANY.search(line.plain):
                return _field(line.text.strip(" ,;"), strength, line.words, line.page)
    return None


def _to(letter: Letter) -> Campo | None:
    """Whom the letter addresses: the line under «Señores», not a form of address."""
    if letter.addressee < 0:
        return None
    first = letter.lines[letter.addressee]
    match = ADDRESSEE.match(first.plain)
    assert match
    rest = first.text[match.start(1) :].strip(" :,")
    if rest:
        words = first.find(match.start(1), len(first.text))
        return _field(rest, 85, words, first.page)
    below = letter.lines[letter.addressee + 1 : letter.addressee + 3]
    if not below:
        return None
    named = COMPANY.search(below[0].plain) and len(below) > 1 and DEPENDENCY.match(below[1].plain)
    line = below[1] if named else below[0]
    value = re.split(r"\s+[-–—]\s+(?=Alcald|Gobern|ALCALD|GOBERN)", line.text)[0]
    return _field(value.strip(" ,"), 88, line.find(0, len(value)), line.page)


def _enclosures(letter: Letter) -> Campo | None:
    for line in reversed(letter.lines):
        match = ENCLOSED.match(line.plain)
        if match:
            start, end = match.span(2)
            return _field(line.text[start:end].strip(), 90, line.find(start, end), line.page)
    return None


def _kind(letter: Letter) -> Campo | None:
    """The kind of petition by the words of the subject, then of the sender, then of the body."""
    subject = _subject(letter)
    head = _letterhead(letter)[:4] + letter.foot()[:6]
    for kind, pattern in SUBJECT_FIRST if subject else ():
        if subject and re.search(pattern, plain(subject.valor)):
            return Campo(kind, round(0.9 * subject.confianza), subject.pagina, subject.caja)
    for kind, pattern in SENDERS:
        for line in head:
            if re.search(pattern, line.plain):
                return _field(kind, 75, line.words, line.page)
    if subject is not None:
        for kind, strength, pattern in KINDS:
            if re.search(pattern, plain(subject.valor)):
                sure = round(strength * subject.confianza / 100)
                return Campo(kind, sure, subject.pagina, subject.caja)
    for kind, strength, pattern in KINDS:
        for line in letter.lines[max(letter.greeting, 0) :][:12]:
            if re.search(pattern, line.plain):
                return _field(kind, strength - 25, line.words, line.page)
    return None


RULES: dict[str, Callable[[Letter], Campo | None]] = {
    "remitente": _signer,
    "entidad": _entity,
    "cedula": _pattern(IDENTITY, _by_foot, _digits),
    "nit": _pattern(TAX_ID, _tax_places, _tax),
    "direccion": _place,
    "municipio": _town,
    "correo": _pattern(MAIL, _senders_own, str.lower),
    "telefono": _pattern(PHONE, _senders_own),
    "asunto": _subject,
    "fecha": _date,
    "oficio": lambda letter: (
        _pattern(LETTER_NO, lambda x: [(88, x.head())])(letter)
        or _pattern(BARE_NO, lambda x: [(75, x.head())])(letter)
    ),
    "destinatario": _to,
    "anexos": _enclosures,
    "folios": _pattern(LEAVES, lambda letter: [(85, letter.foot())]),
    "tipo": _kind,
    "canal": lambda _: Campo("fisico", 50, 1, None),
}
"""One rule a field, in the order of the form."""
