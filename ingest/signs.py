"""The signs that Tesseract's Spanish model cannot write: `#`, `@` and `ü` are put back by rule.

Its alphabet has none of them, so «Calle 10 # 23-45» and every e-mail address come
out wrong, always in the same few ways. Each rule acts only where Spanish or Colombian usage leaves
one reading: an address has one `#` before its plate, an e-mail address one `@`, and `gú` before
`e` or `i` is `gü`. A mended word says so by its lower confidence.
"""

from __future__ import annotations

import re

import msgspec

from ingest.lectura import Palabra

MENDED = 60
"""Most that a word mended by rule is trusted."""

STREET = re.compile(
    r"^\W*(?:calle|cll?|carrera|cra|kra|kr|cr|avenida|av|ave|diagonal|diag|dg|transversal|transv|tv|"
    r"circular|autopista)\.?$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^\d{1,3}[A-Za-z0-9]?$")
SUFFIX = re.compile(r"^(?:bis|sur|norte|este|oeste|[A-Z])$", re.IGNORECASE)
PLATE = re.compile(r"^\d{1,3}[A-Za-z]?(?:bis)?[-—–]\d{1,3}\W?$", re.IGNORECASE)
MISREAD = re.compile(r"^[^\w\s]{1,3}$|^[4HtiIl1*+$%&]{1,3}$")

DOMAIN = re.compile(r"\.(?:com|co|org|net|gov|edu|mil|info)(?:\.co)?[.,;]?$")
NOT_IN_MAIL = re.compile(r"(?<=[a-z0-9._-])(?:[^a-z0-9._\s-]{1,3})(?=[a-z0-9])")

DIERESIS = (
    (re.compile(r"(?<=[gG])ú(?=[eiéí])"), "ü"),
    (re.compile(r"(?<=G)Ú(?=[EIÉÍ])"), "Ü"),
)


def mend(words: list[Palabra]) -> list[Palabra]:
    """The words of one line with those three signs put back."""
    out = [_mail(_dieresis(word)) for word in words]
    for start, word in enumerate(words):
        if STREET.match(word.texto):
            place = _plate_sign(words, start)
            if place is not None:
                out[place] = _as(out[place], "#")
    return out


def _as(word: Palabra, text: str) -> Palabra:
    return msgspec.structs.replace(word, texto=text, confianza=min(word.confianza, MENDED))


def _plate_sign(words: list[Palabra], street: int) -> int | None:
    """Index of the word between street number and plate («Calle 10 ++ 23-45»), if it is a sign."""
    if street + 3 >= len(words) or not NUMBER.match(words[street + 1].texto):
        return None
    place = street + 2
    while place + 1 < len(words) and SUFFIX.match(words[place].texto) and place < street + 4:
        place += 1
    if place + 1 >= len(words) or not PLATE.match(words[place + 1].texto):
        return None
    return place if MISREAD.match(words[place].texto) else None


def _dieresis(word: Palabra) -> Palabra:
    text = word.texto
    for pattern, sign in DIERESIS:
        text = pattern.sub(sign, text)
    return word if text == word.texto else msgspec.structs.replace(word, texto=text)


def _mail(word: Palabra) -> Palabra:
    """`carteraQejemplo.com`: the one thing that cannot stand in an address is its `@`."""
    text = word.texto
    if "@" in text or not DOMAIN.search(text) or text.lower().startswith(("www", "http")):
        return word
    odd = NOT_IN_MAIL.findall(text)
    return _as(word, NOT_IN_MAIL.sub("@", text)) if len(odd) == 1 else word
