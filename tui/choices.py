"""Closed lists in a text field: codes are kept, words are shown, either may be typed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.views import Choice


def fold(text: str) -> str:
    """*text* in small letters without accents, as long as it was: one letter for each letter."""
    return "".join(unicodedata.normalize("NFD", c)[0] for c in text.lower()) if text else ""


def words_of(code: str, choices: Sequence[Choice]) -> str:
    """What is shown for *code*; itself where the list does not know it."""
    return next((c.words for c in choices if c.code == code), code)


def code_of(text: str, choices: Sequence[Choice]) -> str:
    """The code that *text* means: its words, the code, or the only beginning that fits; else the
    text.
    """
    wanted = fold(text.strip())
    if not wanted or not choices:
        return text.strip()
    for choice in choices:
        if wanted in (fold(choice.words), fold(choice.code)):
            return choice.code
    begin = [c.code for c in choices if fold(c.words).startswith(wanted)]
    return begin[0] if len(begin) == 1 else text.strip()


def matching(text: str, choices: Sequence[Choice]) -> list[Choice]:
    """The choices whose words hold every word of *text*."""
    parts = fold(text).split()
    return [c for c in choices if all(p in fold(c.words) for p in parts)]
