"""Names of files and folders that any system takes: Windows, FAT, 255 bytes, one case only.

Made from what people wrote and never equal to it: accents are folded, what is no plain letter or
digit becomes a dash, names that Windows keeps for itself get a letter more, and two that would be
taken for one get a number. Pure.
"""

from __future__ import annotations

import re
import unicodedata

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def plain(text: str, longest: int, otherwise: str = "sin-nombre") -> str:
    """*text* in letters, digits and single dashes, at most *longest* of them."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "-", folded).strip("-")[:longest].strip("-")
    name = name or otherwise
    return f"{name}_" if _RESERVED.fullmatch(name) else name


def is_plain(name: str) -> bool:
    """Whether a name may be used as it is."""
    good = _PLAIN.fullmatch(name) and len(name) <= 60 and name[-1] != "."
    return bool(good and not _RESERVED.fullmatch(name))


class Names:
    """The names that are taken in each folder."""

    def __init__(self) -> None:
        self._taken = set[str]()

    def take(self, folder: str, stem: str, extension: str = "") -> str:
        """*folder* and a name in it that is nobody else's."""
        end = f".{extension}" if extension else ""
        name, n = f"{folder}{stem}{end}", 1
        while name.casefold() in self._taken:
            n += 1
            name = f"{folder}{stem}-{n}{end}"
        self._taken.add(name.casefold())
        return name
