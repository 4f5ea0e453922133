"""The search language: words, "phrases", field:value, y / o / no → a condition over the index.

Accents and case do not count, in values neither. Words that stand side by side must all be there.
Nothing a person types is an error, also half typed: what is no filter is searched as text, and a
filter without its value asks nothing yet. The one exception is a date that is none. Written down
for people in docs/consulta.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from records import lines
from records.errors import Refused
from records.tramite import UNASSIGNED
from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

TOKEN = re.compile(r'\(|\)|[-!](?=[("])|[^\s()":<>]+[:<>]"[^"]*"?|"[^"]*"|[^\s()"]+')
MAX_QUERY, MAX_TOKENS, MAX_NESTED = 4000, 200, 40
"""Beyond these nobody searches; brackets and negations are then read over."""
LISTED = {
    "area": "dependencia",
    "dep": "dependencia",
    "dependencia": "dependencia",
    "tipo": "tipo",
    "canal": "canal",
    "clase": "clase",
    "sede": "punto",
    "origen": "origen",
}
"""Fields of one value, and their columns."""
_CODES = ("clase", "punto", "origen")
"""Of these: what the office itself writes, without accents."""
WORDED = {
    "asunto": "asunto",
    "de": "remitente",
    "remitente": "remitente",
    "oficio": "campos",
    "texto": "cuerpo",
}
"""Fields of words, and where these stand in the full text."""
FLAGS = {
    "imagen_pendiente": "imagen_pendiente=1",
    "sello_pendiente": "sello_pendiente=1",
    "prioritario": "prioritario=1",
}
WITHOUT = {
    "responsable": "responsable IS NULL",
    "dependencia": f"(dependencia IS NULL OR dependencia='{UNASSIGNED}')",
    "imagen": "imagen_pendiente=1",
    "expediente": "radicado NOT IN (SELECT radicado FROM miembro WHERE radicado IS NOT NULL)",
    "vence": "vence IS NULL",
    "canal": "ifnull(canal, '')=''",
}
WITHOUT["area"] = WITHOUT["dep"] = WITHOUT["dependencia"]
NAMES = (
    *LISTED, *WORDED, "estado", "radicado", "desde", "hasta", "ano", "vence", "sin", "responsable",
    "expediente", "serie", "vinculo", "papel", "respondido",
)  # fmt: skip
"""Every field, as it is compared; «año» without its tilde."""
MINE = ("yo", "mi", "mio", "mios")
DUE_TODAY, OVERDUE = "hoy", "vencido"
LATE, IN_TIME = "tarde", "a_tiempo"


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL over `registro` and its values."""

    sql: str
    values: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as the index is asked: records that fit `where`, and whose text fits `match`."""

    where: Condition
    match: str | None = None
    """An expression of FTS5; None: any text."""

    def whole(self) -> Condition:
        """Both as one condition."""
        if self.match is None:
            return self.where
        return _join("AND", [self.where, _of_text(self.match)])


ALL = Condition("1")
PENDING = Condition(
    "estado NOT IN ('respondido','trasladado','desistido','archivado','anulado','enviado',"
    "'eliminado','importado')"
)
"""Records that are not finished. The index has partial indexes by these very words."""


def folded(column: str) -> str:
    """SQL of a column as it is compared and sorted: lower case, no accents, ñ after n."""
    sql = f"lower({column})"
    pairs = zip("áéíóúüÁÉÍÓÚÜ", "aeiouuaeiouu", strict=True)
    for accented, bare in (*pairs, ("ñ", "n~"), ("Ñ", "n~")):
        sql = f"replace({sql},'{accented}','{bare}')"
    return sql


def fold(text: str) -> str:
    """What `folded` makes of a value."""
    return plain(text.replace("ñ", "n~").replace("Ñ", "n~"))


def ask(text: str, yo: Collection[str] = ()) -> Asked:
    """What a query asks; the empty one asks for everything. *yo* is who looks: their own id, and
    those whose part they take.

    Raises:
        Refused: what follows `desde:` or `hasta:` is no date.
    """
    text = text[:MAX_QUERY].encode("utf-8", "replace").decode()  # no half of a character
    tokens = TOKEN.findall(text)
    deep = sum(t in ("(", "-", "!") or t.lower() == "no" for t in tokens)
    if deep > MAX_NESTED or len(tokens) > MAX_TOKENS:
        tokens = [t for t in tokens if t.lower() not in ("(", ")", "no", "-", "!")][:MAX_TOKENS]
    return _compiled(_Parser(tokens, yo).whole())


# -- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Node:
    """A condition, a text to match, or others joined: `no` has one."""

    kind: Literal["sql", "text", "y", "o", "no"]
    condition: Condition = ALL
    match: str = ""
    parts: tuple[_Node, ...] = ()


_NOTHING = _Node("sql")


class _Parser:
    """whole := all ('o' all)* ; all := one (['y'] one)* ; one := ['no'] ('(' whole ')' | term)."""

    def __init__(self, tokens: list[str], yo: Collection[str]) -> None:
        self._tokens, self._yo = tokens, yo
        self._at = 0

    def whole(self) -> _Node:
        out = self._alternatives()
        while self._at < len(self._tokens):  # a stray closing bracket
            self._at += 1
            out = _joined("y", [out, self._alternatives()])
        return out

    def _alternatives(self) -> _Node:
        parts = [self._all()]
        while self._peek() == "o":
            self._at += 1
            parts.append(self._all())
        return _joined("o", [p for p in parts if p != _NOTHING])

    def _all(self) -> _Node:
        parts: list[_Node] = []
        while (token := self._peek()) not in (None, "o", ")"):
            if token == "y":
                self._at += 1
                continue
            parts.append(self._one())
        return _joined("y", [p for p in parts if p != _NOTHING])

    def _one(self) -> _Node:
        token = self._tokens[self._at]
        self._at += 1
        if token.lower() in ("no", "-", "!"):
            begun = self._peek() in (None, "o", "y", ")")
            return _NOTHING if begun else _negated(self._one())
        if token == "(":
            inner = self._alternatives()
            if self._peek() == ")":
                self._at += 1
            return inner
        if token[0] in "-!" and len(token) > 1:
            return _negated(_term(token[1:], self._yo))
        return _term(token, self._yo)

    def _peek(self) -> str | None:
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        return token.lower() if token.lower() in ("y", "o", "no") else token


def _joined(kind: Literal["y", "o"], parts: list[_Node]) -> _Node:
    if len(parts) < 2:
        return parts[0] if parts else _NOTHING
    return _Node(kind, parts=tuple(parts))


def _negated(node: _Node) -> _Node:
    return node if node == _NOTHING else _Node("no", parts=(node,))


# -- from what was read to SQL --------------------------------------------------------------------


def _compiled(node: _Node) -> Asked:
    """Text that must be there in any case is one expression, which the full text answers alone;
    text that must not be is taken away from it."""
    parts = node.parts if node.kind == "y" else (node,)
    texts = [m for p in parts if (m := _match(p)) is not None]
    if not texts:
        return Asked(_join("AND", [_sql(p) for p in parts]))
    without = {i: m for i, p in enumerate(parts)
               if p.kind == "no" and (m := _match(p.parts[0])) is not None}  # fmt: skip
    rest = [p for i, p in enumerate(parts) if i not in without and _match(p) is None]
    match = " AND ".join(f"({m})" for m in texts)
    if without:
        match = f"({match}) NOT ({' OR '.join(f'({m})' for m in without.values())})"
    return Asked(_join("AND", [_sql(p) for p in rest]), match)


def _match(node: _Node) -> str | None:
    """A node as an expression of FTS5; None: it asks for more than text."""
    if node.kind == "text":
        return node.match
    if node.kind in ("y", "o"):
        inner = [_match(p) for p in node.parts]
        if None in inner:
            return None
        return (" AND " if node.kind == "y" else " OR ").join(f"({m})" for m in inner)
    return None


def _sql(node: _Node) -> Condition:
    if (match := _match(node)) is not None:
        return _of_text(match)
    if node.kind == "no":
        inner = _sql(node.parts[0])
        return Condition(f"NOT ifnull(({inner.sql}), 0)", inner.values)
    if node.kind == "sql":
        return node.condition
    return _join("AND" if node.kind == "y" else "OR", [_sql(p) for p in node.parts])


def _of_text(match: str) -> Condition:
    return Condition("id IN (SELECT rowid FROM texto WHERE texto MATCH ?)", [match])


def _join(word: str, parts: list[Condition]) -> Condition:
    if not parts:
        return ALL
    if len(parts) == 1:
        return parts[0]
    return Condition(
        f" {word} ".join(f"({p.sql})" for p in parts), [v for p in parts for v in p.values]
    )


# -- terms ----------------------------------------------------------------------------------------


def _term(token: str, yo: Collection[str]) -> _Node:
    name, sign, value = _split(token)
    value = value.strip('"').strip()
    if sign == ":" and name in NAMES:
        if not value:
            return _NOTHING
        if name in WORDED:
            return _text(value, WORDED[name])
        found = _filter(name, value, yo)
        return _text(token) if found is None else _Node("sql", found)
    if sign in ("<", ">") and name == "vence" and (found := _due(f"{sign}{value}")) is not None:
        return _Node("sql", found)
    return _text(token)


def _split(token: str) -> tuple[str, str, str]:
    """(field, sign, value): the first sign counts; no sign, no field."""
    found = re.match(r'([^\s()":<>]+)([:<>])(.*)', token, re.DOTALL)
    return (plain(found[1]), found[2], found[3]) if found else ("", "", token)


def _filter(name: str, value: str, yo: Collection[str]) -> Condition | None:
    """The condition of a field that has a value; None: it is no value of that field."""
    word = re.sub(r"[\s-]+", "_", plain(value))
    match name:
        case _ if name in LISTED:
            column = LISTED[name]
            if column in _CODES:
                return Condition(f"{column} = ? COLLATE NOCASE", [value])
            return _one_of(column, value)
        case "estado":
            return _state(word)
        case "vence":
            return _due(word)
        case "respondido":
            return _answered(word)
        case "sin":
            return Condition(WITHOUT[word]) if word in WITHOUT else None
        case "responsable":
            return _in("responsable", yo if word in MINE else {value, value.lower()})
        case "radicado":
            return _numbers(value)
        case "desde":
            return Condition("fecha >= ?", [_day(value).isoformat()])
        case "hasta":
            return Condition("fecha < ?", [f"{_day(value).isoformat()}~"])
        case "ano":
            year = re.fullmatch(r"[12][0-9]{3}", value)
            return year and Condition("(fecha >= ? AND fecha < ?)", [value, f"{value}~"])
        case "expediente":
            inside = "SELECT radicado FROM miembro WHERE expediente=? COLLATE NOCASE"
            return Condition(f"radicado IN ({inside})", [value])
        case "serie":
            inside = (
                "SELECT m.radicado FROM miembro m JOIN expediente x ON x.numero=m.expediente"
                " WHERE x.serie=? OR substr(x.serie, 1, ?)=?"
            )
            return Condition(f"radicado IN ({inside})", [value, len(value) + 1, f"{value}."])
        case "vinculo":
            return Condition("id IN (SELECT id FROM vinculo WHERE con=?)", [value.upper()])
        case _:
            return Condition("papel = ?", [plain(value)])


def _one_of(column: str, value: str) -> Condition:
    """A value of a column that has few, written as it may be. They are looked up by leaps from each
    to the next, so that an index of the column answers whatever the accents."""
    leaps = (
        f"WITH RECURSIVE d(v) AS (SELECT min({column}) FROM registro UNION ALL SELECT (SELECT"
        f" min(q.{column}) FROM registro q WHERE q.{column} > d.v) FROM d WHERE d.v IS NOT NULL)"
        f" SELECT v FROM d WHERE {folded('v')} IN (?, ?)"
    )
    word = fold(value)
    return Condition(f"{column} IN ({leaps})", [word, word.replace(" ", "_")])


def _in(column: str, values: Iterable[str]) -> Condition:
    text = msgspec.json.encode(sorted(values)).decode()
    return Condition(f"{column} IN (SELECT value FROM json_each(?))", [text])


def _state(word: str) -> Condition:
    if word in FLAGS:
        return Condition(FLAGS[word])
    if word in ("pendiente", "pendientes"):
        return PENDING
    if word in (OVERDUE, "vencidos"):
        return _due(OVERDUE) or ALL
    return Condition("estado = ?", [word])


def _due(word: str) -> Condition | None:
    """By when it expires. `vence<Nd` tells of finished ones too; the words do not: nothing of
    theirs is to be done."""
    told = "coalesce(vence_legal, vence)"
    now = lines.now()
    today, tomorrow = now.date(), now.date() + timedelta(days=1)
    if word in (OVERDUE, "vencidos"):
        stamp = now.isoformat(timespec="seconds")[:19]
        return Condition(f"({PENDING.sql} AND vence IS NOT NULL AND {told} < ?)", [stamp])
    if word == DUE_TODAY:
        days = [today.isoformat(), tomorrow.isoformat()]
        return Condition(f"({PENDING.sql} AND vence >= ? AND vence < ?)", days)
    within = re.fullmatch(r"([<>])([0-9]{1,4})d", word)
    if within is None:
        return None
    days_ = int(within[2])
    limit = (today + timedelta(days=days_)).isoformat()
    if within[1] == ">":
        after = (today + timedelta(days=days_ + 1)).isoformat()
        return Condition("(vence IS NOT NULL AND vence >= ?)", [after])
    due = "vence" if days_ else told
    return Condition(f"(vence IS NOT NULL AND {due} < ?)", [limit])


def _answered(word: str) -> Condition | None:
    """Whose answer was sent: in a year, a month or on a day; in time or late, as people were told
    its term."""
    told = "respondido IS NOT NULL AND vence IS NOT NULL"
    # What is late by the other reading is late by the strict one, which the index knows.
    late = "respondido > vence AND respondido > coalesce(vence_legal, vence)"
    if word == LATE:
        return Condition(f"({told} AND {late})")
    if word == IN_TIME:
        return Condition(f"({told} AND NOT ({late}))")
    when = word.replace("_", "-")
    if not re.fullmatch(r"[12][0-9]{3}(-[0-9]{2}){0,2}", when):
        return None
    return Condition("(respondido >= ? AND respondido < ?)", [when, f"{when}~"])


def _numbers(value: str) -> Condition | None:
    """The numbers that begin so; or from one to another: `2026-VU1-E-000100..000250`."""
    first, dots, last = value.upper().partition("..")
    if not dots:
        ranges = [(v, v + "\U0010ffff") for v in sorted({value, value.upper(), value.lower()})]
        sql = " OR ".join("(radicado >= ? AND radicado < ?)" for _ in ranges)
        return Condition(f"({sql})", [bound for pair in ranges for bound in pair])
    if not first or not last:
        return _numbers(first or last) if first or last else None
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return Condition("(radicado >= ? AND radicado <= ?)", [first, last])


def _text(words: str, column: str = "") -> _Node:
    """Words in a row; a star after the last says that it is only begun."""
    tokens = re.findall(r"\w+", words)
    if not tokens:
        return _NOTHING
    phrase = '"' + " ".join(tokens) + '"'
    if re.search(r'\w\*"?$', words):
        phrase += " *"
    return _Node("text", match=f"{column} : {phrase}" if column else phrase)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            "fecha_invalida", f"«{text}» no es una fecha.", consejo="Escríbala así: 2026-01-31."
        ) from error
