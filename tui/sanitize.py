"""What comes from documents, made safe to show: no escapes, no controls, no invisible or turning
marks.

A scanned letter, a file name or a pasted text may carry a terminal's own commands (OSC, CSI,
DCS), bidi controls that show one thing and say another, or zero-width marks that hide a word. All
text of a document passes here before it reaches a widget. Letters that merely look alike
(homoglyphs) stay.
"""

from __future__ import annotations

import re
import unicodedata

_STRINGS = re.compile(
    # OSC, DCS, SOS, PM, APC up to BEL or ST; an unended one is cut at the end of its line.
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c|(?=\n)|(?=\x1b)|$)"
)
_CSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?")
_ESCAPE = re.compile(r"\x1b[ -/]*[0-~]?")
_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
_ALSO_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
"""Blank letters of other scripts that no category tells."""


def block(text: str) -> str:
    """*text* over several lines: NFC, newlines kept, tabs as a space, all other controls gone."""
    text = _STRINGS.sub("", text)
    text = _CSI.sub("", text)
    text = _ESCAPE.sub("", text)
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = "".join(c for c in text if c == "\n" or _shown(c))
    return unicodedata.normalize("NFC", text)


def line(text: str) -> str:
    """*text* on one line: as `block`, newlines as spaces."""
    return block(text).replace("\n", " ")


def _shown(char: str) -> bool:
    if (
        char in _ALSO_INVISIBLE
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0000" <= char <= "\U000e0fff"
    ):
        return False
    return unicodedata.category(char) not in _INVISIBLE
