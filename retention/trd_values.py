"""What a cell of a TRD says: years, disposition, support, tipos documentales, the parts of a code.

What does not say one thing is dirt, with its reason in Spanish for whoever corrects the file; it is
never guessed. Ley 594 de 2000, art. 24; the codes CT, E, S and M (MT, MD and the older D) are those
of the AGN's format, and several may go together. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from typing import get_args

from records.trd import FATES, Fate, Support
from records.words import plain

MAX_YEARS = 200
LONG = 100
"""Years in both archives together from which a person is asked to look again."""
MAX_NAME = 500
MAX_TEXT = 20_000
CODE_PART = re.compile(r"[0-9A-Za-zÑñ]{1,12}")
OFFICE_CODE = re.compile(r"[0-9A-Za-zÑñ]{1,12}(?:[.\-][0-9A-Za-zÑñ]{1,12}){0,3}")
_BULLET = re.compile(r"^[-–—•●▪■◦‣·*>\s]+")
_YEARS = re.compile(r"([0-9]{1,4})(?:\.0+)?\s*(?:a[nñ]os?|a)?\.?", re.IGNORECASE)
"""Of a cell as it stands: what makes words comparable makes the mark of a note, `5¹`, a digit."""
_SPLIT = re.compile(r"[/,;+&|\n\-–]|\by\b|\s{2,}")
_FATES: dict[str, Fate] = {
    **dict.fromkeys(("ct", "conservaciontotal", "ctotal", "conservar", "conservartotalmente",
                     "conservacionpermanente"), "CT"),
    **dict.fromkeys(("e", "eliminacion", "eliminar"), "E"),
    **dict.fromkeys(("s", "seleccion", "seleccionar", "sel"), "S"),
    **dict.fromkeys(("m", "mt", "md", "d", "microfilmacion", "microfilmar", "digitalizacion",
                     "digitalizar", "mtecnologico", "mtecnico", "mediotecnologico", "mediotecnico",
                     "reproduccionmediotecnico", "reproduccionmediotecnologico",
                     "reproduccionpormediotecnico", "reproduccionpormediotecnologico",
                     "reproduccionpormediostecnicos", "reproduccionpormediostecnologicos"), "M"),
}  # fmt: skip
_SUPPORTS: dict[str, tuple[Support, ...]] = {
    **dict.fromkeys(("papel", "fisico", "p", "f", "soportepapel", "soportefisico", "analogo"),
                    ("fisico",)),
    **dict.fromkeys(("electronico", "e", "el", "digital", "soporteelectronico"), ("electronico",)),
    **dict.fromkeys(("hibrido", "mixto"), ("fisico", "electronico")),
}  # fmt: skip
_MARKED = frozenset(("x", "✓", "✔", "√", "☒", "si", "verdadero"))
_UNMARKED = frozenset(("", "-", "–", "—", "no", "falso", "☐"))


class Dirty(Exception):
    """A cell does not say what it should; the message is the reason, for people."""


def text(value: str, limit: int = MAX_NAME) -> str:
    """A cell's text on one line, without what is not seen.

    Raises:
        Dirty: it is longer than it may be.
    """
    return " ".join(lines(value, limit).split())


def lines(value: str, limit: int = MAX_TEXT) -> str:
    """A cell's text with its lines.

    Raises:
        Dirty: it is longer than it may be.
    """
    if len(value) > limit:
        raise Dirty(f"un texto pasa de {limit} caracteres")
    kept = "".join(
        c
        if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        else " "
        if c in "\t\r\v\f"
        else ""
        for c in value.replace("\r\n", "\n").replace("\r", "\n")
    )
    rows = (" ".join(row.split()) for row in unicodedata.normalize("NFC", kept).split("\n"))
    return "\n".join(row for row in rows if row)


def quoted(value: str) -> str:
    """A cell as a reason names it."""
    shown = text(value[:200])
    return f"«{shown[:40]}…»" if len(shown) > 40 else f"«{shown}»"


def years(value: str, where: str) -> int:
    """Whole years, as `2` or `2 años`.

    Raises:
        Dirty: empty, not a whole number, or more than `MAX_YEARS`.
    """
    bare = unicodedata.normalize("NFC", value).strip()
    if not bare:
        raise Dirty(f"faltan los años de {where}")
    found = _YEARS.fullmatch(bare)
    if found is None:
        raise Dirty(f"los años de {where} dicen {quoted(value)}, que no es un número de años")
    if int(found[1]) > MAX_YEARS:
        raise Dirty(f"los años de {where} son {found[1]}, más de {MAX_YEARS}")
    return int(found[1])


def disposition(value: str) -> list[Fate]:
    """A disposition in words or codes, one or several: `CT`, `C.TOTAL / M.TECNOLOGICO`.

    Raises:
        Dirty: empty, or a word that is none.
    """
    if not value.strip():
        raise Dirty("falta la disposición final")
    found = _squash(value)
    if found in _FATES:
        return [_FATES[found]]
    fates: set[Fate] = set()
    parts = plain(value).split()
    if not all(part in _FATES for part in parts):  # «CT MT»
        parts = [part for part in map(_squash, _SPLIT.split(plain(value))) if part]
    for part in parts:
        if part not in _FATES:
            raise Dirty(
                f"la disposición final dice {quoted(value)}, que no es CT, E, S ni M "
                "(conservación total, eliminación, selección, medio técnico)"
            )
        fates.add(_FATES[part])
    if not fates:
        raise Dirty(f"la disposición final dice {quoted(value)}")
    return agreed(fates)


def agreed(fates: set[Fate]) -> list[Fate]:
    """Dispositions in the format's order, where they can go together.

    Raises:
        Dirty: two of them contradict each other.
    """
    ends = [fate for fate in FATES if fate in fates and fate != "M"]
    if len(ends) > 1:
        raise Dirty(f"la disposición final es {' y '.join(ends)}, que se contradicen")
    return [fate for fate in FATES if fate in fates]


def marked(value: str, own: str) -> bool:
    """Whether a column of marks is marked: `X`, or its *own* letters again.

    Raises:
        Dirty: something else stands there.
    """
    bare = plain(value).strip()
    if bare in _UNMARKED:
        return False
    if bare in _MARKED or _squash(value) == own or _FATES.get(_squash(value)) == own.upper():
        return True
    raise Dirty(f"la columna {own.upper()} dice {quoted(value)}: se marca con X")


def support(value: str) -> set[Support]:
    """Supports in words or letters: `PAPEL / ELECTRONICO`, `P`.

    Raises:
        Dirty: a word that is none.
    """
    out: set[Support] = set()
    for part in filter(None, map(_squash, _SPLIT.split(plain(value)))):
        if part not in _SUPPORTS:
            raise Dirty(f"el soporte dice {quoted(value)}, que no es físico (papel) ni electrónico")
        out.update(_SUPPORTS[part])
    return out


def in_order(supports: set[Support]) -> list[Support]:
    """Supports as a row keeps them."""
    return [one for one in get_args(Support) if one in supports]


def types(value: str) -> list[str]:
    """Tipos documentales of one cell: one a line, or parted by `;`, with or without a dash.

    Raises:
        Dirty: one is too long.
    """
    parts = (_BULLET.sub("", text(part)) for part in re.split(r"[;\n]", lines(value)))
    return list(dict.fromkeys(part for part in parts if any(map(str.isalnum, part))))


def name(value: str, what: str) -> str:
    """A name.

    Raises:
        Dirty: there is none, or it is too long.
    """
    found = _BULLET.sub("", text(value))
    if not any(map(str.isalpha, found)):
        raise Dirty(f"falta el nombre de {what}")
    return found


def sample(value: str) -> int | None:
    """Of a hundred expedientes, how many are kept: `10` or `10 %`; None where nothing is said.

    Raises:
        Dirty: it is no number from 1 to 100.
    """
    bare = value.strip().removesuffix("%").strip()
    if not bare:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", bare) or not 1 <= int(bare) <= 100:
        raise Dirty(f"la muestra dice {quoted(value)}, que no es un porcentaje de 1 a 100")
    return int(bare)


def _squash(value: str) -> str:
    return "".join(re.findall(r"[a-z0-9]+", plain(value)))
