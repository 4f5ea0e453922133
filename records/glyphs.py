"""Text for a printer that knows only some characters: our font's, or a code page's.

What is printed comes from strangers: nothing in it may turn the line around, end it, or stop the
printer. What cannot be printed shows as «?» and is never left out in silence, but for characters
that have no shape.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from records import pdfa

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHAPELESS = frozenset(("Cc", "Cf", "Cs"))
_BREAKS = (("\r\n", "\n"), ("\r", "\n"), ("\u2028", "\n"), ("\u2029", "\n"), ("\t", " "))
_NEAR = {
    **dict.fromkeys("‐‑‒–—−•·", "-"),
    **dict.fromkeys("‘’‚ʼ´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    "…": "...",
    "→": "->",
    "€": "EUR",
}
"""What stands for a sign where it is lacking."""


def printable(text: str, known: frozenset[str]) -> str:
    """*text* in *known* characters; line breaks stay as `\\n`.

    Composed (NFC); direction marks, controls and surrogates removed; tabs become a space, breaks of
    other systems `\\n`; a character that is lacking becomes the same in another form (NFKD), itself
    without accents, a near sign, or `?`.
    """
    if known.issuperset(text):
        return text
    for other, mark in _BREAKS:
        text = text.replace(other, mark)
    return "".join(c if c == "\n" else _shown(c, known) for c in unicodedata.normalize("NFC", text))


def one_line(text: str, known: frozenset[str]) -> str:
    """*text* in *known* characters, on one line, blanks as one space."""
    return " ".join(printable(text, known).split())


def _shown(char: str, known: frozenset[str]) -> str:
    if unicodedata.category(char) in _SHAPELESS:
        return ""
    if char in known:
        return char
    wide = unicodedata.normalize("NFKD", char)
    bare = "".join(c for c in wide if not unicodedata.combining(c))
    for near in (unicodedata.normalize("NFC", wide), bare, _NEAR.get(char, "")):
        if near and known.issuperset(near):
            return near
    return "" if unicodedata.combining(char) else "?"


@cache
def font() -> frozenset[str]:
    """The characters that our font shows, upright and bold."""
    both = pdfa.face().glyphs.keys() & pdfa.face(bold=True).glyphs.keys()
    return _with_shape(map(chr, both))


@cache
def code_page(codec: str) -> frozenset[str]:
    """The characters that a code page of 256 has beyond the controls."""
    return _with_shape(bytes(range(0x20, 0x100)).decode(codec, "ignore"))


def _with_shape(chars: Iterable[str]) -> frozenset[str]:
    return frozenset(c for c in chars if unicodedata.category(c) not in _SHAPELESS)
