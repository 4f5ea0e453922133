"""The search language: words, "phrases", field:value, y / o / no → a condition over the index.

Accents and case do not count. Words that stand side by side must all be there. Nothing a person
types is an error: what is no filter is searched as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from records import lines
from records.errors import Refused
from records.reserve import ALL_SEEING, READERS, RESERVED
from records.words import plain

if TYPE_CHECKING:
    from records.index import Index
    from records.reserve import Sight

_TOKEN = re.compile(r'\(|\)|[^\s()":<]+[:<]"[^"]*"|"[^"]*"|[^\s()"]+')
_CURSOR = re.compile("-?[0-9]{1,18}")
"""An id of `registro`; what was imported has negative ones, so that it is older than our own."""
MAX_QUERY, MAX_TOKENS, MAX_NESTED = 4000, 200, 40
"""Beyond these nobody searches; brackets and negations are then read over."""
_FIELDS = {
    "area": "dependencia",
    "dependencia": "dependencia",
    "clase": "clase",
    "tipo": "tipo",
    "canal": "canal",
    "sede": "punto",
    "origen": "origen",
}
_FLAGS = {
    "imagen_pendiente": "imagen_pendiente=1",
    "sello_pendiente": "sello_pendiente=1",
    "prioritario": "prioritario=1",
}
ROW = (
    "radicado, fecha, clase, asunto, remitente, dependencia, responsable, estado, vence,"
    " imagen_pendiente, sello_pendiente, origen"
)


class Row(msgspec.Struct, frozen=True):
    """A record in a list of results."""

    radicado: str
    fecha: str
    clase: str
    asunto: str
    remitente: str
    dependencia: str | None
    responsable: str | None
    estado: str
    vence: str | None
    imagen_pendiente: bool
    sello_pendiente: bool
    origen: str | None = None
    """From which system it was imported, unverified; None: the number is ours."""


class Results(msgspec.Struct, frozen=True):
    """A page of results; `siguiente` is the cursor of the next one."""

    total: int
    radicados: list[Row]
    siguiente: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL over `registro` and its values."""

    sql: str
    values: list[Any] = field(default_factory=list)


PENDING = Condition(
    "estado NOT IN ('respondido','trasladado','desistido','archivado','anulado','enviado',"
    "'eliminado','importado')"
)
"""Records that are not finished."""


def seen_by(sight: Sight, column: str = "id") -> Condition:
    """The records that are open to who looks, by the id in *column*: `reserve.may_see` in SQL."""
    if ALL_SEEING in sight.roles:
        return Condition("1")
    hidden = "(g.reserva_hasta IS NULL OR g.reserva_hasta >= ?) AND g.nivel IS NOT NULL"
    values: list[Any] = [sight.hoy]
    if sight.roles & READERS:
        hidden += " AND g.nivel = ?"
        values.append(RESERVED)
    if sight.personas:
        led, work = sight.dirige, sight.dirige | sight.trabaja
        hidden += (
            " AND NOT EXISTS (SELECT 1 FROM permiso p WHERE p.id = g.id"
            " AND (p.hasta IS NULL OR p.hasta >= ?) AND (p.persona IN (SELECT value FROM"
            " json_each(?)) OR p.dependencia IN (SELECT value FROM json_each(CASE g.nivel WHEN ?"
            " THEN ? ELSE ? END))))"
        )
        lists = [msgspec.json.encode(sorted(s)).decode() for s in (sight.personas, led, work)]
        values += [sight.hoy, lists[0], RESERVED, *lists[1:]]
    return Condition(f"{column} NOT IN (SELECT g.id FROM registro g WHERE {hidden})", values)


def search(
    index: Index, text: str, sight: Sight, *, limit: int = 50, cursor: str | None = None
) -> Results:
    """Records that fit *text* and are open to who looks, newest number first; what is not is
    neither shown nor counted.

    Raises:
        Refused: the cursor is none of ours, or a date is no date.
    """
    condition = parse(text)
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise Refused("cursor", f"«{cursor}» no es un cursor de búsqueda.")
    # Where nothing is withheld from anybody the search is none the slower for it.
    seen = seen_by(sight) if index.withholds() else Condition("1")
    where, values = f"({condition.sql}) AND {seen.sql}", [*condition.values, *seen.values]
    total = index.query(f"SELECT count(*) FROM registro WHERE {where}", values)[0][0]
    if cursor is not None:
        where += " AND id < ?"
        values.append(int(cursor))
    rows = index.query(
        f"SELECT id, {ROW} FROM registro WHERE {where} ORDER BY id DESC LIMIT ?",
        [*values, limit + 1],
    )
    page = [
        msgspec.convert(dict(zip(Row.__struct_fields__, row[1:], strict=True)), Row, strict=False)
        for row in rows[:limit]
    ]
    return Results(total, page, str(rows[limit - 1][0]) if len(rows) > limit else None)


def parse(text: str) -> Condition:
    """The condition of a query; the empty query is everything."""
    tokens = _TOKEN.findall(text[:MAX_QUERY])
    deep = sum(t == "(" or t.lower() == "no" for t in tokens)
    if deep > MAX_NESTED or len(tokens) > MAX_TOKENS:
        tokens = [t for t in tokens if t.lower() not in ("(", ")", "no")][:MAX_TOKENS]
    return _Parser(tokens).whole()


class _Parser:
    """whole := all ('o' all)* ; all := one (['y'] one)* ; one := ['no'] ('(' whole ')' | term)."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> Condition:
        out = self._alternatives()
        while self._at < len(self._tokens):  # a stray closing bracket
            self._at += 1
            out = _join("AND", [out, self._alternatives()])
        return out

    def _alternatives(self) -> Condition:
        parts = [self._all()]
        while self._peek() == "o":
            self._at += 1
            parts.append(self._all())
        return _join("OR", parts)

    def _all(self) -> Condition:
        parts: list[Condition] = []
        while (token := self._peek()) not in (None, "o", ")"):
            if token == "y":
                self._at += 1
                continue
            parts.append(self._one())
        return _join("AND", parts)

    def _one(self) -> Condition:
        token = self._tokens[self._at]
        self._at += 1
        if token == "no" and self._peek() not in (None, "o", "y", ")"):
            inner = self._one()
            return Condition(f"NOT ({inner.sql})", inner.values)
        if token == "(":
            inner = self._alternatives()
            if self._peek() == ")":
                self._at += 1
            return inner
        return _term(token)

    def _peek(self) -> str | None:
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        return token.lower() if token.lower() in ("y", "o", "no") else token


def _join(word: str, parts: list[Condition]) -> Condition:
    if not parts:
        return Condition("1")
    if len(parts) == 1:
        return parts[0]
    return Condition(
        f" {word} ".join(f"({p.sql})" for p in parts), [v for p in parts for v in p.values]
    )


def _term(token: str) -> Condition:
    name, colon, value = token.partition(":")
    key = plain(name)
    value = value.strip('"')
    if colon and value:
        if key in _FIELDS:
            return Condition(f"{_FIELDS[key]} = ? COLLATE NOCASE", [value])
        if key == "vinculo":
            return Condition("id IN (SELECT id FROM vinculo WHERE con=?)", [value.upper()])
        if key == "expediente":
            inside = "SELECT radicado FROM miembro WHERE expediente=? COLLATE NOCASE"
            return Condition(f"radicado IN ({inside})", [value])
        if key == "papel":
            return Condition("papel = ?", [plain(value)])
        if key == "estado":
            return _state(plain(value))
        if key == "radicado":
            return Condition("radicado LIKE ? ESCAPE '\\'", [_like(value) + "%"])
        if key in ("desde", "hasta"):
            day = _day(value)
            if key == "desde":
                return Condition("fecha >= ?", [day.isoformat()])
            return Condition("fecha < ?", [(day + timedelta(days=1)).isoformat()])
        if key in ("asunto", "remitente"):
            return _text(value, column=key)
    within = re.fullmatch(r"vence<(\d{1,4})d", plain(token))
    if within:
        limit = lines.now().date() + timedelta(days=int(within[1]))
        due = "vence" if int(within[1]) else "coalesce(vence_legal, vence)"
        return Condition(f"{due} IS NOT NULL AND {due} < ?", [limit.isoformat()])
    return _text(token.strip('"'))


def _state(value: str) -> Condition:
    if value in _FLAGS:
        return Condition(_FLAGS[value])
    if value == "pendiente":
        return PENDING
    return Condition("estado = ?", [value])


def _text(words: str, column: str = "") -> Condition:
    tokens = re.findall(r"\w+", words)
    if not tokens:
        return Condition("1")
    phrase = '"' + " ".join(tokens) + '"'
    match = f"{column} : {phrase}" if column else phrase
    return Condition("id IN (SELECT rowid FROM texto WHERE texto MATCH ?)", [match])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            "fecha_invalida", f"«{text}» no es una fecha.", consejo="Escríbala así: 2026-01-31."
        ) from error


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text.upper())
