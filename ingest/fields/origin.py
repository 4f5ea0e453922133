"""Who writes and to whom: organisation, addressee, number of the letter, enclosures, channel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.fields import zones
from ingest.fields.dates import dates
from ingest.fields.evidence import made
from ingest.fields.names import common, is_particle, name_like, spelt
from ingest.fields.people import name_in
from ingest.fields.subject import printed
from ingest.fields.towns import town_of
from ingest.lectura import Campo
from ingest.letter import plain, subject_label
from ingest.wording import (
    ADDRESSEE,
    CITE,
    CLOSING,
    COMPANY,
    DEPENDENCY,
    FOREIGN,
    GREETING,
    NOT_NAME,
    STAMP,
    any_of,
    label,
)

if TYPE_CHECKING:
    from ingest.lectura import Palabra
    from ingest.letter import Letter, Line

_NUMBER = r"((?=[\w./-]*\d)\w[-\w/.]*)"
_OF = r"(?:[a-z]{2,10}\s+(?=no\b|n[°º]))?"
_NO = r"(?:(?:no|nro|num|numero|n)\b[.,]?|n[°ºo]\.?|#)?"
LETTER_NO = re.compile(rf"^\W*{any_of('oficio')}(?!\w)\s*{_OF}{_NO}\s*[:.]?\s*{_NUMBER}")
OWN_NO = re.compile(r"^\W*(?:oficio|memorando|comunicacion|consecutivo|circular)\b")
"""Labels of a letter's own number; a «radicado» may be a case's."""
CODE_NO = re.compile(rf"^\W*(?:no|nro|n[°º])[.:]?\s*(?=[\w./-]*[-a-z]){_NUMBER}")
"""`No. GS-2026-004512`: a code, and no bare number, which may be of anything."""
LETTER_NO_ALONE = re.compile(rf"^\W*{any_of('oficio')}(?!\w)\s*{_NO}\W*$")
BARE_NO = re.compile(
    r"^\W*([a-z]{2,8}[-./ ]?\d{0,4}[-./]\d{2,}(?:[-./][a-z0-9]+)?"
    r"|[a-z][a-z0-9]{0,8}(?=(?:[-./][a-z0-9]+)*[-./]\d*\d{3})(?:[-./][a-z0-9]{1,12}){1,6}"
    r"|(?:19|20)\d{2}-?[a-z]{2}-?\d{3,}|20\d{10,16}|\d{3,4}-\d{3,6}|\d{3}(?:\.\d{2}){1,3}-\d{2,5}"
    r"|(?=[\d-]*(?<!\d)20\d\d-)\d{1,4}(?:-\d{1,4}){1,3}-\d{3,7})\W*$"
)
"""`SH-0418-2026`, `2026EE0045871`, `20261100012345`: the codes of document systems."""
ENCLOSED = label("anexos")
_WITH_THIS = (
    r"(?: (?:a la presente|al presente(?: escrito)?|con la presente|los siguientes documentos))?"
)
ENCLOSING = re.compile(
    rf"\b{any_of('anexos_frase')}(?!\w){_WITH_THIS}\s*:?\s+((?:[^.;]|(?<=\bno)\.|(?<=\d)\.(?=\d)){{4,200}})"
)
LEAVES = re.compile(r"\(?\b(\d{1,4})\)?\s+folios?\b|\bfolios?\s*[:.]\s*(\d{1,4})\b")
NOBODY = re.compile(
    r"^\W*(?:e\.?\s*s\.?\s*[dm]\.?|l\.\s*c\.|ciudad|la ciudad|presente|atn?\b.*|atencion\b.*)\W*$"
)


def entity(letter: Letter) -> Campo | None:
    """The sender's organisation: its letterhead, else the lines below the signature."""
    head = [] if zones.is_form(letter) else zones.letterhead(letter)[:6]
    if not zones.names_itself(letter):
        head = []
    for rule, lines in ((0.96, head), (0.89, zones.foot(letter)[:7])):
        for line in lines:
            named = COMPANY.search(line.plain) and not _NO_SENDER.match(line.plain)
            named = named and not zones.BESIDE.match(line.plain) and _is_name(line)
            if named and not (_ABOVE.match(line.plain) and _another(lines, line)):
                return _named(lines, line, min(rule, 0.88) if _crowned(lines, line) else rule)
    return None


_ABOVE = re.compile(r"^\W*(?:arqui)?diocesis\b")
"""Whose parishes write under its name."""


def _crowned(lines: list[Line], line: Line) -> bool:
    """Whether a name in capitals that may be the organisation's own stands above *line*."""
    return any(
        x.row < line.row and _is_name(x) and x.text.isupper() and len(x.words) >= 2
        and not (zones.BESIDE.match(x.plain) or BARE_NO.match(x.plain) or COMPANY.search(x.plain))
        for x in lines
    )  # fmt: skip


def _another(lines: list[Line], line: Line) -> bool:
    """Whether a letterhead names another organisation below *line*."""
    return any(COMPANY.search(x.plain) and _is_name(x) for x in lines if x.row > line.row)


_NO_SENDER = re.compile(
    r"^\W*(?:abogad|ingenier|licenciad|contador|arquitect|medic|psicolog|egresad|especialista|magister"
    r"|(?:vereda|barrio|corregimiento|finca|sector)\b.*,\s*municipio de)"
)
"""A profession with its university, a place with its municipality: lines that name no sender."""


_GOES_ON = re.compile(
    r"^\W*(?:del?|y|e|para|la|los|las|en)\s|^\W*(?:s\.?\s?a\.?\s?s?|ltda|e\.?s\.?[pe])\W*$"
)
"""How the second line of a long name begins."""


def _named(lines: list[Line], line: Line, rule: float) -> Campo:
    """An organisation's name, with the line above or below that it is the other half of."""
    value = _organisation(line)
    words = line.find(0, len(value) + 1)
    above = [x for x in lines if _joins(x, line)] if _GOES_ON.match(line.plain) else []
    below = [x for x in lines if _joins(line, x) and _GOES_ON.match(x.plain)]
    if above:
        value, words = f"{_organisation(above[-1])} {value}", [*above[-1].words, *words]
    elif below and value == line.text.strip(" ,;:*"):
        rest = _organisation(below[0])
        value, words = f"{value} {rest}", [*words, *below[0].find(0, len(rest) + 1)]
    return made(value, rule - (0.03 if above or below else 0), words, line.page)


def _joins(above: Line, below: Line) -> bool:
    """Whether two cells stand one right below the other, in letters of one size."""
    near = 0 < below.row - above.row <= 2 and above.page == below.page
    over = above.left < below.right and above.right > below.left
    alike = above.text.isupper() == below.text.isupper() and next(dates(above.plain), None) is None
    return near and over and alike and 0 < below.top - above.top < 2.2 * above.height + 6


def _is_name(line: Line) -> bool:
    """Whether a cell can name somebody: no address, no date, no sentence of small letters."""
    if "@" in line.text or next(dates(line.plain), None) is not None:
        return False
    capitals = sum(w.texto[:1].isupper() for w in line.words if len(w.texto) > 3)
    long = sum(len(w.texto) > 3 for w in line.words)
    return len(line.words) <= 14 and capitals * 2 >= long and "calle" not in line.plain


def _organisation(line: Line) -> str:
    text = re.split(
        r"\s+[–—·|-]\s+(?=(?:nit|tel|calle|cra|carrera|www)\b)|,?\s+nit\b", plain(line.text)
    )[0]
    return line.text[: len(text)].strip(" ,;:*")


def addressee(letter: Letter) -> Campo | None:
    """Whom the letter addresses: the line under «Señores», not a form of address."""
    if letter.addressee < 0:
        return _without_form(letter)
    first = letter.lines[letter.addressee]
    match = ADDRESSEE.match(first.plain)
    assert match
    rest = _without_town(first.text[match.start("resto") :].strip(" :,"))
    person = letter.under(letter.addressee) if rest else None
    if person is not None and ":" not in person.text and NOT_NAME.search(plain(rest)):
        held = name_in(person)
        whole = len(person.find(0, len(person.text))) - len(held) <= 1
        if held and common(held) and whole and not DEPENDENCY.match(person.plain):
            value, sure = spelt(held)
            return made(value, 0.88 * sure, held, person.page)
    if rest and not NOBODY.match(plain(rest)):
        begin = match.start("resto")
        rule = 0.94 if match["como"].startswith(("para", "destinat")) else _BESIDE_FORM
        return made(rest, rule, first.find(begin, begin + len(rest)), first.page)
    if match["como"].startswith(("para", "destinat")):
        beside = letter.beside(letter.addressee)
        if beside is None:
            return None
        before, comma, post = beside.text.partition(",")
        held = beside.find(0, len(before))
        if comma and NOT_NAME.search(plain(post)) and _person(held):
            return made(before, 0.94, held, beside.page)
        return made(beside.text, 0.95, beside.words, beside.page)
    return _under(letter)


_BESIDE_FORM = 0.88
"""What stands on the line of «Señor», post or place or salutation, is worth: of unseen 11 of 19."""
AREA = label("area")


def _without_form(letter: Letter) -> Campo | None:
    """Whom a letter without «Señores» addresses: of a form's cell, or the office at its top."""
    for line in zones.form_rows(letter) if zones.is_form(letter) else ():
        match = AREA.match(line.plain)
        beside = letter.beside(letter.lines.index(line)) if match else None
        if match and line.text[match.end() :].strip():
            words = line.find(match.end(), len(line.text))
            return made(line.text[match.end() :].strip(" ."), 0.9, words, line.page)
        if beside is not None:
            return made(beside.text, 0.9, beside.words, beside.page)
    if zones.is_form(letter) or zones.names_itself(letter):
        return None
    head = zones.letterhead(letter)
    named = [x for x in head if (COMPANY.search(x.plain) or DEPENDENCY.match(x.plain))]
    named = [x for x in named if _is_name(x) and not x.text.rstrip().endswith(":")]
    return _area(named[:2], 0.86) if named else None


_LEVELS = (
    re.compile(r"^\W*(?:secretari|departamento|gerencia|ministerio)"),
    re.compile(
        r"^\W*(?:subsecretari|(?:sub)?direccion|division|unidad|tesoreri|grupo|coordinacion)"
    ),
)


def _level(line: Line) -> float | None:
    """How far down in an organisation a name is; 0 the organisation; None where it is unknown."""
    if not DEPENDENCY.match(line.plain):
        acronym = len(line.words) == 1 and line.text.isupper() and len(line.text) <= 8
        return 0 if COMPANY.search(line.plain) or acronym else None
    return next((i for i, x in enumerate(_LEVELS, 1) if x.match(line.plain)), 3)


def _area(below: list[Line], rule: float) -> Campo:
    """The office addressed: of an organisation and its dependency, the dependency."""
    line = below[0]
    levels = [_level(x) for x in below]
    if len(below) > 1 and levels[1] and _BODY.match(line.plain):
        rule = 0.85  # a committee of an office, or beside it
    elif len(below) > 1 and levels[1]:
        if levels[0] is not None and levels[0] < levels[1]:
            line = below[1]
            rule -= 0.03 if levels[0] else 0
        elif levels[0] is None:
            rule = min(rule, 0.85)  # which of both is the office is not known
    if levels[below.index(line)] is None and not NOT_NAME.search(line.plain):
        rule = min(rule, 0.88)  # neither an office nor a post nor a person, as far as is known
    text, after = printed(list(line.words), line), below[below.index(line) + 1 :]
    if after and _CARRIES_ON.match(after[0].plain) and _joins(line, after[0]):
        text, rule = f"{text} {printed(list(after[0].words), after[0])}", min(rule, 0.92)
    text = _without_town(text)
    value = re.split(r"\s+[-–—]\s+(?=Alcald|Gobern|ALCALD|GOBERN)", text)[0]
    return made(value.strip(" ,").lstrip(".;:-* "), rule, line.find(0, len(value)), line.page)


_BODY = re.compile(r"^\W*(?:comite|junta|consejo|mesa)\b")
_CARRIES_ON = re.compile(r"^\W*(?:del?|y|e|para)\s(?!.*:)")
"""How the second line of an office's long name begins."""


def _without_town(text: str) -> str:
    """An addressee's line without the place behind it: `Secretaría de Salud. Florencia`."""
    name, sign, place = (text.rstrip(" .,;:") + " ").rpartition(", " if ". " not in text else ". ")
    town = town_of(place) if sign and name else None
    return name.strip() if town is not None and town.sure == 1.0 else text


def _under(letter: Letter) -> Campo | None:
    below: list[Line] = []
    at = letter.addressee
    while len(below) < 2:
        line = letter.under(at)
        if line is None or GREETING.match(line.plain) or subject_label(line) >= 0:
            break
        at = letter.lines.index(line)
        if sum(c.isalpha() for c in line.text) >= 3 and "@" not in line.text:
            below.append(line)
    below = [x for x in below if not NOBODY.match(x.plain)]
    if not below:
        return None
    line = below[0]
    named_person = name_in(line)
    whole = len(named_person) == len(line.words) and common(named_person)
    if not whole and "," in line.text and not DEPENDENCY.match(line.plain):
        before, _, post = line.text.partition(",")
        words = line.find(0, len(before))
        if NOT_NAME.search(plain(post)) and _person(words):
            value, sure = spelt(words)
            return made(value, 0.92 * sure, words, line.page)
    if named_person and whole and not DEPENDENCY.match(line.plain):
        value, sure = spelt(line.words)
        return made(value, 0.96 * sure, line.words, line.page)
    return _area(below, 0.96)


def _person(words: list[Palabra]) -> bool:
    """Whether words are a person's name and nothing else."""
    good = 2 <= len(words) <= 6 and all(name_like(w) or is_particle(w) for w in words)
    return good and common(words) and not NOT_NAME.search(plain(" ".join(w.texto for w in words)))


def letter_number(letter: Letter) -> Campo | None:
    """The number that the sender gave his letter: `Oficio No. 0456`, a number to be cited."""
    end = letter.subject if letter.subject >= 0 else letter.body
    head = letter.lines[: max(end, 0)]
    billed = any(_BILL.search(x.plain) for x in head[:8])
    own = next((x for x in head if OWN_NO.match(x.plain) and LETTER_NO.match(x.plain)), None)
    for index, line in enumerate(head):
        if STAMP.search(line.plain):
            continue
        match = None if _CASE.search(line.plain) else LETTER_NO.match(line.plain)
        if match and own in (None, line):
            return _number(line, match.span(1), 0.97 if own else 0.94)
        match = None if billed else CODE_NO.match(line.plain)
        if match and sum(c.isdigit() for c in match.group(1)) >= 4:
            return _number(line, match.span(1), 0.94)
        if LETTER_NO_ALONE.match(line.plain) or CITE.search(line.plain):
            found = _cited(head, index)
            if found:
                return found
    for line in head:
        match = BARE_NO.match(line.plain)
        if match and next(dates(line.plain), None) is None:
            code = match.group(1)
            lettered = any(c.isalpha() for c in code) and sum(c.isdigit() for c in code) >= 3
            rule = 0.85 if billed else 0.95 if lettered else 0.88
            return _number(line, match.span(1), rule)
    return None


_CASE = re.compile(r"\d{5}\W?\d{2}\W?\d{2}\W?\d{3}\W?(?:19|20)\d{2}\W?\d{5}\W?\d{2}")
"""The number of a lawsuit, the same in all courts."""
_BILL = re.compile(r"\b(?:factura|cuenta de cobro|certificado|certificacion)\b")
"""Papers whose number is their own kind's, and no letter's."""


def _cited(head: list[Line], index: int) -> Campo | None:
    """The number behind, beside or right above and below a line that asks to cite it."""
    own = head[index]
    inline = re.search(rf"[:#]\s*{_NUMBER}\W*$", own.plain)
    if inline and CITE.search(own.plain):
        return _number(own, inline.span(1), 0.96)
    for line in (*head[index + 1 : index + 3], *head[max(0, index - 2) : index]):
        match = re.match(rf"^\W*{_NUMBER}\W*$", line.plain) or LETTER_NO.match(line.plain)
        dated = next(dates(line.plain), None)
        if match and dated is None and sum(c.isdigit() for c in match.group(1)) >= 3:
            return _number(line, match.span(1), 0.95)
    return None


def _number(line: Line, span: tuple[int, int], rule: float) -> Campo:
    value = line.text[slice(*span)].strip(" .,;")
    return made(value, rule, line.find(*span), line.page)


def enclosures(letter: Letter) -> Campo | None:
    """What is enclosed: the line «Anexos», else a sentence that says so."""
    lines = letter.lines
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        match = ENCLOSED.match(line.plain)
        if not match or (index < letter.closing and len(line.words) > 12):
            continue
        if line.text.lstrip(" -*(")[:1].islower() and ":" not in line.text:
            continue  # the end of a sentence: «según acta adjunta»
        value, words = line.text[match.end() :], line.find(match.end(), len(line.text))
        alone, last = not value, line
        for below in lines[index + 1 : index + 8]:
            column = alone and abs(below.left - line.left) < 40 and _close(last, below)
            if not (_goes_on(line, below, bool(value)) or (column and not _speaks(below))):
                break
            last = below
            value, words = f"{value} {below.text}".strip(), [*words, *below.words]
        if value.strip(" .:;-"):
            return made(value.strip(" .:;-"), 0.95, words, line.page)
    return _enclosing(letter)


def _close(above: Line, below: Line) -> bool:
    """Whether one line stands right below another, without a gap between."""
    return above.page == below.page and 0 < below.top - above.top < 1.75 * max(above.height, 8)


def _speaks(line: Line) -> bool:
    """Whether a line is of the text, or of those who drafted the letter, and no list's."""
    return len(line.words) > 14 or bool(FOREIGN.search(line.plain) or CLOSING.search(line.plain))


def _goes_on(label_line: Line, below: Line, begun: bool) -> bool:
    """A list of enclosures goes on: small letters, numbers or dashes, or its first line."""
    if below.page != label_line.page:
        return False
    listed = re.match(r"^\W*(?:[-•*·–]|\d{1,2}[.)]|[a-z][.)])\s", below.text)
    if not listed and (FOREIGN.search(below.plain) or CLOSING.search(below.plain)):
        return False
    return bool(listed) or (not begun and len(below.words) <= 16) or below.text[:1].islower()


def _enclosing(letter: Letter) -> Campo | None:
    flow = letter.flow
    for match in ENCLOSING.finditer(flow.plain):
        start, end = match.span(1)
        end = zones.paragraph_end(letter, start, end)
        page, words = flow.find(start, end)
        return made(flow.text[start:end].strip(" ,"), 0.75, words, page)
    return None


def leaves(letter: Letter) -> Campo | None:
    """How many folios the letter says that it has or encloses."""
    for line in letter.foot():
        match = LEAVES.search(line.plain)
        if match:
            group = 1 if match.group(1) else 2
            return made(match.group(group), 0.85, line.find(*match.span(group)), line.page)
    return None


def channel(letter: Letter) -> Campo | None:
    """Printed e-mail by its header; else paper, which is a guess (`faxes` tells of faxes)."""
    top = [x for x in letter.lines[:6] if re.match(r"^\W*(?:enviado|sent|de|para)\s*:", x.plain)]
    if len(top) >= 3:
        return made("correo_electronico", 0.9, top[0].words, 1, read=[])
    return Campo("fisico", 50, 1, None)
