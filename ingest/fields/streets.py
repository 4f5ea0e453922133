"""How an address is written: its patterns, made of the words of `wording.toml`.

`Calle 10 Bis # 23-45 Apto. 302`: a way, its number, a sign, the corner and the distance, what is
inside. In the country a vereda, a kilometre, a finca; in new quarters manzana and casa.
"""

from __future__ import annotations

import re

from ingest.wording import any_of

_SIDE = r"(?:\s(?:sur|norte|este|oeste|nte)\b)?"
WAY = any_of("vias")
NUMBER = rf"\d{{1,3}}(?:\s?(?!no\b|nr\b)[a-z]{{1,2}})?\b(?:\s?bis\b)?(?:\s[a-z]\b)?{_SIDE}"
_SIGN = rf"(?:\s*,?\s*{any_of('signos')}\s*|\s*[-–—]\s*|\s*[%$*&]\s*|\s+[^\s\w]?\S\s+|\s+)"
_CORNER = rf"\d{{1,3}}\s?[a-z]{{0,2}}(?:\s?bis)?(?:\s?[a-z])?{_SIDE}\s*[-–—]\s*\d{{1,4}}\b{_SIDE}"
URBAN = re.compile(
    rf"\b{WAY}\b\.?\s*(?:{NUMBER}|[a-z]{{3,}}(?: [a-z]{{3,}}){{0,2}}){_SIGN}{_CORNER}"
    rf"|\b{WAY}\b\.?\s*{NUMBER}\s+(?:con|entre|esquina)\s+(?:{WAY}s?\b\.?\s*)?{NUMBER}"
    rf"(?:\s+y\s+(?:{WAY}\b\.?\s*)?{NUMBER})?"
    rf"|\b{WAY}\b\.?\s*{NUMBER}\s+{WAY}\b\.?\s*{NUMBER}\s+esquina"
)
RURAL = re.compile(
    rf"\b{any_of('del_campo')}\s+(?:\d|[a-z])[^,.;\n]{{1,40}}"
    r"|\b(?:manzana|mz|mza)\b\.?\s*\w{1,3}\s*,?\s*(?:casa|cs|lote|lt|#)\.?\s*\w{1,4}\b"
)
LOOSE = re.compile(rf"\b{WAY}\b\.?\s*{NUMBER}")
"""A way and its number alone: an address only where a line begins so."""
REST = re.compile(
    r"(?:\s*,?\s*(?:del? (?:la )?(?=barrio|urb|conjunto|sector|vereda|correg))?"
    rf"{any_of('interiores')}\b\.?"
    r"(?:\s+(?!(?:de|del|y|o|e|en|tel|cel|correo)\b)[\w°º'-]+){0,5})+"
)
"""What is inside, behind the address of a sentence."""
NAMED = re.compile(
    r"(?:,\s+(?:[A-ZÁÉÍÓÚÑ][\w.'-]*(?:\s(?:de|del|la|las|los|el))*\s?){1,4}(?=[,;.]))+"
)
"""Quarters and towns behind it, in their capitals and between commas."""
_ABBREVIATED = "".join(
    rf"(?<!\b{word})" for word in ("no", "n", "nro", "num", "apto", "of", "int", "b")
)
BEFORE = re.compile(
    rf"(?:^|(?<=[:–—·|(]\s)|(?<=\ben )|(?<=\bel )|(?<=\bla )|(?<=[.,]\s))"
    rf"(?:{any_of('delante')}\b\.?\s+\w[\w.'°º-]*(?:\s\w[\w.'°º-]*){{0,4}}(?:,\s*|\s+)){{1,3}}\Z"
)
"""`Barrio San José, Mz 8 Cs 14`, `Palacio Municipal, Calle 2 # 5-16`: what stands before it."""
CUT = re.compile(
    rf"\s+[–—|·]\s*|\s+-\s+(?=[a-z(]|\d{{3}}\s?\d{{3}})|\s*·\s*|[,;.]?\s+{any_of('tras_direccion')}\b"
    rf"|{_ABBREVIATED}\.\s+|\s+(?:y|o)\s+(?:en|al|a)\s+|\s+\S+@|\s*;"
)
"""Where a line of an address goes on to something else."""
_SIGN_LOST = re.compile(
    rf"^({WAY}\b\.?\s*{NUMBER})(?:\s*[%$*&]\s*|\s+(?:(?!#|no|n°|nº|con|y)[^\s\d]\S?\s+)?)"
    r"(?=\d{1,3}\s?[a-z]?\s*[-–]\s*\d)",
    re.IGNORECASE,
)

_SIGN_TWICE = re.compile(r"^(\D+\d{1,3}[A-Za-z]{0,2}(?: Bis)?)\s+(?:[fhkt]{1,2}|[^\w\s])\s+(?=#)")
"""What an engine made of the first stroke of the `#` that follows."""


def signed(street: str) -> str:
    """An address whose `#` was lost or misread, with it; `C1.` is Cl."""
    street = re.sub(r"^C[1I]\.", "Cl.", street)
    street = _SIGN_TWICE.sub(r"\1 ", street)
    return _SIGN_LOST.sub(r"\1 # ", street)
