"""A second look, with a model that knows all signs, at the few places where one may stand.

The Spanish model has none of `#`, `@`, `&`, `°`, `º`, `ª` in its alphabet and writes something
else for them, always in the same few ways. Where its words look like that (an address, an e-mail,
an ordinal, a firm's «& Cía.») those words alone are read again; only a word that bears such a sign
takes the place of what stood there. Measured: addresses and e-mails 0 of 251 exact before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from ingest.noise import DASHES
from ingest.words import Box, Word

if TYPE_CHECKING:
    from ingest.engine import Engine, Pixels

SIGNS = frozenset("#@&°ºª")
MARGIN = 6
"""Pixels around the words that are read again."""
FRAME = 10
"""Pixels of paper added around that: a line that touches the edge is read badly."""
TRUST = 90
"""Most that a word of the second look is trusted."""

STREET = re.compile(
    r"^\W*(?:calle|cll?|carrera|cra|kra|kr|cr|avenida|av|ave|diagonal|diag|dg|transversal|transv|tv|"
    r"circular|autopista|manzana|mz|casa|apto|lote|bloque|torre|interior|int|c[1i])\b\W*$",
    re.IGNORECASE,
)
ROAD = re.compile(
    r"^\W*(?:calle|cll?|carrera|cra|kra|kr|cr|avenida|av|diagonal|dg|transversal|tv|c[1i])\.?$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^\d{1,3}[A-Z]?$")
SUFFIX = re.compile(r"^(?:bis|sur|norte|este|oeste|[A-Z])$", re.IGNORECASE)
SIGN_LIKE = re.compile(r"^[^\w\s.,;:()-]{1,3}$|^[4Ht+*$]{1,2}$")
WHOLE_PLATE = re.compile(r"^\d{1,3}[A-Z]?-\d{1,3}\W?$")
STARTS_WITH_DIGIT = re.compile(r"^\W{0,2}\d")
PLATE = re.compile(r"\d[A-Za-z]?\s?[-–—]\s?\d")
REACH = 7
"""Words from a street to the plate of its house, at most."""
DOMAIN = re.compile(r"\.(?:com|co|org|net|gov|edu|mil|info)(?:\.|\b)|@", re.IGNORECASE)
MAIL = re.compile(r"(\W*)([^@]+)@([\w-]+(?:[.,][\w-]+)+?)([.,;:)\]>]*)")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*[A-Za-z0-9]")
WEB = re.compile(r"^\W*(?:www\.|https?:)", re.IGNORECASE)
ODD = re.compile(
    r"^(?:[Nn]\.?[^\w\s.,;:)]{1,2}\W?|\(?\d{1,2}[*?\"”“'’`´]{1,2}\W?|[^\w\s]?[€£«&][^\w\s]?|[^\w\s]C|"
    r"[A-Z][€£é&8][A-Z]|[^\w\s]{1,3}\d{1,3})$"
)
"""What `N°`, `2º`, `&`, `°C`, `A&B` and `#301` look like to a model without those signs."""
ALONE = re.compile(r"^[^\w\s$,.;:)(«»-]{1,3}$|^[$4]$")


def look_again(lines: list[list[Word]], pixels: Pixels, dpi: int, engine: Engine) -> None:
    """Put the signs into *lines*, in place."""
    for line in lines:
        certain(line)
    places = [(line, *span) for line in lines for span in doubtful(line)]
    crops = [_crop(pixels, line[first : last + 1]) for line, first, last in places]
    looks = engine.read_lines([c for c, _, _ in crops], dpi)
    # From the right, so that the places further left in a line stay where they were.
    for (line, first, last), (_, x, y), look in reversed(
        list(zip(places, crops, looks, strict=False))
    ):
        seen = _joined([_moved(word, x, y) for word in look])
        line[first : last + 1] = merged(line[first : last + 1], seen)


def certain(line: list[Word]) -> None:
    """Put `#` into addresses that leave no other reading: street, number, odd sign, plate."""
    for place, word in enumerate(line[:-3]):
        if not ROAD.match(word.text) or not NUMBER.match(line[place + 1].text):
            continue
        sign = place + 2
        while sign < min(place + 4, len(line) - 2) and SUFFIX.match(line[sign].text):
            sign += 1
        plain = int(re.sub(r"\D", "", line[place + 1].text)) <= 250
        if plain and SIGN_LIKE.match(line[sign].text) and WHOLE_PLATE.match(line[sign + 1].text):
            old = line[sign]
            line[sign] = Word("#", max(old.confidence, TRUST), old.box)


def doubtful(line: list[Word]) -> list[tuple[int, int]]:
    """First and last word of each place to look at again, from the left, none overlapping."""
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(line):
        span = _span(line, place)
        if span is None:
            place += 1
            continue
        first = max(span[0], found[-1][1] + 1 if found else 0)
        found.append((first, max(first, span[1])))
        place = found[-1][1] + 1
    return found


def _span(line: list[Word], place: int) -> tuple[int, int] | None:
    text, last = line[place].text, len(line) - 1
    if text == "#":
        return None
    if STREET.match(text) and "#" in [w.text for w in line[place + 1 : place + 5]]:
        return None  # nothing is left to be seen
    if STREET.match(text) and place < last and STARTS_WITH_DIGIT.match(line[place + 1].text):
        return place, _to_the_plate(line, place)
    short = ALONE.match(text) or (place == 0 and len(text) <= 2)
    if short and place < last and PLATE.search(line[place + 1].text):
        return max(0, place - 2), place + 1  # «12 Bis # 61-32» whose street ended the line above
    if DOMAIN.search(text) and not WEB.match(text):
        return _whole_mail(line, place)
    if ODD.match(text):
        return max(0, place - 1), min(last, place + 1)
    if ALONE.match(text) and place < last and re.match(r"^\d{1,4}\W?$", line[place + 1].text):
        return max(0, place - 1), place + 1  # «Casa # 5»
    return None


def _to_the_plate(line: list[Word], street: int) -> int:
    most = min(street + REACH, len(line) - 1)
    for place in range(street + 1, most + 1):
        if PLATE.search(line[place].text):
            return place
    return min(street + 3, len(line) - 1)


def _whole_mail(line: list[Word], place: int) -> tuple[int, int]:
    """From the name before the `@`, which may have been read as a word of its own."""
    first = place
    while first > 0 and place - first < 3:
        gap = line[first].box[0] - line[first - 1].box[2]
        high = line[place].box[3] - line[place].box[1]
        lonely = first == place and re.match(r"^\W*\w{0,12}\.", line[place].text)
        if gap > (1.2 if lonely else 0.35) * high:
            break
        first -= 1
    return first, place


def _crop(pixels: Pixels, words: list[Word]) -> tuple[Pixels, int, int]:
    """The pixels of some words with paper around, and where their left top corner lies."""
    rows, columns = pixels.shape
    left = max(0, min(w.box[0] for w in words) - MARGIN)
    top = max(0, min(w.box[1] for w in words) - MARGIN)
    right = min(columns, max(w.box[2] for w in words) + MARGIN)
    bottom = min(rows, max(w.box[3] for w in words) + MARGIN)
    part = pixels[top:bottom, left:right]
    paper = int(np.percentile(part, 90)) if part.size else 255
    return np.pad(part, FRAME, constant_values=paper), left - FRAME, top - FRAME


def _moved(word: Word, x: int, y: int) -> Word:
    left, top, right, bottom = word.box
    return Word(word.text, word.confidence, (left + x, top + y, right + x, bottom + y))


def _joined(words: list[Word]) -> list[Word]:
    """An e-mail that was read in two: `ana.ruiz` `@ejemplo.co` is one word."""
    out: list[Word] = []
    for word in words:
        if out and (word.text.startswith("@") or out[-1].text.endswith("@")):
            before = out[-1]
            if word.box[0] - before.box[2] < 0.6 * (before.box[3] - before.box[1]):
                box = (
                    before.box[0],
                    min(before.box[1], word.box[1]),
                    word.box[2],
                    max(before.box[3], word.box[3]),
                )
                least = min(before.confidence, word.confidence)
                out[-1] = Word(before.text + word.text, least, box)
                continue
        out.append(word)
    return out


def merged(before: list[Word], seen: list[Word]) -> list[Word]:
    """The first reading, with the words of the second that bear a sign in the place they take."""
    out = list(before)
    for word in seen:
        if SIGNS & set(word.text):
            _put(out, word, seen)
    if any(word.text == "#" for word in out):
        for word in seen:
            if re.fullmatch(r"\d{1,3}[A-Z]?\W?", word.text):
                _street_number(out, word)
    return out


def _put(words: list[Word], sign: Word, seen: list[Word]) -> None:
    text = "#" if "#" in sign.text and len(sign.text) == 2 and not _digit(sign.text) else sign.text
    under = [i for i, w in enumerate(words) if _shared(w.box, sign.box) > 0.5]
    if not under:
        place = sum((w.box[0] + w.box[2]) < (sign.box[0] + sign.box[2]) for w in words)
        words.insert(place, _as_read(sign, text))
        return
    first, last = under[0], under[-1]
    old = words[first : last + 1]
    if "@" in text:
        mail = e_mail("".join(w.text for w in old), text)
        if mail is not None:
            words[first : last + 1] = [_as_read(sign, mail)]
        return
    # «134» was «13 #»: what else the second look saw there goes with the sign.
    others = [w for w in seen if w is not sign and any(_within(w.box, o.box) for o in old)]
    new = sorted([_as_read(sign, text), *others], key=lambda w: w.box[0])
    if sum(w.letters for w in old) > sum(len(w.text) for w in new) + 2:
        return  # it would swallow a word
    words[first : last + 1] = new


def _digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _as_read(sign: Word, text: str) -> Word:
    return Word(text, min(sign.confidence, TRUST), sign.box)


def _street_number(words: list[Word], seen: Word) -> None:
    """`73B` where the first look read `738`, `5A` where it read `SA`.

    No street of Colombia bears a number over 250, and none is without digits.
    """
    for place, word in enumerate(words):
        text = word.text.strip(".,;:")
        wrong = (text.isdigit() and int(text) > 250) or not _digit(text)
        alike = 1 < len(text) == len(seen.text.strip(".,;:")) and "#" not in text
        if wrong and alike and _shared(word.box, seen.box) > 0.5 and not STREET.match(text):
            words[place] = _as_read(seen, seen.text)


def _shared(one: Box, other: Box) -> float:
    """How much of the narrower of two boxes lies over the other, across."""
    common = min(one[2], other[2]) - max(one[0], other[0])
    return common / max(1, min(one[2] - one[0], other[2] - other[0]))


def _within(small: Box, large: Box) -> bool:
    middle = (small[0] + small[2]) / 2
    return large[0] <= middle <= large[2] and small[2] - small[0] < 0.9 * (large[2] - large[0])


def e_mail(before: str, seen: str) -> str | None:
    """The address of the second look, its name as the first look spelt it; None for half of one.

    The first look knows Spanish (`notificaciones18`) and puts rubbish in place of the sign; the
    second sees the sign and takes `1` for `l`. Where they agree but for a letter the first holds.
    """
    parts = MAIL.fullmatch(seen)
    if parts is None:
        return None
    opening, name, domain, closing = parts.groups()
    domain = re.sub(r",(?=co\b)", ".", domain.lower())
    domain = re.sub(r"\.c{2,}o$", ".co", domain)
    at = before.lower().rfind(domain[:4])
    start = len(opening) if before.startswith(opening) else 0
    spelt = [before[start : at - rubbish] for rubbish in range(5)] if at > 0 else []
    spelt = [x for x in spelt if len(x) > 3 and NAME.fullmatch(x)]
    nearest = min(spelt, key=lambda x: _differences(x, name), default=name)
    if _differences(nearest, name) <= 1 + (len(name) > 12):
        name = nearest
    return f"{opening}{name}@{domain}{closing}"


def _differences(one: str, other: str) -> int:
    """Letters to change, add or take away between two short strings (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def dash(words: list[Word], place: int, pixels: Pixels, narrow: float = 1.0) -> str:
    """A dash that stands alone, by its width against the letters beside it, made *narrow* or not.

    A hyphen is as wide as half a small letter is high, an en dash as one, an em dash as two.
    """
    left, top, right, bottom = words[place].box
    part = pixels[max(0, top - 2) : bottom + 2, max(0, left - 4) : right + 4]
    beside = [w.box[3] - w.box[1] for i, w in enumerate(words) if i != place and len(w.text) > 2]
    if not part.size or not beside:
        return words[place].text
    dark = np.flatnonzero((part < (int(part.max()) + int(part.min())) / 2).any(axis=0))
    if not dark.size:
        return words[place].text
    # Boxes of words reach from the tops of capitals to descenders: about twice a small letter.
    ratio = (int(dark[-1]) - int(dark[0]) + 1) / (0.5 * narrow * float(np.median(beside)))
    return DASHES[0] if ratio < 0.8 else DASHES[1] if ratio < 1.55 else DASHES[2]
