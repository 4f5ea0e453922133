"""Closed lists in a text field: codes are kept, words are shown, either may be typed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from tui.views import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence


class Several(tuple[Choice, ...]):
    """A closed list of which several values may stand at once, parted by commas."""


def fold(text: str) -> str:
    """*text* in small letters without accents, as long as it was: one letter for each letter."""
    return "".join(unicodedata.normalize("NFD", c)[0] for c in text.lower()) if text else ""


def words_of(code: str, choices: Sequence[Choice]) -> str:
    """What is shown for *code*; itself where the list does not know it."""
    if isinstance(choices, Several) and "," in code:
        return ", ".join(words_of(part, choices) for part in parts(code))
    return next((c.words for c in choices if c.code == code), code)


def code_of(text: str, choices: Sequence[Choice]) -> str:
    """The code that *text* means: its words, the code, or the only beginning that fits; else the
    text.
    """
    if isinstance(choices, Several) and "," in text:
        return ", ".join(dict.fromkeys(code_of(part, choices) for part in parts(text)))
    wanted = fold(text.strip())
    if not wanted or not choices:
        return text.strip()
    for choice in choices:
        if wanted in (fold(choice.words), fold(choice.code)):
            return choice.code
    begin = [c.code for c in choices if fold(c.words).startswith(wanted)]
    return begin[0] if len(begin) == 1 else text.strip()


def parts(text: str) -> list[str]:
    """The values that commas part."""
    return [part.strip() for part in text.split(",") if part.strip()]


def known(code: str, choices: Sequence[Choice]) -> bool:
    """Whether *code* is of the list; each of several, where it may be several."""
    held = parts(code) if isinstance(choices, Several) else [code]
    return all(any(c.code == one for c in choices) for one in held)


def chosen(value: str, now: str, choices: Sequence[Choice]) -> str:
    """What a choice from the list makes of the value *now*: itself, or one more (or less)."""
    if not isinstance(choices, Several):
        return value
    held = [one for one in parts(code_of(now, choices)) if known(one, choices)]
    left = [one for one in held if one != value] if value in held else [*held, value]
    return ", ".join(c.code for c in choices if c.code in left)


def matching(text: str, choices: Sequence[Choice]) -> list[Choice]:
    """The choices whose words hold every word of *text*."""
    pieces = fold(text).split()
    return [c for c in choices if all(p in fold(c.words) for p in pieces)]
