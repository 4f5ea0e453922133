"""Which row of the TRD a record is likely to belong to, and as which tipo documental. Pure.

It suggests, with its reason; a person decides. By how records of the same área and kind were filed
before, then by the words that the table and the record share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from records.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from records.trd import Row, Table

MOST = 5
KINDS: dict[str, tuple[str, ...]] = {
    "peticion": ("peticion", "derecho de peticion", "solicitud"),
    "documentos": ("solicitud de documentos", "solicitud de copias", "peticion", "solicitud"),
    "consulta": ("consulta", "concepto", "peticion"),
    "queja": ("queja", "quejas"),
    "reclamo": ("reclamo", "reclamos", "queja"),
    "sugerencia": ("sugerencia", "sugerencias"),
    "denuncia": ("denuncia", "queja"),
    "tutela": ("accion de tutela", "tutela", "tutelas", "demanda"),
    "recurso": ("recurso", "escrito de recurso"),
}
"""How the TRD of an office may call what the register calls by one word."""
_SMALL = frozenset(("de", "del", "la", "las", "los", "el", "y", "en", "a", "por", "para", "con"))


class Guess(msgspec.Struct, frozen=True):
    """A row that may be the one, and why."""

    serie: str
    nombre: str
    tipo: str | None
    razon: str


def kind_of(row: Row, said: str | None) -> str | None:
    """The tipo documental of a row that *said* means (its own words, or the register's); None where
    the row has none such."""
    if not said:
        return None
    wanted = [plain(said), *KINDS.get(said, ())]
    own = {plain(tipo): tipo for tipo in row.tipos}
    exact = next((own[word] for word in wanted if word in own), None)
    if exact is not None or said not in KINDS:
        return exact
    return next((tipo for name, tipo in own.items() if wanted[1] in name.split()), None)


def guesses(
    table: Table,
    dependencia: str | None,
    tipo: str | None,
    asunto: str,
    filed: Iterable[tuple[str, str, int]],
) -> list[Guess]:
    """Up to five rows for a record, the likeliest first; *filed* is (serie, tipo documental, how
    often) of those like it."""
    out: dict[str, Guess] = {}
    for serie, kind, times in filed:
        row = table.row(serie)
        if row is not None and serie not in out:
            how = "una vez" if times == 1 else f"{times} veces"
            reason = f"así se archivó {how} lo de esta dependencia y este tipo"
            out[serie] = Guess(serie, row.nombre, kind or None, reason)
    asked = _words(" ".join((asunto, *KINDS.get(tipo or "", (tipo or "",)))))
    scored = [(_score(row, dependencia, asked), row) for row in table.series]
    for (score, shared), row in sorted(scored, key=lambda one: (-one[0][0], one[1].codigo)):
        if score > 0 and row.codigo not in out:
            reason = f"comparte «{', '.join(shared)}» con la serie"
            out[row.codigo] = Guess(row.codigo, row.nombre, kind_of(row, tipo), reason)
    return list(out.values())[:MOST]


def _words(text: str) -> set[str]:
    return {w.removesuffix("s") for w in plain(text).split() if len(w) > 2} - _SMALL


def _score(row: Row, dependencia: str | None, asked: set[str]) -> tuple[float, Sequence[str]]:
    """How near a row is: names count double, and a row of another dependencia not at all."""
    if row.dependencia and dependencia and row.dependencia != dependencia:
        return 0, ()
    named = asked & _words(f"{row.nombre_serie} {row.nombre_subserie}")
    typed = (asked & _words(" ".join(row.tipos))) - named
    own = 0.5 if row.dependencia and row.dependencia == dependencia else 0
    score = 2 * len(named) + len(typed)
    return (score + own if score else 0), sorted(named | typed)
