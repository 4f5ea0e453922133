"""Words as they are compared: case and accents do not count."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """*text* in lower case without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in parts if not unicodedata.combining(c))
