"""A PostgreSQL dump in plain SQL, read as a stream: rows of the wanted tables, never a query run.

`pg_dump` writes `COPY t (a, b) FROM stdin;` with a row a line until `\\.`, or with `--inserts` an
`INSERT INTO t [(a, b)] VALUES (…);`. Everything else is walked over with no more than its quotes
understood. A file is a stranger's: rows that do not fit are told one by one; a file that ends
inside a table is refused whole, since nobody knows what is missing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from ingest.orfeo_tables import TABLES, Problem, Row, key_of
from records.errors import Refused

MAX_ROW = 16 * 1024 * 1024
"""Bytes of a line of the file, or of an INSERT."""
_ENCODINGS = {
    "UTF8": "utf-8", "UNICODE": "utf-8", "LATIN1": "latin-1", "WIN1252": "cp1252",
    "LATIN9": "iso8859-15", "SQL_ASCII": "", "WIN850": "cp850",
}  # fmt: skip
_NAME = rb'(?:(?:"[^"]+"|\w+)\s*\.\s*)?("[^"]+"|\w+)'
_COPY = re.compile(rb"COPY\s+" + _NAME + rb"\s*(?:\((.*)\)\s*)?FROM\s+stdin\b", re.I | re.S)
_INSERT = re.compile(rb"INSERT\s+INTO\s+(?:ONLY\s+)?" + _NAME, re.I)
_CREATE = re.compile(rb"CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF NOT EXISTS\s+)?" + _NAME, re.I)
_SET = re.compile(
    rb"SET\s+(client_encoding|standard_conforming_strings)\s*(?:=|TO)\s*'?(\w+)", re.I
)
_SPECIAL = re.compile(rb"['\";]|--|/\*|\$(?:[A-Za-z_]\w*)?\$")
_NO_COLUMN = ("constraint", "primary", "unique", "check", "foreign", "exclude", "like")
_COPY_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)", re.S)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_TEXT = r"'[^']*(?:''[^']*)*'"
_ESCAPED = r"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'"
_CAST = r"(?:\s*::\s*[\w .\"\[\](),]+?)?"


def _value_form(escapes: str) -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:(?P<nada>NULL|DEFAULT)|(?P<e>[eE]{_ESCAPED})|(?P<t>{escapes})"
        rf"|(?P<n>[-+0-9.eE]+|true|false)){_CAST}\s*(?P<fin>[,)])",
        re.S | re.I,
    )


_VALUE = {True: _value_form(_TEXT), False: _value_form(_ESCAPED)}


def check_form(head: bytes, name: str) -> None:
    """Refuse what is no plain SQL, with the line that makes it so.

    Raises:
        Refused: it is in PostgreSQL's own formats, compressed, of another system, or no text.
    """
    if head.startswith(b"PGDMP") or b"toc.dat" in head[:512]:
        raise Refused(
            "volcado_binario",
            f"{name} es un volcado en el formato propio de PostgreSQL, no en SQL.",
            consejo=f"Conviértalo y repita: pg_restore --no-owner -f orfeo.sql {name}",
        )
    if head.startswith(b"\x1f\x8b"):
        raise Refused(
            "volcado_comprimido",
            f"{name} está comprimido.",
            consejo=f"Descomprímalo y repita: gunzip -k {name}",
        )
    if b"MySQL dump" in head or b"MariaDB dump" in head:
        raise Refused(
            "volcado_mysql",
            f"{name} es de MySQL o MariaDB.",
            consejo="Exporte sus tablas como CSV, un archivo por tabla, y dé esa carpeta.",
        )
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")) or head.count(0) > len(head) / 8:
        raise Refused(
            "no_es_sql",
            f"{name} no es un volcado de PostgreSQL en SQL.",
            consejo="Se hace con: pg_dump --no-owner -f orfeo.sql NOMBRE_DE_LA_BASE",
        )


class Dump:
    """One dump: its rows, in their order. Read it once."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name
        self._line = 0
        self._encoding = ""
        """Empty: UTF-8, and where it is not that, Windows-1252."""
        self._standard = True
        """Whether a backslash in '…' is a character like others."""
        self._columns: dict[str, list[str]] = {}
        self.others: dict[str, int] = {}
        """Rows of tables that are not read."""

    def rows(self) -> Iterator[Row | Problem]:
        """The rows of the wanted tables.

        Raises:
            Refused: the file ends inside a table or a statement, or is written in a way that leaves
                open which value belongs to which column.
        """
        for start, text in self._statements():
            if found := _COPY.match(text):
                yield from self._copy(_name(found[1]), found[2], start)
            elif found := _INSERT.match(text):
                yield from self._insert(_name(found[1]), text[found.end() :], start)
            elif found := _CREATE.match(text):
                self._columns[_name(found[1])] = _columns_of(self._decode(text)[0])
            elif found := _SET.match(text):
                self._set(found[1].lower(), found[2].decode().upper())

    # -- lines and statements -------------------------------------------------------------------

    def _next(self) -> bytes | None:
        """The next line with its end, b"" at the file's; None for one that is too long."""
        raw = self._file.readline(MAX_ROW)
        self._line += 1
        if len(raw) < MAX_ROW or raw.endswith(b"\n"):
            return raw
        while part := self._file.readline(MAX_ROW):
            if part.endswith(b"\n"):
                break
        return None

    def _statements(self) -> Iterator[tuple[int, bytes]]:
        """(first line, text) of each statement that may matter; of the others no text is kept."""
        while (raw := self._next()) != b"":
            if raw is None or raw.lstrip()[:2] in (b"", b"--") or raw[:1] == b"\\":
                continue
            start, parts = self._line, [raw]
            keep = bool(_COPY.match(raw) or _CREATE.match(raw) or _SET.match(raw)) or (
                (found := _INSERT.match(raw)) is not None and _name(found[1]) in TABLES
            )
            size, state = len(raw), _scan(raw, b"", standard=self._standard)
            while state is not None:
                more = self._next()
                if more == b"":
                    raise self._cut("una orden", start)
                if more is None or (keep and size > MAX_ROW):
                    raise Refused(
                        "orden_enorme",
                        f"La orden de la línea {start} de {self._name} no cabe en memoria.",
                        consejo="Haga el volcado sin --rows-per-insert, o sin --inserts.",
                    )
                state = _scan(more, state, standard=self._standard)
                size += len(more)
                if keep:
                    parts.append(more)
            if found := _INSERT.match(raw):
                name = _name(found[1])
                if name not in TABLES:
                    self.others[name] = self.others.get(name, 0) + 1
            if keep:
                yield start, b"".join(parts)

    def _cut(self, what: str, line: int) -> Refused:
        return Refused(
            "volcado_cortado",
            f"{self._name} está cortado: {what}, que empieza en la línea {line}, no termina.",
            consejo="Pida o copie de nuevo el volcado entero. Nada se ha cambiado.",
        )

    def _set(self, what: bytes, value: str) -> None:
        if what == b"standard_conforming_strings":
            self._standard = value != "OFF"
            return
        encoding = _ENCODINGS.get(value)
        try:
            self._encoding = codecs.lookup(value).name if encoding is None else encoding
        except LookupError as error:
            raise Refused(
                "codificacion",
                f"{self._name} dice estar en «{value}», y esa codificación no se conoce.",
                consejo="Haga el volcado con: pg_dump --encoding=UTF8 …",
            ) from error

    def _decode(self, raw: bytes) -> tuple[str, bool]:
        """The text of bytes, and whether something in it could not be read."""
        text = decoded(raw, self._encoding)
        return text.replace("\0", "�"), "�" in text or "\0" in text

    # -- rows -------------------------------------------------------------------------------------

    def _copy(self, table: str, said: bytes | None, start: int) -> Iterator[Row | Problem]:
        columns = self._named(self._decode(said)[0]) if said else self._columns.get(table)
        wanted = table in TABLES
        if wanted and not columns:
            raise self._nameless(table, start)
        while (raw := self._next()) != b"":
            if raw is not None and raw.rstrip(b"\r\n") == b"\\.":
                return
            if not wanted:
                self.others[table] = self.others.get(table, 0) + 1
            elif raw is None:
                yield Problem(table, "—", self._line, "La fila tiene más de 16 MB.", self._name)
            else:
                text, doubtful = self._decode(raw.rstrip(b"\r\n"))
                yield self._row(table, columns or [], _copied(text), self._line, doubtful)
        raise self._cut(f"la tabla {table}", start)

    def _insert(self, table: str, rest: bytes, start: int) -> Iterator[Row | Problem]:
        text, doubtful = self._decode(rest)
        found = re.match(r"\s*(?:\(([^)]*)\)\s*)?(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*", text,
                         re.I)  # fmt: skip
        if found is None:
            yield Problem(table, "—", start, "El INSERT no trae valores.", self._name)
            return
        columns = self._named(found[1]) if found[1] else self._columns.get(table)
        if not columns:
            raise self._nameless(table, start)
        at = found.end()
        while text[at : at + 1] == "(":
            values, at = _tuple(text, at + 1, _VALUE[self._standard])
            if values is None:
                yield Problem(
                    table, "—", start, "Tiene un valor que no es un dato (una función, quizá).",
                    self._name,
                )  # fmt: skip
                return
            # Without columns fewer values are lawful SQL: they are those of the first columns.
            whose = columns if found[1] else columns[: len(values)]
            yield self._row(table, whose, values, start, doubtful)
            gap = re.compile(r"\s*,?\s*").match(text, at)
            at = gap.end() if gap else at

    def _row(
        self, table: str, columns: list[str], values: list[str | None], line: int, doubtful: bool
    ) -> Row | Problem:
        if len(values) != len(columns):
            why = f"Tiene {len(values)} valores y la tabla {len(columns)} columnas."
            known = dict(zip(columns, values, strict=False))
            return Problem(table, key_of(table, known), line, why, self._name)
        kept = TABLES[table].columnas
        pairs = zip(columns, values, strict=True)
        return Row(table, {c: v for c, v in pairs if c in kept}, line, self._name, doubtful)

    @staticmethod
    def _named(said: str) -> list[str]:
        return [part.strip().strip('"').lower() for part in said.split(",")]

    def _nameless(self, table: str, line: int) -> Refused:
        return Refused(
            "sin_columnas",
            f"{self._name}, línea {line}: {table} no dice sus columnas, y el volcado no trae el "
            "esquema.",
            consejo="Haga el volcado con el esquema (sin --data-only), o con --column-inserts.",
        )


def decoded(raw: bytes, encoding: str) -> str:
    """The text of bytes; without a known *encoding* UTF-8, else Windows-1252."""
    if encoding:
        return raw.decode(encoding, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _name(raw: bytes) -> str:
    return raw.strip(b'"').decode("utf-8", "replace").lower()


def _scan(raw: bytes, state: bytes, *, standard: bool) -> bytes | None:
    """Walk over a line; *state* is what is open before it: nothing, a quote, `E`, `/*`, `$tag$`.

    Gives what is open after it, and None once the statement has ended.
    """
    at = 0
    while True:
        if not state:
            found = _SPECIAL.search(raw, at)
            if found is None or found[0] == b"--":
                return b""
            if found[0] == b";":
                return None
            at, state = found.end(), found[0]
            escaped = raw[found.start() - 1 : found.start()] in (b"E", b"e") or not standard
            if state == b"'" and escaped:
                state = b"E"
            continue
        end = _end_of(raw, at, state)
        if end < 0:
            return state
        at, state = end, b""


def _end_of(raw: bytes, at: int, state: bytes) -> int:
    """Where what is open ends; a doubled quote ends and begins it, which comes to the same."""
    if state != b"E":
        end = b"*/" if state == b"/*" else state
        found = raw.find(end, at)
        return found if found < 0 else found + len(end)
    while at < len(raw):
        if raw[at : at + 1] == b"\\":
            at += 2
        elif raw[at : at + 1] == b"'":
            return at + 1
        else:
            at += 1
    return -1


def _columns_of(text: str) -> list[str]:
    """The columns of a CREATE TABLE, in order."""
    body = text[text.find("(") + 1 : text.rfind(")")]
    parts, depth, begin = [], 0, 0
    for at, c in enumerate(body):
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append(body[begin:at])
            begin = at + 1
    names = [part.split()[0].strip('"').lower() for part in (*parts, body[begin:]) if part.split()]
    return [name for name in names if name not in _NO_COLUMN]


def _copied(text: str) -> list[str | None]:
    """The values of a line of COPY's text format."""
    if "\\" not in text:
        return list(text.split("\t"))
    return [None if part == "\\N" else _COPY_ESCAPE.sub(_plain, part) for part in text.split("\t")]


def _plain(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "01234567":
        return chr(int(code, 8) & 0xFF).replace("\0", "�")
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16)).replace("\0", "�")
    return _CONTROLS.get(code, code)


def _tuple(text: str, at: int, form: re.Pattern[str]) -> tuple[list[str | None] | None, int]:
    """The values of `(…)` from just behind its bracket, and where it ends; None: not understood."""
    values: list[str | None] = []
    while True:
        found = form.match(text, at)
        if found is None:
            return None, at
        if found["nada"]:
            values.append(None)
        elif found["e"]:
            values.append(_unescaped(found["e"][2:-1]))
        elif found["t"] is not None:
            plain = found["t"][1:-1]
            values.append(plain.replace("''", "'") if form is _VALUE[True] else _unescaped(plain))
        else:
            values.append(found["n"])
        at = found.end()
        if found["fin"] == ")":
            return values, at


def _unescaped(text: str) -> str:
    return _COPY_ESCAPE.sub(_plain, text.replace("''", "'"))
