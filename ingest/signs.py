"""What spelling and usage decide without a second look: `ü`, and the parts of an address.

Tesseract's Spanish model has no `#`, `@` and `ü` in its alphabet. `ingest.symbols` puts the `#`
of an address and looks again where it can; where its model is not installed, or saw nothing, these
rules act, each only where Spanish or Colombian usage leaves one reading: an e-mail address has one
`@`, `gú` before `e` or `i` is `gü`, no street bears a number over 250. A mended word says so by
its lower confidence.
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

DOMAIN = re.compile(r"\.(?:com|co|org|net|gov|edu|mil|info)(?:\.co)?[.,;]?$")
NOT_IN_MAIL = re.compile(r"(?<=[a-z0-9._-])(?:[^a-z0-9._\s-]{1,3})(?=[a-z0-9])")

DIERESIS = (
    (re.compile(r"(?<=[gG])(?:ú|ii)(?=[eiéí])"), "ü"),
    (re.compile(r"(?<=G)Ú(?=[EIÉÍ])"), "Ü"),
    (
        re.compile(
            r"(?:(?<=erg)u(?=enza)|(?<=ling)u(?=[íi]st)|(?<=ping)u(?=ino)|(?<=[io]ling)u(?=es?\b)|(?<=tig)u(?=edad)|(?<=esag)u(?=e)"
            r"|(?<=[Cc]ig)u(?=eña)|(?<=[Uu]ng)u(?=ento))"
            r"|(?<=\bAg)u(?=ero\b)|(?<=\bArg)u(?=ello\b)"
        ),
        "ü",
    ),
)
"""The last: words that are never written without it, as `vergüenza`, `bilingüe`, `antigüedad`."""

CAPITAL_I = re.compile(r"^(\W*)l(?=[bcdfgjkmnñpqrstvxz][a-záéíóúüñ])")
"""«lbagué»: no word of Spanish begins so, and many names begin with I."""
SHORT_STREET = re.compile(r"^[Cc][lL1I][.,]$")
SHORT_ROAD = re.compile(r"^(Cra|Kra|Cr|Kr|Dg|Tv|Av),$")
HIGH = re.compile(r"^(\d{2})([84])$")


def mend(words: list[Palabra]) -> list[Palabra]:
    """The words of one line with those signs and letters put right."""
    out = [_mail(_spelt(word)) for word in words]
    for start, word in enumerate(words):
        if any(p.match(word.texto) for p in (STREET, SHORT_STREET, SHORT_ROAD)):
            _address(out, start)
    return out


def _address(words: list[Palabra], street: int) -> None:
    """The abbreviation and the number of a street, in an address that has its `#`."""
    near = [w.texto for w in words[street + 1 : street + 5]]
    if "#" not in near or not words[street + 1].texto[:1].isdigit():
        return
    text = words[street].texto
    shouted = any(w.texto.isupper() and len(w.texto) > 2 and w.texto.isalpha() for w in words)
    if SHORT_STREET.match(text) and not shouted:
        words[street] = _as(words[street], "Cl.")
    elif SHORT_ROAD.match(text):
        words[street] = _as(words[street], text.replace(",", "."))
    number = words[street + 1]
    high = HIGH.match(number.texto)
    if high and int(number.texto) > 250:
        words[street + 1] = _as(number, high[1] + {"8": "B", "4": "A"}[high[2]])


def _as(word: Palabra, text: str) -> Palabra:
    return msgspec.structs.replace(word, texto=text, confianza=min(word.confianza, MENDED))


def _spelt(word: Palabra) -> Palabra:
    text = CAPITAL_I.sub(r"\1I", word.texto)
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
