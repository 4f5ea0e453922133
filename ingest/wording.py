"""How Colombian letters say things: `fields/wording.toml`, compiled.

All patterns meet text without accents and in lower case (`ingest.letter.plain`), save those of
names, whose capitals matter. A new wording is a new row of the table, never a new rule.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources

NO_MATCH = re.compile(r"(?!)")


def _table() -> dict[str, list[str]]:
    path = resources.files("ingest") / "fields" / "wording.toml"
    table: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return table


WORDS = _table()
"""The rows of the table by name."""


def any_of(*names: str) -> str:
    """The rows of these names as one alternative, the longest first."""
    rows = [row for name in names for row in WORDS[name]]
    return f"(?:{'|'.join(sorted(rows, key=len, reverse=True))})"


def label(*names: str) -> re.Pattern[str]:
    """A pattern for `label: value` at the beginning of a cell; the value may be missing."""
    return re.compile(rf"^\W*{any_of(*names)}\s*(?:no\.?|n[°ºo]\.?)?\s*[:.;=]+\s*|"
                      rf"^\W*{any_of(*names)}\W*$")  # fmt: skip


ADDRESSEE = re.compile(rf"^\W*(?P<como>{any_of('tratamientos')})(?!\w)[.:]*\s*(?P<resto>.*)$")
GREETING = re.compile(rf"^\W*{any_of('saludos')}(?!\w)")
CLOSING = re.compile(
    rf"(?:^\W*|[.!,;]\s+)(?:de ustedes?,? )?(?:muy )?{any_of('despedidas')}\W*$"
    rf"|^\W*{any_of('despedidas_solas')}\W*$|^\s*-{{2,3}}\s*$"
)
SUBJECT = re.compile(rf"^\W*{any_of('asunto', 'referencia')}\s*[.:;]+\s*(?:[-–—]\s*)?")
BARE_SUBJECT = re.compile(r"^\W*(?:asunto|referencia|ref)(?:\s+|\W*$)")
"""Without its colon: only where its first letter is a capital and the text has not begun."""
PROPER_SUBJECT = re.compile(rf"^\W*{any_of('asunto')}\b")
LABELLED = re.compile(rf"^\W*{any_of('rotulos')}\s*(?:no\.?)?\s*:")
IDENTIFIED = re.compile(
    r"^\W*(?:[c€]\s?[.,]?\s?(?:de\s?)?[c€e]\b|t\s?\.?\s?i\b|cedula|ced\b|pasaporte|ppt\b|pep\b"
    r"|tarjeta de).{0,40}\d"
)
STAMP = re.compile("|".join(WORDS["sellos"]))
STAMPED = re.compile(r"^\W*(?:recibid[oa]|radicad[oa]|correspondencia recibida)\W*$")
"""How a stamp of reception begins; the office that stamped it is not the sender."""
STAMP_LINE = re.compile(
    r"^\W*(?:\d{1,2}[\s/.-]+(?:\d{1,2}|[a-z]{3,10})[\s/.-]+\d{2,4}\b.{0,25}|(?:fecha|hora|radicad[oa]|folios|"
    r"rad|no|firma|por|anexos|recib\w+)\W.{0,30}|\d{1,2}:\d{2}.{0,12})$"
)
"""What stands below that, each on a line of the stamp."""
CITE = re.compile("|".join(WORDS["cite"]))
FOREIGN = re.compile("|".join(WORDS["ajenos"]))
COMPANY = re.compile(rf"\b{any_of('entidades')}(?!\w)")
DEPENDENCY = re.compile(rf"^\W*{any_of('dependencias')}\b")
NOT_NAME = re.compile(rf"(?<!\w){any_of('cargos')}(?!\w)")
NAME_WORD = re.compile(
    r"^[A-ZÁÉÍÓÚÜÑ][A-Za-zÁÉÍÓÚÜÑáéíóúüñ.'’-]*$|^(?:" + "|".join(WORDS["particulas"]) + r")$"
)
FORM = re.compile("|".join(WORDS["formularios"]))
TOLD = re.compile(rf"\b{any_of('notificaciones')}")
ANSWER = re.compile(rf"\b{any_of('respuestas')}")
HINTED = re.compile(rf"\b{any_of('contacto')}")
FIRST_PERSON = re.compile(rf"\b{any_of('firmantes')}\b")
