"""Which column of a sheet is which part of a TRD: heads by name, in the AGN's layout and in others.

The official layout (docs of the AGN's format for TRD; Acuerdo 004 de 2019, today Acuerdo 001 de
2024) has its head in two rows, CT, E, S and M under «Disposición final», and above it lines of the
entity and the office; flat lists have one row. Accents, case, full stops and little words do not
count. What is not known by name is named by a person (`--columna campo=Encabezado`). Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from records.errors import Refused
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIELDS = (
    "codigo", "dependencia", "oficina", "serie", "nombre_serie", "subserie", "nombre_subserie",
    "nombre", "tipos", "soporte", "fisico", "electronico", "ag", "ac", "disposicion", "ct", "e",
    "s", "m", "procedimiento", "evento", "muestra", "fila",
)  # fmt: skip
"""What a column may be; `codigo` holds the parts together, `nombre` that of serie, subserie or tipo
documental, whichever the row is; `fila` is the number by which sibling files name a row."""
CODES = ("codigo", "serie", "subserie")
NAMES = ("nombre", "nombre_serie", "nombre_subserie")
MARKS = ("ct", "e", "s", "m")
DEEPEST = 3
"""Rows that one head may take."""

_LITTLE = frozenset((
    "de", "del", "la", "el", "los", "las", "en", "y", "para", "por", "un", "final", "retencion",
    "tiempo", "ano", "anos", "anio", "anios", "archivo", "documental", "trd",
))  # fmt: skip
_SAME = {
    "series": "serie", "subseries": "subserie", "tipos": "tipo", "documentales": "documental",
    "tipologia": "tipo", "tipologias": "tipo", "codigos": "codigo", "cod": "codigo",
    "consecutivo": "codigo", "soportes": "soporte", "procedimientos": "procedimiento",
    "tecnica": "tecnico", "tecnicos": "tecnico", "medios": "medio", "tecnologicos": "tecnologico",
    "anexos": "anexo", "oficinas": "oficina", "asuntos": "asunto", "porcentaje": "muestra",
    "unidad": "oficina", "seccion": "dependencia",
}  # fmt: skip
_BY_WORDS: dict[frozenset[str], str] = {
    frozenset(words.split()): field
    for field, many in {
        "codigo": ("codigo", "codigo serie subserie", "codigo dependencia serie subserie"),
        "dependencia": (
            "dependencia", "codigo dependencia", "codigo oficina", "codigo oficina productora",
            "codigo dependencia productora",
        ),
        "oficina": (
            "oficina", "oficina productora", "dependencia productora", "nombre dependencia",
            "nombre oficina", "nombre oficina productora", "nombre dependencia productora",
        ),
        "serie": ("codigo serie",),
        "subserie": ("codigo subserie",),
        "nombre_serie": ("nombre serie",),
        "nombre_subserie": ("nombre subserie",),
        "nombre": (
            "nombre", "serie subserie", "serie subserie tipo", "nombre serie subserie",
            "serie subserie asunto", "serie tipo", "nombre serie subserie tipo",
        ),
        "tipos": ("tipo", "nombre tipo"),
        "soporte": ("soporte", "tipo soporte"),
        "fisico": ("fisico", "papel", "soporte fisico", "soporte papel", "fisico papel"),
        "electronico": (
            "electronico", "digital", "soporte electronico", "soporte digital",
            "electronico digital",
        ),
        "ag": ("ag", "gestion", "ag gestion"),
        "ac": ("ac", "central", "ac central"),
        "disposicion": ("disposicion",),
        "ct": ("ct", "conservacion total", "ct conservacion total", "conservacion"),
        "e": ("eliminacion", "e eliminacion"),
        "s": ("seleccion", "s seleccion"),
        "procedimiento": ("procedimiento",),
        "evento": ("evento", "inicio", "evento inicio"),
        "muestra": ("muestra", "muestra seleccion"),
        "fila": ("fila", "codigo fila"),
    }.items()
    for words in many
}  # fmt: skip
_M_WORDS = frozenset((
    "m", "mt", "md", "d", "microfilmacion", "digitalizacion", "reproduccion", "medio", "tecnico",
    "tecnologico", "o", "u",
))  # fmt: skip
_UNDER = {
    "codigo": {"d": "dependencia", "dep": "dependencia", "dp": "dependencia",
               "dependencia": "dependencia", "oficina": "dependencia", "s": "serie",
               "serie": "serie", "ss": "subserie", "sb": "subserie", "sub": "subserie",
               "subserie": "subserie"},
    "soporte": {"p": "fisico", "f": "fisico", "e": "electronico", "el": "electronico",
                "d": "electronico"},
    "disposicion": {"e": "e", "s": "s", "d": "m", "m": "m"},
}  # fmt: skip
"""What a short head is under a head that spans it, or right of a column of its kind."""
_KIND = {"fisico": "soporte", "soporte": "soporte", "ct": "disposicion", "e": "disposicion",
         "s": "disposicion", "m": "disposicion"}  # fmt: skip


class Head(msgspec.Struct, frozen=True):
    """The head of a table: how many rows it takes, and what its columns are."""

    filas: int
    campos: dict[int, str]
    """Column → field."""
    otras: dict[int, str]
    """Columns that are not used, with what their head says."""
    nombradas: frozenset[str] = frozenset()
    """The fields whose column a person named, and is there."""

    @property
    def has(self) -> frozenset[str]:
        """The fields that are there."""
        return frozenset(self.campos.values())


def words(text: str) -> frozenset[str]:
    """What of a head counts."""
    bare = re.sub(r"(?<=\b\w)\.\s?(?=\w\b)", "", plain(text).replace("_", " "))
    found = [_SAME.get(w, w) for w in re.findall(r"[a-z0-9]+", bare)]
    return frozenset(w for w in found if w not in _LITTLE) or frozenset(found)


def squashed(text: str) -> str:
    """A head as `--columna` compares it."""
    return "".join(re.findall(r"[a-z0-9]+", plain(text)))


def find(rows: Sequence[Sequence[str]], named: Mapping[str, str]) -> Head | None:
    """The head that begins at the first of *rows*; None where none does."""
    if not _may_begin(rows, named):
        return None
    for depth in range(1, min(DEEPEST, len(rows)) + 1):
        head = look(rows[:depth], named)
        if missing(head):
            continue
        below = (look(rows[n:depth], named) for n in range(1, depth))
        return None if any(not missing(one) for one in below) else head
    return None


def _may_begin(rows: Sequence[Sequence[str]], named: Mapping[str, str]) -> bool:
    """Whether it is worth a closer look: somewhere in these rows stands a head of AG and of AC."""
    if {"ag", "ac"} & named.keys():
        return True
    cells = [cell.casefold() for row in rows[:DEEPEST] for cell in row if len(cell) < 100]
    gestion = any("gesti" in c or "ag" in re.findall(r"[a-z]+", c.replace(".", "")) for c in cells)
    return gestion and any(
        "central" in c or "ac" in re.findall(r"[a-z]+", c.replace(".", "")) for c in cells
    )


def missing(head: Head) -> list[str]:
    """What a table cannot do without, of what *head* has not."""
    lacks = [] if head.has & set(NAMES) else ["el nombre de la serie o subserie"]
    if "ag" not in head.has:
        lacks.append("los años en archivo de gestión (AG)")
    if "ac" not in head.has:
        lacks.append("los años en archivo central (AC)")
    if not head.has & {"disposicion", *MARKS}:
        lacks.append("la disposición final")
    return lacks


def look(rows: Sequence[Sequence[str]], named: Mapping[str, str]) -> Head:
    """What the columns are if *rows* are their head.

    Raises:
        Refused: two columns say that they are the same.
    """
    width = max((len(row) for row in rows), default=0)
    texts = [_texts(rows, n) for n in range(width)]
    fields: dict[int, str] = {}
    for n, (above, own) in enumerate(texts):
        beside = texts[n + 1][1] if n + 1 < width else ""
        if own and (field := _field(above, own, fields.get(n - 1), beside)):
            fields[n] = field
    _two_of_a_name(fields)
    taken = _take_named(fields, texts, named)
    others = {n: f"{above} {own}".strip() for n, (above, own) in enumerate(texts)
              if own and n not in fields}  # fmt: skip
    seen: dict[str, int] = {}
    for n in sorted(fields):
        if fields[n] in seen:
            one, two = texts[seen[fields[n]]][1], texts[n][1]
            raise Refused(
                "columnas_repetidas",
                f"Las columnas «{one}» y «{two}» dicen ser la misma cosa ({fields[n]}).",
                consejo=f"Diga cuál es con --columna {fields[n]}=ENCABEZADO, o cambie el nombre "
                "de la otra.",
            )
        seen[fields[n]] = n
    return Head(len(rows), fields, others, frozenset(taken))


def _texts(rows: Sequence[Sequence[str]], column: int) -> tuple[str, str]:
    """What stands above a column's own head, and that head: what spans several columns stands over
    the first of them only."""

    def at(row: Sequence[str], n: int) -> str:
        return " ".join(row[n].split()) if n < len(row) else ""

    own = next((r for r in range(len(rows) - 1, -1, -1) if at(rows[r], column)), None)
    if own is None:
        return "", ""
    above = []
    for row in rows[:own]:
        left = next((at(row, n) for n in range(column, -1, -1) if at(row, n)), "")
        above.append(left)
    return " ".join(above), at(rows[own], column)


def _field(above: str, own: str, left: str | None, beside: str) -> str | None:
    """The field that a head names, given what spans it, the field at its left, the head at its
    right."""
    mine, over = words(own), words(above) if above else frozenset()
    if mine in ({"p"}, {"f"}) and words(beside) in ({"e"}, {"el"}):
        return "fisico"
    kinds = [k for k in _UNDER if k in over] or [_KIND.get(left or "", "")]
    if len(mine) == 1:
        for kind in kinds:
            if found := _UNDER.get(kind, {}).get(next(iter(mine))):
                return found
    if found := _BY_WORDS.get(mine):
        return found
    if mine <= _M_WORDS and mine & {"m", "mt", "md", "microfilmacion", "digitalizacion", "medio"}:
        return "m"
    if mine in ({"serie"}, {"subserie"}):
        return f"?{next(iter(mine))}"
    return _BY_WORDS.get(mine | over)


def _two_of_a_name(fields: dict[int, str]) -> None:
    """«Serie» alone is its name, or its code where another column has the name."""
    for kind in ("serie", "subserie"):
        taken = set(fields.values())
        for n in [n for n, f in fields.items() if f == f"?{kind}"]:
            fields[n] = (
                kind if f"nombre_{kind}" in taken and kind not in taken else f"nombre_{kind}"
            )


def _take_named(
    fields: dict[int, str], texts: Sequence[tuple[str, str]], named: Mapping[str, str]
) -> set[str]:
    """The columns that a person names are what they say, and no other is; returns their fields."""
    taken = set()
    for field, header in named.items():
        want = squashed(header)
        for n, (above, own) in enumerate(texts):
            if own and want in (squashed(own), squashed(above + own)):
                for other in [o for o, f in fields.items() if f == field]:
                    del fields[other]
                fields[n] = field
                taken.add(field)
                break
    return taken


def check_named(named: Mapping[str, str]) -> None:
    """Refuse fields that there are not.

    Raises:
        Refused: one is unknown, or has no head.
    """
    for field, header in named.items():
        if field not in FIELDS or not squashed(header):
            raise Refused(
                "columna",
                f"«{field}={header}» no dice qué columna es.",
                consejo=f"Los campos son: {', '.join(FIELDS)}.",
            )
