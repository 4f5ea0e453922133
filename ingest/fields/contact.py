"""The sender's e-mail and telephone: below the signature, told in the text, in the letterhead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.fields import zones
from ingest.fields.evidence import made
from ingest.wording import any_of

if TYPE_CHECKING:
    from ingest.lectura import Campo
    from ingest.letter import Letter, Line

_ENDS = r"(?:com|co|net|org|edu|gov|gob|mil|info|es|us|ec|ve)"
MAIL = re.compile(
    rf"[\w.+-]+(?:\s?@\s?|\(a\)|\[at\])[\w-]+(?:\.[\w-]+|\s\.\s?{_ENDS}\b|\.\s{_ENDS}\b)*(?:\s?\.\s?{_ENDS}\b|\.[a-z]{{2,}})"
)
PHONE = re.compile(
    r"(?:\(?\+?\s?57\)?[\s.-]*)?(?:"
    r"\(57-\d\)\s?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}|60\s?\(\d\)\s?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}|"
    r"3\d{2}[\s.-]{0,3}\d{3}[\s.'-]?\d{2}[\s.'-]?\d{2}|3\d{2}[\s.-]{0,3}\d{7}|3\d{2}[\s.'-]{0,2}\d{3}[\s.'-]{0,2}\d{4}"
    r"|\(?60\d\)?[\s.-]{0,3}\d[\s.-]\d{2}[\s.-]\d{2}[\s.-]\d{2}|\(?60\d\)?[\s.-]{0,3}\d{3}[\s.-]?\d{2}[\s.-]?\d{2}|\(?60\d\)?[\s.-]{0,3}\d{7}|\(?60\d\)?[\s.-]{0,3}\d{3}[\s.-]?\d{4}"
    r"|\(\s?\d\s?\)\s?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}|\(\s?\d\s?\)\s?\d{7}|01\s?8000\s?\d{2,3}[\s.-]?\d{3,4}"
    r"|\d{3}[\s.-]\d{2}[\s.-]\d{2}|\d{3}[\s.-]\d{4}|\d{7})(?!\d|[.,]\d)"
)
_SHORT = 8
"""Words of a line that is no sentence, at most."""
_TOLD = (0.7, 0.88, 0.95)
"""By how much the sentence says that what it tells is the sender's (`zones.told`)."""
LABELLED = re.compile(
    rf"\b{any_of('telefono')}(?![a-z])[\s.:;,#nº°o]{{0,8}}(?:(?:es|son)(?: el| los)? |el )?\s*"
    rf"({PHONE.pattern})"
)
NAMED = re.compile(rf"\b{any_of('telefono')}(?!\w)[^\d]{{0,50}}?({PHONE.pattern})")
"""`Contacto: Ana Gil, 310 555 0142`."""
ALONE = re.compile(rf"^\W*({PHONE.pattern})\W*$")
LISTED = re.compile(rf"(?:^|[·|•–/]|\s-)\s*({PHONE.pattern})\s*(?:[·|•–/]|-\s|$)")
"""Between the dots of a letterhead: `Calle 8 # 4-12 · 300 612 4409 · ana@…`."""
AMONG = re.compile(
    r"(?:^|[·|•–,;/:]|\s-|\bal|\bel)\s*"
    r"((?:\+?57 ?)?(?:3\d{2}|\(?60\d\)?)[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2})"
    r"\s*(?:$|[·|•–,;/.]|-\s|[oy]\s)"
)
"""`Calle 9 # 8-51, Barbosa. ana@…, 320 911 4458`: ten figures among how somebody can be reached."""
LABEL_ALONE = re.compile(rf"^\W*{any_of('telefono')}\W*$")


def mail(letter: Letter) -> Campo | None:
    """The sender's e-mail, in small letters and without the blanks that an engine put in."""
    for line in (*zones.form_rows(letter), *zones.foot(letter), *_printed_mail(letter)):
        match = MAIL.search(line.plain)
        if match:
            return _mail(
                line.text[slice(*match.span())], 0.975, line.find(*match.span()), line.page
            )
    for own, match in zones.told(letter, MAIL):
        if own == 2:
            page, words = letter.flow.find(*match.span())
            return _mail(letter.flow.text[slice(*match.span())], _TOLD[own], words, page)
    head = [] if zones.is_form(letter) else zones.letterhead(letter)
    for line in (*zones.standing(letter), *head):
        match = MAIL.search(line.plain)
        if match:
            return _mail(line.text[slice(*match.span())], 0.96, line.find(*match.span()), line.page)
    for own, match in sorted(zones.told(letter, MAIL), key=lambda x: -x[0]):
        page, words = letter.flow.find(*match.span())
        return _mail(letter.flow.text[slice(*match.span())], _TOLD[own], words, page)
    return None


def _printed_mail(letter: Letter) -> list[Line]:
    """The line «De:» of an e-mail that was printed."""
    return [x for x in letter.lines[:4] if re.match(r"^\W*(?:de|from)\s*:", x.plain)]


def _mail(text: str, rule: float, words: list, page: int) -> Campo:  # type: ignore[type-arg]
    value = re.sub(r"\s", "", text).lower().replace("(a)", "@").replace("[at]", "@").strip(".-")
    known = re.search(rf"\.{_ENDS}$", value) is not None
    blanks = " " in text.strip()
    return made(value, rule * (1 if known else 0.9) * (0.9 if blanks else 1), words, page)


def phone(letter: Letter) -> Campo | None:
    """The sender's telephone as written; the first where there are several."""
    foot = zones.foot(letter)
    for line in (*zones.form_rows(letter), *foot):
        if len(line.words) > _SHORT and not _apart(line):
            continue
        found = _on_line(line, LABELLED, 0.975)
        if found:
            return found
    for lines in (zones.form_rows(letter), foot):
        for index, line in enumerate(lines[1:], 1):
            left = lines[index - 1]
            labelled = left.row == line.row and LABEL_ALONE.match(left.plain)
            found = _on_line(line, ALONE, 0.97) if labelled else None
            if found:
                return found
    for index, line in enumerate(letter.lines):
        below = (
            letter.under(index) if LABEL_ALONE.match(line.plain) and ":" not in line.text else None
        )
        found = _on_line(below, ALONE, 0.92) if below else None
        if found:
            return found
    alone = ((ALONE, 0.93), (NAMED, 0.9), (LISTED, 0.92), (AMONG, 0.91))
    found = next((f for p, r in alone for x in foot if (f := _on_line(x, p, r))), None)
    found = found or _told(letter, 2) or _told(letter, 2, AMONG)
    standing, head = zones.standing(letter), zones.letterhead(letter)
    found = found or next((f for x in standing if (f := _on_line(x, LABELLED, 0.95))), None)
    if found is None and not zones.is_form(letter):
        kinds = ((LABELLED, 0.965), (LISTED, 0.93))
        found = next((f for p, r in kinds for x in head if (f := _on_line(x, p, r))), None)
    return found or _told(letter, 1) or _told(letter, 0)


def _apart(line: Line) -> bool:
    """Whether a telephone stands among how somebody can be reached, and in no sentence."""
    match = LABELLED.search(line.plain)
    before = line.plain[: match.start()] if match else ""
    return len(before) <= 12 or "@" in before or any(c.isdigit() for c in before)


def _on_line(line: Line, pattern: re.Pattern[str], rule: float) -> Campo | None:
    match = pattern.search(line.plain)
    if not match or re.search(r"\bfax\W*$", line.plain[: match.start(1)]):
        return None
    start, end = match.span(1)
    return made(line.text[start:end].strip(), rule, line.find(start, end), line.page)


def _told(letter: Letter, own: int, pattern: re.Pattern[str] = LABELLED) -> Campo | None:
    for is_own, match in zones.told(letter, pattern):
        if is_own >= own:
            start, end = match.span(1)
            page, words = letter.flow.find(start, end)
            rule = _TOLD[own] if pattern is LABELLED else 0.91
            return made(letter.flow.text[start:end].strip(), rule, words, page)
    return None
