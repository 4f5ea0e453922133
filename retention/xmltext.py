"""What XML 1.0 cannot hold is shown by a sign of its own, and counted: nothing goes in silence.

XML 1.0 (fifth edition), production [2] Char: no control but tab and line ends, no surrogate, no
U+FFFE or U+FFFF, not even as a reference. OCR and file names bring them.
"""

from __future__ import annotations

import re

_CANNOT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def holdable(text: str) -> tuple[str, int]:
    """*text* as XML can hold it, and how many characters another stands for.

    A control shows as its picture (U+0007 as `␇`), any other as `�`.
    """
    return _CANNOT.subn(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"
