"""Figures as engines misread them, and figures that can be checked.

Source of the check digit: DIAN, Orden Administrativa 4 de 1989 (weights 3, 7, 13 … 71, modulo 11).
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[^\s]+")
_FIGURES = re.compile(r"^[(\[]?[\dOolI|!¡SB.,:;/\-–—'°º+#]+[)\].,;:]*$")
_CORNER = re.compile(r"^[#(]?\d{1,2}[BS]-\d{1,3}[).,;:]*$")
_CODE = re.compile(r"^[SBIO]-(?:19|20)\d\d-?\d{4,}")
"""`S-2026-0099182`: what was sent out (salida), by its register."""
_LOOKS = {"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "!": "1", "¡": "1", "S": "5", "B": "8"}
_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)


def mended(text: str) -> str:
    """*text*, as long, with letters among figures turned into the figures they look like.

    Only words that are figures but for such letters; `3o` (third) and `9B` (a street) stay.
    """
    return _TOKEN.sub(lambda m: _token(m.group()), text)


def lettered(word: str) -> str:
    """*word*, as long, with `l`, `1` and `0` among letters turned into the letters they look like.

    `ALCALDlA`, `lbagué`, `RAM0S`; codes that have more figures stay.
    """
    letters = [c for c in word if c.isalpha()]
    if len(letters) < 3 or not re.search(r"[l10]", word):
        return word
    if "l" in letters and sum(c.isupper() for c in letters) >= 2 and _capitals(letters):
        word = word.replace("l", "I")
    if _SMALL_L.match(word):
        word = word.replace("l", "I", 1)
    return word if sum(c.isdigit() for c in word) != 1 else _ZERO.sub("O", word)


_SMALL_L = re.compile(r"^\W*l(?=[bcdfgjmnpqrstvxz][a-záéíóúñ])")
"""No word begins so: that is an I."""
_ZERO = re.compile(r"(?<=[A-ZÁÉÍÓÚÑ]{2})0(?=[A-ZÁÉÍÓÚÑ])|(?<=[A-ZÁÉÍÓÚÑ])0(?=[A-ZÁÉÍÓÚÑ]{2})")


def _capitals(letters: list[str]) -> bool:
    return all(c.isupper() or c == "l" for c in letters)


def _token(token: str) -> str:
    figures = sum(c.isdigit() for c in token)
    strange = [i for i, c in enumerate(token) if c in _LOOKS]
    if not figures or not strange or not _FIGURES.match(token) or len(strange) > figures + 1:
        return token
    out = list(token)
    for i in strange:
        if _stays(token, i):
            continue
        out[i] = _LOOKS[token[i]]
    return "".join(out)


def _stays(token: str, at: int) -> bool:
    """A letter that ends a short figure may be meant: `3o`, `9B`, `12S`, `43B-112`."""
    if (_CORNER.match(token) and token[at] in "BS") or (_CODE.match(token) and at == 0):
        return True
    if sum(c.isdigit() for c in token) >= 4:
        return False
    last = at + 1 >= len(token.rstrip(".,;:)]")) or token[at + 1] in "-–—#/"
    if token[at] in "oSB":
        between = 0 < at < len(token) - 1 and token[at - 1] in "0123456789." and not last
        return not between
    return token[at] in "!¡|" and last


def dotted(value: str) -> str:
    """Thousands with dots, as identity cards print them: `51.234.567`; empty without figures."""
    bare = re.sub(r"\D", "", value)
    first = len(bare) % 3
    groups = [bare[:first], *(bare[i : i + 3] for i in range(first, len(bare), 3))]
    return ".".join(g for g in groups if g)


def check_digit(nit: str) -> int:
    """The check digit of a NIT (or of a cédula used as one); *nit* without it."""
    bare = re.sub(r"\D", "", nit)
    total = sum(int(d) * w for d, w in zip(reversed(bare), _WEIGHTS, strict=False))
    rest = total % 11
    return rest if rest < 2 else 11 - rest


def nit_holds(value: str) -> bool | None:
    """Whether the check digit of `900.123.456-7` is right; None where none is written."""
    body, dash, check = value.partition("-")
    if not dash or not check.strip().isdigit():
        return None
    return check_digit(body) == int(check)
