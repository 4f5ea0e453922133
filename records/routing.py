"""Which dependencia a letter is for: the office's own rules of words (config.toml, [[reparto]]).

A suggestion that a clerk confirms; assignment and hand-over come with the trámite.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from records.query import plain

if TYPE_CHECKING:
    from records.settings import Settings


def suggest(settings: Settings, text: str) -> tuple[str | None, str, bool]:
    """(kind, dependencia, whether a rule matched) for a letter's text; the first rule holds."""
    words = plain(text)
    for rule in settings.reparto:
        if any(re.search(rf"\b{re.escape(plain(p))}\b", words) for p in rule.palabras):
            default = settings.reparto_por_defecto
            return rule.tipo, rule.dependencia or default.dependencia, True
    return None, settings.reparto_por_defecto.dependencia, False
